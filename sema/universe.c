/* universe.c: the predeclared identifiers and package unsafe.
 *
 * byte and rune are types of their own that are identical to uint8 and int32, so that messages say what the source
 * said; everything else that has two names is an alias. any is an alias of an interface that prints as "any". */
#include <string.h>

#include "sema/tables.h"

static const struct { const char *name; unsigned props; } basics[BK_COUNT] = {
    [BK_INVALID] = {"invalid type", 0},
    [BK_BOOL] = {"bool", TP_BOOLEAN},
    [BK_INT] = {"int", TP_INTEGER},
    [BK_INT8] = {"int8", TP_INTEGER},
    [BK_INT16] = {"int16", TP_INTEGER},
    [BK_INT32] = {"int32", TP_INTEGER},
    [BK_INT64] = {"int64", TP_INTEGER},
    [BK_UINT] = {"uint", TP_INTEGER | TP_UNSIGNED},
    [BK_UINT8] = {"uint8", TP_INTEGER | TP_UNSIGNED},
    [BK_UINT16] = {"uint16", TP_INTEGER | TP_UNSIGNED},
    [BK_UINT32] = {"uint32", TP_INTEGER | TP_UNSIGNED},
    [BK_UINT64] = {"uint64", TP_INTEGER | TP_UNSIGNED},
    [BK_UINTPTR] = {"uintptr", TP_INTEGER | TP_UNSIGNED},
    [BK_FLOAT32] = {"float32", TP_FLOAT},
    [BK_FLOAT64] = {"float64", TP_FLOAT},
    [BK_COMPLEX64] = {"complex64", TP_COMPLEX},
    [BK_COMPLEX128] = {"complex128", TP_COMPLEX},
    [BK_STRING] = {"string", TP_STRING},
    [BK_UNSAFE_POINTER] = {"Pointer", 0}, /* printed unsafe.Pointer */
    [BK_UNTYPED_BOOL] = {"untyped bool", TP_BOOLEAN | TP_UNTYPED},
    [BK_UNTYPED_INT] = {"untyped int", TP_INTEGER | TP_UNTYPED},
    [BK_UNTYPED_RUNE] = {"untyped rune", TP_INTEGER | TP_UNTYPED},
    [BK_UNTYPED_FLOAT] = {"untyped float", TP_FLOAT | TP_UNTYPED},
    [BK_UNTYPED_COMPLEX] = {"untyped complex", TP_COMPLEX | TP_UNTYPED},
    [BK_UNTYPED_STRING] = {"untyped string", TP_STRING | TP_UNTYPED},
    [BK_UNTYPED_NIL] = {"untyped nil", TP_UNTYPED},
};

static const char *const builtin_names[BI_COUNT] = {
#define BUILTIN(id, name, nargs, variadic, kind) [BI_##id] = name,
#include "sema/builtins.def"
};

static Object *define_in(Sema *s, Scope *scope, Package *pkg, ObjectKind kind, const char *name, Type *type) {
    Object *obj = object_new(s->arena, kind, NO_POS, pkg, name_of(s->names, name), type);
    obj->color = 1;
    check(!scope_insert(s->arena, scope, obj));
    return obj;
}

static Object *define(Sema *s, ObjectKind kind, const char *name, Type *type) {
    return define_in(s, s->universe, NULL, kind, name, type);
}

static Object *define_unsafe(Sema *s, ObjectKind kind, const char *name, Type *type) {
    return define_in(s, s->unsafe_pkg->scope, s->unsafe_pkg, kind, name, type);
}

static Type *new_basic(Sema *s, BasicKind kind, unsigned props, const char *name) {
    Type *t = type_new(s, TY_BASIC);
    t->basic.kind = kind;
    t->basic.props = props;
    t->basic.name = name;
    return t;
}

/* Invalid and untyped types have names that no identifier can have; nothing resolves to them. */
static void define_basics(Sema *s) {
    for (int k = 0; k < BK_COUNT; k++) {
        s->basic[k] = new_basic(s, (BasicKind)k, basics[k].props, basics[k].name);
        if (k == BK_UNSAFE_POINTER) define_unsafe(s, OBJ_TYPE, basics[k].name, s->basic[k]);
        else if (!strchr(basics[k].name, ' ')) define(s, OBJ_TYPE, basics[k].name, s->basic[k]);
    }
    s->t_byte = new_basic(s, BK_UINT8, basics[BK_UINT8].props, "byte");
    s->t_rune = new_basic(s, BK_INT32, basics[BK_INT32].props, "rune");
    define(s, OBJ_TYPE, "byte", s->t_byte)->type_name.is_alias = true;
    define(s, OBJ_TYPE, "rune", s->t_rune)->type_name.is_alias = true;
}

