/* capconv.c: conversions between types with and without attributes about capabilities (Goo).
 *
 * Types are identical whether they carry attributes or not, so nothing that is Go changes. In exchange every
 * place where a value meets a type (check_assignment, check_conversion) is looked at here:
 *
 *   - a value made there (a function by name, a literal, a method value) for a type with @requires: what it needs is
 *     not accounted to the function around but must be in the type's set (Package.cap_sinks, checked by ir/caps.c);
 *   - a value of a type with @requires for a type without: its set is accounted here (cap_needs);
 *   - between two types with attributes: the one must promise what the other does;
 *   - a value of a type without attributes was accounted for where it was made, and so needs nothing more; only
 *     @denies asks for more than can be known of it.
 *
 * Inside of other types (slices, maps, parameters) attributes must be the same on both sides, since nobody looks
 * there again. What types have as attributes stands in their text: substitution and canonical types lose it, so unnamed
 * types with attributes are no type arguments. */
#include "sema/check.h"

/* ---- attributes of types ---- */

const CapAttr *type_caps(Sema *s, Type *t) {
    Type *u = type_under(s, t);
    return u->kind == TY_FUNC ? u->func.caps : NULL;
}

static bool same_set(const CapSet *x, const CapSet *y) { return !capset_excess(x, y) && !capset_excess(y, x); }

static bool same_attr(const CapAttr *x, const CapAttr *y) {
    if (!x || !y) return x == y;
    return x->requires == y->requires && same_set(&x->required, &y->required) && same_set(&x->denied, &y->denied);
}

/* Two types that are identical, and unnamed types nested in them: what is compared. */
typedef struct Pair {
    const struct Pair *outer;
    const Type *x, *y;
} Pair;

static bool same_caps(Sema *s, Type *x, Type *y, const Pair *outer);

static bool same_objects(Sema *s, Object *const *x, Object *const *y, int n, const Pair *outer) {
    for (int i = 0; i < n; i++)
        if (!same_caps(s, x[i]->type, y[i]->type, outer)) return false;
    return true;
}

static bool same_tuples(Sema *s, const Type *x, const Type *y, const Pair *outer) {
    return x->tuple.n == y->tuple.n && same_objects(s, x->tuple.vars, y->tuple.vars, x->tuple.n, outer);
}

static bool same_signature(Sema *s, const Type *x, const Type *y, const Pair *outer) {
    return same_tuples(s, x->func.params, y->func.params, outer) && same_tuples(s, x->func.results, y->func.results, outer);
}

static bool same_methods(Sema *s, Type *x, Type *y, const Pair *outer) {
    const ObjectVec *p = &type_set(s, x)->methods, *q = &type_set(s, y)->methods;
    for (int i = 0; i < p->len && i < q->len; i++)
        if (!same_attr(p->at[i]->func.caps, q->at[i]->func.caps) || !same_caps(s, p->at[i]->type, q->at[i]->type, outer)) return false;
    return true;
}

static bool same_parts(Sema *s, Type *x, Type *y, const Pair *outer) {
    switch ((TypeKind)x->kind) {
    case TY_POINTER: return same_caps(s, x->pointer.elem, y->pointer.elem, outer);
    case TY_SLICE: return same_caps(s, x->slice.elem, y->slice.elem, outer);
    case TY_ARRAY: return same_caps(s, x->array.elem, y->array.elem, outer);
    case TY_CHAN: return same_caps(s, x->chan.elem, y->chan.elem, outer);
    case TY_MAP: return same_caps(s, x->map.key, y->map.key, outer) && same_caps(s, x->map.elem, y->map.elem, outer);
    case TY_STRUCT: return x->struct_.n == y->struct_.n && same_objects(s, x->struct_.fields, y->struct_.fields, x->struct_.n, outer);
    case TY_FUNC: return same_attr(x->func.caps, y->func.caps) && same_signature(s, x, y, outer);
    case TY_INTERFACE: return same_methods(s, x, y, outer);
    case TY_BASIC: case TY_NAMED: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: return true;
    }
    unreachable();
}

