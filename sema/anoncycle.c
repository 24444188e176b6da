/* anoncycle.c: rejects interface literals that contain themselves through their methods.
 *
 *     type I interface { m() interface{ I } }
 *
 * The language allows them; Go's compiler does not (go.dev/issue/56103), and later stages rely on it: type strings
 * and descriptors of types without name are finite trees. Only literals that are not inside another are looked at,
 * their methods with all embedded ones; declared types end the walk. */
#include <stdlib.h>

#include "sema/tables.h"

typedef struct AnonWalk {
    Sema *s;
    PtrMap state; /* interface literal -> VISITING or VISITED, as a pointer */
} AnonWalk;

enum { VISITING = 1, VISITED };

static void mark(AnonWalk *w, Type *iface, intptr_t state) {
    ptrmap_put(w->s->arena, &w->state, iface, (void *)state);
}

static bool visit(AnonWalk *w, Type *t);

static bool visit_objects(AnonWalk *w, Object **at, int n) {
    for (int i = 0; i < n; i++) {
        if (at[i]->type && visit(w, at[i]->type)) return true;
    }
    return false;
}

static bool visit_methods(AnonWalk *w, Type *iface) {
    TypeSet *ts = type_set(w->s, iface);
    return visit_objects(w, ts->methods.at, ts->methods.len);
}

static bool visit_interface(AnonWalk *w, Type *t) {
    if (!t->iface.methods.len && !t->iface.embeds.len) return false;
    intptr_t state = (intptr_t)ptrmap_get(&w->state, t);
    if (state) return state == VISITING;
    mark(w, t, VISITING);
    if (visit_methods(w, t)) return true;
    mark(w, t, VISITED);
    return false;
}

/* Whether the walk comes back to an interface that it is inside of. */
static bool visit(AnonWalk *w, Type *t) {
    t = type_unalias(t);
    switch ((TypeKind)t->kind) {
    case TY_BASIC: case TY_NAMED: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: return false;
    case TY_POINTER: return visit(w, t->pointer.elem);
    case TY_SLICE: return visit(w, t->slice.elem);
    case TY_ARRAY: return visit(w, t->array.elem);
    case TY_CHAN: return visit(w, t->chan.elem);
    case TY_MAP: return visit(w, t->map.key) || visit(w, t->map.elem);
    case TY_STRUCT: return visit_objects(w, t->struct_.fields, t->struct_.n);
    case TY_TUPLE: return visit_objects(w, t->tuple.vars, t->tuple.n);
    case TY_FUNC: return visit(w, t->func.params) || visit(w, t->func.results);
    case TY_INTERFACE: return visit_interface(w, t);
    }
    unreachable();
}

static void forgive(AnonWalk *w) {
    for (int i = 0; i < w->state.cap; i++) {
        if (w->state.keys[i]) w->state.vals[i] = (void *)(intptr_t)VISITED;
    }
}

static int by_pos(const void *a, const void *b) {
    Pos p = (*(Node *const *)a)->pos, q = (*(Node *const *)b)->pos;
    return (p > q) - (p < q);
}

void reject_anonymous_cycles(Checker *c) {
    AnonWalk w = {.s = c->s};
    Pos outer_end = NO_POS;
    if (c->interfaces.len) qsort(c->interfaces.at, (size_t)c->interfaces.len, sizeof(Node *), by_pos);
    for (int i = 0; i < c->interfaces.len; i++) {
        Node *n = c->interfaces.at[i];
        if (n->pos < outer_end) continue;
        outer_end = n->end;
        Type *t = n->type ? type_unalias(n->type) : NULL;
        if (!t || t->kind != TY_INTERFACE || !visit_methods(&w, t)) continue;
        err_at(c, n, "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)");
        forgive(&w); /* one report for each circle */
    }
}
