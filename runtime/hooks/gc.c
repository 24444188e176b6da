/* gc.c: what Go's packages want of the heap and its collector: runtime, runtime/debug, sync, unique, internal/weak. */
#include "runtime/hooks/hooks.h"

HOOK("runtime.GC", void, runtime_gc, (void)) { rt_gc_collect(); }
HOOK("runtime.SetFinalizer", void, runtime_set_finalizer, (GoEface obj, GoEface fn)) { rt_set_finalizer(obj, fn); }
HOOK("runtime.isPointer", bool, runtime_is_pointer, (GoEface v)) {
    return rt_type_kind(v.type) == GK_POINTER || rt_type_kind(v.type) == GK_UNSAFE_POINTER;
}
HOOK("runtime.typeString", GoString, runtime_type_string, (GoEface v)) { return rt_type_text(v.type); }
HOOK("runtime.blockUntilEmptyFinalizerQueue", bool, runtime_finalizers_wait, (int64_t ns)) { return rt_finalizers_wait(ns); }
HOOK("runtime.ReadMemStats", void, runtime_read_mem_stats, (RtMemStats *m)) { rt_gc_read_stats(m); }

/* ---- runtime/debug ---- */

HOOK("runtime/debug.freeOSMemory", void, debug_free, (void)) { rt_gc_free_os_memory(); }
HOOK("runtime/debug.setGCPercent", int32_t, debug_gc_percent, (int32_t percent)) { return (int32_t)rt_gc_percent_set(percent); }
HOOK("runtime/debug.setMemoryLimit", int64_t, debug_memory_limit, (int64_t bytes)) { return rt_gc_limit_set(bytes); }
HOOK("runtime/debug.readGCStats", void, debug_gc_stats, (GoSlice *times)) { rt_gc_pauses(times); }
HOOK("runtime/debug.modinfo", GoString, debug_modinfo, (void)) { return (GoString){0}; }
HOOK("runtime/debug.setMaxStack", int64_t, debug_max_stack, (int64_t bytes)) {
    return (int64_t)__atomic_exchange_n(&rt_stack_max, bytes > 0 ? (size_t)bytes : 0, __ATOMIC_RELAXED);
}
HOOK("runtime/debug.SetTraceback", void, debug_traceback, (GoString level)) { rt_report_set_level(level); }
/* In std/runtime. */
extern GoEface fault_error(uintptr_t addr) __asm__("\"runtime.faultError\"");
HOOK("runtime/debug.setPanicOnFault", bool, debug_panic_on_fault, (bool on)) {
    RtGoroutine *g = rt_goroutine();
    bool before = g->panic_on_fault;
    __atomic_store_n(&rt_fault_error, fault_error, __ATOMIC_RELEASE);
    g->panic_on_fault = on;
    return before;
}

/* ---- clean-up at collections ---- */

/* A declared function of package sync: its closure object is static data. */
static GoClosure *pool_cleanup;

/* Caches that each collection empties, newest first; the tables' pointers are package variables. */
typedef struct LossyCache { void **table; struct LossyCache *next; } LossyCache;
static LossyCache *caches; /* atomic: only grows */

static void clean_up(void) {
    if (pool_cleanup) ((void (*)(GoClosure *))pool_cleanup->code)(pool_cleanup);
    for (LossyCache *c = __atomic_load_n(&caches, __ATOMIC_ACQUIRE); c; c = c->next) __atomic_store_n(c->table, NULL, __ATOMIC_RELAXED);
}

HOOK("sync.runtime_registerPoolCleanup", void, sync_pool_cleanup, (GoClosure *fn)) {
    pool_cleanup = fn;
    rt_gc_at_start(clean_up);
}
HOOK("crypto/internal/boring/bcache.registerCache", void, bcache_register, (void **table)) {
    LossyCache *c = rt_persistent(sizeof *c);
    c->table = table;
    c->next = __atomic_load_n(&caches, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&caches, &c->next, c, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {}
    rt_gc_at_start(clean_up);
}
HOOK("unique.runtime_registerUniqueMapCleanup", void, unique_map_cleanup, (GoClosure *fn)) { rt_gc_after(fn); }
HOOK("internal/weak.runtime_registerWeakPointer", void *, weak_register, (void *p)) { return rt_weak_handle(p); }
HOOK("internal/weak.runtime_makeStrongFromWeak", void *, weak_get, (void *handle)) { return rt_weak_get(handle); }
