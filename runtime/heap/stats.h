/* stats.h: runtime.MemStats, as the program sees it. */
#ifndef GOO_HEAP_STATS_H
#define GOO_HEAP_STATS_H

#include <stdbool.h>
#include <stdint.h>

enum { MEM_STATS_PAUSES = 256, MEM_STATS_SIZES = 61 };

struct RtMemStats {
    uint64_t alloc, total_alloc, sys, lookups, mallocs, frees;
    uint64_t heap_alloc, heap_sys, heap_idle, heap_inuse, heap_released, heap_objects;
    uint64_t stack_inuse, stack_sys, mspan_inuse, mspan_sys, mcache_inuse, mcache_sys, buckhash_sys, gc_sys, other_sys;
    uint64_t next_gc, last_gc, pause_total_ns;
    uint64_t pause_ns[MEM_STATS_PAUSES], pause_end[MEM_STATS_PAUSES];
    uint32_t num_gc, num_forced_gc;
    double gc_cpu_fraction;
    bool enable_gc, debug_gc;
    struct { uint32_t size; uint64_t mallocs, frees; } by_size[MEM_STATS_SIZES];
};

#endif
