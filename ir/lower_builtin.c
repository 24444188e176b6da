/* lower_builtin.c: calls of builtin functions.
 *
 * Those that are expressions are lowered where they stand. Those that are statements (clear, close, copy, delete, panic,
 * print, println, recover) can also be deferred, so their arguments and their effect are apart: lw_prepare_builtin
 * evaluates, lw_apply_builtin acts, possibly in another function.
 *
 * append grows in the runtime only when the capacity does not suffice; the elements are stored inline. */
#include "ir/lower.h"

/* A call and its arguments: expressions, or the results of the one call that gives them all. */
typedef struct Call {
    Node *n;
    Node **nodes;
    int count;
    IrVal tuple; /* in place of nodes */
} Call;

static Call begin_call(Builder *b, Node *n) {
    NodeList *args = &n->call.args;
    if (args->len == 1 && args->at[0]->mode == EM_TUPLE) {
        IrVal tuple = lw_expr(b, args->at[0]);
        return (Call){n, NULL, tuple.type->tuple.n, tuple};
    }
    return (Call){n, args->at, args->len, iv_none()};
}

/* Evaluates the calls in the arguments; those that are types have none. */
static void order_args(Builder *b, const Call *c) {
    if (c->nodes) lw_order_list(b, c->nodes, c->count);
}

static Type *arg_type(Builder *b, const Call *c, int i) {
    if (!c->nodes) return type_canon(b->l->s, c->tuple.type->tuple.vars[i]->type);
    Type *t = lw_type_of(b, c->nodes[i]);
    return type_is_untyped(t) ? type_canon(b->l->s, type_default(b->l->s, t)) : t;
}

static IrVal arg(Builder *b, const Call *c, int i, Type *t) {
    if (c->nodes) return lw_expr_as(b, c->nodes[i], t);
    IrVal v = lw_tuple_part(b, c->tuple, i);
    return lw_assign_convert(b, v, v.type, t);
}

static IrVal plain_arg(Builder *b, const Call *c, int i) { return arg(b, c, i, arg_type(b, c, i)); }

static bool is_nil_arg(const Call *c, int i) { return c->nodes && c->nodes[i]->mode == EM_NIL; }

static IrVal int_op(Builder *b, IrOp op, IrVal x, IrVal y) { return lw_temp(b, op, b->l->t_int, b->l->t_int, x, y); }

/* ---- len and cap ---- */

/* The count at off in the header that p, a map or channel, points to; 0 for nil. */
static IrVal header_count(Builder *b, IrVal p, int64_t off) {
    Type *t = b->l->t_int;
    int n = lw_new_temp(b, t);
    IrBlock *some = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, n, iv_int(t, 0));
    lw_branch(b, lw_temp(b, IR_NE, b->l->t_bool, p.type, p, iv_zero(p.type)), some, done);
    lw_start(b, some);
    lw_copy(b, n, lw_load(b, t, p, off));
    lw_jump(b, done);
    lw_start(b, done);
    return iv_local(b->f, n);
}

/* len([]rune(s)) counts without making the slice. */
static Node *counted_runes(Builder *b, Node *x) {
    x = ast_unparen(x);
    if (x->kind != ND_CALL || x->call.fun->mode != EM_TYPE || x->call.args.at[0]->mode == EM_CONST) return NULL;
    Type *u = lw_under(b->l, lw_type_of(b, x));
    if (u->kind != TY_SLICE || lw_under(b->l, lw_elem(b->l, u)) != b->l->t_int32) return NULL;
    Node *s = x->call.args.at[0];
    return type_has(b->l->s, lw_type_of(b, s), TP_STRING) ? s : NULL;
}

