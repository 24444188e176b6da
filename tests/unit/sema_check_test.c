/* The checker's results as lowering reads them; what it reports is tested by the files in tests/sema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sema/sema.h"

/* One compilation, and the packages that it can import: (path, text) pairs. */
typedef struct World {
    Arena *arena;
    NameTable *names;
    SourceSet sources;
    Diags diags;
    Sema sema;
    const char *library[8][2];
} World;

static File *parse_text(World *w, const char *path, const char *text) {
    SourceFile *src = source_add(&w->sources, path, text, strlen(text));
    src->is_goo = strstr(path, ".goo") != NULL;
    return parse_file(w->arena, w->names, &w->sources, src, &w->diags);
}

static Package *import_text(void *ctx, const char *path, const char *from_dir, Pos pos) {
    World *w = ctx;
    (void)from_dir;
    Package *known = ptrmap_get(&w->sema.packages, name_of(w->names, path));
    if (known) return known;
    for (int i = 0; w->library[i][0]; i++) {
        if (strcmp(w->library[i][0], path) != 0) continue;
        File *f = parse_text(w, "lib.go", w->library[i][1]);
        return sema_check(&w->sema, path, ".", &f, 1, NULL);
    }
    diag_error(&w->diags, pos, pos, "package %s is not there", path);
    return NULL;
}

static void world_open(World *w) {
    memset(w, 0, sizeof *w);
    w->arena = arena_new();
    w->names = names_new(w->arena);
    sources_init(&w->sources, w->arena);
    diags_init(&w->diags, w->arena, &w->sources);
    sema_init(&w->sema, w->arena, w->names, &w->sources, &w->diags, import_text, w);
}

static void world_close(World *w) { arena_free(w->arena); }

static Package *check_with(World *w, const SemaOptions *opt, const char *name, const char *text) {
    File *f = parse_text(w, name, text);
    return sema_check(&w->sema, "p", ".", &f, 1, opt);
}

static Package *check_text(World *w, const char *text) {
    Package *p = check_with(w, NULL, "p.go", text);
    if (p->had_errors) diags_print(&w->diags, stderr, 0, false);
    return p;
}

/* The text of the n-th error, in order of position; "" when there are fewer. */
static const char *error_text(World *w, int n) {
    diags_sort(&w->diags);
    return n < w->diags.list.len ? w->diags.list.at[n]->text : "";
}

static FuncInfo *func_named(const Package *p, const char *name) {
    for (int i = 0; i < p->funcs.len; i++)
        if (name_is(p->funcs.at[i]->obj->name, name)) return p->funcs.at[i];
    fail_msg("no function %s", name);
    return NULL;
}

static Object *object_named(World *w, const Package *p, const char *name) {
    Object *obj = scope_lookup(p->scope, name_of(w->names, name));
    assert_non_null(obj);
    return obj;
}

/* ---- the lists ---- */

static void lists_are_in_source_order(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_with(&w, &(SemaOptions){.allow_no_body = true}, "p.go",
                            "package p\n"
                            "func b() {}\n"
                            "func ext()\n"
                            "func (t T) m() {}\n"
                            "type T struct{}\n"
                            "func _() {}\n"
                            "func a() { type L int; type L2 = L }\n"
                            "var y = 1\n"
                            "var x, _ = 2, 3\n");
    assert_false(p->had_errors);
    assert_int_equal(p->funcs.len, 3);
    assert_string_equal(p->funcs.at[0]->obj->name->text, "b");
    assert_string_equal(p->funcs.at[1]->obj->name->text, "m");
    assert_string_equal(p->funcs.at[2]->obj->name->text, "a");
    assert_int_equal(p->externs.len, 1);
    assert_int_equal(p->types.len, 2); /* aliases are no types of their own */
    assert_ptr_equal(p->types.at[1]->type->named.local, func_named(p, "a"));
    assert_int_equal(p->vars.len, 3);
    assert_true(p->complete);
    world_close(&w);
}

