/* checks.c: removes run-time checks that cannot fail.
 *
 * The dominator tree is walked with a list of facts: what earlier checks and branches have established about locals
 * and constants. A fact about locals that are assigned once holds in every dominated block, because no path from
 * the fact to such a block can assign them again; a fact about others holds until the next assignment, and only
 * along edges that lead nowhere else.
 *
 * Counters of loops are recognised: started at a constant that is not negative and stepped by one where the loop's
 * condition has just found them less than something, they are never negative and do not wrap. When the step leads
 * straight back to the condition, facts about the counter hold in dominated blocks, too: any path that passes the
 * step passes the fact again. They end at the condition's block. That, and lengths that parts.c made visible as
 * single locals, removes the checks of ordinary loops. */
#include "ir/ir.h"

#include <string.h>

enum { FACTS_MAX = 32, DEPTH_MAX = 2000 };

typedef enum FactKind {
    F_NOT_NIL, /* a != nil */
    F_NOT_ZERO,
    F_LT,      /* a < b, signed */
    F_LE,      /* a <= b, signed */
    F_ULE,     /* a <= b, unsigned */
    F_NOT_NEG, /* a >= 0 */
} FactKind;

/* A local (local >= 0) or a constant. */
typedef struct Term {
    int local;
    int64_t imm;
} Term;

typedef struct Fact {
    uint8_t kind;
    Term a, b;
} Fact;

typedef struct Facts {
    Fact at[FACTS_MAX];
    int len;
} Facts;

typedef VEC(int) IntVec;

/* Where a local is assigned. */
typedef struct Def {
    IrInstr *in;
    int block; /* place in order */
} Def;

typedef struct Checker {
    const IrPackage *p;
    IrFunc *f;
    Arena *arena;       /* scratch */
    int nblocks;
    IrBlock **order;    /* reachable blocks in reverse postorder */
    int norder;
    int *number;        /* by block id: place in order; -1: unreachable */
    int *idom;          /* by place in order */
    int *enter, *leave; /* by place: interval in a walk of the dominator tree, for dominates() */
    int *npreds;        /* by block id */
    IntVec *preds, *kids; /* by place: in the graph, in the dominator tree */
    IntVec *counters;   /* by place of the block that tests them: locals */
    int *defs;          /* by local: how often it is assigned */
    Def (*def)[2];      /* by local: the first two */
    bool *not_neg;      /* by local: never negative */
    bool *is_counter;   /* by local: facts about it hold as if it were assigned once */
} Checker;

/* ---- order and dominators ---- */

typedef struct EdgeWalk {
    Checker *c;
    VEC(IrBlock *) succs;
} EdgeWalk;

static void add_succ(void *ctx, IrBlock **succ) {
    EdgeWalk *w = ctx;
    vec_push(w->c->arena, &w->succs, *succ);
}

static EdgeWalk succs_of(Checker *c, IrBlock *b) {
    EdgeWalk w = {.c = c};
    ir_each_succ(b, add_succ, &w);
    return w;
}

typedef struct Visit {
    IrBlock *b;
    EdgeWalk edges;
    int next;
} Visit;

/* Fills order and npreds by a depth-first walk without recursion: functions can be long. */
static void number_blocks(Checker *c) {
    VEC(Visit) stack = {0};
    bool *seen = NEW_ARRAY(c->arena, bool, c->nblocks);
    int left = c->nblocks;
    IrBlock **post = NEW_ARRAY(c->arena, IrBlock *, c->nblocks);
    seen[0] = true;
    vec_push(c->arena, &stack, ((Visit){c->f->blocks.at[0], succs_of(c, c->f->blocks.at[0]), 0}));
    while (stack.len) {
        Visit *v = &vec_last(&stack);
        if (v->next == v->edges.succs.len) {
            post[--left] = v->b;
            stack.len--;
            continue;
        }
        IrBlock *to = v->edges.succs.at[v->next++];
        c->npreds[to->id]++;
        if (seen[to->id]) continue;
        seen[to->id] = true;
        vec_push(c->arena, &stack, ((Visit){to, succs_of(c, to), 0}));
    }
    c->order = post + left;
    c->norder = c->nblocks - left;
    for (int i = 0; i < c->nblocks; i++) c->number[i] = -1;
    for (int i = 0; i < c->norder; i++) c->number[c->order[i]->id] = i;
}

