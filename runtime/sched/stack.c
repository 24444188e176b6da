/* stack.c: the stack of a goroutine: how it begins, grows, and what of it is in use.
 *
 * A stack that is full goes on in a segment of the next size class, so that its size doubles and calls seldom cross a
 * boundary. The inner segment stays linked when its first function returns: a loop that calls across the boundary
 * pays a few instructions in __morestack (morestack_x86_64.S) and no allocation. Segments that are too small for a
 * frame, or no longer in use when a goroutine ends, are freed.
 *
 * Invariants: g->segment is on the chain from first_segment by inner; stack_size is the sum of the chain's sizes; of
 * every segment outside of g->segment, sp is set. A chain belongs to its goroutine, or to whoever stopped that. */
#include "runtime/hash.h"
#include "runtime/sched/offsets.h"
#include "runtime/sched/segment.h"

size_t rt_stack_max = 1000000000;

_Static_assert(offsetof(RtGoroutine, segment) == G_SEGMENT && offsetof(RtGoroutine, sp) == G_SP, "offsets.h");
_Static_assert(offsetof(RtGoroutine, preempt) == G_PREEMPT, "offsets.h");
_Static_assert(offsetof(RtM, system_sp) == M_SYSTEM_SP && offsetof(RtM, on_system) == M_ON_SYSTEM, "offsets.h");
_Static_assert(offsetof(RtM, g) == M_G, "offsets.h");
_Static_assert(offsetof(RtSegment, outer) == SEGMENT_OUTER && offsetof(RtSegment, inner) == SEGMENT_INNER, "offsets.h");
_Static_assert(offsetof(RtSegment, lo) == SEGMENT_LO && offsetof(RtSegment, hi) == SEGMENT_HI, "offsets.h");
_Static_assert(offsetof(RtSegment, sp) == SEGMENT_SP && offsetof(RtSegment, room) == SEGMENT_ROOM, "offsets.h");
_Static_assert(RT_STACK_SLACK == STACK_SLACK, "offsets.h");

/* ---- begin and end ---- */

/* Links a new segment inside the one that g is on. */
static bool extend(RtStackCache *c, RtGoroutine *g, uint32_t size_class) {
    RtSegment *s = rt_segment_take(c, size_class);
    if (!s) return false;
    s->outer = g->segment;
    g->segment->inner = s;
    g->stack_size += rt_segment_size(size_class);
    return true;
}

/* Frees the segments inside of s, the last that g keeps. */
static void cut_behind(RtStackCache *c, RtGoroutine *g, RtSegment *s) {
    RtSegment *inner = s->inner;
    s->inner = NULL;
    for (RtSegment *next; inner; inner = next) {
        next = inner->inner;
        g->stack_size -= rt_segment_size(inner->size_class);
        rt_segment_put(c, inner);
    }
}

void rt_stack_trim(RtStackCache *c, RtGoroutine *g) { cut_behind(c, g, g->segment); }

void rt_stack_shrink(RtGoroutine *g) {
    if (!g->segment || !g->segment->inner || __atomic_load_n(&g->status, __ATOMIC_ACQUIRE) == GS_SYSCALL) return;
    cut_behind(NULL, g, g->segment->inner);
}

void rt_stack_reset(RtStackCache *c, RtGoroutine *g) {
    g->segment = g->first_segment;
    rt_stack_trim(c, g);
}

RtGoroutine *rt_goroutine_new(RtStackCache *c, bool main_stack) {
    RtSegment *s = rt_segment_take(c, SC_FIRST);
    if (!s) return NULL;
    RtGoroutine *g = (RtGoroutine *)(s + 1);
    *g = (RtGoroutine){.segment = s, .first_segment = s, .stack_size = rt_segment_size(SC_FIRST)};
    if (main_stack && extend(c, g, SC_MAIN)) {
        s->sp = s->hi;
        g->segment = s->inner;
    }
    return g;
}

void rt_goroutine_free(RtStackCache *c, RtGoroutine *g) {
    rt_stack_reset(c, g);
    rt_segment_put(c, g->first_segment);
}