static void files_make_one_package(void **state) {
    (void)state;
    World w;
    world_open(&w);
    File *files[] = {
        parse_text(&w, "a.go", "package q\nimport \"strings\"\nvar _ = strings.X + y\n"),
        parse_text(&w, "b.go", "package q\nvar y = 1\nfunc (T) m() {}\n"),
        parse_text(&w, "c.go", "package other\n"),
        parse_text(&w, "d.go", "package q\ntype T struct{}\nvar _ = strings.X\n"),
    };
    w.library[0][0] = "strings";
    w.library[0][1] = "package strings\nconst X = 1\n";
    Package *p = sema_check(&w.sema, "q", ".", files, 4, NULL);
    assert_int_equal(w.diags.errors, 2);
    assert_string_equal(error_text(&w, 0), "package other; expected package q");
    assert_string_equal(error_text(&w, 1), "undefined: strings"); /* imported by another file */
    assert_int_equal(p->nfiles, 3);
    assert_int_equal(p->imports.len, 1);
    assert_int_equal(w.sema.order.len, 2);
    assert_ptr_equal(w.sema.order.at[1], p);
    world_close(&w);
}

/* ---- initialisation order ---- */

static void assert_inits(const Package *p, const char *const *want, int n) {
    assert_int_equal(p->inits.len, n);
    for (int i = 0; i < n; i++) assert_string_equal(p->inits.at[i].lhs[0]->name->text, want[i]);
}

static void initialisation_follows_dependencies(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\n"
                                "var a = c + b\n"
                                "var b = f()\n"
                                "var c = 1\n"
                                "var d, e = two()\n"
                                "var g = func() int { return h }()\n"
                                "var h = T{}.m()\n"
                                "var k int\n"
                                "type T struct{}\n"
                                "func (T) m() int { return e }\n"
                                "func f() int { c++; return r() }\n"
                                "func r() int { if false { return f() }; return 0 }\n"
                                "func two() (int, int) { return 1, a }\n");
    const char *want[] = {"c", "b", "a", "d", "h", "g"};
    assert_inits(p, want, 6);
    assert_int_equal(p->inits.at[3].n, 2);
    world_close(&w);
}

static void ready_variables_go_in_source_order(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\nvar a = c\nvar b = 1\nvar c = 2\nvar _ = a\n");
    const char *want[] = {"b", "c", "a", "_"};
    assert_inits(p, want, 4);
    world_close(&w);
}

/* ---- functions ---- */

static void functions_know_their_defers(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\n"
                                "func none() {}\n"
                                "func once() { defer none(); for { break }; recover() }\n"
                                "func loop() { for { if true { defer none() } } }\n"
                                "func back() { L: defer none(); goto L }\n"
                                "func forward() { goto L; L: defer none() }\n"
                                "func inner() { for { func() { defer none() }() } }\n");
    FuncInfo *once = func_named(p, "once"), *inner = func_named(p, "inner");
    assert_false(func_named(p, "none")->has_defer);
    assert_true(once->has_defer && once->has_recover && !once->has_loop_defer);
    assert_true(func_named(p, "loop")->has_loop_defer);
    assert_true(func_named(p, "back")->has_loop_defer);
    assert_true(func_named(p, "back")->has_label_goto);
    assert_false(func_named(p, "forward")->has_loop_defer);
    assert_false(inner->has_defer);
    assert_int_equal(inner->literals.len, 1);
    assert_true(inner->literals.at[0]->has_defer && !inner->literals.at[0]->has_loop_defer);
    assert_ptr_equal(inner->literals.at[0]->outer, inner);
    world_close(&w);
}

static void variables_know_their_function(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\n"
                                "type T int\n"
                                "func (r T) m(a int) (res int) {\n"
                                "\tv := a\n"
                                "\tfunc(q int) { v = q + int(r) }(1)\n"
                                "\treturn\n"
                                "}\n");
    FuncInfo *m = func_named(p, "m");
    assert_ptr_equal(m->sig->func.recv->var.func, m);
    assert_ptr_equal(m->sig->func.params->tuple.vars[0]->var.func, m);
    assert_ptr_equal(m->sig->func.results->tuple.vars[0]->var.func, m);
    FuncInfo *lit = m->literals.at[0];
    assert_ptr_equal(lit->sig->func.params->tuple.vars[0]->var.func, lit);
    assert_int_equal(lit->captures.len, 2);
    assert_true(lit->captures.at[0]->var.captured);
    world_close(&w);
}