static IrVal len_or_cap(Builder *b, const Call *c, bool cap) {
    Node *x = c->nodes[0];
    Type *t = arg_type(b, c, 0), *u = lw_under(b->l, t);
    Node *runes = cap ? NULL : counted_runes(b, x);
    if (runes) return LW_RT(b, rt_count_runes, b->l->t_int, lw_expr(b, runes));
    if (u->kind == TY_POINTER) {
        lw_effects(b, x);
        return iv_int(b->l->t_int, lw_under(b->l, lw_elem(b->l, u))->array.len);
    }
    switch ((TypeKind)u->kind) {
    case TY_ARRAY:
        if (lw_has_calls(x)) lw_effects(b, x);
        return iv_int(b->l->t_int, u->array.len);
    case TY_MAP: return header_count(b, lw_expr(b, x), 0);
    case TY_CHAN: return header_count(b, lw_expr(b, x), cap ? 8 : 0);
    case TY_SLICE: case TY_BASIC: return lw_read_word(b, lw_peek_place(b, x), b->l->t_int, cap ? 16 : 8);
    default: fatal("len of type %s", type_str(b->l->s, t, NULL));
    }
}

/* The i-th argument, a size, as an int. */
static IrVal size_arg(Builder *b, const Call *c, int i) {
    bool is_unsigned;
    if (c->nodes) return lw_index_value(b, c->nodes[i], &is_unsigned);
    IrVal v = lw_tuple_part(b, c->tuple, i);
    return lw_convert(b, v, v.type, b->l->t_int);
}

/* Panics unless 0 <= len <= cap, by making the slice that cannot be. */
static void check_make(Builder *b, Type *elem, IrVal len, IrVal cap) {
    IrBlock *bad = ir_block(b->f), *good = ir_block(b->f);
    bad->cold = true;
    lw_branch(b, lw_test(b, IR_LE, lw_retype(len, b->l->t_uint64), lw_retype(cap, b->l->t_uint64)), good, bad);
    lw_start(b, bad);
    LW_RT(b, rt_make_slice, lw_ptr_to(b->l, elem), lw_type_val(b, elem), len, cap);
    lw_unreachable(b);
    lw_start(b, good);
}

/* ---- append and copy ---- */

/* A slice being appended to: its parts, in locals, as they are after growing. */
typedef struct Growing {
    Type *slice, *elem;
    int ptr, cap;
    IrVal old_len, new_len;
    int64_t size;
    const LwAt *at;
} Growing;

static void grow(Builder *b, Growing *g) {
    Lower *l = b->l;
    IrVal old = iv_local(b->f, g->ptr), cap = iv_local(b->f, g->cap);
    IrVal s = LW_RT_AT(b, rt_grow_slice, g->slice, g->at, lw_type_val(b, g->elem), old, g->old_len, cap, g->new_len);
    lw_copy(b, g->ptr, lw_part(b, s, lw_ptr_to(l, g->elem), 0));
    lw_copy(b, g->cap, lw_part(b, s, l->t_int, 16));
}

/* Makes room for added more elements behind slice s. */
static Growing make_room(Builder *b, Type *t, IrVal s, IrVal added, const LwAt *at) {
    Lower *l = b->l;
    Growing g = {.slice = t, .elem = lw_elem(l, t), .at = at};
    g.size = lw_size(b, g.elem);
    s = lw_retype(s, t);
    g.ptr = lw_new_temp(b, lw_ptr_to(l, g.elem));
    g.cap = lw_new_temp(b, l->t_int);
    lw_copy(b, g.ptr, lw_slice_ptr(b, s));
    lw_copy(b, g.cap, lw_slice_cap(b, s));
    g.old_len = lw_slice_len(b, s);
    g.new_len = int_op(b, IR_ADD, g.old_len, added);
    IrBlock *full = ir_block(b->f), *room = ir_block(b->f);
    IrVal cap = lw_retype(iv_local(b->f, g.cap), l->t_uint64), want = lw_retype(g.new_len, l->t_uint64);
    lw_branch(b, lw_temp(b, IR_LT, l->t_bool, l->t_uint64, cap, want), full, room);
    lw_start(b, full);
    grow(b, &g);
    lw_start(b, room);
    return g;
}

static IrVal grown(Builder *b, const Growing *g) {
    return lw_make_slice(b, g->slice, iv_local(b->f, g->ptr), g->new_len, iv_local(b->f, g->cap));
}

