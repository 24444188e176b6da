/* lower_lit.c: composite literals.
 *
 * Structs and arrays are built in place: the destination is cleared unless it is known to be zero or every part is
 * set, then the elements are stored one by one; larger literals of constants are copied from a read-only image.
 * Slices and &T{} allocate and fill what they point to. Maps are filled by assignments; large maps of constants by
 * a loop over two static arrays.
 *
 * The caller sees to it that the elements neither read the destination nor may leave it half-built where that
 * could be noticed (lower_expr.c). */
#include "ir/lower.h"

enum {
    MIN_IMAGE_SIZE = 32, /* bytes from which an image is worth a copy */
    MIN_MAP_LOOP = 25,   /* entries from which a map is filled by a loop */
};

/* An element's value, without the key. */
static Node *element_value(Node *e) { return e->kind == ND_KEY_VALUE ? e->kv.value : e; }

/* The index of the element after one at index i; e's own index is stored to *at. */
static int64_t next_index(Builder *b, Node *e, int64_t i, int64_t *at) {
    if (e->kind == ND_KEY_VALUE) check(cv_int64(cv_to_int(b->l->arena, e->kv.key->value), &i));
    *at = i;
    return i + 1;
}

static int64_t literal_len(Builder *b, Node *n) {
    int64_t next = 0, max = 0, at;
    for (int i = 0; i < n->composite.elems.len; i++) {
        next = next_index(b, n->composite.elems.at[i], next, &at);
        if (next > max) max = next;
    }
    return max;
}

static void clear_place(Builder *b, Place to) {
    if (to.kind == PL_LOCAL) {
        lw_copy(b, to.local, iv_zero(to.type));
        return;
    }
    IrInstr *in = lw_emit(b, IR_ZERO);
    in->a = to.base;
    in->off = to.off;
    in->type = to.type;
}

/* Copies the literal from static data; false when it is small or has parts that are not constant. Images hold types
 * of the tree, so there are none in instantiated code. */
static bool from_image(Builder *b, Node *n, Type *t, Place to) {
    if (b->env || lw_size(b, t) < MIN_IMAGE_SIZE) return false;
    IrSym *image = lw_static_image(b, n, t);
    if (!image) return false;
    IrVal dst = lw_addr(b, to);
    IrInstr *in = lw_emit(b, IR_MOVE);
    in->a = dst;
    in->b = iv_sym(lw_ptr_to(b->l, t), image, 0);
    in->type = t;
    return true;
}

static void order_elements(Builder *b, Node *n) {
    NodeList *elems = &n->composite.elems;
    Node **values = NEW_ARRAY(b->l->arena, Node *, elems->len);
    for (int i = 0; i < elems->len; i++) values[i] = element_value(elems->at[i]);
    lw_order_list(b, values, elems->len);
}

/* ---- structs and arrays ---- */

/* The field of u that element e, the i-th, sets. */
static int element_field(Node *e, Type *u, int i) {
    if (e->kind != ND_KEY_VALUE) return i;
    const Name *name = e->kv.key->ident.name;
    for (int f = 0; f < u->struct_.n; f++)
        if (u->struct_.fields[f]->name == name) return f;
    fatal("no field %s", name->text);
}

static void struct_elements(Builder *b, Node *n, Type *u, Place to, bool is_zero) {
    NodeList *elems = &n->composite.elems;
    for (int i = 0; i < elems->len; i++) {
        int f = element_field(elems->at[i], u, i);
        Place p = lw_field(b, to, u, f);
        if (u->struct_.fields[f]->name != b->l->s->n_blank) {
            lw_expr_into(b, element_value(elems->at[i]), p, is_zero);
        } else { /* evaluated, but a blank field is zero */
            lw_expr(b, element_value(elems->at[i]));
            if (!is_zero) clear_place(b, p);
        }
    }
}

