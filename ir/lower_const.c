/* lower_const.c: constants as values.
 *
 * A constant takes the kind of the type that is wanted, whatever kind its exact value has: in instantiated code an
 * integer constant may be wanted as float64. Floats are rounded once, from the exact value. Strings point to bytes
 * in the read-only segment; constants in interfaces point to static words. */
#include "ir/lower.h"

#include <inttypes.h>
#include <string.h>

static IrVal int_const(Builder *b, const ConstVal *v, Type *t) {
    int64_t i;
    uint64_t u;
    ConstVal *n = cv_to_int(b->l->arena, (ConstVal *)v);
    check(n);
    if (cv_int64(n, &i)) return iv_int(t, i);
    check(cv_uint64(n, &u));
    return iv_int(t, (int64_t)u);
}

static IrVal float_const(const ConstVal *v, Type *t, bool single) {
    return iv_float(t, single ? (double)cv_single(v) : cv_double(v));
}

static IrVal complex_const(Builder *b, const ConstVal *v, Type *t) {
    ConstVal *c = cv_to_complex(b->l->arena, (ConstVal *)v);
    check(c);
    Type *elem = lw_complex_elem(b->l, t);
    bool single = elem == b->l->t_float32;
    IrVal re = float_const(cv_real(b->l->arena, c), elem, single);
    return lw_make2(b, t, re, float_const(cv_imag(b->l->arena, c), elem, single));
}

static IrVal string_const(Builder *b, const ConstVal *v, Type *t) {
    if (cv_kind(v) != CV_STRING) { /* a rune converted in instantiated code */
        IrVal r = int_const(b, v, b->l->t_int);
        return lw_retype(LW_RT(b, rt_string_from_rune, b->l->t_string, r), t);
    }
    size_t n;
    const char *text = cv_string_value(v, &n);
    if (n == 0) return iv_zero(t);
    IrVal ptr = iv_sym(lw_ptr_to(b->l, b->l->t_uint8), ir_bytes(b->l->p, text, (int64_t)n), 0);
    return lw_make2(b, t, ptr, iv_int(b->l->t_int, (int64_t)n));
}

/* The type a constant takes when nothing else wants one. */
static Type *default_type(Lower *l, const ConstVal *v) {
    switch (cv_kind(v)) {
    case CV_BOOL: return l->t_bool;
    case CV_STRING: return l->t_string;
    case CV_INT: return l->t_int;
    case CV_FLOAT: return l->t_float64;
    case CV_COMPLEX: return l->t_complex128;
    case CV_UNKNOWN: break;
    }
    unreachable();
}

IrVal lw_const(Builder *b, const ConstVal *v, Type *t) {
    Lower *l = b->l;
    if (type_is_untyped(t)) t = type_canon(l->s, type_default(l->s, t));
    Type *u = lw_under(l, t);
    if (u->kind == TY_INTERFACE) return lw_const_iface(b, v, default_type(l, v), t);
    if (u->kind != TY_BASIC) fatal("constant of type %s", type_str(l->s, t, NULL));
    if (u->basic.props & TP_BOOLEAN) return iv_int(t, cv_bool_value(v));
    if (u->basic.props & TP_STRING) return string_const(b, v, t);
    if (u->basic.props & TP_FLOAT) return float_const(v, t, u->basic.kind == BK_FLOAT32);
    if (u->basic.props & TP_COMPLEX) return complex_const(b, v, t);
    return int_const(b, v, t);
}

/* ---- boxed ---- */

/* A read-only word or string header that holds constants, shared by equal ones. */
static IrData *static_box(Lower *l, const char *name, int64_t size, IrSym **sym) {
    *sym = ir_sym(l->p, name);
    if ((*sym)->data) return NULL;
    IrData *d = ir_data_new(l->p, *sym, size, 8, IL_LOCAL);
    d->readonly = true;
    return d;
}

static IrSym *boxed_string(Lower *l, const ConstVal *v) {
    size_t n;
    const char *text = cv_string_value(v, &n);
    if (n == 0) return lw_zero_box(l, 16);
    IrSym *bytes = ir_bytes(l->p, text, (int64_t)n), *sym;
    IrData *d = static_box(l, arena_printf(l->arena, "go:box.%s", bytes->name), 16, &sym);
    if (!d) return sym;
    ir_data_addr(l->p, d, 0, bytes, 0);
    ir_data_int(d, 8, 8, n);
    return sym;
}

/* The bits of a numeric or boolean constant value of size bytes. */
static uint64_t value_bits(IrVal v, int64_t size) {
    uint64_t bits;
    float single = (float)v.flt;
    if (v.kind == IV_INT) return size == 8 ? (uint64_t)v.imm : (uint64_t)v.imm & (((uint64_t)1 << (8 * size)) - 1);
    if (size == 8) {
        memcpy(&bits, &v.flt, 8);
        return bits;
    }
    uint32_t half;
    memcpy(&half, &single, 4);
    return half;
}

IrSym *lw_const_box(Lower *l, IrVal v) {
    int64_t size = type_size(l->s, v.type);
    uint64_t bits = value_bits(v, size);
    IrSym *sym;
    IrData *d = static_box(l, arena_printf(l->arena, "go:box.%016" PRIx64, bits), 8, &sym);
    if (d) ir_data_int(d, 0, 8, bits);
    return sym;
}

IrSym *lw_zero_box(Lower *l, int64_t size) {
    IrSym *sym;
    size = (size + 15) / 16 * 16;
    static_box(l, arena_printf(l->arena, "go:zero.%" PRId64, size), size, &sym);
    return sym;
}

IrVal lw_const_iface(Builder *b, const ConstVal *v, Type *t, Type *iface) {
    if (type_is_untyped(t)) t = type_canon(b->l->s, type_default(b->l->s, t));
    if (!type_has(b->l->s, t, TP_STRING) || cv_kind(v) != CV_STRING) return lw_to_iface(b, lw_const(b, v, t), t, iface);
    IrVal data = iv_sym(b->l->t_ptr, boxed_string(b->l, v), 0);
    return lw_make2(b, iface, lw_iface_word(b, t, iface), data);
}
