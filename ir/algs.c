/* algs.c: equality and hashing of types, for descriptors (GoType.equal, GoMapType.hasher) and comparisons.
 *
 * Types whose equality is that of their bytes share one runtime routine, parametrised by the size in its closure.
 * Basic kinds with rules of their own have a routine each. Structs and arrays of the others get functions made here. */
#include "ir/lower.h"

/* ---- classification ---- */

/* How values of a type compare. */
typedef enum AlgKind { ALG_NONE, ALG_MEM, ALG_STRING, ALG_EFACE, ALG_IFACE, ALG_F32, ALG_F64, ALG_C64, ALG_C128, ALG_STRUCT, ALG_ARRAY } AlgKind;

/* Routines of the runtime (runtime/alg_closures.c) for the kinds that are the same for every type. */
static const struct { const char *equal, *hash; } alg_routine[] = {
    [ALG_STRING] = {"rt_alg_string_equal", "rt_alg_string_hash"}, [ALG_EFACE] = {"rt_alg_eface_equal", "rt_alg_eface_hash"},
    [ALG_IFACE] = {"rt_alg_iface_equal", "rt_alg_iface_hash"},    [ALG_F32] = {"rt_alg_f32_equal", "rt_alg_f32_hash"},
    [ALG_F64] = {"rt_alg_f64_equal", "rt_alg_f64_hash"},          [ALG_C64] = {"rt_alg_c64_equal", "rt_alg_c64_hash"},
    [ALG_C128] = {"rt_alg_c128_equal", "rt_alg_c128_hash"},       [ALG_ARRAY] = {NULL, NULL},
};

static AlgKind alg_kind(Lower *l, Type *t);

static AlgKind basic_alg(const Type *u) {
    switch (u->basic.kind) {
    case BK_STRING: return ALG_STRING;
    case BK_FLOAT32: return ALG_F32;
    case BK_FLOAT64: return ALG_F64;
    case BK_COMPLEX64: return ALG_C64;
    case BK_COMPLEX128: return ALG_C128;
    default: return ALG_MEM;
    }
}

static bool is_blank_field(Lower *l, const Object *f) { return f->name == l->s->n_blank; }

/* A struct compares as memory when all its fields do and there is no padding and no blank field. */
static AlgKind struct_alg(Lower *l, Type *u) {
    int64_t end = 0;
    AlgKind kind = ALG_MEM;
    for (int i = 0; i < u->struct_.n; i++) {
        Object *f = u->struct_.fields[i];
        AlgKind k = alg_kind(l, f->type);
        if (k == ALG_NONE) return ALG_NONE;
        if (k != ALG_MEM || is_blank_field(l, f) || type_field_offset(l->s, u, i) != end) kind = ALG_STRUCT;
        end = type_field_offset(l->s, u, i) + type_size(l->s, f->type);
    }
    return end == type_size(l->s, u) ? kind : ALG_STRUCT;
}

static AlgKind alg_kind(Lower *l, Type *t) {
    Type *u = lw_under(l, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return basic_alg(u);
    case TY_POINTER: case TY_CHAN: return ALG_MEM;
    case TY_SLICE: case TY_MAP: case TY_FUNC: return ALG_NONE;
    case TY_INTERFACE: return lw_is_eface(l, u) ? ALG_EFACE : ALG_IFACE;
    case TY_ARRAY: {
        AlgKind k = alg_kind(l, u->array.elem);
        return k == ALG_NONE || k == ALG_MEM ? k : ALG_ARRAY;
    }
    case TY_STRUCT: return struct_alg(l, u);
    case TY_NAMED: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    unreachable();
}

bool lw_is_regular_memory(Lower *l, Type *t) { return alg_kind(l, t) == ALG_MEM; }

unsigned lw_key_flags(Lower *l, Type *t) {
    Type *u = lw_under(l, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC:
        if (u->basic.props & (TP_FLOAT | TP_COMPLEX)) return MF_NEED_KEY_UPDATE;
        return MF_REFLEXIVE | (u->basic.kind == BK_STRING ? MF_NEED_KEY_UPDATE : 0u);
    case TY_INTERFACE: return MF_NEED_KEY_UPDATE | MF_HASH_MIGHT_PANIC;
    case TY_ARRAY: return lw_key_flags(l, u->array.elem);
    case TY_STRUCT: {
        unsigned flags = MF_REFLEXIVE;
        for (int i = 0; i < u->struct_.n; i++) {
            unsigned f = lw_key_flags(l, u->struct_.fields[i]->type);
            flags = (flags & f & MF_REFLEXIVE) | ((flags | f) & ~(unsigned)MF_REFLEXIVE);
        }
        return flags;
    }
    default: return MF_REFLEXIVE;
    }
}

/* ---- closures ---- */

/* A static closure object {code, word}. */
static IrSym *static_closure(Lower *l, const char *name, IrSym *code, int64_t word) {
    IrSym *sym = ir_sym(l->p, name);
    if (sym->data) return sym;
    IrData *d = ir_data_new(l->p, sym, 16, 8, IL_WEAK);
    d->readonly = true;
    ir_data_addr(l->p, d, 0, code, 0);
    ir_data_int(d, 8, 8, (uint64_t)word);
    return sym;
}

static IrSym *routine_closure(Lower *l, const char *routine, int64_t word) {
    IrSym *code = ir_sym(l->p, routine);
    code->is_func = true;
    return static_closure(l, arena_printf(l->arena, "go:alg.%s.%lld", routine, (long long)word), code, word);
}

/* A compiler-made function with parameters (pointer, second, environment) of type t's equality or hash. */
typedef struct AlgJob { IrSym *sym; Type *t; bool hash; } AlgJob;
static void make_alg(Lower *l, void *arg);

static IrSym *alg_func(Lower *l, Type *t, bool hash) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "type:.%s.%s", hash ? "hash" : "eq", type_link_str(l->s, t)));
    if (sym->func || ptrmap_get(&l->wrappers, sym)) return sym;
    sym->is_func = true;
    ptrmap_put(l->arena, &l->wrappers, sym, sym);
    AlgJob *j = NEW(l->arena, AlgJob);
    *j = (AlgJob){sym, t, hash};
    lw_defer_job(l, make_alg, j);
    return sym;
}