static IrVal end_of(Builder *b, const Growing *g) {
    return lw_elem_addr(b, iv_local(b->f, g->ptr), g->old_len, g->size, lw_ptr_to(b->l, g->elem));
}

static void move_elements(Builder *b, IrVal to, IrVal from, IrVal n, int64_t size) {
    if (size == 0) return;
    IrVal bytes = size == 1 ? n : int_op(b, IR_MUL, n, iv_int(b->l->t_int, size));
    LW_RT(b, rt_memmove, NULL, to, from, bytes);
}

/* append(s, more...) of a slice or string. */
static IrVal append_slice(Builder *b, const Call *c, Type *t) {
    IrVal s = arg(b, c, 0, t);
    if (is_nil_arg(c, 1)) return s;
    IrVal more = lw_string_peek(b, c->nodes[1]);
    IrVal count = lw_str_len(b, more), from = lw_part(b, more, lw_ptr_to(b->l, lw_elem(b->l, t)), 0);
    Growing g = make_room(b, t, s, count, lw_take_at(b, c->n));
    move_elements(b, end_of(b, &g), from, count, g.size);
    return grown(b, &g);
}

/* The call make([]T, n) whose elements are appended; NULL: they come from elsewhere, or n has calls, after which the
 * whole expression has been evaluated (lower_order.c). */
static Node *appended_make(const Call *c) {
    Node *x = c->nodes ? ast_unparen(c->nodes[1]) : NULL;
    bool made = x && x->kind == ND_CALL && x->builtin - 1 == BI_MAKE && x->call.args.len == 2;
    return made && !lw_has_calls(x) ? x : NULL;
}

/* append(s, make([]T, n)...) makes no second slice. */
static IrVal append_zeros(Builder *b, const Call *c, const Node *made, Type *t) {
    IrVal s = arg(b, c, 0, t);
    Call make = {.nodes = made->call.args.at};
    IrVal count = size_arg(b, &make, 1);
    check_make(b, lw_elem(b->l, t), count, iv_int(b->l->t_int, INT64_MAX));
    Growing g = make_room(b, t, s, count, lw_take_at(b, c->n));
    if (g.size > 0) LW_RT(b, rt_memclr, NULL, end_of(b, &g), int_op(b, IR_MUL, count, iv_int(b->l->t_int, g.size)));
    return grown(b, &g);
}

static IrVal append_values(Builder *b, const Call *c, Type *t) {
    int count = c->count - 1;
    Type *elem = lw_elem(b->l, t);
    IrVal s = arg(b, c, 0, t);
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, count);
    for (int i = 0; i < count; i++) values[i] = arg(b, c, i + 1, elem);
    Growing g = make_room(b, t, s, iv_int(b->l->t_int, count), lw_take_at(b, c->n));
    if (g.size > 0) {
        IrVal end = end_of(b, &g);
        for (int i = 0; i < count; i++) lw_store(b, elem, end, i * g.size, values[i]);
    }
    return grown(b, &g);
}

static IrVal append(Builder *b, const Call *c) {
    Type *t = lw_type_of(b, c->n);
    if (c->count == 1) return arg(b, c, 0, t);
    order_args(b, c);
    if (!c->n->call.has_dots) return append_values(b, c, t);
    const Node *made = appended_make(c);
    return made ? append_zeros(b, c, made, t) : append_slice(b, c, t);
}

static IrVal copy(Builder *b, const IrVal *args) {
    IrVal to = args[0], from = args[1];
    IrVal nt = lw_slice_len(b, to), nf = lw_str_len(b, from);
    IrVal less = lw_temp(b, IR_LT, b->l->t_bool, b->l->t_int, nf, nt);
    IrVal n = lw_select(b, less, nf, nt);
    move_elements(b, lw_slice_ptr(b, to), lw_part(b, from, b->l->t_ptr, 0), n, lw_size(b, lw_elem(b->l, to.type)));
    return n;
}

/* ---- make and new ---- */

enum { MAX_FIXED_MAKE = 64 << 10 }; /* bytes; a slice of constant size up to here is allocated like an array */

