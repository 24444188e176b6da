/* gc.c: the collection cycle.
 *
 * A collection stops the world, forgets the runs that processors allocate from, clears all mark bits, marks from the
 * roots with all workers, and then looks at each span's mark words once: a span without live objects is given back
 * to the pages, one with free slots enters its kind's list. Finding the free runs in it, and clearing them, is left
 * to allocation (kinds.c).
 *
 * It starts when allocation has used up what the pace allows (pace.c), or by request. Several processors may find
 * that it is time: the first does it, and the others, whose stop of the world comes later, see that it is done. */
#include "runtime/heap/gc.h"
#include "runtime/heap/mark.h"
#include "runtime/heap/special.h"
#include "runtime/heap/background.h"
#include "runtime/heap/finalize.h"
#include <time.h>

enum {
    REPORT_BYTES = 32 << 10,  /* a processor tells how much it has taken in such steps */
};

RtGcState rt_gc;

/* ---- the steps of a cycle; world stopped ---- */

static void flush_processor(RtP *p, void *unused) {
    (void)unused;
    rt_kind_flush(&p->heap);
    rt_chunks_flush(&p->heap);
    p->heap.handed_out = 0;
}

static void clear_marks(RtSpan *s, void *unused) {
    (void)unused;
    memset(s->marks, 0, (s->count + WORD_BITS - 1) / WORD_BITS * sizeof s->marks[0]);
}

static void clear_list(RtKind *k, void *unused) {
    (void)unused;
    k->first = k->last = NULL;
    k->live = 0;
}

static void mark_worker(void *arg, int worker) {
    RtMarker *w = rt_marker(worker);
    rt_mark_roots(w, worker, *(int *)arg);
    rt_mark_drain(w);
}

static void mark(int workers) {
    rt_mark_start(workers);
    rt_on_workers(workers, mark_worker, &workers);
    rt_gc.roots = rt_root_bytes();
    for (int i = 0; i < workers; i++) rt_gc.roots += rt_marker(i)->stack_bytes;
}

static void sweep_slots(RtSpan *s) {
    RtKind *k = s->kind;
    uint32_t live = 0;
    for (uint32_t i = 0; i < (s->count + WORD_BITS - 1) / WORD_BITS; i++) live += (uint32_t)__builtin_popcountll(s->marks[i]);
    s->live = live;
    s->cursor = 0;
    s->dirty = true;
    k->live += live;
    rt_gc.live += (uint64_t)live * s->size;
    if (live == 0) {
        k->spans--;
        rt_pages_free(s);
    } else if (live < s->count) {
        if (rt_gc_settings.poison) rt_heap_poison(s);
        s->next = NULL;
        if (k->last) k->last->next = s;
        else k->first = s;
        k->last = s;
    }
}

static void sweep_span(RtSpan *s, void *unused) {
    (void)unused;
    if (s->state == SPAN_SLOTS) {
        sweep_slots(s);
    } else if (is_marked(s, 0)) {
        if (s->state != SPAN_GUARDED) rt_gc.live += s->state == SPAN_CHUNK ? s->pages * PAGE_BYTES : s->bytes;
    } else if (s->state != SPAN_LARGE) {
        rt_chunk_unused(s);
    } else {
        rt_gc.large_freed++;
        rt_gc.large_freed_bytes += s->bytes;
        if (rt_gc_settings.poison) rt_heap_poison(s);
        rt_pages_free(s);
    }
}

static void count_freed(RtKind *k, void *unused) {
    (void)unused;
    uint64_t freed = k->allocated - k->live;
    if ((int64_t)(freed - k->freed) > 0) k->freed = freed; /* a stale word may have marked a free slot */
}

static void collect(int workers) {
    rt_pages_hold();
    rt_each_processor(flush_processor, NULL);
    rt_pages_each(clear_marks, NULL);
    rt_kinds_each(clear_list, NULL);
    mark(workers);
    rt_specials_sweep();
    if (rt_gc_settings.verify) rt_heap_verify_marks();
    rt_gc.live = 0;
    rt_pages_each(sweep_span, NULL);
    rt_chunks_swept();
    rt_kinds_each(count_freed, NULL);
    if (rt_gc_settings.verify) rt_heap_verify_pages();
    rt_pages_unhold();
}

/* ---- what others do when a collection starts, and after it ---- */

static void (*at_start)(void);
static GoClosure *after;

static void run_after(void) { ((void (*)(GoClosure *))after->code)(after); }
static RtBackground cleaner = {.work = run_after};

void rt_gc_at_start(void (*fn)(void)) { at_start = fn; }
void rt_gc_after(GoClosure *fn) {
    after = fn;
    rt_heap_add_root(&after, sizeof after);
}

/* ---- one cycle ---- */

typedef struct Request { bool forced; uint32_t after; } Request;

static int64_t unix_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void account(int64_t stopped, int64_t ended, int workers, bool forced) {
    uint32_t at = rt_gc.cycles % GC_PAUSES;
    __atomic_store_n(&rt_gc.cycles, rt_gc.cycles + 1, __ATOMIC_RELAXED);
    rt_gc.forced += forced;
    rt_gc.end_unix = unix_time();
    rt_gc.pause[at] = (uint64_t)(ended - stopped);
    rt_gc.pause_end[at] = (uint64_t)rt_gc.end_unix;
    rt_gc.pause_total += (uint64_t)(ended - stopped);
    rt_gc.mark_ns += (uint64_t)(ended - stopped) * (uint64_t)workers;
}

