/* shard.c: what of a package is compiled, and in which process.
 *
 * Live are the globals of the package and what they reach; of the main package, which nobody imports, only its entry
 * points and what these reach. The rest, above all functions that were inlined everywhere and unused descriptors,
 * never gets to GCC.
 *
 * A shard is a run of functions in source order, so that neighbours, which tend to call each other, stay together.
 * Each costs some milliseconds of its own: parts are not made smaller than SHARD_MIN instructions, nor larger than
 * SHARD_MAX, which bounds the memory of one process. */
#include "codegen/gen.h"

#include <string.h>

enum { SHARD_MIN = 1500, SHARD_MAX = 40000 }; /* IR instructions */

typedef struct Marker {
    IrPackage *p;
    PtrMap live; /* IrSym* -> itself */
    VEC(IrSym *) todo;
} Marker;

static void mark(Marker *m, IrSym *sym) {
    if (!sym || ptrmap_get(&m->live, sym)) return;
    ptrmap_put(m->p->arena, &m->live, sym, sym);
    if (sym->func || sym->data) vec_push(m->p->arena, &m->todo, sym);
}

static void mark_instr(Marker *m, const IrInstr *in) {
    if (in->a.kind == IV_SYM) mark(m, in->a.sym);
    if (in->b.kind == IV_SYM) mark(m, in->b.sym);
    if (in->c.kind == IV_SYM) mark(m, in->c.sym);
    if (ir_is_alloc(in) && !in->alloc.on_stack) mark(m, ir_type_sym(m->p, in->type));
    if (in->op != IR_CALL && in->op != IR_CALL_PTR && in->op != IR_CALL_RT) return;
    if (in->op == IR_CALL) mark(m, in->call->sym);
    for (int i = 0; i < in->call->nparams; i++)
        if (in->call->args[i].kind == IV_SYM) mark(m, in->call->args[i].sym);
}

static void mark_contents(Marker *m, const IrSym *sym) {
    if (sym->data) {
        mark(m, sym->data->maker);
        for (int i = 0; i < sym->data->relocs.len; i++) mark(m, sym->data->relocs.at[i].sym);
    }
    if (sym->func)
        for (int i = 0; i < sym->func->blocks.len; i++) {
            const IrBlock *b = sym->func->blocks.at[i];
            for (int j = 0; j < b->instrs.len; j++) mark_instr(m, &b->instrs.at[j]);
        }
}

static bool is_root(const IrPackage *p, const IrSym *sym) {
    if (sym->linkage != IL_GLOBAL) return false;
    if (!p->pkg->is_main) return true;
    return sym == p->init || strcmp(sym->name, "goo_program") == 0 || strcmp(sym->name, "main.main") == 0;
}

static Marker mark_live(IrPackage *p) {
    Marker m = {.p = p};
    for (int i = 0; i < p->funcs.len; i++)
        if (is_root(p, p->funcs.at[i]->sym)) mark(&m, p->funcs.at[i]->sym);
    for (int i = 0; i < p->data.len; i++)
        if (is_root(p, p->data.at[i]->sym)) mark(&m, p->data.at[i]->sym);
    while (m.todo.len) mark_contents(&m, m.todo.at[--m.todo.len]);
    return m;
}

static int64_t func_weight(const IrFunc *f) {
    int64_t n = 10;
    for (int i = 0; i < f->blocks.len; i++) n += f->blocks.at[i]->instrs.len;
    return n;
}

static int shard_count(int64_t weight, int max) {
    int64_t n = weight / SHARD_MIN;
    if (n > max) n = max;
    if (weight / SHARD_MAX + 1 > n) n = weight / SHARD_MAX + 1;
    return (int)n;
}

GenShard *gen_divide(IrPackage *p, int max, int *count) {
    Marker m = mark_live(p);
    IrFunc **funcs = NEW_ARRAY(p->arena, IrFunc *, p->funcs.len);
    IrData **data = NEW_ARRAY(p->arena, IrData *, p->data.len);
    int nfuncs = 0, ndata = 0;
    int64_t weight = 0;
    for (int i = 0; i < p->funcs.len; i++) {
        if (!ptrmap_get(&m.live, p->funcs.at[i]->sym)) continue;
        funcs[nfuncs++] = p->funcs.at[i];
        weight += func_weight(p->funcs.at[i]);
    }
    for (int i = 0; i < p->data.len; i++)
        if (ptrmap_get(&m.live, p->data.at[i]->sym)) data[ndata++] = p->data.at[i];

    int n = *count = shard_count(weight, max);
    GenShard *shards = NEW_ARRAY(p->arena, GenShard, n);
    int64_t done = 0;
    for (int i = 0, f = 0; i < n; i++) {
        GenShard *s = &shards[i];
        *s = (GenShard){.funcs = funcs + f, .index = i, .count = n};
        for (; f < nfuncs && (i == n - 1 || done < weight * (i + 1) / n); f++) {
            done += func_weight(funcs[f]);
            s->nfuncs++;
        }
        s->data = data + (int64_t)ndata * i / n;
        s->ndata = (int)((int64_t)ndata * (i + 1) / n - (int64_t)ndata * i / n);
    }
    return shards;
}
