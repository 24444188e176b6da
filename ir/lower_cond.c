/* lower_cond.c: conditions: logical operators and comparisons as control flow.
 *
 * A condition is lowered to branches with the two blocks it leads to. Nothing is ever negated by turning a
 * comparison round (not (a < b) is no a >= b where NaN is about): the two blocks are swapped instead.
 *
 * Equality of aggregates becomes a chain of branches over their parts, or a call of the type's equality function
 * when there are many. */
#include "ir/lower.h"

#include <string.h>

/* ---- logical operators ---- */

static bool is_comparison(const Node *n) {
    switch (n->binary.op) {
    case TK_EQL: case TK_NEQ: case TK_LSS: case TK_LEQ: case TK_GTR: case TK_GEQ: return true;
    default: return false;
    }
}

/* The end of the chain decides where it goes when its right operand is true or false; every other operation goes on
 * to the right operand of the one that continues it, or where that one would go. */
static void logical_cond(Builder *b, Node *n, IrBlock *yes, IrBlock *no) {
    typedef struct Goal { IrBlock *right, *yes, *no; } Goal;
    NodeList chain = lw_chain(b, n);
    Goal *goals = NEW_ARRAY(b->l->arena, Goal, chain.len);
    for (int i = chain.len - 1; i >= 0; i--) {
        goals[i] = (Goal){ir_block(b->f), yes, no};
        if (chain.at[i]->binary.op == TK_LAND) yes = goals[i].right;
        else no = goals[i].right;
    }
    lw_cond(b, chain.at[0]->binary.x, yes, no);
    for (int i = 0; i < chain.len; i++) {
        lw_start(b, goals[i].right);
        lw_cond(b, chain.at[i]->binary.y, goals[i].yes, goals[i].no);
    }
}

void lw_cond(Builder *b, Node *n, IrBlock *yes, IrBlock *no) {
    n = ast_unparen(n);
    IrVal *ready = lw_take_ready(b, n);
    if (ready) {
        lw_branch(b, *ready, yes, no);
        return;
    }
    if (n->mode == EM_CONST) {
        lw_jump(b, cv_bool_value(n->value) ? yes : no);
        return;
    }
    Pos saved = b->pos;
    if (n->at) b->pos = n->at;
    if (n->kind == ND_UNARY && n->unary.op == TK_NOT) lw_cond(b, n->unary.x, no, yes);
    else if (n->kind == ND_BINARY && is_comparison(n)) lw_compare_nodes(b, n, yes, no);
    else if (n->kind == ND_BINARY) logical_cond(b, n, yes, no);
    else lw_branch(b, lw_expr(b, n), yes, no);
    b->pos = saved;
}

/* The blocks of a condition whose outcome is wanted as a value. */
typedef struct Outcome { IrBlock *yes, *no, *done; int local; } Outcome;

static Outcome outcome_begin(Builder *b) {
    return (Outcome){ir_block(b->f), ir_block(b->f), ir_block(b->f), lw_new_temp(b, b->l->t_bool)};
}

static IrVal outcome_end(Builder *b, Outcome *o) {
    lw_start(b, o->yes);
    lw_copy(b, o->local, iv_int(b->l->t_bool, 1));
    lw_jump(b, o->done);
    lw_start(b, o->no);
    lw_copy(b, o->local, iv_int(b->l->t_bool, 0));
    lw_jump(b, o->done);
    lw_start(b, o->done);
    return iv_local(b->f, o->local);
}

/* ---- comparisons in one instruction ---- */

static IrOp compare_op(TokKind op) {
    switch (op) {
    case TK_EQL: return IR_EQ;
    case TK_NEQ: return IR_NE;
    case TK_LSS: return IR_LT;
    case TK_LEQ: return IR_LE;
    case TK_GTR: return IR_GT;
    case TK_GEQ: return IR_GE;
    default: unreachable();
    }
}

static IrVal compare_words(Builder *b, TokKind op, Type *t, IrVal x, IrVal y) {
    return lw_temp(b, compare_op(op), b->l->t_bool, t, x, y);
}

IrVal lw_nil_word(Builder *b, IrVal v, Type *t) {
    TypeKind k = lw_under(b->l, t)->kind;
    return k == TY_SLICE || k == TY_INTERFACE ? lw_part(b, v, b->l->t_ptr, 0) : lw_retype(v, b->l->t_ptr);
}

/* ---- strings ---- */

static bool is_string(Builder *b, Type *t) { return type_has(b->l->s, t, TP_STRING); }

