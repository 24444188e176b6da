/* lower_expr.c: expressions: the entry points and the dispatch over node kinds.
 *
 * lw_expr gives the value of an expression. The value may be a Go variable's local: it is to be used before the
 * variable changes, which within one expression cannot happen to variables that live in locals (closures and
 * pointers only reach those in memory). Values of memory are loaded at once.
 *
 * Types always come from lw_type_of, which substitutes type arguments; node->type is that of the generic source. */
#include "ir/lower.h"

/* ---- names ---- */

static IrVal object_value(Builder *b, Node *n, Object *obj) {
    if (obj->kind == OBJ_VAR) return lw_read(b, lw_var_place(b, obj));
    if (obj->kind == OBJ_FUNC) return lw_func_object_value(b, n);
    fatal("%s is not a value", obj->name->text);
}

static IrVal selector_value(Builder *b, Node *n) {
    Selection *sel = n->selector.selection;
    if (!sel) return object_value(b, n, n->selector.sel->ident.obj);
    switch (sel->kind) {
    case SEL_FIELD: return lw_read(b, lw_peek_place(b, n));
    case SEL_METHOD: return lw_method_value(b, n);
    case SEL_METHOD_EXPR: return lw_method_expr(b, n);
    }
    unreachable();
}

static IrVal index_value(Builder *b, Node *n) {
    if (lw_static_func(b, n)) return lw_func_object_value(b, n);
    return lw_read(b, lw_peek_place(b, n));
}

/* ---- composite literals, addresses ---- */

IrVal lw_new(Builder *b, Type *t) {
    Type *ptr = lw_ptr_to(b->l, t);
    int local = lw_new_temp(b, ptr);
    IrInstr *in = lw_emit(b, IR_NEW);
    in->dst = local;
    in->type = t;
    return iv_local(b->f, local);
}

void lw_allocates_as(Builder *b, IrAlloc what) {
    if (!b->cur || !b->cur->instrs.len) return;
    IrInstr *in = &vec_last(&b->cur->instrs);
    if (in->op != IR_CALL_RT && !ir_is_alloc(in)) return;
    IrAlloc *kept = NEW(b->l->arena, IrAlloc);
    *kept = what;
    if (in->op == IR_CALL_RT) in->call->what = kept;
    else in->alloc.what = kept;
}

void lw_allocates(Builder *b, const Node *n) {
    if (n) lw_allocates_as(b, (IrAlloc){.pos = n->at ? n->at : n->pos, .node = n});
}

static IrVal composite_value(Builder *b, Node *n) {
    Type *t = lw_type_of(b, n);
    Place p = {.kind = PL_LOCAL, .checked = true, .type = t, .local = lw_new_temp(b, t)};
    lw_composite_into(b, n, t, p, false);
    return lw_read(b, p);
}

static IrVal address_value(Builder *b, Node *n) {
    Node *x = ast_unparen(n->unary.x);
    if (x->kind != ND_COMPOSITE_LIT) return lw_retype(lw_addr(b, lw_peek_place(b, x)), lw_type_of(b, n));
    Type *t = lw_type_of(b, x);
    IrVal p = lw_new_at(b, t, lw_take_at(b, n));
    lw_allocates(b, n);
    lw_composite_into(b, x, t, lw_mem(t, p, true), true);
    return lw_retype(p, lw_type_of(b, n));
}

/* ---- operators ---- */

static IrVal unary_value(Builder *b, Node *n) {
    switch (n->unary.op) {
    case TK_AND: return address_value(b, n);
    case TK_NOT: return lw_bool_value(b, n);
    case TK_ARROW: return lw_receive(b, n, NULL);
    default: {
        Type *t = lw_type_of(b, n);
        return lw_unary(b, n->unary.op, t, lw_expr_as(b, n->unary.x, t));
    }
    }
}

static bool is_comparison(TokKind op) {
    switch (op) {
    case TK_EQL: case TK_NEQ: case TK_LSS: case TK_LEQ: case TK_GTR: case TK_GEQ: return true;
    default: return false;
    }
}

static IrVal shift_value(Builder *b, Node *n) {
    Node *x = n->binary.x, *y = n->binary.y;
    Type *t = lw_type_of(b, n), *ty = lw_type_of(b, y);
    lw_order_list(b, (Node *[]){x, y}, 2);
    if (type_is_untyped(ty)) ty = b->l->t_uint64;
    IrVal vx = lw_expr_as(b, x, t);
    return lw_binary(b, n->binary.op, t, vx, lw_expr_as(b, y, ty), ty);
}

NodeList lw_chain(Builder *b, Node *n) {
    NodeList chain = ast_chain(b->l->arena, n);
    for (int i = chain.len - 1; i > 0; i--)
        if (chain.at[i - 1]->mode == EM_CONST) return (NodeList){chain.at + i, chain.len - i, chain.len - i};
    return chain;
}

