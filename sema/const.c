/* const.c: constant operands: do they fit their types?
 *
 * A constant is representable in a basic type when its value, rounded for floats, is a value of the type
 * (section "Representability" of the specification). Typed constants are checked after every operation,
 * untyped integers only against the limit of 512 bits. Failures are told apart because their messages differ.
 */
#include "sema/check.h"

enum { MAX_UNTYPED_BITS = 512 };

typedef struct IntRange { uint8_t bits; bool is_signed; } IntRange;

/* bits == 0: no limit. */
static IntRange int_range(BasicKind k) {
    switch (k) {
    case BK_INT8: return (IntRange){8, true};
    case BK_INT16: return (IntRange){16, true};
    case BK_INT32: return (IntRange){32, true};
    case BK_INT: case BK_INT64: return (IntRange){64, true};
    case BK_UINT8: return (IntRange){8, false};
    case BK_UINT16: return (IntRange){16, false};
    case BK_UINT32: return (IntRange){32, false};
    case BK_UINT: case BK_UINT64: case BK_UINTPTR: return (IntRange){64, false};
    default: return (IntRange){0, true};
    }
}

static bool fits_int(const ConstVal *v, IntRange r) {
    int64_t i;
    uint64_t u;
    if (r.bits == 0) return true;
    if (cv_int64(v, &i)) {
        if (r.is_signed)
            return r.bits == 64 || (i >= -((int64_t)1 << (r.bits - 1)) && i < (int64_t)1 << (r.bits - 1));
        return i >= 0 && (r.bits == 64 || i < (int64_t)1 << r.bits);
    }
    return !r.is_signed && r.bits == 64 && cv_uint64(v, &u);
}

/* v rounded to the precision of a float type, or NULL when it overflows. */
static ConstVal *round_float(Checker *c, ConstVal *v, bool single) {
    return single ? cv_round_float32(c->arena, v) : cv_round_float64(c->arena, v);
}

static ConstVal *as_float(Checker *c, ConstVal *v, BasicKind k) {
    v = cv_to_float(c->arena, v);
    if (!v || k == BK_UNTYPED_FLOAT) return v;
    return round_float(c, v, k == BK_FLOAT32);
}

static ConstVal *as_complex(Checker *c, ConstVal *v, BasicKind k) {
    v = cv_to_complex(c->arena, v);
    if (!v || k == BK_UNTYPED_COMPLEX) return v;
    ConstVal *re = round_float(c, cv_real(c->arena, v), k == BK_COMPLEX64);
    ConstVal *im = round_float(c, cv_imag(c->arena, v), k == BK_COMPLEX64);
    return re && im ? cv_complex(c->arena, re, im) : NULL;
}

/* v as a value of basic type t, or NULL. */
static ConstVal *as_basic(Checker *c, ConstVal *v, Type *t) {
    unsigned props = t->basic.props;
    BasicKind k = t->basic.kind;
    if (props & TP_INTEGER) {
        v = cv_to_int(c->arena, v);
        return v && fits_int(v, int_range(k)) ? v : NULL;
    }
    if (props & TP_FLOAT) return as_float(c, v, k);
    if (props & TP_COMPLEX) return as_complex(c, v, k);
    if (props & TP_STRING) return cv_kind(v) == CV_STRING ? v : NULL;
    if (props & TP_BOOLEAN) return cv_kind(v) == CV_BOOL ? v : NULL;
    return NULL;
}

bool representable(Checker *c, ConstVal *v, Type *basic, ConstVal **rounded) {
    if (const_is_unknown(v)) return true; /* an error was reported where it arose */
    ConstVal *r = as_basic(c, v, type_under(c->s, basic));
    if (r && rounded) *rounded = r;
    return r != NULL;
}

ConvFailure const_representation(Checker *c, Operand *x, Type *basic, ConstVal **value) {
    *value = x->value;
    if (representable(c, x->value, basic, value)) return CONV_OK;
    if (!type_has(c->s, x->type, TP_NUMERIC) || !type_has(c->s, basic, TP_NUMERIC)) return CONV_IMPOSSIBLE;
    bool to_int = !type_has(c->s, x->type, TP_INTEGER) && type_has(c->s, basic, TP_INTEGER);
    return to_int ? CONV_TRUNCATED : CONV_OVERFLOW;
}

void report_conversion(Checker *c, ConvFailure why, Operand *x, Type *target) {
    const char *what = operand_str(c, x), *to = tstr(c, target);
    switch (why) {
    case CONV_TRUNCATED: err_at(c, x->expr, "%s truncated to %s", what, to); break;
    case CONV_OVERFLOW: err_at(c, x->expr, "%s overflows %s", what, to); break;
    case CONV_OK: case CONV_IMPOSSIBLE: err_at(c, x->expr, "cannot convert %s to type %s", what, to); break;
    }
    x->mode = EM_INVALID;
}

void check_representable(Checker *c, Operand *x, Type *basic) {
    ConstVal *v;
    ConvFailure why = const_representation(c, x, basic, &v);
    if (why != CONV_OK) report_conversion(c, why, x, basic);
    else x->value = v;
}

/* What messages call the operation of n, when it is one that can overflow; "" otherwise. */
static const char *overflow_name(const Node *n) {
    if (!n) return "";
    if (n->kind == ND_UNARY) return n->unary.op == TK_XOR ? "bitwise complement " : "";
    if (n->kind != ND_BINARY) return "";
    switch (n->binary.op) {
    case TK_ADD: return "addition ";
    case TK_SUB: return "subtraction ";
    case TK_XOR: return "bitwise XOR ";
    case TK_MUL: return "multiplication ";
    case TK_SHL: return "shift ";
    default: return "";
    }
}

void check_overflow(Checker *c, Operand *x, Pos op_pos) {
    if (const_is_unknown(x->value)) {
        err_pos(c, op_pos, "constant result is not representable");
        x->value = cv_unknown(c->arena);
        return;
    }
    if (!type_is_untyped(x->type)) {
        check_representable(c, x, type_under(c->s, x->type));
        return;
    }
    if (cv_kind(x->value) == CV_INT && cv_bit_len(x->value) > MAX_UNTYPED_BITS) {
        err_pos(c, op_pos, "constant %soverflow", overflow_name(x->expr));
        x->value = cv_unknown(c->arena);
    }
}
