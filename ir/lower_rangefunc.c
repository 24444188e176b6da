/* lower_rangefunc.c: range loops over functions.
 *
 * The body becomes a function of its own, main.f-range1, that is passed to the iterator function. It works on the
 * variables of the function around it through pointers to them (or copies of those that never change), which are
 * valid as long as the loop runs. Whatever leaves the body (break, return, goto, continue of an outer loop) is noted
 * in the closure object as a number, the body returns false, and after the iterator function has returned the function
 * around the loop does what the number stands for. If that is itself the body of such a loop, the same happens again.
 *
 * The closure object also holds the loop's state, because an iterator function may keep the body and call it too
 * late; so it is on the heap, and nothing else is touched before the state has been checked. */
#include "ir/lower.h"

/* How the body reaches something of the function around it. */
typedef enum CaptureMode { CAP_VALUE, CAP_BOX, CAP_POINTER } CaptureMode;

typedef struct RangeCapture {
    Object *var; /* NULL: a result, or the frame for deferred calls */
    CaptureMode mode;
    Type *type;
} RangeCapture;

struct RangeBody {
    Node *loop;
    VEC(RangeCapture) captures;
    VEC(IrVal) values;     /* in the outer function, parallel to captures */
    Type *closure;
    IrVal self;            /* the closure object, in the body */
    VEC(Node *) exits;     /* what the number i + 1 stands for: ND_BRANCH, or NULL for returning */
    bool returns, defers;  /* found in the body */
    Builder *outer;
};
typedef struct RangeBody RangeBody;

/* The closure object: code, then these. */
enum { FIELD_STATE, FIELD_EXIT, FIELD_CAPTURES };

static int64_t field_offset(Builder *b, const RangeBody *rb, int i) {
    return type_field_offset(b->l->s, rb->closure, i + 1);
}

static void set_field(Builder *b, const RangeBody *rb, IrVal closure, int field, int64_t v) {
    lw_store(b, b->l->t_int, closure, field_offset(b, rb, field), iv_int(b->l->t_int, v));
}

static IrVal get_field(Builder *b, const RangeBody *rb, IrVal closure, int field) {
    return lw_load(b, b->l->t_int, closure, field_offset(b, rb, field));
}

/* ---- captures ---- */

static void add_capture(RangeBody *rb, Object *v, CaptureMode mode, Type *t, IrVal value) {
    Arena *a = rb->outer->l->arena;
    vec_push(a, &rb->captures, ((RangeCapture){v, mode, t}));
    vec_push(a, &rb->values, value);
}

static IrVal place_pointer(Builder *b, Place p) {
    IrVal addr = lw_addr(b, p);
    return addr.kind == IV_SLOT ? lw_retype(addr, lw_ptr_to(b->l, p.type)) : addr;
}

static bool never_changes(const Object *v) {
    return !v->var.reassigned && !v->var.addr_taken && v->var.role != VAR_RESULT;
}

static void capture_var(RangeBody *rb, Object *v) {
    for (int i = 0; i < rb->captures.len; i++)
        if (rb->captures.at[i].var == v) return;
    Builder *b = rb->outer;
    Place p = lw_var_place(b, v);
    bool by_value = never_changes(v) && lw_is_scalar(b->l, p.type);
    if (p.boxed) add_capture(rb, v, CAP_BOX, p.type, p.base);
    else if (by_value) add_capture(rb, v, CAP_VALUE, p.type, lw_snapshot(b, lw_read(b, p)));
    else add_capture(rb, v, CAP_POINTER, p.type, place_pointer(b, p));
}

/* Finds variables of the outer function in the loop, literals in it included. */
static void find_captures(Node *n, void *ctx) {
    RangeBody *rb = ctx;
    if (n->kind == ND_RETURN || n->kind == ND_PROPAGATE) rb->returns = true;
    if (n->kind == ND_DEFER) rb->defers = true;
    if (n->kind == ND_IDENT && n->ident.obj && n->ident.obj->kind == OBJ_VAR &&
        ptrmap_get(&rb->outer->vars, n->ident.obj))
        capture_var(rb, n->ident.obj);
    bool returns = rb->returns, defers = rb->defers;
    ast_operands(n, find_captures, ctx);
    if (n->kind == ND_FUNC_LIT) { /* its statements leave the literal, not the loop */
        rb->returns = returns;
        rb->defers = defers;
    }
}

static void capture_all(RangeBody *rb) {
    Builder *b = rb->outer;
    Node *n = rb->loop;
    find_captures(n->range_stmt.body, rb);
    if (!n->range_stmt.define && n->range_stmt.key) find_captures(n->range_stmt.key, rb);
    if (!n->range_stmt.define && n->range_stmt.value) find_captures(n->range_stmt.value, rb);
    if (rb->returns) {
        lw_need_results(b);
        for (int i = 0; i < b->nresults; i++)
            add_capture(rb, NULL, CAP_POINTER, b->results[i].type, place_pointer(b, b->results[i]));
    }
    if (rb->defers) add_capture(rb, NULL, CAP_VALUE, b->l->t_ptr, b->frame_ptr);
}

