/* escape_flow.c: the flow graph of a batch of functions.
 *
 * First come the targets: which pointer locals are just names for one object or slot. A local has a target when
 * every assignment to it gives an address in the same thing: new memory, a slot, a copy of another such local, or a
 * captured value that is such an address wherever the closure is made. Targets start out unknown and are joined along
 * all assignments until nothing changes. With them accesses to boxed variables, by closures too, are
 * accesses to the variable and not through a pointer to anything.
 *
 * Then each instruction adds its edges. A load through a pointer without target is a dereference; a store through
 * one stores anywhere, that is to the heap. Addresses of slots for the runtime's records, and what is read from them,
 * flow nowhere: what is put there (deferred closures, iterators) is used by the frame's own function, no later than at
 * its end. What is sent in a select is taken from its record by the runtime entry's effect. A closure object that goes
 * anywhere but to its own calls may be called by anybody, who then gets its results. */
#include "ir/escape.h"

#include <limits.h>
#include <string.h>

/* ---- types ---- */

static bool is_uintptr(const Escape *e, const Type *t) {
    const Type *u = type_canon_under(e->p->sema, (Type *)t);
    return u->kind == TY_BASIC && u->basic.kind == BK_UINTPTR;
}

bool esc_holds(const Escape *e, Type *t) {
    if (t->kind != TY_TUPLE) return type_has_pointers(e->p->sema, t);
    for (int i = 0; i < t->tuple.n; i++)
        if (type_has_pointers(e->p->sema, t->tuple.vars[i]->type)) return true;
    return false;
}

/* Does copying what t points to copy pointers? Unknown for unsafe.Pointer: yes. */
static bool points_to_pointers(const Escape *e, Type *t) {
    Type *u = type_canon_under(e->p->sema, t);
    return u->kind != TY_POINTER || type_has_pointers(e->p->sema, u->pointer.elem);
}

/* Which of the tuple's components is at off. */
static int component(const Escape *e, const Type *tuple, int64_t off) {
    int64_t at = 0;
    for (int i = 0;; i++) {
        Type *t = tuple->tuple.vars[i]->type;
        int64_t align = type_align(e->p->sema, t);
        at = (at + align - 1) / align * align + type_size(e->p->sema, t);
        if (i + 1 == tuple->tuple.n || off < at) return i;
    }
}

/* ---- locations ---- */

static EscLoc *new_loc(Escape *e, EscFunc *fn, EscKind kind, int depth) {
    EscLoc *loc = NEW(e->arena, EscLoc);
    *loc = (EscLoc){.kind = (uint8_t)kind, .fn = fn, .depth = depth, .heap = IR_STAYS};
    return loc;
}

static EscLoc *new_tuple(Escape *e, EscFunc *fn, const Type *tuple, int depth) {
    EscLoc *parts = NEW_ARRAY(e->arena, EscLoc, tuple->tuple.n);
    for (int i = 0; i < tuple->tuple.n; i++)
        parts[i] = (EscLoc){.kind = EL_LOCAL, .fn = fn, .depth = depth, .heap = IR_STAYS};
    return parts;
}

EscLoc *esc_local(Escape *e, EscFunc *fn, int local, int64_t off) {
    const IrLocal *l = &fn->f->locals.at[local];
    if (!l->size_override && !esc_holds(e, l->type) && !is_uintptr(e, l->type)) return NULL;
    EscLoc **loc = &fn->locals[local];
    bool is_tuple = !l->size_override && l->type->kind == TY_TUPLE;
    int depth = fn->depths ? fn->depths[local] : 0;
    if (!*loc) *loc = is_tuple ? new_tuple(e, fn, l->type, depth) : new_loc(e, fn, EL_LOCAL, depth);
    return is_tuple ? *loc + component(e, l->type, off) : *loc;
}

static int env_of(const EscFunc *fn) { return fn->f->flags & IF_HAS_ENV ? fn->f->nparams - 1 : -1; }

