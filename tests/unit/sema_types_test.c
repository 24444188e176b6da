/* Types built by hand: identity, printing, layout, type sets, lookup, instances, canonical types, method sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sema/sema.h"

typedef struct World {
    Arena *a;
    SourceSet sources;
    Diags diags;
    Sema s;
    Package main, other;
} World;

static int setup(void **state) {
    Arena *a = arena_new();
    World *w = NEW(a, World);
    w->a = a;
    sources_init(&w->sources, a);
    diags_init(&w->diags, a, &w->sources);
    NameTable *names = names_new(a);
    sema_init(&w->s, a, names, &w->sources, &w->diags, NULL, NULL);
    w->main = (Package){.path = "ex.com/app", .name = name_of(names, "main"), .is_main = true};
    w->other = (Package){.path = "ex.com/lib/other", .name = name_of(names, "other")};
    *state = w;
    return 0;
}

static int teardown(void **state) {
    arena_free(((World *)*state)->a);
    return 0;
}

/* ---- construction in short ---- */

static const Name *nm(World *w, const char *text) { return name_of(w->s.names, text); }
static Type *basic(World *w, BasicKind k) { return type_basic(&w->s, k); }
static Type *ptr(World *w, Type *t) { return type_new_pointer(&w->s, t); }
static Type *slice(World *w, Type *t) { return type_new_slice(&w->s, t); }

static Object *var(World *w, Package *pkg, const char *name, Type *t) {
    return object_new(w->a, OBJ_VAR, NO_POS, pkg, nm(w, name), t);
}

static Object *embedded(World *w, Package *pkg, const char *name, Type *t) {
    Object *f = var(w, pkg, name, t);
    f->var.role = VAR_FIELD;
    f->var.embedded = true;
    return f;
}

#define LIST(T, ...) ((T[]){__VA_ARGS__})
#define OBJECTS(...) LIST(Object *, __VA_ARGS__), (int)(sizeof LIST(Object *, __VA_ARGS__) / sizeof(Object *))

static Object **keep(World *w, Object **list, int n) {
    Object **copy = NEW_ARRAY(w->a, Object *, n);
    memcpy(copy, list, sizeof(Object *) * (size_t)n);
    return copy;
}

static Type *strct(World *w, Object **fields, int n) { return type_new_struct(&w->s, keep(w, fields, n), NULL, n); }
static Type *tuple(World *w, Object **vars, int n) { return type_new_tuple(&w->s, keep(w, vars, n), n); }

static Type *named(World *w, Package *pkg, const char *name, Type *underlying) {
    Object *obj = object_new(w->a, OBJ_TYPE, NO_POS, pkg, nm(w, name), NULL);
    obj->color = 1;
    return type_new_named(&w->s, obj, underlying);
}

/* func (recv) name() with the receiver t or *t. */
static void method(World *w, Type *t, const char *name, bool is_ptr) {
    Type *recv = is_ptr ? ptr(w, t) : t;
    Type *sig = type_new_func(&w->s, var(w, t->named.obj->pkg, "r", recv), NULL, NULL, false);
    Object *m = object_new(w->a, OBJ_FUNC, NO_POS, t->named.obj->pkg, nm(w, name), sig);
    m->func.ptr_recv = is_ptr;
    vec_push(w->a, &t->named.methods, m);
}

static Type *iface(World *w, Package *pkg, const char *name, Type *sig) {
    Type *i = type_new_interface(&w->s);
    if (name) vec_push(w->a, &i->iface.methods, object_new(w->a, OBJ_FUNC, NO_POS, pkg, nm(w, name), sig));
    i->iface.complete = true;
    return i;
}

static Type *tparam(World *w, const char *name, int index, Type *bound) {
    Object *obj = object_new(w->a, OBJ_TYPE, NO_POS, &w->main, nm(w, name), NULL);
    return type_new_tparam(&w->s, obj, index, bound);
}

/* type name[P any] underlying, where make builds the right side from P and the type itself. */
static Type *generic(World *w, const char *name, Type *(*make)(World *w, Type *p, Type *self)) {
    Type *t = named(w, &w->main, name, NULL);
    Type *p = tparam(w, "P", 0, w->s.t_any);
    vec_push(w->a, &t->named.tparams, p);
    t->named.underlying = make(w, p, t);
    return t;
}

static Type *inst(World *w, Type *g, Type *arg) { return type_instantiate(&w->s, g, &arg, 1); }

