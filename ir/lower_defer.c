/* lower_defer.c: defer statements and the functions that contain them (runtime/abi.h: RtFrame, RtDefer).
 *
 * A function with defer statements links an RtFrame into the goroutine at its start and calls setjmp on it. Every
 * return stores the results into their variables and goes to one exit block, which pops and calls the deferred
 * closures, last first, unlinks the frame and returns the variables. When a deferred call recovers a panic, control
 * comes back through setjmp instead; the runtime then runs what is left and unlinks the frame.
 *
 * A deferred call is a closure without arguments. For a literal or function value that takes none it is that value
 * itself, so that a recover in it sees the runtime as its caller; any other call has its operands captured by a thunk.
 * Record and closure stand on the frame where a statement can run only once per activation. */
#include "ir/lower.h"

static IrVal load_frame(Builder *b, size_t field) {
    return lw_load(b, b->l->t_ptr, b->frame_ptr, (int64_t)field);
}

static void store_frame(Builder *b, size_t field, IrVal v) {
    lw_store(b, b->l->t_ptr, b->frame_ptr, (int64_t)field, v);
}

static IrVal get_g(Builder *b) { return lw_temp(b, IR_GETG, b->l->t_ptr, b->l->t_ptr, iv_none(), iv_none()); }

static IrVal nil_pointer(Builder *b) { return iv_int(b->l->t_ptr, 0); }

/* ---- entry and exit ---- */

void lw_link_frame(Builder *b, IrVal frame, IrVal defers, IrBlock *recovered) {
    Lower *l = b->l;
    b->f->flags |= IF_HAS_SETJMP;
    recovered->cold = true;
    IrVal g = get_g(b);
    lw_store(b, l->t_ptr, frame, offsetof(RtFrame, prev), lw_load(b, l->t_ptr, g, offsetof(RtG, frame)));
    lw_store(b, l->t_ptr, frame, offsetof(RtFrame, defers), defers);
    lw_store(b, l->t_ptr, g, offsetof(RtG, frame), frame);
    IrVal again = lw_temp(b, IR_SETJMP, l->t_int32, l->t_int32, frame, iv_none());
    IrBlock *body = ir_block(b->f);
    lw_branch(b, lw_test(b, IR_NE, again, iv_int(l->t_int32, 0)), recovered, body);
    lw_start(b, body);
}

void lw_unlink_frame(Builder *b, IrVal frame) {
    IrVal prev = lw_load(b, b->l->t_ptr, frame, offsetof(RtFrame, prev));
    lw_store(b, b->l->t_ptr, get_g(b), offsetof(RtG, frame), prev);
}

void lw_enter_frame(Builder *b) {
    b->frame_ptr = iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtFrame)), 0, b->l->t_ptr);
    b->exit = ir_block(b->f);
    b->recovered = ir_block(b->f);
    lw_link_frame(b, b->frame_ptr, nil_pointer(b), b->recovered);
}

/* Calls closure fn, which takes nothing but its environment. A nil one panics here, not where it was deferred. */
static void call_deferred(Builder *b, IrVal fn) {
    Lower *l = b->l;
    lw_nil_check(b, fn);
    IrVal code = lw_load(b, l->t_uintptr, fn, offsetof(GoClosure, code));
    IrCall *c = NEW(l->arena, IrCall);
    c->params = NEW(l->arena, Type *);
    c->args = NEW(l->arena, IrVal);
    c->params[0] = l->t_ptr;
    c->args[0] = fn;
    c->nparams = 1;
    c->has_env = true;
    IrInstr *in = lw_emit(b, IR_CALL_PTR);
    in->a = code;
    in->call = c;
}

/* Pops deferred calls and makes them until none is left; a panic in one finds the others still linked. */
static void run_deferred(Builder *b) {
    Type *ptr = b->l->t_ptr;
    IrBlock *test = ir_block(b->f), *run = ir_block(b->f), *done = ir_block(b->f);
    b->loop_depth++;
    lw_start(b, test);
    IrVal d = load_frame(b, offsetof(RtFrame, defers));
    lw_branch(b, lw_not_nil(b, d), run, done);
    lw_start(b, run);
    store_frame(b, offsetof(RtFrame, defers), lw_load(b, ptr, d, offsetof(RtDefer, link)));
    call_deferred(b, lw_load(b, ptr, d, offsetof(RtDefer, fn)));
    lw_jump(b, test);
    b->loop_depth--;
    lw_start(b, done);
}

void lw_leave_frame(Builder *b, IrBlock *ret) {
    lw_start(b, b->exit);
    run_deferred(b);
    lw_unlink_frame(b, b->frame_ptr);
    lw_jump(b, ret);
    lw_start(b, b->recovered);
    LW_RT(b, rt_defer_return, NULL, b->frame_ptr);
    lw_jump(b, ret);
}

/* ---- the statement ---- */

/* Whether this statement runs at most once per activation, so that its record can stand on the frame. */
static bool runs_once(const Builder *b) {
    return b->loop_depth == 0 && !b->range_body && !b->info->has_label_goto;
}

/* Pushes closure fn onto the frame's list. */
static void push_deferred(Builder *b, IrVal fn) {
    if (!runs_once(b)) {
        LW_RT(b, rt_defer_heap, NULL, b->frame_ptr, fn);
        return;
    }
    Type *ptr = b->l->t_ptr;
    IrVal record = iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtDefer)), 0, ptr);
    lw_store(b, ptr, record, offsetof(RtDefer, link), load_frame(b, offsetof(RtFrame, defers)));
    lw_store(b, ptr, record, offsetof(RtDefer, fn), fn);
    store_frame(b, offsetof(RtFrame, defers), record);
}

/* Can the value of fun be deferred as it is: no arguments, no results, no receiver? */
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

IrVal lw_call_closure(Builder *b, Node *call, const char *suffix, bool on_frame) {
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
    return lw_new_closure(b, f->sym, operands, n, on_frame);
}

void lw_defer_stmt(Builder *b, Node *n) {
    Node *call = ast_unparen(n->defer_stmt.call);
    if (call->builtin == BI_RECOVER + 1) { /* recovers when the function that defers it was itself deferred */
        push_deferred(b, iv_sym(b->l->t_ptr, ir_sym(b->l->p, "rt_recover_deferred"), 0));
        return;
    }
    IrVal fn;
    if (!is_plain_call(b, call)) {
        fn = lw_call_closure(b, call, "deferwrap", runs_once(b));
    } else if (ast_unparen(call->call.fun)->kind == ND_FUNC_LIT) {
        fn = lw_closure_of(b, ast_unparen(call->call.fun), runs_once(b));
    } else {
        fn = lw_snapshot(b, lw_expr(b, call->call.fun));
    }
    push_deferred(b, fn);
}