static EscField *field_of(Escape *e, EscFunc *code, int64_t off) {
    for (int i = 0; i < code->fields.len; i++)
        if (code->fields.at[i].off == off) return &code->fields.at[i];
    /* It lives on when the closure's body has returned: around all of the body's loops and itself. */
    vec_push(e->arena, &code->fields, ((EscField){.off = off, .loc = new_loc(e, code, EL_FIELD, -1)}));
    return &vec_last(&code->fields);
}

/* ---- targets ---- */

/* An instruction that takes part in finding targets. */
typedef struct Assign { EscFunc *fn; IrInstr *in; } Assign;
typedef VEC(Assign) Assigns;

static bool join(EscTarget *to, EscTarget v) {
    if (to->many || (!v.many && (!v.loc || v.loc == to->loc))) return false;
    if (v.many || to->loc) *to = (EscTarget){.many = true};
    else *to = v;
    return true;
}

static EscTarget target_of(Escape *e, EscFunc *fn, const IrVal *v) {
    switch ((IrValKind)v->kind) {
    case IV_LOCAL: return fn->targets[v->local];
    case IV_SLOT:
        if (fn->f->locals.at[v->local].size_override) return (EscTarget){.many = true};
        EscLoc *loc = esc_local(e, fn, v->local, v->imm);
        return (EscTarget){loc, !loc};
    case IV_INT: case IV_ZERO: return (EscTarget){.many = v->kind == IV_INT && v->imm != 0};
    default: return (EscTarget){.many = true};
    }
}

static EscTarget object_target(EscFunc *fn, const IrInstr *in) { return (EscTarget){.loc = ptrmap_get(&fn->by_instr, in)}; }

/* The body that the function value v has when called, if it is known. */
static EscFunc *known_code(Escape *e, EscFunc *fn, const IrVal *v) {
    if (v->kind == IV_SYM && v->sym->data && v->sym->data->relocs.len == 1 && !v->imm) {
        const IrSym *code = v->sym->data->relocs.at[0].sym;
        return code->func ? esc_func(e, code->func) : NULL;
    }
    EscTarget t = target_of(e, fn, v);
    return t.loc && !t.many && t.loc->kind == EL_OBJECT ? t.loc->code : NULL;
}

static bool reads_env(const EscFunc *fn, const IrInstr *in) {
    return in->op == IR_LOAD && in->a.kind == IV_LOCAL && in->a.local == env_of(fn);
}

/* A store into a closure object: the body's address, or a captured value. */
static bool fill_closure(Escape *e, EscFunc *fn, const IrInstr *in) {
    EscTarget t = target_of(e, fn, &in->a);
    int64_t off = in->off + (in->a.kind == IV_SLOT ? in->a.imm : 0);
    if (!t.loc || t.many || t.loc->kind != EL_OBJECT) return false;
    if (off == 0 && in->b.kind == IV_SYM && in->b.sym->func && !t.loc->code) {
        t.loc->code = esc_func(e, in->b.sym->func);
        vec_push(e->arena, &t.loc->code->closures, t.loc);
        return true;
    }
    if (!t.loc->code || !esc_holds(e, in->type)) return false;
    return join(&field_of(e, t.loc->code, off)->target, target_of(e, fn, &in->b));
}

/* A load from the environment, or from a closure object that the function made, as inlined bodies do. */
static EscTarget loaded_target(Escape *e, EscFunc *fn, const IrInstr *in) {
    if (reads_env(fn, in)) return field_of(e, fn, in->off)->target;
    EscTarget t = target_of(e, fn, &in->a);
    if (t.many || !t.loc) return t;
    if (t.loc->kind != EL_OBJECT || !t.loc->code) return (EscTarget){.many = true};
    return field_of(e, t.loc->code, in->off)->target;
}

static bool assign_target(Escape *e, EscFunc *fn, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_STORE: return fill_closure(e, fn, in);
    case IR_NEW: return join(&fn->targets[in->dst], object_target(fn, in));
    case IR_LOAD: return join(&fn->targets[in->dst], loaded_target(e, fn, in));
    default: return join(&fn->targets[in->dst], target_of(e, fn, &in->a));
    }
}

static bool may_have_target(const Escape *e, const IrLocal *l) {
    return !l->has_slot && !l->size_override && l->type->kind != TY_TUPLE && type_size(e->p->sema, l->type) == 8;
}

