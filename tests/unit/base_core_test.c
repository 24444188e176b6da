/* Tests of base/: arenas, vectors, buffers, names, maps. */
#include "tests/unit/front_support.h"

static void arena_hands_out_zeroed_aligned_memory(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = arena_alloc(a, size);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
        memset(p, 0xff, size); /* a later allocation that overlapped would not be zero */
    }
    arena_free(a);
}

static void arena_big_objects_keep_the_current_chunk(void **state) {
    (void)state;
    Arena *a = arena_new();
    char *before = arena_alloc(a, 16);
    char *big = arena_alloc(a, 10 << 20);
    char *after = arena_alloc(a, 16);
    big[(10 << 20) - 1] = 1;
    assert_ptr_equal(after, before + 16);
    assert_int_equal(arena_used(a), (10 << 20) + 32);
    arena_free(a);
}

static void arena_big_object_first(void **state) {
    (void)state;
    Arena *a = arena_new();
    memset(arena_alloc(a, 1 << 20), 1, 1 << 20);
    memset(arena_alloc(a, 64), 1, 64);
    arena_free(a);
}

static void arena_images_are_mapped_where_they_were(void **state) {
    (void)state;
    Arena *a = arena_new_fixed();
    if (!a) skip(); /* the address is taken, as by a sanitizer */
    const char **first = NEW(a, const char *);
    *first = arena_strdup(a, "kept");
    assert_ptr_equal(arena_first(a), first);
    assert_null(arena_new_fixed());
    memset(arena_alloc(a, 3 << 20), 1, 3 << 20);
    size_t size;
    const void *bytes = arena_image(a, &size);
    FILE *f = tmpfile();
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fflush(f);
    arena_free(a);
    for (int i = 0; i < 2; i++) { /* the second time as if nothing had been done the first time */
        a = arena_map_image(fileno(f), size);
        assert_ptr_equal(arena_first(a), first);
        assert_string_equal(*first, "kept");
        *first = "changed";
        unsigned char *more = arena_alloc(a, 5 << 20);
        for (int k = 0; k < 5 << 20; k++) assert_int_equal(more[k], 0);
        arena_free(a);
    }
    fclose(f);
}

static void arena_at_a_fixed_address_may_outgrow_it(void **state) {
    (void)state;
    Arena *a = arena_new_fixed();
    if (!a) skip();
    char *p = arena_strdup(a, "first");
    for (int i = 0; i < 300; i++) memset(arena_alloc(a, 1 << 20), 1, 64);
    size_t size;
    assert_null(arena_image(a, &size));
    assert_string_equal(p, "first");
    arena_free(a);
    a = arena_new_fixed();
    assert_non_null(a);
    arena_free(a);
}

static void arena_strings(void **state) {
    (void)state;
    Arena *a = arena_new();
    assert_string_equal(arena_strndup(a, "hello", 3), "hel");
    assert_string_equal(arena_printf(a, "%d-%s", 42, "x"), "42-x");
    assert_string_equal(arena_strdup(a, ""), "");
    arena_free(a);
}

static void vec_grows(void **state) {
    (void)state;
    Arena *a = arena_new();
    VEC(int) v = {0};
    for (int i = 0; i < 10000; i++) vec_push(a, &v, i);
    assert_int_equal(v.len, 10000);
    for (int i = 0; i < 10000; i++) assert_int_equal(v.at[i], i);
    assert_int_equal(vec_last(&v), 9999);
    arena_free(a);
}

static void buf_is_always_terminated(void **state) {
    (void)state;
    Buf b = {0};
    buf_put(&b, "", 0);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 1000; i++) buf_printf(&b, "%d,", i);
    assert_int_equal(strlen(b.data), b.len);
    assert_memory_equal(b.data, "0,1,2,", 6);
    buf_free(&b);
    assert_null(b.data);
}

static void names_are_unique(void **state) {
    (void)state;
    Arena *a = arena_new();
    NameTable *t = names_new(a);
    const Name *first[5000];
    char text[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "name%d", i);
        first[i] = name_of(t, text);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "name%d", i);
        assert_ptr_equal(name_of(t, text), first[i]);
        assert_string_equal(first[i]->text, text);
    }
    assert_ptr_equal(name_ofn(t, "name1x", 5), first[1]);
    assert_true(name_is(first[1], "name1"));
    assert_false(name_is(first[1], "name"));
    assert_false(name_is(first[1], "name12"));
    assert_int_equal(name_ofn(t, "a\0b", 3)->len, 3);
    assert_ptr_not_equal(name_ofn(t, "a\0b", 3), name_of(t, "a"));
    arena_free(a);
}

static void ptrmap_keeps_what_was_put(void **state) {
    (void)state;
    Arena *a = arena_new();
    PtrMap m = {0};
    static char keys[3000], vals[3000];
    assert_null(ptrmap_get(&m, keys));
    for (int i = 0; i < 3000; i++) ptrmap_put(a, &m, &keys[i], &vals[i]);
    assert_int_equal(m.len, 3000);
    for (int i = 0; i < 3000; i++) assert_ptr_equal(ptrmap_get(&m, &keys[i]), &vals[i]);
    ptrmap_put(a, &m, &keys[7], NULL);
    assert_null(ptrmap_get(&m, &keys[7]));
    assert_int_equal(m.len, 3000);
    assert_null(ptrmap_get(&m, vals));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_hands_out_zeroed_aligned_memory),
        cmocka_unit_test(arena_big_objects_keep_the_current_chunk),
        cmocka_unit_test(arena_big_object_first),
        cmocka_unit_test(arena_images_are_mapped_where_they_were), cmocka_unit_test(arena_at_a_fixed_address_may_outgrow_it),
        cmocka_unit_test(arena_strings),
        cmocka_unit_test(vec_grows),
        cmocka_unit_test(buf_is_always_terminated),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(ptrmap_keeps_what_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