/* x op y op z ..., from left to right. */
static IrVal arithmetic(Builder *b, Node *n, Type *t) {
    NodeList chain = lw_chain(b, n);
    Node **operands = NEW_ARRAY(b->l->arena, Node *, chain.len + 1);
    operands[0] = chain.at[0]->binary.x;
    for (int i = 0; i < chain.len; i++) operands[i + 1] = chain.at[i]->binary.y;
    lw_order_list(b, operands, chain.len + 1);
    IrVal v = lw_expr_as(b, operands[0], t);
    for (int i = 0; i < chain.len; i++) {
        IrVal y = lw_expr_as(b, operands[i + 1], t);
        b->pos = chain.at[i]->at;
        v = lw_binary(b, chain.at[i]->binary.op, t, v, y, t);
    }
    return v;
}

IrVal lw_binary_expr(Builder *b, Node *n) {
    TokKind op = n->binary.op;
    if (op == TK_LAND || op == TK_LOR || is_comparison(op)) return lw_bool_value(b, n);
    if (op == TK_SHL || op == TK_SHR) return shift_value(b, n);
    Type *t = lw_type_of(b, n);
    if (type_has(b->l->s, t, TP_STRING)) return lw_concat(b, n);
    return arithmetic(b, n, t);
}

/* ---- dispatch ---- */

static IrVal expr_kind(Builder *b, Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT: return object_value(b, n, n->ident.obj);
    case ND_COMPOSITE_LIT: return composite_value(b, n);
    case ND_FUNC_LIT: return lw_func_lit(b, n);
    case ND_PAREN: return lw_expr(b, n->paren.x);
    case ND_SELECTOR: return selector_value(b, n);
    case ND_INDEX: return index_value(b, n);
    case ND_SLICE: return lw_slice_expr(b, n);
    case ND_TYPE_ASSERT: {
        IrVal x = lw_expr(b, n->assert_.x);
        return lw_type_assert(b, x, lw_type_of(b, n->assert_.x), lw_type_of(b, n->assert_.type), NULL);
    }
    case ND_CALL: return lw_call(b, n);
    case ND_STAR: return lw_read(b, lw_peek_place(b, n));
    case ND_UNARY: return unary_value(b, n);
    case ND_BINARY: return lw_binary_expr(b, n);
    case ND_AT: return lw_at_expr(b, n);
    case ND_PROPAGATE: return lw_propagate(b, n);
    case ND_ELSE_EXPR: return lw_else_expr(b, n);
    case ND_GO_EXPR: return lw_go_expr(b, n);
    default: fatal("%s is not an expression", ast_kind_name(n->kind));
    }
}

IrVal lw_expr(Builder *b, Node *n) {
    IrVal *ready = lw_take_ready(b, n);
    if (ready) return *ready;
    if (n->mode == EM_CONST) return lw_const(b, n->value, lw_type_of(b, n));
    if (n->mode == EM_NIL) return iv_zero(lw_type_of(b, n));
    Pos saved = b->pos;
    if (n->at) b->pos = n->at;
    IrVal v = expr_kind(b, n);
    b->pos = saved;
    return v;
}

/* ---- with a wanted type ---- */

/* A composite literal or constant converted to an interface needs no copy of its own: it never changes. */
static IrVal boxed_expr(Builder *b, Node *n, Type *from, Type *iface) {
    Node *x = ast_unparen(n);
    TypeKind k = lw_under(b->l, from)->kind;
    bool in_place = x->kind == ND_COMPOSITE_LIT && (k == TY_STRUCT || k == TY_ARRAY);
    if (!in_place || lw_is_direct_iface(b->l, from)) {
        IrVal v = lw_expr(b, n);
        b->boxing = x;
        v = lw_to_iface(b, v, from, iface);
        b->boxing = NULL;
        return v;
    }
    IrSym *image = b->env ? NULL : lw_static_image(b, x, from);
    IrVal data = image ? iv_sym(b->l->t_ptr, image, 0) : lw_new(b, from);
    if (!image) {
        lw_allocates(b, x);
        lw_composite_into(b, x, from, lw_mem(from, data, true), true);
    }
    return lw_make2(b, iface, lw_iface_word(b, from, iface), lw_retype(data, b->l->t_ptr));
}

IrVal lw_expr_as(Builder *b, Node *n, Type *to) {
    if (n->mode == EM_NIL) return iv_zero(to);
    bool boxes = type_is_interface(b->l->s, to);
    Type *from = lw_type_of(b, n);
    if (n->mode == EM_CONST) return boxes ? lw_const_iface(b, n->value, from, to) : lw_const(b, n->value, to);
    if (boxes && !type_is_interface(b->l->s, from)) return boxed_expr(b, n, from, to);
    return lw_assign_convert(b, lw_expr(b, n), from, to);
}

