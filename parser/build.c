/* build.c: nodes of expressions, and lists under construction.
 *
 * Every builder sets pos and end to the full extent of what it builds. Lists live on Parser.stack until their last
 * element is known, so each NodeList is allocated once, at its final size. */
#include "parser/parse_internal.h"

#include <string.h>

/* ---- lists ---- */

ListStart list_empty(Parser *p) { return p->stack.len; }

ListStart list_one(Parser *p, Node *n) {
    ListStart start = p->stack.len;
    list_add(p, n);
    return start;
}

void list_add(Parser *p, Node *n) {
    if (n) vec_push(p->scratch, &p->stack, n);
}

NodeList list_take(Parser *p, ListStart start) {
    NodeList l = {0};
    if (start < 0) return l;
    check(start <= p->stack.len);
    l.len = l.cap = p->stack.len - start;
    if (l.len) {
        l.at = NEW_ARRAY(p->arena, Node *, l.len);
        memcpy(l.at, p->stack.at + start, sizeof(Node *) * (size_t)l.len);
    }
    p->stack.len = start;
    return l;
}

/* ---- operands ---- */

Node *new_node(Parser *p, NodeKind kind, Pos pos, Pos end) { return ast_new(p->arena, kind, pos, end); }

Node *new_ident(Parser *p, const Token *t) {
    Node *n = new_node(p, ND_IDENT, t->pos, t->end);
    n->ident.name = t->name;
    return n;
}

Node *new_literal(Parser *p, const Token *t) {
    Node *n = new_node(p, ND_BASIC_LIT, t->pos, t->end);
    n->flags = t->bad;
    n->lit.tok = t->kind;
    n->lit.text = p->src->text + (t->pos - p->src->base);
    n->lit.len = (int)(t->end - t->pos);
    return n;
}

Node *new_paren(Parser *p, const Token *open, Node *x, const Token *close) {
    Node *n = new_node(p, ND_PAREN, open->pos, close->end);
    n->paren.x = x;
    return n;
}

Node *new_func_lit(Parser *p, Node *type, Node *body) {
    Node *n = new_node(p, ND_FUNC_LIT, type->pos, body->end);
    n->func_lit.type = type;
    n->func_lit.body = body;
    return n;
}

/* Whether n can stand before the { of a composite literal. */
static bool is_literal_type(const Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT:
    case ND_SELECTOR:
    case ND_INDEX:
    case ND_ARRAY_TYPE:
    case ND_STRUCT_TYPE:
    case ND_MAP_TYPE: return true;
    default: return false;
    }
}

Node *new_composite(Parser *p, Node *type, const Token *open, ListStart elems, const Token *close) {
    Node *n = new_node(p, ND_COMPOSITE_LIT, type ? type->pos : open->pos, close->end);
    n->at = open->pos;
    n->composite.type = type;
    n->composite.elems = list_take(p, elems);
    n->composite.lbrace = open->pos;
    n->composite.rbrace = close->pos;
    if (type && !is_literal_type(ast_unparen(type))) unexpected(p, open, " at end of statement");
    else if (type && type->kind == ND_PAREN)
        syntax_error_at(p, open, "cannot parenthesize type in composite literal");
    return n;
}

Node *new_key_value(Parser *p, Node *key, const Token *colon, Node *value) {
    Node *n = new_node(p, ND_KEY_VALUE, key->pos, value->end);
    n->at = colon->pos;
    n->kv.key = key;
    n->kv.value = value;
    return n;
}

/* ---- operators ---- */

Node *new_unary(Parser *p, const Token *op, Node *x) {
    Node *n = new_node(p, ND_UNARY, op->pos, x->end);
    n->unary.op = op->kind;
    n->unary.x = x;
    return n;
}

Node *new_star(Parser *p, const Token *op, Node *x) {
    Node *n = new_node(p, ND_STAR, op->pos, x->end);
    n->star.x = x;
    return n;
}

Node *new_binary(Parser *p, Node *x, const Token *op, Node *y) {
    Node *n = new_node(p, ND_BINARY, x->pos, y->end);
    n->at = op->pos;
    n->binary.op = op->kind;
    n->binary.x = x;
    n->binary.y = y;
    return n;
}

/* <- before a channel type is part of the type, and the arrows of what follows move one to the left:
 * <-chan<- chan T  is  <-chan (<-chan T). */
static void reassociate_arrow(Parser *p, const Token *arrow, Node *type) {
    ChanDir dir = CHAN_SEND;
    Node *t = type;
    while (dir == CHAN_SEND && t->kind == ND_CHAN_TYPE) {
        dir = t->chan_type.dir;
        if (dir == CHAN_RECV) syntax_error_at(p, arrow, "unexpected <-, expected chan");
        t->chan_type.dir = CHAN_RECV;
        t = t->chan_type.elem;
    }
    if (dir == CHAN_SEND)
        syntax_error_at(p, arrow, "unexpected %s, expected chan", ast_expr_text(p->scratch, t));
    type->pos = type->chan_type.arrow = arrow->pos;
}

