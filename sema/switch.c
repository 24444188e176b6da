/* switch.c: switch, type switch and select. */
#include "sema/stmt.h"

/* The end of clause i: where the next one starts. */
static Pos clause_end(const NodeList *clauses, int i, Pos rbrace) {
    return i + 1 < clauses->len ? clauses->at[i + 1]->pos : rbrace;
}

static bool is_default(const Node *clause) {
    return clause->kind == ND_COMM ? !clause->comm_clause.comm : clause->case_clause.is_default;
}

static void check_defaults(Checker *c, const NodeList *clauses) {
    const Node *first = NULL;
    for (int i = 0; i < clauses->len; i++) {
        const Node *clause = clauses->at[i];
        if (!is_default(clause)) continue;
        if (first) err_at(c, clause, "multiple defaults (first at %s)", pos_str(c, first->pos));
        else first = clause;
    }
}

/* ---- expression switches ---- */

/* A constant case seen before; equal values of different types differ when the tag is an interface. */
typedef struct SeenCase {
    struct SeenCase *next;
    ConstVal *value;
    Type *type;
    Pos pos;
} SeenCase;

typedef struct SeenCases {
    SeenCase **buckets;
    uint32_t mask;
} SeenCases;

static SeenCases new_seen_cases(Checker *c, const NodeList *clauses) {
    uint32_t n = 8;
    for (int i = 0; i < clauses->len; i++) n += (uint32_t)clauses->at[i]->case_clause.exprs.len;
    uint32_t size = 8;
    while (size < n) size *= 2;
    return (SeenCases){NEW_ARRAY(c->arena, SeenCase *, size), size - 1};
}

static void note_case(Checker *c, SeenCases *seen, Operand *v) {
    ConstKind kind = cv_kind(v->value);
    if (kind != CV_INT && kind != CV_FLOAT && kind != CV_STRING) return; /* as Go's compiler */
    SeenCase **bucket = &seen->buckets[cv_hash(v->value) & seen->mask];
    for (const SeenCase *s = *bucket; s; s = s->next) {
        if (!cv_equal(s->value, v->value) || !type_identical(c->s, s->type, v->type)) continue;
        Diag *d = err_begin(c, node_error_pos(v->expr), false, "duplicate case %s in expression switch",
                            operand_str(c, v));
        err_more(c, d, s->pos, "previous case");
        return;
    }
    SeenCase *s = NEW(c->arena, SeenCase);
    *s = (SeenCase){*bucket, v->value, v->type, v->expr->at};
    *bucket = s;
}

static void check_case_values(Checker *c, Operand *tag, NodeList *values, SeenCases *seen) {
    for (int i = 0; i < values->len; i++) {
        Operand v = {.mode = EM_INVALID};
        check_expr(c, &v, values->at[i]);
        if (tag->mode == EM_INVALID || v.mode == EM_INVALID) continue;
        convert_untyped(c, &v, tag->type);
        if (v.mode == EM_INVALID) continue;
        Operand result = v, y = *tag;
        check_case_comparison(c, &result, &y);
        if (result.mode != EM_INVALID && v.mode == EM_CONST) note_case(c, seen, &v);
    }
}

/* The tag, as if assigned to a variable; without one the constant true. */
static void check_tag(Checker *c, Operand *x, Node *n) {
    Node *tag = n->switch_stmt.tag;
    if (!tag) {
        const NodeList *clauses = &n->switch_stmt.clauses;
        Pos pos = clauses->len ? clauses->at[0]->pos : n->switch_stmt.rbrace;
        Node *implied = ast_new(c->arena, ND_IDENT, pos, pos);
        implied->ident.name = name_of(c->s->names, "true");
        *x = (Operand){EM_CONST, c->s->basic[BK_BOOL], cv_bool(c->arena, true), implied, 0};
        return;
    }
    check_expr(c, x, tag);
    check_assignment(c, x, NULL, "switch expression");
    if (x->mode == EM_INVALID) return;
    if (type_comparable(c->s, x->type, true, NULL) || type_has_nil(c->s, x->type)) return;
    err_at(c, tag, "cannot switch on %s (%s is not comparable)", operand_str(c, x), tstr(c, x->type));
    x->mode = EM_INVALID;
}

void check_switch(Checker *c, Node *n) {
    NodeList *clauses = &n->switch_stmt.clauses;
    open_scope(c, n->pos, n->end);
    check_stmt(c, n->switch_stmt.init);
    Operand x = {.mode = EM_INVALID};
    check_tag(c, &x, n);
    check_defaults(c, clauses);
    SeenCases seen = new_seen_cases(c, clauses);
    for (int i = 0; i < clauses->len; i++) {
        Node *clause = clauses->at[i];
        check_case_values(c, &x, &clause->case_clause.exprs, &seen);
        open_scope(c, clause->pos, clause_end(clauses, i, n->switch_stmt.rbrace));
        check_stmt_list(c, &clause->case_clause.body);
        close_scope(c);
    }
    close_scope(c);
}

/* ---- type switches ---- */

typedef struct SeenType {
    Type *type; /* NULL: the case nil */
    Pos pos;
} SeenType;

typedef VEC(SeenType) SeenTypes;

static bool is_nil_name(Checker *c, Node *n) {
    n = ast_unparen(n);
    if (n->kind != ND_IDENT) return false;
    const Object *obj = scope_lookup_parent(c->env.scope, n->ident.name, NO_POS, NULL);
    return obj && obj->kind == OBJ_NIL;
}

