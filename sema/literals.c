/* literals.c: composite literals and function literals.
 *
 * Elements of composite literals are checked against the element type, which also serves as the type of inner
 * literals that have none of their own. Keys that are constant must be unique; they are kept in a hash set.
 * The body of a function literal is checked later, when the declaration around it is complete, but before the
 * enclosing scope changes. */
#include "sema/check.h"

/* ---- constant keys ---- */

typedef struct Key {
    ConstVal *value; /* NULL: a free slot */
    Type *type;      /* for keys of interface type, otherwise NULL */
} Key;

typedef struct KeySet {
    Key *at;
    int len, cap; /* cap is a power of two */
} KeySet;

static Key *find_key(Checker *c, KeySet *set, ConstVal *v, Type *t) {
    unsigned mask = (unsigned)set->cap - 1;
    for (unsigned i = (unsigned)cv_hash(v);; i++) {
        Key *k = &set->at[i & mask];
        if (!k->value) return k;
        if (cv_equal(k->value, v) && (!t || type_identical(c->s, k->type, t))) return k;
    }
}

static void grow_keys(Checker *c, KeySet *set) {
    KeySet old = *set;
    set->cap = old.cap ? old.cap * 2 : 16;
    set->at = NEW_ARRAY(c->arena, Key, set->cap);
    for (int i = 0; i < old.cap; i++)
        if (old.at[i].value) *find_key(c, set, old.at[i].value, old.at[i].type) = old.at[i];
}

/* 1.0 + 0i, 1.0 and 1 are one key. */
static ConstVal *simplest(Checker *c, ConstVal *v) {
    ConstVal *f = cv_kind(v) == CV_COMPLEX ? cv_to_float(c->arena, v) : NULL;
    if (f) v = f;
    ConstVal *i = cv_kind(v) == CV_FLOAT ? cv_to_int(c->arena, v) : NULL;
    return i ? i : v;
}

/* False when the key is already there. */
static bool add_key(Checker *c, KeySet *set, ConstVal *v, Type *t) {
    v = simplest(c, v);
    if (set->len * 2 >= set->cap) grow_keys(c, set);
    Key *k = find_key(c, set, v, t);
    if (k->value) return false;
    *k = (Key){v, t};
    set->len++;
    return true;
}

/* ---- structs ---- */

static int field_index(Checker *c, Type *st, const Name *name, bool fold_case) {
    if (name == c->s->n_blank) return -1;
    for (int i = 0; i < st->struct_.n; i++)
        if (object_same_id(st->struct_.fields[i], c->pkg, name, fold_case)) return i;
    return -1;
}

static void report_unknown_field(Checker *c, Type *base, Type *st, Node *key) {
    int alt = field_index(c, st, key->ident.name, true);
    err_at(c, key, "%s",
           lookup_error(c, base, key->ident.name, alt < 0 ? NULL : st->struct_.fields[alt], true));
}

static void check_field_value(Checker *c, Type *base, Type *st, Node *e, bool *visited) {
    if (e->kind != ND_KEY_VALUE) {
        err_at(c, e, "mixture of field:value and value elements in struct literal");
        return;
    }
    Operand x;
    Node *key = e->kv.key;
    int i = key->kind == ND_IDENT ? field_index(c, st, key->ident.name, false) : -1;
    check_expr(c, &x, e->kv.value);
    if (key->kind != ND_IDENT) {
        err_at(c, e, "invalid field name %s in struct literal", expr_str(c, key));
        return;
    }
    if (i < 0) {
        report_unknown_field(c, base, st, key);
        return;
    }
    key->ident.obj = st->struct_.fields[i];
    record_type(key, EM_VAR, st->struct_.fields[i]->type, NULL);
    check_assignment(c, &x, st->struct_.fields[i]->type, "struct literal");
    if (visited[i]) err_at(c, e, "duplicate field name %s in struct literal", key->ident.name->text);
    visited[i] = true;
}

/* The i-th value of a literal without field names. False: stop. */
static bool check_positional(Checker *c, Type *base, Type *st, Node *e, int i) {
    Operand x;
    if (e->kind == ND_KEY_VALUE) {
        err_at(c, e, "mixture of field:value and value elements in struct literal");
        return true;
    }
    check_expr(c, &x, e);
    if (i >= st->struct_.n) {
        err_at(c, e, "too many values in struct literal of type %s", tstr(c, base));
        return false;
    }
    Object *f = st->struct_.fields[i];
    if (!name_exported(f->name) && f->pkg != c->pkg) {
        err_at(c, e, "implicit assignment to unexported field %s in struct literal of type %s", f->name->text,
               tstr(c, base));
        return true;
    }
    check_assignment(c, &x, f->type, "struct literal");
    return true;
}

static void check_struct_lit(Checker *c, Node *n, Type *base, Type *st) {
    NodeList *elems = &n->composite.elems;
    if (elems->len == 0) return;
    if (elems->at[0]->kind == ND_KEY_VALUE) {
        bool *visited = NEW_ARRAY(c->arena, bool, st->struct_.n + 1);
        for (int i = 0; i < elems->len; i++) check_field_value(c, base, st, elems->at[i], visited);
        return;
    }
    for (int i = 0; i < elems->len; i++)
        if (!check_positional(c, base, st, elems->at[i], i)) break;
    if (elems->len < st->struct_.n)
        err_pos(c, n->composite.rbrace, "too few values in struct literal of type %s", tstr(c, base));
}

/* ---- arrays and slices ---- */

