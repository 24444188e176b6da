/* assign.c: assignability, assignments, initialisations and := declarations.
 *
 * check_assignment is the one place where a value meets the type it is stored in: it settles untyped operands
 * and words the error. Lists on both sides are matched one to one, or a single expression on the right gives
 * several values (a call, or a comma-ok form). Variables that only occur on the left do not count as used. */
#include "sema/check.h"

#include <string.h>

/* ---- assignability ---- */

static bool untyped_assignable(Checker *c, Operand *x, Type *t) {
    TypeTerms terms;
    Type *result;
    ConstVal *value;
    type_terms(c, t, &terms);
    for (int i = 0; i < terms.n; i++)
        if (untyped_result(c, x, terms.at[i].type, &result, &value) != CONV_OK) return false;
    return terms.n > 0;
}

/* x's type is no named type, t a type parameter: x must be assignable to every specific type of t. */
static bool assignable_to_terms(Checker *c, Operand *x, Type *t, const char **reason) {
    TypeTerms terms;
    type_terms(c, t, &terms);
    for (int i = 0; i < terms.n; i++) {
        if (assignable(c, x, terms.at[i].type, reason)) continue;
        add_cause(c, reason, arena_printf(c->arena, "cannot assign %s to %s (in %s)", tstr(c, x->type),
                                          tstr(c, terms.at[i].type), tstr(c, t)));
        return false;
    }
    return terms.n > 0;
}

/* x's type v is a type parameter, t no named type: values of every specific type of v must be assignable to
 * t. */
static bool assignable_from_terms(Checker *c, Operand *x, Type *v, Type *t, const char **reason) {
    TypeTerms terms;
    type_terms(c, v, &terms);
    for (int i = 0; i < terms.n; i++) {
        Operand y = *x;
        y.type = terms.at[i].type;
        if (assignable(c, &y, t, reason)) continue;
        add_cause(c, reason,
                  arena_printf(c->arena, "cannot assign %s (in %s) to %s", tstr(c, y.type), tstr(c, v),
                               tstr(c, t)));
        return false;
    }
    return terms.n > 0;
}

/* x is a two-way channel, t a channel type with the same elements; false when this says nothing. */
static bool is_channel_pair(Checker *c, Type *vu, Type *tu) {
    return vu->kind == TY_CHAN && vu->chan.dir == CHAN_BOTH && tu->kind == TY_CHAN &&
           type_identical(c->s, vu->chan.elem, tu->chan.elem);
}

/* A declared type that contains itself, which was reported. (An instance may have no underlying type for want
 * of type arguments.) */
static bool is_broken(const Type *t, const Type *under) {
    return t->kind == TY_NAMED && !t->named.origin && !type_is_valid(under);
}

bool assignable(Checker *c, Operand *x, Type *t, const char **reason) {
    Sema *s = c->s;
    if (x->mode == EM_INVALID || !type_is_valid(t)) return true; /* reported before */
    Type *v = type_unalias(x->type);
    Type *target = t;
    t = type_unalias(t);
    if (type_identical(s, v, t)) return true;
    if (type_is_untyped(v)) return untyped_assignable(c, x, t);
    Type *vu = type_under(s, v), *tu = type_under(s, t);
    if (is_broken(v, vu) || is_broken(t, tu)) return true;
    bool v_param = type_is_tparam(v), t_param = type_is_tparam(t);
    bool one_unnamed = !type_is_named(v) || !type_is_named(t);
    if (one_unnamed && !v_param && !t_param && type_identical(s, vu, tu)) return true;
    if ((tu->kind == TY_INTERFACE && !t_param) || is_interface_pointer(c, t)) {
        if (type_implements(s, v, t, false, reason)) return true;
        if (!v_param) return false;
        if (reason) *reason = NULL; /* a type parameter may still be assignable by its types */
    }
    if (vu->kind == TY_INTERFACE && !v_param && type_implements(s, t, v, false, NULL)) {
        if (reason) *reason = "need type assertion";
        return false;
    }
    if (is_channel_pair(c, vu, tu)) return one_unnamed;
    if (t_param && !type_is_named(v)) return assignable_to_terms(c, x, t, reason);
    if (v_param && !type_is_named(t)) return assignable_from_terms(c, x, v, target, reason);
    return false;
}

/* ---- one value ---- */

/* Gives an untyped x its type for a variable of type t (NULL: blank). False after reporting. */
static bool settle_for(Checker *c, Operand *x, Type *t, const char *context) {
    Type *target = t, *result;
    ConstVal *value;
    if (x->mode == EM_NIL) {
        if (!t) {
            err_at(c, x->expr, "use of untyped nil in %s", context);
            return false;
        }
    } else if (!t || type_is_interface(c->s, t)) {
        target = type_default(c->s, x->type);
    }
    ConvFailure why = untyped_result(c, x, target, &result, &value);
    if (why == CONV_OK) {
        settle_untyped(c, x, result, value);
        return true;
    }
    const char *more = why == CONV_TRUNCATED ? " (truncated)" : why == CONV_OVERFLOW ? " (overflows)" : "";
    err_at(c, x->expr, "cannot use %s as %s value in %s%s", operand_str(c, x), tstr(c, target), context,
           more);
    return false;
}