static IrVal make_slice(Builder *b, const Call *c, Type *t) {
    Type *elem = lw_elem(b->l, t);
    IrVal len = size_arg(b, c, 1);
    IrVal cap = c->count > 2 ? size_arg(b, c, 2) : len;
    int64_t size = lw_size(b, elem);
    bool fixed = cap.kind == IV_INT && cap.imm >= 0 && (len.kind != IV_INT || (len.imm <= cap.imm && len.imm >= 0));
    fixed &= size == 0 || cap.imm <= MAX_FIXED_MAKE / size;
    if (fixed && len.kind != IV_INT) check_make(b, elem, len, cap);
    IrVal ptr;
    const LwAt *at = lw_take_at(b, c->n);
    if (fixed)
        ptr = lw_retype(lw_new_at(b, lw_array_of(b->l, elem, cap.imm), at), lw_ptr_to(b->l, elem));
    else
        ptr = LW_RT_AT(b, rt_make_slice, lw_ptr_to(b->l, elem), at, lw_type_val(b, elem), len, cap);
    lw_allocates(b, c->n);
    return lw_make_slice(b, t, ptr, len, cap);
}

static IrVal make(Builder *b, const Call *c) {
    Type *t = lw_type_of(b, c->n);
    order_args(b, c);
    switch (lw_under(b->l, t)->kind) {
    case TY_SLICE: return make_slice(b, c, t);
    case TY_MAP: {
        IrVal hint = c->count > 1 ? size_arg(b, c, 1) : iv_int(b->l->t_int, 0);
        IrVal m = LW_RT_AT(b, rt_map_make, t, lw_take_at(b, c->n), lw_type_val(b, t), hint);
        lw_allocates(b, c->n);
        return m;
    }
    default: {
        IrVal size = c->count > 1 ? size_arg(b, c, 1) : iv_int(b->l->t_int, 0);
        return LW_RT_AT(b, rt_chan_make, t, lw_take_at(b, c->n), lw_type_val(b, t), size);
    }
    }
}

/* ---- min and max ---- */

/* The smaller of two floats: NaN if there is one, and -0 before 0. */
static IrVal float_extreme(Builder *b, Type *t, IrVal x, IrVal y, bool is_max) {
    Lower *l = b->l;
    Type *bits = lw_size(b, t) == 4 ? l->t_uint32 : l->t_uint64;
    int r = lw_new_temp(b, t);
    IrBlock *test2 = ir_block(b->f), *test3 = ir_block(b->f), *equal = ir_block(b->f), *use_x = ir_block(b->f);
    IrBlock *use_y = ir_block(b->f), *done = ir_block(b->f);
    IrOp before = is_max ? IR_GT : IR_LT;
    lw_branch(b, lw_temp(b, before, l->t_bool, t, x, y), use_x, test2);
    lw_start(b, test2);
    lw_branch(b, lw_temp(b, IR_NE, l->t_bool, t, x, x), use_x, test3);
    lw_start(b, test3);
    lw_branch(b, lw_temp(b, IR_EQ, l->t_bool, t, x, y), equal, use_y);
    lw_start(b, equal); /* equal bits, or zeros of different sign */
    IrVal bx = lw_temp(b, IR_BITCAST, bits, bits, x, iv_none()), by = lw_temp(b, IR_BITCAST, bits, bits, y, iv_none());
    IrVal both = lw_temp(b, is_max ? IR_AND : IR_OR, bits, bits, bx, by);
    lw_copy(b, r, lw_temp(b, IR_BITCAST, t, t, both, iv_none()));
    lw_jump(b, done);
    lw_start(b, use_x);
    lw_copy(b, r, x);
    lw_jump(b, done);
    lw_start(b, use_y);
    lw_copy(b, r, y);
    lw_jump(b, done);
    lw_start(b, done);
    return iv_local(b->f, r);
}

