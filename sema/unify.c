/* unify.c: makes two types equal by choosing types for type parameters.
 *
 * The recursion is that of identity (predicates.c) with three additions: a type parameter being solved for takes
 * the type it meets, or must unify with the one it has; unless unification is exact, a declared type may match the
 * literal it is declared as, channel directions are ignored and types match interfaces that they implement; and a
 * type parameter that is not being solved for may match through its core type.
 * What was chosen for parameters stays chosen when unification fails: callers then give up. */
#include "sema/tables.h"

/* Deeper nesting means that unification runs in circles through inferred types. */
enum { DEPTH_LIMIT = 50 };

/* ---- what is known of the type parameters ---- */

Unifier unifier_new(Sema *s, const TypeVec *tparams, const TypeVec *targs, bool interfaces) {
    Unifier u = {.s = s, .tparams = tparams, .interfaces = interfaces};
    u.slots = NEW_ARRAY(s->arena, Type **, tparams->len);
    for (int i = 0; i < tparams->len; i++) {
        u.slots[i] = NEW(s->arena, Type *);
        *u.slots[i] = i < targs->len ? targs->at[i] : NULL;
    }
    return u;
}

Type *unifier_get(const Unifier *u, const Type *tparam) { return *u->slots[tparam_index(u->tparams, tparam)]; }

void unifier_set(Unifier *u, const Type *tparam, Type *t) { *u->slots[tparam_index(u->tparams, tparam)] = t; }

int unifier_unknowns(const Unifier *u) {
    int n = 0;
    for (int i = 0; i < u->tparams->len; i++) n += *u->slots[i] == NULL;
    return n;
}

TypeVec unifier_result(const Unifier *u) {
    TypeVec out = {0};
    for (int i = 0; i < u->tparams->len; i++) vec_push(u->s->arena, &out, *u->slots[i]);
    return out;
}

/* t when it is a parameter that is being solved for, otherwise NULL. */
static Type *bound_tparam(const Unifier *u, Type *t) {
    t = type_unalias(t);
    return t->kind == TY_TYPE_PARAM && tparam_index(u->tparams, t) >= 0 ? t : NULL;
}

/* Makes x and y share a slot. False: both have a type already. */
static bool join(Unifier *u, Type *x, Type *y) {
    Type **sx = u->slots[tparam_index(u->tparams, x)], **sy = u->slots[tparam_index(u->tparams, y)];
    if (sx == sy) return true;
    if (*sx && *sy) return false;
    Type **keep = *sx ? sx : sy, **drop = *sx ? sy : sx;
    for (int i = 0; i < u->tparams->len; i++) {
        if (u->slots[i] == drop) u->slots[i] = keep;
    }
    return true;
}

/* ---- unification ---- */

static bool nify(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p);

static void swap(Type **x, Type **y) {
    Type *t = *x;
    *x = *y;
    *y = t;
}

static bool is_literal(Type *t) {
    t = type_unalias(t);
    return t->kind != TY_NAMED && t->kind != TY_TYPE_PARAM;
}

/* The underlying interface of t, unless t is a type parameter; NULL when it has none. */
static Type *as_interface(Sema *s, Type *t) {
    if (type_is_tparam(t)) return NULL;
    Type *u = type_under(s, t);
    return u->kind == TY_INTERFACE ? u : NULL;
}

/* px had the type x and was unified with y: which of both it has from now on, and whether that is allowed at all. */
static bool settle(Unifier *u, Type *px, Type *x, Type *y, unsigned mode) {
    Type *xi = as_interface(u->s, x), *yi = as_interface(u->s, y);
    bool x_named = type_as_named(x), y_named = type_as_named(y);
    if (xi && yi) {
        if (x_named && y_named) return type_identical(u->s, x, y);
        if (type_set(u->s, xi)->methods.len != type_set(u->s, yi)->methods.len) return false;
    } else if (xi || yi) {
        return false; /* either would do: the order of arguments must not decide */
    }
    if (mode & UNIFY_EXACT || x_named) return true;
    /* Prefer the declared type, and else the directed channel: values of the other remain assignable. */
    Type *yu = type_under(u->s, y);
    if (y_named || (yu->kind == TY_CHAN && yu->chan.dir != CHAN_BOTH)) unifier_set(u, px, y);
    return true;
}

