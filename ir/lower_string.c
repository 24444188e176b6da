/* lower_string.c: strings: concatenation and conversions from and to slices.
 *
 * A chain a + b + c is one call with all operands. Where a string is looked at and dropped (comparisons, look-ups in
 * maps, operands of a concatenation), string(bytes) does not copy the bytes: see lw_string_peek. Nor does []byte(string)
 * where a loop ranges over it. */
#include "ir/lower.h"

/* ---- concatenation ---- */

typedef struct Operands { VEC(Node *) list; } Operands;

static void collect_operands(Builder *b, Node *n, Operands *out) {
    Node *x = ast_unparen(n);
    if (x->kind == ND_BINARY && x->mode != EM_CONST) {
        NodeList chain = lw_chain(b, x);
        collect_operands(b, chain.at[0]->binary.x, out);
        for (int i = 0; i < chain.len; i++) collect_operands(b, chain.at[i]->binary.y, out);
        return;
    }
    vec_push(b->l->arena, &out->list, n);
}

/* One constant for a run of constant operands. */
static Node *joined(Builder *b, Node *first, const Node *next) {
    Node *n = NEW(b->l->arena, Node);
    *n = *first;
    n->value = cv_binary(b->l->arena, TK_ADD, first->value, next->value, false);
    return n;
}

static void join_constants(Builder *b, Operands *ops) {
    int kept = 0;
    for (int i = 0; i < ops->list.len; i++) {
        Node *n = ops->list.at[i], *last = kept ? ops->list.at[kept - 1] : NULL;
        if (last && last->mode == EM_CONST && n->mode == EM_CONST) ops->list.at[kept - 1] = joined(b, last, n);
        else ops->list.at[kept++] = n;
    }
    ops->list.len = kept;
}

IrVal lw_concat_values(Builder *b, Type *t, IrVal *parts, int n, const LwAt *at) {
    Type *array = lw_array_of(b->l, b->l->t_string, n);
    int local = lw_new_temp(b, array);
    IrVal slot = iv_slot(b->f, local, 0, lw_ptr_to(b->l, array));
    for (int i = 0; i < n; i++) lw_store(b, b->l->t_string, slot, 16 * i, lw_retype(parts[i], b->l->t_string));
    return lw_retype(LW_RT_AT(b, rt_string_concat, b->l->t_string, at, slot, iv_int(b->l->t_int, n)), t);
}

static bool is_nonempty_const(const Node *n) {
    size_t len = 0;
    if (n->mode == EM_CONST) cv_string_value(n->value, &len);
    return len > 0;
}

IrVal lw_concat(Builder *b, Node *n) {
    Operands ops = {0};
    Type *t = lw_type_of(b, n);
    const LwAt *at = lw_take_at(b, n);
    collect_operands(b, n, &ops);
    join_constants(b, &ops);
    lw_order_list(b, ops.list.at, ops.list.len);
    /* When all other operands are empty the result is the remaining operand itself: that must not be a view. */
    bool may_peek = false;
    for (int i = 0; i < ops.list.len; i++) may_peek |= is_nonempty_const(ops.list.at[i]);
    IrVal *parts = NEW_ARRAY(b->l->arena, IrVal, ops.list.len);
    for (int i = 0; i < ops.list.len; i++)
        parts[i] = may_peek ? lw_string_peek(b, ops.list.at[i]) : lw_expr_as(b, ops.list.at[i], t);
    IrVal s = lw_concat_values(b, t, parts, ops.list.len, at);
    lw_set_off(b, may_peek);
    lw_allocates(b, n);
    return s;
}

/* ---- views ---- */

bool lw_is_bytes(Builder *b, Type *t) {
    Type *u = lw_under(b->l, t);
    return u->kind == TY_SLICE && lw_under(b->l, lw_elem(b->l, u)) == b->l->t_uint8;
}

Node *lw_converted(Node *n) {
    Node *x = ast_unparen(n);
    bool converts = x->kind == ND_CALL && x->mode != EM_CONST && x->call.fun->mode == EM_TYPE;
    return converts ? x->call.args.at[0] : NULL;
}

IrVal lw_string_peek(Builder *b, Node *n) {
    Node *x = lw_converted(n);
    Type *t = lw_type_of(b, n);
    if (!x || !lw_is_bytes(b, lw_type_of(b, x))) return lw_expr(b, n);
    IrVal bytes = lw_expr(b, x);
    IrVal ptr = lw_slice_ptr(b, bytes);
    return lw_make2(b, t, ptr, lw_slice_len(b, bytes));
}

/* ---- conversions ---- */

IrVal lw_to_string(Builder *b, IrVal v, Type *from, const LwAt *at) {
    Type *u = lw_under(b->l, from), *string = b->l->t_string;
    if (u->kind == TY_BASIC) {
        if (u->basic.props & TP_STRING) return lw_retype(v, string);
        IrVal rune = lw_temp(b, IR_CONV, b->l->t_int64, b->l->t_int64, v, iv_none());
        return LW_RT_AT(b, rt_string_from_rune, string, at, rune);
    }
    IrVal ptr = lw_slice_ptr(b, lw_retype(v, from)), len = lw_slice_len(b, v);
    return lw_is_bytes(b, from) ? LW_RT_AT(b, rt_string_from_bytes, string, at, ptr, len)
                                : LW_RT_AT(b, rt_string_from_runes, string, at, ptr, len);
}

IrVal lw_string_to_slice(Builder *b, IrVal v, Type *to, const LwAt *at) {
    IrVal s = lw_is_bytes(b, to) ? LW_RT_AT(b, rt_bytes_from_string, b->l->t_bytes, at, v)
                                 : LW_RT_AT(b, rt_runes_from_string, b->l->t_runes, at, v);
    return lw_retype(s, to);
}
