/* gc.h: the collector's cycle and its pace: what the other files of the heap ask of it. Inside of the heap only. */
#ifndef GOO_HEAP_GC_H
#define GOO_HEAP_GC_H

#include "runtime/heap/span.h"
#include "runtime/heap/settings.h"

/* Called by allocation before it takes new memory, of which more bytes for one large object: may collect. The
 * processor may be another one afterwards. */
void rt_gc_poll(size_t more);
/* The system gives no more memory: collects. False when that was of no use a moment ago. */
bool rt_gc_for_memory(void);
/* So much has been allocated that was not told to rt_gc_poll. */
void rt_gc_count(size_t size);
/* So much of what has been allocated is free again, without a collection. */
void rt_gc_forgive(size_t size);
/* A large object of that size has been allocated. */
void rt_gc_count_large(size_t size);

/* Figures of the collector. Written with the world stopped, except for the atomic ones; the monitor, which is not stopped, reads goal and cycles. */
enum { GC_PAUSES = 256 };
typedef struct RtGcState {
    uint32_t cycles, forced;
    uint64_t allocated;        /* bytes handed out since the last collection, and what large objects took; atomic */
    uint64_t live;             /* bytes of the objects that it found */
    uint64_t goal;             /* heap size at which the next one starts */
    uint64_t trigger;          /* the same, as bytes allocated since; atomic */
    uint64_t roots;            /* bytes of stacks and variables */
    uint64_t large_allocated, large_allocated_bytes; /* objects, ever; atomic */
    uint64_t large_freed, large_freed_bytes;
    int64_t end_unix;          /* of the last collection, ns */
    uint64_t pause_total;
    uint64_t pause[GC_PAUSES], pause_end[GC_PAUSES]; /* rings: of cycle n at (n + GC_PAUSES - 1) % GC_PAUSES */
    int64_t start;             /* of the program, ns */
    uint64_t mark_ns;          /* processor time of all collections */
} RtGcState;
extern RtGcState rt_gc;

/* ---- pace.c ---- */

/* Sets goal and trigger from what is live and the settings. World stopped. */
void rt_gc_pace(void);

/* ---- verify.c: checks of the whole heap; fatal. World stopped ---- */

/* After marking: nothing that is marked refers to an object that is not. */
void rt_heap_verify_marks(void);
/* The table, the lists and the records agree. */
void rt_heap_verify_pages(void);
/* Overwrites the free slots of a span. */
void rt_heap_poison(RtSpan *s);

#endif