/* px is being solved for; py too, or NULL. */
static bool nify_tparam(Unifier *u, Type *px, Type *py, Type *y, unsigned mode, IfacePair *p) {
    if (py) return join(u, px, py) || nify(u, unifier_get(u, px), unifier_get(u, py), mode, p);
    Type *x = unifier_get(u, px);
    if (!x) {
        unifier_set(u, px, y);
        return true;
    }
    return nify(u, x, y, mode, p) && settle(u, px, x, y, mode);
}

static bool same_restrictions(Unifier *u, const TypeSet *x, const TypeSet *y) {
    return x->comparable == y->comparable && terms_equal(u->s, x, y);
}

/* Inexact: the methods of one interface must be among those of the other. */
static bool nify_interfaces(Unifier *u, Type *x, Type *y, IfacePair *p) {
    TypeSet *xs = type_set(u->s, x), *ys = type_set(u->s, y);
    if (!same_restrictions(u, xs, ys)) return false;
    if (pair_on_stack(p, x, y)) return true;
    IfacePair here = {x, y, p};
    TypeSet *few = xs->methods.len > ys->methods.len ? ys : xs, *many = few == xs ? ys : xs;
    for (int i = 0; i < few->methods.len; i++) {
        Object *m = few->methods.at[i];
        int index;
        Object *other = type_set_method(many, m->pkg, m->name, false, &index);
        if (!other || !nify(u, m->type, other->type, UNIFY_EXACT, &here)) return false;
    }
    return true;
}

/* Inexact: t must have the methods of the interface. */
static bool nify_implements(Unifier *u, Type *iface, Type *t, IfacePair *p) {
    TypeSet *ts = type_set(u->s, iface);
    for (int i = 0; i < ts->methods.len; i++) {
        Object *m = ts->methods.at[i];
        LookupResult r = type_lookup(u->s, t, false, m->pkg, m->name, false);
        if (!r.obj || r.obj->kind != OBJ_FUNC) return false;
        method_complete(u->s, r.obj);
        if (!nify(u, m->type, r.obj->type, UNIFY_EXACT, p)) return false;
    }
    return true;
}

static bool nify_exact_interfaces(Unifier *u, Type *x, Type *y, IfacePair *p) {
    TypeSet *xs = type_set(u->s, x), *ys = type_set(u->s, y);
    if (!same_restrictions(u, xs, ys) || xs->methods.len != ys->methods.len) return false;
    if (pair_on_stack(p, x, y)) return true;
    IfacePair here = {x, y, p};
    for (int i = 0; i < xs->methods.len; i++) {
        Object *f = xs->methods.at[i], *g = ys->methods.at[i];
        if (!object_same_id(f, g->pkg, g->name, false)) return false;
        if (!nify(u, f->type, g->type, UNIFY_EXACT, &here)) return false;
    }
    return true;
}

static bool nify_structs(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    if (x->struct_.n != y->struct_.n) return false;
    for (int i = 0; i < x->struct_.n; i++) {
        if (!fields_match(u->s, x, y, i, false)) return false;
        if (!nify(u, x->struct_.fields[i]->type, y->struct_.fields[i]->type, mode, p)) return false;
    }
    return true;
}

static bool nify_tuples(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    if (x->tuple.n != y->tuple.n) return false;
    for (int i = 0; i < x->tuple.n; i++) {
        if (!nify(u, x->tuple.vars[i]->type, y->tuple.vars[i]->type, mode, p)) return false;
    }
    return true;
}

/* Arguments first: what they say improves the message even when the types differ. */
static bool nify_named(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    if (x->named.targs.len != y->named.targs.len) return false;
    for (int i = 0; i < x->named.targs.len; i++) {
        if (!nify(u, x->named.targs.at[i], y->named.targs.at[i], mode, p)) return false;
    }
    return x->named.origin && x->named.origin == y->named.origin;
}

