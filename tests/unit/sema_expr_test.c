/* What checking expressions leaves in the tree and in variables, as lowering reads it; the errors are tested by the
 * files in tests/sema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sema/sema.h"

typedef struct World {
    Arena *arena;
    SourceSet sources;
    Diags diags;
    Sema sema;
    Package *pkg;
} World;

static void check_source(World *w, const char *text) {
    memset(w, 0, sizeof *w);
    w->arena = arena_new();
    NameTable *names = names_new(w->arena);
    sources_init(&w->sources, w->arena);
    diags_init(&w->diags, w->arena, &w->sources);
    sema_init(&w->sema, w->arena, names, &w->sources, &w->diags, NULL, NULL);
    SourceFile *src = source_add(&w->sources, "p.go", text, strlen(text));
    File *f = parse_file(w->arena, names, &w->sources, src, &w->diags);
    w->pkg = sema_check(&w->sema, "p", ".", &f, 1, NULL);
}

static void check_valid(World *w, const char *text) {
    check_source(w, text);
    if (w->diags.errors) diags_print(&w->diags, stderr, 0, false);
    assert_int_equal(w->diags.errors, 0);
}

static void done(World *w) { arena_free(w->arena); }

static FuncInfo *func_at(World *w, int i) {
    assert_true(i < w->pkg->funcs.len);
    return w->pkg->funcs.at[i];
}

/* ---- searching the tree ---- */

typedef struct Search {
    bool (*wanted)(const Node *n, const void *arg);
    const void *arg;
    Node *found;
} Search;

static void search(Node *n, void *ctx) {
    Search *s = ctx;
    if (!n || s->found) return;
    if (s->wanted(n, s->arg))
        s->found = n;
    else
        ast_children(n, search, s);
}

static Node *find(World *w, bool (*wanted)(const Node *, const void *), const void *arg) {
    Search s = {wanted, arg, NULL};
    NodeList *decls = &w->pkg->files[0]->decls;
    for (int i = 0; i < decls->len; i++) search(decls->at[i], &s);
    assert_non_null(s.found);
    return s.found;
}

static bool is_use_of(const Node *n, const void *name) {
    return n->kind == ND_IDENT && n->ident.obj && n->ident.name && name_is(n->ident.name, name);
}

static Object *var(World *w, const char *name) {
    Object *obj = find(w, is_use_of, name)->ident.obj;
    assert_int_equal(obj->kind, OBJ_VAR);
    return obj;
}

static bool has_text(const Node *n, const void *text) {
    Arena *a = arena_new();
    bool same = n->kind < ND_BAD_STMT && n->mode != EM_NONE && strcmp(ast_expr_text(a, n), text) == 0;
    arena_free(a);
    return same;
}

static Node *expr(World *w, const char *text) { return find(w, has_text, text); }

static void assert_type(World *w, const char *text, const char *type) {
    assert_string_equal(type_str(&w->sema, expr(w, text)->type, w->pkg), type);
}

/* ---- variables ---- */

static void literals_capture_in_order_of_use(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "var g int\n"
                    "func f(a, b int) {\n"
                    "	c := 1\n"
                    "	_ = func() {\n"
                    "		own := b + g\n"
                    "		_ = func() int { return c + a + own + b }\n"
                    "	}\n"
                    "}\n");
    FuncInfo *f = func_at(&w, 0);
    FuncInfo *outer = f->literals.at[0], *inner = outer->literals.at[0];
    static const char *const by_outer[] = {"b", "c", "a"}, *const by_inner[] = {"c", "a", "own", "b"};
    assert_int_equal(outer->captures.len, 3);
    for (int i = 0; i < 3; i++) assert_string_equal(outer->captures.at[i]->name->text, by_outer[i]);
    assert_int_equal(inner->captures.len, 4);
    for (int i = 0; i < 4; i++) assert_string_equal(inner->captures.at[i]->name->text, by_inner[i]);
    assert_true(var(&w, "a")->var.captured);
    assert_false(var(&w, "a")->var.reassigned);
    assert_true(inner->outer == outer && outer->outer == f);
    done(&w);
}

