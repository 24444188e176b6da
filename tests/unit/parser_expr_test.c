/* Tests of parser/: the trees of expressions and types. */
#include "tests/unit/front_support.h"

static void operators_bind_by_precedence(void **state) {
    (void)state;
    assert_expr("a + b*c", "(BINARY + a (BINARY * b c))");
    assert_expr("a*b + c", "(BINARY + (BINARY * a b) c)");
    assert_expr("a - b - c", "(BINARY - (BINARY - a b) c)");
    assert_expr("a || b && c == d + e<<f",
                "(BINARY || a (BINARY && b (BINARY == c (BINARY + d (BINARY << e f)))))");
    assert_expr("a &^ b | c ^ d % e / f", "(BINARY ^ (BINARY | (BINARY &^ a b) c) (BINARY / (BINARY % d e) f))");
    assert_expr("-a * ^b", "(BINARY * (UNARY - a) (UNARY ^ b))");
    assert_expr("!a == b", "(BINARY == (UNARY ! a) b)");
    assert_expr("*p * *q", "(BINARY * (STAR p) (STAR q))");
    assert_expr("-<-ch + 1", "(BINARY + (UNARY - (UNARY <- ch)) 1)");
    assert_expr("(a + b) * c", "(BINARY * (PAREN (BINARY + a b)) c)");
    assert_expr("a < b", "(BINARY < a b)");
}

static void primary_expressions(void **state) {
    (void)state;
    assert_expr("a.b.c", "(SELECTOR (SELECTOR a b) c)");
    assert_expr("&a.b[i]", "(UNARY & (INDEX (SELECTOR a b) i))");
    assert_expr("f(a, b...)(c)", "(CALL (CALL f a b) c)");
    assert_expr("f(a, b,)", "(CALL f a b)");
    assert_expr("x.(T)", "(TYPE_ASSERT x T)");
    assert_expr("x.(*T).y", "(SELECTOR (TYPE_ASSERT x (STAR T)) y)");
    assert_expr("a[1:2]", "(SLICE a 1 2)");
    assert_expr("a[:]", "(SLICE a)");
    assert_expr("a[:2:3]", "(SLICE a 2 3)");
    assert_expr("G[int, string]{}", "(COMPOSITE_LIT (INDEX G int string))");
    assert_expr("f[[]int](x)", "(CALL (INDEX f (ARRAY_TYPE int)) x)");
    assert_expr("m[*T]", "(INDEX m (STAR T))");
    assert_expr("f[func(int) bool, map[K]V, chan<- T, interface{}](x)",
                "(CALL (INDEX f (FUNC_TYPE (FIELD int) (FIELD bool)) (MAP_TYPE K V) (CHAN_TYPE 2 T) (INTERFACE_TYPE)) x)");
}

static void composite_literals(void **state) {
    (void)state;
    assert_expr("T{1, k: 2}", "(COMPOSITE_LIT T 1 (KEY_VALUE k 2))");
    assert_expr("[]T{{1}, 2: {3}}",
                "(COMPOSITE_LIT (ARRAY_TYPE T) (COMPOSITE_LIT 1) (KEY_VALUE 2 (COMPOSITE_LIT 3)))");
    assert_expr("[...]int{1,}", "(COMPOSITE_LIT (ARRAY_TYPE (ELLIPSIS) int) 1)");
    assert_expr("map[K]V{{1}: {2}}",
                "(COMPOSITE_LIT (MAP_TYPE K V) (KEY_VALUE (COMPOSITE_LIT 1) (COMPOSITE_LIT 2)))");
    assert_expr("&p.T{}", "(UNARY & (COMPOSITE_LIT (SELECTOR p T)))");
    assert_expr("struct{ a int }{1}", "(COMPOSITE_LIT (STRUCT_TYPE (FIELD a int)) 1)");
    assert_expr("[]func(){f}", "(COMPOSITE_LIT (ARRAY_TYPE (FUNC_TYPE)) f)");
    assert_expr("map[string]func() int{}", "(COMPOSITE_LIT (MAP_TYPE string (FUNC_TYPE (FIELD int))))");
    assert_expr("[]struct{ x int }{{1}}",
                "(COMPOSITE_LIT (ARRAY_TYPE (STRUCT_TYPE (FIELD x int))) (COMPOSITE_LIT 1))");
    assert_expr("T{1}.f()", "(CALL (SELECTOR (COMPOSITE_LIT T 1) f))");
}