#define assert_str(t, want) assert_string_equal(type_str(&w->s, t, &w->main), want)
#define assert_link(t, want) assert_string_equal(type_link_str(&w->s, t), want)
#define assert_reflect(t, want) assert_string_equal(type_reflect_str(&w->s, t), want)

/* ---- universe and scopes ---- */

static void universe(void **state) {
    World *w = *state;
    Object *b = scope_lookup(w->s.universe, nm(w, "byte"));
    assert_ptr_equal(b->type, w->s.t_byte);
    assert_str(slice(w, w->s.t_byte), "[]byte");
    assert_true(type_identical(&w->s, w->s.t_byte, basic(w, BK_UINT8)));
    assert_ptr_equal(type_canon(&w->s, w->s.t_rune), basic(w, BK_INT32));
    assert_int_equal(scope_lookup(w->s.universe, nm(w, "append"))->builtin.id, BI_APPEND);
    assert_int_equal(scope_lookup(w->s.unsafe_pkg->scope, nm(w, "Sizeof"))->builtin.id, BI_UNSAFE_SIZEOF);
    assert_null(scope_lookup(w->s.universe, nm(w, "Pointer")));
    assert_str(basic(w, BK_UNSAFE_POINTER), "unsafe.Pointer");
    assert_str(w->s.t_any, "any");
    assert_str(type_under(&w->s, w->s.t_comparable), "interface{comparable}");
    assert_true(type_comparable(&w->s, w->s.t_error, true, NULL));
    assert_false(type_comparable(&w->s, w->s.t_error, false, NULL));
}

static void scopes(void **state) {
    World *w = *state;
    Scope *outer = scope_new(w->a, w->s.universe, NO_POS, NO_POS);
    Scope *inner = scope_new(w->a, outer, NO_POS, NO_POS), *where;
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "x%d", i);
        assert_null(scope_insert(w->a, inner, var(w, &w->main, name, NULL)));
    }
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "x%d", i);
        assert_ptr_equal(scope_lookup(inner, nm(w, name)), inner->order.at[i]);
    }
    assert_ptr_equal(scope_insert(w->a, inner, var(w, &w->main, "x7", NULL)), inner->order.at[7]);
    Object *late = var(w, &w->main, "late", NULL), *early = var(w, &w->main, "late", NULL);
    late->scope_start = 50;
    scope_insert(w->a, inner, late);
    scope_insert(w->a, outer, early);
    assert_ptr_equal(scope_lookup_parent(inner, nm(w, "late"), 10, &where), early);
    assert_ptr_equal(scope_lookup_parent(inner, nm(w, "late"), 60, &where), late);
    assert_ptr_equal(where, inner);
    assert_null(scope_lookup_parent(inner, nm(w, "nothing"), NO_POS, &where));
}

static void exported_names(void **state) {
    World *w = *state;
    assert_true(name_exported(nm(w, "A")));
    assert_true(name_exported(nm(w, "\xC3\x84rger")));
    assert_true(name_exported(nm(w, "\xCE\x94"))); /* Greek capital delta */
    assert_false(name_exported(nm(w, "\xC3\xA4rger")));
    assert_false(name_exported(nm(w, "_A")));
    assert_false(name_exported(nm(w, "\xE4\xB8\x96")));
}

/* ---- identity and text ---- */

static void identity(void **state) {
    World *w = *state;
    Type *in = basic(w, BK_INT);
    Type *t = named(w, &w->main, "T", in);
    assert_true(type_identical(&w->s, ptr(w, in), ptr(w, in)));
    assert_false(type_identical(&w->s, t, in));
    assert_true(type_identical(&w->s, slice(w, w->s.t_byte), slice(w, basic(w, BK_UINT8))));
    Type *a = strct(w, OBJECTS(var(w, &w->main, "x", in)));
    Type *b = strct(w, OBJECTS(var(w, &w->other, "x", in)));
    assert_false(type_identical(&w->s, a, b)); /* unexported names of different packages differ */
    Type *c = strct(w, OBJECTS(var(w, &w->main, "x", in)));
    assert_true(type_identical(&w->s, a, c));
    c->struct_.tags = NEW_ARRAY(w->a, const Name *, 1);
    c->struct_.tags[0] = nm(w, "tag");
    assert_false(type_identical(&w->s, a, c));
    assert_true(type_identical_ignore_tags(&w->s, a, c));
    Type *f = type_new_func(&w->s, NULL, tuple(w, OBJECTS(var(w, &w->main, "a", in))), NULL, false);
    Type *g = type_new_func(&w->s, NULL, tuple(w, OBJECTS(var(w, &w->main, "b", in))), NULL, false);
    assert_true(type_identical(&w->s, f, g));
}

