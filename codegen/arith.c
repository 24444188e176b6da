/* arith.c: arithmetic, comparison and conversion with Go's results where C leaves them open.
 *
 * Overflow wraps (-fwrapv). Shifts by the width or more are made of a masked shift and a mask, without branches, as
 * GCC then removes what a known count makes superfluous. MIN / -1 branches around the trapping instruction.
 * Conversions from floating point follow Go's compiler for this architecture, out of range included. */
#include "codegen/gen.h"

#include <math.h>

static gcc_jit_rvalue *binary(Gen *g, enum gcc_jit_binary_op op, GenType *t, gcc_jit_rvalue *a, gcc_jit_rvalue *b) {
    return gcc_jit_context_new_binary_op(g->ctx, g->loc, op, t->t, a, b);
}

static gcc_jit_rvalue *unary(Gen *g, enum gcc_jit_unary_op op, GenType *t, gcc_jit_rvalue *a) {
    return gcc_jit_context_new_unary_op(g->ctx, g->loc, op, t->t, a);
}

static gcc_jit_rvalue *compare(Gen *g, enum gcc_jit_comparison op, gcc_jit_rvalue *a, gcc_jit_rvalue *b) {
    return gcc_jit_context_new_comparison(g->ctx, g->loc, op, a, b);
}

static gcc_jit_rvalue *cast(Gen *g, gcc_jit_rvalue *v, GenType *to) {
    return gcc_jit_context_new_cast(g->ctx, g->loc, v, to->t);
}

static GenType *int_type(Gen *g, int64_t size, bool is_signed) {
    if (size <= 4) return is_signed ? g->t_i32 : g->t_u32;
    return is_signed ? g->t_int : g->t_u64;
}

/* ---- shifts ---- */

/* All ones when cond, else zero. */
static gcc_jit_rvalue *mask_of(Gen *g, gcc_jit_rvalue *cond, GenType *t) {
    return unary(g, GCC_JIT_UNARY_OP_MINUS, t, cast(g, cond, t));
}

static gcc_jit_rvalue *shift_by_constant(Gen *g, bool left, GenType *w, gcc_jit_rvalue *a, uint64_t count) {
    uint64_t bits = (uint64_t)w->size * 8;
    if (count >= bits && (left || !w->is_signed)) return gen_zero(g, w);
    if (count >= bits) count = bits - 1;
    return binary(g, left ? GCC_JIT_BINARY_OP_LSHIFT : GCC_JIT_BINARY_OP_RSHIFT, w, a, gen_int(w, g, (int64_t)count));
}

/* A count of any type, as an unsigned number of 64 bits in a local. */
static gcc_jit_rvalue *shift_count(Gen *g, const IrVal *b) {
    GenType *bt = gen_val_type(g, b);
    gcc_jit_rvalue *v = gen_val(g, b, bt);
    if (!bt->is_signed && bt->size <= 4) return gen_snapshot(g, cast(g, v, g->t_u32), g->t_u32);
    return gen_snapshot(g, cast(g, v, g->t_u64), g->t_u64);
}

static gcc_jit_rvalue *shift_by_variable(Gen *g, bool left, GenType *w, gcc_jit_rvalue *a, const IrVal *b) {
    GenType *ct = gen_val_type(g, b);
    ct = !ct->is_signed && ct->size <= 4 ? g->t_u32 : g->t_u64;
    gcc_jit_rvalue *n = shift_count(g, b);
    int64_t last = w->size * 8 - 1;
    gcc_jit_rvalue *fits = compare(g, GCC_JIT_COMPARISON_LE, n, gen_int(ct, g, last));
    if (!left && w->is_signed) {
        gcc_jit_rvalue *too_far = compare(g, GCC_JIT_COMPARISON_GT, n, gen_int(ct, g, last));
        n = binary(g, GCC_JIT_BINARY_OP_BITWISE_OR, ct, n, mask_of(g, too_far, ct));
    }
    n = cast(g, binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, ct, n, gen_int(ct, g, last)), w);
    gcc_jit_rvalue *r = binary(g, left ? GCC_JIT_BINARY_OP_LSHIFT : GCC_JIT_BINARY_OP_RSHIFT, w, a, n);
    if (!left && w->is_signed) return r;
    return binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, w, r, mask_of(g, fits, w));
}