static IrSym *alg_closure(Lower *l, Type *t, bool hash) {
    AlgKind k = alg_kind(l, t);
    if (k == ALG_NONE) return NULL;
    if (k == ALG_MEM) return routine_closure(l, hash ? "rt_alg_mem_hash" : "rt_alg_mem_equal", type_size(l->s, t));
    if (k < ALG_STRUCT) return routine_closure(l, hash ? alg_routine[k].hash : alg_routine[k].equal, 0);
    IrSym *code = alg_func(l, t, hash);
    return static_closure(l, arena_printf(l->arena, "go:alg.%s", code->name), code, 0);
}

IrSym *lw_equal_closure(Lower *l, Type *t) { return alg_closure(l, t, false); }
IrSym *lw_hash_closure(Lower *l, Type *t) { return alg_closure(l, t, true); }

/* ---- comparing inline ---- */

/* Calls routine(pa, second, closure of t) and returns its result. */
static IrVal call_alg(Builder *b, Type *t, bool hash, IrVal pa, IrVal second) {
    Lower *l = b->l;
    IrCall *c = NEW(l->arena, IrCall);
    c->nparams = 3;
    c->params = NEW_ARRAY(l->arena, Type *, 3);
    c->args = NEW_ARRAY(l->arena, IrVal, 3);
    c->params[0] = c->params[2] = l->t_ptr;
    c->params[1] = hash ? l->t_uintptr : l->t_ptr;
    c->args[0] = pa;
    c->args[1] = second;
    c->args[2] = iv_sym(l->t_ptr, alg_closure(l, t, hash), 0);
    c->has_env = true;
    c->result = hash ? l->t_uintptr : l->t_bool;
    AlgKind k = alg_kind(l, t);
    const char *routine = hash ? alg_routine[k].hash : alg_routine[k].equal;
    if (k == ALG_MEM) routine = hash ? "rt_alg_mem_hash" : "rt_alg_mem_equal";
    c->sym = k >= ALG_STRUCT ? alg_func(l, t, hash) : ir_sym(l->p, routine);
    c->sym->is_func = true;
    IrInstr *in = lw_emit(b, IR_CALL);
    in->call = c;
    in->type = c->result;
    in->dst = lw_new_temp(b, c->result);
    return iv_local(b->f, in->dst);
}

static Type *word_of_size(Lower *l, int64_t size) {
    switch (size) {
    case 1: return l->t_uint8;
    case 4: return l->t_uint32;
    case 8: return l->t_uint64;
    default: return NULL;
    }
}

IrVal lw_equal_values(Builder *b, Type *t, IrVal pa, IrVal pb) {
    Lower *l = b->l;
    AlgKind k = alg_kind(l, t);
    if (k >= ALG_STRUCT) return call_alg(b, t, false, pa, pb);
    if (k != ALG_MEM) return lw_compare(b, TK_EQL, t, lw_load(b, t, pa, 0), lw_load(b, t, pb, 0));
    int64_t size = type_size(l->s, t);
    Type *word = word_of_size(l, size);
    if (size == 0) return iv_int(l->t_bool, 1);
    if (word) return lw_temp(b, IR_EQ, l->t_bool, word, lw_load(b, word, pa, 0), lw_load(b, word, pb, 0));
    return LW_RT(b, rt_memequal, l->t_bool, pa, pb, iv_int(l->t_int, size));
}

/* ---- bodies ---- */

static IrVal advance(Builder *b, IrVal p, int64_t off) {
    if (off == 0) return p;
    IrVal r = lw_temp(b, IR_OFFSET, b->l->t_ptr, b->l->t_ptr, p, iv_none());
    vec_last(&b->cur->instrs).off = off;
    return r;
}

static void return_value(Builder *b, IrVal v) {
    lw_emit(b, IR_RET)->a = v;
    b->cur = NULL;
}

