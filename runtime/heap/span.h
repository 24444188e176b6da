/* span.h: the inside of the heap: pages, spans, kinds of objects. Shared by the files of this folder only.
 *
 * The heap is one range of address space, reserved at the start and committed from its low end as the program grows.
 * It is divided into pages, and these into spans: runs of pages that hold slots of one size, or one large object, or
 * nothing. A table gives the span of every page, so that any address in the range is an object, in a few steps.
 *
 * A slot is free or used; there is no list of free ones. After a collection the mark bits of a span are its map: a
 * run of slots that are not marked is allocated from by moving a pointer (RtBin), and the cursor says up to
 * where the span's runs have been taken. This is lazy sweeping as in mark-region collectors (Blackburn and McKinley,
 * Immix, PLDI 2008), with slots instead of lines.
 *
 * How an object is scanned depends on its kind:
 *   - without pointers: not at all;
 *   - up to RT_SMALL_MAX bytes: by a mask with a bit a word that all slots of a span share, so spans are
 *     segregated by (size class, mask); descriptors with equal masks share them;
 *   - up to RT_MEDIUM_MAX bytes: by the type word in the last eight bytes of the slot;
 *   - larger: by the type in the span. */
#ifndef GOO_HEAP_SPAN_H
#define GOO_HEAP_SPAN_H

#include "runtime/rt.h"

enum {
    PAGE_SHIFT = 13,
    PAGE_BYTES = 1 << PAGE_SHIFT,
    RT_SMALL_MAX = 512,         /* 64 words: one mask */
    RT_MEDIUM_MAX = 32768,
    TYPE_WORD = sizeof(const GoType *),
    LARGE_FROM = RT_MEDIUM_MAX - TYPE_WORD, /* larger requests have spans of their own, as in Go */
    SPAN_MAX = 128 << 10,       /* bytes of a span of slots; index arithmetic depends on it */
    WORD_BITS = 64,
};

typedef struct RtMarker RtMarker;

/* How the objects of a span are scanned. */
typedef enum Scan { SCAN_NONE, SCAN_MASK, SCAN_TYPED } Scan;

typedef enum SpanState {
    SPAN_FREE,  /* in a list of free runs */
    SPAN_BUSY,  /* someone is making it, or giving its memory back */
    SPAN_SLOTS,
    SPAN_LARGE,
    SPAN_CHUNK,   /* of an arena: any word may be a pointer, up to where it has been allocated from (chunks.c) */
    SPAN_GUARDED, /* it was one; inaccessible, as long as something may refer to it */
} SpanState;

/* A run of pages. Owner: the heap lock while SPAN_FREE or changing state; otherwise the processor whose bin refers
 * to it (cursor), or the kind's lock while it is on its list. marks belong to the collector; allocation reads them. */
struct RtSpan {
    uintptr_t base;
    uint64_t mask;       /* SCAN_MASK: the words that may be pointers */
    uint32_t size;       /* of a slot; large: unused */
    uint32_t count;      /* slots; 0 when free, so that no address in it is an object */
    uint32_t reciprocal; /* of size, for slot numbers; 0 when there is one slot */
    uint8_t state;       /* SpanState; atomic */
    uint8_t scan;        /* Scan */
    uint8_t order;       /* of the record: marks has room for 1 << order words */
    bool dirty;          /* free slots may hold old contents */
    bool secret;         /* SPAN_CHUNK: locked in memory, to be wiped */
    bool counted;        /* SPAN_CHUNK: as allocated, for the pace of collections */
    uint32_t cursor;     /* slots before it have been considered for allocation */
    uint32_t live;       /* marked slots, after a collection; of a free run: dirty pages */
    uint64_t pages;
    RtSpan *next, *prev; /* in the free list, or the kind's list of spans to allocate from */
    RtKind *kind;        /* SPAN_SLOTS */
    const GoType *type;  /* SPAN_LARGE: of its elements; NULL: any word may be a pointer */
    uint64_t bytes;      /* SPAN_LARGE: as requested; SPAN_CHUNK: as allocated, once that is known (top) */
    RtArena *arena;      /* SPAN_CHUNK: the one it belongs to; NULL: a spare one of a processor's */
    uint8_t *const *top; /* SPAN_CHUNK: where the arena keeps up to where it has been allocated from; NULL: in bytes */
    uintptr_t released;  /* SPAN_GUARDED: the call that released it, as a return address */
    uint64_t marks[];    /* a bit a slot */
};

/* All objects of one size class and one way of scanning. Never freed. */
struct RtKind {
    uint32_t id;
    uint32_t size;       /* of a slot */
    uint8_t size_class;
    uint8_t scan;
    uint64_t mask;
    RtSpin lock;         /* protects the list */
    RtSpan *first, *last; /* spans with free slots that no bin refers to */
    uint64_t spans;      /* that exist; atomic */
    uint64_t allocated;  /* objects, ever; atomic; what bins have not reported is missing */
    uint64_t live, freed; /* objects that the last collection found; that were freed, ever: the collector's */
    RtKind *hash_next;
};

/* ---- addresses ---- */

