/* sched.c: what packages runtime, syscall and internal/poll want of the scheduler. There is one thread and one
 * goroutine so far, so that nobody can take a processor over during a system call, and files are not polled. */
#include "runtime/hooks/hooks.h"
#include <errno.h>
#include <time.h>
#include <unistd.h>

HOOK("runtime.entersyscall", void, runtime_enter_syscall, (void)) {}
HOOK("runtime.exitsyscall", void, runtime_exit_syscall, (void)) {}

/* A file that cannot be polled is read and written by system calls that block. */
HOOK("internal/poll.runtime_pollServerInit", void, poll_init, (void)) {}
HOOK("internal/poll.runtime_pollOpen", HookInts, poll_open, (uintptr_t fd)) { return (void)fd, (HookInts){0, EPERM}; }
HOOK("internal/poll.runtime_isPollServerDescriptor", bool, poll_is_server, (uintptr_t fd)) { return (void)fd, false; }

/* ---- runtime ---- */

HOOK("runtime.GOMAXPROCS", int64_t, runtime_gomaxprocs, (int64_t n)) { return (void)n, 1; }
HOOK("runtime.NumGoroutine", int64_t, runtime_num_goroutine, (void)) { return 1; }
HOOK("runtime.NumCPU", int64_t, runtime_num_cpu, (void)) { return sysconf(_SC_NPROCESSORS_ONLN); }
HOOK("runtime.Gosched", void, runtime_gosched, (void)) {}
/* The one goroutine is bound to the one thread. */
HOOK("runtime.LockOSThread", void, runtime_lock_thread, (void)) {}
HOOK("runtime.UnlockOSThread", void, runtime_unlock_thread, (void)) {}

/* Weak: what the scheduler defines once it is there. With one goroutine nobody can wake one that waits. */
__attribute__((weak)) void rt_park(RtParkCommit *commit, void *arg, RtWait why) {
    (void)commit, (void)arg, (void)why;
    rt_fatal(RT_STR("all goroutines are asleep - deadlock!"));
}
__attribute__((weak)) void rt_ready(RtGoroutine *g) { rt_check(!g); }
__attribute__((weak)) void rt_yield(void) {}
__attribute__((weak)) void rt_timer_added(int64_t when) { (void)when; }
__attribute__((weak)) int rt_gomaxprocs(void) { return 1; }
__attribute__((weak)) int64_t rt_nanotime(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000 + t.tv_nsec;
}
__attribute__((weak)) void rt_go(GoClosure *fn) { rt_missing_function(fn ? "go" : ""); }
