/* instr.c: one IR instruction after the other. Arithmetic, checks and calls have files of their own; here are data
 * movement, addresses and control flow. Instructions on values without size do nothing. */
#include "codegen/gen.h"

enum { INLINE_COPY_MAX = 128 }; /* bytes; larger objects are moved and cleared by a library call */

/* ---- data movement ---- */

static void gen_copy(Gen *g, const IrInstr *in) {
    GenType *t = gen_local(g, in->dst)->type;
    if (t->cls != GT_VOID) gen_assign(g, in->dst, gen_val(g, &in->a, t), t);
}

static void gen_load(Gen *g, const IrInstr *in) {
    GenType *t = gen_type(g, in->type);
    if (t->cls == GT_VOID) return;
    gcc_jit_rvalue *v = gcc_jit_lvalue_as_rvalue(gen_mem(g, &in->a, in->off, t));
    gen_assign(g, in->dst, v, t);
}

static void gen_store(Gen *g, const IrInstr *in) {
    GenType *t = gen_type(g, in->type);
    if (t->cls == GT_VOID) return;
    gcc_jit_rvalue *v = gen_val(g, &in->b, t);
    gcc_jit_block_add_assignment(g->cur, g->loc, gen_mem(g, &in->a, in->off, t), v);
}

static void gen_move(Gen *g, const IrInstr *in) {
    int64_t size = type_size(g->s, in->type);
    if (size == 0) return;
    if (size > INLINE_COPY_MAX) {
        gcc_jit_rvalue *args[] = {gen_addr(g, &in->a, 0), gen_addr(g, &in->b, 0), gen_int(g->t_u64, g, size)};
        gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_memmove", args, 3));
        return;
    }
    GenType *t = gen_type(g, in->type);
    gcc_jit_rvalue *v = gcc_jit_lvalue_as_rvalue(gen_mem(g, &in->b, 0, t));
    gcc_jit_block_add_assignment(g->cur, g->loc, gen_mem(g, &in->a, 0, t), v);
}

static void gen_clear(Gen *g, const IrInstr *in) {
    int64_t size = type_size(g->s, in->type);
    if (size == 0) return;
    if (size > INLINE_COPY_MAX) {
        gcc_jit_rvalue *args[] = {gen_addr(g, &in->a, in->off), gen_zero(g, g->t_i32), gen_int(g->t_u64, g, size)};
        gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_memset", args, 3));
        return;
    }
    GenType *t = gen_type(g, in->type);
    gcc_jit_block_add_assignment(g->cur, g->loc, gen_mem(g, &in->a, in->off, t), gen_zero(g, t));
}

static void gen_index(Gen *g, const IrInstr *in) {
    gcc_jit_rvalue *bytes = gen_val(g, &in->b, g->t_int);
    if (in->off != 1)
        bytes = gcc_jit_context_new_binary_op(g->ctx, g->loc, GCC_JIT_BINARY_OP_MULT, g->t_int->t, bytes, gen_int(g->t_int, g, in->off));
    gen_assign(g, in->dst, gen_offset(g, gen_addr(g, &in->a, 0), bytes), g->t_ptr);
}

static void gen_bitcast(Gen *g, const IrInstr *in) {
    GenType *from = gen_val_type(g, &in->a), *to = gen_local(g, in->dst)->type;
    gcc_jit_rvalue *v = gen_val(g, &in->a, from);
    if ((from->cls == GT_FLOAT) != (to->cls == GT_FLOAT)) v = gcc_jit_context_new_bitcast(g->ctx, g->loc, v, to->t);
    else v = gen_coerce(g, v, from, to);
    gen_assign(g, in->dst, v, to);
}

static void gen_select(Gen *g, const IrInstr *in) {
    GenType *t = gen_local(g, in->dst)->type;
    gcc_jit_block *yes = gen_new_block(g), *no = gen_new_block(g), *end = gen_new_block(g);
    gen_branch(g, gen_val(g, &in->a, g->t_bool), yes, no, 0);
    g->cur = yes;
    gen_assign(g, in->dst, gen_val(g, &in->b, t), t);
    gcc_jit_block_end_with_jump(g->cur, g->loc, end);
    g->cur = no;
    gen_assign(g, in->dst, gen_val(g, &in->c, t), t);
    gcc_jit_block_end_with_jump(g->cur, g->loc, end);
    g->cur = end;
}

/* ---- builtins ---- */

