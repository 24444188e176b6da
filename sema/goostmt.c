/* goostmt.c: statements that Goo adds: try with its recover clauses.
 *
 * A recover clause matches by type (the panic's error has dynamic type T, or implements the interface T), by value
 * (errors.Is), or always. Clauses are tried in order, so what an earlier one has taken cannot reach a later one. */
#include "sema/stmt.h"

/* ---- recover clauses ---- */

/* What the clauses before matched. */
typedef struct Matched {
    VEC(Node *) types, values; /* their match expressions */
    const Node *all;           /* the clause that matches everything, or NULL */
} Matched;

static bool is_error_type(Checker *c, Type *t) { return type_identical(c->s, t, c->s->t_error); }

/* Reports a type clause that an earlier one leaves nothing for. */
static void check_type_reachable(Checker *c, const Matched *m, const Node *match) {
    Type *t = match->type;
    for (int i = 0; i < m->types.len; i++) {
        const Node *earlier = m->types.at[i];
        bool same = type_identical(c->s, t, earlier->type);
        bool covered = type_is_interface(c->s, earlier->type) && type_implements(c->s, t, earlier->type, false, NULL);
        if (!same && !covered) continue;
        Diag *d = same ? err_begin(c, match->pos, false, "duplicate recover clause for type %s", tstr(c, t))
                       : err_begin(c, match->pos, false, "unreachable recover clause: every %s is a %s", tstr(c, t),
                                   tstr(c, earlier->type));
        err_more(c, d, earlier->pos, "previous clause");
        return;
    }
}

static const Object *named_object(const Node *n) {
    n = ast_unparen((Node *)n);
    if (n->kind == ND_IDENT) return n->ident.obj;
    return n->kind == ND_SELECTOR && !n->selector.selection ? n->selector.sel->ident.obj : NULL;
}

static void check_value_reachable(Checker *c, const Matched *m, const Node *match) {
    const Object *obj = named_object(match);
    for (int i = 0; obj && i < m->values.len; i++) {
        if (named_object(m->values.at[i]) != obj) continue;
        Diag *d = err_begin(c, match->pos, false, "duplicate recover clause for %s", expr_str(c, match));
        err_more(c, d, m->values.at[i]->pos, "previous clause");
        return;
    }
}

/* recover err T: T is an interface, or a type whose values are errors. */
static Type *check_type_match(Checker *c, Matched *m, Node *match, Type *t) {
    const char *reason = "";
    if (!type_is_interface(c->s, t) && !type_implements(c->s, t, c->s->t_error, false, &reason)) {
        err_at(c, match, "impossible recover clause: %s", reason);
        return c->s->basic[BK_INVALID];
    }
    check_type_reachable(c, m, match);
    vec_push(c->arena, &m->types, match);
    if (is_error_type(c, t)) m->all = match;
    return t;
}

static Type *check_value_match(Checker *c, Matched *m, Node *match, Operand *x) {
    check_assignment(c, x, c->s->t_error, "recover clause");
    if (x->mode != EM_INVALID) {
        check_value_reachable(c, m, match);
        vec_push(c->arena, &m->values, match);
    }
    return c->s->t_error;
}

/* The type of the clause's variable. */
static Type *check_match(Checker *c, Matched *m, Node *clause) {
    Node *match = clause->recover_clause.match;
    if (!match) {
        m->all = clause;
        return c->s->t_error;
    }
    Operand x = {.mode = EM_INVALID};
    check_expr_or_type(c, &x, match, false);
    if (x.mode == EM_INVALID) return c->s->basic[BK_INVALID];
    return x.mode == EM_TYPE ? check_type_match(c, m, match, x.type) : check_value_match(c, m, match, &x);
}

static void check_clause(Checker *c, Node *clause, Matched *m) {
    if (m->all) {
        Diag *d = err_begin(c, clause->pos, false, "unreachable recover clause");
        err_more(c, d, m->all->pos, "this clause recovers everything");
    }
    Type *t = check_match(c, m, clause);
    open_scope(c, clause->pos, clause->end);
    Node *bind = clause->recover_clause.bind;
    if (bind && bind->kind == ND_IDENT) {
        Object *obj = new_local_var(c, bind, t);
        obj->used = true; /* often only the clause's type is of interest */
        declare(c, c->env.scope, bind, obj, bind->end);
        clause->recover_clause.var = obj;
    }
    check_stmt(c, clause->recover_clause.body);
    close_scope(c);
}

void check_try(Checker *c, Node *n) {
    Node *outer = c->env.try_;
    need_package(c, "goo/panics", n->pos);
    c->env.try_ = n;
    check_stmt(c, n->try_stmt.body);
    c->env.try_ = outer; /* a panic in a clause belongs to the next outer try */
    Matched m = {0};
    for (int i = 0; i < n->try_stmt.clauses.len; i++) check_clause(c, n->try_stmt.clauses.at[i], &m);
}

/* ---- blocks that other files check ---- */

void check_extension(Checker *c, Node *n) {
    if (n->kind == ND_ARENA) {
        check_arena(c, n);
    } else if (n->kind == ND_RESTRICT) {
        check_restrict(c, n);
    } else {
        check_with(c, n);
    }
}