static void print_tenths(uint64_t v) {
    rt_print_uint(v / 10);
    rt_print_cstr(".");
    rt_print_uint(v % 10);
}

static void print_cycle(uint64_t before, int64_t began, int workers) {
    enum { KB = 1024, US = 1000 };
    uint32_t at = (rt_gc.cycles - 1) % GC_PAUSES;
    rt_print_lock();
    rt_print_cstr("gc ");
    rt_print_uint(rt_gc.cycles);
    rt_print_cstr(" @");
    print_tenths((uint64_t)(began - rt_gc.start) / (100000 * US) );
    rt_print_cstr("s: pause ");
    print_tenths(rt_gc.pause[at] / (100 * US));
    rt_print_cstr(" ms, ");
    rt_print_uint(before / KB);
    rt_print_cstr("->");
    rt_print_uint(rt_gc.live / KB);
    rt_print_cstr(" KB, goal ");
    rt_print_uint(rt_gc.goal / KB);
    rt_print_cstr(" KB, ");
    rt_print_uint((uint64_t)workers);
    rt_print_cstr(" workers\n");
    rt_print_unlock();
}

/* On the system stack. */
static void cycle(void *arg) {
    const Request *r = arg;
    int64_t began = rt_nanotime();
    rt_stop_world("gc");
    if (!r->forced && rt_gc.cycles != r->after) { /* somebody else did it */
        rt_start_world();
        return;
    }
    int workers = rt_gomaxprocs();
    uint64_t before = rt_gc.live + rt_gc.allocated;
    if (at_start) at_start();
    collect(workers);
    rt_gc.allocated = 0;
    rt_gc_pace();
    account(began, rt_nanotime(), workers, r->forced);
    rt_start_world();
    if (rt_gc_settings.trace) print_cycle(before, began, workers);
    rt_gc_give_back(rt_nanotime());
}

static void run_cycle(bool forced) {
    Request r = {forced, __atomic_load_n(&rt_gc.cycles, __ATOMIC_RELAXED)};
    rt_system_stack(cycle, &r);
    rt_finalizers_wake();
    if (after) rt_background_ask(&cleaner);
}

/* ---- requests ---- */

/* Where a collection is possible: on a goroutine's stack, and not in a section that must not lose its processor. */
static bool is_allowed(void) {
#ifdef RT_HEAP_EXACT
    return false;
#endif
    RtM *m = rt_m();
    return !m->on_system && m->locks == 0 && !m->dying && m->g && m->g->segment;
}

void rt_gc_collect(void) {
    if (is_allowed()) run_cycle(true);
}

bool rt_gc_for_memory(void) {
    if (!is_allowed() || (rt_gc.cycles && rt_gc.allocated < REPORT_BYTES)) return false;
    run_cycle(false);
    rt_pages_release(0);
    return true;
}

void rt_gc_poll(size_t more) {
    RtHeapCache *c = &rt_p()->heap;
    c->handed_out += more;
    if (c->handed_out >= REPORT_BYTES || more) {
        __atomic_fetch_add(&rt_gc.allocated, c->handed_out, __ATOMIC_RELAXED);
        c->handed_out = 0;
    }
    static uint32_t polls; /* atomic */
    bool due = __atomic_load_n(&rt_gc.allocated, __ATOMIC_RELAXED) >= __atomic_load_n(&rt_gc.trigger, __ATOMIC_RELAXED) ||
               rt_chunks_due();
    if (RT_UNLIKELY(rt_gc_settings.stress))
        due = __atomic_add_fetch(&polls, 1, __ATOMIC_RELAXED) % rt_gc_settings.stress == 0;
    if (due && is_allowed()) run_cycle(false);
}

void rt_gc_count(size_t size) { __atomic_fetch_add(&rt_gc.allocated, size, __ATOMIC_RELAXED); }

void rt_gc_forgive(size_t size) {
    uint64_t n = __atomic_load_n(&rt_gc.allocated, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&rt_gc.allocated, &n, n > size ? n - size : 0, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
}

void rt_gc_count_large(size_t size) {
    __atomic_fetch_add(&rt_gc.large_allocated, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&rt_gc.large_allocated_bytes, size, __ATOMIC_RELAXED);
}

/* ---- requests of the program ---- */

void rt_gc_free_os_memory(void) {
    rt_gc_collect();
    rt_pages_release(0);
}

/* A setting to change with the world stopped; the old value comes back in it. */
typedef struct Change { int64_t *setting, value; } Change;

static void change(void *arg) {
    Change *c = arg;
    rt_stop_world("gc settings");
    int64_t old = *c->setting;
    __atomic_store_n(c->setting, c->value, __ATOMIC_RELAXED);
    c->value = old;
    rt_gc_pace();
    rt_start_world();
}

int64_t rt_gc_percent_set(int64_t percent) {
    Change c = {&rt_gc_settings.percent, percent < 0 ? -1 : percent};
    rt_system_stack(change, &c);
    rt_gc_poll(0);
    return c.value;
}

int64_t rt_gc_limit_set(int64_t bytes) {
    if (bytes < 0) return rt_gc_settings.limit;
    Change c = {&rt_gc_settings.limit, bytes};
    rt_system_stack(change, &c);
    rt_gc_poll(0);
    return c.value;
}
