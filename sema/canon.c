/* canon.c: structural hashes, and one representative for each class of identical types.
 *
 * type_hash depends only on what a type has from the moment it exists, so it may be asked at any time: interfaces,
 * whose methods come later, all hash alike.
 *
 * type_canon works bottom up: components first, so that candidates are compared by comparing pointers. Interfaces
 * may contain themselves through their methods; they are compared by type_identical, and their representative is
 * entered into the table before its methods are made canonical.
 * Invariant: t->canon->canon == t->canon, and all components of a representative are representatives. */
#include <string.h>

#include "sema/tables.h"

/* ---- hashes ---- */

static uint32_t hash_of(Sema *s, Type *t, bool *final);

static uint32_t hash_objects(Sema *s, uint32_t h, Object **at, int n, bool names, bool *final) {
    for (int i = 0; i < n; i++) {
        if (names) h = hash_mix(h, at[i]->name->hash);
        h = hash_mix(h, hash_of(s, at[i]->type, final));
    }
    return h;
}

static uint32_t hash_named(Sema *s, uint32_t h, Type *t, bool *final) {
    const Object *obj = t->named.obj;
    h = hash_mix(h, obj->name->hash);
    if (obj->pkg) h = hash_mix(h, (uint32_t)hash_bytes(obj->pkg->path, strlen(obj->pkg->path), 0));
    for (int i = 0; i < t->named.targs.len; i++) h = hash_mix(h, hash_of(s, t->named.targs.at[i], final));
    return h;
}

static uint32_t hash_func(Sema *s, uint32_t h, Type *t, bool *final) {
    h = hash_mix(h, (uint32_t)t->func.variadic);
    /* Identity ignores what type parameters are called, so generic functions hash by shape only. */
    if (t->func.tparams.len)
        return hash_mix(hash_mix(h, (uint32_t)t->func.tparams.len), (uint32_t)t->func.params->tuple.n);
    h = hash_mix(h, hash_of(s, t->func.params, final));
    return hash_mix(h, hash_of(s, t->func.results, final));
}

static uint32_t compute_hash(Sema *s, Type *t, bool *final) {
    uint32_t h = hash_mix(0x811C9DC5u, t->kind);
    switch ((TypeKind)t->kind) {
    case TY_BASIC: return hash_mix(h, (uint32_t)t->basic.kind);
    case TY_NAMED: return hash_named(s, h, t, final);
    case TY_POINTER: return hash_mix(h, hash_of(s, t->pointer.elem, final));
    case TY_SLICE: return hash_mix(h, hash_of(s, t->slice.elem, final));
    case TY_ARRAY:
        *final &= t->array.len >= 0;
        return hash_mix(hash_mix(h, (uint32_t)t->array.len), hash_of(s, t->array.elem, final));
    case TY_MAP: return hash_mix(hash_mix(h, hash_of(s, t->map.key, final)), hash_of(s, t->map.elem, final));
    case TY_CHAN: return hash_mix(hash_mix(h, (uint32_t)t->chan.dir), hash_of(s, t->chan.elem, final));
    case TY_STRUCT: return hash_objects(s, h, t->struct_.fields, t->struct_.n, true, final);
    case TY_TUPLE: return hash_objects(s, h, t->tuple.vars, t->tuple.n, false, final);
    case TY_FUNC: return hash_func(s, h, t, final);
    case TY_TYPE_PARAM: return hash_mix(h, t->tparam.id);
    case TY_INTERFACE: case TY_UNION: return h;
    case TY_ALIAS: break;
    }
    unreachable();
}

static uint32_t hash_of(Sema *s, Type *t, bool *final) {
    if (!t) {
        *final = false;
        return 0;
    }
    t = type_unalias(t);
    if (t->kind == TY_ALIAS) { /* without right side yet */
        *final = false;
        return 0;
    }
    if (t->hash) return t->hash;
    bool own_final = type_is_valid(t);
    uint32_t h = compute_hash(s, t, &own_final);
    if (h == 0) h = 1;
    if (own_final) t->hash = h;
    *final &= own_final;
    return h;
}

