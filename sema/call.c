/* call.c: calls of functions, methods and values of function type; instantiation of generic functions.
 *
 * A call whose function is generic may get its type arguments in brackets, by inference from the arguments,
 * or both; generic functions among the arguments take part in the same inference. So the function and its
 * arguments are evaluated first, with generic functions left uninstantiated, then the type arguments are
 * inferred, and only then are the arguments assigned to the parameters. */
#include "sema/check.h"

/* The operands of an argument list. */
typedef struct ArgList {
    Operand *at;
    int n;
    TypeVec *given; /* n entries: explicit type arguments of a partially instantiated generic function */
    bool generic;   /* some argument is an uninstantiated generic function */
} ArgList;

/* The callee's explicit type arguments. */
typedef struct TypeArgs {
    TypeVec types;
    NodeList *nodes; /* NULL: none */
} TypeArgs;

/* ---- instantiation ---- */

/* The types that nodes denote; false after an error. */
static bool check_type_args(Checker *c, NodeList *nodes, TypeVec *out) {
    bool ok = true;
    for (int i = 0; i < nodes->len; i++) {
        Type *t = check_var_type(c, nodes->at[i]);
        ok &= type_is_valid(t);
        vec_push(c->arena, out, t);
    }
    return ok;
}

/* The identifier or selector that names the generic function in n. */
static Node *generic_name(Node *n) {
    n = ast_unparen(n);
    return n->kind == ND_INDEX ? generic_name(n->index.x) : n;
}

typedef struct Verification {
    Node *at;
    TypeVec *tparams;
    Type **targs;
    int n;
    NodeList *nodes;
} Verification;

static void verify_later(Checker *c, void *arg) {
    Verification *v = arg;
    verify_instance(c, v->at, v->tparams, v->targs, v->n, v->nodes);
}

/* The signature of generic sig, named by expr, with type arguments targs. */
static Type *instantiate_signature(Checker *c, Node *at, Node *expr, Type *sig, Type **targs,
                                   NodeList *nodes) {
    int n = sig->func.tparams.len;
    Type *inst = type_instantiate(c->s, sig, targs, n);
    record_instance(c, generic_name(expr), targs, n, inst);
    Verification *v = NEW(c->arena, Verification);
    *v = (Verification){at, &sig->func.tparams, targs, n, nodes};
    later(c, verify_later, v);
    return inst;
}

/* The missing type arguments of generic function x when it is assigned to a variable of type target. */
static TypeVec *infer_from_target(Checker *c, Type *target, Operand *x, Node *at, TypeVec *given,
                                  bool partial) {
    Type *sig = x->type, *params;
    Operand arg, *args = &arg;
    TypeVec tparams = {0};
    int nargs = 0;
    Object **vars = NEW_ARRAY(c->arena, Object *, 1);
    if (target) {
        if (allow_version(c, at, "go1.18") && !allow_version(c, at, "go1.21")) {
            const char *how = partial ? "partially instantiated function in assignment"
                                      : "implicitly instantiated function in assignment";
            verify_version(c, at, "go1.21", how);
        }
        Type *plain = type_new_func(c->s, NULL, sig->func.params, sig->func.results, sig->func.variadic);
        vars[0] = object_new(c->arena, OBJ_VAR, x->expr->pos, c->pkg, NULL, plain);
        Node *name = ast_new(c->arena, ND_IDENT, x->expr->pos, x->expr->end);
        name->ident.name = name_of(c->s->names, c->target_name ? c->target_name : "variable");
        arg = (Operand){.mode = EM_VALUE, .type = target, .expr = name};
        nargs = 1;
    }
    Type *params_type = type_new_tuple(c->s, vars, nargs);
    params = rename_tparams(c, &sig->func.tparams, params_type, &tparams);
    return infer_reverse(c, at, &tparams, given, params, &args, nargs);
}

/* Instantiates generic function x with the type arguments in inst (may be NULL) and those that target
 * implies. With infer false, too few type arguments are returned instead, and x stays generic. */
