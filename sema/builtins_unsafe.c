/* builtins_unsafe.c: the functions of package unsafe.
 *
 * Sizes, alignments and offsets are constants unless they depend on a type parameter. */
#include "sema/builtin_call.h"

/* Does the size of t depend on a type parameter? seen maps named types to themselves when it does or while
 * that is being found out (a type that contains itself has no size), and to something else when it does not.
 */
static bool has_variable_size(Checker *c, Type *t, PtrMap *seen) {
    Type *named = type_unalias(t);
    if (named->kind == TY_TYPE_PARAM) return true;
    if (named->kind == TY_NAMED) {
        void *known = ptrmap_get(seen, named);
        if (known) return known == named;
        ptrmap_put(c->arena, seen, named, named);
    }
    Type *u = type_under(c->s, t);
    bool variable = u->kind == TY_ARRAY && has_variable_size(c, u->array.elem, seen);
    for (int i = 0; u->kind == TY_STRUCT && i < u->struct_.n && !variable; i++)
        variable = has_variable_size(c, u->struct_.fields[i]->type, seen);
    if (named->kind == TY_NAMED && !variable) ptrmap_put(c->arena, seen, named, c);
    return variable;
}

static bool is_variable_size(Checker *c, Type *t) {
    PtrMap seen = {0};
    return has_variable_size(c, t, &seen);
}

/* The result of Sizeof and the like: a constant unless it depends on a type parameter in t. */
static void set_size(BuiltinCall *b, Type *t, int64_t (*measure)(Sema *s, Type *t)) {
    Sema *s = b->c->s;
    if (is_variable_size(b->c, t))
        set_value(b->x, EM_VALUE, s->basic[BK_UINTPTR]);
    else
        set_const(b->x, s->basic[BK_UINTPTR], cv_int(b->c->arena, measure(s, t)));
}

bool check_unsafe_size(BuiltinCall *b) {
    Checker *c = b->c;
    bool align = b->id == BI_UNSAFE_ALIGNOF;
    check_assignment(c, b->x, NULL, align ? "argument to unsafe.Alignof" : "argument to unsafe.Sizeof");
    if (b->x->mode == EM_INVALID) return false;
    if (!align && !is_variable_size(c, b->x->type) && type_size(c->s, b->x->type) >= TYPE_TOO_LARGE) {
        err_at(c, b->x->expr, "%s is too large", operand_str(c, b->x));
        return false;
    }
    set_size(b, b->x->type, align ? type_align : type_size);
    return true;
}

/* The struct type that t is or points to. */
static Type *struct_base(Checker *c, Type *t) {
    Type *u = type_under(c->s, t);
    if (u->kind == TY_POINTER && type_under(c->s, u->pointer.elem)->kind == TY_STRUCT) return u->pointer.elem;
    return t;
}

static int64_t field_offset(Checker *c, Type *base, const LookupResult *f) {
    int64_t offset = 0;
    for (int i = 0; i < f->n; i++) {
        Type *st = type_under(c->s, base);
        if (__builtin_add_overflow(offset, type_field_offset(c->s, st, f->path[i]), &offset))
            return TYPE_TOO_LARGE;
        base = st->struct_.fields[f->path[i]]->type;
    }
    return offset;
}

/* Looks up the field in selector sel; NULL after reporting. */
static bool find_offset_field(BuiltinCall *b, Node *sel, Type *base, LookupResult *found) {
    Checker *c = b->c;
    const Name *name = sel->selector.sel->ident.name;
    *found = type_lookup(c->s, base, false, c->pkg, name, false);
    if (!found->obj) {
        err_at(c, b->x->expr, "invalid argument: %s has no single field %s", tstr(c, base), name->text);
        return false;
    }
    if (found->obj->kind == OBJ_FUNC) {
        Node *arg = b->call->call.args.at[0];
        err_at(c, arg, "invalid argument: %s is a method value", expr_str(c, arg));
        return false;
    }
    if (found->indirect) {
        err_at(c, b->x->expr, "invalid argument: field %s is embedded via a pointer in %s", name->text,
               tstr(c, base));
        return false;
    }
    return true;
}

