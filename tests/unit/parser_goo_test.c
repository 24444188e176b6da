/* Tests of parser/: Goo's extensions, Go code that looks like them, and scripts. */
#include "tests/unit/front_support.h"

static void goo_expr(const char *expr, const char *expected) { assert_expr_in("t.goo", expr, expected); }
static void goo_stmt(const char *stmts, const char *expected) { assert_stmt_in("t.goo", stmts, expected); }
static void goo_decl(const char *decl, const char *expected) { assert_decl_in("t.goo", decl, expected); }

static void directed_allocation(void **state) {
    (void)state;
    goo_expr("new(T) @ a", "(AT (CALL new T) a)");
    goo_expr("&T{x} @ a", "(AT (UNARY & (COMPOSITE_LIT T x)) a)");
    goo_expr("(x + y) @ a.b", "(AT (PAREN (BINARY + x y)) (SELECTOR a b))");
    goo_expr("[]byte(s) @ f(1)", "(AT (CALL (ARRAY_TYPE byte) s) (CALL f 1))");
    goo_expr("g(append(s, x) @ a, y)", "(CALL g (AT (CALL append s x) a) y)");
    goo_expr("x * new(T) @ a", "(BINARY * x (AT (CALL new T) a))");
    goo_stmt("s = append(s, x) @ a", "(ASSIGN = s (AT (CALL append s x) a))");
    goo_stmt("for range make([]int, 3) @ a { }", "(RANGE (AT (CALL make (ARRAY_TYPE int) 3) a) (BLOCK))");
}

static void arena_blocks(void **state) {
    (void)state;
    goo_stmt("arena a { f(a) }", "(ARENA a (BLOCK (EXPR_STMT (CALL f a))))");
    goo_stmt("arena a(64 << 20) { }", "(ARENA a (BINARY << 64 20) (BLOCK))");
    goo_stmt("L: arena a { break L }", "(LABELED L (ARENA a (BLOCK (BRANCH L))))");
}

static void capability_blocks(void **state) {
    (void)state;
    goo_stmt("restrict file.read(\"/srv\") { }", "(RESTRICT (CALL (SELECTOR file read) \"/srv\") (BLOCK))");
    goo_stmt("restrict file.read, network { }", "(RESTRICT (SELECTOR file read) network (BLOCK))");
    goo_stmt("with t { f() }", "(WITH t (BLOCK (EXPR_STMT (CALL f))))");
    goo_stmt("with caps.Delegate(x) { }", "(WITH (CALL (SELECTOR caps Delegate) x) (BLOCK))");
}

static void attributes(void **state) {
    (void)state;
    goo_decl("@requires(file.read)\nfunc f() {}",
             "(FUNC_DECL (ATTR @requires (SELECTOR file read)) f (FUNC_TYPE) (BLOCK))");
    goo_decl("@requires()\n@denies(network)\nfunc f()",
             "(FUNC_DECL (ATTR @requires) (ATTR @denies network) f (FUNC_TYPE))");
    goo_decl("@requires(file.read(\"/etc\"), network) func (t T) m() {}",
             "(FUNC_DECL (ATTR @requires (CALL (SELECTOR file read) \"/etc\") network) (FIELD t T) m (FUNC_TYPE) (BLOCK))");
    goo_decl("@pure\nfunc f()", "(FUNC_DECL (ATTR @pure) f (FUNC_TYPE))");
    goo_decl("type Store interface {\n\t@requires(network.connect)\n\tGet(key string) error\n\tLen() int\n}",
             "(GEN_DECL (TYPE_SPEC Store (INTERFACE_TYPE (FIELD (ATTR @requires (SELECTOR network connect)) Get "
             "(FUNC_TYPE (FIELD key string) (FIELD error))) (FIELD Len (FUNC_TYPE (FIELD int))))))");
    goo_decl("type Loader = @requires(file.read) func(string) error",
             "(GEN_DECL (TYPE_SPEC Loader (FUNC_TYPE (ATTR @requires (SELECTOR file read)) (FIELD string) "
             "(FIELD error))))");
    goo_decl("@allow() import \"x/y\"", "(GEN_DECL (IMPORT_SPEC (ATTR @allow) \"x/y\"))");
    goo_decl("@allow(network)\nimport c \"x/y\"", "(GEN_DECL (IMPORT_SPEC (ATTR @allow network) c \"x/y\"))");
    goo_decl("import (\n\t@allow()\n\t\"a\"\n\t\"b\"\n)",
             "(GEN_DECL (IMPORT_SPEC (ATTR @allow) \"a\") (IMPORT_SPEC \"b\"))");
    goo_expr("@requires() func(x int) {}", "(FUNC_LIT (FUNC_TYPE (ATTR @requires) (FIELD x int)) (BLOCK))");
    goo_stmt("f(@requires() func() { g() })",
             "(EXPR_STMT (CALL f (FUNC_LIT (FUNC_TYPE (ATTR @requires)) (BLOCK (EXPR_STMT (CALL g))))))");
}

