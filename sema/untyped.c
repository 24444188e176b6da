/* untyped.c: from untyped expressions to their final types.
 *
 * An untyped expression is recorded in the tree with its untyped type. When context settles the type, it is
 * passed down (update_expr_type) to all operands that are still untyped: these are the operands of
 * non-constant expressions, such as the 1 in 1<<n, or the comparisons in a == b && c. Operands of constant
 * expressions stay as they are: nothing reads them again. The left operand of a non-constant shift is marked
 * (NODE_SHIFT_LHS) because it must turn out an integer. */
#include "sema/check.h"

static bool is_open(const Node *n) { return n && n->type && type_is_untyped(n->type); }

/* Whether the operands of a binary operation get their type from it. */
static bool shares_type(const Node *n) { return n->mode != EM_CONST && !is_comparison(n->binary.op); }

static void settle(Checker *c, Node *n, Type *t, bool final);

/* The operands of n, a binary operation, and the operations that it continues. */
static void update_chain(Checker *c, Node *n, Type *t, bool final) {
    if (!shares_type(n)) return;
    NodeList chain = ast_chain(c->arena, n);
    int first = chain.len - 1;
    while (first > 0 && is_open(chain.at[first - 1]) && shares_type(chain.at[first - 1])) first--;
    update_expr_type(c, chain.at[first]->binary.x, t, final);
    for (int i = first; i < chain.len; i++) {
        Node *op = chain.at[i];
        if (op->binary.op != TK_SHL && op->binary.op != TK_SHR) update_expr_type(c, op->binary.y, t, final);
        if (op != n) settle(c, op, t, final);
    }
}

/* Passes the type on to the operands that share it. */
static void update_operands(Checker *c, Node *n, Type *t, bool final) {
    switch ((NodeKind)n->kind) {
    case ND_PAREN: update_expr_type(c, n->paren.x, t, final); return;
    case ND_UNARY:
        if (n->mode != EM_CONST) update_expr_type(c, n->unary.x, t, final);
        return;
    case ND_BINARY: update_chain(c, n, t, final); return;
    default: return;
    }
}

/* Gives n itself the type. */
static void settle(Checker *c, Node *n, Type *t, bool final) {
    if (!final && type_is_untyped(t)) {
        n->type = t;
        return;
    }
    if ((n->flags & NODE_SHIFT_LHS) && !type_all_have(c->s, t, TP_INTEGER)) {
        err_at(c, n, "invalid operation: shifted operand %s (type %s) must be integer", expr_str(c, n),
               tstr(c, t));
        record_type(n, EM_INVALID, c->s->basic[BK_INVALID], NULL);
        return;
    }
    Operand x = {.mode = n->mode, .type = n->type, .value = n->value, .expr = n};
    ExprMode mode = x.mode;
    record_type(n, mode, t, n->value);
    if (mode != EM_CONST) return;
    convert_untyped(c, &x, t); /* the node has its final type now: this only checks and rounds */
    record_type(n, x.mode == EM_INVALID ? EM_INVALID : mode, x.mode == EM_INVALID ? x.type : t, x.value);
}

void update_expr_type(Checker *c, Node *n, Type *t, bool final) {
    if (!is_open(n)) return;
    update_operands(c, n, t, final);
    settle(c, n, t, final);
}

/* The larger kind of two untyped types: NULL when they do not mix. */
static Type *larger_untyped(Checker *c, Type *x, Type *y) {
    if (x == y) return x;
    if (!type_has(c->s, x, TP_NUMERIC) || !type_has(c->s, y, TP_NUMERIC)) return NULL;
    return x->basic.kind > y->basic.kind ? x : y;
}

/* May a non-constant untyped value (of a comparison or a shift) become basic type target? */
static bool untyped_value_fits(Checker *c, BasicKind k, Type *target) {
    switch (k) {
    case BK_UNTYPED_BOOL: return type_has(c->s, target, TP_BOOLEAN);
    case BK_UNTYPED_INT: case BK_UNTYPED_RUNE: case BK_UNTYPED_FLOAT: case BK_UNTYPED_COMPLEX:
        return type_has(c->s, target, TP_NUMERIC);
    case BK_UNTYPED_STRING: return type_has(c->s, target, TP_STRING);
    default: return false;
    }
}

static ConvFailure fits_type_param(Checker *c, Operand *x, Type *target) {
    TypeTerms terms;
    type_terms(c, target, &terms);
    for (int i = 0; i < terms.n; i++) {
        ConstVal *ignored;
        Type *result;
        if (untyped_result(c, x, type_under(c->s, terms.at[i].type), &result, &ignored) != CONV_OK)
            return CONV_IMPOSSIBLE;
    }
    return terms.n > 0 ? CONV_OK : CONV_IMPOSSIBLE;
}

ConvFailure untyped_result(Checker *c, Operand *x, Type *target, Type **result, ConstVal **value) {
    *result = x->type;
    *value = NULL;
    if (x->mode == EM_INVALID || !type_is_untyped(x->type) || !type_is_valid(target)) return CONV_OK;
    if (type_is_untyped(target)) {
        Type *larger = larger_untyped(c, x->type, target);
        if (larger) *result = larger;
        return larger ? CONV_OK : CONV_IMPOSSIBLE;
    }
    *result = target;
    if (x->mode == EM_NIL) return type_has_nil(c->s, target) ? CONV_OK : CONV_IMPOSSIBLE;
    Type *u = type_under(c->s, target);
    if (u->kind == TY_BASIC) {
        if (x->mode == EM_CONST) return const_representation(c, x, u, value);
        return untyped_value_fits(c, x->type->basic.kind, u) ? CONV_OK : CONV_IMPOSSIBLE;
    }
    if (u->kind != TY_INTERFACE) return CONV_IMPOSSIBLE;
    if (type_is_tparam(target)) return fits_type_param(c, x, target);
    if (!type_set_is_all(type_set(c->s, u))) return CONV_IMPOSSIBLE;
    *result = type_default(c->s, x->type); /* interfaces hold values of concrete types */
    return CONV_OK;
}

void settle_untyped(Checker *c, Operand *x, Type *t, ConstVal *value) {
    if (value) {
        x->value = value;
        if (x->expr && x->expr->type && type_is_untyped(x->expr->type)) x->expr->value = value;
    }
    if (t == x->type) return;
    x->type = t;
    update_expr_type(c, x->expr, t, false);
}

void convert_untyped(Checker *c, Operand *x, Type *target) {
    Type *t;
    ConstVal *value;
    ConvFailure why = untyped_result(c, x, target, &t, &value);
    if (why == CONV_OK) {
        settle_untyped(c, x, t, value);
        return;
    }
    report_conversion(c, why, x, type_is_tparam(target) ? target : type_under(c->s, target));
}
