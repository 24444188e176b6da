/* segment.c: the supply of segments: carved from large mappings, kept in lists by size.
 *
 * Address space is mapped in large pieces and never unmapped; the system provides pages when they are touched. A
 * processor keeps some free segments of each class and exchanges batches with the global lists, so that their lock is
 * held for a few instructions now and then. Large segments lose their pages on the way there.
 *
 * First segments are an odd number of cache lines long, so that the busy ends of many stacks fall into different sets
 * of the caches; they lie dense, apart from the others.
 *
 * Without -fsplit-stack a goroutine has one segment, a mapping of its own with an inaccessible range below. The range
 * is wide because a function with a large frame can step far below its caller before it touches memory.
 *
 * Free segments are linked by `inner`; a global list is a list, by `outer`, of batches. */
#include "runtime/sched/segment.h"
#include <sys/mman.h>

enum {
    LINE = 64,
    PAGE = 4096,
#ifndef RT_TSAN
    FIRST_SIZE = 35 * LINE,
#else
    FIRST_SIZE = RT_STACK_SLACK + 35 * LINE,
#endif
    REGION = 16 << 20,
    BATCH_BYTES = 64 << 10, /* a batch: as many segments as fit, but at least one */
    MOST_KEPT = 1 << 20,    /* larger segments stay with no processor */
    GIVE_BACK = 64 << 10,   /* from this size on free segments of the global lists have no pages */
    GUARD = 256 << 20,
};

/* ---- address space ---- */

typedef struct Region { uint8_t *next, *end; } Region;

/* Owner: the process; protected by lock. */
static struct {
    RtSpin lock;
    RtSegment *batches[RT_STACK_CLASSES];
    Region first, others; /* first segments; all others */
} pool;

