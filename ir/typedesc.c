/* typedesc.c: type descriptors, in the layout of Go 1.23's internal/abi (runtime/abi.h), and static itabs.
 *
 * A descriptor is made when something first needs its address. Its symbol is weak and named after the type's link
 * string, so equal types of several objects become one at link time and identity is pointer equality. The symbol
 * exists at once; its contents are filled in by a queued job, which keeps recursion flat however types nest.
 *
 * A descriptor is one piece of data: the kind's struct, then the uncommon part, then the arrays those point to. */
#include "ir/lower.h"
#include <string.h>

/* ---- names ---- */

enum { NAME_EXPORTED = 1, NAME_TAG = 2, NAME_PKG = 4, NAME_EMBEDDED = 8 };

static void put_varint_bytes(Buf *b, const char *s, size_t n) {
    size_t v = n;
    for (; v >= 0x80; v >>= 7) buf_putc(b, (char)(v | 0x80));
    buf_putc(b, (char)v);
    buf_put(b, s, n);
}

/* The symbol of an encoded name. pkg: path to attach, for unexported names outside their own type; or NULL. */
static IrSym *name_sym(Lower *l, const char *text, unsigned flags, const Name *tag, const char *pkg) {
    Buf b = {0};
    buf_putc(&b, (char)(flags | (tag ? NAME_TAG : 0) | (pkg ? NAME_PKG : 0)));
    put_varint_bytes(&b, text, strlen(text));
    if (tag) put_varint_bytes(&b, tag->text, tag->len);
    IrSym *sym;
    if (!pkg) {
        sym = ir_bytes(l->p, b.data, (int64_t)b.len);
    } else {
        sym = ir_sym(l->p, arena_printf(l->arena, "go:name.%s.%s", pkg, text));
        if (!sym->data) {
            IrData *d = ir_data_new(l->p, sym, (int64_t)b.len + 4, 1, IL_WEAK);
            d->readonly = true;
            memcpy(d->bytes, b.data, b.len);
            ir_data_addr32(l->p, d, (int64_t)b.len, name_sym(l, pkg, 0, NULL, NULL));
        }
    }
    buf_free(&b);
    return sym;
}

static const char *pkg_path_of(const Object *o) { return o->pkg ? ir_pkg_prefix(o->pkg) : ""; }

/* The name of a method of a type of package of_type (NULL: none): it has a package of its own only if unexported and
 * of another one. reflect.StructOf accepts no methods whose names have. */
static IrSym *method_name(Lower *l, const Object *o, const char *of_type) {
    if (object_exported(o)) return name_sym(l, o->name->text, NAME_EXPORTED, NULL, NULL);
    const char *pkg = pkg_path_of(o);
    return name_sym(l, o->name->text, 0, NULL, of_type && strcmp(pkg, of_type) == 0 ? NULL : pkg);
}

/* ---- pointer masks ---- */

static void mark_pointers(Lower *l, Type *t, int64_t off, uint8_t *mask);

static void mark_word(uint8_t *mask, int64_t off) { mask[off / 64] |= (uint8_t)(1 << (off / 8 % 8)); }

static void mark_struct(Lower *l, Type *t, int64_t off, uint8_t *mask) {
    for (int i = 0; i < t->struct_.n; i++)
        mark_pointers(l, t->struct_.fields[i]->type, off + type_field_offset(l->s, t, i), mask);
}

static void mark_array(Lower *l, Type *t, int64_t off, uint8_t *mask) {
    if (!type_has_pointers(l->s, t->array.elem)) return;
    int64_t size = type_size(l->s, t->array.elem);
    for (int64_t i = 0; i < t->array.len; i++) mark_pointers(l, t->array.elem, off + i * size, mask);
}

