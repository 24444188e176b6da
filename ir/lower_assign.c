/* lower_assign.c: assignments, short variable declarations, var declarations, x++ and x op= y.
 *
 * An assignment of several values has two phases (specification, "Assignment statements"): first all operands on the
 * left (slices, pointers, indices, maps, keys) and all values on the right are evaluated, then the stores happen from
 * left to right. Bounds and nil are checked in the second phase, where the store is: `x[0], p.f = 1, 2` sets x[0]
 * before it panics for a nil p. A Target holds what the first phase found out about one left side.
 *
 * Calls on either side run before anything else is looked at (lower_order.c). */
#include "ir/lower.h"

/* ---- left sides ---- */

typedef enum LhsKind {
    LHS_NEW,   /* a variable being declared; NULL for _ */
    LHS_PLACE, /* variables, _, map elements: nothing to check */
    LHS_DEREF, /* *base */
    LHS_SLICE, /* base[index] of a slice */
    LHS_ARRAY, /* inner[index] */
    LHS_FIELD, /* inner.field */
} LhsKind;

typedef struct Lhs {
    LhsKind kind;
    Type *type;        /* NULL for _ */
    Pos pos;
    Object *var;
    Place place;
    struct Lhs *inner;
    IrVal base, index;
    bool index_unsigned;
    int field;
} Lhs;

static Lhs *new_lhs(Builder *b, LhsKind kind, Type *t) {
    Lhs *x = NEW(b->l->arena, Lhs);
    x->kind = kind;
    x->type = t;
    x->pos = b->pos;
    return x;
}

static Lhs *prepare(Builder *b, Node *n);

static Lhs *lhs_place(Builder *b, Place p) {
    Lhs *x = new_lhs(b, LHS_PLACE, p.kind == PL_BLANK ? NULL : p.type);
    x->place = p;
    if (p.kind == PL_MAP) {
        x->place.base = lw_snapshot(b, p.base);
        x->place.key = lw_snapshot(b, p.key);
    }
    return x;
}

static Lhs *lhs_deref(Builder *b, IrVal pointer, Type *elem) {
    Lhs *x = new_lhs(b, LHS_DEREF, elem);
    x->base = lw_snapshot(b, pointer);
    return x;
}

/* Emits the checks and gives the place; the second phase. */
static Place realise(Builder *b, const Lhs *x);

/* x, or what it points to. */
static Lhs *prepare_struct(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n);
    if (lw_under(b->l, t)->kind == TY_POINTER) return lhs_deref(b, lw_expr(b, n), lw_elem(b->l, t));
    return prepare(b, n);
}

static Lhs *lhs_field(Builder *b, Lhs *inner, int field) {
    if (lw_under(b->l, inner->type)->kind == TY_POINTER) { /* an embedded pointer on the way is followed at once */
        IrVal p = lw_read(b, realise(b, inner));
        inner = lhs_deref(b, p, lw_elem(b->l, inner->type));
    }
    Type *u = lw_under(b->l, inner->type);
    Lhs *x = new_lhs(b, LHS_FIELD, lw_type(b, u->struct_.fields[field]->type));
    x->inner = inner;
    x->field = field;
    return x;
}

static Lhs *prepare_selector(Builder *b, Node *n) {
    Selection *sel = n->selector.selection ? lw_selection(b, n) : NULL;
    if (!sel) return lhs_place(b, lw_place(b, n)); /* pkg.Var */
    Lhs *x = prepare_struct(b, n->selector.x);
    for (int i = 0; i < sel->n; i++) x = lhs_field(b, x, sel->path[i]);
    return x;
}

static Lhs *prepare_index(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n->index.x), *u = lw_under(b->l, t);
    if (u->kind == TY_MAP) return lhs_place(b, lw_place(b, n));
    Lhs *x = new_lhs(b, u->kind == TY_SLICE ? LHS_SLICE : LHS_ARRAY, lw_type_of(b, n));
    if (u->kind == TY_SLICE) x->base = lw_snapshot(b, lw_expr(b, n->index.x));
    else x->inner = prepare_struct(b, n->index.x);
    x->index = lw_snapshot(b, lw_index_value(b, n->index.indices.at[0], &x->index_unsigned));
    return x;
}

