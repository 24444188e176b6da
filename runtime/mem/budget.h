/* budget.h: how much a goroutine, and what it starts, may allocate (budget.c). */
#ifndef GOO_BUDGET_H
#define GOO_BUDGET_H

#include "runtime/rt.h"

/* In the heap; referred to by goroutines and arenas. */
typedef struct RtBudget {
    struct RtBudget *outer; /* the one around it, which pays as well */
    uint64_t limit, used;   /* bytes; used is atomic */
    bool exceeded;          /* atomic: it was; there is a reserve for what deals with that */
} RtBudget;

void rt_budget_charge_slow(RtBudget *b, size_t size);
/* The running goroutine takes size bytes: panics with *mem.LimitError if its budget does not allow that. Where a panic is
 * possible. */
static inline void rt_budget_charge(size_t size) {
    RtGoroutine *g = rt_goroutine();
    if (RT_UNLIKELY(g && g->budget)) rt_budget_charge_slow(g->budget, size);
}
void rt_budget_credit(RtBudget *b, size_t size);
/* From now on the running goroutine may allocate limit bytes more, and no more than its budget so far allows. */
void rt_budget_enter(uint64_t limit);

#endif
