/* expr.c: expressions: the entry points, the dispatch over node kinds, and what is recorded in the tree.
 *
 * check_raw_expr evaluates any expression into an Operand and records mode, type and value in its node. The
 * other check_*expr functions narrow what is accepted (a single value, a type, several values). An error is
 * reported where it is found and poisons the operand (EM_INVALID); whoever gets a poisoned operand stays
 * silent.
 *
 * Untyped expressions are recorded with their untyped type first; see untyped.c for how the final type
 * arrives. */
#include "sema/check.h"

#include <string.h>

enum { MAX_LITERAL_LEN = 10000 }; /* longer than any number of 512 bits needs */

/* ---- recording ---- */

void record_type(Node *n, ExprMode mode, Type *type, ConstVal *value) {
    n->mode = mode;
    n->type = type;
    n->value = mode == EM_CONST ? value : NULL;
}

void record(Checker *c, Operand *x) {
    Node *n = x->expr;
    if (!n) return;
    if (x->mode == EM_INVALID) x->type = c->s->basic[BK_INVALID];
    Type *t = x->mode == EM_NO_VALUE && x->type->kind == TY_FUNC ? x->type->func.results : x->type;
    record_type(n, x->mode, t, x->value);
    n->flags &= (uint8_t)~NODE_SHIFT_LHS;
    if (x->mode == EM_BUILTIN) n->builtin = (uint8_t)(x->builtin + 1);
}

/* ---- literals and names ---- */

/* Forms of number literals that came with go1.13. */
static void check_literal_version(Checker *c, Node *n) {
    const char *s = n->lit.text;
    int len = n->lit.len;
    if (len <= 2 || allow_version(c, n, "go1.13")) return;
    const char *what = NULL;
    char radix = s[0] == '0' ? (char)(s[1] | 0x20) : 0;
    if (memchr(s, '_', (size_t)len)) what = "underscore in numeric literal";
    else if (radix == 'b') what = "binary literal";
    else if (radix == 'o') what = "0o/0O-style octal literal";
    else if (radix == 'x' && n->lit.tok != TK_INT) what = "hexadecimal floating-point literal";
    if (what) verify_version(c, n, "go1.13", what);
}

static BasicKind literal_kind(TokKind tok) {
    switch (tok) {
    case TK_INT: return BK_UNTYPED_INT;
    case TK_FLOAT: return BK_UNTYPED_FLOAT;
    case TK_IMAG: return BK_UNTYPED_COMPLEX;
    case TK_CHAR: return BK_UNTYPED_RUNE;
    case TK_STRING: return BK_UNTYPED_STRING;
    default: unreachable();
    }
}

static void check_basic_lit(Checker *c, Operand *x, Node *n) {
    TokKind tok = n->lit.tok;
    if (n->flags) return; /* malformed, and reported so by the lexer */
    if (tok == TK_INT || tok == TK_FLOAT || tok == TK_IMAG) {
        check_literal_version(c, n);
        if (n->lit.len > MAX_LITERAL_LEN) {
            err_at(c, n, "excessively long constant: %.10s... (%d chars)", n->lit.text, n->lit.len);
            return;
        }
    }
    ConstVal *v = cv_literal(c->arena, tok, n->lit.text, (size_t)n->lit.len);
    if (const_is_unknown(v)) {
        err_at(c, n, "malformed constant: %.*s", n->lit.len, n->lit.text);
        return;
    }
    set_const(x, c->s->basic[literal_kind(tok)], v);
    check_overflow(c, x, n->pos);
}

/* ---- pointers and assertions ---- */

/* *x: all specific types of x must be pointers to one type. */
static void check_indirection(Checker *c, Operand *x) {
    TypeTerms terms;
    Type *base = NULL;
    type_terms(c, x->type, &terms);
    for (int i = 0; i < terms.n; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        if (u->kind != TY_POINTER) {
            base = NULL;
            break;
        }
        if (base && !type_identical(c->s, u->pointer.elem, base)) {
            err_at(c, x->expr, "invalid operation: pointers of %s must have identical base types",
                   operand_str(c, x));
            x->mode = EM_INVALID;
            return;
        }
        base = u->pointer.elem;
    }
    if (!base) {
        err_at(c, x->expr, "invalid operation: cannot indirect %s", operand_str(c, x));
        x->mode = EM_INVALID;
        return;
    }
    set_value(x, EM_VAR, base);
}

static void check_star(Checker *c, Operand *x, Node *n) {
    check_expr_or_type(c, x, n->star.x, false);
    if (x->mode == EM_INVALID) return;
    if (x->mode == EM_TYPE) {
        x->type = check_type(c, n);
        if (!type_is_valid(x->type)) x->mode = EM_INVALID;
        return;
    }
    check_indirection(c, x);
}

