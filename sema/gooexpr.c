/* gooexpr.c: Goo's expressions: f()?, f() else v, f() else err { }, go f() as a value. Directed allocation is in
 * at.c.
 *
 * ? and else take a call whose last result is an error and yield the other results. Where the error goes is
 * decided here only as far as it must be possible: to the enclosing try, to the function's own final error
 * result, or to the else block, which must not run off its end. go f() splits off the error in the same way: it is a
 * *task.Of of the other results. */
#include "sema/check.h"

/* ---- splitting off the error ---- */

static bool is_error(Checker *c, Type *t) { return type_identical(c->s, t, c->s->t_error); }

/* x without its final error; false after reporting that it has none. */
static bool split_error(Checker *c, Operand *x, const char *what) {
    if (x->mode == EM_VALUE && is_error(c, x->type)) {
        set_value(x, EM_NO_VALUE, type_new_tuple(c->s, NULL, 0));
        return true;
    }
    if (x->mode == EM_TUPLE) {
        int n = x->type->tuple.n - 1;
        Object **vars = x->type->tuple.vars;
        if (is_error(c, vars[n]->type)) {
            if (n == 1)
                set_value(x, EM_VALUE, vars[0]->type);
            else
                set_value(x, EM_TUPLE, type_new_tuple(c->s, vars, n));
            return true;
        }
    }
    err_at(c, x->expr, "invalid operation: %s needs a call whose last result is an error, found %s", what,
           operand_str(c, x));
    return false;
}

/* Evaluates call e, splitting off its error. Poisons x after reporting. */
static void check_failing_call(Checker *c, Operand *x, Node *e, const char *what) {
    if (ast_unparen(e)->kind != ND_CALL) {
        err_at(c, e, "invalid operation: %s needs a call, found %s", what, expr_str(c, e));
        use_expr(c, e);
        x->mode = EM_INVALID;
        return;
    }
    check_raw_expr(c, NULL, x, e, NULL, false);
    check_exclude(c, x, 1u << EM_BUILTIN | 1u << EM_TYPE);
    if (x->mode != EM_INVALID && !split_error(c, x, what)) x->mode = EM_INVALID;
}

/* ---- f()? ---- */

/* Can an error go anywhere from here? */
static bool check_propagation_target(Checker *c, Node *n) {
    if (c->env.try_) return true;
    Type *results = c->env.sig ? c->env.sig->func.results : NULL;
    if (!results) {
        err_at(c, n, "cannot use ? outside a function");
        return false;
    }
    int count = results->tuple.n;
    if (count == 0 || !is_error(c, results->tuple.vars[count - 1]->type)) {
        err_at(c, n,
               "cannot use ? here: the function has no final result of type error, and there is no try "
               "around it");
        return false;
    }
    for (int i = 0; i < count; i++) results->tuple.vars[i]->var.reassigned = true; /* it returns from here */
    return true;
}

void check_propagate(Checker *c, Operand *x, Node *n) {
    Operand context;
    need_package(c, "goo/panics", n->pos);
    check_failing_call(c, x, n->propagate.x, "?");
    if (n->propagate.context) {
        check_expr(c, &context, n->propagate.context);
        check_assignment(c, &context, c->s->basic[BK_STRING], "error context");
    }
    if (x->mode != EM_INVALID && !check_propagation_target(c, n)) x->mode = EM_INVALID;
}

/* ---- f() else ... ---- */

static void check_else_value(Checker *c, Operand *x, Node *n) {
    Operand value;
    if (x->mode == EM_NO_VALUE || x->mode == EM_TUPLE) {
        err_at(c, n,
               "invalid operation: else with a value needs a call with one result and an error, found %s",
               operand_str(c, x));
        x->mode = EM_INVALID;
    }
    if (x->mode == EM_INVALID) {
        use_expr(c, n->else_expr.value);
        return;
    }
    check_expr_target(c, x->type, &value, n->else_expr.value);
    check_assignment(c, &value, x->type, "else value");
    if (value.mode == EM_INVALID) x->mode = EM_INVALID;
}

static void check_else_block(Checker *c, Node *n) {
    Node *bind = n->else_expr.bind, *body = n->else_expr.body;
    open_scope(c, bind ? bind->pos : body->pos, n->end);
    if (bind) {
        Object *v = object_new(c->arena, OBJ_VAR, bind->pos, c->pkg, bind->ident.name, c->s->t_error);
        v->var.role = VAR_LOCAL;
        v->var.func = c->env.func;
        record_type(bind, EM_VAR, v->type, NULL);
        declare(c, c->env.scope, bind, v, body->pos);
    }
    check_block(c, body);
    close_scope(c);
    if (!block_leaves(c, body))
        err_pos(c, body->block.rbrace,
                "else block must not run off its end: return, break, continue or panic");
}

void check_else_expr(Checker *c, Operand *x, Node *n) {
    check_failing_call(c, x, n->else_expr.x, "else");
    if (n->else_expr.value)
        check_else_value(c, x, n);
    else
        check_else_block(c, n);
}

/* ---- go f(x) as a value ---- */

enum { MAX_SEVERAL = 3 };
static const char *const several_names[MAX_SEVERAL + 1] = {[2] = "Pair", [3] = "Triple"}; /* of package goo/task */

static Type *task_type(Checker *c, const Package *pkg, const char *name, Type **targs, int n) {
    const Object *obj = scope_lookup(pkg->scope, name_of(c->s->names, name));
    return type_instantiate(c->s, obj->type, targs, n);
}

/* The results of a call as one type. NULL: there are too many. */
static Type *result_of_task(Checker *c, const Package *pkg, const Type *results) {
    int n = results->tuple.n;
    Type *types[MAX_SEVERAL];
    if (n == 0) return type_new_struct(c->s, NULL, NULL, 0);
    if (n > MAX_SEVERAL) return NULL;
    for (int i = 0; i < n; i++) types[i] = results->tuple.vars[i]->type;
    return n == 1 ? types[0] : task_type(c, pkg, several_names[n], types, n);
}

/* The results of the call x, the error left out. */
static Type *task_results(Checker *c, const Operand *x) {
    Object *only = object_new(c->arena, OBJ_VAR, NO_POS, NULL, c->s->n_blank, x->type);
    Object **vars = x->mode == EM_TUPLE ? x->type->tuple.vars : &only;
    int n = x->mode == EM_TUPLE ? x->type->tuple.n : x->mode == EM_VALUE;
    return type_new_tuple(c->s, vars, n > 0 && is_error(c, vars[n - 1]->type) ? n - 1 : n);
}

void check_go_expr(Checker *c, Operand *x, Node *n) {
    const Package *pkg = need_package(c, "goo/task", n->pos);
    Node *call = n->go_stmt.call;
    check_go_attrs(c, n);
    x->mode = EM_INVALID;
    bool is_call = call->kind == ND_CALL;
    if (is_call) check_raw_expr(c, NULL, x, call, NULL, false);
    else use_expr(c, call);
    if (is_call && x->mode == EM_INVALID) return;
    if (!is_call || call->builtin || call->call.fun->mode == EM_TYPE) {
        err_at(c, call, "a task needs a call of a function, found %s", expr_str(c, call));
        x->mode = EM_INVALID;
        return;
    }
    Type *result = pkg->fake ? NULL : result_of_task(c, pkg, task_results(c, x));
    if (!result && !pkg->fake)
        err_at(c, call, "a task can have three results besides the error, %s has more: return a struct", expr_str(c, call));
    if (result) set_value(x, EM_VALUE, type_new_pointer(c->s, task_type(c, pkg, "Of", &result, 1)));
    else x->mode = EM_INVALID;
}
