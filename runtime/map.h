/* map.h: the hash table behind maps, shared by map.c, map_fast.c and map_iter.c.
 *
 * A table is an array of groups, a power of two of them. A group is 8 control bytes, 8 keys, 8 elements: keys and
 * elements lie apart so that neither needs padding. A control byte is EMPTY, DELETED, or for a full slot the low
 * seven bits of the key's hash (its tag); eight of them are matched at once in a 64-bit word. The rest of the hash names the
 * first group to probe, later ones follow in triangular steps, which visit every group. A search ends at a group with
 * an EMPTY slot. Tables grow by doubling at 7/8 full; a table of one group is filled completely, since a search in it
 * ends anyway. Slots never move within a table that iterators may be walking (map_iter.c).
 *
 * Only key and element type, hasher and flags of the GoMapType are used: reflect makes those at run time. */
#ifndef GOO_MAP_H
#define GOO_MAP_H

#include "runtime/hash.h"
#include "runtime/mem/arena.h"

enum {
    GROUP = 8,
    CTRL_EMPTY = 0,         /* fresh memory is an empty table */
    CTRL_DELETED = 1,
    CTRL_FULL = 0x80,       /* with the tag in the other bits */
    MAX_INLINE = 128,       /* bytes; larger keys and elements are stored behind a pointer */
};

/* How keys are hashed and compared. A function of the key type, so that all operations on a map agree: compiled code
 * calls the entry points for 32-bit, 64-bit and string keys directly, reflect the general ones. */
typedef enum KeyClass {
    KEY_ANY,    /* by the map type's hasher and the key type's equality */
    KEY_32,     /* four bytes of plain memory */
    KEY_64,     /* eight */
    KEY_MEM,    /* another size */
    KEY_STRING,
} KeyClass;

enum GoMapState {
    MAP_WRITING = 1,     /* a write is under way: another one, or a read, is a race */
    MAP_ITERATED = 2,    /* an iterator has been set on the present table */
    MAP_INDIRECT_KEY = 4,
    MAP_INDIRECT_ELEM = 8,
};

struct GoMap {
    int64_t count;        /* entries; len() reads it */
    uint8_t *groups;      /* NULL until the first insertion */
    uint64_t mask;        /* groups - 1 */
    uint64_t seed;
    int64_t room;         /* EMPTY slots that may still be filled: limit - count - DELETED ones */
    uint32_t group_size;
    uint16_t elem_off;    /* of the elements in a group */
    uint8_t key_slot, elem_slot; /* bytes of a slot: of the key or element, or of the pointer to it */
    uint8_t key_class;    /* KeyClass */
    uint8_t state;        /* GoMapState */
    uint32_t clears;      /* how often the map was cleared: iterators that walk an old table compare it */
    const RtAt *at;       /* where its memory comes from; NULL: the default heap */
};

/* ---- control words ---- */

#define CTRL_LSB 0x0101010101010101u
#define CTRL_MSB 0x8080808080808080u

/* Sets of slots are words with the top bit of a slot's byte set. */
RT_INLINE int first_slot(uint64_t set) { return __builtin_ctzll(set) >> 3; }
RT_INLINE uint64_t ctrl_load(const uint8_t *group) { return *(const uint64_t *)group; }
/* Bytes of x that are zero; may name more of them above a true one. */
RT_INLINE uint64_t zero_bytes(uint64_t x) { return (x - CTRL_LSB) & ~x & CTRL_MSB; }
/* Full slots with that tag, perhaps a few more: keys are compared anyway. */
RT_INLINE uint64_t ctrl_match(uint64_t ctrl, uint64_t tag) { return zero_bytes(ctrl ^ (CTRL_LSB * tag)); }
RT_INLINE bool ctrl_any_empty(uint64_t ctrl) { return zero_bytes(ctrl) != 0; }
RT_INLINE uint64_t ctrl_free(uint64_t ctrl) { return ~ctrl & CTRL_MSB; } /* EMPTY or DELETED */
RT_INLINE uint64_t ctrl_full(uint64_t ctrl) { return ctrl & CTRL_MSB; }

RT_INLINE uint64_t hash_tag(uint64_t hash) { return (hash & 0x7f) | CTRL_FULL; }
RT_INLINE uint64_t hash_group(uint64_t hash) { return hash >> 7; }

