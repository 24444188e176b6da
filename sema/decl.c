/* decl.c: checks declarations, package-level ones on demand.
 *
 * An object is white until its declaration is looked at, grey while that is in progress (then it is on obj_path), and
 * black when its type is known. Meeting a grey object means a cycle, which validity decides on: types may refer to
 * themselves if a type definition is on the way, functions always, constants and variables alone are left to the
 * check of the initialisation order, and anything else is an error.
 *
 * A declared type exists before its right side is checked, and its underlying type is set (set_def_type, typexpr.c)
 * before the components of that are: so recursion through pointers, slices and so on meets a usable type. */
#include "sema/check.h"

enum { WHITE, BLACK, GREY };

/* Declarations that need one another, each deep in an expression, are refused when this much of the C stack is in
 * use. The parser bounds what one more declaration can take: together they stay below the usual 8 MiB. */
enum { MAX_DECL_STACK = 3 << 20 };

void declare(Checker *c, Scope *scope, Node *ident, Object *obj, Pos scope_start) {
    if (obj->name != c->s->n_blank) {
        Object *other = scope_insert(c->arena, scope, obj);
        if (other) {
            Diag *d = err_begin(c, obj->pos, false, "%s redeclared in this block", obj->name->text);
            err_other_decl(c, d, other);
            return;
        }
        obj->scope_start = scope_start;
    }
    if (ident) ident->ident.obj = obj;
}

void add_decl_dep(Checker *c, Object *obj) {
    DeclInfo *from = c->env.decl;
    if (!from || obj->pkg != c->pkg || !obj->decl || ptrmap_get(&from->deps, obj)) return;
    ptrmap_put(c->arena, &from->deps, obj, obj);
    vec_push(c->arena, &from->dep_list, obj);
}

/* ---- cycles ---- */

static const char *cycle_name(Checker *c, const Object *obj) {
    if (!obj->pkg || obj->pkg == c->pkg) return obj->name->text;
    return arena_printf(c->arena, "%s.%s", obj->pkg->name->text, obj->name->text);
}

int first_in_source(Object **path, int n) {
    int first = 0;
    for (int i = 1; i < n; i++)
        if (path[i]->pos < path[first]->pos) first = i;
    return first;
}

void cycle_error(Checker *c, Object **cycle, int n, int start) {
    const Object *obj = cycle[start];
    const char *name = cycle_name(c, obj);
    bool is_type = obj->kind == OBJ_TYPE;
    if (n == 1) {
        err_pos(c, obj->pos, is_type ? "invalid recursive type: %s refers to itself"
                                     : "invalid cycle in declaration: %s refers to itself", name);
        return;
    }
    Diag *d = err_begin(c, obj->pos, false, is_type ? "invalid recursive type %s" : "invalid cycle in declaration of %s",
                        name);
    for (int i = 0; i < n; i++) {
        const Object *o = cycle[(start + i) % n];
        err_more(c, d, o->pos, "%s refers to", cycle_name(c, o));
    }
    err_more(c, d, obj->pos, "%s", name);
}

/* Is the cycle that closes at obj, which is grey, a valid one? Reports when not. */
static bool valid_cycle(Checker *c, Object *obj) {
    int start = c->obj_path.len - 1;
    while (start > 0 && c->obj_path.at[start] != obj) start--;
    Object **cycle = c->obj_path.at + start;
    int n = c->obj_path.len - start, values = 0, definitions = 0;
    bool through_tparams = false;
    for (int i = 0; i < n && !through_tparams; i++) {
        const Object *o = cycle[i];
        if (o->kind == OBJ_CONST || o->kind == OBJ_VAR) values++;
        if (o->kind != OBJ_TYPE) continue;
        through_tparams = c->env.in_tparam_list && o->type && type_is_generic(o->type);
        if (!o->type_name.is_alias) definitions++;
    }
    if (!through_tparams && (values == n || (values == 0 && definitions > 0))) return true;
    cycle_error(c, cycle, n, first_in_source(cycle, n));
    return false;
}

