/* build_stmt.c: nodes of statements, and the checks that Go's compiler makes while parsing them. */
#include "parser/parse_internal.h"

/* ---- simple statements ---- */

/* A list of expressions where a statement needs exactly one; next is the token after it. */
static Node *only_expr(Parser *p, ListStart exprs, const Token *next) {
    NodeList l = list_take(p, exprs);
    if (l.len > 1) unexpected(p, next, ", expected := or = or comma");
    return l.at[0];
}

Node *new_expr_stmt(Parser *p, ListStart exprs, const Token *next) {
    Node *x = only_expr(p, exprs, next);
    if (x->kind == ND_GO_EXPR) {
        x->kind = ND_GO;
        return x;
    }
    Node *n = new_node(p, ND_EXPR_STMT, x->pos, x->end);
    n->expr_stmt.x = x;
    return n;
}

Node *new_assign(Parser *p, ListStart lhs, const Token *op, ListStart rhs) {
    Node *n = new_node(p, ND_ASSIGN, p->stack.at[lhs]->pos, vec_last(&p->stack)->end);
    n->at = op->pos;
    n->assign.op = op->kind == TK_ASSIGN_OP ? op->op : op->kind;
    n->assign.rhs = list_take(p, rhs);
    n->assign.lhs = list_take(p, lhs);
    if (op->kind == TK_ASSIGN_OP && n->assign.lhs.len > 1)
        unexpected(p, op, ", expected := or = or comma");
    return n;
}

Node *new_incdec(Parser *p, ListStart exprs, const Token *op) {
    Node *x = only_expr(p, exprs, op);
    Node *n = new_node(p, ND_INCDEC, x->pos, op->end);
    n->at = op->pos;
    n->incdec.x = x;
    n->incdec.op = op->kind;
    return n;
}

Node *new_send(Parser *p, ListStart exprs, const Token *arrow, Node *value) {
    Node *ch = only_expr(p, exprs, arrow);
    Node *n = new_node(p, ND_SEND, ch->pos, value->end);
    n->at = arrow->pos;
    n->send.ch = ch;
    n->send.value = value;
    return n;
}

/* ---- blocks, labels, branches ---- */

Node *new_block(Parser *p, const Token *open, ListStart stmts, const Token *close) {
    Node *n = new_node(p, ND_BLOCK, open->pos, close->end);
    n->block.stmts = list_take(p, stmts);
    n->block.rbrace = close->pos;
    return n;
}

Node *new_labeled(Parser *p, const Token *label, const Token *colon, Node *stmt) {
    if (!stmt) {
        TokKind next = colon[1].kind; /* a token follows: the last is EOF */
        bool missing = next != TK_RBRACE && next != TK_SEMICOLON;
        if (missing) syntax_error_at(p, colon, "missing statement after label");
        stmt = new_node(p, missing ? ND_BAD_STMT : ND_EMPTY, colon->end, colon->end);
    }
    Node *n = new_node(p, ND_LABELED, label->pos, stmt->end);
    n->at = colon->pos;
    n->labeled.label = new_ident(p, label);
    n->labeled.stmt = stmt;
    return n;
}

Node *new_branch(Parser *p, const Token *kw, const Token *label) {
    Node *n = new_node(p, ND_BRANCH, kw->pos, label ? label->end : kw->end);
    n->branch.tok = kw->kind;
    n->branch.label = label ? new_ident(p, label) : NULL;
    return n;
}

Node *new_return(Parser *p, const Token *kw, ListStart results) {
    Pos end = p->stack.len > results ? vec_last(&p->stack)->end : kw->end;
    Node *n = new_node(p, ND_RETURN, kw->pos, end);
    n->return_stmt.results = list_take(p, results);
    return n;
}

/* ---- headers ---- */

Header *new_header(Parser *p, Node *init, const Token *semi, Node *cond, Node *post) {
    Header *h = NEW(p->scratch, Header);
    *h = (Header){.init = init, .cond = cond, .post = post, .semi = semi};
    return h;
}

/* The text of one side of an assignment, in parentheses when that makes the = stand out. */
static const char *emphasized(Parser *p, const Node *x) {
    const char *text = ast_expr_text(p->scratch, x);
    return x->kind == ND_BINARY ? arena_printf(p->scratch, "(%s)", text) : text;
}