static TypeVec func_inst(Checker *c, Type *target, Operand *x, Node *inst, bool infer) {
    Node *at = inst ? inst : x->expr;
    NodeList *nodes = inst ? &inst->index.indices : NULL;
    TypeVec targs = {0};
    if (inst) x->expr = inst;
    verify_version(c, at, "go1.18", "function instantiation");
    if (inst && !check_type_args(c, nodes, &targs)) {
        x->mode = EM_INVALID;
        return (TypeVec){0};
    }
    Type *sig = type_under(c->s, x->type);
    int got = targs.len, want = sig->func.tparams.len;
    if (got > want) {
        err_at(c, nodes->at[got - 1], "got %d type arguments but want %d", got, want);
        x->mode = EM_INVALID;
        return (TypeVec){0};
    }
    if (got < want) {
        if (!infer) return targs;
        TypeVec *all = infer_from_target(c, target, x, at, &targs, inst != NULL);
        if (!all) {
            x->mode = EM_INVALID;
            return (TypeVec){0};
        }
        targs = *all;
    }
    set_value(x, EM_VALUE, instantiate_signature(c, at, x->expr, sig, targs.at, nodes));
    return (TypeVec){0};
}

void check_func_inst(Checker *c, Type *target, Operand *x, Node *index_expr, bool infer) {
    func_inst(c, target, x, index_expr, infer);
}

/* ---- evaluating arguments ---- */

static bool is_generic_func(const Operand *x) {
    return x->mode == EM_VALUE && x->type->kind == TY_FUNC && type_is_generic(x->type);
}

/* Evaluates an argument, which may be a generic function and may stand for several values. If it is one with
 * some of its type arguments, *given gets them. */
static void check_arg(Checker *c, Operand *x, Node *e, TypeVec *given) {
    if (e->kind == ND_INDEX) {
        operand_init(c, x, e);
        if (check_index_expr(c, x, e)) *given = func_inst(c, NULL, x, e, !allow_version(c, e, "go1.21"));
        x->expr = e;
        record(c, x);
    } else {
        check_raw_expr(c, NULL, x, e, NULL, true);
    }
    check_exclude(c, x, NOT_A_VALUE);
}

static ArgList check_args(Checker *c, NodeList *list) {
    ArgList args = {0};
    if (list->len == 1) {
        Operand x;
        TypeVec given = {0};
        check_arg(c, &x, list->at[0], &given);
        args.n = unpack_operand(c, &x, &args.at);
        args.given = NEW_ARRAY(c->arena, TypeVec, args.n + 1);
        args.given[0] = given;
        args.generic = is_generic_func(&x);
        return args;
    }
    args.n = list->len;
    args.at = NEW_ARRAY(c->arena, Operand, args.n + 1);
    args.given = NEW_ARRAY(c->arena, TypeVec, args.n + 1);
    for (int i = 0; i < args.n; i++) {
        check_arg(c, &args.at[i], list->at[i], &args.given[i]);
        check_single_value(c, &args.at[i]);
        args.generic |= is_generic_func(&args.at[i]);
    }
    return args;
}

/* ---- matching arguments and parameters ---- */

static void report_arg_count(Checker *c, Node *call, Type *sig, const ArgList *args, int npars) {
    Node *at = call;
    bool too_many = args->n > npars;
    if (too_many)
        at = args->at[npars].expr;
    else if (args->n > 0)
        at = args->at[args->n - 1].expr;
    Type *params = sig->func.params;
    Diag *d = err_begin(c, node_error_pos(at), false, "%s arguments in call to %s",
                        too_many ? "too many" : "not enough", expr_str(c, call->call.fun));
    err_more(c, d, NO_POS, "have %s", operands_summary(c, args->at, args->n));
    err_more(c, d, NO_POS, "want %s",
             vars_summary(c, params->tuple.vars, params->tuple.n, sig->func.variadic));
}