static void find_preds(Checker *c) {
    for (int i = 0; i < c->norder; i++) {
        EdgeWalk w = succs_of(c, c->order[i]);
        for (int k = 0; k < w.succs.len; k++) vec_push(c->arena, &c->preds[c->number[w.succs.at[k]->id]], i);
    }
}

static int common_dominator(const Checker *c, int a, int b) {
    while (a != b) {
        while (a > b) a = c->idom[a];
        while (b > a) b = c->idom[b];
    }
    return a;
}

/* The iterative algorithm of Cooper, Harvey and Kennedy. */
static void find_dominators(Checker *c) {
    for (int i = 1; i < c->norder; i++) c->idom[i] = -1;
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 1; i < c->norder; i++) {
            int dom = -1;
            for (int k = 0; k < c->preds[i].len; k++) {
                int from = c->preds[i].at[k];
                if (from == 0 || c->idom[from] >= 0) dom = dom < 0 ? from : common_dominator(c, dom, from);
            }
            if (dom == c->idom[i]) continue;
            c->idom[i] = dom;
            changed = true;
        }
    }
}

static void number_tree(Checker *c) {
    typedef struct Step { int at, next; } Step;
    VEC(Step) stack = {0};
    int time = 0;
    for (int i = 1; i < c->norder; i++) vec_push(c->arena, &c->kids[c->idom[i]], i);
    vec_push(c->arena, &stack, ((Step){0, 0}));
    c->enter[0] = time++;
    while (stack.len) {
        Step *s = &vec_last(&stack);
        if (s->next == c->kids[s->at].len) {
            c->leave[s->at] = time++;
            stack.len--;
            continue;
        }
        int kid = c->kids[s->at].at[s->next++];
        c->enter[kid] = time++;
        vec_push(c->arena, &stack, ((Step){kid, 0}));
    }
}

/* Whether every path to b passes a; both are places in order. */
static bool dominates(const Checker *c, int a, int b) { return c->enter[a] <= c->enter[b] && c->leave[b] <= c->leave[a]; }

/* ---- terms ---- */

static bool is_slot(const Checker *c, int local) { return c->f->locals.at[local].has_slot; }
static bool is_single(const Checker *c, int local) { return c->defs[local] == 1 && !is_slot(c, local); }

static bool term_of(const Checker *c, const IrVal *v, Term *t) {
    *t = (Term){-1, 0};
    if (v->kind == IV_INT) t->imm = v->imm;
    else if (v->kind == IV_LOCAL && !is_slot(c, v->local)) t->local = v->local;
    else return v->kind == IV_ZERO;
    return true;
}

static bool same(const Term *x, const Term *y) { return x->local == y->local && (x->local >= 0 || x->imm == y->imm); }
static bool is_const(const Term *t) { return t->local < 0; }

/* ---- facts ---- */

static void learn(Facts *facts, FactKind kind, Term a, Term b) {
    if (is_const(&a) && (is_const(&b) || kind == F_NOT_NEG)) return;
    if (facts->len == FACTS_MAX) memmove(facts->at, facts->at + 1, sizeof(Fact) * (size_t)--facts->len);
    facts->at[facts->len++] = (Fact){kind, a, b};
}

static void forget(Facts *facts, int local) {
    int n = 0;
    for (int i = 0; i < facts->len; i++)
        if (facts->at[i].a.local != local && facts->at[i].b.local != local) facts->at[n++] = facts->at[i];
    facts->len = n;
}

static bool is_stable(const Checker *c, const Term *t) {
    return is_const(t) || is_single(c, t->local) || c->is_counter[t->local];
}

/* What still holds in a dominated block that other paths lead to as well. */
static void keep_stable(const Checker *c, Facts *facts) {
    int n = 0;
    for (int i = 0; i < facts->len; i++)
        if (is_stable(c, &facts->at[i].a) && is_stable(c, &facts->at[i].b)) facts->at[n++] = facts->at[i];
    facts->len = n;
}

static bool knows(const Facts *facts, FactKind kind, const Term *a) {
    for (int i = 0; i < facts->len; i++)
        if (facts->at[i].kind == kind && same(&facts->at[i].a, a)) return true;
    return false;
}

