/* sync.c: package sync, apart from its semaphores: errors, pinning to a processor, clean-up at collections. */
#include "runtime/hooks/hooks.h"

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

/* Whether spinning for a lock makes sense: the semaphore's queue is fast enough. */
HOOK("sync.runtime_canSpin", bool, sync_can_spin, (int64_t i)) { return (void)i, false; }
HOOK("sync.runtime_doSpin", void, sync_spin, (void)) {}

HOOK("sync.runtime_notifyListCheck", void, sync_check_list, (uintptr_t size)) { rt_check(size == 32); }

/* ---- clean-up ---- */

/* What packages sync and unique want called at the start of each collection: declared functions, whose closure
 * objects are static data. */
static GoClosure *pool_cleanup, *unique_cleanup;

HOOK("sync.runtime_registerPoolCleanup", void, sync_pool_cleanup, (GoClosure *f)) { pool_cleanup = f; }
HOOK("unique.runtime_registerUniqueMapCleanup", void, unique_map_cleanup, (GoClosure *f)) { unique_cleanup = f; }

void rt_run_cleanups(void) {
    GoClosure *const list[] = {pool_cleanup, unique_cleanup};
    for (int i = 0; i < RT_COUNT(list); i++)
        if (list[i]) ((void (*)(GoClosure *))list[i]->code)(list[i]);
}
