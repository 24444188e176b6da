/* resolver.c: collects the package-level objects of all files, and gives methods to their types.
 *
 * Nothing is checked here but what needs no types: names that are declared twice, the number of names and values,
 * the special functions init and main. Every object gets a DeclInfo that says where its declaration is; methods and
 * functions named init or _ have one too, though they are in no scope.
 *
 * Invariant: package_objects lists every object with a DeclInfo in source order, and order ascends along it. */
#include "sema/check.h"

/* ---- objects ---- */

static DeclInfo *new_decl_info(Checker *c, File *f, Node *spec) {
    DeclInfo *d = NEW(c->arena, DeclInfo);
    d->file = f;
    d->file_scope = f->scope;
    d->spec = spec;
    return d;
}

static Object *new_package_object(Checker *c, ObjectKind kind, Node *ident, DeclInfo *d) {
    Object *obj = object_new(c->arena, kind, ident->pos, c->pkg, ident->ident.name, NULL);
    obj->ident = ident;
    obj->decl = d;
    obj->order = ++c->next_order;
    vec_push(c->arena, &c->package_objects, obj);
    return obj;
}

/* Declares a constant, type or variable; functions have rules of their own. */
static void declare_package_object(Checker *c, Node *ident, Object *obj) {
    if (obj->name == c->s->n_init) err_at(c, ident, "cannot declare init - must be func");
    else if (obj->name == c->s->n_main && c->pkg->is_main) err_at(c, ident, "cannot declare main - must be func");
    else declare(c, c->pkg->scope, ident, obj, NO_POS);
}

void check_arity(Checker *c, const Node *spec, const NodeList *values, bool is_const, bool inherited) {
    const NodeList *names = &spec->value_spec.names;
    if (names->len < values->len) {
        const Node *extra = values->at[names->len];
        if (inherited) err_at(c, spec, "extra init expr at %s", pos_str(c, extra->pos));
        else err_at(c, extra, "extra init expr %s", expr_str(c, extra));
    } else if (names->len > values->len && (is_const || values->len != 1)) {
        const Node *name = names->at[values->len];
        err_at(c, name, "missing init expr for %s", name->ident.name->text);
    }
}

/* The spec whose type and values a constant spec has: itself, or the one it repeats. */
const Node *const_source(const Node *spec) {
    return spec->value_spec.inherit ? spec->value_spec.inherit : spec;
}

static void collect_const(Checker *c, File *f, Node *spec) {
    const Node *source = const_source(spec);
    const NodeList *names = &spec->value_spec.names, *values = &source->value_spec.values;
    for (int i = 0; i < names->len; i++) {
        DeclInfo *d = new_decl_info(c, f, spec);
        d->type = source->value_spec.type;
        d->init = i < values->len ? values->at[i] : NULL;
        d->inherited = source != spec;
        d->iota = spec->value_spec.iota;
        Object *obj = new_package_object(c, OBJ_CONST, names->at[i], d);
        obj->const_.value = cv_int(c->arena, d->iota);
        declare_package_object(c, names->at[i], obj);
    }
    check_arity(c, spec, values, true, source != spec);
}

/* Variables that share one value, or none, share one DeclInfo: they depend on the same things. */
static void collect_var(Checker *c, File *f, Node *spec) {
    const NodeList *names = &spec->value_spec.names, *values = &spec->value_spec.values;
    DeclInfo *shared = NULL;
    if (values->len <= 1) {
        shared = new_decl_info(c, f, spec);
        shared->lhs = NEW_ARRAY(c->arena, Object *, names->len + 1);
        shared->n_lhs = names->len;
        shared->type = spec->value_spec.type;
        shared->init = values->len ? values->at[0] : NULL;
    }
    for (int i = 0; i < names->len; i++) {
        DeclInfo *d = shared;
        if (!d) {
            d = new_decl_info(c, f, spec);
            d->type = spec->value_spec.type;
            d->init = i < values->len ? values->at[i] : NULL;
        }
        Object *obj = new_package_object(c, OBJ_VAR, names->at[i], d);
        obj->var.role = VAR_PACKAGE;
        if (shared) shared->lhs[i] = obj;
        vec_push(c->arena, &c->pkg->vars, obj);
        declare_package_object(c, names->at[i], obj);
    }
    if (!spec->value_spec.type || values->len > 0) check_arity(c, spec, values, false, false);
}

