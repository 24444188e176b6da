/* sizes.c: layout, as Go's compiler lays out on 64-bit machines.
 *
 * Fields in source order, each at its alignment; a struct that ends in a field of size zero has a byte of padding so
 * that a pointer to that field stays inside. Sizes saturate at TYPE_TOO_LARGE instead of wrapping.
 *
 * Results are cached in the underlying type once they are final, that is when nothing incomplete or invalid was met
 * on the way; a type that contains itself (reported elsewhere) ends at the mark in Type.walking. */
#include "sema/tables.h"

enum { WORD = 8 };

static const uint8_t basic_sizes[BK_COUNT] = {
    [BK_BOOL] = 1, [BK_INT] = 8, [BK_INT8] = 1, [BK_INT16] = 2, [BK_INT32] = 4, [BK_INT64] = 8,
    [BK_UINT] = 8, [BK_UINT8] = 1, [BK_UINT16] = 2, [BK_UINT32] = 4, [BK_UINT64] = 8, [BK_UINTPTR] = 8,
    [BK_FLOAT32] = 4, [BK_FLOAT64] = 8, [BK_COMPLEX64] = 8, [BK_COMPLEX128] = 16,
    [BK_STRING] = 16, [BK_UNSAFE_POINTER] = 8,
};

/* What is known about one type. */
typedef struct Layout {
    int64_t size, ptr_bytes;
    int32_t align;
    bool final;
} Layout;

static Layout layout(Sema *s, Type *t);

static int64_t add_sizes(int64_t a, int64_t b) {
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? TYPE_TOO_LARGE : sum;
}

static int64_t align_up(int64_t size, int64_t align) {
    if (size > TYPE_TOO_LARGE - align) return TYPE_TOO_LARGE;
    return (size + align - 1) / align * align;
}

static Layout basic_layout(const Type *u) {
    BasicKind k = u->basic.kind;
    int64_t size = basic_sizes[k] ? basic_sizes[k] : WORD; /* invalid and untyped: anything will do */
    int64_t align = k == BK_COMPLEX64 ? 4 : size < WORD ? size : WORD;
    int64_t ptrs = k == BK_STRING || k == BK_UNSAFE_POINTER ? WORD : 0;
    return (Layout){size, ptrs, (int32_t)align, k != BK_INVALID};
}

static Layout array_layout(Sema *s, const Type *u) {
    int64_t n = u->array.len;
    Layout e = layout(s, u->array.elem);
    Layout l = {0, 0, e.align, e.final && n >= 0};
    if (n <= 0 || e.size == 0) return l;
    if (__builtin_mul_overflow(e.size, n, &l.size)) {
        l.size = TYPE_TOO_LARGE;
        l.ptr_bytes = e.ptr_bytes ? TYPE_TOO_LARGE : 0;
    } else if (e.ptr_bytes) {
        l.ptr_bytes = e.size * (n - 1) + e.ptr_bytes;
    }
    return l;
}

static Layout struct_layout(Sema *s, Type *u) {
    Layout l = {0, 0, 1, true};
    int n = u->struct_.n;
    int64_t *offsets = NEW_ARRAY(s->arena, int64_t, n);
    for (int i = 0; i < n; i++) {
        Layout f = layout(s, u->struct_.fields[i]->type);
        int64_t offset = offsets[i] = align_up(l.size, f.align);
        if (f.align > l.align) l.align = f.align;
        if (f.ptr_bytes) l.ptr_bytes = add_sizes(offset, f.ptr_bytes);
        l.size = add_sizes(offset, f.size);
        if (i == n - 1 && f.size == 0 && offset > 0) l.size = add_sizes(l.size, 1);
        l.final &= f.final;
    }
    l.size = align_up(l.size, l.align);
    u->struct_.offsets = offsets;
    return l;
}

static Layout words(int n, int ptrs) { return (Layout){(int64_t)n * WORD, (int64_t)ptrs * WORD, WORD, true}; }

static Layout compute(Sema *s, Type *u) {
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return basic_layout(u);
    case TY_ARRAY: return array_layout(s, u);
    case TY_STRUCT: return struct_layout(s, u);
    case TY_SLICE: return words(3, 1);
    case TY_INTERFACE: return words(2, 2);
    case TY_POINTER: case TY_MAP: case TY_CHAN: case TY_FUNC: return words(1, 1);
    case TY_TUPLE: case TY_UNION: case TY_TYPE_PARAM: case TY_NAMED: case TY_ALIAS: break;
    }
    fatal("no layout for a type of kind %d", u->kind);
}

static Layout layout(Sema *s, Type *t) {
    static const Layout unknown = {WORD, 0, WORD, false};
    if (!t || type_is_tparam(t)) return unknown;
    Type *u = type_under(s, t);
    if (u->size >= 0) return (Layout){u->size, u->ptr_bytes, u->align, true};
    if (u->walking) return unknown;
    u->walking = true;
    Layout l = compute(s, u);
    u->walking = false;
    if (l.final) {
        u->size = l.size;
        u->ptr_bytes = l.ptr_bytes;
        u->align = l.align;
    }
    return l;
}

int64_t type_size(Sema *s, Type *t) { return layout(s, t).size; }

int64_t type_align(Sema *s, Type *t) { return layout(s, t).align; }

int64_t type_field_offset(Sema *s, Type *struct_type, int field) {
    Type *u = type_under(s, struct_type);
    check(u->kind == TY_STRUCT && field < u->struct_.n);
    layout(s, u);
    return u->struct_.offsets[field];
}

bool type_has_pointers(Sema *s, Type *t) { return layout(s, t).ptr_bytes > 0; }

int64_t type_ptr_bytes(Sema *s, Type *t) { return layout(s, t).ptr_bytes; }
