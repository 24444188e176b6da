/* inline.c: replaces calls of small functions by their bodies.
 *
 * Done here and not by GCC for two reasons: stack traces and runtime.Callers must show inlined frames, so every
 * inlined instruction keeps the chain of calls it came through (IrInline); and escape analysis, which runs later,
 * then sees through the call.
 *
 * Functions are visited callees first, each one simplified before it is weighed. Cycles are cut where the visit
 * finds a function in progress. Calls on cold paths stay calls. What leaves or observes its own frame (recover,
 * defer, runtime.Callers through frame addresses) is never inlined.
 *
 * A body that is inlined in a loop finds its locals as the last iteration left them; lowering initialises every
 * local before use, so that this cannot be seen. */
#include "ir/ir.h"

#include <string.h>

enum {
    SMALL = 30,       /* weight up to which a call is always replaced */
    SMALL_IN_LOOP = 60,
    ONLY_CALL = 150,  /* for a private function with a single call */
    CALLER_MAX = 6000, /* a function that has grown to this takes no more */
    CALL_WEIGHT = 8,
    MAX_ROUNDS = 3,   /* of inlining what an inlined function was passed to call */
};

typedef enum State { NEW_FUNC, IN_PROGRESS, DONE } State;

typedef struct Candidate {
    IrFunc *f;
    State state;
    int weight;
    int uses;        /* calls and addresses taken in the package */
    bool can_inline; /* nothing in the body forbids it */
    bool has_calls;
} Candidate;

typedef struct Inliner {
    IrPackage *p;
    Arena *arena;     /* for the tables of this pass */
    PtrMap candidates; /* IrFunc* -> Candidate* */
} Inliner;

/* A call being replaced. */
typedef struct Site {
    IrFunc *into, *callee;
    int first_local, first_block, first_inline; /* where the callee's were appended */
    int inl;          /* of instructions that were the callee's own */
    int dst;
    IrBlock *after;
} Site;

static Candidate *candidate(Inliner *il, IrFunc *f) { return ptrmap_get(&il->candidates, f); }

/* ---- weighing ---- */

static int weight_of(const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_NOP: case IR_COPY: case IR_JUMP: case IR_RET: case IR_UNREACHABLE: case IR_OFFSET: return 0;
    case IR_CALL: case IR_CALL_PTR: case IR_CALL_RT: return CALL_WEIGHT + in->call->nparams;
    case IR_NEW: case IR_RENEW: case IR_NEW_ARRAY: return CALL_WEIGHT;
    case IR_SWITCH: return 2 + in->cases.n;
    default: return 1;
    }
}

static bool observes_frame(const IrInstr *in) {
    return in->op == IR_SETJMP || in->op == IR_FRAMEADDR || in->op == IR_RETADDR;
}

static void weigh(Candidate *c) {
    c->weight = 0;
    c->has_calls = false;
    c->can_inline = !(c->f->flags & (IF_NOINLINE | IF_HAS_SETJMP));
    for (int i = 0; i < c->f->blocks.len; i++) {
        const IrBlock *b = c->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            const IrInstr *in = &b->instrs.at[j];
            c->weight += b->cold ? 0 : weight_of(in);
            c->has_calls |= in->op == IR_CALL || in->op == IR_CALL_PTR;
            if (observes_frame(in)) c->can_inline = false;
        }
    }
}

static void count_use(void *ctx, IrVal *v) {
    Candidate *c = v->kind == IV_SYM && v->sym->func ? candidate(ctx, v->sym->func) : NULL;
    if (c) c->uses++;
}

static void count_uses(Inliner *il, IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            ir_each_operand(in, count_use, il);
            Candidate *c = in->op == IR_CALL && in->call->sym->func ? candidate(il, in->call->sym->func) : NULL;
            if (c) c->uses++;
        }
    }
}

/* ---- copying a body ---- */

static void remap_val(void *ctx, IrVal *v) {
    const Site *s = ctx;
    if (v->kind == IV_LOCAL || v->kind == IV_SLOT) v->local += s->first_local;
}

static IrBlock *remap_block(const Site *s, const IrBlock *b) { return b ? s->into->blocks.at[s->first_block + b->id] : NULL; }

