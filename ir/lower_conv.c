/* lower_conv.c: conversions, explicit and implicit.
 *
 * Most conversions between types of one underlying type cost nothing: the value is given its new type. Conversions
 * of floats to unsigned 64-bit integers are spelled out, because they have no instruction; everything else numeric
 * is the instruction CONV. */
#include "ir/lower.h"

/* ---- numbers ---- */

static bool has(Lower *l, Type *t, unsigned props) { return type_has(l->s, t, props); }

static IrVal conv(Builder *b, IrVal v, Type *to) { return lw_temp(b, IR_CONV, to, to, v, iv_none()); }

/* Wraps an integer constant to the width and sign of type t. */
static int64_t wrap(Builder *b, int64_t i, Type *t) {
    int shift = (int)(64 - 8 * lw_size(b, t));
    uint64_t top = (uint64_t)i << shift;
    return has(b->l, t, TP_UNSIGNED) ? (int64_t)(top >> shift) : (int64_t)top >> shift;
}

/* Values below 2^63 convert like signed ones, larger ones after taking 2^63 off. Out of range gives 2^63, as in gc. */
static IrVal float_to_uint64(Builder *b, IrVal v, Type *from, Type *to) {
    Type *i64 = b->l->t_int64;
    int result = lw_new_temp(b, to);
    IrBlock *small = ir_block(b->f), *large = ir_block(b->f), *done = ir_block(b->f);
    IrVal limit = iv_float(from, 0x1p63);
    lw_branch(b, lw_temp(b, IR_LT, b->l->t_bool, from, v, limit), small, large);
    lw_start(b, small);
    lw_copy(b, result, lw_retype(conv(b, v, i64), to));
    lw_jump(b, done);
    lw_start(b, large);
    IrVal rest = conv(b, lw_temp(b, IR_SUB, from, from, v, limit), i64);
    lw_copy(b, result, lw_retype(lw_temp(b, IR_OR, i64, i64, rest, iv_int(i64, INT64_MIN)), to));
    lw_jump(b, done);
    lw_start(b, done);
    return iv_local(b->f, result);
}

static IrVal real_to_real(Builder *b, IrVal v, Type *from, Type *to) {
    Lower *l = b->l;
    bool ints = has(l, from, TP_INTEGER) && has(l, to, TP_INTEGER);
    if (lw_under(l, from) == lw_under(l, to)) return lw_retype(v, to);
    if (ints && v.kind == IV_INT) return iv_int(to, wrap(b, v.imm, to));
    if (ints && lw_size(b, from) == lw_size(b, to)) return lw_retype(v, to);
    v = lw_retype(v, from);
    bool wide = has(l, to, TP_UNSIGNED) && lw_size(b, to) == 8;
    if (wide && has(l, from, TP_FLOAT)) return float_to_uint64(b, v, from, to);
    return conv(b, v, to);
}

static IrVal complex_to_complex(Builder *b, IrVal v, Type *from, Type *to) {
    Type *e = lw_complex_elem(b->l, from), *d = lw_complex_elem(b->l, to);
    if (e == d) return lw_retype(v, to);
    IrVal re = real_to_real(b, lw_complex_part(b, v, from, 0), e, d);
    return lw_make2(b, to, re, real_to_real(b, lw_complex_part(b, v, from, 1), e, d));
}

static IrVal basic_to_basic(Builder *b, IrVal v, Type *from, Type *to, const LwAt *at) {
    Lower *l = b->l;
    if (has(l, to, TP_STRING)) return lw_retype(lw_to_string(b, v, from, at), to);
    if (has(l, to, TP_COMPLEX)) return complex_to_complex(b, v, from, to);
    if (has(l, to, TP_NUMERIC) && has(l, from, TP_NUMERIC)) return real_to_real(b, v, from, to);
    if (has(l, from, TP_BOOLEAN) || v.kind != IV_LOCAL) return lw_retype(v, to);
    return lw_temp(b, IR_BITCAST, to, to, v, iv_none()); /* unsafe.Pointer and uintptr */
}

/* ---- slices to arrays ---- */

static void check_slice_len(Builder *b, IrVal s, int64_t want) {
    if (want == 0) return;
    IrVal len = lw_slice_len(b, s), n = iv_int(b->l->t_int, want);
    IrBlock *bad = ir_block(b->f), *good = ir_block(b->f);
    lw_branch(b, lw_temp(b, IR_LT, b->l->t_bool, b->l->t_int, len, n), bad, good);
    lw_start(b, bad);
    bad->cold = true;
    LW_RT(b, rt_panic_slice_convert, NULL, len, n);
    lw_unreachable(b);
    lw_start(b, good);
}

static IrVal slice_to_array(Builder *b, IrVal v, Type *from, Type *to) {
    Type *u = lw_under(b->l, to);
    bool by_pointer = u->kind == TY_POINTER;
    Type *array = by_pointer ? lw_elem(b->l, u) : to;
    v = lw_retype(v, from);
    check_slice_len(b, v, lw_under(b->l, array)->array.len);
    IrVal ptr = lw_slice_ptr(b, v);
    if (by_pointer) return lw_retype(ptr, to);
    return lw_size(b, to) == 0 ? iv_zero(to) : lw_load(b, to, ptr, 0);
}

/* ---- any types ---- */

static bool is_basic(Lower *l, Type *t) { return lw_under(l, t)->kind == TY_BASIC; }

static bool is_array_or_pointer(Lower *l, Type *t) {
    Type *u = lw_under(l, t);
    return u->kind == TY_ARRAY || (u->kind == TY_POINTER && lw_under(l, lw_elem(l, u))->kind == TY_ARRAY);
}

IrVal lw_convert(Builder *b, IrVal v, Type *from, Type *to) { return lw_convert_at(b, v, from, to, NULL); }

IrVal lw_convert_at(Builder *b, IrVal v, Type *from, Type *to, const LwAt *at) {
    Lower *l = b->l;
    if (from == to) return v;
    if (type_is_interface(l->s, to)) return lw_to_iface(b, v, from, to);
    TypeKind kf = lw_under(l, from)->kind, kt = lw_under(l, to)->kind;
    if (kf == TY_BASIC && kt == TY_BASIC) return basic_to_basic(b, v, from, to, at);
    if (kf == TY_SLICE && is_basic(l, to)) return lw_retype(lw_to_string(b, v, from, at), to);
    if (kt == TY_SLICE && is_basic(l, from)) return lw_string_to_slice(b, v, to, at);
    if (kf == TY_SLICE && is_array_or_pointer(l, to)) return slice_to_array(b, v, from, to);
    return lw_retype(v, to);
}

IrVal lw_assign_convert(Builder *b, IrVal v, Type *from, Type *to) {
    if (from == to) return v;
    return type_is_interface(b->l->s, to) ? lw_to_iface(b, v, from, to) : lw_retype(v, to);
}
