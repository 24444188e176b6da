/* boxes.c: boxes of integers that stay on the heap. What escape analysis leaves of
 *
 *     p = new T; *p = v
 *
 * for an integer or boolean in an interface becomes, at the very end, a call of rt_box_small, which has static words for
 * the values below 256. Nobody writes to a box, so any number of interfaces may share one. One-byte values are such
 * calls from the start: they never need memory. */
#include "ir/ir.h"

typedef struct Boxes {
    const IrPackage *p;
    IrFunc *f;
    Type *t_uint64, *unsigned_of[9]; /* by size */
} Boxes;

/* Whether block b has a box of a word or less at i, still on the heap, and its value behind. */
static bool is_site(const Boxes *x, const IrBlock *b, int i) {
    const IrInstr *in = &b->instrs.at[i], *store = in + 1;
    if (in->op != IR_NEW || !in->alloc.is_box || in->alloc.on_stack || in->a.kind != IV_NONE || i + 1 == b->instrs.len) return false;
    return store->op == IR_STORE && store->a.kind == IV_LOCAL && store->a.local == in->dst && !store->off && store->type == in->type &&
           type_has(x->p->sema, in->type, TP_INTEGER | TP_BOOLEAN);
}

static IrVal word_of(Boxes *x, IrInstr *to, IrVal v, int64_t size) {
    int bits = ir_local(x->f, x->t_uint64, NULL, NO_POS);
    v.type = x->unsigned_of[size];
    *to = (IrInstr){.op = size == 8 ? IR_COPY : IR_CONV, .dst = bits, .type = x->t_uint64, .a = v, .pos = to->pos, .inl = to->inl};
    return iv_local(x->f, bits);
}

static void rewrite(Boxes *x, IrInstr *in) {
    IrInstr box = *in, store = in[1];
    IrCall *c = NEW(x->f->arena, IrCall);
    IrVal word = word_of(x, in, store.b, type_size(x->p->sema, box.type));
    c->rt = RTE_rt_box_small;
    c->nparams = 1;
    c->params = NEW_ARRAY(x->f->arena, Type *, 1);
    c->args = NEW_ARRAY(x->f->arena, IrVal, 1);
    c->params[0] = x->t_uint64;
    c->args[0] = word;
    c->result = x->f->locals.at[box.dst].type;
    in[1] = (IrInstr){.op = IR_CALL_RT, .dst = box.dst, .type = c->result, .pos = box.pos, .inl = box.inl, .call = c};
}

void ir_share_boxes(IrPackage *p) {
    static const BasicKind kinds[] = {BK_UINT8, BK_UINT16, BK_UINT32, BK_UINT64};
    Boxes x = {.p = p};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) x.unsigned_of[1 << i] = type_canon(p->sema, type_basic(p->sema, kinds[i]));
    x.t_uint64 = x.unsigned_of[8];
    for (int i = 0; i < p->funcs.len; i++) {
        x.f = p->funcs.at[i];
        for (int k = 0; k < x.f->blocks.len; k++) {
            IrBlock *b = x.f->blocks.at[k];
            for (int j = 0; j < b->instrs.len; j++)
                if (is_site(&x, b, j)) rewrite(&x, &b->instrs.at[j]);
        }
    }
}
