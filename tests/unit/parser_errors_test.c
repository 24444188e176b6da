/* Tests of parser/: syntax errors: their wording, their place, and that reading goes on after them. */
#include "tests/unit/front_support.h"

/* One error in a declaration, on line 2. */
#define DECL_ERROR(decl, error) assert_errors("package p\n" decl "\n", error)
/* One error in the body of a function, which starts on line 3 after a tab. */
#define BODY_ERROR(body, error) assert_errors("package p\nfunc f() {\n\t" body "\n}\n", error)

static void package_clause(void **state) {
    (void)state;
    assert_errors("", "1:1: syntax error: package statement must be first");
    assert_errors("import \"fmt\"\n", "1:1: syntax error: package statement must be first");
    assert_errors("package\n", "2:1: syntax error: unexpected EOF, expected name");
    assert_errors("package p q\n", "1:11: syntax error: unexpected name q, expected semicolon or newline");
}

static void declarations(void **state) {
    (void)state;
    DECL_ERROR("x := 1", "2:1: syntax error: non-declaration statement outside function body");
    DECL_ERROR("func f()\n{ }", "3:1: syntax error: unexpected semicolon or newline before {");
    DECL_ERROR("var x", "2:6: syntax error: unexpected newline, expected type");
    DECL_ERROR("var x := 1", "2:7: syntax error: unexpected :=, expected =");
    DECL_ERROR("type T", "2:7: syntax error: unexpected newline in type declaration");
    DECL_ERROR("type T struct { a b c }",
               "2:21: syntax error: unexpected name c in struct type; possibly missing semicolon or newline or }");
    DECL_ERROR("type T struct { (E) }", "2:17: syntax error: cannot parenthesize embedded type");
    DECL_ERROR("type T struct { *(E) }", "2:17: syntax error: cannot parenthesize embedded type");
    DECL_ERROR("type T chan;", "2:12: syntax error: missing channel element type");
    DECL_ERROR("type T <-int", "2:10: syntax error: unexpected name int, expected chan");
    DECL_ERROR("import 1", "2:8: syntax error: import path must be a string");
    DECL_ERROR("import x", "2:9: syntax error: missing import path");
    DECL_ERROR("var x int\nimport \"a\"", "3:1: syntax error: imports must appear before other declarations");
    DECL_ERROR("const a b c", "2:11: syntax error: unexpected name c after top level declaration");
    DECL_ERROR("var ( 1 )", "2:7: syntax error: unexpected literal 1, expected name");
    DECL_ERROR("type T struct { 1 }", "2:17: syntax error: unexpected literal 1, expected field name or embedded type");
    DECL_ERROR("type T interface { a(); 1 }", "2:25: syntax error: unexpected literal 1, expected ~ term or type");
    DECL_ERROR("func 1() {}", "2:6: syntax error: unexpected literal 1, expected name or (");
    DECL_ERROR("func f {}", "2:8: syntax error: unexpected {, expected (");
}

static void parameters(void **state) {
    (void)state;
    DECL_ERROR("func f(a, b int, []c)", "2:18: syntax error: mixed named and unnamed parameters");
    DECL_ERROR("func f(a int, b)", "2:15: syntax error: mixed named and unnamed parameters");
    DECL_ERROR("func f(a int b int)",
               "2:14: syntax error: unexpected name b in parameter list; possibly missing comma or )");
    DECL_ERROR("func f(a ...)", "2:13: syntax error: ... is missing type");
    DECL_ERROR("func f[]()", "2:8: syntax error: empty type parameter list");
    DECL_ERROR("func f[P]()", "2:9: syntax error: missing type constraint");
    DECL_ERROR("func f[P any, []int]()", "2:15: syntax error: missing type parameter name");
    DECL_ERROR("func (t T) m[P any]()", "2:13: syntax error: method must have no type parameters");
    DECL_ERROR("func () m()", "2:9: method has no receiver");
    DECL_ERROR("func (a, b T) m()", "2:15: method has multiple receivers");
    DECL_ERROR("type I interface { m[P any]() }", "2:21: interface method must have no type parameters");
    DECL_ERROR("var _ = func[P any]() {}", "2:13: syntax error: function type must have no type parameters");
}

