/* Strings, slices, interfaces, printing, arithmetic and the heap of the runtime. */
#include "rt_support.h"
#include <math.h>
#include <stdio.h>

/* ---- strings ---- */

static void test_concat(void **state) {
    (void)state;
    GoString parts[] = {text_of("ab"), {0}, text_of("c"), text_of(""), text_of("defghijklmnopqrstuvwxyz")};
    assert_true(same_text(rt_string_concat(parts, 5), "abcdefghijklmnopqrstuvwxyz"));
    assert_ptr_equal(rt_string_concat(parts, 2).ptr, parts[0].ptr); /* a single part is not copied */
    assert_int_equal(rt_string_concat(parts + 1, 1).len, 0);
}

static void test_compare(void **state) {
    (void)state;
    static const char *const sorted[] = {"", "a", "aa", "ab", "abcdefghij", "b", "\xff"};
    for (int i = 0; i < RT_COUNT(sorted); i++)
        for (int k = 0; k < RT_COUNT(sorted); k++) {
            GoString a = text_of(sorted[i]), b = text_of(sorted[k]);
            assert_int_equal(rt_string_compare(a, b), (i > k) - (i < k));
            assert_int_equal(rt_string_equal(a, b), i == k);
        }
    assert_true(rt_string_equal((GoString){0}, text_of("")));
}

/* Sequences and what they decode to: rune, length; then every prefix of a longer one is one bad byte. */
static void test_utf8(void **state) {
    (void)state;
    static const struct { const char *s; int32_t rune; int len; } cases[] = {
        {"a", 'a', 1}, {"\x7f", 0x7f, 1}, {"\xc2\x80", 0x80, 2}, {"\xdf\xbf", 0x7ff, 2}, {"\xe0\xa0\x80", 0x800, 3},
        {"\xef\xbf\xbd", 0xfffd, 3}, {"\xf0\x90\x80\x80", 0x10000, 4}, {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
        {"\x80", 0xfffd, 1}, {"\xc0\x80", 0xfffd, 1}, {"\xc1\xbf", 0xfffd, 1}, {"\xe0\x80\x80", 0xfffd, 1},
        {"\xe0\x9f\xbf", 0xfffd, 1}, {"\xed\xa0\x80", 0xfffd, 1}, {"\xed\xbf\xbf", 0xfffd, 1}, {"\xed\x9f\xbf", 0xd7ff, 3},
        {"\xf0\x8f\xbf\xbf", 0xfffd, 1}, {"\xf4\x90\x80\x80", 0xfffd, 1}, {"\xf5\x80\x80\x80", 0xfffd, 1},
        {"\xff", 0xfffd, 1}, {"\xe2\x82", 0xfffd, 1}, {"\xe2\x28\xa1", 0xfffd, 1}, {"\xf0\x9f\x98", 0xfffd, 1},
    };
    for (int i = 0; i < RT_COUNT(cases); i++) {
        int32_t r;
        assert_int_equal(rt_decode_rune(text_of(cases[i].s), 0, &r), cases[i].len);
        assert_int_equal(r, cases[i].rune);
    }
    assert_int_equal(rt_count_runes(text_of("a\xc2\x80\xff\xe2\x82")), 5);
}

static void test_rune_round_trip(void **state) {
    (void)state;
    for (int64_t r = 0; r <= 0x110000; r += r < 0x3000 ? 1 : 97) {
        GoString s = rt_string_from_rune(r);
        int32_t back;
        assert_int_equal(rt_decode_rune(s, 0, &back), s.len);
        bool valid = r <= 0x10ffff && (r < 0xd800 || r > 0xdfff);
        assert_int_equal(back, valid ? r : 0xfffd);
    }
    assert_true(same_text(rt_string_from_rune(-1), "\xef\xbf\xbd"));
    assert_true(same_text(rt_string_from_rune((int64_t)1 << 40), "\xef\xbf\xbd"));
}

static void test_conversions(void **state) {
    (void)state;
    GoSlice runes = rt_runes_from_string(text_of("h\xc3\xa9\xffo"));
    static const int32_t want[] = {'h', 0xe9, 0xfffd, 'o'};
    assert_int_equal(runes.len, 4);
    assert_int_equal(runes.cap, 4);
    assert_memory_equal(runes.ptr, want, sizeof want);
    assert_true(same_text(rt_string_from_runes(want, 4), "h\xc3\xa9\xef\xbf\xbdo"));
    GoSlice bytes = rt_bytes_from_string(text_of("hello"));
    assert_int_equal(bytes.len, 5);
    assert_int_equal(bytes.cap, 8);
    assert_true(same_text(rt_string_from_bytes(bytes.ptr, 5), "hello"));
    assert_true(same_text(rt_string_from_bytes((const uint8_t *)"x", 1), "x"));
    assert_int_equal(rt_string_from_bytes(NULL, 0).len, 0);
}

/* ---- slices ---- */

static GoType byte_type = {.size = 1}, word_type = {.size = 8}, ptr_type = {.size = 8, .ptr_bytes = 8};
static GoType odd_type = {.size = 24}, empty_type = {.size = 0}, huge_type = {.size = (uint64_t)1 << 40};

/* Capacities as Go 1.23 has them, growing one by one from nothing. */
static void test_growth(void **state) {
    (void)state;
    static const struct { const GoType *elem; int64_t caps[14]; } cases[] = {
        {&byte_type, {8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376, 6912}},
        {&word_type, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560}},
        {&odd_type, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 853, 1365, 2048, 3072}},
        {&ptr_type, {1, 2, 4, 8, 16, 32, 64, 143, 287, 607, 1023, 1535, 2303, 3071}},
    };
    for (int i = 0; i < RT_COUNT(cases); i++) {
        GoSlice s = {0};
        for (int k = 0; k < RT_COUNT(cases[i].caps); k++) {
            s = rt_grow_slice(cases[i].elem, s.ptr, s.cap, s.cap, s.cap + 1);
            assert_int_equal(s.cap, cases[i].caps[k]);
        }
    }
    GoSlice s = rt_grow_slice(&byte_type, NULL, 0, 0, 5);
    assert_int_equal(s.cap, 8);
    s = rt_grow_slice(&empty_type, NULL, 0, 0, 5);
    assert_int_equal(s.cap, 5);
    assert_non_null(s.ptr);
}

