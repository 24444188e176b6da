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
    default: unreachable();
    }
}