static void conversions_and_types_as_operands(void **state) {
    (void)state;
    assert_expr("[]byte(s)", "(CALL (ARRAY_TYPE byte) s)");
    assert_expr("(*T)(p)", "(CALL (PAREN (STAR T)) p)");
    assert_expr("chan int(x)", "(CALL (CHAN_TYPE 3 int) x)");
    assert_expr("(<-chan int)(x)", "(CALL (PAREN (CHAN_TYPE 1 int)) x)");
    assert_expr("<-chan int(x)", "(UNARY <- (CALL (CHAN_TYPE 3 int) x))");
    assert_expr("func()(x)", "(FUNC_TYPE (FIELD x))");
    assert_expr("(func())(x)", "(CALL (PAREN (FUNC_TYPE)) x)");
    assert_expr("interface{ M() }(x)", "(CALL (INTERFACE_TYPE (FIELD M (FUNC_TYPE))) x)");
    assert_expr("make([]int, n)", "(CALL make (ARRAY_TYPE int) n)");
    assert_expr("new(*T)", "(CALL new (STAR T))");
    assert_expr("make(<-chan <-chan int)", "(CALL make (CHAN_TYPE 1 (CHAN_TYPE 1 int)))");
    assert_expr("make(<-chan chan<- int)", "(CALL make (CHAN_TYPE 1 (CHAN_TYPE 2 int)))");
    assert_expr("make(<-chan<-chan int)", "(CALL make (CHAN_TYPE 1 (CHAN_TYPE 1 int)))");
    assert_expr("make(chan<- chan int)", "(CALL make (CHAN_TYPE 2 (CHAN_TYPE 3 int)))");
    assert_expr("make(chan (<-chan int))", "(CALL make (CHAN_TYPE 3 (PAREN (CHAN_TYPE 1 int))))");
}

static void function_literals(void **state) {
    (void)state;
    assert_expr("func() {}", "(FUNC_LIT (FUNC_TYPE) (BLOCK))");
    assert_expr("func(a, b int, c ...T) (r R, err error) { return }",
                "(FUNC_LIT (FUNC_TYPE (FIELD a b int) (FIELD c (ELLIPSIS T)) (FIELD r R) (FIELD err error)) "
                "(BLOCK (RETURN)))");
    assert_expr("func(int, *T) func() [2]int { return f }",
                "(FUNC_LIT (FUNC_TYPE (FIELD int) (FIELD (STAR T)) (FIELD (FUNC_TYPE (FIELD (ARRAY_TYPE 2 int))))) "
                "(BLOCK (RETURN f)))");
    assert_expr("func() struct{} { return x }()",
                "(CALL (FUNC_LIT (FUNC_TYPE (FIELD (STRUCT_TYPE))) (BLOCK (RETURN x))))");
    assert_expr("func() *T { return x }", "(FUNC_LIT (FUNC_TYPE (FIELD (STAR T))) (BLOCK (RETURN x)))");
    assert_expr("func() <-chan T { return x }", "(FUNC_LIT (FUNC_TYPE (FIELD (CHAN_TYPE 1 T))) (BLOCK (RETURN x)))");
    assert_expr("func(a [2]int, b []int, c G[int])",
                "(FUNC_TYPE (FIELD a (ARRAY_TYPE 2 int)) (FIELD b (ARRAY_TYPE int)) (FIELD c (INDEX G int)))");
    assert_expr("func(G[int], []T, [2]T, p.T)",
                "(FUNC_TYPE (FIELD (INDEX G int)) (FIELD (ARRAY_TYPE T)) (FIELD (ARRAY_TYPE 2 T)) "
                "(FIELD (SELECTOR p T)))");
}

