/* lower_call.c: calls of functions, methods and function values; method values and method expressions.
 *
 * Operands are evaluated as gc does: the calls among them first, in order (lower_order.c), then the callee's operands
 * and the arguments. A nil interface panics when its method is looked up, a nil function when it is called.
 *
 * The receiver of a method is its first argument; a function value is its own environment and the last argument. A
 * method value is a closure object that holds the receiver; its code ("main.T.M-fm") fetches it and calls. */
#include "ir/lower.h"

#include <string.h>

/* ---- what is called ---- */

Selection *lw_selection(Builder *b, Node *n) {
    Selection *sel = n->selector.selection;
    if (!sel || !b->env) return sel;
    Type *recv = lw_type_of(b, n->selector.x);
    LookupResult r = type_lookup(b->l->s, recv, true, sel->obj->pkg, sel->obj->name, false);
    check(r.obj);
    Selection *found = NEW(b->l->arena, Selection);
    *found = (Selection){sel->kind, recv, r.obj, r.path, r.n, r.indirect};
    return found;
}

Instance *lw_instance(Builder *b, Node *fun) {
    Instance *i = sema_instance(b->pkg, fun);
    return i || fun->kind != ND_SELECTOR ? i : sema_instance(b->pkg, fun->selector.sel);
}

/* The declared function that an identifier or pkg.Name denotes, or NULL. */
static Object *named_func(Node *n) {
    if (n->kind == ND_SELECTOR && !n->selector.selection) n = n->selector.sel;
    if (n->kind != ND_IDENT || !n->ident.obj) return NULL;
    return n->ident.obj->kind == OBJ_FUNC ? n->ident.obj : NULL;
}

IrSym *lw_static_func(Builder *b, Node *fun) {
    fun = ast_unparen(fun);
    if (fun->kind == ND_INDEX) fun = ast_unparen(fun->index.x); /* f[int] */
    Object *func = named_func(fun);
    if (!func) return NULL;
    Instance *inst = lw_instance(b, fun);
    TypeVec targs = {0};
    for (int i = 0; inst && i < inst->targs.len; i++) vec_push(b->l->arena, &targs, lw_type(b, inst->targs.at[i]));
    return lw_func_sym(b->l, func, &targs);
}

/* ---- calls under construction ---- */

static PreparedCall *new_call(Builder *b, Type *sig) {
    int max = sig->func.params->tuple.n + 2;
    PreparedCall *pc = NEW(b->l->arena, PreparedCall);
    pc->code = iv_none();
    pc->args = NEW_ARRAY(b->l->arena, IrVal, max);
    pc->params = NEW_ARRAY(b->l->arena, Type *, max);
    pc->result = lw_sig_result(b->l, sig);
    return pc;
}

static void push(PreparedCall *pc, IrVal v, Type *t) {
    pc->params[pc->nparams] = t;
    pc->args[pc->nparams++] = lw_retype(v, t);
}

/* Loads the code address of a function value, which must not be nil. */
static IrVal closure_code(Builder *b, IrVal closure) {
    lw_nil_check(b, closure);
    return lw_load(b, b->l->t_ptr, closure, 0);
}

IrVal lw_make_call(Builder *b, const PreparedCall *pc) {
    if (pc->builtin) return lw_apply_builtin(b, pc);
    IrVal code = pc->code, result;
    if (lw_intrinsic(b, pc, &result)) return result;
    if (!pc->sym && code.kind == IV_NONE) code = closure_code(b, pc->args[pc->nparams - 1]);
    IrCall *c = NEW(b->l->arena, IrCall);
    *c = (IrCall){.sym = pc->sym, .params = pc->params, .nparams = pc->nparams, .result = pc->result,
                  .args = pc->args, .has_env = pc->has_env};
    int dst = pc->result ? lw_new_temp(b, pc->result) : -1;
    IrVal record = pc->allow ? lw_enter_allow(b, pc->allow) : iv_none();
    if (pc->sym) lw_use_call(b, pc->sym, pc->node);
    IrInstr *in = lw_emit(b, pc->sym ? IR_CALL : IR_CALL_PTR);
    in->dst = dst;
    in->type = pc->result;
    in->call = c;
    if (!pc->sym) in->a = code;
    if (pc->allow) lw_leave_record(b, record);
    return pc->result ? iv_local(b->f, dst) : iv_none();
}

