/* stmt.c: function bodies and statements.
 *
 * Bodies are checked after all declarations, literals' bodies at the end of the statement they stand in, so that a
 * literal sees what was declared before it and nothing that comes after. Every statement runs the actions that its
 * expressions left behind before it ends. Labels, breaks and the like are a second pass over the body (labels.c). */
#include "sema/stmt.h"

/* ---- scopes ---- */

Scope *open_scope(Checker *c, Pos pos, Pos end) { return c->env.scope = scope_new(c->arena, c->env.scope, pos, end); }

void close_scope(Checker *c) { c->env.scope = c->env.scope->parent; }

/* ---- function bodies ---- */

typedef struct Body {
    FuncInfo *f;
    DeclInfo *decl;
    Scope *scope;
    ConstVal *iota;
} Body;

void check_usage(Checker *c, Scope *scope) {
    for (int i = 0; i < scope->order.len; i++) {
        const Object *obj = scope->order.at[i];
        if (obj->kind == OBJ_VAR && !obj->used)
            soft_err_pos(c, obj->pos, "declared and not used: %s", obj->name->text);
    }
    for (int i = 0; i < scope->children.len; i++)
        if (!scope->children.at[i]->is_func) check_usage(c, scope->children.at[i]);
}

/* Action: checks one body. */
static void run_body(Checker *c, void *arg) {
    const Body *b = arg;
    FuncInfo *f = b->f;
    Env env = c->env;
    c->env = (Env){.decl = b->decl, .scope = b->scope, .iota = b->iota, .sig = f->sig, .func = f};
    check_stmt_list(c, &f->body->block.stmts);
    check_labels(c, f->body);
    if (f->sig->func.results->tuple.n > 0 && !is_terminating(c, f->body, NULL))
        err_pos(c, f->body->block.rbrace, "missing return");
    check_usage(c, b->scope);
    c->env = env;
}

static void own_params(FuncInfo *f, const Type *tuple) {
    for (int i = 0; i < tuple->tuple.n; i++) tuple->tuple.vars[i]->var.func = f;
}

/* Whether f, or the function around it, is lowered for type arguments, perhaps by importers. */
bool func_is_generic(const FuncInfo *f) {
    while (f->outer) f = f->outer;
    return f->sig->func.tparams.len > 0 || f->sig->func.recv_tparams.len > 0;
}

void check_func_body(Checker *c, FuncInfo *f, DeclInfo *decl, Scope *scope, ConstVal *iota) {
    if (f->outer) vec_push(c->arena, &f->outer->literals, f);
    if (f->sig->func.recv) f->sig->func.recv->var.func = f;
    own_params(f, f->sig->func.params);
    own_params(f, f->sig->func.results);
    if ((c->opt.outline && !func_is_generic(f)) || f->body->kind != ND_BLOCK) return;
    Body *b = NEW(c->arena, Body);
    *b = (Body){f, decl, scope, iota};
    if (f->obj) vec_push(c->arena, &c->bodies, ((Later){run_body, b}));
    else later(c, run_body, b);
}

/* ---- simple statements ---- */

static void expr_stmt(Checker *c, Node *n) {
    Operand x = {.mode = EM_INVALID};
    CallKind kind = check_raw_expr(c, NULL, &x, n->expr_stmt.x, NULL, false);
    const char *what = "is not used";
    if (x.mode == EM_INVALID) return;
    if (x.mode == EM_BUILTIN) what = "must be called";
    else if (x.mode == EM_TYPE) what = "is not an expression";
    else if (kind == CALL_STMT) return;
    err_at(c, n->expr_stmt.x, "%s %s", operand_str(c, &x), what);
}

static void send_stmt(Checker *c, Node *n) {
    Operand ch = {.mode = EM_INVALID}, val = {.mode = EM_INVALID};
    check_expr(c, &ch, n->send.ch);
    check_expr(c, &val, n->send.value);
    if (ch.mode == EM_INVALID || val.mode == EM_INVALID) return;
    Type *u = type_core(c->s, ch.type);
    const char *what = operand_str(c, &ch);
    if (!u) err_at(c, n, "invalid operation: cannot send to %s: no core type", what);
    else if (u->kind != TY_CHAN) err_at(c, n, "invalid operation: cannot send to non-channel %s", what);
    else if (u->chan.dir == CHAN_RECV) err_at(c, n, "invalid operation: cannot send to receive-only channel %s", what);
    else check_assignment(c, &val, u->chan.elem, "send");
}