static IrVal compare_strings(Builder *b, TokKind op, IrVal x, IrVal y) {
    IrVal order = LW_RT(b, rt_string_compare, b->l->t_int, x, y);
    return compare_words(b, op, b->l->t_int, order, iv_int(b->l->t_int, 0));
}

static void equal_strings(Builder *b, IrVal x, IrVal y, IrBlock *yes, IrBlock *no) {
    IrVal nx = lw_str_len(b, x), ny = lw_str_len(b, y);
    IrVal same_len = compare_words(b, TK_EQL, b->l->t_int, nx, ny);
    if ((nx.kind == IV_INT && nx.imm == 0) || (ny.kind == IV_INT && ny.imm == 0)) {
        lw_branch(b, same_len, yes, no);
        return;
    }
    IrBlock *bytes = ir_block(b->f);
    lw_branch(b, same_len, bytes, no);
    lw_start(b, bytes);
    lw_branch(b, LW_RT(b, rt_memequal, b->l->t_bool, lw_str_ptr(b, x), lw_str_ptr(b, y), nx), yes, no);
}

enum { MAX_INLINE_BYTES = 16 };

static Type *chunk_type(Lower *l, int64_t size) {
    if (size >= 8) return l->t_uint64;
    return size >= 4 ? l->t_uint32 : l->t_uint8;
}

/* s == "constant", short: compares the bytes as integers, which overlap at the end. */
static void equal_const_string(Builder *b, IrVal s, const char *text, int64_t n, IrBlock *yes, IrBlock *no) {
    Lower *l = b->l;
    IrBlock *next = ir_block(b->f);
    lw_branch(b, compare_words(b, TK_EQL, l->t_int, lw_str_len(b, s), iv_int(l->t_int, n)), next, no);
    lw_start(b, next);
    IrVal ptr = n ? lw_str_ptr(b, s) : iv_none();
    Type *t = chunk_type(l, n);
    int64_t size = lw_size(b, t);
    for (int64_t i = 0; i < n; i += size) {
        int64_t at = i + size > n ? n - size : i;
        uint64_t want = 0;
        memcpy(&want, text + at, (size_t)size); /* both sides little-endian */
        next = ir_block(b->f);
        lw_branch(b, compare_words(b, TK_EQL, t, lw_load(b, t, ptr, at), iv_int(t, (int64_t)want)), next, no);
        lw_start(b, next);
    }
    lw_jump(b, yes);
}

/* The text of a short string constant. */
static const char *short_const(Node *n, size_t *len) {
    if (n->mode != EM_CONST || cv_kind(n->value) != CV_STRING) return NULL;
    const char *text = cv_string_value(n->value, len);
    return *len <= MAX_INLINE_BYTES ? text : NULL;
}

static void compare_string_nodes(Builder *b, TokKind op, Node *x, Node *y, IrBlock *yes, IrBlock *no) {
    size_t n;
    if (op != TK_EQL) {
        IrVal vx = lw_string_peek(b, x);
        lw_branch(b, compare_strings(b, op, vx, lw_string_peek(b, y)), yes, no);
        return;
    }
    const char *text = short_const(y, &n);
    Node *other = x;
    if (!text) {
        text = short_const(x, &n);
        other = y;
    }
    if (text) {
        equal_const_string(b, lw_string_peek(b, other), text, (int64_t)n, yes, no);
        return;
    }
    IrVal vx = lw_string_peek(b, x);
    equal_strings(b, vx, lw_string_peek(b, y), yes, no);
}

/* ---- aggregates ---- */

enum { MAX_INLINE_PARTS = 4 };

/* Counts the parts of t that an inline comparison compares; a large number when some part needs a call. */
static int count_parts(Builder *b, Type *t) {
    Type *u = lw_under(b->l, t);
    int n = 0;
    if (u->kind == TY_STRUCT) {
        for (int i = 0; i < u->struct_.n && n <= MAX_INLINE_PARTS; i++)
            if (u->struct_.fields[i]->name != b->l->s->n_blank) n += count_parts(b, u->struct_.fields[i]->type);
        return n;
    }
    if (u->kind == TY_ARRAY) {
        if (u->array.len == 0) return 0;
        return u->array.len > MAX_INLINE_PARTS ? MAX_INLINE_PARTS + 1 : (int)u->array.len * count_parts(b, u->array.elem);
    }
    return lw_is_scalar(b->l, u) || is_string(b, u) ? 1 : MAX_INLINE_PARTS + 1;
}

