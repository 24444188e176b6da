/* builtins.c: calls of the predeclared functions.
 *
 * Most builtins get their arguments evaluated here, all at once; those whose arguments are types or
 * unevaluated (make, new, unsafe.Offsetof) evaluate them themselves. A handler leaves the result in call->x
 * and returns false after reporting. Type parameters are accepted where every type of their type set is. */
#include "sema/builtin_call.h"

/* ---- append, copy, delete, clear, close ---- */

static bool append_first_error(Checker *c, Operand *x) {
    const char *what = operand_str(c, x), *cause;
    Type *core = type_core(c->s, x->type);
    if (x->mode == EM_NIL)
        cause = "have untyped nil";
    else if (!type_is_tparam(x->type))
        cause = arena_printf(c->arena, "have %s", what);
    else if (core)
        cause = arena_printf(c->arena, "%s has core type %s", what, tstr(c, core));
    else
        cause = arena_printf(c->arena, "%s has no core type", what);
    if (type_is_valid(x->type))
        err_at(c, x->expr, "invalid argument: first argument to append must be a slice; %s", cause);
    return false;
}

/* append([]byte, string...) */
static bool is_append_string(BuiltinCall *b) {
    Checker *c = b->c;
    if (b->nargs != 2 || !b->call->call.has_dots) return false;
    if (!assignable(c, b->x, type_new_slice(c->s, c->s->t_byte), NULL)) return false;
    Type *core = type_core_string(c->s, b->args[1].type);
    return core && type_has(c->s, core, TP_STRING);
}

/* func(s, ...elem) */
static Type *append_signature(Checker *c, Type *s, Type *elem) {
    Object **vars = NEW_ARRAY(c->arena, Object *, 2);
    vars[0] = object_new(c->arena, OBJ_VAR, NO_POS, NULL, NULL, s);
    vars[1] = object_new(c->arena, OBJ_VAR, NO_POS, NULL, NULL, type_new_slice(c->s, elem));
    return type_new_func(c->s, NULL, type_new_tuple(c->s, vars, 2), type_new_tuple(c->s, NULL, 0), true);
}

static bool check_append(BuiltinCall *b) {
    Checker *c = b->c;
    Type *s = b->x->type, *core = type_core(c->s, s);
    if (!core || core->kind != TY_SLICE) return append_first_error(c, b->x);
    if (is_append_string(b)) {
        if (type_is_untyped(b->args[1].type)) convert_untyped(c, &b->args[1], c->s->basic[BK_STRING]);
    } else {
        check_plain_arguments(c, b->call, append_signature(c, s, core->slice.elem), b->args, b->nargs);
    }
    set_value(b->x, EM_VALUE, s);
    return true;
}

static bool check_copy(BuiltinCall *b) {
    Checker *c = b->c;
    Operand *x = b->x, *y = &b->args[1];
    Type *dst = type_core(c->s, x->type), *src = type_core_string(c->s, y->type);
    Type *src_elem = NULL;
    if (src && type_has(c->s, src, TP_STRING))
        src_elem = c->s->t_byte;
    else if (src && src->kind == TY_SLICE)
        src_elem = src->slice.elem;
    const char *xs = operand_str(c, x), *ys = operand_str(c, y);
    if (!dst || dst->kind != TY_SLICE || !src_elem) {
        err_at(c, x->expr, "invalid argument: copy expects slice arguments; found %s and %s", xs, ys);
        return false;
    }
    if (!type_identical(c->s, dst->slice.elem, src_elem)) {
        err_at(c, x->expr,
               "invalid argument: arguments to copy %s and %s have different element types %s and %s", xs, ys,
               tstr(c, dst->slice.elem), tstr(c, src_elem));
        return false;
    }
    if (type_is_untyped(y->type)) convert_untyped(c, y, c->s->basic[BK_STRING]);
    set_value(x, EM_VALUE, c->s->basic[BK_INT]);
    return true;
}

/* The key type that all maps of x's type set share; NULL after reporting. */
static Type *delete_key_type(Checker *c, Operand *x) {
    TypeTerms terms;
    Type *key = NULL;
    type_terms(c, x->type, &terms);
    for (int i = 0; i < terms.n; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        if (u->kind != TY_MAP) {
            key = NULL;
            break;
        }
        if (key && !type_identical(c->s, key, u->map.key)) {
            err_at(c, x->expr, "invalid argument: maps of %s must have identical key types",
                   operand_str(c, x));
            return NULL;
        }
        key = u->map.key;
    }
    if (!key) err_at(c, x->expr, "invalid argument: %s is not a map", operand_str(c, x));
    return key;
}