bool check_unsafe_offset(BuiltinCall *b) {
    Checker *c = b->c;
    Node *arg = b->call->call.args.at[0], *sel = ast_unparen(arg);
    LookupResult found;
    if (sel->kind != ND_SELECTOR) {
        err_at(c, arg, "invalid argument: %s is not a selector expression", expr_str(c, arg));
        use_expr(c, arg);
        return false;
    }
    check_expr(c, b->x, sel->selector.x);
    if (b->x->mode == EM_INVALID) return false;
    Type *base = struct_base(c, b->x->type), *uintptr = c->s->basic[BK_UINTPTR];
    if (!find_offset_field(b, sel, base, &found)) return false;
    record_selection(c, sel, SEL_FIELD, base, &found);
    for (Node *n = arg;; n = n->paren.x) {
        record_type(n, b->x->mode == EM_VAR ? EM_VAR : EM_VALUE, found.obj->type, NULL);
        if (n == sel) break;
    }
    if (is_variable_size(c, base)) {
        set_value(b->x, EM_VALUE, uintptr);
        return true;
    }
    int64_t offset = field_offset(c, base, &found);
    if (offset >= TYPE_TOO_LARGE) {
        err_at(c, b->x->expr, "%s is too large", operand_str(c, b->x));
        return false;
    }
    set_const(b->x, uintptr, cv_int(c->arena, offset));
    return true;
}

/* The arguments (pointer, length) of Add, Slice and String. */
static bool check_length_arg(BuiltinCall *b, bool allow_negative) {
    return check_index_operand(b->c, &b->args[1], "length", allow_negative);
}

bool check_unsafe_add(BuiltinCall *b) {
    Checker *c = b->c;
    verify_version(c, b->call->call.fun, "go1.17", "unsafe.Add");
    check_assignment(c, b->x, c->s->basic[BK_UNSAFE_POINTER], "argument to unsafe.Add");
    if (b->x->mode == EM_INVALID || !check_length_arg(b, true)) return false;
    set_value(b->x, EM_VALUE, c->s->basic[BK_UNSAFE_POINTER]);
    return true;
}

bool check_unsafe_slice(BuiltinCall *b) {
    Checker *c = b->c;
    verify_version(c, b->call->call.fun, "go1.17", "unsafe.Slice");
    Type *ptr = type_core(c->s, b->x->type);
    if (!ptr || ptr->kind != TY_POINTER) {
        err_at(c, b->x->expr, "invalid argument: %s is not a pointer", operand_str(c, b->x));
        return false;
    }
    if (!check_length_arg(b, false)) return false;
    set_value(b->x, EM_VALUE, type_new_slice(c->s, ptr->pointer.elem));
    return true;
}

bool check_unsafe_slice_data(BuiltinCall *b) {
    Checker *c = b->c;
    verify_version(c, b->call->call.fun, "go1.20", "unsafe.SliceData");
    Type *slice = type_core(c->s, b->x->type);
    if (!slice || slice->kind != TY_SLICE) {
        err_at(c, b->x->expr, "invalid argument: %s is not a slice", operand_str(c, b->x));
        return false;
    }
    set_value(b->x, EM_VALUE, type_new_pointer(c->s, slice->slice.elem));
    return true;
}

bool check_unsafe_string(BuiltinCall *b) {
    Checker *c = b->c;
    verify_version(c, b->call->call.fun, "go1.20", "unsafe.String");
    check_assignment(c, b->x, type_new_pointer(c->s, c->s->t_byte), "argument to unsafe.String");
    if (b->x->mode == EM_INVALID || !check_length_arg(b, false)) return false;
    set_value(b->x, EM_VALUE, c->s->basic[BK_STRING]);
    return true;
}

bool check_unsafe_string_data(BuiltinCall *b) {
    Checker *c = b->c;
    verify_version(c, b->call->call.fun, "go1.20", "unsafe.StringData");
    check_assignment(c, b->x, c->s->basic[BK_STRING], "argument to unsafe.StringData");
    if (b->x->mode == EM_INVALID) return false;
    set_value(b->x, EM_VALUE, type_new_pointer(c->s, c->s->t_byte));
    return true;
}