/* Sets the bit of every word of t that can hold a pointer; t lies at byte off. */
static void mark_pointers(Lower *l, Type *t, int64_t off, uint8_t *mask) {
    Type *u = lw_under(l, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC:
        if (type_has_pointers(l->s, u)) mark_word(mask, off);
        return;
    case TY_POINTER: case TY_SLICE: case TY_MAP: case TY_CHAN: case TY_FUNC: mark_word(mask, off); return;
    case TY_INTERFACE: /* the type word points to static data or the heap of reflect: marked as well */
        mark_word(mask, off);
        mark_word(mask, off + 8);
        return;
    case TY_ARRAY: mark_array(l, u, off, mask); return;
    case TY_STRUCT: mark_struct(l, u, off, mask); return;
    case TY_NAMED: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    unreachable();
}

static IrSym *pointer_mask(Lower *l, Type *t) {
    int64_t words = type_ptr_bytes(l->s, t) / 8;
    int64_t bytes = (words + 7) / 8;
    uint8_t *mask = NEW_ARRAY(l->arena, uint8_t, bytes);
    mark_pointers(l, t, 0, mask);
    return ir_bytes(l->p, mask, bytes);
}

/* ---- the common part ---- */

static const uint8_t kind_of_basic[BK_COUNT] = {
    [BK_BOOL] = GK_BOOL, [BK_INT] = GK_INT, [BK_INT8] = GK_INT8, [BK_INT16] = GK_INT16, [BK_INT32] = GK_INT32,
    [BK_INT64] = GK_INT64, [BK_UINT] = GK_UINT, [BK_UINT8] = GK_UINT8, [BK_UINT16] = GK_UINT16,
    [BK_UINT32] = GK_UINT32, [BK_UINT64] = GK_UINT64, [BK_UINTPTR] = GK_UINTPTR, [BK_FLOAT32] = GK_FLOAT32,
    [BK_FLOAT64] = GK_FLOAT64, [BK_COMPLEX64] = GK_COMPLEX64, [BK_COMPLEX128] = GK_COMPLEX128,
    [BK_STRING] = GK_STRING, [BK_UNSAFE_POINTER] = GK_UNSAFE_POINTER,
};

static int go_kind(const Type *u) {
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return kind_of_basic[u->basic.kind];
    case TY_POINTER: return GK_POINTER;
    case TY_SLICE: return GK_SLICE;
    case TY_ARRAY: return GK_ARRAY;
    case TY_MAP: return GK_MAP;
    case TY_CHAN: return GK_CHAN;
    case TY_STRUCT: return GK_STRUCT;
    case TY_FUNC: return GK_FUNC;
    case TY_INTERFACE: return GK_INTERFACE;
    case TY_NAMED: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    unreachable();
}

static bool is_named(const Type *t) { return t->kind == TY_NAMED || t->kind == TY_BASIC; }

/* *T is exported as T is. */
static bool type_exported(const Type *t) {
    if (t->kind == TY_POINTER) t = t->pointer.elem;
    return t->kind == TY_NAMED && object_exported(t->named.obj);
}

#define PUT(d, base, S, field, v) ir_data_int((d), (base) + (int64_t)offsetof(S, field), sizeof(((S *)0)->field), (uint64_t)(v))
#define PUT_ADDR(l, d, base, S, field, sym) ir_data_addr((l)->p, (d), (base) + (int64_t)offsetof(S, field), (sym), 0)

/* reflect can make a descriptor of *T, but not one with methods, its own or those of embedded fields: it needs the
 * compiler's. */
static bool has_pointer_methods(Lower *l, Type *t) {
    if (t->kind != TY_NAMED && t->kind != TY_STRUCT) return false;
    return lw_under(l, t)->kind != TY_INTERFACE && type_method_set(l->s, lw_ptr_to(l, t))->len > 0;
}

static void fill_common(Lower *l, Type *t, IrData *d, bool uncommon) {
    Type *u = lw_under(l, t);
    const char *link = type_link_str(l->s, t);
    int kind = go_kind(u);
    unsigned tflag = (uncommon ? TF_UNCOMMON : 0) | (is_named(t) ? TF_NAMED : 0);
    if (lw_is_regular_memory(l, t)) tflag |= TF_REGULAR_MEMORY;
    if (lw_is_direct_iface(l, t)) kind |= GK_DIRECT_IFACE;
    int64_t ptr_bytes = type_ptr_bytes(l->s, t);
    PUT(d, 0, GoType, size, type_size(l->s, t));
    PUT(d, 0, GoType, ptr_bytes, ptr_bytes);
    PUT(d, 0, GoType, hash, hash_bytes(link, strlen(link), 0));
    PUT(d, 0, GoType, tflag, tflag);
    PUT(d, 0, GoType, align, type_align(l->s, t));
    PUT(d, 0, GoType, field_align, type_align(l->s, t));
    PUT(d, 0, GoType, kind, kind);
    IrSym *equal = lw_equal_closure(l, t);
    if (equal) PUT_ADDR(l, d, 0, GoType, equal, equal);
    if (ptr_bytes) PUT_ADDR(l, d, 0, GoType, gcdata, pointer_mask(l, t));
    unsigned exported = type_exported(t) ? NAME_EXPORTED : 0;
    ir_data_addr32(l->p, d, offsetof(GoType, str), name_sym(l, type_reflect_str(l->s, t), exported, NULL, NULL));
    if (has_pointer_methods(l, t)) ir_data_addr32(l->p, d, offsetof(GoType, ptr_to_this), lw_type_sym(l, lw_ptr_to(l, t)));
}

/* ---- the parts of each kind ---- */

/* A slice field of a descriptor that points at an array further on in the same descriptor. */
static void put_inner_slice(Lower *l, IrData *d, int64_t at, int64_t array, int n) {
    if (n) ir_data_addr(l->p, d, at, d->sym, array);
    ir_data_int(d, at + 8, 8, (uint64_t)n);
    ir_data_int(d, at + 16, 8, (uint64_t)n);
}

static const char *struct_pkg(Type *u) {
    for (int i = 0; i < u->struct_.n; i++)
        if (!object_exported(u->struct_.fields[i])) return pkg_path_of(u->struct_.fields[i]);
    return NULL;
}

static void fill_struct(Lower *l, Type *u, IrData *d, int64_t array) {
    const char *pkg = struct_pkg(u);
    if (pkg) PUT_ADDR(l, d, 0, GoStructType, pkg_path, name_sym(l, pkg, 0, NULL, NULL));
    put_inner_slice(l, d, offsetof(GoStructType, fields), array, u->struct_.n);
    for (int i = 0; i < u->struct_.n; i++) {
        Object *f = u->struct_.fields[i];
        int64_t at = array + i * (int64_t)sizeof(GoStructField);
        const Name *tag = u->struct_.tags ? u->struct_.tags[i] : NULL;
        if (tag && tag->len == 0) tag = NULL;
        unsigned flags = (object_exported(f) ? NAME_EXPORTED : 0) | (f->var.embedded ? NAME_EMBEDDED : 0);
        PUT_ADDR(l, d, at, GoStructField, name, name_sym(l, f->name->text, flags, tag, NULL));
        PUT_ADDR(l, d, at, GoStructField, type, lw_type_sym(l, type_canon(l->s, f->type)));
        PUT(d, at, GoStructField, offset, type_field_offset(l->s, u, i));
    }
}

/* The function type of a method, without its receiver. */
static Type *method_func_type(Lower *l, Object *m) {
    Type *sig = type_under(l->s, m->type);
    Type *plain = type_new_func(l->s, NULL, sig->func.params, sig->func.results, sig->func.variadic);
    return type_canon(l->s, plain);
}

static void fill_interface(Lower *l, Type *t, Type *u, IrData *d, int64_t array) {
    TypeSet *set = type_set(l->s, u);
    const char *pkg = t->kind == TY_NAMED && t->named.obj->pkg ? pkg_path_of(t->named.obj) : NULL;
    for (int i = 0; i < set->methods.len && !pkg; i++)
        if (!object_exported(set->methods.at[i])) pkg = pkg_path_of(set->methods.at[i]);
    if (pkg) PUT_ADDR(l, d, 0, GoInterfaceType, pkg_path, name_sym(l, pkg, 0, NULL, NULL));
    put_inner_slice(l, d, offsetof(GoInterfaceType, methods), array, set->methods.len);
    for (int i = 0; i < set->methods.len; i++) {
        Object *m = set->methods.at[i];
        int64_t at = array + i * (int64_t)sizeof(GoImethod);
        ir_data_addr32(l->p, d, at, method_name(l, m, pkg));
        ir_data_addr32(l->p, d, at + 4, lw_type_sym(l, method_func_type(l, m)));
    }
}

static void fill_func(Lower *l, Type *u, IrData *d, int64_t array) {
    Type *lists[2] = {u->func.params, u->func.results};
    PUT(d, 0, GoFuncType, in_count, lists[0]->tuple.n);
    PUT(d, 0, GoFuncType, out_count, lists[1]->tuple.n | (u->func.variadic ? 0x8000 : 0));
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < lists[k]->tuple.n; i++, array += 8)
            ir_data_addr(l->p, d, array, lw_type_sym(l, type_canon(l->s, lists[k]->tuple.vars[i]->type)), 0);
}

