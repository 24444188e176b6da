/* lower_try.c: Goo's errors: try with its recover clauses, f()? and f() else.
 *
 * A try statement is a recovery point (lower_defer.c) of its function with a matcher, a compiler-made closure that
 * runs on top of the panicking stack (abi.h: RtTry). It asks the clauses in order; if one fits, it tells the runtime,
 * and control comes back to the try statement, which goes to the clause. If none fits the panic goes on, with its
 * stack intact. The values that clauses compare with are evaluated when the try statement is entered.
 *
 * Every way out of the body makes the try statement around it the innermost one again. An error that ? finds in the
 * body goes to the clauses directly; when none fits it becomes a panic, which the next outer try may recover.
 *
 * Arena blocks (lower_at.c) are left in the same ways, so they stand in the same list.
 *
 * What takes more than a few instructions is in functions of package goo/panics (compiler.go), which sema imports for
 * files that use these extensions. */
#include "ir/lower.h"

/* A try statement, or an arena block, which only has the first three. */
struct TryScope {
    TryScope *outer;
    Node *n;
    IrVal frame;      /* of an arena block: address of the RtArenaFrame; the rest is of try statements */
    int64_t number;   /* of the recovery point */
    IrVal self;       /* address of the matcher's closure object */
    IrVal *values;    /* for each clause that matches a value: the value, as an error */
    IrBlock **bodies; /* of the clauses */
    int err;          /* local: the error that the clauses look at */
    IrBlock *raise;   /* where ? goes; NULL while there is none */
};

/* A function of package goo/panics. */
static IrVal call_panics(Builder *b, const char *name, IrVal *args, int n) {
    return lw_call_declared(b, lw_library_func(b->l, "goo/panics", name), NULL, args, n);
}

static NodeList *clauses_of(const TryScope *t) { return &t->n->try_stmt.clauses; }

static Type *error_type(Lower *l) { return type_canon(l->s, l->s->t_error); }

/* ---- being the innermost ---- */

static bool is_arena(const TryScope *t) { return t->n->kind == ND_ARENA; }

/* The innermost try statement of t and the scopes around it, or NULL. */
static TryScope *try_at(TryScope *t) {
    while (t && is_arena(t)) t = t->outer;
    return t;
}

/* The closure object of that one's matcher, or nil. */
static IrVal self_at(Builder *b, TryScope *t) {
    t = try_at(t);
    return t ? t->self : iv_int(b->l->t_ptr, 0);
}

IrVal lw_innermost_try(Builder *b) { return self_at(b, b->tries); }

/* Makes that one, or none, the try statement that panics ask first. */
static void set_innermost(Builder *b, TryScope *t) {
    if (b->cur) lw_store(b, b->l->t_ptr, lw_own_frame(b), offsetof(RtFrame, tries), self_at(b, t));
}

/* Leaves all scopes inside of last. */
static void leave_until(Builder *b, const TryScope *last) {
    const TryScope *outermost = NULL;
    for (const TryScope *t = b->tries; t != last && b->cur; t = t->outer) {
        if (is_arena(t)) lw_end_arena(b, t->frame);
        else outermost = t;
    }
    if (outermost) set_innermost(b, outermost->outer);
}

void lw_leave_tries(Builder *b, const Node *target) {
    const TryScope *t = b->tries;
    for (; t; t = t->outer) {
        const Node *body = is_arena(t) ? t->n->arena_stmt.body : t->n->try_stmt.body;
        if (target && target->pos >= body->pos && target->pos < body->end) break;
    }
    leave_until(b, t);
    lw_leave_rights(b, target);
}

void lw_arena(Builder *b, Node *n) {
    TryScope t = {.outer = b->tries, .n = n, .frame = lw_begin_arena(b, n, self_at(b, b->tries))};
    b->tries = &t;
    lw_stmt(b, n->arena_stmt.body);
    b->tries = t.outer;
    if (!b->cur) return;
    b->pos = n->end - 1;
    lw_end_arena(b, t.frame);
}

/* ---- matching ---- */

