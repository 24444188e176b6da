/* zero.c: memory that reads as zero, for elements of keys that a map does not have.
 *
 * Elements up to 1 KiB share one static block; for larger ones a mapping of untouched pages is made, and replaced by
 * a larger one when needed. Old ones stay valid: an earlier caller may still be reading. */
#include "runtime/rt.h"

enum { STATIC_ZERO = 1024 };

static const uint64_t small_zero[STATIC_ZERO / sizeof(uint64_t)];

/* Owner: the process; published with release stores, p before size. */
static struct { RtSpin lock; const void *p; size_t size; } large;

RT_COLD static const void *large_zero(size_t size) {
    if (__atomic_load_n(&large.size, __ATOMIC_ACQUIRE) >= size) return __atomic_load_n(&large.p, __ATOMIC_RELAXED);
    size_t whole = 1 << 16;
    while (whole < size) whole *= 2;
    const void *p = rt_sys_map(whole);
    if (!p) rt_fatal(RT_STR("out of memory"));
    rt_spin_lock(&large.lock);
    if (whole > large.size) {
        __atomic_store_n(&large.p, p, __ATOMIC_RELAXED);
        __atomic_store_n(&large.size, whole, __ATOMIC_RELEASE);
    }
    rt_spin_unlock(&large.lock);
    return p;
}

const void *rt_zero_value(size_t size) { return RT_LIKELY(size <= STATIC_ZERO) ? small_zero : large_zero(size); }