static bool knows2(const Facts *facts, FactKind kind, const Term *a, const Term *b) {
    for (int i = 0; i < facts->len; i++)
        if (facts->at[i].kind == kind && same(&facts->at[i].a, a) && same(&facts->at[i].b, b)) return true;
    return false;
}

static bool not_negative(const Checker *c, const Facts *facts, const Term *t) {
    if (is_const(t)) return t->imm >= 0;
    if (c->not_neg[t->local] || knows(facts, F_NOT_NEG, t)) return true;
    for (int i = 0; i < facts->len; i++) {
        const Fact *k = &facts->at[i];
        if (!same(&k->b, t) || !is_const(&k->a)) continue;
        if ((k->kind == F_LT && k->a.imm >= -1) || (k->kind == F_LE && k->a.imm >= 0)) return true;
    }
    return false;
}

static bool less(const Checker *c, const Facts *facts, const Term *a, const Term *b) {
    if (is_const(a) && is_const(b)) return a->imm < b->imm;
    if (knows2(facts, F_LT, a, b)) return true;
    if (!is_const(a)) return false;
    for (int i = 0; i < facts->len; i++) { /* a smaller constant than one that is known to be less */
        const Fact *k = &facts->at[i];
        if (!same(&k->b, b) || !is_const(&k->a)) continue;
        if ((k->kind == F_LT && a->imm <= k->a.imm) || (k->kind == F_LE && a->imm < k->a.imm)) return true;
    }
    return a->imm == -1 && not_negative(c, facts, b);
}

static bool less_or_equal(const Checker *c, const Facts *facts, const Term *a, const Term *b) {
    if (same(a, b) || less(c, facts, a, b) || knows2(facts, F_LE, a, b)) return true;
    return is_const(a) && a->imm == 0 && not_negative(c, facts, b);
}

/* ---- checks ---- */

static bool is_address(const IrVal *v) { return v->kind == IV_SLOT || v->kind == IV_SYM; }

static bool cannot_fail(const Checker *c, const Facts *facts, const IrInstr *in) {
    Term a, b;
    if (in->op == IR_CHECK_NIL && is_address(&in->a)) return true;
    if (!term_of(c, &in->a, &a)) return false;
    switch ((IrOp)in->op) {
    case IR_CHECK_NIL: return knows(facts, F_NOT_NIL, &a);
    case IR_CHECK_DIV: return is_const(&a) ? a.imm != 0 : knows(facts, F_NOT_ZERO, &a);
    case IR_CHECK_SHIFT: return not_negative(c, facts, &a);
    case IR_CHECK_INDEX: return term_of(c, &in->b, &b) && not_negative(c, facts, &a) && less(c, facts, &a, &b);
    case IR_CHECK_LE:
        if (!term_of(c, &in->b, &b)) return false;
        if (same(&a, &b) || (is_const(&a) && a.imm == 0) || knows2(facts, F_ULE, &a, &b)) return true;
        return not_negative(c, facts, &a) && less_or_equal(c, facts, &a, &b);
    default: return false;
    }
}

static void learn_from_check(const Checker *c, Facts *facts, const IrInstr *in) {
    Term a, b, none = {-1, 0};
    if (!term_of(c, &in->a, &a)) return;
    switch ((IrOp)in->op) {
    case IR_CHECK_NIL: learn(facts, F_NOT_NIL, a, none); return;
    case IR_CHECK_DIV: learn(facts, F_NOT_ZERO, a, none); return;
    case IR_CHECK_SHIFT: learn(facts, F_NOT_NEG, a, none); return;
    case IR_CHECK_INDEX: /* lengths are not negative: so neither is what is below one as unsigned */
        if (!term_of(c, &in->b, &b)) return;
        learn(facts, F_NOT_NEG, a, none);
        learn(facts, F_LT, a, b);
        return;
    case IR_CHECK_LE:
        if (term_of(c, &in->b, &b)) learn(facts, F_ULE, a, b);
        return;
    default: return;
    }
}

