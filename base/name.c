/* name.c: interned names, an open-addressing table with linear probing.
 *
 * Invariants: cap is a power of two and at most 3/4 of the slots are taken, so probing ends; a slot, once taken,
 * never changes. The slot repeats the hash, so that a probe touches the name itself only when it is very likely
 * the right one. */
#include "base/base.h"

#include <string.h>

typedef struct Slot {
    uint32_t hash;
    const Name *name; /* NULL: free */
} Slot;

struct NameTable {
    Arena *arena;
    Slot *slots;
    uint32_t cap, len;
};

NameTable *names_new(Arena *a) {
    NameTable *t = NEW(a, NameTable);
    t->arena = a;
    t->cap = 1024;
    t->slots = NEW_ARRAY(a, Slot, t->cap);
    return t;
}

static void grow(NameTable *t) {
    Slot *old = t->slots;
    uint32_t old_cap = t->cap;
    t->cap = old_cap * 2;
    t->slots = NEW_ARRAY(t->arena, Slot, t->cap);
    for (uint32_t i = 0; i < old_cap; i++) {
        if (!old[i].name) continue;
        uint32_t j = old[i].hash & (t->cap - 1);
        while (t->slots[j].name) j = (j + 1) & (t->cap - 1);
        t->slots[j] = old[i];
    }
}

static const Name *insert(NameTable *t, uint32_t at, uint32_t hash, const char *s, size_t n) {
    Name *name = arena_alloc(t->arena, sizeof *name + n + 1);
    name->hash = hash;
    name->len = (uint32_t)n;
    memcpy(name->text, s, n);
    t->slots[at] = (Slot){hash, name};
    if (++t->len > t->cap / 4 * 3) grow(t);
    return name;
}

const Name *name_ofn(NameTable *t, const char *s, size_t n) {
    check(n < UINT32_MAX);
    uint32_t hash = (uint32_t)hash_bytes(s, n, 0);
    uint32_t i = hash & (t->cap - 1);
    for (; t->slots[i].name; i = (i + 1) & (t->cap - 1)) {
        const Name *name = t->slots[i].name;
        if (t->slots[i].hash == hash && name->len == n && memcmp(name->text, s, n) == 0) return name;
    }
    return insert(t, i, hash, s, n);
}

const Name *name_of(NameTable *t, const char *s) { return name_ofn(t, s, strlen(s)); }
