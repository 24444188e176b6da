/* roots.c: where references into the heap start: variables, stacks, and what the runtime registered.
 *
 * Variables with pointers stand in sections of their own (codegen/data.c). Stacks are scanned word by word, as are the
 * records of goroutines, which have the registers of those in system calls. Every worker goes over the lists and takes
 * each n-th entry. */
#include "runtime/heap/mark.h"
#include "runtime/heap/special.h"
#include "runtime/sync/timer.h"

typedef struct Region { const char *lo, *hi; } Region;

/* A program without such variables has no such section; its bounds are then null. */
extern const char __start_goo_data[] __attribute__((weak)), __stop_goo_data[] __attribute__((weak));
extern const char __start_goo_bss[] __attribute__((weak)), __stop_goo_bss[] __attribute__((weak));
static const volatile Region sections[] = {{__start_goo_data, __stop_goo_data}, {__start_goo_bss, __stop_goo_bss}};

/* ---- registered memory ---- */

enum { BLOCK_ROOTS = 64 };

typedef struct RootBlock {
    struct RootBlock *next;
    int n;
    Region at[BLOCK_ROOTS];
} RootBlock;

/* Owner: the process; lock is for adding. */
static struct { RtSpin lock; RootBlock *blocks; } registered;

void rt_heap_add_root(const void *p, size_t size) {
    rt_spin_lock(&registered.lock);
    RootBlock *b = registered.blocks;
    if (!b || b->n == BLOCK_ROOTS) {
        b = rt_persistent(sizeof *b);
        b->next = registered.blocks;
        registered.blocks = b;
    }
    b->at[b->n++] = (Region){p, (const char *)p + size};
    rt_spin_unlock(&registered.lock);
}

uint64_t rt_root_bytes(void) {
    uint64_t sum = 0;
    for (int i = 0; i < RT_COUNT(sections); i++) sum += (uint64_t)(sections[i].hi - sections[i].lo);
    for (const RootBlock *b = registered.blocks; b; b = b->next)
        for (int i = 0; i < b->n; i++) sum += (uint64_t)(b->at[i].hi - b->at[i].lo);
    return sum;
}

/* ---- scanning ---- */

/* One worker's way through a list. */
typedef struct Share { RtMarker *w; int worker, workers, at; } Share;

static bool is_mine(Share *s) { return s->at++ % s->workers == s->worker; }

/* Memory without a type, in pieces that the workers share. */
static void mark_region(Share *s, const char *lo, const char *hi) {
    enum { PIECE = 64 << 10 };
    for (; lo < hi; lo += PIECE)
        if (is_mine(s)) rt_mark_words(s->w, lo, hi - lo > PIECE ? lo + PIECE : hi);
}

static void mark_stack_range(const void *lo, const void *hi, void *arg) {
    RtMarker *w = arg;
    w->stack_bytes += (uint64_t)((const char *)hi - (const char *)lo);
    rt_mark_changing(w, (const void *)((uintptr_t)lo & ~(sizeof(void *) - 1)), hi);
}

static void mark_goroutine(RtGoroutine *g, void *arg) {
    Share *s = arg;
    if (!is_mine(s)) return;
    rt_mark_changing(s->w, g, g + 1);
    rt_each_stack_range(g, mark_stack_range, s->w);
    rt_stack_shrink(g);
}

/* Timers that will fire; often nothing else refers to them. */
static void mark_timers(RtP *p, void *arg) {
    Share *s = arg;
    const RtTimers *t = p->timers;
    if (t && is_mine(s)) rt_mark_words(s->w, t->at, t->at + t->len);
}

void rt_mark_roots(RtMarker *w, int worker, int workers) {
    Share s = {w, worker, workers, 0};
    for (int i = 0; i < RT_COUNT(sections); i++) mark_region(&s, sections[i].lo, sections[i].hi);
    for (RootBlock *b = registered.blocks; b; b = b->next)
        for (int i = 0; i < b->n; i++) mark_region(&s, b->at[i].lo, b->at[i].hi);
    rt_each_goroutine(mark_goroutine, &s);
    rt_each_processor(mark_timers, &s);
    if (worker == 0) rt_specials_mark(w);
}