static void test_growth_keeps(void **state) {
    (void)state;
    GoSlice s = {0};
    for (int64_t i = 0; i < 10000; i++) {
        if (s.len == s.cap) s = rt_grow_slice(&word_type, s.ptr, s.len, s.cap, s.len + 1);
        else s.len++;
        ((int64_t *)s.ptr)[i] = i;
    }
    for (int64_t i = 0; i < 10000; i++) assert_int_equal(((int64_t *)s.ptr)[i], i);
}

static void test_size_classes(void **state) {
    (void)state;
    assert_int_equal(rt_heap_round(0, true), 0);
    assert_int_equal(rt_heap_round(1, true), 8);
    assert_int_equal(rt_heap_round(33, true), 48);
    assert_int_equal(rt_heap_round(1025, true), 1152);
    assert_int_equal(rt_heap_round(512, false), 512);
    assert_int_equal(rt_heap_round(520, false), 576 - 8);
    assert_int_equal(rt_heap_round(32768, true), 32768);
    assert_int_equal(rt_heap_round(32769, true), 40960);
    size_t last = 0;
    for (size_t n = 1; n < 40000; n++) {
        size_t r = rt_heap_round(n, true);
        assert_true(r >= n && r >= last && rt_heap_round(r, true) == r);
        last = r;
    }
}

static void bad_slices(void *arg) {
    switch (*(int *)arg) {
    case 0: rt_make_slice(&word_type, -1, 5); break;
    case 1: rt_make_slice(&word_type, 5, 4); break;
    case 2: rt_make_slice(&word_type, (int64_t)1 << 60, (int64_t)1 << 60); break;
    case 3: rt_make_slice(&word_type, 1, (int64_t)1 << 60); break;
    case 4: rt_grow_slice(&huge_type, NULL, 0, 0, (int64_t)1 << 30); break;
    case 5: rt_unsafe_slice(&word_type, &word_type, -1); break;
    case 6: rt_unsafe_slice(&word_type, NULL, 1); break;
    case 7: rt_unsafe_slice(&word_type, &word_type, INT64_MAX); break;
    case 8: rt_unsafe_string(NULL, 1); break;
    case 9: rt_unsafe_string(&word_type, -1); break;
    }
}

static void test_bad_slices(void **state) {
    (void)state;
    static const char *const want[] = {
        "runtime error: makeslice: len out of range",
        "runtime error: makeslice: cap out of range",
        "runtime error: makeslice: len out of range",
        "runtime error: makeslice: cap out of range",
        "runtime error: growslice: len out of range",
        "runtime error: unsafe.Slice: len out of range",
        "runtime error: unsafe.Slice: ptr is nil and len is not zero",
        "runtime error: unsafe.Slice: len out of range",
        "runtime error: unsafe.String: ptr is nil and len is not zero",
        "runtime error: unsafe.String: len out of range",
    };
    for (int i = 0; i < RT_COUNT(want); i++) assert_panics(bad_slices, &i, want[i]);
    rt_unsafe_slice(&word_type, NULL, 0);
    rt_unsafe_string(NULL, 0);
    assert_non_null(rt_make_slice(&empty_type, 100, 100));
}

