/* staticdata.c: values that are known before the program runs, as static data.
 *
 * Two uses. The initial value of a package variable may contain new objects (&T{}, slices, closures): it is evaluated
 * once, so they become anonymous variables. An image is a read-only copy of a literal in a function, from which each
 * evaluation copies: it must not contain anything that has to be new each time.
 *
 * Writing never fails half-way: is_static decides about the whole expression, then put writes it. */
#include "ir/lower.h"
#include <string.h>

typedef struct Ctx {
    Lower *l;
    Builder *b; /* of the function that uses the data; NULL: a package variable */
    bool image;
} Ctx;

static bool is_static(Ctx *c, Node *n, Type *t);
static void put(Ctx *c, Node *n, Type *t, IrData *d, int64_t off);

static Type *canon(Ctx *c, Type *t) { return type_canon(c->l->s, t); }
static Type *under(Ctx *c, Type *t) { return lw_under(c->l, t); }

/* ---- writing ---- */

/* Data is all zero until something else is written. */
static void need_bytes(Ctx *c, IrData *d) {
    if (!d->bytes) d->bytes = NEW_ARRAY(c->l->arena, uint8_t, d->size);
}

static void put_int(Ctx *c, IrData *d, int64_t off, int64_t size, uint64_t v) {
    if (!v) return;
    need_bytes(c, d);
    ir_data_int(d, off, (int)size, v);
}

static void put_addr(Ctx *c, IrData *d, int64_t off, IrSym *sym, int64_t addend) {
    need_bytes(c, d);
    ir_data_addr(c->l->p, d, off, sym, addend);
}

/* An anonymous variable or constant of type t. */
static IrData *anonymous(Ctx *c, Type *t, bool readonly) {
    Lower *l = c->l;
    const char *name = arena_printf(l->arena, "%s..stmp_%d", ir_pkg_prefix(l->p->pkg), l->static_temps++);
    IrData *d = ir_data_bss(l->p, ir_sym(l->p, name), type_size(l->s, t), (int32_t)type_align(l->s, t), IL_LOCAL);
    d->readonly = readonly;
    if (!readonly && type_has_pointers(l->s, t)) d->type = t;
    if (readonly) need_bytes(c, d);
    return d;
}

static uint64_t float_bits(double v) {
    uint64_t bits;
    memcpy(&bits, &v, 8);
    return bits;
}

static uint64_t single_bits(float v) {
    uint32_t bits;
    memcpy(&bits, &v, 4);
    return bits;
}

static void put_float(Ctx *c, IrData *d, int64_t off, int64_t size, const ConstVal *v) {
    put_int(c, d, off, size, size == 4 ? single_bits(cv_single(v)) : float_bits(cv_double(v)));
}

static void put_string(Ctx *c, IrData *d, int64_t off, const ConstVal *v) {
    size_t n;
    const char *s = cv_string_value(v, &n);
    if (!n) return;
    put_addr(c, d, off, ir_bytes(c->l->p, s, (int64_t)n), 0);
    put_int(c, d, off + 8, 8, n);
}

static uint64_t int_bits(Ctx *c, ConstVal *v) {
    int64_t i;
    uint64_t u = 0;
    v = cv_to_int(c->l->arena, v);
    if (cv_int64(v, &i)) return (uint64_t)i;
    check(cv_uint64(v, &u));
    return u;
}

/* A constant of type t, which is no interface. */
static void put_const(Ctx *c, ConstVal *v, Type *t, IrData *d, int64_t off) {
    Type *u = under(c, t);
    int64_t size = type_size(c->l->s, u);
    unsigned props = u->basic.props;
    if (props & TP_BOOLEAN) {
        put_int(c, d, off, 1, cv_bool_value(v));
    } else if (props & TP_STRING) {
        put_string(c, d, off, v);
    } else if (props & TP_FLOAT) {
        put_float(c, d, off, size, v);
    } else if (props & TP_COMPLEX) {
        put_float(c, d, off, size / 2, cv_real(c->l->arena, v));
        put_float(c, d, off + size / 2, size / 2, cv_imag(c->l->arena, v));
    } else {
        put_int(c, d, off, size, int_bits(c, v));
    }
}

