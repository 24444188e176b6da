/* selector.c: x.f: members of packages, fields, methods, method expressions.
 *
 * Lookup (depth, embedding, ambiguity) is type_lookup's; here its result becomes an operand and a Selection
 * in the tree, and its failure a message that says what the type has instead. */
#include "sema/check.h"

#include <string.h>

/* ---- members of packages ---- */

/* The object that n, a member of pkg, names. NULL when it is reported, or pkg is. */
static Object *find_member(Checker *c, const Node *n, const Package *pkg) {
    const Node *sel = n->selector.sel;
    const Name *name = sel->ident.name;
    Object *obj = scope_lookup(pkg->scope, name);
    if (obj && (obj->kind == OBJ_BUILTIN || name_exported(name))) return obj;
    if (pkg->fake) return NULL;
    const char *text = expr_str(c, n);
    if (!obj) return err_at(c, sel, "undefined: %s", text), NULL;
    err_at(c, sel, "undefined: %s (name %s not exported by package %s)", text, name->text, pkg->name->text);
    return NULL;
}

static void check_member(Checker *c, Operand *x, Node *n, Package *pkg) {
    Node *sel = n->selector.sel;
    Object *obj = find_member(c, n, pkg);
    if (!obj) return;
    sel->ident.obj = obj;
    switch ((ObjectKind)obj->kind) {
    case OBJ_CONST: set_const(x, obj->type, obj->const_.value); break;
    case OBJ_TYPE: set_value(x, EM_TYPE, obj->type); break;
    case OBJ_VAR: set_value(x, EM_VAR, obj->type); break;
    case OBJ_FUNC: set_value(x, EM_VALUE, obj->type); break;
    case OBJ_BUILTIN:
        set_value(x, EM_BUILTIN, c->s->basic[BK_INVALID]);
        x->builtin = obj->builtin.id;
        break;
    case OBJ_PKGNAME: case OBJ_LABEL: case OBJ_NIL: unreachable();
    }
    if (!obj->type || (obj->kind != OBJ_BUILTIN && !type_is_valid(obj->type))) {
        operand_init(c, x, n); /* the package that declares it has the error */
        return;
    }
    record_type(sel, x->mode, x->type, x->value);
    if (x->mode == EM_BUILTIN) sel->builtin = (uint8_t)(x->builtin + 1);
}

/* The package that n names, when it is the name of an import. */
static Object *package_name(Checker *c, Node *n) {
    if (n->kind != ND_IDENT) return NULL;
    Scope *where;
    Object *obj = scope_lookup_parent(c->env.scope, n->ident.name, NO_POS, &where);
    return obj && obj->kind == OBJ_PKGNAME ? obj : NULL;
}

/* ---- failures ---- */

typedef enum NameFault { NAME_MISSING, NAME_MISSPELLED, NAME_UNEXPORTED, NAME_INACCESSIBLE } NameFault;

/* The length of s's first UTF-8 character. */
static uint32_t first_char_len(const Name *s) {
    uint32_t rune;
    size_t n = utf8_decode(s->text, s->len, &rune);
    return n ? (uint32_t)n : 1;
}

static bool same_tail(const Name *a, const Name *b) {
    return strcmp(a->text + first_char_len(a), b->text + first_char_len(b)) == 0;
}

static NameFault name_fault(Checker *c, const Name *want, const Object *alt) {
    if (!alt) return NAME_MISSING;
    const Name *have = alt->name;
    if (alt->pkg == c->pkg) return NAME_MISSPELLED;
    if (name_exported(want)) {
        if (name_exported(have)) return NAME_MISSPELLED;
        return same_tail(want, have) ? NAME_UNEXPORTED : NAME_MISSING;
    }
    if (name_exported(have)) return same_tail(want, have) ? NAME_MISSPELLED : NAME_MISSING;
    return want == have ? NAME_INACCESSIBLE : NAME_MISSING;
}

const char *lookup_error(Checker *c, Type *t, const Name *name, const Object *alt, bool struct_lit) {
    NameFault fault = name_fault(c, name, alt);
    const char *what = !alt ? "" : alt->kind == OBJ_VAR ? "field " : "method ";
    const char *type = tstr(c, t), *hint = "";
    if (fault == NAME_INACCESSIBLE) {
        const char *in = struct_lit ? arena_printf(c->arena, " in struct literal of type %s", type) : "";
        return arena_printf(c->arena, "cannot refer to unexported %s%s%s", what, alt->name->text, in);
    }
    if (fault != NAME_MISSING)
        hint = arena_printf(c->arena, ", but does have %s%s%s", fault == NAME_UNEXPORTED ? "unexported " : "",
                            struct_lit ? "" : what, alt->name->text);
    if (struct_lit)
        return arena_printf(c->arena, "unknown field %s in struct literal of type %s%s", name->text, type,
                            hint);
    return arena_printf(c->arena, "type %s has no field or method %s%s", type, name->text, hint);
}

static const char *missing_reason(Checker *c, Operand *x, const Name *name) {
    if (is_interface_pointer(c, x->type)) {
        bool param = type_is_tparam(type_under(c->s, x->type)->pointer.elem);
        return arena_printf(c->arena, "type %s is pointer to %s", tstr(c, x->type),
                            param ? "type parameter, not type parameter" : "interface, not interface");
    }
    LookupResult alt = type_lookup(c->s, x->type, x->mode == EM_VAR, c->pkg, name, true);
    return lookup_error(c, x->type, name, alt.obj, false);
}