/* Facts about the source of a copy hold of the copy. */
static void learn_copy(const Checker *c, Facts *facts, const IrInstr *in) {
    Term from, to = {in->dst, 0};
    if (!term_of(c, &in->a, &from) || is_const(&from) || is_slot(c, in->dst) || from.local == in->dst) return;
    if (c->not_neg[from.local]) learn(facts, F_NOT_NEG, to, (Term){-1, 0});
    int n = facts->len;
    for (int i = 0; i < n; i++) {
        Fact k = facts->at[i];
        if (facts->len == FACTS_MAX) return;
        if (same(&k.a, &from)) learn(facts, k.kind, to, k.b);
        else if (same(&k.b, &from)) learn(facts, k.kind, k.a, to);
    }
}

/* An element's address, reached through a checked index, and a field's, through a checked pointer. */
static void learn_address(const Checker *c, Facts *facts, const IrInstr *in) {
    Term base, index, to = {in->dst, 0}, none = {-1, 0};
    if (is_slot(c, in->dst)) return;
    if (is_address(&in->a)) {
        learn(facts, F_NOT_NIL, to, none);
    } else if (in->op == IR_OFFSET && term_of(c, &in->a, &base) && knows(facts, F_NOT_NIL, &base)) {
        learn(facts, F_NOT_NIL, to, none);
    } else if (in->op == IR_INDEX && term_of(c, &in->b, &index)) {
        for (int i = 0; i < facts->len; i++)
            if (facts->at[i].kind == F_LT && same(&facts->at[i].a, &index) && not_negative(c, facts, &index)) {
                learn(facts, F_NOT_NIL, to, none);
                return;
            }
    }
}

static void update(const Checker *c, Facts *facts, const IrInstr *in) {
    if (in->op == IR_SETJMP) keep_stable(c, facts); /* control comes back here after anything */
    if (in->dst >= 0) forget(facts, in->dst);
    if (in->op == IR_COPY) learn_copy(c, facts, in);
    else if (in->op == IR_OFFSET || in->op == IR_INDEX) learn_address(c, facts, in);
    else if (in->op == IR_NEW || in->op == IR_NEW_ARRAY) learn(facts, F_NOT_NIL, (Term){in->dst, 0}, (Term){-1, 0});
    else learn_from_check(c, facts, in);
}

static void check_block(const Checker *c, IrBlock *b, Facts *facts) {
    for (int i = 0; i < b->instrs.len; i++) {
        IrInstr *in = &b->instrs.at[i];
        if (cannot_fail(c, facts, in)) in->op = IR_NOP;
        else update(c, facts, in);
    }
}

/* ---- branches ---- */

static bool is_int(const Checker *c, Type *t) {
    return type_has(c->p->sema, t, TP_INTEGER) && !type_has(c->p->sema, t, TP_UNSIGNED) && type_size(c->p->sema, t) == 8;
}

/* The comparison that decides b's branch, if its operands still have their values there. */
static const IrInstr *condition(const Checker *c, const IrBlock *b) {
    const IrInstr *br = &vec_last(&b->instrs);
    if (br->op != IR_BR || br->a.kind != IV_LOCAL || is_slot(c, br->a.local)) return NULL;
    for (int i = b->instrs.len - 2; i >= 0; i--) {
        const IrInstr *in = &b->instrs.at[i];
        if (in->dst != br->a.local) continue;
        for (int k = i + 1; k < b->instrs.len; k++) {
            int dst = b->instrs.at[k].dst;
            if (dst >= 0 && ((in->a.kind == IV_LOCAL && in->a.local == dst) || (in->b.kind == IV_LOCAL && in->b.local == dst))) return NULL;
        }
        return in->op >= IR_EQ && in->op <= IR_GE ? in : NULL;
    }
    return NULL;
}

static void learn_unequal(const Checker *c, Facts *facts, const IrInstr *cmp, Term a, Term b) {
    Term none = {-1, 0};
    if (is_const(&a)) {
        Term t = a;
        a = b;
        b = t;
    }
    if (is_const(&a) || !is_const(&b) || b.imm != 0) return;
    if (!type_has(c->p->sema, cmp->type, TP_INTEGER)) learn(facts, F_NOT_NIL, a, none);
    else learn(facts, F_NOT_ZERO, a, none);
    if (is_int(c, cmp->type) && not_negative(c, facts, &a)) learn(facts, F_LT, b, a);
}