/* type T interface { m() interface{T} } twice: the results contain themselves. */
static Type *self_returning(World *w) {
    Type *i = type_new_interface(&w->s), *again = type_new_interface(&w->s);
    Type *t = named(w, &w->main, "T", i);
    Type *sig = type_new_func(&w->s, NULL, NULL, tuple(w, OBJECTS(var(w, &w->main, "", again))), false);
    vec_push(w->a, &i->iface.methods, object_new(w->a, OBJ_FUNC, NO_POS, &w->main, nm(w, "m"), sig));
    vec_push(w->a, &again->iface.embeds, t);
    i->iface.complete = again->iface.complete = true;
    return again;
}

static void recursive_interfaces(void **state) {
    World *w = *state;
    Type *x = self_returning(w), *y = self_returning(w);
    assert_true(type_identical(&w->s, x, y));
    assert_ptr_equal(type_canon(&w->s, x), type_canon(&w->s, y));
    assert_link(x, "interface { main.m() @0 }");
}

static void messages(void **state) {
    World *w = *state;
    Type *in = basic(w, BK_INT);
    Type *t = named(w, &w->other, "T", in);
    assert_str(t, "other.T");
    assert_string_equal(type_str(&w->s, t, &w->other), "T");
    Type *f = type_new_func(&w->s, NULL,
                            tuple(w, OBJECTS(var(w, &w->main, "a", in), var(w, &w->main, "b", slice(w, t)))),
                            tuple(w, OBJECTS(var(w, &w->main, "", w->s.t_error))), true);
    assert_str(f, "func(a int, b ...other.T) error");
    Type *recv = type_new_chan(&w->s, in, CHAN_RECV);
    assert_str(type_new_chan(&w->s, recv, CHAN_BOTH), "chan (<-chan int)");
    assert_str(type_new_chan(&w->s, recv, CHAN_SEND), "chan<- <-chan int");
    assert_str(strct(w, OBJECTS(var(w, &w->main, "x", in), embedded(w, &w->other, "T", t))),
               "struct{x int; other.T}");
    Type *i = iface(w, &w->main, "M", f);
    vec_push(w->a, &i->iface.embeds, w->s.t_error);
    assert_str(i, "interface{M(a int, b ...other.T) error; error}");
    assert_str(type_new_map(&w->s, basic(w, BK_STRING), type_new_array(&w->s, in, 3)), "map[string][3]int");
}

static void packages_of_one_name(void **state) {
    World *w = *state;
    Package twin = {.path = "ex.com/twin/other", .name = w->other.name};
    vec_push(w->a, &w->main.imports, &w->other);
    vec_push(w->a, &w->main.imports, &twin);
    assert_str(named(w, &w->other, "T", basic(w, BK_INT)), "\"ex.com/lib/other\".T");
}

static void link_and_reflect(void **state) {
    World *w = *state;
    Type *in = basic(w, BK_INT);
    Type *t = named(w, &w->main, "T", in), *local = named(w, &w->main, "T", in);
    Type *u = named(w, &w->other, "U", in);
    local->named.obj->type_name.local_index = 3;
    assert_link(local, "main.T\xC2\xB7" "3");
    assert_reflect(local, "main.T");
    assert_link(u, "ex.com/lib/other.U");
    assert_reflect(ptr(w, u), "*other.U");
    Type *s = strct(w, OBJECTS(var(w, &w->main, "x", w->s.t_byte), embedded(w, &w->main, "T", ptr(w, t)),
                               embedded(w, &w->main, "A", t), embedded(w, &w->main, "int", in)));
    assert_link(s, "struct { main.x uint8; *main.T; A = main.T; main.int = int }");
    assert_reflect(s, "struct { x uint8; *main.T; main.T; int }");
    assert_link(w->s.t_any, "interface {}");
    assert_link(strct(w, NULL, 0), "struct {}");
    Type *sig = type_new_func(&w->s, NULL, tuple(w, OBJECTS(var(w, &w->main, "n", in))), NULL, false);
    assert_link(iface(w, &w->other, "m", sig), "interface { ex.com/lib/other.m(int) }");
    assert_reflect(iface(w, &w->other, "m", sig), "interface { other.m(int) }");
}

