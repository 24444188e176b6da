/* faults.c: accesses to memory that may fault, in functions with recovery points.
 *
 * A fault becomes a panic (runtime/fault.c), which may be recovered in the very function that has the access: deferred
 * calls read its variables, or control comes back to a recovery point. To GCC a load or store cannot end up there, so
 * variables could be held in registers, stores be delayed past the access, or be made before it. So what is read
 * behind a recovery point gets its place in memory, and there all stores are made in program order with accesses that may
 * fault:
 *   - a local that is live where control comes back has a home, a slot. Every definition is stored there too, and
 *     where control comes back the local is loaded from it. GCC so needs to keep nothing over the access; in between
 *     the local may be in a register as anywhere else;
 *   - slots that are live there, or whose address is taken (by a closure, perhaps, that is deferred), are in memory;
 *   - a FENCE, which is no instruction of the machine, stands between a store to one of these and an access that may
 *     fault, whichever comes first.
 * Calls need none of this: GCC knows that control may come back from them at a recovery point. The pass adds nothing
 * to functions without an access that may fault. It is the last, as FENCE and homes would hinder others. */
#include "ir/ir.h"
#include "ir/region.h"

#include <string.h>

typedef struct Faults {
    IrFunc *f;
    Arena *arena;           /* scratch, for the function */
    int count;              /* of locals, before there were homes; arrays by local have that length */
    int *defs;              /* by local: how many */
    const IrInstr **source; /* by local: its last definition */
    int *home;              /* by local: the slot, or -1 */
    bool *observed;         /* by local: stores to its slot are to be in order with accesses that may fault */
    uint8_t *open;          /* by block: what is open at its beginning */
    bool changed;
} Faults;

/* What may have come last, with no FENCE behind it. */
enum { OPEN_ACCESS = 1, OPEN_STORE = 2 };

/* ---- what may fault ---- */

static void find_sources(Faults *x) {
    x->defs = NEW_ARRAY(x->arena, int, x->count);
    x->source = NEW_ARRAY(x->arena, const IrInstr *, x->count);
    for (int i = 0; i < x->f->nparams; i++) x->defs[i]++;
    for (int i = 0; i < x->f->blocks.len; i++) {
        const IrBlock *b = x->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            int dst = b->instrs.at[j].dst;
            if (dst < 0) continue;
            x->defs[dst]++;
            x->source[dst] = &b->instrs.at[j];
        }
    }
}

/* What the address v was computed from: a slot, a symbol, or a local with a pointer. */
static IrVal root_of(const Faults *x, IrVal v) {
    enum { STEPS = 64 };
    for (int steps = 0; v.kind == IV_LOCAL && steps < STEPS; steps++) {
        const IrInstr *in = x->source[v.local];
        if (!in || x->defs[v.local] != 1 || x->f->locals.at[v.local].has_slot) return v;
        if (in->op != IR_OFFSET && in->op != IR_INDEX && in->op != IR_COPY && in->op != IR_BITCAST) return v;
        v = in->a;
    }
    return v;
}

static bool is_made_by(const Faults *x, IrVal root, IrOp op) {
    return root.kind == IV_LOCAL && x->defs[root.local] == 1 && x->source[root.local] && x->source[root.local]->op == op;
}

/* Whether that pointer is of an object that this function made. */
static bool is_own(const Faults *x, IrVal root) {
    return is_made_by(x, root, IR_NEW) && x->source[root.local]->a.kind == IV_NONE;
}

/* Whether v may be the address of memory that is not there: of all but variables and objects just made. */
static bool may_be_bad(const Faults *x, IrVal v) {
    IrVal root = root_of(x, v);
    return root.kind != IV_SLOT && root.kind != IV_SYM && !is_own(x, root) && !is_made_by(x, root, IR_GETG) && !is_made_by(x, root, IR_FRAMEADDR);
}

static bool may_fault(const Faults *x, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_MOVE: return may_be_bad(x, in->a) || may_be_bad(x, in->b);
    case IR_LOAD: case IR_STORE: case IR_ZERO: case IR_ATOMIC: case IR_RENEW: return may_be_bad(x, in->a);
    default: return false;
    }
}

static bool has_faults(const Faults *x) {
    for (int i = 0; i < x->f->blocks.len; i++)
        for (int j = 0; j < x->f->blocks.at[i]->instrs.len; j++)
            if (may_fault(x, &x->f->blocks.at[i]->instrs.at[j])) return true;
    return false;
}