/* obj is used while its declaration is in progress. */
static void use_grey(Checker *c, Object *obj) {
    Type *invalid = c->s->basic[BK_INVALID];
    bool valid = valid_cycle(c, obj);
    switch ((ObjectKind)obj->kind) {
    case OBJ_CONST: case OBJ_VAR:
        if (!valid || !obj->type) obj->type = invalid;
        return;
    case OBJ_TYPE:
        if (!valid) obj->type = invalid;
        return;
    case OBJ_FUNC: return; /* has a signature, if an empty one */
    case OBJ_PKGNAME: case OBJ_LABEL: case OBJ_BUILTIN: case OBJ_NIL: break;
    }
    unreachable();
}

/* ---- constants and variables ---- */

void check_const_decl(Checker *c, Object *obj, Node *type, Node *init, bool inherited) {
    ConstVal *iota = c->env.iota;
    Pos err_pos = c->env.err_pos;
    c->env.iota = obj->const_.value;
    c->env.err_pos = NO_POS;
    obj->const_.value = cv_unknown(c->arena);
    bool ok = true;
    if (type) {
        obj->type = check_type(c, type);
        Type *u = type_under(c->s, obj->type);
        if (u->kind != TY_BASIC || !(u->basic.props & TP_CONST)) {
            if (type_is_valid(u)) err_at(c, type, "invalid constant type %s", tstr(c, obj->type));
            obj->type = c->s->basic[BK_INVALID];
            ok = false;
        }
    }
    if (ok) {
        Operand x = {.mode = EM_INVALID, .type = c->s->basic[BK_INVALID]};
        if (init && inherited) c->env.err_pos = obj->pos; /* the expression is far away and fine where it stands */
        if (init) check_expr(c, &x, init);
        init_const(c, obj, &x);
    }
    c->env.iota = iota;
    c->env.err_pos = err_pos;
}

void check_var_decl(Checker *c, Object *obj, Object **lhs, int n, Node *type, Node *init) {
    if (type) obj->type = check_var_type(c, type);
    if (!init) {
        if (!type) obj->type = c->s->basic[BK_INVALID]; /* check_arity reported it */
        return;
    }
    if (n <= 1) {
        Operand x = {.mode = EM_INVALID};
        check_rhs(c, &x, obj->type, obj->name->text, init);
        init_var(c, obj, &x, "variable declaration");
        return;
    }
    for (int i = 0; type && i < n; i++) lhs[i]->type = obj->type;
    NodeList values = {&init, 1, 1};
    init_vars(c, lhs, n, &values, NULL);
}

/* ---- functions ---- */

static FuncInfo *new_func_info(Checker *c, Object *obj, Node *decl) {
    FuncInfo *f = NEW(c->arena, FuncInfo);
    f->obj = obj;
    f->node = decl;
    f->body = decl->func_decl.body;
    f->pkg = c->pkg;
    decl->func_decl.info = f;
    obj->func.info = f;
    return f;
}

static void check_func_decl(Checker *c, Object *obj, DeclInfo *d) {
    Node *decl = d->spec, *body = decl->func_decl.body;
    Scope *scope = open_scope(c, decl->pos, decl->end);
    scope->is_func = true;
    /* Black while the signature is checked: a receiver type may lead back to its methods. */
    uint8_t color = obj->color;
    obj->color = BLACK;
    check_func_type(c, decl->func_decl.recv, decl->func_decl.type, &obj->type);
    obj->func.caps = check_attrs(c, &decl->func_decl.attrs, ATTR_FUNC);
    obj->color = color;
    close_scope(c);
    if (decl->func_decl.type->func_type.tparams.len > 0 && !body)
        soft_err_at(c, decl, "generic function is missing function body");
    if (!body) return;
    FuncInfo *f = new_func_info(c, obj, decl);
    f->sig = obj->type;
    if (!c->opt.outline || func_is_generic(f)) check_func_body(c, f, d, scope, NULL);
}

/* ---- types ---- */

typedef struct TypeDecl {
    Object *obj;
    Node *spec;
    Type *rhs;
    bool version_error;
} TypeDecl;

static bool is_imported_constraint(Checker *c, Type *t) {
    Type *n = t ? type_as_named(t) : NULL;
    if (!n || !n->named.obj->pkg || n->named.obj->pkg == c->pkg) return false;
    Type *u = type_under(c->s, n);
    return u->kind == TY_INTERFACE && !type_set_is_method_set(type_set(c->s, u));
}

