/* stats.c: figures for programs: runtime.ReadMemStats, runtime/debug.ReadGCStats.
 *
 * Objects are counted when a processor gives up a run, and now, with the world stopped, for the runs in use. Frees
 * are known per collection: what had been allocated then, less what it found alive. */
#include "runtime/heap/stats.h"
#include "runtime/heap/gc.h"

_Static_assert((int)GC_PAUSES == (int)MEM_STATS_PAUSES, "one ring");

static void report_processor(RtP *p, void *unused) {
    (void)unused;
    rt_kind_report(&p->heap);
}

static void add_kind(RtKind *k, void *arg) {
    RtMemStats *m = arg;
    m->mallocs += k->allocated;
    m->frees += k->freed;
    m->total_alloc += k->allocated * k->size;
    m->alloc += (k->allocated - k->freed) * k->size;
    if (k->size_class < MEM_STATS_SIZES) {
        m->by_size[k->size_class].mallocs += k->allocated;
        m->by_size[k->size_class].frees += k->freed;
    }
}

static void add_objects(RtMemStats *m) {
    for (int i = 0; i < MEM_STATS_SIZES; i++) m->by_size[i].size = rt_class_size[i];
    rt_each_processor(report_processor, NULL);
    rt_kinds_each(add_kind, m);
    m->mallocs += rt_gc.large_allocated;
    m->frees += rt_gc.large_freed;
    m->total_alloc += rt_gc.large_allocated_bytes;
    m->alloc += rt_gc.large_allocated_bytes - rt_gc.large_freed_bytes;
    m->heap_alloc = m->alloc;
    m->heap_objects = m->mallocs - m->frees;
}

static void add_stack(RtGoroutine *g, void *arg) { *(uint64_t *)arg += g->stack_size; }

static void add_memory(RtMemStats *m) {
    m->heap_sys = rt_heap.used;
    m->heap_inuse = rt_pages_in_use();
    m->heap_idle = m->heap_sys - m->heap_inuse;
    m->heap_released = m->heap_sys - rt_pages_held();
    rt_each_goroutine(add_stack, &m->stack_inuse);
    m->stack_sys = m->stack_inuse;
    m->other_sys = rt_persistent_mapped();
    m->sys = m->heap_sys + m->stack_sys + m->other_sys;
}

static void add_collections(RtMemStats *m) {
    m->next_gc = rt_gc.goal;
    m->last_gc = (uint64_t)rt_gc.end_unix;
    m->pause_total_ns = rt_gc.pause_total;
    memcpy(m->pause_ns, rt_gc.pause, sizeof m->pause_ns);
    memcpy(m->pause_end, rt_gc.pause_end, sizeof m->pause_end);
    m->num_gc = rt_gc.cycles;
    m->num_forced_gc = rt_gc.forced;
    int64_t run = rt_nanotime() - rt_gc.start;
    m->gc_cpu_fraction = run > 0 ? (double)rt_gc.mark_ns / ((double)run * rt_gomaxprocs()) : 0;
    m->enable_gc = true;
}

static void read_stats(void *arg) {
    RtMemStats *m = arg;
    rt_stop_world("read mem stats");
    memset(m, 0, sizeof *m);
    add_objects(m);
    add_memory(m);
    add_collections(m);
    rt_start_world();
}

void rt_gc_read_stats(RtMemStats *m) { rt_system_stack(read_stats, m); }

/* Layout: pauses, their ends (both newest first), the last collection's end, their number, the sum of pauses. */
static void read_pauses(void *arg) {
    GoSlice *s = arg;
    rt_stop_world("read gc stats");
    uint64_t *to = s->ptr;
    uint32_t n = rt_gc.cycles < GC_PAUSES ? rt_gc.cycles : GC_PAUSES;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = (rt_gc.cycles - 1 - i) % GC_PAUSES;
        to[i] = rt_gc.pause[at];
        to[n + i] = rt_gc.pause_end[at];
    }
    to[n + n] = (uint64_t)rt_gc.end_unix;
    to[n + n + 1] = rt_gc.cycles;
    to[n + n + 2] = rt_gc.pause_total;
    s->len = n + n + 3;
    rt_start_world();
}

void rt_gc_pauses(GoSlice *times) {
    if (times->cap < 2 * GC_PAUSES + 3) rt_fatal(RT_STR("short slice passed to readGCStats"));
    rt_system_stack(read_pauses, times);
}