static void branch_if_is(Builder *b, IrVal err, IrVal value, IrBlock *yes, IrBlock *no) {
    lw_branch(b, call_panics(b, "matches", (IrVal[]){err, value}, 2), yes, no);
}

/* By type: the error itself, or the first in its tree as errors.As has it; found gets that. */
static void match_type(Builder *b, IrVal err, Type *t, int found, IrBlock *fits, IrBlock *next) {
    Lower *l = b->l;
    IrBlock *inside = ir_block(b->f);
    TypeVec targs = {0};
    vec_push(l->arena, &targs, t);
    lw_copy(b, found, err);
    lw_branch_if_type(b, err, error_type(l), t, fits, inside);
    lw_start(b, inside);
    lw_copy(b, found, lw_call_declared(b, lw_library_func(l, "goo/panics", "find"), &targs, &err, 1));
    lw_branch(b, lw_not_nil(b, lw_part(b, iv_local(b->f, found), l->t_ptr, 0)), fits, next);
}

static bool is_type_clause(const Node *clause) { return clause->recover_clause.match->mode == EM_TYPE; }

/* Goes to the first clause that fits err, or to none; found gets what the clause recovers. */
static void match(Builder *b, const TryScope *t, IrVal err, int found, const IrVal *values, IrBlock **fits, IrBlock *none) {
    NodeList *list = clauses_of(t);
    for (int i = 0; i < list->len && b->cur; i++) {
        Node *clause = list->at[i], *m = clause->recover_clause.match;
        IrBlock *next = ir_block(b->f);
        b->pos = clause->pos;
        if (m && is_type_clause(clause)) {
            match_type(b, err, lw_type_of(b, m), found, fits[i], next);
        } else {
            lw_copy(b, found, err);
            if (m) branch_if_is(b, err, values[i], fits[i], next);
            else lw_jump(b, fits[i]);
        }
        if (m) lw_start(b, next);
    }
    lw_jump(b, none);
}

/* ---- the matcher ---- */

/* Its closure object: an RtTry, then the values to compare with. */
enum { FIELD_OUTER, FIELD_VALUES };

static void matcher_body(Builder *b, const TryScope *t, Type *closure) {
    Lower *l = b->l;
    int n = clauses_of(t)->len;
    IrBlock *none = ir_block(b->f), **fits = NEW_ARRAY(l->arena, IrBlock *, n);
    IrVal *values = NEW_ARRAY(l->arena, IrVal, n);
    IrVal err = lw_snapshot(b, call_panics(b, "thrown", NULL, 0));
    for (int i = 0; i < n; i++) {
        fits[i] = ir_block(b->f);
        if (t->values[i].kind != IV_NONE) values[i] = lw_captured(b, closure, FIELD_VALUES + i);
    }
    int found = lw_new_temp(b, error_type(l));
    match(b, t, err, found, values, fits, none);
    for (int i = 0; i < n; i++) {
        lw_start(b, fits[i]);
        LW_RT(b, rt_try_recovered, NULL, iv_local(b->f, found), iv_int(l->t_int, t->number), iv_int(l->t_int, i + 1));
        lw_ret(b, iv_none());
    }
    lw_start(b, none);
    lw_finish(b);
}

static IrVal make_matcher(Builder *b, TryScope *t) {
    Lower *l = b->l;
    int n = clauses_of(t)->len;
    IrVal *fields = NEW_ARRAY(l->arena, IrVal, FIELD_VALUES + n);
    Type **types = NEW_ARRAY(l->arena, Type *, FIELD_VALUES + n);
    fields[FIELD_OUTER] = self_at(b, t->outer);
    for (int i = 0; i < n; i++)
        fields[FIELD_VALUES + i] = t->values[i].kind == IV_NONE ? iv_zero(l->t_bool) : t->values[i];
    for (int i = 0; i < FIELD_VALUES + n; i++) types[i] = fields[i].type;
    Builder *body;
    IrSym *code = lw_thunk(b, "match", NULL, &body)->sym;
    matcher_body(body, t, lw_closure_type(l, types, FIELD_VALUES + n));
    return lw_new_closure(b, NULL, code, fields, FIELD_VALUES + n, true, NULL);
}