static void gen_frame_builtin(Gen *g, const IrInstr *in, const char *name) {
    gcc_jit_rvalue *level = gen_zero(g, g->t_u32);
    gen_assign(g, in->dst, gen_call_builtin(g, name, &level, 1), g->t_ptr);
}

/* ---- control flow ---- */

static void gen_switch(Gen *g, const IrBlock *b, const IrInstr *in) {
    GenType *t = gen_val_type(g, &in->a);
    gcc_jit_case **cases = NEW_ARRAY(g->arena, gcc_jit_case *, in->cases.n);
    for (int i = 0; i < in->cases.n; i++) {
        gcc_jit_rvalue *v = gen_int(t, g, in->cases.values[i]);
        cases[i] = gcc_jit_context_new_case(g->ctx, v, v, g->blocks[in->cases.targets[i]->id]);
    }
    gcc_jit_block_end_with_switch(g->cur, g->loc, gen_val(g, &in->a, t), g->blocks[b->succ[0]->id], in->cases.n, cases);
}

static void gen_return(Gen *g, const IrInstr *in) {
    GenType *t = gen_sym(g, g->f->sym)->sig.result;
    if (t->cls == GT_VOID) gcc_jit_block_end_with_void_return(g->cur, g->loc);
    else gcc_jit_block_end_with_return(g->cur, g->loc, gen_val(g, &in->a, t));
}

void gen_instr(Gen *g, const IrBlock *b, const IrInstr *in) {
    if (in->op == IR_NOP) return;
    /* Only what can call needs a position, and what may fault; a debugger wants all. */
    char effects = ir_ops[in->op].effects;
    bool faults = g->has_arenas && (effects == 'r' || effects == 'w');
    g->loc = effects == 'x' || faults || g->opt->debug ? gen_site(g, g->f, in) : NULL;
    switch ((IrOp)in->op) {
    case IR_NOP: return;
    case IR_COPY: gen_copy(g, in); return;
    case IR_LOAD: gen_load(g, in); return;
    case IR_STORE: gen_store(g, in); return;
    case IR_MOVE: gen_move(g, in); return;
    case IR_ZERO: gen_clear(g, in); return;
    case IR_OFFSET: gen_assign(g, in->dst, gen_addr(g, &in->a, in->off), g->t_ptr); return;
    case IR_INDEX: gen_index(g, in); return;
    case IR_ADD: case IR_SUB: case IR_MUL: case IR_DIV: case IR_REM: case IR_AND: case IR_OR: case IR_XOR:
    case IR_ANDNOT: case IR_SHL: case IR_SHR: case IR_NEG: case IR_COM: case IR_NOT:
    case IR_EQ: case IR_NE: case IR_LT: case IR_LE: case IR_GT: case IR_GE:
        gen_arith(g, in);
        return;
    case IR_SELECT: gen_select(g, in); return;
    case IR_CONV: gen_conv(g, in); return;
    case IR_BITCAST: gen_bitcast(g, in); return;
    case IR_MATH: case IR_ATOMIC: gen_intrinsic(g, in); return;
    case IR_FRAMEADDR: gen_frame_builtin(g, in, "__builtin_frame_address"); return;
    case IR_RETADDR: gen_frame_builtin(g, in, "__builtin_return_address"); return;
    case IR_GETG: gen_assign(g, in->dst, gen_rt_g(g), g->t_ptr); return;
    case IR_FENCE: gen_fence(g, NULL); return;
    case IR_SETJMP: gen_setjmp(g, in); return;
    case IR_CHECK_NIL: case IR_CHECK_INDEX: case IR_CHECK_LE: case IR_CHECK_DIV: case IR_CHECK_SHIFT:
        gen_check(g, in);
        return;
    case IR_NEW: case IR_RENEW: case IR_NEW_ARRAY: gen_alloc(g, in); return;
    case IR_CALL: case IR_CALL_PTR: case IR_CALL_RT: gen_call(g, in); return;
    case IR_JUMP: gcc_jit_block_end_with_jump(g->cur, g->loc, g->blocks[b->succ[0]->id]); return;
    case IR_BR:
        gen_branch(g, gen_val(g, &in->a, g->t_bool), g->blocks[b->succ[0]->id], g->blocks[b->succ[1]->id], in->off > 0 ? 1 : in->off < 0 ? -1 : 0);
        return;
    case IR_SWITCH: gen_switch(g, b, in); return;
    case IR_RET: gen_return(g, in); return;
    case IR_UNREACHABLE: gen_unreachable(g); return;
    case IR_OP_COUNT: break;
    }
    unreachable();
}
