/* lower_stmt.c: statements: blocks, if, for, labels and branches; dispatch of the others.
 *
 * Code behind a terminating statement is not lowered, unless a goto may lead into it. */
#include "ir/lower.h"

bool lw_cannot_jump_in(Builder *b) { return !b->info || !b->info->has_label_goto; }

/* ---- targets of branches ---- */

Target *lw_push_target(Builder *b, Node *stmt, IrBlock *break_to, IrBlock *continue_to) {
    Target *t = NEW(b->l->arena, Target);
    t->outer = b->targets;
    t->stmt = stmt;
    t->break_to = break_to;
    t->continue_to = continue_to;
    b->targets = t;
    return t;
}

void lw_pop_target(Builder *b) { b->targets = b->targets->outer; }

static IrBlock *label_block(Builder *b, Node *labeled) {
    IrBlock *blk = ptrmap_get(&b->labels, labeled);
    if (blk) return blk;
    blk = ir_block(b->f);
    ptrmap_put(b->l->arena, &b->labels, labeled, blk);
    return blk;
}

static Target *find_target(Builder *b, const Node *stmt) {
    for (Target *t = b->targets; t; t = t->outer)
        if (t->stmt == stmt) return t;
    return NULL;
}

static void fall_through(Builder *b) {
    Target *t = b->targets;
    while (!t->fall_to) t = t->outer;
    lw_jump(b, t->fall_to);
}

/* break and continue; the statement may be around the body of a range-over-func loop that b is lowering. */
static void leave_loop(Builder *b, Node *n) {
    Node *stmt = n->branch.target;
    if (stmt->kind == ND_LABELED) stmt = stmt->labeled.stmt;
    Target *t = find_target(b, stmt);
    if (!t) {
        lw_range_body_leave(b, n);
        return;
    }
    lw_leave_tries(b, stmt);
    if (n->branch.tok == TK_CONTINUE) {
        lw_jump(b, t->continue_to);
    } else {
        t->broken = true;
        lw_jump(b, t->break_to);
    }
}

static void goto_label(Builder *b, Node *n) {
    if (b->range_body && !lw_in_range_body(b, n->branch.target)) {
        lw_range_body_leave(b, n);
        return;
    }
    lw_leave_tries(b, n->branch.target);
    lw_jump(b, label_block(b, n->branch.target));
}

void lw_branch_out(Builder *b, Node *n) {
    switch (n->branch.tok) {
    case TK_GOTO: goto_label(b, n); return;
    case TK_FALLTHROUGH: fall_through(b); return;
    default: leave_loop(b, n); return;
    }
}

static void lower_labeled(Builder *b, Node *n) {
    if (!lw_cannot_jump_in(b)) lw_start(b, label_block(b, n));
    lw_stmt(b, n->labeled.stmt);
}

/* ---- if ---- */

static void lower_optional(Builder *b, Node *n) {
    if (n) lw_stmt(b, n);
}

/* A condition known here selects its branch at once; whatever a goto may reach is kept. */
static bool is_decided(Builder *b, const Node *cond) { return cond->mode == EM_CONST && lw_cannot_jump_in(b); }

static void lower_if(Builder *b, Node *n) {
    Node *cond = n->if_stmt.cond, *els = n->if_stmt.els;
    lower_optional(b, n->if_stmt.init);
    if (is_decided(b, cond)) {
        lower_optional(b, cv_bool_value(cond->value) ? n->if_stmt.then : els);
        return;
    }
    IrBlock *yes = ir_block(b->f), *end = ir_block(b->f), *no = els ? ir_block(b->f) : end;
    b->pos = cond->pos;
    lw_cond(b, cond, yes, no);
    lw_start(b, yes);
    lw_stmt(b, n->if_stmt.then);
    bool ends = b->cur || !els;
    lw_jump(b, end);
    if (els) {
        lw_start(b, no);
        lw_stmt(b, els);
        ends |= b->cur != NULL;
        lw_jump(b, end);
    }
    if (ends) lw_start(b, end);
}

/* ---- for ---- */