static void collect_type(Checker *c, File *f, Node *spec) {
    Node *ident = spec->type_spec.name;
    Object *obj = new_package_object(c, OBJ_TYPE, ident, new_decl_info(c, f, spec));
    obj->type_name.is_alias = spec->type_spec.alias;
    declare_package_object(c, ident, obj);
}

/* ---- functions and methods ---- */

/* A script's main, and the main of a .goo file, may return an error. */
static bool main_may_return_error(const Checker *c, const File *f, const Node *type) {
    const NodeList *results = &type->func_type.results;
    if (!f->source->is_goo || type->func_type.params.len > 0 || results->len != 1) return false;
    const Node *r = results->at[0]->field.type;
    if (!r || r->kind != ND_IDENT || !name_is(r->ident.name, "error")) return false;
    return !scope_lookup(c->pkg->scope, r->ident.name);
}

/* Functions init and main have no parameters. */
static void check_special_func(Checker *c, const File *f, const Node *decl, bool is_init) {
    const Node *name = decl->func_decl.name, *type = decl->func_decl.type;
    if (type->func_type.params.len == 0 && type->func_type.results.len == 0) return;
    if (!is_init && main_may_return_error(c, f, type)) return;
    soft_err_at(c, name, "func %s must have no arguments and no return values", name->ident.name->text);
}

static bool is_special(const Checker *c, const Object *obj) {
    if (obj->func.decl->func_decl.recv) return false;
    return obj->name == c->s->n_init || (obj->name == c->s->n_main && c->pkg->is_main);
}

/* Type parameters need go1.18, and have no place in init and main at all. */
static void check_func_tparams(Checker *c, const Object *obj) {
    const NodeList *tparams = &obj->func.decl->func_decl.type->func_type.tparams;
    if (tparams->len == 0) return;
    if (is_special(c, obj)) soft_err_at(c, tparams->at[0], "func %s must have no type parameters", obj->name->text);
    else verify_version(c, tparams->at[0], "go1.18", "type parameter");
}

static void collect_plain_func(Checker *c, File *f, Object *obj) {
    Node *decl = obj->func.decl, *ident = decl->func_decl.name;
    bool is_init = obj->name == c->s->n_init;
    if (is_special(c, obj)) check_special_func(c, f, decl, is_init);
    if (!is_init) {
        declare(c, c->pkg->scope, ident, obj, NO_POS);
        return;
    }
    obj->parent = c->pkg->scope; /* but nothing can name it */
    obj->func.is_init = true;
    ident->ident.obj = obj;
    if (!decl->func_decl.body) soft_err_at(c, ident, "missing function body");
}

static void collect_func(Checker *c, File *f, Node *decl) {
    Node *ident = decl->func_decl.name;
    if (!ident || ident->kind != ND_IDENT || !decl->func_decl.type || decl->func_decl.type->kind != ND_FUNC_TYPE) return;
    Object *obj = new_package_object(c, OBJ_FUNC, ident, new_decl_info(c, f, decl));
    obj->func.decl = decl;
    check_func_tparams(c, obj);
    if (!decl->func_decl.recv) {
        collect_plain_func(c, f, obj);
    } else {
        ident->ident.obj = obj;
        if (obj->name != c->s->n_blank) vec_push(c->arena, &c->methods, obj);
    }
}

static Node *made_ident(Checker *c, const char *name, Pos pos) {
    Node *n = ast_new(c->arena, ND_IDENT, pos, pos);
    n->ident.name = name_of(c->s->names, name);
    return n;
}

/* The type func() (_ error), which lets a script use ?, and return with and without an error. */
static Node *script_type(Checker *c, Pos pos) {
    Node *result = ast_new(c->arena, ND_FIELD, pos, pos);
    vec_push(c->arena, &result->field.names, made_ident(c, "_", pos));
    result->field.type = made_ident(c, "error", pos);
    Node *type = ast_new(c->arena, ND_FUNC_TYPE, pos, pos);
    vec_push(c->arena, &type->func_type.results, result);
    return type;
}

/* The statements of a script, and a return at their end, are the body of its main. */
static void collect_script(Checker *c, File *f) {
    if (f->script.len == 0) return;
    Node *first = f->script.at[0], *last = f->script.at[f->script.len - 1];
    Node *body = ast_new(c->arena, ND_BLOCK, first->pos, last->end);
    for (int i = 0; i < f->script.len; i++) vec_push(c->arena, &body->block.stmts, f->script.at[i]);
    vec_push(c->arena, &body->block.stmts, ast_new(c->arena, ND_RETURN, last->end, last->end));
    body->block.rbrace = last->end;
    Node *decl = ast_new(c->arena, ND_FUNC_DECL, first->pos, last->end);
    decl->func_decl.name = made_ident(c, "main", first->pos);
    decl->func_decl.type = script_type(c, first->pos);
    decl->func_decl.body = body;
    collect_func(c, f, decl);
}

