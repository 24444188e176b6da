/* alloc.c: allocation.
 *
 * The fast path takes the next slot of a run that belongs to the processor. For objects without pointers the size
 * names the run; for others the type does, through a small cache of (type, size class) that is filled by looking up
 * the type's layout. What is used up is refilled out of line, which is also where collections start. Slots above
 * RT_SMALL_MAX bytes are cleared one by one when they are handed out, smaller ones a run at a time. */
#include "runtime/heap/gc.h"
#include "runtime/heap/span.h"
#include "runtime/mem/budget.h"

#ifndef RT_HEAP_EXACT /* else: exact.c */

uint64_t rt_zero_base[2];

static const uint8_t all_words[] = {0xff};
const GoType rt_words_type = {.size = sizeof(void *), .ptr_bytes = sizeof(void *), .gcdata = all_words};

/* A run of slots as budgets count it. */
enum { BUDGET_STEP = 4096 };

/* ---- slots ---- */

RT_INLINE void *next_slot(RtBin *b) {
    uint8_t *p = b->next;
    if (RT_UNLIKELY(p == b->end)) return NULL;
    b->next = p + b->size;
    return p;
}

/* The first slot of a new run. */
static __attribute__((noinline)) void *refill(RtKind *k) {
    rt_budget_charge(k->size > BUDGET_STEP ? k->size : BUDGET_STEP);
    rt_gc_poll(0);
    for (;;) {
        RtHeapCache *c = &rt_p()->heap; /* a collection may have changed it */
        RtBin *b = rt_kind_bin(c, k);
        void *p = next_slot(b);
        if (p) return p;
        if (!rt_kind_refill(c, b) && !rt_gc_for_memory()) rt_out_of_memory(k->size);
    }
}

RT_INLINE int class_of(size_t size) {
    return RT_LIKELY(size <= RT_SMALL_MAX) ? rt_class_small[(size + 7) / 8] : rt_class_of(size);
}

RT_INLINE void *take_fixed(int id) {
    void *p = next_slot(&rt_p()->heap.fixed[id]);
    return RT_LIKELY(p != NULL) ? p : refill(rt_kind_fixed(id));
}

static void clear_slot(void *p, size_t size) {
    if (span_of((uintptr_t)p)->dirty) memset(p, 0, size);
}

static void *alloc_medium(size_t size, const GoType *type) {
    int c = rt_class_of(size + TYPE_WORD);
    uint8_t *p = take_fixed(RT_SIZE_CLASSES + c);
    size_t slot = rt_class_size[c];
    clear_slot(p, slot);
    *(const GoType **)(p + slot - TYPE_WORD) = type;
    return p;
}

/* ---- large objects ---- */

static void *alloc_large(size_t size, const GoType *type, bool clear) {
    uint64_t n = size / PAGE_BYTES + (size % PAGE_BYTES != 0);
    rt_budget_charge(size);
    rt_gc_poll(size);
    RtSpan *s;
    while (!(s = rt_pages_alloc(n, 1)))
        if (!rt_gc_for_memory()) rt_out_of_memory(size);
    s->scan = type ? SCAN_TYPED : SCAN_NONE;
    s->type = type;
    s->bytes = size;
    bool dirty = rt_pages_take_dirty(s);
    if (dirty && (clear || type)) memset((void *)s->base, 0, size);
    s->count = 1;
    set_state(s, SPAN_LARGE);
    rt_gc_count_large(size);
    return (void *)s->base;
}

/* ---- by type ---- */

RT_INLINE RtTypeSlot *type_slot(RtHeapCache *c, uintptr_t key) {
    return &c->slots[(uint32_t)(key >> 3 ^ key >> 48) * 0x9e3779b1u / (UINT32_MAX / RT_TYPE_SLOTS + 1)];
}

/* Enters the bin for small objects of type and size behind key, and takes a slot from it. */
static __attribute__((noinline)) void *alloc_new_type(size_t size, const GoType *type, uintptr_t key) {
    if (size == 0) return rt_zero_base;
    int c = class_of(size);
    RtKind *k = type->ptr_bytes ? rt_kind_masked(c, rt_kind_mask(type, c)) : rt_kind_fixed(c);
    RtHeapCache *cache = &rt_p()->heap;
    RtBin *b = rt_kind_bin(cache, k);
    *type_slot(cache, key) = (RtTypeSlot){key, b};
    void *p = next_slot(b);
    return p ? p : refill(k);
}

RT_INLINE void *alloc_small(size_t size, const GoType *type, uintptr_t key) {
    RtTypeSlot *slot = type_slot(&rt_p()->heap, key);
    if (RT_UNLIKELY(slot->key != key)) return alloc_new_type(size, type, key);
    RtBin *b = slot->bin;
    void *p = next_slot(b);
    return RT_LIKELY(p != NULL) ? p : refill(b->kind);
}

static void *alloc_noscan(size_t size, bool clear) {
    if (RT_UNLIKELY(size > LARGE_FROM)) return alloc_large(size, NULL, clear);
    if (RT_UNLIKELY(size == 0)) return rt_zero_base;
    int c = class_of(size);
    void *p = take_fixed(c);
    if (RT_UNLIKELY(size > RT_SMALL_MAX) && clear) clear_slot(p, rt_class_size[c]);
    return p;
}

/* ---- the interface ---- */

void *rt_heap_alloc(size_t size, const GoType *type) {
    if (!type || type->ptr_bytes == 0) return alloc_noscan(size, true);
    if (RT_UNLIKELY(size > LARGE_FROM)) return alloc_large(size, type, true);
    if (RT_UNLIKELY(size > RT_SMALL_MAX)) return alloc_medium(size, type);
    return alloc_small(size, type, (uintptr_t)type | (uintptr_t)(class_of(size) + 1) << 48);
}

void *rt_heap_alloc_words(size_t size) { return rt_heap_alloc(size, &rt_words_type); }

void *rt_heap_alloc_raw(size_t size) { return alloc_noscan(size, false); }

void *rt_new(const GoType *type) {
    if (RT_UNLIKELY(type->size > RT_SMALL_MAX)) return rt_heap_alloc(type->size, type);
    return alloc_small(type->size, type, (uintptr_t)type);
}

void *rt_new_array(const GoType *elem, int64_t n) {
    size_t size;
    if (__builtin_mul_overflow(elem->size, (uint64_t)n, &size)) rt_out_of_memory(SIZE_MAX);
    return rt_heap_alloc(size, elem);
}

void *rt_alloc_noscan(int64_t size) { return alloc_noscan((size_t)size, true); }

#endif