Object *lw_library_func(Lower *l, const char *path, const char *name) {
    const Package *pkg = ptrmap_get(&l->s->packages, name_of(l->s->names, path));
    check(pkg); /* sema imports what extensions need */
    return scope_lookup(pkg->scope, name_of(l->s->names, name));
}

IrVal lw_call_declared(Builder *b, Object *func, const TypeVec *targs, IrVal *args, int n) {
    Type *sig = type_under(b->l->s, func->type);
    TypeEnv env = {sig->func.tparams, targs ? *targs : (TypeVec){0}};
    PreparedCall *pc = new_call(b, sig);
    pc->result = sig->func.results->tuple.n ? lw_subst(b->l, sig->func.results->tuple.vars[0]->type, targs ? &env : NULL) : NULL;
    pc->sym = lw_func_sym(b->l, func, targs);
    for (int i = 0; i < n; i++) push(pc, args[i], args[i].type);
    return lw_make_call(b, pc);
}

IrVal lw_tuple_part(Builder *b, IrVal tuple, int i) {
    Type *t = type_canon(b->l->s, tuple.type->tuple.vars[i]->type);
    return lw_size(b, t) == 0 ? iv_zero(t) : lw_part(b, tuple, t, lw_tuple_off(b->l, tuple.type, i));
}

/* ---- arguments ---- */

/* What is passed: expressions, or the results of the one call that gives them all. */
typedef struct Args {
    int n;
    Node **nodes;
    IrVal tuple; /* in place of nodes */
} Args;

static Args call_args(Builder *b, Node *n) {
    NodeList *list = &n->call.args;
    if (list->len != 1 || list->at[0]->mode != EM_TUPLE) return (Args){list->len, list->at, iv_none()};
    IrVal tuple = lw_expr(b, list->at[0]);
    return (Args){tuple.type->tuple.n, NULL, tuple};
}

static IrVal arg_as(Builder *b, const Args *args, int i, Type *to) {
    if (args->nodes) return lw_expr_as(b, args->nodes[i], to);
    IrVal v = lw_tuple_part(b, args->tuple, i);
    return lw_assign_convert(b, v, v.type, to);
}

static void arg_into(Builder *b, const Args *args, int i, Place to) {
    if (args->nodes) lw_expr_into(b, args->nodes[i], to, true);
    else lw_write(b, to, arg_as(b, args, i, to.type));
}

/* The slice for a variadic parameter of slice type t, made of the arguments from first on. */
static IrVal variadic_slice(Builder *b, const Node *call, const Args *args, int first, Type *t) {
    int n = args->n - first;
    if (n <= 0) return iv_zero(t);
    Type *elem = lw_elem(b->l, t);
    IrVal array = lw_retype(lw_new(b, lw_array_of(b->l, elem, n)), lw_ptr_to(b->l, elem));
    lw_allocates_as(b, (IrAlloc){.pos = b->pos, .node = call, .is_args = true});
    for (int i = 0; i < n; i++) {
        Place p = lw_mem(elem, array, true);
        p.off = i * lw_size(b, elem);
        arg_into(b, args, first + i, p);
    }
    IrVal len = iv_int(b->l->t_int, n);
    return lw_make_slice(b, t, array, len, len);
}

static void push_args(Builder *b, PreparedCall *pc, Node *n, Type *sig) {
    Type *params = sig->func.params;
    Args args = call_args(b, n);
    bool packs = sig->func.variadic && !n->call.has_dots;
    int fixed = params->tuple.n - packs;
    for (int i = 0; i < params->tuple.n; i++) {
        Type *t = lw_type(b, params->tuple.vars[i]->type);
        push(pc, i < fixed ? arg_as(b, &args, i, t) : variadic_slice(b, n, &args, fixed, t), t);
    }
}

/* ---- methods ---- */

static int method_slot(Lower *l, Type *iface, const Object *m) {
    TypeSet *set = type_set(l->s, lw_under(l, iface));
    for (int i = 0; i < set->methods.len; i++)
        if (method_order(set->methods.at[i], m) == 0) return i;
    fatal("interface without method %s", m->name->text);
}

