/* toolarge.c: arrays beyond the address space, and channels whose elements are beyond what a channel's buffer can
 * describe. Sizes of types that depend on type parameters are known to their instances only; these are left alone.
 * Runs when a package has no other errors. */
#include "sema/check.h"

enum { MAX_CHAN_ELEM = 1 << 16 };
static const int64_t max_array = (int64_t)1 << 50;

static void check_array(Checker *c, const Node *n, Type *t) {
    int64_t elem = type_size(c->s, t->array.elem), size;
    if (elem >= max_array) return; /* reported for the element */
    if (!__builtin_mul_overflow(elem, t->array.len, &size) && size < max_array) return;
    err_at(c, n, "type %s larger than address space", tstr(c, t));
}

static void check_chan(Checker *c, const Node *n, Type *t) {
    if (type_size(c->s, t->chan.elem) >= MAX_CHAN_ELEM) err_at(c, n, "channel element type too large (>64kB)");
}

void reject_large_types(Checker *c) {
    for (int i = 0; i < c->sized_types.len; i++) {
        const Node *n = c->sized_types.at[i];
        Type *t = n->type;
        if (!t || type_mentions_tparam(c->s, t)) continue;
        if (t->kind == TY_ARRAY) check_array(c, n, t);
        else if (t->kind == TY_CHAN) check_chan(c, n, t);
    }
}
