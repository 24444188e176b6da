/* call.c: calls, by the convention of abi.h, and allocation.
 *
 * A symbol has one signature per shard: that of its definition, or of its first call. A call that sees the callee
 * differently (a plain function called as a closure body) goes through a cast address, which GCC turns into the
 * same direct call. */
#include "codegen/gen.h"

#include <string.h>

/* ---- arguments ---- */

typedef struct Args {
    gcc_jit_rvalue **at;
    int n;
} Args;

static void add_slice(Gen *g, Args *args, const IrVal *v) {
    if (v->kind == IV_ZERO) {
        args->at[args->n++] = gen_zero(g, g->t_ptr);
        args->at[args->n++] = gen_zero(g, g->t_int);
        args->at[args->n++] = gen_zero(g, g->t_int);
        return;
    }
    gcc_jit_rvalue *s = gen_val(g, v, g->t_slice);
    for (int i = 0; i < 3; i++) args->at[args->n++] = gcc_jit_rvalue_access_field(s, g->loc, g->t_slice->fields[i]);
}

static Args flatten(Gen *g, const IrCall *c) {
    Args args = {NEW_ARRAY(g->arena, gcc_jit_rvalue *, 3 * c->nparams), 0};
    for (int i = 0; i < c->nparams; i++) {
        GenType *t = gen_type(g, c->params[i]);
        if (t->is_slice) {
            add_slice(g, &args, &c->args[i]);
        } else if (t->cls != GT_VOID) {
            args.at[args.n++] = gen_val(g, &c->args[i], t);
        }
    }
    return args;
}

/* ---- calls ---- */

static gcc_jit_rvalue *call_address(Gen *g, gcc_jit_rvalue *code, const GenSig *sig, Args args) {
    gcc_jit_rvalue *fn = gcc_jit_context_new_cast(g->ctx, g->loc, code, gen_fn_ptr(g, sig));
    return gcc_jit_context_new_call_through_ptr(g->ctx, g->loc, fn, args.n, args.at);
}

static gcc_jit_function *import_function(Gen *g, GenSym *gs, const GenSig *sig) {
    gcc_jit_param **params = NEW_ARRAY(g->arena, gcc_jit_param *, sig->n);
    for (int i = 0; i < sig->n; i++)
        params[i] = gcc_jit_context_new_param(g->ctx, NULL, sig->params[i], arena_printf(g->arena, "p%d", i));
    gs->sig = *sig;
    return gcc_jit_context_new_function(g->ctx, NULL, GCC_JIT_FUNCTION_IMPORTED, sig->result->t,
                                        arena_printf(g->arena, "go_%d", gs->index), sig->n, params, 0);
}

static gcc_jit_rvalue *call_symbol(Gen *g, const IrCall *c, const GenSig *sig) {
    Args args = flatten(g, c);
    GenSym *gs = gen_sym(g, c->sym);
    if (!gs->fn) gs->fn = import_function(g, gs, sig);
    if (gen_same_sig(&gs->sig, sig)) return gcc_jit_context_new_call(g->ctx, g->loc, gs->fn, args.n, args.at);
    return call_address(g, gcc_jit_function_get_address(gs->fn, g->loc), sig, args);
}

gcc_jit_rvalue *gen_call_entry(Gen *g, RtEntry e, gcc_jit_rvalue **args, int n) {
    return gcc_jit_context_new_call(g->ctx, g->loc, gen_entry(g, e), n, args);
}

/* The arguments of a runtime call take the types that entry.def gives them. */
static gcc_jit_rvalue *call_runtime(Gen *g, const IrCall *c) {
    Args args = {NEW_ARRAY(g->arena, gcc_jit_rvalue *, 3 * c->nparams), 0};
    const char *code = ir_entries[c->rt].params;
    for (int i = 0; i < c->nparams; i++) {
        check(*code);
        if (gen_val_type(g, &c->args[i])->is_slice) {
            add_slice(g, &args, &c->args[i]);
            code += *code == 'l' ? 1 : 3;
        } else {
            args.at[args.n++] = gen_val(g, &c->args[i], gen_code_type(g, *code++));
        }
    }
    check(*code == 0);
    return gen_call_entry(g, c->rt, args.at, args.n);
}