/* ---- files ---- */

static void collect_spec(Checker *c, File *f, TokKind tok, Node *spec) {
    if (spec->kind == ND_IMPORT_SPEC) declare_import(c, f->scope, spec);
    else if (spec->kind == ND_VALUE_SPEC && tok == TK_CONST) collect_const(c, f, spec);
    else if (spec->kind == ND_VALUE_SPEC) collect_var(c, f, spec);
    else if (spec->kind == ND_TYPE_SPEC) collect_type(c, f, spec);
}

static void collect_file(Checker *c, File *f) {
    f->scope = scope_new(c->arena, c->pkg->scope, f->source->base, f->source->base + f->source->size);
    for (int i = 0; i < f->decls.len; i++) {
        Node *decl = f->decls.at[i];
        if (decl->kind == ND_FUNC_DECL) collect_func(c, f, decl);
        if (decl->kind != ND_GEN_DECL) continue;
        for (int j = 0; j < decl->gen_decl.specs.len; j++)
            collect_spec(c, f, decl->gen_decl.tok, decl->gen_decl.specs.at[j]);
    }
    collect_script(c, f);
}

/* ---- receivers ---- */

Node *unpack_receiver(Node *type, bool *is_ptr) {
    *is_ptr = false;
    while (type && (type->kind == ND_PAREN || type->kind == ND_STAR)) {
        if (type->kind == ND_STAR) *is_ptr = true;
        type = type->kind == ND_STAR ? type->star.x : type->paren.x;
    }
    return type;
}

/* Follows a receiver's type name through aliases of this package to the declared type; NULL when there is none.
 * *is_ptr counts a pointer on the way, of which there may be one. */
static Object *receiver_base(Checker *c, Node *type, bool *is_ptr) {
    for (int steps = 0; steps <= c->package_objects.len; steps++) { /* aliases may run in a circle */
        if (type) type = ast_unparen(type);
        if (type && type->kind == ND_STAR) {
            if (*is_ptr) return NULL;
            *is_ptr = true;
            type = ast_unparen(type->star.x);
        }
        if (!type || type->kind != ND_IDENT) return NULL;
        Object *obj = scope_lookup(c->pkg->scope, type->ident.name);
        if (!obj || obj->kind != OBJ_TYPE) return NULL;
        if (!obj->type_name.is_alias) return obj;
        type = ((DeclInfo *)obj->decl)->spec->type_spec.type;
    }
    return NULL;
}

/* Methods with a receiver that is wrong stay without a type; checking their declaration reports why. */
static void attach_methods(Checker *c) {
    for (int i = 0; i < c->methods.len; i++) {
        Object *m = c->methods.at[i];
        bool is_ptr;
        Node *type = unpack_receiver(m->func.decl->func_decl.recv->field.type, &is_ptr);
        if (type && type->kind == ND_INDEX) type = type->index.x;
        Object *base = receiver_base(c, type, &is_ptr);
        if (!base) continue;
        m->func.ptr_recv = is_ptr;
        ObjectVec *list = ptrmap_get(&c->methods_of, base);
        if (!list) {
            list = NEW(c->arena, ObjectVec);
            ptrmap_put(c->arena, &c->methods_of, base, list);
        }
        vec_push(c->arena, list, m);
    }
}

/* ---- entry points ---- */

void collect_objects(Checker *c) {
    for (int i = 0; i < c->pkg->nfiles; i++) collect_file(c, c->pkg->files[i]);
    for (int i = 0; i < c->pkg->nfiles; i++) check_import_conflicts(c, c->pkg->files[i]->scope);
    attach_methods(c);
}

/* Types come first, and aliases after the types they may stand for, so that an alias has a type when it is used. */
void package_objects(Checker *c) {
    enum { TYPES, ALIASES, OTHERS, PHASES };
    for (int phase = TYPES; phase < PHASES; phase++) {
        for (int i = 0; i < c->package_objects.len; i++) {
            Object *obj = c->package_objects.at[i];
            int wanted = obj->kind != OBJ_TYPE ? OTHERS : obj->type_name.is_alias ? ALIASES : TYPES;
            if (wanted == phase) obj_decl(c, obj);
        }
        if (phase == ALIASES) run_later(c); /* types that contain themselves are known before they are used */
    }
}
