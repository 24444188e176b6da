/* exact.c: allocation in builds with a sanitizer: every object is a block of the C library, so that overruns by one
 * byte show. Nothing is collected. */
#ifdef RT_HEAP_EXACT
#include "runtime/heap/span.h"
#include <stdlib.h>

enum { LARGEST = 64 << 20 }; /* a sanitizer makes a report of larger blocks */

uint64_t rt_zero_base[2];
const GoType rt_words_type = {.size = sizeof(void *), .ptr_bytes = sizeof(void *)};

void *rt_heap_alloc(size_t size, const GoType *type) {
    (void)type;
    if (size == 0) return rt_zero_base;
    void *p = size < LARGEST ? calloc(1, size) : rt_sys_map(size);
    if (!p) rt_out_of_memory(size);
    return p;
}

void *rt_heap_alloc_words(size_t size) { return rt_heap_alloc(size, NULL); }
void *rt_heap_alloc_raw(size_t size) { return rt_heap_alloc(size, NULL); }
void *rt_new(const GoType *type) { return rt_heap_alloc(type->size, type); }
void *rt_alloc_noscan(int64_t size) { return rt_heap_alloc((size_t)size, NULL); }

void *rt_new_array(const GoType *elem, int64_t n) {
    size_t size;
    if (__builtin_mul_overflow(elem->size, (uint64_t)n, &size)) rt_out_of_memory(SIZE_MAX);
    return rt_heap_alloc(size, elem);
}
#endif
