/* values.c: operands, addresses and memory.
 *
 * Memory is reached as *(T *)((uint8_t *)base + offset). A slot that is accessed whole, with its own type, is the
 * gccjit local itself; any other access to a slot goes through its address, which GCC undoes when it scalarises.
 *
 * Everything of the same size can stand for each other (a named struct for its underlying type, a pointer for an
 * uintptr): gen_coerce mediates, by cast, bitcast, or through memory for structs. */
#include "codegen/gen.h"

gcc_jit_rvalue *gen_int(GenType *t, Gen *g, int64_t value) {
    if (t->cls == GT_PTR) return gcc_jit_context_new_rvalue_from_ptr(g->ctx, t->t, (void *)value);
    if (t->cls == GT_BOOL) value = value != 0;
    return gcc_jit_context_new_rvalue_from_long(g->ctx, t->t, value);
}

gcc_jit_rvalue *gen_zero(Gen *g, GenType *t) {
    switch ((GenClass)t->cls) {
    case GT_BOOL: case GT_INT: case GT_FLOAT: return gcc_jit_context_zero(g->ctx, t->t);
    case GT_PTR: return gcc_jit_context_null(g->ctx, t->t);
    case GT_AGG: return gcc_jit_context_new_struct_constructor(g->ctx, g->loc, t->t, 0, NULL, NULL);
    case GT_VOID: break;
    }
    unreachable();
}

/* ---- locals ---- */

gcc_jit_lvalue *gen_temp(Gen *g, GenType *t) {
    return gcc_jit_function_new_local(g->fn, NULL, t->t, arena_printf(g->arena, "t%d", g->temps++));
}

gcc_jit_rvalue *gen_snapshot(Gen *g, gcc_jit_rvalue *v, GenType *t) {
    gcc_jit_lvalue *temp = gen_temp(g, t);
    gcc_jit_block_add_assignment(g->cur, g->loc, temp, v);
    return gcc_jit_lvalue_as_rvalue(temp);
}

static gcc_jit_lvalue *new_raw_slot(Gen *g, int64_t size, int64_t align) {
    gcc_jit_type *t = gen_byte_array(g, size);
    gcc_jit_lvalue *lv = gcc_jit_function_new_local(g->fn, NULL, t, arena_printf(g->arena, "slot%d", g->temps++));
    gcc_jit_lvalue_set_alignment(lv, (unsigned)align);
    return lv;
}

/* A Go variable keeps its name in debug information, numbered where the function has several of that name. */
static gcc_jit_lvalue *new_variable(Gen *g, const IrLocal *l, int local, GenType *t) {
    if (!g->opt->debug || !l->name) return gcc_jit_function_new_local(g->fn, NULL, t->t, arena_printf(g->arena, "v%d", local));
    const char *name = l->name->text;
    for (int i = 0; i < local; i++)
        if (g->f->locals.at[i].name == l->name) name = arena_printf(g->arena, "%s.%d", l->name->text, local);
    Location at = source_full_location(g->s->sources, l->pos);
    gcc_jit_location *loc = l->pos == NO_POS ? NULL : gcc_jit_context_new_location(g->ctx, at.path, at.line, DECL_COLUMN);
    return gcc_jit_function_new_local(g->fn, loc, t->t, name);
}

GenLocal *gen_local(Gen *g, int local) {
    GenLocal *gl = &g->locals[local];
    if (gl->lv) return gl;
    const IrLocal *l = &g->f->locals.at[local];
    if (l->size_override) {
        gl->type = g->t_void;
        gl->lv = new_raw_slot(g, l->size_override, 16);
        return gl;
    }
    gl->type = gen_type(g, l->type);
    /* A variable without size may still have its address taken. */
    gl->lv = gl->type->cls == GT_VOID ? new_raw_slot(g, 1, 1) : new_variable(g, l, local, gl->type);
    return gl;
}

/* ---- coercion ---- */

/* Reads v, of type from, as if it were a to. */
static gcc_jit_rvalue *through_memory(Gen *g, gcc_jit_rvalue *v, GenType *from, GenType *to) {
    check(from->size == to->size);
    gcc_jit_lvalue *temp = gen_temp(g, from);
    gcc_jit_block_add_assignment(g->cur, g->loc, temp, v);
    gcc_jit_rvalue *p = gcc_jit_lvalue_get_address(temp, g->loc);
    p = gcc_jit_context_new_cast(g->ctx, g->loc, p, gen_ptr_to(to));
    return gcc_jit_lvalue_as_rvalue(gcc_jit_rvalue_dereference(p, g->loc));
}

