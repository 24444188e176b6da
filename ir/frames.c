/* frames.c: refuses functions whose frame could never fit on a stack, as Go's compiler does.
 *
 * A frame holds the locals and what the largest call passes; the parameters are in the caller's frame. Large results
 * are written to the caller's locals. Scalars count like the rest, though most live in registers: the bytes do not
 * matter next to the limit. Locals that no instruction uses do not count. */
#include "ir/ir.h"

enum { MAX_FRAME = 1 << 30 };
static const int64_t huge = (int64_t)1 << 60; /* sums stop here, far below an overflow */

typedef struct Frame {
    const IrPackage *p;
    const IrFunc *f;
    uint8_t *used; /* by local */
    int64_t locals, args, callee;
} Frame;

static int64_t plus(int64_t sum, int64_t size) { return size >= huge - sum ? huge : sum + size; }

static int64_t size_of(const Frame *fr, Type *t) {
    if (t->kind != TY_TUPLE) return type_size(fr->p->sema, t);
    int64_t sum = 0;
    for (int i = 0; i < t->tuple.n; i++) sum = plus(sum, size_of(fr, t->tuple.vars[i]->type));
    return sum;
}

static void add_local(Frame *fr, int i) {
    if (i < 0 || fr->used[i]) return;
    fr->used[i] = 1;
    const IrLocal *local = &fr->f->locals.at[i];
    int64_t *part = i < fr->f->nparams ? &fr->args : &fr->locals;
    *part = plus(*part, local->size_override ? local->size_override : size_of(fr, local->type));
}

static void add_operand(void *ctx, IrVal *v) { add_local(ctx, v->local); }

static void add_call(Frame *fr, const IrCall *call) {
    int64_t sum = 0;
    for (int i = 0; i < call->nparams; i++) sum = plus(sum, size_of(fr, call->params[i]));
    if (sum > fr->callee) fr->callee = sum;
}

static void measure(Frame *fr) {
    for (int i = 0; i < fr->f->nparams; i++) add_local(fr, i);
    for (int i = 0; i < fr->f->blocks.len; i++) {
        const IrBlock *b = fr->f->blocks.at[i];
        for (int k = 0; k < b->instrs.len; k++) {
            IrInstr *in = &b->instrs.at[k];
            add_local(fr, in->dst);
            ir_each_operand(in, add_operand, fr);
            if (ir_is_call(in)) add_call(fr, in->call);
        }
    }
}

void ir_check_frames(const IrPackage *p) {
    Arena *scratch = arena_new();
    for (int i = 0; i < p->funcs.len; i++) {
        const IrFunc *f = p->funcs.at[i];
        Frame fr = {.p = p, .f = f, .used = NEW_ARRAY(scratch, uint8_t, f->locals.len)};
        measure(&fr);
        if (plus(plus(fr.locals, fr.args), fr.callee) <= MAX_FRAME) continue;
        diag_error(p->sema->diags, f->pos, f->pos,
                   "stack frame too large (>1GB): %lld MB locals + %lld MB args + %lld MB callee",
                   (long long)fr.locals >> 20, (long long)fr.args >> 20, (long long)fr.callee >> 20);
    }
    arena_free(scratch);
}