/* Integers and strings: y when it comes before x, else x. */
static IrVal ordered_extreme(Builder *b, Type *t, IrVal x, IrVal y, bool is_max) {
    IrVal better = lw_compare(b, is_max ? TK_GTR : TK_LSS, t, y, x);
    if (lw_is_scalar(b->l, t)) return lw_select(b, better, y, x);
    int r = lw_new_temp(b, t);
    IrBlock *use_y = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, r, x);
    lw_branch(b, better, use_y, done);
    lw_start(b, use_y);
    lw_copy(b, r, y);
    lw_start(b, done);
    return iv_local(b->f, r);
}

static IrVal extreme(Builder *b, const Call *c, bool is_max) {
    Type *t = lw_type_of(b, c->n);
    order_args(b, c);
    bool is_float = type_has(b->l->s, t, TP_FLOAT);
    IrVal r = arg(b, c, 0, t);
    for (int i = 1; i < c->count; i++) {
        IrVal y = arg(b, c, i, t);
        r = is_float ? float_extreme(b, t, r, y, is_max) : ordered_extreme(b, t, r, y, is_max);
    }
    return r;
}

/* ---- complex numbers ---- */

static IrVal make_complex(Builder *b, const Call *c) {
    Type *t = lw_type_of(b, c->n), *elem = lw_complex_elem(b->l, t);
    order_args(b, c);
    IrVal re = arg(b, c, 0, elem);
    return lw_make2(b, t, re, arg(b, c, 1, elem));
}

static IrVal complex_part(Builder *b, const Call *c, int i) {
    return lw_retype(lw_complex_part(b, plain_arg(b, c, 0), arg_type(b, c, 0), i), lw_type_of(b, c->n));
}

/* ---- package unsafe ---- */

static IrVal unsafe_add(Builder *b, const Call *c) {
    order_args(b, c);
    IrVal p = arg(b, c, 0, b->l->t_ptr);
    return lw_elem_addr(b, p, size_arg(b, c, 1), 1, b->l->t_ptr);
}

static IrVal unsafe_slice(Builder *b, const Call *c) {
    Type *t = lw_type_of(b, c->n);
    order_args(b, c);
    IrVal p = lw_retype(plain_arg(b, c, 0), lw_ptr_to(b->l, lw_elem(b->l, t)));
    IrVal len = size_arg(b, c, 1);
    LW_RT(b, rt_unsafe_slice, NULL, lw_type_val(b, lw_elem(b->l, t)), p, len);
    return lw_make_slice(b, t, p, len, len);
}

static IrVal unsafe_string(Builder *b, const Call *c) {
    order_args(b, c);
    IrVal p = lw_retype(plain_arg(b, c, 0), lw_ptr_to(b->l, b->l->t_uint8));
    IrVal len = size_arg(b, c, 1);
    LW_RT(b, rt_unsafe_string, NULL, p, len);
    return lw_make2(b, lw_type_of(b, c->n), p, len);
}

/* Constant unless types depend on type parameters; then they are known now. */
static IrVal unsafe_measure(Builder *b, const Call *c) {
    Node *x = ast_unparen(c->nodes[0]);
    Type *t = lw_type_of(b, c->n);
    if (c->n->builtin - 1 == BI_UNSAFE_SIZEOF) return iv_int(t, lw_size(b, arg_type(b, c, 0)));
    if (c->n->builtin - 1 == BI_UNSAFE_ALIGNOF) return iv_int(t, type_align(b->l->s, arg_type(b, c, 0)));
    Selection *sel = lw_selection(b, x);
    Type *st = lw_type_of(b, x->selector.x);
    int64_t off = 0;
    for (int i = 0; i < sel->n; i++) {
        Type *u = lw_under(b->l, st);
        if (u->kind == TY_POINTER) u = lw_under(b->l, lw_elem(b->l, u));
        off += type_field_offset(b->l->s, u, sel->path[i]);
        st = lw_type(b, u->struct_.fields[sel->path[i]]->type);
    }
    return iv_int(t, off);
}

static IrVal data_pointer(Builder *b, const Call *c) {
    return lw_retype(lw_part(b, plain_arg(b, c, 0), b->l->t_ptr, 0), lw_type_of(b, c->n));
}

/* ---- clear and delete ---- */

