/* predicates.c: type identity and comparability.
 *
 * Identity is structural and recursive. Types that are not declared form cycles only through the methods of
 * interfaces, so the pairs of interfaces under comparison are kept on a stack: meeting a pair again means that
 * nothing spoke against it so far, and it counts as identical. */
#include "sema/tables.h"

typedef struct Comparer {
    Sema *s;
    bool ignore_tags;
    int depth;
    PtrMap equal; /* deep inside: type -> the one it was found identical to, as aliases may repeat it endlessly */
} Comparer;

enum { REMEMBER_FROM = 8 }; /* depth from which Comparer.equal is kept */

bool pair_on_stack(const IfacePair *p, const Type *x, const Type *y) {
    for (; p; p = p->prev) {
        if ((p->x == x && p->y == y) || (p->x == y && p->y == x)) return true;
    }
    return false;
}

static bool same(Comparer *c, Type *x, Type *y, IfacePair *p);

static bool same_lists(Comparer *c, Type *const *x, Type *const *y, int n, IfacePair *p) {
    for (int i = 0; i < n; i++) {
        if (!same(c, x[i], y[i], p)) return false;
    }
    return true;
}

bool fields_match(Sema *s, Type *x, Type *y, int i, bool ignore_tags) {
    (void)s;
    const Object *f = x->struct_.fields[i], *g = y->struct_.fields[i];
    if (f->var.embedded != g->var.embedded || !object_same_id(f, g->pkg, g->name, false)) return false;
    if (ignore_tags) return true;
    const Name *ft = x->struct_.tags ? x->struct_.tags[i] : NULL;
    const Name *gt = y->struct_.tags ? y->struct_.tags[i] : NULL;
    return ft == gt || (!ft && !gt->len) || (!gt && !ft->len);
}

static bool same_struct(Comparer *c, Type *x, Type *y, IfacePair *p) {
    if (x->struct_.n != y->struct_.n) return false;
    for (int i = 0; i < x->struct_.n; i++) {
        if (!fields_match(c->s, x, y, i, c->ignore_tags)) return false;
        if (!same(c, x->struct_.fields[i]->type, y->struct_.fields[i]->type, p)) return false;
    }
    return true;
}

static bool same_tuple(Comparer *c, Type *x, Type *y, IfacePair *p) {
    if (x->tuple.n != y->tuple.n) return false;
    for (int i = 0; i < x->tuple.n; i++) {
        if (!same(c, x->tuple.vars[i]->type, y->tuple.vars[i]->type, p)) return false;
    }
    return true;
}

/* Generic functions: the names of their type parameters do not matter, so y is seen with those of x. */
static bool same_generic_func(Comparer *c, Type *x, Type *y, IfacePair *p) {
    TypeEnv env = {y->func.tparams, x->func.tparams};
    for (int i = 0; i < x->func.tparams.len; i++) {
        Type *bound = type_subst(c->s, y->func.tparams.at[i]->tparam.bound, &env);
        if (!same(c, x->func.tparams.at[i]->tparam.bound, bound, p)) return false;
    }
    return same(c, x->func.params, type_subst(c->s, y->func.params, &env), p) &&
           same(c, x->func.results, type_subst(c->s, y->func.results, &env), p);
}

static bool same_func(Comparer *c, Type *x, Type *y, IfacePair *p) {
    if (x->func.variadic != y->func.variadic || x->func.tparams.len != y->func.tparams.len) return false;
    if (x->func.tparams.len) return same_generic_func(c, x, y, p);
    return same(c, x->func.params, y->func.params, p) && same(c, x->func.results, y->func.results, p);
}

static bool same_interface(Comparer *c, Type *x, Type *y, IfacePair *p) {
    TypeSet *xs = type_set(c->s, x), *ys = type_set(c->s, y);
    if (xs->comparable != ys->comparable || xs->methods.len != ys->methods.len) return false;
    if (!terms_equal(c->s, xs, ys)) return false;
    if (pair_on_stack(p, x, y)) return true;
    IfacePair here = {x, y, p};
    for (int i = 0; i < xs->methods.len; i++) {
        Object *f = xs->methods.at[i], *g = ys->methods.at[i];
        if (!object_same_id(f, g->pkg, g->name, false) || !same(c, f->type, g->type, &here)) return false;
    }
    return true;
}

static bool same_union(Comparer *c, Type *x, Type *y) {
    Type *xi = type_new_interface(c->s), *yi = type_new_interface(c->s);
    vec_push(c->s->arena, &xi->iface.embeds, x);
    vec_push(c->s->arena, &yi->iface.embeds, y);
    xi->iface.complete = yi->iface.complete = true;
    return terms_equal(c->s, type_set(c->s, xi), type_set(c->s, yi));
}

static bool same_named(Comparer *c, Type *x, Type *y) {
    if (x->named.targs.len != y->named.targs.len || !x->named.origin || !y->named.origin) return false;
    if (x->named.origin != y->named.origin) return false;
    Comparer plain = {.s = c->s}; /* tags of type arguments are part of the type */
    return same_lists(&plain, x->named.targs.at, y->named.targs.at, x->named.targs.len, NULL);
}

