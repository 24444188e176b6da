/* conversions.c: T(x).
 *
 * Constants convert to constants where T is a basic type; everything else is decided by convertible, which
 * for type parameters asks the question for each of their specific types. */
#include "sema/check.h"

enum { MAX_RUNE = 0x10FFFF, REPLACEMENT_RUNE = 0xFFFD };

/* ---- constants ---- */

static ConstVal *rune_string(Checker *c, ConstVal *v) {
    uint64_t rune;
    if (!cv_uint64(v, &rune) || rune > MAX_RUNE || (rune >= 0xD800 && rune < 0xE000)) rune = REPLACEMENT_RUNE;
    Buf b = {0};
    utf8_encode(&b, (uint32_t)rune);
    ConstVal *s = cv_string(c->arena, b.data, b.len);
    buf_free(&b);
    return s;
}

/* Does constant x convert to a constant of type t? *value gets the result. */
static bool convert_const(Checker *c, Operand *x, Type *t, ConstVal **value) {
    Type *u = type_under(c->s, t);
    if (u->kind != TY_BASIC) return false;
    if (representable(c, x->value, u, value)) return true;
    if (!type_has(c->s, x->type, TP_INTEGER) || !(u->basic.props & TP_STRING)) return false;
    *value = rune_string(c, x->value);
    return true;
}

/* Constant x as a value of each specific type of type parameter t. */
static bool convert_const_to_param(Checker *c, Operand *x, Type *t, const char **reason) {
    TypeTerms terms;
    ConstVal *ignored;
    type_terms(c, t, &terms);
    if (terms.n == 0) *reason = arena_printf(c->arena, "%s does not contain specific types", tstr(c, t));
    for (int i = 0; i < terms.n; i++) {
        Type *u = type_under(c->s, terms.at[i].type);
        if (type_has(c->s, x->type, TP_STRING) && is_byte_or_rune_slice(c, u)) continue;
        if (convert_const(c, x, u, &ignored)) continue;
        if (type_has(c->s, x->type, TP_INTEGER) && type_has(c->s, u, TP_INTEGER))
            *reason = arena_printf(c->arena, "constant %s overflows %s (in %s)", cv_text(c->arena, x->value),
                                   tstr(c, u), tstr(c, t));
        else
            *reason = arena_printf(c->arena, "cannot convert %s to type %s (in %s)", operand_str(c, x),
                                   tstr(c, u), tstr(c, t));
        return false;
    }
    return terms.n > 0;
}

/* ---- values ---- */

static bool is_pointer(Type *u) { return u->kind == TY_POINTER; }
static bool is_basic_kind(Type *u, BasicKind k) { return u->kind == TY_BASIC && u->basic.kind == k; }

/* Unnamed pointers whose base types, not type parameters, agree underneath. */
static bool pointers_convert(Sema *s, Type *v, Type *t) {
    Type *from = pointer_elem(v), *to = pointer_elem(t);
    return from && to && !type_is_tparam(from) && !type_is_tparam(to) &&
           type_identical_ignore_tags(s, type_under(s, from), type_under(s, to));
}

static bool basics_convert(Checker *c, Type *vu, Type *tu) {
    Sema *s = c->s;
    if (type_has(s, vu, TP_INTEGER | TP_FLOAT) && type_has(s, tu, TP_INTEGER | TP_FLOAT)) return true;
    if (type_has(s, vu, TP_COMPLEX) && type_has(s, tu, TP_COMPLEX)) return true;
    if (type_has(s, tu, TP_STRING) && (type_has(s, vu, TP_INTEGER) || is_byte_or_rune_slice(c, vu)))
        return true;
    if (type_has(s, vu, TP_STRING) && is_byte_or_rune_slice(c, tu)) return true;
    if (is_basic_kind(tu, BK_UNSAFE_POINTER) && (is_pointer(vu) || is_basic_kind(vu, BK_UINTPTR)))
        return true;
    return is_basic_kind(vu, BK_UNSAFE_POINTER) && (is_pointer(tu) || is_basic_kind(tu, BK_UINTPTR));
}

/* Slice to array or pointer to array. */
static bool slice_converts(Checker *c, Operand *x, Type *vu, Type *tu, const char **reason) {
    if (vu->kind != TY_SLICE) return false;
    bool to_pointer = is_pointer(tu);
    Type *array = to_pointer ? type_under(c->s, tu->pointer.elem) : tu;
    if (array->kind != TY_ARRAY || !type_identical(c->s, vu->slice.elem, array->array.elem)) return false;
    if (allow_version(c, x->expr, to_pointer ? "go1.17" : "go1.20")) return true;
    if (reason)
        *reason = to_pointer ? "conversion of slice to array pointer requires go1.17 or later"
                             : "conversion of slice to array requires go1.20 or later";
    return false;
}

