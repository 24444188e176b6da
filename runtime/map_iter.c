/* map_iter.c: ranging over maps.
 *
 * An iterator walks the table that the map had when it was made, from a random slot around to where it began. As long
 * as that is the map's table, what stands in a slot is the entry. Once the map has moved to another table, the old one
 * is left as it was: its keys are looked up in the new table, for what became of them. So each entry is produced at
 * most once, deleted entries are not, and entries that were there from the start are not missed. A key unequal to
 * itself (NaN) can not be looked up, nor deleted or assigned to: it is produced from the old table, unless the map
 * was cleared meanwhile.
 *
 * The iterator's words: priv[0] the map, priv[1] the table; priv_scalar: see the enum. */
#include "runtime/map.h"

enum { IT_MASK, IT_POSITION /* slots done */, IT_START /* first slot */, IT_CLEARS };

void rt_map_iter_init(const GoMapType *t, GoMap *m, RtMapIter *it) {
    *it = (RtMapIter){.type = &t->t};
    if (!m || m->count == 0) return;
    m->state |= MAP_ITERATED;
    it->priv[0] = m;
    it->priv[1] = m->groups;
    it->priv_scalar[IT_MASK] = m->mask;
    it->priv_scalar[IT_START] = rt_random() & (m->mask * GROUP + GROUP - 1);
    it->priv_scalar[IT_CLEARS] = m->clears;
    rt_map_iter_next(it);
}

/* The entry that was at s of the abandoned table, as the map has it now; false: no more. */
static bool find_moved(RtMapIter *it, const GoMapType *t, const GoMap *m, MapSlot s) {
    void *key = key_of(m, s.group, s.slot);
    MapSlot now = m->count ? rt_map_find(t, m, key) : (MapSlot){0};
    if (now.group) {
        it->key = key_of(m, now.group, now.slot);
        it->elem = elem_at(m, now.group, now.slot);
        return true;
    }
    if ((t->flags & MF_REFLEXIVE) || it->priv_scalar[IT_CLEARS] != m->clears) return false;
    if (((MapEqual *)t->key->equal->code)(key, key, t->key->equal)) return false;
    it->key = key;
    it->elem = elem_at(m, s.group, s.slot);
    return true;
}

static bool produce(RtMapIter *it, const GoMap *m, MapSlot s) {
    if (RT_UNLIKELY(it->priv[1] != m->groups)) return find_moved(it, (const GoMapType *)it->type, m, s);
    it->key = key_of(m, s.group, s.slot);
    it->elem = elem_at(m, s.group, s.slot);
    return true;
}

void rt_map_iter_next(RtMapIter *it) {
    const GoMap *m = it->priv[0];
    uint8_t *groups = it->priv[1];
    uint64_t slots = (it->priv_scalar[IT_MASK] + 1) * GROUP, pos = it->priv_scalar[IT_POSITION];
    check_no_writer(m, RT_STR("concurrent map iteration and map write"));
    while (pos < slots) {
        uint64_t at = (it->priv_scalar[IT_START] + pos) & (slots - 1);
        int slot = (int)(at % GROUP);
        uint8_t *group = groups + at / GROUP * m->group_size;
        uint64_t set = ctrl_full(ctrl_load(group)) >> (slot * 8);
        if (!set) {
            pos += (uint64_t)(GROUP - slot);
            continue;
        }
        int skip = first_slot(set);
        pos += (uint64_t)skip;
        if (pos++ >= slots) break;
        if (produce(it, m, (MapSlot){group, slot + skip})) {
            it->priv_scalar[IT_POSITION] = pos;
            return;
        }
    }
    it->priv_scalar[IT_POSITION] = slots;
    it->key = it->elem = NULL;
}