static bool check_delete(BuiltinCall *b) {
    Type *key = delete_key_type(b->c, b->x);
    if (!key) return false;
    *b->x = b->args[1];
    check_assignment(b->c, b->x, key, "argument to delete");
    if (b->x->mode == EM_INVALID) return false;
    set_no_value(b);
    return true;
}

static bool check_clear(BuiltinCall *b) {
    Checker *c = b->c;
    TypeTerms terms;
    verify_version(c, b->call->call.fun, "go1.21", "clear");
    type_terms(c, b->x->type, &terms);
    bool ok = terms.n > 0;
    for (int i = 0; i < terms.n; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        ok &= u->kind == TY_MAP || u->kind == TY_SLICE;
    }
    if (!ok) {
        err_at(c, b->x->expr,
               "invalid argument: cannot clear %s: argument must be (or constrained by) map or slice",
               operand_str(c, b->x));
        return false;
    }
    set_no_value(b);
    return true;
}

static bool check_close(BuiltinCall *b) {
    Checker *c = b->c;
    TypeTerms terms;
    const char *fault = NULL;
    type_terms(c, b->x->type, &terms);
    if (terms.n == 0) fault = "non-channel";
    for (int i = 0; i < terms.n && !fault; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        if (u->kind != TY_CHAN)
            fault = "non-channel";
        else if (u->chan.dir == CHAN_RECV)
            fault = "receive-only channel";
    }
    if (fault) {
        err_at(c, b->x->expr, "invalid operation: cannot close %s %s", fault, operand_str(c, b->x));
        return false;
    }
    set_no_value(b);
    return true;
}

/* ---- len, cap ---- */

/* Has the type with underlying type u a length (or, for cap, a capacity)? */
static bool has_length(Checker *c, Type *u, bool is_cap) {
    u = deref_array(c, u);
    switch ((TypeKind)u->kind) {
    case TY_ARRAY: case TY_SLICE: case TY_CHAN: return true;
    case TY_MAP: return !is_cap;
    case TY_BASIC: return !is_cap && (u->basic.props & TP_STRING);
    default: return false;
    }
}

/* The length as a constant, or NULL: of a constant string, and of an array that need not be evaluated. */
static ConstVal *const_length(BuiltinCall *b) {
    Checker *c = b->c;
    Type *u = deref_array(c, type_under(c->s, b->x->type));
    if (u->kind == TY_BASIC && b->x->mode == EM_CONST && !const_is_unknown(b->x->value)) {
        size_t n;
        cv_string_value(b->x->value, &n);
        return cv_int(c->arena, (int64_t)n);
    }
    if (u->kind != TY_ARRAY || c->env.has_call_or_recv) return NULL;
    return u->array.len >= 0 ? cv_int(c->arena, u->array.len) : cv_unknown(c->arena);
}

static bool check_len_cap(BuiltinCall *b) {
    Checker *c = b->c;
    TypeTerms terms;
    type_terms(c, b->x->type, &terms);
    bool ok = terms.n > 0;
    for (int i = 0; i < terms.n; i++)
        ok &= has_length(c, type_under(c->s, terms.at[i].type), b->id == BI_CAP);
    if (!ok) {
        if (type_is_valid(type_under(c->s, b->x->type)))
            err_at(c, b->x->expr, "invalid argument: %s for built-in %s", operand_str(c, b->x), b->name);
        return false;
    }
    Type *t = c->s->basic[BK_INT];
    ConstVal *length = const_length(b);
    if (length) {
        set_const(b->x, t, length);
        return true;
    }
    if (type_is_untyped(b->x->type)) convert_untyped(c, b->x, c->s->basic[BK_STRING]);
    set_value(b->x, EM_VALUE, t);
    return true;
}

/* ---- complex, real, imag ---- */

/* Applies map to the type of x; for a type parameter to each of its types, giving a new type parameter. NULL:
 * not all types are mapped. */