static void incdec_stmt(Checker *c, Node *n) {
    Operand x = {.mode = EM_INVALID};
    check_expr(c, &x, n->incdec.x);
    if (x.mode == EM_INVALID) return;
    if (!type_all_have(c->s, x.type, TP_NUMERIC)) {
        err_at(c, n->incdec.x, "invalid operation: %s%s (non-numeric type %s)", expr_str(c, n->incdec.x),
               tok_spelling(n->incdec.op), tstr(c, x.type));
        return;
    }
    check_assign_var(c, n->incdec.x, NULL, &x, "assignment");
}

static void assign_stmt(Checker *c, Node *n) {
    NodeList *lhs = &n->assign.lhs, *rhs = &n->assign.rhs;
    if (n->assign.op == TK_ASSIGN) {
        assign_vars(c, lhs, rhs);
    } else if (n->assign.op == TK_DEFINE) {
        short_var_decl(c, n, lhs, rhs);
    } else if (lhs->len != 1 || rhs->len != 1) {
        err_at(c, n, "assignment operation %s= requires single-valued expressions", tok_spelling(n->assign.op));
    } else {
        Operand x = {.mode = EM_INVALID};
        check_assign_op(c, &x, lhs->at[0], rhs->at[0], n->assign.op);
        check_assign_var(c, lhs->at[0], NULL, &x, "assignment");
    }
}

/* ---- calls that run later ---- */

static void suspended_call(Checker *c, Node *call, const char *keyword) {
    if (call->kind != ND_CALL) {
        if (call->kind != ND_BAD_EXPR) err_at(c, call, "expression in %s must be function call", keyword);
        use_expr(c, call);
        return;
    }
    Operand x = {.mode = EM_INVALID};
    CallKind kind = check_raw_expr(c, NULL, &x, call, NULL, false);
    if (x.mode == EM_INVALID || kind == CALL_STMT) return;
    const char *what = kind == CALL_CONVERSION ? "requires function call, not conversion" : "discards result of";
    err_at(c, call, "%s %s %s", keyword, what, operand_str(c, &x));
}

static void defer_stmt(Checker *c, Node *n) {
    c->env.func->has_defer = true;
    if (c->env.in_loop) c->env.func->has_loop_defer = true;
    suspended_call(c, n->defer_stmt.call, "defer");
}

static void go_stmt(Checker *c, Node *n) {
    check_go_attrs(c, n);
    suspended_call(c, n->go_stmt.call, "go");
}

/* ---- return ---- */

/* "var x int", "const c", "type T", "func f": what a name denotes. */
static char *object_str(Checker *c, const Object *obj) {
    const char *name = obj->name->text, *type = obj->type ? tstr(c, obj->type) : "";
    if (obj->kind == OBJ_VAR) return arena_printf(c->arena, "var %s %s", name, type);
    if (obj->kind == OBJ_CONST) return arena_printf(c->arena, "const %s %s", name, type);
    return arena_printf(c->arena, "%s %s", obj->kind == OBJ_TYPE ? "type" : "func", name);
}

/* A bare return needs every named result to be what its name denotes here. */
static void bare_return(Checker *c, const Node *n, const Type *results) {
    for (int i = 0; i < results->tuple.n; i++) {
        const Object *r = results->tuple.vars[i];
        const Object *seen = scope_lookup_parent(c->env.scope, r->name, NO_POS, NULL);
        if (!seen || seen == r) continue;
        Diag *d = err_begin(c, n->pos, false, "result parameter %s not in scope at return", r->name->text);
        err_more(c, d, seen->pos, "inner declaration of %s", object_str(c, seen));
    }
}