void lw_effects(Builder *b, Node *n) {
    if (n->mode == EM_CONST || n->mode == EM_NIL || n->mode == EM_TYPE) return;
    lw_expr(b, n);
}

/* ---- into a place ---- */

enum { MAX_VALUE_SIZE = 64 }; /* larger values are moved from memory to memory */

/* The local that place p is (a part of), or -1. */
static int place_local(Place p) {
    if (p.kind == PL_LOCAL) return p.local;
    return p.kind == PL_MEM && p.base.kind == IV_SLOT ? p.base.local : -1;
}

static bool ident_is_apart(Builder *b, const Node *n, Place to) {
    Object *obj = n->ident.obj;
    if (!obj || obj->kind != OBJ_VAR) return true;
    Place p = lw_var_place(b, obj);
    return p.kind == PL_LOCAL && p.local != place_local(to);
}

static bool operator_is_total(const Node *n) {
    switch (n->binary.op) {
    case TK_ADD: case TK_SUB: case TK_MUL: case TK_AND: case TK_OR: case TK_XOR: case TK_AND_NOT: return true;
    default: return false;
    }
}

/* Evaluating n neither panics nor reads to, so that to may be changed before: a literal can be built in place. */
static bool is_apart(Builder *b, Node *n, Place to) {
    if (n->mode == EM_CONST || n->mode == EM_NIL) return true;
    switch ((NodeKind)n->kind) {
    case ND_PAREN: return is_apart(b, n->paren.x, to);
    case ND_IDENT: return ident_is_apart(b, n, to);
    case ND_UNARY: return n->unary.op != TK_AND && n->unary.op != TK_ARROW && is_apart(b, n->unary.x, to);
    case ND_BINARY:
        for (; ast_continues_chain(n); n = n->binary.x)
            if (!operator_is_total(n) || !is_apart(b, n->binary.y, to)) return false;
        return operator_is_total(n) && is_apart(b, n->binary.x, to) && is_apart(b, n->binary.y, to);
    case ND_KEY_VALUE: return is_apart(b, n->kv.value, to);
    case ND_COMPOSITE_LIT:
        for (int i = 0; i < n->composite.elems.len; i++)
            if (!is_apart(b, n->composite.elems.at[i], to)) return false;
        return true;
    default: return false;
    }
}

static void composite_into(Builder *b, Node *n, Type *t, Place to, bool to_is_zero) {
    if (to_is_zero || is_apart(b, n, to)) lw_composite_into(b, n, t, to, to_is_zero);
    else lw_write(b, to, lw_expr(b, n));
}

/* A place in memory whose value n is; false for everything that has to be computed. */
static bool is_memory_expr(Builder *b, Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT: return n->ident.obj && n->ident.obj->kind == OBJ_VAR;
    case ND_SELECTOR: {
        Selection *sel = n->selector.selection;
        return sel ? sel->kind == SEL_FIELD : n->selector.sel->ident.obj->kind == OBJ_VAR;
    }
    case ND_INDEX: {
        TypeKind k = lw_under(b->l, lw_type_of(b, n->index.x))->kind;
        return k == TY_ARRAY || k == TY_SLICE || k == TY_POINTER;
    }
    case ND_STAR: return true;
    default: return false;
    }
}

/* Large values go from place to place without passing through a local. */
static bool move_into(Builder *b, Node *n, Place to) {
    int64_t size = lw_size(b, to.type);
    if (n->mode == EM_CONST || size <= MAX_VALUE_SIZE || !is_memory_expr(b, n)) return false;
    IrVal from = lw_addr(b, lw_peek_place(b, n));
    IrVal dst = lw_addr(b, to);
    if (n->kind == ND_STAR && lw_under(b->l, to.type)->kind == TY_ARRAY) { /* parts of one slice may overlap */
        LW_RT(b, rt_memmove, NULL, dst, from, iv_int(b->l->t_int, size));
        return true;
    }
    IrInstr *in = lw_emit(b, IR_MOVE);
    in->a = dst;
    in->b = from;
    in->type = to.type;
    return true;
}

void lw_expr_into(Builder *b, Node *n, Place to, bool to_is_zero) {
    Node *x = ast_unparen(n);
    bool in_memory = to.kind == PL_MEM || to.kind == PL_LOCAL;
    if (in_memory && !type_is_interface(b->l->s, to.type)) {
        TypeKind k = lw_under(b->l, to.type)->kind;
        if (x->kind == ND_COMPOSITE_LIT && (k == TY_STRUCT || k == TY_ARRAY)) {
            composite_into(b, x, lw_type_of(b, x), lw_place_check(b, to), to_is_zero);
            return;
        }
        if (move_into(b, x, to)) return;
    }
    lw_write(b, to, lw_expr_as(b, n, to.type));
}