static gcc_jit_rvalue *shift(Gen *g, const IrInstr *in, GenType *t) {
    bool left = in->op == IR_SHL;
    GenType *w = int_type(g, t->size, t->is_signed);
    gcc_jit_rvalue *a = cast(g, gen_val(g, &in->a, t), w);
    gcc_jit_rvalue *r = in->b.kind == IV_INT ? shift_by_constant(g, left, w, a, (uint64_t)in->b.imm)
                        : in->b.kind == IV_ZERO ? a : shift_by_variable(g, left, w, a, &in->b);
    return cast(g, r, t);
}

/* ---- division ---- */

static bool is_int_const(const IrVal *v) { return v->kind == IV_INT; }

/* Signed a / b or a % b where b may be -1: then the result is -a or 0, and the instruction, which traps for the most
 * negative a, is not reached. */
static void divide_signed(Gen *g, const IrInstr *in, enum gcc_jit_binary_op op, GenType *t) {
    gcc_jit_rvalue *a = gen_snapshot(g, gen_val(g, &in->a, t), t), *b = gen_snapshot(g, gen_val(g, &in->b, t), t);
    gcc_jit_block *minus_one = gen_new_block(g), *normal = gen_new_block(g), *end = gen_new_block(g);
    gen_branch(g, compare(g, GCC_JIT_COMPARISON_EQ, b, gen_int(t, g, -1)), minus_one, normal, -1);
    g->cur = minus_one;
    gen_assign(g, in->dst, op == GCC_JIT_BINARY_OP_DIVIDE ? unary(g, GCC_JIT_UNARY_OP_MINUS, t, a) : gen_zero(g, t), t);
    gcc_jit_block_end_with_jump(g->cur, g->loc, end);
    g->cur = normal;
    gen_assign(g, in->dst, binary(g, op, t, a, b), t);
    gcc_jit_block_end_with_jump(g->cur, g->loc, end);
    g->cur = end;
}

static void divide(Gen *g, const IrInstr *in, GenType *t) {
    enum gcc_jit_binary_op op = in->op == IR_DIV ? GCC_JIT_BINARY_OP_DIVIDE : GCC_JIT_BINARY_OP_MODULO;
    gcc_jit_rvalue *a = gen_val(g, &in->a, t), *b = gen_val(g, &in->b, t);
    if (t->cls == GT_FLOAT || !t->is_signed || (is_int_const(&in->b) && in->b.imm != -1 && in->b.imm != 0)) {
        gen_assign(g, in->dst, binary(g, op, t, a, b), t);
    } else if (t->size < 4) { /* the quotient of wider numbers cannot overflow */
        gen_assign(g, in->dst, cast(g, binary(g, op, g->t_i32, cast(g, a, g->t_i32), cast(g, b, g->t_i32)), t), t);
    } else {
        divide_signed(g, in, op, t);
    }
}

/* ---- dispatch ---- */

static const struct { bool used; enum gcc_jit_binary_op op; } binary_ops[IR_OP_COUNT] = {
    [IR_ADD] = {true, GCC_JIT_BINARY_OP_PLUS}, [IR_SUB] = {true, GCC_JIT_BINARY_OP_MINUS},
    [IR_MUL] = {true, GCC_JIT_BINARY_OP_MULT}, [IR_AND] = {true, GCC_JIT_BINARY_OP_BITWISE_AND},
    [IR_OR] = {true, GCC_JIT_BINARY_OP_BITWISE_OR}, [IR_XOR] = {true, GCC_JIT_BINARY_OP_BITWISE_XOR},
};

static const struct { bool used; enum gcc_jit_comparison op; } comparisons[IR_OP_COUNT] = {
    [IR_EQ] = {true, GCC_JIT_COMPARISON_EQ}, [IR_NE] = {true, GCC_JIT_COMPARISON_NE},
    [IR_LT] = {true, GCC_JIT_COMPARISON_LT}, [IR_LE] = {true, GCC_JIT_COMPARISON_LE},
    [IR_GT] = {true, GCC_JIT_COMPARISON_GT}, [IR_GE] = {true, GCC_JIT_COMPARISON_GE},
};

static gcc_jit_rvalue *other_arith(Gen *g, const IrInstr *in, GenType *t) {
    gcc_jit_rvalue *a = gen_val(g, &in->a, t);
    switch ((IrOp)in->op) {
    case IR_NEG: return unary(g, GCC_JIT_UNARY_OP_MINUS, t, a);
    case IR_COM: return unary(g, GCC_JIT_UNARY_OP_BITWISE_NEGATE, t, a);
    case IR_NOT: return unary(g, GCC_JIT_UNARY_OP_LOGICAL_NEGATE, t, a);
    case IR_ANDNOT:
        return binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, t, a,
                      unary(g, GCC_JIT_UNARY_OP_BITWISE_NEGATE, t, gen_val(g, &in->b, t)));
    case IR_SHL: case IR_SHR: return shift(g, in, t);
    default: unreachable();
    }
}