/* ---- layout ---- */

static void layout(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *i8 = basic(w, BK_INT8), *str = basic(w, BK_STRING), *empty = strct(w, NULL, 0);
    Type *t = strct(w, OBJECTS(var(w, &w->main, "a", i8), var(w, &w->main, "b", basic(w, BK_INT64)),
                               var(w, &w->main, "c", i8), var(w, &w->main, "d", str)));
    assert_int_equal(type_size(s, t), 40);
    assert_int_equal(type_field_offset(s, t, 1), 8);
    assert_int_equal(type_field_offset(s, t, 3), 24);
    assert_int_equal(type_ptr_bytes(s, t), 32);
    Type *tail = strct(w, OBJECTS(var(w, &w->main, "a", i8), var(w, &w->main, "b", empty)));
    assert_int_equal(type_size(s, tail), 2);
    assert_int_equal(type_size(s, strct(w, OBJECTS(var(w, &w->main, "b", empty)))), 0);
    assert_int_equal(type_align(s, basic(w, BK_COMPLEX64)), 4);
    assert_int_equal(type_align(s, basic(w, BK_COMPLEX128)), 8);
    assert_int_equal(type_size(s, w->s.t_any), 16);
    assert_false(type_has_pointers(s, type_new_array(s, i8, 100)));
    assert_false(type_has_pointers(s, type_new_array(s, str, 0)));
    assert_int_equal(type_ptr_bytes(s, type_new_array(s, str, 3)), 40);
    Type *huge = type_new_array(s, basic(w, BK_INT64), INT64_MAX / 2);
    assert_true(type_size(s, huge) == TYPE_TOO_LARGE);
    assert_true(type_size(s, strct(w, OBJECTS(var(w, &w->main, "a", i8), var(w, &w->main, "b", huge)))) ==
                TYPE_TOO_LARGE);
    assert_true(type_size(s, type_new_array(s, huge, 4)) == TYPE_TOO_LARGE);
}

/* ---- type sets ---- */

static Type *constraint(World *w, UnionTerm *terms, int n) {
    Type *i = type_new_interface(&w->s);
    vec_push(w->a, &i->iface.embeds, type_new_union(&w->s, terms, n));
    i->iface.complete = i->iface.implicit = true;
    return i;
}

static void type_sets(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *in = basic(w, BK_INT), *str = basic(w, BK_STRING), *my = named(w, &w->main, "My", in);
    Type *c = constraint(w, LIST(UnionTerm, {true, in}, {false, str}, {false, my}), 3);
    TypeSet *ts = type_set(s, c);
    assert_int_equal(ts->nterms, 2); /* ~int swallows My */
    const char *why = NULL;
    assert_true(type_implements(s, my, c, true, &why));
    Type *text = named(w, &w->main, "Text", str);
    assert_false(type_implements(s, text, c, true, &why));
    assert_string_equal(why, "main.Text does not satisfy ~int | string | main.My (possibly missing ~ for string in "
                             "~int | string | main.My)");
    assert_false(type_implements(s, basic(w, BK_BOOL), c, true, &why));
    assert_string_equal(why, "bool does not satisfy ~int | string | main.My (bool missing in ~int | string)");
    assert_null(type_core(s, tparam(w, "P", 0, c)));
    Type *slices = constraint(w, LIST(UnionTerm, {true, slice(w, in)}), 1);
    assert_str(type_core(s, tparam(w, "S", 0, slices)), "[]int");
    Type *text_or_bytes = constraint(w, LIST(UnionTerm, {true, str}, {true, slice(w, w->s.t_byte)}), 2);
    assert_ptr_equal(type_core_string(s, tparam(w, "S", 0, text_or_bytes)), str);
    assert_false(type_implements(s, slice(w, in), w->s.t_comparable, true, &why));
    assert_string_equal(why, "[]int does not satisfy comparable");
    assert_true(type_implements(s, w->s.t_error, w->s.t_comparable, true, &why));
}

/* ---- lookup ---- */

