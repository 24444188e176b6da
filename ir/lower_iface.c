/* lower_iface.c: interface values: boxing, unboxing, type assertions.
 *
 * The first word of an interface value is the dynamic type's descriptor, or for interfaces with methods an itab that
 * leads to it; nil interfaces have 0 there. The second word is the value itself for pointer-shaped types, otherwise
 * the address of a copy that nobody writes to any more, so that constants can be static. Itabs of one pair of types
 * may exist more than once: dynamic types are compared, never itabs. */
#include "ir/lower.h"

/* ---- boxing ---- */

IrVal lw_iface_word(Builder *b, Type *t, Type *iface) {
    lw_use_conversion(b, t, iface);
    if (lw_is_eface(b->l, iface)) return lw_type_val(b, t);
    return iv_sym(b->l->t_ptr, lw_itab_sym(b->l, iface, t), 0);
}

enum { MAX_ZERO_BOX = 1024 }; /* larger zero values are allocated */

/* The data word for a value that is known at compile time, or NONE. */
static IrVal static_data_word(Builder *b, IrVal v, int64_t size) {
    Lower *l = b->l;
    IrSym *sym = NULL;
    if (size == 0 || (v.kind == IV_ZERO && size <= MAX_ZERO_BOX)) sym = lw_zero_box(l, size ? size : 1);
    else if ((v.kind == IV_INT || v.kind == IV_FLOAT) && lw_is_scalar(l, v.type)) sym = lw_const_box(l, v);
    return sym ? iv_sym(l->t_ptr, sym, 0) : iv_none();
}

/* The unsigned bits of a one-byte value as the runtime takes them. */
static IrVal byte_bits(Builder *b, IrVal v) {
    IrVal byte = lw_retype(v, b->l->t_uint8);
    return lw_temp(b, IR_CONV, b->l->t_uint64, b->l->t_uint64, byte, iv_none());
}

static IrVal new_box(Builder *b, Type *t) {
    IrVal p = lw_new(b, t);
    if (b->cur) vec_last(&b->cur->instrs).alloc.is_box = true;
    lw_allocates(b, b->boxing);
    return p;
}

static IrVal data_word(Builder *b, IrVal v, Type *t) {
    Lower *l = b->l;
    v = lw_retype(v, t);
    if (lw_is_direct_iface(l, t)) return lw_part(b, v, l->t_ptr, 0);
    int64_t size = lw_size(b, t);
    IrVal word = static_data_word(b, v, size);
    if (word.kind != IV_NONE) return word;
    if (size == 1 && lw_is_scalar(l, t)) {
        IrVal bits = byte_bits(b, v), box = LW_RT(b, rt_box_small, l->t_ptr, bits);
        lw_allocates(b, b->boxing);
        return box;
    }
    IrVal p = new_box(b, t);
    lw_store(b, t, p, 0, v);
    return lw_retype(p, l->t_ptr);
}

/* ---- between interfaces ---- */

/* The itab of interface type iface for the dynamic type tw; 0 for 0. */
static IrVal itab_for(Builder *b, IrVal tw, Type *iface) {
    Type *ptr = b->l->t_ptr;
    int tab = lw_new_temp(b, ptr);
    IrBlock *some = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, tab, iv_int(ptr, 0));
    lw_branch(b, lw_temp(b, IR_NE, b->l->t_bool, ptr, tw, iv_int(ptr, 0)), some, done);
    lw_start(b, some);
    lw_copy(b, tab, LW_RT(b, rt_itab, ptr, lw_type_val(b, iface), tw));
    lw_jump(b, done);
    lw_start(b, done);
    return iv_local(b->f, tab);
}

static bool same_methods(Builder *b, Type *from, Type *to) { return lw_under(b->l, from) == lw_under(b->l, to); }

static IrVal iface_to_iface(Builder *b, IrVal v, Type *from, Type *to) {
    bool from_empty = lw_is_eface(b->l, from), to_empty = lw_is_eface(b->l, to);
    if ((from_empty && to_empty) || same_methods(b, from, to)) return lw_retype(v, to);
    v = lw_retype(v, from);
    IrVal data = lw_part(b, v, b->l->t_ptr, 8);
    IrVal tw = lw_iface_type_word(b, v, from);
    return lw_make2(b, to, to_empty ? tw : itab_for(b, tw, to), data);
}

IrVal lw_to_iface(Builder *b, IrVal v, Type *from, Type *iface) {
    if (type_is_interface(b->l->s, from)) return iface_to_iface(b, v, from, iface);
    IrVal data = data_word(b, v, from);
    return lw_make2(b, iface, lw_iface_word(b, from, iface), data);
}

/* ---- looking inside ---- */

