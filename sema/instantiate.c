/* instantiate.c: instances of generic types and functions, and whether type arguments satisfy their constraints.
 *
 * An instance is created once per generic and identity of the arguments. A new instance of a type is empty: its
 * underlying type and its methods are substituted when they are asked for, which is what makes recursive generic
 * types finite. A generic type that is still being declared gives its instances no lasting underlying type. */
#include "sema/tables.h"

enum { COLOR_GREY = 2 }; /* Object.color of a declaration in progress */

/* ---- instances ---- */

Type *new_named_instance(Sema *s, Type *generic, TypeVec targs) {
    Type *t = type_new(s, TY_NAMED);
    t->named.obj = generic->named.obj;
    t->named.origin = generic;
    t->named.targs = targs;
    return t;
}

static Type *new_func_instance(Sema *s, Type *generic, TypeVec targs) {
    if (generic->func.tparams.len != targs.len) return type_basic(s, BK_INVALID);
    TypeEnv env = {generic->func.tparams, targs};
    Type *t = type_subst(s, generic, &env);
    if (t == generic) { /* the parameters are not used: still no longer generic */
        t = type_new_func(s, generic->func.recv, generic->func.params, generic->func.results, generic->func.variadic);
    }
    t->func.tparams = (TypeVec){0};
    return t;
}

static Type *new_alias_instance(Sema *s, Type *generic, TypeVec targs) {
    if (generic->alias.tparams.len != targs.len || !generic->alias.rhs) return type_basic(s, BK_INVALID);
    TypeEnv env = {generic->alias.tparams, targs};
    Type *t = type_new_alias(s, generic->alias.obj, type_subst(s, generic->alias.rhs, &env));
    t->alias.origin = generic;
    t->alias.targs = targs;
    return t;
}

static Type *new_instance(Sema *s, Type *generic, TypeVec targs) {
    switch ((TypeKind)generic->kind) {
    case TY_NAMED: return new_named_instance(s, generic, targs);
    case TY_FUNC: return new_func_instance(s, generic, targs);
    case TY_ALIAS: return new_alias_instance(s, generic, targs);
    case TY_BASIC: case TY_POINTER: case TY_SLICE: case TY_ARRAY: case TY_MAP: case TY_CHAN: case TY_STRUCT:
    case TY_TUPLE: case TY_INTERFACE: case TY_TYPE_PARAM: case TY_UNION: break;
    }
    fatal("a type of kind %d is not generic", generic->kind);
}

Type *type_instantiate(Sema *s, Type *generic, Type **targs, int n) {
    uint32_t hash = generic->kind == TY_NAMED ? type_hash(s, generic) : (uint32_t)((uintptr_t)generic >> 4);
    for (int i = 0; i < n; i++) hash = hash_mix(hash, type_hash(s, targs[i]));
    TypeTable *table = &s->tables->instances;
    for (TypeEntry *e = table_first(table, hash); e; e = table_next(e)) {
        if (e->key == generic && e->n == n && types_identical(s, e->targs, targs, n)) return e->val;
    }
    TypeVec copy = {0};
    for (int i = 0; i < n; i++) vec_push(s->arena, &copy, targs[i]);
    Type *inst = new_instance(s, generic, copy);
    TypeEntry *e = table_add(s->arena, table, hash);
    e->key = generic;
    e->targs = copy.at;
    e->n = n;
    e->val = inst;
    return inst;
}

/* ---- expansion ---- */

TypeVec instance_tparams(Sema *s, const Type *inst) {
    const Type *g = inst->named.origin;
    const TypeVec *implicit = implicit_tparams(g);
    if (!implicit || inst->named.targs.len == g->named.tparams.len) return g->named.tparams;
    TypeVec all = {0};
    for (int i = 0; i < implicit->len; i++) vec_push(s->arena, &all, implicit->at[i]);
    for (int i = 0; i < g->named.tparams.len; i++) vec_push(s->arena, &all, g->named.tparams.at[i]);
    return all;
}

void named_expand(Sema *s, Type *inst) {
    Type *g = inst->named.origin;
    if (!g->named.underlying) return;
    TypeEnv env = {instance_tparams(s, inst), inst->named.targs};
    bool fits = env.tparams.len == env.targs.len;
    inst->named.expanded = g->named.obj->color != COLOR_GREY;
    inst->named.underlying = fits ? type_subst(s, g->named.underlying, &env) : type_basic(s, BK_INVALID);
    inst->named.rhs = g->named.rhs;
}

