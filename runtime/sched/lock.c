/* lock.c: the waiting side of lock.h. */
#include "runtime/sched/proc.h"
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SPINS = 40, PAUSES = 10 };

void rt_futex_wait(uint32_t *word, uint32_t value, int64_t ns) {
    struct timespec limit = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, ns < 0 ? NULL : &limit, NULL, 0);
}

void rt_futex_wake(uint32_t *word, int n) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0); }

/* State 2 is what a waiter leaves behind even when it gets the lock: it cannot know whether others still wait. */
void rt_mutex_lock_slow(RtMutex *l) {
    for (int i = 0; i < SPINS; i++) {
        if (__atomic_load_n(&l->state, __ATOMIC_RELAXED) == 0 && rt_mutex_try(l)) return;
        rt_pauses(PAUSES);
    }
    while (__atomic_exchange_n(&l->state, 2, __ATOMIC_ACQUIRE) != 0) rt_futex_wait(&l->state, 2, -1);
}

bool rt_note_wait(RtNote *n, int64_t ns) {
    int64_t end = ns < 0 ? 0 : rt_nanotime() + ns;
    uint32_t state = 0;
    if (!__atomic_compare_exchange_n(&n->state, &state, 2, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE) && state == 1) return true;
    while (__atomic_load_n(&n->state, __ATOMIC_ACQUIRE) != 1) {
        int64_t left = ns < 0 ? -1 : end - rt_nanotime();
        if (ns >= 0 && left <= 0) return false;
        rt_futex_wait(&n->state, 2, left);
    }
    return true;
}