IrVal lw_iface_type_word(Builder *b, IrVal x, Type *iface) {
    Type *ptr = b->l->t_ptr;
    IrVal word = lw_part(b, x, ptr, 0);
    if (lw_is_eface(b->l, iface) || word.kind != IV_LOCAL) return word;
    int type = lw_new_temp(b, ptr);
    IrBlock *some = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, type, word);
    lw_branch(b, lw_temp(b, IR_NE, b->l->t_bool, ptr, word, iv_int(ptr, 0)), some, done);
    lw_start(b, some);
    lw_copy(b, type, lw_load(b, ptr, word, offsetof(GoItab, type)));
    lw_jump(b, done);
    lw_start(b, done);
    return iv_local(b->f, type);
}

IrVal lw_iface_unbox(Builder *b, IrVal data, Type *t) {
    if (lw_size(b, t) == 0) return iv_zero(t);
    if (!lw_is_direct_iface(b->l, t)) return lw_load(b, t, data, 0);
    if (lw_is_scalar(b->l, t)) return lw_retype(data, t);
    int local = lw_new_temp(b, t); /* a struct or array around one pointer */
    lw_store(b, b->l->t_ptr, iv_slot(b->f, local, 0, b->l->t_ptr), 0, data);
    return iv_local(b->f, local);
}

/* ---- type assertions ---- */

/* What is under construction: the two outcomes, and where a comma-ok form leaves its results. */
typedef struct Assertion {
    IrBlock *yes, *no;
    IrVal type, data; /* of the operand */
    Type *iface, *to;
    bool panics;
} Assertion;

/* The message names the static type only where a concrete type was wanted, as Go's does. */
static void fail_assertion(Builder *b, Assertion *a) {
    a->no->cold = true;
    bool concrete = !type_is_interface(b->l->s, a->to);
    IrVal iface = concrete ? lw_type_val(b, a->iface) : iv_int(b->l->t_ptr, 0);
    LW_RT(b, rt_panic_dottype, NULL, a->type, lw_type_val(b, a->to), iface);
    lw_unreachable(b);
}

/* Joins the two outcomes: value where the assertion holds, zero elsewhere. */
static IrVal finish_assertion(Builder *b, Assertion *a, IrVal value, IrVal *ok) {
    if (a->panics) {
        IrBlock *yes = b->cur;
        b->cur = NULL;
        lw_start(b, a->no);
        fail_assertion(b, a);
        b->cur = yes;
        return value;
    }
    int result = lw_new_temp(b, a->to), flag = lw_new_temp(b, b->l->t_bool);
    IrBlock *done = ir_block(b->f);
    lw_copy(b, result, value);
    lw_copy(b, flag, iv_int(b->l->t_bool, 1));
    lw_jump(b, done);
    lw_start(b, a->no);
    lw_copy(b, result, iv_zero(a->to));
    lw_copy(b, flag, iv_int(b->l->t_bool, 0));
    lw_jump(b, done);
    lw_start(b, done);
    *ok = iv_local(b->f, flag);
    return iv_local(b->f, result);
}

static IrVal is_nil_word(Builder *b, IrVal word) {
    return lw_temp(b, IR_EQ, b->l->t_bool, b->l->t_ptr, word, iv_int(b->l->t_ptr, 0));
}

static IrVal assert_concrete(Builder *b, Assertion *a, IrVal *ok) {
    IrVal same = lw_temp(b, IR_EQ, b->l->t_bool, b->l->t_ptr, a->type, lw_type_val(b, a->to));
    lw_branch(b, same, a->yes, a->no);
    lw_start(b, a->yes);
    return finish_assertion(b, a, lw_iface_unbox(b, a->data, a->to), ok);
}

static IrVal assert_any(Builder *b, Assertion *a, IrVal *ok) {
    lw_branch(b, is_nil_word(b, a->type), a->no, a->yes);
    lw_start(b, a->yes);
    return finish_assertion(b, a, lw_make2(b, a->to, a->type, a->data), ok);
}

static IrVal assert_methods(Builder *b, Assertion *a, IrVal *ok) {
    IrVal tab = itab_for(b, a->type, a->to);
    lw_branch(b, is_nil_word(b, tab), a->no, a->yes);
    lw_start(b, a->yes);
    return finish_assertion(b, a, lw_make2(b, a->to, tab, a->data), ok);
}

IrVal lw_type_assert(Builder *b, IrVal x, Type *iface, Type *to, IrVal *ok) {
    Lower *l = b->l;
    bool concrete = !type_is_interface(l->s, to);
    IrVal type = lw_iface_type_word(b, x, iface), data = lw_part(b, x, l->t_ptr, 8);
    if (!concrete && !ok && !lw_is_eface(l, to)) {
        IrVal tab = LW_RT(b, rt_assert_itab, l->t_ptr, lw_type_val(b, to), type);
        return lw_make2(b, to, tab, data);
    }
    Assertion a = {ir_block(b->f), ir_block(b->f), type, data, iface, to, !ok};
    if (concrete) return assert_concrete(b, &a, ok);
    return lw_is_eface(l, to) ? assert_any(b, &a, ok) : assert_methods(b, &a, ok);
}
