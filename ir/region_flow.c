/* region_flow.c: what each instruction means to region analysis: which cells a pointer may lead to both of.
 *
 * A local is a cell of its own, whose words are what the local holds: the address of its slot leads to that cell. Loads,
 * stores and copies join, word by word, what the words of both sides point to. The words of memory are told apart by the
 * type that the pointer has; compiler-made accesses through untyped pointers use the type of what they read. */
#include "ir/region.h"

/* ---- values ---- */

RgCell *rg_var(Regions *r, RgFunc *fn, int local) {
    if (!fn->vars[local]) fn->vars[local] = rg_cell(r);
    return fn->vars[local];
}

RgPlace rg_local_place(Regions *r, RgFunc *fn, int local) {
    const IrLocal *l = &fn->f->locals.at[local];
    return (RgPlace){rg_var(r, fn, local), l->size_override ? NULL : l->type, 0};
}

/* Static data that no one writes to: literals, descriptors, functions. */
static bool is_constant(const IrSym *sym) { return sym->is_func || sym->func || (sym->data && sym->data->readonly); }

static RgCell *lost_cell(Regions *r, const char *what) {
    RgCell *c = rg_cell(r);
    rg_lose(r, c, NO_POS, what);
    return c;
}

static RgCell *symbol_cell(Regions *r, const IrSym *sym) {
    if (!is_constant(sym)) return lost_cell(r, "a package's variable");
    bool is_closure = sym->data && sym->data->relocs.len == 1 && sym->data->relocs.at[0].sym->func;
    if (!is_closure) return NULL;
    RgCell *c = rg_cell(r);
    c->code = sym->data->relocs.at[0].sym->func;
    return c;
}

/* The key of the first word of v. */
static const Name *first_key(Regions *r, Type *t) {
    const RgWords *words = rg_words(r, t);
    return words->list.len ? words->list.at[0].key : NULL;
}

RgCell *rg_pointee(Regions *r, RgFunc *fn, const IrVal *v) {
    switch ((IrValKind)v->kind) {
    case IV_LOCAL: {
        Type *t = fn->f->locals.at[v->local].type;
        const Name *key = t ? first_key(r, t) : NULL;
        return key ? rg_content(r, rg_var(r, fn, v->local), key) : NULL;
    }
    case IV_SLOT: return rg_var(r, fn, v->local);
    case IV_SYM: return symbol_cell(r, v->sym);
    case IV_NONE: case IV_INT: case IV_FLOAT: case IV_ZERO: return NULL;
    }
    unreachable();
}

/* What a pointer of type t points to; NULL: unknown. */
static Type *elem_of(Regions *r, Type *t) {
    Type *u = t ? type_canon_under(r->p->sema, t) : NULL;
    return u && u->kind == TY_POINTER ? type_canon(r->p->sema, u->pointer.elem) : NULL;
}

RgPlace rg_behind(Regions *r, RgFunc *fn, const IrVal *pointer, int64_t off) {
    if (pointer->kind == IV_SLOT) {
        RgPlace p = rg_local_place(r, fn, pointer->local);
        p.off = pointer->imm + off;
        return p;
    }
    Type *t = elem_of(r, pointer->type);
    int64_t size = t ? type_size(r->p->sema, t) : 0;
    return (RgPlace){rg_pointee(r, fn, pointer), size ? t : NULL, size ? off % size : off};
}

/* ---- flows ---- */

void rg_flow(Regions *r, RgPlace to, RgPlace from, Type *t) {
    if (!to.cell || !from.cell) return;
    const RgWords *words = rg_words(r, t);
    for (int i = 0; i < words->list.len; i++) {
        const RgWord *w = &words->list.at[i];
        const Name *k = rg_key_at(r, to.type, to.off + w->off, w->key), *l = rg_key_at(r, from.type, from.off + w->off, w->key);
        if (k && l) rg_join(r, rg_content(r, to.cell, k), rg_content(r, from.cell, l));
    }
}

void rg_assign(Regions *r, RgFunc *fn, RgPlace to, const IrVal *v, Type *t) {
    if (!to.cell) return;
    if (v->kind == IV_LOCAL) {
        rg_flow(r, to, rg_local_place(r, fn, v->local), t);
        return;
    }
    RgCell *c = rg_pointee(r, fn, v);
    const Name *key = first_key(r, t);
    if (c && key) key = rg_key_at(r, to.type, to.off, key);
    if (c && key) rg_join(r, rg_content(r, to.cell, key), c);
}

static void assign_local(Regions *r, RgFunc *fn, int dst, const IrVal *v) {
    RgPlace to = rg_local_place(r, fn, dst);
    rg_assign(r, fn, to, v, fn->f->locals.at[dst].type);
}

