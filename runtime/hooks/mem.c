/* mem.c: what package goo/mem (std/goo/mem) wants of the runtime. */
#include "runtime/hooks/hooks.h"
#include "runtime/mem/budget.h"
#include "runtime/mem/pool.h"

/* ---- types ---- */

HOOK("goo/mem.typeSize", uintptr_t, mem_type_size, (const GoType *t)) { return t->size; }
HOOK("goo/mem.typeAlign", int64_t, mem_type_align, (const GoType *t)) { return t->align; }
HOOK("goo/mem.typePointers", bool, mem_type_pointers, (const GoType *t)) { return t->ptr_bytes != 0; }
HOOK("goo/mem.typeString", GoString, mem_type_string, (const GoType *t)) { return t->str ? rt_type_text(t) : (GoString){0}; }
HOOK("goo/mem.heapAlloc", void *, mem_heap_alloc, (uintptr_t size, const GoType *t)) { return rt_heap_alloc(size, t); }

/* ---- arenas ---- */

HOOK("goo/mem.newRecord", RtArena *, mem_new_record, (int64_t first, int64_t limit, int64_t flags)) {
    return rt_arena_make(first, limit > 0 ? (uint64_t)limit : 0, (uint8_t)flags);
}

HOOK("goo/mem.arenaAlloc", void *, mem_arena_alloc, (RtArena *a, uintptr_t size, const GoType *t)) {
    return rt_arena_alloc(a, size, t->ptr_bytes != 0);
}

HOOK("goo/mem.arenaRelease", void, mem_arena_release, (RtArena *a, bool for_ever, bool proven)) {
    rt_arena_release(a, proven ? RR_PROVEN : RR_GUARDED, rt_mem_caller(), for_ever);
}

HOOK("goo/mem.arenaMark", RtMark *, mem_arena_mark, (RtArena *a)) { return rt_arena_mark(a); }
HOOK("goo/mem.arenaRewind", bool, mem_arena_rewind, (RtArena *a, RtMark *m)) {
    return rt_arena_rewind(a, m, RR_GUARDED, rt_mem_caller());
}

typedef struct Stats { int64_t allocated, held, chunks; } Stats;

HOOK("goo/mem.arenaStats", Stats, mem_arena_stats, (RtArena *a)) {
    RtArenaStats s = rt_arena_stats(a);
    return (Stats){(int64_t)s.allocated, (int64_t)s.held, (int64_t)s.chunks};
}

HOOK("goo/mem.expand", GoSlice, mem_expand, (const uintptr_t *pcs, int64_t n, int64_t cap)) {
    (void)cap;
    int64_t max = RT_MOST_INLINED * n;
    uintptr_t *out = rt_heap_alloc_raw((size_t)max * sizeof *out);
    return (GoSlice){out, rt_expand_callers(pcs, n, out, max), max};
}

/* ---- pools (poolGet, poolFree: mem/pool.c) ---- */

/* pointer: a nil *T in an interface. */
HOOK("goo/mem.newPool", RtPool *, mem_new_pool, (GoEface pointer, int64_t initial, bool debug)) {
    return rt_pool_make(((const GoPtrType *)pointer.type)->elem, initial, debug);
}

HOOK("goo/mem.poolHas", bool, mem_pool_has, (const RtPool *p, const GoType *t)) { return rt_pool_type(p) == t; }

HOOK("goo/mem.allocationSite", uintptr_t, mem_allocation_site, (void)) { return rt_mem_caller(); }

/* ---- goroutines ---- */

HOOK("goo/mem.local", GoArena *, mem_local, (void)) { return rt_goroutine()->local; }

HOOK("goo/mem.enterBudget", RtBudget *, mem_enter_budget, (int64_t limit)) {
    RtBudget *old = rt_goroutine()->budget;
    rt_budget_enter(limit > 0 ? (uint64_t)limit : 0);
    return old;
}

HOOK("goo/mem.leaveBudget", void, mem_leave_budget, (RtBudget *old)) { rt_goroutine()->budget = old; }

HOOK("goo/mem.budgetLeft", int64_t, mem_budget_left, (void)) {
    int64_t least = INT64_MAX;
    for (const RtBudget *b = rt_goroutine()->budget; b; b = b->outer) {
        int64_t left = (int64_t)(b->limit - __atomic_load_n(&b->used, __ATOMIC_RELAXED));
        if (left < least) least = left;
    }
    return least < 0 ? 0 : least;
}

/* ---- panics ---- */

extern void used_after_free(uintptr_t at, uintptr_t released, uintptr_t accessed) __asm__("\"goo/mem.usedAfterFree\"")
    __attribute__((weak));
extern void limit_exceeded(int64_t limit, int64_t used, int64_t wanted) __asm__("\"goo/mem.limitExceeded\"")
    __attribute__((weak));

bool rt_mem_in_use(void) { return used_after_free != NULL; }

_Noreturn void rt_panic_used_after_free(uintptr_t at, uintptr_t released, uintptr_t accessed) {
    if (used_after_free) used_after_free(at, released, accessed);
    rt_fatal(RT_STR("use of arena memory after its release"));
}

_Noreturn void rt_panic_limit(uint64_t limit, uint64_t used, uint64_t wanted) {
    if (limit_exceeded) limit_exceeded((int64_t)limit, (int64_t)used, (int64_t)wanted);
    rt_fatal(RT_STR("memory limit exceeded"));
}