/* Sorts out the instructions that may give targets; what any other assigns to has none. */
static void collect_assigns(Escape *e, EscFunc *fn, Assigns *list) {
    IrFunc *f = fn->f;
    for (int i = 0; i < f->locals.len; i++) fn->targets[i].many = i < f->nparams || !may_have_target(e, &f->locals.at[i]);
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            bool passes = in->op == IR_NEW || in->op == IR_COPY || in->op == IR_BITCAST ||
                          in->op == IR_OFFSET || in->op == IR_INDEX || reads_env(fn, in) ||
                          (in->op == IR_LOAD && fn->makes_closures && in->a.kind == IV_LOCAL);
            bool fills = in->op == IR_STORE && in->a.kind == IV_LOCAL;
            if (fills || (passes && !fn->targets[in->dst].many)) vec_push(e->arena, list, ((Assign){fn, in}));
            else if (in->dst >= 0 && in->op != IR_RENEW) fn->targets[in->dst].many = true;
        }
    }
}

static void find_targets(Escape *e) {
    Assigns list = {0};
    for (int i = 0; i < e->batch.len; i++) collect_assigns(e, e->batch.at[i], &list);
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < list.len; i++) changed |= assign_target(e, list.at[i].fn, list.at[i].in);
    }
}

/* ---- flows ---- */

static const EscFlow nothing = {0};

enum { MAX_STEPS = 64 }; /* assignments followed to see where a value comes from */

/* A closure object that goes anywhere but to a local that is another name for it may be called there. */
static void lose_track(EscFlow v) {
    if (v.src && v.derefs < 0 && v.src->code) v.src->code->has_other_calls = true;
}

static void link(Escape *e, EscLoc *to, EscFlow v) {
    if (!to || !v.src || (v.src == to && v.derefs >= 0)) return;
    vec_push(e->arena, &to->in, v);
}

static void add_edge(Escape *e, EscLoc *to, EscFlow v) {
    lose_track(v);
    link(e, to, v);
}

static EscLoc *target_loc(Escape *e, EscFunc *fn, const IrVal *v) {
    EscTarget t = target_of(e, fn, v);
    return t.many ? NULL : t.loc;
}

/* What the bits of v carry. */
static EscFlow bits(Escape *e, EscFunc *fn, const IrVal *v) {
    if (v->kind == IV_SLOT) return (EscFlow){esc_local(e, fn, v->local, v->imm), -1};
    if (v->kind != IV_LOCAL) return nothing;
    EscLoc *target = target_loc(e, fn, v);
    return target ? (EscFlow){target, -1} : (EscFlow){esc_local(e, fn, v->local, 0), 0};
}

/* What the value v carries. A uintptr keeps nothing alive, except within an expression. */
static EscFlow value(Escape *e, EscFunc *fn, const IrVal *v) {
    if (v->kind != IV_LOCAL && v->kind != IV_SLOT) return nothing;
    const IrLocal *l = &fn->f->locals.at[v->local];
    bool counts = v->kind == IV_SLOT ? !l->size_override : esc_holds(e, l->type);
    return counts ? bits(e, fn, v) : nothing;
}

/* What a load of a T from address a + off gives. */
static EscFlow content(Escape *e, EscFunc *fn, const IrVal *a, int64_t off, Type *t) {
    if (!esc_holds(e, t) && !is_uintptr(e, t)) return nothing;
    if (a->kind == IV_SLOT && fn->f->locals.at[a->local].size_override) return nothing;
    if (a->kind == IV_SLOT) return (EscFlow){esc_local(e, fn, a->local, a->imm + off), 0};
    if (a->kind != IV_LOCAL) return nothing; /* what is in globals is on the heap */
    if (a->local == env_of(fn)) return (EscFlow){field_of(e, fn, off)->loc, 0};
    EscLoc *target = target_loc(e, fn, a);
    return target ? (EscFlow){target, 0} : (EscFlow){esc_local(e, fn, a->local, 0), 1};
}

