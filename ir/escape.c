/* escape.c: escape analysis: which allocations can be in the frame of the function that makes them.
 *
 * An object may be in the frame if no pointer to it is used after the function has returned, or, when it is made in a
 * loop, after the next iteration has made it anew. The algorithm is that of Go's compiler since 1.13 (cmd/compile,
 * internal/escape; M. Dempsky, "Redesigning Go's escape analysis"): a graph whose nodes are locations (variables,
 * allocations, results, the heap) and whose edges say that a value flows from one to another with a number of
 * dereferences, -1 for taking an address. An object escapes if its address flows to a location that outlives it: the
 * heap, a result, a variable outside of the loop that makes the object, a variable of the function around a closure.
 * Flow within a location, and order, are not told apart: a struct's fields are one location, and a variable
 * holds whatever is assigned to it anywhere.
 *
 * It runs on the IR, behind inlining, rather than on the tree: what a constructor that was inlined returns stays, there are
 * few kinds of instructions, and all sugar has become those. The price is that variables whose address is
 * taken are boxes there, reached through a pointer; escape_flow.c sees through these ("targets").
 *
 * Functions are visited callees first, by Tarjan's algorithm for strongly connected components, with a closure's body
 * and the functions that make the closure always in one component. A component (a batch) is one graph: arguments
 * flow to parameters, captured values to where the body reads them. Calls out of the batch use the contract of the
 * callee (IrEscape), which is all that is kept of a function: plain numbers, fit for a file. Arguments of calls of unknown
 * functions, through interfaces or function values, escape.
 *
 * Frames are stack segments that never move, so addresses in them are ordinary ones, and the collector scans them
 * conservatively. */
#include "ir/escape.h"

EscFunc *esc_func(Escape *e, const IrFunc *f) { return ptrmap_get(&e->funcs, f); }

/* ---- the call graph ---- */

static void link_closure(void *ctx, IrVal *v) {
    void **pair = ctx;
    Escape *e = pair[0];
    EscFunc *maker = pair[1], *body = v->kind == IV_SYM && v->sym->func ? esc_func(e, v->sym->func) : NULL;
    if (!body) return;
    maker->makes_closures = true;
    if (body == maker) return;
    vec_push(e->arena, &maker->next, body);
    vec_push(e->arena, &body->next, maker);
    for (int i = 0; i < body->creators.len; i++)
        if (body->creators.at[i] == maker) return;
    vec_push(e->arena, &body->creators, maker);
}

static const IrSym *callee_of(const IrInstr *in) {
    if (in->op == IR_CALL) return in->call->sym;
    if (in->op != IR_CALL_PTR || !in->call->has_env) return NULL;
    const IrVal *v = &in->call->args[in->call->nparams - 1];
    bool is_static = v->kind == IV_SYM && v->sym->data && v->sym->data->relocs.len == 1;
    return is_static ? v->sym->data->relocs.at[0].sym : NULL;
}

static void link_calls(Escape *e, EscFunc *fn) {
    void *pair[2] = {e, fn};
    for (int i = 0; i < fn->f->blocks.len; i++) {
        IrBlock *b = fn->f->blocks.at[i];
        for (int j = 0; j < b->instrs.len; j++) {
            IrInstr *in = &b->instrs.at[j];
            const IrSym *callee = callee_of(in);
            if (callee && callee->func) vec_push(e->arena, &fn->next, esc_func(e, callee->func));
            if (in->op == IR_STORE) link_closure(pair, &in->b);
        }
    }
}

/* ---- batches ---- */

static void publish(Escape *e, const EscFunc *fn) {
    ptrmap_put(e->all->arena, &e->all->by_name, name_of(e->p->sema->names, fn->f->sym->name), (void *)fn->f->escape);
}

static void forget(EscFunc *fn) {
    fn->locals = fn->results = NULL;
    fn->targets = NULL;
    fn->depths = fn->block_depths = NULL;
    fn->objects.len = fn->closures.len = fn->fields.len = 0;
    fn->by_instr = (PtrMap){0};
}

static void analyse_batch(Escape *e) {
    e->heap = (EscLoc){.kind = EL_HEAP};
    esc_build(e);
    esc_solve(e);
    for (int i = 0; i < e->batch.len; i++) {
        EscFunc *fn = e->batch.at[i];
        if (e->p->explain) esc_explain(e, fn);
        esc_apply(e, fn);
        publish(e, fn);
        fn->f->batch = fn->batch;
        vec_push(e->p->arena, &e->p->bottom_up, fn->f);
    }
    for (int i = 0; i < e->batch.len; i++) forget(e->batch.at[i]);
}

static void visit(Escape *e, EscFunc *fn) {
    fn->index = fn->low = ++e->next_index;
    fn->on_stack = true;
    vec_push(e->arena, &e->stack, fn);
    for (int i = 0; i < fn->next.len; i++) {
        EscFunc *to = fn->next.at[i];
        if (!to->index) visit(e, to);
        if (to->on_stack && to->low < fn->low) fn->low = to->low;
    }
    if (fn->low != fn->index) return;
    e->batch.len = 0;
    e->batches++;
    EscFunc *member;
    do {
        member = e->stack.at[--e->stack.len];
        member->on_stack = false;
        member->batch = e->batches;
        vec_push(e->arena, &e->batch, member);
    } while (member != fn);
    analyse_batch(e);
}

void ir_escape(IrPackage *p, IrEscapes *all) {
    Escape e = {.p = p, .all = all, .arena = arena_new()};
    EscFunc *funcs = NEW_ARRAY(e.arena, EscFunc, p->funcs.len);
    for (int i = 0; i < p->funcs.len; i++) {
        funcs[i].f = p->funcs.at[i];
        ptrmap_put(e.arena, &e.funcs, funcs[i].f, &funcs[i]);
    }
    for (int i = 0; i < p->funcs.len; i++) link_calls(&e, &funcs[i]);
    for (int i = 0; i < p->funcs.len; i++)
        if (!funcs[i].index) visit(&e, &funcs[i]);
    arena_free(e.arena);
}
