/* sched.c: what packages runtime, syscall, iter and internal/poll want of the scheduler. */
#include "runtime/hooks/hooks.h"
#include "runtime/sync/sync.h"
#include <errno.h>

/* ---- runtime ---- */

HOOK("runtime.Gosched", void, runtime_gosched, (void)) { rt_yield(); }
HOOK("runtime.Goexit", void, runtime_goexit, (void)) { rt_goexit(); }
HOOK("runtime.GOMAXPROCS", int64_t, runtime_gomaxprocs, (int64_t n)) { return rt_gomaxprocs_set(n); }
HOOK("runtime.Stack", int64_t, runtime_stack, (uint8_t *buf, int64_t len, int64_t cap, bool all)) {
    return (void)cap, rt_trace_text(buf, len, all);
}
HOOK("runtime.NumCPU", int64_t, runtime_num_cpu, (void)) { return rt_cores(); }
HOOK("runtime.NumGoroutine", int64_t, runtime_num_goroutine, (void)) { return rt_goroutine_count(); }
HOOK("runtime.LockOSThread", void, runtime_lock_thread, (void)) { rt_lock_thread(); }
HOOK("runtime.UnlockOSThread", void, runtime_unlock_thread, (void)) { rt_unlock_thread(); }

/* ---- syscall, iter ---- */

/* runtime.entersyscall and exitsyscall: names.S */
HOOK("runtime.newcoro", RtCoro *, runtime_new_coro, (GoClosure *fn)) { return rt_coro_new(fn); }
HOOK("runtime.coroswitch", void, runtime_coro_switch, (RtCoro *c)) { rt_coro_switch(c); }

/* ---- internal/poll: a file that cannot be polled is read and written by system calls that block ---- */

HOOK("internal/poll.runtime_pollServerInit", void, poll_init, (void)) {}
HOOK("internal/poll.runtime_pollOpen", HookInts, poll_open, (uintptr_t fd)) { return (void)fd, (HookInts){0, EPERM}; }
HOOK("internal/poll.runtime_isPollServerDescriptor", bool, poll_is_server, (uintptr_t fd)) { return (void)fd, false; }
