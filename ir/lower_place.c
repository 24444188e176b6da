/* lower_place.c: where values are: variables, fields, elements, what pointers point to.
 *
 * A Place names memory without touching it. Pointers that a place goes through are checked when the place is used
 * (read, written, its address taken), except where something has to be loaded on the way. Indices are checked when
 * the place is made. Constant indices into arrays were checked by sema.
 *
 * A place's base may be a Go variable's local: lw_peek_place gives such places, for use at once; lw_place gives places
 * that stay what they are while variables change. */
#include "ir/lower.h"

/* ---- addresses ---- */

IrVal lw_retype(IrVal v, Type *t) {
    v.type = t;
    return v;
}

IrVal lw_offset(Builder *b, IrVal addr, int64_t off, Type *pointer_type) {
    if (off == 0) return lw_retype(addr, pointer_type);
    if (addr.kind == IV_SLOT || addr.kind == IV_SYM) {
        addr.imm += off;
        return lw_retype(addr, pointer_type);
    }
    IrVal r = lw_temp(b, IR_OFFSET, pointer_type, pointer_type, addr, iv_none());
    lw_set_off(b, off);
    return r;
}

IrVal lw_elem_addr(Builder *b, IrVal base, IrVal index, int64_t size, Type *pointer_type) {
    if (index.kind == IV_INT) return lw_offset(b, base, index.imm * size, pointer_type);
    IrVal r = lw_temp(b, IR_INDEX, pointer_type, pointer_type, base, index);
    lw_set_off(b, size);
    return r;
}

/* The local that holds v: its own, or a new one. */
static int local_of_value(Builder *b, IrVal v) {
    if (v.kind == IV_LOCAL) return v.local;
    int local = lw_new_temp(b, v.type);
    lw_copy(b, local, v);
    return local;
}

IrVal lw_value_addr(Builder *b, IrVal v) {
    return iv_slot(b->f, local_of_value(b, v), 0, lw_ptr_to(b->l, v.type));
}

IrVal lw_select(Builder *b, IrVal cond, IrVal x, IrVal y) {
    int local = lw_new_temp(b, x.type);
    IrInstr *in = lw_emit(b, IR_SELECT);
    in->dst = local;
    in->type = x.type;
    in->a = cond;
    in->b = x;
    in->c = y;
    return iv_local(b->f, local);
}

void lw_nil_check(Builder *b, IrVal p) {
    if (p.kind == IV_SLOT || p.kind == IV_SYM) return;
    lw_emit(b, IR_CHECK_NIL)->a = p;
}

Place lw_mem(Type *t, IrVal base, bool checked) {
    return (Place){.kind = PL_MEM, .checked = checked, .type = t, .base = base};
}

Place lw_place_check(Builder *b, Place p) {
    if (p.kind != PL_MEM || p.checked) return p;
    lw_nil_check(b, p.base);
    p.checked = true;
    return p;
}

/* ---- types of parts ---- */

int64_t lw_size(Builder *b, Type *t) { return type_size(b->l->s, t); }

Type *lw_elem(Lower *l, Type *t) {
    Type *u = lw_under(l, t), *elem;
    switch ((TypeKind)u->kind) {
    case TY_POINTER: elem = u->pointer.elem; break;
    case TY_SLICE: elem = u->slice.elem; break;
    case TY_ARRAY: elem = u->array.elem; break;
    case TY_CHAN: elem = u->chan.elem; break;
    case TY_MAP: elem = u->map.elem; break;
    default: fatal("type %s has no elements", type_str(l->s, t, NULL));
    }
    return type_canon(l->s, elem);
}

Type *lw_array_of(Lower *l, Type *elem, int64_t n) { return type_canon(l->s, type_new_array(l->s, elem, n)); }

Type *lw_slice_of(Lower *l, Type *elem) { return type_canon(l->s, type_new_slice(l->s, elem)); }

/* ---- parts of values ---- */

IrVal lw_part(Builder *b, IrVal v, Type *part, int64_t off) {
    if (v.kind == IV_ZERO) return iv_zero(part);
    if (v.kind == IV_LOCAL && !(off == 0 && lw_is_scalar(b->l, v.type)))
        return lw_load(b, part, iv_slot(b->f, v.local, off, lw_ptr_to(b->l, part)), 0);
    check(off == 0);
    return lw_retype(v, part);
}

