/* sync.c: packages sync and time, where they wait; pinning to a processor. */
#include "runtime/hooks/hooks.h"
#include "runtime/sync/sync.h"

HOOK("sync.throw", _Noreturn void, sync_throw, (GoString text)) { rt_fatal(text); }
HOOK("sync.fatal", _Noreturn void, sync_fatal, (GoString text)) { rt_fatal(text); }

/* While pinned, a goroutine stays on its processor: what is indexed by the processor's number is its own. */
static int64_t pin(void) {
    rt_preempt_off();
    return rt_p()->id;
}
HOOK("sync.runtime_procPin", int64_t, sync_pin, (void)) { return pin(); }
HOOK("sync.runtime_procUnpin", void, sync_unpin, (void)) { rt_preempt_on(); }
HOOK("sync/atomic.runtime_procPin", int64_t, atomic_pin, (void)) { return pin(); }
HOOK("sync/atomic.runtime_procUnpin", void, atomic_unpin, (void)) { rt_preempt_on(); }

/* ---- semaphores, condition variables ---- */

HOOK("sync.runtime_Semacquire", void, sync_acquire, (uint32_t *addr)) { rt_sema_acquire(addr, false, RW_SEMACQUIRE); }
HOOK("internal/poll.runtime_Semacquire", void, poll_acquire, (uint32_t *addr)) { rt_sema_acquire(addr, false, RW_SEMACQUIRE); }
HOOK("sync.runtime_SemacquireMutex", void, sync_acquire_mutex, (uint32_t *addr, bool lifo, int64_t skip)) {
    (void)skip; /* frames to leave out of a profile */
    rt_sema_acquire(addr, lifo, RW_MUTEX);
}
HOOK("sync.runtime_SemacquireRWMutexR", void, sync_acquire_read, (uint32_t *addr, bool lifo, int64_t skip)) {
    (void)skip;
    rt_sema_acquire(addr, lifo, RW_RWMUTEX_R);
}
HOOK("sync.runtime_SemacquireRWMutex", void, sync_acquire_write, (uint32_t *addr, bool lifo, int64_t skip)) {
    (void)skip;
    rt_sema_acquire(addr, lifo, RW_RWMUTEX);
}
HOOK("sync.runtime_Semrelease", void, sync_release, (uint32_t *addr, bool handoff, int64_t skip)) {
    (void)skip;
    rt_sema_release(addr, handoff);
}
HOOK("internal/poll.runtime_Semrelease", void, poll_release, (uint32_t *addr)) { rt_sema_release(addr, false); }

HOOK("sync.runtime_notifyListAdd", uint32_t, sync_notify_add, (RtNotifyList *l)) { return rt_notify_add(l); }
HOOK("sync.runtime_notifyListWait", void, sync_notify_wait, (RtNotifyList *l, uint32_t ticket)) { rt_notify_wait(l, ticket); }
HOOK("sync.runtime_notifyListNotifyAll", void, sync_notify_all, (RtNotifyList *l)) { rt_notify_all(l); }
HOOK("sync.runtime_notifyListNotifyOne", void, sync_notify_one, (RtNotifyList *l)) { rt_notify_one(l); }
HOOK("sync.runtime_notifyListCheck", void, sync_notify_check, (uintptr_t size)) { rt_notify_check(size); }
HOOK("sync.runtime_canSpin", bool, sync_can_spin, (int64_t turn)) { return rt_sync_can_spin(turn); }
HOOK("sync.runtime_doSpin", void, sync_spin, (void)) { rt_sync_spin(); }

/* ---- time ---- */

HOOK("time.Sleep", void, time_sleep, (int64_t ns)) { rt_time_sleep(ns); }
HOOK("time.newTimer", void *, time_new_timer, (int64_t when, int64_t period, GoClosure *fn, GoEface arg, GoChan *c)) {
    return rt_time_new_timer(when, period, fn, arg, c);
}
HOOK("time.stopTimer", bool, time_stop_timer, (void *timer)) { return rt_time_stop_timer(timer); }
HOOK("time.resetTimer", bool, time_reset_timer, (void *timer, int64_t when, int64_t period)) {
    return rt_time_reset_timer(timer, when, period);
}
