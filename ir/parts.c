/* parts.c: the parts of slices, strings, interfaces and small structs as locals of their own.
 *
 * A slot qualifies when its address only serves loads and stores at fixed offsets. Each scalar part of it that is
 * loaded gets a shadow: a local that always equals that part. Stores to the part set both, whatever writes the slot
 * otherwise is followed by loads of the shadows, and loads of the part read the shadow. The slot itself stays
 * correct at every point, so uses of the whole value need no change; stores into slots that nobody reads any more
 * are dropped afterwards.
 *
 * GCC splits aggregates too. Doing it here lets the passes after this one see that two lengths are the same, and
 * leaves GCC less to do. */
#include "ir/ir.h"

#include <string.h>

enum { SIZE_MAX_SPLIT = 64, PARTS_MAX = 8 };

typedef struct Part {
    int64_t off, size;
    Type *type;
    int shadow; /* local; -1: not made yet */
    bool loaded;
} Part;

/* What is known about a local that may be split. */
typedef struct Slot {
    bool ok;
    Part parts[PARTS_MAX];
    int n;
} Slot;

typedef struct Splitter {
    const IrPackage *p;
    IrFunc *f;
    Arena *arena; /* scratch */
    Slot *slots;  /* by local; those of shadows do not exist: nslots locals */
    int nslots;
    VEC(IrInstr) out; /* of the block that is being rewritten, in arena */
    const IrInstr *like; /* position of what is emitted */
} Splitter;

/* ---- accesses ---- */

static bool is_scalar(const Splitter *s, Type *t) {
    Type *u = type_under(s->p->sema, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return !type_has(s->p->sema, u, TP_STRING | TP_COMPLEX);
    case TY_POINTER: case TY_MAP: case TY_CHAN: case TY_FUNC: return true;
    default: return false;
    }
}

static bool is_float(const Splitter *s, Type *t) { return type_has(s->p->sema, t, TP_FLOAT); }

/* The slot that an address operand names, if it may be split. */
static Slot *slot_of(const Splitter *s, const IrVal *v) {
    if (v->kind != IV_SLOT || v->local >= s->nslots) return NULL;
    return s->slots[v->local].ok ? &s->slots[v->local] : NULL;
}

static Part *find_part(Slot *slot, int64_t off, int64_t size) {
    for (int i = 0; i < slot->n; i++)
        if (slot->parts[i].off == off && slot->parts[i].size == size) return &slot->parts[i];
    return NULL;
}

static bool overlaps(const Part *p, int64_t off, int64_t size) { return p->off < off + size && off < p->off + p->size; }

/* Notes a scalar access; accesses that overlap otherwise than exactly spoil the slot. */
static void note_access(Splitter *s, Slot *slot, int64_t off, Type *t, bool load) {
    int64_t size = type_size(s->p->sema, t);
    Part *part = find_part(slot, off, size);
    if (!part) {
        for (int i = 0; i < slot->n; i++)
            if (overlaps(&slot->parts[i], off, size)) slot->ok = false;
        if (slot->n == PARTS_MAX || size == 0) slot->ok = false;
        if (!slot->ok) return;
        part = &slot->parts[slot->n++];
        *part = (Part){off, size, t, -1, false};
    }
    if (is_float(s, part->type) != is_float(s, t)) slot->ok = false;
    part->loaded |= load;
}

static void spoil(void *ctx, IrVal *v) {
    Slot *slot = slot_of(ctx, v);
    if (slot) slot->ok = false;
}

static void note_instr(Splitter *s, IrInstr *in) {
    Slot *at = in->op == IR_LOAD || in->op == IR_STORE ? slot_of(s, &in->a) : NULL;
    if (at && is_scalar(s, in->type)) note_access(s, at, in->a.imm + in->off, in->type, in->op == IR_LOAD);
    /* Addresses that only say where: of these instructions, and only there. */
    IrVal a = in->a, b = in->b;
    if (in->op == IR_LOAD || in->op == IR_STORE || in->op == IR_ZERO || in->op == IR_MOVE) in->a = iv_none();
    if (in->op == IR_MOVE) in->b = iv_none();
    ir_each_operand(in, spoil, s);
    in->a = a;
    in->b = b;
}

static bool may_split(const Splitter *s, const IrLocal *l) {
    if (!l->has_slot || l->size_override || (s->p->keep_vars && l->name)) return false;
    if (l->type->kind == TY_TUPLE) return true;
    int64_t size = type_size(s->p->sema, l->type);
    return size > 0 && size <= SIZE_MAX_SPLIT && !is_scalar(s, l->type);
}

