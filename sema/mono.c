/* mono.c: finds generic code that would need infinitely many instances.
 *
 * Programs are compiled by making one copy of generic code for each set of type arguments, so a function that calls
 * itself with ever larger ones cannot be compiled. The graph has a node for each type parameter, and for each type
 * declared inside a generic function; an edge src -> dst of weight 0 says that src itself becomes an argument for
 * dst, of weight 1 that a type built from src does. Without circle of positive weight the set of instances is
 * finite. Heaviest paths are relaxed until nothing changes (then there is none) or a path is as long as there are
 * nodes (then it went round in a circle). Instantiations of other packages' generics cannot close circles. */
#include "sema/tables.h"

typedef struct Vertex {
    const Object *obj; /* the type parameter or local type */
    int weight;        /* of the heaviest path found that ends here */
    int pre;           /* its last edge */
    int len;           /* its number of edges */
} Vertex;

typedef struct Edge {
    int dst, src, weight;
    Pos pos;    /* the instantiation */
    Type *type; /* what dst becomes */
} Edge;

typedef struct MonoGraph {
    VEC(Vertex) vertices;
    VEC(Edge) edges;
    PtrMap canon; /* type parameter of a method's receiver -> that of the receiver type */
    PtrMap index; /* Object* -> index of its vertex + 1 */
} MonoGraph;

static MonoGraph *graph(Checker *c) {
    if (!c->mono) c->mono = NEW(c->arena, MonoGraph);
    return c->mono;
}

void mono_record_canon(Checker *c, Type *mparam, Type *tparam) {
    ptrmap_put(c->arena, &graph(c)->canon, mparam, tparam);
}

static int new_vertex(Checker *c, const Object *obj) {
    MonoGraph *g = graph(c);
    Vertex v = {.obj = obj};
    vec_push(c->arena, &g->vertices, v);
    ptrmap_put(c->arena, &g->index, obj, (void *)(intptr_t)g->vertices.len);
    return g->vertices.len - 1;
}

static int tparam_vertex(Checker *c, Type *tparam) {
    MonoGraph *g = graph(c);
    Type *canon = ptrmap_get(&g->canon, tparam);
    const Object *obj = (canon ? canon : tparam)->tparam.obj;
    intptr_t i = (intptr_t)ptrmap_get(&g->index, obj);
    return i ? (int)i - 1 : new_vertex(c, obj);
}

static void add_edge(Checker *c, int dst, int src, int weight, Pos pos, Type *t) {
    Edge e = {dst, src, weight, pos, t};
    vec_push(c->arena, &graph(c)->edges, e);
}

/* The vertex of a type declared in a generic function of this package; -1 for other types. */
static int local_vertex(Checker *c, Type *named) {
    if (named->named.obj->pkg != c->pkg) return -1;
    const TypeVec *implicit = implicit_tparams(named);
    if (!implicit) return -1;
    intptr_t i = (intptr_t)ptrmap_get(&graph(c)->index, named->named.obj);
    if (i) return (int)i - 1;
    int v = new_vertex(c, named->named.obj);
    for (int k = 0; k < implicit->len; k++)
        add_edge(c, v, tparam_vertex(c, implicit->at[k]), 1, named->named.obj->pos, implicit->at[k]);
    return v;
}

/* One type argument given for tpar. */
typedef struct Flow {
    Checker *c;
    Type *tpar, *targ;
    Pos pos;
    PtrMap seen; /* types walked: aliases may repeat them endlessly */
} Flow;

static void flow(Flow *f, int src, Type *t) {
    int weight = type_unalias(t) != type_unalias(f->targ);
    add_edge(f->c, tparam_vertex(f->c, f->tpar), src, weight, f->pos, f->targ);
}

static void walk(Flow *f, Type *t);

static void walk_objects(Flow *f, Object **at, int n) {
    for (int i = 0; i < n; i++) walk(f, at[i]->type);
}