IrVal lw_str_ptr(Builder *b, IrVal s) { return lw_part(b, s, lw_ptr_to(b->l, b->l->t_uint8), 0); }
IrVal lw_str_len(Builder *b, IrVal s) {
    return s.kind == IV_ZERO ? iv_int(b->l->t_int, 0) : lw_part(b, s, b->l->t_int, 8);
}
IrVal lw_slice_ptr(Builder *b, IrVal s) { return lw_part(b, s, lw_ptr_to(b->l, lw_elem(b->l, s.type)), 0); }
IrVal lw_slice_len(Builder *b, IrVal s) { return lw_str_len(b, s); }
IrVal lw_slice_cap(Builder *b, IrVal s) {
    return s.kind == IV_ZERO ? iv_int(b->l->t_int, 0) : lw_part(b, s, b->l->t_int, 16);
}

IrVal lw_make2(Builder *b, Type *t, IrVal w0, IrVal w1) {
    int local = lw_new_temp(b, t);
    IrVal slot = iv_slot(b->f, local, 0, b->l->t_ptr);
    lw_store(b, w0.type, slot, 0, w0);
    lw_store(b, w1.type, slot, type_size(b->l->s, t) / 2, w1);
    return iv_local(b->f, local);
}

IrVal lw_make_slice(Builder *b, Type *t, IrVal ptr, IrVal len, IrVal cap) {
    int local = lw_new_temp(b, t);
    IrVal slot = iv_slot(b->f, local, 0, b->l->t_ptr);
    lw_store(b, ptr.type, slot, 0, ptr);
    lw_store(b, b->l->t_int, slot, 8, len);
    lw_store(b, b->l->t_int, slot, 16, cap);
    return iv_local(b->f, local);
}

/* ---- maps ---- */

Type *lw_found_type(Lower *l) {
    if (l->t_found) return l->t_found;
    Object **vars = NEW_ARRAY(l->arena, Object *, 2);
    vars[0] = object_new(l->arena, OBJ_VAR, NO_POS, NULL, l->s->n_blank, l->t_ptr);
    vars[1] = object_new(l->arena, OBJ_VAR, NO_POS, NULL, l->s->n_blank, l->t_bool);
    return l->t_found = type_canon(l->s, type_new_tuple(l->s, vars, 2));
}

/* How the runtime takes the keys of a map type: by address, or by value where it has special entries. */
typedef enum KeyClass { KEY_ADDR, KEY_32, KEY_64, KEY_STR } KeyClass;

static KeyClass key_class(Lower *l, Type *key) {
    Type *u = lw_under(l, key);
    if (u->kind == TY_BASIC && (u->basic.props & TP_STRING)) return KEY_STR;
    if (!lw_is_scalar(l, u) || !lw_is_regular_memory(l, u)) return KEY_ADDR;
    switch (type_size(l->s, u)) {
    case 4: return KEY_32;
    case 8: return KEY_64;
    default: return KEY_ADDR;
    }
}

static const RtEntry map_entries[3][4] = {
    {RTE_rt_map_access, RTE_rt_map_access_32, RTE_rt_map_access_64, RTE_rt_map_access_str},
    {RTE_rt_map_access2, RTE_rt_map_access2_32, RTE_rt_map_access2_64, RTE_rt_map_access2_str},
    {RTE_rt_map_assign, RTE_rt_map_assign_32, RTE_rt_map_assign_64, RTE_rt_map_assign_str},
};
typedef enum MapAction { MAP_ACCESS, MAP_ACCESS2, MAP_ASSIGN } MapAction;

IrVal lw_map_key(Builder *b, Place p) { return lw_value_addr(b, p.key); }

static IrVal map_call(Builder *b, Place p, MapAction action, Type *result) {
    KeyClass k = key_class(b->l, p.key.type);
    IrVal key = k == KEY_ADDR ? lw_map_key(b, p) : p.key;
    IrVal args[3] = {lw_type_val(b, p.map), p.base, key};
    return lw_rt(b, map_entries[action][k], result, args, 3);
}

