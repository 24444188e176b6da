/* trace.c: stack traces, by frame pointers and the function table.
 *
 * Runtime and compiler-made functions are left out, like code without a record (C libraries); calls that were
 * inlined are shown. A trace of more than 100 frames loses its middle. */
#include "runtime/rt.h"

enum { INNER_FRAMES = 50, OUTER_FRAMES = 50 };

/* ---- walking ---- */

/* A frame starts with the caller's frame pointer and the return address, on both architectures. */
typedef struct MachineFrame { uintptr_t fp, return_pc; } MachineFrame;

/* Whether fp is the address of a frame that can follow. Bounds move outwards only and frames get older, so that a
 * damaged chain ends. */
static bool is_frame(RtWalk *w, uintptr_t fp) {
    if (fp % sizeof(void *) != 0 || fp == 0) return false;
    for (;;) {
        if (fp >= w->lo && fp <= w->hi - sizeof(MachineFrame)) return true;
        if (!w->outer) return false;
        w->lo = (uintptr_t)w->outer->lo;
        w->hi = (uintptr_t)w->outer->hi;
        w->outer = w->outer->outer;
    }
}

RtWalk rt_walk_of(const RtGoroutine *g, uintptr_t pc, uintptr_t fp) {
    RtSegment *s = g ? rt_stack_find(g, (void *)fp) : NULL;
    if (s) return (RtWalk){.pc = pc, .fp = fp, .lo = (uintptr_t)s->lo, .hi = (uintptr_t)s->hi, .outer = s->outer};
    return (RtWalk){.pc = pc, .fp = fp, .hi = UINTPTR_MAX, .outer = g ? g->segment : NULL}; /* a system stack */
}

RtWalk rt_walk_at(uintptr_t pc, uintptr_t fp, bool exact) {
    RtWalk w = rt_walk_of(rt_goroutine(), pc, fp);
    w.exact = exact;
    return w;
}

RtWalk rt_walk_here(void *frame_address) {
    RtWalk w = rt_walk_at(0, (uintptr_t)frame_address, false);
    rt_walk_up(&w);
    return w;
}

bool rt_walk_up(RtWalk *w) {
    w->exact = w->pc == (uintptr_t)rt_preempt_return;
    do {
        if (!is_frame(w, w->fp)) return false;
        const MachineFrame *f = (const MachineFrame *)w->fp;
        w->lo = (uintptr_t)(f + 1);
        w->pc = f->return_pc;
        w->fp = f->fp;
    } while (w->pc == (uintptr_t)rt_morestack_return); /* what it was called by comes next */
    return w->pc != 0;
}

/* ---- printing ---- */

/* What is printed of a trace's frames: all before `inner`, none until `outer`, all after. */
typedef struct Lines { int64_t seen, inner, outer; bool silent; } Lines;

static void print_frame(Lines *l, const RtActivation *a, uint64_t off) {
    int64_t i = l->seen++;
    if (l->silent || (i >= l->inner && i < l->outer)) {
        if (!l->silent && i == l->inner) {
            rt_print_cstr("...");
            rt_print_int(l->outer - l->inner);
            rt_print_cstr(" frames elided...\n");
        }
        return;
    }
    rt_print_cstr(a->name);
    rt_print_cstr("(...)\n\t");
    rt_print_cstr(a->file);
    rt_print_cstr(":");
    rt_print_uint(a->line);
    rt_print_cstr(" +");
    rt_print_hex(off);
    rt_print_nl();
}

/* The activations that one machine frame stands for: inlined ones, innermost first, then the function itself. */
static void print_activations(Lines *l, const RtWalk *w, const RtFunc *f) {
    RtActivation a = rt_activation(f, w->pc);
    do {
        if (!(a.flags & (RF_WRAPPER | RF_RUNTIME))) print_frame(l, &a, w->pc - f->entry);
    } while (rt_activation_up(&a));
}

/* Whether the next n frames print nothing at all. */
static bool are_hidden(const Lines *l, int64_t n) {
    return l->silent || (l->seen > l->inner && l->seen + n <= l->outer);
}

/* A stack that overflowed has millions of frames, most from one call: those are looked up once. */
static void print_frames(Lines *l, RtWalk w) {
    uintptr_t last_pc = 0;
    int64_t last_count = 0;
    do {
        if (w.pc == last_pc && are_hidden(l, last_count)) {
            l->seen += last_count;
            continue;
        }
        int64_t before = l->seen;
        const RtFunc *f = rt_func_find(w.exact ? w.pc : w.pc - 1);
        if (f) print_activations(l, &w, f);
        last_pc = w.exact ? 0 : w.pc;
        last_count = l->seen - before;
    } while (rt_walk_up(&w));
}

void rt_trace_frames(RtWalk w) {
    Lines count = {.silent = true};
    print_frames(&count, w);
    Lines l = {.inner = count.seen, .outer = count.seen};
    if (count.seen > INNER_FRAMES + OUTER_FRAMES) {
        l.inner = INNER_FRAMES;
        l.outer = count.seen - OUTER_FRAMES;
    }
    print_frames(&l, w);
}