static void promotion(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *in = basic(w, BK_INT);
    Type *base = named(w, &w->main, "Base", strct(w, OBJECTS(var(w, &w->main, "x", in))));
    method(w, base, "Get", false);
    method(w, base, "Set", true);
    Type *mid = named(w, &w->main, "Mid", strct(w, OBJECTS(embedded(w, &w->main, "Base", ptr(w, base)))));
    Type *top = named(w, &w->main, "Top",
                      strct(w, OBJECTS(var(w, &w->main, "pad", in), embedded(w, &w->main, "Mid", mid))));
    LookupResult r = type_lookup(s, top, false, &w->main, nm(w, "x"), false);
    assert_non_null(r.obj);
    assert_int_equal(r.n, 3);
    assert_memory_equal(r.path, LIST(int, 1, 0, 0), 3 * sizeof(int));
    assert_true(r.indirect);
    assert_non_null(type_lookup(s, top, false, &w->main, nm(w, "Set"), false).obj); /* through *Base */
    r = type_lookup(s, base, false, &w->main, nm(w, "Set"), false);
    assert_null(r.obj);
    assert_int_equal(r.why, LOOKUP_PTR_RECV);
    assert_non_null(type_lookup(s, base, true, &w->main, nm(w, "Set"), false).obj);
    assert_null(type_lookup(s, top, false, &w->other, nm(w, "x"), false).obj);
    assert_non_null(type_lookup(s, top, false, &w->main, nm(w, "set"), true).obj);
    assert_int_equal(type_method_set(s, base)->len, 1);
    MethodSet *set = type_method_set(s, top);
    assert_int_equal(set->len, 2);
    assert_string_equal(set->at[0]->obj->name->text, "Get");
    assert_int_equal(set->at[1]->n, 3);
}

static void ambiguity(void **state) {
    World *w = *state;
    Type *in = basic(w, BK_INT);
    Type *a = named(w, &w->main, "A", strct(w, OBJECTS(var(w, &w->main, "x", in))));
    Type *b = named(w, &w->main, "B", strct(w, OBJECTS(var(w, &w->main, "x", in))));
    method(w, a, "M", false);
    method(w, b, "M", false);
    Type *both = named(w, &w->main, "Both",
                       strct(w, OBJECTS(embedded(w, &w->main, "A", a), embedded(w, &w->main, "B", b))));
    LookupResult r = type_lookup(&w->s, both, true, &w->main, nm(w, "x"), false);
    assert_null(r.obj);
    assert_int_equal(r.why, LOOKUP_AMBIGUOUS);
    assert_int_equal(type_method_set(&w->s, both)->len, 0);
}

/* Embedding 20,000 deep, with a circle at the end: no recursion, no hang. */
static void deep_embedding(void **state) {
    World *w = *state;
    Type *last = named(w, &w->main, "T", strct(w, NULL, 0)), *t = last;
    method(w, last, "M", false);
    for (int i = 0; i < 20000; i++)
        t = named(w, &w->main, "T", strct(w, OBJECTS(embedded(w, &w->main, "T", t))));
    last->named.underlying = strct(w, OBJECTS(embedded(w, &w->main, "T", ptr(w, t))));
    LookupResult r = type_lookup(&w->s, t, false, &w->main, nm(w, "M"), false);
    assert_non_null(r.obj);
    assert_int_equal(r.n, 20001);
    assert_null(type_lookup(&w->s, t, false, &w->main, nm(w, "nothing"), false).obj);
    assert_int_equal(type_method_set(&w->s, t)->len, 1);
}

static void missing_methods(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *t = named(w, &w->main, "T", basic(w, BK_INT));
    method(w, t, "M", true);
    method(w, t, "n", false);
    Type *sig = type_new_func(s, NULL, NULL, NULL, false);
    Type *with_arg = type_new_func(s, NULL, tuple(w, OBJECTS(var(w, &w->main, "x", t))), NULL, false);
    const char *why;
    assert_null(type_missing_method(s, ptr(w, t), iface(w, &w->main, "M", sig), true, NULL, &why));
    assert_non_null(type_missing_method(s, t, iface(w, &w->main, "M", sig), true, NULL, &why));
    assert_string_equal(why, "(method M has pointer receiver)");
    assert_non_null(type_missing_method(s, t, iface(w, &w->main, "N", sig), true, NULL, &why));
    assert_string_equal(why, "(missing method N)\n\t\thave n()\n\t\twant N()");
    assert_non_null(type_missing_method(s, t, iface(w, &w->main, "n", with_arg), true, NULL, &why));
    assert_string_equal(why, "(wrong type for method n)\n\t\thave n()\n\t\twant n(main.T)");
    assert_non_null(type_missing_method(s, t, iface(w, &w->other, "n", sig), true, NULL, &why));
    assert_string_equal(why, "(unexported method n)");
    assert_non_null(type_missing_method(s, ptr(w, w->s.t_error), iface(w, &w->main, "Z", sig), true, NULL, &why));
    assert_string_equal(why, "(type *error is pointer to interface, not interface)");
}

