/* mark.c: tracing of objects by several workers.
 *
 * Each worker has a stack of addresses that something refers to. Between it and the objects stands a short queue:
 * an address taken from the stack is looked up, its mark word and object are prefetched, and it is visited when it
 * leaves the queue (Cher, Hosking and Vitek, Software prefetching for mark-sweep garbage collection, ASPLOS 2004).
 * Visiting sets the mark bit and, the first time, puts what the object refers to on the stack.
 *
 * A worker without work takes a chunk from a list that all share; others see that it waits and give away the oldest
 * half of their stack, which stands for the most work. Marking is over when all wait. Objects larger than PART_BYTES
 * are scanned in parts: the rest goes back on the stack, as a tagged address, before a part is scanned. */
#include "runtime/heap/mark.h"
#include <sched.h>

enum {
    AHEAD = 16,                   /* length of the queue; a power of two */
    HALF = MARK_STACK / 2,
    SHARE_FROM = 8,               /* addresses a worker must have to give some away */
    PART_BYTES = 64 << 10,
    SPINS = 200,                  /* looks at the shared list before the thread yields */
};
#define PART_TAG ((uintptr_t)1 << 63)

/* Addresses on their way from one worker to another. */
typedef struct Chunk { struct Chunk *next; uint32_t n; uintptr_t at[HALF]; } Chunk;

/* Owner: the collector. lock protects the lists; the numbers change atomically. */
static struct {
    RtSpin lock;
    Chunk *full, *unused;
    int workers, idle;
    RtMarker **markers;
    int made;
} marking;

void rt_mark_start(int workers) {
    if (workers > marking.made) {
        RtMarker **more = rt_persistent((size_t)workers * sizeof *more);
        for (int i = 0; i < workers; i++) more[i] = i < marking.made ? marking.markers[i] : rt_persistent(sizeof(RtMarker));
        marking.markers = more;
        marking.made = workers;
    }
    marking.workers = workers;
    marking.idle = 0;
    for (int i = 0; i < workers; i++) {
        marking.markers[i]->shared = workers > 1;
        marking.markers[i]->n = 0;
        marking.markers[i]->stack_bytes = 0;
    }
}

RtMarker *rt_marker(int worker) { return marking.markers[worker]; }

/* ---- sharing ---- */

static Chunk *take_chunk(Chunk **list) {
    if (!__atomic_load_n(list, __ATOMIC_RELAXED)) return NULL;
    rt_spin_lock(&marking.lock);
    Chunk *c = *list;
    if (c) __atomic_store_n(list, c->next, __ATOMIC_RELAXED);
    rt_spin_unlock(&marking.lock);
    return c;
}

static void put_chunk(Chunk **list, Chunk *c) {
    rt_spin_lock(&marking.lock);
    c->next = *list;
    __atomic_store_n(list, c, __ATOMIC_RELAXED);
    rt_spin_unlock(&marking.lock);
}

void rt_mark_spill(RtMarker *w) {
    Chunk *c = take_chunk(&marking.unused);
    if (!c) c = rt_persistent(sizeof *c);
    c->n = w->n / 2;
    memcpy(c->at, w->at, c->n * sizeof w->at[0]);
    w->n -= c->n;
    memmove(w->at, w->at + c->n, w->n * sizeof w->at[0]);
    put_chunk(&marking.full, c);
}

static bool take_shared(RtMarker *w) {
    Chunk *c = take_chunk(&marking.full);
    if (!c) return false;
    memcpy(w->at, c->at, c->n * sizeof w->at[0]);
    w->n = c->n;
    put_chunk(&marking.unused, c);
    return true;
}

/* More work for a worker that has none; false: there is none anywhere. */
static bool find_work(RtMarker *w) {
    if (take_shared(w)) return true;
    if (!w->shared) return false;
    __atomic_add_fetch(&marking.idle, 1, __ATOMIC_ACQ_REL);
    for (int spins = 0; __atomic_load_n(&marking.idle, __ATOMIC_ACQUIRE) < marking.workers; spins++) {
        if (__atomic_load_n(&marking.full, __ATOMIC_RELAXED)) {
            __atomic_sub_fetch(&marking.idle, 1, __ATOMIC_ACQ_REL);
            if (take_shared(w)) return true;
            __atomic_add_fetch(&marking.idle, 1, __ATOMIC_ACQ_REL);
        }
        if (spins % SPINS == SPINS - 1) sched_yield();
        else rt_pause();
    }
    return false;
}

/* ---- contents ---- */

void rt_mark_words(RtMarker *w, const void *lo, const void *hi) {
    for (const uintptr_t *p = lo; p < (const uintptr_t *)hi; p++) rt_mark_word(w, *p);
}

RT_NO_TSAN void rt_mark_changing(RtMarker *w, const void *lo, const void *hi) {
    for (const volatile uintptr_t *p = lo; p < (const volatile uintptr_t *)hi; p++) rt_mark_word(w, *p);
}

RT_INLINE void mark_masked(RtMarker *w, const uintptr_t *obj, uint64_t mask) {
    for (; mask; mask &= mask - 1) rt_mark_word(w, obj[__builtin_ctzll(mask)]);
}

