/* lower_range.c: range loops, except over functions (lower_rangefunc.c).
 *
 * Each form counts, or iterates, in hidden temporaries; the variables of the loop get copies at the start of every
 * iteration. From go1.22 on, variables that the loop declares are new in each iteration; before, one set is shared.
 * What is ranged over is evaluated once, and not at all where the specification says so. */
#include "ir/lower.h"

typedef struct Loop {
    Node *n;
    IrBlock *test, *body, *next, *end;
    bool has_key, has_value;
    bool shared; /* variables declared once, before the loop */
} Loop;

static bool is_wanted(Node *n) { return n && !ast_is_blank(ast_unparen(n)); }

/* ---- the skeleton ---- */

/* Variables of the old kind: a literal that captures one sees it change. */
static void declare_shared(Builder *b, Node *ident) {
    if (!is_wanted(ident)) return;
    Object *v = ident->ident.obj;
    if (v->var.captured) lw_new_boxed_var(b, v);
    else lw_declare_var(b, v, iv_none());
}

static Loop begin(Builder *b, Node *n) {
    Loop loop = {n, ir_block(b->f), ir_block(b->f), ir_block(b->f), ir_block(b->f), is_wanted(n->range_stmt.key),
                 is_wanted(n->range_stmt.value), n->range_stmt.define && !lw_per_iteration_vars(b->l, n->pos)};
    return loop;
}

/* Opens the block that tests whether there is another iteration. */
static void start_test(Builder *b, Loop *loop) {
    if (loop->shared) {
        declare_shared(b, loop->n->range_stmt.key);
        declare_shared(b, loop->n->range_stmt.value);
    }
    lw_push_target(b, loop->n, loop->end, loop->next);
    b->loop_depth++;
    lw_start(b, loop->test);
}

static void run_body(Builder *b, Loop *loop) {
    lw_stmt(b, loop->n->range_stmt.body);
    b->pos = loop->n->pos;
    lw_start(b, loop->next);
}

static void finish(Builder *b, Loop *loop) {
    lw_jump(b, loop->test);
    b->loop_depth--;
    lw_pop_target(b);
    lw_start(b, loop->end);
}

/* ---- variables ---- */

/* A new variable with the value at addr. */
static void declare_loaded(Builder *b, Object *v, Type *t, IrVal addr) {
    bool is_zero;
    Place p = lw_new_var(b, v, &is_zero);
    IrInstr *in = lw_emit(b, p.kind == PL_LOCAL ? IR_LOAD : IR_MOVE);
    in->type = t;
    in->a = p.kind == PL_LOCAL ? addr : p.base;
    if (p.kind == PL_LOCAL) in->dst = p.local;
    else in->b = addr;
}

/* One of the two iteration values: at an address, or as it is. */
typedef struct Item {
    Type *type;
    IrVal v;
    bool in_memory;
} Item;

static Item item_value(IrVal v) { return (Item){v.type, v, false}; }
static Item item_at(IrVal addr, Type *t) { return (Item){t, addr, true}; }
static IrVal item_load(Builder *b, Item x) { return x.in_memory ? lw_load(b, x.type, x.v, 0) : x.v; }

static void declare_item(Builder *b, Node *ident, Item x) {
    Object *v = ident->ident.obj;
    Type *t = lw_type(b, v->type);
    if (t != x.type) lw_declare_var(b, v, lw_assign_convert(b, item_load(b, x), x.type, t));
    else if (x.in_memory) declare_loaded(b, v, x.type, x.v);
    else lw_declare_var(b, v, x.v);
}

/* Gives the loop's variables their values for this iteration. */
static void set_vars(Builder *b, Loop *loop, Item key, Item value) {
    Node *nodes[2] = {loop->n->range_stmt.key, loop->n->range_stmt.value};
    Item items[2] = {key, value};
    if (loop->n->range_stmt.define && !loop->shared) {
        if (loop->has_key) declare_item(b, nodes[0], key);
        if (loop->has_value) declare_item(b, nodes[1], value);
        return;
    }
    Node *lhs[2];
    IrVal values[2];
    Type *types[2];
    int n = 0;
    for (int i = 0; i < 2; i++) {
        if (!(i ? loop->has_value : loop->has_key)) continue;
        lhs[n] = nodes[i];
        values[n] = item_load(b, items[i]);
        types[n++] = items[i].type;
    }
    lw_assign_values(b, lhs, n, values, types, false);
}

static const Item no_item = {0};

/* ---- counting ---- */

