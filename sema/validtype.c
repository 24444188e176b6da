/* validtype.c: finds declared types that contain themselves without indirection: type T struct { t T }.
 *
 * Walks through arrays, structs, unions and embedded interfaces with two lists: the nest, the declared types whose
 * memory encloses the place looked at, and the path, all declared types on the way there. A type met again in its
 * nest is invalid; the path words the error. Type parameters stand for type arguments: an argument is looked at in
 * the nest in which the instance was written, that is without the instance itself, or else A[A[int]] would seem to
 * contain itself. Aliases in circles were found when they were declared (decl.c).
 *
 * A type in which no type parameter is left open is valid wherever it is met: it is walked once. An instance that
 * was written with the type parameters of the instance around it is known by what it is once these are replaced. */
#include "sema/check.h"

typedef struct Walk {
    Checker *c;
    TypeVec nest, path;
    TypeVec closed; /* parallel to nest: the same types, with the parameters of the instances around them replaced */
} Walk;

static bool valid(Walk *w, Type *t);

/* The type's name, placed for an instance where the instance was written. */
static Object *path_object(Checker *c, Type *t) {
    Pos pos = (Pos)(intptr_t)ptrmap_get(&c->instance_pos, t);
    if (pos == NO_POS) return t->named.obj;
    Object *obj = NEW(c->arena, Object);
    *obj = *t->named.obj;
    obj->pos = pos;
    return obj;
}

/* t is in its own nest: makes it invalid and reports the part of the path that starts with it. */
static void report_recursion(Walk *w, Type *t) {
    Type *invalid = w->c->s->basic[BK_INVALID];
    t->named.underlying = invalid;
    if (t->named.origin) t->named.origin->named.underlying = invalid;
    ObjectVec cycle = {0};
    for (int i = 0; i < w->path.len; i++) {
        Type *p = w->path.at[i];
        if (cycle.len == 0 && !type_identical(w->c->s, p, t)) continue;
        vec_push(w->c->arena, &cycle, path_object(w->c, p));
    }
    cycle_error(w->c, cycle.at, cycle.len, 0);
}

static bool is_generic(const Type *t) { return !t->named.origin && t->named.tparams.len > 0; }

/* t as it is inside the innermost instance of the nest. */
static Type *close_type(Walk *w, Type *t) {
    Type *outer = w->closed.len ? vec_last(&w->closed) : NULL;
    if (!outer || !outer->named.origin || !type_mentions_tparam(w->c->s, t)) return t;
    TypeEnv env = {outer->named.origin->named.tparams, outer->named.targs};
    return type_as_named(type_subst(w->c->s, t, &env));
}

static bool valid_named(Walk *w, Type *t) {
    Checker *c = w->c;
    if (!type_is_valid(type_under(c->s, t))) return false; /* reported before */
    if (!is_generic(t) && !t->named.origin && t->named.obj->pkg != c->pkg) return true;
    Type *closed = close_type(w, t);
    if (!is_generic(t) && ptrmap_get(&c->valid_types, closed)) return true;
    for (int i = 0; i < w->nest.len; i++) {
        if (!type_identical(c->s, w->nest.at[i], t)) continue;
        report_recursion(w, t);
        return false;
    }
    Type *rhs = t->named.origin ? t->named.origin->named.rhs : t->named.rhs;
    if (!rhs) return true;
    vec_push(c->arena, &w->nest, t);
    vec_push(c->arena, &w->closed, closed);
    vec_push(c->arena, &w->path, t);
    bool ok = valid(w, rhs);
    w->nest.len--;
    w->closed.len--;
    w->path.len--;
    if (ok && !is_generic(t)) ptrmap_put(c->arena, &c->valid_types, closed, closed);
    return ok;
}

/* The argument that stands for type parameter t in the innermost instance. */
static bool valid_tparam(Walk *w, Type *t) {
    if (w->nest.len == 0) return true;
    Type *inst = vec_last(&w->nest), *closed = vec_last(&w->closed);
    if (!inst->named.origin) return true;
    const TypeVec *tparams = &inst->named.origin->named.tparams;
    for (int i = 0; i < tparams->len && i < inst->named.targs.len; i++) {
        if (tparams->at[i] != t) continue;
        w->nest.len--;
        w->closed.len--;
        bool ok = valid(w, inst->named.targs.at[i]);
        w->nest.at[w->nest.len++] = inst;
        w->closed.at[w->closed.len++] = closed;
        return ok;
    }
    return true;
}

/* Aliases may repeat the same literal endlessly. */
static bool valid_struct(Walk *w, Type *t) {
    bool closed = !type_mentions_tparam(w->c->s, t);
    if (closed && ptrmap_get(&w->c->valid_types, t)) return true;
    for (int i = 0; i < t->struct_.n; i++)
        if (!valid(w, t->struct_.fields[i]->type)) return false;
    if (closed) ptrmap_put(w->c->arena, &w->c->valid_types, t, t);
    return true;
}

static bool valid(Walk *w, Type *t) {
    t = type_unalias(t);
    switch ((TypeKind)t->kind) {
    case TY_ARRAY: return valid(w, t->array.elem);
    case TY_STRUCT: return valid_struct(w, t);
    case TY_UNION:
        for (int i = 0; i < t->union_.n; i++)
            if (!valid(w, t->union_.terms[i].type)) return false;
        return true;
    case TY_INTERFACE:
        for (int i = 0; i < t->iface.embeds.len; i++)
            if (!valid(w, t->iface.embeds.at[i])) return false;
        return true;
    case TY_NAMED: return valid_named(w, t);
    case TY_TYPE_PARAM: return valid_tparam(w, t);
    case TY_BASIC: case TY_POINTER: case TY_SLICE: case TY_MAP: case TY_CHAN: case TY_FUNC: case TY_TUPLE:
    case TY_ALIAS: return true;
    }
    unreachable();
}

void check_valid_type(Checker *c, Type *named) {
    Walk w = {.c = c};
    valid(&w, named);
}