/* ---- the statement ---- */

static IrVal *clause_values(Builder *b, Node *n) {
    NodeList *list = &n->try_stmt.clauses;
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, list->len);
    for (int i = 0; i < list->len; i++) {
        Node *m = list->at[i]->recover_clause.match;
        bool is_value = m && m->mode != EM_TYPE;
        values[i] = is_value ? lw_snapshot(b, lw_expr_as(b, m, error_type(b->l))) : iv_none();
    }
    return values;
}

/* The matcher recovered: to the clause it chose. */
static void land(Builder *b, TryScope *t) {
    Lower *l = b->l;
    IrVal frame = lw_own_frame(b);
    lw_copy(b, t->err, lw_load(b, error_type(l), frame, offsetof(RtFrame, err)));
    IrVal clause = lw_load(b, l->t_int, frame, offsetof(RtFrame, clause));
    int last = clauses_of(t)->len - 1;
    for (int i = 0; i < last; i++) {
        IrBlock *next = ir_block(b->f);
        lw_branch(b, lw_test(b, IR_EQ, clause, iv_int(l->t_int, i + 1)), t->bodies[i], next);
        lw_start(b, next);
    }
    lw_jump(b, t->bodies[last]);
}

static void panic_with(Builder *b, IrVal err) {
    LW_RT(b, rt_gopanic, NULL, lw_to_iface(b, err, error_type(b->l), b->l->t_eface));
}

/* An error that ? found in the body. */
static void raise(Builder *b, TryScope *t) {
    if (!t->raise) return;
    IrBlock *none = ir_block(b->f);
    IrVal err = iv_local(b->f, lw_new_temp(b, error_type(b->l)));
    lw_start(b, t->raise);
    set_innermost(b, t->outer);
    lw_copy(b, err.local, iv_local(b->f, t->err));
    match(b, t, err, t->err, t->values, t->bodies, none);
    lw_start(b, none);
    panic_with(b, err);
}

static void clause_body(Builder *b, Node *clause, IrVal err) {
    Object *v = clause->recover_clause.var;
    b->pos = clause->pos;
    if (v) {
        Type *t = lw_type(b, v->type), *error = error_type(b->l);
        lw_declare_var(b, v, t == error ? err : lw_type_assert(b, err, error, t, NULL));
    }
    lw_stmt(b, clause->recover_clause.body);
}

void lw_try(Builder *b, Node *n) {
    Lower *l = b->l;
    int count = n->try_stmt.clauses.len;
    TryScope t = {.outer = b->tries, .n = n, .number = ++b->try_count, .values = clause_values(b, n),
                  .err = lw_new_temp(b, error_type(l)), .bodies = NEW_ARRAY(l->arena, IrBlock *, count)};
    for (int i = 0; i < count; i++) t.bodies[i] = ir_block(b->f);
    IrBlock *landed = ir_block(b->f), *end = ir_block(b->f);
    t.self = make_matcher(b, &t);
    lw_recovery_point(b, t.number, landed);
    set_innermost(b, &t);
    b->tries = &t;
    lw_stmt(b, n->try_stmt.body);
    b->tries = t.outer;
    bool ends = b->cur != NULL;
    set_innermost(b, t.outer);
    lw_jump(b, end);
    raise(b, &t);
    lw_start(b, landed);
    land(b, &t);
    for (int i = 0; i < count; i++) {
        lw_start(b, t.bodies[i]);
        clause_body(b, n->try_stmt.clauses.at[i], iv_local(b->f, t.err));
        ends |= b->cur != NULL;
        lw_jump(b, end);
    }
    if (ends) lw_start(b, end);
}

/* ---- f()? and f() else ---- */

/* The results of a call whose last one is an error. */
typedef struct Failing {
    IrVal err;
    IrVal rest;  /* the whole result of the call, when there is more than the error */
    int n;       /* how many results are before the error */
} Failing;

