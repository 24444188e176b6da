/* heap.h: the garbage-collected heap: what the runtime and compiled code see of it.
 *
 * A non-moving mark-sweep heap. Objects live as long as something refers to them, to their start or into them:
 * from variables of the program, from stacks and registers (any word that looks like a pointer), from other objects
 * (by the layout of their type), from memory registered with rt_heap_add_root. Every allocation is zeroed and 8-byte
 * aligned, 16-byte when its size is a multiple of 16.
 *
 * Any allocation may collect, and a collection waits for all other processors: nothing may be allocated while a spin
 * lock is held, or by code that others wait for in a loop. */
#ifndef GOO_HEAP_H
#define GOO_HEAP_H

#include "runtime/abi.h"

/* ---- allocating (alloc.c) ---- */

/* size bytes holding whole values of type (NULL: no pointers in it). size 0 gives a valid shared address. */
void *rt_heap_alloc(size_t size, const GoType *type);
/* size bytes any aligned word of which may be a pointer: for the runtime's own structures. */
void *rt_heap_alloc_words(size_t size);
extern const GoType rt_words_type; /* the layout of such memory */
/* size bytes without pointers, contents undefined: for memory that is filled at once. */
void *rt_heap_alloc_raw(size_t size);
extern uint64_t rt_zero_base[2]; /* address of everything of size 0 */

/* ---- chunks of arenas (chunks.c) ---- */

typedef struct RtArena RtArena; /* runtime/mem/arena.h */
typedef struct RtSpan RtSpan;

enum { RT_CHUNK_TAIL = 16 }; /* bytes of its pages that stay unused: the end of what is allocated is an address in it */

/* A chunk of at least size bytes, zeroed, for an arena to allocate from; words: any word of it may be a pointer.
 * Lives as long as something points into it, and keeps what the arena's record refers to. certain: it will be released,
 * whatever happens, so it need not make a collection come sooner. On a goroutine's stack; may collect. */
RtSpan *rt_chunk_new(size_t size, bool words, bool certain);
uint8_t *rt_chunk_base(const RtSpan *s);
uint8_t *rt_chunk_limit(const RtSpan *s);  /* the tail begins there */
size_t rt_chunk_bytes(const RtSpan *s);
/* Makes it the first of a list of the arena's chunks, as number serial. top: where the arena keeps up to where it has
 * allocated; NULL: rt_chunk_close follows. */
void rt_chunk_attach(RtSpan *s, RtArena *a, RtSpan **list, uint64_t serial, uint8_t *const *top);
uint64_t rt_chunk_serial(const RtSpan *s);
RtSpan *rt_chunk_next(const RtSpan *s);   /* in the arena's list */
/* It has been allocated from up to there, and the arena goes on with another one. */
void rt_chunk_close(RtSpan *s, const uint8_t *top);
/* The opposite: the arena allocates from it again. */
void rt_chunk_reopen(RtSpan *s, uint8_t *const *top);
/* Takes it out of its list; one of the next two has to follow at once. */
void rt_chunk_unlink(RtSpan *s, RtSpan **list);
/* Nothing refers to it: it can be used again now. */
void rt_chunk_reuse(RtSpan *s);
/* Something may. From now on whoever touches it panics, and the addresses are not used again before nothing refers to
 * them. released: the call that is to be blamed. On a goroutine's stack. */
void rt_chunk_guard(RtSpan *s, uintptr_t released);
/* Locks a new chunk in memory and leaves it out of core dumps; it is wiped before it goes. Panics if the system has no
 * such memory to give. */
void rt_chunk_secure(RtSpan *s);
/* To be called before: collects when no more chunks can be guarded. */
void rt_chunks_make_room(void);
/* What an address in a guarded chunk was released by; 0: it is in no such chunk. Any thread, also in a signal handler. */
uintptr_t rt_chunk_released(uintptr_t p);

/* ---- roots (roots.c) ---- */

/* From now on every aligned word of [p, p + size) may be a pointer into the heap: for the runtime's variables and
 * persistent memory. Any thread; for ever. */
void rt_heap_add_root(const void *p, size_t size);

/* ---- sizes (classes.c) ---- */

/* The bytes an allocation of size occupies: what a growing slice may use up. Go 1.23's size classes, since
 * programs can see the capacities that result. */
size_t rt_heap_round(size_t size, bool noscan);

