/* arena.h: allocation that the program directs: arenas, and whatever else stands behind @.
 *
 * A record (RtArena) is what an arena is; *mem.Arena points to a word that points to it, so that copies of a mem.Arena
 * are the same arena. Allocation moves a pointer through a chunk (heap/chunks.c), compiled code does it inline: it
 * knows the first fields. Only the goroutine that made an arena does so without a lock; others have chunks of their own
 * in it. */
#ifndef GOO_ARENA_H
#define GOO_ARENA_H

#include "runtime/rt.h"

/* A chunk's free part. */
typedef struct RtLane {
    uint8_t *next; /* zero from here on */
    uintptr_t end; /* of what is usable */
} RtLane;

enum { LANE_PLAIN, LANE_WORDS, LANES }; /* for objects without pointers, and with */

enum RtArenaFlag {
    RA_RELEASED = 1,   /* allocating panics */
    RA_FIXED = 2,      /* one chunk for everything, which does not grow */
    RA_SECRET = 4,     /* locked in memory, left out of core dumps, wiped */
    RA_BLOCK = 8,      /* of a block or goroutine, which releases it for certain */
};

typedef struct RtMark RtMark;

/* Layout known to ir/arenas.c (lanes, owner) and to package goo/mem (record). Owner of lane, current: the goroutine
 * `owner`. lock protects the rest; nothing is allocated under it. */
struct RtArena {
    RtLane lane[LANES];
    RtG *owner;            /* its record may be used by another goroutine later; then that one is the owner */
    RtLane shared[LANES];  /* of all others, under the lock */
    RtSpan *current[2][LANES]; /* the chunks of lane and shared */
    RtSpan *chunks;        /* all of them, the newest first */
    RtMark *marks;         /* the last one first */
    struct RtBudget *budget; /* of the goroutine that made it: pays for the chunks */
    uint64_t step[LANES];  /* bytes of the next chunk */
    uint64_t first;        /* bytes of the first one */
    uint64_t limit;        /* bytes of all chunks; 0: none */
    uint64_t held;         /* bytes of all chunks */
    uint64_t allocated;    /* bytes handed out, of closed chunks */
    uint64_t serial;       /* of the newest chunk */
    uintptr_t released;    /* the call that released it, as a return address */
    RtSpin lock;
    uint8_t flags;         /* RtArenaFlag */
};

/* What Mark keeps: where the lanes were. A list of the arena's, newest first. */
struct RtMark {
    RtMark *older;
    RtLane lane[2][LANES];
    RtSpan *current[2][LANES];
    uint64_t serial;       /* of the newest chunk then */
};

/* ---- arena.c ---- */

/* size bytes, zeroed, 8-byte aligned; words: they may hold pointers. Panics when the arena was released or is full. */
void *rt_arena_alloc(RtArena *a, size_t size, bool words);
/* Readies a zeroed record. first: bytes of its first chunk, 0 for the usual. */
void rt_arena_init(RtArena *a, int64_t first, uint64_t limit, uint8_t flags);
RtArena *rt_arena_make(int64_t first, uint64_t limit, uint8_t flags);
/* Everything in it is gone. The caller is `released`. for_ever: so is the arena. */
void rt_arena_release(RtArena *a, enum RtRelease how, uintptr_t released, bool for_ever);
/* Everything allocated since m was made is gone; false: m is not the arena's, or no longer. */
RtMark *rt_arena_mark(RtArena *a);
bool rt_arena_rewind(RtArena *a, RtMark *m, enum RtRelease how, uintptr_t released);
typedef struct RtArenaStats { uint64_t allocated, held, chunks; } RtArenaStats;
RtArenaStats rt_arena_stats(RtArena *a);
/* Called by sweeping: nothing points into s, a closed chunk. */
void rt_arena_lose_chunk(RtArena *a, RtSpan *s);

/* ---- at.c ---- */

/* Where to allocate: a mem.Allocator; an arena's record with tab RT_AT_ARENA; all zero: the default heap; with tab
 * RT_AT_SCRATCH the buffer of RT_SCRATCH bytes at data, or the heap for what is larger. */
typedef struct RtAt { void *data; const GoItab *tab; } RtAt;
#define RT_AT_ARENA ((const GoItab *)1)
#define RT_AT_SCRATCH ((const GoItab *)2)
static const RtAt rt_at_heap;
RT_INLINE RtAt rt_at_scratch(void *buf) { return (RtAt){buf, RT_AT_SCRATCH}; }
RT_INLINE bool rt_at_is_scratch(RtAt *at, size_t size) { /* false: *at is not, from now on */
    if (at->tab != RT_AT_SCRATCH) return false;
    if (size <= RT_SCRATCH) return true;
    *at = rt_at_heap;
    return false;
}

/* What compiled code passes (entry.def), as that. */
RtAt rt_at(void *data, const GoItab *tab);

void *rt_at_alloc_slow(RtAt at, size_t size, const GoType *type);
/* As rt_heap_alloc, from there. at is a constant where it is the heap. */
RT_INLINE void *rt_at_alloc(RtAt at, size_t size, const GoType *type) {
    if (rt_at_is_scratch(&at, size)) return memset(at.data, 0, size);
    return at.tab ? rt_at_alloc_slow(at, size, type) : rt_heap_alloc(size, type);
}
RT_INLINE void *rt_at_alloc_words(RtAt at, size_t size) {
    return at.tab ? rt_at_alloc_slow(at, size, &rt_words_type) : rt_heap_alloc_words(size);
}
/* Memory that is filled at once; of the default heap it has undefined contents. */
RT_INLINE void *rt_at_alloc_raw(RtAt at, size_t size) {
    if (rt_at_is_scratch(&at, size)) return at.data;
    return at.tab ? rt_at_alloc_slow(at, size, NULL) : rt_heap_alloc_raw(size);
}

/* The return address of the first call, from the caller's on, that is not in a package of Goo's: who is to be blamed. */
uintptr_t rt_mem_caller(void);

/* ---- in package goo/mem (std/goo/mem), if the program has it ---- */
_Noreturn void rt_panic_used_after_free(uintptr_t at, uintptr_t released, uintptr_t accessed);
bool rt_mem_in_use(void); /* whether it has: else no memory is ever released that somebody may read */
_Noreturn void rt_panic_limit(uint64_t limit, uint64_t used, uint64_t wanted);

#endif