/* What the way taken at the end of a block tells. */
static void learn_branch(const Checker *c, Facts *facts, const IrInstr *cmp, bool taken) {
    Term a, b;
    if (!term_of(c, &cmp->a, &a) || !term_of(c, &cmp->b, &b)) return;
    if (cmp->op == (taken ? IR_NE : IR_EQ)) {
        learn_unequal(c, facts, cmp, a, b);
        return;
    }
    if (!is_int(c, cmp->type)) return;
    switch ((IrOp)cmp->op) {
    case IR_LT: taken ? learn(facts, F_LT, a, b) : learn(facts, F_LE, b, a); return;
    case IR_LE: taken ? learn(facts, F_LE, a, b) : learn(facts, F_LT, b, a); return;
    case IR_GT: taken ? learn(facts, F_LT, b, a) : learn(facts, F_LE, a, b); return;
    case IR_GE: taken ? learn(facts, F_LE, b, a) : learn(facts, F_LT, a, b); return;
    default: return;
    }
}

static void enter_block(const Checker *c, Facts *facts, const IrBlock *from, const IrBlock *to) {
    if (c->npreds[to->id] != 1) {
        const IntVec *counters = &c->counters[c->number[to->id]];
        keep_stable(c, facts);
        for (int i = 0; i < counters->len; i++) forget(facts, counters->at[i]);
        return;
    }
    const IrInstr *cmp = condition(c, from);
    if (cmp && from->succ[0] != from->succ[1] && (to == from->succ[0] || to == from->succ[1]))
        learn_branch(c, facts, cmp, to == from->succ[0]);
}

static void walk(Checker *c, int at, const Facts *inherited, int from, int depth) {
    Facts facts = {.len = 0};
    if (inherited && depth < DEPTH_MAX) facts = *inherited;
    if (inherited) enter_block(c, &facts, c->order[from], c->order[at]);
    check_block(c, c->order[at], &facts);
    if (depth >= DEPTH_MAX) return; /* what is deeper keeps its checks */
    for (int i = 0; i < c->kids[at].len; i++) walk(c, c->kids[at].at[i], &facts, at, depth + 1);
}

/* ---- locals that are never negative ---- */

static void find_defs(Checker *c) {
    for (int i = 0; i < c->f->nparams; i++) c->defs[i]++;
    for (int i = 0; i < c->norder; i++)
        for (int j = 0; j < c->order[i]->instrs.len; j++) {
            IrInstr *in = &c->order[i]->instrs.at[j];
            if (in->dst < 0) continue;
            int n = c->defs[in->dst]++;
            if (n < 2) c->def[in->dst][n] = (Def){in, i};
        }
}

/* A length or capacity, read from a slice or string. */
static bool is_length(const Checker *c, const IrInstr *in) {
    if (in->op != IR_LOAD || in->a.kind != IV_SLOT) return false;
    Type *t = c->f->locals.at[in->a.local].type;
    if (!t || t->kind == TY_TUPLE) return false;
    int64_t off = in->a.imm + in->off;
    if (type_is_kind(c->p->sema, t, TY_SLICE)) return off == 8 || off == 16;
    return type_has(c->p->sema, t, TP_STRING) && off == 8;
}

static bool is_widened(const Checker *c, const IrInstr *in) {
    Type *from = in->a.type;
    return in->op == IR_CONV && from && type_has(c->p->sema, from, TP_UNSIGNED) && type_size(c->p->sema, from) < 8 &&
           type_size(c->p->sema, in->type) == 8;
}

static bool is_masked(const IrInstr *in) { return in->op == IR_AND && in->b.kind == IV_INT && in->b.imm >= 0; }

static bool is_step(const IrInstr *in) {
    return in->op == IR_ADD && in->a.kind == IV_LOCAL && in->a.local == in->dst && in->b.kind == IV_INT && in->b.imm == 1;
}

/* The block whose branch finds local less than something on the way to block at, with nothing but the loop's own step
 * assigning it in between; -1: none. */
static int bounding_test(const Checker *c, int local, int start, int at) {
    for (int h = at; h > 0; h = c->idom[h]) {
        int from = c->idom[h];
        const IrBlock *test = c->order[from];
        const IrInstr *cmp = c->npreds[c->order[h]->id] == 1 ? condition(c, test) : NULL;
        if (cmp && cmp->op == IR_LT && is_int(c, cmp->type) && cmp->a.kind == IV_LOCAL && cmp->a.local == local &&
            test->succ[0] == c->order[h] && test->succ[1] != test->succ[0])
            return dominates(c, start, from) ? from : -1;
    }
    return -1;
}

