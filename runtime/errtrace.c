/* errtrace.c: what is remembered of errors beside their values: where f()? passed them on, and the stack of the panic
 * that one was.
 *
 * ? passes on the very value it got: err == io.EOF stays true. So its way is kept beside it, in records that belong to
 * the goroutine and are found by the error's identity: its type and its data word. A function with ? costs nothing
 * until there is an error; then a position is one store of an address, which is looked up when somebody asks.
 *
 * A value such as io.EOF stands for many failures, of which earlier ones may have been dealt with in ways that leave
 * no mark. Frames tell them apart: a position whose frame is not outside of the last one's begins a new way. When the
 * last function had been called by the one with the new position, it must have been called there: this is looked at when
 * somebody asks. (Zig keeps return traces in a similar way; there every handler is known to the compiler.) What remains
 * is a failure that was dealt with behind functions that pass errors on without ?, followed by one further out.
 *
 * A record keeps its error alive. There are few of them, and the one not used for longest is taken for the next error. */
#include "runtime/hooks/hooks.h"
#include "runtime/sched/segment.h"

enum {
    FIRST = 16, LAST = 8, /* positions that are kept: the innermost and the outermost ones */
    RECORDS = 8,          /* of a goroutine */
};

typedef struct RtErrorTrace {
    struct RtErrorTrace *next; /* the one used before */
    GoIface err;
    uintptr_t frame, caller;   /* of the function that passed it on or recovered it last, and of that one's caller */
    uintptr_t *stack;          /* room for RT_STACK_KEPT return addresses, not shared; or NULL */
    int64_t depth;             /* how many are there: the stack of the panic that it was */
    int64_t count;             /* positions passed, of which at[] has the first and, in a ring, the last */
    uint64_t at[FIRST + LAST]; /* Position */
} RtErrorTrace;

/* A position: the return address of a call of rt_error_return, that of the function with it, and how its frame relates
 * to the frame of the position before. Code is below 2 GiB. */
enum { P_PC = 0x7fffffff, P_SAME_FRAME = 1u << 31, P_RETURN_SHIFT = 32 };
static const uint64_t P_IS_CALLER = UINT64_C(1) << 63;

static uintptr_t pc_of(uint64_t p) { return p & P_PC; }
static uintptr_t return_of(uint64_t p) { return (p & ~P_IS_CALLER) >> P_RETURN_SHIFT; }

/* Tables are compared by type: the same type and interface can have one of the compiler's and one of the runtime's. */
static bool is_same(GoIface a, GoIface b) { return a.data == b.data && a.tab->type == b.tab->type; }

/* ---- records ---- */

/* The record of err, first in the list from now on; NULL: there is none. */
static RtErrorTrace *find(RtGoroutine *g, GoIface err) {
    for (RtErrorTrace **link = &g->errors, *t; (t = *link); link = &t->next) {
        if (!is_same(t->err, err)) continue;
        *link = t->next;
        t->next = g->errors;
        g->errors = t;
        return t;
    }
    return NULL;
}

/* Takes the record not used for longest out of the list, if the list is full. */
static RtErrorTrace *take_oldest(RtGoroutine *g) {
    int n = 1;
    RtErrorTrace **link = &g->errors;
    for (; *link && (*link)->next; link = &(*link)->next) n++;
    if (n < RECORDS) return NULL;
    RtErrorTrace *t = *link;
    *link = NULL;
    return t;
}

static RtErrorTrace *add(RtGoroutine *g, GoIface err) {
    RtErrorTrace *t = take_oldest(g);
    if (!t) t = rt_heap_alloc_words(sizeof *t);
    *t = (RtErrorTrace){.next = g->errors, .err = err, .stack = t->stack};
    g->errors = t;
    return t;
}

/* ---- ways out ---- */

/* Whether frame, of the running function, is outside of t's last one or the same. Segments are entered one after the
 * other: what lies on none of those in use has been left. */
static bool is_outside(const RtGoroutine *g, const RtErrorTrace *t, uintptr_t frame) {
    const RtSegment *last = rt_stack_find(g, (void *)t->frame);
    if (!g->segment || last == g->segment) return frame >= t->frame;
    return last == NULL;
}

static int64_t kept(const RtErrorTrace *t) { return t->count < FIRST + LAST ? t->count : FIRST + LAST; }

static bool has_passed(const RtErrorTrace *t, uintptr_t pc) {
    for (int64_t i = 0; i < kept(t); i++)
        if (pc_of(t->at[i]) == pc) return true;
    return false;
}

static void begin(RtErrorTrace *t) { *t = (RtErrorTrace){.next = t->next, .err = t->err, .stack = t->stack}; }

static void make_stack(RtErrorTrace *t) {
    if (!t->stack) t->stack = rt_heap_alloc_raw(RT_STACK_KEPT * sizeof *t->stack);
}

RT_INLINE void pass(RtErrorTrace *t, int64_t i, const uintptr_t *frame, uintptr_t pc) {
    uint64_t p = pc | frame[1] << P_RETURN_SHIFT;
    if (t->caller == (uintptr_t)frame) p |= P_IS_CALLER;
    if (t->frame == (uintptr_t)frame) p |= P_SAME_FRAME;
    t->at[i] = p;
    t->count++;
    t->frame = (uintptr_t)frame;
    t->caller = frame[0];
}

static __attribute__((noinline)) void pass_slow(GoIface err, const uintptr_t *frame, uintptr_t pc) {
    RtGoroutine *g = rt_goroutine();
    RtErrorTrace *t = find(g, err);
    if (!t) t = add(g, err);
    else if (!is_outside(g, t, (uintptr_t)frame) || (t->frame == (uintptr_t)frame && has_passed(t, pc))) begin(t);
    pass(t, t->count < FIRST ? t->count : FIRST + (t->count - FIRST) % LAST, frame, pc);
}