/* ---- objects (objects.c) ---- */

typedef struct RtObject { void *base; size_t size; } RtObject; /* size: as occupied */
/* The object that p points at or into; false: p is no address of one (a free slot may pass for an object). */
bool rt_heap_find(const void *p, RtObject *out);

/* ---- what Go's packages want of the collector; the name in Go stands beside. On a goroutine's stack ---- */

void rt_gc_collect(void);                          /* runtime.GC */
int64_t rt_gc_percent_set(int64_t percent);        /* runtime/debug.setGCPercent; returns the one before */
int64_t rt_gc_limit_set(int64_t bytes);            /* runtime/debug.setMemoryLimit; negative: only returns it */
void rt_gc_free_os_memory(void);                   /* runtime/debug.freeOSMemory */
void rt_set_finalizer(GoEface obj, GoEface fn);    /* runtime.SetFinalizer; errors are fatal, as in Go */
bool rt_finalizers_wait(int64_t ns);               /* runtime.blockUntilEmptyFinalizerQueue; false: not within that time */
void *rt_weak_handle(void *p);                     /* internal/weak.runtime_registerWeakPointer */
void *rt_weak_get(void *handle);                   /* internal/weak.runtime_makeStrongFromWeak */
void rt_gc_at_start(void (*fn)(void));             /* sync.runtime_registerPoolCleanup: world stopped, allocates nothing */
void rt_gc_after(GoClosure *fn);                   /* unique.runtime_registerUniqueMapCleanup: on a goroutine of its own */
typedef struct RtMemStats RtMemStats;              /* heap/stats.h: layout of runtime.MemStats */
void rt_gc_read_stats(RtMemStats *m);              /* runtime.ReadMemStats */
void rt_gc_pauses(GoSlice *times);                 /* runtime/debug.readGCStats */

/* ---- memory outside of the heap (persistent.c, pages.c) ---- */

/* Never freed, never scanned, zeroed, 16-byte aligned. Any thread. */
void *rt_persistent(size_t size);
/* Bytes of memory the heap holds for objects, used or free, for reports. */
uint64_t rt_heap_in_use(void);

/* Gives memory back to the system that no collection has wanted for a while (pace.c). Any thread, after a collection
 * and when nothing runs. True: there is more than is needed now, that will go back if nothing asks for it, so that it
 * is worth while to call again in RT_GIVE_BACK_NS. */
#define RT_GIVE_BACK_NS INT64_C(1000000000)
bool rt_gc_give_back(int64_t now);

/* ---- set-up (settings.c) ---- */

/* Once, before the first allocation. */
void rt_heap_start(void);

/* ---- what a processor allocates from without locking ---- */

typedef struct RtKind RtKind;

/* A run of free slots, all of one kind. next == end: used up. Slots of up to RT_SMALL_MAX bytes are zero in it. */
typedef struct RtBin {
    uint8_t *next, *end;
    uint32_t size;           /* of a slot; 0 in a bin that was never used */
    uint8_t *start;          /* of the run, to count what was allocated */
    RtSpan *span;            /* that the run lies in */
    RtKind *kind;
} RtBin;

enum {
    RT_SIZE_CLASSES = 68,    /* 0 is for size 0 */
    RT_FIXED_KINDS = 2 * RT_SIZE_CLASSES, /* without pointers by class; with a type word by class */
    RT_KIND_CHUNK = 64,
    RT_KIND_CHUNKS = 128,
    RT_TYPE_SLOTS = 256,
    RT_SPARE_CHUNKS = 4,
};

/* Remembers where objects of a type come from; key: the descriptor's address and, for arrays, the size class. */
typedef struct RtTypeSlot { uintptr_t key; RtBin *bin; } RtTypeSlot;

/* Owner: the processor; the collector, with the world stopped. */
typedef struct RtHeapCache {
    RtTypeSlot slots[RT_TYPE_SLOTS];
    RtBin fixed[RT_FIXED_KINDS];
    RtBin *chunks[RT_KIND_CHUNKS]; /* of the other kinds, made when first used */
    RtSpan *spare[2][RT_SPARE_CHUNKS]; /* chunks of the least size, zeroed, without and with words */
    uint32_t spares[2];
    uint64_t handed_out;           /* bytes of runs taken since the collector was last told */
} RtHeapCache;

#endif