/* ---- what is read behind recovery points ---- */

/* The block that control comes back to: `in`, in b, gives 1 then, and b ends by asking for that. NULL: not clear. */
static IrBlock *landing_of(const Faults *x, const IrBlock *b, const IrInstr *in) {
    const IrInstr *end = ir_terminator(b);
    if (end->op != IR_BR || end->a.kind != IV_LOCAL || x->defs[end->a.local] != 1) return NULL;
    const IrInstr *test = x->source[end->a.local];
    bool is_test = (test->op == IR_NE || test->op == IR_EQ) && test->a.kind == IV_LOCAL && test->a.local == in->dst &&
                   test->b.kind == IV_INT && test->b.imm == 0;
    return is_test && x->defs[in->dst] == 1 ? b->succ[test->op == IR_EQ] : NULL;
}

static void keep(Faults *x, IrInstr *setjmp, const bool *live) {
    IrFunc *f = x->f;
    int n = 0;
    for (int i = 0; i < x->count; i++) n += live[i] && !f->locals.at[i].has_slot;
    setjmp->kept.locals = NEW_ARRAY(f->arena, int, n);
    setjmp->kept.homes = NEW_ARRAY(f->arena, int, n);
    for (int i = 0; i < x->count; i++) {
        if (!live[i]) continue;
        if (f->locals.at[i].has_slot) {
            x->observed[i] = f->locals.at[i].in_memory = true;
            continue;
        }
        if (x->home[i] < 0) {
            x->home[i] = ir_local(f, f->locals.at[i].type, NULL, NO_POS);
            f->locals.at[x->home[i]].has_slot = f->locals.at[x->home[i]].in_memory = true;
        }
        setjmp->kept.locals[setjmp->kept.n] = i;
        setjmp->kept.homes[setjmp->kept.n++] = x->home[i];
    }
}

typedef struct Point { IrBlock *block, *landing; int at; } Point; /* a SETJMP */
typedef VEC(Point) Points;

static Points find_points(const Faults *x) {
    Points points = {0};
    for (int i = 0; i < x->f->blocks.len; i++) {
        IrBlock *b = x->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].op == IR_SETJMP) vec_push(x->arena, &points, ((Point){b, landing_of(x, b, &b->instrs.at[j]), j}));
    }
    return points;
}

static void keep_all(Faults *x) {
    Points points = find_points(x);
    IrBlock **landings = NEW_ARRAY(x->arena, IrBlock *, points.len);
    int n = 0;
    for (int i = 0; i < points.len; i++)
        if (points.at[i].landing) landings[n++] = points.at[i].landing;
    bool **live = ir_live_into(x->arena, x->f, landings, n);
    for (int i = 0; i < points.len; i++) {
        const Point *p = &points.at[i];
        keep(x, &p->block->instrs.at[p->at], p->landing ? live[p->landing->id] : ir_live_after(x->arena, x->f, p->block, p->at));
    }
}

/* An operand that is an address, and not just where the instruction itself loads or stores. */
static void observe_address(void *ctx, IrVal *v) {
    void **pair = ctx;
    Faults *x = pair[0];
    const IrInstr *in = pair[1];
    bool accesses = in->op == IR_LOAD || in->op == IR_STORE || in->op == IR_ZERO || in->op == IR_MOVE || in->op == IR_ATOMIC;
    bool is_place = accesses && (v == &in->a || (v == &in->b && in->op == IR_MOVE));
    if (v->kind == IV_SLOT && !is_place) x->observed[v->local] = true;
}

static void observe_addresses(Faults *x) {
    for (int i = 0; i < x->f->blocks.len; i++)
        for (int j = 0; j < x->f->blocks.at[i]->instrs.len; j++) {
            IrInstr *in = &x->f->blocks.at[i]->instrs.at[j];
            ir_each_operand(in, observe_address, (void *[]){x, in});
        }
}

/* ---- order ---- */

/* Whether it stores to a variable that is read behind recovery points. Variables of the package and boxes may be. What
 * an unknown pointer leads to does not count: a loop that copies would have a FENCE at every step. */