uint32_t type_hash(Sema *s, Type *t) {
    bool final = true;
    return hash_of(s, t, &final);
}

/* ---- representatives ---- */

static bool objects_equal(Object *const *x, Object *const *y, int n) {
    for (int i = 0; i < n; i++) {
        if (x[i]->type != y[i]->type) return false;
    }
    return true;
}

static bool structs_equal(Sema *s, Type *x, Type *y) {
    if (x->struct_.n != y->struct_.n) return false;
    for (int i = 0; i < x->struct_.n; i++) {
        if (!fields_match(s, x, y, i, false)) return false;
    }
    return objects_equal(x->struct_.fields, y->struct_.fields, x->struct_.n);
}

/* Identity of two types whose components are representatives. */
static bool shallow_equal(Sema *s, Type *x, Type *y) {
    if (x->kind != y->kind) return false;
    switch ((TypeKind)x->kind) {
    case TY_POINTER: return x->pointer.elem == y->pointer.elem;
    case TY_SLICE: return x->slice.elem == y->slice.elem;
    case TY_ARRAY: return x->array.elem == y->array.elem && x->array.len == y->array.len;
    case TY_MAP: return x->map.key == y->map.key && x->map.elem == y->map.elem;
    case TY_CHAN: return x->chan.elem == y->chan.elem && x->chan.dir == y->chan.dir;
    case TY_STRUCT: return structs_equal(s, x, y);
    case TY_TUPLE: return x->tuple.n == y->tuple.n && objects_equal(x->tuple.vars, y->tuple.vars, x->tuple.n);
    case TY_FUNC:
        return x->func.params == y->func.params && x->func.results == y->func.results &&
               x->func.variadic == y->func.variadic;
    case TY_NAMED:
        return x->named.origin == y->named.origin && x->named.targs.len == y->named.targs.len &&
               memcmp(x->named.targs.at, y->named.targs.at, sizeof(Type *) * (size_t)x->named.targs.len) == 0;
    case TY_INTERFACE: return type_identical(s, x, y);
    case TY_BASIC: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    unreachable();
}

static Type *find(Sema *s, Type *t, uint32_t hash) {
    TypeTable *table = &s->tables->canon;
    for (TypeEntry *e = table_first(table, hash); e; e = table_next(e)) {
        if (shallow_equal(s, e->key, t)) return e->key;
    }
    return NULL;
}

static Type *enter(Sema *s, Type *t, uint32_t hash) {
    table_add(s->arena, &s->tables->canon, hash)->key = t;
    t->canon = t;
    return t;
}

static Type *find_or_enter(Sema *s, Type *candidate) {
    uint32_t hash = type_hash(s, candidate);
    Type *rep = find(s, candidate, hash);
    return rep ? rep : enter(s, candidate, hash);
}

/* Objects with canonical types; the same array when they have them. */
static Object **canon_objects(Sema *s, Object **in, int n) {
    Object **out = in;
    for (int i = 0; i < n; i++) {
        Type *t = type_canon(s, in[i]->type);
        if (t == in[i]->type) continue;
        if (out == in) {
            out = NEW_ARRAY(s->arena, Object *, n);
            memcpy(out, in, sizeof(Object *) * (size_t)n);
        }
        out[i] = NEW(s->arena, Object);
        *out[i] = *in[i];
        out[i]->type = t;
    }
    return out;
}

static Type *canon_func(Sema *s, Type *t) {
    if (t->func.tparams.len) return t;
    Type *params = type_canon(s, t->func.params), *results = type_canon(s, t->func.results);
    bool plain = !t->func.recv && !t->func.recv_tparams.len;
    if (plain && params == t->func.params && results == t->func.results) return find_or_enter(s, t);
    return find_or_enter(s, type_new_func(s, NULL, params, results, t->func.variadic));
}

static Type *canon_instance(Sema *s, Type *t) {
    TypeVec targs = {0};
    bool same = true;
    for (int i = 0; i < t->named.targs.len; i++) {
        vec_push(s->arena, &targs, type_canon(s, t->named.targs.at[i]));
        same &= targs.at[i] == t->named.targs.at[i];
    }
    return find_or_enter(s, same ? t : new_named_instance(s, t->named.origin, targs));
}

/* Methods are part of the hash here, though not in type_hash: the types are complete now. */
static uint32_t hash_method_names(Sema *s, Type *t, const TypeSet *ts) {
    uint32_t h = type_hash(s, t);
    for (int i = 0; i < ts->methods.len; i++) h = hash_mix(h, ts->methods.at[i]->name->hash);
    return h;
}

static Type *canon_interface(Sema *s, Type *t) {
    TypeSet *ts = type_set(s, t);
    uint32_t hash = hash_method_names(s, t, ts);
    Type *rep = find(s, t, hash);
    if (rep) return rep;
    if (!type_set_is_method_set(ts)) return enter(s, t, hash); /* a constraint: no value has this type */
    rep = type_new_interface(s);
    rep->iface.complete = true;
    rep->iface.tset = ts;
    t->canon = enter(s, rep, hash);
    TypeSet *own = NEW(s->arena, TypeSet);
    own->nterms = -1;
    Object **methods = canon_objects(s, ts->methods.at, ts->methods.len);
    own->methods = (ObjectVec){methods, ts->methods.len, ts->methods.len};
    rep->iface.methods = own->methods;
    rep->iface.tset = own;
    return rep;
}

static Type *canon_struct(Sema *s, Type *t) {
    Object **fields = canon_objects(s, t->struct_.fields, t->struct_.n);
    if (fields == t->struct_.fields) return find_or_enter(s, t);
    return find_or_enter(s, type_new_struct(s, fields, t->struct_.tags, t->struct_.n));
}

static Type *canon_tuple(Sema *s, Type *t) {
    Object **vars = canon_objects(s, t->tuple.vars, t->tuple.n);
    return find_or_enter(s, vars == t->tuple.vars ? t : type_new_tuple(s, vars, t->tuple.n));
}

static Type *canon_map(Sema *s, Type *t) {
    Type *key = type_canon(s, t->map.key), *elem = type_canon(s, t->map.elem);
    bool same = key == t->map.key && elem == t->map.elem;
    return find_or_enter(s, same ? t : type_new_map(s, key, elem));
}

static Type *compute_canon(Sema *s, Type *t) {
    Type *elem;
    switch ((TypeKind)t->kind) {
    case TY_BASIC: return type_basic(s, t->basic.kind);
    case TY_NAMED: return t->named.origin ? canon_instance(s, t) : t;
    case TY_POINTER:
        elem = type_canon(s, t->pointer.elem);
        return find_or_enter(s, elem == t->pointer.elem ? t : type_new_pointer(s, elem));
    case TY_SLICE:
        elem = type_canon(s, t->slice.elem);
        return find_or_enter(s, elem == t->slice.elem ? t : type_new_slice(s, elem));
    case TY_ARRAY:
        elem = type_canon(s, t->array.elem);
        return find_or_enter(s, elem == t->array.elem ? t : type_new_array(s, elem, t->array.len));
    case TY_CHAN:
        elem = type_canon(s, t->chan.elem);
        return find_or_enter(s, elem == t->chan.elem ? t : type_new_chan(s, elem, t->chan.dir));
    case TY_MAP: return canon_map(s, t);
    case TY_STRUCT: return canon_struct(s, t);
    case TY_TUPLE: return canon_tuple(s, t);
    case TY_FUNC: return canon_func(s, t);
    case TY_INTERFACE: return canon_interface(s, t);
    case TY_TYPE_PARAM: case TY_UNION: return t;
    case TY_ALIAS: break;
    }
    fatal("an alias without type cannot be made canonical");
}

Type *type_canon(Sema *s, Type *t) {
    if (t->canon) return t->canon;
    Type *u = type_unalias(t);
    if (!u->canon) u->canon = compute_canon(s, u);
    u->canon->canon = u->canon;
    return t->canon = u->canon;
}

Type *type_canon_under(Sema *s, Type *t) {
    Type *u = type_under(s, t);
    return u->kind == TY_INTERFACE && type_is_tparam(t) ? u : type_canon(s, u);
}
