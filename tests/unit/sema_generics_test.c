/* Type inference, constraints and instances, on source text: what is accepted, and the exact words of what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sema/sema.h"

typedef struct Program {
    Arena *a;
    SourceSet sources;
    Diags diags;
    Sema s;
    Package *pkg;
} Program;

/* Checks text as package p; the caller releases p->a. */
static void check_text(Program *p, const char *text) {
    Arena *a = p->a = arena_new();
    NameTable *names = names_new(a);
    char *source = arena_printf(a, "package p\n%s\n", text);
    sources_init(&p->sources, a);
    diags_init(&p->diags, a, &p->sources);
    sema_init(&p->s, a, names, &p->sources, &p->diags, NULL, NULL);
    File *f = parse_file(a, names, &p->sources, source_add(&p->sources, "p.go", source, strlen(source)), &p->diags);
    p->pkg = sema_check(&p->s, "p", ".", &f, 1, NULL);
    diags_sort(&p->diags);
}

/* The errors, one a line. */
static char *errors_of(const char *text, char *out, size_t size) {
    Program p;
    size_t n = 0;
    check_text(&p, text);
    out[0] = 0;
    for (int i = 0; i < p.diags.list.len && n < size; i++) {
        const Diag *d = p.diags.list.at[i];
        n += (size_t)snprintf(out + n, size - n, "%s%d: %s", i ? "\n" : "",
                              source_location(&p.sources, d->pos).line - 1, d->text);
    }
    arena_free(p.a);
    return out;
}

typedef struct Case { const char *text, *want; } Case;

static void run_cases(const Case *cases, size_t n) {
    char got[4096];
    for (size_t i = 0; i < n; i++) assert_string_equal(errors_of(cases[i].text, got, sizeof got), cases[i].want);
}
#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof(*(cases)))

static void inference(void **state) {
    (void)state;
    static const Case cases[] = {
        {"func f[T any](x T) T { return x }\nvar a int = f(1)\nvar b string = f(\"x\")", ""},
        {"func f[T any](x, y T) T { return x }\nvar a float64 = f(1, 2.5)", ""},
        {"func f[T any](x, y T) T { return x }\nvar r rune = f(1, 'a')", ""},
        {"func f[K comparable, V any](m map[K]V) {}\ntype M map[string]int\nfunc g(m M) { f(m) }", ""},
        {"func f[S ~[]E, E any](s S) S { return s }\ntype L []int\nvar x L = f(L{})", ""},
        {"func f[P *T, T any](p P) T { return *p }\nvar i int\nvar x int = f(&i)", ""},
        {"func f[T any](x T, g func(T)) {}\nfunc id[T any](x T) {}\nfunc h() { f(1, id) }", ""},
        {"func g[T any](x T) T { return x }\nvar f func(int) int = g", ""},
        {"func f[T any](c <-chan T) T { return <-c }\nfunc g(c chan int) int { return f(c) }", ""},
        {"type I[T any] interface { M(T) }\ntype S struct{}\nfunc (S) M(int) {}\nfunc f[T any](x I[T]) T { panic(0) }\n"
         "var x int = f(S{})", ""},
        {"func f[T any]() {}\nfunc g() { f() }", "2: in call to f, cannot infer T (p.go:2:8)"},
        {"func f[T any](x, y T) {}\nfunc g() { f(1, \"a\") }",
         "2: in call to f, mismatched types untyped int and untyped string (cannot infer T)"},
        {"func f[T any](x, y T) {}\nfunc g(s string) { f(1, s) }",
         "2: cannot use 1 (untyped int constant) as string value in argument to f"},
        {"func f[T any](x, y T) {}\nfunc g(i int, s string) { f(i, s) }",
         "2: in call to f, type string of s does not match inferred type int for T"},
        {"func f[T any](x []T) {}\nfunc g(i int) { f(i) }",
         "2: in call to f, type int of i does not match []T (cannot infer T)"},
        {"func f[S ~[]E, E any](s S) {}\nfunc g(m map[int]int) { f(m) }",
         "2: in call to f, S (type map[int]int) does not satisfy ~[]E"},
        {"func f[T interface{ M() }](x T) {}\nfunc g() { f(1) }", "2: int does not satisfy interface{M()} (missing method M)"},
        {"func g[T any](x T) T { return x }\nvar f func(int) string = g",
         "2: inferred type func(x int) int for func(x T) T does not match type func(int) string of f"},
        {"func f[A, B any](func(A) B, func(B) A) {}\nfunc g() { f(func(int) string { return \"\" }, func(int) int { return 0 }) }",
         "2: in call to f, type func(int) int of func(int) int {…} does not match inferred type func(string) int for func(B) A"},
    };
    RUN(cases);
}

