/* map.c: hash maps from pointers to pointers, and the hash function of all tables.
 *
 * Open addressing with linear probing; cap is 0 or a power of two, at most 3/4 full; keys are never removed. */
#include "base/base.h"

#include <string.h>

/* The finalising mixer: every bit of x influences every bit of the result. */
static uint64_t mix(uint64_t x) {
    x ^= x >> 32;
    x *= 0x9fb21c651e98df25u;
    x ^= x >> 29;
    return x;
}

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed) {
    const unsigned char *s = p;
    uint64_t h = seed ^ 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++) h = (h ^ s[i]) * 0x100000001b3u;
    return mix(h);
}

/* The index of key, or of the free slot where it belongs. */
static uint32_t slot_of(const PtrMap *m, const void *key) {
    uint32_t mask = (uint32_t)m->cap - 1;
    uint32_t i = (uint32_t)mix((uintptr_t)key >> 4) & mask;
    while (m->keys[i] && m->keys[i] != key) i = (i + 1) & mask;
    return i;
}

void *ptrmap_get(const PtrMap *m, const void *key) {
    if (m->len == 0) return NULL;
    uint32_t i = slot_of(m, key);
    return m->keys[i] ? m->vals[i] : NULL;
}

static void grow(Arena *a, PtrMap *m) {
    PtrMap old = *m;
    m->cap = old.cap ? old.cap * 2 : 16;
    m->keys = NEW_ARRAY(a, const void *, m->cap);
    m->vals = NEW_ARRAY(a, void *, m->cap);
    for (int i = 0; i < old.cap; i++) {
        if (!old.keys[i]) continue;
        uint32_t j = slot_of(m, old.keys[i]);
        m->keys[j] = old.keys[i];
        m->vals[j] = old.vals[i];
    }
}

void ptrmap_put(Arena *a, PtrMap *m, const void *key, void *val) {
    check(key);
    if (m->len >= m->cap / 4 * 3) grow(a, m);
    uint32_t i = slot_of(m, key);
    if (!m->keys[i]) {
        m->keys[i] = key;
        m->len++;
    }
    m->vals[i] = val;
}