static void array_elements(Builder *b, Node *n, Type *elem, Place to, bool is_zero) {
    NodeList *elems = &n->composite.elems;
    int64_t size = lw_size(b, elem), next = 0, at;
    if (to.kind == PL_LOCAL) to = lw_mem(to.type, lw_addr(b, to), true);
    for (int i = 0; i < elems->len; i++) {
        next = next_index(b, elems->at[i], next, &at);
        Place p = to;
        p.boxed = false;
        p.type = elem;
        p.off += at * size;
        lw_expr_into(b, element_value(elems->at[i]), p, is_zero);
    }
}

/* Does the literal set every byte of the type? Padding does not count. */
static bool sets_all(Type *u, Node *n) {
    int64_t parts = u->kind == TY_STRUCT ? u->struct_.n : u->array.len;
    if (n->composite.elems.len != parts) return false;
    for (int i = 0; i < n->composite.elems.len; i++) /* inner literals clear for themselves, into cleared memory */
        if (ast_unparen(element_value(n->composite.elems.at[i]))->kind == ND_COMPOSITE_LIT) return false;
    return true;
}

static void aggregate_into(Builder *b, Node *n, Type *t, Place to, bool to_is_zero) {
    Type *u = lw_under(b->l, t);
    if (lw_size(b, t) == 0 && !n->composite.elems.len) return;
    if (n->composite.elems.len && from_image(b, n, t, to)) return;
    order_elements(b, n);
    if (!to_is_zero && !sets_all(u, n)) {
        clear_place(b, to);
        to_is_zero = true;
    }
    if (u->kind == TY_STRUCT) struct_elements(b, n, u, to, to_is_zero);
    else array_elements(b, n, lw_elem(b->l, u), to, to_is_zero);
}

/* ---- slices ---- */

static IrVal slice_literal(Builder *b, Node *n, Type *t) {
    Type *elem = lw_elem(b->l, t);
    int64_t count = literal_len(b, n);
    Type *array = lw_array_of(b->l, elem, count);
    IrVal ptr = lw_new_at(b, array, lw_take_at(b, n));
    lw_allocates(b, n);
    Place p = lw_mem(array, ptr, true);
    if (count && !from_image(b, n, array, p)) {
        order_elements(b, n);
        array_elements(b, n, elem, p, true);
    }
    IrVal len = iv_int(b->l->t_int, count);
    return lw_make_slice(b, t, lw_retype(ptr, lw_ptr_to(b->l, elem)), len, len);
}

/* ---- maps ---- */

static void map_entry(Builder *b, Type *map, IrVal m, IrVal key, IrVal value) {
    Place p = {.kind = PL_MAP, .type = value.type, .map = map, .base = m, .key = key};
    lw_write(b, p, value);
}

static void map_entries(Builder *b, Node *n, Type *t, IrVal m) {
    Type *u = lw_under(b->l, t), *key = lw_type(b, u->map.key), *elem = lw_type(b, u->map.elem);
    for (int i = 0; i < n->composite.elems.len; i++) {
        Node *e = n->composite.elems.at[i];
        lw_order_list(b, (Node *[]){e->kv.key, e->kv.value}, 2);
        IrVal k = lw_snapshot(b, lw_expr_as(b, e->kv.key, key));
        map_entry(b, t, m, k, lw_expr_as(b, e->kv.value, elem));
    }
}

/* The keys, or the elements, of a literal as a static array. user: see lw_static. */
static IrSym *map_column(Lower *l, Builder *user, Node *n, Type *t, bool keys) {
    NodeList *elems = &n->composite.elems;
    int64_t size = type_size(l->s, t);
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "%s..map%d", ir_pkg_prefix(l->p->pkg), l->p->data.len));
    IrData *d = ir_data_new(l->p, sym, size * elems->len, (int32_t)type_align(l->s, t), IL_LOCAL);
    d->readonly = true;
    for (int i = 0; i < elems->len; i++) {
        Node *e = keys ? elems->at[i]->kv.key : elems->at[i]->kv.value;
        check(lw_static(l, user, e, t, d, i * size));
    }
    return sym;
}

