/* pool.c: pools.
 *
 * A pool carves slots from blocks: large objects of the heap, arrays of the pool's type, so that the collector scans
 * them by that type, and a slot only ever holds values of it. Behind the array a block has a word a slot that says
 * whether it is in use; the block's span has the pool's number. So freeing finds out in a few steps whether a pointer is a
 * slot of the pool, and one in use.
 *
 * Each processor has a stack of free slots, used without lock, since runtime code is not preempted. From and to the
 * common stack, under the lock, half a stack goes at a time; of slots that were never used, as many as have their states
 * in one cache line, so that processors do not write to each other's. Slots are cleared when they are freed: what they
 * referred to can be collected, and taking one is a few loads and two stores. Both usual paths are leaf functions: what
 * calls another function is in the slow ones. */
#include "runtime/mem/pool.h"
#include "runtime/heap/gc.h"

enum {
    LINE = 64,                 /* bytes of a cache line */
    CACHE = 63,                /* free slots that a processor keeps; with a counter, they are a power of two bytes */
    BLOCK_MIN = 64 << 10,      /* bytes */
    BLOCK_MAX = 1 << 20,
    IN_USE = 1,
};

typedef uint16_t State;
typedef struct Slot { void *at; State *state; } Slot;
_Static_assert(LINE / sizeof(State) <= CACHE / 2 + 1, "what is taken of fresh slots leaves room for those that are freed");
typedef struct Cache { uint64_t n, unused; Slot slots[CACHE]; } __attribute__((aligned(LINE))) Cache;
typedef struct Block { struct Block *next; uint8_t *base; } Block;

/* In the heap, word by word. Owner of a cache: its processor; the lock protects the rest. */
struct RtPool {
    uint64_t id;
    const GoType *type;
    size_t size;               /* of a slot */
    uint64_t magic;            /* 2^64 / size, rounded up: offset * magic / 2^64 is the slot's number */
    Cache *caches;
    int ncaches;
    bool debug;
    RtSpin lock;
    Slot *common;              /* free slots, ncommon of them, room for max */
    int64_t ncommon;
    int64_t max;               /* slots of all blocks */
    Block *blocks;
    uint8_t *fresh, *fresh_end; /* slots of the newest block that were never used */
    State *fresh_state;
    size_t step;               /* bytes of the next block */
};

static uint64_t last_id; /* atomic */

/* ---- blocks ---- */

/* Where a block's states begin, behind so many bytes of slots. */
RT_INLINE size_t states_at(size_t bytes) { return (bytes + LINE - 1) & ~(size_t)(LINE - 1); }

static uint8_t *new_block(RtPool *p, size_t slots) {
    size_t bytes = slots * p->size;
    uint8_t *base = rt_heap_alloc(states_at(bytes) + slots * sizeof(State), p->type->ptr_bytes ? p->type : NULL);
    RtSpan *s = span_of((uintptr_t)base);
    s->bytes = bytes; /* the rest is not for the collector */
    s->mask = p->id;
    return base;
}

/* Allocates, so the lock is not held; several may do it at once. */
static void add_block(RtPool *p, size_t slots) {
    if (slots * p->size < p->step) slots = p->step / p->size;
    if (slots == 0) slots = 1;
    while (slots * p->size <= LARGE_FROM) slots *= 2;
    uint8_t *base = new_block(p, slots);
    Block *b = rt_heap_alloc_words(sizeof *b);
    *b = (Block){.base = base};
    for (;;) { /* the common stack has room for all slots there are */
        int64_t want = __atomic_load_n(&p->max, __ATOMIC_RELAXED) + (int64_t)slots;
        Slot *common = rt_heap_alloc_words((size_t)want * sizeof *common);
        rt_spin_lock(&p->lock);
        if (want == p->max + (int64_t)slots) {
            rt_copy(common, p->common, (size_t)p->ncommon * sizeof *common);
            p->common = common;
            p->max = want;
            break;
        }
        rt_spin_unlock(&p->lock);
    }
    b->next = p->blocks;
    p->blocks = b;
    /* What is left of the block before goes to the common stack. */
    for (; p->fresh < p->fresh_end; p->fresh += p->size) p->common[p->ncommon++] = (Slot){p->fresh, p->fresh_state++};
    p->fresh = base;
    p->fresh_end = base + slots * p->size;
    p->fresh_state = (State *)(base + states_at(slots * p->size));
    if (p->step < BLOCK_MAX) p->step *= 2;
    rt_spin_unlock(&p->lock);
}

RtPool *rt_pool_make(const GoType *type, int64_t initial, bool debug) {
    RtPool *p = rt_heap_alloc_words(sizeof *p);
    p->id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
    p->type = type;
    p->size = type->size ? (type->size + 7) & ~(size_t)7 : 8;
    if (type->ptr_bytes) p->size = type->size;
    p->magic = UINT64_MAX / p->size + 1;
    p->debug = debug;
    p->step = BLOCK_MIN;
    p->ncaches = rt_gomaxprocs() > rt_cores() ? rt_gomaxprocs() : rt_cores(); /* GOMAXPROCS may be raised later */
    /* Aligned by hand: objects of the heap are to 16 bytes. */
    uint8_t *caches = rt_heap_alloc_words((size_t)p->ncaches * sizeof(Cache) + LINE);
    p->caches = (Cache *)(((uintptr_t)caches + LINE - 1) & ~(uintptr_t)(LINE - 1));
    if (initial > 0 && !debug) add_block(p, (size_t)initial);
    return p;
}