static Type *new_complete_interface(Sema *s) {
    Type *t = type_new_interface(s);
    t->iface.complete = true;
    return t;
}

static void define_any(Sema *s) {
    Type *iface = s->tables->any_iface = new_complete_interface(s);
    iface->iface.tset = &s->tables->all_types;
    Object *obj = define(s, OBJ_TYPE, "any", NULL);
    obj->type_name.is_alias = true;
    s->t_any = type_new_alias(s, obj, iface);
}

static void define_comparable(Sema *s) {
    Type *iface = s->tables->comparable_iface = new_complete_interface(s);
    TypeSet *ts = iface->iface.tset = NEW(s->arena, TypeSet);
    ts->nterms = -1;
    ts->comparable = true;
    s->t_comparable = type_new_named(s, define(s, OBJ_TYPE, "comparable", NULL), iface);
}

static Type *one_var_tuple(Sema *s, Type *type) {
    Object **vars = NEW_ARRAY(s->arena, Object *, 1);
    vars[0] = object_new(s->arena, OBJ_VAR, NO_POS, NULL, name_of(s->names, ""), type);
    vars[0]->var.role = VAR_RESULT;
    return type_new_tuple(s, vars, 1);
}

static void define_error(Sema *s) {
    Type *iface = new_complete_interface(s);
    s->t_error = type_new_named(s, define(s, OBJ_TYPE, "error", NULL), iface);
    Object *recv = object_new(s->arena, OBJ_VAR, NO_POS, NULL, name_of(s->names, ""), s->t_error);
    recv->var.role = VAR_RECV;
    Type *sig = type_new_func(s, recv, NULL, one_var_tuple(s, s->basic[BK_STRING]), false);
    s->error_method = object_new(s->arena, OBJ_FUNC, NO_POS, NULL, name_of(s->names, "Error"), sig);
    vec_push(s->arena, &iface->iface.methods, s->error_method);
}

static void define_constants(Sema *s) {
    Type *untyped_bool = s->basic[BK_UNTYPED_BOOL];
    define(s, OBJ_CONST, "true", untyped_bool)->const_.value = cv_bool(s->arena, true);
    define(s, OBJ_CONST, "false", untyped_bool)->const_.value = cv_bool(s->arena, false);
    define(s, OBJ_CONST, "iota", s->basic[BK_UNTYPED_INT])->const_.value = cv_int(s->arena, 0);
    define(s, OBJ_NIL, "nil", s->basic[BK_UNTYPED_NIL]);
}

static void define_builtins(Sema *s) {
    for (int id = 0; id < BI_COUNT; id++) {
        const char *name = builtin_names[id];
        const char *dot = strchr(name, '.');
        Type *invalid = s->basic[BK_INVALID];
        Object *obj = dot ? define_unsafe(s, OBJ_BUILTIN, dot + 1, invalid)
                          : define(s, OBJ_BUILTIN, name, invalid);
        obj->builtin.id = (BuiltinId)id;
    }
}

static Package *new_unsafe_package(Sema *s) {
    Package *p = NEW(s->arena, Package);
    p->path = "unsafe";
    p->name = name_of(s->names, "unsafe");
    p->scope = scope_new(s->arena, s->universe, NO_POS, NO_POS);
    p->complete = p->is_unsafe = true;
    ptrmap_put(s->arena, &s->packages, p->name, p);
    return p;
}

void sema_init(Sema *s, Arena *a, NameTable *names, SourceSet *sources, Diags *diags, ImportFn import, void *ctx) {
    *s = (Sema){.arena = a, .names = names, .sources = sources, .diags = diags, .import = import, .import_ctx = ctx};
    s->tables = NEW(a, struct SemaTables);
    s->tables->all_types.nterms = -1;
    s->n_blank = name_of(names, "_");
    s->n_init = name_of(names, "init");
    s->n_main = name_of(names, "main");
    s->n_dot = name_of(names, ".");
    s->go_version = "go1.23";
    s->universe = scope_new(a, NULL, NO_POS, NO_POS);
    s->unsafe_pkg = new_unsafe_package(s);
    define_basics(s);
    define_any(s);
    define_comparable(s);
    define_error(s);
    define_constants(s);
    define_builtins(s);
}
