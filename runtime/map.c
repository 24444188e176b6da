/* map.c: making, growing, reading and changing maps of any type; map.h has the table and its algorithms. */
#include "runtime/map.h"
#include "runtime/mem/arena.h"

enum { FULL_NUM = 7 }; /* of the 8 slots of a group, on average, when a table grows */

/* ---- making ---- */

/* Depends on the key type alone. Compiled code may use the operations for fixed key sizes for any plain memory. */
static KeyClass class_of(const GoType *key) {
    if (rt_type_kind(key) == GK_STRING) return KEY_STRING;
    if (!(key->tflag & TF_REGULAR_MEMORY) || key->size > MAX_INLINE) return KEY_ANY;
    return key->size == 4 ? KEY_32 : key->size == 8 ? KEY_64 : KEY_MEM;
}

static int64_t limit_of(uint64_t mask) { return mask == 0 ? GROUP : (int64_t)(mask + 1) * FULL_NUM; }

static bool has_pointers(const GoMapType *t, const GoMap *m) {
    return t->key->ptr_bytes || t->elem->ptr_bytes || (m->state & (MAP_INDIRECT_KEY | MAP_INDIRECT_ELEM));
}

static RtAt map_at(const GoMap *m) { return RT_UNLIKELY(m->at != NULL) ? *m->at : rt_at_heap; }

/* Gives m a new, empty table. */
static void new_table(const GoMapType *t, GoMap *m, uint64_t groups) {
    size_t size;
    if (__builtin_mul_overflow(groups, (uint64_t)m->group_size, &size) || size > RT_MAX_ALLOC) size = RT_MAX_ALLOC;
    RtAt at = map_at(m);
    m->groups = has_pointers(t, m) ? rt_at_alloc_words(at, size) : rt_at_alloc(at, size, NULL);
    m->mask = groups - 1;
    m->room = limit_of(m->mask);
    m->state &= (uint8_t)~MAP_ITERATED;
}

/* Groups for a map that is to hold hint entries without growing; 0: decide later. */
static uint64_t groups_for(const GoMap *m, int64_t hint) {
    if (hint <= GROUP || (uint64_t)hint > RT_MAX_ALLOC / m->group_size * GROUP) return 0;
    uint64_t groups = 2;
    while (limit_of(groups - 1) < hint) groups *= 2;
    return groups;
}

RT_INLINE GoMap *make_map(const GoMapType *t, int64_t hint, RtAt at) {
    GoMap *m = rt_at_alloc_words(at, sizeof *m);
    if (at.tab) {
        RtAt *kept = rt_at_alloc_words(at, sizeof *kept);
        *kept = at;
        m->at = kept;
    }
    size_t key = t->key->size, elem = t->elem->size;
    if (key > MAX_INLINE) {
        m->state |= MAP_INDIRECT_KEY;
        key = sizeof(void *);
    }
    if (elem > MAX_INLINE) {
        m->state |= MAP_INDIRECT_ELEM;
        elem = sizeof(void *);
    }
    m->key_class = class_of(t->key);
    m->key_slot = (uint8_t)key;
    m->elem_slot = (uint8_t)elem;
    m->elem_off = (uint16_t)(GROUP + GROUP * key);
    m->group_size = (uint32_t)(m->elem_off + GROUP * elem);
    m->seed = rt_random();
    uint64_t groups = groups_for(m, hint);
    if (groups) new_table(t, m, groups);
    return m;
}

GoMap *rt_map_make(const GoMapType *t, int64_t hint) { return make_map(t, hint, rt_at_heap); }
GoMap *rt_map_make_at(const GoMapType *t, int64_t hint, void *at, const GoItab *tab) {
    return make_map(t, hint, rt_at(at, tab));
}

static void *new_part(const GoMap *m, const GoType *t) { return rt_at_alloc(map_at(m), t->size, t); }

/* What a slot of a map with indirect keys or elements points to. */
typedef struct Parts { void *key, *elem; } Parts;