/* Makes what was captured known to the body's builder; results and frame come last, in this order. */
static void bind_all(Builder *b, RangeBody *rb) {
    int results = 0;
    if (rb->returns) {
        b->nresults = rb->outer->nresults;
        b->results = NEW_ARRAY(b->l->arena, Place, b->nresults);
    }
    for (int i = 0; i < rb->captures.len; i++) {
        const RangeCapture *c = &rb->captures.at[i];
        IrVal v = lw_captured(b, rb->closure, FIELD_CAPTURES + i);
        Place p = {.kind = PL_MEM, .checked = true, .type = c->type, .base = v};
        if (!c->var && c->mode == CAP_VALUE) b->frame_ptr = v;
        else if (!c->var) b->results[results++] = p;
        else if (c->mode == CAP_BOX) lw_bind_box(b, c->var, c->type, v);
        else if (c->mode == CAP_VALUE) lw_bind_local(b, c->var, c->type, v.local);
        else lw_bind_place(b, c->var, p);
    }
}

/* ---- leaving the body ---- */

/* Returns false to the iterator function; afterwards exit number is taken (0: the loop is over). */
static void stop(Builder *b, int64_t number) {
    RangeBody *rb = b->range_body;
    if (number) set_field(b, rb, rb->self, FIELD_EXIT, number);
    set_field(b, rb, rb->self, FIELD_STATE, RS_DONE);
    lw_ret(b, iv_int(b->l->t_bool, 0));
}

/* Exits of the same effect share a number; NULL is a return. */
static bool same_exit(const Node *x, const Node *y) {
    if (!x || !y) return x == y;
    return x->branch.target == y->branch.target && x->branch.tok == y->branch.tok;
}

static int exit_number(Builder *b, Node *n) {
    RangeBody *rb = b->range_body;
    for (int i = 0; i < rb->exits.len; i++)
        if (same_exit(rb->exits.at[i], n)) return i + 1;
    vec_push(b->l->arena, &rb->exits, n);
    return rb->exits.len;
}

void lw_range_body_leave(Builder *b, Node *n) {
    lw_leave_tries(b, NULL);
    stop(b, exit_number(b, n));
}

void lw_range_body_return(Builder *b) { stop(b, exit_number(b, NULL)); }

Builder *lw_range_outer(const Builder *b) { return b->range_body ? b->range_body->outer : NULL; }

bool lw_in_range_body(Builder *b, const Node *labeled) {
    const Node *body = b->range_body->loop->range_stmt.body;
    return labeled->pos >= body->pos && labeled->pos < body->end;
}

/* ---- the body as a function ---- */

static void panic_unless(Builder *b, IrVal ok, IrVal state) {
    IrBlock *bad = ir_block(b->f), *good = ir_block(b->f);
    bad->cold = true;
    lw_branch(b, ok, good, bad);
    lw_start(b, bad);
    LW_RT(b, rt_panic_range_state, NULL, state);
    lw_start(b, good);
}

static void enter_body(Builder *b, RangeBody *rb) {
    Lower *l = b->l;
    IrVal state = get_field(b, rb, rb->self, FIELD_STATE);
    panic_unless(b, lw_test(b, IR_EQ, state, iv_int(l->t_int, RS_READY)), state);
    set_field(b, rb, rb->self, FIELD_STATE, RS_RUNNING);
}

static bool is_wanted(Node *n) { return n && !ast_is_blank(ast_unparen(n)); }

/* The loop's variables get the arguments of this call. */
static void set_loop_vars(Builder *b, Node *n) {
    Node *nodes[2] = {n->range_stmt.key, n->range_stmt.value}, *lhs[2];
    IrVal values[2];
    Type *types[2];
    int count = 0;
    for (int i = 0; i < 2; i++) {
        if (!is_wanted(nodes[i])) continue;
        IrVal arg = iv_local(b->f, i);
        if (n->range_stmt.define) lw_declare_var(b, nodes[i]->ident.obj, arg);
        lhs[count] = nodes[i];
        values[count] = arg;
        types[count++] = arg.type;
    }
    if (!n->range_stmt.define) lw_assign_values(b, lhs, count, values, types, false);
}

static void lower_body(Builder *b, RangeBody *rb) {
    IrBlock *next = ir_block(b->f), *over = ir_block(b->f);
    enter_body(b, rb);
    bind_all(b, rb);
    set_loop_vars(b, rb->loop);
    lw_push_target(b, rb->loop, over, next);
    lw_stmt(b, rb->loop->range_stmt.body);
    lw_pop_target(b);
    lw_start(b, next);
    set_field(b, rb, rb->self, FIELD_STATE, RS_READY);
    lw_ret(b, iv_int(b->l->t_bool, 1));
    lw_start(b, over);
    stop(b, 0);
}

/* The symbol of the function that the user wrote around the loop, for naming the body. */
static const char *body_name(Builder *b) {
    while (b->range_body) b = b->range_body->outer;
    return arena_printf(b->l->arena, "%s-range%d", b->f->sym->name, ++b->range_count);
}