static void clear(Builder *b, IrVal x) {
    if (lw_under(b->l, x.type)->kind == TY_MAP) {
        LW_RT(b, rt_map_clear, NULL, lw_type_val(b, x.type), x);
        return;
    }
    IrVal size = iv_int(b->l->t_int, lw_size(b, lw_elem(b->l, x.type)));
    LW_RT(b, rt_memclr, NULL, lw_slice_ptr(b, x), int_op(b, IR_MUL, lw_slice_len(b, x), size));
}

static void delete_key(Builder *b, IrVal m, IrVal key) {
    LW_RT(b, rt_map_delete, NULL, lw_type_val(b, m.type), m, lw_value_addr(b, key));
}

/* ---- print ---- */

static IrVal converted(Builder *b, IrVal v, Type *t) { return lw_convert(b, v, v.type, t); }

static void print_basic(Builder *b, IrVal v, const Type *u) {
    Lower *l = b->l;
    if (u->basic.props & TP_BOOLEAN) LW_RT(b, rt_print_bool, NULL, v);
    else if (u->basic.props & TP_STRING) LW_RT(b, rt_print_string, NULL, v);
    else if (u->basic.props & TP_UNSIGNED) LW_RT(b, rt_print_uint, NULL, converted(b, v, l->t_uint64));
    else if (u->basic.props & TP_INTEGER) LW_RT(b, rt_print_int, NULL, converted(b, v, l->t_int64));
    else if (u->basic.props & TP_FLOAT) LW_RT(b, rt_print_float, NULL, converted(b, v, l->t_float64));
    else if (u->basic.props & TP_COMPLEX) {
        v = converted(b, v, l->t_complex128);
        LW_RT(b, rt_print_complex, NULL, lw_complex_part(b, v, v.type, 0), lw_complex_part(b, v, v.type, 1));
    } else LW_RT(b, rt_print_pointer, NULL, v);
}

static void print_value(Builder *b, IrVal v) {
    Type *u = lw_under(b->l, v.type);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: print_basic(b, v, u); return;
    case TY_SLICE: LW_RT(b, rt_print_slice, NULL, v); return;
    case TY_INTERFACE: LW_RT(b, rt_print_eface, NULL, v); return;
    default: LW_RT(b, rt_print_pointer, NULL, v); return;
    }
}

static void print(Builder *b, const IrVal *args, int n, bool spaced) {
    lw_rt(b, RTE_rt_print_lock, NULL, NULL, 0);
    for (int i = 0; i < n; i++) {
        if (spaced && i > 0) lw_rt(b, RTE_rt_print_space, NULL, NULL, 0);
        print_value(b, args[i]);
    }
    if (spaced) lw_rt(b, RTE_rt_print_nl, NULL, NULL, 0);
    lw_rt(b, RTE_rt_print_unlock, NULL, NULL, 0);
}

/* ---- recover ---- */

static IrVal recover_value(Builder *b, Node *n) {
    Type *ptr = b->l->t_ptr;
    b->f->flags |= IF_NOINLINE;
    IrBlock *panics = ir_block(b->f), *done = ir_block(b->f);
    int result = lw_new_temp(b, b->l->t_eface);
    lw_copy(b, result, iv_zero(b->l->t_eface));
    IrVal g = lw_temp(b, IR_GETG, ptr, ptr, iv_none(), iv_none());
    lw_branch(b, lw_not_nil(b, lw_load(b, ptr, g, offsetof(RtG, panic))), panics, done);
    panics->cold = true;
    lw_start(b, panics);
    IrVal ra = lw_temp(b, IR_RETADDR, ptr, ptr, iv_none(), iv_none());
    IrVal fa = lw_temp(b, IR_FRAMEADDR, ptr, ptr, iv_none(), iv_none());
    lw_copy(b, result, LW_RT(b, rt_gorecover, b->l->t_eface, ra, fa));
    lw_start(b, done);
    return lw_retype(iv_local(b->f, result), lw_type_of(b, n));
}

/* ---- statements ---- */

