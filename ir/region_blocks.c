/* region_blocks.c: decides about arena blocks, from the cells of their function; finds what leaves them for certain. Decides
 * about calls of Free and Reset as well, where the function has made the arena itself, or has it from one that made it: else
 * its callers may have memory of the arena that is not known here.
 *
 * An error is reported only where every value that a variable is given, nil apart, is from the block's arena: such a
 * variable in a package variable, as a result, or read behind the block is wrong whatever the program does. */
#include "ir/region.h"

#include <string.h>

/* An arena as one function has it: the value of pointers to it, and a block's call of rt_arena_begin or NULL. */
typedef struct Home {
    const IrFunc *f;
    IrVal arena;
    const IrInstr *begin;
} Home;

/* ---- walking a function ---- */

typedef bool (*InstrFn)(void *ctx, const IrBlock *b, int at);

/* Calls fn for each instruction until it returns true. */
static bool any_instr(const IrFunc *f, InstrFn fn, void *ctx) {
    for (int i = 0; i < f->blocks.len; i++)
        for (int j = 0; j < f->blocks.at[i]->instrs.len; j++)
            if (fn(ctx, f->blocks.at[i], j)) return true;
    return false;
}

static bool is_entry(const IrInstr *in, RtEntry e) { return in->op == IR_CALL_RT && in->call->rt == e; }

static bool same_place(const IrVal *a, const IrVal *b) {
    return a->kind == b->kind && (a->kind == IV_LOCAL || (a->kind == IV_SLOT && a->imm == b->imm)) && a->local == b->local;
}

/* ---- what is certainly from an arena ---- */

typedef enum Origin { OR_NIL, OR_ARENA, OR_OTHER } Origin;

enum { MAX_DEPTH = 8 };

typedef struct Tracer {
    Regions *r;
    const Home *home;
    const IrFunc *f;
    int local, depth;
    Origin result;
    Pos made_at; /* of an allocation that was found */
} Tracer;

static Origin origin_of(Tracer *t, const IrVal *v);

static const IrRegion *summary_of(const Regions *r, const IrSym *sym) {
    if (sym->func) return sym->func->region;
    return ptrmap_get(&r->all->regions, name_of(r->p->sema->names, sym->name));
}

typedef struct Copies { const IrFunc *f; int local; const IrInstr *only; int n; } Copies;

static bool count_def(void *ctx, const IrBlock *b, int at) {
    Copies *c = ctx;
    const IrInstr *in = &b->instrs.at[at];
    if (in->dst == c->local) c->only = in, c->n++;
    return false;
}

static bool is_home(const Home *h, const IrVal *v, int depth) {
    if (same_place(v, &h->arena)) return true;
    if (v->kind != IV_LOCAL || v->local < h->f->nparams || depth == 0) return false;
    Copies c = {.f = h->f, .local = v->local};
    any_instr(h->f, count_def, &c);
    return c.n == 1 && c.only->op == IR_COPY && is_home(h, &c.only->a, depth - 1);
}

static bool allocates_there(const Tracer *t, const IrInstr *in) {
    const IrVal *from = ir_allocator(in);
    if (in->op == IR_CALL) {
        const IrRegion *s = summary_of(t->r, in->call->sym);
        if (s && s->made_from >= 0) from = &in->call->args[s->made_from];
    }
    return from && is_home(t->home, from, MAX_DEPTH);
}

/* A recursive call that passes the arena on gives what the others do. */
static bool is_recursion(const Tracer *t, const IrInstr *in) {
    int param = t->home->arena.local;
    bool is_own = in->op == IR_CALL && in->call->sym->func == t->f && !t->home->begin;
    return is_own && param < in->call->nparams && is_home(t->home, &in->call->args[param], MAX_DEPTH);
}

static Origin defined_by(Tracer *t, const IrInstr *in) {
    if (is_recursion(t, in)) return OR_NIL;
    if (allocates_there(t, in)) {
        t->made_at = in->pos;
        return OR_ARENA;
    }
    if (in->op == IR_LOAD && in->a.kind == IV_SLOT && in->a.imm + in->off == 0)
        return origin_of(t, &(IrVal){.kind = IV_LOCAL, .local = in->a.local});
    bool passes = in->op == IR_COPY || in->op == IR_BITCAST || in->op == IR_OFFSET || in->op == IR_INDEX;
    return passes ? origin_of(t, &in->a) : OR_OTHER;
}

static void see(Tracer *t, Origin o) {
    if (o > t->result) t->result = o;
}