/* The variables that a 3-clause for declares and that live in boxes: each iteration has new ones. */
static ObjectVec boxed_loop_vars(Builder *b, Node *init) {
    ObjectVec vars = {0};
    if (!init || init->kind != ND_ASSIGN || init->assign.op != TK_DEFINE) return vars;
    if (!lw_per_iteration_vars(b->l, init->pos)) return vars;
    for (int i = 0; i < init->assign.lhs.len; i++) {
        Node *ident = init->assign.lhs.at[i];
        if (!ast_is_blank(ident) && lw_var_place(b, ident->ident.obj).boxed)
            vec_push(b->l->arena, &vars, ident->ident.obj);
    }
    return vars;
}

/* Before the post statement: a new box with the value of the old one, which closures may keep. */
static void renew_loop_vars(Builder *b, const ObjectVec *vars) {
    for (int i = 0; i < vars->len; i++) {
        Place p = lw_var_place(b, vars->at[i]);
        IrInstr *in = lw_emit(b, IR_RENEW);
        in->dst = p.base.local;
        in->type = p.type;
        in->a = p.base;
    }
}

static void lower_for(Builder *b, Node *n) {
    Node *cond = n->for_stmt.cond;
    lower_optional(b, n->for_stmt.init);
    if (!b->cur) return;
    ObjectVec vars = boxed_loop_vars(b, n->for_stmt.init);
    IrBlock *test = ir_block(b->f), *body = ir_block(b->f), *next = ir_block(b->f), *end = ir_block(b->f);
    Target *t = lw_push_target(b, n, end, next);
    b->loop_depth++;
    lw_start(b, test);
    if (cond) {
        b->pos = cond->pos;
        lw_cond(b, cond, body, end);
    }
    lw_start(b, body);
    lw_stmt(b, n->for_stmt.body);
    lw_start(b, next);
    renew_loop_vars(b, &vars);
    lower_optional(b, n->for_stmt.post);
    lw_jump(b, test);
    b->loop_depth--;
    lw_pop_target(b);
    if (cond || t->broken) lw_start(b, end);
}

/* ---- dispatch ---- */

static void lower_expr_stmt(Builder *b, Node *n) {
    Node *x = ast_unparen(n->expr_stmt.x);
    lw_effects(b, x);
}

void lw_stmt(Builder *b, Node *n) {
    b->pos = n->pos;
    switch ((NodeKind)n->kind) {
    case ND_EMPTY: return;
    case ND_DECL_STMT: lw_var_decl(b, n->decl_stmt.decl); return;
    case ND_LABELED: lower_labeled(b, n); return;
    case ND_EXPR_STMT: lower_expr_stmt(b, n); return;
    case ND_INCDEC: lw_incdec(b, n); return;
    case ND_ASSIGN: lw_assign_stmt(b, n); return;
    case ND_DEFER: lw_defer_stmt(b, n); return;
    case ND_RETURN: lw_return(b, n); return;
    case ND_BRANCH: lw_branch_out(b, n); return;
    case ND_BLOCK: lw_stmts(b, &n->block.stmts); return;
    case ND_IF: lower_if(b, n); return;
    case ND_SWITCH: lw_switch(b, n); return;
    case ND_TYPE_SWITCH: lw_type_switch(b, n); return;
    case ND_FOR: lower_for(b, n); return;
    case ND_RANGE: lw_range(b, n); return;
    case ND_SEND: lw_send(b, n); return;
    case ND_GO: lw_go_stmt(b, n); return;
    case ND_SELECT: lw_select_stmt(b, n); return;
    case ND_TRY: lw_try(b, n); return;
    case ND_ARENA: lw_arena(b, n); return;
    case ND_RESTRICT: lw_restrict(b, n); return;
    case ND_WITH: lw_with(b, n); return;
    default: fatal("statement of kind %s", ast_kind_name((NodeKind)n->kind));
    }
}

void lw_stmts(Builder *b, NodeList *list) {
    for (int i = 0; i < list->len; i++) {
        if (!b->cur) {
            if (lw_cannot_jump_in(b)) return;
            lw_start(b, ir_block(b->f));
        }
        lw_stmt(b, list->at[i]);
    }
}