enum { MAX_INLINE_MAP_PART = 128 }; /* bytes; larger keys and elements are stored behind a pointer */

static void fill_map(Lower *l, Type *u, IrData *d) {
    Type *key = type_canon(l->s, u->map.key), *elem = type_canon(l->s, u->map.elem);
    int64_t ks = type_size(l->s, key), es = type_size(l->s, elem);
    unsigned flags = lw_key_flags(l, key);
    if (ks > MAX_INLINE_MAP_PART) flags |= MF_INDIRECT_KEY, ks = 8;
    if (es > MAX_INLINE_MAP_PART) flags |= MF_INDIRECT_ELEM, es = 8;
    PUT_ADDR(l, d, 0, GoMapType, key, lw_type_sym(l, key));
    PUT_ADDR(l, d, 0, GoMapType, elem, lw_type_sym(l, elem));
    PUT_ADDR(l, d, 0, GoMapType, hasher, lw_hash_closure(l, key));
    PUT(d, 0, GoMapType, key_size, ks);
    PUT(d, 0, GoMapType, value_size, es);
    PUT(d, 0, GoMapType, flags, flags);
}

static void fill_kind(Lower *l, Type *t, Type *u, IrData *d, int64_t array) {
    switch (go_kind(u)) {
    case GK_POINTER: case GK_SLICE:
        ir_data_addr(l->p, d, offsetof(GoPtrType, elem), lw_type_sym(l, type_canon(l->s, u->pointer.elem)), 0);
        return;
    case GK_ARRAY:
        PUT_ADDR(l, d, 0, GoArrayType, elem, lw_type_sym(l, type_canon(l->s, u->array.elem)));
        PUT_ADDR(l, d, 0, GoArrayType, slice, lw_type_sym(l, type_canon(l->s, type_new_slice(l->s, u->array.elem))));
        PUT(d, 0, GoArrayType, len, u->array.len);
        return;
    case GK_CHAN:
        PUT_ADDR(l, d, 0, GoChanType, elem, lw_type_sym(l, type_canon(l->s, u->chan.elem)));
        PUT(d, 0, GoChanType, dir, u->chan.dir);
        return;
    case GK_MAP: fill_map(l, u, d); return;
    case GK_FUNC: fill_func(l, u, d, array); return;
    case GK_STRUCT: fill_struct(l, u, d, array); return;
    case GK_INTERFACE: fill_interface(l, t, u, d, array); return;
    default: return;
    }
}