static uint8_t *map(size_t size, int access) {
    uint8_t *p = mmap(NULL, size, access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

#if RT_SPLIT_STACK
size_t rt_segment_size(uint32_t size_class) {
    if (size_class == SC_FIRST) return FIRST_SIZE;
    size_t size = (size_t)PAGE << (size_class - SC_LEAST);
    return size < GIVE_BACK ? size + LINE : size;
}

static uint8_t *carve_locked(Region *r, size_t size) {
    if ((size_t)(r->end - r->next) < size) return NULL;
    uint8_t *p = r->next;
    r->next += size;
    return p;
}

static uint8_t *carve(uint32_t size_class, size_t size) {
    if (size > REGION / 4) return map(size, PROT_READ | PROT_WRITE);
    Region *r = size_class == SC_FIRST ? &pool.first : &pool.others;
    rt_spin_lock(&pool.lock);
    uint8_t *p = carve_locked(r, size);
    rt_spin_unlock(&pool.lock);
    if (p) return p;
    uint8_t *fresh = map(REGION, PROT_READ | PROT_WRITE);
    if (!fresh) return NULL;
    rt_spin_lock(&pool.lock);
    p = carve_locked(r, size); /* another thread may have been faster */
    if (!p) {
        *r = (Region){fresh, fresh + REGION};
        fresh = NULL;
        p = carve_locked(r, size);
    }
    rt_spin_unlock(&pool.lock);
    if (fresh) munmap(fresh, REGION);
    return p;
}
#else
size_t rt_segment_size(uint32_t size_class) { return size_class == SC_FIRST ? 64 << 20 : (size_t)1 << 30; }

static uint8_t *carve(uint32_t size_class, size_t size) {
    (void)size_class;
    uint8_t *p = map(GUARD + size, PROT_NONE);
    if (!p) return NULL;
    if (mprotect(p + GUARD, size, PROT_READ | PROT_WRITE) == 0) return p + GUARD;
    munmap(p, GUARD + size);
    return NULL;
}
#endif

bool rt_stack_guards(const RtGoroutine *g, const void *at) {
    const uint8_t *lo = !RT_SPLIT_STACK && g->segment ? g->segment->lo : NULL;
    return lo && (const uint8_t *)at < lo && (const uint8_t *)at >= lo - GUARD;
}

/* ---- records ---- */

/* Bytes above the limit of a segment without stack arguments or a return address. */
enum { ENTRY_ROOM = 32 };

uint32_t rt_segment_class(size_t need) {
    uint32_t c = SC_LEAST;
    while (c < RT_STACK_CLASSES && rt_segment_size(c) < need + RT_STACK_SLACK + sizeof(RtSegment) + ENTRY_ROOM) c++;
    return c;
}

static RtSegment *make(uint8_t *lo, uint32_t size_class) {
    uint8_t *end = lo + rt_segment_size(size_class);
    if (size_class == SC_FIRST) end -= RT_GOROUTINE_ROOM;
    RtSegment *s = (RtSegment *)end - 1;
    *s = (RtSegment){.lo = lo, .hi = (uint8_t *)s, .size_class = size_class};
    s->room = (size_t)(s->hi - s->lo) - RT_STACK_SLACK - ENTRY_ROOM;
    return s;
}

static uint32_t batch_size(uint32_t size_class) {
    size_t size = rt_segment_size(size_class);
    return RT_SPLIT_STACK && size < BATCH_BYTES ? (uint32_t)(BATCH_BYTES / size) : 1;
}

/* Batches of first segments are not aligned. */
static void populate(uint8_t *at, size_t size) {
    uint8_t *first = (uint8_t *)((uintptr_t)at & ~(uintptr_t)(PAGE - 1));
    rt_sys_populate(first, (size_t)(at + size - first));
}

static RtSegment *make_batch(uint32_t size_class) {
    size_t size = rt_segment_size(size_class);
    uint32_t n = batch_size(size_class);
    uint8_t *at = carve(size_class, n * size);
    if (!at) return NULL;
    if (n > 1) populate(at, n * size);
    RtSegment *list = NULL;
    for (uint32_t i = n; i-- > 0;) { /* the lowest comes out first */
        RtSegment *s = make(at + i * size, size_class);
        s->inner = list;
        list = s;
    }
    list->batch = n;
    return list;
}

/* ---- the global lists ---- */

static RtSegment *take_batch(uint32_t size_class) {
    rt_spin_lock(&pool.lock);
    RtSegment *b = pool.batches[size_class];
    if (b) pool.batches[size_class] = b->outer;
    rt_spin_unlock(&pool.lock);
    return b ? b : make_batch(size_class);
}

static void put_batch(RtSegment *b, uint32_t n) {
    b->batch = n;
    rt_spin_lock(&pool.lock);
    b->outer = pool.batches[b->size_class];
    pool.batches[b->size_class] = b;
    rt_spin_unlock(&pool.lock);
}

static void give_pages_back(RtSegment *s) {
    uint8_t *end = (uint8_t *)((uintptr_t)s & ~(uintptr_t)(PAGE - 1));
    if (rt_segment_size(s->size_class) >= GIVE_BACK) madvise(s->lo, (size_t)(end - s->lo), MADV_DONTNEED);
}

/* ---- a processor's lists ---- */

RtSegment *rt_segment_take(RtStackCache *c, uint32_t size_class) {
    RtSegment *s = c ? c->free[size_class] : NULL;
    uint32_t n = c ? c->count[size_class] : 0;
    if (!s) {
        s = take_batch(size_class);
        if (!s) return NULL;
        n = s->batch;
    }
    if (c) {
        c->free[size_class] = s->inner;
        c->count[size_class] = n - 1;
    } else if (n > 1) {
        put_batch(s->inner, n - 1);
    }
    s->inner = s->outer = NULL;
    return s;
}

void rt_segment_put(RtStackCache *c, RtSegment *s) {
    uint32_t size_class = s->size_class, batch = batch_size(size_class);
    if (!c || rt_segment_size(size_class) > MOST_KEPT) {
        s->inner = NULL;
        give_pages_back(s);
        put_batch(s, 1);
        return;
    }
    s->inner = c->free[size_class];
    c->free[size_class] = s;
    if (++c->count[size_class] <= 2 * batch) return;
    RtSegment *last = s; /* the newest stay: they are in the caches */
    for (uint32_t i = 1; i <= batch; i++) last = last->inner;
    RtSegment *old = last->inner;
    last->inner = NULL;
    uint32_t n = c->count[size_class] - batch - 1;
    c->count[size_class] -= n;
    give_pages_back(old);
    put_batch(old, n);
}

void rt_stack_flush(RtStackCache *c) {
    for (uint32_t i = 0; i < RT_STACK_CLASSES; i++) {
        if (c->free[i]) put_batch(c->free[i], c->count[i]);
        c->free[i] = NULL;
        c->count[i] = 0;
    }
}