static bool find_slots(Splitter *s) {
    bool any = false;
    s->nslots = s->f->locals.len;
    s->slots = NEW_ARRAY(s->arena, Slot, s->nslots);
    for (int i = 0; i < s->nslots; i++) any |= s->slots[i].ok = may_split(s, &s->f->locals.at[i]);
    if (!any) return false;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) note_instr(s, &b->instrs.at[j]);
    }
    return true;
}

/* ---- shadows ---- */

/* A copy reads the shadows of its source where that has them: give it those that the destination needs. */
static bool share_with_source(Splitter *s, const IrInstr *in) {
    if (in->op != IR_COPY || in->a.kind != IV_LOCAL || in->a.local >= s->nslots || in->dst >= s->nslots) return false;
    Slot *to = &s->slots[in->dst], *from = &s->slots[in->a.local];
    bool changed = false;
    if (!to->ok || !from->ok) return false;
    for (int i = 0; i < to->n; i++) {
        const Part *p = &to->parts[i];
        Part *q = find_part(from, p->off, p->size);
        if (!p->loaded || (q && q->loaded)) continue;
        note_access(s, from, p->off, p->type, true);
        changed = true;
    }
    return changed;
}

static void share_shadows(Splitter *s) {
    bool changed = true;
    for (int round = 0; changed && round < 4; round++) {
        changed = false;
        for (int i = 0; i < s->f->blocks.len; i++) {
            IrBlock *b = s->f->blocks.at[i];
            for (int j = 0; j < b->instrs.len; j++) changed |= share_with_source(s, &b->instrs.at[j]);
        }
    }
}

static void make_shadows(Splitter *s) {
    for (int i = 0; i < s->nslots; i++) {
        Slot *slot = &s->slots[i];
        for (int k = 0; slot->ok && k < slot->n; k++)
            if (slot->parts[k].loaded) slot->parts[k].shadow = ir_local(s->f, slot->parts[k].type, NULL, NO_POS);
    }
}

/* ---- rewriting ---- */

static void put(Splitter *s, IrInstr in) { vec_push(s->arena, &s->out, in); }

static void put_copy(Splitter *s, int dst, IrVal v) {
    put(s, (IrInstr){.op = IR_COPY, .dst = dst, .type = s->f->locals.at[dst].type, .a = v, .pos = s->like->pos, .inl = s->like->inl});
}

static void put_reload(Splitter *s, int local, const Part *p) {
    IrVal at = {.kind = IV_SLOT, .local = local, .type = type_canon(s->p->sema, type_basic(s->p->sema, BK_UNSAFE_POINTER))};
    put(s, (IrInstr){.op = IR_LOAD, .dst = p->shadow, .type = p->type, .a = at, .off = p->off, .pos = s->like->pos, .inl = s->like->inl});
}

/* The slot's bytes at off were written. */
static void reload(Splitter *s, int local, int64_t off, int64_t size) {
    Slot *slot = &s->slots[local];
    for (int i = 0; i < slot->n; i++)
        if (slot->parts[i].shadow >= 0 && overlaps(&slot->parts[i], off, size)) put_reload(s, local, &slot->parts[i]);
}

static void reload_all(Splitter *s, int local) { reload(s, local, 0, INT64_MAX); }

/* After a copy of a whole value. */
static void copy_shadows(Splitter *s, const IrInstr *in) {
    Slot *to = &s->slots[in->dst];
    Slot *from = in->a.kind == IV_LOCAL && in->a.local < s->nslots && s->slots[in->a.local].ok ? &s->slots[in->a.local] : NULL;
    for (int i = 0; i < to->n; i++) {
        const Part *p = &to->parts[i], *q = from ? find_part(from, p->off, p->size) : NULL;
        if (p->shadow < 0) continue;
        if (in->a.kind == IV_ZERO) put_copy(s, p->shadow, iv_zero(p->type));
        else if (q && q->shadow >= 0) put_copy(s, p->shadow, iv_local(s->f, q->shadow));
        else put_reload(s, in->dst, p);
    }
}

static void rewrite_load(Splitter *s, IrInstr in) {
    Slot *slot = slot_of(s, &in.a);
    const Part *p = slot ? find_part(slot, in.a.imm + in.off, type_size(s->p->sema, in.type)) : NULL;
    if (!p || p->shadow < 0 || !is_scalar(s, in.type)) {
        put(s, in);
        return;
    }
    in.op = IR_COPY;
    in.a = iv_local(s->f, p->shadow);
    in.a.type = in.type;
    in.off = 0;
    put(s, in);
}

