/* try.c: panics as Goo's try statements and package goo/panics see them.
 *
 * A try statement is a recovery point whose deferred call, the matcher, is made by the compiler (ir/lower_try.c). It
 * runs on top of the panicking stack, so the stack can be taken from there: return addresses, which are looked up when
 * somebody asks. Of an error it goes to the goroutine's record of that error (errtrace.c), once a clause fits; of other
 * values to the Error that stands for them. */
#include "runtime/hooks/hooks.h"

int64_t rt_take_stack(void *frame_address, uintptr_t *pcs, int64_t max) {
    int64_t n = 0;
    RtWalk w = rt_walk_here(frame_address);
    do {
        pcs[n++] = w.pc;
    } while (n < max && rt_walk_on(&w));
    return n;
}

static GoSlice take_stack(void *frame_address) {
    uintptr_t pcs[RT_STACK_KEPT];
    int64_t n = rt_take_stack(frame_address, pcs, RT_STACK_KEPT);
    void *kept = rt_heap_alloc_raw((size_t)n * sizeof pcs[0]);
    memcpy(kept, pcs, (size_t)n * sizeof pcs[0]);
    return (GoSlice){kept, n, n};
}

static GoSlice stack_of(RtPanic *p) {
    if (!p->stack.ptr) p->stack = take_stack(p->raised);
    return p->stack;
}

HOOK("goo/panics.running", GoEface, panics_running, (void)) { return ((RtPanic *)rt_g->panic)->value; }

HOOK("goo/panics.runningStack", GoSlice, panics_running_stack, (void)) { return stack_of(rt_g->panic); }

void rt_try_recovered(GoIface err, int64_t point, int64_t clause) {
    RtPanic *p = rt_g->panic;
    RtFrame *frame = p->frame;
    p->recovered = true;
    frame->point = point;
    frame->clause = clause;
    frame->err = err;
    bool is_in_error = p->stack.ptr; /* what was panicked with is no error: an Error has the stack */
    if (!is_in_error) rt_error_recovered(err, p, p->frame_pointer);
}

HOOK("goo/panics.stackHere", GoSlice, panics_stack_here, (void)) {
    RtPanic *p = rt_g->panic;
    return p ? stack_of(p) : take_stack(__builtin_frame_address(0));
}

HOOK("goo/panics.expand", GoSlice, panics_expand, (const uintptr_t *pcs, int64_t n, int64_t cap)) {
    (void)cap;
    int64_t max = 4 * n; /* a few inlined calls in every frame */
    uintptr_t *out = rt_heap_alloc_raw((size_t)max * sizeof *out);
    return (GoSlice){out, rt_expand_callers(pcs, n, out, max), max};
}

/* ---- values ---- */

typedef struct Underlying { int64_t kind; const void *data; } Underlying;

HOOK("goo/panics.underlying", Underlying, panics_underlying, (GoEface v)) {
    return (Underlying){rt_type_kind(v.type), v.data};
}

HOOK("goo/panics.typeName", GoString, panics_type_name, (GoEface v)) { return rt_type_text(v.type); }