/* The range. Set once; used grows. */
typedef struct RtHeapRange {
    uintptr_t base;
    uintptr_t used;      /* bytes committed, from base on */
    RtSpan **table;      /* a span a page; NULL where none begins or covers it */
    uint8_t *dirty;      /* a byte a page: whether it may hold anything but zero */
    uintptr_t reserved;
} RtHeapRange;
extern RtHeapRange rt_heap;

RT_INLINE bool is_heap_address(uintptr_t p) { return p - rt_heap.base < rt_heap.used; }

/* The span of a heap address; NULL inside of free runs. */
RT_INLINE RtSpan *span_of(uintptr_t p) { return rt_heap.table[(p - rt_heap.base) >> PAGE_SHIFT]; }

/* Exact, because offsets are below 2^17 and sizes at most 2^15. */
RT_INLINE uint32_t slot_of(const RtSpan *s, uintptr_t p) {
    return (uint32_t)(((p - s->base) * s->reciprocal) >> 32);
}

RT_INLINE bool is_marked(const RtSpan *s, uint32_t slot) {
    return s->marks[slot / WORD_BITS] >> (slot % WORD_BITS) & 1;
}

/* What s, so far busy, is now. Who frees the pages beside it looks at its state meanwhile. */
RT_INLINE void set_state(RtSpan *s, SpanState state) { __atomic_store_n(&s->state, state, __ATOMIC_RELAXED); }

/* Up to where an object of a span of its own may hold pointers. */
RT_INLINE uintptr_t end_of_large(const RtSpan *s) { return s->top ? (uintptr_t)*s->top : s->base + s->bytes; }

/* ---- pages.c ---- */

/* A lock for short sections that may make a system call. */
void rt_heap_lock(void), rt_heap_unlock(void);
/* A run of pages, as a record with room for a mark bit a slot; in the table. NULL: the system gives no more. */
RtSpan *rt_pages_alloc(uint64_t pages, uint32_t slots);
void rt_pages_free(RtSpan *s);
/* Whether the pages of a new span may hold anything but zero; says that they will. */
bool rt_pages_take_dirty(const RtSpan *s);
/* The same, for spans that will be used from end to end: the system provides fresh pages at once. */
bool rt_pages_take_used(const RtSpan *s);
/* Gives free pages back to the system until at most keep bytes of them are still held. */
void rt_pages_release(uint64_t keep);
/* Between the two no pages are given back. A stop of the world does not wait for the monitor, which gives some back, too. */
void rt_pages_hold(void), rt_pages_unhold(void);
/* Calls fn with every span that is in use. fn may free the span. World stopped, pages held. */
void rt_pages_each(void (*fn)(RtSpan *s, void *arg), void *arg);
/* Takes away from and gives back to the program the access to a span's pages, with their contents or (drop) without.
 * False: the system has no more mappings. */
bool rt_pages_protect(const RtSpan *s, bool drop);
void rt_pages_unprotect(uintptr_t lo, uintptr_t hi);
/* Locks them in memory, out of core dumps; or the opposite. False: the system refuses. */
bool rt_pages_lock(const RtSpan *s, bool lock);
/* Bytes of free pages that the system has not been given back; of all pages that it has not; of pages in spans. */
uint64_t rt_pages_idle(void), rt_pages_held(void), rt_pages_in_use(void);
void rt_pages_start(void);
/* The end of a program that could not get size bytes. */
_Noreturn void rt_out_of_memory(size_t size);

/* ---- classes.c ---- */
extern const uint16_t rt_class_size[RT_SIZE_CLASSES];
/* The class of a size up to RT_MEDIUM_MAX. */
int rt_class_of(size_t size);
extern uint8_t rt_class_small[], rt_class_medium[];
void rt_classes_start(void);

/* ---- kinds.c ---- */
RtKind *rt_kind_fixed(int id);
/* The kind of objects of a class that are scanned by mask. */
RtKind *rt_kind_masked(int size_class, uint64_t mask);
/* Calls fn with every kind that exists. */
void rt_kinds_each(void (*fn)(RtKind *k, void *arg), void *arg);
/* The bin of a processor for a kind. */
RtBin *rt_kind_bin(RtHeapCache *c, RtKind *k);
/* The mask that type, repeated, gives an object of a class of small sizes. */
uint64_t rt_kind_mask(const GoType *type, int size_class);
/* Gives bin its next run of free slots: of its span, of another one, of new pages. False: out of memory. */
bool rt_kind_refill(RtHeapCache *c, RtBin *b);
/* Forgets all runs of a processor, before a collection. */
void rt_kind_flush(RtHeapCache *c);
/* Counts what was allocated from the runs of a processor, which go on. */
void rt_kind_report(RtHeapCache *c);

/* ---- chunks.c ---- */
/* Marking found s, a chunk. */
void rt_chunk_marked(RtMarker *w, const RtSpan *s);
/* Nothing refers to s, a chunk or a guarded one; its pages are freed, at once or by rt_chunks_swept. World stopped. */
void rt_chunk_unused(RtSpan *s);
void rt_chunks_swept(void);
/* Forgets the processor's spare chunks, before a collection. */
void rt_chunks_flush(RtHeapCache *c);
/* Whether so much is guarded that a collection should look what of it can be freed. */
bool rt_chunks_due(void);

/* ---- persistent.c ---- */
uint64_t rt_persistent_mapped(void); /* bytes */

#endif
