/* initorder.c: the order in which package variables are initialised ("Package initialization" in the specification).
 *
 * Nodes are the constants and variables of the package; one depends on another when its initialiser mentions it, or
 * mentions functions that lead to it. Functions are no nodes: for each node a walk through the functions it reaches
 * collects what they mention. Then the ready node that was declared first (constants before variables) is taken,
 * again and again; "ready" means that nothing it depends on is left. When none is ready there is a cycle: it is
 * reported once, its node is taken nevertheless. Variables that share one initialiser are emitted once.
 *
 * Constants take part only so that their cycles are reported here. */
#include "sema/check.h"

typedef struct InitNode {
    Object *obj;
    DeclInfo *decl;
    VEC(struct InitNode *) dependents;
    int ndeps;   /* dependencies that are left */
    int heap_at; /* index in the heap, -1 when taken */
    int mark;    /* last walk that met it */
} InitNode;

typedef struct InitGraph {
    Checker *c;
    PtrMap node_of;   /* Object* of a constant or variable -> InitNode* */
    PtrMap func_mark; /* Object* of a function -> number of the last walk that met it */
    VEC(InitNode *) heap;
    VEC(Object *) stack; /* functions to walk */
} InitGraph;

/* ---- the graph ---- */

static void add_edge(InitGraph *g, InitNode *from, InitNode *to, int walk) {
    if (to->mark == walk) return;
    to->mark = walk;
    from->ndeps++;
    vec_push(g->c->arena, &to->dependents, from);
}

/* Adds what a declaration mentions: nodes as edges, functions to the stack. */
static void add_deps(InitGraph *g, InitNode *from, const DeclInfo *d, intptr_t walk) {
    for (int i = 0; i < d->dep_list.len; i++) {
        Object *obj = d->dep_list.at[i];
        InitNode *to = ptrmap_get(&g->node_of, obj);
        if (to) {
            add_edge(g, from, to, (int)walk);
        } else if (obj->kind == OBJ_FUNC && (intptr_t)ptrmap_get(&g->func_mark, obj) != walk) {
            ptrmap_put(g->c->arena, &g->func_mark, obj, (void *)walk);
            vec_push(g->c->arena, &g->stack, obj);
        }
    }
}

static void add_all_deps(InitGraph *g, InitNode *n, int walk) {
    add_deps(g, n, n->decl, walk);
    while (g->stack.len > 0) {
        const Object *func = g->stack.at[--g->stack.len];
        add_deps(g, n, func->decl, walk);
    }
}

/* ---- the heap of nodes, by the rule above ---- */

static bool node_before(const InitNode *a, const InitNode *b) {
    bool a_const = a->obj->kind == OBJ_CONST, b_const = b->obj->kind == OBJ_CONST;
    if (a_const != b_const) return a_const;
    if (a->ndeps != b->ndeps) return a->ndeps < b->ndeps;
    return a->obj->order < b->obj->order;
}

static void heap_set(InitGraph *g, int i, InitNode *n) {
    g->heap.at[i] = n;
    n->heap_at = i;
}

static void heap_up(InitGraph *g, int i) {
    InitNode *n = g->heap.at[i];
    for (; i > 0 && node_before(n, g->heap.at[(i - 1) / 2]); i = (i - 1) / 2) heap_set(g, i, g->heap.at[(i - 1) / 2]);
    heap_set(g, i, n);
}

static void heap_down(InitGraph *g, int i) {
    InitNode *n = g->heap.at[i];
    for (;;) {
        int child = 2 * i + 1;
        if (child >= g->heap.len) break;
        if (child + 1 < g->heap.len && node_before(g->heap.at[child + 1], g->heap.at[child])) child++;
        if (!node_before(g->heap.at[child], n)) break;
        heap_set(g, i, g->heap.at[child]);
        i = child;
    }
    heap_set(g, i, n);
}

static InitNode *heap_pop(InitGraph *g) {
    InitNode *top = g->heap.at[0], *last = g->heap.at[--g->heap.len];
    top->heap_at = -1;
    if (g->heap.len > 0) {
        heap_set(g, 0, last);
        heap_down(g, 0);
    }
    return top;
}

