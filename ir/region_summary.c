/* region_summary.c: what callers know of a function: the cells that its parameters and results lead to.
 *
 * A summary is a graph of numbered nodes, so that it can be kept in a file beside the contracts of escape analysis. At a
 * call each node stands for one cell of the caller: that which the argument leads to, or a new one. As text it is one
 * line: the function's symbol, a tab, "r", the numbers of parameters and nodes and the parameter that all results are
 * made from, then for each node flags, home, the number of edges, and for each edge the length of the key, the key and
 * the node it leads to. Keys are link strings of types, which have no line ends; "*" is that of collapsed nodes. */
#include "ir/region.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NODES = 200 }; /* of a summary; functions that need more are unknown */

/* ---- making ---- */

typedef struct Maker {
    Regions *r;
    IrRegion *s;
    VEC(RgCell *) cells; /* by node */
} Maker;

static int node_of(Maker *m, RgCell *c) {
    c = rg_find(c);
    if (c->mark == m->r->marks) return c->id;
    c->mark = m->r->marks;
    c->id = m->cells.len;
    vec_push(m->r->arena, &m->cells, c);
    vec_push(m->r->all->arena, &m->s->nodes, ((RgNode){.home = -1}));
    return c->id;
}

/* A node for a variable, which may share its cell with another one's: parameters have nodes of their own. */
static void add_variable(Maker *m, RgCell *c) {
    vec_push(m->r->arena, &m->cells, c);
    vec_push(m->r->all->arena, &m->s->nodes, ((RgNode){.home = -1}));
}

static void fill_node(Maker *m, int i) {
    RgCell *c = rg_find(m->cells.at[i]);
    int home = c->home ? node_of(m, c->home) : -1;
    for (int k = 0; k < c->edges.len; k++) {
        int to = node_of(m, c->edges.at[k].to);
        RgNode *n = &m->s->nodes.at[i];
        vec_push(m->r->all->arena, &n->edges, ((RgLink){c->edges.at[k].key, to}));
    }
    m->s->nodes.at[i].home = home;
    m->s->nodes.at[i].lost = c->lost != NULL;
    m->s->nodes.at[i].collapsed = c->collapsed;
}

void rg_summarize(Regions *r, RgFunc *fn, int made_from) {
    Maker m = {.r = r, .s = NEW(r->all->arena, IrRegion)};
    r->marks++;
    m.s->nparams = fn->f->nparams;
    m.s->made_from = made_from;
    for (int i = 0; i < fn->f->nparams; i++) add_variable(&m, rg_var(r, fn, i));
    add_variable(&m, fn->result);
    for (int i = 0; i < m.cells.len; i++) {
        if (m.cells.len > MAX_NODES) return;
        fill_node(&m, i);
    }
    fn->f->region = m.s;
    ptrmap_put(r->all->arena, &r->all->regions, name_of(r->p->sema->names, fn->f->sym->name), m.s);
}

/* ---- using ---- */

typedef struct Call {
    Regions *r;
    RgFunc *fn;
    const IrInstr *in;
    const IrRegion *s;
    RgCell **cells; /* by node; NULL: none yet */
    const char *what;
    VEC(int) todo;  /* nodes whose edges are still to be followed */
} Call;

static void bind(Call *k, int node, RgCell *c) {
    if (k->cells[node]) {
        rg_join(k->r, k->cells[node], c);
        return;
    }
    k->cells[node] = c;
    vec_push(k->r->arena, &k->todo, node);
}

static RgCell *cell_of_node(Call *k, int node) {
    if (!k->cells[node]) bind(k, node, rg_cell(k->r));
    return k->cells[node];
}

static void follow(Call *k, int node) {
    const RgNode *n = &k->s->nodes.at[node];
    Regions *r = k->r;
    if (n->collapsed) rg_collapse(r, k->cells[node]);
    if (n->lost) rg_lose(r, k->cells[node], k->in->pos, k->what);
    for (int i = 0; i < n->edges.len; i++)
        bind(k, n->edges.at[i].to, rg_content(r, k->cells[node], n->collapsed ? r->k_any : n->edges.at[i].key));
    if (n->home < 0) return;
    RgCell *home = cell_of_node(k, n->home), *c = rg_find(k->cells[node]);
    if (c->home) rg_join(r, c->home, home);
    else c->home = home;
}