/* Action: what needs the complete type. */
static void validate_type_decl(Checker *c, void *arg) {
    TypeDecl *d = arg;
    Type *named = type_as_named(d->obj->type);
    if (named) check_valid_type(c, named);
    if (d->version_error || !is_imported_constraint(c, d->rhs)) return;
    verify_version(c, d->spec->type_spec.type, "go1.18",
                   arena_printf(c->arena, "using type constraint %s", tstr(c, d->rhs)));
}

static void check_alias_versions(Checker *c, TypeDecl *d) {
    const NodeList *tparams = &d->spec->type_spec.tparams;
    if (tparams->len > 0 && !verify_version(c, tparams->at[0], "go1.23", "generic type alias")) d->version_error = true;
    if (!d->version_error && !verify_version(c, d->spec, "go1.9", "type alias")) d->version_error = true;
    if (tparams->len == 0 || d->version_error || c->opt.generic_aliases) return;
    err_at(c, d->spec, "generic type alias requires GOEXPERIMENT=aliastypeparams");
    d->version_error = true;
}

static void check_alias_decl(Checker *c, TypeDecl *d, Type *def) {
    check_alias_versions(c, d);
    Node *spec = d->spec;
    Type *alias = type_new_alias(c->s, d->obj, NULL);
    d->obj->type = alias;
    set_def_type(def, alias);
    bool generic = spec->type_spec.tparams.len > 0;
    if (generic) {
        open_scope(c, spec->pos, spec->end);
        check_tparams(c, &spec->type_spec.tparams, &alias->alias.tparams);
    }
    d->rhs = check_defined_type(c, spec->type_spec.type, alias);
    alias->alias.rhs = d->rhs == alias ? c->s->basic[BK_INVALID] : d->rhs;
    if (generic) close_scope(c);
}

/* The number of a local type, in source order. It is part of the type's name, on which all objects of a program agree,
 * so it must not depend on which functions are checked. */
static int local_index(Checker *c, const Node *spec) {
    const SourceFile *source = source_file_of(c->s->sources, spec->pos);
    int n = spec->type_spec.ordinal;
    for (int i = 0; c->pkg->files[i]->source != source; i++) n += c->pkg->files[i]->local_types;
    return n;
}

static void note_declared_type(Checker *c, const TypeDecl *d, Type *named) {
    vec_push(c->arena, &c->pkg->types, d->obj);
    if (!c->env.func) return;
    named->named.local = c->env.func;
    d->obj->type_name.local_index = local_index(c, d->spec);
}

static void check_defined_decl(Checker *c, TypeDecl *d, Type *def) {
    Node *spec = d->spec, *rhs = spec->type_spec.type;
    bool generic = spec->type_spec.tparams.len > 0;
    if (generic && !verify_version(c, spec->type_spec.tparams.at[0], "go1.18", "type parameter"))
        d->version_error = true;
    Type *named = type_new_named(c->s, d->obj, NULL);
    d->obj->type = named;
    note_declared_type(c, d, named);
    set_def_type(def, named);
    if (generic) {
        open_scope(c, spec->pos, spec->end);
        check_tparams(c, &spec->type_spec.tparams, &named->named.tparams);
    }
    d->rhs = named->named.rhs = check_defined_type(c, rhs, named);
    if (!named->named.underlying) named->named.underlying = c->s->basic[BK_INVALID];
    if (type_is_tparam(d->rhs)) {
        err_at(c, rhs, "cannot use a type parameter as RHS in type declaration");
        named->named.underlying = c->s->basic[BK_INVALID];
    }
    if (generic) close_scope(c);
}

/* def: the type whose right side names obj and thereby led here, or NULL. */
static void check_type_decl(Checker *c, Object *obj, Node *spec, Type *def) {
    TypeDecl *d = NEW(c->arena, TypeDecl);
    d->obj = obj;
    d->spec = spec;
    check_attrs(c, &spec->type_spec.attrs, ATTR_TYPE);
    later(c, validate_type_decl, d);
    if (spec->type_spec.alias) check_alias_decl(c, d, def);
    else check_defined_decl(c, d, def);
}

