/* lower_at.c: Goo's directed allocation: expr @ a, and arena blocks.
 *
 * The allocator is evaluated first. It is left in the Builder with the node whose allocation it directs; whoever
 * lowers that allocation takes it (lw_take_at). One that is statically a *mem.Arena becomes an operand of IR_NEW, which
 * is inlined at the end (arenas.c), or comes without itab in a runtime call; any other is passed as a mem.Allocator.
 *
 * An arena block has a record (mem.record) and a mem.Arena that points to it, both ordinary allocations that escape
 * analysis puts into the frame where it can, and an RtArenaFrame: a recovery point with one deferred call, which
 * releases the arena when a panic or Goexit leaves the block. It recovers nothing, so it needs no setjmp. Every other way
 * out calls rt_arena_end (lower_try.c: lw_leave_tries). Its last operand, RR_GUARDED, may be changed by an analysis that
 * proves that nothing refers to the arena's memory there. */
#include "ir/lower.h"

#include <string.h>

static Type *mem_type(Lower *l, const char *name) { return type_canon(l->s, lw_library_func(l, "goo/mem", name)->type); }

/* ---- @ ---- */

static bool is_arena(Builder *b, Type *t) {
    return t->kind == TY_POINTER && lw_elem(b->l, t) == mem_type(b->l, "Arena");
}

static bool is_pool(Builder *b, Type *t) {
    Type *pool = lw_library_func(b->l, "goo/mem", "Pool")->type, *of = t->kind == TY_POINTER ? lw_elem(b->l, t) : NULL;
    return of && of->kind == TY_NAMED && of->named.obj == pool->named.obj;
}

static LwAt allocator_of(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n), *ptr = b->l->t_ptr, *allocator = mem_type(b->l, "Allocator");
    if (is_arena(b, t)) return (LwAt){.is_arena = true, .data = lw_snapshot(b, lw_expr(b, n)), .tab = iv_zero(ptr)};
    if (is_pool(b, t)) return (LwAt){.is_pool = true, .data = lw_snapshot(b, lw_expr(b, n)), .tab = iv_zero(ptr)};
    IrVal v = lw_snapshot(b, lw_expr_as(b, n, allocator));
    return (LwAt){.data = lw_snapshot(b, lw_part(b, v, ptr, 8)), .tab = lw_snapshot(b, lw_part(b, v, ptr, 0))};
}

IrVal lw_at_expr(Builder *b, Node *n) {
    Node *x = ast_unparen(n->at_expr.x);
    if (n->at_expr.allocator->mode == EM_NIL) return lw_expr(b, x);
    LwAt *at = NEW(b->l->arena, LwAt);
    *at = allocator_of(b, n->at_expr.allocator);
    at->node = x;
    at->outer = b->at;
    b->at = at;
    IrVal v = lw_expr(b, x);
    b->at = at->outer;
    return v;
}

const LwAt *lw_take_at(Builder *b, const Node *n) { return b->at && b->at->node == n ? b->at : NULL; }

IrVal lw_new_at(Builder *b, Type *t, const LwAt *at) {
    if (!at) return lw_new(b, t);
    if (at->is_arena) {
        IrVal p = lw_new(b, t);
        if (b->cur) vec_last(&b->cur->instrs).a = at->data;
        return p;
    }
    if (at->is_pool) return LW_RT(b, rt_pool_new, lw_ptr_to(b->l, t), at->data, lw_type_val(b, t));
    return LW_RT(b, rt_new_at, lw_ptr_to(b->l, t), lw_type_val(b, t), at->data, at->tab);
}

IrVal lw_rt_at(Builder *b, RtEntry plain, RtEntry directed, Type *result, const IrVal *args, int n, const LwAt *at) {
    IrVal *all = NEW_ARRAY(b->l->arena, IrVal, n + 2);
    memcpy(all, args, (size_t)n * sizeof *all);
    if (!at) return lw_rt(b, plain, result, all, n);
    all[n] = at->data;
    all[n + 1] = at->tab;
    return lw_rt(b, directed, result, all, n + 2);
}

/* ---- arena blocks ---- */

IrVal lw_begin_arena(Builder *b, Node *n, IrVal inside) {
    Lower *l = b->l;
    Type *record = mem_type(l, "record"), *arena = mem_type(l, "Arena");
    IrVal first = iv_int(l->t_int, 0);
    if (n->arena_stmt.size) first = lw_snapshot(b, lw_expr_as(b, n->arena_stmt.size, l->t_int));
    IrVal rec = lw_new(b, record);
    lw_allocates_as(b, (IrAlloc){.pos = n->pos, .node = n});
    IrVal a = lw_new(b, arena);
    lw_allocates_as(b, (IrAlloc){.pos = n->pos, .node = n});
    lw_store(b, l->t_ptr, a, 0, rec);
    IrVal frame = iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtArenaFrame)), 0, l->t_ptr);
    LW_RT(b, rt_arena_begin, NULL, rec, frame, first, inside);
    b->f->flags |= IF_NOINLINE;
    if (n->arena_stmt.var) lw_declare_var(b, n->arena_stmt.var, a);
    return frame;
}

void lw_end_arena(Builder *b, IrVal frame) { LW_RT(b, rt_arena_end, NULL, frame, iv_int(b->l->t_int, RR_GUARDED)); }
