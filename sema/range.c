/* range.c: for-range statements, over integers, strings, arrays, slices, maps, channels and functions. */
#include "sema/stmt.h"

/* What a range expression yields; NULL where it yields nothing. */
typedef struct RangeTypes {
    Type *key, *value;
    const char *cause; /* why it cannot be ranged over */
    bool ok;
} RangeTypes;

static RangeTypes bad(const char *cause) { return (RangeTypes){.cause = cause}; }

static RangeTypes good(Type *key, Type *value) { return (RangeTypes){key, value, NULL, true}; }

/* ---- what can be ranged over ---- */

static RangeTypes range_basic(Checker *c, Node *x, Type *t, Type *u) {
    if (u->basic.props & TP_STRING) return good(c->s->basic[BK_INT], c->s->t_rune);
    if (!(u->basic.props & TP_INTEGER)) return bad(NULL);
    return allow_version(c, x, "go1.22") ? good(t, NULL) : bad("requires go1.22 or later");
}

static Type *core_func(Checker *c, Type *t) {
    Type *u = type_core(c->s, t);
    return u && u->kind == TY_FUNC ? u : NULL;
}

#define YIELD "func must be func(yield func(...) bool): "

static RangeTypes range_func(Checker *c, Node *x, Type *sig) {
    if (!allow_version(c, x, "go1.23")) return bad("requires go1.23 or later");
    const Type *params = sig->func.params;
    if (params->tuple.n != 1) return bad(YIELD "wrong argument count");
    Type *yield = core_func(c, params->tuple.vars[0]->type);
    if (!yield) return bad(YIELD "argument is not func");
    if (sig->func.results->tuple.n != 0) return bad(YIELD "unexpected results");
    const Type *values = yield->func.params, *results = yield->func.results;
    if (values->tuple.n > 2) return bad(YIELD "yield func has too many parameters");
    if (results->tuple.n != 1 || !type_all_have(c->s, results->tuple.vars[0]->type, TP_BOOLEAN))
        return bad(YIELD "yield func does not return bool");
    int n = values->tuple.n;
    return good(n > 0 ? values->tuple.vars[0]->type : NULL, n > 1 ? values->tuple.vars[1]->type : NULL);
}

static RangeTypes range_types(Checker *c, Node *x, Type *t) {
    Type *u = type_core(c->s, t);
    if (!u) return bad("no core type");
    u = deref_array(c, u);
    Type *t_int = c->s->basic[BK_INT];
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return range_basic(c, x, t, u);
    case TY_ARRAY: return good(t_int, u->array.elem);
    case TY_SLICE: return good(t_int, u->slice.elem);
    case TY_MAP: return good(u->map.key, u->map.elem);
    case TY_CHAN:
        return u->chan.dir == CHAN_SEND ? bad("receive from send-only channel") : good(u->chan.elem, NULL);
    case TY_FUNC: return range_func(c, x, u);
    case TY_NAMED: case TY_POINTER: case TY_STRUCT: case TY_TUPLE: case TY_INTERFACE: case TY_TYPE_PARAM:
    case TY_UNION: case TY_ALIAS: return bad(NULL);
    }
    unreachable();
}

/* Evaluates the range expression; reports when it cannot be ranged over, or not with that many variables. */
static RangeTypes check_range_expr(Checker *c, Operand *x, Node *n) {
    Node *key = n->range_stmt.key, *value = n->range_stmt.value;
    check_expr(c, x, n->range_stmt.x);
    if (x->mode == EM_INVALID) return bad(NULL);
    RangeTypes r = range_types(c, n->range_stmt.x, x->type);
    const char *what = operand_str(c, x);
    if (!r.ok && r.cause) soft_err_at(c, n->range_stmt.x, "cannot range over %s: %s", what, r.cause);
    else if (!r.ok) soft_err_at(c, n->range_stmt.x, "cannot range over %s", what);
    else if (!r.key && key) soft_err_at(c, key, "range over %s permits no iteration variables", what);
    else if (!r.value && value) soft_err_at(c, value, "range over %s permits only one iteration variable", what);
    else if (n->range_stmt.extra)
        soft_err_at(c, n->range_stmt.extra, "range clause permits at most two iteration variables");
    return r;
}

