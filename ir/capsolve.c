/* capsolve.c: what each function needs, from what those that it uses need.
 *
 * Atoms spread backwards along the edges, breadth first, so that the chain that is kept for each is one of the shortest.
 * They stop at functions that declare a set: their callers got that set instead, at the start. */
#include "ir/caps.h"
#include <string.h>

static bool declares(const CapNode *n) { return n->attr && n->attr->requires; }

/* Accounted for where the value is called. */
static bool is_deferred(const CapEdge *e) { return e->sink && e->sink->requires; }

static bool same_atom(CapAtom x, CapAtom y) {
    return x.cap == y.cap && (x.scope && y.scope ? !strcmp(x.scope, y.scope) : x.scope == y.scope);
}

const CapReason *caps_reason(const CapNode *n, CapAtom atom) {
    for (int i = 0; i < n->set.len; i++)
        if (same_atom(n->set.at[i].atom, atom)) return &n->set.at[i];
    return NULL;
}

/* ---- spreading ---- */

typedef struct Step { CapNode *node; CapAtom atom; } Step;
typedef struct Solver {
    CapGraph *g;
    VEC(Step) queue;
} Solver;

static void add(Solver *s, CapNode *n, CapReason reason) {
    if (caps_reason(n, reason.atom)) return;
    vec_push(s->g->arena, &n->set, reason);
    Step step = {n, reason.atom};
    vec_push(s->g->arena, &s->queue, step);
}

static void add_set(Solver *s, CapNode *n, const CapSet *set, CapReason reason) {
    for (int i = 0; i < set->atoms.len; i++) {
        reason.atom = set->atoms.at[i];
        add(s, n, reason);
    }
}

static void start(Solver *s, CapNode *n) {
    for (int i = 0; i < n->own.len; i++)
        add_set(s, n, n->own.at[i].needs, (CapReason){.at = n->own.at[i].at, .what = n->own.at[i].what});
    for (int i = 0; i < n->out.len; i++) {
        const CapEdge *e = n->out.at[i];
        const CapSet *needs = e->needs ? e->needs : declares(e->to) ? &e->to->attr->required : NULL;
        if (needs && !is_deferred(e)) add_set(s, n, needs, (CapReason){.edge = e, .at = e->at});
    }
}

static void spread(Solver *s, Step step) {
    if (declares(step.node)) return;
    for (int i = 0; i < step.node->in.len; i++) {
        const CapEdge *e = step.node->in.at[i];
        if (!e->needs && !is_deferred(e)) add(s, e->from, (CapReason){.atom = step.atom, .edge = e, .at = e->at});
    }
}

void caps_solve(CapGraph *g) {
    Solver s = {.g = g};
    for (int i = 0; i < g->list.len; i++) start(&s, g->list.at[i]);
    for (int i = 0; i < s.queue.len; i++) spread(&s, s.queue.at[i]);
}

CapSet caps_required(CapGraph *g, const CapNode *n) {
    CapSet set = {0};
    if (declares(n)) return n->attr->required;
    for (int i = 0; i < n->set.len; i++) capset_add(g->arena, &set, n->set.at[i].atom.cap, n->set.at[i].atom.scope);
    return set;
}

/* ---- chains ---- */

static const char *verb(const CapEdge *e) {
    switch (e->kind) {
    case IU_CALL: return "calls";
    case IU_VAR: return "uses";
    case IU_CONVERT: return e->to->flags & CN_TYPE ? "converts to an interface" : "has method";
    default: return "makes a function value of";
    }
}

/* The function itself of a compiler-made one around it, which nobody knows. */
static const CapNode *visible(const CapNode *n, CapAtom atom, const CapReason **r) {
    while ((n->flags & CN_HIDDEN) && !declares(n) && (*r = caps_reason(n, atom)) && (*r)->edge && !(*r)->edge->needs) n = (*r)->edge->to;
    return n;
}

void caps_chain(CapGraph *g, const CapNode *n, CapAtom atom, void (*fn)(void *ctx, const CapPlace *at, const char *text), void *ctx) {
    for (const CapReason *r = caps_reason(n, atom); r; r = caps_reason(n, atom)) {
        const CapPlace at = r->at.path ? r->at : n->at;
        const char *from = caps_node_name(n);
        if (!r->edge) {
            fn(ctx, &at, arena_printf(g->arena, "%s %s, which needs %s", from, r->what, cap_atom_str(g->arena, atom)));
            return;
        }
        const CapReason *inner = NULL;
        const CapEdge *e = r->edge;
        const CapNode *to = e->needs ? e->to : visible(e->to, atom, &inner);
        const char *text = arena_printf(g->arena, "%s %s %s", from, verb(e), caps_node_name(to));
        bool last = e->needs || declares(to);
        if (last) text = arena_printf(g->arena, "%s, which %s %s", text, e->needs ? "needs" : "@requires", cap_atom_str(g->arena, atom));
        fn(ctx, &at, text);
        if (last) return;
        n = to;
    }
}
