/* simplify.c: makes functions smaller before GCC sees them, which costs it far more time than us.
 *
 * Per function, in this order:
 *   1. branches on constants become jumps, jumps to jumps go to the end of the chain;
 *   2. copies of constants and of locals that are assigned once are read at the source;
 *   3. a value that is only copied to a variable right after goes there at once;
 *   4. a block with one predecessor that jumps to it is joined to it; unreachable blocks go;
 *   5. a check that an earlier one in the same extended basic block implies is dropped;
 *   6. instructions whose only effect is a local that nobody reads are dropped.
 *
 * Step 2 relies on lowering defining temporaries before their uses: if both the copy and its source have one
 * definition, no path can redefine the source between them. Slots are left alone throughout: stores and calls write
 * to them. */
#include "ir/ir.h"

#include <string.h>

enum { FACTS_MAX = 24 };

/* Something that holds from a check on: the check would not fail again. */
typedef struct Fact {
    uint8_t op; /* of the check */
    IrVal a, b;
} Fact;

typedef struct Facts {
    Fact at[FACTS_MAX];
    int len;
} Facts;

typedef struct Simplifier {
    IrFunc *f;
    Arena *arena;    /* scratch, for this function */
    int *defs, *uses; /* by local */
    IrVal *source;   /* by local: what a copy is a copy of; kind IV_NONE: not a copy */
    int *preds;      /* by block */
    bool *reached;
} Simplifier;