static void branches_have_targets(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\n"
                                "func f() {\n"
                                "L:\n"
                                "\tfor {\n"
                                "\t\tswitch { case true: break; default: continue L }\n"
                                "\t\tgoto L\n"
                                "\t}\n"
                                "}\n");
    Node *labeled = func_named(p, "f")->body->block.stmts.at[0];
    Node *loop = labeled->labeled.stmt;
    Node *sw = loop->for_stmt.body->block.stmts.at[0];
    NodeList *clauses = &sw->switch_stmt.clauses;
    assert_ptr_equal(clauses->at[0]->case_clause.body.at[0]->branch.target, sw);
    assert_ptr_equal(clauses->at[1]->case_clause.body.at[0]->branch.target, loop);
    assert_ptr_equal(loop->for_stmt.body->block.stmts.at[1]->branch.target, labeled);
    world_close(&w);
}

static void type_switch_clauses_have_variables(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\nfunc f(e any) { switch v := e.(type) { case int: _ = v; case nil, string: } }\n");
    NodeList *clauses = &func_named(p, "f")->body->block.stmts.at[0]->type_switch.clauses;
    assert_ptr_equal(clauses->at[0]->case_clause.var->type, w.sema.basic[BK_INT]);
    assert_true(type_is_interface(&w.sema, clauses->at[1]->case_clause.var->type));
    world_close(&w);
}

/* ---- versions ---- */

static bool loop_var_is_new(World *w, const char *version, const char *text) {
    Package *p = check_with(w, &(SemaOptions){.go_version = version}, "p.go", text);
    Node *loop = func_named(p, "f")->body->block.stmts.at[0];
    return loop->for_stmt.init->assign.lhs.at[0]->ident.obj->var.loop_var;
}

static void loop_variables_depend_on_the_version(void **state) {
    (void)state;
    World w;
    world_open(&w);
    const char *plain = "package p\nfunc f() { for i := 0; i < 3; i++ {} }\n";
    assert_true(loop_var_is_new(&w, NULL, plain));
    assert_true(loop_var_is_new(&w, "go1.22.1", plain));
    assert_false(loop_var_is_new(&w, "go1.21", plain));
    assert_true(loop_var_is_new(&w, "go1.21", "//go:build go1.22 && (linux || !linux)\n\npackage p\n"
                                              "func f() { for i := 0; i < 3; i++ {} }\n"));
    assert_false(loop_var_is_new(&w, "go1.22", "//go:build go1.20 || go1.23\n\npackage p\n"
                                               "func f() { for i := 0; i < 3; i++ {} }\n"));
    world_close(&w);
}

/* ---- imports, programs, directives ---- */

static void import_cycles_are_reported(void **state) {
    (void)state;
    World w;
    world_open(&w);
    w.library[0][0] = "a";
    w.library[0][1] = "package a\nimport \"b\"\nvar X = b.X\n";
    w.library[1][0] = "b";
    w.library[1][1] = "package b\nimport \"a\"\nvar X = a.X\n";
    Package *p = check_with(&w, NULL, "p.go", "package p\nimport \"a\"\nvar _ = a.X\n");
    assert_int_equal(w.diags.errors, 1);
    assert_string_equal(error_text(&w, 0),
                        "import cycle not allowed\n\tpackage a\n\timports b\n\timports a");
    assert_non_null(p);
    world_close(&w);
}

static void missing_packages_are_reported_once(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_with(&w, NULL, "p.go", "package p\nimport \"no/where\"\nvar _ = where.X + where.Y()\nvar _ where.T\n");
    assert_true(p->had_errors);
    assert_int_equal(w.diags.errors, 1);
    assert_string_equal(error_text(&w, 0), "package no/where is not there");
    world_close(&w);
}

