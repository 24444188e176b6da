/* binary.c: unary and binary operators, shifts and comparisons.
 *
 * Operands that are both constant give a constant. Untyped operands are first converted to the type of the
 * other side (match_types). A non-constant shift with an untyped constant on its left has no type of its own:
 * it takes the one its context wants, see untyped.c. */
#include "sema/check.h"

bool is_comparison(TokKind op) {
    return op == TK_EQL || op == TK_NEQ || op == TK_LSS || op == TK_LEQ || op == TK_GTR || op == TK_GEQ;
}

/* The types a unary or binary operator is defined on; 0: not an operator. */
static unsigned operator_props(TokKind op, bool binary) {
    switch (op) {
    case TK_ADD: return TP_NUMERIC | (binary ? TP_STRING : 0);
    case TK_SUB: return TP_NUMERIC;
    case TK_MUL: case TK_QUO: return binary ? TP_NUMERIC : 0;
    case TK_REM: case TK_AND: case TK_OR: case TK_AND_NOT: return binary ? TP_INTEGER : 0;
    case TK_XOR: return TP_INTEGER;
    case TK_LAND: case TK_LOR: return binary ? TP_BOOLEAN : 0;
    case TK_NOT: return binary ? 0 : TP_BOOLEAN;
    default: return 0;
    }
}

static bool check_operator(Checker *c, Operand *x, TokKind op, bool binary) {
    if (type_all_have(c->s, x->type, operator_props(op, binary))) return true;
    err_at(c, x->expr, "invalid operation: operator %s not defined on %s", tok_spelling(op),
           operand_str(c, x));
    x->mode = EM_INVALID;
    return false;
}

/* ---- unary ---- */

static void check_address(Checker *c, Operand *x, Node *n) {
    Node *inner = ast_unparen(n->unary.x);
    if (inner->kind != ND_COMPOSITE_LIT && x->mode != EM_VAR) {
        err_at(c, x->expr, "invalid operation: cannot take address of %s", operand_str(c, x));
        x->mode = EM_INVALID;
        return;
    }
    note_address(c, inner);
    set_value(x, EM_VALUE, type_new_pointer(c->s, x->type));
}

static void check_receive(Checker *c, Operand *x) {
    Type *u = type_core(c->s, x->type);
    const char *what = operand_str(c, x);
    bool ok = false;
    if (!u)
        err_at(c, x->expr, "invalid operation: cannot receive from %s (no core type)", what);
    else if (u->kind != TY_CHAN)
        err_at(c, x->expr, "invalid operation: cannot receive from non-channel %s", what);
    else if (u->chan.dir == CHAN_SEND)
        err_at(c, x->expr, "invalid operation: cannot receive from send-only channel %s", what);
    else
        ok = true;
    if (!ok) {
        x->mode = EM_INVALID;
        return;
    }
    set_value(x, EM_COMMA_OK, u->chan.elem);
    c->env.has_call_or_recv = true;
}

static void fold_unary(Checker *c, Operand *x, Node *n, TokKind op) {
    if (const_is_unknown(x->value)) return;
    bool is_unsigned = type_has(c->s, x->type, TP_UNSIGNED);
    unsigned bits = is_unsigned ? (unsigned)(type_size(c->s, x->type) * 8) : 0;
    x->value = cv_unary(c->arena, op, x->value, bits);
    x->expr = n;
    check_overflow(c, x, n->at);
}

void check_unary(Checker *c, Operand *x, Node *n) {
    TokKind op = n->unary.op;
    check_expr(c, x, n->unary.x);
    if (x->mode == EM_INVALID) return;
    if (op == TK_AND) {
        check_address(c, x, n);
        return;
    }
    if (op == TK_ARROW) {
        check_receive(c, x);
        return;
    }
    if (op == TK_TILDE) {
        bool is_int = type_all_have(c->s, x->type, TP_INTEGER);
        err_at(c, n, "cannot use ~ outside of interface or type constraint%s",
               is_int ? " (use ^ for bitwise complement)" : "");
        x->mode = EM_INVALID;
        return;
    }
    if (!check_operator(c, x, op, false)) return;
    if (x->mode == EM_CONST)
        fold_unary(c, x, n, op);
    else
        x->mode = EM_VALUE;
}

/* ---- shifts ---- */

enum { MAX_CONST_SHIFT = 1023 - 1 + 52 }; /* enough to write the smallest float64 */