static void equal_part(Builder *b, Type *t, IrVal x, IrVal y, int64_t off, IrBlock *no) {
    IrBlock *next = ir_block(b->f);
    lw_equal_branch(b, t, lw_part(b, x, t, off), lw_part(b, y, t, off), next, no);
    lw_start(b, next);
}

static void equal_parts(Builder *b, Type *u, IrVal x, IrVal y, IrBlock *yes, IrBlock *no) {
    if (u->kind == TY_STRUCT) {
        for (int i = 0; i < u->struct_.n; i++) {
            Object *f = u->struct_.fields[i];
            if (f->name != b->l->s->n_blank)
                equal_part(b, lw_type(b, f->type), x, y, type_field_offset(b->l->s, u, i), no);
        }
    } else {
        Type *elem = lw_elem(b->l, u);
        for (int64_t i = 0; i < u->array.len; i++) equal_part(b, elem, x, y, i * lw_size(b, elem), no);
    }
    lw_jump(b, yes);
}

static void equal_complex(Builder *b, Type *t, IrVal x, IrVal y, IrBlock *yes, IrBlock *no) {
    Type *elem = lw_complex_elem(b->l, t);
    IrBlock *imag = ir_block(b->f);
    lw_branch(b, compare_words(b, TK_EQL, elem, lw_complex_part(b, x, t, 0), lw_complex_part(b, y, t, 0)), imag, no);
    lw_start(b, imag);
    lw_branch(b, compare_words(b, TK_EQL, elem, lw_complex_part(b, x, t, 1), lw_complex_part(b, y, t, 1)), yes, no);
}

static void equal_ifaces(Builder *b, Type *t, IrVal x, IrVal y, IrBlock *yes, IrBlock *no) {
    IrVal eq = lw_is_eface(b->l, t) ? LW_RT(b, rt_eface_equal, b->l->t_bool, x, y)
                                    : LW_RT(b, rt_iface_equal, b->l->t_bool, x, y);
    lw_branch(b, eq, yes, no);
}

void lw_equal_branch(Builder *b, Type *t, IrVal x, IrVal y, IrBlock *yes, IrBlock *no) {
    Type *u = lw_under(b->l, t);
    if (u->kind == TY_BASIC && (u->basic.props & TP_STRING)) equal_strings(b, x, y, yes, no);
    else if (u->kind == TY_BASIC && (u->basic.props & TP_COMPLEX)) equal_complex(b, t, x, y, yes, no);
    else if (lw_is_scalar(b->l, u)) lw_branch(b, compare_words(b, TK_EQL, t, x, y), yes, no);
    else if (u->kind == TY_INTERFACE) equal_ifaces(b, t, x, y, yes, no);
    else if (count_parts(b, t) <= MAX_INLINE_PARTS) equal_parts(b, u, x, y, yes, no);
    else lw_branch(b, lw_equal_values(b, t, lw_value_addr(b, x), lw_value_addr(b, y)), yes, no);
}

IrVal lw_compare(Builder *b, TokKind op, Type *t, IrVal x, IrVal y) {
    if (lw_is_scalar(b->l, t)) return compare_words(b, op, t, x, y);
    if (op != TK_EQL && op != TK_NEQ) return compare_strings(b, op, x, y);
    Outcome o = outcome_begin(b);
    if (op == TK_EQL) lw_equal_branch(b, t, x, y, o.yes, o.no);
    else lw_equal_branch(b, t, x, y, o.no, o.yes);
    return outcome_end(b, &o);
}

/* ---- comparison expressions ---- */

static bool is_iface(Builder *b, Node *n) { return n->mode != EM_NIL && type_is_interface(b->l->s, lw_type_of(b, n)); }

static void compare_nil(Builder *b, Node *x, IrBlock *yes, IrBlock *no) {
    IrVal word = lw_nil_word(b, lw_expr(b, x), lw_type_of(b, x));
    lw_branch(b, compare_words(b, TK_EQL, b->l->t_ptr, word, iv_int(b->l->t_ptr, 0)), yes, no);
}

/* Interface x against concrete y: equal when y's type is x's dynamic type and the values are equal. */
static void equal_mixed(Builder *b, IrVal x, Type *iface, IrVal y, Type *t, IrBlock *yes, IrBlock *no) {
    IrBlock *same_type = ir_block(b->f);
    IrVal type = lw_iface_type_word(b, x, iface);
    lw_branch(b, compare_words(b, TK_EQL, b->l->t_ptr, type, lw_type_val(b, t)), same_type, no);
    lw_start(b, same_type);
    lw_equal_branch(b, t, lw_iface_unbox(b, lw_part(b, x, b->l->t_ptr, 8), t), y, yes, no);
}

