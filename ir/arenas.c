/* arenas.c: allocation from arenas, inline. IR_NEW with an arena as operand becomes, at the very end,
 *
 *     if a != nil && a.record != nil && the running goroutine owns it && its chunk has room
 *         the object is where the lane's next one begins, which moves on
 *     else
 *         rt_arena_new
 *
 * The memory of chunks is zero already. What is left alone are objects in frames, and those without size. */
#include "ir/ir.h"

#include <string.h>

enum { LANE_PLAIN, LANE_WORDS, ALIGN = 8 };

typedef struct Expander {
    const IrPackage *p;
    IrFunc *f;
    IrBlock *out;
    const IrInstr *in; /* being expanded */
    Type *t_bool, *t_ptr;
} Expander;

static IrInstr *emit(Expander *x, IrOp op, Type *type, IrVal a, IrVal b) {
    vec_push(x->f->arena, &x->out->instrs, ((IrInstr){.op = (uint8_t)op, .dst = -1, .type = type, .a = a, .b = b, .pos = x->in->pos, .inl = x->in->inl}));
    return &vec_last(&x->out->instrs);
}

static IrVal compute(Expander *x, IrOp op, Type *result, Type *type, IrVal a, IrVal b, int64_t off) {
    int dst = ir_local(x->f, result, NULL, NO_POS);
    IrInstr *in = emit(x, op, type, a, b);
    in->dst = dst;
    in->off = off;
    return iv_local(x->f, dst);
}

static IrVal load(Expander *x, IrVal base, int64_t off) { return compute(x, IR_LOAD, x->t_ptr, x->t_ptr, base, iv_none(), off); }

static IrBlock *new_block(Expander *x, const IrBlock *like, bool cold) {
    IrBlock *b = ir_block(x->f);
    b->loop_depth = like->loop_depth;
    b->cold = cold || like->cold;
    return b;
}

/* Goes on in a new block if the test holds, in slow otherwise. */
static void require(Expander *x, IrOp op, IrVal a, IrVal b, IrBlock *slow) {
    IrVal cond = compute(x, op, x->t_bool, x->t_ptr, a, b, 0);
    IrBlock *next = new_block(x, x->out, false);
    emit(x, IR_BR, NULL, cond, iv_none())->off = 1;
    x->out->succ[0] = next;
    x->out->succ[1] = slow;
    x->out = next;
}

static void jump(Expander *x, IrBlock *to) {
    emit(x, IR_JUMP, NULL, iv_none(), iv_none());
    x->out->succ[0] = to;
}

static void call_runtime(Expander *x, IrBlock *slow, IrBlock *after) {
    IrCall *c = NEW(x->f->arena, IrCall);
    c->rt = RTE_rt_arena_new;
    c->nparams = 2;
    c->params = NEW_ARRAY(x->f->arena, Type *, 2);
    c->args = NEW_ARRAY(x->f->arena, IrVal, 2);
    c->params[0] = c->params[1] = x->t_ptr;
    c->args[0] = x->in->a;
    c->args[1] = iv_sym(x->t_ptr, ir_type_sym((IrPackage *)x->p, x->in->type), 0);
    c->result = x->f->locals.at[x->in->dst].type;
    x->out = slow;
    IrInstr *call = emit(x, IR_CALL_RT, c->result, iv_none(), iv_none());
    call->dst = x->in->dst;
    call->call = c;
    jump(x, after);
}

static void expand(Expander *x, IrBlock *b, IrBlock *after) {
    int64_t size = (type_size(x->p->sema, x->in->type) + ALIGN - 1) & ~(int64_t)(ALIGN - 1);
    int64_t lane = RT_ARENA_LANE * (type_has_pointers(x->p->sema, x->in->type) ? LANE_WORDS : LANE_PLAIN);
    IrBlock *slow = new_block(x, b, true);
    IrVal nil = iv_zero(x->t_ptr);
    x->out = b;
    require(x, IR_NE, x->in->a, nil, slow);
    IrVal rec = load(x, x->in->a, offsetof(GoArena, record));
    require(x, IR_NE, rec, nil, slow);
    IrVal g = compute(x, IR_GETG, x->t_ptr, x->t_ptr, iv_none(), iv_none(), 0);
    require(x, IR_EQ, load(x, rec, RT_ARENA_OWNER), g, slow);
    IrVal at = load(x, rec, lane + RT_ARENA_NEXT);
    IrVal next = compute(x, IR_OFFSET, x->t_ptr, x->t_ptr, at, iv_none(), size);
    require(x, IR_LE, next, load(x, rec, lane + RT_ARENA_END), slow);
    emit(x, IR_STORE, x->t_ptr, rec, next)->off = lane + RT_ARENA_NEXT;
    emit(x, IR_COPY, x->in->type, at, iv_none())->dst = x->in->dst;
    jump(x, after);
    call_runtime(x, slow, after);
}

static bool is_site(const Expander *x, const IrInstr *in) {
    return in->op == IR_NEW && in->a.kind != IV_NONE && !in->alloc.on_stack && type_size(x->p->sema, in->type) > 0;
}

/* Cuts b behind its first site and expands that; what follows is a block of its own, which is looked at later. */
static bool expand_first(Expander *x, IrBlock *b) {
    for (int i = 0; i < b->instrs.len; i++) {
        if (!is_site(x, &b->instrs.at[i])) continue;
        IrInstr site = b->instrs.at[i];
        IrBlock *after = new_block(x, b, false);
        for (int j = i + 1; j < b->instrs.len; j++) vec_push(x->f->arena, &after->instrs, b->instrs.at[j]);
        memcpy(after->succ, b->succ, sizeof b->succ);
        b->instrs.len = i;
        x->in = &site;
        expand(x, b, after);
        return true;
    }
    return false;
}

void ir_expand_arenas(IrPackage *p) {
    Expander x = {.p = p};
    x.t_bool = type_canon(p->sema, type_basic(p->sema, BK_BOOL));
    x.t_ptr = type_canon(p->sema, type_basic(p->sema, BK_UNSAFE_POINTER));
    for (int i = 0; i < p->funcs.len; i++) {
        x.f = p->funcs.at[i];
        bool any = false;
        for (int k = 0; k < x.f->blocks.len; k++) any |= expand_first(&x, x.f->blocks.at[k]);
        if (any) ir_simplify_func(p, x.f);
    }
}
