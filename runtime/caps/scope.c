/* scope.c: whose rights are in force: blocks, and what a goroutine hands on.
 *
 * A block's set stands in its function's frame, as does what is to be restored; so entering one allocates nothing.
 * What outlives the frame (a goroutine started inside, caps.Current) takes a copy (rt_caps_keep).
 *
 * A panic leaves the blocks of a function before it asks the try statement around them, or runs the function's deferred
 * calls (panic.c), by the frame pointer and the try statement that are noted here. */
#include "runtime/caps/caps.h"
#include "runtime/mem/budget.h"

const RtCaps *rt_caps_root;

static inline void put_in_force(RtG *g, const RtCaps *set) {
    g->caps = set;
    g->lacks = RT_UNLIKELY(rt_caps_watch) ? RT_CAPS_ALL : set ? RT_CAPS_ALL & ~set->whole : 0;
}

void rt_caps_begin(RtGoroutine *g, const RtCaps *set) { put_in_force(&g->g, set); }

static void watch(RtGoroutine *g, void *unused) {
    (void)unused;
    __atomic_store_n(&g->g.lacks, RT_CAPS_ALL, __ATOMIC_RELAXED);
}

void rt_caps_watch_all(void) {
    rt_caps_watch = true;
    rt_each_goroutine(watch, NULL);
}

void rt_caps_set(const RtCaps *set) { put_in_force(rt_g, set == &rt_caps_all ? NULL : set); }

void rt_caps_limit_memory(const RtCaps *set) {
    uint64_t bytes = rt_caps_budget(set);
    if (bytes) rt_budget_enter(bytes);
}

/* fp is the frame pointer of the caller's caller, found without a walk since these functions never grow the stack. */
static inline __attribute__((always_inline)) RtG *enter(RtCapsScope *s, const RtTry *inside, uintptr_t fp) {
    RtG *g = rt_g;
    s->prev = g->scope;
    s->saved = g->caps;
    s->budget = ((RtGoroutine *)g)->budget;
    s->inside = inside;
    s->fp = fp;
    g->scope = s;
    return g;
}

#define CALLERS_FRAME (*(uintptr_t *)__builtin_frame_address(0))

RT_NO_SPLIT void rt_caps_restrict(RtCapsScope *s, RtCapMask mask, const RtTry *inside) {
    RtG *g = enter(s, inside, CALLERS_FRAME);
    const RtCaps *a = g->caps ? g->caps : &rt_caps_all;
    s->node = (RtCaps){.kind = CK_NARROW, .on_frame = true, .may = a->may & mask, .whole = a->whole & mask, .a = a};
    put_in_force(g, &s->node);
}

static void combine(RtG *g, RtCapsScope *s, RtCapsKind kind, const RtCaps *set) {
    rt_caps_init(&s->node, kind, g->caps, set ? set : &rt_caps_none);
    s->node.on_frame = true;
    put_in_force(g, &s->node);
}

RT_NO_SPLIT void rt_caps_restrict_to(RtCapsScope *s, const RtCaps *set, const RtTry *inside) {
    combine(enter(s, inside, CALLERS_FRAME), s, CK_AND, set);
    rt_caps_limit_memory(set);
}

RT_NO_SPLIT void rt_caps_with(RtCapsScope *s, const RtCaps *set, const RtTry *inside) {
    combine(enter(s, inside, CALLERS_FRAME), s, CK_OR, set);
}

void rt_caps_limit(RtCapsScope *s, const RtCaps *set, uintptr_t fp) {
    RtG *g = enter(s, NULL, fp);
    if (set) combine(g, s, CK_AND, set);
}

void rt_caps_leave(RtCapsScope *s) {
    RtG *g = rt_g;
    g->scope = s->prev;
    ((RtGoroutine *)g)->budget = s->budget;
    put_in_force(g, s->saved);
}

/* Also of the sets that blocks will restore, so that it holds behind them. */
void rt_caps_drop(const RtCaps *set) {
    RtG *g = rt_g;
    rt_caps_set(rt_caps_node(CK_EXCEPT, g->caps, set));
    for (RtCapsScope *s = g->scope; s; s = s->prev) s->saved = rt_caps_node(CK_EXCEPT, s->saved, set);
}