/* Goes on only if equal holds. */
static void leave_unless(Builder *b, IrVal equal) {
    IrBlock *differ = ir_block(b->f), *same = ir_block(b->f);
    lw_branch(b, equal, same, differ);
    lw_start(b, differ);
    return_value(b, iv_int(b->l->t_bool, 0));
    lw_start(b, same);
}

/* One step over the part of type t at off: folds it into the running hash, or leaves when it differs. */
static void alg_step(Builder *b, bool hash, Type *t, IrVal p, IrVal q, int acc, int64_t off) {
    if (hash) lw_copy(b, acc, call_alg(b, t, true, advance(b, p, off), iv_local(b->f, acc)));
    else leave_unless(b, lw_equal_values(b, t, advance(b, p, off), advance(b, q, off)));
}

/* The parts of fields from..to-1 of which one look tells whether they differ: scalars, and lengths of strings; or what
 * is left of these fields. */
static void equal_fields(Builder *b, Type *u, int from, int to, bool cheap, IrVal p, IrVal q) {
    Lower *l = b->l;
    for (int i = from; i < to; i++) {
        Type *t = type_canon(l->s, u->struct_.fields[i]->type);
        AlgKind k = alg_kind(l, t);
        int64_t off = type_field_offset(l->s, u, i);
        bool is_cheap = k >= ALG_F32 ? k < ALG_STRUCT : k == ALG_MEM && word_of_size(l, type_size(l->s, t));
        if (is_blank_field(l, u->struct_.fields[i])) continue;
        if (is_cheap == cheap) alg_step(b, false, t, p, q, -1, off);
        else if (cheap && k == ALG_STRING) alg_step(b, false, l->t_int, p, q, -1, off + 8);
    }
}

/* Fields whose comparison may panic are compared in their place; between two of these, first the cheap parts. */
static void equal_struct(Builder *b, Type *u, IrVal p, IrVal q) {
    for (int from = 0, to; from < u->struct_.n; from = to) {
        to = from + 1;
        while (to < u->struct_.n && !(lw_key_flags(b->l, u->struct_.fields[to - 1]->type) & MF_HASH_MIGHT_PANIC) &&
               !(lw_key_flags(b->l, u->struct_.fields[to]->type) & MF_HASH_MIGHT_PANIC))
            to++;
        equal_fields(b, u, from, to, true, p, q);
        equal_fields(b, u, from, to, false, p, q);
    }
}

static void hash_struct(Builder *b, Type *u, IrVal p, int acc) {
    for (int i = 0; i < u->struct_.n; i++) {
        Object *f = u->struct_.fields[i];
        if (is_blank_field(b->l, f)) continue;
        alg_step(b, true, type_canon(b->l->s, f->type), p, iv_none(), acc, type_field_offset(b->l->s, u, i));
    }
}

static void alg_array(Builder *b, bool hash, Type *u, IrVal p, IrVal q, int acc) {
    Lower *l = b->l;
    Type *elem = type_canon(l->s, u->array.elem);
    int64_t size = type_size(l->s, elem);
    int i = lw_new_temp(b, l->t_int);
    IrBlock *test = ir_block(b->f), *body = ir_block(b->f), *done = ir_block(b->f);
    lw_copy(b, i, iv_int(l->t_int, 0));
    lw_jump(b, test);
    lw_start(b, test);
    lw_branch(b, lw_temp(b, IR_LT, l->t_bool, l->t_int, iv_local(b->f, i), iv_int(l->t_int, u->array.len)), body, done);
    lw_start(b, body);
    IrVal pi = lw_temp(b, IR_INDEX, l->t_ptr, l->t_ptr, p, iv_local(b->f, i));
    vec_last(&b->cur->instrs).off = size;
    IrVal qi = q;
    if (!hash) {
        qi = lw_temp(b, IR_INDEX, l->t_ptr, l->t_ptr, q, iv_local(b->f, i));
        vec_last(&b->cur->instrs).off = size;
    }
    alg_step(b, hash, elem, pi, qi, acc, 0);
    lw_copy(b, i, lw_temp(b, IR_ADD, l->t_int, l->t_int, iv_local(b->f, i), iv_int(l->t_int, 1)));
    lw_jump(b, test);
    lw_start(b, done);
}

static void make_alg(Lower *l, void *arg) {
    AlgJob *j = arg;
    Type *params[3] = {l->t_ptr, j->hash ? l->t_uintptr : l->t_ptr, l->t_ptr};
    const Name *names[3] = {0};
    IrFunc *f = ir_func_new(l->p, j->sym, IL_WEAK, params, names, 3, j->hash ? l->t_uintptr : l->t_bool);
    f->flags |= IF_HAS_ENV | IF_WRAPPER;
    Builder *b = lw_builder(l, f, NULL);
    Type *u = lw_under(l, j->t);
    IrVal p = iv_local(f, 0), q = iv_local(f, 1);
    if (u->kind == TY_STRUCT && j->hash) hash_struct(b, u, p, 1);
    else if (u->kind == TY_STRUCT) equal_struct(b, u, p, q);
    else alg_array(b, j->hash, u, p, q, 1);
    return_value(b, j->hash ? iv_local(f, 1) : iv_int(l->t_bool, 1));
}