void check_type_assertion(Checker *c, Node *at, Operand *x, Type *t, bool type_switch) {
    const char *reason = NULL;
    if (assertable_to(c, x->type, t, &reason)) return;
    if (!reason) reason = "";
    if (type_switch)
        err_at(c, at, "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s", expr_str(c, at),
               operand_str(c, x), tstr(c, t), reason);
    else
        err_at(c, at, "impossible type assertion: %s\n\t%s does not implement %s %s", expr_str(c, at),
               tstr(c, t), tstr(c, x->type), reason);
}

static void check_assertion(Checker *c, Operand *x, Node *n) {
    check_expr(c, x, n->assert_.x);
    if (x->mode == EM_INVALID) return;
    const char *what = operand_str(c, x);
    Type *t = NULL;
    if (!n->assert_.type)
        err_at(c, n, "use of .(type) outside type switch");
    else if (type_is_tparam(x->type))
        err_at(c, x->expr, "invalid operation: cannot use type assertion on type parameter value %s", what);
    else if (type_under(c->s, x->type)->kind != TY_INTERFACE)
        err_at(c, x->expr, "invalid operation: %s is not an interface", what);
    else
        t = check_var_type(c, n->assert_.type);
    if (!t || !type_is_valid(t)) {
        x->mode = EM_INVALID;
        return;
    }
    check_type_assertion(c, n, x, t, false);
    set_value(x, EM_COMMA_OK, t);
}

/* ---- dispatch ---- */

static void check_type_expr(Checker *c, Operand *x, Node *n) {
    set_value(x, EM_TYPE, check_type(c, n));
    if (!type_is_valid(x->type)) x->mode = EM_INVALID;
}

static CallKind check_expr_kind(Checker *c, Type *target, Operand *x, Node *n, Type *hint) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT: check_ident(c, x, n, NULL, false); break;
    case ND_BASIC_LIT: check_basic_lit(c, x, n); break;
    case ND_COMPOSITE_LIT: check_composite_lit(c, x, n, hint); break;
    case ND_FUNC_LIT: check_func_lit(c, x, n); break;
    case ND_PAREN: return check_raw_expr(c, NULL, x, n->paren.x, NULL, false);
    case ND_SELECTOR: check_selector(c, x, n, NULL, false); break;
    case ND_INDEX:
        if (check_index_expr(c, x, n)) check_func_inst(c, target, x, n, true);
        break;
    case ND_SLICE: check_slice_expr(c, x, n); break;
    case ND_TYPE_ASSERT: check_assertion(c, x, n); break;
    case ND_CALL: return check_call(c, x, n);
    case ND_STAR: check_star(c, x, n); break;
    case ND_UNARY: check_unary(c, x, n); return n->unary.op == TK_ARROW ? CALL_STMT : CALL_EXPR;
    case ND_BINARY: check_binary(c, x, n); break;
    case ND_AT: check_at_expr(c, x, n); break;
    case ND_PROPAGATE: check_propagate(c, x, n); return CALL_STMT;
    case ND_ELSE_EXPR: check_else_expr(c, x, n); return CALL_STMT;
    case ND_GO_EXPR: check_go_expr(c, x, n); return CALL_STMT;
    case ND_ARRAY_TYPE: case ND_STRUCT_TYPE: case ND_FUNC_TYPE: case ND_INTERFACE_TYPE: case ND_MAP_TYPE:
    case ND_CHAN_TYPE: check_type_expr(c, x, n); break;
    case ND_ELLIPSIS: err_at(c, n, "invalid use of '...'"); break;
    case ND_KEY_VALUE: err_at(c, n, "unexpected key:value expression"); break;
    default: break; /* ND_BAD_EXPR: the parser reported it */
    }
    return CALL_EXPR;
}

void reject_generic(Checker *c, Type *target, Operand *x) {
    if (x->mode == EM_INVALID || x->mode == EM_NO_VALUE || !type_is_generic(x->type)) return;
    bool is_func = x->type->kind == TY_FUNC;
    if (is_func && target) {
        check_func_inst(c, target, x, NULL, true);
        return;
    }
    err_at(c, x->expr, "cannot use generic %s %s without instantiation", is_func ? "function" : "type",
           expr_str(c, x->expr));
    x->mode = EM_INVALID;
}

CallKind check_raw_expr(Checker *c, Type *target, Operand *x, Node *n, Type *hint, bool allow_generic) {
    operand_init(c, x, n);
    CallKind kind = check_expr_kind(c, target, x, n, hint);
    x->expr = n;
    if (!allow_generic) reject_generic(c, target, x);
    record(c, x);
    return x->mode == EM_INVALID ? CALL_STMT : kind; /* no second error for an expression that stands alone */
}

/* ---- narrowing ---- */

