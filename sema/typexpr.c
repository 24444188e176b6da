/* typexpr.c: identifiers and type expressions.
 *
 * A composite type is created first and its components are checked after, with the type already set as the right
 * side of the declaration it belongs to (def), so that recursive types find it. What needs complete types (map keys
 * must be comparable, no variable may have a constraint interface as type, type arguments must satisfy their
 * constraints) is checked by actions later. */
#include "sema/check.h"

void set_def_type(Type *def, Type *t) {
    if (!def) return;
    if (def->kind == TY_ALIAS) {
        if (t != def) def->alias.rhs = t;
    } else if (def->kind == TY_NAMED) {
        def->named.underlying = t;
    }
}

static Type *invalid_type(Checker *c) { return c->s->basic[BK_INVALID]; }

/* ---- identifiers ---- */

static void undefined_ident(Checker *c, Operand *x, Node *n) {
    if (n->ident.name != c->s->n_blank) {
        err_at(c, n, "undefined: %s", n->ident.name->text);
        return;
    }
    Type *tparam = ptrmap_get(&c->recv_blanks, n);
    if (!tparam) {
        err_at(c, n, "cannot use _ as value or type");
        return;
    }
    x->mode = EM_TYPE;
    x->type = tparam;
}

/* A name that came through a dot-import uses the import. */
static void use_dot_import(Checker *c, const Scope *scope, const Object *obj) {
    const PtrMap *through = ptrmap_get(&c->dot_imports, scope);
    Object *pkgname = through ? ptrmap_get(through, obj) : NULL;
    if (pkgname) pkgname->used = true;
}

static void ident_const(Checker *c, Operand *x, Node *n, Object *obj) {
    add_decl_dep(c, obj);
    if (!type_is_valid(obj->type)) return;
    x->value = obj->const_.value;
    if (obj->parent == c->s->universe && name_is(obj->name, "iota")) {
        x->value = c->env.iota;
        if (!x->value) {
            err_at(c, n, "cannot use iota outside constant declaration");
            return;
        }
    }
    x->mode = EM_CONST;
}

static void ident_var(Checker *c, Operand *x, Object *obj) {
    if (obj->pkg == c->pkg) obj->used = true;
    add_decl_dep(c, obj);
    if (obj->var.role != VAR_PACKAGE && obj->var.role != VAR_FIELD) note_var_use(c, obj);
    if (type_is_valid(obj->type)) x->mode = EM_VAR;
}

static void ident_builtin(Checker *c, Operand *x, const Object *obj) {
    x->mode = EM_BUILTIN;
    x->builtin = obj->builtin.id;
    if (obj->builtin.id == BI_RECOVER && c->env.func) c->env.func->has_recover = true;
}

/* What an object of known type is as an operand. */
static void ident_operand(Checker *c, Operand *x, Node *n, Object *obj) {
    switch ((ObjectKind)obj->kind) {
    case OBJ_PKGNAME: err_at(c, n, "use of package %s not in selector", obj->name->text); break;
    case OBJ_CONST: ident_const(c, x, n, obj); break;
    case OBJ_TYPE: x->mode = EM_TYPE; break;
    case OBJ_VAR: ident_var(c, x, obj); break;
    case OBJ_FUNC:
        add_decl_dep(c, obj);
        x->mode = EM_VALUE;
        break;
    case OBJ_BUILTIN: ident_builtin(c, x, obj); break;
    case OBJ_NIL: x->mode = EM_NIL; break;
    case OBJ_LABEL: unreachable();
    }
    x->type = obj->type ? obj->type : invalid_type(c);
}

/* any and comparable came with type parameters. */
static bool predeclared_allowed(Checker *c, const Node *n, const Object *obj) {
    if (obj->parent != c->s->universe) return true;
    if (!name_is(obj->name, "any") && !name_is(obj->name, "comparable")) return true;
    return verify_version(c, n, "go1.18", arena_printf(c->arena, "predeclared %s", obj->name->text));
}

