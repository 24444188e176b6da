/* Constant values: exactness, the way from small to big integers and from fractions to rounded floats, and text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "sema/constant.h"

static int setup(void **state) {
    *state = arena_new();
    return 0;
}

static int teardown(void **state) {
    arena_free(*state);
    return 0;
}

static ConstVal *lit(Arena *a, TokKind tok, const char *text) { return cv_literal(a, tok, text, strlen(text)); }

static ConstVal *num(Arena *a, const char *text) {
    size_t n = strlen(text);
    if (text[n - 1] == 'i') return lit(a, TK_IMAG, text);
    bool hex = strncmp(text, "0x", 2) == 0;
    return lit(a, strpbrk(text, hex ? "p" : ".e") ? TK_FLOAT : TK_INT, text);
}

#define assert_text(v, want) assert_string_equal(cv_text(a, v), want)

static void literals(void **state) {
    Arena *a = *state;
    static const struct { TokKind tok; const char *text, *want; } cases[] = {
        {TK_INT, "0", "0"},
        {TK_INT, "1_000", "1000"},
        {TK_INT, "0755", "493"},
        {TK_INT, "0o755", "493"},
        {TK_INT, "0b1010", "10"},
        {TK_INT, "0xFFFF_FFFF_FFFF_FFFF", "18446744073709551615"},
        {TK_INT, "340282366920938463463374607431768211456", "340282366920938463463374607431768211456"},
        {TK_FLOAT, "1.5", "1.5"},
        {TK_FLOAT, "1e3", "1000"},
        {TK_FLOAT, ".25e1", "2.5"},
        {TK_FLOAT, "0x1p-2", "0.25"},
        {TK_FLOAT, "0x1.8p1", "3"},
        {TK_FLOAT, "1e1000", "1e+1000"},
        {TK_FLOAT, "1e-1000000", "1e-1000000"},
        {TK_FLOAT, "123456.5", "123456.5"},
        {TK_FLOAT, "0e1886451601", "0"},
        {TK_FLOAT, "6e-1886451601", "0"},
        {TK_IMAG, "2i", "(0 + 2i)"},
        {TK_IMAG, "0123i", "(0 + 123i)"},
        {TK_IMAG, "0x10i", "(0 + 16i)"},
        {TK_IMAG, "1.5e1i", "(0 + 15i)"},
        {TK_CHAR, "'a'", "97"},
        {TK_CHAR, "'\\n'", "10"},
        {TK_CHAR, "'\\xff'", "255"},
        {TK_CHAR, "'\xC3\xBF'", "255"},
        {TK_CHAR, "'\\U0010ffff'", "1114111"},
        {TK_STRING, "\"a\\tb\"", "\"a\\tb\""},
        {TK_STRING, "`a\nb`", "\"a\\nb\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ConstVal *v = lit(a, cases[i].tok, cases[i].text);
        assert_non_null(v);
        assert_text(v, cases[i].want);
    }
    assert_null(lit(a, TK_FLOAT, "1e1000000000"));
}

static void integers_grow_and_shrink(void **state) {
    Arena *a = *state;
    ConstVal *max = cv_int(a, INT64_MAX);
    ConstVal *more = cv_binary(a, TK_ADD, max, cv_int(a, 1), false);
    assert_text(more, "9223372036854775808");
    assert_int_equal(cv_bit_len(more), 64);
    int64_t i;
    uint64_t u;
    assert_false(cv_int64(more, &i));
    assert_true(cv_uint64(more, &u));
    assert_true(u == 1ull << 63);
    ConstVal *back = cv_binary(a, TK_SUB, more, cv_int(a, 1), false);
    assert_true(cv_int64(back, &i));
    assert_true(i == INT64_MAX);
    assert_true(cv_equal(back, max));
    assert_text(cv_unary(a, TK_SUB, cv_int(a, INT64_MIN), 0), "9223372036854775808");
    assert_text(cv_binary(a, TK_QUO, cv_int(a, INT64_MIN), cv_int(a, -1), true), "9223372036854775808");
    assert_text(cv_binary(a, TK_REM, cv_int(a, INT64_MIN), cv_int(a, -1), true), "0");
    assert_text(cv_binary(a, TK_MUL, max, max, false), "85070591730234615847396907784232501249");
}

static void division(void **state) {
    Arena *a = *state;
    assert_text(cv_binary(a, TK_QUO, cv_int(a, -7), cv_int(a, 2), true), "-3");
    assert_text(cv_binary(a, TK_REM, cv_int(a, -7), cv_int(a, 2), true), "-1");
    ConstVal *third = cv_binary(a, TK_QUO, cv_int(a, 1), cv_int(a, 3), false);
    assert_int_equal(cv_kind(third), CV_FLOAT);
    assert_string_equal(cv_exact_text(a, third), "1.0/3");
    ConstVal *one = cv_to_int(a, cv_binary(a, TK_MUL, third, cv_int(a, 3), false));
    assert_non_null(one);
    assert_text(one, "1");
    assert_text(cv_binary(a, TK_QUO, num(a, "1e400"), num(a, "1e399"), false), "10");
}

static void bits(void **state) {
    Arena *a = *state;
    ConstVal *big = cv_shift(a, TK_SHL, cv_int(a, 1), 100);
    assert_int_equal(cv_bit_len(big), 101);
    assert_text(cv_shift(a, TK_SHR, big, 98), "4");
    assert_text(cv_shift(a, TK_SHR, cv_int(a, -5), 1), "-3");
    assert_text(cv_shift(a, TK_SHR, cv_int(a, -5), 1000), "-1");
    assert_text(cv_unary(a, TK_XOR, cv_int(a, 0), 0), "-1");
    assert_text(cv_unary(a, TK_XOR, cv_int(a, 1), 8), "254");
    assert_text(cv_unary(a, TK_XOR, cv_int(a, 0), 64), "18446744073709551615");
    assert_text(cv_binary(a, TK_AND_NOT, cv_int(a, 0xFF), cv_int(a, 0x0F), false), "240");
    assert_text(cv_binary(a, TK_AND, big, cv_unary(a, TK_XOR, cv_int(a, 0), 0), false),
                "1267650600228229401496703205376");
    assert_text(cv_truncate(a, cv_int(a, 300), 8, false), "44");
    assert_text(cv_truncate(a, cv_int(a, 200), 8, true), "-56");
    assert_text(cv_truncate(a, cv_unary(a, TK_SUB, big, 0), 64, true), "0");
}

static void rounding(void **state) {
    Arena *a = *state;
    assert_true(cv_double(num(a, "0.1")) == 0.1);
    assert_true(cv_single(num(a, "0.1")) == 0.1f);
    assert_true(cv_double(num(a, "4.9e-324")) == 4.9e-324);
    assert_true(cv_double(num(a, "1e-400")) == 0);
    assert_true(isinf(cv_double(num(a, "1e400"))));
    assert_null(cv_round_float64(a, num(a, "1e309")));
    assert_null(cv_round_float32(a, num(a, "1e39")));
    /* 1 + 2^-24 + a little: rounding to a double first would lose the little, and then go to even. */
    ConstVal *v = cv_binary(a, TK_ADD, num(a, "0x1.000001p0"), num(a, "0x1p-80"), false);
    assert_true(cv_single(v) == 0x1.000002p0f);
    assert_text(cv_round_float32(a, num(a, "16777217.0")), "1.67772e+07");
    assert_true(cv_double(cv_round_float32(a, num(a, "16777217.0"))) == 16777216.0);
}

