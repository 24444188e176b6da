/* depth.c: refuses trees that are too deep.
 *
 * Later passes recurse over the tree, so its depth decides how much of the C stack they need. The grammar bounds
 * what nests to the right; what nests to the left (f()()()..., a[0][0][0]...) reduces as it is read and is found
 * here. Chains of operators are the exception: passes follow them by loops, so they count once. The walk keeps its own stack, and is made only for declarations with enough tokens to be too deep. */
#include "parser/parse_internal.h"

typedef struct Entry {
    Node *node;
    int depth;
} Entry;

typedef struct Walk {
    Arena *scratch;
    VEC(Entry) todo;
    int depth; /* of the node whose children are being added */
} Walk;

static void add_child(Node *child, void *ctx) {
    Walk *w = ctx;
    vec_push(w->scratch, &w->todo, ((Entry){child, w->depth + 1}));
}

/* The first node found deeper than AST_MAX_DEPTH below root, or NULL. */
static Node *find_too_deep(Parser *p, Node *root) {
    Walk w = {.scratch = p->scratch};
    add_child(root, &w);
    while (w.todo.len) {
        Entry e = w.todo.at[--w.todo.len];
        if (e.depth > AST_MAX_DEPTH) return e.node;
        w.depth = e.depth;
        ast_operands(e.node, add_child, &w);
    }
    return NULL;
}

Node *limit_depth(Parser *p, Node *n, int tokens, NodeKind bad) {
    Node *deep = tokens > AST_MAX_DEPTH ? find_too_deep(p, n) : NULL; /* each level takes a token or more */
    if (!deep) return n;
    syntax_error(p, deep->pos, deep->pos, "nested too deeply");
    return new_node(p, bad, n->pos, n->end);
}