static void type_declarations(void **state) {
    (void)state;
    assert_decl("type T int", "(GEN_DECL (TYPE_SPEC T int))");
    assert_decl("type A = p.T", "(GEN_DECL (TYPE_SPEC A (SELECTOR p T)))");
    assert_decl("type T struct { a, b int `t`; E; *p.E; G[int]; c [4]int; d []G[int]; e G[int] \"x\"; f (T) }",
                "(GEN_DECL (TYPE_SPEC T (STRUCT_TYPE (FIELD a b int `t`) (FIELD E) (FIELD (STAR (SELECTOR p E))) "
                "(FIELD (INDEX G int)) (FIELD c (ARRAY_TYPE 4 int)) (FIELD d (ARRAY_TYPE (INDEX G int))) "
                "(FIELD e (INDEX G int) \"x\") (FIELD f (PAREN T)))))");
    assert_decl("type I interface { M(int) error; E; p.E; G[int]; ~int | *T; []int }",
                "(GEN_DECL (TYPE_SPEC I (INTERFACE_TYPE (FIELD M (FUNC_TYPE (FIELD int) (FIELD error))) (FIELD E) "
                "(FIELD (SELECTOR p E)) (FIELD (INDEX G int)) (FIELD (BINARY | (UNARY ~ int) (STAR T))) "
                "(FIELD (ARRAY_TYPE int)))))");
    assert_decl("type F func(int) func(string) error",
                "(GEN_DECL (TYPE_SPEC F (FUNC_TYPE (FIELD int) (FIELD (FUNC_TYPE (FIELD string) (FIELD error))))))");
}

/* type T[...] is an array or generic; the rules are those of Go's compiler. */
static void type_parameters_or_array_length(void **state) {
    (void)state;
    assert_decl("type T[P any] int", "(GEN_DECL (TYPE_SPEC T (FIELD P any) int))");
    assert_decl("type T[P, Q any, R C] int", "(GEN_DECL (TYPE_SPEC T (FIELD P Q any) (FIELD R C) int))");
    assert_decl("type T[N] int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE N int)))");
    assert_decl("type T[N * 2] int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE (BINARY * N 2) int)))");
    assert_decl("type T[N * M] int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE (BINARY * N M) int)))");
    assert_decl("type T[P *C,] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (STAR C)) int))");
    assert_decl("type T[P *C, Q any] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (STAR C)) (FIELD Q any) int))");
    assert_decl("type T[P *[]int] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (STAR (ARRAY_TYPE int))) int))");
    assert_decl("type T[P *C|Q] int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE (BINARY | (BINARY * P C) Q) int)))");
    assert_decl("type T[P *C|~Q] int",
                "(GEN_DECL (TYPE_SPEC T (FIELD P (BINARY | (STAR C) (UNARY ~ Q))) int))");
    assert_decl("type T[P (C)] int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE (CALL P C) int)))");
    assert_decl("type T[P (C),] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (PAREN C)) int))");
    assert_decl("type T[P ([]int)] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (PAREN (ARRAY_TYPE int))) int))");
    assert_decl("type T[P []int] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (ARRAY_TYPE int)) int))");
    assert_decl("type T[P [2]int] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (ARRAY_TYPE 2 int)) int))");
    assert_decl("type T[P G[int]] int", "(GEN_DECL (TYPE_SPEC T (FIELD P (INDEX G int)) int))");
    assert_decl("type T[P interface{ ~int }] = []P",
                "(GEN_DECL (TYPE_SPEC T (FIELD P (INTERFACE_TYPE (FIELD (UNARY ~ int)))) (ARRAY_TYPE P)))");
    assert_decl("type T []int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE int)))");
    assert_decl("type T [p.N]int", "(GEN_DECL (TYPE_SPEC T (ARRAY_TYPE (SELECTOR p N) int)))");
    assert_decl("type T G[int]", "(GEN_DECL (TYPE_SPEC T (INDEX G int)))");
    assert_decl("type ( A[P any] int; B[N] int )",
                "(GEN_DECL (TYPE_SPEC A (FIELD P any) int) (TYPE_SPEC B (ARRAY_TYPE N int)))");
}