static bool assign_value(Checker *c, Operand *x, Type *t, const char *context) {
    if (x->mode < EM_CONST || x->mode == EM_TUPLE) {
        err_at(c, x->expr, "cannot assign %s to %s in %s", operand_str(c, x), t ? tstr(c, t) : "_", context);
        return false;
    }
    if (type_is_untyped(x->type) && !settle_for(c, x, t, context)) return false;
    if (type_is_kind(c->s, x->type, TY_FUNC) && type_is_generic(x->type)) {
        err_at(c, x->expr, "cannot use generic function %s without instantiation in %s", operand_str(c, x),
               context);
        return false;
    }
    const char *reason = NULL;
    if (!t) return true;
    if (assignable(c, x, t, &reason)) {
        note_cap_conversion(c, x, t);
        return true;
    }
    const char *what = operand_str(c, x), *to = tstr(c, t);
    if (reason && *reason)
        err_at(c, x->expr, "cannot use %s as %s value in %s: %s", what, to, context, reason);
    else
        err_at(c, x->expr, "cannot use %s as %s value in %s", what, to, context);
    return false;
}

void check_assignment(Checker *c, Operand *x, Type *t, const char *context) {
    check_single_value(c, x);
    if (x->mode != EM_INVALID && !assign_value(c, x, t, context)) x->mode = EM_INVALID;
}

void init_const(Checker *c, Object *obj, Operand *x) {
    Type *invalid = c->s->basic[BK_INVALID];
    if (x->mode == EM_INVALID || !type_is_valid(x->type) || (obj->type && !type_is_valid(obj->type))) {
        if (!obj->type) obj->type = invalid;
        return;
    }
    if (x->mode != EM_CONST) {
        err_at(c, x->expr, "%s is not constant", operand_str(c, x));
        if (!obj->type) obj->type = invalid;
        return;
    }
    if (!obj->type) obj->type = x->type;
    check_assignment(c, x, obj->type, "constant declaration");
    if (x->mode != EM_INVALID) obj->const_.value = x->value;
}

void init_var(Checker *c, Object *obj, Operand *x, const char *context) {
    Type *invalid = c->s->basic[BK_INVALID];
    if (x->mode == EM_INVALID || !type_is_valid(x->type) || (obj->type && !type_is_valid(obj->type))) {
        if (!obj->type) obj->type = invalid;
        x->mode = EM_INVALID;
        return;
    }
    if (!obj->type && x->mode == EM_NIL && type_is_untyped(x->type)) {
        err_at(c, x->expr, "use of untyped nil in %s", context);
        obj->type = invalid;
        x->mode = EM_INVALID;
        return;
    }
    if (!obj->type) obj->type = type_default(c->s, x->type);
    check_assignment(c, x, obj->type, context);
}

/* ---- the left side ---- */

static void report_unassignable(Checker *c, Operand *x) {
    Node *n = x->expr;
    const char *what = expr_str(c, n);
    if (n->kind == ND_SELECTOR && n->selector.x->mode == EM_MAP_INDEX)
        err_at(c, n, "cannot assign to struct field %s in map", what);
    else
        err_at(c, n, "cannot assign to %s (neither addressable nor a map index expression)", what);
}

/* The type of the variable that lhs denotes: NULL for _, the invalid type after an error. */
static Type *check_lhs(Checker *c, Node *lhs) {
    Operand x;
    Node *ident = ast_unparen(lhs);
    if (ast_is_blank(ident)) {
        ident->ident.obj = NULL;
        return NULL;
    }
    Object *var = assigned_var(c, lhs);
    bool was_used = var && var->used;
    check_expr(c, &x, lhs);
    if (var) var->used = was_used;
    if (x.mode == EM_INVALID || !type_is_valid(x.type)) return c->s->basic[BK_INVALID];
    if (x.mode != EM_VAR && x.mode != EM_MAP_INDEX) {
        report_unassignable(c, &x);
        return c->s->basic[BK_INVALID];
    }
    note_assigned(c, lhs);
    return x.type;
}

void check_rhs(Checker *c, Operand *x, Type *t, const char *name, Node *rhs) {
    c->target_name = name;
    check_expr_target(c, t, x, rhs);
    c->target_name = NULL;
}

