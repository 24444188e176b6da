/* index.c: index and slice expressions, and the indices in them.
 *
 * Indexing works on the underlying type; for a type parameter all specific types must agree on key and
 * element. Slicing works on the core type. Constant indices are checked against constant lengths. */
#include "sema/check.h"

/* ---- indices ---- */

bool check_index_operand(Checker *c, Operand *x, const char *what, bool allow_negative) {
    if (x->mode == EM_INVALID) return false;
    convert_untyped(c, x, c->s->basic[BK_INT]);
    if (x->mode == EM_INVALID) return false;
    const char *fault = NULL;
    if (!type_all_have(c->s, x->type, TP_INTEGER))
        fault = "must be integer";
    else if (x->mode != EM_CONST || const_is_unknown(x->value))
        return true;
    else if (!allow_negative && cv_sign(x->value) < 0)
        fault = "must not be negative";
    else if (!representable(c, x->value, c->s->basic[BK_INT], &x->value))
        fault = "overflows int";
    if (!fault) return true;
    err_at(c, x->expr, "invalid argument: %s %s %s", what, operand_str(c, x), fault);
    return false;
}

bool check_index_value(Checker *c, Node *index, int64_t length, const char *what, int64_t *value) {
    Operand x;
    int64_t v;
    if (value) *value = -1;
    check_expr(c, &x, index);
    if (!check_index_operand(c, &x, what, false)) return false;
    if (x.mode != EM_CONST) return true;
    if (const_is_unknown(x.value)) return false;
    check(cv_int64(x.value, &v));
    if (length >= 0 && v >= length) {
        err_at(c, x.expr, "invalid argument: %s %s out of bounds [0:%lld]", what, cv_text(c->arena, x.value),
               (long long)length);
        return false;
    }
    if (value) *value = v;
    return true;
}

/* The one index of n; NULL after reporting. */
static Node *single_index(Checker *c, Node *n) {
    if (n->index.indices.len == 0) {
        err_at(c, n, "missing index for %s", expr_str(c, n->index.x));
        return NULL;
    }
    if (n->index.indices.len > 1) err_at(c, n->index.indices.at[1], "invalid operation: more than one index");
    return n->index.indices.at[0];
}

/* ---- what can be indexed ---- */

/* How values of a type are indexed. */
typedef struct Indexing {
    Type *elem;     /* NULL: not at all */
    Type *key;      /* of a map */
    int64_t length; /* constant upper bound, or -1 */
    ExprMode mode;
} Indexing;

/* u is an underlying type; x the operand, for its mode and value. */
static Indexing indexing_of(Checker *c, Type *u, const Operand *x) {
    switch ((TypeKind)u->kind) {
    case TY_BASIC:
        if (!(u->basic.props & TP_STRING)) break;
        if (x->mode == EM_CONST && cv_kind(x->value) == CV_STRING) {
            size_t n;
            cv_string_value(x->value, &n);
            return (Indexing){c->s->t_byte, NULL, (int64_t)n, EM_VALUE};
        }
        return (Indexing){c->s->t_byte, NULL, -1, EM_VALUE};
    case TY_ARRAY:
        return (Indexing){u->array.elem, NULL, u->array.len, x->mode == EM_VAR ? EM_VAR : EM_VALUE};
    case TY_POINTER: {
        Type *array = type_under(c->s, u->pointer.elem);
        if (array->kind == TY_ARRAY) return (Indexing){array->array.elem, NULL, array->array.len, EM_VAR};
        break;
    }
    case TY_SLICE: return (Indexing){u->slice.elem, NULL, -1, EM_VAR};
    case TY_MAP: return (Indexing){u->map.elem, u->map.key, -1, EM_MAP_INDEX};
    default: break;
    }
    return (Indexing){.length = -1};
}

/* Narrows sum by what another type of the type set allows; false when they do not go together. Like in Go, an
 * array bounds the index only if the first type in the set is an array. */
static bool merge_indexing(Checker *c, Indexing *sum, const Indexing *other) {
    if (!other->elem || !sum->key != !other->key) return false;
    if (sum->key && !type_identical(c->s, sum->key, other->key)) return false;
    if (!type_identical(c->s, sum->elem, other->elem)) return false;
    if (other->length >= 0 && other->length < sum->length) sum->length = other->length;
    if (other->mode == EM_VALUE) sum->mode = EM_VALUE;
    return true;
}

static Indexing find_indexing(Checker *c, Operand *x) {
    TypeTerms terms;
    type_terms(c, x->type, &terms);
    Indexing sum = {.length = -1};
    for (int i = 0; i < terms.n; i++) {
        Indexing next = indexing_of(c, type_under(c->s, terms.at[i].type), x);
        if (i == 0)
            sum = next;
        else if (!sum.elem || !merge_indexing(c, &sum, &next))
            return (Indexing){.length = -1};
    }
    return sum;
}