/* The local's first word is what counts: a slice or string is its pointer. */
static void touches_slot(void *ctx, IrVal *v) {
    Tracer *t = ctx;
    if (v->kind == IV_SLOT && v->local == t->local) see(t, OR_OTHER);
}

static bool see_def(void *ctx, const IrBlock *b, int at) {
    Tracer *t = ctx;
    const IrInstr *in = &b->instrs.at[at];
    if (in->dst == t->local) see(t, defined_by(t, in));
    bool at_slot = in->a.kind == IV_SLOT && in->a.local == t->local;
    if (in->op == IR_STORE && at_slot) {
        if (in->a.imm + in->off == 0) see(t, origin_of(t, &in->b));
    } else if (!(at_slot && (in->op == IR_LOAD || in->op == IR_ZERO))) {
        ir_each_operand((IrInstr *)in, touches_slot, t);
    }
    return t->result == OR_OTHER;
}

static Origin origin_of(Tracer *t, const IrVal *v) {
    if (v->kind == IV_ZERO || (v->kind == IV_INT && v->imm == 0)) return OR_NIL;
    if (v->kind != IV_LOCAL || v->local < t->f->nparams || t->depth >= MAX_DEPTH) return OR_OTHER;
    const IrLocal *l = &t->f->locals.at[v->local];
    if (!l->type || l->type->kind == TY_TUPLE) return OR_OTHER;
    Tracer inner = {.r = t->r, .home = t->home, .f = t->f, .local = v->local, .depth = t->depth + 1};
    any_instr(t->f, see_def, &inner);
    if (inner.made_at) t->made_at = inner.made_at;
    return inner.result;
}

/* made_at gets the position of an allocation of it. */
static Origin trace(Regions *r, const Home *h, const IrVal *v, Pos *made_at) {
    Tracer t = {.r = r, .home = h, .f = h->f};
    Origin o = origin_of(&t, v);
    *made_at = t.made_at;
    return o;
}

/* Whether v is certainly from the arena, if it is not nil. */
static bool is_from(Regions *r, const Home *h, const IrVal *v, Pos *made_at) { return trace(r, h, v, made_at) == OR_ARENA; }

/* ---- functions that return what they make in an arena of their caller ---- */

typedef struct Returns { Regions *r; const Home *home; Origin most; } Returns;

static bool see_return(void *ctx, const IrBlock *b, int at) {
    Returns *x = ctx;
    const IrInstr *in = &b->instrs.at[at];
    Pos made_at;
    if (in->op != IR_RET) return false;
    Origin o = trace(x->r, x->home, &in->a, &made_at);
    if (o > x->most) x->most = o;
    return o == OR_OTHER;
}

int rg_made_from(Regions *r, const IrFunc *f) {
    if (!f->result || f->result->kind == TY_TUPLE) return -1;
    for (int i = 0; i < f->nparams; i++) {
        Copies c = {.f = f, .local = i};
        if (f->locals.at[i].has_slot || any_instr(f, count_def, &c) || c.n) continue;
        Home h = {.f = f, .arena = {.kind = IV_LOCAL, .local = i}};
        Returns x = {.r = r, .home = &h};
        any_instr(f, see_return, &x);
        if (x.most == OR_ARENA) return i;
    }
    return -1;
}

/* ---- errors ---- */

typedef struct Leaks { Regions *r; const Home *home; } Leaks;

static void report(Regions *r, const Home *h, Pos pos, Pos made_at, const char *what) {
    Diags *diags = r->p->sema->diags;
    Diag *d = diag_error(diags, pos, pos, "memory of an arena block %s", what);
    diag_note(diags, d, made_at, made_at, "allocated here");
    diag_note(diags, d, h->begin->pos, h->begin->pos, "in this arena block, which releases it when it ends");
}

static bool see_leak(void *ctx, const IrBlock *b, int at) {
    Leaks *x = ctx;
    const IrInstr *in = &b->instrs.at[at];
    Pos made_at;
    bool is_global = in->op == IR_STORE && in->a.kind == IV_SYM && !(in->a.sym->data && in->a.sym->data->readonly);
    if (is_global && is_from(x->r, x->home, &in->b, &made_at)) report(x->r, x->home, in->pos, made_at, "is stored in a package's variable");
    return false;
}

/* The first reading of a local from a position on. */
typedef struct Read { int local; Pos from; const IrInstr *first, *by; } Read;

static void see_operand(void *ctx, IrVal *v) {
    Read *x = ctx;
    bool is_target = v == &x->by->a && (x->by->op == IR_STORE || x->by->op == IR_ZERO);
    bool reads = (v->kind == IV_LOCAL || (v->kind == IV_SLOT && !is_target)) && v->local == x->local;
    if (reads && x->by->pos >= x->from && (!x->first || x->by->pos < x->first->pos)) x->first = x->by;
}

