/* budget.c: memory budgets.
 *
 * A budget counts what its goroutines take from the default heap, a run of slots or a large object at a time, and the
 * chunks of arenas that they make, which are credited when the arena is released. What the collector frees is not: nobody
 * knows whose it was. Goroutines inherit the budget of the one that starts them.
 *
 * When a budget is exceeded it has a reserve from then on, for the panic's own objects, deferred calls, and
 * whoever recovers it. */
#include "runtime/mem/budget.h"
#include "runtime/mem/arena.h"

enum { RESERVE = 256 << 10 };

static uint64_t limit_of(const RtBudget *b) {
    return b->limit + (__atomic_load_n(&b->exceeded, __ATOMIC_RELAXED) ? RESERVE : 0);
}

void rt_budget_credit(RtBudget *b, size_t size) {
    for (; b; b = b->outer) __atomic_fetch_sub(&b->used, size, __ATOMIC_RELAXED);
}

/* Takes back what was charged to the budgets up to last, which has no room. */
static void exceed(RtBudget *b, RtBudget *last, size_t size) {
    uint64_t used = __atomic_load_n(&last->used, __ATOMIC_RELAXED) - size;
    for (; b; b = b->outer) {
        __atomic_fetch_sub(&b->used, size, __ATOMIC_RELAXED);
        if (b == last) break;
    }
    __atomic_store_n(&last->exceeded, true, __ATOMIC_RELAXED);
    rt_panic_limit(last->limit, used, size);
}

void rt_budget_charge_slow(RtBudget *b, size_t size) {
    RtM *m = rt_m();
    if (m->on_system || m->locks > 0 || m->dying) return;
    for (RtBudget *at = b; at; at = at->outer)
        if (__atomic_add_fetch(&at->used, size, __ATOMIC_RELAXED) > limit_of(at)) exceed(b, at, size);
}

void rt_budget_enter(uint64_t limit) {
    RtBudget *b = rt_heap_alloc_words(sizeof *b);
    RtGoroutine *g = rt_goroutine();
    *b = (RtBudget){.outer = g->budget, .limit = limit};
    g->budget = b;
}