void check_ident(Checker *c, Operand *x, Node *n, Type *def, bool want_type) {
    *x = (Operand){.mode = EM_INVALID, .type = invalid_type(c), .expr = n};
    Scope *scope;
    Object *obj = scope_lookup_parent(c->env.scope, n->ident.name, NO_POS, &scope);
    if (!obj) {
        undefined_ident(c, x, n);
        return;
    }
    if (!predeclared_allowed(c, n, obj)) return;
    n->ident.obj = obj;
    if (want_type && obj->kind != OBJ_TYPE) {
        err_at(c, n, "%s is not a type", obj->name->text);
        if (obj->kind == OBJ_VAR && obj->pkg == c->pkg) obj->used = true; /* not another error, please */
        return;
    }
    /* When a type is known and a value is wanted, a cycle is less interesting than the error that follows. */
    bool has_decl = obj->kind != OBJ_PKGNAME && obj->kind != OBJ_BUILTIN && obj->kind != OBJ_NIL;
    if (has_decl && (!obj->type || (obj->kind == OBJ_TYPE && want_type))) obj_decl_def(c, obj, def);
    use_dot_import(c, scope, obj);
    ident_operand(c, x, n, obj);
}

/* ---- variables' types ---- */

typedef struct VarTypeCheck {
    Type *type;
    Pos pos;
} VarTypeCheck;

/* Action: a constraint interface is no type for variables. */
static void validate_var_type(Checker *c, void *arg) {
    const VarTypeCheck *v = arg;
    Type *u = type_under(c->s, v->type);
    if (u->kind != TY_INTERFACE) return;
    const TypeSet *set = type_set(c->s, u);
    if (type_set_is_method_set(set)) return;
    soft_err_pos(c, v->pos, "cannot use type %s outside a type constraint: interface %s", tstr(c, v->type),
                 set->comparable ? "is (or embeds) comparable" : "contains type constraints");
}

Type *check_var_type(Checker *c, Node *n) {
    Type *t = check_defined_type(c, n, NULL);
    Type *u = type_unalias(t);
    if (u->kind != TY_NAMED && u->kind != TY_INTERFACE && u->kind != TY_ALIAS) return t;
    VarTypeCheck *v = NEW(c->arena, VarTypeCheck);
    *v = (VarTypeCheck){t, n->pos};
    later(c, validate_var_type, v);
    return t;
}

/* ---- arrays ---- */

/* An array's length that is a name gets errors of its own: [P] may have been meant as a type parameter. */
static bool length_name_ok(Checker *c, const Node *n) {
    if (n->kind != ND_IDENT) return true;
    Object *obj = scope_lookup_parent(c->env.scope, n->ident.name, NO_POS, NULL);
    if (!obj) err_at(c, n, "undefined array length %s or missing type constraint", n->ident.name->text);
    else if (obj->kind != OBJ_CONST) err_at(c, n, "invalid array length %s", n->ident.name->text);
    if (obj && obj->kind == OBJ_VAR && obj->pkg == c->pkg) obj->used = true;
    return obj && obj->kind == OBJ_CONST;
}

int64_t check_array_length(Checker *c, Node *n) {
    if (!length_name_ok(c, n)) return -1;
    Operand x = {.mode = EM_INVALID};
    check_expr(c, &x, n);
    if (x.mode == EM_INVALID) return -1;
    if (x.mode != EM_CONST) {
        err_at(c, n, "array length %s must be constant", operand_str(c, &x));
        return -1;
    }
    bool integer = type_has(c->s, x.type, TP_INTEGER);
    if (type_is_untyped(x.type) || integer) {
        const ConstVal *v = cv_to_int(c->arena, x.value);
        int64_t len;
        if (v && cv_kind(v) == CV_INT && cv_int64(v, &len) && len >= 0) return len;
    }
    err_at(c, n, integer ? "invalid array length %s" : "array length %s must be integer", operand_str(c, &x));
    return -1;
}

static Type *array_type(Checker *c, Node *n, Type *def) {
    Node *len = n->array_type.len;
    if (!len) {
        Type *t = type_new_slice(c->s, invalid_type(c));
        set_def_type(def, t);
        t->in_progress = true;
        t->slice.elem = check_var_type(c, n->array_type.elem);
        t->in_progress = false;
        return t;
    }
    Type *t = type_new_array(c->s, invalid_type(c), -1);
    set_def_type(def, t);
    t->in_progress = true;
    if (len->kind == ND_ELLIPSIS) err_at(c, n, "invalid use of [...] array (outside a composite literal)");
    else t->array.len = check_array_length(c, len);
    t->array.elem = check_var_type(c, n->array_type.elem);
    t->in_progress = false;
    vec_push(c->arena, &c->sized_types, n);
    if (t->array.len >= 0) return t;
    set_def_type(def, invalid_type(c));
    return invalid_type(c);
}

/* ---- maps, channels, pointers ---- */