static void constraints(void **state) {
    (void)state;
    static const Case cases[] = {
        {"type G[T comparable] struct{}\nvar x G[[]int]", "2: []int does not satisfy comparable"},
        {"type G[T comparable] struct{}\nvar x G[any]", ""},
        {"type N interface{ ~int | ~float64 }\ntype G[T N] struct{}\nvar x G[string]",
         "3: string does not satisfy N (string missing in ~int | ~float64)"},
        {"type N interface{ int }\ntype My int\ntype G[T N] struct{}\nvar x G[My]",
         "4: My does not satisfy N (possibly missing ~ for int in N)"},
        {"type G[T any] struct{}\nvar x G[int, string]", "2: too many type arguments for type G: have 2, want 1"},
        {"type G[S, T any] struct{}\nvar x G[int]", "2: not enough type arguments for type G: have 1, want 2"},
        {"func f[T any]() {}\nvar x = f[int, string]", "2: got 2 type arguments but want 1"},
        {"type T struct{}\nfunc (*T) M() {}\ntype I interface{ M() }\nfunc f[P I]() {}\nvar x = f[T]",
         "5: T does not satisfy I (method M has pointer receiver)"},
        {"type I interface{ m(); m() }", "1: duplicate method m\n\tp.go:2:19: other declaration of method m"},
        {"type A interface{ m() }\ntype B interface{ m() int }\ntype C interface{ A; B }",
         "3: duplicate method m\n\tp.go:4:19: other declaration of method m"},
    };
    RUN(cases);
}

static void instantiation_cycles(void **state) {
    (void)state;
    static const Case cases[] = {
        {"type T[P any] struct { next *T[P] }\nvar x T[int]", ""},
        {"func f[T any](n int) { if n > 0 { f[T](n - 1) } }", ""},
        {"func f[A, B any]() { f[B, A]() }", ""},
        {"func f[T any]() { f[*T]() }", "1: instantiation cycle:\n\tp.go:2:21: T instantiated as *T"},
        {"type T[P any] struct { next *T[[]P] }", "1: instantiation cycle:\n\tp.go:2:32: P instantiated as []P"},
        {"func f[T any]() { g[T]() }\nfunc g[T any]() { f[map[int]T]() }",
         "2: instantiation cycle:\n\tp.go:2:21: T instantiated as T\n\tp.go:3:21: T instantiated as map[int]T"},
        {"func f[T any]() { type L struct{ x T }; f[L]() }",
         "1: instantiation cycle:\n\tp.go:2:43: T instantiated as L\n\tp.go:2:24: L implicitly parameterized by T"},
        {"type T[P any] struct{}\nfunc (T[P]) m() { T[T[P]]{}.m() }",
         "1: instantiation cycle:\n\tp.go:3:21: P instantiated as T[P]"},
        {"func f[T any](g func(T)) { f(func(func(T)) {}) }",
         "1: instantiation cycle:\n\tp.go:2:29: T instantiated as func(T)"},
        {"type I interface{ m() I }\ntype T[P any] struct{}\nfunc (T[P]) m() I { return T[*P]{} }",
         "2: instantiation cycle:\n\tp.go:4:30: P instantiated as *P"},
        {"type I interface{ m() I }\ntype T[P I] struct{}\nfunc (T[P]) m() I { return f[T[T[P]]]() }\n"
         "func f[Q I]() (i I) { return }",
         "2: instantiation cycle:\n\tp.go:4:32: P instantiated as T[P]"},
        {"type T[P any] func(T[*P])", "1: instantiation cycle:\n\tp.go:2:22: P instantiated as *P"},
        {"type T[P any] struct{}\nfunc (T[P]) m() any { return func() any { return T[struct{ x P }]{} } }",
         "1: instantiation cycle:\n\tp.go:3:52: P instantiated as struct{x P}"},
        {"type Q[P any] struct{ x, y P }\ntype T[P any] struct{}\nfunc (T[P]) m() (t T[Q[P]]) { return }",
         "2: instantiation cycle:\n\tp.go:4:22: P instantiated as Q[P]"},
        {"type T[P, Q any] struct { next *T[Q, P] }\nfunc f[T any]() { f[int]() }\nvar x T[int, string]", ""},
        {"type T[P any] struct { f T[P] }", "1: invalid recursive type: T refers to itself"},
        {"type I interface{ m() interface{ I } }",
         "1: invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)"},
    };
    RUN(cases);
}

