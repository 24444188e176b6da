/* ir_support.h: building intermediate representation by hand, for the tests of ir/ and codegen/. */
#ifndef IR_SUPPORT_H
#define IR_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"

typedef struct World {
    Arena *a;
    SourceSet sources;
    Diags diags;
    Sema s;
    Package pkg;
    IrPackage p;
    Type *t_int, *t_bool, *t_ptr, *t_slice;
    IrFunc *f;   /* the function being built */
    IrBlock *b;  /* and its current block */
    Pos pos;     /* of instructions */
} World;

static inline int world_setup(void **state) {
    Arena *a = arena_new();
    World *w = NEW(a, World);
    w->a = a;
    sources_init(&w->sources, a);
    diags_init(&w->diags, a, &w->sources);
    NameTable *names = names_new(a);
    sema_init(&w->s, a, names, &w->sources, &w->diags, NULL, NULL);
    w->pkg = (Package){.path = "test", .name = name_of(names, "test"), .complete = true};
    w->p = (IrPackage){.sema = &w->s, .pkg = &w->pkg, .arena = a};
    w->t_int = type_canon(&w->s, type_basic(&w->s, BK_INT));
    w->t_bool = type_canon(&w->s, type_basic(&w->s, BK_BOOL));
    w->t_ptr = type_canon(&w->s, type_basic(&w->s, BK_UNSAFE_POINTER));
    w->t_slice = type_canon(&w->s, type_new_slice(&w->s, w->t_int));
    *state = w;
    return 0;
}

static inline int world_teardown(void **state) {
    arena_free(((World *)*state)->a);
    return 0;
}

static inline Type *basic(World *w, BasicKind k) { return type_canon(&w->s, type_basic(&w->s, k)); }

/* Starts a function; its first block is current. */
static inline IrFunc *func(World *w, const char *name, Type **params, int n, Type *result) {
    w->f = ir_func_new(&w->p, ir_sym(&w->p, name), IL_GLOBAL, params, NULL, n, result);
    w->f->pos = w->pos;
    w->b = ir_block(w->f);
    return w->f;
}
#define PARAMS(...) ((Type *[]){__VA_ARGS__}), (int)(sizeof((Type *[]){__VA_ARGS__}) / sizeof(Type *))

static inline IrInstr *emit(World *w, IrOp op, IrVal a, IrVal b) {
    vec_push(w->a, &w->b->instrs, ((IrInstr){.op = op, .dst = -1, .a = a, .b = b, .c = iv_none(), .pos = w->pos}));
    return &vec_last(&w->b->instrs);
}

/* dst = op a, b into a new local of type result; type is the instruction's. */
static inline IrVal temp(World *w, IrOp op, Type *result, Type *type, IrVal a, IrVal b) {
    int dst = ir_local(w->f, result, NULL, NO_POS);
    IrInstr *in = emit(w, op, a, b);
    in->dst = dst;
    in->type = type;
    return iv_local(w->f, dst);
}

static inline IrVal local(World *w, int i) { return iv_local(w->f, i); }
static inline IrVal num(World *w, int64_t v) { return iv_int(w->t_int, v); }
static inline void ret(World *w, IrVal v) { emit(w, IR_RET, v, iv_none()); }
static inline void jump(World *w, IrBlock *to) {
    emit(w, IR_JUMP, iv_none(), iv_none());
    w->b->succ[0] = to;
}
static inline void branch(World *w, IrVal cond, IrBlock *yes, IrBlock *no) {
    emit(w, IR_BR, cond, iv_none());
    w->b->succ[0] = yes;
    w->b->succ[1] = no;
}

static inline IrVal call(World *w, const char *callee, Type **params, IrVal *args, int n, Type *result) {
    IrCall *c = NEW(w->a, IrCall);
    *c = (IrCall){.sym = ir_sym(&w->p, callee), .params = params, .nparams = n, .result = result, .args = args};
    int dst = result ? ir_local(w->f, result, NULL, NO_POS) : -1;
    IrInstr *in = emit(w, IR_CALL, iv_none(), iv_none());
    in->dst = dst;
    in->call = c;
    return result ? iv_local(w->f, dst) : iv_none();
}

static inline IrVal call1(World *w, const char *callee, Type *param, IrVal arg, Type *result) {
    Type **params = NEW(w->a, Type *);
    IrVal *args = NEW(w->a, IrVal);
    *params = param;
    *args = arg;
    return call(w, callee, params, args, 1, result);
}

/* The printed form of a function, in the arena. */
static inline const char *printed(World *w, const IrFunc *f) {
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    ir_print_func(&w->p, f, out);
    fclose(out);
    char *kept = arena_strndup(w->a, text, n);
    free(text);
    return kept;
}

#endif