static Type *map_type(BuiltinCall *b, BasicKind (*map)(BasicKind)) {
    Checker *c = b->c;
    TypeTerms terms;
    type_terms(c, b->x->type, &terms);
    Type *result = NULL;
    for (int i = 0; i < terms.n; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        BasicKind k = u->kind == TY_BASIC ? map(u->basic.kind) : BK_INVALID;
        if (k == BK_INVALID) return NULL;
        result = c->s->basic[k];
    }
    if (!result || !type_is_tparam(b->x->type)) return result;
    soft_err_at(c, b->x->expr,
                "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)",
                operand_str(c, b->x), b->name);
    return c->s->basic[BK_INVALID];
}

static BasicKind complex_of(BasicKind k) {
    switch (k) {
    case BK_FLOAT32: return BK_COMPLEX64;
    case BK_FLOAT64: return BK_COMPLEX128;
    case BK_UNTYPED_FLOAT: return BK_UNTYPED_COMPLEX;
    default: return BK_INVALID;
    }
}

static BasicKind part_of(BasicKind k) {
    switch (k) {
    case BK_COMPLEX64: return BK_FLOAT32;
    case BK_COMPLEX128: return BK_FLOAT64;
    case BK_UNTYPED_COMPLEX: return BK_UNTYPED_FLOAT;
    default: return BK_INVALID;
    }
}

static void to_untyped_float(Checker *c, Operand *x) {
    if (type_has(c->s, x->type, TP_NUMERIC) && cv_sign(cv_imag(c->arena, x->value)) == 0)
        x->type = c->s->basic[BK_UNTYPED_FLOAT];
}

/* Gives both parts one type. */
static void match_parts(Checker *c, Operand *x, Operand *y) {
    bool x_untyped = type_is_untyped(x->type), y_untyped = type_is_untyped(y->type);
    if (x_untyped && y_untyped && x->mode == EM_CONST && y->mode == EM_CONST) {
        to_untyped_float(c, x);
        to_untyped_float(c, y);
    } else if (x_untyped && y_untyped) { /* one is a shift, which must fail as a float */
        convert_untyped(c, x, c->s->basic[BK_FLOAT64]);
        convert_untyped(c, y, c->s->basic[BK_FLOAT64]);
    } else if (x_untyped) {
        convert_untyped(c, x, y->type);
    } else if (y_untyped) {
        convert_untyped(c, y, x->type);
    }
}

static bool check_complex(BuiltinCall *b) {
    Checker *c = b->c;
    Operand *x = b->x, *y = &b->args[1];
    match_parts(c, x, y);
    if (x->mode == EM_INVALID || y->mode == EM_INVALID) return false;
    if (!type_identical(c->s, x->type, y->type)) {
        err_at(c, x->expr, "invalid operation: %s (mismatched types %s and %s)", expr_str(c, b->call),
               tstr(c, x->type), tstr(c, y->type));
        return false;
    }
    Type *t = map_type(b, complex_of);
    if (!t) {
        err_at(c, x->expr, "invalid argument: arguments have type %s, expected floating-point",
               tstr(c, x->type));
        return false;
    }
    if (!type_is_valid(t)) return false;
    if (x->mode == EM_CONST && y->mode == EM_CONST) {
        ConstVal *re = cv_to_float(c->arena, x->value), *im = cv_to_float(c->arena, y->value);
        set_const(x, t, re && im ? cv_complex(c->arena, re, im) : cv_unknown(c->arena));
    } else {
        set_value(x, EM_VALUE, t);
    }
    return true;
}

static bool check_real_imag(BuiltinCall *b) {
    Checker *c = b->c;
    Operand *x = b->x;
    if (type_is_untyped(x->type) && x->mode == EM_CONST) {
        if (type_has(c->s, x->type, TP_NUMERIC)) x->type = c->s->basic[BK_UNTYPED_COMPLEX];
    } else if (type_is_untyped(x->type)) { /* a shift, which must fail as a complex number */
        convert_untyped(c, x, c->s->basic[BK_COMPLEX128]);
        if (x->mode == EM_INVALID) return false;
    }
    Type *t = map_type(b, part_of);
    if (!t) {
        err_at(c, x->expr, "invalid argument: argument has type %s, expected complex type", tstr(c, x->type));
        return false;
    }
    if (!type_is_valid(t)) return false;
    if (x->mode == EM_CONST && const_is_unknown(x->value))
        x->type = t;
    else if (x->mode == EM_CONST)
        set_const(x, t, b->id == BI_REAL ? cv_real(c->arena, x->value) : cv_imag(c->arena, x->value));
    else
        set_value(x, EM_VALUE, t);
    return true;
}

