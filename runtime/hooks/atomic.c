/* atomic.c: package sync/atomic, and the two functions of internal/runtime/atomic that package sync uses. Everything
 * is sequentially consistent. Direct calls are usually compiled in place; these are for function values and for the
 * types' methods before inlining. A nil address panics as any nil pointer does. */
#include "runtime/hooks/hooks.h"

#define CHECK(p)                                                                                                \
    do {                                                                                                        \
        if (RT_UNLIKELY(!(p))) rt_panic_nil();                                                                  \
    } while (0)

/* X(Go's suffix, C type) */
#define ALL(X) X(Int32, int32_t) X(Int64, int64_t) X(Uint32, uint32_t) X(Uint64, uint64_t) X(Uintptr, uintptr_t)

#define ACCESS(T, C)                                                                                            \
    HOOK("sync/atomic.Load" #T, C, atomic_load_##T, (C *p)) {                                                   \
        CHECK(p);                                                                                               \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                            \
    }                                                                                                           \
    HOOK("sync/atomic.Store" #T, void, atomic_store_##T, (C *p, C v)) {                                         \
        CHECK(p);                                                                                               \
        __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                               \
    }                                                                                                           \
    HOOK("sync/atomic.Swap" #T, C, atomic_swap_##T, (C *p, C v)) {                                              \
        CHECK(p);                                                                                               \
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                                     \
    }                                                                                                           \
    HOOK("sync/atomic.CompareAndSwap" #T, bool, atomic_cas_##T, (C *p, C old, C v)) {                           \
        CHECK(p);                                                                                               \
        return __atomic_compare_exchange_n(p, &old, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);              \
    }
#define ARITHMETIC(T, C)                                                                                        \
    HOOK("sync/atomic.Add" #T, C, atomic_add_##T, (C *p, C v)) {                                                \
        CHECK(p);                                                                                               \
        return __atomic_add_fetch(p, v, __ATOMIC_SEQ_CST);                                                      \
    }                                                                                                           \
    HOOK("sync/atomic.And" #T, C, atomic_and_##T, (C *p, C v)) {                                                \
        CHECK(p);                                                                                               \
        return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST);                                                      \
    }                                                                                                           \
    HOOK("sync/atomic.Or" #T, C, atomic_or_##T, (C *p, C v)) {                                                  \
        CHECK(p);                                                                                               \
        return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST);                                                       \
    }

ALL(ACCESS)
ACCESS(Pointer, uintptr_t)
ALL(ARITHMETIC)

HOOK("internal/runtime/atomic.LoadAcquintptr", uintptr_t, atomic_load_acquire, (uintptr_t *p)) {
    CHECK(p);
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

HOOK("internal/runtime/atomic.StoreReluintptr", uintptr_t, atomic_store_release, (uintptr_t *p, uintptr_t v)) {
    CHECK(p);
    __atomic_store_n(p, v, __ATOMIC_RELEASE);
    return 0;
}