const GoType *rt_pool_type(const RtPool *p) { return p->type; }

/* ---- taking ---- */

static bool take_common(RtPool *p, Slot *out) {
    if (!p->ncommon) return false;
    *out = p->common[--p->ncommon];
    return true;
}

static bool take_fresh(RtPool *p, Slot *out) {
    if (p->fresh == p->fresh_end) return false;
    *out = (Slot){p->fresh, p->fresh_state++};
    p->fresh += p->size;
    return true;
}

/* Takes a slot, and some more for the cache, if there is one. */
static bool take(RtPool *p, Cache *c, Slot *out) {
    if (take_common(p, out)) {
        while (c && c->n < CACHE / 2 && take_common(p, &c->slots[c->n])) c->n++;
        return true;
    }
    if (!take_fresh(p, out)) return false;
    while (c && c->n < CACHE && (uintptr_t)p->fresh_state % LINE && take_fresh(p, &c->slots[c->n])) c->n++;
    return true;
}

static Cache *own_cache(RtPool *p) {
    int id = rt_p()->id;
    return RT_LIKELY(id < p->ncaches) ? &p->caches[id] : NULL;
}

static void *get_debug(RtPool *p) {
    RtSpan *s = rt_chunk_new(p->size, p->type->ptr_bytes != 0, false);
    rt_chunk_close(s, rt_chunk_base(s) + p->size);
    s->mask = p->id;
    return rt_chunk_base(s);
}

static __attribute__((noinline)) void *get_slow(RtPool *p) {
    if (p->debug) return get_debug(p);
    for (;;) {
        Slot got;
        rt_spin_lock(&p->lock);
        bool some = take(p, own_cache(p), &got);
        rt_spin_unlock(&p->lock);
        if (some) {
            *got.state = IN_USE;
            return got.at;
        }
        add_block(p, 1);
    }
}

RT_INLINE void *get(RtPool *p) {
    Cache *c = own_cache(p);
    if (RT_UNLIKELY(!c || !c->n)) return get_slow(p);
    Slot s = c->slots[--c->n];
    *s.state = IN_USE;
    return s.at;
}

RT_NO_SPLIT void *rt_pool_get(RtPool *p) { return get(p); }

RT_NO_SPLIT void *rt_pool_new(GoPool *pool, const GoType *type) {
    return RT_UNLIKELY(!pool) ? rt_new(type) : get(pool->pool);
}

/* ---- giving back ---- */

typedef uint64_t Words __attribute__((vector_size(16), aligned(8), may_alias));

/* size: a multiple of 8. Stores overlap rather than being counted. */
RT_INLINE void clear_slot(uint8_t *at, size_t size) {
    const Words zero = {0};
    if (size == sizeof(uint64_t)) {
        *(uint64_t *)at = 0;
        return;
    }
    uint8_t *last = at + size - sizeof(Words);
    for (; size > 4 * sizeof(Words); at += 4 * sizeof(Words), size -= 4 * sizeof(Words))
        for (int i = 0; i < 4; i++) ((Words *)at)[i] = zero;
    *(Words *)at = *(Words *)last = zero;
    if (size <= 2 * sizeof(Words)) return;
    ((Words *)at)[1] = ((Words *)last)[-1] = zero;
}

static __attribute__((noinline)) int64_t put_slow(RtPool *p, Slot s) {
    rt_spin_lock(&p->lock);
    Cache *c = own_cache(p);
    while (c && c->n > CACHE / 2) p->common[p->ncommon++] = c->slots[--c->n];
    p->common[p->ncommon++] = s; /* there is room for all slots */
    rt_spin_unlock(&p->lock);
    return RP_OK;
}

/* at is in no block of the pool, whose values may have pages of their own. */
static __attribute__((noinline)) int64_t free_apart(RtPool *p, void *at) {
    RtSpan *s = is_heap_address((uintptr_t)at) ? span_of((uintptr_t)at) : NULL;
    if (!p->debug || !s || s->mask != p->id || s->arena || (uintptr_t)at != s->base) return RP_FOREIGN;
    if (s->state == SPAN_GUARDED) return RP_TWICE;
    if (s->state != SPAN_CHUNK) return RP_FOREIGN;
    uintptr_t released = rt_mem_caller();
    rt_chunks_make_room();
    rt_chunk_guard(s, released);
    return RP_OK;
}

RT_NO_SPLIT int64_t rt_pool_free(RtPool *p, void *at) {
    uintptr_t a = (uintptr_t)at;
    RtSpan *s = is_heap_address(a) ? span_of(a) : NULL;
    if (RT_UNLIKELY(!s || s->state != SPAN_LARGE || s->mask != p->id)) return free_apart(p, at);
    uint64_t off = a - s->base, number = (uint64_t)(((unsigned __int128)off * p->magic) >> 64);
    State *state = (State *)(s->base + states_at(s->bytes)) + number;
    if (RT_UNLIKELY(number * p->size != off || off >= s->bytes)) return RP_FOREIGN;
    if (RT_UNLIKELY(*state != IN_USE)) return RP_TWICE;
    *state = 0;
    clear_slot(at, p->size);
    Cache *c = own_cache(p);
    if (RT_UNLIKELY(!c || c->n == CACHE)) return put_slow(p, (Slot){at, state});
    c->slots[c->n++] = (Slot){at, state};
    return RP_OK;
}
