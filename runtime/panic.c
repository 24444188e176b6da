/* panic.c: panic, recover and deferred calls.
 *
 * An activation with try or defer statements has an RtFrame (abi.h), which is found by walking up the stack: the
 * function table tells which functions have one and where. A panic asks the try statements of the innermost frame and
 * runs its deferred calls, newest first, on top of the panicking stack, then those of the frame around it, and so on;
 * when none is left the program ends. A deferred call that recovered, or a try statement one of whose clauses fits,
 * ends the panic: control goes back to the function with the frame (RtRecovery).
 *
 * recover works only in the function that the panic itself called. Deferred closures are called through an assembly
 * routine with a known return address; compiler-made wrappers between it and the function are looked through. Calls
 * that a function makes itself at its exit (rt_defer_return) do not pass there, so they recover nothing.
 *
 * Panics nest: a deferred call may panic while an older panic runs it. Once the newer one goes on to deferred calls of
 * the frame that the older was busy with, the older one can not be resumed: it is marked aborted, still shown when the
 * program dies, and dropped with the newer one when that is recovered. A Goexit that was aborted goes on then. */
#include "runtime/rt.h"

/* ---- frames ---- */

/* What rt_func_find said of return addresses lately: the address above the RtRecovery of its function. Owner: the
 * process; each entry is one word, so threads need no more than to read and write it whole. */
enum { KNOWN_BITS = 10 };
static uint64_t known[1 << KNOWN_BITS];

static __attribute__((noinline)) const RtRecovery *look_up(uintptr_t pc, uint64_t *entry) {
    const RtFunc *f = rt_func_find(pc - 1);
    uint64_t recovery = f ? f->recovery : 0;
    __atomic_store_n(entry, (uint64_t)pc << 32 | recovery, __ATOMIC_RELAXED);
    return (const RtRecovery *)(uintptr_t)recovery;
}

/* The RtRecovery of the function that w is at; NULL: it has none. */
RT_INLINE const RtRecovery *recovery_of(const RtWalk *w) {
    uint64_t *entry = &known[(w->pc ^ w->pc >> KNOWN_BITS) % RT_COUNT(known)];
    uint64_t e = __atomic_load_n(entry, __ATOMIC_RELAXED);
    const RtRecovery *r = e >> 32 == w->pc ? (const RtRecovery *)(uintptr_t)(uint32_t)e : look_up(w->pc, entry);
    if (r && RT_UNLIKELY(!__atomic_load_n(&r->label, __ATOMIC_ACQUIRE))) rt_recovery_ask(w->pc);
    return r;
}

/* Goes back to the function of the frame that p was busy with. */
static _Noreturn __attribute__((noinline)) void resume_recovered(RtPanic *p, const RtRecovery *r) {
    RtPanic *left = p->link;
    bool goexit = false;
    for (; left && left->aborted; left = left->link) goexit |= left->goexit;
    rt_g->panic = left;
    if (goexit) rt_goexit(); /* it takes more than a recovered panic to stop that */
    uint8_t *fa = (uint8_t *)p->frame_pointer;
    rt_stack_land((void *[]){fa + r->fp, (void *)(uintptr_t)r->label, fa + r->sp}, fa);
}

bool rt_has_try(RtWalk w) {
    do {
        const RtRecovery *r = recovery_of(&w);
        if (r && r->kinds & RK_TRIES && ((RtFrame *)(w.fp + (uintptr_t)(intptr_t)r->frame))->tries) return true;
    } while (rt_walk_on(&w));
    return false;
}

/* p starts on a frame: older panics that were busy with it never come back to it. */
static void enter_frame(RtPanic *p, RtFrame *frame, uintptr_t frame_pointer) {
    p->frame = frame;
    p->frame_pointer = frame_pointer;
    for (RtPanic *q = p->link; q && (q->aborted || q->frame == frame); q = q->link) q->aborted = true;
}

/* The innermost arena block, if it is in the function with that frame pointer. */
RT_INLINE RtArenaFrame *arena_in(uintptr_t fp) {
    RtArenaFrame *a = rt_g->arenas;
    return a && a->fp == fp ? a : NULL;
}

/* The innermost block with rights of its own, likewise. */
RT_INLINE RtCapsScope *rights_in(uintptr_t fp) {
    RtCapsScope *s = rt_g->scope;
    return s && s->fp == fp ? s : NULL;
}

/* Ends the blocks of the function at w, which has no try statement left. */
RT_INLINE void leave_blocks(const RtWalk *w) {
    for (RtCapsScope *s; RT_UNLIKELY((s = rights_in(w->fp)));) rt_caps_leave(s);
    for (RtArenaFrame *a; RT_UNLIKELY((a = arena_in(w->fp)));) rt_arena_unwound(a);
}

/* The matcher calls methods of the value (errors.As, errors.Is), which whoever panicked has brought: they get no more
 * rights than that one had, though its block has ended. */
static __attribute__((noinline)) void call_matcher(RtPanic *p, GoClosure *matcher) {
    RtCapsScope s;
    rt_caps_limit(&s, p->caps, (uintptr_t)__builtin_frame_address(0));
    rt_defer_call(matcher);
    rt_caps_leave(&s);
}

