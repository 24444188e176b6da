/* slice.c: making and growing slices, and moving memory. */
#include "runtime/mem/arena.h"

/* ---- memory ---- */

bool rt_memequal(const void *a, const void *b, int64_t n) { return rt_same(a, b, (size_t)n); }

void rt_memclr(void *p, int64_t n) {
    if (n) memset(p, 0, (size_t)n);
}

void rt_memmove(void *to, const void *from, int64_t n) {
    if (n) memmove(to, from, (size_t)n);
}

/* ---- make ---- */

/* n * size in *bytes; false when no such object can exist. */
static bool fits(uint64_t size, int64_t n, uint64_t *bytes) {
    return n >= 0 && !__builtin_mul_overflow(size, (uint64_t)n, bytes) && *bytes <= RT_MAX_ALLOC;
}

RT_COLD static _Noreturn void bad_make(const GoType *elem, int64_t len) {
    uint64_t bytes;
    if (!fits(elem->size, len, &bytes)) rt_panic_text(RT_STR("makeslice: len out of range"));
    rt_panic_text(RT_STR("makeslice: cap out of range"));
}

RT_INLINE void *make_slice(const GoType *elem, int64_t len, int64_t cap, RtAt at) {
    uint64_t bytes;
    if (RT_UNLIKELY(!fits(elem->size, cap, &bytes) || len < 0 || len > cap)) bad_make(elem, len);
    return rt_at_alloc(at, bytes, elem);
}

void *rt_make_slice(const GoType *elem, int64_t len, int64_t cap) { return make_slice(elem, len, cap, rt_at_heap); }
void *rt_make_slice_at(const GoType *elem, int64_t len, int64_t cap, void *at, const GoItab *tab) {
    return make_slice(elem, len, cap, rt_at(at, tab));
}

/* ---- append ---- */

enum { DOUBLING_LIMIT = 256 };

/* Go's policy: twice the capacity while small, then less and less down to a quarter more. */
static int64_t next_cap(int64_t newlen, int64_t oldcap) {
    uint64_t cap = (uint64_t)oldcap;
    if ((uint64_t)newlen > cap * 2) return newlen;
    if (oldcap < DOUBLING_LIMIT) return oldcap * 2;
    while (cap < (uint64_t)newlen) cap += (cap + 3 * DOUBLING_LIMIT) >> 2;
    return (int64_t)cap > 0 ? (int64_t)cap : newlen;
}

RT_COLD static _Noreturn void bad_grow(void) { rt_panic_text(RT_STR("growslice: len out of range")); }

RT_INLINE GoSlice grow_slice(const GoType *elem, void *old, int64_t oldlen, int64_t oldcap, int64_t newlen, RtAt at) {
    if (RT_UNLIKELY(newlen < 0)) bad_grow();
    if (elem->size == 0) return (GoSlice){rt_zero_base, newlen, newlen};
    bool noscan = elem->ptr_bytes == 0;
    uint64_t bytes;
    if (!fits(elem->size, next_cap(newlen, oldcap), &bytes)) bad_grow();
    uint64_t cap = rt_heap_round(bytes, noscan) / elem->size;
    void *p;
    if (noscan) { /* the caller fills what it adds */
        size_t used = (uint64_t)newlen * elem->size;
        p = rt_at_alloc_raw(at, cap * elem->size);
        memset((uint8_t *)p + used, 0, cap * elem->size - used);
    } else {
        p = rt_at_alloc(at, cap * elem->size, elem);
    }
    rt_copy(p, old, (size_t)oldlen * elem->size);
    return (GoSlice){p, newlen, (int64_t)cap};
}

GoSlice rt_grow_slice(const GoType *elem, void *old, int64_t oldlen, int64_t oldcap, int64_t newlen) {
    return grow_slice(elem, old, oldlen, oldcap, newlen, rt_at_heap);
}
GoSlice rt_grow_slice_at(const GoType *elem, void *old, int64_t oldlen, int64_t oldcap, int64_t newlen, void *at, const GoItab *tab) {
    return grow_slice(elem, old, oldlen, oldcap, newlen, rt_at(at, tab));
}

/* ---- unsafe.Slice, unsafe.String ---- */

void rt_unsafe_slice(const GoType *elem, const void *p, int64_t len) {
    uint64_t bytes = 0;
    if (!p && len > 0) rt_panic_text(RT_STR("unsafe.Slice: ptr is nil and len is not zero"));
    if (len < 0 || __builtin_mul_overflow(elem->size, (uint64_t)len, &bytes) || (p && bytes > 0 - (uintptr_t)p))
        rt_panic_text(RT_STR("unsafe.Slice: len out of range"));
}

void rt_unsafe_string(const void *p, int64_t len) {
    if (!p && len > 0) rt_panic_text(RT_STR("unsafe.String: ptr is nil and len is not zero"));
    if (len < 0 || (p && (uint64_t)len > 0 - (uintptr_t)p)) rt_panic_text(RT_STR("unsafe.String: len out of range"));
}