static bool stores_observed(const Faults *x, const IrInstr *in) {
    bool stores = in->op == IR_STORE || in->op == IR_ZERO || in->op == IR_MOVE || in->op == IR_ATOMIC;
    IrVal root = stores ? root_of(x, in->a) : iv_none();
    if (root.kind == IV_SLOT) return x->observed[root.local];
    if (root.kind == IV_SYM || is_own(x, root)) return true;
    return in->dst >= 0 && (x->home[in->dst] >= 0 || x->observed[in->dst]);
}

static int does(const Faults *x, const IrInstr *in) {
    return (may_fault(x, in) ? OPEN_ACCESS : 0) | (stores_observed(x, in) ? OPEN_STORE : 0);
}

/* What is open behind an instruction that does that. */
static int behind(int open, int does) { return does ? does : open; }

static bool needs_fence(int open, int does) {
    return (open & OPEN_STORE && does & OPEN_ACCESS) || (open & OPEN_ACCESS && does & OPEN_STORE);
}

static void flow_into(void *ctx, IrBlock **succ) {
    void **pair = ctx;
    Faults *x = pair[0];
    const int *open = pair[1];
    x->changed |= (*open & ~x->open[(*succ)->id]) != 0;
    x->open[(*succ)->id] |= (uint8_t)*open;
}

static void flow(Faults *x) {
    for (x->changed = true; x->changed;) {
        x->changed = false;
        for (int i = 0; i < x->f->blocks.len; i++) {
            IrBlock *b = x->f->blocks.at[i];
            int open = x->open[b->id];
            for (int j = 0; j < b->instrs.len; j++) open = behind(open, does(x, &b->instrs.at[j]));
            ir_each_succ(b, flow_into, (void *[]){x, &open});
        }
    }
}

static void store_home(Faults *x, IrBlock *b, int local, const IrInstr *behind) {
    IrVal home = {.kind = IV_SLOT, .local = x->home[local], .type = x->f->locals.at[local].type};
    IrInstr in = {.op = IR_STORE, .dst = -1, .type = x->f->locals.at[local].type, .a = home, .b = iv_local(x->f, local)};
    if (behind) in.pos = behind->pos, in.inl = behind->inl;
    vec_push(x->f->arena, &b->instrs, in);
}

static void rewrite(Faults *x, IrBlock *b) {
    IrBlock old = *b;
    int open = x->open[b->id];
    memset(&b->instrs, 0, sizeof b->instrs);
    for (int i = 0; b == x->f->blocks.at[0] && i < x->f->nparams; i++)
        if (x->home[i] >= 0) store_home(x, b, i, NULL);
    for (int i = 0; i < old.instrs.len; i++) {
        const IrInstr *in = &old.instrs.at[i];
        int now = does(x, in);
        bool both = now == (OPEN_ACCESS | OPEN_STORE) && in->dst >= 0; /* a load, whose local is stored behind it */
        if (needs_fence(open, both ? OPEN_ACCESS : now)) vec_push(x->f->arena, &b->instrs, ((IrInstr){.op = IR_FENCE, .dst = -1}));
        vec_push(x->f->arena, &b->instrs, *in);
        if (both) vec_push(x->f->arena, &b->instrs, ((IrInstr){.op = IR_FENCE, .dst = -1}));
        if (in->dst >= 0 && x->home[in->dst] >= 0) store_home(x, b, in->dst, in);
        open = both ? OPEN_STORE : behind(open, now);
    }
}

static void order_func(Faults *x) {
    IrFunc *f = x->f;
    x->count = f->locals.len;
    find_sources(x);
    if (!has_faults(x)) return;
    x->home = NEW_ARRAY(x->arena, int, x->count);
    x->observed = NEW_ARRAY(x->arena, bool, x->count);
    x->open = NEW_ARRAY(x->arena, uint8_t, f->blocks.len);
    for (int i = 0; i < x->count; i++) x->home[i] = -1;
    keep_all(x);
    observe_addresses(x);
    x->open[0] = OPEN_STORE; /* parameters */
    flow(x);
    for (int i = 0; i < f->blocks.len; i++) rewrite(x, f->blocks.at[i]);
}

void ir_order_faults(IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) {
        if (!(p->funcs.at[i]->flags & IF_HAS_SETJMP)) continue;
        Faults x = {.f = p->funcs.at[i], .arena = arena_new()};
        order_func(&x);
        arena_free(x.arena);
    }
}