/* ---- cycles ---- */

/* A path of dependencies from one object back to itself: searched depth first with a stack of its own. */
typedef struct PathStep {
    Object *obj;
    int next; /* dependency to look at next */
} PathStep;

/* The objects from start up to the one that mentions start again; false when there is no such path. */
static bool find_cycle(Checker *c, Object *start, ObjectVec *cycle) {
    VEC(PathStep) path = {0};
    PtrMap seen = {0};
    vec_push(c->arena, &path, ((PathStep){start, 0}));
    while (path.len > 0) {
        PathStep *top = &vec_last(&path);
        const DeclInfo *d = top->obj->decl;
        if (top->next == d->dep_list.len) {
            path.len--;
            continue;
        }
        Object *dep = d->dep_list.at[top->next++];
        if (dep == start) {
            for (int i = 0; i < path.len; i++) vec_push(c->arena, cycle, path.at[i].obj);
            return true;
        }
        if (ptrmap_get(&seen, dep)) continue;
        ptrmap_put(c->arena, &seen, dep, dep);
        vec_push(c->arena, &path, ((PathStep){dep, 0}));
    }
    return false;
}

static void report_cycle(Checker *c, const ObjectVec *cycle) {
    const Object *first = cycle->at[0];
    if (cycle->len == 1) {
        err_pos(c, first->pos, "initialization cycle: %s refers to itself", first->name->text);
        return;
    }
    Diag *d = err_begin(c, first->pos, false, "initialization cycle for %s", first->name->text);
    for (int i = 0; i < cycle->len; i++)
        err_more(c, d, cycle->at[i]->pos, "%s refers to", cycle->at[i]->name->text);
    err_more(c, d, first->pos, "%s", first->name->text);
}

/* ---- the order ---- */

static void build_graph(InitGraph *g) {
    Checker *c = g->c;
    for (int i = 0; i < c->package_objects.len; i++) {
        Object *obj = c->package_objects.at[i];
        if (obj->kind != OBJ_CONST && obj->kind != OBJ_VAR) continue;
        InitNode *n = NEW(c->arena, InitNode);
        *n = (InitNode){.obj = obj, .decl = obj->decl};
        ptrmap_put(c->arena, &g->node_of, obj, n);
        vec_push(c->arena, &g->heap, n);
    }
    for (int i = 0; i < g->heap.len; i++)
        if (g->heap.at[i]->decl->dep_list.len > 0) add_all_deps(g, g->heap.at[i], i + 1);
    for (int i = 0; i < g->heap.len; i++) heap_set(g, i, g->heap.at[i]);
    for (int i = g->heap.len / 2 - 1; i >= 0; i--) heap_down(g, i);
}

static void emit(Checker *c, const InitNode *n, PtrMap *emitted) {
    DeclInfo *d = n->decl;
    if (n->obj->kind != OBJ_VAR || !d->init || ptrmap_get(emitted, d)) return;
    ptrmap_put(c->arena, emitted, d, d);
    Initializer init = {d->lhs, d->n_lhs, d->init};
    if (!d->lhs) {
        init.lhs = NEW_ARRAY(c->arena, Object *, 1);
        init.lhs[0] = n->obj;
        init.n = 1;
    }
    vec_push(c->arena, &c->pkg->inits, init);
}

void init_order(Checker *c) {
    InitGraph g = {.c = c};
    build_graph(&g);
    PtrMap emitted = {0};
    while (g.heap.len > 0) {
        InitNode *n = heap_pop(&g);
        ObjectVec cycle = {0};
        /* A node that only depends on a cycle is reported by the cycle's own nodes. */
        if (n->ndeps > 0 && find_cycle(c, n->obj, &cycle)) report_cycle(c, &cycle);
        for (int i = 0; i < n->dependents.len; i++) {
            InitNode *p = n->dependents.at[i];
            p->ndeps--;
            if (p->heap_at >= 0) heap_up(&g, p->heap_at);
        }
        emit(c, n, &emitted);
    }
}
