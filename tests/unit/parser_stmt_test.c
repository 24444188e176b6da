/* Tests of parser/: the trees of statements, and what a file has besides declarations. */
#include "tests/unit/front_support.h"

static void simple_statements(void **state) {
    (void)state;
    assert_stmt("a, b = b, a", "(ASSIGN = a b b a)");
    assert_stmt("a, b := f()", "(ASSIGN := a b (CALL f))");
    assert_stmt("a <<= 2", "(ASSIGN << a 2)");
    assert_stmt("a &^= b", "(ASSIGN &^ a b)");
    assert_stmt("x.y++", "(INCDEC (SELECTOR x y))");
    assert_stmt("ch <- <-in", "(SEND ch (UNARY <- in))");
    assert_stmt("f()", "(EXPR_STMT (CALL f))");
    assert_stmt("go f(x)", "(GO (CALL f x))");
    assert_stmt("defer func() {}()", "(DEFER (CALL (FUNC_LIT (FUNC_TYPE) (BLOCK))))");
    assert_stmt("return a, b", "(RETURN a b)");
    assert_stmt("var x, y int = 1, 2", "(DECL_STMT (GEN_DECL (VALUE_SPEC x y int 1 2)))");
    assert_stmt("{ ; ; f(); }", "(BLOCK (EXPR_STMT (CALL f)))");
}

static void labels_and_branches(void **state) {
    (void)state;
    assert_stmt("L: for { break L }", "(LABELED L (FOR (BLOCK (BRANCH L))))");
    assert_stmt("L: M: goto L", "(LABELED L (LABELED M (BRANCH L)))");
    assert_stmt("L:\n", "(LABELED L (EMPTY))");
    assert_stmt("{ goto L; L: }", "(BLOCK (BRANCH L) (LABELED L (EMPTY)))");
}

static void if_statements(void **state) {
    (void)state;
    assert_stmt("if a { f() } else if b { g() } else { h() }",
                "(IF a (BLOCK (EXPR_STMT (CALL f))) (IF b (BLOCK (EXPR_STMT (CALL g))) (BLOCK (EXPR_STMT (CALL h)))))");
    assert_stmt("if x := f(); x > 0 { }", "(IF (ASSIGN := x (CALL f)) (BINARY > x 0) (BLOCK))");
    assert_stmt("if ; a { }", "(IF a (BLOCK))");
}

static void for_statements(void **state) {
    (void)state;
    assert_stmt("for { }", "(FOR (BLOCK))");
    assert_stmt("for a { }", "(FOR a (BLOCK))");
    assert_stmt("for i := 0; i < n; i++ { }", "(FOR (ASSIGN := i 0) (BINARY < i n) (INCDEC i) (BLOCK))");
    assert_stmt("for ;; { }", "(FOR (BLOCK))");
    assert_stmt("for ; a; { }", "(FOR a (BLOCK))");
    assert_stmt("for range 10 { }", "(RANGE 10 (BLOCK))");
    assert_stmt("for range f { }", "(RANGE f (BLOCK))");
    assert_stmt("for k := range m { }", "(RANGE k m (BLOCK))");
    assert_stmt("for k, v = range m[i] { }", "(RANGE k v (INDEX m i) (BLOCK))");
}

/* The brace of a header's block, and literals before it. */
static void literals_in_headers(void **state) {
    (void)state;
    assert_stmt("if x == (T{1}) { }", "(IF (BINARY == x (PAREN (COMPOSITE_LIT T 1))) (BLOCK))");
    assert_stmt("for _, x := range []T{{1}} { }",
                "(RANGE _ x (COMPOSITE_LIT (ARRAY_TYPE T) (COMPOSITE_LIT 1)) (BLOCK))");
    assert_stmt("for range [2]int{1} { }", "(RANGE (COMPOSITE_LIT (ARRAY_TYPE 2 int) 1) (BLOCK))");
    assert_stmt("if m := (map[K]V{k: v}); m[T{1}] { }",
                "(IF (ASSIGN := m (PAREN (COMPOSITE_LIT (MAP_TYPE K V) (KEY_VALUE k v)))) (INDEX m (COMPOSITE_LIT T 1)) "
                "(BLOCK))");
    assert_stmt("if x == struct{}{} { }", "(IF (BINARY == x (COMPOSITE_LIT (STRUCT_TYPE))) (BLOCK))");
    assert_stmt("if f(T{1}) { }", "(IF (CALL f (COMPOSITE_LIT T 1)) (BLOCK))");
    assert_stmt("if func() bool { return a }() { }",
                "(IF (CALL (FUNC_LIT (FUNC_TYPE (FIELD bool)) (BLOCK (RETURN a)))) (BLOCK))");
    assert_stmt("if a[i] * b { }", "(IF (BINARY * (INDEX a i) b) (BLOCK))");
    assert_stmt("switch x := y[0].z; { }", "(SWITCH (ASSIGN := x (SELECTOR (INDEX y 0) z)))");
    assert_stmt("for _, f := range []func(){ a, func() {} } { f() }",
                "(RANGE _ f (COMPOSITE_LIT (ARRAY_TYPE (FUNC_TYPE)) a (FUNC_LIT (FUNC_TYPE) (BLOCK))) "
                "(BLOCK (EXPR_STMT (CALL f))))");
    assert_stmt("for range map[string][]int{}[s] { }",
                "(RANGE (INDEX (COMPOSITE_LIT (MAP_TYPE string (ARRAY_TYPE int))) s) (BLOCK))");
}