/* The parameters with the variadic one repeated as often as there are arguments for it. */
static Type *spread_params(Checker *c, Type *sig, int nargs) {
    Type *params = sig->func.params;
    int fixed = params->tuple.n - 1;
    Object **vars = NEW_ARRAY(c->arena, Object *, nargs + 1);
    Object *last = params->tuple.vars[fixed];
    Type *elem = type_under(c->s, last->type)->slice.elem;
    for (int i = 0; i < nargs; i++) {
        vars[i] = i < fixed ? params->tuple.vars[i]
                            : object_new(c->arena, OBJ_VAR, last->pos, last->pkg, last->name, elem);
        if (i >= fixed) vars[i]->var.role = VAR_PARAM;
    }
    return type_new_tuple(c->s, vars, nargs);
}

/* The parameters that the arguments are assigned to, one each; NULL after reporting that the count is wrong.
 */
static Type *match_params(Checker *c, Node *call, Type *sig, const ArgList *args) {
    Type *params = sig->func.params;
    int npars = params->tuple.n;
    if (call->call.has_dots) {
        if (!sig->func.variadic) {
            err_at(c, call, "cannot use ... in call to non-variadic %s", expr_str(c, call->call.fun));
            return NULL;
        }
        if (call->call.args.len == 1 && args->n > 1) {
            err_at(c, call, "cannot use ... with %d-valued %s", args->n, expr_str(c, call->call.args.at[0]));
            return NULL;
        }
    } else if (sig->func.variadic) {
        if (args->n >= npars - 1) return spread_params(c, sig, args->n);
        npars--;
    }
    if (args->n == npars) return params;
    report_arg_count(c, call, sig, args, npars);
    return NULL;
}

/* ---- inference ---- */

/* One inference problem: the type parameters of the callee, then those of each generic argument. */
typedef struct Inference {
    TypeVec tparams, targs;
    int n_callee;
} Inference;

static void add_tparams(Checker *c, Inference *inf, const TypeVec *tparams, const TypeVec *given) {
    for (int i = 0; i < tparams->len; i++) {
        vec_push(c->arena, &inf->tparams, tparams->at[i]);
        vec_push(c->arena, &inf->targs, i < given->len ? given->at[i] : NULL);
    }
}

/* Gives each generic argument a signature with type parameters of its own, so that f(g, g) can differ. */
static void add_generic_args(Checker *c, Inference *inf, ArgList *args, Type **generic_sigs) {
    for (int i = 0; i < args->n; i++) {
        Operand *arg = &args->at[i];
        if (!is_generic_func(arg)) continue;
        if (inf->tparams.len == inf->n_callee)
            verify_version(c, arg->expr, "go1.21", "implicitly instantiated function as argument");
        TypeVec fresh = {0};
        generic_sigs[i] = arg->type;
        Type *sig = arg->type;
        Type *plain = type_new_func(c->s, NULL, sig->func.params, sig->func.results, sig->func.variadic);
        arg->type = rename_tparams(c, &sig->func.tparams, plain, &fresh);
        add_tparams(c, inf, &fresh, &args->given[i]);
    }
}

static bool run_inference(Checker *c, Node *call, Inference *inf, Type *params, ArgList *args) {
    Operand **list = NEW_ARRAY(c->arena, Operand *, args->n + 1);
    for (int i = 0; i < args->n; i++) list[i] = &args->at[i];
    TypeVec *result = infer(c, call, &inf->tparams, &inf->targs, params, list, args->n);
    if (result) inf->targs = *result;
    return result != NULL;
}

static void check_generics_version(Checker *c, Node *call) {
    Node *fun = call->call.fun;
    if (fun->kind == ND_INDEX)
        verify_version(c, fun, "go1.18", "function instantiation");
    else
        verify_version(c, call, "go1.18", "implicit function instantiation");
}