#define MODE_BIT(mode) (1u << (mode))
void check_exclude(Checker *c, Operand *x, unsigned mode_mask) {
    if (!(mode_mask & MODE_BIT(x->mode))) return;
    const char *what = operand_str(c, x);
    switch (x->mode) {
    case EM_NO_VALUE:
        err_at(c, x->expr, "%s used as value%s", what, mode_mask & MODE_BIT(EM_TYPE) ? "" : " or type");
        break;
    case EM_BUILTIN: err_at(c, x->expr, "%s must be called", what); break;
    case EM_TYPE: err_at(c, x->expr, "%s is not an expression", what); break;
    default: unreachable();
    }
    x->mode = EM_INVALID;
}

void check_single_value(Checker *c, Operand *x) {
    if (x->mode != EM_TUPLE) return;
    err_at(c, x->expr, "multiple-value %s in single-value context", operand_str(c, x));
    x->mode = EM_INVALID;
}

static void check_value(Checker *c, Type *target, Operand *x, Node *n, Type *hint, bool allow_generic) {
    check_raw_expr(c, target, x, n, hint, allow_generic);
    check_exclude(c, x, NOT_A_VALUE);
    check_single_value(c, x);
}

void check_expr(Checker *c, Operand *x, Node *n) { check_value(c, NULL, x, n, NULL, false); }

void check_expr_target(Checker *c, Type *target, Operand *x, Node *n) {
    bool is_func = target && type_under(c->s, target)->kind == TY_FUNC;
    check_value(c, is_func ? target : NULL, x, n, NULL, false);
}

void check_expr_hint(Checker *c, Operand *x, Node *n, Type *hint) { check_value(c, NULL, x, n, hint, false); }

void check_generic_expr(Checker *c, Operand *x, Node *n) { check_value(c, NULL, x, n, NULL, true); }

void check_expr_or_type(Checker *c, Operand *x, Node *n, bool allow_generic) {
    check_raw_expr(c, NULL, x, n, NULL, allow_generic);
    check_exclude(c, x, MODE_BIT(EM_NO_VALUE));
    check_single_value(c, x);
}

void check_multi_expr(Checker *c, Operand *x, Node *n) {
    check_raw_expr(c, NULL, x, n, NULL, false);
    check_exclude(c, x, NOT_A_VALUE);
}

int unpack_operand(Checker *c, Operand *x, Operand **out) {
    int n = x->mode == EM_TUPLE ? x->type->tuple.n : 1;
    Operand *list = NEW_ARRAY(c->arena, Operand, n + 1); /* room for the second value of a comma-ok form */
    *out = list;
    if (x->mode != EM_TUPLE) {
        list[0] = *x;
        return 1;
    }
    for (int i = 0; i < n; i++)
        list[i] = (Operand){.mode = EM_VALUE, .type = x->type->tuple.vars[i]->type, .expr = x->expr};
    return n;
}

/* A single expression, which may stand for several values. */
static int check_spread_expr(Checker *c, Node *n, Operand **out, bool allow_comma_ok, bool *comma_ok) {
    Operand x;
    check_multi_expr(c, &x, n);
    int count = unpack_operand(c, &x, out);
    if (!allow_comma_ok || (x.mode != EM_MAP_INDEX && x.mode != EM_COMMA_OK)) return count;
    (*out)[1] = (Operand){.mode = EM_VALUE, .type = c->s->basic[BK_UNTYPED_BOOL], .expr = n};
    if (comma_ok) *comma_ok = true;
    return 2;
}

int check_expr_list(Checker *c, NodeList *list, Operand **out, bool allow_comma_ok, int want,
                    bool *comma_ok) {
    if (comma_ok) *comma_ok = false;
    if (list->len == 1) return check_spread_expr(c, list->at[0], out, allow_comma_ok && want == 2, comma_ok);
    *out = NEW_ARRAY(c->arena, Operand, list->len + 1);
    for (int i = 0; i < list->len; i++) check_expr(c, &(*out)[i], list->at[i]);
    return list->len;
}

/* ---- use ---- */

static bool use_node(Checker *c, Node *e, bool lhs) {
    Operand x;
    if (!e || ast_is_blank(ast_unparen(e))) return true;
    if (e->kind == ND_KEY_VALUE) return use_node(c, e->kv.value, lhs);
    Object *var = lhs ? assigned_var(c, e) : NULL;
    bool was_used = var && var->used;
    check_raw_expr(c, NULL, &x, e, NULL, true);
    if (var) var->used = was_used;
    return x.mode != EM_INVALID;
}

bool use_expr(Checker *c, Node *n) { return use_node(c, n, false); }

bool use_lhs(Checker *c, Node *n) { return use_node(c, n, true); }

bool use_exprs(Checker *c, NodeList *list) {
    bool ok = true;
    for (int i = 0; i < list->len; i++) ok &= use_node(c, list->at[i], false);
    return ok;
}
