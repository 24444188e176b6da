/* operand.c: small questions about operands and their types that all files on expressions ask.
 *
 * The rules for type parameters are uniform: an operation is allowed on a type parameter when it is allowed
 * on every specific type of its type set. type_terms turns both cases, parameter and ordinary type, into one
 * list to go through; an empty list always means "not allowed". */
#include "sema/check.h"

void type_terms(Checker *c, Type *t, TypeTerms *out) {
    if (!type_is_tparam(t)) {
        out->self = (UnionTerm){false, t};
        out->at = &out->self;
        out->n = 1;
        return;
    }
    TypeSet *set = type_set(c->s, type_under(c->s, t));
    out->at = set->terms;
    out->n = set->nterms < 0 ? 0 : set->nterms;
}

bool is_byte_or_rune_slice(Checker *c, Type *t) {
    Type *u = type_under(c->s, t);
    if (u->kind != TY_SLICE) return false;
    Type *elem = type_under(c->s, u->slice.elem);
    return elem->kind == TY_BASIC && (elem->basic.kind == BK_UINT8 || elem->basic.kind == BK_INT32);
}

bool is_interface_pointer(Checker *c, Type *t) {
    Type *u = type_under(c->s, t);
    return u->kind == TY_POINTER && type_under(c->s, u->pointer.elem)->kind == TY_INTERFACE;
}

Type *pointer_elem(Type *t) {
    t = type_unalias(t);
    return t->kind == TY_POINTER ? t->pointer.elem : NULL;
}

Type *deref_array(Checker *c, Type *t) {
    Type *elem = pointer_elem(t);
    if (!elem) return t;
    Type *u = type_under(c->s, elem);
    return u->kind == TY_ARRAY ? u : t;
}

const char *kind_str(Checker *c, Type *t) {
    switch ((TypeKind)type_under(c->s, t)->kind) {
    case TY_ARRAY: return "array";
    case TY_SLICE: return "slice";
    case TY_STRUCT: return "struct";
    case TY_POINTER: return "pointer";
    case TY_FUNC: return "func";
    case TY_MAP: return "map";
    case TY_CHAN: return "chan";
    case TY_INTERFACE:
        return type_is_tparam(t) ? arena_printf(c->arena, "type parameter %s", tstr(c, t)) : "interface";
    case TY_BASIC: case TY_NAMED: case TY_TUPLE: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    return tstr(c, t);
}

void operand_init(Checker *c, Operand *x, Node *n) {
    *x = (Operand){.mode = EM_INVALID, .type = c->s->basic[BK_INVALID], .expr = n};
}

void set_value(Operand *x, ExprMode mode, Type *t) {
    x->mode = mode;
    x->type = t;
    x->value = NULL;
}

void set_const(Operand *x, Type *t, ConstVal *v) {
    x->mode = EM_CONST;
    x->type = t;
    x->value = v;
}

bool const_is_unknown(const ConstVal *v) { return !v || cv_kind(v) == CV_UNKNOWN; }

void add_cause(Checker *c, const char **reason, const char *text) {
    if (!reason) return;
    *reason = *reason && **reason ? arena_printf(c->arena, "%s\n\t%s", text, *reason) : text;
}