/* ---- interfaces ---- */

/* n, of the concrete type from, as an interface. */
static void put_iface(Ctx *c, Node *n, Type *from, Type *iface, IrData *d, int64_t off) {
    Lower *l = c->l;
    lw_use_static(l, c->b, (IrUse){.kind = IU_CONVERT, .pos = n->pos, .type = from, .iface = iface});
    put_addr(c, d, off, lw_is_eface(l, iface) ? lw_type_sym(l, from) : lw_itab_sym(l, iface, from), 0);
    if (lw_is_direct_iface(l, from)) {
        put(c, n, from, d, off + 8);
        return;
    }
    IrData *boxed = anonymous(c, from, true);
    put(c, n, from, boxed, 0);
    put_addr(c, d, off + 8, boxed->sym, 0);
}

/* ---- composite literals ---- */

typedef bool (*ElemFn)(Ctx *c, Node *value, Type *t, int64_t off, IrData *d);

static bool check_elem(Ctx *c, Node *value, Type *t, int64_t off, IrData *d) {
    (void)off, (void)d;
    return is_static(c, value, t);
}

static bool put_elem(Ctx *c, Node *value, Type *t, int64_t off, IrData *d) {
    put(c, value, t, d, off);
    return true;
}

static int field_named(const Type *u, const Name *name) {
    for (int i = 0; i < u->struct_.n; i++)
        if (u->struct_.fields[i]->name == name) return i;
    fatal("no field %s", name->text);
}

/* Calls fn for the elements of a struct literal; stops at the first false. Blank fields are zero whatever is said. */
static bool each_field(Ctx *c, Node *lit, Type *u, int64_t off, IrData *d, ElemFn fn) {
    for (int i = 0; i < lit->composite.elems.len; i++) {
        Node *e = lit->composite.elems.at[i];
        int f = e->kind == ND_KEY_VALUE ? field_named(u, e->kv.key->ident.name) : i;
        Node *value = e->kind == ND_KEY_VALUE ? e->kv.value : e;
        int64_t at = off + type_field_offset(c->l->s, u, f);
        if (d && u->struct_.fields[f]->name == c->l->s->n_blank) continue;
        if (!fn(c, value, canon(c, u->struct_.fields[f]->type), at, d)) return false;
    }
    return true;
}

static int64_t next_index(const Node *e, int64_t index) {
    if (e->kind == ND_KEY_VALUE) check(cv_int64(e->kv.key->value, &index));
    return index;
}

static int64_t literal_length(const Node *lit) {
    int64_t index = 0, len = 0;
    for (int i = 0; i < lit->composite.elems.len; i++) {
        index = next_index(lit->composite.elems.at[i], index) + 1;
        if (index > len) len = index;
    }
    return len;
}

/* A literal such as []byte{1 << 30: 1}: as data it would be nearly all zeros. */
static bool is_sparse(const Node *lit, int64_t elem_size) {
    enum { SMALL = 64 << 10, ZEROS_PER_ELEMENT = 16 };
    int64_t len = literal_length(lit);
    return elem_size > 0 && len > SMALL / elem_size && len / ZEROS_PER_ELEMENT > lit->composite.elems.len;
}

static bool each_element(Ctx *c, Node *lit, Type *elem, int64_t off, IrData *d, ElemFn fn) {
    int64_t index = 0, size = type_size(c->l->s, elem);
    if (is_sparse(lit, size)) return false;
    for (int i = 0; i < lit->composite.elems.len; i++, index++) {
        Node *e = lit->composite.elems.at[i];
        index = next_index(e, index);
        if (!fn(c, e->kind == ND_KEY_VALUE ? e->kv.value : e, elem, off + index * size, d)) return false;
    }
    return true;
}

/* A struct or array literal into its own memory. */
static bool each_part(Ctx *c, Node *lit, Type *t, int64_t off, IrData *d, ElemFn fn) {
    Type *u = under(c, t);
    if (u->kind == TY_STRUCT) return each_field(c, lit, u, off, d, fn);
    return each_element(c, lit, canon(c, u->array.elem), off, d, fn);
}

