/* stale.c: checks against access to released arena memory, in functions with recovery points.
 *
 * Elsewhere such an access is a fault that the runtime turns into a panic (runtime/mem/stale.c). Where the function
 * itself may be the one that recovers, that would be wrong: to GCC a load or store cannot end up at the recovery point,
 * so variables may be held where that does not look for them. There IR_CHECK_LIVE looks the address up in the heap's
 * table of pages before the access, and the panic is an ordinary call.
 *
 * What is checked is the pointer that an address was computed from: both are in one object, and so in one chunk. Once
 * checked it stays good until something is called; blocks with one predecessor take over what holds at its end. */
#include "ir/ir.h"

#include <string.h>

typedef VEC(int) Set; /* of locals: pointers that were checked */

typedef struct Inserter {
    const IrPackage *p;
    IrFunc *f;
    Arena *arena;      /* scratch, for the function */
    int *defs;         /* by local: how many */
    IrInstr *source;   /* by local: its last definition; op NOP: none */
    int *preds;        /* by block: how many */
    IrBlock **pred;    /* by block: one of them */
    Set *ends;         /* by block: what holds at its end */
    Set now;
} Inserter;

/* ---- where addresses come from ---- */

static void count_defs(Inserter *x) {
    int n = x->f->locals.len;
    x->defs = NEW_ARRAY(x->arena, int, n);
    x->source = NEW_ARRAY(x->arena, IrInstr, n);
    for (int i = 0; i < x->f->nparams; i++) x->defs[i]++;
    for (int i = 0; i < x->f->blocks.len; i++) {
        const IrBlock *b = x->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            int dst = b->instrs.at[j].dst;
            if (dst < 0) continue;
            x->defs[dst]++;
            x->source[dst] = b->instrs.at[j];
        }
    }
}

/* The local that holds the pointer behind an address; -1: that is not one into an arena. */
static int root_of(const Inserter *x, IrVal v) {
    for (int steps = 0; v.kind == IV_LOCAL; steps++) {
        const IrInstr *in = &x->source[v.local];
        if (x->defs[v.local] != 1 || x->f->locals.at[v.local].has_slot || steps == 64) return v.local;
        switch ((IrOp)in->op) {
        case IR_OFFSET: case IR_INDEX: case IR_COPY: case IR_BITCAST: v = in->a; break;
        case IR_GETG: case IR_FRAMEADDR: return -1;
        case IR_NEW: return in->a.kind == IV_NONE ? -1 : v.local;
        default: return v.local;
        }
    }
    return -1;
}

/* ---- what is checked ---- */

static bool is_checked(const Inserter *x, int local) {
    for (int i = 0; i < x->now.len; i++)
        if (x->now.at[i] == local) return true;
    return false;
}

static void forget(Inserter *x, int local) {
    int n = 0;
    for (int i = 0; i < x->now.len; i++)
        if (x->now.at[i] != local) x->now.at[n++] = x->now.at[i];
    x->now.len = n;
}

/* Asks for the check of an address that in uses, before it. */
static void check_address(Inserter *x, IrBlock *out, const IrInstr *in, const IrVal *address) {
    int root = root_of(x, *address);
    if (root < 0 || is_checked(x, root)) return;
    IrVal v = iv_local(x->f, root);
    vec_push(x->f->arena, &out->instrs, ((IrInstr){.op = IR_CHECK_LIVE, .dst = -1, .a = v, .pos = in->pos, .inl = in->inl}));
    vec_push(x->arena, &x->now, root);
}

static void check_instr(Inserter *x, IrBlock *out, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_MOVE: check_address(x, out, in, &in->b); check_address(x, out, in, &in->a); return;
    case IR_LOAD: case IR_STORE: case IR_ZERO: case IR_ATOMIC: case IR_RENEW: check_address(x, out, in, &in->a); return;
    default: return;
    }
}

static void check_block(Inserter *x, IrBlock *b) {
    IrBlock old = *b;
    memset(&b->instrs, 0, sizeof b->instrs);
    for (int i = 0; i < old.instrs.len; i++) {
        const IrInstr *in = &old.instrs.at[i];
        check_instr(x, b, in);
        vec_push(x->f->arena, &b->instrs, *in);
        if (ir_is_call(in) || in->op == IR_SETJMP || in->op == IR_ATOMIC) x->now.len = 0;
        if (in->dst >= 0) forget(x, in->dst);
    }
}

static void count_pred(void *ctx, IrBlock **succ) {
    void **pair = ctx;
    Inserter *x = pair[0];
    x->preds[(*succ)->id]++;
    x->pred[(*succ)->id] = pair[1];
}

/* What holds at the start of b: what did at the end of its only predecessor, if that was done. */
static void begin_block(Inserter *x, const IrBlock *b, const bool *done) {
    const IrBlock *pred = x->pred[b->id];
    x->now.len = 0;
    if (!pred || x->preds[b->id] != 1 || !done[pred->id]) return;
    for (int i = 0; i < x->ends[pred->id].len; i++) vec_push(x->arena, &x->now, x->ends[pred->id].at[i]);
}

static void check_func(Inserter *x) {
    IrFunc *f = x->f;
    bool *done = NEW_ARRAY(x->arena, bool, f->blocks.len);
    x->preds = NEW_ARRAY(x->arena, int, f->blocks.len);
    x->pred = NEW_ARRAY(x->arena, IrBlock *, f->blocks.len);
    x->ends = NEW_ARRAY(x->arena, Set, f->blocks.len);
    count_defs(x);
    x->preds[0]++; /* the caller */
    for (int i = 0; i < f->blocks.len; i++) ir_each_succ(f->blocks.at[i], count_pred, (void *[]){x, f->blocks.at[i]});
    for (int i = 0; i < f->blocks.len; i++) {
        begin_block(x, f->blocks.at[i], done);
        check_block(x, f->blocks.at[i]);
        x->ends[i] = x->now;
        memset(&x->now, 0, sizeof x->now);
        done[i] = true;
    }
}

void ir_check_stale(IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) {
        if (!(p->funcs.at[i]->flags & IF_HAS_SETJMP)) continue;
        Inserter x = {.p = p, .f = p->funcs.at[i], .arena = arena_new()};
        check_func(&x);
        arena_free(x.arena);
    }
}