/* Asks the try statements of p's frame; blocks of its function inside of them end before. */
static void ask_tries(RtPanic *p, const RtRecovery *r) {
    RtFrame *frame = p->frame;
    if (p->goexit) frame->tries = NULL;
    for (RtTry *t; (t = frame->tries);) {
        for (RtArenaFrame *a; (a = arena_in(p->frame_pointer)) && a->inside == t;) rt_arena_unwound(a);
        for (RtCapsScope *s; (s = rights_in(p->frame_pointer)) && s->inside == t;) rt_caps_leave(s);
        frame->tries = t->outer;
        call_matcher(p, &t->matcher);
        if (p->recovered) resume_recovered(p, r);
    }
}

/* Takes the next deferred call off frame; NULL: there is none. */
RT_INLINE GoClosure *take_deferred(RtFrame *frame) {
    RtDefer *d = frame->defers;
    if (!d) return NULL;
    frame->defers = d->link;
    if (RT_UNLIKELY(!d->fn)) rt_panic_nil();
    return d->fn;
}

/* Deals with all frames; returns unless one of them recovers. */
static void unwind(RtPanic *p) {
    rt_g->panic = p;
    if (RT_UNLIKELY(rt_g->writes != NULL)) rt_map_writes_left(rt_g);
    RtWalk w = rt_walk_here(p->raised);
    do {
        const RtRecovery *r = recovery_of(&w);
        if (!r) {
            leave_blocks(&w);
            continue;
        }
        RtFrame *frame = (RtFrame *)(w.fp + (uintptr_t)(intptr_t)r->frame);
        enter_frame(p, frame, w.fp);
        if (r->kinds & RK_TRIES) ask_tries(p, r);
        leave_blocks(&w);
        for (GoClosure *fn; r->kinds & RK_DEFERS && (fn = take_deferred(frame));) {
            rt_defer_call(fn);
            if (!p->recovered) continue;
            frame->point = 0;
            resume_recovered(p, r);
        }
    } while (rt_walk_on(&w));
}

/* ---- panics ---- */

_Noreturn void rt_panic_value(GoEface value, const RtFault *fault) {
    RtPanic p = {.link = rt_g->panic, .value = value, .fault = fault, .raised = __builtin_frame_address(0), .caps = rt_g->caps};
    unwind(&p);
    if (rt_goroutine()->printing_panics) rt_report_nested(value);
    rt_report_panics(&p);
}

/* Goexit unwinds like a panic that nobody can recover. */
_Noreturn void rt_goexit(void) {
    RtPanic p = {.link = rt_g->panic, .goexit = true, .raised = __builtin_frame_address(0)};
    rt_goroutine()->goexit = true;
    unwind(&p);
    GoClosure *last = rt_goroutine()->at_exit;
    if (last) rt_exit_call(last);
    rt_goroutine_exit();
}

_Noreturn void rt_gopanic(GoEface value) { rt_panic_value(value.type ? value : rt_nil_panic_value(), NULL); }

/* Whether the code that a return address belongs to is nothing but compiler-made wrappers, or what lies between a
 * function that grew the stack and its caller. */
static bool is_wrapper(uintptr_t return_pc) {
    if (return_pc == (uintptr_t)rt_morestack_return) return true;
    const RtFunc *f = rt_func_find(return_pc - 1);
    if (!f || !(f->flags & RF_WRAPPER)) return false;
    RtActivation a = rt_activation(f, return_pc);
    do {
        if (!(a.flags & RF_WRAPPER)) return false;
    } while (rt_activation_up(&a));
    return true;
}

/* What lies between a function or method and whoever calls what reflect made of it (hooks/call.c): a method is called by
 * rt_call_code, which callMethod calls; a function of MakeFunc by callReflect; and these by rt_func_called. The assembly
 * notes where these calls return to: a reference from here would bring it, and reflect, into every program. */
const void *rt_call_code_return, *rt_func_called_return;

static bool is_in(const void *ra, const char *function) {
    const RtFunc *f = rt_func_find((uintptr_t)ra - 1);
    return f && strcmp((const char *)(uintptr_t)f->name, function) == 0;
}

static bool is_made_by_reflect(const void *ra) {
    return !rt_func_find((uintptr_t)ra - 1) || is_in(ra, "reflect.callMethod") || is_wrapper((uintptr_t)ra);
}

/* Whether the function with frame fa and return address ra was called by a panic, wrappers apart. */
static bool called_by_panic(const void *ra, void *const *fa) {
    bool by_reflect = false;
    while (ra != rt_defer_call_return) {
        if (ra == __atomic_load_n(&rt_call_code_return, __ATOMIC_RELAXED) || is_in(ra, "reflect.callReflect")) by_reflect = true;
        else if (by_reflect ? !is_made_by_reflect(ra) : !is_wrapper((uintptr_t)ra)) return false;
        if (ra == __atomic_load_n(&rt_func_called_return, __ATOMIC_RELAXED)) by_reflect = false;
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
    for (GoClosure *fn; (fn = take_deferred(frame));) rt_exit_call(fn);
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