/* m[k] and whether it is there. */
static void map_comma_ok(Builder *b, Place p, IrVal *value, IrVal *ok) {
    IrVal found = map_call(b, p, MAP_ACCESS2, lw_found_type(b->l));
    IrVal addr = lw_tuple_part(b, found, 0);
    *ok = lw_tuple_part(b, found, 1);
    *value = lw_read(b, lw_mem(p.type, lw_retype(addr, lw_ptr_to(b->l, p.type)), true));
}

Place lw_map_slot(Builder *b, Place p) {
    return lw_mem(p.type, map_call(b, p, MAP_ASSIGN, lw_ptr_to(b->l, p.type)), true);
}

/* ---- reading and writing ---- */

IrVal lw_read(Builder *b, Place p) {
    switch ((PlaceKind)p.kind) {
    case PL_BLANK: return iv_zero(p.type);
    case PL_LOCAL: return lw_retype(iv_local(b->f, p.local), p.type);
    case PL_MAP: p = lw_mem(p.type, map_call(b, p, MAP_ACCESS, lw_ptr_to(b->l, p.type)), true); break;
    case PL_MEM: p = lw_place_check(b, p); break;
    }
    if (lw_size(b, p.type) == 0) return iv_zero(p.type);
    return lw_load(b, p.type, p.base, p.off);
}

void lw_write(Builder *b, Place p, IrVal v) {
    switch ((PlaceKind)p.kind) {
    case PL_BLANK: return;
    case PL_LOCAL: lw_copy(b, p.local, lw_retype(v, p.type)); return;
    case PL_MAP: p = lw_map_slot(b, p); break;
    case PL_MEM: p = lw_place_check(b, p); break;
    }
    if (lw_size(b, p.type) > 0) lw_store(b, p.type, p.base, p.off, lw_retype(v, p.type));
}

IrVal lw_addr(Builder *b, Place p) {
    Type *ptr = lw_ptr_to(b->l, p.type);
    if (p.kind == PL_LOCAL) return iv_slot(b->f, p.local, 0, ptr);
    check(p.kind == PL_MEM);
    p = lw_place_check(b, p);
    return lw_offset(b, p.base, p.off, ptr);
}

Place lw_place_of_value(Builder *b, IrVal v) {
    return (Place){.kind = PL_LOCAL, .checked = true, .type = v.type, .local = local_of_value(b, v)};
}

/* ---- fields and elements ---- */

/* p as memory, so that parts of it can be named. */
static Place in_memory(Builder *b, Place p) {
    if (p.kind == PL_MAP) p = lw_place_of_value(b, lw_read(b, p));
    if (p.kind == PL_LOCAL) return lw_mem(p.type, iv_slot(b->f, p.local, 0, lw_ptr_to(b->l, p.type)), true);
    check(p.kind == PL_MEM);
    return p;
}

Place lw_field(Builder *b, Place p, Type *struct_type, int field) {
    p = in_memory(b, p);
    p.boxed = false;
    p.off += type_field_offset(b->l->s, struct_type, field);
    p.type = type_canon(b->l->s, struct_type->struct_.fields[field]->type);
    return p;
}

Place lw_walk_field(Builder *b, Place p, int field) {
    if (lw_under(b->l, p.type)->kind == TY_POINTER) p = lw_mem(lw_elem(b->l, p.type), lw_read(b, p), false);
    return lw_field(b, p, lw_under(b->l, p.type), field);
}

IrVal lw_index_value(Builder *b, Node *n, bool *is_unsigned) {
    Lower *l = b->l;
    int64_t i;
    if (n->mode == EM_CONST) {
        *is_unsigned = false;
        check(cv_int64(cv_to_int(l->arena, n->value), &i));
        return iv_int(l->t_int, i);
    }
    Type *t = lw_type_of(b, n);
    *is_unsigned = type_has(l->s, t, TP_UNSIGNED);
    IrVal v = lw_expr(b, n);
    if (v.kind == IV_INT) return iv_int(l->t_int, v.imm);
    if (lw_size(b, t) == 8) return lw_retype(v, l->t_int);
    return lw_temp(b, IR_CONV, l->t_int, l->t_int, v, iv_none());
}

static void check_index(Builder *b, IrVal i, IrVal len, bool is_unsigned) {
    IrInstr *in = lw_emit(b, IR_CHECK_INDEX);
    in->a = i;
    in->b = len;
    in->off = is_unsigned;
}

