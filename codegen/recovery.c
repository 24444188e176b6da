/* recovery.c: recovery points, to which control comes back after a panic (abi.h: RtFrame, RtRecovery).
 *
 * A function has one landing place for all of them: the receiver of a __builtin_setjmp that stands on a path of its own,
 * taken only when the runtime asks (runtime/recovery.c), which is told what the buffer holds: constants, relative to the
 * frame. Entering a recovery point so costs a few stores. GCC gives every call of the function an edge to the receiver, whether or not
 * the setjmp can be reached before it; so all variables are right there, at every level of optimisation. Behind the
 * receiver a switch goes to the recovery point that the runtime has named.
 *
 * Faults may end up there as well: ir/faults.c. An empty assembler statement that may change any memory is its FENCE;
 * one for each slot that has to be in memory, at the beginning, keeps GCC from taking that apart.
 *
 * The IR has an instruction SETJMP where each recovery point begins, whose result is 1 when control comes back: in the
 * IR's graph control comes from there, so that what dominates the recovery point dominates its clauses. */
#include "codegen/gen.h"

static const IrInstr *first_recovery_point(const IrFunc *f) {
    for (int i = 0; i < f->blocks.len && f->flags & IF_HAS_SETJMP; i++) {
        const IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].op == IR_SETJMP) return &b->instrs.at[j];
    }
    return NULL;
}

static void clear(Gen *g, const IrVal *addr, int64_t off) {
    gcc_jit_block_add_assignment(g->cur, g->loc, gen_mem(g, addr, off, g->t_ptr), gen_zero(g, g->t_ptr));
}

static gcc_jit_rvalue *new_buffer(Gen *g) {
    enum { WORDS = 5 };
    gcc_jit_type *t = gcc_jit_context_new_array_type(g->ctx, NULL, g->t_ptr->t, WORDS);
    gcc_jit_lvalue *lv = gcc_jit_function_new_local(g->fn, NULL, t, "landing");
    return gcc_jit_context_new_cast(g->ctx, NULL, gcc_jit_lvalue_get_address(lv, NULL), g->t_ptr->t);
}

static gcc_jit_rvalue *is_zero(Gen *g, gcc_jit_rvalue *v) {
    return gcc_jit_context_new_comparison(g->ctx, g->loc, GCC_JIT_COMPARISON_EQ, v,
                                          gcc_jit_context_zero(g->ctx, gcc_jit_rvalue_get_type(v)));
}

/* Which lists the RtFrame has: RtRecoveryKind. */
static int kinds_of(const IrFunc *f) {
    int kinds = 0;
    for (int i = 0; i < f->blocks.len; i++)
        for (int j = 0; j < f->blocks.at[i]->instrs.len; j++) {
            const IrInstr *in = &f->blocks.at[i]->instrs.at[j];
            if (in->op == IR_SETJMP) kinds |= in->off == 0 ? RK_DEFERS : RK_TRIES;
        }
    return kinds;
}

/* What a function does when it is asked where things are. */
static void answer(Gen *g, const IrInstr *point, int kinds) {
    gcc_jit_block *tell = gen_new_block(g);
    gcc_jit_rvalue *buffer = new_buffer(g), *level = gen_zero(g, g->t_u32);
    gcc_jit_rvalue *r = gen_call_builtin(g, "__builtin_setjmp", (gcc_jit_rvalue *[]){buffer}, 1);
    gen_branch(g, is_zero(g, r), tell, g->dispatch, 0);
    g->cur = tell;
    gcc_jit_rvalue *args[] = {gen_addr(g, &point->a, 0), buffer, gen_call_builtin(g, "__builtin_frame_address", &level, 1),
                              gen_addr(g, &point->b, 0), gen_int(g->t_u32, g, kinds)};
    gcc_jit_block_add_eval(g->cur, g->loc, gen_call_entry(g, RTE_rt_recovery_point, args, 5));
    gen_unreachable(g);
}

void gen_fence(Gen *g, gcc_jit_lvalue *in_memory) {
    if (g->opt->opt_level == 0) return;
    gcc_jit_extended_asm *fence = gcc_jit_block_add_extended_asm(g->cur, g->loc, "");
    gcc_jit_extended_asm_set_volatile_flag(fence, 1);
    if (in_memory) gcc_jit_extended_asm_add_output_operand(fence, NULL, "+m", in_memory);
    gcc_jit_extended_asm_add_clobber(fence, "memory");
}

static void put_in_memory(Gen *g) {
    for (int i = 0; i < g->f->locals.len; i++)
        if (g->f->locals.at[i].in_memory && gen_local(g, i)->type->cls != GT_VOID) gen_fence(g, gen_local(g, i)->lv);
}

void gen_begin_recovery(Gen *g) {
    const IrInstr *point = first_recovery_point(g->f);
    g->dispatch = NULL;
    g->landings.len = 0;
    if (!point) return;
    put_in_memory(g);
    gen_sym(g, g->f->sym)->recovery = point->a.sym;
    g->dispatch = gen_new_block(g);
    gcc_jit_block *asked = gen_new_block(g), *body = gen_new_block(g);
    int kinds = kinds_of(g->f);
    gen_branch(g, is_zero(g, gen_coerce(g, gen_rt_asking(g), g->t_ptr, g->t_u64)), body, asked, 1);
    g->cur = asked;
    answer(g, point, kinds);
    g->cur = body;
    if (kinds & RK_TRIES) clear(g, &point->b, offsetof(RtFrame, tries));
    if (kinds & RK_DEFERS) clear(g, &point->b, offsetof(RtFrame, defers));
}

void gen_end_recovery(Gen *g) {
    if (!g->dispatch) return;
    const IrInstr *point = first_recovery_point(g->f);
    gcc_jit_case **cases = NEW_ARRAY(g->arena, gcc_jit_case *, g->landings.len);
    for (int i = 1; i < g->landings.len; i++) {
        gcc_jit_rvalue *v = gen_int(g->t_int, g, g->landings.at[i].point);
        cases[i - 1] = gcc_jit_context_new_case(g->ctx, v, v, g->landings.at[i].block);
    }
    gcc_jit_rvalue *which = gcc_jit_lvalue_as_rvalue(gen_mem(g, &point->b, offsetof(RtFrame, point), g->t_int));
    gcc_jit_block_end_with_switch(g->dispatch, NULL, which, g->landings.at[0].block, g->landings.len - 1, cases);
}

void gen_setjmp(Gen *g, const IrInstr *in) {
    gcc_jit_block *back = gen_new_block(g), *on = gen_new_block(g);
    gen_assign(g, in->dst, gen_int(g->t_i32, g, 0), g->t_i32);
    gcc_jit_block_end_with_jump(g->cur, g->loc, on);
    g->cur = back;
    gen_assign(g, in->dst, gen_int(g->t_i32, g, 1), g->t_i32);
    for (int i = 0; i < in->kept.n; i++) {
        GenLocal *home = gen_local(g, in->kept.homes[i]);
        gen_assign(g, in->kept.locals[i], gcc_jit_lvalue_as_rvalue(home->lv), home->type);
    }
    gcc_jit_block_end_with_jump(g->cur, g->loc, on);
    g->cur = on;
    vec_push(g->arena, &g->landings, ((GenLanding){in->off, back}));
}