/* Whether m is a method of reflect.Type that gives out methods: the linker must know that this program may ask. */
static bool gives_methods(Lower *l, const Object *m) {
    if (!name_is(m->name, "Method") && !name_is(m->name, "MethodByName")) return false;
    const Type *results = type_under(l->s, m->type)->func.results;
    return results->tuple.n > 0 && !strcmp(type_link_str(l->s, results->tuple.vars[0]->type), "reflect.Method");
}

/* Looks the method up in the itab of interface value v: code address and receiver. */
static void push_dynamic(Builder *b, PreparedCall *pc, IrVal v, Object *m) {
    Type *ptr = b->l->t_ptr;
    IrVal tab = lw_part(b, v, ptr, 0);
    lw_use_need(b, m->func.caps);
    lw_nil_check(b, tab);
    if (gives_methods(b->l, m)) lw_rt(b, RTE_rt_uses_methods, NULL, NULL, 0);
    pc->code = lw_load(b, ptr, tab, (int64_t)offsetof(GoItab, fun) + 8 * method_slot(b->l, v.type, m));
    push(pc, lw_part(b, v, ptr, 8), ptr);
}

/* The value at p as method m, declared on the named type, takes its receiver. */
static IrVal receiver_value(Builder *b, Place p, const Object *m) {
    bool is_pointer = p.type->kind == TY_POINTER;
    if (m->func.ptr_recv) return is_pointer ? lw_read(b, p) : lw_addr(b, p);
    if (is_pointer) p = lw_mem(lw_elem(b->l, p.type), lw_read(b, p), false);
    return lw_read(b, p);
}

static void push_receiver(Builder *b, PreparedCall *pc, IrVal recv, Object *m) {
    if (type_is_interface(b->l->s, recv.type)) {
        push_dynamic(b, pc, recv, m);
        return;
    }
    Type *named = m->func.ptr_recv ? lw_elem(b->l, recv.type) : recv.type;
    pc->sym = lw_method_sym(b->l, named, m);
    push(pc, recv, recv.type);
}

/* The receiver that x.M passes: an interface value, or what the method is declared on. */
static IrVal selected_receiver(Builder *b, Node *x, const Selection *sel) {
    Place p = lw_peek_place(b, x);
    for (int i = 0; i + 1 < sel->n; i++) p = lw_walk_field(b, p, sel->path[i]);
    return type_is_interface(b->l->s, p.type) ? lw_read(b, p) : receiver_value(b, p, sel->obj);
}

/* ---- calls ---- */

static bool is_selection(const Node *fun, SelectionKind kind) {
    return fun->kind == ND_SELECTOR && fun->selector.selection && fun->selector.selection->kind == kind;
}

static IrSym *method_expr_sym(Builder *b, Node *n);

/* The calls in the operands of call n, ahead of everything else. */
static void order_call(Builder *b, Node *n, Node *fun) {
    NodeList *args = &n->call.args;
    int last = args->len - 1;
    while (last >= 0 && !lw_has_calls(args->at[last])) last--;
    if (last < 0 || (last == 0 && named_func(fun))) return; /* nothing is read before the first call */
    lw_order(b, is_selection(fun, SEL_METHOD) ? fun->selector.x : fun);
    for (int i = 0; i <= last; i++) lw_order(b, args->at[i]);
}

PreparedCall *lw_prepare_call(Builder *b, Node *n) {
    if (n->builtin) return lw_prepare_builtin(b, n);
    Node *fun = ast_unparen(n->call.fun);
    Type *sig = lw_under(b->l, lw_type_of(b, fun));
    IrVal closure = iv_none();
    order_call(b, n, fun);
    PreparedCall *pc = new_call(b, sig);
    if (is_selection(fun, SEL_METHOD)) {
        Selection *sel = lw_selection(b, fun);
        push_receiver(b, pc, selected_receiver(b, fun->selector.x, sel), sel->obj);
    } else {
        pc->sym = is_selection(fun, SEL_METHOD_EXPR) ? method_expr_sym(b, fun) : lw_static_func(b, fun);
        if (!pc->sym) closure = lw_expr(b, fun);
        if (!pc->sym) lw_use_func_type(b, fun);
    }
    pc->node = n;
    pc->allow = lw_allow_of(b->l, b->pkg, fun);
    push_args(b, pc, n, sig);
    pc->has_env = closure.kind != IV_NONE;
    if (pc->has_env) push(pc, closure, closure.type);
    return pc;
}