/* Repeats line, in which every %d counts up from 1 and every %p is one less, n times after head. */
static const char *repeated(const char *head, const char *line, int n, const char *tail) {
    static char out[64 << 10];
    size_t len = (size_t)snprintf(out, sizeof out, "%s", head);
    for (int i = 1; i <= n; i++) {
        for (const char *s = line; *s; s++) {
            if (*s != '%') out[len++] = *s;
            else len += (size_t)snprintf(out + len, sizeof out - len, "%d", *++s == 'd' ? i : i - 1);
        }
    }
    snprintf(out + len, sizeof out - len, "%s", tail);
    return out;
}

/* Short programs about types of astronomical size: all of this takes milliseconds. */
static void huge_types(void **state) {
    (void)state;
    char got[4096];
    static const char uses[] = "var x T40\nvar y = x == x\nvar m map[T40]int\n";
    assert_string_equal(errors_of(repeated("type T0 struct{x int}\n", "type T%d struct{a, b T%p}\n", 40, uses), got,
                                  sizeof got), "");
    assert_string_equal(errors_of(repeated("type T0 = struct{x int}\n", "type T%d = struct{a, b T%p}\n", 40,
                                           "type N T40\nvar y = N{} == N{}\n"), got, sizeof got), "");
    assert_string_equal(errors_of(repeated("type T0 = struct{x int}\ntype U0 = T0\n",
                                           "type T%d = struct{a, b T%p}\ntype U%d = struct{a, b U%p}\n", 40,
                                           "var x T40 = U40{}\nfunc f[P any](a, b P) {}\nfunc g(u U40) { f(x, u) }\n"),
                                  got, sizeof got), "");
    assert_string_equal(errors_of(repeated("type T0[P any] struct{x P}\n", "type T%d[P any] struct{a, b T%p[P]}\n", 40,
                                           "var x T40[int]\nvar y = x == x\n"), got, sizeof got), "");
    assert_string_equal(errors_of(repeated("func f[P any]() { type T0 = struct{x P}\n", "type T%d = struct{a, b T%p}\n",
                                           40, "g[T40]() }\nfunc g[Q any]() {}\nfunc h() { f[int]() }\n"), got,
                                  sizeof got), "");
    errors_of(repeated("const s0 = \"abcdefgh\"\n", "const s%d = s%p + s%p\n", 40, ""), got, sizeof got);
    assert_non_null(strstr(got, "constant result is not representable"));
}

