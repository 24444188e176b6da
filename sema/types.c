/* types.c: construction and classification of types.
 *
 * A composite type is built when its expression is met; its components may still be incomplete then, so nothing
 * here looks inside a type that it was not asked about. Underlying types of declared types are chains while a
 * package is being checked (type A B; type B C); type_under resolves them and is where a chain that bites its own
 * tail is found. */
#include <string.h>

#include "sema/tables.h"

/* ---- the tables of types ---- */

TypeEntry *table_first(const TypeTable *t, uint32_t hash) {
    TypeEntry *e = t->nbuckets ? t->buckets[hash & (uint32_t)(t->nbuckets - 1)] : NULL;
    while (e && e->hash != hash) e = e->next;
    return e;
}

TypeEntry *table_next(const TypeEntry *e) {
    TypeEntry *n = e->next;
    while (n && n->hash != e->hash) n = n->next;
    return n;
}

static void table_grow(Arena *a, TypeTable *t) {
    int cap = t->nbuckets ? t->nbuckets * 2 : 256;
    TypeEntry **buckets = NEW_ARRAY(a, TypeEntry *, cap);
    for (int i = 0; i < t->nbuckets; i++) {
        for (TypeEntry *e = t->buckets[i], *next; e; e = next) {
            next = e->next;
            TypeEntry **b = &buckets[e->hash & (uint32_t)(cap - 1)];
            e->next = *b;
            *b = e;
        }
    }
    t->buckets = buckets;
    t->nbuckets = cap;
}

TypeEntry *table_add(Arena *a, TypeTable *t, uint32_t hash) {
    if (t->len == t->nbuckets) table_grow(a, t);
    TypeEntry *e = NEW(a, TypeEntry);
    TypeEntry **b = &t->buckets[hash & (uint32_t)(t->nbuckets - 1)];
    e->hash = hash;
    e->next = *b;
    *b = e;
    t->len++;
    return e;
}

/* ---- construction ---- */

Type *type_new(Sema *s, TypeKind kind) {
    Type *t = NEW(s->arena, Type);
    t->kind = (uint8_t)kind;
    t->size = -1;
    t->ptr_bytes = -1;
    return t;
}

Type *type_basic(Sema *s, BasicKind k) { return s->basic[k]; }

Type *type_new_pointer(Sema *s, Type *elem) {
    Type *t = type_new(s, TY_POINTER);
    t->pointer.elem = elem;
    return t;
}

Type *type_new_slice(Sema *s, Type *elem) {
    Type *t = type_new(s, TY_SLICE);
    t->slice.elem = elem;
    return t;
}

Type *type_new_array(Sema *s, Type *elem, int64_t len) {
    Type *t = type_new(s, TY_ARRAY);
    t->array.elem = elem;
    t->array.len = len;
    return t;
}

Type *type_new_map(Sema *s, Type *key, Type *elem) {
    Type *t = type_new(s, TY_MAP);
    t->map.key = key;
    t->map.elem = elem;
    return t;
}

Type *type_new_chan(Sema *s, Type *elem, ChanDir dir) {
    Type *t = type_new(s, TY_CHAN);
    t->chan.elem = elem;
    t->chan.dir = dir;
    return t;
}

Type *type_new_tuple(Sema *s, Object **vars, int n) {
    Type *t = type_new(s, TY_TUPLE);
    t->tuple.vars = vars;
    t->tuple.n = n;
    return t;
}

Type *type_new_struct(Sema *s, Object **fields, const Name **tags, int n) {
    Type *t = type_new(s, TY_STRUCT);
    t->struct_.fields = fields;
    t->struct_.tags = tags;
    t->struct_.n = n;
    return t;
}

Type *type_new_func(Sema *s, Object *recv, Type *params, Type *results, bool variadic) {
    Type *t = type_new(s, TY_FUNC);
    t->func.recv = recv;
    t->func.params = params ? params : type_new_tuple(s, NULL, 0);
    t->func.results = results ? results : type_new_tuple(s, NULL, 0);
    t->func.variadic = variadic;
    return t;
}

Type *type_new_named(Sema *s, Object *obj, Type *underlying) {
    Type *t = type_new(s, TY_NAMED);
    t->named.obj = obj;
    t->named.underlying = t->named.rhs = underlying;
    if (!obj->type) obj->type = t;
    return t;
}