static bool same_kind(Comparer *c, Type *x, Type *y, IfacePair *p) {
    switch ((TypeKind)x->kind) {
    case TY_BASIC: return x->basic.kind == y->basic.kind; /* byte and uint8 */
    case TY_POINTER: return same(c, x->pointer.elem, y->pointer.elem, p);
    case TY_SLICE: return same(c, x->slice.elem, y->slice.elem, p);
    case TY_ARRAY:
        /* An unknown length comes from an error: do not report more of them. */
        return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
               same(c, x->array.elem, y->array.elem, p);
    case TY_MAP: return same(c, x->map.key, y->map.key, p) && same(c, x->map.elem, y->map.elem, p);
    case TY_CHAN: return x->chan.dir == y->chan.dir && same(c, x->chan.elem, y->chan.elem, p);
    case TY_STRUCT: return same_struct(c, x, y, p);
    case TY_TUPLE: return same_tuple(c, x, y, p);
    case TY_FUNC: return same_func(c, x, y, p);
    case TY_INTERFACE: return same_interface(c, x, y, p);
    case TY_UNION: return same_union(c, x, y);
    case TY_NAMED: return same_named(c, x, y);
    case TY_TYPE_PARAM: case TY_ALIAS: return false; /* identical only to themselves */
    }
    unreachable();
}

static bool same(Comparer *c, Type *x, Type *y, IfacePair *p) {
    if (!x || !y) return x == y;
    x = type_unalias(x);
    y = type_unalias(y);
    if (x == y) return true;
    if (x->kind != y->kind) return false;
    bool remember = c->depth >= REMEMBER_FROM && !p;
    if (remember && ptrmap_get(&c->equal, x) == y) return true;
    c->depth++;
    bool equal = same_kind(c, x, y, p);
    c->depth--;
    if (equal && remember) ptrmap_put(c->s->arena, &c->equal, x, y);
    return equal;
}

bool type_identical(Sema *s, Type *x, Type *y) {
    Comparer c = {.s = s};
    return same(&c, x, y, NULL);
}

bool type_identical_ignore_tags(Sema *s, Type *x, Type *y) {
    Comparer c = {.s = s, .ignore_tags = true};
    return same(&c, x, y, NULL);
}

bool types_identical(Sema *s, Type *const *x, Type *const *y, int n) {
    Comparer c = {.s = s};
    return same_lists(&c, x, y, n, NULL);
}

/* ---- comparability ---- */

typedef struct CompareWalk {
    bool dynamic;
    PtrMap seen; /* types met: assumed comparable while in progress, which is right for recursive ones */
} CompareWalk;

static bool comparable(Sema *s, Type *t, CompareWalk *w, const char **reason);

static bool term_comparable(Sema *s, Type *t, void *ctx) {
    CompareWalk *outer = ctx;
    CompareWalk strict = {false, outer->seen};
    bool ok = comparable(s, t, &strict, NULL);
    outer->seen = strict.seen;
    return ok;
}

static void because(Sema *s, const char **reason, const char *fmt, Type *t) {
    if (reason) *reason = arena_printf(s->arena, fmt, msg_type(s, t));
}

static bool struct_comparable(Sema *s, Type *u, CompareWalk *w, const char **reason) {
    for (int i = 0; i < u->struct_.n; i++) {
        Type *f = u->struct_.fields[i]->type;
        if (comparable(s, f, w, NULL)) continue;
        because(s, reason, "struct containing %s cannot be compared", f);
        return false;
    }
    return true;
}

static bool interface_comparable(Sema *s, Type *t, Type *u, CompareWalk *w, const char **reason) {
    if (w->dynamic && !type_is_tparam(t)) return true;
    TypeSet *ts = type_set(s, u);
    if (type_set_comparable(s, ts, term_comparable, w)) return true;
    if (reason) *reason = type_set_is_empty(ts) ? "empty type set" : "incomparable types in type set";
    return false;
}

static bool comparable(Sema *s, Type *t, CompareWalk *w, const char **reason) {
    if (ptrmap_get(&w->seen, t)) return true;
    ptrmap_put(s->arena, &w->seen, t, t);
    Type *u = type_under(s, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return u->basic.kind != BK_UNTYPED_NIL; /* the invalid type is, to say no more about it */
    case TY_POINTER: case TY_CHAN: return true;
    case TY_STRUCT: return struct_comparable(s, u, w, reason);
    case TY_ARRAY:
        if (comparable(s, u->array.elem, w, NULL)) return true;
        because(s, reason, "%s cannot be compared", u);
        return false;
    case TY_INTERFACE: return interface_comparable(s, t, u, w, reason);
    case TY_SLICE: case TY_MAP: case TY_FUNC: case TY_TUPLE: case TY_UNION:
    case TY_NAMED: case TY_TYPE_PARAM: case TY_ALIAS: return false;
    }
    unreachable();
}

bool type_comparable(Sema *s, Type *t, bool dynamic, const char **reason) {
    CompareWalk w = {.dynamic = dynamic};
    if (reason) *reason = NULL;
    Type *u = type_unalias(t);
    if (u->kind == TY_BASIC) return u->basic.kind != BK_UNTYPED_NIL;
    return comparable(s, t, &w, reason);
}
