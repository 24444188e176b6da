/* spin.c: waiting for a spin lock.
 *
 * Its holder needs a few instructions more, unless the system took its thread off the processor: then spinning only
 * keeps it waiting. So after some turns the thread lets others run first. */
#include "runtime/rt.h"
#include <sched.h>

enum { TURNS = 50 };

RT_COLD void rt_spin_wait(RtSpin *l) {
    for (int turn = 0;; turn++) {
        if (!__atomic_load_n(&l->held, __ATOMIC_RELAXED) && !__atomic_test_and_set(&l->held, __ATOMIC_ACQUIRE)) return;
        if (turn < TURNS) rt_pause();
        else sched_yield();
    }
}