static bool is_static_literal(Ctx *c, Node *lit, Type *t) {
    Type *u = under(c, t);
    switch ((TypeKind)u->kind) {
    case TY_STRUCT: case TY_ARRAY: return each_part(c, lit, t, 0, NULL, check_elem);
    case TY_SLICE: return !c->image && each_element(c, lit, canon(c, u->slice.elem), 0, NULL, check_elem);
    case TY_POINTER: return !c->image && is_static_literal(c, lit, canon(c, u->pointer.elem));
    default: return false;
    }
}

/* The array of n elements that a slice shows. */
static IrData *put_slice(Ctx *c, Type *elem, int64_t n, IrData *d, int64_t off) {
    IrData *array = anonymous(c, lw_array_of(c->l, elem, n), false);
    put_addr(c, d, off, array->sym, 0);
    put_int(c, d, off + 8, 8, (uint64_t)n);
    put_int(c, d, off + 16, 8, (uint64_t)n);
    return array;
}

static void put_literal(Ctx *c, Node *lit, Type *t, IrData *d, int64_t off) {
    Type *u = under(c, t);
    if (u->kind == TY_SLICE) {
        Type *elem = canon(c, u->slice.elem);
        each_element(c, lit, elem, 0, put_slice(c, elem, literal_length(lit), d, off), put_elem);
    } else if (u->kind == TY_POINTER) { /* {...} that stands for &T{...} */
        Type *elem = canon(c, u->pointer.elem);
        IrData *object = anonymous(c, elem, false);
        put_addr(c, d, off, object->sym, 0);
        put_literal(c, lit, elem, object, 0);
    } else {
        each_part(c, lit, t, off, d, put_elem);
    }
}

/* ---- addresses ---- */

typedef struct Address {
    IrSym *sym;
    int64_t off;
} Address;

static Object *package_var(const Node *n) {
    const Node *ident = n->kind == ND_SELECTOR && !n->selector.selection ? n->selector.sel : n;
    if (ident->kind != ND_IDENT || !ident->ident.obj || ident->ident.obj->kind != OBJ_VAR) return NULL;
    return ident->ident.obj->var.role == VAR_PACKAGE ? ident->ident.obj : NULL;
}

static bool address_of(Ctx *c, Node *n, Address *a);

static bool address_of_field(Ctx *c, Node *n, Address *a) {
    Selection *sel = n->selector.selection;
    if (sel->kind != SEL_FIELD || sel->indirect || !address_of(c, n->selector.x, a)) return false;
    Type *t = canon(c, sel->recv);
    for (int i = 0; i < sel->n; i++) {
        Type *u = under(c, t);
        a->off += type_field_offset(c->l->s, u, sel->path[i]);
        t = canon(c, u->struct_.fields[sel->path[i]]->type);
    }
    return true;
}

static bool address_of_element(Ctx *c, Node *n, Address *a) {
    Type *u = under(c, canon(c, n->index.x->type));
    Node *index = n->index.indices.at[0];
    int64_t i;
    if (u->kind != TY_ARRAY || index->mode != EM_CONST || !cv_int64(index->value, &i)) return false;
    a->off += i * type_size(c->l->s, u->array.elem);
    return address_of(c, n->index.x, a);
}

/* Adds to *a the address of n, a package variable or a part of one. */
static bool address_of(Ctx *c, Node *n, Address *a) {
    n = ast_unparen(n);
    Object *v = package_var(n);
    if (v) {
        a->sym = lw_var_sym(c->l, v);
        return true;
    }
    if (n->kind == ND_SELECTOR && n->selector.selection) return address_of_field(c, n, a);
    if (n->kind == ND_INDEX) return address_of_element(c, n, a);
    return false;
}

/* ---- functions ---- */

/* The function that n names, when its value is static: no methods, nothing generic. */
static Object *plain_function(Ctx *c, Node *n) {
    Node *ident = n->kind == ND_SELECTOR && !n->selector.selection ? n->selector.sel : n;
    if (ident->kind != ND_IDENT || !ident->ident.obj || ident->ident.obj->kind != OBJ_FUNC) return NULL;
    Object *f = ident->ident.obj;
    if (lw_allow_of(c->l, c->l->p->pkg, n)) return NULL;
    return type_under(c->l->s, f->type)->func.tparams.len ? NULL : f;
}