Type *check_assign_var(Checker *c, Node *lhs, Node *rhs, Operand *x, const char *context) {
    Operand y;
    Type *t = check_lhs(c, lhs);
    if (t && !type_is_valid(t)) {
        if (x)
            x->mode = EM_INVALID;
        else
            use_expr(c, rhs);
        return t;
    }
    if (!x) {
        x = &y;
        check_rhs(c, x, t, expr_str(c, lhs), rhs);
    }
    if (!t && strcmp(context, "assignment") == 0) context = "assignment to _ identifier";
    check_assignment(c, x, t, context);
    return t;
}

/* ---- messages about lists ---- */

static const char *type_summary(Checker *c, Type *t, bool variadic) {
    if (!t || !type_is_valid(t)) return "unknown type";
    if (type_is_untyped(t)) {
        if (type_has(c->s, t, TP_NUMERIC))
            return "number"; /* "untyped int" would suggest that int is wanted */
        const char *name = t->basic.name;
        return strncmp(name, "untyped ", 8) == 0 ? name + 8 : name;
    }
    if (variadic && t->kind == TY_SLICE) return arena_printf(c->arena, "...%s", tstr(c, t->slice.elem));
    return tstr(c, t);
}

char *types_summary(Checker *c, Type *const *types, int n, bool variadic) {
    Buf b = {0};
    buf_putc(&b, '(');
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", type_summary(c, types[i], variadic && i == n - 1));
    buf_putc(&b, ')');
    char *text = arena_strndup(c->arena, b.data, b.len);
    buf_free(&b);
    return text;
}

char *operands_summary(Checker *c, const Operand *list, int n) {
    Type **types = NEW_ARRAY(c->arena, Type *, n + 1);
    for (int i = 0; i < n; i++) types[i] = list[i].type;
    return types_summary(c, types, n, false);
}

char *vars_summary(Checker *c, Object *const *vars, int n, bool variadic) {
    Type **types = NEW_ARRAY(c->arena, Type *, n + 1);
    for (int i = 0; i < n; i++) types[i] = vars[i]->type;
    return types_summary(c, types, n, variadic);
}

static void report_assign_mismatch(Checker *c, NodeList *rhs, int l, int r) {
    Node *first = ast_unparen(rhs->at[0]);
    const char *vars = arena_printf(c->arena, "%d variable%s", l, l == 1 ? "" : "s");
    const char *vals = arena_printf(c->arena, "%d value%s", r, r == 1 ? "" : "s");
    if (rhs->len == 1 && first->kind == ND_CALL)
        err_at(c, rhs->at[0], "assignment mismatch: %s but %s returns %s", vars, expr_str(c, first->call.fun),
               vals);
    else
        err_at(c, rhs->at[0], "assignment mismatch: %s but %s", vars, vals);
}

static void report_return_mismatch(Checker *c, Node *at, Object **lhs, int l, const Operand *rhs, int r) {
    if (r > l)
        at = rhs[l].expr;
    else if (r > 0)
        at = rhs[r - 1].expr;
    Diag *d = err_begin(c, node_error_pos(at), false, "%s return values", r > l ? "too many" : "not enough");
    err_more(c, d, NO_POS, "have %s", operands_summary(c, rhs, r));
    err_more(c, d, NO_POS, "want %s", vars_summary(c, lhs, l, false));
}

static void report_mismatch(Checker *c, Object **lhs, int l, NodeList *rhs, const Operand *values, int r,
                            Node *return_stmt) {
    if (return_stmt)
        report_return_mismatch(c, return_stmt, lhs, l, values, r);
    else
        report_assign_mismatch(c, rhs, l, r);
}

/* ---- lists ---- */

static void invalidate_untyped(Checker *c, Object **lhs, int n) {
    for (int i = 0; i < n; i++)
        if (!lhs[i]->type) lhs[i]->type = c->s->basic[BK_INVALID];
}

/* A single call is not matched one to one with a single variable, for the sake of its error message. */
static bool is_one_to_one(NodeList *rhs, int n) {
    return rhs->len == n && !(n == 1 && ast_unparen(rhs->at[0])->kind == ND_CALL);
}

static void init_one_to_one(Checker *c, Object **lhs, int n, NodeList *rhs, const char *context,
                            bool is_return) {
    Operand x;
    for (int i = 0; i < n; i++) {
        const char *name = lhs[i]->name ? lhs[i]->name->text : "";
        if (is_return && !*name) name = "result variable";
        check_rhs(c, &x, lhs[i]->type, name, rhs->at[i]);
        init_var(c, lhs[i], &x, context);
    }
}