/* A store into closure object o of a value that its body, if it is known, will find at off. */
static void store_captured(Escape *e, EscLoc *o, int64_t off, EscFlow v) {
    EscField *field = o->code ? field_of(e, o->code, off) : NULL;
    if (!field || field->target.many || field->target.loc != v.src) lose_track(v);
    link(e, o, v);
    if (field) link(e, field->loc, v);
}

static void store(Escape *e, EscFunc *fn, const IrVal *a, int64_t off, EscFlow v) {
    if (a->kind == IV_SLOT) {
        add_edge(e, esc_local(e, fn, a->local, a->imm + off), v);
        return;
    }
    EscLoc *target = a->kind == IV_LOCAL ? target_loc(e, fn, a) : NULL;
    if (target) {
        store_captured(e, target, off, v);
    } else if (a->kind == IV_LOCAL && a->local == env_of(fn)) {
        for (int i = 0; i < fn->closures.len; i++) store_captured(e, fn->closures.at[i], off, v);
    } else if (a->kind == IV_LOCAL && a->local < fn->f->nparams && !fn->is_assigned[a->local] && v.src) {
        vec_push(e->arena, &e->stores, ((EscStore){fn, a->local, v}));
    } else {
        add_edge(e, &e->heap, v);
    }
}

/* Whether v is always loaded through the parameter, directly or not. */
static bool comes_from(const EscStore *s, EscFlow v, int *steps) {
    if (v.src == s->fn->locals[s->param]) return v.derefs >= 1;
    if (v.derefs < 0 || v.src->fn != s->fn || v.src->kind != EL_LOCAL || --*steps < 0) return false;
    for (int i = 0; i < v.src->in.len; i++)
        if (!comes_from(s, (EscFlow){v.src->in.at[i].src, v.derefs + v.src->in.at[i].derefs}, steps)) return false;
    return v.src->in.len > 0;
}

/* A value found behind a parameter and stored behind it again, as in b.buf = b.buf[:n], gets nowhere new: what it points to
 * outlives what the parameter points to. */
static void decide_stores(Escape *e) {
    for (int i = 0; i < e->stores.len; i++) {
        const EscStore *s = &e->stores.at[i];
        int steps = MAX_STEPS;
        if (!comes_from(s, s->v, &steps)) add_edge(e, &e->heap, s->v);
    }
    e->stores.len = 0;
}

static void copy_tuple(Escape *e, EscFunc *fn, const IrInstr *in) {
    if (in->a.kind != IV_LOCAL) return;
    EscLoc *to = esc_local(e, fn, in->dst, 0), *from = esc_local(e, fn, in->a.local, 0);
    const Type *t = fn->f->locals.at[in->dst].type;
    for (int i = 0; to && i < t->tuple.n; i++) add_edge(e, to + i, (EscFlow){from + i, 0});
}

static void assign(Escape *e, EscFunc *fn, int dst, EscFlow v) {
    EscTarget t = fn->targets[dst];
    if (t.many || t.loc != v.src) lose_track(v);
    if (!fn->is_binding[dst]) link(e, esc_local(e, fn, dst, 0), v);
}

static void copy(Escape *e, EscFunc *fn, const IrInstr *in) {
    Type *t = fn->f->locals.at[in->dst].type;
    if (t->kind == TY_TUPLE) copy_tuple(e, fn, in);
    else assign(e, fn, in->dst, value(e, fn, &in->a));
}

static void return_value(Escape *e, EscFunc *fn, const IrVal *v) {
    if (v->kind != IV_LOCAL || fn->f->result->kind != TY_TUPLE) {
        if (fn->nresults) add_edge(e, fn->results[0], value(e, fn, v));
        return;
    }
    EscLoc *parts = esc_local(e, fn, v->local, 0);
    for (int i = 0; parts && i < fn->nresults; i++) add_edge(e, fn->results[i], (EscFlow){&fn->locals[v->local][i], 0});
}

/* ---- calls ---- */

/* Where result i of the call goes. */
static EscLoc *result_place(Escape *e, EscFunc *fn, const IrInstr *in, int i) {
    if (in->dst < 0) return NULL;
    EscLoc *loc = esc_local(e, fn, in->dst, 0);
    return loc ? fn->locals[in->dst] + i : NULL;
}