typedef struct MapKeyCheck {
    Type *key;
    const Node *node;
} MapKeyCheck;

/* Action: keys of maps are comparable. */
static void validate_map_key(Checker *c, void *arg) {
    const MapKeyCheck *k = arg;
    if (!type_is_valid(k->key) || type_comparable(c->s, k->key, true, NULL)) return;
    err_at(c, k->node, "invalid map key type %s%s", tstr(c, k->key),
           type_is_tparam(k->key) ? " (missing comparable constraint)" : "");
}

static Type *map_type(Checker *c, Node *n, Type *def) {
    Type *t = type_new_map(c->s, invalid_type(c), invalid_type(c));
    set_def_type(def, t);
    t->in_progress = true;
    t->map.key = check_var_type(c, n->map_type.key);
    t->map.elem = check_var_type(c, n->map_type.elem);
    t->in_progress = false;
    MapKeyCheck *k = NEW(c->arena, MapKeyCheck);
    *k = (MapKeyCheck){t->map.key, n->map_type.key};
    later(c, validate_map_key, k);
    return t;
}

static Type *chan_type(Checker *c, Node *n, Type *def) {
    Type *t = type_new_chan(c->s, invalid_type(c), n->chan_type.dir);
    set_def_type(def, t);
    t->chan.elem = check_var_type(c, n->chan_type.elem);
    vec_push(c->arena, &c->sized_types, n);
    return t;
}

/* A pointer to an invalid type is invalid: following it would only lead to more errors. */
static Type *pointer_type(Checker *c, Node *n, Type *def) {
    Type *t = type_new_pointer(c->s, invalid_type(c));
    set_def_type(def, t);
    t->pointer.elem = check_var_type(c, n->star.x);
    return type_is_valid(t->pointer.elem) ? t : invalid_type(c);
}

static Type *func_type(Checker *c, Node *n, Type *def) {
    Scope *scope = open_scope(c, n->pos, n->end);
    scope->is_func = true;
    Type *sig = NULL;
    check_func_type_def(c, NULL, n, &sig, def);
    close_scope(c);
    return sig;
}

/* ---- instances ---- */

typedef struct InstanceCheck {
    Node *generic;
    NodeList *args;
    Type *inst;
} InstanceCheck;

/* Action: the type arguments satisfy their constraints. */
static void validate_instance(Checker *c, void *arg) {
    const InstanceCheck *v = arg;
    Type *inst = v->inst, *origin = inst->named.origin;
    TypeVec *tparams = &origin->named.tparams, *targs = &inst->named.targs;
    record_instance(c, v->generic, targs->at, targs->len, inst);
    if (validate_targ_count(c, v->generic, origin->named.obj->name->text, tparams->len, targs->len))
        verify_instance(c, v->generic, tparams, targs->at, targs->len, v->args);
    check_valid_type(c, inst);
}

/* The list's types; false when one of them is invalid. */
static bool type_list(Checker *c, NodeList *list, TypeVec *out) {
    bool ok = true;
    for (int i = 0; i < list->len; i++) {
        Type *t = check_var_type(c, list->at[i]);
        if (!type_is_valid(t)) ok = false;
        vec_push(c->arena, out, t);
    }
    return ok;
}

static char *list_str(Checker *c, const NodeList *list) {
    char *text = arena_strdup(c->arena, "");
    for (int i = 0; i < list->len; i++)
        text = arena_printf(c->arena, "%s%s%s", text, i ? ", " : "", expr_str(c, list->at[i]));
    return text;
}

static Type *instantiate(Checker *c, Node *generic, NodeList *args, Type *g, TypeVec *targs) {
    if (g->kind == TY_ALIAS) {
        if (!validate_targ_count(c, generic, g->alias.obj->name->text, g->alias.tparams.len, targs->len))
            return invalid_type(c);
        return type_instantiate(c->s, g, targs->at, targs->len);
    }
    Type *inst = type_instantiate(c->s, g, targs->at, targs->len);
    if (inst->kind != TY_NAMED || !inst->named.origin) return inst;
    if (!ptrmap_get(&c->instance_pos, inst))
        ptrmap_put(c->arena, &c->instance_pos, inst, (void *)(intptr_t)generic->pos);
    InstanceCheck *v = NEW(c->arena, InstanceCheck);
    *v = (InstanceCheck){generic, args, inst};
    later(c, validate_instance, v);
    return inst;
}