static void report_missing(Checker *c, Operand *x, Node *n, LookupFailure why) {
    Node *sel = n->selector.sel;
    const char *name = sel->ident.name->text, *t = tstr(c, x->type);
    if (!type_is_valid(type_under(c->s, x->type))) return;
    switch (why) {
    case LOOKUP_AMBIGUOUS: err_at(c, sel, "ambiguous selector %s.%s", expr_str(c, x->expr), name); return;
    case LOOKUP_PTR_RECV:
        if (x->mode == EM_TYPE)
            err_at(c, sel, "invalid method expression %s.%s (needs pointer receiver (*%s).%s)", t, name, t,
                   name);
        else
            err_at(c, sel, "cannot call pointer method %s on %s", name, t);
        return;
    case LOOKUP_NONE:
        err_at(c, sel, "%s.%s undefined (%s)", expr_str(c, x->expr), name,
               missing_reason(c, x, sel->ident.name));
        return;
    }
}

/* ---- fields and methods ---- */

void record_selection(Checker *c, Node *n, SelectionKind kind, Type *recv, const LookupResult *found) {
    Selection *sel = NEW(c->arena, Selection);
    *sel = (Selection){kind, recv, found->obj, found->path, found->n, found->indirect};
    n->selector.selection = sel;
    n->selector.sel->ident.obj = found->obj;
    ExprMode mode = kind == SEL_FIELD ? EM_VAR : EM_VALUE;
    record_type(n->selector.sel, mode, found->obj->type, NULL);
}

static bool is_named(const Object *param) { return param->name && param->name->len > 0; }

/* T.m: a function whose first parameter is the receiver. */
static void check_method_expr(Checker *c, Operand *x, Node *n, const LookupResult *found) {
    Node *sel = n->selector.sel;
    Object *m = found->obj;
    const char *name = sel->ident.name->text;
    if (m->kind != OBJ_FUNC) {
        err_at(c, sel, "%s.%s undefined (type %s has no method %s)", expr_str(c, x->expr), name,
               tstr(c, x->type), name);
        x->mode = EM_INVALID;
        return;
    }
    Type *sig = m->type, *params = sig->func.params;
    record_selection(c, n, SEL_METHOD_EXPR, x->type, found);
    Object **vars = NEW_ARRAY(c->arena, Object *, params->tuple.n + 1);
    const Name *recv_name = sig->func.recv && is_named(sig->func.recv) ? sig->func.recv->name : c->s->n_blank;
    bool named = params->tuple.n > 0 && is_named(params->tuple.vars[0]);
    vars[0] = object_new(c->arena, OBJ_VAR, sel->pos, c->pkg, named ? recv_name : NULL, x->type);
    vars[0]->var.role = VAR_PARAM;
    for (int i = 0; i < params->tuple.n; i++) vars[i + 1] = params->tuple.vars[i];
    Type *tuple = type_new_tuple(c->s, vars, params->tuple.n + 1);
    set_value(x, EM_VALUE, type_new_func(c->s, NULL, tuple, sig->func.results, sig->func.variadic));
    add_decl_dep(c, m);
}

static void select_method(Checker *c, Operand *x, Node *n, const LookupResult *found) {
    Object *m = found->obj;
    Type *sig = m->type;
    record_selection(c, n, SEL_METHOD, x->type, found);
    if (m->func.ptr_recv && !found->indirect && x->mode == EM_VAR && !type_is_kind(c->s, x->type, TY_POINTER))
        note_address(c, n->selector.x); /* x.m is (&x).m */
    set_value(x, EM_VALUE,
              type_new_func(c->s, NULL, sig->func.params, sig->func.results, sig->func.variadic));
    add_decl_dep(c, m);
}

static void select_field_or_method(Checker *c, Operand *x, Node *n) {
    Node *sel = n->selector.sel;
    LookupResult found = type_lookup(c->s, x->type, x->mode == EM_VAR, c->pkg, sel->ident.name, false);
    if (!found.obj) {
        report_missing(c, x, n, found.why);
        x->mode = EM_INVALID;
        return;
    }
    if (found.obj->kind == OBJ_FUNC) {
        obj_decl(c, found.obj); /* its signature may not be known yet */
        if (!found.obj->type || found.obj->type->kind != TY_FUNC) {
            x->mode = EM_INVALID;
            return;
        }
    }
    if (x->mode == EM_TYPE) {
        check_method_expr(c, x, n, &found);
    } else if (found.obj->kind == OBJ_FUNC) {
        select_method(c, x, n, &found);
    } else {
        record_selection(c, n, SEL_FIELD, x->type, &found);
        set_value(x, x->mode == EM_VAR || found.indirect ? EM_VAR : EM_VALUE, found.obj->type);
    }
}

void check_selector(Checker *c, Operand *x, Node *n, Type *def, bool want_type) {
    operand_init(c, x, n);
    Object *pkgname = package_name(c, n->selector.x);
    if (pkgname) {
        pkgname->used = true;
        n->selector.x->ident.obj = pkgname;
        if (pkgname->pkgname.imported) check_member(c, x, n, pkgname->pkgname.imported);
        return;
    }
    check_expr_or_type(c, x, n->selector.x, false);
    if (x->mode == EM_TYPE && def && def == x->type) {
        const char *name = tstr(c, def);
        err_pos(c, def->kind == TY_NAMED ? def->named.obj->pos : n->pos,
                "invalid recursive type: %s refers to itself", name);
        x->mode = EM_INVALID;
    } else if (x->mode == EM_BUILTIN) {
        err_at(c, n, "cannot select on %s", operand_str(c, x));
        x->mode = EM_INVALID;
    } else if (x->mode != EM_INVALID && want_type) {
        err_at(c, n->selector.sel, "%s is not a type", expr_str(c, n));
        x->mode = EM_INVALID;
    }
    if (x->mode != EM_INVALID) select_field_or_method(c, x, n);
}