static IrVal column_value(Builder *b, IrSym *column, Type *t, IrVal i) {
    IrVal addr = lw_elem_addr(b, iv_sym(lw_ptr_to(b->l, t), column, 0), i, lw_size(b, t), lw_ptr_to(b->l, t));
    return lw_read(b, lw_mem(t, addr, true));
}

/* for i := range keys { m[keys[i]] = values[i] } */
static void map_loop(Builder *b, Node *n, Type *t, IrVal m, Builder *user) {
    Lower *l = b->l;
    Type *u = lw_under(b->l, t), *key = lw_type(b, u->map.key), *elem = lw_type(b, u->map.elem);
    IrSym *keys = map_column(l, user, n, key, true), *values = map_column(l, user, n, elem, false);
    int i = lw_new_temp(b, l->t_int);
    IrBlock *test = ir_block(b->f), *body = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, i, iv_int(l->t_int, 0));
    lw_start(b, test);
    IrVal count = iv_int(l->t_int, n->composite.elems.len);
    lw_branch(b, lw_temp(b, IR_LT, l->t_bool, l->t_int, iv_local(b->f, i), count), body, done);
    lw_start(b, body);
    IrVal k = column_value(b, keys, key, iv_local(b->f, i));
    map_entry(b, t, m, k, column_value(b, values, elem, iv_local(b->f, i)));
    lw_copy(b, i, lw_temp(b, IR_ADD, l->t_int, l->t_int, iv_local(b->f, i), iv_int(l->t_int, 1)));
    lw_jump(b, test);
    lw_start(b, done);
}

static bool is_constant_map(const Node *n) {
    for (int i = 0; i < n->composite.elems.len; i++) {
        const Node *e = n->composite.elems.at[i];
        if (e->kv.key->mode != EM_CONST || e->kv.value->mode != EM_CONST) return false;
    }
    return true;
}

static IrVal new_map(Builder *b, const Node *n, Type *t, const LwAt *at) {
    IrVal hint = iv_int(b->l->t_int, n->composite.elems.len);
    IrVal m = LW_RT_AT(b, rt_map_make, t, at, lw_type_val(b, t), hint);
    lw_allocates(b, n);
    return m;
}

IrVal lw_static_map(Builder *b, Node *n, Type *t) {
    IrVal m = new_map(b, n, t, NULL);
    if (n->composite.elems.len) map_loop(b, n, t, m, NULL);
    return m;
}

static IrVal map_literal(Builder *b, Node *n, Type *t) {
    IrVal m = new_map(b, n, t, lw_take_at(b, n));
    if (!b->env && n->composite.elems.len >= MIN_MAP_LOOP && is_constant_map(n)) map_loop(b, n, t, m, b);
    else map_entries(b, n, t, m);
    return m;
}

/* ---- all of them ---- */

/* {...} that stands for &T{...} inside another literal. */
static IrVal pointer_literal(Builder *b, Node *n, Type *t) {
    Type *elem = lw_elem(b->l, t);
    IrVal p = lw_new(b, elem);
    lw_allocates(b, n);
    lw_composite_into(b, n, elem, lw_mem(elem, p, true), true);
    return lw_retype(p, t);
}

void lw_composite_into(Builder *b, Node *n, Type *t, Place to, bool to_is_zero) {
    switch (lw_under(b->l, t)->kind) {
    case TY_STRUCT: case TY_ARRAY: aggregate_into(b, n, t, to, to_is_zero); return;
    case TY_SLICE: lw_write(b, to, slice_literal(b, n, t)); return;
    case TY_MAP: lw_write(b, to, map_literal(b, n, t)); return;
    case TY_POINTER: lw_write(b, to, pointer_literal(b, n, t)); return;
    default: fatal("composite literal of type %s", type_str(b->l->s, t, NULL));
    }
}