static void switch_statements(void **state) {
    (void)state;
    assert_stmt("switch { case a, b: f(); fallthrough; default: }",
                "(SWITCH (CASE a b (EXPR_STMT (CALL f)) (BRANCH)) (CASE))");
    assert_stmt("switch x { case 1: }", "(SWITCH x (CASE 1))");
    assert_stmt("switch x := f(); x { }", "(SWITCH (ASSIGN := x (CALL f)) x)");
    assert_stmt("switch v := x.(type) { case []int, *T, func(), nil: }",
                "(TYPE_SWITCH v x (CASE (ARRAY_TYPE int) (STAR T) (FUNC_TYPE) nil))");
    assert_stmt("switch f(); x.(type) { case <-chan int: }",
                "(TYPE_SWITCH (EXPR_STMT (CALL f)) x (CASE (CHAN_TYPE 1 int)))");
}

static void select_statements(void **state) {
    (void)state;
    assert_stmt("select { case v, ok := <-ch: case ch <- 1: f(); case <-ch: default: }",
                "(SELECT (COMM (ASSIGN := v ok (UNARY <- ch))) (COMM (SEND ch 1) (EXPR_STMT (CALL f))) "
                "(COMM (EXPR_STMT (UNARY <- ch))) (COMM))");
    assert_stmt("select { }", "(SELECT)");
}

static void imports(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\nimport \"a\"\nimport (\n\tb \"b\"\n\t. \"c\"\n\t_ `d`\n)\n");
    assert_int_equal(f.diags.errors, 0);
    assert_int_equal(f.file->imports.len, 4);
    assert_int_equal(f.file->decls.len, 2);
    assert_null(f.file->imports.at[0]->import_spec.name);
    assert_string_equal(f.file->imports.at[2]->import_spec.name->ident.name->text, ".");
    assert_string_equal(ast_string_value(f.names, f.file->imports.at[3]->import_spec.path)->text, "d");
    front_free(&f);
}

static void extents(void **state) {
    (void)state;
    const char *text = "package p\n\nfunc f() int {\n\treturn a.b(c) + 1\n}\n";
    Front f = front_parse("t.go", text);
    Node *fn = f.file->decls.at[0], *ret = fn->func_decl.body->block.stmts.at[0];
    Node *sum = ret->return_stmt.results.at[0], *call = sum->binary.x;
#define AT(n, from, to, at_)                                                                                  \
    assert_int_equal((n)->pos - f.src->base, strstr(text, from) - text);                                      \
    assert_int_equal((n)->end - f.src->base, strstr(text, to) + strlen(to) - text);                           \
    assert_int_equal((n)->at - f.src->base, strstr(text, at_) - text);
    AT(fn, "func", "}", "f()");
    AT(ret, "return", "+ 1", "return");
    AT(sum, "a.b", "+ 1", "+");
    AT(call, "a.b", "c)", "(c");
    AT(call->call.fun, "a.b", "a.b", "b(c");
#undef AT
    front_free(&f);
}

static void directives(void **state) {
    (void)state;
    Front f = front_parse("t.go", "//go:build linux && !cgo\n\npackage p\n\nimport _ \"embed\"\nimport _ \"unsafe\"\n\n"
                                  "//go:noinline\n//go:nosplit\nfunc f() {}\n\nfunc g() {}\n\n"
                                  "//go:linkname h p.q\nfunc h()\n//go:linkname i\n\n"
                                  "//go:embed a.txt *.html\nvar s string\n");
    if (f.diags.errors) fail_msg("%s", f.diags.list.at[0]->text);
    assert_string_equal(f.file->build_constraint, " linux && !cgo");
    assert_int_equal(f.file->decls.at[2]->func_decl.pragma, PRAGMA_NOINLINE | PRAGMA_NOSPLIT);
    assert_int_equal(f.file->decls.at[3]->func_decl.pragma, 0);
    assert_int_equal(f.file->linknames.len, 2);
    assert_string_equal(f.file->linknames.at[0].local->text, "h");
    assert_string_equal(f.file->linknames.at[0].target, "p.q");
    assert_null(f.file->linknames.at[1].target);
    assert_int_equal(f.file->embeds.len, 1);
    assert_string_equal(f.file->embeds.at[0].patterns, "a.txt *.html");
    assert_int_equal(f.file->decls.at[5]->gen_decl.specs.at[0]->value_spec.pragma, PRAGMA_EMBED);
    assert_int_equal(f.file->comments.len, 6);
    front_free(&f);
}

static void dumps_name_every_node(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\n\nvar x = -1\n");
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ast_dump(f.sources, f.file, out);
    fclose(out);
    assert_string_equal(text, "FILE t.go package p\n"
                              "  GEN_DECL 3:1-3:11 var\n"
                              "    VALUE_SPEC 3:5-3:11\n"
                              "      IDENT 3:5-3:6 x\n"
                              "      UNARY 3:9-3:11 -\n"
                              "        BASIC_LIT 3:10-3:11 1\n");
    free(text);
    front_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_statements),
        cmocka_unit_test(labels_and_branches),
        cmocka_unit_test(if_statements),
        cmocka_unit_test(for_statements),
        cmocka_unit_test(literals_in_headers),
        cmocka_unit_test(switch_statements),
        cmocka_unit_test(select_statements),
        cmocka_unit_test(imports),
        cmocka_unit_test(extents),
        cmocka_unit_test(directives),
        cmocka_unit_test(dumps_name_every_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