/* Whether two identical types carry the same attributes, all the way down to declared types. */
static bool same_caps(Sema *s, Type *x, Type *y, const Pair *outer) {
    x = type_unalias(x);
    y = type_unalias(y);
    if (x == y || x->kind != y->kind) return true;
    for (const Pair *p = outer; p; p = p->outer)
        if (p->x == x && p->y == y) return true;
    Pair here = {outer, x, y};
    return same_parts(s, x, y, &here);
}

/* ---- what is accounted ---- */

static void add_need(Checker *c, Pos pos, const CapAttr *attr) {
    if (!attr->required.atoms.len) return;
    CapNeed need = {pos, attr};
    vec_push(c->arena, c->env.func ? &c->env.func->cap_needs : &c->pkg->cap_needs, need);
    c->pkg->has_caps = true;
}

typedef struct Conv {
    Checker *c;
    Operand *x;
    Type *to;
    const char *method; /* " method Get", or "" */
} Conv;

static void reject(const Conv *v, const char *why) {
    err_at(v->c, v->x->expr, "cannot use %s as %s value:%s %s", operand_str(v->c, v->x), tstr(v->c, v->to), v->method, why);
}

/* A value whose type (or method) has the attributes from becomes one with the attributes to. */
static void convert_attr(const Conv *v, const CapAttr *from, const CapAttr *to) {
    Checker *c = v->c;
    if (from && !(to && to->requires)) add_need(c, v->x->expr->pos, from);
    const CapAtom *more = from && to && to->requires ? capset_excess(&from->required, &to->required) : NULL;
    if (more) {
        reject(v, arena_printf(c->arena, "needs %s, which @requires(%s) does not have", cap_atom_str(c->arena, *more),
                               capset_str(c->arena, &to->required)));
        return;
    }
    for (int i = 0; to && i < to->denied.atoms.len; i++) {
        CapAtom atom = to->denied.atoms.at[i];
        bool promised = from && ((from->requires && !capset_meets(&from->required, atom)) || capset_covers(&from->denied, atom));
        if (promised) continue;
        reject(v, arena_printf(c->arena, "it may need %s, which @denies excludes", cap_atom_str(c->arena, atom)));
        return;
    }
}

/* ---- function values ---- */

/* Does n make a function value: name a function, select a method, is it a literal? */
static bool makes_value(const Node *n) {
    n = ast_unparen((Node *)n);
    if (n->kind == ND_FUNC_LIT) return true;
    if (n->kind == ND_INDEX) n = ast_unparen(n->index.x); /* an instantiation; of a slice or map it is a variable */
    if (n->kind == ND_IDENT) return n->ident.obj && n->ident.obj->kind == OBJ_FUNC;
    if (n->kind != ND_SELECTOR) return false;
    const Selection *sel = n->selector.selection;
    if (sel) return sel->kind != SEL_FIELD;
    return n->selector.sel->ident.obj && n->selector.sel->ident.obj->kind == OBJ_FUNC;
}

static void convert_func(Conv *v) {
    Checker *c = v->c;
    const CapAttr *from = type_caps(c->s, v->x->type), *to = type_caps(c->s, v->to);
    Type *fu = type_under(c->s, v->x->type), *tu = type_under(c->s, v->to);
    if (!same_signature(c->s, fu, tu, NULL)) {
        reject(v, "attributes in its signature differ");
        return;
    }
    if (!from && to && makes_value(v->x->expr)) {
        c->pkg->has_caps = true;
        ptrmap_put(c->arena, &c->pkg->cap_sinks, ast_unparen(v->x->expr), (void *)to);
        return;
    }
    convert_attr(v, from, to);
}

/* ---- interfaces ---- */

static const Object *find_method(const TypeSet *set, const Object *m) {
    for (int i = 0; i < set->methods.len; i++)
        if (method_order(set->methods.at[i], m) == 0) return set->methods.at[i];
    return NULL;
}

