/* infer.c: type arguments that a call leaves out (Go spec, "Type inference").
 *
 * 1. Typed arguments are unified with their parameters. 2. Type parameters are unified with the core types of their
 * constraints, or with the methods these ask for, until nothing new is learnt. 3. Parameters that only met untyped
 * constants get the default type of the largest kind among them. Then type parameters that occur in what was
 * inferred are replaced, after circles among them were cut: what is in a circle has no finite answer. */
#include <string.h>

#include "sema/tables.h"

typedef struct Inference {
    Checker *c;
    Node *at;            /* the call, or the function to instantiate */
    bool reverse;        /* the single argument is the variable that the function is assigned to */
    const TypeVec *tparams;
    TypeVec targs;       /* as given, with NULL for missing ones */
    Type *params;        /* with the given arguments substituted */
    Operand **args;
    int nargs;
    Unifier u;
} Inference;

/* ---- messages ---- */

/* "P", "P and Q", "P, Q, and R" */
static char *tparam_names(Checker *c, const TypeVec *list) {
    Buf b = {0};
    for (int i = 0; i < list->len; i++) {
        if (i > 0) buf_puts(&b, list->len == 2 ? " and " : i == list->len - 1 ? ", and " : ", ");
        buf_puts(&b, list->at[i]->tparam.obj->name->text);
    }
    char *text = arena_strdup(c->arena, b.data ? b.data : "");
    buf_free(&b);
    return text;
}

/* pos is that of an argument, or inst_pos of the whole. */
__attribute__((format(printf, 3, 4)))
static void *report(Inference *f, Pos pos, const char *fmt, ...) {
    Buf b = {0};
    va_list ap;
    if (f->at->kind == ND_CALL && !f->reverse) buf_printf(&b, "in call to %s, ", expr_str(f->c, f->at->call.fun));
    va_start(ap, fmt);
    char *text = arena_vprintf(f->c->arena, fmt, ap);
    va_end(ap);
    err_pos(f->c, pos, "%s%s", b.data ? b.data : "", text);
    buf_free(&b);
    return NULL;
}

static bool all_unknown(const TypeVec *list) {
    for (int i = 0; i < list->len; i++) {
        if (list->at[i]) return false;
    }
    return true;
}

static void report_mismatch(Inference *f, Type *param, const Operand *arg) {
    Checker *c = f->c;
    const char *targ = tstr(c, arg->type), *expr = expr_str(c, arg->expr), *par = tstr(c, param);
    TypeVec known = unifier_result(&f->u);
    if (all_unknown(&known)) {
        report(f, node_error_pos(arg->expr), "type %s of %s does not match %s (cannot infer %s)", targ, expr, par,
               tparam_names(c, f->tparams));
        return;
    }
    TypeEnv env = {*f->tparams, known};
    Type *inferred = type_subst(c->s, param, &env);
    const char *inf = tstr(c, inferred);
    Pos pos = node_error_pos(arg->expr);
    if (inferred == param) report(f, pos, "type %s of %s does not match %s", targ, expr, par);
    else if (!f->reverse) report(f, pos, "type %s of %s does not match inferred type %s for %s", targ, expr, inf, par);
    else report(f, pos, "inferred type %s for %s does not match type %s of %s", inf, par, targ, expr);
}

/* ---- 1: arguments ---- */

static Type *param_type(const Inference *f, int i) { return f->params->tuple.vars[i]->type; }

static bool use_typed_args(Inference *f) {
    for (int i = 0; i < f->nargs; i++) {
        Operand *arg = f->args[i];
        Type *par = param_type(f, i);
        if (type_is_untyped(arg->type)) continue;
        if (!type_mentions(f->c->s, par, f->tparams) && !type_mentions(f->c->s, arg->type, f->tparams)) continue;
        if (unify(&f->u, par, arg->type, UNIFY_ASSIGN)) continue;
        report_mismatch(f, par, arg);
        return false;
    }
    return true;
}

/* ---- 2: constraints ---- */

static bool equiv_unify(void *ctx, Type *x, Type *y) { return unify(ctx, x, y, UNIFY_EXACT); }

static bool not_satisfied(Inference *f, Type *tpar, Type *t, const char *reason) {
    report(f, inst_pos(f->at), "%s (type %s) does not satisfy %s%s", tpar->tparam.obj->name->text, tstr(f->c, t),
           tstr(f->c, tpar->tparam.bound), reason);
    return false;
}

