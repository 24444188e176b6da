/* ir.c: construction of packages, symbols, static data and functions of the intermediate representation.
 *
 * Everything lives in the package's arena. Symbols are found by interned name. The bytes of constants share that
 * table under keys that start with a NUL, which no symbol's name does; equal constants are thus one symbol. */
#include "ir/ir.h"

#include <string.h>

const IrOpInfo ir_ops[IR_OP_COUNT] = {
#define OP(name, dst, operands, effects, meaning) [IR_##name] = {#name, dst, effects, operands},
#include "ir/ops.def"
};

const RtEntryInfo ir_entries[RTE_COUNT] = {
#define RT(name, rcode, pcodes, rtype, params) [RTE_##name] = {#name, pcodes, rcode},
#include "runtime/entry.def"
};

const char *const ir_entry_effects[RTE_COUNT] = {
#define ESC(name, effects) [RTE_##name] = effects,
#include "ir/escape.def"
};

/* ---- symbols ---- */

static IrSym *new_sym(IrPackage *p, const Name *key, const char *name) {
    IrSym *sym = NEW(p->arena, IrSym);
    sym->name = name;
    sym->linkage = IL_EXTERN;
    ptrmap_put(p->arena, &p->syms, key, sym);
    return sym;
}

IrSym *ir_sym(IrPackage *p, const char *name) {
    const Name *key = name_of(p->sema->names, name);
    IrSym *sym = ptrmap_get(&p->syms, key);
    return sym ? sym : new_sym(p, key, key->text);
}

IrSym *ir_bytes(IrPackage *p, const void *bytes, int64_t n) {
    Buf b = {0};
    buf_putc(&b, 0);
    buf_put(&b, bytes, (size_t)n);
    const Name *key = name_ofn(p->sema->names, b.data, b.len);
    buf_free(&b);
    IrSym *sym = ptrmap_get(&p->syms, key);
    if (sym) return sym;

    sym = new_sym(p, key, arena_printf(p->arena, "%s..bytes%d", ir_pkg_prefix(p->pkg), p->data.len));
    IrData *d = ir_data_bss(p, sym, n + 1, 1, IL_LOCAL);
    d->bytes = (uint8_t *)key->text + 1; /* read-only: nobody writes through it */
    d->readonly = true;
    return sym;
}

/* ---- data ---- */

IrData *ir_data_bss(IrPackage *p, IrSym *sym, int64_t size, int32_t align, IrLinkage linkage) {
    check(!sym->data && !sym->func);
    IrData *d = NEW(p->arena, IrData);
    d->sym = sym;
    d->size = size;
    d->align = align > 0 ? align : 1;
    sym->data = d;
    sym->linkage = linkage;
    vec_push(p->arena, &p->data, d);
    return d;
}

IrData *ir_data_new(IrPackage *p, IrSym *sym, int64_t size, int32_t align, IrLinkage linkage) {
    IrData *d = ir_data_bss(p, sym, size, align, linkage);
    d->bytes = NEW_ARRAY(p->arena, uint8_t, size);
    return d;
}

void ir_data_int(IrData *d, int64_t offset, int size, uint64_t value) {
    check(d->bytes && offset >= 0 && offset + size <= d->size);
    memcpy(d->bytes + offset, &value, (size_t)size); /* both sides little-endian */
}

/* Keeps relocations ascending; they nearly always arrive that way. */
static void add_reloc(IrPackage *p, IrData *d, IrReloc r) {
    check(d->bytes && r.offset >= 0 && r.offset + r.size <= d->size);
    vec_push(p->arena, &d->relocs, r);
    int i = d->relocs.len - 1;
    for (; i > 0 && d->relocs.at[i - 1].offset > r.offset; i--) d->relocs.at[i] = d->relocs.at[i - 1];
    d->relocs.at[i] = r;
    check(i == 0 || d->relocs.at[i - 1].offset + d->relocs.at[i - 1].size <= r.offset);
}

void ir_data_addr(IrPackage *p, IrData *d, int64_t offset, IrSym *sym, int64_t addend) {
    add_reloc(p, d, (IrReloc){offset, sym, addend, 8});
}

void ir_data_addr32(IrPackage *p, IrData *d, int64_t offset, IrSym *sym) {
    add_reloc(p, d, (IrReloc){offset, sym, 0, 4});
}

