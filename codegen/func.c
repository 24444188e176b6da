/* func.c: functions: declaration by linkage, parameters, blocks.
 *
 * GCC never inlines (the IR's own inliner does, see inline.c there), so weak definitions, which another object's
 * identical copy may replace, need no special treatment. A function that nothing outside the shard can name is
 * static for GCC, which then drops it when unused. */
#include "codegen/gen.h"

gcc_jit_block *gen_new_block(Gen *g) { return gcc_jit_function_new_block(g->fn, NULL); }

static Type **param_types(Gen *g, const IrFunc *f) {
    Type **types = NEW_ARRAY(g->arena, Type *, f->nparams);
    for (int i = 0; i < f->nparams; i++) types[i] = f->locals.at[i].type;
    return types;
}

static bool is_private(Gen *g, const GenSym *gs) {
    return gs->sym->linkage == IL_LOCAL && g->shard->count == 1 && !gs->used_by_data;
}

static gcc_jit_location *decl_location(Gen *g, Pos pos) {
    if (!g->opt->debug || pos == NO_POS) return NULL;
    Location at = source_full_location(g->s->sources, pos);
    return gcc_jit_context_new_location(g->ctx, at.path, at.line, DECL_COLUMN);
}

static const char *param_name(Gen *g, const IrFunc *f, int i) {
    const IrLocal *l = &f->locals.at[i];
    return g->opt->debug && l->name ? l->name->text : arena_printf(g->arena, "p%d", i);
}

/* The gccjit parameters: a slice becomes three, a value without size none. */
static gcc_jit_param **new_params(Gen *g, const IrFunc *f, const GenSig *sig) {
    static const char *const parts[] = {"ptr", "len", "cap"};
    gcc_jit_location *loc = decl_location(g, f->pos);
    gcc_jit_param **params = NEW_ARRAY(g->arena, gcc_jit_param *, sig->n);
    int n = 0;
    for (int i = 0; i < f->nparams; i++) {
        GenType *t = gen_type(g, f->locals.at[i].type);
        const char *name = param_name(g, f, i);
        if (t->cls == GT_VOID) continue;
        if (!t->is_slice) {
            params[n] = gcc_jit_context_new_param(g->ctx, loc, sig->params[n], name);
            n++;
            continue;
        }
        for (int k = 0; k < 3; k++, n++)
            params[n] = gcc_jit_context_new_param(g->ctx, NULL, sig->params[n], arena_printf(g->arena, "%s.%s", name, parts[k]));
    }
    check(n == sig->n);
    return params;
}

void gen_declare(Gen *g, IrFunc *f) {
    GenSym *gs = gen_sym(g, f->sym);
    gs->sig = gen_sig(g, param_types(g, f), f->nparams, f->result);
    enum gcc_jit_function_kind kind = is_private(g, gs) ? GCC_JIT_FUNCTION_INTERNAL : GCC_JIT_FUNCTION_EXPORTED;
    gs->fn = gcc_jit_context_new_function(g->ctx, decl_location(g, f->pos), kind, gs->sig.result->t,
                                          arena_printf(g->arena, "go_%d", gs->index), gs->sig.n,
                                          new_params(g, f, &gs->sig), 0);
}

/* Parameters are their own locals, but for slices, which are put together again. */
static void bind_params(Gen *g) {
    int n = 0;
    for (int i = 0; i < g->f->nparams; i++) {
        GenType *t = gen_type(g, g->f->locals.at[i].type);
        if (t->cls == GT_VOID) continue;
        if (!t->is_slice) {
            g->locals[i] = (GenLocal){gcc_jit_param_as_lvalue(gcc_jit_function_get_param(g->fn, n++)), t};
            continue;
        }
        gcc_jit_lvalue *slice = gen_local(g, i)->lv;
        for (int k = 0; k < 3; k++)
            gcc_jit_block_add_assignment(g->cur, NULL, gcc_jit_lvalue_access_field(slice, NULL, t->fields[k]),
                                         gcc_jit_param_as_rvalue(gcc_jit_function_get_param(g->fn, n++)));
    }
}

void gen_define(Gen *g, IrFunc *f) {
    g->f = f;
    g->fn = gen_sym(g, f->sym)->fn;
    g->locals = NEW_ARRAY(g->arena, GenLocal, f->locals.len);
    g->blocks = NEW_ARRAY(g->arena, gcc_jit_block *, f->blocks.len);
    g->temps = 0;
    g->loc = NULL;
    g->cur = gen_new_block(g); /* before the first block, which may be the target of jumps */
    for (int i = 0; i < f->blocks.len; i++) g->blocks[i] = gen_new_block(g);
    bind_params(g);
    gen_begin_recovery(g);
    gcc_jit_block_end_with_jump(g->cur, NULL, g->blocks[0]);
    for (int i = 0; i < f->blocks.len; i++) {
        const IrBlock *b = f->blocks.at[i];
        g->cur = g->blocks[i];
        for (int j = 0; j < b->instrs.len; j++) gen_instr(g, b, &b->instrs.at[j]);
    }
    gen_end_recovery(g);
}