static bool use_constraint(Inference *f, Type *tpar) {
    Sema *s = f->c->s;
    Type *t = unifier_get(&f->u, tpar);
    UnionTerm core;
    bool single;
    if (tparam_core_term(s, tpar, &core, &single)) {
        if (t) return unify(&f->u, t, core.type, 0) || not_satisfied(f, tpar, t, "");
        if (single && !core.tilde) unifier_set(&f->u, tpar, core.type);
        return true;
    }
    const char *reason = "";
    if (!t) return true;
    if (!missing_method(s, t, tparam_iface(s, tpar), true, equiv_unify, &f->u, NULL, &reason)) return true;
    return not_satisfied(f, tpar, t, arena_printf(f->c->arena, " %s", reason));
}

static bool use_constraints(Inference *f) {
    int before;
    do {
        before = unifier_unknowns(&f->u);
        for (int i = 0; i < f->tparams->len; i++) {
            if (!use_constraint(f, f->tparams->at[i])) return false;
        }
    } while (unifier_unknowns(&f->u) != before);
    return true;
}

/* ---- 3: untyped constants ---- */

/* The larger of two untyped types; NULL when they do not mix. */
static Type *max_untyped(Type *x, Type *y) {
    if (x == y) return x;
    if (!(x->basic.props & TP_NUMERIC) || !(y->basic.props & TP_NUMERIC)) return NULL;
    return x->basic.kind > y->basic.kind ? x : y;
}

static bool use_untyped_args(Inference *f) {
    Checker *c = f->c;
    Type **max = NEW_ARRAY(c->arena, Type *, f->tparams->len);
    for (int i = 0; i < f->nargs; i++) {
        Operand *arg = f->args[i];
        Type *par = param_type(f, i);
        int p = par->kind == TY_TYPE_PARAM ? tparam_index(f->tparams, par) : -1;
        if (p < 0 || !type_is_untyped(arg->type) || arg->type->basic.kind == BK_UNTYPED_NIL) continue;
        if (unifier_get(&f->u, par)) continue;
        Type *m = max[p] ? max_untyped(max[p], arg->type) : arg->type;
        if (!m) {
            report(f, node_error_pos(arg->expr), "mismatched types %s and %s (cannot infer %s)", tstr(c, max[p]),
                   tstr(c, arg->type), tstr(c, par));
            return false;
        }
        max[p] = m;
    }
    for (int p = 0; p < f->tparams->len; p++) {
        if (max[p]) unifier_set(&f->u, f->tparams->at[p], type_default(c->s, max[p]));
    }
    return true;
}

/* ---- simplification ---- */

typedef struct Step {
    const Type *type;
    struct Step *outer;
} Step;

typedef struct CycleFinder {
    Sema *s;
    const TypeVec *tparams;
    TypeVec *inferred;
    Step *path;
} CycleFinder;

static void find_cycles(CycleFinder *w, Type *t);

static void find_in_objects(CycleFinder *w, Object **at, int n) {
    for (int i = 0; i < n; i++) find_cycles(w, at[i]->type);
}

static void find_in_list(CycleFinder *w, const TypeVec *list) {
    for (int i = 0; i < list->len; i++) find_cycles(w, list->at[i]);
}

static void find_in_parts(CycleFinder *w, Type *t) {
    switch ((TypeKind)t->kind) {
    case TY_BASIC: case TY_ALIAS: return;
    case TY_POINTER: find_cycles(w, t->pointer.elem); return;
    case TY_SLICE: find_cycles(w, t->slice.elem); return;
    case TY_ARRAY: find_cycles(w, t->array.elem); return;
    case TY_CHAN: find_cycles(w, t->chan.elem); return;
    case TY_MAP:
        find_cycles(w, t->map.key);
        find_cycles(w, t->map.elem);
        return;
    case TY_STRUCT: find_in_objects(w, t->struct_.fields, t->struct_.n); return;
    case TY_TUPLE: find_in_objects(w, t->tuple.vars, t->tuple.n); return;
    case TY_FUNC:
        find_cycles(w, t->func.params);
        find_cycles(w, t->func.results);
        return;
    case TY_INTERFACE:
        find_in_objects(w, t->iface.methods.at, t->iface.methods.len);
        find_in_list(w, &t->iface.embeds);
        return;
    case TY_UNION:
        for (int i = 0; i < t->union_.n; i++) find_cycles(w, t->union_.terms[i].type);
        return;
    case TY_NAMED: find_in_list(w, &t->named.targs); return;
    case TY_TYPE_PARAM: {
        int i = tparam_index(w->tparams, t);
        if (i >= 0 && w->inferred->at[i]) find_cycles(w, w->inferred->at[i]);
        return;
    }
    }
    unreachable();
}