/* for i = 0; i < n; i++ with a hidden i of n's type; returns i in the body. */
static IrVal begin_count(Builder *b, Loop *loop, IrVal n) {
    IrVal i = iv_local(b->f, lw_new_temp(b, n.type));
    lw_copy(b, i.local, iv_int(n.type, 0));
    start_test(b, loop);
    lw_branch(b, lw_test(b, IR_LT, i, n), loop->body, loop->end);
    lw_start(b, loop->body);
    return i;
}

static void finish_count(Builder *b, Loop *loop, IrVal i) {
    run_body(b, loop);
    lw_copy(b, i.local, lw_temp(b, IR_ADD, i.type, i.type, i, iv_int(i.type, 1)));
    finish(b, loop);
}

static void range_int(Builder *b, Loop *loop, Node *x) {
    Type *t = loop->has_key ? lw_type_of(b, loop->n->range_stmt.key) : lw_type_of(b, x);
    if (type_is_interface(b->l->s, t)) t = lw_type_of(b, x);
    t = type_default(b->l->s, t);
    IrVal i = begin_count(b, loop, lw_snapshot(b, lw_expr_as(b, x, t)));
    set_vars(b, loop, item_value(i), no_item);
    finish_count(b, loop, i);
}

/* n elements from base on. */
static void range_elements(Builder *b, Loop *loop, IrVal base, IrVal n, Type *elem) {
    IrVal i = begin_count(b, loop, n);
    Item value = no_item;
    if (loop->has_value)
        value = item_at(lw_elem_addr(b, base, i, type_size(b->l->s, elem), lw_ptr_to(b->l, elem)), elem);
    set_vars(b, loop, item_value(i), value);
    finish_count(b, loop, i);
}

/* The bytes of a string need not be copied: the loop alone sees them, and they do not change. */
static void range_bytes_of(Builder *b, Loop *loop, Node *string, Type *u) {
    IrVal s = lw_snapshot(b, lw_expr_as(b, string, b->l->t_string));
    range_elements(b, loop, lw_str_ptr(b, s), lw_snapshot(b, lw_str_len(b, s)), lw_elem(b->l, u));
}

static void range_slice(Builder *b, Loop *loop, Node *x, Type *u) {
    Node *string = lw_converted(x);
    if (string && lw_is_bytes(b, lw_type_of(b, x)) && type_has(b->l->s, lw_type_of(b, string), TP_STRING)) {
        range_bytes_of(b, loop, string, u);
        return;
    }
    IrVal s = lw_snapshot(b, lw_expr(b, x));
    IrVal base = loop->has_value ? lw_slice_ptr(b, s) : iv_none();
    range_elements(b, loop, base, lw_snapshot(b, lw_slice_len(b, s)), lw_elem(b->l, u));
}

/* A local array that nothing changes need not be copied. */
static bool is_constant_array(Node *x) {
    x = ast_unparen(x);
    if (x->kind != ND_IDENT || !x->ident.obj || x->ident.obj->kind != OBJ_VAR) return false;
    const Object *v = x->ident.obj;
    return v->var.role != VAR_PACKAGE && !v->var.reassigned && !v->var.addr_taken;
}

/* The loop sees the elements that the array has now. */
static IrVal array_base(Builder *b, Node *x) {
    if (is_constant_array(x)) return lw_addr(b, lw_place(b, x));
    return lw_value_addr(b, lw_snapshot(b, lw_expr(b, x)));
}

static void range_array(Builder *b, Loop *loop, Node *x, Type *u) {
    IrVal base = iv_none();
    if (loop->has_value) base = array_base(b, x);
    else if (lw_has_calls(x)) lw_effects(b, x);
    range_elements(b, loop, base, iv_int(b->l->t_int, u->array.len), lw_elem(b->l, u));
}

static void range_array_pointer(Builder *b, Loop *loop, Node *x, Type *array) {
    IrVal base = iv_none();
    int64_t len = lw_under(b->l, array)->array.len;
    if (loop->has_value || lw_has_calls(x)) base = lw_snapshot(b, lw_expr(b, x));
    if (loop->has_value && len) lw_nil_check(b, base);
    range_elements(b, loop, base, iv_int(b->l->t_int, len), lw_elem(b->l, array));
}

/* ---- strings ---- */

enum { RUNE_SELF = 0x80 }; /* smaller bytes are runes by themselves */

