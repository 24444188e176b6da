/* types.c: Go types as gccjit types, chosen by layout.
 *
 * gccjit compares most types by identity, so each is made once: all slices share one struct, so do strings and
 * interfaces; every pointer word is void *. Structs get Go's offsets by explicit padding and are checked against
 * sema's layout; fields without size are left out. Arrays are wrapped into a struct, because C neither assigns nor
 * passes bare arrays. */
#include "codegen/gen.h"

#include <limits.h>

static GenType *new_type(Gen *g, GenClass cls, gcc_jit_type *t, int64_t size, int32_t align) {
    GenType *gt = NEW(g->arena, GenType);
    gt->cls = cls;
    gt->t = t;
    gt->size = size;
    gt->align = align;
    return gt;
}

static GenType *scalar(Gen *g, GenClass cls, enum gcc_jit_types code, int size, bool is_signed) {
    GenType *gt = new_type(g, cls, gcc_jit_context_get_type(g->ctx, code), size, size);
    gt->is_signed = is_signed;
    return gt;
}

/* ---- structs ---- */

typedef struct FieldSpec {
    const char *name;
    GenType *type;
    int64_t offset;
} FieldSpec;

typedef struct StructMaker {
    Gen *g;
    int64_t size; /* so far, as C counts */
    int32_t align;
    VEC(gcc_jit_field *) fields;
} StructMaker;

static int64_t align_up(int64_t n, int64_t align) { return (n + align - 1) / align * align; }

gcc_jit_type *gen_byte_array(Gen *g, int64_t size) {
    check(size >= 0 && size <= INT_MAX);
    const Name *key = name_ofn(g->names, (const char *)&size, sizeof size);
    gcc_jit_type *t = ptrmap_get(&g->pads, key);
    if (!t) {
        t = gcc_jit_context_new_array_type(g->ctx, NULL, g->t_u8->t, (int)size);
        ptrmap_put(g->arena, &g->pads, key, t);
    }
    return t;
}

static gcc_jit_field *add_field(StructMaker *m, const char *name, gcc_jit_type *t, int64_t size, int32_t align) {
    gcc_jit_field *f = gcc_jit_context_new_field(m->g->ctx, NULL, t, name);
    vec_push(m->g->arena, &m->fields, f);
    m->size = align_up(m->size, align) + size;
    if (align > m->align) m->align = align;
    return f;
}

static void pad_to(StructMaker *m, int64_t offset) {
    if (offset <= m->size) return;
    const char *name = arena_printf(m->g->arena, "_pad%d", m->fields.len);
    add_field(m, name, gen_byte_array(m->g, offset - m->size), offset - m->size, 1);
}

/* A struct of the given fields at the given offsets, size bytes in all. */
static GenType *new_struct(Gen *g, const char *name, const FieldSpec *fields, int n, int64_t size) {
    StructMaker m = {.g = g, .align = 1};
    gcc_jit_field *made[3] = {0};
    for (int i = 0; i < n; i++) {
        const FieldSpec *f = &fields[i];
        if (f->type->cls == GT_VOID) continue;
        if (align_up(m.size, f->type->align) < f->offset) pad_to(&m, f->offset);
        check(align_up(m.size, f->type->align) == f->offset);
        gcc_jit_field *field = add_field(&m, f->name, f->type->t, f->type->size, f->type->align);
        if (i < 3) made[i] = field;
    }
    if (align_up(m.size, m.align) < size) pad_to(&m, size);
    check(align_up(m.size, m.align) == size);
    gcc_jit_struct *st = gcc_jit_context_new_struct_type(g->ctx, NULL, name, m.fields.len, m.fields.at);
    GenType *gt = new_type(g, GT_AGG, gcc_jit_struct_as_type(st), size, m.align);
    for (int i = 0; i < 3; i++) gt->fields[i] = made[i];
    return gt;
}

static const char *field_name(Gen *g, const Object *o, int i) {
    bool blank = !o->name || name_is(o->name, "_");
    return blank ? arena_printf(g->arena, "_%d", i) : o->name->text;
}

static GenType *struct_type(Gen *g, Type *t, Type *u) {
    if (type_size(g->s, u) == 0) return g->t_void;
    int n = u->struct_.n;
    FieldSpec *fields = NEW_ARRAY(g->arena, FieldSpec, n);
    for (int i = 0; i < n; i++) {
        const Object *o = u->struct_.fields[i];
        fields[i] = (FieldSpec){field_name(g, o, i), gen_type(g, o->type), type_field_offset(g->s, u, i)};
    }
    const char *name = t->kind == TY_NAMED ? type_str(g->s, t, NULL) : "struct";
    return new_struct(g, name, fields, n, type_size(g->s, u));
}