/* Types of the same kind, neither a type parameter. emode is for components. */
static bool nify_same_kind(Unifier *u, Type *x, Type *y, unsigned mode, unsigned emode, IfacePair *p) {
    switch ((TypeKind)x->kind) {
    case TY_BASIC: return x->basic.kind == y->basic.kind;
    case TY_POINTER: return nify(u, x->pointer.elem, y->pointer.elem, emode, p);
    case TY_SLICE: return nify(u, x->slice.elem, y->slice.elem, emode, p);
    case TY_ARRAY:
        return (x->array.len < 0 || y->array.len < 0 || x->array.len == y->array.len) &&
               nify(u, x->array.elem, y->array.elem, emode, p);
    case TY_MAP: return nify(u, x->map.key, y->map.key, emode, p) && nify(u, x->map.elem, y->map.elem, emode, p);
    case TY_CHAN:
        return (!(mode & UNIFY_EXACT) || x->chan.dir == y->chan.dir) &&
               nify(u, x->chan.elem, y->chan.elem, emode, p);
    case TY_STRUCT: return nify_structs(u, x, y, emode, p);
    case TY_TUPLE: return nify_tuples(u, x, y, mode, p);
    case TY_FUNC:
        return x->func.variadic == y->func.variadic && nify(u, x->func.params, y->func.params, emode, p) &&
               nify(u, x->func.results, y->func.results, emode, p);
    case TY_INTERFACE: return nify_exact_interfaces(u, x, y, p);
    case TY_NAMED: return nify_named(u, x, y, mode, p);
    case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: return false;
    }
    unreachable();
}

static bool nify_structure(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    if (type_is_tparam(y)) swap(&x, &y);
    Type *xu = type_unalias(x), *yu = type_unalias(y);
    if (xu->kind == TY_TYPE_PARAM) {
        /* Not solved for: whatever it stands for has its core type as underlying type. */
        Type *core = type_core(u->s, xu);
        return core && nify(u, core, y, UNIFY_ASSIGN, p);
    }
    unsigned emode = mode & UNIFY_ASSIGN ? mode | UNIFY_EXACT : mode;
    return xu->kind == yu->kind && nify_same_kind(u, xu, yu, mode, emode, p);
}

/* The interface cases of inexact unification; false with *done unset: neither is an interface. */
static bool nify_inexact(Unifier *u, Type *x, Type *y, IfacePair *p, bool *done) {
    Type *xi = as_interface(u->s, x), *yi = as_interface(u->s, y);
    *done = xi || yi;
    if (xi && yi) return nify_interfaces(u, xi, yi, p);
    if (xi) return nify_implements(u, xi, y, p);
    return yi && nify_implements(u, yi, x, p);
}

static bool nify_step(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    /* From here on a declared type, if any, is y, and a parameter being solved for is x. */
    if (type_as_named(x) || bound_tparam(u, y)) swap(&x, &y);
    Type *named = type_as_named(y);
    bool look_through = !(mode & UNIFY_EXACT) && named && is_literal(x) &&
                        !(u->interfaces && type_under(u->s, x)->kind == TY_INTERFACE);
    if (look_through) {
        y = type_under(u->s, named);
        if (type_unalias(x) == y) return true;
    }
    Type *px = bound_tparam(u, x);
    if (px) return nify_tparam(u, px, bound_tparam(u, y), y, mode, p);
    if (u->interfaces && !(mode & UNIFY_EXACT)) {
        bool done;
        bool ok = nify_inexact(u, x, y, p, &done);
        if (done) return ok;
    }
    return nify_structure(u, x, y, mode, p);
}

static bool nify(Unifier *u, Type *x, Type *y, unsigned mode, IfacePair *p) {
    if (!x || !y) return false;
    if (type_unalias(x) == type_unalias(y)) return true;
    bool closed = !type_mentions_tparam(u->s, x) && !type_mentions_tparam(u->s, y);
    if (closed && mode & UNIFY_EXACT) return type_identical(u->s, x, y);
    if (u->depth >= DEPTH_LIMIT) return false;
    u->depth++;
    bool ok = nify_step(u, x, y, mode, p);
    u->depth--;
    return ok;
}

bool unify(Unifier *u, Type *x, Type *y, unsigned mode) { return nify(u, x, y, mode, NULL); }