/* ---- iteration variables ---- */

/* An operand that stands for a value of type t produced by the iteration. */
static Operand produced(Node *n, Type *t) { return (Operand){EM_VALUE, t, NULL, n, 0}; }

/* Declares lhs as a variable for values of type t (NULL: there are none). Integers range over x itself, so that an
 * untyped x gets its type like any other initial value. */
static Object *define_var(Checker *c, Node *lhs, Type *t, Operand *x, bool over_int) {
    if (lhs->kind != ND_IDENT) {
        if (lhs->kind != ND_BAD_EXPR) err_at(c, lhs, "non-name %s on left side of :=", expr_str(c, lhs));
        return NULL;
    }
    Object *obj = new_local_var(c, lhs, NULL);
    obj->var.loop_var = allow_version(c, lhs, "go1.22");
    lhs->ident.obj = obj;
    if (!t) {
        obj->type = c->s->basic[BK_INVALID];
        obj->used = true;
    } else if (over_int) {
        init_var(c, obj, x, "range clause");
    } else {
        Operand y = produced(lhs, t);
        init_var(c, obj, &y, "assignment");
    }
    record_type(lhs, EM_VAR, obj->type, NULL);
    return obj;
}

static void define_vars(Checker *c, Node *n, const RangeTypes *r, Operand *x, bool over_int) {
    Node *lhs[2] = {n->range_stmt.key, n->range_stmt.value};
    Type *types[2] = {r->key, r->value};
    Object *vars[2] = {NULL, NULL};
    bool any = false, names = true;
    for (int i = 0; i < 2; i++) {
        if (!lhs[i]) continue;
        vars[i] = define_var(c, lhs[i], types[i], x, over_int && i == 0);
        names &= vars[i] != NULL;
        any |= vars[i] && vars[i]->name != c->s->n_blank;
    }
    if (!any && names) err_at(c, n, "no new variables on left side of :=");
    for (int i = 0; i < 2; i++)
        if (vars[i]) declare(c, c->env.scope, NULL, vars[i], n->range_stmt.body ? n->range_stmt.body->pos : n->end);
}

static void assign_range_vars(Checker *c, Node *n, const RangeTypes *r, Operand *x, bool over_int) {
    Node *lhs[2] = {n->range_stmt.key, n->range_stmt.value};
    Type *types[2] = {r->key, r->value};
    for (int i = 0; i < 2; i++) {
        if (!lhs[i] || !types[i]) continue;
        if (over_int) {
            check_assign_var(c, lhs[i], NULL, x, "range clause");
            if (x->mode != EM_INVALID && !type_all_have(c->s, x->type, TP_INTEGER))
                soft_err_at(c, lhs[i], "cannot use iteration variable of type %s", tstr(c, x->type));
        } else {
            Operand y = produced(lhs[i], types[i]);
            check_assign_var(c, lhs[i], NULL, &y, "assignment");
        }
    }
}

void check_range(Checker *c, Node *n) {
    Operand x = {.mode = EM_INVALID};
    RangeTypes r = check_range_expr(c, &x, n);
    bool over_int = x.mode != EM_INVALID && type_all_have(c->s, x.type, TP_INTEGER);
    if (x.mode == EM_CONST && !over_int) /* no variable gives an untyped string its type */
        update_expr_type(c, n->range_stmt.x, type_default(c->s, x.type), true);
    open_scope(c, n->pos, n->end); /* the variables are not in scope in the range expression */
    if (n->range_stmt.define) define_vars(c, n, &r, &x, over_int);
    else if (n->range_stmt.key) assign_range_vars(c, n, &r, &x, over_int);
    else if (over_int) check_assignment(c, &x, NULL, "range clause"); /* an untyped x gets its default type */
    check_loop_body(c, n->range_stmt.body);
    close_scope(c);
}