/* The index that a key such as 5: gives to element e; false when it is in error. */
static bool check_element_key(Checker *c, Node *e, int64_t length, int64_t *index) {
    int64_t value;
    if (!check_index_value(c, e->kv.key, length, "index", &value)) return false;
    if (value < 0) {
        err_at(c, e, "index %s must be integer constant", expr_str(c, e->kv.key));
        return false;
    }
    *index = value;
    return true;
}

/* Checks elements against elem and the length (-1: none); returns the highest index + 1. */
static int64_t check_elements(Checker *c, NodeList *elems, Type *elem, int64_t length) {
    KeySet seen = {0};
    bool keyed = false;
    int64_t index = 0, max = 0;
    for (int i = 0; i < elems->len; i++) keyed |= elems->at[i]->kind == ND_KEY_VALUE;
    for (int i = 0; i < elems->len; i++) {
        Node *e = elems->at[i], *value = e;
        bool valid = true;
        if (e->kind == ND_KEY_VALUE) {
            valid = check_element_key(c, e, length, &index);
            value = e->kv.value;
        } else if (length >= 0 && index >= length) {
            err_at(c, e, "index %lld is out of bounds (>= %lld)", (long long)index, (long long)length);
            valid = false;
        }
        if (valid && keyed && !add_key(c, &seen, cv_int(c->arena, index), NULL))
            err_at(c, e, "duplicate index %lld in array or slice literal", (long long)index);
        index++;
        if (index > max) max = index;
        Operand x;
        check_expr_hint(c, &x, value, elem);
        check_assignment(c, &x, elem, "array or slice literal");
    }
    return max;
}

/* ---- maps ---- */

static void check_map_lit(Checker *c, Node *n, Type *map) {
    KeySet seen = {0};
    Operand x;
    bool dynamic = type_is_interface(c->s, map->map.key);
    for (int i = 0; i < n->composite.elems.len; i++) {
        Node *e = n->composite.elems.at[i];
        if (e->kind != ND_KEY_VALUE) {
            err_at(c, e, "missing key in map literal");
            continue;
        }
        check_expr_hint(c, &x, e->kv.key, map->map.key);
        check_assignment(c, &x, map->map.key, "map literal");
        if (x.mode == EM_INVALID) continue;
        if (x.mode == EM_CONST && !const_is_unknown(x.value) &&
            !add_key(c, &seen, x.value, dynamic ? x.type : NULL)) {
            err_at(c, x.expr, "duplicate key %s in map literal", cv_text(c->arena, x.value));
            continue;
        }
        check_expr_hint(c, &x, e->kv.value, map->map.elem);
        check_assignment(c, &x, map->map.elem, "map literal");
    }
}

/* ---- composite literals ---- */

static bool is_open_array(const Node *type) {
    return type->kind == ND_ARRAY_TYPE && type->array_type.len && type->array_type.len->kind == ND_ELLIPSIS;
}

/* The type of literal n; *base gets T where an omitted type stands for &T. NULL after reporting. */
static Type *literal_type(Checker *c, Node *n, Type *hint, Type **base) {
    Node *type = n->composite.type;
    if (type) {
        if (is_open_array(type))
            *base = type_new_array(c->s, check_var_type(c, type->array_type.elem), -1);
        else
            *base = check_type(c, type);
        return *base;
    }
    if (!hint) {
        err_at(c, n, "missing type in composite literal");
        return NULL;
    }
    Type *core = type_core(c->s, hint);
    if (!core) {
        err_at(c, n, "invalid composite literal element type %s (no core type)", tstr(c, hint));
        return NULL;
    }
    Type *elem = pointer_elem(core);
    *base = elem ? elem : hint;
    return hint;
}

static void check_array_lit(Checker *c, Node *n, Type *array) {
    int64_t len = check_elements(c, &n->composite.elems, array->array.elem, array->array.len);
    if (array->array.len >= 0) return;
    array->array.len = len;
    if (n->composite.type) record_type(n->composite.type, EM_TYPE, array, NULL);
}

void check_composite_lit(Checker *c, Operand *x, Node *n, Type *hint) {
    Type *base;
    Type *t = literal_type(c, n, hint, &base);
    if (!t) {
        use_exprs(c, &n->composite.elems);
        return;
    }
    Type *u = type_core(c->s, base);
    if (u && u->in_progress) {
        err_at(c, n, "invalid recursive type %s", tstr(c, base));
        use_exprs(c, &n->composite.elems);
        return;
    }
    switch (u ? (TypeKind)u->kind : TY_BASIC) {
    case TY_STRUCT: check_struct_lit(c, n, base, u); break;
    case TY_ARRAY: check_array_lit(c, n, u); break;
    case TY_SLICE: check_elements(c, &n->composite.elems, u->slice.elem, -1); break;
    case TY_MAP: check_map_lit(c, n, u); break;
    default:
        use_exprs(c, &n->composite.elems);
        if (u && !type_is_valid(u)) break; /* reported before */
        err_at(c, n, "invalid composite literal type %s", tstr(c, t));
        return;
    }
    set_value(x, EM_VALUE, t);
}

/* ---- function literals ---- */

void check_func_lit(Checker *c, Operand *x, Node *n) {
    Type *sig;
    Scope *scope = open_scope(c, n->pos, n->end);
    scope->is_func = true;
    check_func_type(c, NULL, n->func_lit.type, &sig);
    close_scope(c);
    if (!sig) return;
    FuncInfo *info = NEW(c->arena, FuncInfo);
    info->node = n;
    info->sig = sig;
    info->body = n->func_lit.body;
    info->outer = c->env.func;
    info->pkg = c->pkg;
    n->func_lit.info = info;
    set_value(x, EM_VALUE, sig);
    if (info->body) check_func_body(c, info, c->env.decl, scope, c->env.iota);
}