void check_tparams(Checker *c, NodeList *fields, TypeVec *out) {
    /* All names first: bounds may refer to any of them, and to the generic type itself. */
    for (int i = 0; i < fields->len; i++) {
        NodeList *names = &fields->at[i]->field.names;
        for (int j = 0; j < names->len; j++) {
            Node *ident = names->at[j];
            Type *t = declare_tparam(c, ident, fields->at[0]->pos, out->len);
            vec_push(c->arena, out, t);
        }
    }
    bool outer = c->env.in_tparam_list;
    c->env.in_tparam_list = true;
    for (int i = 0, index = 0; i < fields->len; i++) {
        Node *type = fields->at[i]->field.type;
        Type *bound = type ? check_constraint(c, type) : c->s->basic[BK_INVALID];
        if (type_is_tparam(bound)) {
            err_at(c, type, "cannot use a type parameter as constraint");
            bound = c->s->basic[BK_INVALID];
        }
        for (int j = 0; j < fields->at[i]->field.names.len; j++) out->at[index++]->tparam.bound = bound;
    }
    c->env.in_tparam_list = outer;
}

Type *declare_tparam(Checker *c, Node *ident, Pos scope_start, int index) {
    Object *obj = object_new(c->arena, OBJ_TYPE, ident->pos, c->pkg, ident->ident.name, NULL);
    obj->ident = ident;
    obj->color = BLACK;
    obj->type_name.is_tparam = true;
    Type *t = type_new_tparam(c->s, obj, index, NULL);
    obj->type = t;
    declare(c, c->env.scope, ident, obj, scope_start);
    return t;
}

/* ---- methods ---- */

/* Action: a struct's fields and its type's methods share one space of names. */
static void check_field_uniqueness(Checker *c, void *arg) {
    const Type *base = arg;
    const Type *u = type_under(c->s, arg);
    if (u->kind != TY_STRUCT) return;
    PtrMap methods = {0};
    for (int i = 0; i < base->named.methods.len; i++)
        ptrmap_put(c->arena, &methods, base->named.methods.at[i]->name, base->named.methods.at[i]);
    for (int i = 0; i < u->struct_.n; i++) {
        const Object *field = u->struct_.fields[i];
        const Object *method = ptrmap_get(&methods, field->name);
        if (!method) continue;
        Diag *d = err_begin(c, method->pos, false, "field and method with the same name %s", field->name->text);
        err_other_decl(c, d, field);
    }
}

void collect_methods(Checker *c, Object *type_name) {
    const ObjectVec *methods = ptrmap_get(&c->methods_of, type_name);
    Type *base = type_name->type ? type_as_named(type_name->type) : NULL;
    if (!methods || !base) return;
    later(c, check_field_uniqueness, base);
    PtrMap seen = {0};
    for (int i = 0; i < methods->len; i++) {
        Object *m = methods->at[i];
        const Object *other = ptrmap_get(&seen, m->name);
        if (other) {
            err_pos(c, m->pos, "method %s.%s already declared at %s", type_name->name->text, m->name->text,
                    pos_str(c, other->pos));
            continue;
        }
        ptrmap_put(c->arena, &seen, m->name, m);
        vec_push(c->arena, &base->named.methods, m);
    }
}

/* ---- package-level declarations ---- */

static void check_object(Checker *c, Object *obj, Type *def) {
    DeclInfo *d = obj->decl;
    Env env = c->env;
    c->env = (Env){.scope = d->file_scope};
    switch ((ObjectKind)obj->kind) {
    case OBJ_CONST:
        c->env.decl = d;
        check_const_decl(c, obj, d->type, d->init, d->inherited);
        break;
    case OBJ_VAR:
        c->env.decl = d;
        check_var_decl(c, obj, d->lhs, d->n_lhs, d->type, d->init);
        break;
    case OBJ_TYPE:
        check_type_decl(c, obj, d->spec, def);
        collect_methods(c, obj);
        break;
    case OBJ_FUNC: check_func_decl(c, obj, d); break;
    case OBJ_PKGNAME: case OBJ_LABEL: case OBJ_BUILTIN: case OBJ_NIL: unreachable();
    }
    c->env = env;
}

static size_t stack_in_use(const Checker *c) { return (size_t)(c->stack_base - (char *)__builtin_frame_address(0)); }