/* ---- the heap ---- */

static void test_heap(void **state) {
    (void)state;
    for (size_t n = 1; n < 3000; n += 7) {
        uint8_t *p = rt_heap_alloc(n, n % 2 ? &ptr_type : NULL);
        assert_int_equal((uintptr_t)p % (n % 16 ? 8 : 16), 0);
        for (size_t i = 0; i < n; i++) assert_int_equal(p[i], 0);
        memset(p, 0xff, n);
    }
    uint8_t *big = rt_heap_alloc(200 << 20, NULL);
    big[(200 << 20) - 1] = 1;
    assert_ptr_equal(rt_heap_alloc(0, NULL), rt_zero_base);
    assert_int_equal(*(uint64_t *)rt_box_small(255), 255);
    assert_ptr_equal(rt_box_small(7), rt_box_small(7));
    assert_int_equal(*(uint64_t *)rt_box_small(1 << 20), 1 << 20);
}

/* ---- interfaces ---- */

/* Named types with methods, and interfaces, as the compiler lays them out. */
typedef struct TestType { GoType t; GoUncommon u; GoMethod m[3]; } TestType;
typedef struct TestNames { uint8_t self[40], pkg[40], a[40], b[40], c[40]; } TestNames;

static GoString method_a(void *r) { (void)r; return text_of("a"); }
static GoString method_b(void *r) { (void)r; return text_of("b"); }

static void put_method(GoMethod *m, uint8_t *buf, unsigned flags, const char *name, void *code) {
    *m = (GoMethod){put_name(buf, flags, name), (int32_t)(uintptr_t)&rt_type_func_string, (int32_t)(uintptr_t)code,
                    (int32_t)(uintptr_t)code};
}

static void make_type(TestType *t, TestNames *n, const char *name, const char *pkg) {
    memset(t, 0, sizeof *t);
    t->t = (GoType){.size = 8, .kind = GK_INT, .tflag = TF_UNCOMMON | TF_NAMED, .str = put_name(n->self, 1, name)};
    t->u = (GoUncommon){.pkg_path = put_name(n->pkg, 0, pkg), .moff = sizeof(GoUncommon)};
}

static void make_interface(GoInterfaceType *i, GoImethod *methods, TestNames *n, const char *name, const char *pkg) {
    *i = (GoInterfaceType){.t = {.size = 16, .kind = GK_INTERFACE, .str = put_name(n->self, 1, name)}};
    put_name(n->pkg, 0, pkg);
    i->pkg_path = n->pkg;
    i->methods = methods;
}

static void add_imethod(GoInterfaceType *i, uint8_t *buf, unsigned flags, const char *name) {
    i->methods[i->nmethods++] = (GoImethod){put_name(buf, flags, name), (int32_t)(uintptr_t)&rt_type_func_string};
}

static struct { const GoInterfaceType *inter; const GoType *type; } assertion;
static void do_assert(void *arg) { (void)arg; rt_assert_itab(assertion.inter, assertion.type); }

static void test_itabs(void **state) {
    (void)state;
    static TestType t, other;
    static TestNames tn, on, in, un;
    static GoInterfaceType inter, unexported;
    static GoImethod im[2], um[1];
    make_type(&t, &tn, "main.T", "main");
    put_method(&t.m[0], tn.a, 1, "A", (void *)method_b);
    put_method(&t.m[1], tn.b, 1, "B", (void *)method_a);
    put_method(&t.m[2], tn.c, 0, "hidden", (void *)method_a);
    t.u.mcount = 3, t.u.xcount = 2;
    make_type(&other, &on, "main.Other", "other/main");
    put_method(&other.m[0], on.a, 1, "A", (void *)method_a);
    put_method(&other.m[1], on.c, 0, "hidden", (void *)method_a);
    other.u.mcount = 2, other.u.xcount = 1;
    make_interface(&inter, im, &in, "main.I", "main");
    add_imethod(&inter, in.a, 1, "A");
    add_imethod(&inter, in.b, 1, "B");
    make_interface(&unexported, um, &un, "main.U", "main");
    add_imethod(&unexported, un.a, 0, "hidden");

    const GoItab *tab = rt_itab(&inter, &t.t);
    assert_non_null(tab);
    assert_ptr_equal(tab->fun[0], method_b);
    assert_ptr_equal(tab->fun[1], method_a);
    assert_ptr_equal(rt_itab(&inter, &t.t), tab);
    assert_null(rt_itab(&inter, &other.t));
    assert_null(rt_itab(&inter, NULL));
    assert_non_null(rt_itab(&unexported, &t.t));
    assert_null(rt_itab(&unexported, &other.t)); /* same name, another package's method */

    assertion.inter = &inter, assertion.type = &other.t;
    assert_panics(do_assert, NULL, "interface conversion: main.Other is not main.I: missing method B");
    assertion.type = NULL;
    assert_panics(do_assert, NULL, "interface conversion: interface is nil, not main.I");
    GoIface a = {tab, &t}, b = {rt_itab(&unexported, &t.t), &t};
    t.t.equal = NULL;
    assert_false(rt_iface_equal(a, (GoIface){0}));
    assert_true(rt_iface_equal((GoIface){0}, (GoIface){0}));
    static GoClosure equal;
    extern bool rt_alg_string_equal(const void *, const void *, const GoClosure *);
    equal.code = (void *)rt_alg_string_equal;
    t.t.equal = &equal;
    assert_true(rt_iface_equal(a, b)); /* other interface, same type and value */
}