static void check_map_key(Checker *c, Type *key_type, Node *index) {
    Operand key;
    check_expr(c, &key, index);
    check_assignment(c, &key, key_type, "map index");
}

static void check_element(Checker *c, Operand *x, Node *n) {
    Indexing how = find_indexing(c, x);
    if (!how.elem) {
        err_pos(c, n->at, "invalid operation: cannot index %s", operand_str(c, x));
        use_exprs(c, &n->index.indices);
        x->mode = EM_INVALID;
        return;
    }
    Node *index = single_index(c, n);
    if (!index) {
        x->mode = EM_INVALID;
        return;
    }
    if (type_is_untyped(x->type)) update_expr_type(c, x->expr, type_default(c->s, x->type), true);
    if (how.key)
        check_map_key(c, how.key, index);
    else
        check_index_value(c, index, how.length, "index", NULL);
    set_value(x, how.mode, how.elem);
}

bool check_index_expr(Checker *c, Operand *x, Node *n) {
    check_expr_or_type(c, x, n->index.x, true);
    switch (x->mode) {
    case EM_INVALID: use_exprs(c, &n->index.indices); return false;
    case EM_TYPE:
        x->type = check_var_type(c, n);
        x->mode = type_is_valid(x->type) ? EM_TYPE : EM_INVALID;
        return false;
    case EM_VALUE:
        if (type_is_kind(c->s, x->type, TY_FUNC) && type_is_generic(x->type)) return true;
        break;
    default: break;
    }
    reject_generic(c, NULL, x);
    if (x->mode != EM_INVALID) check_element(c, x, n);
    return false;
}

/* ---- slices ---- */

/* The type of slicing x and, in *length, the constant bound of the indices. NULL after reporting. */
static Type *sliced_type(Checker *c, Operand *x, Node *n, int64_t *length) {
    Type *u = type_core_string(c->s, x->type);
    const char *what = operand_str(c, x);
    if (!u) {
        err_at(c, x->expr, "invalid operation: cannot slice %s: %s has no core type", what, tstr(c, x->type));
        return NULL;
    }
    if (u->kind == TY_BASIC && (u->basic.props & TP_STRING)) {
        if (n->slice.three) {
            err_at(c, n->slice.max ? n->slice.max : n, "invalid operation: 3-index slice of string");
            return NULL;
        }
        *length = indexing_of(c, u, x).length;
        return type_is_untyped(x->type) ? c->s->basic[BK_STRING] : x->type;
    }
    if (u->kind == TY_SLICE) return x->type;
    if (u->kind == TY_ARRAY) {
        if (x->mode != EM_VAR) {
            err_at(c, x->expr, "invalid operation: %s (slice of unaddressable value)", what);
            return NULL;
        }
        note_address(c, n->slice.x);
        *length = u->array.len;
        return type_new_slice(c->s, u->array.elem);
    }
    Type *array = u->kind == TY_POINTER ? type_under(c->s, u->pointer.elem) : NULL;
    if (!array || array->kind != TY_ARRAY) {
        if (type_is_valid(u)) err_at(c, x->expr, "invalid operation: cannot slice %s", what);
        return NULL;
    }
    *length = array->array.len;
    return type_new_slice(c->s, array->array.elem);
}

/* Constant indices must ascend; index[i] < 0: not constant. */
static void check_index_order(Checker *c, Node *const *nodes, const int64_t *index, int n) {
    for (int i = 0; i < n - 1; i++) {
        for (int j = i + 1; j < n; j++) {
            if (index[i] <= 0 || index[j] < 0 || index[j] >= index[i]) continue;
            err_at(c, nodes[j], "invalid slice indices: %lld < %lld", (long long)index[j],
                   (long long)index[i]);
            return;
        }
    }
}

void check_slice_expr(Checker *c, Operand *x, Node *n) {
    Node *const nodes[3] = {n->slice.lo, n->slice.hi, n->slice.max};
    int64_t length = -1;
    check_expr(c, x, n->slice.x);
    Type *t = x->mode == EM_INVALID ? NULL : sliced_type(c, x, n, &length);
    if (!t || (n->slice.three && (!nodes[1] || !nodes[2]))) { /* the parser reports missing indices */
        for (int i = 0; i < 3; i++) use_expr(c, nodes[i]);
        x->mode = EM_INVALID;
        return;
    }
    if (type_is_untyped(x->type)) update_expr_type(c, x->expr, t, true);
    int64_t index[3];
    for (int i = 0; i < 3; i++) {
        index[i] = i == 0 ? 0 : length;
        if (nodes[i]) check_index_value(c, nodes[i], length >= 0 ? length + 1 : -1, "index", &index[i]);
    }
    check_index_order(c, nodes, index, 3);
    set_value(x, EM_VALUE, t);
}