static void finish_call(Gen *g, const IrInstr *in, gcc_jit_rvalue *call, GenType *result) {
    if (in->dst >= 0 && result->cls != GT_VOID) {
        gcc_jit_rvalue *v = gen_local(g, in->dst)->type->t == result->t ? call : gen_snapshot(g, call, result);
        gen_assign(g, in->dst, v, result);
    } else {
        gcc_jit_block_add_eval(g->cur, g->loc, call);
    }
    if (in->call->no_return) gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_unreachable", NULL, 0));
}

void gen_call(Gen *g, const IrInstr *in) {
    const IrCall *c = in->call;
    if (in->op == IR_CALL_RT) {
        finish_call(g, in, call_runtime(g, c), gen_code_type(g, ir_entries[c->rt].result));
        return;
    }
    GenSig sig = gen_sig(g, c->params, c->nparams, c->result);
    gcc_jit_rvalue *call = in->op == IR_CALL ? call_symbol(g, c, &sig)
                                             : call_address(g, gen_val(g, &in->a, g->t_ptr), &sig, flatten(g, c));
    finish_call(g, in, call, sig.result);
}

/* ---- allocation ---- */

/* A zeroed variable in the frame in place of an object on the heap. */
static void new_on_stack(Gen *g, const IrInstr *in) {
    GenType *t = gen_type(g, in->type);
    if (t->cls == GT_VOID) t = g->t_bool; /* no value, but an address */
    gcc_jit_lvalue *lv = gen_temp(g, t);
    gcc_jit_block_add_assignment(g->cur, g->loc, lv, gen_zero(g, t));
    gcc_jit_rvalue *p = gcc_jit_context_new_cast(g->ctx, g->loc, gcc_jit_lvalue_get_address(lv, g->loc), g->t_ptr->t);
    gen_assign(g, in->dst, p, g->t_ptr);
}

static void new_array_on_stack(Gen *g, const IrInstr *in, int64_t size, int64_t align) {
    check(in->a.kind == IV_INT);
    size *= in->a.imm;
    gcc_jit_type *t = gen_byte_array(g, size > 0 ? size : 1);
    gcc_jit_lvalue *lv = gcc_jit_function_new_local(g->fn, NULL, t, arena_printf(g->arena, "array%d", g->temps++));
    gcc_jit_lvalue_set_alignment(lv, (unsigned)align);
    gcc_jit_rvalue *p = gcc_jit_context_new_cast(g->ctx, g->loc, gcc_jit_lvalue_get_address(lv, g->loc), g->t_ptr->t);
    gen_assign(g, in->dst, p, g->t_ptr);
    gcc_jit_rvalue *args[] = {p, gen_zero(g, g->t_i32), gen_int(g->t_u64, g, size)};
    gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_memset", args, 3));
}

static gcc_jit_rvalue *new_on_heap(Gen *g, const IrInstr *in, int64_t size, bool array) {
    gcc_jit_rvalue *args[2];
    RtEntry e = array ? RTE_rt_new_array : RTE_rt_new;
    if (array || type_has_pointers(g->s, in->type)) {
        args[0] = gen_sym_addr(g, ir_type_sym(g->p, in->type), 0);
        if (array) args[1] = gen_val(g, &in->a, g->t_int);
    } else {
        args[0] = gen_int(g->t_int, g, size);
        e = RTE_rt_alloc_noscan;
    }
    return gen_call_entry(g, e, args, array ? 2 : 1);
}

/* A new object with the value of the old one; dst points to it from now on. */
static void renew(Gen *g, const IrInstr *in, int64_t size) {
    gcc_jit_rvalue *new = gen_snapshot(g, new_on_heap(g, in, size, false), g->t_ptr);
    gcc_jit_rvalue *args[] = {new, gen_addr(g, &in->a, 0), gen_int(g->t_u64, g, size)};
    gcc_jit_block_add_eval(g->cur, g->loc, gen_call_builtin(g, "__builtin_memcpy", args, 3));
    gen_assign(g, in->dst, new, g->t_ptr);
}

void gen_alloc(Gen *g, const IrInstr *in) {
    int64_t size = type_size(g->s, in->type);
    bool array = in->op == IR_NEW_ARRAY;
    check(!(in->op == IR_RENEW && in->alloc.on_stack));
    if (in->op == IR_RENEW) renew(g, in, size);
    else if (!in->alloc.on_stack) gen_assign(g, in->dst, new_on_heap(g, in, size, array), g->t_ptr);
    else if (array) new_array_on_stack(g, in, size, type_align(g->s, in->type));
    else new_on_stack(g, in);
}