static void walk_named(Flow *f, Type *t) {
    int src = local_vertex(f->c, t->named.origin ? t->named.origin : t);
    if (src >= 0) flow(f, src, t);
    for (int i = 0; i < t->named.targs.len; i++) walk(f, t->named.targs.at[i]);
}

/* Adds edges from all type parameters and local types that occur in t. */
static void walk(Flow *f, Type *t) {
    if (!t || !type_mentions_tparam(f->c->s, t)) return;
    t = type_unalias(t);
    if (can_branch(t)) {
        if (ptrmap_get(&f->seen, t)) return;
        ptrmap_put(f->c->arena, &f->seen, t, t);
    }
    switch ((TypeKind)t->kind) {
    case TY_BASIC: case TY_ALIAS: case TY_UNION: return;
    case TY_TYPE_PARAM: flow(f, tparam_vertex(f->c, t), t); return;
    case TY_NAMED: walk_named(f, t); return;
    case TY_POINTER: walk(f, t->pointer.elem); return;
    case TY_SLICE: walk(f, t->slice.elem); return;
    case TY_ARRAY: walk(f, t->array.elem); return;
    case TY_CHAN: walk(f, t->chan.elem); return;
    case TY_MAP:
        walk(f, t->map.key);
        walk(f, t->map.elem);
        return;
    case TY_STRUCT: walk_objects(f, t->struct_.fields, t->struct_.n); return;
    case TY_TUPLE: walk_objects(f, t->tuple.vars, t->tuple.n); return;
    case TY_FUNC:
        walk(f, t->func.params);
        walk(f, t->func.results);
        return;
    case TY_INTERFACE: walk_objects(f, t->iface.methods.at, t->iface.methods.len); return;
    }
    unreachable();
}

void mono_record_instance(Checker *c, Pos pos, TypeVec *tparams, Type **targs, NodeList *arg_nodes) {
    for (int i = 0; i < tparams->len; i++) {
        Type *tpar = tparams->at[i];
        if (tpar->tparam.obj->pkg != c->pkg) continue;
        Flow f = {.c = c, .tpar = tpar, .targ = targs[i]};
        f.pos = arg_nodes && i < arg_nodes->len ? arg_nodes->at[i]->pos : pos;
        walk(&f, targs[i]);
    }
}

/* A path with a circle in it ends at v: reports the circle. */
static void report_circle(Checker *c, MonoGraph *g, int v) {
    bool *seen = NEW_ARRAY(c->arena, bool, g->vertices.len);
    VEC(int) path = {0};
    while (!seen[v]) {
        vec_push(c->arena, &path, v);
        seen[v] = true;
        v = g->edges.at[g->vertices.at[v].pre].src;
    }
    int start = 0;
    while (path.at[start] != v) start++;
    Diag *d = err_begin(c, g->vertices.at[v].obj->pos, false, "instantiation cycle:");
    for (int i = start; i < path.len; i++) {
        const Edge *e = &g->edges.at[g->vertices.at[path.at[i]].pre];
        const Object *obj = g->vertices.at[e->dst].obj;
        const char *how = obj->type->kind == TY_TYPE_PARAM ? "instantiated as" : "implicitly parameterized by";
        err_more(c, d, e->pos, "%s %s %s", obj->name->text, how, tstr(c, e->type));
    }
}

void monomorph(Checker *c) {
    MonoGraph *g = graph(c);
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < g->edges.len; i++) {
            const Edge *e = &g->edges.at[i];
            Vertex *src = &g->vertices.at[e->src], *dst = &g->vertices.at[e->dst];
            if (src->weight + e->weight <= dst->weight) continue;
            dst->weight = src->weight + e->weight;
            dst->pre = i;
            dst->len = src->len + 1;
            changed = true;
            if (dst->len < g->vertices.len) continue;
            report_circle(c, g, e->dst);
            return;
        }
    }
}
