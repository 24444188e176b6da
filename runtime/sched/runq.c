/* runq.c: the queue of ready goroutines that each processor has: a ring with one producer and many consumers, and in
 * front of it the slot `next`.
 *
 * The holder of the processor adds at tail without a read-modify-write; everybody takes at head by compare and swap
 * (after Arora, Blumofe and Plaxton's work-stealing deques, first in, first out here, for fairness). A slot is read
 * before head is moved past it: whoever moves head has the goroutines it read, since the producer does not reuse a
 * slot that head has not passed. Counters run modulo 2^32, so a slot's reuse can not be mistaken unless a thread
 * sleeps for exactly 2^32 operations.
 *
 * `next` holds the goroutine that was made ready last: it runs next, in the time slice of the goroutine that made it
 * ready, so that two goroutines that talk to each other need no queue, but cannot keep others out for longer than one
 * slice. It changes by atomic exchange only, since thieves take from it too.
 *
 * Memory order: storing tail and head releases, loading them acquires, which makes a goroutine's fields, written
 * before it was queued, visible to who takes it. The exchange on `next` is sequentially consistent: rt_wake_for
 * relies on its being ordered before the loads that follow it. */
#include "runtime/sched/proc.h"

static inline RtGoroutine **slot(RtP *p, uint32_t i) { return &p->queue[i % RT_QUEUE]; }

/* The ring is full: its older half and g go to the global queue. False: thieves made room meanwhile. */
static bool put_overflow(RtP *p, RtGoroutine *g, uint32_t head) {
    RtGoroutine *half[RT_QUEUE / 2];
    for (uint32_t i = 0; i < RT_QUEUE / 2; i++) half[i] = __atomic_load_n(slot(p, head + i), __ATOMIC_RELAXED);
    if (!__atomic_compare_exchange_n(&p->head, &head, head + RT_QUEUE / 2, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return false;
    rt_mutex_lock(&rt_sched.lock);
    for (uint32_t i = 0; i < RT_QUEUE / 2; i++) rt_queue_add(&rt_sched.global, half[i]);
    rt_queue_add(&rt_sched.global, g);
    rt_mutex_unlock(&rt_sched.lock);
    return true;
}

void rt_runq_put(RtP *p, RtGoroutine *g) {
    for (;;) {
        uint32_t head = __atomic_load_n(&p->head, __ATOMIC_ACQUIRE), tail = p->tail;
        if (tail - head < RT_QUEUE) {
            __atomic_store_n(slot(p, tail), g, __ATOMIC_RELAXED);
            __atomic_store_n(&p->tail, tail + 1, __ATOMIC_RELEASE);
            return;
        }
        if (put_overflow(p, g, head)) return;
    }
}

void rt_runq_put_next(RtP *p, RtGoroutine *g) {
    RtGoroutine *old = __atomic_exchange_n(&p->next, g, __ATOMIC_SEQ_CST);
    if (old) rt_runq_put(p, old);
}

static RtGoroutine *take_next(RtP *p) {
    if (!__atomic_load_n(&p->next, __ATOMIC_RELAXED)) return NULL;
    return __atomic_exchange_n(&p->next, NULL, __ATOMIC_ACQUIRE);
}

RtGoroutine *rt_runq_take(RtP *p, bool *same_slice) {
    RtGoroutine *g = take_next(p);
    *same_slice = g != NULL;
    if (g) return g;
    for (uint32_t head = __atomic_load_n(&p->head, __ATOMIC_ACQUIRE); head != p->tail;) {
        g = __atomic_load_n(slot(p, head), __ATOMIC_RELAXED);
        if (__atomic_compare_exchange_n(&p->head, &head, head + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return g;
    }
    return NULL;
}

bool rt_runq_empty(RtP *p) {
    /* Sequentially consistent: a thread that gives up spinning must see what was queued before its queuer saw it spin. */
    return !__atomic_load_n(&p->next, __ATOMIC_SEQ_CST) &&
           __atomic_load_n(&p->head, __ATOMIC_SEQ_CST) == __atomic_load_n(&p->tail, __ATOMIC_SEQ_CST);
}

/* The goroutine in victim's `next`, unless its holder is about to run it: that would take it away from a pair of
 * goroutines that talk to each other, again and again. It is when it has switched goroutines during the pause. */
static RtGoroutine *steal_next(RtP *victim) {
    enum { PAUSES = 250 }; /* some microseconds */
    RtGoroutine *g = __atomic_load_n(&victim->next, __ATOMIC_RELAXED);
    if (!g) return NULL;
    if (__atomic_load_n(&victim->status, __ATOMIC_RELAXED) == PS_RUNNING) {
        uint32_t switches = __atomic_load_n(&victim->switches, __ATOMIC_RELAXED);
        rt_pauses(PAUSES);
        if (__atomic_load_n(&victim->switches, __ATOMIC_RELAXED) != switches) return NULL;
    }
    return __atomic_compare_exchange_n(&victim->next, &g, NULL, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED) ? g : NULL;
}

RtGoroutine *rt_runq_steal(RtP *p, RtP *victim, bool with_next) {
    uint32_t end = p->tail; /* the thief's ring is empty: half of the victim's fits */
    for (;;) {
        uint32_t head = __atomic_load_n(&victim->head, __ATOMIC_ACQUIRE);
        uint32_t n = __atomic_load_n(&victim->tail, __ATOMIC_ACQUIRE) - head;
        n -= n / 2;
        if (n == 0) return with_next ? steal_next(victim) : NULL;
        if (n > RT_QUEUE / 2) continue; /* head and tail were not read at the same time */
        for (uint32_t i = 0; i < n; i++)
            __atomic_store_n(slot(p, end + i), __atomic_load_n(slot(victim, head + i), __ATOMIC_RELAXED), __ATOMIC_RELAXED);
        if (!__atomic_compare_exchange_n(&victim->head, &head, head + n, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
        RtGoroutine *g = __atomic_load_n(slot(p, end + n - 1), __ATOMIC_RELAXED);
        /* It is worth while to wake threads for this processor (rt_wake_for). */
        __atomic_store_n(&victim->wake_backoff, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&victim->wake_skip, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&p->tail, end + n - 1, __ATOMIC_RELEASE);
        return g;
    }
}

void rt_runq_flush(RtP *p) {
    bool same_slice;
    for (RtGoroutine *g; (g = rt_runq_take(p, &same_slice));) rt_queue_add(&rt_sched.global, g);
}
