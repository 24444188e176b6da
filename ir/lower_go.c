/* lower_go.c: calls that are made later: the closures that go and defer keep, the go statement, tasks.
 *
 * Such a call is a closure without arguments. For a literal or function value that takes none it is that value
 * itself, so that a recover in it sees the runtime as its caller; any other call has its operands captured by a thunk.
 * Operands are evaluated by the statement; a nil function is called all the same, and panics then. */
#include "ir/lower.h"

/* Can the value of fun be called as it is: no arguments, no results, no receiver? */
static bool is_plain_call(Builder *b, Node *call) {
    Node *fun = ast_unparen(call->call.fun);
    if (call->builtin || fun->mode == EM_TYPE || call->call.args.len) return false;
    Type *sig = lw_under(b->l, lw_type_of(b, fun));
    if (sig->kind != TY_FUNC || sig->func.params->tuple.n || sig->func.results->tuple.n) return false;
    if (fun->kind != ND_SELECTOR || !fun->selector.selection) return true;
    return fun->selector.selection->kind == SEL_FIELD;
}

static IrVal *captured_operands(Builder *b, const PreparedCall *pc) {
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, pc->nparams + 1);
    for (int i = 0; i < pc->nparams; i++) values[i] = lw_snapshot(b, pc->args[i]);
    values[pc->nparams] = pc->code;
    return values;
}

/* A call with its operands evaluated, and the function that will make it. */
typedef struct Captured {
    IrVal *operands;
    int n;
    Builder *body;
    PreparedCall call; /* in the body */
} Captured;

static Captured capture(Builder *b, Node *call, const char *suffix, Type *result) {
    Lower *l = b->l;
    PreparedCall *pc = lw_prepare_call(b, call);
    bool has_code = pc->code.kind != IV_NONE;
    Captured c = {.operands = captured_operands(b, pc), .n = pc->nparams + has_code, .call = *pc};
    Type **types = NEW_ARRAY(l->arena, Type *, c.n);
    for (int i = 0; i < c.n; i++) types[i] = c.operands[i].type;
    Type *closure = lw_closure_type(l, types, c.n);
    lw_thunk(b, suffix, result, &c.body);
    c.call.args = NEW_ARRAY(l->arena, IrVal, c.n);
    for (int i = 0; i < c.n; i++) c.call.args[i] = lw_captured(c.body, closure, i);
    if (has_code) c.call.code = c.call.args[pc->nparams];
    return c;
}

static IrVal captured_closure(Builder *b, const Captured *c, bool on_frame) {
    return lw_new_closure(b, NULL, c->body->f->sym, c->operands, c->n, on_frame, NULL);
}

static IrVal capture_call(Builder *b, Node *call, const char *suffix, bool on_frame) {
    Captured c = capture(b, call, suffix, NULL);
    lw_make_call(c.body, &c.call);
    lw_finish(c.body);
    return captured_closure(b, &c, on_frame);
}

IrVal lw_later_call(Builder *b, Node *call, const char *suffix, bool on_frame) {
    if (!is_plain_call(b, call)) return capture_call(b, call, suffix, on_frame);
    Node *fun = ast_unparen(call->call.fun);
    lw_use_func_type(b, fun);
    return fun->kind == ND_FUNC_LIT ? lw_closure_of(b, fun, on_frame) : lw_snapshot(b, lw_expr(b, fun));
}

void lw_go_stmt(Builder *b, Node *n) {
    IrVal call = lw_later_call(b, ast_unparen(n->go_stmt.call), "gowrap", false), record;
    bool limited = lw_enter_go_caps(b, n, &record);
    lw_rt(b, n->go_stmt.own_arena ? RTE_rt_go_arena : RTE_rt_go, NULL, &call, 1);
    if (limited) lw_leave_go_caps(b, record);
}

/* ---- go f() as a value: the closure that task.Go calls, a func() (T, error) ---- */

/* The results of a call, n of them, as one value of type t: nothing, one, or the fields of a struct. */
static IrVal as_one_value(Builder *b, IrVal results, int n, Type *t) {
    if (n == 0) return iv_zero(t);
    if (n == 1) return results.type->kind == TY_TUPLE ? lw_tuple_part(b, results, 0) : results;
    int local = lw_new_temp(b, t);
    lw_copy(b, local, iv_zero(t));
    Type *fields = lw_under(b->l, t);
    for (int i = 0; i < n; i++) {
        IrVal v = lw_tuple_part(b, results, i);
        Place to = lw_field(b, (Place){.kind = PL_LOCAL, .type = t, .local = local}, fields, i);
        lw_write(b, to, v);
    }
    return iv_local(b->f, local);
}

/* Returns results, without the error if there is one, and the error. */
static void return_for_task(Builder *b, IrVal results, Type *t) {
    Type *error = type_canon(b->l->s, b->l->s->t_error), *type = results.kind == IV_NONE ? NULL : results.type;
    bool several = type && type->kind == TY_TUPLE;
    int n = several ? type->tuple.n : type != NULL;
    bool fails = n > 0 && (several ? type_canon(b->l->s, type->tuple.vars[n - 1]->type) : type) == error;
    IrVal err = !fails ? iv_zero(error) : several ? lw_tuple_part(b, results, n - 1) : results;
    IrVal values[2] = {lw_snapshot(b, as_one_value(b, results, n - fails, t)), lw_snapshot(b, err)};
    lw_ret(b, lw_make_tuple(b, b->f->result, values, 2));
}

IrVal lw_go_expr(Builder *b, Node *n) {
    Lower *l = b->l;
    Type *of = lw_elem(l, lw_type_of(b, n)), *t = type_canon(l->s, of->named.targs.at[0]);
    Object *go = lw_library_func(l, "goo/task", n->go_stmt.own_arena ? "GoArena" : "Go");
    TypeVec targs = {0};
    vec_push(l->arena, &targs, t);
    TypeEnv env = {type_under(l->s, go->type)->func.tparams, targs};
    Type *func = lw_subst(l, type_under(l->s, go->type)->func.params->tuple.vars[0]->type, &env);
    Captured c = capture(b, ast_unparen(n->go_stmt.call), "task", lw_sig_result(l, lw_under(l, func)));
    return_for_task(c.body, lw_make_call(c.body, &c.call), t);
    lw_finish(c.body);
    IrVal closure = lw_retype(captured_closure(b, &c, false), func);
    IrVal record;
    if (!lw_enter_go_caps(b, n, &record)) return lw_call_declared(b, go, &targs, &closure, 1);
    IrVal task = lw_snapshot(b, lw_call_declared(b, go, &targs, &closure, 1));
    lw_leave_go_caps(b, record);
    return task;
}
