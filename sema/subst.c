/* subst.c: replaces type parameters by types.
 *
 * A type that no type parameter occurs in is returned as it is; whether one does is remembered in Type.mentions, so
 * substitution costs nothing where there is nothing to do. Composite types are copied along the path to the
 * parameters only. Instances are not expanded: their arguments are substituted and the instance is looked up.
 *
 * A type declared inside a generic function depends on that function's type parameters without naming them. Such
 * types, L here, become instances too: their arguments are those of the function followed by L's own. While the
 * function itself is being checked nothing is substituted for its parameters and L stays as it is. */
#include <string.h>

#include "sema/tables.h"

/* Type.mentions. */
enum Mention { MENTION_UNKNOWN, MENTION_NO, MENTION_YES, MENTION_WALKING };

const TypeVec *implicit_tparams(const Type *named) {
    FuncInfo *f = named->named.local;
    if (!f) return NULL;
    while (f->outer) f = f->outer;
    if (!f->sig) return NULL;
    const TypeVec *own = f->sig->func.recv_tparams.len ? &f->sig->func.recv_tparams : &f->sig->func.tparams;
    return own->len ? own : NULL;
}

static Type *origin_of(Type *named) { return named->named.origin ? named->named.origin : named; }

/* The implicit parameters that t, a named type, still depends on; NULL when it has arguments for them. */
static const TypeVec *open_implicits(Type *t) {
    Type *g = origin_of(t);
    const TypeVec *implicit = implicit_tparams(g);
    if (!implicit) return NULL;
    return t->named.targs.len == g->named.tparams.len + implicit->len ? NULL : implicit;
}

/* ---- does a type parameter occur? ---- */

static bool mentions(Sema *s, Type *t, bool *final);

static bool list_mentions(Sema *s, const TypeVec *list, bool *final) {
    bool found = false;
    for (int i = 0; i < list->len && !found; i++) found = mentions(s, list->at[i], final);
    return found;
}

static bool objects_mention(Sema *s, Object **at, int n, bool *final) {
    bool found = false;
    for (int i = 0; i < n && !found; i++) found = mentions(s, at[i]->type, final);
    return found;
}

static bool compute_mentions(Sema *s, Type *t, bool *final) {
    switch ((TypeKind)t->kind) {
    case TY_BASIC: return false;
    case TY_TYPE_PARAM: return true;
    case TY_NAMED: return open_implicits(t) || list_mentions(s, &t->named.targs, final);
    case TY_POINTER: return mentions(s, t->pointer.elem, final);
    case TY_SLICE: return mentions(s, t->slice.elem, final);
    case TY_ARRAY: return mentions(s, t->array.elem, final);
    case TY_MAP: return mentions(s, t->map.key, final) || mentions(s, t->map.elem, final);
    case TY_CHAN: return mentions(s, t->chan.elem, final);
    case TY_STRUCT: return objects_mention(s, t->struct_.fields, t->struct_.n, final);
    case TY_TUPLE: return objects_mention(s, t->tuple.vars, t->tuple.n, final);
    case TY_FUNC: return mentions(s, t->func.params, final) || mentions(s, t->func.results, final);
    case TY_INTERFACE:
        *final &= t->iface.complete;
        return objects_mention(s, t->iface.methods.at, t->iface.methods.len, final) ||
               list_mentions(s, &t->iface.embeds, final);
    case TY_UNION:
        for (int i = 0; i < t->union_.n; i++) {
            if (mentions(s, t->union_.terms[i].type, final)) return true;
        }
        return false;
    case TY_ALIAS:
        *final &= t->alias.rhs != NULL;
        return list_mentions(s, &t->alias.targs, final) || (t->alias.rhs && mentions(s, t->alias.rhs, final));
    }
    unreachable();
}

/* *final is cleared when the answer "no" may change because something is not complete yet. */
static bool mentions(Sema *s, Type *t, bool *final) {
    if (!t || t->mentions == MENTION_WALKING) {
        *final = false;
        return false;
    }
    if (t->mentions != MENTION_UNKNOWN) return t->mentions == MENTION_YES;
    bool own_final = type_is_valid(t);
    t->mentions = MENTION_WALKING;
    bool found = compute_mentions(s, t, &own_final);
    t->mentions = found ? MENTION_YES : own_final ? MENTION_NO : MENTION_UNKNOWN;
    *final &= found || own_final;
    return found;
}

bool type_mentions_tparam(Sema *s, Type *t) {
    bool final = true;
    return mentions(s, t, &final);
}

/* ---- do particular ones? ---- */

int tparam_index(const TypeVec *tparams, const Type *tparam) {
    for (int i = 0; i < tparams->len; i++) {
        if (tparams->at[i] == tparam) return i;
    }
    return -1;
}

bool can_branch(const Type *t) {
    return t->kind == TY_STRUCT || t->kind == TY_FUNC || t->kind == TY_MAP || t->kind == TY_INTERFACE;
}