static GenType *new_tuple(Gen *g, Type *t) {
    FieldSpec *fields = NEW_ARRAY(g->arena, FieldSpec, t->tuple.n);
    int64_t size = 0, align = 1;
    for (int i = 0; i < t->tuple.n; i++) {
        Type *ft = t->tuple.vars[i]->type;
        int64_t falign = type_align(g->s, ft), fsize = type_size(g->s, ft);
        int64_t offset = align_up(size, falign);
        fields[i] = (FieldSpec){arena_printf(g->arena, "r%d", i), gen_type(g, ft), offset};
        size = offset + fsize;
        if (i == t->tuple.n - 1 && fsize == 0 && offset > 0) size++;
        if (falign > align) align = falign;
    }
    size = align_up(size, align);
    return size ? new_struct(g, "results", fields, t->tuple.n, size) : g->t_void;
}

/* Results of a function: laid out as a struct of them would be. Tuples are not canonical; those of equal members
 * share a struct all the same. */
static GenType *tuple_type(Gen *g, Type *t) {
    GenType **members = NEW_ARRAY(g->arena, GenType *, t->tuple.n);
    for (int i = 0; i < t->tuple.n; i++) members[i] = gen_type(g, t->tuple.vars[i]->type);
    const Name *key = name_ofn(g->names, (const char *)members, sizeof *members * (size_t)t->tuple.n);
    GenType *gt = ptrmap_get(&g->tuples, key);
    if (!gt) {
        gt = new_tuple(g, t);
        ptrmap_put(g->arena, &g->tuples, key, gt);
    }
    return gt;
}

static GenType *array_type(Gen *g, Type *u) {
    GenType *elem = gen_type(g, u->array.elem);
    if (u->array.len <= 0 || elem->cls == GT_VOID) return g->t_void;
    if (u->array.len > INT_MAX) fatal("an array of %lld elements as a value", (long long)u->array.len);
    gcc_jit_type *a = gcc_jit_context_new_array_type(g->ctx, NULL, elem->t, (int)u->array.len);
    gcc_jit_field *field = gcc_jit_context_new_field(g->ctx, NULL, a, "a");
    gcc_jit_struct *st = gcc_jit_context_new_struct_type(g->ctx, NULL, "array", 1, &field);
    return new_type(g, GT_AGG, gcc_jit_struct_as_type(st), type_size(g->s, u), elem->align);
}

/* ---- the mapping ---- */

static GenType *basic_type(Gen *g, BasicKind k) {
    switch (k) {
    case BK_BOOL: return g->t_bool;
    case BK_INT: case BK_INT64: return g->t_int;
    case BK_INT8: return scalar(g, GT_INT, GCC_JIT_TYPE_INT8_T, 1, true);
    case BK_INT16: return scalar(g, GT_INT, GCC_JIT_TYPE_INT16_T, 2, true);
    case BK_INT32: return g->t_i32;
    case BK_UINT8: return g->t_u8;
    case BK_UINT16: return scalar(g, GT_INT, GCC_JIT_TYPE_UINT16_T, 2, false);
    case BK_UINT32: return g->t_u32;
    case BK_UINT: case BK_UINT64: case BK_UINTPTR: return g->t_u64;
    case BK_FLOAT32: return g->t_f32;
    case BK_FLOAT64: return g->t_f64;
    case BK_COMPLEX64: return new_struct(g, "complex64", (FieldSpec[]){{"re", g->t_f32, 0}, {"im", g->t_f32, 4}}, 2, 8);
    case BK_COMPLEX128: return g->t_c128;
    case BK_STRING: return g->t_string;
    case BK_UNSAFE_POINTER: return g->t_ptr;
    default: break;
    }
    fatal("basic type %d reached code generation", k);
}