/* Identical types have equal hashes, but hashes want complete types: inside a body all types are. */
static const SeenType *seen_type(Checker *c, const SeenTypes *seen, Type *t) {
    for (int i = 0; i < seen->len; i++) {
        Type *other = seen->at[i].type;
        if (t == other || (t && other && type_identical(c->s, t, other))) return &seen->at[i];
    }
    return NULL;
}

/* One case of a type switch on x (NULL after an error). Returns its type: NULL for nil, the invalid type after an
 * error. */
static Type *check_case_type(Checker *c, Operand *x, Node *n, SeenTypes *seen) {
    Type *t = NULL;
    if (is_nil_name(c, n)) {
        Operand nil = {.mode = EM_INVALID};
        check_expr(c, &nil, n);
    } else {
        t = check_var_type(c, n);
        if (!type_is_valid(t)) return t;
    }
    const SeenType *other = seen_type(c, seen, t);
    if (other) {
        Diag *d = err_begin(c, node_error_pos(n), false, "duplicate case %s in type switch", t ? tstr(c, t) : "nil");
        err_more(c, d, other->pos, "previous case");
        return t;
    }
    vec_push(c->arena, seen, ((SeenType){t, node_error_pos(n)}));
    if (x && t) check_type_assertion(c, n, x, t, true);
    return t;
}

/* Declares the switch's variable in a clause. */
static Object *declare_clause_var(Checker *c, Node *bind, Node *clause, Type *type) {
    const NodeList *cases = &clause->case_clause.exprs;
    Object *obj = new_local_var(c, bind, type);
    declare(c, c->env.scope, NULL, obj, cases->len ? cases->at[cases->len - 1]->end : clause->pos);
    clause->case_clause.var = obj;
    return obj;
}

/* The operand switched on; false when it is none to switch on. */
static bool check_guard(Checker *c, Operand *x, Node *n) {
    check_expr(c, x, n->type_switch.x);
    if (x->mode == EM_INVALID) return false;
    if (type_is_tparam(x->type))
        err_at(c, n->type_switch.x, "cannot use type switch on type parameter value %s", operand_str(c, x));
    else if (!type_is_interface(c->s, x->type))
        err_at(c, n->type_switch.x, "%s is not an interface", operand_str(c, x));
    else
        return true;
    return false;
}

/* The type of the variable in a clause: that of a single case, otherwise that of the operand. */
static Type *clause_var_type(Checker *c, const Operand *x, const NodeList *cases, Type *last) {
    if (cases->len == 1 && last) return last;
    return x ? x->type : c->s->basic[BK_INVALID];
}

void check_type_switch(Checker *c, Node *n) {
    NodeList *clauses = &n->type_switch.clauses;
    open_scope(c, n->pos, n->end);
    check_stmt(c, n->type_switch.init);
    Node *bind = n->type_switch.bind;
    if (bind && ast_is_blank(bind)) {
        soft_err_at(c, bind, "no new variable on left side of :=");
        bind = NULL;
    }
    Operand operand = {.mode = EM_INVALID}, *x = check_guard(c, &operand, n) ? &operand : NULL;
    check_defaults(c, clauses);
    SeenTypes seen = {0};
    ObjectVec vars = {0};
    for (int i = 0; i < clauses->len; i++) {
        Node *clause = clauses->at[i];
        NodeList *cases = &clause->case_clause.exprs;
        Type *last = NULL;
        for (int j = 0; j < cases->len; j++) last = check_case_type(c, x, cases->at[j], &seen);
        open_scope(c, clause->pos, clause_end(clauses, i, n->type_switch.rbrace));
        if (bind) vec_push(c->arena, &vars, declare_clause_var(c, bind, clause, clause_var_type(c, x, cases, last)));
        check_stmt_list(c, &clause->case_clause.body);
        close_scope(c);
    }
    /* The variables count as one: it is enough that one of them is used. */
    bool used = false;
    for (int i = 0; i < vars.len; i++) {
        used |= vars.at[i]->used;
        vars.at[i]->used = true;
    }
    if (bind && !used) soft_err_at(c, bind, "%s declared and not used", bind->ident.name->text);
    close_scope(c);
}

/* ---- select ---- */

/* A communication is a send, or a receive whose value may be assigned. */
static bool is_communication(const Node *n) {
    if (!n || n->kind == ND_SEND) return true;
    Node *x = NULL;
    if (n->kind == ND_EXPR_STMT) x = n->expr_stmt.x;
    else if (n->kind == ND_ASSIGN && n->assign.rhs.len == 1) x = n->assign.rhs.at[0];
    if (!x) return false;
    x = ast_unparen(x);
    return x->kind == ND_UNARY && x->unary.op == TK_ARROW;
}

void check_select(Checker *c, Node *n) {
    NodeList *clauses = &n->select_stmt.clauses;
    check_defaults(c, clauses);
    for (int i = 0; i < clauses->len; i++) {
        Node *clause = clauses->at[i];
        if (!is_communication(clause->comm_clause.comm)) {
            err_at(c, clause->comm_clause.comm, "select case must be send or receive (possibly with assignment)");
            continue;
        }
        open_scope(c, clause->pos, clause_end(clauses, i, n->select_stmt.rbrace));
        check_stmt(c, clause->comm_clause.comm);
        check_stmt_list(c, &clause->comm_clause.body);
        close_scope(c);
    }
}