static void copy_call(Arena *a, IrInstr *in) {
    IrCall *c = NEW(a, IrCall);
    *c = *in->call;
    c->args = NEW_ARRAY(a, IrVal, c->nparams);
    memcpy(c->args, in->call->args, sizeof(IrVal) * (size_t)c->nparams);
    in->call = c;
}

static void copy_cases(const Site *s, IrInstr *in) {
    IrBlock **targets = NEW_ARRAY(s->into->arena, IrBlock *, in->cases.n);
    for (int i = 0; i < in->cases.n; i++) targets[i] = remap_block(s, in->cases.targets[i]);
    in->cases.targets = targets;
}

static void put_copy(Site *s, IrBlock *to, int dst, IrVal v, const IrInstr *like) {
    IrInstr in = {.op = IR_COPY, .dst = dst, .type = s->into->locals.at[dst].type, .a = v, .pos = like->pos, .inl = like->inl};
    vec_push(s->into->arena, &to->instrs, in);
}

static void put_jump(Site *s, IrBlock *from, IrBlock *to, const IrInstr *like) {
    IrInstr in = {.op = IR_JUMP, .dst = -1, .pos = like->pos, .inl = like->inl};
    vec_push(s->into->arena, &from->instrs, in);
    from->succ[0] = to;
    from->succ[1] = NULL;
}

static void copy_instr(Site *s, IrBlock *to, const IrInstr *from) {
    IrInstr in = *from;
    in.inl = from->inl ? s->first_inline + from->inl : s->inl;
    if (ir_is_call(&in)) copy_call(s->into->arena, &in);
    if (in.op == IR_SWITCH) copy_cases(s, &in);
    ir_each_operand(&in, remap_val, s);
    if (in.dst >= 0) in.dst += s->first_local;
    if (in.op != IR_RET) {
        vec_push(s->into->arena, &to->instrs, in);
        return;
    }
    if (s->dst >= 0) put_copy(s, to, s->dst, in.a, &in);
    put_jump(s, to, s->after, &in);
}

static void copy_locals(Site *s) {
    s->first_local = s->into->locals.len;
    for (int i = 0; i < s->callee->locals.len; i++) {
        IrLocal l = s->callee->locals.at[i];
        l.is_param = l.is_result = false;
        l.name = NULL; /* debuggers show the caller's variables */
        vec_push(s->into->arena, &s->into->locals, l);
    }
}

static void copy_blocks(Site *s, const IrBlock *around) {
    s->first_block = s->into->blocks.len;
    for (int i = 0; i < s->callee->blocks.len; i++) {
        IrBlock *b = ir_block(s->into);
        b->cold = s->callee->blocks.at[i]->cold;
        b->loop_depth = s->callee->blocks.at[i]->loop_depth + around->loop_depth;
    }
    for (int i = 0; i < s->callee->blocks.len; i++) {
        const IrBlock *from = s->callee->blocks.at[i];
        IrBlock *to = s->into->blocks.at[s->first_block + i];
        to->succ[0] = remap_block(s, from->succ[0]);
        to->succ[1] = remap_block(s, from->succ[1]);
        vec_reserve(s->into->arena, &to->instrs, from->instrs.len + 1); /* a return may become two */
        for (int j = 0; j < from->instrs.len; j++) copy_instr(s, to, &from->instrs.at[j]);
    }
}

/* Records the call, then the inlined calls that came with the callee, as seen from here. */
static void copy_inlines(Site *s, const IrInstr *call) {
    Arena *a = s->into->arena;
    vec_push(a, &s->into->inlines, ((IrInline){s->callee, call->pos, call->inl}));
    s->inl = s->into->inlines.len;
    s->first_inline = s->into->inlines.len;
    for (int i = 0; i < s->callee->inlines.len; i++) {
        IrInline in = s->callee->inlines.at[i];
        in.outer = in.outer ? s->first_inline + in.outer : s->inl;
        vec_push(a, &s->into->inlines, in);
    }
}

