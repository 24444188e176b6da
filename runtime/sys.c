/* sys.c: the system calls of the runtime, apart from those for stacks (goroutine.c) and signals. */
#include "runtime/rt.h"
#include <errno.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

void rt_sys_write(int fd, const void *p, size_t n) {
    const uint8_t *at = p;
    while (n > 0) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return;
        at += done;
        n -= (size_t)done;
    }
}

_Noreturn void rt_sys_exit(int status) { _exit(status); }

_Noreturn void rt_sys_abort(void) {
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _exit(RT_EXIT_PANIC);
}

bool rt_sys_runnable(const char *path) { return access(path, X_OK) == 0; }

void *rt_sys_map(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
void rt_sys_populate(void *p, size_t size) {
    int saved = errno; /* kernels before 5.14 know no such advice */
    madvise(p, size, MADV_POPULATE_WRITE);
    errno = saved;
}

void rt_sys_unmap(void *p, size_t size) { munmap(p, size); }

int64_t rt_nanotime(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

const void *rt_sys_random(void) { return (const void *)getauxval(AT_RANDOM); }