static GenType *make_type(Gen *g, Type *t) {
    if (t->kind == TY_TUPLE) return tuple_type(g, t);
    Type *u = type_under(g->s, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return basic_type(g, u->basic.kind);
    case TY_POINTER: case TY_MAP: case TY_CHAN: case TY_FUNC: return g->t_ptr;
    case TY_SLICE: return g->t_slice;
    case TY_INTERFACE: return g->t_iface;
    case TY_ARRAY: return array_type(g, u);
    case TY_STRUCT: return struct_type(g, t, u);
    case TY_TUPLE: case TY_NAMED: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    fatal("a type of kind %d reached code generation", u->kind);
}

GenType *gen_type(Gen *g, Type *t) {
    if (!t) return g->t_void;
    GenType *gt = ptrmap_get(&g->types, t);
    if (gt) return gt;
    /* A named type shares the representation of what it names, so that conversions cost nothing; debuggers see the
     * name that came first. */
    Type *canon = t->kind == TY_TUPLE ? t : type_canon_under(g->s, t);
    gt = ptrmap_get(&g->types, canon);
    if (!gt) {
        gt = make_type(g, t);
        if (t->kind != TY_TUPLE) check(gt->size == type_size(g->s, t));
        ptrmap_put(g->arena, &g->types, canon, gt);
    }
    if (canon != t) ptrmap_put(g->arena, &g->types, t, gt);
    return gt;
}

gcc_jit_type *gen_ptr_to(GenType *t) {
    if (!t->ptr) t->ptr = gcc_jit_type_get_pointer(t->t);
    return t->ptr;
}

/* ---- signatures ---- */

GenSig gen_sig(Gen *g, Type **params, int n, Type *result) {
    GenSig sig = {.result = gen_type(g, result), .params = NEW_ARRAY(g->arena, gcc_jit_type *, 3 * n)};
    for (int i = 0; i < n; i++) {
        GenType *t = gen_type(g, params[i]);
        if (t->cls == GT_VOID) continue;
        if (t->is_slice) {
            sig.params[sig.n++] = g->t_ptr->t;
            sig.params[sig.n++] = g->t_int->t;
            sig.params[sig.n++] = g->t_int->t;
        } else {
            sig.params[sig.n++] = t->t;
        }
    }
    return sig;
}

bool gen_same_sig(const GenSig *a, const GenSig *b) {
    if (a->result->t != b->result->t || a->n != b->n) return false;
    for (int i = 0; i < a->n; i++)
        if (a->params[i] != b->params[i]) return false;
    return true;
}

gcc_jit_type *gen_fn_ptr(Gen *g, const GenSig *sig) {
    Buf key = {0};
    buf_put(&key, &sig->result->t, sizeof(void *));
    buf_put(&key, sig->params, sizeof(void *) * (size_t)sig->n);
    const Name *name = name_ofn(g->names, key.data, key.len);
    buf_free(&key);
    gcc_jit_type *t = ptrmap_get(&g->fn_types, name);
    if (!t) {
        t = gcc_jit_context_new_function_ptr_type(g->ctx, NULL, sig->result->t, sig->n, sig->params, 0);
        ptrmap_put(g->arena, &g->fn_types, name, t);
    }
    return t;
}

void gen_init_types(Gen *g) {
    g->t_void = scalar(g, GT_VOID, GCC_JIT_TYPE_VOID, 0, false);
    g->t_void->align = 1;
    g->t_bool = scalar(g, GT_BOOL, GCC_JIT_TYPE_BOOL, 1, false);
    g->t_int = scalar(g, GT_INT, GCC_JIT_TYPE_INT64_T, 8, true);
    g->t_u64 = scalar(g, GT_INT, GCC_JIT_TYPE_UINT64_T, 8, false);
    g->t_i32 = scalar(g, GT_INT, GCC_JIT_TYPE_INT32_T, 4, true);
    g->t_u32 = scalar(g, GT_INT, GCC_JIT_TYPE_UINT32_T, 4, false);
    g->t_u8 = scalar(g, GT_INT, GCC_JIT_TYPE_UINT8_T, 1, false);
    g->t_f64 = scalar(g, GT_FLOAT, GCC_JIT_TYPE_DOUBLE, 8, true);
    g->t_f32 = scalar(g, GT_FLOAT, GCC_JIT_TYPE_FLOAT, 4, true);
    g->t_ptr = scalar(g, GT_PTR, GCC_JIT_TYPE_VOID_PTR, 8, false);
    g->t_bytes = gen_ptr_to(g->t_u8);
    g->t_string = new_struct(g, "string", (FieldSpec[]){{"ptr", g->t_ptr, 0}, {"len", g->t_int, 8}}, 2, 16);
    g->t_iface = new_struct(g, "interface", (FieldSpec[]){{"type", g->t_ptr, 0}, {"data", g->t_ptr, 8}}, 2, 16);
    g->t_slice = new_struct(g, "slice", (FieldSpec[]){{"ptr", g->t_ptr, 0}, {"len", g->t_int, 8}, {"cap", g->t_int, 16}}, 3, 24);
    g->t_slice->is_slice = true;
    g->t_ptr_bool = new_struct(g, "pointer_ok", (FieldSpec[]){{"p", g->t_ptr, 0}, {"ok", g->t_bool, 8}}, 2, 16);
    g->t_c128 = new_struct(g, "complex128", (FieldSpec[]){{"re", g->t_f64, 0}, {"im", g->t_f64, 8}}, 2, 16);
}