static int result_count(const Type *result) { return !result ? 0 : result->kind == TY_TUPLE ? result->tuple.n : 1; }

static void call_in_batch(Escape *e, EscFunc *fn, const IrInstr *in, EscFunc *callee) {
    const IrCall *c = in->call;
    for (int i = 0; i < c->nparams && i < callee->f->nparams; i++) {
        EscFlow v = value(e, fn, &c->args[i]);
        bool is_self = i == env_of(callee) && v.src && v.src->code == callee;
        if (!is_self) lose_track(v);
        link(e, esc_local(e, callee, i, 0), v);
    }
    for (int i = 0; i < callee->nresults && i < result_count(c->result); i++)
        add_edge(e, result_place(e, fn, in, i), (EscFlow){callee->results[i], 0});
}

static EscFlow deref(EscFlow v, int n) { return (EscFlow){v.src, v.derefs + n}; }

static void call_by_contract(Escape *e, EscFunc *fn, const IrInstr *in, const IrEscape *k) {
    const IrCall *c = in->call;
    int nresults = result_count(c->result);
    for (int i = 0; i < c->nparams && i < k->nparams; i++) {
        EscFlow v = value(e, fn, &c->args[i]);
        lose_track(v);
        if (k->heap[i] != IR_STAYS) add_edge(e, &e->heap, deref(v, k->heap[i]));
        for (int r = 0; r < k->nresults && r < nresults; r++) {
            int d = k->results[i * k->nresults + r];
            if (d != IR_STAYS) add_edge(e, result_place(e, fn, in, r), deref(v, d));
        }
    }
}

/* The callee may keep everything but its own environment, which its body answers for where the closure is made. */
static void call_unknown(Escape *e, EscFunc *fn, const IrInstr *in) {
    const IrCall *c = in->call;
    int n = c->nparams - (in->op == IR_CALL_PTR && c->has_env);
    for (int i = 0; i < n; i++) add_edge(e, &e->heap, value(e, fn, &c->args[i]));
}

static const IrEscape *contract_of(Escape *e, const IrSym *sym) {
    if (sym->func) return sym->func->escape;
    return ptrmap_get(&e->all->by_name, name_of(e->p->sema->names, sym->name));
}

static void call_symbol(Escape *e, EscFunc *fn, const IrInstr *in, IrSym *sym) {
    EscFunc *callee = sym->func ? esc_func(e, sym->func) : NULL;
    if (callee && callee->batch == fn->batch) {
        call_in_batch(e, fn, in, callee);
        return;
    }
    const IrEscape *k = contract_of(e, sym);
    if (k) call_by_contract(e, fn, in, k);
    else if (!sym->no_escape) call_unknown(e, fn, in);
}

static void call_pointer(Escape *e, EscFunc *fn, const IrInstr *in) {
    const IrCall *c = in->call;
    EscFunc *code = c->has_env ? known_code(e, fn, &c->args[c->nparams - 1]) : NULL;
    if (code) call_symbol(e, fn, in, code->f->sym);
    else call_unknown(e, fn, in);
}

static void runtime_effect(Escape *e, EscFunc *fn, const IrInstr *in, int i, char effect) {
    const IrCall *c = in->call;
    EscFlow v = value(e, fn, &c->args[i]);
    bool deep = strchr("cdf", effect) != NULL;
    if (deep && !points_to_pointers(e, c->args[i].type)) return;
    switch (effect) {
    case '-': case 't': return;
    case 'h': case 'c': add_edge(e, &e->heap, deref(v, deep)); return;
    case 'a':
        if (c->args[i + 1].kind != IV_ZERO) add_edge(e, &e->heap, v);
        return;
    case 'r': case 'd': add_edge(e, result_place(e, fn, in, 0), deref(v, deep)); return;
    case 'f': store(e, fn, &c->args[i - 1], 0, deref(v, 1)); return;
    case 'e': add_edge(e, &e->heap, deref(bits(e, fn, &c->args[i]), 2)); return;
    default: unreachable();
    }
}