/* Checks the shift count y; on success *value is its integer value when it is constant. */
static bool check_shift_count(Checker *c, Operand *y, ConstVal **value) {
    *value = NULL;
    if (y->mode == EM_CONST) {
        *value = const_is_unknown(y->value) ? NULL : cv_to_int(c->arena, y->value);
        if (*value && cv_sign(*value) < 0) {
            err_at(c, y->expr, "invalid operation: negative shift count %s", operand_str(c, y));
            return false;
        }
        if (type_is_untyped(y->type)) {
            check_representable(c, y, c->s->basic[BK_UINT]);
            return y->mode != EM_INVALID;
        }
        if (type_has(c->s, y->type, TP_INTEGER) || *value) return true; /* an integral float will do */
    } else if (type_all_have(c->s, y->type, TP_INTEGER)) {
        if (type_all_have(c->s, y->type, TP_UNSIGNED) || allow_version(c, y->expr, "go1.13")) return true;
        const char *what =
            arena_printf(c->arena, "invalid operation: signed shift count %s", operand_str(c, y));
        return verify_version(c, y->expr, "go1.13", what);
    } else if (type_is_untyped(y->type)) {
        convert_untyped(c, y, c->s->basic[BK_UINT]);
        return y->mode != EM_INVALID;
    }
    err_at(c, y->expr, "invalid operation: shift count %s must be integer", operand_str(c, y));
    return false;
}

/* Both operands are constant; xval and yval are their integer values, NULL when unknown. */
static void fold_shift(Checker *c, Operand *x, Operand *y, ConstVal *xval, ConstVal *yval, Node *n,
                       TokKind op) {
    uint64_t count = 0;
    bool known = xval && yval;
    if (known && (!cv_uint64(yval, &count) || count > MAX_CONST_SHIFT)) {
        err_at(c, y->expr, "invalid operation: invalid shift count %s", operand_str(c, y));
        x->mode = EM_INVALID;
        return;
    }
    if (!type_has(c->s, x->type, TP_INTEGER)) x->type = c->s->basic[BK_UNTYPED_INT]; /* 2.0 << 1 */
    if (!known) {
        x->value = cv_unknown(c->arena);
        return;
    }
    x->value = cv_shift(c->arena, op, xval, (unsigned long)count);
    x->expr = n;
    check_overflow(c, x, n->at);
}

/* Gives a constant count of a shift that is not constant an integer type. */
static void settle_shift_count(Checker *c, Operand *y, ConstVal *value) {
    if (y->mode != EM_CONST || !value) return;
    if (type_is_untyped(y->type))
        update_expr_type(c, y->expr, c->s->basic[BK_UINT], true);
    else if (!type_has(c->s, y->type, TP_INTEGER))
        record_type(y->expr, EM_CONST, c->s->basic[BK_UINT], value);
}

static void check_shift(Checker *c, Operand *x, Operand *y, Node *n, TokKind op) {
    ConstVal *xval = NULL, *yval;
    bool unknown = x->mode == EM_CONST && const_is_unknown(x->value);
    if (x->mode == EM_CONST && !unknown) xval = cv_to_int(c->arena, x->value);
    bool untyped = type_is_untyped(x->type);
    if (!type_all_have(c->s, x->type, TP_INTEGER) && !(untyped && (xval || unknown))) {
        err_at(c, x->expr, "invalid operation: shifted operand %s must be integer", operand_str(c, x));
        x->mode = EM_INVALID;
        return;
    }
    if (!check_shift_count(c, y, &yval)) {
        x->mode = EM_INVALID;
        return;
    }
    if (x->mode == EM_CONST && y->mode == EM_CONST) {
        fold_shift(c, x, y, xval, yval, n, op);
        return;
    }
    settle_shift_count(c, y, yval);
    if (x->mode == EM_CONST && untyped) {
        if (x->expr->type && type_is_untyped(x->expr->type)) x->expr->flags |= NODE_SHIFT_LHS;
    } else if (!type_all_have(c->s, x->type, TP_INTEGER)) {
        err_at(c, x->expr, "invalid operation: shifted operand %s must be integer", operand_str(c, x));
        x->mode = EM_INVALID;
        return;
    }
    x->mode = EM_VALUE;
}

/* ---- comparisons ---- */

/* Why values of type t cannot be compared with ==; NULL when there is no better reason than the type. */
static const char *incomparable_cause(Checker *c, Type *t) {
    Type *u = type_under(c->s, t);
    if (u->kind == TY_SLICE || u->kind == TY_FUNC || u->kind == TY_MAP)
        return arena_printf(c->arena, "%s can only be compared to nil", kind_str(c, t));
    const char *reason = NULL;
    type_comparable(c->s, t, true, &reason);
    return reason;
}