static void rewrite_store(Splitter *s, const IrInstr *in) {
    Slot *slot = slot_of(s, &in->a);
    int64_t off = in->a.imm + in->off, size = type_size(s->p->sema, in->type);
    const Part *p = slot && is_scalar(s, in->type) ? find_part(slot, off, size) : NULL;
    put(s, *in);
    if (p && p->shadow >= 0) put_copy(s, p->shadow, in->b);
    else if (slot && !p) reload(s, in->a.local, off, size);
}

static void rewrite_instr(Splitter *s, const IrInstr *in) {
    s->like = in;
    if (in->op == IR_LOAD) {
        rewrite_load(s, *in);
    } else if (in->op == IR_STORE) {
        rewrite_store(s, in);
    } else {
        put(s, *in);
        if ((in->op == IR_MOVE || in->op == IR_ZERO) && slot_of(s, &in->a)) reload_all(s, in->a.local);
    }
    if (in->dst < 0 || in->dst >= s->nslots || !s->slots[in->dst].ok) return;
    if (in->op == IR_COPY) copy_shadows(s, in);
    else reload_all(s, in->dst);
}

static void load_params(Splitter *s) {
    static const IrInstr nowhere = {.pos = NO_POS};
    s->like = &nowhere;
    for (int i = 0; i < s->f->nparams; i++)
        if (s->slots[i].ok) reload_all(s, i);
}

/* ---- slots that nobody reads ---- */

static void note_read(void *ctx, IrVal *v) {
    bool *read = ctx;
    if (v->kind == IV_LOCAL || v->kind == IV_SLOT) read[v->local] = true;
}

/* Whether in does nothing but write slot or local to, which is not a part of something observable. */
static bool only_writes(const Splitter *s, const IrInstr *in, int *to) {
    *to = -1;
    if ((in->op == IR_STORE || in->op == IR_ZERO || in->op == IR_MOVE) && in->a.kind == IV_SLOT) *to = in->a.local;
    if ((in->op == IR_COPY || in->op == IR_LOAD) && in->dst < s->nslots) *to = in->dst;
    return *to >= 0 && *to < s->nslots && s->slots[*to].ok;
}

static bool drop_unread(Splitter *s) {
    bool *read = NEW_ARRAY(s->arena, bool, s->f->locals.len), dropped = false;
    int to;
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            IrVal a = in->a;
            if (only_writes(s, in, &to) && in->a.kind == IV_SLOT && in->a.local == to) in->a = iv_none();
            if (in->op != IR_NOP) ir_each_operand(in, note_read, read);
            in->a = a;
        }
    }
    for (int i = 0; i < s->f->blocks.len; i++) {
        IrBlock *b = s->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            if (!only_writes(s, &b->instrs.at[j], &to) || read[to]) continue;
            b->instrs.at[j].op = IR_NOP;
            b->instrs.at[j].dst = -1;
            dropped = true;
        }
    }
    return dropped;
}

static void note_slot(void *ctx, IrVal *v) {
    IrFunc *f = ctx;
    if (v->kind == IV_SLOT) f->locals.at[v->local].has_slot = true;
}

static void find_has_slot(IrFunc *f) {
    for (int i = 0; i < f->locals.len; i++)
        if (!f->locals.at[i].size_override) f->locals.at[i].has_slot = false;
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++)
            if (b->instrs.at[j].op != IR_NOP) ir_each_operand(&b->instrs.at[j], note_slot, f);
    }
}

void ir_split_parts(const IrPackage *p, IrFunc *f) {
    Splitter s = {.p = p, .f = f, .arena = arena_new()};
    if (find_slots(&s)) {
        share_shadows(&s);
        make_shadows(&s);
        for (int i = 0; i < f->blocks.len; i++) {
            IrBlock *b = f->blocks.at[i];
            s.out.len = 0;
            if (i == 0) load_params(&s);
            for (int j = 0; j < b->instrs.len; j++) rewrite_instr(&s, &b->instrs.at[j]);
            vec_reserve(f->arena, &b->instrs, s.out.len);
            memcpy(b->instrs.at, s.out.at, sizeof *s.out.at * (size_t)s.out.len);
            b->instrs.len = s.out.len;
        }
        for (int round = 0; round < 4 && drop_unread(&s); round++) continue;
    }
    find_has_slot(f);
    arena_free(s.arena);
}