static void call_runtime(Escape *e, EscFunc *fn, const IrInstr *in) {
    const IrCall *c = in->call;
    const char *effects = ir_entry_effects[c->rt];
    if (!effects && ir_entries[c->rt].result == 'n') return;
    if (c->rt == RTE_rt_string_concat && in->off) effects = "--"; /* a new string always */
    for (int i = 0; i < c->nparams; i++) runtime_effect(e, fn, in, i, effects ? effects[i] : 'h');
    EscLoc *made = ptrmap_get(&fn->by_instr, in);
    if (made) add_edge(e, result_place(e, fn, in, 0), (EscFlow){made, -1});
}

/* ---- instructions ---- */

/* What is stored atomically is for others to see. */
static void atomic(Escape *e, EscFunc *fn, const IrInstr *in) {
    add_edge(e, &e->heap, value(e, fn, &in->b));
    add_edge(e, &e->heap, value(e, fn, &in->c));
    if (in->dst >= 0) assign(e, fn, in->dst, content(e, fn, &in->a, 0, in->type));
}

/* Arithmetic on addresses within an expression keeps what they point to; XOR does not, which is how Go's library hides
 * a pointer (internal/abi.NoEscape). */
static void arithmetic(Escape *e, EscFunc *fn, const IrInstr *in) {
    if (!is_uintptr(e, in->type)) return;
    add_edge(e, esc_local(e, fn, in->dst, 0), bits(e, fn, &in->a));
    add_edge(e, esc_local(e, fn, in->dst, 0), bits(e, fn, &in->b));
}

static void add_flows(Escape *e, EscFunc *fn, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_COPY: copy(e, fn, in); return;
    case IR_LOAD: assign(e, fn, in->dst, content(e, fn, &in->a, in->off, in->type)); return;
    case IR_STORE:
        /* As an integer an address is stored where package reflect's headers have it. */
        if (esc_holds(e, in->type)) store(e, fn, &in->a, in->off, value(e, fn, &in->b));
        else if (is_uintptr(e, in->type)) store(e, fn, &in->a, in->off, bits(e, fn, &in->b));
        return;
    case IR_MOVE: store(e, fn, &in->a, 0, content(e, fn, &in->b, 0, in->type)); return;
    case IR_OFFSET: case IR_INDEX: assign(e, fn, in->dst, value(e, fn, &in->a)); return;
    case IR_BITCAST: assign(e, fn, in->dst, bits(e, fn, &in->a)); return;
    case IR_SELECT:
        assign(e, fn, in->dst, value(e, fn, &in->b));
        assign(e, fn, in->dst, value(e, fn, &in->c));
        return;
    case IR_ADD: case IR_SUB: case IR_AND: case IR_ANDNOT: case IR_OR: arithmetic(e, fn, in); return;
    case IR_NEW: case IR_RENEW: case IR_NEW_ARRAY:
        assign(e, fn, in->dst, (EscFlow){ptrmap_get(&fn->by_instr, in), -1});
        return;
    case IR_ATOMIC: atomic(e, fn, in); return;
    case IR_CALL: call_symbol(e, fn, in, in->call->sym); return;
    case IR_CALL_PTR: call_pointer(e, fn, in); return;
    case IR_CALL_RT: call_runtime(e, fn, in); return;
    case IR_RET: return_value(e, fn, &in->a); return;
    default: return;
    }
}

/* ---- functions ---- */

typedef struct DepthPass { EscFunc *fn; int depth; } DepthPass;

static void note_depth(void *ctx, IrVal *v) {
    DepthPass *p = ctx;
    if (v->kind != IV_LOCAL && v->kind != IV_SLOT) return;
    if (p->depth < p->fn->depths[v->local]) p->fn->depths[v->local] = p->depth;
}

/* A local is as deep as the outermost place that mentions it: lowering initialises every variable where it is
 * declared. */