void obj_decl_def(Checker *c, Object *obj, Type *def) {
    /* Constants and variables may have got a type as part of a declaration of several. */
    if (obj->color == WHITE && obj->type) obj->color = BLACK;
    if (obj->color == BLACK) return;
    if (obj->color == GREY) {
        use_grey(c, obj);
        return;
    }
    if (!obj->decl) fatal("%s was never declared", obj->name->text);
    if (stack_in_use(c) > MAX_DECL_STACK) {
        err_pos(c, obj->pos, "declaration of %s depends on too many others, nested too deeply", obj->name->text);
        obj->type = c->s->basic[BK_INVALID];
        obj->color = BLACK;
        return;
    }
    obj->color = GREY;
    vec_push(c->arena, &c->obj_path, obj);
    check_object(c, obj, def);
    c->obj_path.len--;
    obj->color = BLACK;
}

void obj_decl(Checker *c, Object *obj) { obj_decl_def(c, obj, NULL); }

/* ---- declarations inside functions ---- */

/* The end of a spec: what it declares is in scope from there on. */
static void declare_all(Checker *c, Node *spec, Object **objs) {
    run_later(c); /* function literals in the values must not see the names */
    const NodeList *names = &spec->value_spec.names;
    for (int i = 0; i < names->len; i++) declare(c, c->env.scope, names->at[i], objs[i], spec->end);
}

static void local_const(Checker *c, Node *spec) {
    const Node *source = const_source(spec);
    const NodeList *names = &spec->value_spec.names, *values = &source->value_spec.values;
    Object **objs = NEW_ARRAY(c->arena, Object *, names->len + 1);
    for (int i = 0; i < names->len; i++) {
        Node *ident = names->at[i];
        Object *obj = object_new(c->arena, OBJ_CONST, ident->pos, c->pkg, ident->ident.name, NULL);
        obj->ident = ident;
        obj->const_.value = cv_int(c->arena, spec->value_spec.iota);
        objs[i] = obj;
        check_const_decl(c, obj, source->value_spec.type, i < values->len ? values->at[i] : NULL, source != spec);
    }
    check_arity(c, spec, values, true, source != spec);
    declare_all(c, spec, objs);
}

Object *new_local_var(Checker *c, Node *ident, Type *type) {
    Object *obj = object_new(c->arena, OBJ_VAR, ident->pos, c->pkg, ident->ident.name, type);
    obj->ident = ident;
    obj->var.role = VAR_LOCAL;
    obj->var.func = c->env.func;
    return obj;
}

static void local_var(Checker *c, Node *spec) {
    if (spec->value_spec.pragma & PRAGMA_EMBED) check_embed(c, spec);
    const NodeList *names = &spec->value_spec.names, *values = &spec->value_spec.values;
    Node *type = spec->value_spec.type;
    Object **objs = NEW_ARRAY(c->arena, Object *, names->len + 1);
    for (int i = 0; i < names->len; i++) objs[i] = new_local_var(c, names->at[i], NULL);
    if (values->len == 1 && names->len > 0) {
        check_var_decl(c, objs[0], objs, names->len, type, values->at[0]);
    } else {
        for (int i = 0; i < names->len; i++)
            check_var_decl(c, objs[i], NULL, 1, type, i < values->len ? values->at[i] : NULL);
    }
    if (!type || values->len > 0) check_arity(c, spec, values, false, false);
    declare_all(c, spec, objs);
}

static void local_type(Checker *c, Node *spec) {
    Node *ident = spec->type_spec.name;
    Object *obj = object_new(c->arena, OBJ_TYPE, ident->pos, c->pkg, ident->ident.name, NULL);
    obj->ident = ident;
    obj->type_name.is_alias = spec->type_spec.alias;
    declare(c, c->env.scope, ident, obj, ident->pos);
    obj->color = GREY;
    vec_push(c->arena, &c->obj_path, obj);
    check_type_decl(c, obj, spec, NULL);
    c->obj_path.len--;
    obj->color = BLACK;
}

void decl_stmt(Checker *c, Node *gen_decl) {
    const NodeList *specs = &gen_decl->gen_decl.specs;
    for (int i = 0; i < specs->len; i++) {
        Node *spec = specs->at[i];
        if (spec->kind == ND_TYPE_SPEC) local_type(c, spec);
        else if (spec->kind == ND_VALUE_SPEC && gen_decl->gen_decl.tok == TK_CONST) local_const(c, spec);
        else if (spec->kind == ND_VALUE_SPEC) local_var(c, spec);
    }
}
