/* random.c: random numbers for math/rand, os, net and hash/maphash; bytes for strings.Builder and the like. */
#include "runtime/hooks/hooks.h"

HOOK("runtime.rand", uint64_t, runtime_rand, (void)) { return rt_random(); }

/* In [0, n), by multiplication (Lemire): the bias is below n / 2^32. */
HOOK("runtime.randn", uint32_t, runtime_randn, (uint32_t n)) {
    return (uint32_t)(((rt_random() >> 32) * n) >> 32);
}

HOOK("internal/bytealg.MakeNoZero", GoSlice, bytealg_make, (int64_t n)) {
    if (n < 0 || (uint64_t)n > RT_MAX_ALLOC) rt_panic_text(RT_STR("makeslice: len out of range"));
    int64_t cap = (int64_t)rt_heap_round((size_t)n, true);
    return (GoSlice){rt_alloc_noscan(cap), n, cap};
}

HOOK("runtime.memequal", bool, runtime_memequal, (const void *a, const void *b, uintptr_t n)) { return rt_same(a, b, n); }