void gen_arith(Gen *g, const IrInstr *in) {
    GenType *t = in->op == IR_NOT ? g->t_bool : gen_type(g, in->type);
    if (comparisons[in->op].used) {
        gcc_jit_rvalue *r = compare(g, comparisons[in->op].op, gen_val(g, &in->a, t), gen_val(g, &in->b, t));
        gen_assign(g, in->dst, r, g->t_bool);
    } else if (binary_ops[in->op].used) {
        gen_assign(g, in->dst, binary(g, binary_ops[in->op].op, t, gen_val(g, &in->a, t), gen_val(g, &in->b, t)), t);
    } else if (in->op == IR_DIV || in->op == IR_REM) {
        divide(g, in, t);
    } else {
        gen_assign(g, in->dst, other_arith(g, in, t), t);
    }
}

/* ---- conversions ---- */

#ifdef __aarch64__
#define FLOAT_REGISTER "+w"
#else
#define FLOAT_REGISTER "+x"
#endif

/* The float v, in a way that GCC cannot look through: an empty assembler statement stands between. */
static gcc_jit_rvalue *opaque_float(Gen *g, gcc_jit_rvalue *v, GenType *t) {
    if (g->opt->opt_level == 0) return v;
    gcc_jit_lvalue *local = gen_temp(g, t);
    gcc_jit_block_add_assignment(g->cur, g->loc, local, v);
    gcc_jit_extended_asm *keep = gcc_jit_block_add_extended_asm(g->cur, g->loc, "");
    gcc_jit_extended_asm_add_output_operand(keep, NULL, FLOAT_REGISTER, local);
    return gcc_jit_lvalue_as_rvalue(local);
}

/* What the conversion instructions of amd64 give: the most negative number when x does not fit. */
static int64_t float_to_int(double x, int bits) {
    double limit = ldexp(1, bits - 1);
    if (x > -limit - 1 && x < limit) return (int64_t)x;
    return bits == 32 ? INT32_MIN : INT64_MIN;
}

static uint64_t float_to_uint64(double x) {
    double limit = ldexp(1, 63);
    if (!(x >= limit)) return (uint64_t)float_to_int(x, 64);
    return (uint64_t)float_to_int(x - limit, 64) | (UINT64_C(1) << 63);
}

/* A float converts to small integers by way of 32 bits, to uint32 by way of 64; to uint64 in two ranges. GCC emits
 * the same instructions for variables, but saturates constants: those are folded here, and kept from its eyes where
 * they only turn out later. */
static gcc_jit_rvalue *float_to_integer(Gen *g, const IrInstr *in, GenType *from, GenType *to) {
    GenType *via = to->size < 4 || (to->size == 4 && to->is_signed) ? g->t_i32 : to->size == 4 ? g->t_int : to;
    if (in->a.kind == IV_FLOAT) {
        int64_t v = via->is_signed ? float_to_int(in->a.flt, (int)via->size * 8) : (int64_t)float_to_uint64(in->a.flt);
        return cast(g, gen_int(via, g, v), to);
    }
    return cast(g, cast(g, opaque_float(g, gen_val(g, &in->a, from), from), via), to);
}

/* float64 to float32. GCC 12 drops the rounding when its vectoriser pairs it with a conversion back to float64. */
static gcc_jit_rvalue *narrow_float(Gen *g, const IrInstr *in, GenType *from, GenType *to) {
    return opaque_float(g, gen_coerce(g, gen_val(g, &in->a, from), from, to), to);
}

void gen_conv(Gen *g, const IrInstr *in) {
    GenType *from = gen_type(g, in->a.type), *to = gen_type(g, in->type); /* a's type may differ in sign from its local's */
    if (from->cls == GT_FLOAT && to->cls == GT_INT) {
        gen_assign(g, in->dst, float_to_integer(g, in, from, to), to);
    } else if (from->cls == GT_FLOAT && to->cls == GT_FLOAT && to->size < from->size) {
        gen_assign(g, in->dst, narrow_float(g, in, from, to), to);
    } else {
        gen_assign(g, in->dst, gen_coerce(g, gen_val(g, &in->a, from), from, to), to);
    }
}
