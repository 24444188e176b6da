/* escape_solve.c: walks over the flow graph, and what follows from them.
 *
 * A walk goes from a location against the flow and finds what can get there, each location with the least number of
 * dereferences (Bellman-Ford with a work list; behind an address-of the count starts again from 0, since in
 * root = &x; x = y only the address of x gets to root). One walk starts at the heap. It is never
 * reset: what another walk finds to escape is put into it and it goes on. Others start at each result, and at each
 * location that may outlive an object of a loop inside it or of a closure's body. */
#include "ir/escape.h"

static void enqueue(Escape *e, EscLoc *loc) {
    if (loc->queued) return;
    loc->queued = true;
    vec_push(e->arena, &e->todo, loc);
}

static EscLoc *take(Escape *e) {
    EscLoc *loc = e->todo.at[--e->todo.len];
    loc->queued = false;
    return loc;
}

static int sum(int base, int derefs) {
    int d = (base < 0 ? 0 : base) + derefs;
    return d < IR_STAYS - 1 ? d : IR_STAYS - 1;
}

/* ---- the heap ---- */

static void walk_heap(Escape *e) {
    while (e->todo.len) {
        EscLoc *to = take(e);
        for (int i = 0; i < to->in.len; i++) {
            EscLoc *from = to->in.at[i].src;
            int d = sum(to->heap, to->in.at[i].derefs);
            if (d >= from->heap) continue;
            from->heap = d;
            enqueue(e, from);
        }
    }
}

/* The object's address gets to the heap. */
static void escape(Escape *e, EscLoc *object) {
    if (object->heap < 0) return;
    object->heap = -1;
    enqueue(e, object);
    walk_heap(e);
}

/* ---- other walks ---- */

/* Whether o is made, directly or not, in closures that fn makes. */
static bool makes_closure(const EscFunc *fn, const EscFunc *body, int depth) {
    for (int i = 0; i < body->creators.len && depth > 0; i++)
        if (body->creators.at[i] == fn || makes_closure(fn, body->creators.at[i], depth - 1)) return true;
    return false;
}

enum { MAX_NESTING = 16 }; /* closures deeper than this are taken for outlived */

static bool outlives(const EscLoc *root, const EscLoc *o) {
    if (root->kind == EL_RESULT) return true;
    if (root->fn == o->fn) return root->depth < o->depth;
    return makes_closure(root->fn, o->fn, MAX_NESTING);
}

static void note_parameter(EscLoc *result, int index, EscLoc *found, int derefs) {
    EscFunc *fn = result->fn;
    IrEscape *k = (IrEscape *)fn->f->escape;
    for (int i = 0; i < k->nparams; i++)
        if (fn->locals[i] == found && derefs < k->results[i * k->nresults + index])
            k->results[i * k->nresults + index] = (int8_t)(derefs < 0 ? 0 : derefs);
}

static bool reached(Escape *e, EscLoc *loc, int derefs) {
    if (loc->walk == e->walks && loc->derefs <= derefs) return false;
    loc->walk = e->walks;
    loc->derefs = derefs;
    return true;
}

/* index: of the result that root is. */
static void walk(Escape *e, EscLoc *root, int index) {
    EscLocs found = {0};
    e->walks++;
    reached(e, root, 0);
    enqueue(e, root);
    while (e->todo.len) {
        EscLoc *to = take(e);
        for (int i = 0; i < to->in.len; i++) {
            EscLoc *from = to->in.at[i].src;
            int d = sum(to->derefs, to->in.at[i].derefs);
            bool first = from->walk != e->walks;
            if (!reached(e, from, d)) continue;
            enqueue(e, from);
            if (first) vec_push(e->arena, &found, from);
        }
    }
    for (int i = 0; i < found.len; i++) {
        EscLoc *loc = found.at[i];
        if (root->kind == EL_RESULT && loc->fn == root->fn && loc->kind == EL_LOCAL) note_parameter(root, index, loc, loc->derefs);
        if (loc->kind == EL_OBJECT && loc->derefs < 0 && outlives(root, loc)) escape(e, loc);
    }
}

/* ---- a batch ---- */

/* Whether a walk from a location of fn at this depth could find an object that it outlives. */
static int deepest_object(const EscFunc *fn) {
    int deepest = -1;
    for (int i = 0; i < fn->objects.len; i++) {
        const EscLoc *o = fn->objects.at[i];
        if (o->heap >= 0 && o->depth > deepest) deepest = o->depth;
    }
    return deepest;
}