/* Everything behind instruction at goes to a new block. */
static IrBlock *split(IrFunc *f, IrBlock *b, int at) {
    IrBlock *after = ir_block(f);
    after->cold = b->cold;
    after->loop_depth = b->loop_depth;
    memcpy(after->succ, b->succ, sizeof b->succ);
    vec_reserve(f->arena, &after->instrs, b->instrs.len - at - 1);
    for (int i = at + 1; i < b->instrs.len; i++) vec_push(f->arena, &after->instrs, b->instrs.at[i]);
    b->instrs.len = at;
    return after;
}

static IrBlock *inline_call(IrFunc *f, IrBlock *b, int at) {
    IrInstr call = b->instrs.at[at];
    Site s = {.into = f, .callee = call.call->sym->func, .dst = call.dst};
    s.after = split(f, b, at);
    copy_inlines(&s, &call);
    copy_locals(&s);
    for (int i = 0; i < s.callee->nparams; i++) put_copy(&s, b, s.first_local + i, call.call->args[i], &call);
    copy_blocks(&s, b);
    put_jump(&s, b, f->blocks.at[s.first_block], &call);
    return s.after;
}

/* ---- decisions ---- */

static bool fits(const IrCall *call, const IrFunc *callee) {
    if (call->nparams < callee->nparams || call->nparams > callee->nparams + 1) return false;
    if (call->nparams != callee->nparams && !call->has_env) return false; /* only an unused environment may be left over */
    return !call->no_return && (call->result == NULL) == (callee->result == NULL);
}

static bool wants_inline(Inliner *il, const Candidate *caller, const IrBlock *b, const IrInstr *in) {
    if (in->op != IR_CALL || !in->call->sym->func || b->cold) return false;
    const Candidate *c = candidate(il, in->call->sym->func);
    if (!c || c->state != DONE || !c->can_inline || !fits(in->call, c->f)) return false;
    /* recover looks through wrappers by their frame, in which nothing else may hide. */
    if (caller->f->flags & IF_WRAPPER && !(c->f->flags & IF_WRAPPER) && c->has_calls) return false;
    if (caller->weight > CALLER_MAX) return false;
    int limit = b->loop_depth > 0 ? SMALL_IN_LOOP : SMALL;
    if (c->f->sym->linkage == IL_LOCAL && c->uses == 1) limit = ONLY_CALL;
    return c->weight <= limit;
}

/* Blocks that appear meanwhile are the callee's, already done, and the rests of split ones, which continue here. */
static bool inline_calls(Inliner *il, Candidate *c) {
    IrFunc *f = c->f;
    int n = f->blocks.len;
    bool changed = false;
    for (int i = 0; i < n; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            if (!wants_inline(il, c, b, &b->instrs.at[j])) continue;
            c->weight += candidate(il, b->instrs.at[j].call->sym->func)->weight;
            b = inline_call(f, b, j);
            changed = true;
            j = -1;
        }
    }
    return changed;
}

static void visit(Inliner *il, Candidate *c);

static void visit_callees(Inliner *il, IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            Candidate *callee = in->op == IR_CALL && in->call->sym->func ? candidate(il, in->call->sym->func) : NULL;
            if (callee && callee->state == NEW_FUNC) visit(il, callee);
        }
    }
}

static void visit(Inliner *il, Candidate *c) {
    c->state = IN_PROGRESS;
    ir_simplify_func(il->p, c->f);
    ir_devirtualize(c->f);
    visit_callees(il, c->f);
    weigh(c);
    for (int round = 0; round < MAX_ROUNDS && inline_calls(il, c); round++) {
        ir_simplify_func(il->p, c->f);
        weigh(c);
        if (!ir_devirtualize(c->f)) break; /* what an inlined function calls may be known now */
        visit_callees(il, c->f);
    }
    c->state = DONE;
}

void ir_inline(IrPackage *p) {
    Inliner il = {.p = p, .arena = arena_new()};
    for (int i = 0; i < p->funcs.len; i++) {
        Candidate *c = NEW(il.arena, Candidate);
        c->f = p->funcs.at[i];
        ptrmap_put(il.arena, &il.candidates, c->f, c);
    }
    for (int i = 0; i < p->funcs.len; i++) count_uses(&il, p->funcs.at[i]);
    for (int i = 0; i < p->funcs.len; i++) {
        Candidate *c = candidate(&il, p->funcs.at[i]);
        if (c->state == NEW_FUNC) visit(&il, c);
    }
    arena_free(il.arena);
}