static void try_statements(void **state) {
    (void)state;
    goo_stmt("try { f() } recover err *caps.Error { g() } recover err fs.ErrNotExist { } recover err { }",
             "(TRY (BLOCK (EXPR_STMT (CALL f))) (RECOVER err (STAR (SELECTOR caps Error)) (BLOCK (EXPR_STMT (CALL g)))) "
             "(RECOVER err (SELECTOR fs ErrNotExist) (BLOCK)) (RECOVER err (BLOCK)))");
    goo_stmt("try { try { } recover e { } } recover e { }",
             "(TRY (BLOCK (TRY (BLOCK) (RECOVER e (BLOCK)))) (RECOVER e (BLOCK)))");
    goo_stmt("defer func() { recover() }()",
             "(DEFER (CALL (FUNC_LIT (FUNC_TYPE) (BLOCK (EXPR_STMT (CALL recover))))))");
}

static void propagation(void **state) {
    (void)state;
    goo_expr("f()?", "(PROPAGATE (CALL f))");
    goo_expr("os.ReadFile(p)? \"reading\"", "(PROPAGATE (CALL (SELECTOR os ReadFile) p) \"reading\")");
    goo_expr("open(p)?.Read()?", "(PROPAGATE (CALL (SELECTOR (PROPAGATE (CALL open p)) Read)))");
    goo_expr("f()? + g()?", "(BINARY + (PROPAGATE (CALL f)) (PROPAGATE (CALL g)))");
    goo_stmt("f()?\ng()?", "(EXPR_STMT (PROPAGATE (CALL f)))");
    goo_stmt("x := f(g()?)? \"c\"", "(ASSIGN := x (PROPAGATE (CALL f (PROPAGATE (CALL g))) \"c\"))");
}

static void else_values(void **state) {
    (void)state;
    goo_stmt("n := strconv.Atoi(s) else 8080", "(ASSIGN := n (ELSE_EXPR (CALL (SELECTOR strconv Atoi) s) 8080))");
    goo_stmt("n := f() else err { return err }", "(ASSIGN := n (ELSE_EXPR (CALL f) err (BLOCK (RETURN err))))");
    goo_stmt("n := f() else (T{1})", "(ASSIGN := n (ELSE_EXPR (CALL f) (PAREN (COMPOSITE_LIT T 1))))");
    goo_stmt("g(f() else 0, 1)", "(EXPR_STMT (CALL g (ELSE_EXPR (CALL f) 0) 1))");
    goo_stmt("x := f() else g() else 0", "(ASSIGN := x (ELSE_EXPR (CALL f) (ELSE_EXPR (CALL g) 0)))");
    goo_stmt("if n := f() else 0; n > 1 { } else { }",
             "(IF (ASSIGN := n (ELSE_EXPR (CALL f) 0)) (BINARY > n 1) (BLOCK) (BLOCK))");
    goo_stmt("if n := f() else err { return }; n > 1 { }",
             "(IF (ASSIGN := n (ELSE_EXPR (CALL f) err (BLOCK (RETURN)))) (BINARY > n 1) (BLOCK))");
}

static void goroutines(void **state) {
    (void)state;
    goo_stmt("go @alloc(arena) worker(x)", "(GO (ATTR @alloc arena) (CALL worker x))");
    goo_stmt("go @caps(network.connect) @alloc(heap) w(ch)",
             "(GO (ATTR @caps (SELECTOR network connect)) (ATTR @alloc heap) (CALL w ch))");
    goo_stmt("go @alloc(arena) func() { }()",
             "(GO (ATTR @alloc arena) (CALL (FUNC_LIT (FUNC_TYPE) (BLOCK))))");
    goo_stmt("t := go fetch(url)", "(ASSIGN := t (GO_EXPR (CALL fetch url)))");
    goo_stmt("x := (go f()).Wait()?", "(ASSIGN := x (PROPAGATE (CALL (SELECTOR (PAREN (GO_EXPR (CALL f))) Wait))))");
}

/* Goo's words are names wherever Go allows a name. */
static void words_are_names_elsewhere(void **state) {
    (void)state;
    goo_stmt("arena := 1", "(ASSIGN := arena 1)");
    goo_stmt("arena(1)", "(EXPR_STMT (CALL arena 1))");
    goo_stmt("with.x = restrict", "(ASSIGN = (SELECTOR with x) restrict)");
    goo_stmt("try = 1", "(ASSIGN = try 1)");
    goo_stmt("try{1}.f()", "(EXPR_STMT (CALL (SELECTOR (COMPOSITE_LIT try 1) f)))");
    goo_stmt("x = try{}", "(ASSIGN = x (COMPOSITE_LIT try))");
    goo_stmt("recover()", "(EXPR_STMT (CALL recover))");
    goo_stmt("var arena arena", "(DECL_STMT (GEN_DECL (VALUE_SPEC arena arena)))");
    goo_stmt("var with, restrict T", "(DECL_STMT (GEN_DECL (VALUE_SPEC with restrict T)))");
    goo_stmt("arena: for { }", "(LABELED arena (FOR (BLOCK)))");
    goo_decl("type T struct { arena arena; with with; try int }",
             "(GEN_DECL (TYPE_SPEC T (STRUCT_TYPE (FIELD arena arena) (FIELD with with) (FIELD try int))))");
    goo_decl("func arena(with with, restrict restrict) try",
             "(FUNC_DECL arena (FUNC_TYPE (FIELD with with) (FIELD restrict restrict) (FIELD try)))");
    assert_stmt("try{}.f()", "(EXPR_STMT (CALL (SELECTOR (COMPOSITE_LIT try) f)))");
}

