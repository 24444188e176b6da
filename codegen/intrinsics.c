/* intrinsics.c: library functions that are instructions (ir/intrinsics.def), through GCC's builtins.
 *
 * Integers of 8 and 16 bits are counted as 64-bit ones. What would be undefined in a builtin, a count of zeros in 0,
 * is avoided by setting a bit that decides nothing otherwise. */
#include "codegen/gen.h"

enum { SEQ_CST = 5 }; /* __ATOMIC_SEQ_CST of the code being generated */

static gcc_jit_rvalue *binary(Gen *g, enum gcc_jit_binary_op op, gcc_jit_type *t, gcc_jit_rvalue *a, gcc_jit_rvalue *b) {
    return gcc_jit_context_new_binary_op(g->ctx, g->loc, op, t, a, b);
}

static gcc_jit_rvalue *cast(Gen *g, gcc_jit_rvalue *v, gcc_jit_type *to) {
    return gcc_jit_context_new_cast(g->ctx, g->loc, v, to);
}

/* ---- atomic operations ---- */

static const char *atomic_builtin(IrIntrinsic op) {
    switch (op) {
    case II_LOAD: return "__atomic_load_";
    case II_STORE: return "__atomic_store_";
    case II_SWAP: return "__atomic_exchange_";
    case II_ADD: return "__atomic_add_fetch_";
    case II_AND: return "__atomic_fetch_and_";
    case II_OR: return "__atomic_fetch_or_";
    case II_CAS: return "__sync_bool_compare_and_swap_";
    default: unreachable();
    }
}

static void gen_atomic(Gen *g, const IrInstr *in, IrIntrinsic op) {
    int64_t size = type_size(g->s, in->type);
    GenType *word = size == 4 ? g->t_u32 : g->t_u64;
    gcc_jit_rvalue *args[4] = {gen_addr(g, &in->a, 0)};
    int n = ir_intrinsics[op].operands;
    if (n > 1) args[1] = gen_val(g, &in->b, word);
    if (n > 2) args[2] = gen_val(g, &in->c, word);
    if (op != II_CAS) args[n++] = gen_int(g->t_i32, g, SEQ_CST);
    gcc_jit_rvalue *r = gen_call_builtin(g, arena_printf(g->arena, "%s%d", atomic_builtin(op), (int)size), args, n);
    GenType *result = op == II_CAS ? g->t_bool : word;
    if (in->dst < 0 || op == II_STORE) gcc_jit_block_add_eval(g->cur, g->loc, r);
    if (in->dst < 0) return;
    if (op == II_STORE) gen_assign(g, in->dst, gen_zero(g, word), word); /* StoreReluintptr has a result that nobody uses */
    else gen_assign(g, in->dst, gen_snapshot(g, cast(g, r, result->t), result), result);
}

/* ---- bits ---- */

static gcc_jit_rvalue *count_zeros(Gen *g, const char *builtin, gcc_jit_rvalue *x) {
    return cast(g, gen_call_builtin(g, builtin, &x, 1), g->t_int->t);
}

/* 64 - clz(x | 1), less one when x is 0. */
static gcc_jit_rvalue *length(Gen *g, gcc_jit_rvalue *x) {
    gcc_jit_type *t = g->t_int->t;
    gcc_jit_rvalue *one = gen_int(g->t_u64, g, 1);
    gcc_jit_rvalue *zeros = count_zeros(g, "__builtin_clzll", binary(g, GCC_JIT_BINARY_OP_BITWISE_OR, g->t_u64->t, x, one));
    gcc_jit_rvalue *is_zero = gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_EQ, x, gen_zero(g, g->t_u64));
    zeros = binary(g, GCC_JIT_BINARY_OP_PLUS, t, zeros, cast(g, is_zero, t));
    return binary(g, GCC_JIT_BINARY_OP_MINUS, t, gen_int(g->t_int, g, 64), zeros);
}

static gcc_jit_rvalue *trailing_zeros(Gen *g, gcc_jit_rvalue *x, int64_t bits) {
    gcc_jit_type *t = g->t_int->t;
    int64_t end = bits < 64 ? bits : 63;
    gcc_jit_rvalue *stop = gen_int(g->t_u64, g, (int64_t)((uint64_t)1 << end));
    gcc_jit_rvalue *zeros = count_zeros(g, "__builtin_ctzll", binary(g, GCC_JIT_BINARY_OP_BITWISE_OR, g->t_u64->t, x, stop));
    if (bits < 64) return zeros;
    gcc_jit_rvalue *is_zero = gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_EQ, x, gen_zero(g, g->t_u64));
    return binary(g, GCC_JIT_BINARY_OP_PLUS, t, zeros, cast(g, is_zero, t));
}

static void gen_count(Gen *g, const IrInstr *in, IrIntrinsic op) {
    int64_t bits = 8 * type_size(g->s, in->type);
    GenType *t = gen_type(g, in->type);
    gcc_jit_rvalue *x = gen_snapshot(g, cast(g, gen_val(g, &in->a, t), g->t_u64->t), g->t_u64), *r;
    if (op == II_TRAILING_ZEROS) r = trailing_zeros(g, x, bits);
    else r = length(g, x);
    if (op == II_LEADING_ZEROS) r = binary(g, GCC_JIT_BINARY_OP_MINUS, g->t_int->t, gen_int(g->t_int, g, bits), r);
    gen_assign(g, in->dst, r, g->t_int);
}