static void find_depths(Escape *e, EscFunc *fn) {
    IrFunc *f = fn->f;
    fn->block_depths = esc_loop_depths(e->arena, f);
    fn->depths = NEW_ARRAY(e->arena, int, f->locals.len);
    for (int i = f->nparams; fn->block_depths && i < f->locals.len; i++) fn->depths[i] = INT_MAX;
    for (int i = 0; fn->block_depths && i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        DepthPass pass = {fn, fn->block_depths[i]};
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            ir_each_operand(in, note_depth, &pass);
            if (in->dst >= 0) note_depth(&pass, &(IrVal){.kind = IV_LOCAL, .local = in->dst});
        }
    }
}

static void add_object(Escape *e, EscFunc *fn, IrInstr *in, int depth) {
    EscLoc *o = new_loc(e, fn, EL_OBJECT, depth);
    o->made_by = in;
    o->type = in->type;
    o->no_slot = in->op == IR_CALL_RT;
    o->what = o->no_slot ? in->call->what : in->alloc.what;
    vec_push(e->arena, &fn->objects, o);
    ptrmap_put(e->arena, &fn->by_instr, in, o);
}

static bool is_site(const IrInstr *in) { return ir_is_alloc(in) || (in->op == IR_CALL_RT && in->call->what); }

static void set_up(Escape *e, EscFunc *fn) {
    IrFunc *f = fn->f;
    fn->locals = NEW_ARRAY(e->arena, EscLoc *, f->locals.len);
    fn->targets = NEW_ARRAY(e->arena, EscTarget, f->locals.len);
    fn->is_binding = NEW_ARRAY(e->arena, bool, f->locals.len);
    fn->is_assigned = NEW_ARRAY(e->arena, bool, f->locals.len);
    fn->nresults = result_count(f->result);
    fn->results = NEW_ARRAY(e->arena, EscLoc *, fn->nresults);
    for (int i = 0; i < fn->nresults; i++) fn->results[i] = new_loc(e, fn, EL_RESULT, -1);
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            if (in->dst >= 0) fn->is_assigned[in->dst] = true;
            if (!is_site(in)) continue;
            if (!fn->depths) find_depths(e, fn);
            int depth = fn->block_depths ? fn->block_depths[i] : 1;
            if (in->op != IR_RENEW) add_object(e, fn, in, depth);
            else vec_push(e->arena, &fn->renewals, ((EscRenewal){in, depth}));
        }
    }
}

/* A renewed variable is one object: that of its first iteration, but as deep as the renewal. */
static void merge_renewals(Escape *e, EscFunc *fn) {
    for (int i = 0; i < fn->renewals.len; i++) {
        EscRenewal *r = &fn->renewals.at[i];
        EscTarget t = fn->targets[r->in->dst];
        if (t.many || !t.loc || t.loc->kind != EL_OBJECT) {
            add_object(e, fn, r->in, r->depth);
            continue;
        }
        t.loc->depth = r->depth;
        fn->is_binding[r->in->dst] = true;
        ptrmap_put(e->arena, &fn->by_instr, r->in, t.loc);
    }
}

/* What such a body returns may be what it captured, and nobody knows to whom. Of other functions' results that is no
 * concern: unknown callers let all arguments escape. */
static void lose_results(Escape *e, EscFunc *fn) {
    for (int i = 0; fn->has_other_calls && i < fn->nresults; i++) add_edge(e, &e->heap, (EscFlow){fn->results[i], 0});
}

void esc_build(Escape *e) {
    for (int i = 0; i < e->batch.len; i++) set_up(e, e->batch.at[i]);
    find_targets(e);
    for (int i = 0; i < e->batch.len; i++) merge_renewals(e, e->batch.at[i]);
    for (int i = 0; i < e->batch.len; i++) {
        EscFunc *fn = e->batch.at[i];
        for (int k = 0; k < fn->closures.len; k++)
            link(e, esc_local(e, fn, env_of(fn), 0), (EscFlow){fn->closures.at[k], -1});
        for (int b = 0; b < fn->f->blocks.len; b++)
            for (int j = 0; j < fn->f->blocks.at[b]->instrs.len; j++) add_flows(e, fn, &fn->f->blocks.at[b]->instrs.at[j]);
    }
    decide_stores(e);
    for (int i = 0; i < e->batch.len; i++) lose_results(e, e->batch.at[i]);
}
