/* pool.c: pools.
 *
 * A pool carves slots from blocks: large objects of the heap, arrays of the pool's type, so that the collector scans
 * them by that type, and a slot only ever holds values of it. Behind the array a block has a byte a slot that says
 * whether it is in use; the block's span has the pool's number. So freeing finds out in a few steps whether a pointer is a
 * slot of the pool, and one in use.
 *
 * Each processor has a stack of free slots, used without lock, since runtime code is not preempted. From and to the
 * common stack, under the lock, half a stack goes at a time. Slots are cleared when they are freed: what they referred to
 * can be collected, and taking one is two loads and two stores. */
#include "runtime/mem/pool.h"
#include "runtime/heap/gc.h"

enum {
    CACHE = 64,                /* free slots that a processor keeps */
    BLOCK_MIN = 64 << 10,      /* bytes */
    BLOCK_MAX = 1 << 20,
    IN_USE = 1,
};

typedef struct Slot { void *at; uint8_t *state; } Slot;
typedef struct Cache { uint32_t n; Slot slots[CACHE]; } __attribute__((aligned(64))) Cache;
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
    uint8_t *fresh_state;
    size_t step;               /* bytes of the next block */
};

static uint64_t last_id; /* atomic */

/* ---- blocks ---- */

static uint8_t *new_block(RtPool *p, size_t slots) {
    size_t bytes = slots * p->size;
    uint8_t *base = rt_heap_alloc(bytes + slots, p->type->ptr_bytes ? p->type : NULL);
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
    p->fresh_state = p->fresh_end;
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
    p->ncaches = rt_gomaxprocs();
    /* Aligned by hand: objects of the heap are to 16 bytes. */
    uint8_t *caches = rt_heap_alloc_words((size_t)p->ncaches * sizeof(Cache) + 64);
    p->caches = (Cache *)(((uintptr_t)caches + 63) & ~(uintptr_t)63);
    if (initial > 0 && !debug) add_block(p, (size_t)initial);
    return p;
}

bool rt_pool_debug(const RtPool *p) { return p->debug; }
const GoType *rt_pool_type(const RtPool *p) { return p->type; }

/* ---- taking ---- */

static bool take_common(RtPool *p, Slot *out) {
    if (p->ncommon) {
        *out = p->common[--p->ncommon];
    } else if (p->fresh < p->fresh_end) {
        *out = (Slot){p->fresh, p->fresh_state++};
        p->fresh += p->size;
    } else {
        return false;
    }
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
        Slot got = {0};
        rt_spin_lock(&p->lock);
        Cache *c = own_cache(p);
        bool some = take_common(p, &got);
        for (Slot more; some && c && c->n < CACHE / 2 && take_common(p, &more);) c->slots[c->n++] = more;
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

void *rt_pool_get(RtPool *p) { return get(p); }

void *rt_pool_new(GoPool *pool, const GoType *type) {
    return RT_UNLIKELY(!pool) ? rt_new(type) : get(pool->pool);
}

/* ---- giving back ---- */

RT_INLINE void clear_slot(uint8_t *at, size_t size) {
    if (size > 256 || size % 8) {
        memset(at, 0, size);
        return;
    }
    for (; size >= 8; size -= 8, at += 8) {
        *(uint64_t *)at = 0;
        __asm__ volatile("" ::: "memory"); /* no call of memset */
    }
}

static __attribute__((noinline)) void put_slow(RtPool *p, Slot s) {
    rt_spin_lock(&p->lock);
    Cache *c = own_cache(p);
    while (c && c->n > CACHE / 2) p->common[p->ncommon++] = c->slots[--c->n];
    p->common[p->ncommon++] = s; /* there is room for all slots */
    rt_spin_unlock(&p->lock);
}

static RtPoolError free_debug(RtPool *p, RtSpan *s, void *at, uintptr_t released) {
    if (s->mask != p->id || (uintptr_t)at != s->base) return RP_FOREIGN;
    if (s->state == SPAN_GUARDED) return RP_TWICE;
    if (s->state != SPAN_CHUNK) return RP_FOREIGN;
    rt_chunks_make_room();
    rt_chunk_guard(s, released);
    return RP_OK;
}

RtPoolError rt_pool_free(RtPool *p, void *at, uintptr_t released) {
    uintptr_t a = (uintptr_t)at;
    RtSpan *s = is_heap_address(a) ? span_of(a) : NULL;
    if (RT_UNLIKELY(!s)) return RP_FOREIGN;
    if (RT_UNLIKELY(p->debug)) return free_debug(p, s, at, released);
    if (RT_UNLIKELY(s->state != SPAN_LARGE || s->mask != p->id)) return RP_FOREIGN;
    uint64_t off = a - s->base, number = (uint64_t)(((unsigned __int128)off * p->magic) >> 64);
    uint8_t *state = (uint8_t *)s->base + s->bytes + number;
    if (RT_UNLIKELY(number * p->size != off || off >= s->bytes)) return RP_FOREIGN;
    if (RT_UNLIKELY(*state != IN_USE)) return RP_TWICE;
    *state = 0;
    clear_slot(at, p->size);
    Cache *c = own_cache(p);
    if (RT_UNLIKELY(!c || c->n == CACHE)) put_slow(p, (Slot){at, state});
    else c->slots[c->n++] = (Slot){at, state};
    return RP_OK;
}