/* x << n | x >> -n, counts modulo the size: GCC knows this for a rotation. */
static void gen_rotate(Gen *g, const IrInstr *in) {
    GenType *t = gen_type(g, in->type);
    gcc_jit_rvalue *mask = gen_int(t, g, t->size * 8 - 1);
    gcc_jit_rvalue *x = gen_snapshot(g, gen_val(g, &in->a, t), t);
    gcc_jit_rvalue *n = gen_snapshot(g, cast(g, gen_val(g, &in->b, g->t_int), t->t), t);
    gcc_jit_rvalue *back = gcc_jit_context_new_unary_op(g->ctx, g->loc, GCC_JIT_UNARY_OP_MINUS, t->t, n);
    gcc_jit_rvalue *left = binary(g, GCC_JIT_BINARY_OP_LSHIFT, t->t, x, binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, t->t, n, mask));
    gcc_jit_rvalue *right = binary(g, GCC_JIT_BINARY_OP_RSHIFT, t->t, x, binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, t->t, back, mask));
    gen_assign(g, in->dst, binary(g, GCC_JIT_BINARY_OP_BITWISE_OR, t->t, left, right), t);
}

static void gen_reverse_bytes(Gen *g, const IrInstr *in) {
    GenType *t = gen_type(g, in->type);
    gcc_jit_rvalue *x = gen_val(g, &in->a, t);
    const char *name = arena_printf(g->arena, "__builtin_bswap%d", (int)t->size * 8);
    gen_assign(g, in->dst, cast(g, gen_call_builtin(g, name, &x, 1), t->t), t);
}

/* ---- arithmetic of two words ---- */

static void store_word(Gen *g, const IrInstr *in, int64_t off, gcc_jit_rvalue *v) {
    IrVal slot = {.kind = IV_SLOT, .local = in->dst};
    gcc_jit_block_add_assignment(g->cur, g->loc, gen_mem(g, &slot, off, g->t_u64), v);
}

static void gen_wide(Gen *g, const IrInstr *in, IrIntrinsic op) {
    gcc_jit_type *wide = gcc_jit_context_get_type(g->ctx, GCC_JIT_TYPE_UINT128_T), *word = g->t_u64->t;
    gcc_jit_rvalue *x = cast(g, gen_val(g, &in->a, g->t_u64), wide), *y = cast(g, gen_val(g, &in->b, g->t_u64), wide);
    enum gcc_jit_binary_op operation = op == II_MUL_WIDE ? GCC_JIT_BINARY_OP_MULT
                                       : op == II_ADD_CARRY ? GCC_JIT_BINARY_OP_PLUS : GCC_JIT_BINARY_OP_MINUS;
    gcc_jit_rvalue *v = binary(g, operation, wide, x, y);
    if (op != II_MUL_WIDE) v = binary(g, operation, wide, v, cast(g, gen_val(g, &in->c, g->t_u64), wide));
    gcc_jit_lvalue *temp = gcc_jit_function_new_local(g->fn, NULL, wide, arena_printf(g->arena, "t%d", g->temps++));
    gcc_jit_block_add_assignment(g->cur, g->loc, temp, v);
    v = gcc_jit_lvalue_as_rvalue(temp);
    gcc_jit_rvalue *half = gcc_jit_context_new_rvalue_from_int(g->ctx, wide, 64);
    gcc_jit_rvalue *low = cast(g, v, word), *high = cast(g, binary(g, GCC_JIT_BINARY_OP_RSHIFT, wide, v, half), word);
    if (op == II_SUB_BORROW) high = binary(g, GCC_JIT_BINARY_OP_BITWISE_AND, word, high, gen_int(g->t_u64, g, 1));
    store_word(g, in, 0, op == II_MUL_WIDE ? high : low);
    store_word(g, in, 8, op == II_MUL_WIDE ? low : high);
}

/* ---- floating point ---- */

static void gen_float(Gen *g, const IrInstr *in, IrIntrinsic op) {
    const char *name = op == II_SQRT ? "__builtin_sqrt" : op == II_ABS ? "__builtin_fabs" : "__builtin_copysign";
    gcc_jit_rvalue *args[2] = {gen_val(g, &in->a, g->t_f64)};
    int n = ir_intrinsics[op].operands;
    if (n > 1) args[1] = gen_val(g, &in->b, g->t_f64);
    gen_assign(g, in->dst, gen_call_builtin(g, name, args, n), g->t_f64);
}

void gen_intrinsic(Gen *g, const IrInstr *in) {
    IrIntrinsic op = (IrIntrinsic)in->off;
    switch (op) {
    case II_LOAD: case II_STORE: case II_SWAP: case II_ADD: case II_AND: case II_OR: case II_CAS:
        gen_atomic(g, in, op);
        return;
    case II_SQRT: case II_ABS: case II_COPYSIGN: gen_float(g, in, op); return;
    case II_MUL_WIDE: case II_ADD_CARRY: case II_SUB_BORROW: gen_wide(g, in, op); return;
    case II_LEN: case II_LEADING_ZEROS: case II_TRAILING_ZEROS: gen_count(g, in, op); return;
    case II_ROTATE: gen_rotate(g, in); return;
    case II_REVERSE_BYTES: gen_reverse_bytes(g, in); return;
    case II_COUNT: break;
    }
    unreachable();
}