/* Forgets what was inferred for a type parameter that occurs in it, directly or through others. */
static void find_cycles(CycleFinder *w, Type *t) {
    if (!t || !type_mentions_tparam(w->s, t)) return;
    t = type_unalias(t);
    for (Step *p = w->path; p; p = p->outer) {
        if (p->type != t) continue;
        int i = t->kind == TY_TYPE_PARAM ? tparam_index(w->tparams, t) : -1;
        if (i >= 0) w->inferred->at[i] = NULL;
        return;
    }
    Step here = {t, w->path};
    w->path = &here;
    find_in_parts(w, t);
    w->path = here.outer;
}

/* Replaces type parameters in what was inferred for others, until none is left to replace. */
static void simplify(Inference *f, TypeVec *inferred) {
    CycleFinder w = {f->c->s, f->tparams, inferred, NULL};
    for (int i = 0; i < f->tparams->len; i++) find_cycles(&w, f->tparams->at[i]);
    TypeEnv env = {*f->tparams, *inferred};
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < inferred->len; i++) {
            Type *t = inferred->at[i];
            if (!t || (i < f->targs.len && f->targs.at[i])) continue;
            inferred->at[i] = type_subst(f->c->s, t, &env);
            changed |= inferred->at[i] != t;
        }
    }
}

/* ---- the whole ---- */

static bool args_are_valid(const Inference *f) {
    for (int i = 0; i < f->nargs; i++) {
        if (f->args[i]->mode == EM_INVALID || !f->args[i]->type) return false;
    }
    return true;
}

static TypeVec *copy_list(Checker *c, const TypeVec *list, int n) {
    TypeVec *out = NEW(c->arena, TypeVec);
    for (int i = 0; i < n; i++) vec_push(c->arena, out, i < list->len ? list->at[i] : NULL);
    return out;
}

static bool is_complete(const TypeVec *list) {
    for (int i = 0; i < list->len; i++) {
        if (!list->at[i]) return false;
    }
    return true;
}

static TypeVec *solve(Inference *f) {
    Checker *c = f->c;
    TypeEnv given = {*f->tparams, f->targs};
    f->params = type_subst(c->s, f->params, &given);
    f->u = unifier_new(c->s, f->tparams, &f->targs, allow_version(c, f->at, "go1.21"));
    if (!use_typed_args(f) || !use_constraints(f) || !use_untyped_args(f)) return NULL;
    TypeVec result = unifier_result(&f->u);
    simplify(f, &result);
    for (int i = 0; i < result.len; i++) {
        if (result.at[i] && !type_mentions(c->s, result.at[i], f->tparams)) continue;
        const Object *obj = f->tparams->at[i]->tparam.obj;
        return report(f, inst_pos(f->at), "cannot infer %s (%s)", obj->name->text, pos_str(c, obj->pos));
    }
    return copy_list(c, &result, result.len);
}

static TypeVec *run(Checker *c, Node *at, bool reverse, TypeVec *tparams, TypeVec *targs, Type *params,
                    Operand **args, int nargs) {
    TypeVec *full = copy_list(c, targs, tparams->len);
    if (is_complete(full)) return full;
    Inference f = {.c = c, .at = at, .reverse = reverse, .tparams = tparams, .targs = *full, .params = params,
                   .args = args, .nargs = nargs};
    return args_are_valid(&f) ? solve(&f) : NULL;
}

TypeVec *infer(Checker *c, Node *at, TypeVec *tparams, TypeVec *targs, Type *params, Operand **args, int nargs) {
    return run(c, at, false, tparams, targs, params, args, nargs);
}

TypeVec *infer_reverse(Checker *c, Node *at, TypeVec *tparams, TypeVec *targs, Type *params, Operand **args,
                       int nargs) {
    return run(c, at, true, tparams, targs, params, args, nargs);
}

Type *rename_tparams(Checker *c, TypeVec *tparams, Type *t, TypeVec *out) {
    *out = (TypeVec){0};
    if (tparams->len == 0) return t;
    for (int i = 0; i < tparams->len; i++) {
        const Object *old = tparams->at[i]->tparam.obj;
        Object *obj = object_new(c->arena, OBJ_TYPE, old->pos, old->pkg, old->name, NULL);
        obj->type_name.is_tparam = true;
        vec_push(c->arena, out, type_new_tparam(c->s, obj, tparams->at[i]->tparam.index, NULL));
        obj->color = 1;
    }
    TypeEnv env = {*tparams, *out};
    for (int i = 0; i < tparams->len; i++)
        out->at[i]->tparam.bound = type_subst(c->s, tparams->at[i]->tparam.bound, &env);
    return type_subst(c->s, t, &env);
}