static void addresses_reach_their_variable(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "type T struct { n int; in In; p *In }\n"
                    "type In struct { a [3]int }\n"
                    "func (*In) ptr() {}\n"
                    "func (In) val() {}\n"
                    "func f() {\n"
                    "	var direct, field, elem, sliced, called, value, through, plain T\n"
                    "	var array [2]T\n"
                    "	var slice []T\n"
                    "	_, _, _ = &direct, &(field.n), &elem.in.a[1]\n"
                    "	_ = sliced.in.a[:]\n"
                    "	called.in.ptr()\n"
                    "	value.in.val()\n"
                    "	through.p.ptr()\n"
                    "	_ = &through.p.a\n"
                    "	_ = &array[1].n\n"
                    "	_ = &slice[1].n\n"
                    "	_ = plain\n"
                    "}\n");
    static const char *const taken[] = {"direct", "field", "elem", "sliced", "called", "array"};
    static const char *const kept[] = {"value", "through", "slice", "plain"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) assert_true(var(&w, taken[i])->var.addr_taken);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) assert_false(var(&w, kept[i])->var.addr_taken);
    done(&w);
}

static void assignments_are_noted(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "type T struct { n int }\n"
                    "func f(never int) (result int) {\n"
                    "	set, op, inc, again := 1, 2, 3, 4\n"
                    "	again, fresh := 5, 6\n"
                    "	var ranged, field = 0, T{}\n"
                    "	set = 1; op += 2; inc++\n"
                    "	field.n = 1\n"
                    "	for ranged = range 3 {}\n"
                    "	_, _, _, _, _, _, _ = set, op, inc, again, fresh, ranged, field\n"
                    "	return never\n"
                    "}\n");
    static const char *const changed[] = {"set", "op", "inc", "again", "ranged", "field", "result"};
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) assert_true(var(&w, changed[i])->var.reassigned);
    assert_false(var(&w, "never")->var.reassigned);
    assert_false(var(&w, "fresh")->var.reassigned);
    done(&w);
}

/* ---- types and values ---- */

static void context_types_untyped_operands(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "type B bool\n"
                    "func f(s uint, x float32, e any) {\n"
                    "	var _ int64 = 1 << s\n"
                    "	var _ = x + 2\n"
                    "	var _ B = x < 3 && s == 4\n"
                    "	e = 'c'\n"
                    "	_ = s << 5\n"
                    "	if s > 6 {}\n"
                    "}\n");
    assert_type(&w, "1", "int64");
    assert_type(&w, "1 << s", "int64");
    assert_type(&w, "2", "float32");
    assert_type(&w, "x < 3 && s == 4", "B");
    assert_type(&w, "x < 3", "B");
    assert_type(&w, "4", "uint");
    assert_type(&w, "'c'", "rune");
    assert_type(&w, "5", "uint");
    assert_type(&w, "s > 6", "bool");
    done(&w);
}

static void constants_are_folded(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "const big = 1 << 100\n"
                    "var a = big >> 98\n"
                    "var b = len([10]int{}) + 1.0\n"
                    "var c = real(3 + 2i) * 2\n"
                    "var d = \"x\" + \"y\"\n"
                    "var e = float32(0.1)\n");
    int64_t v;
    assert_true(cv_int64(expr(&w, "big >> 98")->value, &v) && v == 4);
    assert_true(cv_int64(expr(&w, "len([10]int{}) + 1.0")->value, &v) && v == 11);
    assert_true(cv_double(expr(&w, "real(3 + 2i) * 2")->value) == 6);
    size_t n;
    assert_string_equal(cv_string_value(expr(&w, "\"x\" + \"y\"")->value, &n), "xy");
    assert_true(cv_double(expr(&w, "float32(0.1)")->value) == (double)0.1f);
    done(&w);
}