static IrSym *body_func(RangeBody *rb, Type *yield) {
    Builder *outer = rb->outer;
    Lower *l = outer->l;
    int n = yield->func.params->tuple.n;
    Type **params = NEW_ARRAY(l->arena, Type *, n + 1);
    for (int i = 0; i < n; i++) params[i] = type_canon(l->s, yield->func.params->tuple.vars[i]->type);
    params[n] = l->t_ptr;
    IrSym *sym = ir_sym(l->p, body_name(outer));
    IrLinkage linkage = outer->f->sym->linkage == IL_WEAK ? IL_WEAK : IL_LOCAL;
    IrFunc *f = ir_func_new(l->p, sym, linkage, params, NULL, n + 1, l->t_bool);
    f->flags |= IF_HAS_ENV;
    f->pos = rb->loop->pos;
    f->end = rb->loop->end;
    Builder *b = lw_builder(l, f, outer->env);
    b->info = outer->info;
    b->pkg = outer->pkg;
    b->name_prefix = outer->name_prefix;
    b->closure_count = outer->closure_count;
    b->env_local = n;
    b->range_body = rb;
    rb->self = iv_local(f, n);
    lower_body(b, rb);
    return sym;
}

/* ---- around the loop ---- */

static Type *closure_type(RangeBody *rb) {
    Lower *l = rb->outer->l;
    int n = rb->captures.len;
    Type **types = NEW_ARRAY(l->arena, Type *, FIELD_CAPTURES + n);
    types[FIELD_STATE] = types[FIELD_EXIT] = l->t_int;
    for (int i = 0; i < n; i++) types[FIELD_CAPTURES + i] = rb->values.at[i].type;
    return lw_closure_type(l, types, FIELD_CAPTURES + n);
}

static IrVal make_closure(RangeBody *rb, IrSym *code) {
    Builder *b = rb->outer;
    int n = rb->captures.len;
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, FIELD_CAPTURES + n);
    values[FIELD_STATE] = iv_int(b->l->t_int, RS_READY);
    values[FIELD_EXIT] = iv_int(b->l->t_int, 0);
    for (int i = 0; i < n; i++) values[FIELD_CAPTURES + i] = rb->values.at[i];
    return lw_new_closure(b, NULL, code, values, FIELD_CAPTURES + n, false, NULL);
}

static void call_iterator(Builder *b, IrVal iterator, IrVal closure, Type *yield) {
    PreparedCall *pc = NEW(b->l->arena, PreparedCall);
    pc->code = iv_none();
    pc->has_env = true;
    pc->nparams = 2;
    pc->params = NEW_ARRAY(b->l->arena, Type *, 2);
    pc->args = NEW_ARRAY(b->l->arena, IrVal, 2);
    pc->params[0] = yield;
    pc->args[0] = lw_temp(b, IR_BITCAST, yield, yield, closure, iv_none());
    pc->params[1] = iterator.type;
    pc->args[1] = iterator;
    lw_make_call(b, pc);
}

static void take_exit(Builder *b, Node *n) {
    if (n) lw_branch_out(b, n);
    else lw_leave_func(b);
}

/* After the loop: does what the body left for. */
static void dispatch_exits(Builder *b, RangeBody *rb, IrVal closure) {
    IrVal number = get_field(b, rb, closure, FIELD_EXIT);
    for (int i = 0; i < rb->exits.len; i++) {
        IrBlock *yes = ir_block(b->f), *no = ir_block(b->f);
        lw_branch(b, lw_test(b, IR_EQ, number, iv_int(b->l->t_int, i + 1)), yes, no);
        lw_start(b, yes);
        take_exit(b, rb->exits.at[i]);
        lw_start(b, no);
    }
}

void lw_range_func(Builder *b, Node *n) {
    Lower *l = b->l;
    Type *t = lw_type_of(b, n->range_stmt.x), *sig = lw_under(l, t);
    Type *yield_type = type_canon(l->s, sig->func.params->tuple.vars[0]->type);
    RangeBody *rb = NEW(l->arena, RangeBody);
    rb->loop = n;
    rb->outer = b;
    IrVal iterator = lw_snapshot(b, lw_expr(b, n->range_stmt.x));
    lw_use_func_type(b, n->range_stmt.x);
    capture_all(rb);
    rb->closure = closure_type(rb);
    IrVal closure = make_closure(rb, body_func(rb, lw_under(l, yield_type)));
    b->pos = n->pos;
    call_iterator(b, iterator, closure, yield_type);
    IrVal state = get_field(b, rb, closure, FIELD_STATE);
    IrVal ok = lw_test(b, IR_NE, state, iv_int(l->t_int, RS_RUNNING));
    panic_unless(b, ok, iv_int(l->t_int, RS_LOST_PANIC));
    set_field(b, rb, closure, FIELD_STATE, RS_EXITED);
    dispatch_exits(b, rb, closure);
}