static void float_to_int(void **state) {
    Arena *a = *state;
    assert_null(cv_to_int(a, num(a, "1.5")));
    assert_text(cv_to_int(a, num(a, "1e20")), "100000000000000000000");
    assert_null(cv_to_int(a, num(a, "1e10000")));
    assert_text(cv_to_int(a, num(a, "5e-1000")) ? cv_int(a, 1) : cv_int(a, 0), "0");
    ConstVal *c = cv_complex(a, cv_int(a, 3), cv_float(a, 0));
    assert_text(cv_to_int(a, c), "3");
    assert_null(cv_to_int(a, num(a, "3i")));
}

static void complex_numbers(void **state) {
    Arena *a = *state;
    ConstVal *x = cv_binary(a, TK_ADD, cv_int(a, 1), num(a, "2i"), false);
    assert_text(x, "(1 + 2i)");
    assert_text(cv_binary(a, TK_MUL, x, x, false), "(-3 + 4i)");
    assert_text(cv_binary(a, TK_QUO, x, x, false), "(1 + 0i)");
    assert_text(cv_unary(a, TK_SUB, x, 0), "(-1 + -2i)");
    assert_true(cv_compare(TK_EQL, cv_int(a, 2), cv_complex(a, cv_int(a, 2), cv_int(a, 0))));
    assert_true(cv_compare(TK_NEQ, cv_int(a, 2), x));
    assert_string_equal(cv_exact_text(a, x), "complex(1, 2.0)");
}