static Parts new_parts(const GoMapType *t, const GoMap *m) {
    return (Parts){m->state & MAP_INDIRECT_KEY ? new_part(m, t->key) : NULL, m->state & MAP_INDIRECT_ELEM ? new_part(m, t->elem) : NULL};
}

static void set_parts(const GoMap *m, MapSlot s, Parts parts) {
    if (parts.key) *(void **)key_at(m, KEY_ANY, s.group, s.slot) = parts.key;
    if (parts.elem) *(void **)elem_slot_at(m, s.group, s.slot) = parts.elem;
}

/* ---- growing ---- */

MapSlot rt_map_free_slot(const GoMap *m, uint64_t hash) {
    for (uint64_t i = hash_group(hash) & m->mask, step = 0;;) {
        uint8_t *group = group_at(m, i);
        uint64_t free = ctrl_free(ctrl_load(group));
        if (RT_LIKELY(free)) return (MapSlot){group, first_slot(free)};
        i = (i + ++step) & m->mask;
    }
}

/* Copies and clears the few words of a slot. Written out because GCC makes string instructions of memcpy and of loops
 * it recognises, and these take longer to start than most slots take in all. */
RT_INLINE void copy_slot(uint8_t *to, const uint8_t *from, size_t n) {
    for (; n >= 8; n -= 8, to += 8, from += 8) {
        memcpy(to, from, 8);
        __asm__ volatile("" ::: "memory");
    }
    for (; n > 0; n--) {
        *to++ = *from++;
        __asm__ volatile("" ::: "memory");
    }
}

RT_INLINE void clear_bytes(uint8_t *p, size_t n) {
    for (; n >= 8; n -= 8, p += 8) {
        memset(p, 0, 8);
        __asm__ volatile("" ::: "memory");
    }
    for (; n > 0; n--) {
        *p++ = 0;
        __asm__ volatile("" ::: "memory");
    }
}

/* The key in a slot hashed, by a class that is constant in the caller. */
RT_INLINE uint64_t slot_hash(const GoMapType *t, const GoMap *m, KeyClass c, uint8_t *group, int slot) {
    return key_hash(t, c, c == KEY_ANY ? key_of(m, group, slot) : key_at(m, c, group, slot), m->seed);
}

/* Copies the entries of the table `from` of that mask into m's empty one. */
RT_INLINE void move_entries(const GoMapType *t, GoMap *m, KeyClass c, uint8_t *from, uint64_t mask) {
    for (uint64_t i = 0; i <= mask; i++, from += m->group_size) {
        for (uint64_t set = ctrl_full(ctrl_load(from)); set; set &= set - 1) {
            int slot = first_slot(set);
            uint64_t hash = slot_hash(t, m, c, from, slot);
            MapSlot to = rt_map_free_slot(m, hash);
            to.group[to.slot] = (uint8_t)hash_tag(hash);
            copy_slot(key_at(m, c, to.group, to.slot), key_at(m, c, from, slot), m->key_slot);
            copy_slot(elem_slot_at(m, to.group, to.slot), elem_slot_at(m, from, slot), m->elem_slot);
        }
    }
    m->room -= m->count;
}

/* Hashing a key may panic, if its memory was released: m changes when all have moved. */
static void to_new_table(const GoMapType *t, GoMap *m, uint64_t groups) {
    GoMap next = *m;
    new_table(t, &next, groups);
    switch ((KeyClass)m->key_class) {
    case KEY_ANY: move_entries(t, &next, KEY_ANY, m->groups, m->mask); break;
    case KEY_32: move_entries(t, &next, KEY_32, m->groups, m->mask); break;
    case KEY_64: move_entries(t, &next, KEY_64, m->groups, m->mask); break;
    case KEY_MEM: move_entries(t, &next, KEY_MEM, m->groups, m->mask); break;
    case KEY_STRING: move_entries(t, &next, KEY_STRING, m->groups, m->mask); break;
    }
    *m = next;
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t n) {
    uint8_t spare[MAX_INLINE];
    rt_copy(spare, a, n);
    rt_copy(a, b, n);
    rt_copy(b, spare, n);
}