/* Whether closure bodies of the batch make objects. */
static bool has_bodies(const Escape *e) {
    for (int i = 0; i < e->batch.len; i++)
        if (e->batch.at[i]->creators.len && e->batch.at[i]->objects.len) return true;
    return false;
}

static void walk_from(Escape *e, EscLoc *loc, int deepest, bool bodies) {
    if (loc->in.len && (bodies || loc->depth < deepest)) walk(e, loc, 0);
}

static void walk_locals(Escape *e, EscFunc *fn) {
    int deepest = deepest_object(fn);
    bool bodies = has_bodies(e);
    if (deepest <= 0 && !bodies && !fn->fields.len) return;
    for (int i = 0; i < fn->f->locals.len; i++) {
        const IrLocal *l = &fn->f->locals.at[i];
        int parts = !fn->locals[i] ? 0 : l->type && l->type->kind == TY_TUPLE ? l->type->tuple.n : 1;
        for (int k = 0; k < parts; k++) walk_from(e, fn->locals[i] + k, deepest, bodies);
    }
    for (int i = 0; i < fn->objects.len; i++) walk_from(e, fn->objects.at[i], deepest, bodies);
    for (int i = 0; i < fn->fields.len; i++) walk_from(e, fn->fields.at[i].loc, deepest, bodies);
}

static IrEscape *new_contract(Escape *e, const EscFunc *fn) {
    IrEscape *k = NEW(e->all->arena, IrEscape);
    k->nparams = fn->f->nparams;
    k->nresults = fn->nresults;
    k->heap = NEW_ARRAY(e->all->arena, int8_t, k->nparams);
    k->results = NEW_ARRAY(e->all->arena, int8_t, k->nparams * k->nresults);
    for (int i = 0; i < k->nparams * k->nresults; i++) k->results[i] = IR_STAYS;
    return k;
}

/* What gets to the heap anyway need not be told of results. */
static void finish_contract(EscFunc *fn) {
    IrEscape *k = (IrEscape *)fn->f->escape;
    for (int i = 0; i < k->nparams; i++) {
        int heap = fn->locals[i] ? fn->locals[i]->heap : IR_STAYS;
        k->heap[i] = (int8_t)(heap < 0 ? 0 : heap);
        for (int r = 0; r < k->nresults; r++)
            if (k->results[i * k->nresults + r] >= k->heap[i]) k->results[i * k->nresults + r] = IR_STAYS;
    }
}

enum {
    MAX_VARIABLE = 10 << 20, /* bytes that a variable may take in a frame; as in Go's compiler */
    MAX_IMPLICIT = 64 << 10, /* and what is not declared: new(T), &T{}, make */
};

static bool fits_frame(const Escape *e, const EscLoc *o) {
    int64_t max = o->what && o->what->var ? MAX_VARIABLE : MAX_IMPLICIT;
    return o->made_by->op == IR_NEW && type_size(e->p->sema, o->type) <= max;
}

static void decide(Escape *e, EscFunc *fn) {
    for (int i = 0; i < fn->objects.len; i++) {
        EscLoc *o = fn->objects.at[i];
        bool told = o->made_by->op == IR_NEW && o->made_by->alloc.on_stack; /* lowering knows */
        o->on_heap = !told && (o->heap < 0 || (!o->no_slot && !fits_frame(e, o)));
    }
}

/* Objects that are too large are on the heap, and what is stored in them. */
static void seed_heap(Escape *e, EscFunc *fn) {
    for (int i = 0; i < fn->objects.len; i++)
        if (!fn->objects.at[i]->no_slot && !fits_frame(e, fn->objects.at[i])) escape(e, fn->objects.at[i]);
}

void esc_solve(Escape *e) {
    enqueue(e, &e->heap);
    walk_heap(e);
    for (int i = 0; i < e->batch.len; i++) {
        e->batch.at[i]->f->escape = new_contract(e, e->batch.at[i]);
        seed_heap(e, e->batch.at[i]);
    }
    for (int i = 0; i < e->batch.len; i++) {
        EscFunc *fn = e->batch.at[i];
        for (int r = 0; r < fn->nresults; r++) walk(e, fn->results[r], r);
        walk_locals(e, fn);
    }
    for (int i = 0; i < e->batch.len; i++) {
        decide(e, e->batch.at[i]);
        finish_contract(e->batch.at[i]);
    }
}