/* ---- slots ---- */

RT_INLINE uint8_t *group_at(const GoMap *m, uint64_t i) { return m->groups + i * m->group_size; }

RT_INLINE uint8_t *key_at(const GoMap *m, KeyClass c, uint8_t *group, int slot) {
    switch (c) {
    case KEY_32: return group + GROUP + slot * 4;
    case KEY_64: return group + GROUP + slot * 8;
    case KEY_STRING: return group + GROUP + slot * (int)sizeof(GoString);
    default: return group + GROUP + slot * m->key_slot;
    }
}

RT_INLINE uint8_t *elem_slot_at(const GoMap *m, uint8_t *group, int slot) {
    return group + m->elem_off + (unsigned)slot * m->elem_slot;
}

RT_INLINE void *elem_at(const GoMap *m, uint8_t *group, int slot) {
    uint8_t *p = elem_slot_at(m, group, slot);
    return RT_UNLIKELY(m->state & MAP_INDIRECT_ELEM) ? *(void **)p : p;
}

/* The key itself, of any class. */
RT_INLINE void *key_of(const GoMap *m, uint8_t *group, int slot) {
    uint8_t *p = key_at(m, KEY_ANY, group, slot);
    return RT_UNLIKELY(m->state & MAP_INDIRECT_KEY) ? *(void **)p : p;
}

/* ---- keys ---- */

typedef uintptr_t MapHasher(const void *key, uintptr_t seed, GoClosure *env);
typedef bool MapEqual(const void *p, const void *q, GoClosure *env);

RT_INLINE uint64_t key_hash(const GoMapType *t, KeyClass c, const void *key, uint64_t seed) {
    switch (c) {
    case KEY_32: return hash_word(*(const uint32_t *)key, seed);
    case KEY_64: return hash_word(*(const uint64_t *)key, seed);
    case KEY_MEM: return rt_hash_mem(key, seed, (int64_t)t->key->size);
    case KEY_STRING: return hash_bytes_inline(((const GoString *)key)->ptr, seed, ((const GoString *)key)->len);
    case KEY_ANY: break;
    }
    return ((MapHasher *)t->hasher->code)(key, seed, t->hasher);
}

/* Short strings without a call: both ends overlap for lengths between powers of two. */
RT_INLINE bool same_bytes(const uint8_t *a, const uint8_t *b, int64_t n) {
    if (n > 16) return memcmp(a, b, (size_t)n) == 0;
    if (n >= 8) return hash_load64(a) == hash_load64(b) && hash_load64(a + n - 8) == hash_load64(b + n - 8);
    if (n >= 4) return hash_load32(a) == hash_load32(b) && hash_load32(a + n - 4) == hash_load32(b + n - 4);
    return n == 0 || (a[0] == b[0] && a[n >> 1] == b[n >> 1] && a[n - 1] == b[n - 1]);
}

RT_INLINE bool key_equal(const GoMapType *t, const GoMap *m, KeyClass c, const void *slot, const void *key) {
    switch (c) {
    case KEY_32: return *(const uint32_t *)slot == *(const uint32_t *)key;
    case KEY_64: return *(const uint64_t *)slot == *(const uint64_t *)key;
    case KEY_MEM: return rt_same(slot, key, t->key->size);
    case KEY_STRING: {
        const GoString *a = slot, *b = key;
        return a->len == b->len && (a->ptr == b->ptr || same_bytes(a->ptr, b->ptr, a->len));
    }
    case KEY_ANY: break;
    }
    const void *p = m->state & MAP_INDIRECT_KEY ? *(void *const *)slot : slot;
    return ((MapEqual *)t->key->equal->code)(key, p, t->key->equal);
}

/* ---- searching ---- */

/* A slot of a table; group NULL: none. */
typedef struct MapSlot { uint8_t *group; int slot; } MapSlot;

/* Where key is. The map has a table. */
RT_INLINE MapSlot map_find(const GoMapType *t, const GoMap *m, KeyClass c, const void *key, uint64_t hash) {
    uint64_t tag = hash_tag(hash), mask = m->mask;
    for (uint64_t i = hash_group(hash) & mask, step = 0;;) {
        uint8_t *group = group_at(m, i);
        uint64_t ctrl = ctrl_load(group);
        for (uint64_t set = ctrl_match(ctrl, tag); set; set &= set - 1) {
            int slot = first_slot(set);
            if (RT_LIKELY(key_equal(t, m, c, key_at(m, c, group, slot), key))) return (MapSlot){group, slot};
        }
        if (RT_LIKELY(ctrl_any_empty(ctrl)) || ++step > mask) return (MapSlot){0};
        i = (i + step) & mask;
    }
}

