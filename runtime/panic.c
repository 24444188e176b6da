/* panic.c: panic, recover and deferred calls.
 *
 * Each activation with defer statements has an RtFrame, linked from the goroutine (abi.h). A panic runs the deferred
 * calls of the innermost frame, newest first, on top of the panicking stack, then those of the frame around it, and
 * so on; when none is left the program ends. A deferred call that recovered ends the panic: control goes back, through
 * the frame's setjmp buffer, to the function that deferred it, which runs the rest of its deferred calls and returns.
 *
 * recover works only in the function that the panic itself called. Deferred closures are called through an assembly
 * routine with a known return address; compiler-made wrappers between it and the function are looked through. Calls
 * that a function makes itself at its exit (rt_defer_return) do not pass there, so they recover nothing.
 *
 * Panics nest: a deferred call may panic while an older panic runs it. Once the newer one goes on to deferred calls of
 * the frame that the older was busy with, the older one can not be resumed: it is marked aborted, still shown when the
 * program dies, and dropped with the newer one when that is recovered. A Goexit that was aborted goes on then. */
#include "runtime/rt.h"

/* Goes back to the function of frame p was running, which continues as if it had just begun to return. */
static _Noreturn __attribute__((noinline)) void resume_recovered(RtPanic *p) {
    RtFrame *frame = p->frame;
    RtPanic *left = p->link;
    bool goexit = false;
    for (; left && left->aborted; left = left->link) goexit |= left->goexit;
    rt_g->panic = left;
    if (goexit) rt_goexit(); /* it takes more than a recovered panic to stop that */
    rt_stack_unwind(frame);
    __builtin_longjmp(frame->jb, 1);
}

/* p starts on frame: older panics that were running deferred calls of it never come back to them. */
static void enter_frame(RtPanic *p, RtFrame *frame) {
    p->frame = frame;
    for (RtPanic *q = p->link; q && (q->aborted || q->frame == frame); q = q->link) q->aborted = true;
}

/* Runs the deferred calls of all frames; returns unless one of them recovers. */
static void run_deferred(RtPanic *p) {
    RtG *g = rt_g;
    g->panic = p;
    for (RtFrame *frame; (frame = g->frame); g->frame = frame->prev) {
        enter_frame(p, frame);
        for (RtDefer *d; (d = frame->defers);) {
            frame->defers = d->link;
            if (RT_UNLIKELY(!d->fn)) rt_panic_nil();
            rt_defer_call(d->fn);
            if (p->recovered) resume_recovered(p);
        }
    }
}

_Noreturn void rt_panic_value(GoEface value, uintptr_t fault_pc) {
    RtPanic p = {.link = rt_g->panic, .value = value, .fault_pc = fault_pc, .raised = __builtin_frame_address(0)};
    run_deferred(&p);
    if (rt_goroutine()->printing_panics) rt_report_nested(value);
    rt_report_panics(&p);
}

/* Goexit unwinds like a panic that nobody can recover. */
_Noreturn void rt_goexit(void) {
    RtPanic p = {.link = rt_g->panic, .goexit = true};
    rt_goroutine()->goexit = true;
    run_deferred(&p);
    rt_goroutine_exit();
}

_Noreturn void rt_gopanic(GoEface value) { rt_panic_value(value.type ? value : rt_nil_panic_value(), 0); }

/* Whether the code that a return address belongs to is nothing but compiler-made wrappers, or what lies between a
 * function that grew the stack and its caller. */
static bool is_wrapper(uintptr_t return_pc) {
    if (return_pc == (uintptr_t)rt_morestack_return) return true;
    const RtFunc *f = rt_func_find(return_pc - 1);
    if (!f || !(f->flags & RF_WRAPPER)) return false;
    const RtCallSite *site = rt_func_site(f, return_pc);
    const RtInline *in = site ? (const RtInline *)(uintptr_t)site->inl : NULL;
    for (; in; in = (const RtInline *)(uintptr_t)in->outer)
        if (!(in->flags & RF_WRAPPER)) return false;
    return true;
}

/* Whether the function with frame fa and return address ra was called by a panic, wrappers apart. */
static bool called_by_panic(const void *ra, void *const *fa) {
    while (ra != rt_defer_call_return) {
        if (!is_wrapper((uintptr_t)ra)) return false;
        fa = *fa; /* the wrapper's frame */
        ra = fa[1];
    }
    return true;
}

RtPanic *rt_calling_panic(const void *ra, void *const *fa) {
    RtPanic *p = rt_g->panic;
    return p && !p->goexit && !p->recovered && called_by_panic(ra, fa) ? p : NULL;
}

GoEface rt_gorecover(void *ra, void *fa) {
    RtPanic *p = rt_calling_panic(ra, fa);
    if (!p) return (GoEface){0};
    p->recovered = true;
    return p->value;
}

void rt_defer_return(RtFrame *frame) {
    for (RtDefer *d; (d = frame->defers);) {
        frame->defers = d->link;
        if (RT_UNLIKELY(!d->fn)) rt_panic_nil();
        rt_exit_call(d->fn);
    }
    rt_g->frame = frame->prev;
}

/* The frame that tells where the function with frame fa returns to: its own, or the one on the segment before. */
static void *const *before_growth(void *const *fa) {
    while (fa[1] == rt_morestack_return) fa = *fa;
    return fa;
}

/* `defer recover()`: counts as a call by the function that deferred it when that function runs it at its exit, and
 * as nothing when a panic does. The caller is that function, or it called rt_defer_return which called rt_exit_call. */
static __attribute__((noinline)) void recover_deferred(GoClosure *env) {
    (void)env;
    void *const *self = before_growth(__builtin_frame_address(0)), *const *fa = *self;
    if (self[1] == rt_defer_call_return) return;
    if (self[1] == rt_exit_call_return) {
        fa = before_growth(*fa); /* rt_defer_return's frame */
        fa = *fa;
    }
    rt_gorecover(fa[1], (void *)fa);
}

const GoClosure rt_recover_deferred = {(void *)recover_deferred};

void rt_defer_heap(RtFrame *frame, GoClosure *fn) {
    RtDefer *d = rt_heap_alloc_words(sizeof *d);
    *d = (RtDefer){frame->defers, fn};
    frame->defers = d;
}