/* Instantiates the generic arguments with the type arguments inferred for them. */
static void instantiate_args(Checker *c, Node *call, const Inference *inf, ArgList *args,
                             Type **generic_sigs) {
    int next = inf->n_callee;
    for (int i = 0; i < args->n; i++) {
        Type *sig = generic_sigs[i];
        if (!sig) continue;
        Operand *arg = &args->at[i];
        arg->type = instantiate_signature(c, call, arg->expr, sig, inf->targs.at + next, NULL);
        record(c, arg);
        next += sig->func.tparams.len;
    }
}

/* Infers and applies type arguments. *sig becomes the instantiated signature and *params its parameters,
 * which stand for args one to one. False after reporting. */
static bool instantiate_call(Checker *c, Node *call, Type **sig, Type **params, const TypeArgs *targs,
                             ArgList *args) {
    Inference inf = {0};
    Type **generic_sigs = NEW_ARRAY(c->arena, Type *, args->n + 1);
    TypeVec *tparams = &(*sig)->func.tparams;
    Type *renamed = *params;
    if (tparams->len > 0) {
        TypeVec fresh = {0};
        check_generics_version(c, call);
        renamed = rename_tparams(c, tparams, *params, &fresh);
        add_tparams(c, &inf, &fresh, &targs->types);
        inf.n_callee = tparams->len;
    }
    add_generic_args(c, &inf, args, generic_sigs);
    if (!run_inference(c, call, &inf, renamed, args)) return false;
    if (inf.n_callee > 0) {
        TypeEnv env = {.tparams = *tparams, .targs = inf.targs};
        env.targs.len = inf.n_callee;
        *params = type_subst(c->s, *params, &env);
        *sig = instantiate_signature(c, call, call->call.fun, *sig, inf.targs.at, targs->nodes);
    }
    instantiate_args(c, call, &inf, args, generic_sigs);
    return true;
}

/* Assigns args to the parameters of sig; returns the signature, instantiated when it was generic and
 * inference succeeded. */
static Type *check_arguments(Checker *c, Node *call, Type *sig, const TypeArgs *targs, ArgList *args) {
    Type *params = match_params(c, call, sig, args);
    if (!params) return sig;
    if (sig->func.tparams.len > 0 || args->generic) {
        if (!instantiate_call(c, call, &sig, &params, targs, args)) return sig;
    }
    if (args->n == 0) return sig;
    const char *context = arena_printf(c->arena, "argument to %s", expr_str(c, call->call.fun));
    for (int i = 0; i < args->n; i++) check_assignment(c, &args->at[i], params->tuple.vars[i]->type, context);
    return sig;
}

void check_plain_arguments(Checker *c, Node *call, Type *sig, Operand *list, int n) {
    ArgList args = {.at = list, .n = n};
    TypeArgs none = {0};
    check_arguments(c, call, sig, &none, &args);
}

/* ---- conversions ---- */

static void check_conversion_call(Checker *c, Operand *x, Node *n) {
    NodeList *args = &n->call.args;
    Type *t = x->type;
    x->mode = EM_INVALID;
    if (args->len == 0) {
        err_pos(c, n->call.rparen, "missing argument in conversion to %s", tstr(c, t));
        return;
    }
    if (args->len > 1) {
        use_exprs(c, args);
        err_at(c, args->at[args->len - 1], "too many arguments in conversion to %s", tstr(c, t));
        return;
    }
    check_expr(c, x, args->at[0]);
    if (x->mode == EM_INVALID) return;
    if (type_is_interface(c->s, t) && !type_set_is_method_set(type_set(c->s, type_under(c->s, t)))) {
        err_at(c, n,
               "cannot use interface %s in conversion (contains specific type constraints or is comparable)",
               tstr(c, t));
        x->mode = EM_INVALID;
    } else if (n->call.has_dots) {
        err_at(c, args->at[0], "invalid use of ... in conversion to %s", tstr(c, t));
        x->mode = EM_INVALID;
    } else {
        check_conversion(c, x, t);
    }
}

/* ---- calls ---- */

static CallKind builtin_kind(BuiltinId id) {
    static const char kinds[BI_COUNT] = {
#define BUILTIN(id, name, nargs, variadic, kind) [BI_##id] = kind,
#include "sema/builtins.def"
    };
    return kinds[id] == 'S' ? CALL_STMT : CALL_EXPR;
}