/* ---- functions ---- */

IrFunc *ir_func_new(IrPackage *p, IrSym *sym, IrLinkage linkage, Type **params, const Name **names, int nparams,
                    Type *result) {
    check(!sym->func && !sym->data);
    IrFunc *f = NEW(p->arena, IrFunc);
    f->sym = sym;
    f->arena = p->arena;
    f->nparams = nparams;
    f->result = result;
    sym->func = f;
    sym->is_func = true;
    sym->linkage = linkage;
    for (int i = 0; i < nparams; i++) {
        int local = ir_local(f, params[i], names ? names[i] : NULL, NO_POS);
        f->locals.at[local].is_param = true;
    }
    vec_push(p->arena, &p->funcs, f);
    return f;
}

int ir_local(IrFunc *f, Type *type, const Name *name, Pos pos) {
    vec_push(f->arena, &f->locals, ((IrLocal){.type = type, .name = name, .pos = pos}));
    return f->locals.len - 1;
}

int ir_raw_slot(IrFunc *f, int size) {
    check(size > 0);
    vec_push(f->arena, &f->locals, ((IrLocal){.has_slot = true, .size_override = size}));
    return f->locals.len - 1;
}

IrBlock *ir_block(IrFunc *f) {
    IrBlock *b = NEW(f->arena, IrBlock);
    b->id = f->blocks.len;
    vec_push(f->arena, &f->blocks, b);
    return b;
}

IrInstr *ir_terminator(const IrBlock *b) {
    if (b->instrs.len == 0) return NULL;
    IrInstr *last = &vec_last(&b->instrs);
    return ir_ops[last->op].effects == 't' ? last : NULL;
}

void ir_each_succ(IrBlock *b, void (*fn)(void *ctx, IrBlock **succ), void *ctx) {
    IrInstr *t = ir_terminator(b);
    if (!t) return;
    if (t->op == IR_JUMP || t->op == IR_BR || t->op == IR_SWITCH) fn(ctx, &b->succ[0]);
    if (t->op == IR_BR) fn(ctx, &b->succ[1]);
    if (t->op == IR_SWITCH)
        for (int i = 0; i < t->cases.n; i++) fn(ctx, &t->cases.targets[i]);
}

bool ir_is_alloc(const IrInstr *in) { return in->op == IR_NEW || in->op == IR_RENEW || in->op == IR_NEW_ARRAY; }

const IrVal *ir_allocator(const IrInstr *in) {
    if (in->op == IR_NEW) return in->a.kind == IV_NONE ? NULL : &in->a;
    const char *effects = in->op == IR_CALL_RT ? ir_entry_effects[in->call->rt] : NULL;
    const char *at = effects ? strchr(effects, 'a') : NULL;
    return at ? &in->call->args[at - effects] : NULL;
}

bool ir_is_call(const IrInstr *in) { return in->op == IR_CALL || in->op == IR_CALL_PTR || in->op == IR_CALL_RT; }

void ir_each_operand(IrInstr *in, void (*fn)(void *ctx, IrVal *v), void *ctx) {
    IrVal *const operands[] = {&in->a, &in->b, &in->c};
    for (const char *o = ir_ops[in->op].operands; *o; o++)
        if (operands[*o - 'a']->kind != IV_NONE) fn(ctx, operands[*o - 'a']);
    if (ir_is_call(in))
        for (int i = 0; i < in->call->nparams; i++) fn(ctx, &in->call->args[i]);
}

/* ---- values ---- */

IrVal iv_local(IrFunc *f, int local) {
    check(local >= 0 && local < f->locals.len);
    return (IrVal){.kind = IV_LOCAL, .local = local, .type = f->locals.at[local].type};
}

IrVal iv_slot(IrFunc *f, int local, int64_t offset, Type *pointer_type) {
    check(local >= 0 && local < f->locals.len);
    f->locals.at[local].has_slot = true;
    return (IrVal){.kind = IV_SLOT, .local = local, .type = pointer_type, .imm = offset};
}

IrVal iv_sym(Type *pointer_type, IrSym *sym, int64_t addend) {
    return (IrVal){.kind = IV_SYM, .local = -1, .type = pointer_type, .imm = addend, .sym = sym};
}