static bool is_unsafe_pointer(Builder *b, Type *t) { return lw_under(b->l, t) == b->l->t_ptr; }

static IrVal conversion(Builder *b, Node *n) {
    Node *x = n->call.args.at[0];
    Type *to = lw_type_of(b, n);
    if (x->mode == EM_NIL) return iv_zero(to);
    Type *from = lw_type_of(b, x);
    bool is_number = lw_under(b->l, to)->kind == TY_BASIC && !type_has(b->l->s, to, TP_STRING);
    if (x->mode == EM_CONST && is_number) return lw_const(b, x->value, to); /* in instantiated code */
    if (type_is_interface(b->l->s, to)) return lw_expr_as(b, x, to);
    if (type_is_untyped(from)) from = type_canon(b->l->s, type_default(b->l->s, from));
    if (is_unsafe_pointer(b, from) != is_unsafe_pointer(b, to)) lw_use_unsafe(b);
    const LwAt *at = lw_take_at(b, n);
    IrVal v = lw_convert_at(b, lw_expr(b, x), from, to, at);
    if (type_has(b->l->s, from, TP_STRING) || type_has(b->l->s, to, TP_STRING)) lw_allocates(b, n);
    return v;
}

IrVal lw_call(Builder *b, Node *n) {
    if (n->builtin) return lw_builtin(b, n);
    if (n->call.fun->mode == EM_TYPE) return conversion(b, n);
    return lw_make_call(b, lw_prepare_call(b, n));
}

/* ---- compiler-made functions around methods ---- */

typedef struct MethodJob {
    IrSym *sym;
    Type *recv; /* as it is captured or passed: an interface, or what the method is declared on */
    Object *m;
    Type *sig;  /* without the receiver */
    bool bound; /* the receiver is in the closure object, otherwise the first parameter */
} MethodJob;

/* Builds a function that calls recv.m with its own parameters. */
static void make_method_func(Lower *l, void *arg) {
    MethodJob *j = arg;
    int n = j->sig->func.params->tuple.n, first = j->bound ? 0 : 1;
    Type **params = NEW_ARRAY(l->arena, Type *, n + 1);
    params[j->bound ? n : 0] = j->bound ? l->t_ptr : j->recv;
    for (int i = 0; i < n; i++) params[first + i] = type_canon(l->s, j->sig->func.params->tuple.vars[i]->type);
    IrFunc *f = ir_func_new(l->p, j->sym, IL_WEAK, params, NULL, n + 1, lw_sig_result(l, j->sig));
    f->flags |= IF_WRAPPER | (j->bound ? IF_HAS_ENV : 0u);
    f->pos = j->m->pos;
    Builder *b = lw_builder(l, f, NULL);
    IrVal recv = iv_local(f, 0);
    if (j->bound) {
        b->env_local = n;
        recv = lw_captured(b, lw_closure_type(l, &j->recv, 1), 0);
    }
    PreparedCall *pc = new_call(b, j->sig);
    push_receiver(b, pc, recv, j->m);
    for (int i = 0; i < n; i++) push(pc, iv_local(f, first + i), params[first + i]);
    lw_ret(b, lw_make_call(b, pc));
}

static IrSym *method_func(Builder *b, const char *name, Type *recv, Object *m, Type *sig, bool bound) {
    Lower *l = b->l;
    IrSym *sym = ir_sym(l->p, name);
    if (sym->func || ptrmap_get(&l->wrappers, sym)) return sym;
    sym->is_func = true;
    ptrmap_put(l->arena, &l->wrappers, sym, sym);
    MethodJob *j = NEW(l->arena, MethodJob);
    *j = (MethodJob){sym, recv, m, sig, bound};
    lw_defer_job(l, make_method_func, j);
    return sym;
}

/* main.I.M: an interface's method; there is no such function unless a method expression asks for it. */
static const char *iface_method_name(Lower *l, Type *iface, const Object *m) {
    return arena_printf(l->arena, "%s.%s", type_link_str(l->s, iface), m->name->text);
}

/* ---- functions of a limited import as values ---- */

typedef struct GuardJob { IrSym *sym; Type *func; const CapAllow *allow; } GuardJob;