static void equal_nodes(Builder *b, Node *x, Node *y, IrBlock *yes, IrBlock *no) {
    if (x->mode == EM_NIL || y->mode == EM_NIL) {
        compare_nil(b, x->mode == EM_NIL ? y : x, yes, no);
        return;
    }
    Type *tx = lw_type_of(b, x), *ty = lw_type_of(b, y);
    bool ix = is_iface(b, x), iy = is_iface(b, y);
    if (ix && iy && tx != ty) { /* one implements the other; dynamic types decide */
        Type *t = b->l->t_eface;
        IrVal vx = lw_expr_as(b, x, t);
        lw_equal_branch(b, t, vx, lw_expr_as(b, y, t), yes, no);
        return;
    }
    IrVal vx = x->mode == EM_CONST && !iy ? lw_expr_as(b, x, ty) : lw_expr(b, x);
    IrVal vy = y->mode == EM_CONST && !ix ? lw_expr_as(b, y, tx) : lw_expr(b, y);
    if (ix && !iy) equal_mixed(b, vx, tx, vy, ty, yes, no);
    else if (iy && !ix) equal_mixed(b, vy, ty, vx, tx, yes, no);
    else lw_equal_branch(b, x->mode == EM_CONST ? ty : tx, vx, vy, yes, no);
}

void lw_compare_nodes(Builder *b, Node *n, IrBlock *yes, IrBlock *no) {
    Node *x = n->binary.x, *y = n->binary.y;
    TokKind op = n->binary.op;
    lw_order_list(b, (Node *[]){x, y}, 2);
    if (op == TK_NEQ) {
        IrBlock *t = yes;
        yes = no;
        no = t;
        op = TK_EQL;
    }
    Node *typed = x->mode == EM_CONST || x->mode == EM_NIL ? y : x;
    Type *t = lw_type_of(b, typed);
    bool both = !is_iface(b, x) && !is_iface(b, y);
    if (both && typed->mode != EM_NIL && is_string(b, t)) {
        compare_string_nodes(b, op, x, y, yes, no);
    } else if (op == TK_EQL) {
        equal_nodes(b, x, y, yes, no);
    } else {
        IrVal vx = lw_expr_as(b, x, t);
        lw_branch(b, compare_words(b, op, t, vx, lw_expr_as(b, y, t)), yes, no);
    }
}

/* Operands that compare in one instruction: no control flow is needed for the value. */
static bool is_word_compare(Builder *b, Node *n) {
    Node *x = n->binary.x, *y = n->binary.y;
    if (x->mode == EM_NIL || y->mode == EM_NIL) return true;
    Type *tx = lw_type_of(b, x), *ty = lw_type_of(b, y);
    return lw_is_scalar(b->l, tx) && lw_is_scalar(b->l, ty);
}

static IrVal word_compare(Builder *b, Node *n) {
    Node *x = n->binary.x, *y = n->binary.y;
    lw_order_list(b, (Node *[]){x, y}, 2);
    if (x->mode == EM_NIL || y->mode == EM_NIL) {
        Node *other = x->mode == EM_NIL ? y : x;
        IrVal word = lw_nil_word(b, lw_expr(b, other), lw_type_of(b, other));
        return compare_words(b, n->binary.op, b->l->t_ptr, word, iv_int(b->l->t_ptr, 0));
    }
    Type *t = lw_type_of(b, x->mode == EM_CONST ? y : x);
    IrVal vx = lw_expr_as(b, x, t);
    return compare_words(b, n->binary.op, t, vx, lw_expr_as(b, y, t));
}

IrVal lw_bool_value(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n);
    if (type_is_untyped(t)) t = b->l->t_bool;
    if (n->kind == ND_UNARY) {
        IrVal x = lw_expr(b, n->unary.x);
        return lw_temp(b, IR_NOT, t, t, x, iv_none());
    }
    if (is_comparison(n) && is_word_compare(b, n)) return lw_retype(word_compare(b, n), t);
    Outcome o = outcome_begin(b);
    if (is_comparison(n)) lw_compare_nodes(b, n, o.yes, o.no);
    else logical_cond(b, n, o.yes, o.no);
    return lw_retype(outcome_end(b, &o), t);
}