/* Many pairs: the cache grows. */
static void test_many_itabs(void **state) {
    (void)state;
    enum { TYPES = 1500 };
    static TestType types[TYPES];
    static TestNames names, inames;
    static GoInterfaceType inter;
    static GoImethod im[1];
    make_interface(&inter, im, &inames, "main.J", "main");
    add_imethod(&inter, inames.a, 1, "A");
    for (int i = 0; i < TYPES; i++) {
        make_type(&types[i], &names, "main.X", "main");
        put_method(&types[i].m[0], names.a, 1, i % 2 ? "A" : "A", (void *)method_a);
        types[i].u.mcount = types[i].u.xcount = (uint16_t)(i % 2);
    }
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < TYPES; i++) {
            const GoItab *tab = rt_itab(&inter, &types[i].t);
            assert_int_equal(tab != NULL, i % 2);
            if (tab) assert_ptr_equal(tab->type, &types[i].t);
        }
}

static struct { const GoType *have, *want, *iface; } conversion;
static void convert(void *arg) { (void)arg; rt_panic_dottype(conversion.have, conversion.want, conversion.iface); }
static void compare_uncomparable(void *arg) { (void)arg; rt_ifacedata_equal(&word_type, NULL, NULL); }

static void test_conversion_errors(void **state) {
    (void)state;
    static TestType t, same, far;
    static TestNames tn, sn, fn;
    static uint8_t any[32], ints[32];
    static GoType any_type = {.size = 16, .kind = GK_INTERFACE};
    any_type.str = put_name(any, 0, "interface {}");
    make_type(&t, &tn, "main.T", "main");
    make_type(&same, &sn, "main.T", "main");
    make_type(&far, &fn, "main.T", "x/main");
    conversion.iface = &any_type, conversion.have = &rt_type_string, conversion.want = &t.t;
    assert_panics(convert, NULL, "interface conversion: interface {} is string, not main.T");
    conversion.have = NULL;
    assert_panics(convert, NULL, "interface conversion: interface {} is nil, not main.T");
    conversion.have = &same.t;
    assert_panics(convert, NULL, "interface conversion: interface {} is main.T, not main.T (types from different scopes)");
    conversion.have = &far.t;
    assert_panics(convert, NULL, "interface conversion: interface {} is main.T, not main.T (types from different packages)");
    word_type.str = put_name(ints, 0, "[]int");
    assert_panics(compare_uncomparable, NULL, "runtime error: comparing uncomparable type []int");
}

static void test_offsets(void **state) {
    (void)state;
    int32_t off[3000];
    for (int i = 0; i < 3000; i++) {
        off[i] = rt_add_off(&off[i]);
        assert_true(off[i] < 0);
    }
    for (int i = 0; i < 3000; i++) assert_ptr_equal(rt_resolve_off(off[i]), &off[i]);
}

/* ---- printing ---- */

static Death printed;