static void function_declarations(void **state) {
    (void)state;
    assert_decl("func f()", "(FUNC_DECL f (FUNC_TYPE))");
    assert_decl("func (r *T[P, Q]) m(x P) Q { return x }",
                "(FUNC_DECL (FIELD r (STAR (INDEX T P Q))) m (FUNC_TYPE (FIELD x P) (FIELD Q)) (BLOCK (RETURN x)))");
    assert_decl("func f[P any, Q ~int | string](a P) (_ Q, _ error) {}",
                "(FUNC_DECL f (FUNC_TYPE (FIELD P any) (FIELD Q (BINARY | (UNARY ~ int) string)) (FIELD a P) "
                "(FIELD _ Q) (FIELD _ error)) (BLOCK))");
    assert_decl("func (T) m() [2]T { return x }",
                "(FUNC_DECL (FIELD T) m (FUNC_TYPE (FIELD (ARRAY_TYPE 2 T))) (BLOCK (RETURN x)))");
    assert_decl("func (T[P]) m()", "(FUNC_DECL (FIELD (INDEX T P)) m (FUNC_TYPE))");
}

static void constants_repeat(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\nconst (\n\ta, b = iota, 2\n\tc, d\n\t_ T = 1\n\te\n)\n");
    assert_int_equal(f.diags.errors, 0);
    NodeList specs = f.file->decls.at[0]->gen_decl.specs;
    assert_int_equal(specs.len, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(specs.at[i]->value_spec.iota, i);
    assert_null(specs.at[0]->value_spec.inherit);
    assert_ptr_equal(specs.at[1]->value_spec.inherit, specs.at[0]);
    assert_ptr_equal(specs.at[3]->value_spec.inherit, specs.at[2]);
    front_free(&f);
}

static void expressions_as_text(void **state) {
    (void)state;
    static const char *const texts[] = {
        "a + b * c", "f(x, y...)", "x.(T)", "a[i:j:k]", "map[K]V{…}", "T{}", "func(a, b int) error {…}",
        "func() (x int, err error)", "chan (<-chan int)", "<-chan int", "[...]int{…}", "struct{a, b int; E}",
        "interface{M(x int) error; ~int | string}", "G[int, string]", "-x", "(x)", "*p",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buf b = {0};
        buf_puts(&b, "package p\nvar _ = ");
        const char *dots = strstr(texts[i], "{…}"); /* in the source: a statement or an element */
        if (dots) {
            buf_put(&b, texts[i], (size_t)(dots - texts[i]));
            buf_puts(&b, strncmp(texts[i], "func", 4) == 0 ? "{ return nil }" : "{ x: y }");
        } else buf_puts(&b, texts[i]);
        buf_puts(&b, "\n");
        Front f = front_parse("t.go", b.data);
        assert_int_equal(f.diags.errors, 0);
        Node *x = f.file->decls.at[0]->gen_decl.specs.at[0]->value_spec.values.at[0];
        assert_string_equal(ast_expr_text(f.arena, x), texts[i]);
        front_free(&f);
        buf_free(&b);
    }
}

static void string_values(void **state) {
    (void)state;
    static const struct {
        const char *literal, *value;
    } cases[] = {
        {"\"a\\tb\"", "a\tb"}, {"`a\\tb`", "a\\tb"}, {"`a\r\nb`", "a\nb"}, {"\"\\u00e9\\x41\\101\"", "éAA"},
        {"'\\''", "'"}, {"\"\\\"\"", "\""}, {"\"\"", ""}, {"\"\\U0001F600\"", "😀"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = {0};
        assert_true(ast_unquote(cases[i].literal, strlen(cases[i].literal), &b));
        assert_string_equal(b.data, cases[i].value);
        buf_free(&b);
    }
    static const char *const bad[] = {"", "\"", "\"a", "\"\\q\"", "\"\\x4\"", "\"\\ud800\"", "\"a\nb\"", "abc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Buf b = {0};
        assert_false(ast_unquote(bad[i], strlen(bad[i]), &b));
        buf_free(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_by_precedence),
        cmocka_unit_test(primary_expressions),
        cmocka_unit_test(composite_literals),
        cmocka_unit_test(conversions_and_types_as_operands),
        cmocka_unit_test(function_literals),
        cmocka_unit_test(type_declarations),
        cmocka_unit_test(type_parameters_or_array_length),
        cmocka_unit_test(function_declarations),
        cmocka_unit_test(constants_repeat),
        cmocka_unit_test(expressions_as_text),
        cmocka_unit_test(string_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
