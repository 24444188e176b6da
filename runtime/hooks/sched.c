/* sched.c: what packages runtime, syscall, iter, internal/poll and os/signal want of the scheduler. */
#include "runtime/hooks/hooks.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/sigqueue.h"
#include "runtime/sync/sync.h"

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

HOOK("runtime/debug.setMaxThreads", int64_t, debug_set_max_threads, (int64_t n)) { return rt_thread_limit_set(n); }

/* ---- syscall, iter ---- */

/* runtime.entersyscall and exitsyscall: names.S */
HOOK("runtime.newcoro", RtCoro *, runtime_new_coro, (GoClosure *fn)) { return rt_coro_new(fn); }
HOOK("runtime.coroswitch", void, runtime_coro_switch, (RtCoro *c)) { rt_coro_switch(c); }

/* ---- internal/poll ---- */

HOOK("internal/poll.runtime_pollServerInit", void, poll_init, (void)) { rt_poll_start(); }
HOOK("internal/poll.runtime_pollOpen", HookInts, poll_open, (uintptr_t fd)) {
    RtPoll *p;
    int error = rt_poll_open((int)fd, &p);
    return (HookInts){error ? 0 : (int64_t)(uintptr_t)p, error};
}
HOOK("internal/poll.runtime_pollClose", void, poll_close, (RtPoll *p)) { rt_poll_close(p); }
HOOK("internal/poll.runtime_pollReset", int64_t, poll_reset, (RtPoll *p, int64_t mode)) { return rt_poll_reset(p, mode); }
HOOK("internal/poll.runtime_pollWait", int64_t, poll_wait, (RtPoll *p, int64_t mode)) { return rt_poll_wait(p, mode); }
HOOK("internal/poll.runtime_pollSetDeadline", void, poll_set_deadline, (RtPoll *p, int64_t ns, int64_t mode)) {
    rt_poll_set_deadline(p, ns, mode);
}
HOOK("internal/poll.runtime_pollUnblock", void, poll_unblock, (RtPoll *p)) { rt_poll_unblock(p); }
HOOK("internal/poll.runtime_isPollServerDescriptor", bool, poll_is_server, (uintptr_t fd)) { return rt_poll_is_own((int)fd); }

/* ---- os/signal ---- */

HOOK("os/signal.signal_recv", uint32_t, signal_recv, (void)) { return rt_signal_receive(); }
HOOK("os/signal.signal_enable", void, signal_enable, (uint32_t sig)) { rt_signal_enable(sig); }
HOOK("os/signal.signal_disable", void, signal_disable, (uint32_t sig)) { rt_signal_disable(sig); }
HOOK("os/signal.signal_ignore", void, signal_ignore, (uint32_t sig)) { rt_signal_ignore(sig); }
HOOK("os/signal.signal_ignored", bool, signal_ignored, (uint32_t sig)) { return rt_signal_ignored(sig); }
HOOK("os/signal.signalWaitUntilIdle", void, signal_wait_idle, (void)) { rt_signal_wait_idle(); }