typedef struct MentionSearch {
    Sema *s;
    const TypeVec *tparams;
    PtrMap seen; /* types without the parameters, or being searched: interfaces close circles, aliases repeat */
} MentionSearch;

static bool search(MentionSearch *m, Type *t);

static bool search_objects(MentionSearch *m, Object **at, int n) {
    for (int i = 0; i < n; i++) {
        if (search(m, at[i]->type)) return true;
    }
    return false;
}

static bool search_list(MentionSearch *m, const TypeVec *list) {
    for (int i = 0; i < list->len; i++) {
        if (search(m, list->at[i])) return true;
    }
    return false;
}

static bool search_interface(MentionSearch *m, Type *t) {
    TypeSet *ts = type_set(m->s, t);
    if (search_objects(m, ts->methods.at, ts->methods.len)) return true;
    for (int i = 0; i < ts->nterms; i++) {
        if (search(m, ts->terms[i].type)) return true;
    }
    return false;
}

static bool search(MentionSearch *m, Type *t) {
    if (!t || !type_mentions_tparam(m->s, t)) return false;
    t = type_unalias(t);
    if (can_branch(t)) {
        if (ptrmap_get(&m->seen, t)) return false;
        ptrmap_put(m->s->arena, &m->seen, t, t);
    }
    switch ((TypeKind)t->kind) {
    case TY_TYPE_PARAM: return tparam_index(m->tparams, t) >= 0;
    case TY_NAMED: return search_list(m, &t->named.targs);
    case TY_POINTER: return search(m, t->pointer.elem);
    case TY_SLICE: return search(m, t->slice.elem);
    case TY_ARRAY: return search(m, t->array.elem);
    case TY_MAP: return search(m, t->map.key) || search(m, t->map.elem);
    case TY_CHAN: return search(m, t->chan.elem);
    case TY_STRUCT: return search_objects(m, t->struct_.fields, t->struct_.n);
    case TY_TUPLE: return search_objects(m, t->tuple.vars, t->tuple.n);
    case TY_FUNC: return search(m, t->func.params) || search(m, t->func.results);
    case TY_INTERFACE: return search_interface(m, t);
    case TY_UNION:
        for (int i = 0; i < t->union_.n; i++) {
            if (search(m, t->union_.terms[i].type)) return true;
        }
        return false;
    case TY_BASIC: case TY_ALIAS: return false;
    }
    unreachable();
}

bool type_mentions(Sema *s, Type *t, const TypeVec *tparams) {
    MentionSearch m = {.s = s, .tparams = tparams};
    return search(&m, t);
}

/* ---- substitution ---- */

typedef struct Subst {
    Sema *s;
    const TypeEnv *env;
    int depth;
    PtrMap done; /* deep inside: results, as aliases may repeat the same literal endlessly */
} Subst;

enum { REMEMBER_FROM = 8 }; /* depth from which Subst.done is kept */

static Type *subst(Subst *u, Type *t);

/* Copies the list when an element changes; returns whether it did. */
static bool subst_list(Subst *u, const TypeVec *in, TypeVec *out) {
    bool changed = false;
    *out = (TypeVec){NEW_ARRAY(u->s->arena, Type *, in->len), in->len, in->len};
    for (int i = 0; i < in->len; i++) {
        out->at[i] = subst(u, in->at[i]);
        changed |= out->at[i] != in->at[i];
    }
    return changed;
}

static Object *subst_object(Subst *u, Object *obj) {
    Type *t = subst(u, obj->type);
    if (t == obj->type) return obj;
    Object *copy = NEW(u->s->arena, Object);
    *copy = *obj;
    copy->type = t;
    copy->color = 1;
    if (obj->kind == OBJ_FUNC) copy->func.origin = obj->func.origin ? obj->func.origin : obj;
    return copy;
}

/* Returns the same array when nothing changes. */
static Object **subst_objects(Subst *u, Object **in, int n) {
    Object **out = in;
    for (int i = 0; i < n; i++) {
        Object *o = subst_object(u, in[i]);
        if (o == in[i]) continue;
        if (out == in) {
            out = NEW_ARRAY(u->s->arena, Object *, n);
            memcpy(out, in, sizeof(Object *) * (size_t)n);
        }
        out[i] = o;
    }
    return out;
}

static Type *subst_struct(Subst *u, Type *t) {
    Object **fields = subst_objects(u, t->struct_.fields, t->struct_.n);
    if (fields == t->struct_.fields) return t;
    return type_new_struct(u->s, fields, t->struct_.tags, t->struct_.n);
}

static Type *subst_tuple(Subst *u, Type *t) {
    Object **vars = subst_objects(u, t->tuple.vars, t->tuple.n);
    return vars == t->tuple.vars ? t : type_new_tuple(u->s, vars, t->tuple.n);
}

