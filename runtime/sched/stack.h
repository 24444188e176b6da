/* stack.h: goroutine stacks: chains of segments.
 *
 * Every function that is compiled here or by the compiler compares its stack pointer with the limit of the segment it
 * is on (%fs:0x70 on x86-64, GCC's -fsplit-stack) and, without room, continues on the next segment; when it returns,
 * so does the stack. Segments are carved from large mappings, so their number is not bounded by the system's limit on
 * mappings. Below the limit of each lies RT_STACK_SLACK, for code without checks: the C library, assembly, and the
 * registers of a preempted goroutine. */
#ifndef GOO_STACK_H
#define GOO_STACK_H

#include "runtime/abi.h"

typedef struct RtGoroutine RtGoroutine;

/* Bounds of a stack: [guard, lo) faults, [lo, hi) is usable. */
typedef struct RtStack { uint8_t *guard, *lo, *hi; } RtStack;

typedef struct RtSegment {
    struct RtSegment *outer;  /* towards the start of the goroutine; NULL: the first */
    struct RtSegment *inner;  /* the next to grow into, kept after a return from it; may be NULL */
    uint8_t *lo, *hi;         /* usable bytes; this record lies apart from them or at hi */
    void *sp;                 /* while an inner segment is in use: where this one continues */
} RtSegment;

/* What a processor keeps of segments to reuse without locking. */
typedef struct RtStackCache { RtSegment *free; int64_t count; } RtStackCache;

extern const size_t rt_stack_max; /* Go's limit: 1,000,000,000 bytes */

#endif