/* The first phase for the left side n. */
static Lhs *prepare(Builder *b, Node *n) {
    n = ast_unparen(n);
    b->pos = n->pos;
    switch ((NodeKind)n->kind) {
    case ND_SELECTOR: return prepare_selector(b, n);
    case ND_INDEX: return prepare_index(b, n);
    case ND_STAR: return lhs_deref(b, lw_expr(b, n->star.x), lw_type_of(b, n));
    default: return lhs_place(b, lw_place(b, n));
    }
}

static void check_index(Builder *b, const Lhs *x, IrVal len) {
    IrInstr *in = lw_emit(b, IR_CHECK_INDEX);
    in->a = x->index;
    in->b = len;
    in->off = x->index_unsigned;
}

static Place element(Builder *b, const Lhs *x, IrVal base) {
    IrVal addr = lw_elem_addr(b, base, x->index, lw_size(b, x->type), lw_ptr_to(b->l, x->type));
    return lw_mem(x->type, addr, true);
}

static Place realise_array(Builder *b, const Lhs *x) {
    Place p = realise(b, x->inner);
    b->pos = x->pos;
    if (x->index.kind != IV_INT)
        check_index(b, x, iv_int(b->l->t_int, lw_under(b->l, x->inner->type)->array.len));
    return element(b, x, lw_addr(b, p));
}

static Place realise(Builder *b, const Lhs *x) {
    b->pos = x->pos;
    switch (x->kind) {
    case LHS_NEW: break;
    case LHS_PLACE: return x->place;
    case LHS_DEREF:
        lw_nil_check(b, x->base);
        return lw_mem(x->type, x->base, true);
    case LHS_SLICE:
        check_index(b, x, lw_slice_len(b, x->base));
        return element(b, x, lw_slice_ptr(b, x->base));
    case LHS_ARRAY: return realise_array(b, x);
    case LHS_FIELD: return lw_field(b, realise(b, x->inner), lw_under(b->l, x->inner->type), x->field);
    }
    unreachable();
}

/* In x := ..., whether the identifier declares its variable (or is _). */
static bool declares(const Node *ident) { return !ident->ident.obj || ident->ident.obj->ident == ident; }

static Lhs *prepare_lhs(Builder *b, Node *n, bool define) {
    n = ast_unparen(n);
    if (ast_is_blank(n)) return new_lhs(b, LHS_NEW, NULL);
    if (!define || !declares(n)) return prepare(b, n);
    Lhs *x = new_lhs(b, LHS_NEW, lw_type(b, n->ident.obj->type));
    x->var = n->ident.obj;
    return x;
}

/* The second phase: stores v, which has x's type. */
static void store(Builder *b, const Lhs *x, IrVal v) {
    if (x->kind == LHS_NEW) lw_declare_var(b, x->var, v);
    else lw_write(b, realise(b, x), v);
}

/* ---- lists of values ---- */

IrVal *lw_tuple_values(Builder *b, Node *call, Type *const *types, int n) {
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, n);
    Type *tuple = lw_type_of(b, call);
    IrVal result = lw_snapshot(b, lw_expr(b, call));
    for (int i = 0; i < n; i++) {
        Type *from = lw_type(b, tuple->tuple.vars[i]->type);
        values[i] = lw_tuple_part(b, result, i);
        if (types[i]) values[i] = lw_assign_convert(b, values[i], from, types[i]);
    }
    return values;
}

IrVal *lw_values(Builder *b, NodeList *list, Type *const *types, int n) {
    if (list->len != n) return lw_tuple_values(b, list->at[0], types, n);
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, n);
    lw_order_list(b, list->at, n);
    for (int i = 0; i < n; i++) {
        if (types[i]) values[i] = lw_snapshot(b, lw_expr_as(b, list->at[i], types[i]));
        else lw_effects(b, list->at[i]);
    }
    return values;
}