Type *type_new_interface(Sema *s) { return type_new(s, TY_INTERFACE); }

Type *type_new_tparam(Sema *s, Object *obj, int index, Type *bound) {
    Type *t = type_new(s, TY_TYPE_PARAM);
    t->tparam.obj = obj;
    t->tparam.index = index;
    t->tparam.bound = bound;
    t->tparam.id = ++s->tables->last_tparam;
    if (!obj->type) obj->type = t;
    return t;
}

Type *type_new_union(Sema *s, const UnionTerm *terms, int n) {
    Type *t = type_new(s, TY_UNION);
    t->union_.terms = NEW_ARRAY(s->arena, UnionTerm, n);
    if (n) memcpy(t->union_.terms, terms, sizeof(UnionTerm) * (size_t)n);
    t->union_.n = n;
    return t;
}

Type *type_new_alias(Sema *s, Object *obj, Type *rhs) {
    Type *t = type_new(s, TY_ALIAS);
    t->alias.obj = obj;
    t->alias.rhs = rhs;
    if (!obj->type) obj->type = t;
    return t;
}

/* ---- looking through names ---- */

/* Aliases that refer to each other in a circle were reported when they were declared; here they only must not
 * hang, hence the second, slower walker. An alias without right side, or in a circle, stands for itself. */
Type *type_unalias(Type *t) {
    if (t->kind != TY_ALIAS) return t;
    if (t->alias.actual) return t->alias.actual;
    Type *end = t, *slow = t;
    for (bool odd = false; end->kind == TY_ALIAS && end->alias.rhs; odd = !odd) {
        end = end->alias.rhs;
        if (odd) slow = slow->alias.rhs;
        if (end == slow) return t;
    }
    if (end->kind != TY_ALIAS) t->alias.actual = end;
    return end;
}

Type *type_as_named(Type *t) {
    t = type_unalias(t);
    return t->kind == TY_NAMED ? t : NULL;
}

Type *type_deref(Type *t, bool *is_ptr) {
    Type *u = type_unalias(t);
    *is_ptr = u->kind == TY_POINTER;
    return *is_ptr ? u->pointer.elem : t;
}

/* One step down: the underlying type as far as it is known, NULL when it is not. */
static Type *named_step(Sema *s, Type *n) {
    if (n->named.origin && !n->named.expanded) named_expand(s, n);
    return n->named.underlying ? type_unalias(n->named.underlying) : NULL;
}

static Type *chain_key(Type *n) { return n->named.origin ? n->named.origin : n; }

/* Follows the chain of declared types from n, whose first step leads to the named type next, and writes the end
 * into every type on the way. Where an instance leads depends on its generic type alone, so meeting that again,
 * with whatever arguments, is a circle. */
static Type *resolve_chain(Sema *s, Type *n, Type *next) {
    TypeVec chain = {0};
    ObjectVec path = {0};
    Type *u;
    for (;;) {
        vec_push(s->arena, &chain, n);
        vec_push(s->arena, &path, n->named.obj);
        n = next;
        int at = 0;
        while (at < chain.len && chain_key(chain.at[at]) != chain_key(n)) at++;
        if (at < chain.len) {
            u = type_basic(s, BK_INVALID);
            if (s->checker) {
                Object **cycle = path.at + at;
                int len = path.len - at;
                cycle_error(s->checker, cycle, len, first_in_source(cycle, len));
            }
            break;
        }
        u = named_step(s, n);
        if (!u) return type_basic(s, BK_INVALID); /* still being declared: ask again later */
        if (u->kind != TY_NAMED) break;
        next = u;
    }
    for (int i = 0; i < chain.len; i++) chain.at[i]->named.underlying = u;
    return u;
}

Type *type_under(Sema *s, Type *t) {
    t = type_unalias(t);
    if (t->kind == TY_TYPE_PARAM) return tparam_iface(s, t);
    if (t->kind == TY_ALIAS) return type_basic(s, BK_INVALID);
    if (t->kind != TY_NAMED) return t;
    Type *u = named_step(s, t);
    if (!u) return type_basic(s, BK_INVALID);
    if (u->kind == TY_NAMED) u = resolve_chain(s, t, u);
    return u->kind == TY_ALIAS || u->kind == TY_TYPE_PARAM ? type_basic(s, BK_INVALID) : u;
}

