/* chunks.c: the memory of arenas: spans that an arena allocates from by moving a pointer.
 *
 * To the collector a chunk is one object: it lives as long as anything points into it, so an arena that nobody
 * releases is garbage like everything else. Chunks for objects with pointers are scanned word by word up to
 * where the arena has allocated; others are not scanned. A chunk that the arena has closed knows that itself (bytes),
 * one in use finds it in the arena's record (top), which it keeps alive.
 *
 * Released memory is one of two things. Where the compiler has proved that nothing refers to it any more, it is used
 * again at once (rt_chunk_reuse). Elsewhere the chunk becomes guarded: its pages are inaccessible, so that whoever still
 * has a pointer to it is stopped by a fault (runtime/fault.c), and its addresses are used again only once a
 * collection has found no pointer into it. The pages of large chunks go back to the system at once; small
 * ones keep them, which saves a system call.
 *
 * What arenas allocate is counted for the pace of collections, since an arena may be dropped without a release; but not
 * while it belongs to an arena whose release is certain, of which a collection could free nothing.
 *
 * Guarded chunks divide the heap's mapping, and Linux allows 65,530 mappings: when there are many, or they cover much
 * of the address space, the next allocation collects. */
#include "runtime/heap/mark.h"
#include "runtime/heap/gc.h"
#include "runtime/mem/arena.h"

enum {
    LEAST_PAGES = 1,          /* of a chunk that a processor keeps for the next arena */
    DROP_FROM = 64 << 10,     /* bytes from which pages are given back when a chunk is guarded */
    MANY_GUARDED = 16 << 10,
    MOST_GUARDED = 30 << 10,
    POISON = 0xdb,
};
#define MUCH_GUARDED ((uint64_t)1 << 32)

/* Atomic: chunks that are guarded, their bytes, and how many of each there were after the last collection. */
static struct { uint64_t n, bytes, old_n, old_bytes; } guarded;

/* Owner: the collector. Guarded chunks that follow each other become accessible in one system call. */
static struct { uintptr_t lo, hi; RtSpan *spans; } freed;

uint8_t *rt_chunk_base(const RtSpan *s) { return (uint8_t *)s->base; }
uint8_t *rt_chunk_limit(const RtSpan *s) { return (uint8_t *)s->base + s->pages * PAGE_BYTES - RT_CHUNK_TAIL; }
size_t rt_chunk_bytes(const RtSpan *s) { return s->pages * PAGE_BYTES; }
RtSpan *rt_chunk_next(const RtSpan *s) { return s->next; }
uint64_t rt_chunk_serial(const RtSpan *s) { return s->mask; }

/* ---- making ---- */

static RtSpan *take_spare(bool words) {
    RtHeapCache *c = &rt_p()->heap;
    return c->spares[words] ? c->spare[words][--c->spares[words]] : NULL;
}

RtSpan *rt_chunk_new(size_t size, bool words, bool certain) {
    uint64_t n = (size + RT_CHUNK_TAIL + PAGE_BYTES - 1) / PAGE_BYTES;
    RtSpan *s = n <= LEAST_PAGES && !rt_gc_settings.stress ? take_spare(words) : NULL;
    if (s) return s;
    bool counted = !certain || rt_gc_settings.limit != INT64_MAX;
    rt_gc_poll(counted ? n * PAGE_BYTES : 0);
    while (!(s = rt_pages_alloc(n, 1)))
        if (!rt_gc_for_memory()) rt_out_of_memory(size);
    s->scan = words ? SCAN_TYPED : SCAN_NONE;
    s->counted = counted;
    if (rt_pages_take_used(s)) memset((void *)s->base, 0, n * PAGE_BYTES);
    s->count = 1;
    set_state(s, SPAN_CHUNK);
    return s;
}

void rt_chunk_attach(RtSpan *s, RtArena *a, RtSpan **list, uint64_t serial, uint8_t *const *top) {
    s->arena = a;
    s->mask = serial;
    s->top = top;
    s->prev = NULL;
    s->next = *list;
    if (s->next) s->next->prev = s;
    *list = s;
}

void rt_chunk_close(RtSpan *s, const uint8_t *top) {
    s->bytes = (uintptr_t)top - s->base;
    s->top = NULL;
}

void rt_chunk_reopen(RtSpan *s, uint8_t *const *top) { s->top = top; }

/* ---- secrets ---- */

void rt_chunk_secure(RtSpan *s) {
    if (!rt_pages_lock(s, true)) {
        rt_pages_free(s);
        rt_panic_plain(RT_STR("mem: cannot lock memory for a secret: the limit (ulimit -l) is too low"));
    }
    s->secret = true;
}

/* Before the chunk's memory goes anywhere. */
static void wipe(RtSpan *s) {
    if (!s->secret) return;
    explicit_bzero((void *)s->base, s->pages * PAGE_BYTES);
    rt_pages_lock(s, false);
    s->secret = false;
}

/* ---- releasing ---- */