/* Values of n's type are always below len: no check is needed. */
static bool fits_below(Builder *b, const Node *n, int64_t len) {
    Type *t = lw_type_of(b, n);
    int64_t size = lw_size(b, t);
    return type_has(b->l->s, t, TP_UNSIGNED) && size <= 2 && len >= (int64_t)1 << (8 * size);
}

static Place array_elem(Builder *b, Place p, Node *index) {
    Type *elem = lw_elem(b->l, p.type);
    int64_t size = lw_size(b, elem), len = lw_under(b->l, p.type)->array.len;
    bool is_unsigned;
    p = in_memory(b, p);
    p.boxed = false;
    if (index->mode == EM_CONST) {
        IrVal i = lw_index_value(b, index, &is_unsigned);
        p.off += i.imm * size;
        p.type = elem;
        return p;
    }
    p = lw_place_check(b, p);
    IrVal i = lw_index_value(b, index, &is_unsigned);
    if (!fits_below(b, index, len)) check_index(b, i, iv_int(b->l->t_int, len), is_unsigned);
    IrVal base = lw_offset(b, p.base, p.off, lw_ptr_to(b->l, p.type));
    return lw_mem(elem, lw_elem_addr(b, base, i, size, lw_ptr_to(b->l, elem)), true);
}

/* A word of the slice or string in memory at s. */
static IrVal header_word(Builder *b, Place s, Type *t, int64_t off) { return lw_load(b, t, s.base, s.off + off); }

IrVal lw_read_word(Builder *b, Place p, Type *t, int64_t off) {
    p = lw_place_check(b, in_memory(b, p));
    return header_word(b, p, t, off);
}

static Place slice_elem(Builder *b, Place s, Node *index) {
    Type *elem = lw_elem(b->l, s.type);
    bool is_unsigned;
    s = lw_place_check(b, in_memory(b, s));
    IrVal i = lw_index_value(b, index, &is_unsigned);
    check_index(b, i, header_word(b, s, b->l->t_int, 8), is_unsigned);
    IrVal base = header_word(b, s, lw_ptr_to(b->l, elem), 0);
    int64_t size = lw_size(b, elem);
    Place p = lw_mem(elem, base, true);
    if (i.kind == IV_INT) p.off = i.imm * size;
    else p.base = lw_elem_addr(b, base, i, size, lw_ptr_to(b->l, elem));
    return p;
}

/* s[i] of a string: the byte's place, read-only. */
static Place string_elem(Builder *b, Place s, Node *index) {
    Type *byte_ptr = lw_ptr_to(b->l, b->l->t_uint8);
    bool is_unsigned;
    s = lw_place_check(b, in_memory(b, s));
    IrVal i = lw_index_value(b, index, &is_unsigned);
    check_index(b, i, header_word(b, s, b->l->t_int, 8), is_unsigned);
    return lw_mem(b->l->t_uint8, lw_elem_addr(b, header_word(b, s, byte_ptr, 0), i, 1, byte_ptr), true);
}

/* reads: the key is only looked at. */
static Place map_elem(Builder *b, Node *n, Type *map, IrVal m, bool reads) {
    Type *u = lw_under(b->l, map), *key = lw_type(b, u->map.key);
    Node *index = n->index.indices.at[0];
    bool peeks = reads && index->mode != EM_CONST && key_class(b->l, key) == KEY_STR;
    return (Place){.kind = PL_MAP, .type = lw_type(b, u->map.elem), .map = map, .base = m,
                   .key = peeks ? lw_retype(lw_string_peek(b, index), key) : lw_expr_as(b, index, key)};
}

static Place index_place(Builder *b, Node *n, bool reads) {
    Node *x = n->index.x, *index = n->index.indices.at[0];
    lw_order_list(b, (Node *[]){x, index}, 2);
    Type *t = lw_type_of(b, x), *u = lw_under(b->l, t);
    switch ((TypeKind)u->kind) {
    case TY_ARRAY: return array_elem(b, lw_peek_place(b, x), index);
    case TY_POINTER: return array_elem(b, lw_mem(lw_elem(b->l, t), lw_expr(b, x), false), index);
    case TY_SLICE: return slice_elem(b, lw_peek_place(b, x), index);
    case TY_MAP: return map_elem(b, n, t, lw_expr(b, x), reads);
    case TY_BASIC: return string_elem(b, lw_peek_place(b, x), index);
    default: fatal("index of type %s", type_str(b->l->s, t, NULL));
    }
}