/* Where a STORE or MOVE writes. The cell of a package's variable is the instruction's own: what it leads to is lost. */
static RgPlace written(Regions *r, RgFunc *fn, const IrInstr *in) {
    RgPlace to = rg_behind(r, fn, &in->a, in->op == IR_STORE ? in->off : 0);
    if (in->a.kind != IV_SYM) return to;
    to.cell = rg_cell(r);
    rg_lose(r, to.cell, in->pos, "stored in a package's variable");
    return to;
}

static void store(Regions *r, RgFunc *fn, const IrInstr *in) {
    RgPlace to = written(r, fn, in);
    if (!to.cell) return;
    if (in->off == 0 && in->b.kind == IV_SYM && in->b.sym->func && !(in->a.kind == IV_SLOT && in->a.imm)) {
        RgCell *o = rg_find(to.cell);
        if (o->code && o->code != in->b.sym->func) o->has_codes = true;
        o->code = in->b.sym->func;
    }
    rg_assign(r, fn, to, &in->b, in->type);
}

/* An object, and the arena that it comes from. */
static void allocate(Regions *r, RgFunc *fn, const IrInstr *in) {
    IrVal dst = iv_local(fn->f, in->dst);
    rg_set_home(r, rg_pointee(r, fn, &dst), rg_pointee(r, fn, &in->a));
}

static bool is_integer(Regions *r, Type *t) {
    Type *u = type_canon_under(r->p->sema, t);
    return u->kind == TY_BASIC && (u->basic.props & TP_INTEGER);
}

static void bitcast(Regions *r, RgFunc *fn, const IrInstr *in) {
    IrVal dst = iv_local(fn->f, in->dst);
    if (is_integer(r, fn->f->locals.at[in->dst].type)) {
        if (!is_integer(r, in->a.type)) rg_lose(r, rg_pointee(r, fn, &in->a), in->pos, "converted to an integer");
    } else if (in->a.kind == IV_LOCAL && is_integer(r, in->a.type)) {
        rg_lose(r, rg_pointee(r, fn, &dst), in->pos, "converted from an integer");
    } else {
        RgCell *from = rg_pointee(r, fn, &in->a), *to = rg_pointee(r, fn, &dst);
        if (from && to) rg_join(r, from, to);
    }
}

static void atomic(Regions *r, RgFunc *fn, const IrInstr *in) {
    RgPlace at = rg_behind(r, fn, &in->a, 0);
    if (in->b.kind != IV_NONE) rg_assign(r, fn, at, &in->b, in->type);
    if (in->c.kind != IV_NONE) rg_assign(r, fn, at, &in->c, in->type);
    if (in->dst >= 0) rg_flow(r, rg_local_place(r, fn, in->dst), at, in->type);
}

static void same_object(Regions *r, RgFunc *fn, const IrInstr *in) {
    IrVal dst = iv_local(fn->f, in->dst);
    RgCell *from = rg_pointee(r, fn, &in->a), *to = rg_pointee(r, fn, &dst);
    if (from && to) rg_join(r, from, to);
}

static void flow_instr(Regions *r, RgFunc *fn, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_COPY: assign_local(r, fn, in->dst, &in->a); return;
    case IR_LOAD: rg_flow(r, rg_local_place(r, fn, in->dst), rg_behind(r, fn, &in->a, in->off), in->type); return;
    case IR_STORE: store(r, fn, in); return;
    case IR_MOVE: rg_flow(r, written(r, fn, in), rg_behind(r, fn, &in->b, 0), in->type); return;
    case IR_OFFSET: case IR_INDEX: same_object(r, fn, in); return;
    case IR_BITCAST: bitcast(r, fn, in); return;
    case IR_SELECT:
        assign_local(r, fn, in->dst, &in->b);
        assign_local(r, fn, in->dst, &in->c);
        return;
    case IR_NEW: allocate(r, fn, in); return;
    case IR_ATOMIC: atomic(r, fn, in); return;
    case IR_CALL: case IR_CALL_PTR: case IR_CALL_RT: rg_call(r, fn, in); return;
    case IR_RET:
        if (fn->f->result) rg_assign(r, fn, (RgPlace){fn->result, fn->f->result, 0}, &in->a, fn->f->result);
        return;
    default: return;
    }
}

void rg_build(Regions *r, RgFunc *fn) {
    for (int i = 0; i < fn->f->blocks.len; i++) {
        const IrBlock *b = fn->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) flow_instr(r, fn, &b->instrs.at[j]);
    }
}
