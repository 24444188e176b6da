/* iface.c: interfaces: method tables found at run time, assertions, equality.
 *
 * Itabs made here are cached in a hash table keyed by (interface, type): read without locks, written under one. An
 * entry is published by a release store after it is complete; a full table is replaced by a larger copy, and readers
 * of the old one at worst miss an entry and take the lock. Failures are cached too, as itabs whose fun[0] is NULL.
 * The compiler makes static itabs of its own, so two itabs can stand for one pair: compare types, never itabs. */
#include "runtime/hash.h"

/* ---- making itabs ---- */

/* The package that an unexported method belongs to. */
static GoString method_pkg(const uint8_t *name, GoString of_type) {
    GoString pkg = rt_name_pkg(name);
    return pkg.len ? pkg : of_type;
}

static bool same_method(const GoInterfaceType *inter, const GoImethod *want, const GoUncommon *u,
                        const GoMethod *have) {
    const uint8_t *wname = rt_resolve_off(want->name), *hname = rt_resolve_off(have->name);
    if (rt_resolve_off(want->type) != rt_resolve_off(have->mtyp)) return false;
    if (!rt_string_equal(rt_name_text(wname), rt_name_text(hname))) return false;
    return rt_name_exported(hname) || rt_string_equal(method_pkg(wname, rt_name_text(inter->pkg_path)),
                                                      method_pkg(hname, rt_name_text(rt_resolve_off(u->pkg_path))));
}

/* Fills fun (may be NULL) with the code of inter's methods; both lists are sorted alike, so one pass does. Returns
 * the name of the first method that type lacks, NULL when it has all. */
static const uint8_t *find_methods(const GoInterfaceType *inter, const GoType *type, void **fun) {
    const GoUncommon *u = rt_type_uncommon(type);
    const GoMethod *have = u ? (const GoMethod *)((const uint8_t *)u + u->moff) : NULL;
    int k = 0, n = u ? u->mcount : 0;
    for (int64_t i = 0; i < inter->nmethods; i++, k++) {
        while (k < n && !same_method(inter, &inter->methods[i], u, &have[k])) k++;
        if (k == n) return rt_resolve_off(inter->methods[i].name);
        if (fun) fun[i] = (void *)rt_resolve_off(have[k].ifn);
    }
    return NULL;
}

static GoItab *new_itab(const GoInterfaceType *inter, const GoType *type) {
    GoItab *tab = rt_persistent(offsetof(GoItab, fun) + sizeof(void *) * (size_t)inter->nmethods);
    tab->inter = inter;
    tab->type = type;
    tab->hash = type->hash;
    if (find_methods(inter, type, tab->fun)) tab->fun[0] = NULL;
    return tab;
}

/* ---- the cache ---- */

enum { FIRST_TABLE = 256 };

typedef struct ItabTable {
    uint64_t mask, count;
    const GoItab *entry[];
} ItabTable;

/* Owner: the process. lock: for adding. */
static struct { RtSpin lock; ItabTable *table; } cache;

static uint64_t slot_of(const GoInterfaceType *inter, const GoType *type) {
    return hash_mix((uintptr_t)inter ^ rt_hash_secret[1], (uintptr_t)type ^ rt_hash_secret[2]);
}

static const GoItab *find(const ItabTable *t, const GoInterfaceType *inter, const GoType *type) {
    if (!t) return NULL;
    for (uint64_t i = slot_of(inter, type);; i++) {
        const GoItab *tab = __atomic_load_n(&t->entry[i & t->mask], __ATOMIC_ACQUIRE);
        if (!tab || (tab->inter == inter && tab->type == type)) return tab;
    }
}

static void insert(ItabTable *t, const GoItab *tab) {
    uint64_t i = slot_of(tab->inter, tab->type);
    while (t->entry[i & t->mask]) i++;
    __atomic_store_n(&t->entry[i & t->mask], tab, __ATOMIC_RELEASE);
    t->count++;
}

static ItabTable *grown(const ItabTable *old) {
    uint64_t n = old ? (old->mask + 1) * 2 : FIRST_TABLE;
    ItabTable *t = rt_persistent(sizeof(ItabTable) + n * sizeof(t->entry[0]));
    t->mask = n - 1;
    for (uint64_t i = 0; old && i <= old->mask; i++)
        if (old->entry[i]) insert(t, old->entry[i]);
    return t;
}

RT_COLD static const GoItab *add(const GoInterfaceType *inter, const GoType *type) {
    rt_spin_lock(&cache.lock);
    const GoItab *tab = find(cache.table, inter, type);
    if (!tab) {
        tab = new_itab(inter, type);
        ItabTable *t = cache.table;
        if (!t || t->count * 4 >= (t->mask + 1) * 3) {
            t = grown(t);
            __atomic_store_n(&cache.table, t, __ATOMIC_RELEASE);
        }
        insert(t, tab);
    }
    rt_spin_unlock(&cache.lock);
    return tab;
}

const GoItab *rt_itab(const GoInterfaceType *inter, const GoType *type) {
    if (!type) return NULL;
    const GoItab *tab = find(__atomic_load_n(&cache.table, __ATOMIC_ACQUIRE), inter, type);
    if (RT_UNLIKELY(!tab)) tab = add(inter, type);
    return tab->fun[0] ? tab : NULL;
}

RT_COLD static _Noreturn void assertion_failed(const GoInterfaceType *inter, const GoType *type) {
    GoString missing = type ? rt_name_text(find_methods(inter, type, NULL)) : (GoString){0};
    rt_panic_conversion(NULL, type, &inter->t, missing);
}

const GoItab *rt_assert_itab(const GoInterfaceType *inter, const GoType *type) {
    const GoItab *tab = rt_itab(inter, type);
    if (RT_UNLIKELY(!tab)) assertion_failed(inter, type);
    return tab;
}

/* ---- equality ---- */

typedef bool EqualCode(const void *p, const void *q, GoClosure *env);

bool rt_ifacedata_equal(const GoType *t, const void *a, const void *b) {
    if (RT_UNLIKELY(!t->equal)) rt_panic_type(RT_STR("comparing uncomparable type "), t);
    if (rt_type_direct(t)) return a == b;
    return ((EqualCode *)t->equal->code)(a, b, t->equal);
}

bool rt_eface_equal(GoEface a, GoEface b) {
    return a.type == b.type && (!a.type || rt_ifacedata_equal(a.type, a.data, b.data));
}

bool rt_iface_equal(GoIface a, GoIface b) {
    const GoType *ta = a.tab ? a.tab->type : NULL, *tb = b.tab ? b.tab->type : NULL;
    return ta == tb && (!ta || rt_ifacedata_equal(ta, a.data, b.data));
}

/* ---- boxes ---- */

void *rt_box_small(uint64_t v) {
    if (v < (uint64_t)RT_COUNT(rt_small_words)) return (void *)&rt_small_words[v];
    uint64_t *p = rt_alloc_noscan(sizeof v);
    *p = v;
    return p;
}

/* ---- reflection ---- */

void rt_uses_methods(void) {}