/* ---- places of expressions ---- */

static Place ident_place(Builder *b, Node *n) {
    Object *obj = n->ident.obj;
    if (!obj) return (Place){.kind = PL_BLANK, .type = n->type ? lw_type_of(b, n) : b->l->t_int};
    if (obj->kind == OBJ_VAR) return lw_var_place(b, obj);
    return lw_place_of_value(b, lw_expr(b, n));
}

static Place selector_place(Builder *b, Node *n) {
    Selection *sel = n->selector.selection;
    if (!sel) return ident_place(b, n->selector.sel);
    if (sel->kind != SEL_FIELD) return lw_place_of_value(b, lw_expr(b, n));
    Place p = lw_peek_place(b, n->selector.x);
    for (int i = 0; i < sel->n; i++) p = lw_walk_field(b, p, sel->path[i]);
    return p;
}

static Place place_at(Builder *b, Node *n, bool reads);

static Place place_kind(Builder *b, Node *n, bool reads) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT: return ident_place(b, n);
    case ND_SELECTOR: return selector_place(b, n);
    case ND_INDEX:
        if (lw_static_func(b, n)) break;
        return index_place(b, n, reads);
    case ND_STAR: return lw_mem(lw_elem(b->l, lw_type_of(b, n->star.x)), lw_expr(b, n->star.x), false);
    case ND_PAREN: return place_at(b, n->paren.x, reads);
    default: break;
    }
    return lw_place_of_value(b, lw_expr(b, n));
}

static Place place_at(Builder *b, Node *n, bool reads) {
    if (n->mode == EM_CONST || n->mode == EM_NIL) return lw_place_of_value(b, lw_expr(b, n));
    Pos saved = b->pos;
    if (n->at) b->pos = n->at;
    Place p = place_kind(b, n, reads);
    b->pos = saved;
    return p;
}

Place lw_peek_place(Builder *b, Node *n) { return place_at(b, n, true); }

Place lw_place(Builder *b, Node *n) {
    Place p = place_at(b, n, false);
    if (p.kind == PL_MEM || p.kind == PL_MAP) p.base = lw_snapshot(b, p.base);
    if (p.kind == PL_MAP) p.key = lw_snapshot(b, p.key);
    return p;
}

/* ---- slicing ---- */

/* An operand of a slice expression and the limits of its indices. */
typedef struct Sliced {
    Type *type, *elem;
    IrVal base, len, limit; /* limit: capacity; of strings and arrays their length */
    bool is_string, has_cap;
} Sliced;

static Sliced sliced_array(Builder *b, Place p, Type *result) {
    Type *array = lw_under(b->l, p.type);
    IrVal n = iv_int(b->l->t_int, array->array.len);
    Type *elem = lw_elem(b->l, array);
    return (Sliced){result, elem, lw_retype(lw_addr(b, p), lw_ptr_to(b->l, elem)), n, n, false, false};
}

static Sliced sliced_operand(Builder *b, Node *n) {
    Node *x = n->slice.x;
    Type *t = lw_type_of(b, x), *u = lw_under(b->l, t), *result = lw_type_of(b, n);
    if (u->kind == TY_ARRAY) return sliced_array(b, lw_peek_place(b, x), result);
    if (u->kind == TY_POINTER) return sliced_array(b, lw_mem(lw_elem(b->l, t), lw_expr(b, x), false), result);
    IrVal v = lw_expr(b, x);
    if (u->kind == TY_SLICE)
        return (Sliced){t, lw_elem(b->l, t), lw_slice_ptr(b, v), lw_slice_len(b, v), lw_slice_cap(b, v), false, true};
    IrVal len = lw_str_len(b, v);
    return (Sliced){result, b->l->t_uint8, lw_str_ptr(b, v), len, len, true, false};
}

static bool same_value(IrVal x, IrVal y) {
    if (x.kind != y.kind) return false;
    return x.kind == IV_INT ? x.imm == y.imm : x.kind == IV_LOCAL && x.local == y.local;
}