static void print_everything(void *arg) {
    (void)arg;
    static const double floats[] = {0, -0.0, 1, 1.5, -123456789, 1e100, 5e-324, 9.9999999e9, 0.1, 1.7976931348623157e308};
    rt_print_lock();
    for (int i = 0; i < RT_COUNT(floats); i++) rt_print_float(floats[i]), rt_print_space();
    rt_print_float(NAN), rt_print_float(INFINITY), rt_print_float(-INFINITY), rt_print_nl();
    rt_print_complex(1, -2), rt_print_space(), rt_print_bool(true), rt_print_bool(false), rt_print_nl();
    rt_print_int(INT64_MIN), rt_print_space(), rt_print_uint(UINT64_MAX), rt_print_space(), rt_print_int(0), rt_print_nl();
    rt_print_slice((void *)0x1f, 3, 4), rt_print_space(), rt_print_eface((GoEface){NULL, (void *)16}), rt_print_nl();
    rt_print_pointer(NULL), rt_print_space(), rt_print_string(text_of("text")), rt_print_string((GoString){0}), rt_print_nl();
    rt_print_unlock();
}

static void test_print(void **state) {
    (void)state;
    run_dying(&printed, print_everything, NULL);
    assert_string_equal(printed.text,
                        "+0.000000e+000 -0.000000e+000 +1.000000e+000 +1.500000e+000 -1.234568e+008 +1.000000e+100 "
                        "+4.940656e-324 +1.000000e+010 +1.000000e-001 +1.797693e+308 NaN+Inf-Inf\n"
                        "(+1.000000e+000-2.000000e+000i) truefalse\n"
                        "-9223372036854775808 18446744073709551615 0\n"
                        "[3/4]0x1f (0x0,0x10)\n"
                        "0x0 text\n");
}

static void print_long(void *arg) {
    (void)arg;
    static uint8_t text[3000];
    memset(text, 'x', sizeof text);
    rt_print_lock();
    for (int i = 0; i < 300; i++) rt_print_int(i % 10);
    rt_print_string((GoString){text, sizeof text});
    for (int i = 0; i < 2000; i++) rt_print_int(i % 10);
    rt_print_unlock();
}

static void test_print_long(void **state) {
    (void)state;
    run_dying(&printed, print_long, NULL);
    assert_int_equal(printed.len, 300 + 3000 + 2000);
    for (int i = 0; i < 300; i++) assert_int_equal(printed.text[i], '0' + i % 10);
    for (int i = 0; i < 2000; i++) assert_int_equal(printed.text[3300 + i], '0' + i % 10);
}

/* ---- arithmetic ---- */

static void assert_same_double(double a, double b) {
    if (isnan(a) && isnan(b)) return;
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_complex_division(void **state) {
    (void)state;
    const double inf = INFINITY, nan = NAN;
    const struct { double a, b, c, d, re, im; } cases[] = {
        {1, 2, 3, 4, 0.44, 0.08},     {1, 1, 0, 0, inf, inf},     {0, 0, 0, 0, nan, nan}, {inf, 1, 1, 1, inf, -inf},
        {1, 1, inf, 0, 0, 0},         {1, 1, inf, inf, 0, 0},     {nan, nan, 1, 1, nan, nan}, {1e300, 1e300, 1e300, 1e300, 1, 0},
        {-1, 2, -0.0, 0, inf, -inf},
    };
    for (int i = 0; i < RT_COUNT(cases); i++) {
        _Complex double q = rt_complex_div(cases[i].a, cases[i].b, cases[i].c, cases[i].d);
        assert_same_double(__real__ q, cases[i].re);
        assert_same_double(__imag__ q, cases[i].im);
    }
}

static void test_fmod(void **state) {
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        double v[2];
        for (int k = 0; k < 2; k++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            memcpy(&v[k], &x, 8);
            if (i % 3 == 0) v[k] = (double)(x % 1000) - 500;
        }
        assert_same_double(rt_fmod(v[0], v[1]), fmod(v[0], v[1]));
    }
    assert_same_double(rt_fmod(5e-324, 3), 5e-324);
    assert_same_double(rt_fmod(1e300, 5e-324), 0);
    assert_same_double(rt_fmod(-6, 3), -0.0);
    assert_same_double(rt_fmod(3, INFINITY), 3);
    assert_true(isnan(rt_fmod(INFINITY, 3)) && isnan(rt_fmod(3, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_concat),       cmocka_unit_test(test_compare),      cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_rune_round_trip), cmocka_unit_test(test_conversions), cmocka_unit_test(test_growth),
        cmocka_unit_test(test_growth_keeps), cmocka_unit_test(test_size_classes), cmocka_unit_test(test_bad_slices),
        cmocka_unit_test(test_heap),         cmocka_unit_test(test_itabs),        cmocka_unit_test(test_many_itabs),
        cmocka_unit_test(test_conversion_errors), cmocka_unit_test(test_offsets), cmocka_unit_test(test_print),
        cmocka_unit_test(test_print_long),   cmocka_unit_test(test_complex_division), cmocka_unit_test(test_fmod),
    };
    return cmocka_run_group_tests(tests, start_runtime, NULL);
}