/* ---- generics ---- */

static Type *make_list(World *w, Type *p, Type *self) {
    Type *next = ptr(w, inst(w, self, p));
    return strct(w, OBJECTS(var(w, &w->main, "item", p), var(w, &w->main, "next", next)));
}

static Type *make_growing(World *w, Type *p, Type *self) {
    return strct(w, OBJECTS(var(w, &w->main, "p", p), var(w, &w->main, "next", ptr(w, inst(w, self, slice(w, p))))));
}

static void instances(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *list = generic(w, "List", make_list);
    Type *ints = inst(w, list, basic(w, BK_INT));
    assert_ptr_equal(ints, inst(w, list, basic(w, BK_INT)));
    assert_ptr_equal(inst(w, list, slice(w, w->s.t_byte)), inst(w, list, slice(w, basic(w, BK_UINT8))));
    assert_str(ints, "List[int]");
    assert_str(list, "List[P any]");
    Type *u = type_under(s, ints);
    assert_ptr_equal(u->struct_.fields[0]->type, basic(w, BK_INT));
    assert_ptr_equal(u->struct_.fields[1]->type->pointer.elem, ints);
    assert_int_equal(type_size(s, ints), 16);
    assert_link(inst(w, list, named(w, &w->other, "U", u)), "main.List[ex.com/lib/other.U]");
    assert_reflect(inst(w, list, ints), "main.List[main.List[int]]");
    /* Ever larger arguments are no problem as long as nobody asks for all of them. */
    Type *g = inst(w, generic(w, "Growing", make_growing), basic(w, BK_INT));
    for (int i = 0; i < 100; i++) g = type_under(s, g)->struct_.fields[1]->type->pointer.elem;
    assert_int_equal(type_size(s, g), 32);
}

static void methods_of_instances(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *list = generic(w, "List", make_list);
    Type *q = tparam(w, "Q", 0, w->s.t_any); /* func (l *List[Q]) Item() Q */
    Type *recv = ptr(w, inst(w, list, q));
    Type *sig = type_new_func(s, var(w, &w->main, "l", recv), NULL, tuple(w, OBJECTS(var(w, &w->main, "", q))), false);
    vec_push(w->a, &sig->func.recv_tparams, q);
    Object *item = object_new(w->a, OBJ_FUNC, NO_POS, &w->main, nm(w, "Item"), sig);
    item->func.ptr_recv = true;
    vec_push(w->a, &list->named.methods, item);
    Type *strings = inst(w, list, basic(w, BK_STRING));
    Object *m = type_lookup(s, ptr(w, strings), false, &w->main, nm(w, "Item"), false).obj;
    assert_ptr_equal(m->func.origin, item);
    assert_str(m->type, "func() string");
    assert_ptr_equal(m->type->func.recv->type->pointer.elem, strings);
    assert_ptr_equal(m, named_method(s, strings, 0));
    assert_ptr_equal(named_method(s, recv->pointer.elem, 0), item);
    Type *outer = named(w, &w->main, "Outer", strct(w, OBJECTS(embedded(w, &w->main, "List", ptr(w, strings)))));
    assert_int_equal(type_method_set(s, outer)->len, 1);
    assert_str(type_method_set(s, outer)->at[0]->obj->type, "func() string");
}

static void local_types_of_generic_functions(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *p = tparam(w, "P", 0, w->s.t_any);
    Type *sig = type_new_func(s, NULL, NULL, NULL, false);
    vec_push(w->a, &sig->func.tparams, p);
    FuncInfo f = {.sig = sig}, closure = {.outer = &f};
    Type *l = named(w, &w->main, "L", strct(w, OBJECTS(var(w, &w->main, "p", p))));
    l->named.local = &closure;
    l->named.obj->type_name.local_index = 1;
    assert_true(type_mentions_tparam(s, l));
    Type *in = basic(w, BK_INT);
    TypeEnv env = {sig->func.tparams, {&in, 1, 1}};
    Type *li = type_subst(s, slice(w, l), &env)->slice.elem;
    assert_ptr_not_equal(li, l);
    assert_ptr_equal(li, type_subst(s, l, &env));
    assert_false(type_mentions_tparam(s, li));
    assert_ptr_equal(type_under(s, li)->struct_.fields[0]->type, in);
    assert_link(li, "main.L[int]\xC2\xB7" "1");
    assert_reflect(li, "main.L[int]");
    vec_push(w->a, &l->named.tparams, tparam(w, "Q", 0, w->s.t_any)); /* type L[Q any] */
    Type *lq = inst(w, l, basic(w, BK_STRING));
    assert_true(type_mentions_tparam(s, lq));
    assert_reflect(type_subst(s, lq, &env), "main.L[int;string]");
}