/* ---- make, new ---- */

/* How many arguments make(T, ...) needs at least; 0 after reporting that T cannot be made. */
static int make_min_args(Checker *c, Node *n, Type *t) {
    Type *core = type_core(c->s, t);
    if (core && core->kind == TY_SLICE) return 2;
    if (core && (core->kind == TY_MAP || core->kind == TY_CHAN)) return 1;
    err_at(c, n, "invalid argument: cannot make %s%s", expr_str(c, n),
           core ? "; type must be slice, map, or channel" : ": no core type");
    return 0;
}

static bool check_make(BuiltinCall *b) {
    Checker *c = b->c;
    NodeList *list = &b->call->call.args;
    Type *t = check_var_type(c, list->at[0]);
    if (!type_is_valid(t)) return false;
    int min = make_min_args(c, list->at[0], t);
    if (min == 0) return false;
    if (list->len < min || list->len > min + 1) {
        err_at(c, b->call, "invalid operation: %s expects %d or %d arguments; found %d", expr_str(c, b->call),
               min, min + 1, list->len);
        return false;
    }
    int64_t size[2] = {-1, -1};
    for (int i = 1; i < list->len; i++) check_index_value(c, list->at[i], -1, "index", &size[i - 1]);
    if (size[0] >= 0 && size[1] >= 0 && size[0] > size[1])
        err_at(c, list->at[1], "invalid argument: length and capacity swapped");
    set_value(b->x, EM_VALUE, t);
    return true;
}

static bool check_new(BuiltinCall *b) {
    Type *t = check_var_type(b->c, b->call->call.args.at[0]);
    if (!type_is_valid(t)) return false;
    set_value(b->x, EM_VALUE, type_new_pointer(b->c->s, t));
    return true;
}

/* ---- min, max ---- */

/* Folds the next argument a into x. */
static bool add_min_max(BuiltinCall *b, Operand *a, bool first) {
    Checker *c = b->c;
    Operand *x = b->x;
    if (!type_all_have(c->s, a->type, TP_ORDERED)) {
        err_at(c, a->expr, "invalid argument: %s cannot be ordered", operand_str(c, a));
        return false;
    }
    if (first) return true;
    match_types(c, x, a);
    if (x->mode == EM_INVALID) return false;
    if (!type_identical(c->s, x->type, a->type)) {
        err_at(c, a->expr, "invalid argument: mismatched types %s (previous argument) and %s (type of %s)",
               tstr(c, x->type), tstr(c, a->type), expr_str(c, a->expr));
        return false;
    }
    if (x->mode != EM_CONST || a->mode != EM_CONST) {
        x->mode = EM_VALUE;
    } else if (!const_is_unknown(x->value) && !const_is_unknown(a->value) &&
               cv_compare(b->id == BI_MAX ? TK_GTR : TK_LSS, a->value, x->value)) {
        *x = *a;
    }
    return true;
}

static bool check_min_max(BuiltinCall *b) {
    Checker *c = b->c;
    Operand *x = b->x;
    verify_version(c, b->call->call.fun, "go1.21", arena_printf(c->arena, "built-in %s", b->name));
    for (int i = 0; i < b->nargs; i++)
        if (!add_min_max(b, &b->args[i], i == 0)) return false;
    if (x->mode != EM_CONST) {
        x->mode = EM_VALUE;
        check_assignment(c, x, c->s->t_any, arena_printf(c->arena, "argument to built-in %s", b->name));
        if (x->mode == EM_INVALID) return false;
    }
    for (int i = 0; i < b->nargs; i++) update_expr_type(c, b->args[i].expr, x->type, true);
    return true;
}

/* ---- panic, print, recover ---- */

static bool check_panic(BuiltinCall *b) {
    check_assignment(b->c, b->x, b->c->s->t_any, "argument to panic");
    if (b->x->mode == EM_INVALID) return false;
    set_no_value(b);
    return true;
}

