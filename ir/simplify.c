/* simplify.c: makes functions smaller before GCC sees them, which costs it far more time than us.
 *
 * Per function, in this order:
 *   1. branches on constants become jumps, jumps to jumps go to the end of the chain;
 *   2. parts of slices and the like become locals (parts.c);
 *   3. copies of constants and of locals that are assigned once are read at the source;
 *   4. a value that is only copied to a variable right after goes there at once;
 *   5. a block with one predecessor that jumps to it is joined to it; unreachable blocks go;
 *   6. checks that cannot fail go (checks.c);
 *   7. instructions whose only effect is a local that nobody reads are dropped.
 *
 * Step 3 relies on lowering defining temporaries before their uses: if both the copy and its source have one
 * definition, no path can redefine the source between them. Slots are left alone throughout: stores and calls write
 * to them. Variables that a debugger is to show (IrPackage.keep_vars) stay. */
#include "ir/ir.h"

#include <string.h>

typedef struct Simplifier {
    const IrPackage *p;
    IrFunc *f;
    Arena *arena;    /* scratch, for this function */
    int *defs, *uses; /* by local */
    IrVal *source;   /* by local: what a copy is a copy of; kind IV_NONE: not a copy */
    int *preds;      /* by block */
    bool *reached;
} Simplifier;

static IrInstr *terminator(const IrBlock *b) {
    IrInstr *t = ir_terminator(b);
    check(t);
    return t;
}

/* ---- branches ---- */

static void make_jump(IrBlock *b, IrBlock *to) {
    IrInstr *t = terminator(b);
    t->op = IR_JUMP;
    t->a = iv_none();
    b->succ[0] = to;
    b->succ[1] = NULL;
}

static void fold_switch(IrBlock *b, const IrInstr *t) {
    for (int i = 0; i < t->cases.n; i++)
        if (t->cases.values[i] == t->a.imm) {
            make_jump(b, t->cases.targets[i]);
            return;
        }
    make_jump(b, b->succ[0]);
}

static void fold_branch(IrBlock *b) {
    IrInstr *t = terminator(b);
    if (t->op == IR_BR && b->succ[0] == b->succ[1]) make_jump(b, b->succ[0]);
    else if (t->op == IR_BR && t->a.kind == IV_INT) make_jump(b, b->succ[t->a.imm ? 0 : 1]);
    else if (t->op == IR_BR && t->a.kind == IV_ZERO) make_jump(b, b->succ[1]);
    else if (t->op == IR_SWITCH && t->a.kind == IV_INT) fold_switch(b, t);
}

/* The block that a jump to b gets to. Rings of empty blocks are endless loops of the program: leave them. */
static IrBlock *final_target(IrBlock *b) {
    IrBlock *at = b;
    for (int steps = 0; steps < 16; steps++) {
        if (at->instrs.len != 1 || at->instrs.at[0].op != IR_JUMP) return at;
        at = at->succ[0];
    }
    return b;
}

static void thread_succ(void *ctx, IrBlock **succ) {
    (void)ctx;
    *succ = final_target(*succ);
}

static void simplify_branches(IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        fold_branch(f->blocks.at[i]);
        ir_each_succ(f->blocks.at[i], thread_succ, NULL);
        fold_branch(f->blocks.at[i]); /* both ways may lead to the same place now */
    }
}

/* ---- reachability and joining ---- */

typedef struct Walk {
    Simplifier *s;
    VEC(IrBlock *) todo;
} Walk;

static void reach(void *ctx, IrBlock **succ) {
    Walk *w = ctx;
    IrBlock *b = *succ;
    w->s->preds[b->id]++;
    if (w->s->reached[b->id]) return;
    w->s->reached[b->id] = true;
    vec_push(w->s->arena, &w->todo, b);
}

/* Marks reachable blocks and counts the edges into them. */
static void find_reachable(Simplifier *s) {
    int n = s->f->blocks.len;
    s->preds = NEW_ARRAY(s->arena, int, n);
    s->reached = NEW_ARRAY(s->arena, bool, n);
    Walk w = {.s = s};
    IrBlock *entry = s->f->blocks.at[0];
    reach(&w, &entry); /* counts as a predecessor: nothing is joined to the entry */
    while (w.todo.len) ir_each_succ(w.todo.at[--w.todo.len], reach, &w);
}

/* The only block that control comes to from b, if it comes there from nowhere else; NULL otherwise. */
static IrBlock *continuation(const Simplifier *s, const IrBlock *b) {
    return terminator(b)->op == IR_JUMP && s->preds[b->succ[0]->id] == 1 ? b->succ[0] : NULL;
}

static void join_successors(Simplifier *s, IrBlock *b) {
    int64_t n = b->instrs.len;
    for (IrBlock *next = continuation(s, b); next && next != b; next = continuation(s, next)) n += next->instrs.len - 1;
    vec_reserve(s->f->arena, &b->instrs, n);
    for (IrBlock *next; (next = continuation(s, b)) && next != b;) {
        b->instrs.len--; /* the jump */
        for (int i = 0; i < next->instrs.len; i++) vec_push(s->f->arena, &b->instrs, next->instrs.at[i]);
        memcpy(b->succ, next->succ, sizeof b->succ);
        s->reached[next->id] = false;
    }
}

static void remove_unreached(Simplifier *s) {
    int n = 0;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        if (!s->reached[i]) continue;
        b->id = n;
        s->f->blocks.at[n++] = b;
    }
    s->f->blocks.len = n;
}

