/* stack.h: goroutine stacks: chains of segments.
 *
 * Every function that the compiler makes, and every C function of the runtime, compares its stack pointer with the
 * limit of the segment it is on (%fs:0x70 on x86-64: GCC's -fsplit-stack). Without room it continues on the next
 * segment (morestack_x86_64.S); when it returns, so does the stack. Segments are carved from large mappings, so their
 * number is not bounded by the system's limit on mappings, and they never move.
 *
 * Below the limit of each segment lie RT_STACK_SLACK bytes for code without checks: functions with small frames (GCC
 * compares only the caller's stack pointer for frames below 256 bytes), the C library, assembly, and the registers of
 * a preempted goroutine. On a thread's own stack the limit is 0, so that no check fails.
 *
 * GCC has no -fsplit-stack for AArch64: there a goroutine's only segment is a large mapping, filled on demand, with
 * an inaccessible page below. */
#ifndef GOO_STACK_H
#define GOO_STACK_H

#include "runtime/abi.h"

#if defined(__x86_64__)
#define RT_SPLIT_STACK 1
#else
#define RT_SPLIT_STACK 0
#endif

/* For functions that may begin with any limit in force: signal handlers, and what runs while stacks are switched. */
#if RT_SPLIT_STACK
#define RT_NO_SPLIT __attribute__((no_split_stack))
#else
#define RT_NO_SPLIT
#endif

/* For functions that ThreadSanitizer (make tsan) must not look into: what signal handlers call, since its own functions
 * are no places to be interrupted by themselves, and reads of memory that may change meanwhile, with any outcome right. */
#define RT_NO_TSAN __attribute__((no_sanitize("thread")))

typedef struct RtGoroutine RtGoroutine;

enum {
#ifndef RT_TSAN
    RT_STACK_SLACK = 1152,
#else
    RT_STACK_SLACK = 256 << 10, /* the runtime's C code does not look at limits then, and a report is made on any stack */
#endif
    RT_STACK_CLASSES = 20, /* sizes of segments: the first of a goroutine, then 4 KB << 0 ... 18 (1 GB) */
};

/* A piece of a stack. The record stands at hi. Owner: the goroutine whose chain it is on, or the list of free ones. */
typedef struct RtSegment {
    struct RtSegment *outer;  /* towards the start of the goroutine; NULL: the first */
    struct RtSegment *inner;  /* the next to grow into, kept after a return from it; may be NULL. Free: the next free one */
    uint8_t *lo, *hi;         /* usable bytes, the slack included */
    void *sp;                 /* while an inner segment is in use: where this one continues */
    size_t room;              /* bytes that frames and stack arguments can take: down to the limit */
    uint32_t size_class;
    uint32_t batch;           /* of the first in a global list of free ones: how many there are */
} __attribute__((aligned(16))) RtSegment;

/* What a processor keeps of free segments to reuse without locking. */
typedef struct RtStackCache {
    RtSegment *free[RT_STACK_CLASSES];
    uint32_t count[RT_STACK_CLASSES];
} RtStackCache;

/* The most that a goroutine's segments may add up to: Go's limit, 1,000,000,000 bytes, until debug.SetMaxStack. */
extern size_t rt_stack_max;

/* ---- goroutines and their segments (stack.c): any thread that holds the processor whose cache is given ---- */

/* A goroutine whose record stands at the top of its first segment: zeroed but for segment, first_segment and
 * stack_size. It starts with an empty stack at g->segment->hi, 16-byte aligned. main_stack: a larger one, for the
 * main goroutine. NULL: out of memory. */
RtGoroutine *rt_goroutine_new(RtStackCache *c, bool main_stack);
/* Frees a goroutine that has ended, the record with it. Not on its stack. */
void rt_goroutine_free(RtStackCache *c, RtGoroutine *g);
/* Readies an ended goroutine's stack for another start: back to an empty first segment; the others are freed. Not on
 * its stack. */
void rt_stack_reset(RtStackCache *c, RtGoroutine *g);
/* Frees the segments that a goroutine holds but does not use. It does not run, nor is it in a system call, during
 * which it may cross into them; or it is the caller. */
void rt_stack_trim(RtStackCache *c, RtGoroutine *g);
/* With the world stopped: frees what a goroutine holds beyond the next segment, which it may be calling into again
 * and again. What it holds is then at most some two times what it uses. */
void rt_stack_shrink(RtGoroutine *g);
/* Gives a processor's free segments to all. */
void rt_stack_flush(RtStackCache *c);
/* Calls fn for every part of the stack that is in use, innermost first, from g->sp on. The goroutine does not run, or
 * is in a system call: functions may grow its stack meanwhile, but nothing outside of g->sp changes. */
void rt_each_stack_range(const RtGoroutine *g, void (*fn)(const void *lo, const void *hi, void *arg), void *arg);
/* The segment that holds an address of g's stack, of those in use; NULL: none (a stack of the system's). */
RtSegment *rt_stack_find(const RtGoroutine *g, const void *at);

/* ---- limits ---- */

/* The limit while preemption is asked for: every check fails, and __morestack yields. */
#define RT_STACK_POISON UINTPTR_MAX

/* The present thread's limit. Written on switches to and from goroutines, and by a signal handler that poisons it,
 * which must leave 0 alone. */
static inline void rt_stack_limit_set(uintptr_t limit) {
#if RT_SPLIT_STACK
    __asm__ volatile("movq %0, %%fs:0x70" ::"r"(limit) : "memory");
#else
    (void)limit;
#endif
}
static inline uintptr_t rt_stack_limit_get(void) {
    uintptr_t limit = 0;
#if RT_SPLIT_STACK
    __asm__ volatile("movq %%fs:0x70, %0" : "=r"(limit));
#endif
    return limit;
}
static inline uintptr_t rt_segment_limit(const RtSegment *s) { return (uintptr_t)s->lo + RT_STACK_SLACK; }

#endif
