/* check.c: branches, and the run-time checks that end in a panic.
 *
 * A check is a branch to a block of its own that calls the runtime and never comes back. The block is not shared:
 * its call carries the line of the check into stack traces. */
#include "codegen/gen.h"

static gcc_jit_rvalue *expect(Gen *g, gcc_jit_rvalue *cond, bool likely) {
    gcc_jit_type *t_long = gcc_jit_context_get_type(g->ctx, GCC_JIT_TYPE_LONG);
    gcc_jit_rvalue *args[] = {cond, gcc_jit_context_new_rvalue_from_int(g->ctx, t_long, likely)};
    gcc_jit_rvalue *r = gen_call_builtin(g, "__builtin_expect", args, 2);
    return gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_NE, r, gcc_jit_context_zero(g->ctx, t_long));
}

void gen_branch(Gen *g, gcc_jit_rvalue *cond, gcc_jit_block *yes, gcc_jit_block *no, int hint) {
    if (hint) cond = expect(g, cond, hint > 0);
    gcc_jit_block_end_with_conditional(g->cur, g->loc, cond, yes, no);
}

void gen_unreachable(Gen *g) {
    gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_unreachable", NULL, 0));
    gcc_jit_block_end_with_jump(g->cur, g->loc, g->cur); /* gccjit wants a terminator; never reached */
}

/* Goes on in a new block unless bad holds; otherwise panics through e. */
static void panic_if(Gen *g, gcc_jit_rvalue *bad, RtEntry e, gcc_jit_rvalue **args, int n) {
    gcc_jit_block *panic = gen_new_block(g), *ok = gen_new_block(g);
    gen_branch(g, bad, panic, ok, -1);
    g->cur = panic;
    gcc_jit_block_add_eval(g->cur, g->loc, gen_call_entry(g, e, args, n));
    gen_unreachable(g);
    g->cur = ok;
}

static gcc_jit_rvalue *compare(Gen *g, enum gcc_jit_comparison op, const IrVal *a, gcc_jit_rvalue *b, GenType *t) {
    return gcc_jit_context_new_comparison(g->ctx, g->loc, op, gen_val(g, a, t), b);
}

static void check_pair(Gen *g, const IrInstr *in, enum gcc_jit_comparison bad, RtEntry e) {
    gcc_jit_rvalue *args[] = {gen_val(g, &in->a, g->t_int), gen_val(g, &in->b, g->t_int)};
    panic_if(g, compare(g, bad, &in->a, gen_val(g, &in->b, g->t_u64), g->t_u64), e, args, 2);
}

/* A word of the heap's description (abi.h: RT_HEAP_BASE ...), as an integer. */
static gcc_jit_rvalue *heap_word(Gen *g, int word) {
    if (!g->rt_heap) {
        gcc_jit_type *words = gcc_jit_context_new_array_type(g->ctx, NULL, g->t_u64->t, RT_HEAP_WORDS);
        g->rt_heap = gcc_jit_context_new_global(g->ctx, NULL, GCC_JIT_GLOBAL_IMPORTED, words, "rt_heap");
    }
    gcc_jit_rvalue *index = gcc_jit_context_new_rvalue_from_int(g->ctx, g->t_i32->t, word);
    return gcc_jit_lvalue_as_rvalue(gcc_jit_context_new_array_access(g->ctx, g->loc, gcc_jit_lvalue_as_rvalue(g->rt_heap), index));
}

/* An address outside of the heap is a large offset from its base. */
static void check_live(Gen *g, const IrInstr *in) {
    gcc_jit_rvalue *p = gen_snapshot(g, gen_val(g, &in->a, g->t_ptr), g->t_ptr);
    gcc_jit_rvalue *at = gen_coerce(g, p, g->t_ptr, g->t_u64);
    gcc_jit_rvalue *off = gen_snapshot(g, gcc_jit_context_new_binary_op(g->ctx, g->loc, GCC_JIT_BINARY_OP_MINUS, g->t_u64->t, at, heap_word(g, RT_HEAP_BASE)), g->t_u64);
    gcc_jit_block *inside = gen_new_block(g), *after = gen_new_block(g);
    gen_branch(g, gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_LT, off, heap_word(g, RT_HEAP_USED)), inside, after, 0);
    g->cur = inside;
    gcc_jit_rvalue *page = gcc_jit_context_new_binary_op(g->ctx, g->loc, GCC_JIT_BINARY_OP_RSHIFT, g->t_u64->t, off, gen_int(g->t_u64, g, RT_HEAP_PAGE_SHIFT));
    gcc_jit_rvalue *flags = gcc_jit_context_new_cast(g->ctx, g->loc, gen_coerce(g, heap_word(g, RT_HEAP_FLAGS), g->t_u64, g->t_ptr), gcc_jit_type_get_pointer(g->t_u8->t));
    gcc_jit_rvalue *flag = gcc_jit_lvalue_as_rvalue(gcc_jit_context_new_array_access(g->ctx, g->loc, flags, page));
    gcc_jit_rvalue *guarded = gcc_jit_context_new_binary_op(g->ctx, g->loc, GCC_JIT_BINARY_OP_BITWISE_AND, g->t_u8->t, flag, gen_int(g->t_u8, g, RT_PAGE_GUARDED));
    gcc_jit_rvalue *bad = gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_NE, guarded, gen_zero(g, g->t_u8));
    panic_if(g, bad, RTE_rt_panic_stale, &p, 1);
    gcc_jit_block_end_with_jump(g->cur, g->loc, after);
    g->cur = after;
}

void gen_check(Gen *g, const IrInstr *in) {
    GenType *t;
    switch ((IrOp)in->op) {
    case IR_CHECK_NIL:
        panic_if(g, compare(g, GCC_JIT_COMPARISON_EQ, &in->a, gen_zero(g, g->t_ptr), g->t_ptr), RTE_rt_panic_nil, NULL, 0);
        return;
    case IR_CHECK_INDEX:
        check_pair(g, in, GCC_JIT_COMPARISON_GE, in->off ? RTE_rt_panic_index_u : RTE_rt_panic_index);
        return;
    case IR_CHECK_LE: check_pair(g, in, GCC_JIT_COMPARISON_GT, (RtEntry)in->off); return;
    case IR_CHECK_DIV:
        t = gen_val_type(g, &in->a);
        panic_if(g, compare(g, GCC_JIT_COMPARISON_EQ, &in->a, gen_zero(g, t), t), RTE_rt_panic_divide, NULL, 0);
        return;
    case IR_CHECK_SHIFT:
        t = gen_val_type(g, &in->a);
        panic_if(g, compare(g, GCC_JIT_COMPARISON_LT, &in->a, gen_zero(g, t), t), RTE_rt_panic_shift, NULL, 0);
        return;
    case IR_CHECK_LIVE: check_live(g, in); return;
    default: unreachable();
    }
}
