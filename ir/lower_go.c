/* lower_go.c: calls that are made later: the closures that go and defer keep, and the go statement.
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

/* The call with its operands evaluated, as a closure that makes it. */
static IrVal capture_call(Builder *b, Node *call, const char *suffix, bool on_frame) {
    Lower *l = b->l;
    PreparedCall *pc = lw_prepare_call(b, call);
    bool has_code = pc->code.kind != IV_NONE;
    int n = pc->nparams + has_code;
    IrVal *operands = captured_operands(b, pc);
    Type **types = NEW_ARRAY(l->arena, Type *, n);
    for (int i = 0; i < n; i++) types[i] = operands[i].type;
    Type *closure = lw_closure_type(l, types, n);
    Builder *t;
    IrFunc *f = lw_thunk(b, suffix, &t);
    PreparedCall inner = *pc;
    inner.args = NEW_ARRAY(l->arena, IrVal, n);
    for (int i = 0; i < n; i++) inner.args[i] = lw_captured(t, closure, i);
    if (has_code) inner.code = inner.args[pc->nparams];
    lw_make_call(t, &inner);
    lw_finish(t);
    return lw_new_closure(b, NULL, f->sym, operands, n, on_frame);
}

IrVal lw_later_call(Builder *b, Node *call, const char *suffix, bool on_frame) {
    if (!is_plain_call(b, call)) return capture_call(b, call, suffix, on_frame);
    Node *fun = ast_unparen(call->call.fun);
    return fun->kind == ND_FUNC_LIT ? lw_closure_of(b, fun, on_frame) : lw_snapshot(b, lw_expr(b, fun));
}

void lw_go_stmt(Builder *b, Node *n) {
    LW_RT(b, rt_go, NULL, lw_later_call(b, ast_unparen(n->go_stmt.call), "gowrap", false));
}