static void expressions(void **state) {
    (void)state;
    BODY_ERROR("x = a +", "4:1: syntax error: unexpected }, expected expression");
    BODY_ERROR("x = a b", "3:8: syntax error: unexpected name b at end of statement");
    BODY_ERROR("f(a b)", "3:6: syntax error: unexpected name b in argument list; possibly missing comma or )");
    BODY_ERROR("f(a\n\t)", "3:5: syntax error: unexpected newline in argument list; possibly missing comma or )");
    BODY_ERROR("x = []int{1 2}",
               "3:14: syntax error: unexpected literal 2 in composite literal; possibly missing comma or }");
    BODY_ERROR("x = a[]", "3:8: syntax error: unexpected ], expected operand");
    BODY_ERROR("x = a[1 2]", "3:10: syntax error: unexpected literal 2, expected comma, : or ]");
    BODY_ERROR("x = a[1::3]", "3:10: middle index required in 3-index slice");
    BODY_ERROR("x = a[1:2:]", "3:12: final index required in 3-index slice");
    BODY_ERROR("x.", "4:1: syntax error: unexpected }, expected name or (");
    BODY_ERROR("x = (T){1}", "3:9: syntax error: cannot parenthesize type in composite literal");
    BODY_ERROR("x = f(){1}", "3:9: syntax error: unexpected { at end of statement");
    BODY_ERROR("go (f())", "3:5: expression in go must not be parenthesized");
    BODY_ERROR("defer f", "3:8: expression in defer must be function call");
    BODY_ERROR("x = <-chan<-int", "3:6: syntax error: unexpected int, expected chan");
}

static void statements(void **state) {
    (void)state;
    BODY_ERROR("a, b", "3:6: syntax error: unexpected newline, expected := or = or comma");
    BODY_ERROR("a, b += 1, 2", "3:7: syntax error: unexpected +=, expected := or = or comma");
    BODY_ERROR("if { }", "3:5: syntax error: missing condition in if statement");
    BODY_ERROR("if x(); { }", "3:8: syntax error: missing condition in if statement");
    BODY_ERROR("if x\n\t{ }", "3:6: syntax error: unexpected newline, expected { after if clause");
    BODY_ERROR("if x = 1 { }", "3:7: syntax error: cannot use assignment x = 1 as value");
    BODY_ERROR("if a == b = c { }", "3:12: syntax error: cannot use assignment (a == b) = c as value");
    BODY_ERROR("if x := 1 { }", "3:7: syntax error: cannot use x := 1 as value");
    BODY_ERROR("if x { } else x = 1", "3:16: syntax error: else must be followed by if or statement block");
    BODY_ERROR("if x { }\n\telse { }", "4:2: syntax error: unexpected else, expected }");
    BODY_ERROR("if x y { }", "3:7: syntax error: unexpected name y, expected {");
    BODY_ERROR("for i := 0; { }", "3:14: syntax error: unexpected {, expected for loop condition");
    BODY_ERROR("for var i = 0; i < 1; i++ { }", "3:10: syntax error: var declaration not allowed in for initializer");
    BODY_ERROR("for i := 0; i < 1; j := 1 { }", "3:23: syntax error: cannot declare in post statement of for loop");
    BODY_ERROR("for x; y; z\n\t{ }", "3:13: syntax error: unexpected newline, expected { after for clause");
    BODY_ERROR("switch x; y\n\t{ }", "3:13: syntax error: missing { after switch clause");
    BODY_ERROR("switch x { f() }", "3:13: syntax error: unexpected name f, expected case or default or }");
    BODY_ERROR("switch x { case 1 }", "3:20: syntax error: unexpected }, expected :");
    BODY_ERROR("switch x { case 1: f() case 2: }", "3:25: syntax error: unexpected case at end of statement");
    BODY_ERROR("select x { }", "3:9: syntax error: missing { after select clause");
    BODY_ERROR("{ L: case }", "3:5: syntax error: missing statement after label");
    BODY_ERROR("func g() { }", "3:7: syntax error: unexpected name g, expected (");
    BODY_ERROR("goto 1", "3:7: syntax error: unexpected literal 1, expected name");
    BODY_ERROR("import \"x\"", "3:2: syntax error: unexpected import, expected }");
}

static void unclosed_blocks(void **state) {
    (void)state;
    assert_errors("package p\nfunc f() {\n", "3:1: syntax error: unexpected EOF, expected }");
    assert_errors("package p\nfunc f() {\n\tif x {\n}\n\nfunc g() {\n}\n",
                  "6:6: syntax error: unexpected name g, expected ("); /* the end of the file is a consequence */
}

/* Errors on several lines, each reported, with what is between them read. */
static void reading_goes_on(void **state) {
    (void)state;
    assert_errors("package p\n"
                  "func f() {\n"
                  "\tx = = 1\n"
                  "\tg(func() {\n"
                  "\t\ty := := 2\n"
                  "\t\tz := 3\n"
                  "\t})\n"
                  "\tfor i := range x y {\n"
                  "\t}\n"
                  "}\n"
                  "\n"
                  "func (a b c) g() {\n"
                  "\treturn 1 2\n"
                  "}\n"
                  "type T struct {\n"
                  "\ta b c\n"
                  "\td e f\n"
                  "}\n"
                  "var v = 1 2\n"
                  "var (\n"
                  "\ta = = 1\n"
                  "\tb int int\n"
                  ")\n",
                  "3:6: syntax error: unexpected =, expected expression",
                  "5:8: syntax error: unexpected :=, expected expression",
                  "8:19: syntax error: unexpected name y, expected {",
                  "12:11: syntax error: unexpected name c in parameter list; possibly missing comma or )",
                  "13:11: syntax error: unexpected literal 2 at end of statement",
                  "16:6: syntax error: unexpected name c in struct type; possibly missing semicolon or newline or }",
                  "17:6: syntax error: unexpected name f in struct type; possibly missing semicolon or newline or }",
                  "19:11: syntax error: unexpected literal 2 after top level declaration",
                  "21:6: syntax error: unexpected =, expected expression",
                  "22:8: syntax error: unexpected name int in grouped declaration; possibly missing semicolon or "
                  "newline or )");
}

