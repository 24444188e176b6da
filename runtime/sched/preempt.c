/* preempt.c: making goroutines give up their processors. */
#include "runtime/sched/proc.h"

void rt_preempt_processor(RtP *p) {
    RtM *m = __atomic_load_n(&p->m, __ATOMIC_RELAXED);
    if (!m || __atomic_load_n(&p->status, __ATOMIC_ACQUIRE) != PS_RUNNING) return;
    __atomic_store_n(&p->preempt, true, __ATOMIC_RELAXED);
}

void rt_preempt_park(void) {
    if (rt_m()->locks == 0) rt_yield();
}