static void put_func(Ctx *c, const Node *n, IrSym *code, IrData *d, int64_t off) {
    lw_use_static(c->l, c->b, (IrUse){.kind = IU_VALUE, .pos = n->pos, .sym = code});
    put_addr(c, d, off, lw_static_closure(c->l, code), 0);
}

/* ---- variables ---- */

/* The initial value of the variable of this package that n names, for the initialisers of others: static, and nothing
 * assigns to the variable or has its address. (Other packages may assign to it, but only later.) */
static IrData *initial_value(Ctx *c, const Node *n) {
    const Object *v = c->b ? NULL : package_var(n);
    return v && !v->var.reassigned ? ptrmap_get(&c->l->initial, v) : NULL;
}

static void put_copy(Ctx *c, const IrData *from, IrData *d, int64_t off) {
    if (!from->bytes) return;
    need_bytes(c, d);
    memcpy(d->bytes + off, from->bytes, (size_t)from->size);
    for (int i = 0; i < from->relocs.len; i++)
        put_addr(c, d, off + from->relocs.at[i].offset, from->relocs.at[i].sym, from->relocs.at[i].addend);
}

/* ---- calls: conversions and new ---- */

static bool is_bytes_of_string(Ctx *c, Node *call) {
    Type *u = under(c, canon(c, call->type));
    return u->kind == TY_SLICE && under(c, canon(c, u->slice.elem)) == c->l->t_uint8 &&
           call->call.args.at[0]->mode == EM_CONST;
}

/* The two types have the same representation. */
static bool same_shape(Ctx *c, Type *x, Type *y) {
    x = under(c, x);
    y = under(c, y);
    return x == y || (x->kind == TY_POINTER && y->kind == TY_POINTER);
}

static bool is_static_conversion(Ctx *c, Node *call) {
    Node *x = call->call.args.at[0];
    Type *to = canon(c, call->type);
    if (is_bytes_of_string(c, call)) return !c->image;
    if (x->mode == EM_NIL || type_is_interface(c->l->s, to)) return is_static(c, x, to);
    Type *from = canon(c, x->type);
    return same_shape(c, from, to) && is_static(c, x, from);
}

static void put_bytes(Ctx *c, Node *call, IrData *d, int64_t off) {
    size_t n;
    const char *s = cv_string_value(call->call.args.at[0]->value, &n);
    IrData *array = put_slice(c, c->l->t_uint8, (int64_t)n, d, off);
    need_bytes(c, array);
    memcpy(array->bytes, s, n);
}

static void put_conversion(Ctx *c, Node *call, IrData *d, int64_t off) {
    Node *x = call->call.args.at[0];
    Type *to = canon(c, call->type);
    if (is_bytes_of_string(c, call)) put_bytes(c, call, d, off);
    else if (x->mode == EM_NIL || type_is_interface(c->l->s, to)) put(c, x, to, d, off);
    else put(c, x, canon(c, x->type), d, off);
}

static bool is_conversion(const Node *call) { return call->call.fun->mode == EM_TYPE; }

static bool is_static_call(Ctx *c, Node *call) {
    if (is_conversion(call)) return is_static_conversion(c, call);
    return call->builtin == BI_NEW + 1 && !c->image;
}

static void put_call(Ctx *c, Node *call, IrData *d, int64_t off) {
    if (is_conversion(call)) put_conversion(c, call, d, off);
    else put_addr(c, d, off, anonymous(c, canon(c, under(c, canon(c, call->type))->pointer.elem), false)->sym, 0);
}

/* ---- expressions ---- */

static bool is_static_address(Ctx *c, Node *x) {
    x = ast_unparen(x);
    if (x->kind == ND_COMPOSITE_LIT) return !c->image && is_static_literal(c, x, canon(c, x->type));
    return address_of(c, x, &(Address){0});
}