/* The definition of a counter that is not its step. */
static Def start_of(const Checker *c, int local) {
    return is_step(c->def[local][0].in) ? c->def[local][1] : c->def[local][0];
}

/* y + 1 where y is a counter, or a copy of one, that is less than something here. */
static bool is_next_of_counter(const Checker *c, Def d) {
    if (d.in->op != IR_ADD || d.in->b.kind != IV_INT || d.in->b.imm != 1 || d.in->a.kind != IV_LOCAL) return false;
    int y = d.in->a.local;
    const IrInstr *in = c->def[y][0].in;
    if (c->defs[y] == 1 && in && in->op == IR_COPY && in->a.kind == IV_LOCAL) y = in->a.local;
    return c->is_counter[y] && bounding_test(c, y, start_of(c, y).block, d.block) >= 0;
}

static bool gives_not_negative(const Checker *c, Def d) {
    const IrInstr *in = d.in;
    if (in->op != IR_COPY) return is_length(c, in) || is_widened(c, in) || is_masked(in) || is_next_of_counter(c, d);
    return in->a.kind == IV_ZERO || (in->a.kind == IV_INT && in->a.imm >= 0) ||
           (in->a.kind == IV_LOCAL && c->not_neg[in->a.local]);
}

static void recognise_counter(Checker *c, int local) {
    Def start = start_of(c, local), step = c->def[local][c->def[local][0].in == start.in];
    if (!gives_not_negative(c, start) || !is_step(step.in) || start.block == step.block) return;
    int test = bounding_test(c, local, start.block, step.block);
    if (test < 0) return;
    c->not_neg[local] = true;
    const IrBlock *last = c->order[step.block];
    if (vec_last(&last->instrs).op != IR_JUMP || last->succ[0] != c->order[test]) return;
    c->is_counter[local] = true;
    vec_push(c->arena, &c->counters[test], local);
}

static void classify(Checker *c, int local) {
    const IrLocal *l = &c->f->locals.at[local];
    if (c->not_neg[local] || is_slot(c, local) || !l->type || l->type->kind == TY_TUPLE || !is_int(c, l->type)) return;
    if (c->defs[local] == 1) c->not_neg[local] = gives_not_negative(c, c->def[local][0]);
    if (c->defs[local] == 2) c->not_neg[local] = gives_not_negative(c, c->def[local][0]) && gives_not_negative(c, c->def[local][1]);
    if (c->defs[local] == 2 && !c->not_neg[local]) recognise_counter(c, local);
}

/* Twice, as what is copied from may come later. */
static void find_not_negative(Checker *c) {
    for (int round = 0; round < 2; round++)
        for (int i = c->f->nparams; i < c->f->locals.len; i++) classify(c, i);
}

static bool has_checks(const IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        const IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].op >= IR_CHECK_NIL && b->instrs.at[j].op <= IR_CHECK_SHIFT) return true;
    }
    return false;
}

#define TABLE(c, field, n) ((c)->field = arena_alloc((c)->arena, sizeof *(c)->field * (size_t)(n)))

void ir_remove_checks(const IrPackage *p, IrFunc *f) {
    if (!has_checks(f)) return;
    Checker c = {.p = p, .f = f, .arena = arena_new(), .nblocks = f->blocks.len};
    TABLE(&c, number, c.nblocks);
    TABLE(&c, npreds, c.nblocks);
    c.npreds[0] = 1; /* the caller */
    number_blocks(&c);
    TABLE(&c, idom, c.norder);
    TABLE(&c, enter, c.norder);
    TABLE(&c, leave, c.norder);
    TABLE(&c, preds, c.norder);
    TABLE(&c, kids, c.norder);
    TABLE(&c, counters, c.norder);
    TABLE(&c, defs, f->locals.len);
    TABLE(&c, def, f->locals.len);
    TABLE(&c, not_neg, f->locals.len);
    TABLE(&c, is_counter, f->locals.len);
    find_preds(&c);
    find_dominators(&c);
    number_tree(&c);
    find_defs(&c);
    find_not_negative(&c);
    walk(&c, 0, NULL, 0, 0);
    arena_free(c.arena);
}