static IrInstr *terminator(IrBlock *b) {
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

static void join_successors(Simplifier *s, IrBlock *b) {
    for (;;) {
        IrBlock *next = terminator(b)->op == IR_JUMP ? b->succ[0] : NULL;
        if (!next || next == b || s->preds[next->id] != 1) return;
        b->instrs.len--;
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

/* Names that a debugger shows stay variables. */
static void note_copy(Simplifier *s, const IrInstr *in) {
    if (in->op != IR_COPY || !is_single(s, in->dst) || s->f->locals.at[in->dst].name || !is_stable(s, &in->a)) return;
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
    return is_single(s, in->dst) && s->uses[in->dst] == 1 && !temp->name && temp->type == var->type && !var->has_slot;
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

/* ---- checks ---- */

static bool same_val(const IrVal *x, const IrVal *y) {
    if (x->kind != y->kind) return false;
    return x->kind == IV_LOCAL ? x->local == y->local : x->kind == IV_INT && x->imm == y->imm;
}

static bool is_trackable(const Simplifier *s, const IrVal *v) {
    return v->kind == IV_INT || (v->kind == IV_LOCAL && !s->f->locals.at[v->local].has_slot);
}

static bool has_second(uint8_t op) { return op == IR_CHECK_INDEX || op == IR_CHECK_LE; }

static bool is_known(const Facts *facts, const IrInstr *in) {
    for (int i = 0; i < facts->len; i++) {
        const Fact *k = &facts->at[i];
        if (k->op == in->op && same_val(&k->a, &in->a) && (!has_second(in->op) || same_val(&k->b, &in->b))) return true;
    }
    return false;
}

static void learn(const Simplifier *s, Facts *facts, uint8_t op, const IrVal *a, const IrVal *b) {
    if (!is_trackable(s, a) || (has_second(op) && !is_trackable(s, b))) return;
    if (facts->len == FACTS_MAX) memmove(facts->at, facts->at + 1, sizeof(Fact) * (size_t)--facts->len);
    facts->at[facts->len++] = (Fact){op, *a, has_second(op) ? *b : iv_none()};
}

static void forget(Facts *facts, int local) {
    int n = 0;
    for (int i = 0; i < facts->len; i++) {
        const Fact *k = &facts->at[i];
        bool about = (k->a.kind == IV_LOCAL && k->a.local == local) || (k->b.kind == IV_LOCAL && k->b.local == local);
        if (!about) facts->at[n++] = *k;
    }
    facts->len = n;
}

/* Holds whatever happened before. */
static bool cannot_fail(const IrInstr *in) {
    if (in->op == IR_CHECK_NIL) return in->a.kind == IV_SLOT || in->a.kind == IV_SYM;
    if (in->op == IR_CHECK_DIV) return in->a.kind == IV_INT && in->a.imm != 0;
    if (in->op == IR_CHECK_SHIFT) return in->a.kind == IV_INT && in->a.imm >= 0;
    if (in->a.kind != IV_INT || in->b.kind != IV_INT) return false;
    if (in->op == IR_CHECK_INDEX) return in->a.imm >= 0 && in->a.imm < in->b.imm;
    return in->op == IR_CHECK_LE && (uint64_t)in->a.imm <= (uint64_t)in->b.imm;
}

static bool is_check(uint8_t op) {
    return op == IR_CHECK_NIL || op == IR_CHECK_INDEX || op == IR_CHECK_LE || op == IR_CHECK_DIV || op == IR_CHECK_SHIFT;
}

static void update_facts(const Simplifier *s, Facts *facts, const IrInstr *in) {
    if (in->op == IR_SETJMP) facts->len = 0; /* control comes back here after anything */
    if (in->dst >= 0) forget(facts, in->dst);
    if (is_check(in->op)) learn(s, facts, in->op, &in->a, &in->b);
    if (in->op == IR_NEW || in->op == IR_NEW_ARRAY) {
        IrVal object = iv_local(s->f, in->dst);
        learn(s, facts, IR_CHECK_NIL, &object, NULL);
    }
}

static void check_block(const Simplifier *s, IrBlock *b, Facts *facts) {
    for (int i = 0; i < b->instrs.len; i++) {
        IrInstr *in = &b->instrs.at[i];
        if (is_check(in->op) && (cannot_fail(in) || is_known(facts, in))) in->op = IR_NOP;
        else update_facts(s, facts, in);
    }
}

/* b and the tree of blocks below it that only it leads to. */
static void check_tree(Simplifier *s, IrBlock *b, Facts facts, int depth);

typedef struct TreeWalk {
    Simplifier *s;
    const Facts *facts;
    int depth;
} TreeWalk;

static void check_child(void *ctx, IrBlock **succ) {
    TreeWalk *w = ctx;
    if (w->s->preds[(*succ)->id] == 1 && !w->s->reached[(*succ)->id]) check_tree(w->s, *succ, *w->facts, w->depth + 1);
}

static void check_tree(Simplifier *s, IrBlock *b, Facts facts, int depth) {
    enum { DEPTH_MAX = 200 }; /* deeper blocks start with nothing known */
    if (depth > DEPTH_MAX) return;
    s->reached[b->id] = true;
    check_block(s, b, &facts);
    ir_each_succ(b, check_child, &(TreeWalk){s, &facts, depth});
}

static void remove_checks(Simplifier *s) {
    find_reachable(s);
    memset(s->reached, 0, sizeof(bool) * (size_t)s->f->blocks.len);
    for (int pass = 0; pass < 2; pass++) /* roots first, then what was too deep */
        for (int i = 0; i < s->f->blocks.len; i++)
            if (!s->reached[i] && (pass || i == 0 || s->preds[i] != 1)) check_tree(s, s->f->blocks.at[i], (Facts){0}, 0);
}

/* ---- dead code ---- */

static void drop_use(void *ctx, IrVal *v) {
    Simplifier *s = ctx;
    if (v->kind == IV_LOCAL || v->kind == IV_SLOT) s->uses[v->local]--;
}

static bool is_dead(const Simplifier *s, const IrInstr *in) {
    char effects = ir_ops[in->op].effects;
    return (effects == 'p' || effects == 'r') && in->dst >= 0 && s->uses[in->dst] == 0 && !s->f->locals.at[in->dst].name;
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

void ir_simplify_func(IrFunc *f) {
    Simplifier s = {.f = f, .arena = arena_new()};
    remove_nops(f);
    simplify_branches(f);
    propagate_copies(&s);
    write_directly(&s);
    simplify_branches(f);
    clean_blocks(&s);
    remove_checks(&s);
    remove_dead(&s);
    remove_nops(f);
    arena_free(s.arena);
}

void ir_simplify(IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) ir_simplify_func(p->funcs.at[i]);
}
