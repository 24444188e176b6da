/* persistent.c: memory outside of the heap, never given back: the runtime's tables. */
#include "runtime/heap/span.h"

enum { CHUNK = 64 << 10 };

/* Owner: the process; lock protects it. mapped: bytes, for statistics. */
static struct { RtSpin lock; uint8_t *next, *end; uint64_t mapped; } persistent;

uint64_t rt_persistent_mapped(void) { return __atomic_load_n(&persistent.mapped, __ATOMIC_RELAXED); }

static uint8_t *map(size_t size) {
    uint8_t *p = rt_sys_map(size);
    if (p) __atomic_fetch_add(&persistent.mapped, size, __ATOMIC_RELAXED);
    return p;
}

void *rt_persistent(size_t size) {
    size = (size + 15) & ~(size_t)15;
    rt_spin_lock(&persistent.lock);
    uint8_t *p = persistent.next;
    if (size >= CHUNK) {
        p = map(size);
    } else {
        if (size > (size_t)(persistent.end - p)) {
            p = map(CHUNK);
            if (p) rt_sys_populate(p, CHUNK);
            persistent.end = p + (p ? CHUNK : 0);
        }
        persistent.next = p + (p ? size : 0);
    }
    rt_spin_unlock(&persistent.lock);
    if (!p) rt_fatal(RT_STR("runtime: cannot allocate memory"));
    return p;
}