/* A value too large for one mask word, or the part of it in [lo, hi). */
static void mark_long(RtMarker *w, const uintptr_t *value, uintptr_t lo, uintptr_t hi, const uint8_t *gcdata) {
    for (uintptr_t i = lo; i < hi; i++)
        if (gcdata[i / 8] >> (i % 8) & 1) rt_mark_word(w, value[i]);
}

static uint64_t mask_of(const GoType *t) {
    uint64_t mask = 0, bytes = (t->ptr_bytes / sizeof(void *) + 7) / 8;
    for (uint64_t i = 0; i < bytes; i++) mask |= (uint64_t)t->gcdata[i] << (8 * i);
    return mask;
}

/* What [lo, hi) refers to: a part of an array of type that begins at base and ends, with a whole element, before end. */
static void mark_elements(RtMarker *w, uintptr_t base, uintptr_t end, uintptr_t lo, uintptr_t hi, const GoType *type) {
    if (!type || !type->gcdata || (type->kind & GK_GC_PROG)) {
        rt_mark_words(w, (void *)lo, (void *)hi);
        return;
    }
    uintptr_t size = type->size, words = type->ptr_bytes / sizeof(void *);
    bool small = words <= WORD_BITS;
    uint64_t mask = small ? mask_of(type) : 0;
    for (uintptr_t at = base + (lo - base) / size * size; at < hi && at + size <= end; at += size) {
        if (small) {
            mark_masked(w, (const uintptr_t *)at, mask);
        } else {
            uintptr_t from = at < lo ? (lo - at) / sizeof(void *) : 0, to = (hi - at) / sizeof(void *);
            mark_long(w, (const uintptr_t *)at, from, to < words ? to : words, type->gcdata);
        }
    }
}

void rt_mark_typed(RtMarker *w, const void *lo, const void *hi, const GoType *type) {
    mark_elements(w, (uintptr_t)lo, (uintptr_t)hi, (uintptr_t)lo, (uintptr_t)hi, type);
}

/* The part of a large object from `from` on. */
static void mark_part(RtMarker *w, const RtSpan *s, uintptr_t from) {
    uintptr_t end = end_of_large(s), to = end - from > PART_BYTES ? from + PART_BYTES : end;
    if (to < end) {
        if (w->n == MARK_STACK) rt_mark_spill(w);
        w->at[w->n++] = to | PART_TAG;
    }
    mark_elements(w, s->base, end, from, to, s->type);
}

/* The object at p in a slot of s, or in all of s. */
RT_INLINE void mark_object(RtMarker *w, const RtSpan *s, uintptr_t p) {
    if (RT_LIKELY(s->scan == SCAN_MASK)) {
        mark_masked(w, (const uintptr_t *)p, s->mask);
    } else if (s->state == SPAN_LARGE) {
        mark_part(w, s, p);
    } else if (s->state == SPAN_CHUNK) {
        rt_chunk_marked(w, s);
        mark_part(w, s, p);
    } else {
        uintptr_t end = p + s->size - TYPE_WORD;
        mark_elements(w, p, end, p, end, *(const GoType *const *)end);
    }
}

void rt_mark_contents(RtMarker *w, RtSpan *s, uint32_t slot) {
    if (s->scan != SCAN_NONE) mark_object(w, s, s->base + (uintptr_t)slot * s->size);
}

/* ---- tracing ---- */

typedef struct Pending { RtSpan *span; uint32_t slot; } Pending;

/* Finds the object that p points into and asks for its memory; false: there is none. */
RT_INLINE bool look_up(RtMarker *w, uintptr_t p, Pending *out) {
    if (RT_UNLIKELY(p & PART_TAG)) {
        p &= ~PART_TAG;
        mark_part(w, span_of(p), p);
        return false;
    }
    RtSpan *s = span_of(p);
    if (RT_UNLIKELY(!s)) return false;
    uint32_t slot = slot_of(s, p);
    if (RT_UNLIKELY(slot >= s->count)) return false;
    __builtin_prefetch(&s->marks[slot / WORD_BITS], 1);
    __builtin_prefetch((const void *)(p & ~(uintptr_t)63));
    *out = (Pending){s, slot};
    return true;
}

RT_INLINE void visit(RtMarker *w, Pending v) {
    uint64_t *word = &v.span->marks[v.slot / WORD_BITS], bit = (uint64_t)1 << (v.slot % WORD_BITS);
    if (__atomic_load_n(word, __ATOMIC_RELAXED) & bit) return;
    if (!w->shared) *word |= bit;
    else if (__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) return;
    if (v.span->scan != SCAN_NONE) mark_object(w, v.span, v.span->base + (uintptr_t)v.slot * v.span->size);
}

static void drain_own(RtMarker *w) {
    Pending queue[AHEAD];
    for (uint32_t head = 0, tail = 0;; head++) {
        while (tail - head < AHEAD && w->n) tail += look_up(w, w->at[--w->n], &queue[tail % AHEAD]);
        if (head == tail) return;
        visit(w, queue[head % AHEAD]);
        if (w->n >= SHARE_FROM && __atomic_load_n(&marking.idle, __ATOMIC_RELAXED) > 0 &&
            !__atomic_load_n(&marking.full, __ATOMIC_RELAXED))
            rt_mark_spill(w);
    }
}

void rt_mark_drain(RtMarker *w) {
    do drain_own(w);
    while (find_work(w));
}