static void selections_have_paths(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "type A struct { x, deep int }\n"
                    "func (*A) m() {}\n"
                    "type B struct { n int; *A }\n"
                    "type C struct { B }\n"
                    "func f(c C, a A) {\n"
                    "	_ = c.deep\n"
                    "	c.m()\n"
                    "	_ = a.x\n"
                    "	_ = (*A).m\n"
                    "}\n");
    const Selection *deep = expr(&w, "c.deep")->selector.selection;
    assert_int_equal(deep->kind, SEL_FIELD);
    assert_int_equal(deep->n, 3);
    assert_int_equal(deep->path[0], 0);
    assert_int_equal(deep->path[1], 1);
    assert_int_equal(deep->path[2], 1);
    assert_true(deep->indirect);
    assert_int_equal(expr(&w, "c.m")->selector.selection->kind, SEL_METHOD);
    assert_false(expr(&w, "a.x")->selector.selection->indirect);
    assert_int_equal(expr(&w, "(*A).m")->selector.selection->kind, SEL_METHOD_EXPR);
    assert_type(&w, "(*A).m", "func(*A)");
    done(&w);
}

static bool is_generic_use(const Node *n, const void *name) {
    return is_use_of(n, name) && n->mode == EM_VALUE && n->ident.obj->ident != n;
}

static void inferred_instances_are_recorded(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "func apply[A, B any](a A, f func(A) B) B { return f(a) }\n"
                    "func id[T any](t T) T { return t }\n"
                    "func text[T any](t T) string { return \"\" }\n"
                    "var _ = apply(1, text)\n"
                    "var _ func(bool) bool = id\n");
    Instance *apply = sema_instance(w.pkg, find(&w, is_generic_use, "apply"));
    assert_non_null(apply);
    assert_int_equal(apply->targs.len, 2);
    assert_string_equal(type_str(&w.sema, apply->targs.at[1], w.pkg), "string");
    Instance *text = sema_instance(w.pkg, find(&w, is_generic_use, "text"));
    assert_non_null(text);
    assert_string_equal(type_str(&w.sema, text->targs.at[0], w.pkg), "int");
    Instance *id = sema_instance(w.pkg, find(&w, is_generic_use, "id"));
    assert_non_null(id);
    assert_string_equal(type_str(&w.sema, id->type, w.pkg), "func(t bool) bool");
    done(&w);
}

static void builtin_calls_are_marked(void **state) {
    (void)state;
    World w;
    check_valid(&w, "package p\n"
                    "func f(s []int) { _ = len(s); defer func() { recover() }() }\n");
    assert_int_equal(expr(&w, "len(s)")->builtin, BI_LEN + 1);
    assert_int_equal(expr(&w, "len")->builtin, BI_LEN + 1);
    FuncInfo *f = func_at(&w, 0);
    assert_false(f->has_recover);
    assert_true(f->literals.at[0]->has_recover);
    done(&w);
}

/* ---- errors ---- */

/* Each must give at least one error, and no more than one for the one mistake. */
static void mistakes_report_once(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "var _ = undefined.x.y[1](2) + 3",
        "var _ = f(undefined)",
        "var _ = [](undefined){1, 2}",
        "var _ = len(undefined) + cap(1 + undefined)",
        "var _ = T{x: undefined}.x.y",
        "var _ = (undefined << 1) == -undefined2 && true",
        "var _ = func() int { return undefined }()",
        "var _ = f[undefined](1)",
        "var _ = *undefined.(int)",
        "var _ = (1 + \"a\").x",
        "var _ int = f(1).nothing.more",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        World w;
        char text[200];
        snprintf(text, sizeof text, "package p\ntype T struct{ x int }\nfunc f[P any](P) int { return 0 }\n%s\n",
                 wrong[i]);
        check_source(&w, text);
        diags_sort(&w.diags);
        assert_true(w.diags.list.len >= 1 && w.diags.list.len <= 2);
        done(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_capture_in_order_of_use), cmocka_unit_test(addresses_reach_their_variable),
        cmocka_unit_test(assignments_are_noted),            cmocka_unit_test(context_types_untyped_operands),
        cmocka_unit_test(constants_are_folded),             cmocka_unit_test(selections_have_paths),
        cmocka_unit_test(inferred_instances_are_recorded),  cmocka_unit_test(builtin_calls_are_marked),
        cmocka_unit_test(mistakes_report_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
