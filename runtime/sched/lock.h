/* lock.h: sleeping locks of the runtime, on the kernel's futex.
 *
 * RtMutex is for critical sections of up to some microseconds and never for waiting on a goroutine: whoever waits for
 * it blocks a thread with its processor. Algorithm: Drepper, "Futexes Are Tricky", mutex with three states, after a
 * short spin. A zeroed lock is free. No holder may be preempted: runtime code is not. */
#ifndef GOO_LOCK_H
#define GOO_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Sleeps while *word == value, at most ns nanoseconds (< 0: for ever). May return early without cause. */
void rt_futex_wait(uint32_t *word, uint32_t value, int64_t ns);
/* Wakes up to n threads that sleep on word. */
void rt_futex_wake(uint32_t *word, int n);

typedef struct RtMutex { uint32_t state; } RtMutex; /* 0: free, 1: held, 2: held and perhaps waited for */

void rt_mutex_lock_slow(RtMutex *l);

static inline bool rt_mutex_try(RtMutex *l) {
    uint32_t state = 0;
    return __atomic_compare_exchange_n(&l->state, &state, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
static inline void rt_mutex_lock(RtMutex *l) {
    if (!rt_mutex_try(l)) rt_mutex_lock_slow(l);
}
static inline void rt_mutex_unlock(RtMutex *l) {
    if (__atomic_exchange_n(&l->state, 0, __ATOMIC_RELEASE) == 2) rt_futex_wake(&l->state, 1);
}

/* An event between threads: one sleeps until another sets it. Zeroed: not set. One waiter at most. */
typedef struct RtNote { uint32_t state; } RtNote; /* 0: not set, 1: set, 2: not set, and its waiter sleeps */
/* Everything before the call is seen by the thread that wakes. */
static inline void rt_note_set(RtNote *n) {
    if (__atomic_exchange_n(&n->state, 1, __ATOMIC_RELEASE) == 2) rt_futex_wake(&n->state, 1);
}
/* Sleeps until set, at most ns nanoseconds (< 0: for ever); returns whether it is set. */
bool rt_note_wait(RtNote *n, int64_t ns);
/* By the waiter, before anybody may set it again. */
static inline void rt_note_clear(RtNote *n) { __atomic_store_n(&n->state, 0, __ATOMIC_RELAXED); }

#endif
