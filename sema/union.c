/* union.c: unions of type terms in constraints: ~int | string | fmt.Stringer.
 *
 * The terms' types are checked at once; that terms do not overlap, that ~T is its own underlying type and that
 * interfaces in unions have no methods needs complete types and is checked later. */
#include "sema/check.h"

/* Overlap is looked for in pairs. */
enum { MAX_TERMS = 100 };

typedef struct UnionCheck {
    UnionTerm *terms;
    Node **nodes;
    int n;
} UnionCheck;

/* With the package's name even for types of this package, as Go's compiler has it. */
static char *term_str(Checker *c, const UnionTerm *t) {
    return arena_printf(c->arena, "%s%s", t->tilde ? "~" : "", type_str(c->s, t->type, NULL));
}

/* ---- terms ---- */

static UnionTerm check_term(Checker *c, Node *n) {
    UnionTerm term = {.tilde = n->kind == ND_UNARY && n->unary.op == TK_TILDE};
    Node *x = term.tilde ? n->unary.x : n;
    term.type = check_type(c, x);
    if (type_is_tparam(term.type)) {
        if (term.tilde) err_at(c, x, "type in term %s cannot be a type parameter", expr_str(c, n));
        else err_at(c, x, "term cannot be a type parameter");
        term.type = c->s->basic[BK_INVALID];
    }
    if (term.tilde) record_type(n, EM_TYPE, type_new_union(c->s, &term, 1), NULL);
    return term;
}

static void validate_interface_term(Checker *c, const UnionTerm *t, Type *iface, const Node *n) {
    const TypeSet *set = type_set(c->s, iface);
    char *s = term_str(c, t);
    if (set->methods.len > 0) err_at(c, n, "cannot use %s in union (%s contains methods)", s, s);
    else if (type_unalias(t->type) == c->s->t_comparable) err_at(c, n, "cannot use comparable in union");
    else if (set->comparable) err_at(c, n, "cannot use %s in union (%s embeds comparable)", s, s);
}

static void validate_overlap(Checker *c, const UnionCheck *v, int i) {
    for (int j = 0; j < i; j++) {
        if (!type_is_valid(v->terms[j].type) || type_is_interface(c->s, v->terms[j].type)) continue;
        if (term_disjoint(c->s, &v->terms[j], &v->terms[i])) continue;
        soft_err_at(c, v->nodes[i], "overlapping terms %s and %s", term_str(c, &v->terms[i]),
                    term_str(c, &v->terms[j]));
        return;
    }
}

static void validate_term(Checker *c, const UnionCheck *v, int i) {
    const UnionTerm *t = &v->terms[i];
    if (!type_is_valid(t->type)) return;
    Type *u = type_under(c->s, t->type);
    const Node *n = v->nodes[i];
    if (t->tilde && u->kind == TY_INTERFACE)
        err_at(c, n, "invalid use of ~ (%s is an interface)", tstr(c, t->type));
    else if (t->tilde && !type_identical(c->s, u, t->type))
        err_at(c, n, "invalid use of ~ (underlying type of %s is %s)", tstr(c, t->type), tstr(c, u));
    else if (u->kind == TY_INTERFACE)
        validate_interface_term(c, t, u, n);
    else
        validate_overlap(c, v, i);
}

/* Action. */
static void validate_union(Checker *c, void *arg) {
    const UnionCheck *v = arg;
    for (int i = 0; i < v->n; i++) validate_term(c, v, i);
}

/* ---- unions ---- */

static bool is_union(const Node *n) { return n->kind == ND_BINARY && n->binary.op == TK_OR; }

/* A | B | C is a tree that leans to the left; deep ones are walked down without recursion. */
static void flatten(Checker *c, Node *n, NodeList *unions, NodeList *terms) {
    for (; is_union(n); n = n->binary.x) vec_push(c->arena, unions, n);
    vec_push(c->arena, terms, n);
    for (int i = unions->len - 1; i >= 0; i--) vec_push(c->arena, terms, unions->at[i]->binary.y);
}

Type *check_union(Checker *c, Node *n) {
    NodeList unions = {0}, nodes = {0};
    flatten(c, n, &unions, &nodes);
    UnionTerm *terms = NEW_ARRAY(c->arena, UnionTerm, nodes.len);
    int count = 0;
    for (int i = 0; i < nodes.len; i++) {
        terms[count] = check_term(c, nodes.at[i]);
        if (nodes.len == 1 && !terms[0].tilde) return terms[0].type;
        if (count < MAX_TERMS) count++;
        else if (i == MAX_TERMS)
            err_at(c, nodes.at[i], "cannot handle more than %d union terms (implementation limitation)", MAX_TERMS);
    }
    Type *u = nodes.len > MAX_TERMS ? c->s->basic[BK_INVALID] : type_new_union(c->s, terms, count);
    for (int i = 0; i < unions.len; i++) record_type(unions.at[i], EM_TYPE, u, NULL);
    if (nodes.len > MAX_TERMS) return u;
    UnionCheck *v = NEW(c->arena, UnionCheck);
    *v = (UnionCheck){terms, nodes.at, count};
    later(c, validate_union, v);
    return u;
}