gcc_jit_rvalue *gen_coerce(Gen *g, gcc_jit_rvalue *v, GenType *from, GenType *to) {
    if (from->t == to->t) return v;
    if (from->cls == GT_AGG || to->cls == GT_AGG) return through_memory(g, v, from, to);
    if ((from->cls == GT_PTR) != (to->cls == GT_PTR)) {
        if (from->cls == GT_PTR) {
            v = gcc_jit_context_new_bitcast(g->ctx, g->loc, v, g->t_u64->t);
            return gen_coerce(g, v, g->t_u64, to);
        }
        v = gen_coerce(g, v, from, g->t_u64);
        return gcc_jit_context_new_bitcast(g->ctx, g->loc, v, to->t);
    }
    return gcc_jit_context_new_cast(g->ctx, g->loc, v, to->t);
}

/* ---- operands ---- */

GenType *gen_val_type(Gen *g, const IrVal *v) {
    switch ((IrValKind)v->kind) {
    case IV_LOCAL: return gen_local(g, v->local)->type;
    case IV_SLOT: return g->t_ptr;
    case IV_SYM: return g->t_ptr;
    case IV_INT: case IV_FLOAT: case IV_ZERO: return gen_type(g, v->type);
    case IV_NONE: break;
    }
    unreachable();
}

gcc_jit_rvalue *gen_val(Gen *g, const IrVal *v, GenType *want) {
    switch ((IrValKind)v->kind) {
    case IV_LOCAL: {
        GenLocal *l = gen_local(g, v->local);
        return gen_coerce(g, gcc_jit_lvalue_as_rvalue(l->lv), l->type, want);
    }
    case IV_SLOT: return gen_coerce(g, gen_addr(g, v, 0), g->t_ptr, want);
    case IV_SYM: return gen_coerce(g, gen_sym_addr(g, v->sym, v->imm), g->t_ptr, want);
    case IV_INT: return want->cls == GT_FLOAT ? gen_coerce(g, gen_int(g->t_int, g, v->imm), g->t_int, want) : gen_int(want, g, v->imm);
    case IV_FLOAT: return gcc_jit_context_new_rvalue_from_double(g->ctx, want->t, want->size == 4 ? (float)v->flt : v->flt);
    case IV_ZERO: return gen_zero(g, want);
    case IV_NONE: break;
    }
    unreachable();
}

/* ---- addresses ---- */

gcc_jit_rvalue *gen_offset(Gen *g, gcc_jit_rvalue *ptr, gcc_jit_rvalue *bytes) {
    gcc_jit_rvalue *p = gcc_jit_context_new_cast(g->ctx, g->loc, ptr, g->t_bytes);
    gcc_jit_lvalue *at = gcc_jit_context_new_array_access(g->ctx, g->loc, p, bytes);
    return gcc_jit_context_new_cast(g->ctx, g->loc, gcc_jit_lvalue_get_address(at, g->loc), g->t_ptr->t);
}

gcc_jit_rvalue *gen_addr(Gen *g, const IrVal *addr, int64_t off) {
    gcc_jit_rvalue *base;
    switch ((IrValKind)addr->kind) {
    case IV_SYM: return gen_sym_addr(g, addr->sym, addr->imm + off);
    case IV_SLOT:
        base = gcc_jit_lvalue_get_address(gen_local(g, addr->local)->lv, g->loc);
        base = gcc_jit_context_new_cast(g->ctx, g->loc, base, g->t_ptr->t);
        off += addr->imm;
        break;
    default: base = gen_val(g, addr, g->t_ptr); break;
    }
    return off ? gen_offset(g, base, gen_int(g->t_int, g, off)) : base;
}

gcc_jit_lvalue *gen_mem(Gen *g, const IrVal *addr, int64_t off, GenType *t) {
    if (addr->kind == IV_SLOT && addr->imm + off == 0) {
        GenLocal *l = gen_local(g, addr->local);
        if (l->type->t == t->t) return l->lv;
    }
    gcc_jit_rvalue *p = gcc_jit_context_new_cast(g->ctx, g->loc, gen_addr(g, addr, off), gen_ptr_to(t));
    return gcc_jit_rvalue_dereference(p, g->loc);
}

void gen_assign(Gen *g, int dst, gcc_jit_rvalue *v, GenType *from) {
    GenLocal *l = gen_local(g, dst);
    if (l->type->cls == GT_VOID) return;
    gcc_jit_block_add_assignment(g->cur, g->loc, l->lv, gen_coerce(g, v, from, l->type));
}