Node *new_receive(Parser *p, const Token *arrow, Node *x) {
    if (x->kind != ND_CHAN_TYPE) return new_unary(p, arrow, x);
    reassociate_arrow(p, arrow, x);
    return x;
}

/* ---- primary expressions ---- */

Node *new_selector(Parser *p, Node *x, const Token *sel) {
    Node *n = new_node(p, ND_SELECTOR, x->pos, sel->end);
    n->at = sel->pos;
    n->selector.x = x;
    n->selector.sel = new_ident(p, sel);
    return n;
}

Node *new_type_assert(Parser *p, Node *x, const Token *dot, Node *type, const Token *close) {
    Node *n = new_node(p, ND_TYPE_ASSERT, x->pos, close->end);
    n->at = dot->pos;
    n->assert_.x = x;
    n->assert_.type = type;
    return n;
}

Node *new_index(Parser *p, Node *x, const Token *open, ListStart indices, const Token *close) {
    Node *n = new_node(p, ND_INDEX, x->pos, close->end);
    n->at = open->pos;
    n->index.x = x;
    n->index.indices = list_take(p, indices);
    return n;
}

Node *new_empty_index(Parser *p, Node *x, const Token *open, const Token *close, const char *rest) {
    unexpected(p, close, rest);
    return new_index(p, x, open, list_one(p, new_node(p, ND_BAD_EXPR, close->pos, close->pos)), close);
}

Node *new_slice(Parser *p, Node *x, const Token *open, Node *lo, Node *hi, const Token *colon2, Node *max,
                const Token *close) {
    Node *n = new_node(p, ND_SLICE, x->pos, close->end);
    n->at = open->pos;
    n->slice.x = x;
    n->slice.lo = lo;
    n->slice.hi = hi;
    n->slice.max = max;
    n->slice.three = colon2 != NULL;
    if (colon2 && !hi) {
        plain_error(p, colon2->pos, colon2->end, "middle index required in 3-index slice");
        n->slice.hi = new_node(p, ND_BAD_EXPR, colon2->pos, colon2->pos);
    }
    if (colon2 && !max) {
        plain_error(p, close->pos, close->end, "final index required in 3-index slice");
        n->slice.max = new_node(p, ND_BAD_EXPR, close->pos, close->pos);
    }
    return n;
}

Node *new_call(Parser *p, Node *fun, const Token *open, ListStart args, const Token *dots, const Token *close) {
    Node *n = new_node(p, ND_CALL, fun->pos, close->end);
    n->at = open->pos;
    n->call.fun = fun;
    n->call.args = list_take(p, args);
    n->call.has_dots = dots != NULL;
    n->call.dots = dots ? dots->pos : NO_POS;
    n->call.rparen = close->pos;
    return n;
}

/* ---- Goo ---- */

Node *new_alloc_at(Parser *p, Node *x, const Token *at, Node *allocator) {
    Node *n = new_node(p, ND_AT, x->pos, allocator->end);
    n->at = at->pos;
    n->at_expr.x = x;
    n->at_expr.allocator = allocator;
    return n;
}

Node *new_propagate(Parser *p, Node *x, const Token *question, const Token *context) {
    Node *n = new_node(p, ND_PROPAGATE, x->pos, context ? context->end : question->end);
    n->at = question->pos;
    n->propagate.x = x;
    n->propagate.context = context ? new_literal(p, context) : NULL;
    return n;
}

Node *new_else(Parser *p, Node *x, const Token *els, const Token *name, Node *y) {
    Node *n = new_node(p, ND_ELSE_EXPR, x->pos, y->end);
    n->at = els->pos;
    n->else_expr.x = x;
    n->else_expr.bind = name ? new_ident(p, name) : NULL;
    *(name ? &n->else_expr.body : &n->else_expr.value) = y;
    return n;
}

/* The call of a go or defer statement, without the parentheses that must not be there. */
static Node *check_call(Parser *p, const Token *kw, Node *call) {
    const char *word = tok_spelling(kw->kind);
    if (call->kind == ND_PAREN) {
        plain_error(p, call->pos, call->end, "expression in %s must not be parenthesized", word);
        call = ast_unparen(call);
    }
    if (call->kind != ND_CALL && call->kind != ND_BAD_EXPR)
        plain_error(p, call->pos, call->end, "expression in %s must be function call", word);
    return call;
}

Node *new_go(Parser *p, const Token *go, ListStart attrs, Node *call) {
    Node *n = new_node(p, ND_GO_EXPR, go->pos, call->end);
    n->go_stmt.call = check_call(p, go, call);
    n->go_stmt.attrs = list_take(p, attrs);
    return n;
}

Node *new_defer(Parser *p, const Token *kw, Node *call) {
    Node *n = new_node(p, ND_DEFER, kw->pos, call->end);
    n->defer_stmt.call = check_call(p, kw, call);
    return n;
}