/* The values of v, ok = expression. */
static IrVal *comma_ok_values(Builder *b, Node *n, Type *const *types) {
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, 2);
    Type *from = lw_type_of(b, n);
    if (from->kind == TY_TUPLE) from = lw_type(b, from->tuple.vars[0]->type);
    lw_comma_ok(b, n, &values[0], &values[1]);
    if (types[0]) values[0] = lw_assign_convert(b, values[0], from, types[0]);
    if (types[1]) values[1] = lw_assign_convert(b, values[1], b->l->t_bool, types[1]);
    return values;
}

/* m[k], x.(T) and <-c give a second value when two are wanted; anything else here has several results. */
static bool has_comma_ok(const Node *n) {
    return n->kind == ND_INDEX || n->kind == ND_TYPE_ASSERT || n->kind == ND_UNARY;
}

IrVal *lw_right_values(Builder *b, Node *rhs, Type *const *types, int n) {
    if (has_comma_ok(ast_unparen(rhs))) return comma_ok_values(b, rhs, types);
    return lw_tuple_values(b, rhs, types, n);
}

/* The values of a right side for n left sides, one for each. */
static IrVal *right_values(Builder *b, NodeList *rhs, Type *const *types, int n) {
    return rhs->len == n ? lw_values(b, rhs, types, n) : lw_right_values(b, rhs->at[0], types, n);
}

/* ---- statements ---- */

enum { LARGE = 64 }; /* bytes; values beyond go from place to place */

/* Is the value built, or copied, straight to where it goes? */
static bool goes_straight(Builder *b, Node *rhs, Type *t) {
    if (lw_type_of(b, rhs) != t) return false;
    return ast_unparen(rhs)->kind == ND_COMPOSITE_LIT || type_size(b->l->s, t) > LARGE;
}

/* A new variable, which its initial value cannot refer to. */
static void declare_with(Builder *b, Object *v, Node *rhs) {
    if (!v) {
        lw_effects(b, rhs);
        return;
    }
    Type *t = lw_type(b, v->type);
    if (!goes_straight(b, rhs, t)) {
        lw_declare_var(b, v, lw_expr_as(b, rhs, t));
        return;
    }
    bool is_zero;
    Place p = lw_new_var(b, v, &is_zero);
    lw_expr_into(b, rhs, p, is_zero);
}

static void assign_one(Builder *b, Node *lhs, Node *rhs) {
    if (ast_is_blank(ast_unparen(lhs))) {
        lw_effects(b, rhs);
        return;
    }
    Node *both[2] = {lhs, rhs};
    lw_order_list(b, both, 2);
    Type *t = lw_type_of(b, lhs);
    if (goes_straight(b, rhs, t)) {
        lw_expr_into(b, rhs, lw_place(b, lhs), false);
        return;
    }
    IrVal v = lw_expr_as(b, rhs, t);
    lw_write(b, lw_place(b, lhs), v);
}

/* What of the right side of v, ok = n can be evaluated ahead: its operand, but not the comma-ok operation itself. */
static Node *comma_ok_operand(Node *n) {
    n = ast_unparen(n);
    if (n->kind == ND_TYPE_ASSERT) return n->assert_.x;
    return n->kind == ND_UNARY ? n->unary.x : n;
}

static void order_both_sides(Builder *b, NodeList *lhs, NodeList *rhs) {
    int n = lhs->len + rhs->len;
    Node **all = NEW_ARRAY(b->l->arena, Node *, n);
    for (int i = 0; i < n; i++) all[i] = i < lhs->len ? lhs->at[i] : rhs->at[i - lhs->len];
    if (rhs->len < lhs->len) all[n - 1] = comma_ok_operand(all[n - 1]);
    lw_order_list(b, all, n);
}

static Type *lhs_type(Builder *b, Node *n, bool define) {
    n = ast_unparen(n);
    if (ast_is_blank(n)) return NULL;
    return define && declares(n) ? lw_type(b, n->ident.obj->type) : lw_type_of(b, n);
}