/* The type an argument is evaluated as. */
static Type *statement_arg_type(Builder *b, const Call *c, int i) {
    switch (c->n->builtin - 1) {
    case BI_PANIC: return b->l->t_eface;
    case BI_DELETE:
        if (i == 1) return lw_type(b, lw_under(b->l, arg_type(b, c, 0))->map.key);
        break;
    default: break;
    }
    return is_nil_arg(c, i) ? b->l->t_ptr : arg_type(b, c, i); /* print(nil) */
}

static PreparedCall *prepare_statement(Builder *b, const Call *c) {
    PreparedCall *pc = NEW(b->l->arena, PreparedCall);
    *pc = (PreparedCall){.code = iv_none(), .builtin = c->n, .nparams = c->count};
    pc->args = NEW_ARRAY(b->l->arena, IrVal, c->count);
    pc->params = NEW_ARRAY(b->l->arena, Type *, c->count);
    order_args(b, c);
    for (int i = 0; i < c->count; i++) {
        pc->params[i] = statement_arg_type(b, c, i);
        pc->args[i] = arg(b, c, i, pc->params[i]);
    }
    return pc;
}

PreparedCall *lw_prepare_builtin(Builder *b, Node *n) {
    Call c = begin_call(b, n);
    return prepare_statement(b, &c);
}

IrVal lw_apply_builtin(Builder *b, const PreparedCall *pc) {
    const IrVal *args = pc->args;
    switch (pc->builtin->builtin - 1) {
    case BI_CLEAR: clear(b, args[0]); break;
    case BI_CLOSE: LW_RT(b, rt_chan_close, NULL, args[0]); break;
    case BI_COPY: return copy(b, args);
    case BI_DELETE: delete_key(b, args[0], args[1]); break;
    case BI_PANIC: LW_RT(b, rt_gopanic, NULL, args[0]); break;
    case BI_PRINT: print(b, args, pc->nparams, false); break;
    case BI_PRINTLN: print(b, args, pc->nparams, true); break;
    case BI_RECOVER: return recover_value(b, pc->builtin);
    default: unreachable();
    }
    return iv_none();
}

static bool is_raw(BuiltinId id) {
    return id == BI_UNSAFE_ADD || id == BI_UNSAFE_SLICE || id == BI_UNSAFE_SLICE_DATA || id == BI_UNSAFE_STRING ||
           id == BI_UNSAFE_STRING_DATA;
}

IrVal lw_builtin(Builder *b, Node *n) {
    Call c = begin_call(b, n);
    if (is_raw((BuiltinId)(n->builtin - 1))) lw_use_unsafe(b);
    switch ((BuiltinId)(n->builtin - 1)) {
    case BI_APPEND: return append(b, &c);
    case BI_CAP: return len_or_cap(b, &c, true);
    case BI_COMPLEX: return make_complex(b, &c);
    case BI_IMAG: return complex_part(b, &c, 1);
    case BI_LEN: return len_or_cap(b, &c, false);
    case BI_MAKE: return make(b, &c);
    case BI_MAX: return extreme(b, &c, true);
    case BI_MIN: return extreme(b, &c, false);
    case BI_NEW: {
        IrVal p = lw_new_at(b, arg_type(b, &c, 0), lw_take_at(b, n));
        lw_allocates(b, n);
        return p;
    }
    case BI_REAL: return complex_part(b, &c, 0);
    case BI_UNSAFE_ADD: return unsafe_add(b, &c);
    case BI_UNSAFE_ALIGNOF: case BI_UNSAFE_OFFSETOF: case BI_UNSAFE_SIZEOF: return unsafe_measure(b, &c);
    case BI_UNSAFE_SLICE: return unsafe_slice(b, &c);
    case BI_UNSAFE_SLICE_DATA: case BI_UNSAFE_STRING_DATA: return data_pointer(b, &c);
    case BI_UNSAFE_STRING: return unsafe_string(b, &c);
    case BI_CLEAR: case BI_CLOSE: case BI_COPY: case BI_DELETE: case BI_PANIC: case BI_PRINT: case BI_PRINTLN:
    case BI_RECOVER: return lw_apply_builtin(b, prepare_statement(b, &c));
    case BI_COUNT: break;
    }
    unreachable();
}