/* ---- what is in use ---- */

RT_NO_TSAN RtSegment *rt_stack_find(const RtGoroutine *g, const void *at) {
    const uint8_t *p = at;
    for (RtSegment *s = g->segment; s; s = s->outer)
        if (p >= s->lo && p < s->hi) return s;
    return NULL;
}

void rt_each_stack_range(const RtGoroutine *g, void (*fn)(const void *lo, const void *hi, void *arg), void *arg) {
    const void *sp = __atomic_load_n(&g->sp, __ATOMIC_ACQUIRE);
    for (const RtSegment *s = rt_stack_find(g, sp); s; s = s->outer) {
        fn(sp, s->hi, arg);
        if (s->outer) sp = s->outer->sp;
    }
}

/* ---- growth ---- */

/* The class of the segment to grow into: twice the present one, what the frame needs, or what the limit leaves. */
static uint32_t next_class(const RtGoroutine *g, size_t need) {
    uint32_t least = rt_segment_class(need), c = g->segment->size_class + 1;
    if (c > SC_GROWTH) c = SC_GROWTH;
    if (c < least) c = least;
    while (c > least && g->stack_size + rt_segment_size(c) > rt_stack_max) c--;
    return c;
}

/* ---- overflow ---- */

_Noreturn void rt_stack_overflow(const RtGoroutine *g, RtWalk where, uintptr_t sp) {
    rt_print_lock();
    rt_print_cstr("runtime: goroutine stack exceeds ");
    rt_print_uint(rt_stack_max);
    rt_print_cstr("-byte limit\nruntime: sp=");
    rt_print_hex(sp);
    rt_print_cstr(" stack=[");
    rt_print_pointer(g->segment->lo);
    rt_print_cstr(", ");
    rt_print_pointer(g->segment->hi);
    rt_print_cstr("]\n");
    rt_fatal_at(RT_STR("stack overflow"), where);
}

/* What __morestack saved of the function that has no room, upwards from its frame pointer. */
typedef struct Entering {
    uintptr_t own_fp, return_pc;        /* a frame as __morestack's, called by the function */
    uintptr_t caller_fp, caller_pc;     /* the function's frame */
    uintptr_t same_return_pc, same_caller_pc;
    uintptr_t sp[];                     /* the stack pointer when the function was called points here */
} Entering;

/* What __morestack does next. */
typedef enum RtGrow {
    RG_HERE = GROW_HERE,   /* run the function where it is: there is room */
    RG_NEXT = GROW_NEXT,   /* on g->segment->inner */
    RG_YIELD = GROW_YIELD, /* preempt the goroutine, ask again */
} RtGrow;

/* Called by __morestack, on the system stack: the function needs `need` bytes on a new segment, of these `arguments`
 * for a copy of its stack arguments. */
RtGrow rt_morestack(size_t need, size_t arguments, Entering *e);

enum { UNCHECKED_FRAME = 256 }; /* for smaller frames GCC compares the bare stack pointer */

static bool has_room(const RtSegment *s, size_t frame, uintptr_t sp) {
    return sp - (frame < UNCHECKED_FRAME ? 0 : frame) >= rt_segment_limit(s);
}

static bool is_compiled_code(uintptr_t pc) {
    const RtFunc *f = rt_func_find(pc);
    return f && !(f->flags & RF_RUNTIME);
}

/* Only compiled code is preempted, also where it has just called runtime code, which relies on staying on its thread
 * from its first instruction on. There is no processor to give up during a system call. */
static bool is_preempted(RtGoroutine *g, const Entering *e) {
    if (!__atomic_load_n(&g->preempt, __ATOMIC_RELAXED) || rt_m()->locks > 0 || !rt_p()) return false;
    return is_compiled_code(e->return_pc) || is_compiled_code(e->caller_pc);
}

/* What a stack may exceed its limit by: a segment for runtime code, which has no place where it could panic; and in a
 * panic over the overflow, one for the panic itself and the deferred calls, as often as these overflow again. */
