/* heap.c: the allocator: bump allocation from mappings that are never given back.
 *
 * It stands in for the collected heap behind heap.h. Each thread owns two ranges, for objects with and without
 * pointers, and refills them with mappings that grow with the program, so that a small program touches little and a
 * large one maps seldom. Fresh mappings are zero, which is all the clearing there is. Larger requests get a mapping
 * of their own. Mappings count against the system's overcommit limit, so that absurd sizes fail here with a message.
 *
 * With RT_HEAP_EXACT (sanitizer builds) every object is a block of the C library: overruns by one byte show. */
#include "runtime/rt.h"
#ifdef RT_HEAP_EXACT
#include <stdlib.h>
#endif

enum {
    FIRST_CHUNK = 1 << 20,
    LAST_CHUNK = 64 << 20,
    PAGE = 4096,
};

uint64_t rt_zero_base[2];

/* Owner: the process. mapped: bytes of all mappings; next_chunk: size of the next one. Both change atomically. */
static struct { uint64_t mapped; size_t next_chunk; } heap = {.next_chunk = FIRST_CHUNK};

uint64_t rt_heap_in_use(void) { return __atomic_load_n(&heap.mapped, __ATOMIC_RELAXED); }

RT_COLD static _Noreturn void out_of_memory(size_t size) {
    rt_print_lock();
    rt_print_cstr("runtime: out of memory: cannot allocate ");
    rt_print_uint(size);
    rt_print_cstr("-byte block (");
    rt_print_uint(rt_heap_in_use());
    rt_print_cstr(" in use)\n");
    rt_print_unlock();
    rt_fatal(RT_STR("out of memory"));
}

static void *map_or_die(size_t size) {
    size_t whole = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
    void *p = whole < size ? NULL : rt_sys_map(whole);
    if (!p) out_of_memory(size);
    __atomic_fetch_add(&heap.mapped, whole, __ATOMIC_RELAXED);
    return p;
}

#ifdef RT_HEAP_EXACT
RT_INLINE void *take(RtBump *b, size_t size) {
    (void)b;
    if (size == 0) return rt_zero_base;
    void *p = size < LAST_CHUNK ? calloc(1, size) : NULL;
    return p ? p : map_or_die(size);
}
#else
/* The range has no room for size more bytes: a new one, or a mapping for the object alone. */
RT_COLD static void *refill(RtBump *b, size_t size) {
    size_t chunk = __atomic_load_n(&heap.next_chunk, __ATOMIC_RELAXED);
    if (size > chunk / 4) return map_or_die(size);
    if (chunk < LAST_CHUNK) __atomic_store_n(&heap.next_chunk, chunk * 4, __ATOMIC_RELAXED);
    b->next = map_or_die(chunk);
    b->end = b->next + chunk;
    void *p = b->next;
    b->next += size;
    return p;
}

RT_INLINE void *take(RtBump *b, size_t size) {
    if (RT_UNLIKELY(size == 0)) return rt_zero_base;
    size_t unit = size < 16 ? 8 : 16;
    size_t whole = (size + unit - 1) & ~(unit - 1);
    uint8_t *p = (uint8_t *)(((uintptr_t)b->next + unit - 1) & ~(uintptr_t)(unit - 1));
    if (RT_UNLIKELY(whole < size || p > b->end || whole > (size_t)(b->end - p))) return refill(b, whole < size ? size : whole);
    b->next = p + whole;
    return p;
}
#endif

void *rt_heap_alloc(size_t size, const GoType *type) {
    return take(type && type->ptr_bytes ? &rt_p()->heap.scan : &rt_p()->heap.noscan, size);
}

void *rt_heap_alloc_words(size_t size) { return take(&rt_p()->heap.scan, size); }

void *rt_new(const GoType *type) { return rt_heap_alloc(type->size, type); }

void *rt_new_array(const GoType *elem, int64_t n) {
    size_t size;
    if (__builtin_mul_overflow(elem->size, (uint64_t)n, &size)) out_of_memory(SIZE_MAX);
    return rt_heap_alloc(size, elem);
}

void *rt_alloc_noscan(int64_t size) { return take(&rt_p()->heap.noscan, (size_t)size); }

/* ---- persistent memory ---- */

/* Owner: the process; lock protects it. */
static struct { RtSpin lock; RtBump range; } persistent;

void *rt_persistent(size_t size) {
    size = (size + 15) & ~(size_t)15;
    rt_spin_lock(&persistent.lock);
    if (size > (size_t)(persistent.range.end - persistent.range.next)) {
        size_t chunk = size > FIRST_CHUNK / 16 ? size : FIRST_CHUNK / 16;
        persistent.range.next = map_or_die(chunk);
        persistent.range.end = persistent.range.next + chunk;
    }
    void *p = persistent.range.next;
    persistent.range.next += size;
    rt_spin_unlock(&persistent.lock);
    return p;
}

/* ---- size classes ---- */

enum {
    PAGE_CLASS = 8192,        /* larger objects take whole pages of this size */
    MAX_CLASS = 32768,
    HEADER = 8,               /* Go puts a type word before scanned objects above MIN_HEADER bytes */
    MIN_HEADER = 512,
};

static const uint16_t size_class[] = {
    8,    16,   24,   32,   48,   64,   80,   96,    112,   128,   144,   160,   176,   192,   208,   224,   240,
    256,  288,  320,  352,  384,  416,  448,  480,   512,   576,   640,   704,   768,   896,   1024,  1152,  1280,
    1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,
    9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
};

size_t rt_heap_round(size_t size, bool noscan) {
    size_t header = !noscan && size > MIN_HEADER ? HEADER : 0;
    if (size > MAX_CLASS - HEADER) {
        size_t whole = (size + PAGE_CLASS - 1) & ~(size_t)(PAGE_CLASS - 1);
        return whole < size ? size : whole;
    }
    if (size + header <= 16) return size == 0 ? 0 : size <= 8 ? 8 : 16;
    int lo = 0, hi = RT_COUNT(size_class) - 1; /* the smallest class that holds it */
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (size_class[mid] < size + header) lo = mid + 1;
        else hi = mid;
    }
    return size_class[lo] - header;
}