static void clean_blocks(Simplifier *s) {
    find_reachable(s);
    for (int i = 0; i < s->f->blocks.len; i++)
        if (s->reached[i]) join_successors(s, s->f->blocks.at[i]);
    remove_unreached(s);
}

/* ---- copies ---- */

static void remove_nops(IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        int n = 0;
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].op != IR_NOP) b->instrs.at[n++] = b->instrs.at[j];
        b->instrs.len = n;
    }
}

static void count_use(void *ctx, IrVal *v) {
    Simplifier *s = ctx;
    if (v->kind == IV_LOCAL || v->kind == IV_SLOT) s->uses[v->local]++;
}

static void count(Simplifier *s) {
    int n = s->f->locals.len;
    s->defs = NEW_ARRAY(s->arena, int, n);
    s->uses = NEW_ARRAY(s->arena, int, n);
    for (int i = 0; i < s->f->nparams; i++) s->defs[i]++;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            if (b->instrs.at[j].dst >= 0) s->defs[b->instrs.at[j].dst]++;
            ir_each_operand(&b->instrs.at[j], count_use, s);
        }
    }
}

static bool is_single(const Simplifier *s, int local) { return s->defs[local] == 1 && !s->f->locals.at[local].has_slot; }

/* Whether reading v at any later point gives what it gives now. */
static bool is_stable(const Simplifier *s, const IrVal *v) {
    if (v->kind == IV_LOCAL) return is_single(s, v->local);
    return v->kind == IV_INT || v->kind == IV_FLOAT || v->kind == IV_SYM || v->kind == IV_SLOT;
}

static bool is_kept(const Simplifier *s, int local) { return s->p->keep_vars && s->f->locals.at[local].name; }

static void note_copy(Simplifier *s, const IrInstr *in) {
    if (in->op != IR_COPY || !is_single(s, in->dst) || is_kept(s, in->dst) || !is_stable(s, &in->a)) return;
    if (in->a.kind == IV_LOCAL && s->f->locals.at[in->a.local].type != s->f->locals.at[in->dst].type) return;
    s->source[in->dst] = in->a;
}

static void read_at_source(void *ctx, IrVal *v) {
    Simplifier *s = ctx;
    for (int steps = 0; v->kind == IV_LOCAL && s->source[v->local].kind != IV_NONE && steps < 64; steps++) {
        Type *type = v->type; /* the user's view of the bits stays */
        *v = s->source[v->local];
        v->type = type;
    }
}

static void propagate_copies(Simplifier *s) {
    count(s);
    s->source = NEW_ARRAY(s->arena, IrVal, s->f->locals.len);
    bool any = false;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) note_copy(s, &b->instrs.at[j]);
    }
    for (int i = 0; i < s->f->locals.len; i++) any |= s->source[i].kind != IV_NONE;
    if (!any) return;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) ir_each_operand(&b->instrs.at[j], read_at_source, s);
    }
}

/* Whether next does nothing but move in's result, which nobody else reads, to a variable. */
static bool only_moves(const Simplifier *s, const IrInstr *in, const IrInstr *next) {
    if (in->dst < 0 || in->op == IR_SETJMP || next->op != IR_COPY) return false;
    if (next->a.kind != IV_LOCAL || next->a.local != in->dst || next->dst == in->dst) return false;
    const IrLocal *temp = &s->f->locals.at[in->dst], *var = &s->f->locals.at[next->dst];
    return is_single(s, in->dst) && s->uses[in->dst] == 1 && !is_kept(s, in->dst) && temp->type == var->type && !var->has_slot;
}

static void write_directly(Simplifier *s) {
    count(s);
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j + 1 < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j], *next = &b->instrs.at[j + 1];
            if (!only_moves(s, in, next)) continue;
            in->dst = next->dst;
            next->op = IR_NOP;
        }
    }
    remove_nops(s->f);
}

/* ---- dead code ---- */

static void drop_use(void *ctx, IrVal *v) {
    Simplifier *s = ctx;
    if (v->kind == IV_LOCAL || v->kind == IV_SLOT) s->uses[v->local]--;
}

static bool is_dead(const Simplifier *s, const IrInstr *in) {
    char effects = ir_ops[in->op].effects;
    return (effects == 'p' || effects == 'r') && in->dst >= 0 && s->uses[in->dst] == 0 && !is_kept(s, in->dst);
}

/* Backwards, so that what a dead instruction used is usually dead by the time it is reached. */
static void remove_dead(Simplifier *s) {
    count(s);
    for (int i = s->f->blocks.len - 1; i >= 0; i--) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = b->instrs.len - 1; j >= 0; j--) {
            IrInstr *in = &b->instrs.at[j];
            if (!is_dead(s, in)) continue;
            ir_each_operand(in, drop_use, s);
            in->op = IR_NOP;
        }
    }
}

void ir_simplify_func(const IrPackage *p, IrFunc *f) {
    Simplifier s = {.p = p, .f = f, .arena = arena_new()};
    remove_nops(f);
    simplify_branches(f);
    ir_split_parts(p, f);
    propagate_copies(&s);
    write_directly(&s);
    simplify_branches(f);
    clean_blocks(&s);
    ir_remove_checks(p, f);
    remove_dead(&s);
    remove_nops(f);
    arena_free(s.arena);
}

void ir_simplify(IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) ir_simplify_func(p, p->funcs.at[i]);
}