/* Generic types that would expand for ever. */
static void endless_types(void **state) {
    (void)state;
    static const Case cases[] = {
        {"type T[P any] struct{ *T[*P] }\nfunc f(x T[int]) { x.q() }",
         "2: x.q undefined (type T[int] has no field or method q)"},
        {"type N[P any] M[P]\ntype M[P any] N[[3]P]",
         "1: invalid recursive type N\n\tp.go:2:6: N refers to\n\tp.go:3:6: M refers to\n\tp.go:2:6: N"},
        {"type T[P any] struct{ f [0]T[[]P] }\nvar y = T[int]{} == T[int]{}", "1: invalid recursive type: T refers to itself"},
    };
    RUN(cases);
}

static Type *type_of(Program *p, const char *name) {
    Object *obj = scope_lookup(p->pkg->scope, name_of(p->s.names, name));
    assert_non_null(obj);
    return obj->type;
}

static void recorded_instances(void **state) {
    (void)state;
    Program p;
    check_text(&p, "func f[K comparable, V any](m map[K]V) V { panic(0) }\nvar x = f(map[string][]byte{})");
    assert_int_equal(p.diags.errors, 0);
    assert_int_equal(p.pkg->instances.len, 1);
    Node *call = p.pkg->inits.at[0].rhs;
    Instance *inst = sema_instance(p.pkg, call->call.fun);
    assert_non_null(inst);
    assert_int_equal(inst->targs.len, 2);
    assert_string_equal(type_str(&p.s, inst->targs.at[1], p.pkg), "[]byte");
    assert_string_equal(type_str(&p.s, inst->type, p.pkg), "func(m map[string][]byte) []byte");
    assert_string_equal(type_link_str(&p.s, type_of(&p, "x")), "[]uint8");
    arena_free(p.a);
}

static void local_types(void **state) {
    (void)state;
    Program p;
    check_text(&p, "func f[T any](x T) any { type L struct{ x T }; return L{x} }\nfunc g() any { type L int; return L(0) }");
    assert_int_equal(p.diags.errors, 0);
    assert_int_equal(p.pkg->types.len, 2);
    Type *l = p.pkg->types.at[0]->type;
    TypeVec *tparams = &type_of(&p, "f")->func.tparams;
    Type *in = type_basic(&p.s, BK_INT);
    TypeEnv env = {*tparams, {&in, 1, 1}};
    Type *li = type_subst(&p.s, l, &env);
    assert_string_equal(type_reflect_str(&p.s, li), "p.L[int]");
    assert_string_equal(type_str(&p.s, type_under(&p.s, li), p.pkg), "struct{x int}");
    assert_string_equal(type_link_str(&p.s, p.pkg->types.at[1]->type), "p.L\xC2\xB7" "2");
    arena_free(p.a);
}

static void promoted_methods(void **state) {
    (void)state;
    Program p;
    check_text(&p, "type E[T any] struct{ v T }\nfunc (e E[T]) Get() T { return e.v }\nfunc (e *E[T]) set(v T) { e.v = v }\n"
                   "type I interface{ Put() }\ntype S struct { E[int]; I }\ntype P struct { *E[string] }");
    assert_int_equal(p.diags.errors, 0);
    MethodSet *s = type_method_set(&p.s, type_of(&p, "S"));
    assert_int_equal(s->len, 2); /* Get and Put; set needs a pointer */
    assert_string_equal(type_str(&p.s, s->at[0]->obj->type, p.pkg), "func() int");
    assert_int_equal(type_method_set(&p.s, type_new_pointer(&p.s, type_of(&p, "S")))->len, 3);
    MethodSet *q = type_method_set(&p.s, type_of(&p, "P"));
    assert_int_equal(q->len, 2);
    assert_string_equal(q->at[1]->obj->name->text, "set");
    assert_true(q->at[1]->indirect);
    arena_free(p.a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inference),
        cmocka_unit_test(constraints),
        cmocka_unit_test(instantiation_cycles),
        cmocka_unit_test(huge_types),
        cmocka_unit_test(endless_types),
        cmocka_unit_test(recorded_instances),
        cmocka_unit_test(local_types),
        cmocka_unit_test(promoted_methods),
    };
    return cmocka_run_group_tests_name("sema_generics", tests, NULL, NULL);
}