static void return_stmt(Checker *c, Node *n) {
    const Type *results = c->env.sig->func.results;
    NodeList *values = &n->return_stmt.results;
    bool named = results->tuple.n > 0 && results->tuple.vars[0]->name->len > 0;
    if (values->len == 0 && named) bare_return(c, n, results);
    else if (values->len > 0 || results->tuple.n > 0) init_vars(c, results->tuple.vars, results->tuple.n, values, n);
}

/* ---- blocks, if, for ---- */

void check_block(Checker *c, Node *block) {
    open_scope(c, block->pos, block->end);
    check_stmt_list(c, &block->block.stmts);
    close_scope(c);
}

void check_loop_body(Checker *c, Node *body) {
    bool outer = c->env.in_loop;
    c->env.in_loop = true;
    check_stmt(c, body);
    c->env.in_loop = outer;
}

static void check_condition(Checker *c, Node *cond, const char *what) {
    Operand x = {.mode = EM_INVALID};
    check_expr(c, &x, cond);
    if (x.mode == EM_INVALID) return;
    if (type_all_have(c->s, x.type, TP_BOOLEAN))
        update_expr_type(c, cond, type_default(c->s, x.type), true);
    else
        err_at(c, cond, "non-boolean condition in %s statement", what);
}

static void if_stmt(Checker *c, Node *n) {
    open_scope(c, n->pos, n->end);
    check_stmt(c, n->if_stmt.init);
    if (n->if_stmt.cond) check_condition(c, n->if_stmt.cond, "if");
    check_stmt(c, n->if_stmt.then);
    check_stmt(c, n->if_stmt.els);
    close_scope(c);
}

/* Variables of the init statement are new ones in every iteration. */
static void mark_loop_vars(const Scope *scope) {
    for (int i = 0; i < scope->order.len; i++)
        if (scope->order.at[i]->kind == OBJ_VAR) scope->order.at[i]->var.loop_var = true;
}

static void for_stmt(Checker *c, Node *n) {
    open_scope(c, n->pos, n->end);
    check_stmt(c, n->for_stmt.init);
    if (allow_version(c, n, "go1.22")) mark_loop_vars(c->env.scope);
    if (n->for_stmt.cond) check_condition(c, n->for_stmt.cond, "for");
    Node *post = n->for_stmt.post;
    check_stmt(c, post);
    if (post && post->kind == ND_ASSIGN && post->assign.op == TK_DEFINE)
        use_exprs(c, &post->assign.lhs); /* the parser has reported it */
    check_loop_body(c, n->for_stmt.body);
    close_scope(c);
}

/* ---- dispatch ---- */

static void dispatch(Checker *c, Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_BAD_STMT: case ND_EMPTY: case ND_BRANCH: return;
    case ND_DECL_STMT: decl_stmt(c, n->decl_stmt.decl); return;
    case ND_LABELED: check_stmt(c, n->labeled.stmt); return;
    case ND_EXPR_STMT: expr_stmt(c, n); return;
    case ND_SEND: send_stmt(c, n); return;
    case ND_INCDEC: incdec_stmt(c, n); return;
    case ND_ASSIGN: assign_stmt(c, n); return;
    case ND_GO: go_stmt(c, n); return;
    case ND_DEFER: defer_stmt(c, n); return;
    case ND_RETURN: return_stmt(c, n); return;
    case ND_BLOCK: check_block(c, n); return;
    case ND_IF: if_stmt(c, n); return;
    case ND_SWITCH: check_switch(c, n); return;
    case ND_TYPE_SWITCH: check_type_switch(c, n); return;
    case ND_SELECT: check_select(c, n); return;
    case ND_FOR: for_stmt(c, n); return;
    case ND_RANGE: check_range(c, n); return;
    case ND_TRY: check_try(c, n); return;
    case ND_ARENA: case ND_RESTRICT: case ND_WITH: check_extension(c, n); return;
    default: fatal("%s is no statement", ast_kind_name(n->kind));
    }
}

void check_stmt(Checker *c, Node *n) {
    if (!n) return;
    int base = c->later_base;
    c->later_base = c->later.len;
    dispatch(c, n);
    run_later(c);
    c->later_base = base;
}

void check_stmt_list(Checker *c, NodeList *list) {
    for (int i = 0; i < list->len; i++) check_stmt(c, list->at[i]);
}