static bool check_print(BuiltinCall *b) {
    const char *context = arena_printf(b->c->arena, "argument to built-in %s", b->name);
    for (int i = 0; i < b->nargs; i++) {
        check_assignment(b->c, &b->args[i], NULL, context);
        if (b->args[i].mode == EM_INVALID) return false;
    }
    set_no_value(b);
    return true;
}

static bool check_recover(BuiltinCall *b) {
    if (b->c->env.func) b->c->env.func->has_recover = true;
    set_value(b->x, EM_VALUE, b->c->s->t_any);
    return true;
}

/* ---- dispatch ---- */

void set_no_value(BuiltinCall *b) { set_value(b->x, EM_NO_VALUE, type_new_tuple(b->c->s, NULL, 0)); }

static BuiltinHandler handler_of(BuiltinId id) {
    switch (id) {
    case BI_APPEND: return check_append;
    case BI_CAP: case BI_LEN: return check_len_cap;
    case BI_CLEAR: return check_clear;
    case BI_CLOSE: return check_close;
    case BI_COMPLEX: return check_complex;
    case BI_COPY: return check_copy;
    case BI_DELETE: return check_delete;
    case BI_IMAG: case BI_REAL: return check_real_imag;
    case BI_MAKE: return check_make;
    case BI_MAX: case BI_MIN: return check_min_max;
    case BI_NEW: return check_new;
    case BI_PANIC: return check_panic;
    case BI_PRINT: case BI_PRINTLN: return check_print;
    case BI_RECOVER: return check_recover;
    case BI_UNSAFE_ADD: return check_unsafe_add;
    case BI_UNSAFE_ALIGNOF: case BI_UNSAFE_SIZEOF: return check_unsafe_size;
    case BI_UNSAFE_OFFSETOF: return check_unsafe_offset;
    case BI_UNSAFE_SLICE: return check_unsafe_slice;
    case BI_UNSAFE_SLICE_DATA: return check_unsafe_slice_data;
    case BI_UNSAFE_STRING: return check_unsafe_string;
    case BI_UNSAFE_STRING_DATA: return check_unsafe_string_data;
    case BI_COUNT: break;
    }
    unreachable();
}

static const struct { const char *name; int nargs; bool variadic; } builtins[BI_COUNT] = {
#define BUILTIN(id, name, nargs, variadic, kind) [BI_##id] = {name, nargs, variadic},
#include "sema/builtins.def"
};

static bool takes_expressions(BuiltinId id) {
    return id != BI_MAKE && id != BI_NEW && id != BI_UNSAFE_OFFSETOF;
}

static bool check_arg_count(BuiltinCall *b) {
    int want = builtins[b->id].nargs;
    const char *what = b->nargs < want                               ? "not enough"
                       : b->nargs > want && !builtins[b->id].variadic ? "too many"
                                                                      : NULL;
    if (!what) return true;
    err_at(b->c, b->call, "invalid operation: %s arguments for %s (expected %d, found %d)", what,
           expr_str(b->c, b->call), want, b->nargs);
    return false;
}

static bool evaluate_args(BuiltinCall *b) {
    NodeList *list = &b->call->call.args;
    b->nargs = list->len;
    if (!takes_expressions(b->id)) return true;
    if (list->len > 0) b->nargs = check_expr_list(b->c, list, &b->args, false, 0, NULL);
    for (int i = 0; i < b->nargs; i++)
        if (b->args[i].mode == EM_INVALID) return false;
    if (b->nargs > 0) *b->x = b->args[0];
    return true;
}

bool check_builtin(Checker *c, Operand *x, Node *call, BuiltinId id) {
    const char *name = builtins[id].name;
    const char *dot = strchr(name, '.');
    BuiltinCall b = {.c = c, .x = x, .call = call, .id = id, .name = dot ? dot + 1 : name};
    if (call->call.has_dots && id != BI_APPEND) {
        err_at(c, call, "invalid operation: invalid use of ... with built-in %s", b.name);
        use_exprs(c, &call->call.args);
        return false;
    }
    /* Whether len(x) is constant depends on what happens in x alone. */
    bool had_call = c->env.has_call_or_recv;
    if (id == BI_LEN || id == BI_CAP) c->env.has_call_or_recv = false;
    bool ok = evaluate_args(&b) && check_arg_count(&b) && handler_of(id)(&b);
    if (id == BI_LEN || id == BI_CAP) c->env.has_call_or_recv = had_call;
    return ok;
}