static void what_was_read_is_kept(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\nfunc f() { a(); b b; c() }\nvar x = = 1\nfunc g() {}\n");
    assert_true(f.file->had_errors);
    assert_int_equal(f.diags.errors, 2);
    assert_int_equal(f.file->decls.len, 3);
    assert_string_equal(shape(f.arena, f.file->decls.at[0]),
                        "(FUNC_DECL f (FUNC_TYPE) (BLOCK (EXPR_STMT (CALL a)) (EXPR_STMT b) (EXPR_STMT (CALL c))))");
    assert_string_equal(shape(f.arena, f.file->decls.at[2]), "(FUNC_DECL g (FUNC_TYPE) (BLOCK))");
    front_free(&f);
}

static void misplaced_directives(void **state) {
    (void)state;
    DECL_ERROR("//go:noinline\nvar x int", "2:1: misplaced compiler directive");
    DECL_ERROR("func f() {} //go:noinline", "2:13: misplaced compiler directive");
    DECL_ERROR("//go:build linux\nfunc f() {}", "2:1: misplaced compiler directive");
    DECL_ERROR("import _ \"embed\"\n//go:embed x\nfunc f() {}", "3:1: misplaced go:embed directive");
    DECL_ERROR("//go:embed x\nvar x string", "2:1: go:embed only allowed in Go files that import \"embed\"");
    DECL_ERROR("//go:linkname a b\nfunc a()", "2:1: //go:linkname only allowed in Go files that import \"unsafe\"");
    DECL_ERROR("import _ \"unsafe\"\n//go:linkname", "3:1: usage: //go:linkname localname [linkname]");
    assert_no_errors("package p\n//go:generate x\nvar x int //nolint\n//go:unknown\n");
}

/* text, then n times open, middle, n times close. */
static char *nested(const char *text, const char *open, int n, const char *middle, const char *close) {
    Buf b = {0};
    buf_puts(&b, text);
    for (int i = 0; i < n; i++) buf_puts(&b, open);
    buf_puts(&b, middle);
    for (int i = 0; i < n; i++) buf_puts(&b, close);
    buf_puts(&b, "\n");
    return b.data;
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *open, *middle, *close;
    } cases[] = {
        {"package p\nvar x = ", "(", "1", ")"},           {"package p\nvar x = 1", "<1", "", ""},
        {"package p\nvar x = f", "()", "", ""},           {"package p\nvar x = a", ".b", "", ""},
        {"package p\nvar x = ", "!", "a", ""},            {"package p\nvar x ", "[]", "int", ""},
        {"package p\nvar x ", "func(", "", ")"},          {"package p\nfunc f() ", "{", "", "}"},
        {"package p\nfunc f() { if a {}", " else if a {}", "}", ""},
        {"package p\nvar x = ", "func() { ", "", "}()"}, {"package p\nvar x T = T", "{", "", "}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const int levels[] = {AST_MAX_DEPTH / 8, AST_MAX_DEPTH + 10, 200000};
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
            char *text = nested(cases[i].text, cases[i].open, levels[k], cases[i].middle, cases[i].close);
            Front f = front_parse("t.go", text);
            if (levels[k] < AST_MAX_DEPTH) {
                assert_int_equal(f.diags.errors, 0);
            } else {
                assert_int_equal(f.diags.errors, 1);
                assert_string_equal(f.diags.list.at[0]->text, "syntax error: nested too deeply");
            }
            front_free(&f);
            free(text);
        }
    }
}

static void chains_may_be_long(void **state) {
    (void)state;
    static const char *const operators[] = {"+a", "-a*b", "&&a", "||a&&b"};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        char *text = nested("package p\nvar x = a", operators[i], 200000, "", "");
        Front f = front_parse("t.go", text);
        assert_int_equal(f.diags.errors, 0);
        front_free(&f);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_clause),
        cmocka_unit_test(declarations),
        cmocka_unit_test(parameters),
        cmocka_unit_test(expressions),
        cmocka_unit_test(statements),
        cmocka_unit_test(unclosed_blocks),
        cmocka_unit_test(reading_goes_on),
        cmocka_unit_test(what_was_read_is_kept),
        cmocka_unit_test(misplaced_directives),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(chains_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
