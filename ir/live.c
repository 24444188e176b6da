/* live.c: which locals' values may still be read.
 *
 * The classical backward data flow over blocks (Aho, Lam, Sethi, Ullman, section 9.2.5), for locals and slots alike. To
 * hand out the address of a slot is to read it; to write part of it is neither to read it nor to end its life. */
#include "ir/ir.h"
#include "ir/region.h"

#include <string.h>

typedef struct Flow {
    const IrFunc *f;
    bool **in;        /* by block id: live at its beginning */
    bool *at;         /* at the present point */
    bool *recovery;   /* behind any recovery point: where a call may go on instead of returning */
    bool branches_only; /* calls only return */
    bool changed;
    const IrInstr *by; /* whose operands are read */
} Flow;

/* The argument of a runtime entry that is the address of a record to be filled in; -1: none. */
static int filled_record(const IrInstr *in) {
    switch (in->op == IR_CALL_RT ? in->call->rt : RTE_COUNT) {
    case RTE_rt_map_iter_init: return 2;
    case RTE_rt_caps_restrict: case RTE_rt_caps_restrict_to: case RTE_rt_caps_with: return 0;
    case RTE_rt_arena_begin: case RTE_rt_chan_recv: return 1;
    default: return -1;
    }
}

static void read_operand(void *ctx, IrVal *v) {
    Flow *x = ctx;
    const IrInstr *in = x->by;
    int filled = filled_record(in);
    bool is_target = (v == &in->a && (in->op == IR_STORE || in->op == IR_ZERO || in->op == IR_MOVE)) ||
                     (filled >= 0 && v == &in->call->args[filled]);
    if (v->kind == IV_LOCAL || (v->kind == IV_SLOT && !is_target)) x->at[v->local] = true;
}

static void end_life(Flow *x, const IrVal *slot) {
    if (slot->kind == IV_SLOT && slot->imm == 0) x->at[slot->local] = false;
}

/* What in writes as a whole was not needed before. */
static void end_lives(Flow *x, const IrInstr *in) {
    if (in->dst >= 0) x->at[in->dst] = false;
    int filled = filled_record(in);
    if (filled >= 0) end_life(x, &in->call->args[filled]);
    bool writes = in->op == IR_MOVE || ((in->op == IR_STORE || in->op == IR_ZERO) && in->off == 0);
    if (writes && in->a.kind == IV_SLOT && x->f->locals.at[in->a.local].type == in->type) end_life(x, &in->a);
}

static void note_recovery(Flow *x) {
    for (int i = 0; i < x->f->locals.len; i++) {
        x->changed |= x->at[i] && !x->recovery[i];
        x->recovery[i] |= x->at[i];
    }
}

static void step_back(Flow *x, const IrInstr *in) {
    if (in->op == IR_SETJMP && !x->branches_only) note_recovery(x);
    end_lives(x, in);
    x->by = in;
    ir_each_operand((IrInstr *)in, read_operand, x);
}

static void add_succ(void *ctx, IrBlock **succ) {
    Flow *x = ctx;
    for (int i = 0; i < x->f->locals.len; i++) x->at[i] |= x->in[(*succ)->id][i];
}

static void start_at_end(Flow *x, const IrBlock *b) {
    memcpy(x->at, x->recovery, (size_t)x->f->locals.len);
    ir_each_succ((IrBlock *)b, add_succ, x);
}

static void update(Flow *x, const IrBlock *b) {
    start_at_end(x, b);
    for (int i = b->instrs.len - 1; i >= 0; i--) step_back(x, &b->instrs.at[i]);
    size_t n = (size_t)x->f->locals.len;
    x->changed |= memcmp(x->in[b->id], x->at, n) != 0;
    memcpy(x->in[b->id], x->at, n);
}

static void solve(Flow *x) {
    for (x->changed = true; x->changed;) {
        x->changed = false;
        for (int i = x->f->blocks.len - 1; i >= 0; i--)
            if (x->in[x->f->blocks.at[i]->id]) update(x, x->f->blocks.at[i]);
    }
}

static Flow new_flow(Arena *a, const IrFunc *f) {
    int ids = 0;
    for (int i = 0; i < f->blocks.len; i++)
        if (f->blocks.at[i]->id >= ids) ids = f->blocks.at[i]->id + 1;
    return (Flow){.f = f, .in = NEW_ARRAY(a, bool *, ids), .at = NEW_ARRAY(a, bool, f->locals.len), .recovery = NEW_ARRAY(a, bool, f->locals.len)};
}

bool *ir_live_after(Arena *a, const IrFunc *f, const IrBlock *b, int at) {
    Flow x = new_flow(a, f);
    for (int i = 0; i < f->blocks.len; i++) x.in[f->blocks.at[i]->id] = NEW_ARRAY(a, bool, f->locals.len);
    solve(&x);
    start_at_end(&x, b);
    for (int i = b->instrs.len - 1; i > at; i--) step_back(&x, &b->instrs.at[i]);
    return x.at;
}

/* ---- by branches alone ---- */

typedef struct Reach { Flow *x; Arena *arena; VEC(IrBlock *) todo; } Reach;

static void reach(void *ctx, IrBlock **b) {
    Reach *r = ctx;
    if (r->x->in[(*b)->id]) return;
    r->x->in[(*b)->id] = NEW_ARRAY(r->arena, bool, r->x->f->locals.len);
    vec_push(r->arena, &r->todo, *b);
}

bool **ir_live_into(Arena *a, const IrFunc *f, IrBlock *const *roots, int n) {
    Flow x = new_flow(a, f);
    x.branches_only = true;
    Reach r = {.x = &x, .arena = a};
    for (int i = 0; i < n; i++) reach(&r, &(IrBlock *){roots[i]});
    while (r.todo.len) ir_each_succ(r.todo.at[--r.todo.len], reach, &r);
    solve(&x);
    return x.in;
}
