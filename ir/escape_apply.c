/* escape_apply.c: puts the objects that do not escape into the frame.
 *
 * The pointer that the allocation made becomes the address of a slot of the object's type wherever it is read, and
 * the allocation a clearing of that slot, since each execution gives a zero object. Simplification then finds
 * ordinary locals: what was a boxed variable is a scalar again where only its function touches it. A renewed variable
 * that stays is the same object in every iteration: nothing else can tell. */
#include "ir/escape.h"

typedef struct Rewrite {
    EscFunc *fn;
    Type *t_ptr;
    int *slots; /* by local: the slot whose address it was, or -1 */
} Rewrite;

static void read_slot(void *ctx, IrVal *v) {
    const Rewrite *r = ctx;
    if (v->kind != IV_LOCAL || r->slots[v->local] < 0) return;
    *v = iv_slot(r->fn->f, r->slots[v->local], 0, v->type);
}

/* Number of assignments to each local; parameters have one more. */
static int *count_defs(Escape *e, const IrFunc *f) {
    int *defs = NEW_ARRAY(e->arena, int, f->locals.len);
    for (int i = 0; i < f->nparams; i++) defs[i]++;
    for (int i = 0; i < f->blocks.len; i++) {
        const IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].dst >= 0) defs[b->instrs.at[j].dst]++;
    }
    return defs;
}

static void clear_slot(const Rewrite *r, IrInstr *in, int slot) {
    in->op = IR_ZERO;
    in->dst = -1;
    in->a = iv_slot(r->fn->f, slot, 0, r->t_ptr);
    in->off = 0;
}

/* A name for debuggers: the variable's. */
static int new_slot(IrFunc *f, const EscLoc *o) {
    const Name *name = o->what ? o->what->var : NULL;
    return ir_local(f, o->type, name, name ? o->what->pos : NO_POS);
}

static bool place(Escape *e, EscFunc *fn, Rewrite *r, const int *defs) {
    bool any = false;
    for (int i = 0; i < fn->objects.len; i++) {
        EscLoc *o = fn->objects.at[i];
        if (o->no_slot) o->made_by->call->stays = !o->on_heap;
        if (o->on_heap || o->no_slot) continue;
        any = true;
        IrInstr *in = o->made_by;
        in->alloc.on_stack = true;
        if (in->op == IR_NEW) in->a = iv_none();
        bool is_slot = defs[in->dst] == 1 && !fn->f->locals.at[in->dst].has_slot && type_size(e->p->sema, o->type) > 0;
        if (!is_slot) continue;
        int slot = new_slot(fn->f, o);
        r->slots[in->dst] = slot;
        clear_slot(r, in, slot);
    }
    return any;
}

static void drop_renewals(EscFunc *fn) {
    for (int i = 0; i < fn->renewals.len; i++) {
        IrInstr *in = fn->renewals.at[i].in;
        const EscLoc *o = ptrmap_get(&fn->by_instr, in);
        if (!o->on_heap) in->op = IR_NOP;
    }
}

void esc_apply(Escape *e, EscFunc *fn) {
    if (!fn->objects.len) return;
    IrFunc *f = fn->f;
    int nlocals = f->locals.len;
    Rewrite r = {fn, type_canon(e->p->sema, type_basic(e->p->sema, BK_UNSAFE_POINTER)), NEW_ARRAY(e->arena, int, nlocals + fn->objects.len)};
    for (int i = 0; i < nlocals + fn->objects.len; i++) r.slots[i] = -1;
    if (!place(e, fn, &r, count_defs(e, f))) return;
    drop_renewals(fn);
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            ir_each_operand(in, read_slot, &r);
            if (in->op == IR_CHECK_NIL && in->a.kind == IV_SLOT) in->op = IR_NOP;
        }
    }
    ir_simplify_func(e->p, f);
}