static bool see_read(void *ctx, const IrBlock *b, int at) {
    Read *x = ctx;
    x->by = &b->instrs.at[at];
    ir_each_operand((IrInstr *)x->by, see_operand, x);
    return false;
}

/* A variable that is live at the block's end has nothing but the block's memory. end: the position of that. */
static void check_live(Regions *r, const Home *h, int local, Pos end) {
    const IrLocal *l = &h->f->locals.at[local];
    IrVal v = {.kind = IV_LOCAL, .local = local};
    Pos made_at;
    if (!l->type || !is_from(r, h, &v, &made_at)) return;
    Read read = {.local = local, .from = end};
    any_instr(h->f, see_read, &read);
    const char *what = "is used after the block";
    if (read.first && read.first->op == IR_RET) what = "is returned";
    else if (l->name) what = arena_printf(r->p->arena, "in variable %s is used after the block", l->name->text);
    report(r, h, read.first ? read.first->pos : h->begin->pos, made_at, what);
}

/* ---- proofs ---- */

static bool leads_to(Regions *r, RgCell *from, RgCell *to, int mark) {
    from = rg_find(from);
    if (from == to) return true;
    if (from->mark == mark) return false;
    from->mark = mark;
    for (int i = 0; i < from->edges.len; i++)
        if (leads_to(r, from->edges.at[i].to, to, mark)) return true;
    return false;
}

/* All cells that c leads to, itself included. */
typedef VEC(RgCell *) Cells;
static void reach(Regions *r, RgCell *c, int mark, Cells *out) {
    c = rg_find(c);
    if (c->mark == mark) return;
    c->mark = mark;
    vec_push(r->arena, out, c);
    for (int i = 0; i < c->edges.len; i++) reach(r, c->edges.at[i].to, mark, out);
}

static bool is_at_home(Regions *r, RgCell *c, RgCell *record) { return c->home && leads_to(r, c->home, record, ++r->marks); }

static bool any_at_home(Regions *r, const Cells *cells, RgCell *record) {
    for (int i = 0; i < cells->len; i++)
        if (is_at_home(r, rg_find(cells->at[i]), record)) return true;
    return false;
}

/* Why something at home in the arena may be in use behind an end of its block; NULL: nothing is. */
static const char *why_lost(Regions *r, RgCell *record, Pos *pos) {
    RgCell *found = rg_find(record)->lost ? rg_find(record) : NULL;
    for (int i = 0; !found && i < r->lost.len; i++) {
        RgCell *c = rg_find(r->lost.at[i]);
        if (is_at_home(r, c, rg_find(record))) found = c;
    }
    if (!found) return NULL;
    *pos = found->lost->pos;
    return found->lost->what;
}

static const char *why_live(Regions *r, RgFunc *fn, RgCell *record, const bool *live) {
    for (int i = 0; i < fn->f->locals.len; i++) {
        bool is_param = i < fn->f->nparams;
        if (!fn->vars[i] || (!live[i] && !is_param)) continue;
        Cells cells = {0};
        reach(r, fn->vars[i], ++r->marks, &cells);
        if (!any_at_home(r, &cells, rg_find(record))) continue;
        const Name *name = fn->f->locals.at[i].name;
        return arena_printf(r->p->arena, "%s %s leads to it", is_param ? "parameter" : "variable", name ? name->text : "of the compiler's own");
    }
    return NULL;
}

static void note(Regions *r, Pos pos, const char *text) {
    if (r->p->explain) vec_push(r->p->arena, &r->p->notes, ((IrNote){pos, text}));
}

/* what: is released. */
static const char *guarded(Regions *r, const char *what, const char *why, Pos pos) {
    int line = pos ? source_location(r->p->sema->sources, pos).line : 0;
    if (line) return arena_printf(r->p->arena, "%s: guarded release: its memory may be %s at line %d", what, why, line);
    return arena_printf(r->p->arena, "%s: guarded release: %s", what, why);
}

/* ---- blocks ---- */

typedef struct Ends { Regions *r; RgFunc *fn; const Home *home; RgCell *record; const char *why; } Ends;