/* ---- races: a program that shares a map without a lock is told so when it happens to be noticed ---- */

RT_INLINE void check_no_writer(const GoMap *m, GoString race) {
    if (RT_UNLIKELY(m->state & MAP_WRITING)) rt_fatal(race);
}

/* A write that may panic on its way: where a key's memory was released, or no more may be allocated. unwind (panic.c) then
 * ends it; the map must be as good as before at every such point. On the stack of who writes. */
typedef struct RtMapWrite {
    GoMap *map;
    RtG *g; /* may be on another thread when the write ends: comparing keys can call compiled code */
    struct RtMapWrite *outer;
} RtMapWrite;

RT_INLINE void begin_write(GoMap *m, RtMapWrite *w) {
    check_no_writer(m, RT_STR("concurrent map writes"));
    RtG *g = rt_g;
    *w = (RtMapWrite){m, g, g->writes};
    g->writes = w;
    m->state |= MAP_WRITING;
}

RT_INLINE void end_write(GoMap *m, const RtMapWrite *w) {
    w->g->writes = w->outer;
    m->state &= (uint8_t)~MAP_WRITING;
}

/* ---- map.c ---- */

/* The first free slot for a key of that hash, in a table that has one. */
MapSlot rt_map_free_slot(const GoMap *m, uint64_t hash);
/* No room is left (or there is no table yet): makes room for one more key. */
void rt_map_make_room(const GoMapType *t, GoMap *m);
/* Where key is, by the map's own class. m has a table. */
MapSlot rt_map_find(const GoMapType *t, const GoMap *m, const void *key);
/* Takes a free slot for key, which the map does not have: the first on the way of its hash. */
MapSlot rt_map_insert(const GoMapType *t, GoMap *m, KeyClass c, const void *key, uint64_t hash);

RT_INLINE void store_key(const GoMapType *t, const GoMap *m, KeyClass c, MapSlot s, const void *key) {
    uint8_t *at = key_at(m, c, s.group, s.slot);
    switch (c) {
    case KEY_32: *(uint32_t *)at = *(const uint32_t *)key; return;
    case KEY_64: *(uint64_t *)at = *(const uint64_t *)key; return;
    case KEY_STRING: *(GoString *)at = *(const GoString *)key; return;
    case KEY_ANY: case KEY_MEM: break;
    }
    rt_copy(key_of(m, s.group, s.slot), key, t->key->size);
}

/* Finds key or inserts it; returns where its element is. c is a constant in every caller. */
RT_INLINE void *map_assign(const GoMapType *t, GoMap *m, KeyClass c, const void *key) {
    if (RT_UNLIKELY(!m)) rt_panic_nil_map();
    uint64_t hash = key_hash(t, c, key, m->seed); /* may panic: before anything changes */
    RtMapWrite w;
    begin_write(m, &w);
    MapSlot s = RT_LIKELY(m->groups != NULL) ? map_find(t, m, c, key, hash) : (MapSlot){0};
    if (RT_UNLIKELY(!s.group)) s = rt_map_insert(t, m, c, key, hash);
    else if (t->flags & MF_NEED_KEY_UPDATE) store_key(t, m, c, s, key);
    end_write(m, &w);
    return elem_at(m, s.group, s.slot);
}

/* The element of key, or a zero value; and whether it is there. c is a constant in every caller. */
RT_INLINE GoPB map_access(const GoMapType *t, const GoMap *m, KeyClass c, const void *key) {
    if (RT_LIKELY(m && m->count)) {
        check_no_writer(m, RT_STR("concurrent map read and map write"));
        MapSlot s = map_find(t, m, c, key, key_hash(t, c, key, m->seed));
        if (RT_LIKELY(s.group)) return (GoPB){elem_at(m, s.group, s.slot), true};
    }
    return (GoPB){(void *)rt_zero_value(t->elem->size), false};
}

#endif