int named_method_count(Type *named) {
    return (named->named.origin ? named->named.origin : named)->named.methods.len;
}

/* The receiver of method, but of type t or *t. */
static Object *instance_receiver(Sema *s, const Object *method, Type *t) {
    const Object *old = method->type->func.recv;
    Object *recv = NEW(s->arena, Object);
    if (old) *recv = *old;
    else *recv = *object_new(s->arena, OBJ_VAR, method->pos, method->pkg, s->n_blank, t);
    recv->type = method->func.ptr_recv ? type_new_pointer(s, t) : t;
    return recv;
}

/* The method of an instance: that of the generic type with the receiver's type parameters replaced. */
static Object *expand_method(Sema *s, Type *inst, Object *origin) {
    Type *sig = origin->type;
    bool is_ptr;
    Type *base = sig->func.recv ? type_deref(sig->func.recv->type, &is_ptr) : NULL;
    if (base && type_unalias(base) == inst) return origin; /* the receiver type as the declaration writes it */
    Type *t = sig;
    if (sig->func.recv_tparams.len == inst->named.targs.len) {
        TypeEnv env = {sig->func.recv_tparams, inst->named.targs};
        t = type_subst(s, sig, &env);
    }
    Type *own = type_new_func(s, instance_receiver(s, origin, inst), t->func.params, t->func.results,
                              t->func.variadic);
    Object *m = NEW(s->arena, Object);
    *m = *origin;
    m->type = own;
    m->color = 1;
    m->func.origin = origin;
    return m;
}

Object *named_method(Sema *s, Type *named, int i) {
    Type *g = named->named.origin;
    if (!g) return named->named.methods.at[i];
    Object *origin = g->named.methods.at[i];
    method_complete(s, origin);
    if (!origin->type || origin->type->kind != TY_FUNC) return origin; /* wrong, or being declared */
    ObjectVec *own = &named->named.methods;
    while (own->len < g->named.methods.len) vec_push(s->arena, own, NULL);
    if (own->at[i]) return own->at[i];
    Object *m = expand_method(s, named, origin);
    if (origin->color != COLOR_GREY) own->at[i] = m;
    return m;
}

/* ---- verification ---- */

bool validate_targ_count(Checker *c, const Node *at, const char *name, int want, int got) {
    if (want == got) return true;
    err_at(c, at, "%s type arguments for type %s: have %d, want %d", got < want ? "not enough" : "too many", name,
           got, want);
    return false;
}

Pos inst_pos(const Node *at) { return at->kind == ND_CALL || at->kind == ND_INDEX ? at->at : node_error_pos(at); }

/* Returns the index of the first argument that does not satisfy its constraint, -1 when all do. */
static int first_unsatisfied(Sema *s, const TypeEnv *env, const char **reason) {
    for (int i = 0; i < env->tparams.len; i++) {
        Type *p = env->tparams.at[i];
        tparam_iface(s, p); /* wraps a bound that is no interface */
        Type *bound = type_subst(s, p->tparam.bound, env);
        if (!type_implements(s, env->targs.at[i], bound, true, reason)) return i;
    }
    return -1;
}

bool verify_instance(Checker *c, Node *at, TypeVec *tparams, Type **targs, int n, NodeList *arg_nodes) {
    if (tparams->len != n) return false;
    TypeEnv env = {*tparams, {targs, n, n}};
    const char *reason = NULL;
    int i = first_unsatisfied(c->s, &env, &reason);
    if (i < 0) {
        mono_record_instance(c, inst_pos(at), tparams, targs, arg_nodes);
        return true;
    }
    soft_err_pos(c, arg_nodes && i < arg_nodes->len ? node_error_pos(arg_nodes->at[i]) : inst_pos(at), "%s", reason);
    return false;
}

/* ---- what lowering is told ---- */

void record_instance(Checker *c, Node *name, Type **targs, int n, Type *type) {
    check_cap_type_args(c, name, targs, n);
    Instance *inst = NEW(c->arena, Instance);
    for (int i = 0; i < n; i++) vec_push(c->arena, &inst->targs, targs[i]);
    inst->type = type;
    ptrmap_put(c->arena, &c->pkg->instances, name, inst);
}

Instance *sema_instance(const Package *p, const Node *n) { return ptrmap_get(&p->instances, n); }