static bool decide_end(void *ctx, const IrBlock *b, int at) {
    Ends *x = ctx;
    IrInstr *in = &b->instrs.at[at];
    if (!is_entry(in, RTE_rt_arena_end) || !same_place(&in->call->args[0], &x->home->begin->call->args[1])) return false;
    bool *live = ir_live_after(x->r->arena, x->fn->f, b, at);
    for (int i = x->fn->f->nparams; i < x->fn->f->locals.len; i++)
        if (live[i]) check_live(x->r, x->home, i, in->pos);
    Pos pos = NO_POS;
    const char *why = why_lost(x->r, x->record, &pos);
    if (!why) why = why_live(x->r, x->fn, x->record, live);
    if (why && !x->why) x->why = guarded(x->r, "arena block", why, pos);
    if (!why) in->call->args[1].imm = RR_PROVEN;
    return false;
}

static void find_arena(Home *h) {
    const IrVal *record = &h->begin->call->args[0];
    for (int i = 0; i < h->f->blocks.len; i++)
        for (int j = 0; j < h->f->blocks.at[i]->instrs.len; j++) {
            const IrInstr *in = &h->f->blocks.at[i]->instrs.at[j];
            if (in->op == IR_STORE && in->off == 0 && same_place(&in->b, record)) h->arena = in->a;
        }
}

typedef struct Blocks { Regions *r; RgFunc *fn; } Blocks;

static bool decide_block(void *ctx, const IrBlock *b, int at) {
    Blocks *x = ctx;
    const IrInstr *begin = &b->instrs.at[at];
    if (!is_entry(begin, RTE_rt_arena_begin)) return false;
    Home home = {.f = x->fn->f, .begin = begin};
    find_arena(&home);
    RgCell *record = rg_pointee(x->r, x->fn, &begin->call->args[0]);
    Ends ends = {x->r, x->fn, &home, record, NULL};
    if (record) any_instr(x->fn->f, decide_end, &ends);
    any_instr(x->fn->f, see_leak, &(Leaks){x->r, &home});
    note(x->r, begin->pos, ends.why ? ends.why : "arena block: released at once: nothing leads to its memory at its end");
    return false;
}

/* ---- Free and Reset ---- */

/* Methods of *mem.Arena, and those that do the same where the release is proven. */
static const struct { const char *method, *proven, *what; } releases[] = {
    {"goo/mem.(*Arena).Free", "goo/mem.(*Arena).freeProven", "Free"},
    {"goo/mem.(*Arena).Reset", "goo/mem.(*Arena).resetProven", "Reset"},
};

/* Why the arena may be one that another function made. */
static const char *why_foreign(Regions *r, RgFunc *fn, RgCell *record) {
    for (int i = 0; i < fn->f->nparams; i++) {
        const Name *name = fn->f->locals.at[i].name;
        if (fn->vars[i] && leads_to(r, fn->vars[i], rg_find(record), ++r->marks))
            return arena_printf(r->p->arena, "parameter %s leads to the arena", name ? name->text : "of the compiler's own");
    }
    return NULL;
}

/* NULL: nothing is known. A cell made now must be lost with what leads to it. */
static RgCell *record_of(Regions *r, RgFunc *fn, const IrVal *arena) {
    RgPlace p = rg_behind(r, fn, arena, 0);
    const Name *key = p.cell ? rg_key_at(r, p.type, p.off, NULL) : NULL;
    if (!key) return NULL;
    RgCell *record = rg_content(r, p.cell, key);
    if (!record->lost) record->lost = rg_find(p.cell)->lost;
    return record;
}

static bool decide_release(void *ctx, const IrBlock *b, int at) {
    Blocks *x = ctx;
    Regions *r = x->r;
    IrInstr *in = &b->instrs.at[at];
    for (int i = 0; i < (int)(sizeof releases / sizeof *releases) && in->op == IR_CALL; i++) {
        if (strcmp(in->call->sym->name, releases[i].method) != 0) continue;
        RgCell *record = record_of(r, x->fn, &in->call->args[0]);
        Pos pos = NO_POS;
        const char *why = record ? why_foreign(r, x->fn, record) : "nothing is known of the arena";
        if (!why) why = why_lost(r, record, &pos);
        if (!why) why = why_live(r, x->fn, record, ir_live_after(r->arena, x->fn->f, b, at));
        note(r, in->pos, why ? guarded(r, releases[i].what, why, pos)
                             : arena_printf(r->p->arena, "%s: released at once: nothing leads to the arena's memory any more", releases[i].what));
        if (!why) in->call->sym = ir_sym(r->p, releases[i].proven);
        return false;
    }
    return false;
}

void rg_decide(Regions *r, RgFunc *fn) {
    any_instr(fn->f, decide_block, &(Blocks){r, fn});
    any_instr(fn->f, decide_release, &(Blocks){r, fn});
}
