/* lower_types.c: the types of the tree as the IR has them: substituted, canonical, classified.
 *
 * Everything behind sema compares types by pointer, so each type that leaves this file is the representative of its
 * identity class. Inside an instantiation the tree still speaks of type parameters; lw_type puts the arguments in. */
#include "ir/lower.h"

Type *lw_subst(Lower *l, Type *t, const TypeEnv *env) {
    if (env) t = type_subst(l->s, t, env);
    return type_canon(l->s, t);
}

Type *lw_type(Builder *b, Type *t) {
    if (!b->env) return type_canon(b->l->s, t);
    Type *r = ptrmap_get(&b->types, t);
    if (r) return r;
    r = lw_subst(b->l, t, b->env);
    ptrmap_put(b->l->arena, &b->types, t, r);
    return r;
}

Type *lw_type_of(Builder *b, const Node *n) {
    if (!n->type) fatal("expression of kind %s has no type", ast_kind_name((NodeKind)n->kind));
    /* What no operand gave a type, such as the count in x << (1 << y), has its default type. */
    return lw_type(b, type_is_untyped(n->type) ? type_default(b->l->s, n->type) : n->type);
}

Type *lw_ptr_to(Lower *l, Type *t) {
    Type *p = ptrmap_get(&l->pointers, t);
    if (p) return p;
    p = type_canon(l->s, type_new_pointer(l->s, t));
    ptrmap_put(l->arena, &l->pointers, t, p);
    return p;
}

Type *lw_under(Lower *l, Type *t) { return type_canon_under(l->s, t); }

bool lw_is_direct_iface(Lower *l, Type *t) {
    Type *u = lw_under(l, t);
    switch ((TypeKind)u->kind) {
    case TY_POINTER: case TY_MAP: case TY_CHAN: case TY_FUNC: return true;
    case TY_BASIC: return u->basic.kind == BK_UNSAFE_POINTER;
    case TY_STRUCT: return u->struct_.n == 1 && lw_is_direct_iface(l, u->struct_.fields[0]->type);
    case TY_ARRAY: return u->array.len == 1 && lw_is_direct_iface(l, u->array.elem);
    default: return false;
    }
}

bool lw_is_eface(Lower *l, Type *iface) { return type_set(l->s, lw_under(l, iface))->methods.len == 0; }

bool lw_is_scalar(Lower *l, Type *t) {
    Type *u = lw_under(l, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC: return !(u->basic.props & (TP_STRING | TP_COMPLEX));
    case TY_POINTER: case TY_MAP: case TY_CHAN: case TY_FUNC: return true;
    default: return false;
    }
}

int64_t lw_tuple_off(Lower *l, Type *tuple, int i) {
    int64_t off = 0;
    for (int k = 0;; k++) {
        Type *t = tuple->tuple.vars[k]->type;
        int64_t align = type_align(l->s, t);
        off = (off + align - 1) / align * align;
        if (k == i) return off;
        off += type_size(l->s, t);
    }
}

Type *lw_sig_result(Lower *l, Type *sig) {
    Type *r = sig->func.results;
    if (r->tuple.n == 0) return NULL;
    return type_canon(l->s, r->tuple.n == 1 ? r->tuple.vars[0]->type : r);
}

bool lw_per_iteration_vars(Lower *l, Pos pos) {
    const SourceFile *f = source_file_of(l->s->sources, pos);
    const char *v = f ? f->go_version : NULL;
    int minor;
    if (!v || sscanf(v, "go1.%d", &minor) != 1) return true;
    return minor >= 22;
}