void init_vars(Checker *c, Object **lhs, int n, NodeList *rhs, Node *return_stmt) {
    const char *context = return_stmt ? "return statement" : "assignment";
    for (int i = 0; return_stmt && i < n; i++) lhs[i]->var.reassigned = true;
    if (is_one_to_one(rhs, n)) {
        init_one_to_one(c, lhs, n, rhs, context, return_stmt != NULL);
        return;
    }
    Operand *values = NULL;
    if (rhs->len != 1) {
        if (use_exprs(c, rhs)) {
            int r = return_stmt ? check_expr_list(c, rhs, &values, false, n, NULL) : rhs->len;
            report_mismatch(c, lhs, n, rhs, values, r, return_stmt);
        }
        invalidate_untyped(c, lhs, n);
        return;
    }
    int r = check_expr_list(c, rhs, &values, n == 2 && !return_stmt, n, NULL);
    if (r == n) {
        for (int i = 0; i < n; i++) init_var(c, lhs[i], &values[i], context);
        return;
    }
    if (values[0].mode != EM_INVALID) report_mismatch(c, lhs, n, rhs, values, r, return_stmt);
    invalidate_untyped(c, lhs, n);
}

void assign_vars(Checker *c, NodeList *lhs, NodeList *rhs) {
    if (is_one_to_one(rhs, lhs->len)) {
        for (int i = 0; i < lhs->len; i++) check_assign_var(c, lhs->at[i], rhs->at[i], NULL, "assignment");
        return;
    }
    bool ok = true;
    if (rhs->len != 1) {
        for (int i = 0; i < lhs->len; i++) ok &= use_lhs(c, lhs->at[i]);
        ok &= use_exprs(c, rhs);
        if (ok) report_assign_mismatch(c, rhs, lhs->len, rhs->len);
        return;
    }
    Operand *values;
    int r = check_expr_list(c, rhs, &values, true, lhs->len, NULL);
    if (r == lhs->len) {
        for (int i = 0; i < r; i++) check_assign_var(c, lhs->at[i], NULL, &values[i], "assignment");
        return;
    }
    if (values[0].mode != EM_INVALID) report_assign_mismatch(c, rhs, lhs->len, r);
    for (int i = 0; i < lhs->len; i++) use_lhs(c, lhs->at[i]);
}

/* ---- := ---- */

static bool is_repeated(NodeList *lhs, int i) {
    for (int j = 0; j < i; j++)
        if (lhs->at[j]->kind == ND_IDENT && lhs->at[j]->ident.name == lhs->at[i]->ident.name) return true;
    return false;
}

static Object *new_local(Checker *c, Pos pos, const Name *name) {
    Object *v = object_new(c->arena, OBJ_VAR, pos, c->pkg, name, NULL);
    v->var.role = VAR_LOCAL;
    v->var.func = c->env.func;
    return v;
}

/* The variable that lhs[i] of a := denotes, new or declared before in the same scope; NULL after reporting.
 */
static Object *define_var(Checker *c, NodeList *lhs, int i, ObjectVec *new_vars) {
    Node *n = lhs->at[i];
    if (n->kind != ND_IDENT) {
        use_lhs(c, n);
        err_at(c, n, "non-name %s on left side of :=", expr_str(c, n));
        return NULL;
    }
    const Name *name = n->ident.name;
    bool blank = name == c->s->n_blank;
    if (!blank && is_repeated(lhs, i)) {
        err_at(c, n, "%s repeated on left side of :=", name->text);
        return NULL;
    }
    Object *old = blank ? NULL : scope_lookup(c->env.scope, name);
    if (old) {
        n->ident.obj = old;
        if (old->kind == OBJ_VAR) {
            record_type(n, EM_VAR, old->type, NULL);
            old->var.reassigned = true;
            return old;
        }
        err_at(c, n, "cannot assign to %s", expr_str(c, n));
        return NULL;
    }
    Object *v = new_local(c, n->pos, name);
    if (!blank) vec_push(c->arena, new_vars, v);
    v->ident = n;
    n->ident.obj = blank ? NULL : v;
    return v;
}

void short_var_decl(Checker *c, Node *assign, NodeList *lhs, NodeList *rhs) {
    ObjectVec new_vars = {0};
    bool failed = false;
    Object **vars = NEW_ARRAY(c->arena, Object *, lhs->len);
    for (int i = 0; i < lhs->len; i++) {
        vars[i] = define_var(c, lhs, i, &new_vars);
        if (vars[i]) continue;
        failed = true;
        vars[i] = new_local(c, lhs->at[i]->pos, c->s->n_blank); /* takes the value, so that it is checked */
    }
    init_vars(c, vars, lhs->len, rhs, NULL);
    run_later(c); /* function literals on the right do not see the new variables */
    if (new_vars.len == 0 && !failed) {
        soft_err_pos(c, assign->at, "no new variables on left side of :=");
        return;
    }
    Pos scope_start = rhs->at[rhs->len - 1]->end;
    for (int i = 0; i < new_vars.len; i++) {
        Object *v = new_vars.at[i];
        record_type(v->ident, EM_VAR, v->type, NULL);
        declare(c, c->env.scope, v->ident, v, scope_start);
    }
}