/* The value of an index as an int; of an unsigned type, one above the largest int comes as a negative number. */
typedef struct Bound { IrVal v; bool is_unsigned; } Bound;

/* entry: what panics when the operand is of a signed type; that for unsigned ones follows it in entry.def. */
static void check_le(Builder *b, Bound bound, IrVal high, RtEntry entry) {
    IrVal low = bound.v;
    if (low.kind == IV_INT && (low.imm == 0 || (high.kind == IV_INT && low.imm <= high.imm))) return;
    if (same_value(low, high)) return;
    IrInstr *in = lw_emit(b, IR_CHECK_LE);
    in->a = low;
    in->b = high;
    in->off = entry + bound.is_unsigned;
}

static Bound bound(Builder *b, Node *n, IrVal otherwise) {
    Bound x = {.v = otherwise};
    if (n) x.v = lw_index_value(b, n, &x.is_unsigned);
    return x;
}

static IrVal minus(Builder *b, IrVal x, IrVal y) {
    Type *t = b->l->t_int;
    if (y.kind == IV_INT && y.imm == 0) return x;
    if (x.kind == IV_INT && y.kind == IV_INT) return iv_int(t, x.imm - y.imm);
    return lw_temp(b, IR_SUB, t, t, x, y);
}

/* base + lo elements; but base when nothing is left, so that no pointer points behind its object. */
static IrVal advanced_base(Builder *b, Sliced *s, IrVal lo, IrVal left) {
    int64_t size = lw_size(b, s->elem);
    if (lo.kind == IV_INT && lo.imm == 0) return s->base;
    if (left.kind == IV_INT && left.imm == 0) return s->base;
    if (left.kind != IV_INT) {
        Type *t = b->l->t_int;
        lo = lw_select(b, lw_temp(b, IR_NE, b->l->t_bool, t, left, iv_int(t, 0)), lo, iv_int(t, 0));
    }
    return lw_elem_addr(b, s->base, lo, size, s->base.type);
}

static IrVal slice_result(Builder *b, Sliced *s, IrVal lo, IrVal hi, IrVal max) {
    IrVal len = minus(b, hi, lo);
    if (s->is_string) return lw_make2(b, s->type, advanced_base(b, s, lo, len), len);
    IrVal cap = same_value(hi, max) ? len : minus(b, max, lo);
    return lw_make_slice(b, s->type, advanced_base(b, s, lo, cap), len, cap);
}

IrVal lw_slice_expr(Builder *b, Node *n) {
    Node *lo_node = n->slice.lo, *hi_node = n->slice.hi, *max_node = n->slice.max;
    lw_order_list(b, (Node *[]){n->slice.x, lo_node, hi_node, max_node}, 4);
    Sliced s = sliced_operand(b, n);
    Bound lo = bound(b, lo_node, iv_int(b->l->t_int, 0));
    Bound hi = bound(b, hi_node, s.len);
    Bound max = bound(b, max_node, s.limit);
    if (n->slice.three) {
        check_le(b, max, s.limit, s.has_cap ? RTE_rt_panic_slice3_acap : RTE_rt_panic_slice3_alen);
        check_le(b, hi, max.v, RTE_rt_panic_slice3_b);
        check_le(b, lo, hi.v, RTE_rt_panic_slice3_c);
    } else {
        if (hi_node) check_le(b, hi, s.limit, s.has_cap ? RTE_rt_panic_slice_acap : RTE_rt_panic_slice_alen);
        check_le(b, lo, hi.v, RTE_rt_panic_slice_b);
    }
    return slice_result(b, &s, lo.v, hi.v, max.v);
}

/* ---- comma-ok ---- */

void lw_comma_ok(Builder *b, Node *n, IrVal *value, IrVal *ok) {
    n = ast_unparen(n);
    Pos saved = b->pos;
    if (n->at) b->pos = n->at;
    if (n->kind == ND_INDEX) {
        map_comma_ok(b, lw_peek_place(b, n), value, ok);
    } else if (n->kind == ND_TYPE_ASSERT) {
        IrVal x = lw_expr(b, n->assert_.x);
        *value = lw_type_assert(b, x, lw_type_of(b, n->assert_.x), lw_type_of(b, n->assert_.type), ok);
    } else {
        *value = lw_receive(b, n, ok);
    }
    b->pos = saved;
}