static Failing failing_call(Builder *b, Node *call) {
    IrVal v = lw_snapshot(b, lw_expr(b, call));
    if (v.type->kind != TY_TUPLE) return (Failing){v, iv_none(), 0};
    int n = v.type->tuple.n - 1;
    return (Failing){lw_snapshot(b, lw_tuple_part(b, v, n)), v, n};
}

/* What is left without the error: nothing, one value or several. */
static IrVal rest_of(Builder *b, const Failing *f, Type *t) {
    if (f->n == 0) return iv_none();
    if (f->n == 1) return lw_tuple_part(b, f->rest, 0);
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, f->n);
    for (int i = 0; i < f->n; i++) values[i] = lw_tuple_part(b, f->rest, i);
    return lw_make_tuple(b, t, values, f->n);
}

static void branch_if_failed(Builder *b, IrVal err, IrBlock *failed, IrBlock *fine) {
    failed->cold = true;
    IrVal is_err = lw_not_nil(b, lw_part(b, err, b->l->t_ptr, 0));
    lw_branch(b, is_err, failed, fine);
}

static bool try_around_loop(const Builder *b) {
    while ((b = lw_range_outer(b)))
        if (try_at(b->tries)) return true;
    return false;
}

/* Sends err where ? sends errors: to the try statement around it, or to the caller. */
static void propagate(Builder *b, IrVal err) {
    TryScope *t = try_at(b->tries);
    if (t) {
        leave_until(b, t);
        if (!t->raise) t->raise = ir_block(b->f);
        lw_copy(b, t->err, err);
        lw_leave_rights(b, t->n);
        lw_jump(b, t->raise);
    } else if (try_around_loop(b)) {
        panic_with(b, err); /* through the function that is ranged over */
    } else {
        lw_return_error(b, err);
    }
}

IrVal lw_propagate(Builder *b, Node *n) {
    Failing f = failing_call(b, n->propagate.x);
    IrBlock *failed = ir_block(b->f), *fine = ir_block(b->f);
    branch_if_failed(b, f.err, failed, fine);
    lw_start(b, failed);
    IrVal err = f.err;
    if (n->propagate.context) {
        IrVal context = lw_expr_as(b, n->propagate.context, b->l->t_string);
        err = lw_snapshot(b, call_panics(b, "withContext", (IrVal[]){context, err}, 2));
    }
    b->pos = n->propagate.x->pos;
    LW_RT(b, rt_error_return, NULL, err);
    propagate(b, err);
    lw_start(b, fine);
    return rest_of(b, &f, f.n > 1 ? lw_type_of(b, n) : NULL);
}

/* f() else v */
static IrVal else_value(Builder *b, Node *n, const Failing *f, IrBlock *failed, IrBlock *fine) {
    IrBlock *done = ir_block(b->f);
    Type *t = lw_type_of(b, n);
    int result = lw_new_temp(b, t);
    lw_start(b, failed);
    lw_copy(b, result, lw_expr_as(b, n->else_expr.value, t));
    lw_jump(b, done);
    lw_start(b, fine);
    lw_copy(b, result, lw_tuple_part(b, f->rest, 0));
    lw_start(b, done);
    return iv_local(b->f, result);
}

IrVal lw_else_expr(Builder *b, Node *n) {
    Failing f = failing_call(b, n->else_expr.x);
    IrBlock *failed = ir_block(b->f), *fine = ir_block(b->f);
    branch_if_failed(b, f.err, failed, fine);
    if (n->else_expr.value) return else_value(b, n, &f, failed, fine);
    lw_start(b, failed);
    Node *bind = n->else_expr.bind;
    if (bind && !ast_is_blank(bind)) lw_declare_var(b, bind->ident.obj, f.err);
    lw_stmt(b, n->else_expr.body);
    lw_unreachable(b); /* sema saw to it that the block does not run off its end */
    lw_start(b, fine);
    return rest_of(b, &f, f.n > 1 ? lw_type_of(b, n) : NULL);
}