static void comparison(void **state) {
    Arena *a = *state;
    assert_true(cv_compare(TK_LSS, cv_int(a, 1), num(a, "1.5")));
    assert_true(cv_compare(TK_GTR, num(a, "1e5000"), cv_shift(a, TK_SHL, cv_int(a, 1), 500)));
    assert_true(cv_compare(TK_LEQ, cv_string(a, "a", 1), cv_string(a, "ab", 2)));
    assert_true(cv_compare(TK_EQL, cv_bool(a, true), cv_bool(a, true)));
    assert_false(cv_equal(cv_int(a, 1), cv_float(a, 1)));
    assert_true(cv_equal(num(a, "0.5"), cv_binary(a, TK_QUO, cv_int(a, 1), cv_int(a, 2), false)));
    assert_true(cv_hash(num(a, "0.5")) == cv_hash(num(a, "5e-1")));
}

static void long_sums_of_strings(void **state) {
    Arena *a = *state;
    enum { N = 100000 };
    ConstVal *left = cv_string(a, "", 0), *right = left;
    for (int i = 0; i < N; i++) {
        left = cv_binary(a, TK_ADD, left, cv_string(a, i % 2 ? "b" : "a", 1), false);
        right = cv_binary(a, TK_ADD, cv_string(a, i % 2 ? "a" : "b", 1), right, false);
    }
    size_t n, m;
    const char *l = cv_string_value(left, &n), *r = cv_string_value(right, &m);
    assert_int_equal(n, N);
    assert_int_equal(m, N);
    assert_memory_equal(l, r, N);
}

static void text_of_strings(void **state) {
    Arena *a = *state;
    assert_text(cv_string(a, "\x01\xFF\xC3\xA4\"", 5), "\"\\x01\\xff\xC3\xA4\\\"\"");
    char buf[100];
    memset(buf, 'x', sizeof buf);
    char *text = cv_text(a, cv_string(a, buf, sizeof buf));
    assert_int_equal(strlen(text), 72);
    assert_string_equal(text + 69, "...");
    assert_string_equal(cv_exact_text(a, cv_string(a, "a\0b", 3)), "\"a\\x00b\"");
}

static void exact_text_reads_back(void **state) {
    Arena *a = *state;
    ConstVal *huge = num(a, "1.234e10000");
    ConstVal *again = lit(a, TK_FLOAT, cv_exact_text(a, huge));
    assert_non_null(again);
    assert_true(cv_compare(TK_EQL, huge, again));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(literals, setup, teardown),
        cmocka_unit_test_setup_teardown(integers_grow_and_shrink, setup, teardown),
        cmocka_unit_test_setup_teardown(division, setup, teardown),
        cmocka_unit_test_setup_teardown(bits, setup, teardown),
        cmocka_unit_test_setup_teardown(rounding, setup, teardown),
        cmocka_unit_test_setup_teardown(float_to_int, setup, teardown),
        cmocka_unit_test_setup_teardown(complex_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(comparison, setup, teardown),
        cmocka_unit_test_setup_teardown(long_sums_of_strings, setup, teardown),
        cmocka_unit_test_setup_teardown(text_of_strings, setup, teardown),
        cmocka_unit_test_setup_teardown(exact_text_reads_back, setup, teardown),
    };
    return cmocka_run_group_tests_name("sema_constant", tests, NULL, NULL);
}