/* From interface to interface. A method that the new type does not have can be found again by an assertion. */
static void convert_methods(Conv *v) {
    Checker *c = v->c;
    const TypeSet *from = type_set(c->s, type_under(c->s, v->x->type)), *to = type_set(c->s, type_under(c->s, v->to));
    for (int i = 0; i < from->methods.len; i++) {
        const Object *m = from->methods.at[i], *n = find_method(to, m);
        v->method = arena_printf(c->arena, " method %s:", m->name->text);
        if (n && !same_caps(c->s, m->type, n->type, NULL)) reject(v, "attributes in its signature differ");
        else convert_attr(v, m->func.caps, n ? n->func.caps : NULL);
    }
}

/* The signatures with which a type implements an interface; what its methods need is known behind lowering. */
static void convert_implementation(Conv *v) {
    Checker *c = v->c;
    const TypeSet *to = type_set(c->s, type_under(c->s, v->to));
    const CapAttr *own = type_caps(c->s, v->x->type);
    if (own) add_need(c, v->x->expr->pos, own); /* of a function that is put into an interface */
    for (int i = 0; i < to->methods.len; i++) {
        const Object *m = to->methods.at[i];
        const Object *have = type_lookup(c->s, v->x->type, true, m->pkg, m->name, false).obj;
        if (!have || have->kind != OBJ_FUNC || same_caps(c->s, have->type, m->type, NULL)) continue;
        v->method = arena_printf(c->arena, " method %s:", m->name->text);
        reject(v, "attributes in its signature differ");
        return;
    }
}

/* ---- all conversions ---- */

void note_cap_conversion(Checker *c, Operand *x, Type *t) {
    if (!c->s->caps_in_types || x->mode == EM_INVALID || !type_is_valid(t) || !type_is_valid(x->type)) return;
    if (type_is_untyped(x->type) || type_is_tparam(t) || type_is_tparam(x->type)) return;
    Conv v = {c, x, t, ""};
    Type *from = type_under(c->s, x->type), *to = type_under(c->s, t);
    if (from->kind == TY_FUNC && to->kind == TY_FUNC) convert_func(&v);
    else if (to->kind == TY_INTERFACE && from->kind == TY_INTERFACE) convert_methods(&v);
    else if (to->kind == TY_INTERFACE) convert_implementation(&v);
    else if (from->kind == to->kind && !same_parts(c->s, from, to, NULL)) reject(&v, "attributes inside of the types differ");
}

/* ---- type arguments ---- */

/* Whether t, or a type in it that is not declared elsewhere, has attributes. */
static bool mentions_caps(Sema *s, Type *t, int depth) {
    enum { DEEP = 64 };
    t = type_unalias(t);
    if (depth > DEEP) return false;
    switch ((TypeKind)t->kind) {
    case TY_POINTER: case TY_SLICE: case TY_ARRAY: case TY_CHAN: return mentions_caps(s, t->pointer.elem, depth + 1);
    case TY_MAP: return mentions_caps(s, t->map.key, depth + 1) || mentions_caps(s, t->map.elem, depth + 1);
    case TY_FUNC: return t->func.caps || mentions_caps(s, t->func.params, depth + 1) || mentions_caps(s, t->func.results, depth + 1);
    case TY_STRUCT: case TY_TUPLE: {
        Object **at = t->kind == TY_STRUCT ? t->struct_.fields : t->tuple.vars;
        int n = t->kind == TY_STRUCT ? t->struct_.n : t->tuple.n;
        for (int i = 0; i < n; i++)
            if (mentions_caps(s, at[i]->type, depth + 1)) return true;
        return false;
    }
    case TY_INTERFACE: {
        const TypeSet *set = type_set(s, t);
        for (int i = 0; i < set->methods.len; i++)
            if (set->methods.at[i]->func.caps || mentions_caps(s, set->methods.at[i]->type, depth + 1)) return true;
        return false;
    }
    case TY_BASIC: case TY_NAMED: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: return false;
    }
    unreachable();
}

void check_cap_type_args(Checker *c, const Node *at, Type *const *targs, int n) {
    for (int i = 0; c->s->caps_in_types && i < n; i++)
        if (mentions_caps(c->s, targs[i], 0))
            err_at(c, at, "type argument %s has attributes: declare a type for it", tstr(c, targs[i]));
}