/* Not split, so that its frame is next to its caller's. */
RT_NO_SPLIT void rt_error_return(GoIface err) {
    const uintptr_t *const *self = __builtin_frame_address(0), *frame = self[0];
    uintptr_t pc = (uintptr_t)__builtin_return_address(0);
    const RtGoroutine *g = rt_goroutine();
    RtErrorTrace *t = g->errors;
    bool plain = t && is_same(t->err, err) && (uintptr_t)frame > t->frame && t->count < FIRST && g->segment &&
                 t->frame >= (uintptr_t)g->segment->lo;
    if (RT_LIKELY(plain)) pass(t, t->count, frame, pc);
    else pass_slow(err, frame, pc);
}

/* The frame of the compiled function that raised p. */
static uintptr_t raising_frame(const RtPanic *p) {
    RtWalk w = rt_walk_here(p->raised);
    while (!rt_func_find(w.pc - 1) && rt_walk_up(&w)) continue;
    return w.fp;
}

/* A function that recovered the error, or one outside of it, panics with it again: the first place counts. */
void rt_error_recovered(GoIface err, const RtPanic *p, uintptr_t frame) {
    RtGoroutine *g = rt_goroutine();
    RtErrorTrace *t = find(g, err);
    if (!t) t = add(g, err);
    else if (!is_outside(g, t, raising_frame(p))) begin(t);
    if (!t->depth) {
        make_stack(t);
        t->depth = rt_take_stack(p->raised, t->stack, RT_STACK_KEPT);
    }
    t->frame = t->caller = frame;
}

/* ---- what packages errors and goo/panics ask ---- */

/* Whether p is a place that the call returning to ret is inlined from, or stands at; from: how many of the inner
 * activations at ret not to look at. */
static bool is_called_at(uintptr_t ret, int from, uint64_t p) {
    uintptr_t calls[RT_MOST_INLINED], place;
    int64_t n = rt_expand_callers(&ret, 1, calls, RT_MOST_INLINED), k = rt_expand_callers(&(uintptr_t){pc_of(p)}, 1, &place, 1);
    for (int64_t i = from; i < n; i++)
        if (k && rt_same_line(calls[i], place)) return true;
    return false;
}

/* Whether p continues the way out that last is on. */
static bool continues(uint64_t last, uint64_t p) {
    if (p & P_SAME_FRAME) return is_called_at(pc_of(last), 1, p);
    return !(p & P_IS_CALLER) || is_called_at(return_of(last), 0, p);
}

HOOK("errors.trace", GoSlice, errors_trace, (GoIface err)) {
    const RtErrorTrace *t = find(rt_goroutine(), err);
    if (!t || !t->count) return (GoSlice){0};
    int64_t n = kept(t), turn = t->count > FIRST + LAST ? (t->count - FIRST) % LAST : 0, first = 0;
    uint64_t list[FIRST + LAST];
    for (int64_t i = 0; i < n; i++) {
        list[i] = t->at[i < FIRST ? i : FIRST + (i - FIRST + turn) % LAST];
        bool gap = i == FIRST && t->count > n;
        if (i > 0 && !gap && !continues(list[i - 1], list[i])) first = i;
    }
    uintptr_t *pcs = rt_heap_alloc_raw((size_t)(n - first) * sizeof *pcs);
    for (int64_t i = first; i < n; i++) pcs[i - first] = pc_of(list[i]);
    return (GoSlice){pcs, n - first, n - first};
}

HOOK("goo/panics.stackOf", GoSlice, panics_stack_of, (GoIface err)) {
    const RtErrorTrace *t = find(rt_goroutine(), err);
    return t ? (GoSlice){t->stack, t->depth, t->depth} : (GoSlice){0};
}

HOOK("goo/panics.renamed", void, panics_renamed, (GoIface err, GoIface outer)) {
    RtErrorTrace *t = find(rt_goroutine(), err);
    if (t) t->err = outer;
}

/* ---- handing over to the goroutine that waits for a task ---- */

HOOK("goo/task.takeHistory", RtErrorTrace *, task_take_history, (void)) {
    RtGoroutine *g = rt_goroutine();
    RtErrorTrace *list = g->errors;
    g->errors = NULL;
    return list;
}

/* The way out goes on in another goroutine: whatever frame is next, it is outside. */
HOOK("goo/task.inherit", void, task_inherit, (const RtErrorTrace *history, GoIface err)) {
    RtGoroutine *g = rt_goroutine();
    while (history && !is_same(history->err, err)) history = history->next;
    if (!history) return;
    RtErrorTrace *t = find(g, err);
    if (!t) t = add(g, err);
    RtErrorTrace *next = t->next;
    uintptr_t *stack = t->stack;
    *t = *history;
    t->next = next;
    t->frame = t->caller = 0;
    t->stack = stack;
    if (!history->depth) return;
    make_stack(t);
    memcpy(t->stack, history->stack, (size_t)history->depth * sizeof *stack);
}

/* In package goo/panics, which is there if the program uses Goo's errors. */
extern GoString panics_history(GoIface err) __asm__("\"goo/panics.history\"") __attribute__((weak));

GoString rt_error_history(GoIface err) { return panics_history ? panics_history(err) : (GoString){0}; }

/* In package goo/task. */
extern bool task_report_lost(void) __asm__("\"goo/task.reportLost\"") __attribute__((weak));

bool rt_report_lost(void) { return task_report_lost && task_report_lost(); }
