/* validtype.c: finds declared types that contain themselves without indirection: type T struct { t T }.
 *
 * Walks through arrays, structs, unions and embedded interfaces with two lists: the nest, the declared types whose
 * memory encloses the place looked at, and the path, all declared types on the way there. A type met again in its
 * nest is invalid; the path words the error. Type parameters stand for type arguments: an argument is looked at in
 * the nest in which the instance was written, that is without the instance itself, or else A[A[int]] would seem to
 * contain itself. Aliases in circles were found when they were declared (decl.c).
 *
 * A valid type that has no type parameters is valid wherever it is met: it is walked once. */
#include "sema/check.h"

typedef struct Walk {
    Checker *c;
    TypeVec nest, path;
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

static bool is_closed(const Type *t) { return !t->named.origin && t->named.tparams.len == 0; }

static bool valid_named(Walk *w, Type *t) {
    Checker *c = w->c;
    if (!type_is_valid(type_under(c->s, t))) return false; /* reported before */
    if (is_closed(t) && (t->named.obj->pkg != c->pkg || ptrmap_get(&c->valid_types, t))) return true;
    for (int i = 0; i < w->nest.len; i++) {
        if (!type_identical(c->s, w->nest.at[i], t)) continue;
        report_recursion(w, t);
        return false;
    }
    Type *rhs = t->named.origin ? t->named.origin->named.rhs : t->named.rhs;
    if (!rhs) return true;
    vec_push(c->arena, &w->nest, t);
    vec_push(c->arena, &w->path, t);
    bool ok = valid(w, rhs);
    w->nest.len--;
    w->path.len--;
    if (ok && is_closed(t)) ptrmap_put(c->arena, &c->valid_types, t, t);
    return ok;
}

/* The argument that stands for type parameter t in the innermost instance. */
static bool valid_tparam(Walk *w, Type *t) {
    if (w->nest.len == 0) return true;
    Type *inst = vec_last(&w->nest);
    if (!inst->named.origin) return true;
    const TypeVec *tparams = &inst->named.origin->named.tparams;
    for (int i = 0; i < tparams->len && i < inst->named.targs.len; i++) {
        if (tparams->at[i] != t) continue;
        w->nest.len--;
        bool ok = valid(w, inst->named.targs.at[i]);
        w->nest.at[w->nest.len++] = inst;
        return ok;
    }
    return true;
}

static bool valid(Walk *w, Type *t) {
    t = type_unalias(t);
    switch ((TypeKind)t->kind) {
    case TY_ARRAY: return valid(w, t->array.elem);
    case TY_STRUCT:
        for (int i = 0; i < t->struct_.n; i++)
            if (!valid(w, t->struct_.fields[i]->type)) return false;
        return true;
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