static CallKind check_builtin_call(Checker *c, Operand *x, Node *n) {
    BuiltinId id = x->builtin;
    n->builtin = (uint8_t)(id + 1);
    if (!check_builtin(c, x, n, id)) x->mode = EM_INVALID;
    if (x->mode != EM_INVALID && x->mode != EM_CONST) c->env.has_call_or_recv = true;
    return builtin_kind(id);
}

/* Explicit type arguments in the call's function. When they are complete, *sig is instantiated at once, so
 * that it is right even if the arguments are not. False after reporting. */
static bool check_callee_targs(Checker *c, Node *inst, Type **sig, TypeArgs *out) {
    NodeList *nodes = &inst->index.indices;
    if (!check_type_args(c, nodes, &out->types)) return false;
    int got = nodes->len, want = (*sig)->func.tparams.len;
    if (got > want) {
        err_at(c, nodes->at[want], "got %d type arguments but want %d", got, want);
        return false;
    }
    out->nodes = nodes;
    if (got < want) return true;
    verify_version(c, inst, "go1.18", "function instantiation");
    *sig = instantiate_signature(c, inst, inst, *sig, out->types.at, nodes);
    *out = (TypeArgs){0};
    return true;
}

static void set_result(Checker *c, Operand *x, Type *sig) {
    Type *results = sig->func.results;
    switch (results->tuple.n) {
    case 0: set_value(x, EM_NO_VALUE, sig); break; /* messages show the function's type */
    case 1: set_value(x, EM_VALUE, results->tuple.vars[0]->type); break;
    default: set_value(x, EM_TUPLE, results); break;
    }
    c->env.has_call_or_recv = true;
}

/* x is the callee, inst its instantiation expression when it is generic and has one. */
static void check_func_call(Checker *c, Operand *x, Node *n, Node *inst) {
    Type *sig = type_core(c->s, x->type);
    TypeArgs targs = {0};
    if (!sig || sig->kind != TY_FUNC) {
        if (!sig || type_is_valid(sig))
            err_at(c, x->expr, "invalid operation: cannot call non-function %s", operand_str(c, x));
        use_exprs(c, &n->call.args);
        x->mode = EM_INVALID;
        return;
    }
    bool was_generic = sig->func.tparams.len > 0;
    if (inst && !check_callee_targs(c, inst, &sig, &targs)) {
        use_exprs(c, &n->call.args);
        x->mode = EM_INVALID;
        return;
    }
    ArgList args = check_args(c, &n->call.args);
    sig = check_arguments(c, n, sig, &targs, &args);
    bool generic = sig->func.tparams.len > 0;
    if (was_generic && !generic) record_type(n->call.fun, EM_VALUE, sig, NULL);
    set_result(c, x, sig);
    /* A result that depends on type arguments that could not be inferred has no type. */
    if (generic && x->mode != EM_NO_VALUE) x->mode = EM_INVALID;
}

CallKind check_call(Checker *c, Operand *x, Node *n) {
    Node *fun = n->call.fun, *inst = NULL;
    if (fun->kind == ND_INDEX) {
        operand_init(c, x, fun);
        if (check_index_expr(c, x, fun)) inst = fun;
        x->expr = fun;
        record(c, x);
    } else {
        check_expr_or_type(c, x, fun, true);
    }
    CallKind kind = CALL_STMT;
    switch (x->mode) {
    case EM_INVALID: use_exprs(c, &n->call.args); break;
    case EM_TYPE:
        reject_generic(c, NULL, x);
        if (x->mode != EM_INVALID) check_conversion_call(c, x, n);
        kind = CALL_CONVERSION;
        break;
    case EM_BUILTIN: kind = check_builtin_call(c, x, n); break;
    default: check_func_call(c, x, n, inst); break;
    }
    x->expr = n;
    record(c, x);
    return kind;
}