static bool nil_comparison_ok(Checker *c, Operand *x, Operand *y) {
    return type_has_nil(c->s, x->mode == EM_NIL ? y->type : x->type);
}

/* The operand that makes x op y impossible, and why (*cause may stay NULL); NULL when it is possible. */
static Operand *comparison_fault(Checker *c, Operand *x, Operand *y, TokKind op, const char **cause) {
    if (!assignable(c, x, y->type, NULL) && !assignable(c, y, x->type, NULL)) {
        *cause = arena_printf(c->arena, "mismatched types %s and %s", tstr(c, x->type), tstr(c, y->type));
        return y;
    }
    if (op != TK_EQL && op != TK_NEQ) {
        if (!type_all_have(c->s, x->type, TP_ORDERED)) return x;
        return type_all_have(c->s, y->type, TP_ORDERED) ? NULL : y;
    }
    if (x->mode == EM_NIL || y->mode == EM_NIL) return nil_comparison_ok(c, x, y) ? NULL : y;
    Operand *fault = !type_comparable(c->s, x->type, true, NULL)   ? x
                     : !type_comparable(c->s, y->type, true, NULL) ? y
                                                                   : NULL;
    if (fault) *cause = incomparable_cause(c, fault->type);
    return fault;
}

static void report_comparison(Checker *c, Operand *x, Operand *y, TokKind op, Operand *fault,
                              const char *cause, bool switch_case) {
    if (!cause && (type_is_tparam(x->type) || type_is_tparam(y->type))) {
        fault = type_is_tparam(x->type) ? fault : y;
        cause = arena_printf(c->arena, "type parameter %s is not comparable with %s", tstr(c, fault->type),
                             tok_spelling(op));
    } else if (!cause) {
        cause = arena_printf(c->arena, "operator %s not defined on %s", tok_spelling(op),
                             kind_str(c, fault->type));
    }
    const char *xs = expr_str(c, x->expr), *ys = expr_str(c, y->expr);
    if (switch_case)
        err_at(c, x->expr, "invalid case %s in switch on %s (%s)", xs, ys, cause);
    else
        err_at(c, fault->expr, "invalid operation: %s %s %s (%s)", xs, tok_spelling(op), ys, cause);
}

static void compare(Checker *c, Operand *x, Operand *y, TokKind op, bool switch_case) {
    const char *cause = NULL;
    if (!type_is_valid(x->type) || !type_is_valid(y->type)) {
        x->mode = EM_INVALID;
        return;
    }
    Operand *fault = comparison_fault(c, x, y, op, &cause);
    if (fault) {
        report_comparison(c, x, y, op, fault, cause, switch_case);
        x->mode = EM_INVALID;
        return;
    }
    if (x->mode == EM_CONST && y->mode == EM_CONST) {
        bool unknown = const_is_unknown(x->value) || const_is_unknown(y->value);
        x->value = unknown ? cv_unknown(c->arena) : cv_bool(c->arena, cv_compare(op, x->value, y->value));
    } else {
        x->mode = EM_VALUE;
        update_expr_type(c, x->expr, type_default(c->s, x->type), true);
        update_expr_type(c, y->expr, type_default(c->s, y->type), true);
    }
    x->type = c->s->basic[BK_UNTYPED_BOOL];
}

void check_comparison(Checker *c, Operand *x, Operand *y, TokKind op) { compare(c, x, y, op, false); }

void check_case_comparison(Checker *c, Operand *x, Operand *y) { compare(c, x, y, TK_EQL, true); }

/* ---- binary ---- */

/* Whether converting an untyped one of x and y to the other's type is worth trying; if not, the types
 * mismatch. */
static bool may_convert(Checker *c, Operand *x, Operand *y) {
    Sema *s = c->s;
    if (!type_is_untyped(x->type) && !type_is_untyped(y->type)) return false;
    if (type_is_interface(s, x->type) || type_is_interface(s, y->type)) return true;
    if (type_all_have(c->s, x->type, TP_BOOLEAN) != type_all_have(c->s, y->type, TP_BOOLEAN)) return false;
    if (type_all_have(c->s, x->type, TP_STRING) != type_all_have(c->s, y->type, TP_STRING)) return false;
    if (x->mode == EM_NIL) return type_has_nil(c->s, y->type);
    if (y->mode == EM_NIL) return type_has_nil(c->s, x->type);
    return !type_is_kind(s, x->type, TY_POINTER) && !type_is_kind(s, y->type, TY_POINTER);
}