static void swap_slots(const GoMap *m, MapSlot a, MapSlot b) {
    swap_bytes(key_at(m, KEY_ANY, a.group, a.slot), key_at(m, KEY_ANY, b.group, b.slot), m->key_slot);
    swap_bytes(elem_slot_at(m, a.group, a.slot), elem_slot_at(m, b.group, b.slot), m->elem_slot);
}

static uint64_t hash_of_slot(const GoMapType *t, const GoMap *m, MapSlot s) {
    return slot_hash(t, m, (KeyClass)m->key_class, s.group, s.slot);
}

/* Finds the place of the entry at s, whose mark is DELETED for the time being, and of every entry it pushes out. */
static void settle(const GoMapType *t, GoMap *m, MapSlot s) {
    for (;;) {
        uint64_t hash = hash_of_slot(t, m, s);
        MapSlot to = rt_map_free_slot(m, hash);
        uint8_t before = to.group[to.slot];
        if (to.group == s.group) { /* as good as any slot of its group */
            s.group[s.slot] = (uint8_t)hash_tag(hash);
            return;
        }
        to.group[to.slot] = (uint8_t)hash_tag(hash);
        swap_slots(m, s, to); /* a free slot's contents are zero */
        if (before == CTRL_EMPTY) {
            s.group[s.slot] = CTRL_EMPTY;
            return;
        }
    }
}

/* Whether a key of m may lie elsewhere, in memory that may be released. */
static bool may_lose_keys(const GoMap *m) {
    return (m->key_class == KEY_STRING || m->key_class == KEY_ANY) && rt_mem_in_use();
}

/* Turns DELETED marks into EMPTY ones within the table. Slots move: not while an iterator may look, nor where hashing a
 * key may panic in between. */
static void rehash_in_place(const GoMapType *t, GoMap *m) {
    for (uint64_t i = 0; i <= m->mask; i++) {
        uint64_t *ctrl = (uint64_t *)group_at(m, i);
        *ctrl = ctrl_full(*ctrl) >> 7; /* full: DELETED; all others: EMPTY */
    }
    for (uint64_t i = 0; i <= m->mask; i++) {
        uint8_t *group = group_at(m, i);
        for (int slot = 0; slot < GROUP; slot++)
            if (group[slot] == CTRL_DELETED) settle(t, m, (MapSlot){group, slot});
    }
    m->room = limit_of(m->mask) - m->count;
}

void rt_map_make_room(const GoMapType *t, GoMap *m) {
    if (!m->groups) {
        new_table(t, m, 1);
        return;
    }
    bool grows = m->count * 4 > limit_of(m->mask) * 3; /* else DELETED marks are what fills the table */
    if (grows) to_new_table(t, m, (m->mask + 1) * 2);
    else if ((m->state & MAP_ITERATED) || may_lose_keys(m)) to_new_table(t, m, m->mask + 1);
    else rehash_in_place(t, m);
}

/* ---- inserting ---- */

MapSlot rt_map_insert(const GoMapType *t, GoMap *m, KeyClass c, const void *key, uint64_t hash) {
    bool indirect = m->state & (MAP_INDIRECT_KEY | MAP_INDIRECT_ELEM);
    Parts parts = RT_UNLIKELY(indirect) ? new_parts(t, m) : (Parts){0};
    bool full = !m->groups || (uint64_t)m->count == (m->mask + 1) * GROUP;
    MapSlot s = full ? (MapSlot){0} : rt_map_free_slot(m, hash);
    bool reuses = !full && s.group[s.slot] == CTRL_DELETED;
    if (!reuses) {
        if (RT_UNLIKELY(m->room == 0)) {
            rt_map_make_room(t, m);
            s = rt_map_free_slot(m, hash);
        }
        m->room--;
    }
    s.group[s.slot] = (uint8_t)hash_tag(hash);
    m->count++;
    if (RT_UNLIKELY(indirect)) set_parts(m, s, parts);
    store_key(t, m, c, s, key);
    return s;
}

/* ---- the element of keys that a map does not have ---- */