static const char *stmt_text(Parser *p, const Node *s) {
    if (s->kind == ND_ASSIGN && s->assign.op == TK_ASSIGN && s->assign.lhs.len == 1 && s->assign.rhs.len == 1)
        return arena_printf(p->scratch, "assignment %s = %s", emphasized(p, s->assign.lhs.at[0]),
                            emphasized(p, s->assign.rhs.at[0]));
    const char *text = p->src->text + (s->pos - p->src->base);
    const char *prefix = s->kind == ND_ASSIGN && s->assign.op == TK_ASSIGN ? "assignment " : "";
    return arena_printf(p->scratch, "%s%.*s", prefix, (int)(s->end - s->pos), text);
}

/* The expression of a condition or tag that was parsed as a statement. */
static Node *header_expr(Parser *p, Node *s) {
    if (!s) return NULL;
    if (s->kind == ND_EXPR_STMT) return s->expr_stmt.x;
    syntax_error(p, s->at, s->at, "cannot use %s as value", stmt_text(p, s));
    return new_node(p, ND_BAD_EXPR, s->pos, s->end);
}

static Node *missing_condition(Parser *p, const Header *h, const Node *body) {
    if (h->semi && h->semi->op != SEMI_WRITTEN)
        syntax_error_at(p, h->semi, "unexpected newline, expected { after if clause");
    else syntax_error(p, h->semi ? h->semi->pos : body->pos, 0, "missing condition in if statement");
    return new_node(p, ND_BAD_EXPR, body->pos, body->pos);
}

Node *new_if(Parser *p, const Token *kw, Header *h, Node *then, Node *els) {
    Node *n = new_node(p, ND_IF, kw->pos, els ? els->end : then->end);
    n->if_stmt.init = h->init;
    n->if_stmt.cond = h->cond ? header_expr(p, h->cond) : missing_condition(p, h, then);
    n->if_stmt.then = then;
    n->if_stmt.els = els;
    return n;
}

Node *new_range(Parser *p, ListStart lhs, const Token *assign, const Token *range, Node *x) {
    Node *n = new_node(p, ND_RANGE, range->pos, x->end);
    NodeList vars = list_take(p, lhs);
    n->at = assign ? assign->pos : range->pos;
    n->range_stmt.key = vars.len > 0 ? vars.at[0] : NULL;
    n->range_stmt.value = vars.len > 1 ? vars.at[1] : NULL;
    n->range_stmt.extra = vars.len > 2 ? vars.at[2] : NULL;
    n->range_stmt.has_assign = assign != NULL;
    n->range_stmt.define = assign && assign->kind == TK_DEFINE;
    n->range_stmt.x = x;
    n->range_stmt.tok = range->pos;
    return n;
}

Node *new_for(Parser *p, const Token *kw, Header *h, Node *body) {
    if (h->range) {
        h->range->pos = kw->pos;
        h->range->end = body->end;
        h->range->range_stmt.body = body;
        return h->range;
    }
    Node *n = new_node(p, ND_FOR, kw->pos, body->end);
    n->for_stmt.init = h->init;
    n->for_stmt.cond = header_expr(p, h->cond);
    n->for_stmt.post = h->post;
    n->for_stmt.body = body;
    if (h->post && h->post->kind == ND_ASSIGN && h->post->assign.op == TK_DEFINE)
        syntax_error(p, h->post->at, h->post->at, "cannot declare in post statement of for loop");
    return n;
}

Header *new_short_header(Parser *p, Node *init, const Token *semi, Node *cond, const Token *brace) {
    unexpected(p, brace, cond ? ", expected semicolon or newline" : ", expected for loop condition");
    return new_header(p, init, semi, cond, NULL);
}

/* ---- switch, select ---- */

/* x when s is  v := x.(type)  or  x.(type);  *bind gets v or NULL. */
static Node *type_switch_guard(Node *s, Node **bind) {
    Node *x = NULL;
    *bind = NULL;
    if (s && s->kind == ND_EXPR_STMT) x = s->expr_stmt.x;
    if (s && s->kind == ND_ASSIGN && s->assign.op == TK_DEFINE && s->assign.lhs.len == 1 &&
        s->assign.rhs.len == 1 && s->assign.lhs.at[0]->kind == ND_IDENT) {
        *bind = s->assign.lhs.at[0];
        x = s->assign.rhs.at[0];
    }
    return x && x->kind == ND_TYPE_ASSERT && !x->assert_.type ? x->assert_.x : NULL;
}