static void programs_need_main(void **state) {
    (void)state;
    World w;
    world_open(&w);
    assert_false(check_with(&w, NULL, "p.go", "package main\n")->had_errors);
    assert_true(check_with(&w, &(SemaOptions){.need_main = true}, "p.go", "package main\n")->had_errors);
    assert_string_equal(error_text(&w, 0), "function main is undeclared in the main package");
    assert_false(check_with(&w, &(SemaOptions){.need_main = true}, "p.go", "package main\nfunc main() {}\n")->had_errors);
    world_close(&w);
}

static void linknames_reach_their_objects(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_text(&w, "package p\nimport _ \"unsafe\"\n"
                                "//go:linkname f runtime.f\nfunc f()\n"
                                "//go:linkname v\nvar v int\n");
    assert_false(p->had_errors);
    assert_string_equal(object_named(&w, p, "f")->func.linkname, "runtime.f");
    assert_string_equal(object_named(&w, p, "v")->var.linkname, "p.v");
    world_close(&w);
}

static void scripts_become_main(void **state) {
    (void)state;
    World w;
    world_open(&w);
    Package *p = check_with(&w, &(SemaOptions){.need_main = true}, "s.goo", "x := 1\nprintln(x)\n");
    assert_false(p->had_errors);
    assert_int_equal(func_named(p, "main")->body->block.stmts.len, 3); /* and a return */
    world_close(&w);
}

/* ---- hostile input ---- */

/* Declarations that form a chain of the given length, the last one first. */
static char *const_chain(World *w, int n) {
    Buf b = {0};
    buf_puts(&b, "package p\n");
    for (int i = n; i > 0; i--) buf_printf(&b, "const c%d = c%d + 1\n", i, i - 1);
    buf_puts(&b, "const c0 = 0\n");
    char *text = arena_strndup(w->arena, b.data, b.len);
    buf_free(&b);
    return text;
}

static void long_chains_of_declarations_are_survived(void **state) {
    (void)state;
    World w;
    world_open(&w);
    assert_false(check_with(&w, NULL, "p.go", const_chain(&w, 1000))->had_errors);
    assert_true(check_with(&w, NULL, "p.go", const_chain(&w, 200000))->had_errors);
    world_close(&w);
}

static void broken_trees_are_survived(void **state) {
    (void)state;
    static const char *const broken[] = {
        "package p\nfunc f( { x := }\n",
        "package p\ntype T struct { a b c }\nvar x = T{\n",
        "package p\nvar = 1\nconst\nfunc (a) () {}\nfunc g[T]() {}\n",
        "package p\nfunc f() { switch x := ; x.(type) { case : } ; for range { } ; if { } else 3 }\n",
        "package p\ntype I interface { m( ; int | ; ~ }\n",
        "package p\nfunc f() { select { case x: case <-: } ; goto ; break 3 ; return , }\n",
        "package p\ntype G[P ] struct { G[ }\nvar _ G[int\n",
        "package\n",
        "",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        World w;
        world_open(&w);
        assert_non_null(check_with(&w, NULL, "p.go", broken[i]));
        world_close(&w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_in_source_order),
        cmocka_unit_test(files_make_one_package),
        cmocka_unit_test(initialisation_follows_dependencies),
        cmocka_unit_test(ready_variables_go_in_source_order),
        cmocka_unit_test(functions_know_their_defers),
        cmocka_unit_test(variables_know_their_function),
        cmocka_unit_test(branches_have_targets),
        cmocka_unit_test(type_switch_clauses_have_variables),
        cmocka_unit_test(loop_variables_depend_on_the_version),
        cmocka_unit_test(import_cycles_are_reported),
        cmocka_unit_test(missing_packages_are_reported_once),
        cmocka_unit_test(programs_need_main),
        cmocka_unit_test(linknames_reach_their_objects),
        cmocka_unit_test(scripts_become_main),
        cmocka_unit_test(long_chains_of_declarations_are_survived),
        cmocka_unit_test(broken_trees_are_survived),
    };
    return cmocka_run_group_tests_name("sema_check", tests, NULL, NULL);
}