/* The receiver stays: named_method gives methods of instances theirs. */
static Type *subst_func(Subst *u, Type *t) {
    Type *params = subst(u, t->func.params), *results = subst(u, t->func.results);
    if (params == t->func.params && results == t->func.results) return t;
    Type *f = type_new_func(u->s, t->func.recv, params, results, t->func.variadic);
    f->func.tparams = t->func.tparams;
    f->func.recv_tparams = t->func.recv_tparams;
    f->func.caps = t->func.caps;
    return f;
}

static Type *subst_interface(Subst *u, Type *t) {
    Object **methods = subst_objects(u, t->iface.methods.at, t->iface.methods.len);
    TypeVec embeds;
    bool embeds_changed = subst_list(u, &t->iface.embeds, &embeds);
    if (methods == t->iface.methods.at && !embeds_changed) return t;
    Type *i = type_new_interface(u->s);
    i->iface.methods = (ObjectVec){methods, t->iface.methods.len, t->iface.methods.len};
    i->iface.embeds = embeds;
    i->iface.embed_pos.at = t->iface.embed_pos.at;
    i->iface.embed_pos.len = i->iface.embed_pos.cap = t->iface.embed_pos.len;
    i->iface.implicit = t->iface.implicit;
    i->iface.complete = t->iface.complete;
    return i;
}

static Type *subst_union(Subst *u, Type *t) {
    Type *copy = type_new_union(u->s, t->union_.terms, t->union_.n);
    for (int i = 0; i < t->union_.n; i++) copy->union_.terms[i].type = subst(u, t->union_.terms[i].type);
    return copy;
}

static Type *subst_named(Subst *u, Type *t) {
    TypeVec implicit = {0}, targs;
    const TypeVec *open = open_implicits(t);
    bool outer_changed = open && subst_list(u, open, &implicit);
    bool changed = subst_list(u, &t->named.targs, &targs);
    Type *g = origin_of(t);
    if (!outer_changed) return changed ? type_instantiate(u->s, g, targs.at, targs.len) : t;
    for (int i = 0; i < targs.len; i++) vec_push(u->s->arena, &implicit, targs.at[i]);
    return type_instantiate(u->s, g, implicit.at, implicit.len);
}

static Type *subst_alias(Subst *u, Type *t) {
    TypeVec targs;
    if (!t->alias.origin) return t->alias.rhs ? subst(u, t->alias.rhs) : t;
    if (!subst_list(u, &t->alias.targs, &targs)) return t;
    return type_instantiate(u->s, t->alias.origin, targs.at, targs.len);
}

static Type *subst_map(Subst *u, Type *t) {
    Type *key = subst(u, t->map.key), *elem = subst(u, t->map.elem);
    return key == t->map.key && elem == t->map.elem ? t : type_new_map(u->s, key, elem);
}

static Type *subst_kind(Subst *u, Type *t) {
    Type *elem;
    switch ((TypeKind)t->kind) {
    case TY_BASIC: return t;
    case TY_TYPE_PARAM: {
        int i = tparam_index(&u->env->tparams, t);
        return i >= 0 && i < u->env->targs.len && u->env->targs.at[i] ? u->env->targs.at[i] : t;
    }
    case TY_NAMED: return subst_named(u, t);
    case TY_POINTER:
        elem = subst(u, t->pointer.elem);
        return elem == t->pointer.elem ? t : type_new_pointer(u->s, elem);
    case TY_SLICE:
        elem = subst(u, t->slice.elem);
        return elem == t->slice.elem ? t : type_new_slice(u->s, elem);
    case TY_ARRAY:
        elem = subst(u, t->array.elem);
        return elem == t->array.elem ? t : type_new_array(u->s, elem, t->array.len);
    case TY_CHAN:
        elem = subst(u, t->chan.elem);
        return elem == t->chan.elem ? t : type_new_chan(u->s, elem, t->chan.dir);
    case TY_MAP: return subst_map(u, t);
    case TY_STRUCT: return subst_struct(u, t);
    case TY_TUPLE: return subst_tuple(u, t);
    case TY_FUNC: return subst_func(u, t);
    case TY_INTERFACE: return subst_interface(u, t);
    case TY_UNION: return subst_union(u, t);
    case TY_ALIAS: return subst_alias(u, t);
    }
    unreachable();
}

static Type *subst(Subst *u, Type *t) {
    if (!t) return type_basic(u->s, BK_INVALID); /* seen before it was set up, in a declaration that is wrong */
    if (!type_mentions_tparam(u->s, t)) return t;
    bool remember = u->depth >= REMEMBER_FROM;
    Type *known = remember ? ptrmap_get(&u->done, t) : NULL;
    if (known) return known;
    u->depth++;
    Type *result = subst_kind(u, t);
    u->depth--;
    if (remember) ptrmap_put(u->s->arena, &u->done, t, result);
    return result;
}

Type *type_subst(Sema *s, Type *t, const TypeEnv *env) {
    if (env->tparams.len == 0 || env->targs.len == 0) return t;
    Subst u = {.s = s, .env = env};
    return subst(&u, t);
}