Type *check_instantiated_type(Checker *c, Node *generic, NodeList *args, Type *def) {
    const char *cause = NULL;
    Type *g = check_generic_type(c, generic, &cause);
    if (cause)
        err_at(c, generic, "invalid operation: %s[%s] (%s)", expr_str(c, generic), list_str(c, args), cause);
    Type *t = invalid_type(c);
    if (type_is_valid(g)) {
        TypeVec targs = {0};
        if (type_list(c, args, &targs)) t = instantiate(c, generic, args, g, &targs);
    }
    set_def_type(def, t);
    return t;
}

/* ---- type expressions ---- */

static Type *not_a_type(Checker *c, Node *n) {
    err_at(c, n, "%s is not a type", expr_str(c, n));
    use_expr(c, n);
    return invalid_type(c);
}

/* The type an identifier or selector denotes. */
static Type *type_of_name(Checker *c, Node *n, Type *def) {
    Operand x = {.mode = EM_INVALID, .expr = n};
    if (n->kind == ND_IDENT) check_ident(c, &x, n, def, true);
    else check_selector(c, &x, n, def, true);
    switch (x.mode) {
    case EM_TYPE: return x.type;
    case EM_INVALID: case EM_NONE: break;
    case EM_NO_VALUE: err_at(c, n, "%s used as type", operand_str(c, &x)); break;
    case EM_BUILTIN: case EM_CONST: case EM_VAR: case EM_MAP_INDEX: case EM_VALUE: case EM_NIL: case EM_COMMA_OK:
    case EM_TUPLE: err_at(c, n, "%s is not a type", operand_str(c, &x)); break;
    }
    return invalid_type(c);
}

static Type *struct_type(Checker *c, Node *n, Type *def) {
    Type *t = type_new_struct(c->s, NULL, NULL, 0);
    set_def_type(def, t);
    check_struct_type(c, t, n);
    return t;
}

static Type *interface_type(Checker *c, Node *n, Type *def) {
    Type *t = type_new_interface(c->s);
    set_def_type(def, t);
    check_interface_type(c, t, n, def);
    return t;
}

/* The type of n, which may be generic. Every kind but names sets def itself, before looking at components. */
static Type *type_internal(Checker *c, Node *n, Type *def) {
    Type *t;
    switch ((NodeKind)n->kind) {
    case ND_BAD_EXPR: t = invalid_type(c); break;
    case ND_IDENT: case ND_SELECTOR: t = type_of_name(c, n, def); break;
    case ND_INDEX:
        verify_version(c, n, "go1.18", "type instantiation");
        return check_instantiated_type(c, n->index.x, &n->index.indices, def);
    case ND_PAREN: return check_defined_type(c, n->paren.x, def);
    case ND_ARRAY_TYPE: return array_type(c, n, def);
    case ND_STRUCT_TYPE: return struct_type(c, n, def);
    case ND_STAR: return pointer_type(c, n, def);
    case ND_FUNC_TYPE: return func_type(c, n, def);
    case ND_INTERFACE_TYPE: return interface_type(c, n, def);
    case ND_MAP_TYPE: return map_type(c, n, def);
    case ND_CHAN_TYPE: return chan_type(c, n, def);
    case ND_ELLIPSIS:
        err_at(c, n, "invalid use of '...'");
        if (n->ellipsis.elem) use_expr(c, n->ellipsis.elem);
        t = invalid_type(c);
        break;
    default: t = not_a_type(c, n); break; /* an expression */
    }
    set_def_type(def, t);
    return t;
}

Type *check_defined_type(Checker *c, Node *n, Type *def) {
    if (!n) return invalid_type(c); /* the parser reported what is missing */
    Type *t = type_internal(c, n, def);
    if (type_is_generic(t)) {
        err_at(c, n, "cannot use generic type %s without instantiation", tstr(c, t));
        t = invalid_type(c);
    }
    record_type(n, EM_TYPE, t, NULL);
    return t;
}

Type *check_type(Checker *c, Node *n) { return check_defined_type(c, n, NULL); }

Type *check_generic_type(Checker *c, Node *n, const char **cause) {
    Type *t = type_internal(c, n, NULL);
    if (type_is_valid(t) && !type_is_generic(t)) {
        if (cause) *cause = arena_printf(c->arena, "%s is not a generic type", tstr(c, t));
        t = invalid_type(c);
    }
    record_type(n, EM_TYPE, t, NULL);
    return t;
}