enum { RESERVE = 256 << 10, MOST_RESERVE = 1 << 20 };
enum { SAVED_NEED = -8 }; /* where __morestack saved need, in words from Entering */

/* A full stack is a panic if it is compiled code that found no room and a try statement may want to know; in plain Go
 * it is the end. For the panic another function is entered instead of e's, as if its caller had called that. */
static RtGrow overflow(RtStackCache *c, RtGoroutine *g, size_t need, size_t arguments, Entering *e) {
    RtWalk where = rt_walk_at(e->return_pc, (uintptr_t)&e->caller_fp, false), caller = where;
    bool panics = is_compiled_code(e->return_pc);
    if (panics) need = arguments + RESERVE / 2;
    uint32_t size_class = rt_segment_class(need < RESERVE / 2 ? RESERVE / 2 : need);
    bool fits = size_class < RT_STACK_CLASSES && g->stack_size + rt_segment_size(size_class) <= rt_stack_max + MOST_RESERVE;
    if (!fits || (panics && !(rt_walk_up(&caller) && rt_has_try(caller))) || !extend(c, g, size_class))
        rt_stack_overflow(g, where, (uintptr_t)e->sp);
    if (panics) {
        e->same_return_pc = (uintptr_t)rt_panic_stack - 1; /* __morestack goes one byte further */
        ((size_t *)e)[SAVED_NEED] = need;
    }
    return RG_NEXT;
}

RtGrow rt_morestack(size_t need, size_t arguments, Entering *e) {
    RtGoroutine *g = rt_goroutine();
    RtSegment *s = g->segment;
    if (is_preempted(g, e)) {
        __atomic_store_n(&g->preempt, false, __ATOMIC_RELAXED);
        return RG_YIELD;
    }
    if (has_room(s, need - arguments, (uintptr_t)e->sp)) return RG_HERE;
    if (s->inner && need <= s->inner->room) return RG_NEXT;
    RtStackCache *c = rt_p() ? &rt_p()->stacks : NULL; /* none during a system call */
    rt_stack_trim(c, g);
    uint32_t size_class = next_class(g, need);
    if (size_class == RT_STACK_CLASSES || g->stack_size + rt_segment_size(size_class) > rt_stack_max)
        return overflow(c, g, need, arguments, e);
    if (!extend(c, g, size_class)) rt_fatal(RT_STR("runtime: out of memory: cannot grow a goroutine's stack"));
    return RG_NEXT;
}

/* ---- control that comes back ---- */

static RT_NO_SPLIT _Noreturn __attribute__((noinline)) void jump(void **jb, const void *frame) {
    rt_m()->on_system = false;
    rt_stack_unwind(frame);
    __builtin_longjmp(jb, 1);
}

typedef struct Landing { void *jb[5]; const void *frame; } Landing;

/* On the system stack: gives up what an overflow took, on which the landing came here. */
static void land(void *arg) {
    Landing l = *(Landing *)arg;
    RtGoroutine *g = rt_goroutine();
    g->segment = rt_stack_find(g, l.frame);
    rt_stack_trim(rt_p() ? &rt_p()->stacks : NULL, g);
    jump(l.jb, l.frame);
}

_Noreturn void rt_stack_land(void *const *jb, const void *frame) {
    Landing l = {.jb = {jb[0], jb[1], jb[2]}, .frame = frame};
    if (RT_UNLIKELY(rt_goroutine()->stack_size > rt_stack_max)) rt_system_stack(land, &l);
    jump(l.jb, frame);
}

/* ---- the running goroutine ---- */

__thread RtG *rt_g;
__thread RtM *rt_m_tls;

static void become(RtGoroutine *g) {
    rt_m()->g = g;
    rt_g = (RtG *)g;
}

/* morestack_x86_64.S, asm_aarch64.S */
void rt_stack_enter(RtGoroutine *g, void (*fn)(void *), void *arg);

void rt_stack_call(RtGoroutine *g, void (*fn)(void *), void *arg) {
    RtGoroutine *before = rt_goroutine();
    become(g);
    rt_stack_enter(g, fn, arg);
    become(before);
}