/* x to each specific type of t; from names x's type parameter when x stands for one of its types. */
static bool converts_to_terms(Checker *c, Operand *x, Type *t, Type *from, const char **reason) {
    TypeTerms terms;
    type_terms(c, t, &terms);
    for (int i = 0; i < terms.n; i++) {
        if (convertible(c, x, terms.at[i].type, reason)) continue;
        const char *in = from ? arena_printf(c->arena, " (in %s)", tstr(c, from)) : "";
        add_cause(c, reason,
                   arena_printf(c->arena, "cannot convert %s%s to type %s (in %s)", tstr(c, x->type), in,
                                tstr(c, terms.at[i].type), tstr(c, t)));
        return false;
    }
    return terms.n > 0;
}

/* Each specific type of x's type v to t. */
static bool converts_from_terms(Checker *c, Operand *x, Type *v, Type *t, const char **reason) {
    TypeTerms terms;
    type_terms(c, v, &terms);
    for (int i = 0; i < terms.n; i++) {
        Operand y = *x;
        y.type = terms.at[i].type;
        if (type_is_tparam(t)) {
            if (!converts_to_terms(c, &y, t, v, reason)) return false;
            continue;
        }
        if (convertible(c, &y, t, reason)) continue;
        add_cause(c, reason, arena_printf(c->arena, "cannot convert %s (in %s) to type %s", tstr(c, y.type),
                                           tstr(c, v), tstr(c, t)));
        return false;
    }
    return terms.n > 0;
}

bool convertible(Checker *c, Operand *x, Type *t, const char **reason) {
    Sema *s = c->s;
    if (assignable(c, x, t, reason)) return true;
    Type *v = type_unalias(x->type), *tt = type_unalias(t);
    Type *vu = type_under(s, v), *tu = type_under(s, tt);
    bool v_param = type_is_tparam(v), t_param = type_is_tparam(tt);
    if (!v_param && !t_param) {
        if (type_identical_ignore_tags(s, vu, tu) || pointers_convert(s, v, tt)) return true;
        return basics_convert(c, vu, tu) || slice_converts(c, x, vu, tu, reason);
    }
    if (v_param) return converts_from_terms(c, x, v, t, reason);
    return converts_to_terms(c, x, t, NULL, reason);
}

/* ---- the conversion ---- */

/* The type an untyped argument gets: that of the conversion, unless the result cannot hold the constant as
 * such. */
static Type *argument_type(Checker *c, Operand *x, Type *t, bool was_const) {
    bool const_result = type_has(c->s, t, TP_CONST);
    if (type_is_interface(c->s, t) || (was_const && !const_result)) return type_default(c->s, x->type);
    if (x->mode == EM_CONST && type_has(c->s, x->type, TP_INTEGER) && type_all_have(c->s, t, TP_STRING))
        return x->type;
    return t;
}

void check_conversion(Checker *c, Operand *x, Type *t) {
    bool was_const = x->mode == EM_CONST, ok;
    const char *reason = NULL;
    if (was_const && type_has(c->s, t, TP_CONST)) {
        ok = convert_const(c, x, t, &x->value);
        if (!ok && type_has(c->s, x->type, TP_INTEGER) && type_has(c->s, t, TP_INTEGER)) {
            err_at(c, x->expr, "constant %s overflows %s", cv_text(c->arena, x->value), tstr(c, t));
            x->mode = EM_INVALID;
            return;
        }
    } else if (was_const && type_is_tparam(t)) {
        ok = convert_const_to_param(c, x, t, &reason);
        x->mode = EM_VALUE;
    } else {
        ok = convertible(c, x, t, &reason);
    }
    if (!ok) {
        const char *what = operand_str(c, x), *to = tstr(c, t), *colon = reason && *reason ? ": " : "";
        err_at(c, x->expr, "cannot convert %s to type %s%s%s", what, to, colon, *colon ? reason : "");
        x->mode = EM_INVALID;
        return;
    }
    note_cap_conversion(c, x, t);
    if (!was_const || !type_has(c->s, t, TP_CONST)) x->mode = EM_VALUE;
    if (type_is_untyped(x->type) && x->type != c->s->basic[BK_UNTYPED_NIL])
        update_expr_type(c, x->expr, argument_type(c, x, t, was_const), true);
    else if (type_is_untyped(x->type) && x->expr)
        update_expr_type(c, x->expr, t, true); /* nil of the conversion's type */
    x->type = t;
}
