/* lower_order.c: the order in which the operands of an operation are evaluated.
 *
 * The specification orders calls, receives and logical operators from left to right, but leaves open when variables
 * are read relative to them. gc makes two passes: the first evaluates calls (and a few other things) of a statement
 * into temporaries, the second reads variables, checks indices and computes. Programs rely on that, such as
 * `return v, decode(&v)`, so it is done here the same way.
 *
 * lw_order is the first pass over one operand: it evaluates the calls in it and keeps each result in Builder.ready
 * under the call's node. Lowering the operand later takes a kept result in place of evaluating the node again; an
 * entry serves once. Operands that nothing with a call follows need no first pass. */
#include "ir/lower.h"

/* ---- what has calls ---- */

static bool any_calls(const NodeList *list) {
    for (int i = 0; i < list->len; i++)
        if (lw_has_calls(list->at[i])) return true;
    return false;
}

/* A builtin that only computes from its arguments, or allocates. */
static bool is_pure_builtin(const Node *call) {
    switch (call->builtin - 1) {
    case BI_LEN: case BI_CAP: case BI_MAKE: case BI_NEW: case BI_MIN: case BI_MAX: case BI_COMPLEX: case BI_REAL:
    case BI_IMAG: case BI_UNSAFE_ADD: case BI_UNSAFE_ALIGNOF: case BI_UNSAFE_OFFSETOF: case BI_UNSAFE_SIZEOF:
    case BI_UNSAFE_SLICE: case BI_UNSAFE_SLICE_DATA: case BI_UNSAFE_STRING: case BI_UNSAFE_STRING_DATA:
        return true;
    default: return false;
    }
}

static bool is_conversion(const Node *call) { return call->call.fun->mode == EM_TYPE; }

bool lw_has_calls(const Node *n) {
    for (; n && ast_continues_chain(n) && n->mode != EM_CONST; n = n->binary.x)
        if (lw_has_calls(n->binary.y)) return true;
    if (!n || n->mode == EM_CONST || n->mode == EM_TYPE) return false;
    switch ((NodeKind)n->kind) {
    case ND_PAREN: return lw_has_calls(n->paren.x);
    case ND_SELECTOR: return lw_has_calls(n->selector.x);
    case ND_STAR: return lw_has_calls(n->star.x);
    case ND_UNARY: return n->unary.op == TK_ARROW || lw_has_calls(n->unary.x);
    case ND_BINARY: return lw_has_calls(n->binary.x) || lw_has_calls(n->binary.y);
    case ND_INDEX: return lw_has_calls(n->index.x) || any_calls(&n->index.indices);
    case ND_SLICE:
        return lw_has_calls(n->slice.x) || lw_has_calls(n->slice.lo) || lw_has_calls(n->slice.hi) ||
               lw_has_calls(n->slice.max);
    case ND_TYPE_ASSERT: return lw_has_calls(n->assert_.x);
    case ND_COMPOSITE_LIT: return any_calls(&n->composite.elems);
    case ND_KEY_VALUE: return lw_has_calls(n->kv.key) || lw_has_calls(n->kv.value);
    case ND_CALL: return !(is_conversion(n) || is_pure_builtin(n)) || any_calls(&n->call.args);
    case ND_AT: case ND_PROPAGATE: case ND_ELSE_EXPR: case ND_GO_EXPR: return true;
    default: return false;
    }
}

/* ---- evaluating ahead ---- */

static void keep(Builder *b, Node *n) {
    IrVal *v = NEW(b->l->arena, IrVal);
    *v = lw_snapshot(b, lw_expr(b, n));
    ptrmap_put(b->l->arena, &b->ready, n, v);
}

IrVal *lw_take_ready(Builder *b, Node *n) {
    if (b->ready.len == 0) return NULL;
    IrVal *v = ptrmap_get(&b->ready, n);
    if (v) ptrmap_put(b->l->arena, &b->ready, n, NULL);
    return v;
}

/* Conversions from strings to slices copy what they convert: gc does that at once. */
static bool is_copying_conversion(Builder *b, const Node *call) {
    Type *to = lw_under(b->l, lw_type_of(b, call));
    return to->kind == TY_SLICE && lw_under(b->l, lw_type_of(b, call->call.args.at[0]))->kind == TY_BASIC;
}

static void order_call(Builder *b, Node *n) {
    if (is_conversion(n) && !is_copying_conversion(b, n)) lw_order(b, n->call.args.at[0]);
    else keep(b, n);
}

/* Elements of maps are stored one by one, each key and value before the next: that is done as a whole. */
static void order_composite(Builder *b, Node *n) {
    Type *u = lw_under(b->l, lw_type_of(b, n));
    if (u->kind == TY_POINTER) u = lw_under(b->l, lw_type(b, u->pointer.elem));
    if (u->kind == TY_MAP) {
        keep(b, n);
        return;
    }
    for (int i = 0; i < n->composite.elems.len; i++) {
        Node *e = n->composite.elems.at[i];
        lw_order(b, e->kind == ND_KEY_VALUE ? e->kv.value : e);
    }
}

static void order_chain(Builder *b, Node *n) {
    NodeList chain = lw_chain(b, n);
    lw_order(b, chain.at[0]->binary.x);
    for (int i = 0; i < chain.len; i++) lw_order(b, chain.at[i]->binary.y);
}

static bool is_logical(const Node *n) { return n->binary.op == TK_LAND || n->binary.op == TK_LOR; }

static void order_kind(Builder *b, Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_PAREN: lw_order(b, n->paren.x); return;
    case ND_SELECTOR: lw_order(b, n->selector.x); return;
    case ND_STAR: lw_order(b, n->star.x); return;
    case ND_UNARY:
        if (n->unary.op == TK_ARROW) keep(b, n);
        else lw_order(b, n->unary.x);
        return;
    case ND_BINARY:
        if (is_logical(n)) keep(b, n);
        else order_chain(b, n);
        return;
    case ND_INDEX:
        if (n->type && n->type->kind == TY_FUNC && n->index.indices.at[0]->mode == EM_TYPE) return; /* f[int] */
        lw_order(b, n->index.x);
        lw_order(b, n->index.indices.at[0]);
        return;
    case ND_SLICE: case ND_TYPE_ASSERT: case ND_AT: case ND_PROPAGATE: case ND_ELSE_EXPR: case ND_GO_EXPR:
        keep(b, n);
        return;
    case ND_COMPOSITE_LIT: order_composite(b, n); return;
    case ND_CALL: order_call(b, n); return;
    default: return;
    }
}

void lw_order(Builder *b, Node *n) {
    if (!n || n->mode == EM_CONST || n->mode == EM_TYPE || n->mode == EM_NIL) return;
    order_kind(b, n);
}

void lw_order_list(Builder *b, Node **list, int n) {
    int last = n - 1;
    while (last > 0 && !lw_has_calls(list[last])) last--;
    if (last <= 0) return;
    for (int i = 0; i <= last; i++) lw_order(b, list[i]);
}
