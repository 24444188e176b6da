/* pace.c: when the next collection starts, and how much free memory is kept.
 *
 * GOGC: the heap may grow by that percentage of what a collection found alive, stacks and variables counted as well;
 * never to less than 4 MB for GOGC=100. GOMEMLIMIT lowers the goal so that everything the runtime holds stays below
 * it, but leaves a sixteenth of the live heap to allocate, so that a limit too low slows a program down by a factor
 * and does not stop it.
 *
 * Memory goes back to the system when no cycle of a whole period wanted it: the goals of a program whose live heap
 * goes up and down would otherwise have it return, and fault in again, the same pages with each collection. What is
 * above the limit goes back at once. */
#include "runtime/heap/gc.h"

#define LEAST_GOAL ((uint64_t)4 << 20)
enum {
    LEAST_STEP = 256 << 10,  /* bytes between collections that only the limit asks for */
    LIVE_SHARE = 16,
    KEPT_SHARE = 10,         /* free memory kept: a tenth more than the goal needs */
};

/* What the runtime holds besides live objects, as far as it cannot be collected away. */
static uint64_t overhead(void) {
    uint64_t held = rt_pages_held(), needed = rt_gc.live + rt_pages_idle();
    return (held > needed ? held - needed : 0) + rt_persistent_mapped();
}

static uint64_t limited(uint64_t goal) {
    uint64_t limit = (uint64_t)rt_gc_settings.limit, other = overhead();
    uint64_t most = limit > other ? limit - other : 0;
    uint64_t least = rt_gc.live + rt_gc.live / LIVE_SHARE + LEAST_STEP;
    if (goal <= most) return goal;
    return most > least ? most : least;
}

void rt_gc_pace(void) {
    uint64_t goal = UINT64_MAX;
    if (rt_gc_settings.percent >= 0) {
        uint64_t percent = (uint64_t)rt_gc_settings.percent, base = rt_gc.live + rt_gc.roots;
        uint64_t least = LEAST_GOAL * percent / 100;
        goal = rt_gc.live + (uint64_t)((double)base * (double)percent / 100);
        if (goal < least) goal = least;
    }
    if (rt_gc_settings.limit != INT64_MAX) goal = limited(goal);
    __atomic_store_n(&rt_gc.goal, goal, __ATOMIC_RELAXED);
    __atomic_store_n(&rt_gc.trigger, goal > rt_gc.live ? goal - rt_gc.live : 0, __ATOMIC_RELAXED);
}

/* Bytes to hold at now, for that goal. *excess: that is more than it asks for. */
static uint64_t to_hold(uint64_t goal, int64_t now, bool *excess) {
    static RtSpin lock;
    static uint64_t most; /* that a cycle of this period wanted */
    static int64_t began;
    uint64_t want = goal + goal / KEPT_SHARE, hold = UINT64_MAX;
    rt_spin_lock(&lock);
    if (most < want) most = want;
    if (now - began >= RT_GIVE_BACK_NS) {
        hold = most;
        most = want;
        began = now;
    }
    *excess = hold > want || most > want;
    rt_spin_unlock(&lock);
    uint64_t limit = (uint64_t)__atomic_load_n(&rt_gc_settings.limit, __ATOMIC_RELAXED);
    return hold < limit || limit == INT64_MAX ? hold : limit;
}

bool rt_gc_give_back(int64_t now) {
    bool excess;
    uint64_t goal = __atomic_load_n(&rt_gc.goal, __ATOMIC_RELAXED);
    if (goal == UINT64_MAX || __atomic_load_n(&rt_gc.cycles, __ATOMIC_RELAXED) == 0) return false;
    uint64_t idle = rt_pages_idle(), used = rt_pages_held() - idle, hold = to_hold(goal, now, &excess);
    uint64_t keep = hold > used ? hold - used : 0;
    if (idle > keep && idle - keep > LEAST_GOAL / 4) rt_pages_release(keep);
    return excess;
}