Node *new_switch(Parser *p, const Token *kw, Header *h, ListStart clauses, const Token *close) {
    Node *bind, *x = type_switch_guard(h->cond, &bind);
    if (x) {
        Node *n = new_node(p, ND_TYPE_SWITCH, kw->pos, close->end);
        n->type_switch.init = h->init;
        n->type_switch.bind = bind;
        n->type_switch.x = x;
        n->type_switch.clauses = list_take(p, clauses);
        n->type_switch.rbrace = close->pos;
        return n;
    }
    Node *n = new_node(p, ND_SWITCH, kw->pos, close->end);
    n->switch_stmt.init = h->init;
    n->switch_stmt.tag = header_expr(p, h->cond);
    n->switch_stmt.clauses = list_take(p, clauses);
    n->switch_stmt.rbrace = close->pos;
    return n;
}

Node *new_select(Parser *p, const Token *kw, ListStart clauses, const Token *close) {
    Node *n = new_node(p, ND_SELECT, kw->pos, close->end);
    n->select_stmt.clauses = list_take(p, clauses);
    n->select_stmt.rbrace = close->pos;
    return n;
}

/* A clause ends the statement before it only after a semicolon. */
static void check_clause_start(Parser *p, const Token *kw) {
    const Token *before = kw - 1;
    if (before->kind == TK_SEMICOLON || before->kind == TK_COLON || before->mark == MARK_LBLOCK) return;
    unexpected(p, kw, " at end of statement");
}

static Pos body_end(const NodeList *body, const Token *colon) {
    return body->len ? body->at[body->len - 1]->end : colon->end;
}

Node *new_case(Parser *p, const Token *kw, ListStart exprs, const Token *colon, ListStart body) {
    Node *n = new_node(p, ND_CASE, kw->pos, 0);
    check_clause_start(p, kw);
    n->case_clause.body = list_take(p, body);
    n->case_clause.exprs = list_take(p, exprs);
    n->case_clause.is_default = exprs < 0;
    n->case_clause.colon = colon->pos;
    n->end = body_end(&n->case_clause.body, colon);
    return n;
}

Node *new_comm(Parser *p, const Token *kw, Node *comm, const Token *colon, ListStart body) {
    Node *n = new_node(p, ND_COMM, kw->pos, 0);
    check_clause_start(p, kw);
    n->comm_clause.comm = comm;
    n->comm_clause.body = list_take(p, body);
    n->comm_clause.colon = colon->pos;
    n->end = body_end(&n->comm_clause.body, colon);
    return n;
}

/* ---- Goo ---- */

Node *new_try(Parser *p, const Token *kw, Node *body, ListStart clauses) {
    Node *n = new_node(p, ND_TRY, kw->pos, body->end);
    n->try_stmt.body = body;
    n->try_stmt.clauses = list_take(p, clauses);
    if (n->try_stmt.clauses.len) n->end = vec_last(&n->try_stmt.clauses)->end;
    else syntax_error(p, kw->pos, kw->end, "try needs a recover clause after its block");
    return n;
}

Node *new_recover(Parser *p, const Token *kw, const Token *name, Node *match, Node *body) {
    Node *n = new_node(p, ND_RECOVER, kw->pos, body->end);
    n->recover_clause.bind = new_ident(p, name);
    n->recover_clause.match = match;
    n->recover_clause.body = body;
    return n;
}

Node *new_arena_block(Parser *p, const Token *kw, const Token *name, Node *size, Node *body) {
    Node *n = new_node(p, ND_ARENA, kw->pos, body->end);
    n->arena_stmt.name = new_ident(p, name);
    n->arena_stmt.size = size;
    n->arena_stmt.body = body;
    return n;
}

Node *new_restrict(Parser *p, const Token *kw, ListStart caps, Node *body) {
    Node *n = new_node(p, ND_RESTRICT, kw->pos, body->end);
    n->restrict_stmt.caps = list_take(p, caps);
    n->restrict_stmt.body = body;
    return n;
}

Node *new_with(Parser *p, const Token *kw, Node *token, Node *body) {
    Node *n = new_node(p, ND_WITH, kw->pos, body->end);
    n->with_stmt.token = token;
    n->with_stmt.body = body;
    return n;
}