/* What the words of a variable lead to are the cells that the nodes of its edges stand for. */
static void bind_argument(Call *k, int i) {
    const RgNode *n = &k->s->nodes.at[i];
    const IrVal *v = &k->in->call->args[i];
    for (int e = 0; e < n->edges.len; e++) {
        RgCell *c = NULL;
        if (v->kind == IV_LOCAL) c = rg_content(k->r, rg_var(k->r, k->fn, v->local), n->collapsed ? k->r->k_any : n->edges.at[e].key);
        else c = rg_pointee(k->r, k->fn, v);
        if (c) bind(k, n->edges.at[e].to, c);
    }
}

void rg_call_summary(Regions *r, RgFunc *fn, const IrInstr *in, const IrRegion *s) {
    Call k = {r, fn, in, s, NEW_ARRAY(r->arena, RgCell *, s->nodes.len), arena_printf(r->p->arena, "kept by %s", in->op == IR_CALL ? in->call->sym->name : "a closure"), {0}};
    for (int i = 0; i < in->call->nparams && i < s->nparams; i++) bind_argument(&k, i);
    const RgNode *result = &s->nodes.at[s->nparams];
    for (int e = 0; in->dst >= 0 && e < result->edges.len; e++)
        bind(&k, result->edges.at[e].to, rg_content(r, rg_var(r, fn, in->dst), result->collapsed ? r->k_any : result->edges.at[e].key));
    while (k.todo.len) follow(&k, k.todo.at[--k.todo.len]);
}

/* ---- as text ---- */

void ir_region_write(const IrFunc *f, Buf *out) {
    const IrRegion *s = f->region;
    buf_printf(out, "%s\tr %d %d %d", f->sym->name, s->nparams, s->nodes.len, s->made_from);
    for (int i = 0; i < s->nodes.len; i++) {
        const RgNode *n = &s->nodes.at[i];
        buf_printf(out, " %d %d %d", n->lost | n->collapsed << 1, n->home, n->edges.len);
        for (int e = 0; e < n->edges.len; e++) {
            const char *key = n->edges.at[e].key ? n->edges.at[e].key->text : "*";
            buf_printf(out, " %zu %s %d", strlen(key), key, n->edges.at[e].to);
        }
    }
    buf_putc(out, '\n');
}

/* What is left of a line. */
typedef struct Reader { const char *s, *end; bool bad; } Reader;

static int read_int(Reader *x, int min, int max) {
    char *after;
    long v = strtol(x->s, &after, 10);
    if (after == x->s || after > x->end || v < min || v > max) x->bad = true;
    x->s = after;
    return x->bad ? min : (int)v;
}

static const Name *read_key(Reader *x, NameTable *names) {
    int n = read_int(x, 0, 1 << 20);
    if (x->bad || x->end - x->s < n + 1) x->bad = true;
    if (x->bad) return NULL;
    const char *text = x->s + 1;
    x->s = text + n;
    return n == 1 && *text == '*' ? NULL : name_ofn(names, text, (size_t)n);
}

IrRegion *ir_region_read(Arena *a, NameTable *names, const char *s, const char *end) {
    Reader x = {s + 1, end, false};
    IrRegion *g = NEW(a, IrRegion);
    g->nparams = read_int(&x, 0, MAX_NODES);
    int nodes = read_int(&x, g->nparams + 1, 2 * MAX_NODES);
    g->made_from = read_int(&x, -1, g->nparams);
    for (int i = 0; i < nodes && !x.bad; i++) {
        int flags = read_int(&x, 0, 3);
        RgNode n = {.lost = flags & 1, .collapsed = flags >> 1, .home = read_int(&x, -1, nodes - 1)};
        int edges = read_int(&x, 0, nodes * nodes);
        for (int e = 0; e < edges && !x.bad; e++) {
            const Name *key = read_key(&x, names);
            int to = read_int(&x, 0, nodes - 1);
            vec_push(a, &n.edges, ((RgLink){key, to}));
        }
        vec_push(a, &g->nodes, n);
    }
    return x.bad || x.s != end ? NULL : g;
}
