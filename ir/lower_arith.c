/* lower_arith.c: arithmetic, shifts and complex numbers.
 *
 * Integers wrap at their width and floats round to their type: the instructions do that. Added here are the checks
 * of divisors and of signed shift counts, which constants make superfluous, and the parts of complex operations.
 * Products of complex64 are computed in float64, as gc does, to lose less to cancellation. */
#include "ir/lower.h"

/* ---- complex numbers ---- */

Type *lw_complex_elem(Lower *l, Type *t) { return type_size(l->s, t) == 8 ? l->t_float32 : l->t_float64; }

IrVal lw_complex_part(Builder *b, IrVal v, Type *t, int i) {
    Type *elem = lw_complex_elem(b->l, t);
    if (v.kind == IV_ZERO) return iv_float(elem, 0);
    return lw_part(b, v, elem, i * lw_size(b, elem));
}

static IrVal to_float(Builder *b, IrVal v, Type *t) {
    if (v.type == t) return v;
    if (v.kind == IV_FLOAT) return iv_float(t, t == b->l->t_float32 ? (double)(float)v.flt : v.flt);
    return lw_temp(b, IR_CONV, t, t, v, iv_none());
}

static IrVal arith(Builder *b, IrOp op, Type *t, IrVal x, IrVal y) { return lw_temp(b, op, t, t, x, y); }

/* The four parts of two operands, in float64. */
typedef struct Parts { IrVal a, b, c, d; } Parts;

static Parts wide_parts(Builder *b, Type *t, IrVal x, IrVal y) {
    Type *wide = b->l->t_float64;
    IrVal p[4];
    for (int i = 0; i < 4; i++) p[i] = to_float(b, lw_complex_part(b, i < 2 ? x : y, t, i & 1), wide);
    return (Parts){p[0], p[1], p[2], p[3]};
}

static IrVal narrow_complex(Builder *b, Type *t, IrVal re, IrVal im) {
    Type *elem = lw_complex_elem(b->l, t);
    re = to_float(b, re, elem);
    return lw_make2(b, t, re, to_float(b, im, elem));
}

static IrVal complex_mul(Builder *b, Type *t, IrVal x, IrVal y) {
    Type *w = b->l->t_float64;
    Parts p = wide_parts(b, t, x, y);
    IrVal ac = arith(b, IR_MUL, w, p.a, p.c), bd = arith(b, IR_MUL, w, p.b, p.d);
    IrVal ad = arith(b, IR_MUL, w, p.a, p.d), bc = arith(b, IR_MUL, w, p.b, p.c);
    IrVal re = arith(b, IR_SUB, w, ac, bd);
    return narrow_complex(b, t, re, arith(b, IR_ADD, w, ad, bc));
}

static IrVal complex_div(Builder *b, Type *t, IrVal x, IrVal y) {
    Type *wide = b->l->t_complex128;
    Parts p = wide_parts(b, t, x, y);
    IrVal q = LW_RT(b, rt_complex_div, wide, p.a, p.b, p.c, p.d);
    return narrow_complex(b, t, lw_complex_part(b, q, wide, 0), lw_complex_part(b, q, wide, 1));
}

static IrVal complex_binary(Builder *b, TokKind op, Type *t, IrVal x, IrVal y) {
    if (op == TK_MUL) return complex_mul(b, t, x, y);
    if (op == TK_QUO) return complex_div(b, t, x, y);
    Type *elem = lw_complex_elem(b->l, t);
    IrOp o = op == TK_ADD ? IR_ADD : IR_SUB;
    IrVal re = arith(b, o, elem, lw_complex_part(b, x, t, 0), lw_complex_part(b, y, t, 0));
    return lw_make2(b, t, re, arith(b, o, elem, lw_complex_part(b, x, t, 1), lw_complex_part(b, y, t, 1)));
}

/* ---- integers and floats ---- */

static IrOp binary_op(TokKind op) {
    switch (op) {
    case TK_ADD: return IR_ADD;
    case TK_SUB: return IR_SUB;
    case TK_MUL: return IR_MUL;
    case TK_QUO: return IR_DIV;
    case TK_REM: return IR_REM;
    case TK_AND: return IR_AND;
    case TK_OR: return IR_OR;
    case TK_XOR: return IR_XOR;
    case TK_AND_NOT: return IR_ANDNOT;
    case TK_SHL: return IR_SHL;
    case TK_SHR: return IR_SHR;
    default: unreachable();
    }
}

static IrVal shift(Builder *b, TokKind op, Type *t, IrVal x, IrVal count, Type *count_type) {
    bool is_const = count.kind == IV_INT || count.kind == IV_ZERO;
    if (!is_const && !type_has(b->l->s, count_type, TP_UNSIGNED)) {
        IrInstr *in = lw_emit(b, IR_CHECK_SHIFT);
        in->a = count;
        in->type = count_type;
    }
    return arith(b, binary_op(op), t, x, count);
}

static void check_divisor(Builder *b, Type *t, IrVal y) {
    if (y.kind == IV_INT && y.imm != 0) return;
    IrInstr *in = lw_emit(b, IR_CHECK_DIV);
    in->a = y;
    in->type = t;
}

IrVal lw_binary(Builder *b, TokKind op, Type *t, IrVal x, IrVal y, Type *y_type) {
    if (op == TK_SHL || op == TK_SHR) return shift(b, op, t, x, y, y_type);
    Type *u = lw_under(b->l, t);
    check(u->kind == TY_BASIC);
    if (u->basic.props & TP_STRING) return lw_concat_values(b, t, (IrVal[]){x, y}, 2, NULL);
    if (u->basic.props & TP_COMPLEX) return complex_binary(b, op, t, x, y);
    if ((op == TK_QUO || op == TK_REM) && (u->basic.props & TP_INTEGER)) check_divisor(b, t, y);
    return arith(b, binary_op(op), t, x, y);
}

IrVal lw_unary(Builder *b, TokKind op, Type *t, IrVal x) {
    switch (op) {
    case TK_ADD: return x;
    case TK_XOR: return lw_temp(b, IR_COM, t, t, x, iv_none());
    case TK_SUB: break;
    default: unreachable();
    }
    if (!type_has(b->l->s, t, TP_COMPLEX)) return lw_temp(b, IR_NEG, t, t, x, iv_none());
    Type *elem = lw_complex_elem(b->l, t);
    IrVal re = lw_temp(b, IR_NEG, elem, elem, lw_complex_part(b, x, t, 0), iv_none());
    IrVal im = lw_temp(b, IR_NEG, elem, elem, lw_complex_part(b, x, t, 1), iv_none());
    return lw_make2(b, t, re, im);
}