#define EXTENSION " is an extension of Goo; rename the file to .goo to use it"

static void extensions_are_errors_in_go_files(void **state) {
    (void)state;
    assert_errors("package p\nfunc f() {\n\tarena a {\n\t\tg(a)\n\t}\n}\n", "3:2: syntax error: an arena block" EXTENSION);
    assert_errors("package p\nfunc f() {\n\twith t { }\n}\n", "3:2: syntax error: a with block" EXTENSION);
    assert_errors("package p\nfunc f() {\n\trestrict x { }\n}\n", "3:2: syntax error: a restrict block" EXTENSION);
    assert_errors("package p\nfunc f() {\n\ttry { } recover e { }\n}\n", "3:2: syntax error: a try statement" EXTENSION);
    assert_errors("package p\nvar x = f() else 1\n", "2:13: syntax error: an else value" EXTENSION);
    assert_errors("package p\nvar x = go f()\n", "2:9: syntax error: go as an expression" EXTENSION);
    assert_errors("package p\n@requires()\nfunc f() {}\n",
                  "2:1: syntax error: invalid character U+0040 '@': an attribute (@name)" EXTENSION);
    assert_errors("package p\nvar x = new(T) @ a\n",
                  "2:16: syntax error: invalid character U+0040 '@': allocation with @" EXTENSION);
    assert_errors("package p\nvar x = f()?\n", "2:12: invalid character U+003F '?': propagation with ?" EXTENSION);
}

static void goo_errors(void **state) {
    (void)state;
    assert_goo_errors("package p\nfunc f() {\n\ttry {\n\t\tg()\n\t}\n}\n",
                      "3:2: syntax error: try needs a recover clause after its block");
    assert_goo_errors("package p\n@requires()\nvar x int\n",
                      "2:1: syntax error: attributes are not allowed on var declarations");
    assert_goo_errors("package p\nfunc f() {\n\tgo f\n}\n", "3:5: expression in go must be function call");
}

static void scripts(void **state) {
    (void)state;
    Front f = front_parse("t.goo", "#!/usr/bin/env goo\nimport \"fmt\"\n\nfunc twice(n int) int { return 2 * n }\n"
                                   "var base = 20\nx := twice(base) + 2\nfmt.Println(x)\n"
                                   "func(a int) { fmt.Println(a) }(x)\n"
                                   "if x > 1 {\n\tfmt.Println()\n}\ntype T struct{ a int }\nfunc (t T) m() {}\n");
    if (f.diags.errors) fail_msg("%s", f.diags.list.at[0]->text);
    assert_null(f.file->package_name);
    assert_int_equal(f.file->imports.len, 1);
    assert_int_equal(f.file->decls.len, 5); /* import, twice, base, T, m */
    assert_int_equal(f.file->script.len, 4);
    assert_string_equal(shape(f.arena, f.file->script.at[0]), "(ASSIGN := x (BINARY + (CALL twice base) 2))");
    assert_string_equal(shape(f.arena, f.file->decls.at[4]), "(FUNC_DECL (FIELD t T) m (FUNC_TYPE) (BLOCK))");
    front_free(&f);
}

static void script_errors(void **state) {
    (void)state;
    assert_goo_errors("f()\nimport \"fmt\"\n", "2:1: syntax error: imports must appear before other declarations");
    assert_goo_errors("x := \ny := 1\n", "2:3: syntax error: unexpected := at end of statement");
    assert_errors("f()\n", "1:1: syntax error: package statement must be first");
}

static void empty_script(void **state) {
    (void)state;
    Front f = front_parse("t.goo", "");
    assert_int_equal(f.diags.errors, 0);
    assert_int_equal(f.file->decls.len + f.file->script.len, 0);
    front_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directed_allocation),
        cmocka_unit_test(arena_blocks),
        cmocka_unit_test(capability_blocks),
        cmocka_unit_test(attributes),
        cmocka_unit_test(try_statements),
        cmocka_unit_test(propagation),
        cmocka_unit_test(else_values),
        cmocka_unit_test(goroutines),
        cmocka_unit_test(words_are_names_elsewhere),
        cmocka_unit_test(extensions_are_errors_in_go_files),
        cmocka_unit_test(goo_errors),
        cmocka_unit_test(scripts),
        cmocka_unit_test(script_errors),
        cmocka_unit_test(empty_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