/* Builds a function that calls the function value in its closure with the limit's rights. */
static void make_guard(Lower *l, void *arg) {
    GuardJob *j = arg;
    Type *sig = lw_under(l, j->func);
    int n = sig->func.params->tuple.n;
    Type **params = NEW_ARRAY(l->arena, Type *, n + 1);
    for (int i = 0; i < n; i++) params[i] = type_canon(l->s, sig->func.params->tuple.vars[i]->type);
    params[n] = l->t_ptr;
    IrFunc *f = ir_func_new(l->p, j->sym, IL_LOCAL, params, NULL, n + 1, lw_sig_result(l, sig));
    f->flags |= IF_WRAPPER | IF_HAS_ENV;
    f->pos = j->allow->pos;
    Builder *b = lw_builder(l, f, NULL);
    b->env_local = n;
    IrVal value = lw_captured(b, lw_closure_type(l, &j->func, 1), 0);
    PreparedCall *pc = new_call(b, sig);
    for (int i = 0; i < n; i++) push(pc, iv_local(f, i), params[i]);
    push(pc, value, j->func);
    pc->has_env = true;
    pc->allow = j->allow;
    lw_ret(b, lw_make_call(b, pc));
}

/* The value of n, which names a function or method: guarded if its import is limited. */
static IrVal guarded(Builder *b, Node *n, IrVal value) {
    const CapAllow *allow = lw_allow_of(b->l, b->pkg, n);
    if (!allow) return value;
    Lower *l = b->l;
    GuardJob *j = NEW(l->arena, GuardJob);
    *j = (GuardJob){.func = value.type, .allow = allow};
    j->sym = ir_sym(l->p, arena_printf(l->arena, "%s.guard..%u", ir_pkg_prefix(l->p->pkg), ++l->guards));
    j->sym->is_func = true;
    lw_defer_job(l, make_guard, j);
    value = lw_snapshot(b, value);
    IrVal closure = lw_new_closure(b, n, j->sym, &value, 1, false, NULL);
    return lw_temp(b, IR_BITCAST, j->func, j->func, closure, iv_none());
}

IrVal lw_func_object_value(Builder *b, Node *n) {
    return guarded(b, n, lw_retype(lw_func_value(b, lw_static_func(b, n), n), lw_type_of(b, n)));
}

/* ---- method values and expressions ---- */

static const char *bound_name(Builder *b, IrVal recv, Object *m) {
    Lower *l = b->l;
    if (type_is_interface(l->s, recv.type))
        return arena_printf(l->arena, "%s-fm", iface_method_name(l, recv.type, m));
    Type *named = m->func.ptr_recv ? lw_elem(l, recv.type) : recv.type;
    return arena_printf(l->arena, "%s-fm", lw_method_sym(l, named, m)->name);
}

IrVal lw_method_value(Builder *b, Node *n) {
    Selection *sel = lw_selection(b, n);
    Type *func = lw_type_of(b, n);
    IrVal recv = selected_receiver(b, n->selector.x, sel);
    if (type_is_interface(b->l->s, recv.type)) lw_nil_check(b, lw_part(b, recv, b->l->t_ptr, 0));
    IrSym *code = method_func(b, bound_name(b, recv, sel->obj), recv.type, sel->obj, lw_under(b->l, func), true);
    IrVal closure = lw_new_closure(b, n, code, &recv, 1, false, NULL);
    return guarded(b, n, lw_temp(b, IR_BITCAST, func, func, closure, iv_none()));
}

/* The function type of method m, without its receiver. */
static Type *method_sig(Lower *l, const Object *m) {
    Type *sig = type_under(l->s, m->type);
    return type_canon(l->s, type_new_func(l->s, NULL, sig->func.params, sig->func.results, sig->func.variadic));
}

static IrSym *method_expr_sym(Builder *b, Node *n) {
    Selection *sel = lw_selection(b, n);
    Type *recv = lw_type_of(b, n->selector.x);
    if (!type_is_interface(b->l->s, recv)) return lw_method_wrapper(b->l, recv, sel, false);
    return method_func(b, iface_method_name(b->l, recv, sel->obj), recv, sel->obj, method_sig(b->l, sel->obj), false);
}

IrVal lw_method_expr(Builder *b, Node *n) {
    return guarded(b, n, lw_retype(lw_func_value(b, method_expr_sym(b, n), n), lw_type_of(b, n)));
}