static void put_address(Ctx *c, Node *x, IrData *d, int64_t off) {
    x = ast_unparen(x);
    Address a = {0};
    if (x->kind != ND_COMPOSITE_LIT) {
        address_of(c, x, &a);
        put_addr(c, d, off, a.sym, a.off);
        return;
    }
    Type *t = canon(c, x->type);
    IrData *object = anonymous(c, t, false);
    put_addr(c, d, off, object->sym, 0);
    put_literal(c, x, t, object, 0);
}

static bool to_iface(Ctx *c, Type *from, Type *t) {
    return type_is_interface(c->l->s, t) && !type_is_interface(c->l->s, from);
}

static bool is_static_kind(Ctx *c, Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_COMPOSITE_LIT: return is_static_literal(c, n, canon(c, n->type));
    case ND_UNARY: return n->unary.op == TK_AND && is_static_address(c, n->unary.x);
    case ND_FUNC_LIT: return !c->image && !n->func_lit.info->outer;
    case ND_CALL: return is_static_call(c, n);
    default: return plain_function(c, n) || initial_value(c, n);
    }
}

/* Whether n, converted for assignment to t, is static. */
static bool is_static(Ctx *c, Node *n, Type *t) {
    n = ast_unparen(n);
    if (n->mode == EM_NIL) return true;
    if (lw_has_sink(c->b, c->l->p->pkg, n)) return false; /* what it needs is checked where it is made */
    if (!n->type || type_mentions_tparam(c->l->s, n->type) || type_mentions_tparam(c->l->s, t)) return false;
    Type *from = canon(c, type_default(c->l->s, n->type));
    if (from != t && !to_iface(c, from, t) && !same_shape(c, from, t)) return false;
    return n->mode == EM_CONST || is_static_kind(c, n);
}

/* Writes what is_static agreed to. */
static void put(Ctx *c, Node *n, Type *t, IrData *d, int64_t off) {
    n = ast_unparen(n);
    if (n->mode == EM_NIL) return;
    Type *from = canon(c, type_default(c->l->s, n->type));
    if (to_iface(c, from, t)) {
        put_iface(c, n, from, t, d, off);
        return;
    }
    if (n->mode == EM_CONST) {
        put_const(c, n->value, t, d, off);
        return;
    }
    switch ((NodeKind)n->kind) {
    case ND_COMPOSITE_LIT: put_literal(c, n, from, d, off); return;
    case ND_UNARY: put_address(c, n->unary.x, d, off); return;
    case ND_FUNC_LIT: put_func(c, n, lw_literal_sym(c->l, c->l->p->pkg, n), d, off); return;
    case ND_CALL: put_call(c, n, d, off); return;
    default:
        if (initial_value(c, n)) put_copy(c, initial_value(c, n), d, off);
        else put_func(c, n, lw_declared_sym(c->l, plain_function(c, n)), d, off);
    }
}

/* ---- uses ---- */

bool lw_static(Lower *l, Builder *b, Node *n, Type *t, IrData *d, int64_t off) {
    Ctx c = {l, b, false};
    if (!is_static(&c, n, t)) return false;
    put(&c, n, t, d, off);
    return true;
}

bool lw_is_static_map(Lower *l, Node *n, Type *t) {
    Ctx c = {l, NULL, false};
    Type *u = lw_under(l, t), *key = canon(&c, u->map.key), *elem = canon(&c, u->map.elem);
    if (under(&c, key)->kind != TY_BASIC) return false; /* others may not be comparable, or compare slowly */
    for (int i = 0; i < n->composite.elems.len; i++) {
        const Node *e = n->composite.elems.at[i];
        if (!is_static(&c, e->kv.key, key) || !is_static(&c, e->kv.value, elem)) return false;
    }
    return true;
}

IrSym *lw_static_image(Builder *b, Node *n, Type *t) {
    Lower *l = b->l;
    Ctx c = {l, b, true};
    if (type_mentions_tparam(l->s, n->type)) return NULL;
    Type *u = lw_under(l, t);
    if (u->kind != TY_STRUCT && u->kind != TY_ARRAY) return NULL;
    if (!each_part(&c, n, t, 0, NULL, check_elem)) return NULL;
    IrData *d = anonymous(&c, t, true);
    each_part(&c, n, t, 0, d, put_elem);
    return d->sym;
}