/* Elements up to 1 KiB share one static block; for larger ones a mapping of untouched pages is made, and replaced by
 * a larger one when needed. Old ones stay valid: an earlier caller may still be reading. */
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

/* ---- reading ---- */

static uint64_t hash_key(const GoMapType *t, const GoMap *m, const void *key) {
    return key_hash(t, (KeyClass)m->key_class, key, m->seed);
}

MapSlot rt_map_find(const GoMapType *t, const GoMap *m, const void *key) {
    uint64_t hash = hash_key(t, m, key);
    switch ((KeyClass)m->key_class) {
    case KEY_32: return map_find(t, m, KEY_32, key, hash);
    case KEY_64: return map_find(t, m, KEY_64, key, hash);
    case KEY_MEM: return map_find(t, m, KEY_MEM, key, hash);
    case KEY_STRING: return map_find(t, m, KEY_STRING, key, hash);
    case KEY_ANY: break;
    }
    return map_find(t, m, KEY_ANY, key, hash);
}

/* A key that has no hash is an error even where there is nothing to find. */
static bool is_empty(const GoMapType *t, const GoMap *m, const void *key) {
    if (RT_LIKELY(m && m->count)) return false;
    if (t->flags & MF_HASH_MIGHT_PANIC) ((MapHasher *)t->hasher->code)(key, 0, t->hasher);
    return true;
}

GoPB rt_map_access2(const GoMapType *t, GoMap *m, const void *key) {
    if (!is_empty(t, m, key)) {
        check_no_writer(m, RT_STR("concurrent map read and map write"));
        MapSlot s = rt_map_find(t, m, key);
        if (s.group) return (GoPB){elem_at(m, s.group, s.slot), true};
    }
    return (GoPB){(void *)rt_zero_value(t->elem->size), false};
}

void *rt_map_access(const GoMapType *t, GoMap *m, const void *key) { return rt_map_access2(t, m, key).p; }

/* ---- changing ---- */

void *rt_map_assign(const GoMapType *t, GoMap *m, const void *key) {
    switch (m ? (KeyClass)m->key_class : KEY_ANY) {
    case KEY_32: return map_assign(t, m, KEY_32, key);
    case KEY_64: return map_assign(t, m, KEY_64, key);
    case KEY_MEM: return map_assign(t, m, KEY_MEM, key);
    case KEY_STRING: return map_assign(t, m, KEY_STRING, key);
    case KEY_ANY: break;
    }
    return map_assign(t, m, KEY_ANY, key);
}

static void clear_slot(GoMap *m, MapSlot s) {
    clear_bytes(key_at(m, KEY_ANY, s.group, s.slot), m->key_slot);
    clear_bytes(elem_slot_at(m, s.group, s.slot), m->elem_slot);
}

void rt_map_delete(const GoMapType *t, GoMap *m, const void *key) {
    if (is_empty(t, m, key)) return;
    MapSlot s = rt_map_find(t, m, key);
    RtMapWrite w;
    begin_write(m, &w);
    if (s.group) {
        clear_slot(m, s);
        m->count--;
        /* No search goes past a group with an empty slot, so one more does no harm there. */
        bool last = m->mask == 0 || ctrl_any_empty(ctrl_load(s.group));
        s.group[s.slot] = last ? CTRL_EMPTY : CTRL_DELETED;
        m->room += last;
    }
    end_write(m, &w);
}

void rt_map_clear(const GoMapType *t, GoMap *m) {
    (void)t;
    if (!m || !m->groups) return;
    RtMapWrite w;
    begin_write(m, &w);
    memset(m->groups, 0, (m->mask + 1) * m->group_size);
    m->count = 0;
    m->room = limit_of(m->mask);
    m->clears++;
    m->seed = rt_random(); /* whoever found colliding keys must start again */
    end_write(m, &w);
}

/* ---- panics ---- */

void rt_map_writes_left(RtG *g) {
    for (RtMapWrite *w; (w = g->writes);) {
        g->writes = w->outer;
        w->map->state &= (uint8_t)~MAP_WRITING;
    }
}
