/* devirtualize.c: calls of function values whose code is known become direct calls.
 *
 * The code is known when the value is a closure object that the function made itself, seen through copies of locals
 * that are assigned once, or the static object of a plain function. The callee still gets the closure as its
 * environment. A closure object's code is the function whose address is stored in its first word right after it was
 * made. Inlining, which runs next, then reaches the bodies of literals and of loops over functions. */
#include "ir/ir.h"

typedef struct Devirtualizer {
    IrFunc *f;
    int *defs;        /* by local: assignments */
    IrInstr **source; /* by local: the last one */
    IrSym **code;     /* by local that points to new closure objects: their code */
} Devirtualizer;

/* Collects assignments and closures; false when the function makes no calls of function values. */
static bool scan(Devirtualizer *d) {
    bool any = false;
    for (int i = 0; i < d->f->nparams; i++) d->defs[i]++;
    for (int i = 0; i < d->f->blocks.len; i++) {
        IrBlock *b = d->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            any |= in->op == IR_CALL_PTR && in->call->has_env;
            if (in->dst >= 0) {
                d->defs[in->dst]++;
                d->source[in->dst] = in;
            }
            bool fills = in->op == IR_STORE && in->a.kind == IV_LOCAL && in->off == 0;
            if (fills && in->b.kind == IV_SYM && in->b.sym->is_func) d->code[in->a.local] = in->b.sym;
        }
    }
    return any;
}

static IrSym *code_of(const Devirtualizer *d, const IrVal *v) {
    for (int steps = 0; v->kind == IV_LOCAL && d->defs[v->local] == 1 && steps < 8; steps++) {
        const IrInstr *in = d->source[v->local];
        if (!in || d->f->locals.at[v->local].has_slot) return NULL;
        if (in->op == IR_NEW) return d->code[v->local];
        if (in->op != IR_COPY && in->op != IR_BITCAST) return NULL;
        v = &in->a;
    }
    if (v->kind != IV_SYM || v->imm || !v->sym->data || v->sym->data->relocs.len != 1) return NULL;
    IrSym *code = v->sym->data->relocs.at[0].sym;
    return code->is_func && v->sym->data->size == (int64_t)sizeof(GoClosure) ? code : NULL;
}

bool ir_devirtualize(IrFunc *f) {
    Arena *scratch = arena_new();
    int n = f->locals.len;
    Devirtualizer d = {f, NEW_ARRAY(scratch, int, n), NEW_ARRAY(scratch, IrInstr *, n), NEW_ARRAY(scratch, IrSym *, n)};
    bool changed = false, any = scan(&d);
    for (int i = 0; any && i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            if (in->op != IR_CALL_PTR || !in->call->has_env) continue;
            IrSym *code = code_of(&d, &in->call->args[in->call->nparams - 1]);
            if (!code) continue;
            in->op = IR_CALL;
            in->a = iv_none();
            in->call->sym = code;
            changed = true;
        }
    }
    arena_free(scratch);
    return changed;
}