void rt_chunk_unlink(RtSpan *s, RtSpan **list) {
    if (s->prev) s->prev->next = s->next;
    else *list = s->next;
    if (s->next) s->next->prev = s->prev;
    s->prev = s->next = NULL;
}

/* Tells the collector that it need not look for a chunk's memory any more, or that it must. */
static void set_counted(RtSpan *s, bool counted) {
    size_t size = s->pages * PAGE_BYTES;
    if (s->counted && !counted) rt_gc_forgive(size);
    if (!s->counted && counted) rt_gc_count(size);
    s->counted = counted;
}

static size_t used_bytes(const RtSpan *s) { return end_of_large(s) - s->base; }

void rt_chunk_reuse(RtSpan *s) {
    wipe(s);
    size_t used = used_bytes(s);
    bool words = s->scan != SCAN_NONE;
    s->arena = NULL;
    s->top = NULL;
    s->bytes = 0;
    set_counted(s, false);
    RtHeapCache *c = &rt_p()->heap;
    if (s->pages == LEAST_PAGES && c->spares[words] < RT_SPARE_CHUNKS && !rt_gc_settings.stress) {
        memset((void *)s->base, 0, used);
        c->spare[words][c->spares[words]++] = s;
        return;
    }
    if (rt_gc_settings.poison) memset((void *)s->base, POISON, used);
    rt_pages_free(s);
}

void rt_chunks_make_room(void) {
    if (__atomic_load_n(&guarded.n, __ATOMIC_RELAXED) >= MOST_GUARDED) rt_gc_collect();
}

/* The system had no mapping left: a collection may give some back. base keeps s. */
RT_COLD static void protect_again(RtSpan *s, bool drop, uint8_t *volatile base) {
    rt_gc_collect();
    if (!rt_pages_protect(s, drop) || !base) rt_fatal(RT_STR("runtime: cannot take the access to a released arena away"));
}

void rt_chunk_guard(RtSpan *s, uintptr_t released) {
    size_t size = s->pages * PAGE_BYTES;
    bool drop = size >= DROP_FROM;
    wipe(s);
    s->arena = NULL;
    s->top = NULL;
    s->released = released;
    s->scan = SCAN_NONE;
    __atomic_store_n(&s->state, SPAN_GUARDED, __ATOMIC_RELEASE);
    __atomic_fetch_add(&guarded.n, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&guarded.bytes, size, __ATOMIC_RELAXED);
    if (!rt_pages_protect(s, drop)) protect_again(s, drop, (uint8_t *)s->base);
    set_counted(s, !drop);
}

uintptr_t rt_chunk_released(uintptr_t p) {
    if (!is_heap_address(p)) return 0;
    const RtSpan *s = span_of(p);
    return s && s->state == SPAN_GUARDED ? s->released : 0;
}

/* ---- for the collector ---- */

void rt_chunk_marked(RtMarker *w, const RtSpan *s) {
    if (s->arena) rt_mark_word(w, (uintptr_t)s->arena);
}

/* Whether the record is in a frame, where it is until its arena is released, or an object that was marked. */
static bool is_alive(const RtArena *a) {
    uintptr_t p = (uintptr_t)a;
    if (!is_heap_address(p)) return true;
    const RtSpan *s = span_of(p);
    return s && s->count && is_marked(s, slot_of(s, p));
}

static void free_pending(void) {
    if (freed.lo != freed.hi) rt_pages_unprotect(freed.lo, freed.hi);
    freed.lo = freed.hi = 0;
    for (RtSpan *s; (s = freed.spans);) {
        freed.spans = s->next;
        s->next = NULL;
        rt_pages_free(s);
    }
}

static void free_guarded(RtSpan *s) {
    guarded.n--;
    guarded.bytes -= s->pages * PAGE_BYTES;
    if (s->base != freed.hi) free_pending();
    if (freed.lo == freed.hi) freed.lo = s->base;
    freed.hi = s->base + s->pages * PAGE_BYTES;
    s->state = SPAN_BUSY;
    s->next = freed.spans;
    freed.spans = s;
}

void rt_chunk_unused(RtSpan *s) {
    if (s->state == SPAN_GUARDED) {
        free_guarded(s);
        return;
    }
    if (s->arena && is_alive(s->arena)) rt_arena_lose_chunk(s->arena, s);
    wipe(s);
    if (rt_gc_settings.poison) memset((void *)s->base, POISON, s->pages * PAGE_BYTES); /* top may be gone */
    rt_pages_free(s);
}

void rt_chunks_swept(void) {
    free_pending();
    guarded.old_n = guarded.n;
    guarded.old_bytes = guarded.bytes;
}

void rt_chunks_flush(RtHeapCache *c) {
    c->spares[0] = c->spares[1] = 0; /* nothing refers to them: they are swept */
}

bool rt_chunks_due(void) {
    return __atomic_load_n(&guarded.n, __ATOMIC_RELAXED) - guarded.old_n >= MANY_GUARDED ||
           __atomic_load_n(&guarded.bytes, __ATOMIC_RELAXED) - guarded.old_bytes >= MUCH_GUARDED;
}