/* Bytes of the array that belongs to the kind's struct. */
static int64_t inner_array_size(Lower *l, Type *u) {
    switch (go_kind(u)) {
    case GK_STRUCT: return u->struct_.n * (int64_t)sizeof(GoStructField);
    case GK_INTERFACE: return type_set(l->s, u)->methods.len * (int64_t)sizeof(GoImethod);
    case GK_FUNC: return (u->func.params->tuple.n + u->func.results->tuple.n) * 8;
    default: return 0;
    }
}

/* ---- methods ---- */

static bool is_unsafe_pointer(const Type *t) { return t->kind == TY_BASIC && t->basic.kind == BK_UNSAFE_POINTER; }

static const char *type_pkg(const Type *t) {
    if (t->kind == TY_POINTER) t = t->pointer.elem;
    if (is_unsafe_pointer(t)) return "unsafe";
    return t->kind == TY_NAMED && t->named.obj->pkg ? ir_pkg_prefix(t->named.obj->pkg) : NULL;
}

static void fill_uncommon(Lower *l, Type *t, IrData *d, int64_t at, MethodSet *ms, int64_t methods) {
    const char *pkg = type_pkg(t);
    if (pkg) ir_data_addr32(l->p, d, at, name_sym(l, pkg, 0, NULL, NULL));
    int exported = 0;
    for (int i = 0; i < ms->len; i++) exported += object_exported(ms->at[i]->obj);
    PUT(d, at, GoUncommon, mcount, ms->len);
    PUT(d, at, GoUncommon, xcount, exported);
    PUT(d, at, GoUncommon, moff, methods - at);
    for (int i = 0; i < ms->len; i++) {
        Selection *sel = ms->at[i];
        int64_t m = methods + i * (int64_t)sizeof(GoMethod);
        ir_data_addr32(l->p, d, m, method_name(l, sel->obj, pkg));
        ir_data_addr32(l->p, d, m + 4, lw_type_sym(l, method_func_type(l, sel->obj)));
        ir_data_addr32(l->p, d, m + 8, lw_method_wrapper(l, t, sel, true));
        ir_data_addr32(l->p, d, m + 12, lw_method_wrapper(l, t, sel, false));
    }
}