static void substitution_copies_only_what_changes(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *in = basic(w, BK_INT), *p = tparam(w, "P", 0, w->s.t_any);
    Type *t = type_new_map(s, slice(w, in), slice(w, p));
    TypeVec tparams = {&p, 1, 1}, targs = {&in, 1, 1};
    TypeEnv env = {tparams, targs};
    Type *r = type_subst(s, t, &env);
    assert_str(r, "map[[]int][]int");
    assert_ptr_equal(r->map.key, t->map.key);
    assert_ptr_equal(type_subst(s, r, &env), r);
}

static void canonical(void **state) {
    World *w = *state;
    Sema *s = &w->s;
    Type *a = type_new_map(s, basic(w, BK_STRING), slice(w, w->s.t_byte));
    Type *b = type_new_map(s, basic(w, BK_STRING), slice(w, basic(w, BK_UINT8)));
    assert_ptr_equal(type_canon(s, a), type_canon(s, b));
    assert_int_equal(type_hash(s, a), type_hash(s, b));
    assert_ptr_equal(type_canon(s, a)->map.elem->slice.elem, basic(w, BK_UINT8));
    assert_ptr_equal(type_canon(s, type_canon(s, a)), type_canon(s, a));
    Type *sig = type_new_func(s, NULL, tuple(w, OBJECTS(var(w, &w->main, "x", a))), NULL, false);
    Type *sig2 = type_new_func(s, var(w, &w->main, "r", a), tuple(w, OBJECTS(var(w, &w->main, "y", b))), NULL, false);
    assert_ptr_equal(type_canon(s, sig), type_canon(s, sig2));
    assert_ptr_equal(type_canon(s, iface(w, &w->main, "M", sig)), type_canon(s, iface(w, &w->main, "M", sig2)));
    assert_ptr_not_equal(type_canon(s, iface(w, &w->main, "m", sig)), type_canon(s, iface(w, &w->other, "m", sig)));
    Type *list = generic(w, "List", make_list);
    Type *ia = inst(w, list, a);
    assert_ptr_equal(type_canon(s, ia), type_canon(s, inst(w, list, b)));
    assert_ptr_equal(type_canon(s, ia)->named.targs.at[0], type_canon(s, b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(universe, setup, teardown),
        cmocka_unit_test_setup_teardown(scopes, setup, teardown),
        cmocka_unit_test_setup_teardown(exported_names, setup, teardown),
        cmocka_unit_test_setup_teardown(identity, setup, teardown),
        cmocka_unit_test_setup_teardown(recursive_interfaces, setup, teardown),
        cmocka_unit_test_setup_teardown(messages, setup, teardown),
        cmocka_unit_test_setup_teardown(packages_of_one_name, setup, teardown),
        cmocka_unit_test_setup_teardown(link_and_reflect, setup, teardown),
        cmocka_unit_test_setup_teardown(layout, setup, teardown),
        cmocka_unit_test_setup_teardown(type_sets, setup, teardown),
        cmocka_unit_test_setup_teardown(promotion, setup, teardown),
        cmocka_unit_test_setup_teardown(ambiguity, setup, teardown),
        cmocka_unit_test_setup_teardown(deep_embedding, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_methods, setup, teardown),
        cmocka_unit_test_setup_teardown(instances, setup, teardown),
        cmocka_unit_test_setup_teardown(methods_of_instances, setup, teardown),
        cmocka_unit_test_setup_teardown(local_types_of_generic_functions, setup, teardown),
        cmocka_unit_test_setup_teardown(substitution_copies_only_what_changes, setup, teardown),
        cmocka_unit_test_setup_teardown(canonical, setup, teardown),
    };
    return cmocka_run_group_tests_name("sema_types", tests, NULL, NULL);
}