/* Decodes the rune at s[i] into rune and sets next to the index behind it. */
static void decode(Builder *b, IrVal s, IrVal i, int rune, int next) {
    Lower *l = b->l;
    IrBlock *ascii = ir_block(b->f), *other = ir_block(b->f), *done = ir_block(b->f);
    IrVal byte = lw_load(b, l->t_uint8, lw_elem_addr(b, lw_str_ptr(b, s), i, 1, lw_ptr_to(l, l->t_uint8)), 0);
    lw_branch(b, lw_test(b, IR_LT, byte, iv_int(l->t_uint8, RUNE_SELF)), ascii, other);
    lw_start(b, ascii);
    lw_copy(b, rune, lw_temp(b, IR_CONV, l->t_int32, l->t_int32, byte, iv_none()));
    lw_copy(b, next, lw_temp(b, IR_ADD, l->t_int, l->t_int, i, iv_int(l->t_int, 1)));
    lw_jump(b, done);
    lw_start(b, other);
    IrVal at = iv_slot(b->f, rune, 0, lw_ptr_to(l, l->t_int32));
    lw_copy(b, next, LW_RT(b, rt_decode_rune, l->t_int, s, i, at));
    lw_start(b, done);
}

static void range_string(Builder *b, Loop *loop, Node *x) {
    Lower *l = b->l;
    IrVal s = lw_retype(lw_snapshot(b, lw_expr(b, x)), l->t_string);
    IrVal len = lw_snapshot(b, lw_str_len(b, s));
    int i = lw_new_temp(b, l->t_int), next = lw_new_temp(b, l->t_int), rune = lw_new_temp(b, l->t_int32);
    lw_copy(b, i, iv_int(l->t_int, 0));
    start_test(b, loop);
    lw_branch(b, lw_test(b, IR_LT, iv_local(b->f, i), len), loop->body, loop->end);
    lw_start(b, loop->body);
    decode(b, s, iv_local(b->f, i), rune, next);
    set_vars(b, loop, item_value(iv_local(b->f, i)), item_value(iv_local(b->f, rune)));
    run_body(b, loop);
    lw_copy(b, i, iv_local(b->f, next));
    finish(b, loop);
}

/* ---- maps ---- */

static void range_map(Builder *b, Loop *loop, Node *x) {
    Lower *l = b->l;
    Type *t = lw_type_of(b, x), *u = lw_under(l, t);
    IrVal m = lw_snapshot(b, lw_expr(b, x));
    IrVal iter = iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtMapIter)), 0, l->t_ptr);
    LW_RT(b, rt_map_iter_init, NULL, lw_type_val(b, t), m, iter);
    start_test(b, loop);
    IrVal key = lw_load(b, l->t_ptr, iter, offsetof(RtMapIter, key));
    lw_branch(b, lw_not_nil(b, key), loop->body, loop->end);
    lw_start(b, loop->body);
    Item value = no_item;
    if (loop->has_value) value = item_at(lw_load(b, l->t_ptr, iter, offsetof(RtMapIter, elem)), lw_elem(l, u));
    set_vars(b, loop, item_at(key, type_canon(l->s, u->map.key)), value);
    run_body(b, loop);
    LW_RT(b, rt_map_iter_next, NULL, iter);
    finish(b, loop);
}

/* ---- channels ---- */

static void range_chan(Builder *b, Loop *loop, Node *x) {
    IrVal c = lw_snapshot(b, lw_expr(b, x));
    Type *elem = lw_elem(b->l, lw_type_of(b, x));
    IrVal slot = lw_receive_slot(b, elem);
    start_test(b, loop);
    IrVal open = LW_RT(b, rt_chan_recv, b->l->t_bool, c, slot);
    lw_branch(b, open, loop->body, loop->end);
    lw_start(b, loop->body);
    set_vars(b, loop, item_value(lw_received(b, elem, slot)), no_item);
    run_body(b, loop);
    finish(b, loop);
}

/* ---- dispatch ---- */

void lw_range(Builder *b, Node *n) {
    Node *x = n->range_stmt.x;
    Type *u = lw_under(b->l, lw_type_of(b, x));
    if (u->kind == TY_FUNC) {
        lw_range_func(b, n);
        return;
    }
    Loop loop = begin(b, n);
    switch ((TypeKind)u->kind) {
    case TY_BASIC:
        if (u->basic.props & TP_STRING) range_string(b, &loop, x);
        else range_int(b, &loop, x);
        return;
    case TY_SLICE: range_slice(b, &loop, x, u); return;
    case TY_ARRAY: range_array(b, &loop, x, u); return;
    case TY_POINTER: range_array_pointer(b, &loop, x, lw_elem(b->l, u)); return;
    case TY_MAP: range_map(b, &loop, x); return;
    case TY_CHAN: range_chan(b, &loop, x); return;
    default: unreachable();
    }
}