static MethodSet *descriptor_methods(Lower *l, Type *t) {
    return lw_under(l, t)->kind == TY_INTERFACE ? NEW(l->arena, MethodSet) : type_method_set(l->s, t);
}

/* ---- descriptors ---- */

static void fill_descriptor(Lower *l, void *arg) {
    Type *t = arg, *u = lw_under(l, t);
    IrSym *sym = ptrmap_get(&l->type_syms, t);
    MethodSet *ms = descriptor_methods(l, t);
    bool uncommon = t->kind == TY_NAMED || ms->len > 0 || is_unsafe_pointer(t);
    int64_t at_uncommon = abi_type_size(go_kind(u));
    int64_t at_array = at_uncommon + (uncommon ? (int64_t)sizeof(GoUncommon) : 0);
    int64_t at_methods = at_array + inner_array_size(l, u);
    IrData *d = ir_data_new(l->p, sym, at_methods + ms->len * (int64_t)sizeof(GoMethod), 8, IL_WEAK);
    d->readonly = true;
    d->listed = !is_named(t) && go_kind(u) != GK_INTERFACE;
    fill_common(l, t, d, uncommon);
    fill_kind(l, t, u, d, at_array);
    if (uncommon) fill_uncommon(l, t, d, at_uncommon, ms, at_methods);
}

IrSym *lw_type_sym(Lower *l, Type *t) {
    IrSym *sym = ptrmap_get(&l->type_syms, t);
    if (sym) return sym;
    sym = ir_type_sym(l->p, t);
    ptrmap_put(l->arena, &l->type_syms, t, sym);
    lw_defer_job(l, fill_descriptor, t);
    return sym;
}

IrSym *ir_type_sym(IrPackage *p, Type *t) {
    return ir_sym(p, arena_printf(p->arena, "type:%s", type_link_str(p->sema, t)));
}

IrVal lw_type_val(Builder *b, Type *t) { return iv_sym(b->l->t_ptr, lw_type_sym(b->l, t), 0); }

/* ---- itabs ---- */

IrSym *lw_itab_sym(Lower *l, Type *iface, Type *t) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "go:itab.%s,%s", type_link_str(l->s, t), type_link_str(l->s, iface)));
    if (sym->data) return sym;
    TypeSet *set = type_set(l->s, lw_under(l, iface));
    MethodSet *ms = type_method_set(l->s, t);
    IrData *d = ir_data_new(l->p, sym, (int64_t)offsetof(GoItab, fun) + 8 * set->methods.len, 8, IL_WEAK);
    d->readonly = true;
    const char *link = type_link_str(l->s, t);
    PUT_ADDR(l, d, 0, GoItab, inter, lw_type_sym(l, iface));
    PUT_ADDR(l, d, 0, GoItab, type, lw_type_sym(l, t));
    PUT(d, 0, GoItab, hash, hash_bytes(link, strlen(link), 0));
    for (int i = 0, k = 0; i < set->methods.len; i++) { /* both lists are sorted alike */
        while (k < ms->len && method_order(ms->at[k]->obj, set->methods.at[i]) < 0) k++;
        check(k < ms->len);
        ir_data_addr(l->p, d, (int64_t)offsetof(GoItab, fun) + 8 * i, lw_method_wrapper(l, t, ms->at[k], true), 0);
    }
    return sym;
}

/* Descriptors of what NEW and NEW_ARRAY allocate are needed by the code generator: ask for them. */
void lw_need_alloc_types(Lower *l, IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *blk = f->blocks.at[i];
        for (int k = 0; k < blk->instrs.len; k++) {
            IrInstr *in = &blk->instrs.at[k];
            bool needs = ir_is_alloc(in) && (type_has_pointers(l->s, in->type) || (in->op == IR_NEW && in->a.kind != IV_NONE));
            if (needs) lw_type_sym(l, in->type);
        }
    }
}