static void assign_many(Builder *b, NodeList *lhs, NodeList *rhs, bool define) {
    int n = lhs->len;
    Type **types = NEW_ARRAY(b->l->arena, Type *, n);
    for (int i = 0; i < n; i++) types[i] = lhs_type(b, lhs->at[i], define);
    order_both_sides(b, lhs, rhs);
    IrVal *values = right_values(b, rhs, types, n);
    lw_assign_values(b, lhs->at, n, values, types, define);
}

void lw_assign_values(Builder *b, Node **lhs, int n, IrVal *values, Type *const *types, bool define) {
    Lhs **left = NEW_ARRAY(b->l->arena, Lhs *, n);
    for (int i = 0; i < n; i++) left[i] = prepare_lhs(b, lhs[i], define);
    for (int i = 0; i < n; i++) {
        Lhs *x = left[i];
        if (!x->type) continue;
        store(b, x, types[i] == x->type ? values[i] : lw_assign_convert(b, values[i], types[i], x->type));
    }
}

static bool is_shift(TokKind op) { return op == TK_SHL || op == TK_SHR; }

static bool may_panic(TokKind op) { return op == TK_QUO || op == TK_REM || is_shift(op); }

/* x op= y for a y of y_type. The operands of x are evaluated once; y before x is read. An element of a map is looked up
 * once, to be written, unless the operator may panic before that. */
static void update(Builder *b, Place p, TokKind op, IrVal y, Type *y_type) {
    if (p.kind == PL_MAP && !may_panic(op)) p = lw_map_slot(b, p);
    IrVal old = lw_read(b, p);
    lw_write(b, p, lw_binary(b, op, p.type, old, y, y_type));
}

static void op_assign(Builder *b, TokKind op, Node *lhs, Node *rhs) {
    Type *t = lw_type_of(b, lhs);
    Type *y_type = is_shift(op) ? lw_type_of(b, rhs) : t;
    Node *both[2] = {lhs, rhs};
    lw_order_list(b, both, 2);
    IrVal y = is_shift(op) ? lw_expr(b, rhs) : lw_expr_as(b, rhs, t);
    update(b, lw_place(b, lhs), op, lw_snapshot(b, y), y_type);
}

void lw_incdec(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n->incdec.x);
    Place p = lw_place(b, n->incdec.x);
    IrVal one = lw_const(b, cv_int(b->l->arena, 1), t);
    update(b, p, n->incdec.op == TK_INC ? TK_ADD : TK_SUB, one, t);
}

void lw_assign_stmt(Builder *b, Node *n) {
    NodeList *lhs = &n->assign.lhs, *rhs = &n->assign.rhs;
    TokKind op = n->assign.op;
    if (op != TK_ASSIGN && op != TK_DEFINE) op_assign(b, op, lhs->at[0], rhs->at[0]);
    else if (lhs->len > 1) assign_many(b, lhs, rhs, op == TK_DEFINE);
    else if (op == TK_DEFINE && declares(lhs->at[0])) declare_with(b, lhs->at[0]->ident.obj, rhs->at[0]);
    else assign_one(b, lhs->at[0], rhs->at[0]);
}

static Object *declared_var(const Node *ident) { return ast_is_blank(ident) ? NULL : ident->ident.obj; }

static void declare_zero(Builder *b, NodeList *names) {
    for (int i = 0; i < names->len; i++) lw_declare_var(b, declared_var(names->at[i]), iv_none());
}

static void var_spec(Builder *b, Node *spec) {
    NodeList *names = &spec->value_spec.names, *values = &spec->value_spec.values;
    b->pos = spec->pos;
    if (!values->len) declare_zero(b, names);
    else if (names->len == 1) declare_with(b, declared_var(names->at[0]), values->at[0]);
    else assign_many(b, names, values, true);
}

void lw_var_decl(Builder *b, Node *decl) {
    if (decl->gen_decl.tok != TK_VAR) return;
    for (int i = 0; i < decl->gen_decl.specs.len; i++) var_spec(b, decl->gen_decl.specs.at[i]);
}
