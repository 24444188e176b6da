/* handles.c: descriptors that belong to the runtime: the audit's file, and the handles that a check has opened for one
 * system call.
 *
 * A descriptor is a number, which any goroutine may close and have given to another file. If it did so with a handle
 * between check and call, the call would go to what nobody has checked; with the audit's file, the audit would end. So
 * goroutines with limited rights get EBADF for numbers that are kept. Those that end a descriptor say so before they
 * look whether it is kept, and whoever keeps one looks afterwards whether somebody is about to end it (as in Dekker's
 * algorithm): one of the two sees the other. */
#include "runtime/caps/calls.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 1 << 20, TRIES = 8 };
/* By number, atomic. Owner: the process. Pages that are never touched cost nothing. */
static uint8_t kept[MOST];
static uint16_t ending[MOST]; /* how many calls are about to end it */

bool rt_handle_keep(int fd) {
    if (fd >= MOST) return false;
    __atomic_store_n(&kept[fd], 1, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&ending[fd], __ATOMIC_SEQ_CST)) return true;
    __atomic_store_n(&kept[fd], 0, __ATOMIC_SEQ_CST);
    return false;
}

bool rt_handle_is_kept(int fd) { return fd >= 0 && fd < MOST && !rt_forked && __atomic_load_n(&kept[fd], __ATOMIC_SEQ_CST); }

bool rt_handle_ends(int fd) {
    if (fd < 0 || fd >= MOST) return true;
    __atomic_fetch_add(&ending[fd], 1, __ATOMIC_SEQ_CST);
    if (!rt_handle_is_kept(fd)) return true;
    rt_handle_ended(fd);
    return false;
}

void rt_handle_ended(int fd) {
    if (fd >= 0 && fd < MOST) __atomic_fetch_sub(&ending[fd], 1, __ATOMIC_SEQ_CST);
}

int rt_handle_open(int dir, const char *path, uint64_t flags, uint64_t resolve) {
    int others[TRIES], n = 0, fd;
    for (;;) { /* a number that somebody is about to close is not used, and stays taken meanwhile */
        fd = rt_path_openat2(dir, path, flags, resolve);
        if (fd < 0 || rt_handle_keep(fd)) break;
        others[n++] = fd;
        if (n < TRIES) continue;
        fd = -EMFILE;
        break;
    }
    while (n > 0) syscall(SYS_close, others[--n]);
    return fd;
}

void rt_handle_close(int fd) {
    if (fd < 0) return;
    if (fd < MOST) __atomic_store_n(&kept[fd], 0, __ATOMIC_SEQ_CST);
    syscall(SYS_close, fd);
}