Type *tparam_iface(Sema *s, Type *tparam) {
    Type *bound = tparam->tparam.bound;
    if (!bound) return s->tables->any_iface; /* its list is still being declared */
    if (bound->kind == TY_INTERFACE) return bound;
    if (type_is_tparam(bound)) return s->tables->any_iface; /* reported at the declaration */
    Type *u = type_under(s, bound);
    if (!type_is_valid(u)) return s->tables->any_iface;
    if (u->kind == TY_INTERFACE) return u;
    Type *iface = type_new_interface(s);
    vec_push(s->arena, &iface->iface.embeds, bound);
    iface->iface.implicit = iface->iface.complete = true;
    tparam->tparam.bound = iface;
    return iface;
}

/* ---- classification ---- */

bool type_is_valid(const Type *t) {
    t = type_unalias((Type *)t);
    return t->kind != TY_BASIC || t->basic.kind != BK_INVALID;
}

bool type_has(Sema *s, Type *t, unsigned props) {
    Type *u = type_under(s, t);
    return u->kind == TY_BASIC && (u->basic.props & props);
}

bool type_is_kind(Sema *s, Type *t, TypeKind k) {
    return !type_is_tparam(t) && type_under(s, t)->kind == k;
}

bool type_is_named(const Type *t) {
    t = type_unalias((Type *)t);
    return t->kind == TY_BASIC || t->kind == TY_NAMED || t->kind == TY_TYPE_PARAM;
}

bool type_is_untyped(const Type *t) { return t->kind == TY_BASIC && (t->basic.props & TP_UNTYPED); }

bool type_is_interface(Sema *s, Type *t) { return type_is_kind(s, t, TY_INTERFACE); }

bool type_is_tparam(const Type *t) { return type_unalias((Type *)t)->kind == TY_TYPE_PARAM; }

bool type_is_generic(const Type *t) {
    switch ((TypeKind)t->kind) {
    case TY_ALIAS:
        if (t->alias.tparams.len) return t->alias.targs.len == 0;
        t = type_unalias((Type *)t);
        return t->kind != TY_ALIAS && type_is_generic(t);
    case TY_NAMED: return t->named.tparams.len && !t->named.origin;
    case TY_FUNC: return t->func.tparams.len > 0;
    case TY_BASIC: case TY_POINTER: case TY_SLICE: case TY_ARRAY: case TY_MAP: case TY_CHAN: case TY_STRUCT:
    case TY_TUPLE: case TY_INTERFACE: case TY_TYPE_PARAM: case TY_UNION: return false;
    }
    unreachable();
}

Type *type_default(Sema *s, Type *t) {
    static const BasicKind typed[BK_COUNT] = {
        [BK_UNTYPED_BOOL] = BK_BOOL,       [BK_UNTYPED_INT] = BK_INT,
        [BK_UNTYPED_FLOAT] = BK_FLOAT64,   [BK_UNTYPED_COMPLEX] = BK_COMPLEX128,
        [BK_UNTYPED_STRING] = BK_STRING,
    };
    if (!type_is_untyped(t)) return t;
    if (t->basic.kind == BK_UNTYPED_RUNE) return s->t_rune;
    BasicKind k = typed[t->basic.kind];
    return k == BK_INVALID ? t : s->basic[k]; /* untyped nil stays */
}

static bool under_has_nil(Sema *s, Type *u, void *ctx) {
    (void)ctx;
    return u && type_has_nil(s, u);
}

bool type_has_nil(Sema *s, Type *t) {
    if (type_is_tparam(t)) return type_under_is(s, t, under_has_nil, NULL);
    Type *u = type_under(s, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return u->basic.kind == BK_UNSAFE_POINTER;
    case TY_POINTER: case TY_SLICE: case TY_MAP: case TY_CHAN: case TY_FUNC: case TY_INTERFACE: return true;
    case TY_NAMED: case TY_ARRAY: case TY_STRUCT: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS:
        return false;
    }
    unreachable();
}

static bool under_has(Sema *s, Type *u, void *ctx) {
    return u && type_has(s, u, *(unsigned *)ctx);
}

bool type_all_have(Sema *s, Type *t, unsigned props) {
    return type_is_tparam(t) ? type_under_is(s, t, under_has, &props) : type_has(s, t, props);
}