void match_types(Checker *c, Operand *x, Operand *y) {
    if (!may_convert(c, x, y)) return;
    convert_untyped(c, x, y->type);
    if (x->mode == EM_INVALID) return;
    convert_untyped(c, y, x->type);
    if (y->mode == EM_INVALID) x->mode = EM_INVALID;
}

static bool is_zero_divisor(Checker *c, Operand *x, Operand *y) {
    if (y->mode != EM_CONST || const_is_unknown(y->value)) return false;
    bool is_int = type_all_have(c->s, x->type, TP_INTEGER);
    if ((x->mode == EM_CONST || is_int) && cv_sign(y->value) == 0) return true;
    if (x->mode != EM_CONST || !type_has(c->s, x->type, TP_COMPLEX)) return false;
    /* Complex division divides by re*re + im*im, which may be zero although y is not. */
    ConstVal *re = cv_real(c->arena, y->value), *im = cv_imag(c->arena, y->value);
    re = cv_binary(c->arena, TK_MUL, re, re, false);
    im = cv_binary(c->arena, TK_MUL, im, im, false);
    return cv_sign(re) == 0 && cv_sign(im) == 0;
}

static void fold_binary(Checker *c, Operand *x, Operand *y, Node *n, TokKind op) {
    if (const_is_unknown(x->value) || const_is_unknown(y->value)) {
        x->value = cv_unknown(c->arena);
        return;
    }
    x->value = cv_binary(c->arena, op, x->value, y->value, type_has(c->s, x->type, TP_INTEGER));
    if (n) x->expr = n;
    check_overflow(c, x, n ? n->at : x->expr->pos);
}

static void report_mismatch(Checker *c, Operand *x, Operand *y, Node *n, Node *lhs, Node *rhs, TokKind op) {
    if (!type_is_valid(x->type) || !type_is_valid(y->type)) return;
    const char *what =
        n ? expr_str(c, n)
          : arena_printf(c->arena, "%s %s= %s", expr_str(c, lhs), tok_spelling(op), expr_str(c, rhs));
    err_at(c, x->expr, "invalid operation: %s (mismatched types %s and %s)", what, tstr(c, x->type),
           tstr(c, y->type));
}

/* The operands are evaluated. n is NULL when the operation is implicit in an assignment such as lhs += rhs.
 */
static void check_arithmetic(Checker *c, Operand *x, Operand *y, Node *n, Node *lhs, Node *rhs, TokKind op) {
    if (!type_identical(c->s, x->type, y->type)) {
        report_mismatch(c, x, y, n, lhs, rhs, op);
        x->mode = EM_INVALID;
        return;
    }
    if (!check_operator(c, x, op, true)) return;
    if ((op == TK_QUO || op == TK_REM) && is_zero_divisor(c, x, y)) {
        err_at(c, y->expr, "invalid operation: division by zero");
        x->mode = EM_INVALID;
        return;
    }
    if (x->mode == EM_CONST && y->mode == EM_CONST)
        fold_binary(c, x, y, n, op);
    else
        x->mode = EM_VALUE;
}

/* x is lhs evaluated. n is NULL when the operation is implicit in an assignment. */
static void check_operation(Checker *c, Operand *x, Node *n, Node *lhs, Node *rhs, TokKind op) {
    Operand y;
    check_expr(c, &y, rhs);
    if (x->mode == EM_INVALID) return;
    if (y.mode == EM_INVALID) {
        x->mode = EM_INVALID;
        x->expr = y.expr;
        return;
    }
    if (op == TK_SHL || op == TK_SHR) {
        check_shift(c, x, &y, n ? n : lhs, op);
        return;
    }
    match_types(c, x, &y);
    if (x->mode == EM_INVALID) return;
    if (is_comparison(op))
        check_comparison(c, x, &y, op);
    else
        check_arithmetic(c, x, &y, n, lhs, rhs, op);
}

void check_assign_op(Checker *c, Operand *x, Node *lhs, Node *rhs, TokKind op) {
    check_expr(c, x, lhs);
    check_operation(c, x, NULL, lhs, rhs, op);
}

void check_binary(Checker *c, Operand *x, Node *n) {
    NodeList chain = ast_chain(c->arena, n);
    check_expr(c, x, chain.at[0]->binary.x);
    for (int i = 0; i < chain.len; i++) {
        Node *op = chain.at[i];
        check_operation(c, x, op, op->binary.x, op->binary.y, op->binary.op);
        if (op == n) return;
        x->expr = op;
        record(c, x);
    }
}
