/* Tests of base/: positions, line directives, the queue of diagnostics and its two forms of output. */
#include "tests/unit/front_support.h"

static void assert_place(const SourceSet *s, Pos pos, const char *path, int line, int col) {
    Location l = source_location(s, pos);
    assert_string_equal(l.path, path);
    assert_int_equal(l.line, line);
    assert_int_equal(l.col, col);
}

static SourceFile *add_with_lines(SourceSet *s, const char *path, const char *text) {
    SourceFile *f = source_add(s, path, text, strlen(text));
    for (const char *p = text; (p = strchr(p, '\n')); p++) source_add_line(s, f, (uint32_t)(p + 1 - text));
    return f;
}

static void positions_of_two_files(void **state) {
    (void)state;
    Arena *a = arena_new();
    SourceSet s;
    sources_init(&s, a);
    SourceFile *x = add_with_lines(&s, "x.go", "ab\ncd");
    SourceFile *y = add_with_lines(&s, "y.goo", "\n\nef\n");
    assert_false(x->is_goo);
    assert_true(y->is_goo);
    assert_place(&s, x->base, "x.go", 1, 1);
    assert_place(&s, x->base + 4, "x.go", 2, 2);
    assert_place(&s, x->base + 5, "x.go", 2, 3); /* the end of the file */
    assert_place(&s, y->base, "y.goo", 1, 1);
    assert_place(&s, y->base + 3, "y.goo", 3, 2);
    assert_ptr_equal(source_file_of(&s, x->base + 5), x);
    assert_ptr_equal(source_file_of(&s, y->base), y);
    assert_null(source_file_of(&s, NO_POS));
    assert_null(source_file_of(&s, y->base + 100));
    assert_null(source_location(&s, NO_POS).path);
    int len;
    assert_memory_equal(source_line_text(&s, x->base + 4, &len), "cd", 2);
    assert_int_equal(len, 2);
    arena_free(a);
}

/* Parses text in t.go and asserts where its byte at offset is said to be. */
static void assert_mapped(const char *text, const char *needle, const char *path, int line, int col) {
    Front f = front_parse("t.go", text);
    const char *at = strstr(text, needle);
    assert_non_null(at);
    assert_place(f.sources, f.src->base + (Pos)(at - text), path, line, col);
    front_free(&f);
}

static void line_directives(void **state) {
    (void)state;
    assert_mapped("package p\n//line a.y:10\nvar x int\n", "var", "a.y", 10, 0);
    assert_mapped("package p\n//line a.y:10:5\nvar x int\nvar y int\n", "var", "a.y", 10, 5);
    assert_mapped("package p\n//line a.y:10:5\nvar x int\nvar y int\n", "var y", "a.y", 11, 1);
    assert_mapped("package p\n/*line a.y:7:3*/var x int\n", "x", "a.y", 7, 7);
    assert_mapped("package p\n//line a.y:7\n//line :9:1\nvar x int\n", "var", "a.y", 9, 1);
    assert_mapped("package p\n//line :9:1\nvar x int\n", "var", "t.go", 9, 1);
    assert_mapped("package p\n//line c:/x:y.go:3\nvar x int\n", "var", "c:/x:y.go", 3, 0);
    /* no directives: not at the start of the line, no number */
    assert_mapped("package p\n //line a.y:10\nvar x int\n", "var", "t.go", 3, 1);
    assert_mapped("package p\n//line up!\nvar x int\n", "var", "t.go", 3, 1);
}

static void bad_line_directives(void **state) {
    (void)state;
    assert_errors("package p\n//line a.y:x\n", "2:12: invalid line number: x");
    assert_errors("package p\n//line a.y:0\n", "2:12: invalid line number: 0");
    assert_errors("package p\n//line a.y:1:0\n", "2:14: invalid column number: 0");
    assert_errors("package p\n//line a.y:99999999999999999999\n", "2:12: invalid line number: 99999999999999999999");
}

static void diags_are_sorted_and_unique(void **state) {
    (void)state;
    Front f;
    front_init(&f, "t.go", "abc\ndef\n", 8);
    source_add_line(f.sources, f.src, 4);
    Pos base = f.src->base;
    diag_error(&f.diags, base + 5, base + 6, "second %d", 2);
    diag_error(&f.diags, base + 1, base + 1, "first");
    diag_error(&f.diags, base + 2, base + 2, "first"); /* the same line and text */
    diag_warning(&f.diags, base + 2, base + 2, "first");
    assert_int_equal(f.diags.errors, 3);
    diags_sort(&f.diags);
    assert_int_equal(f.diags.list.len, 3);
    assert_int_equal(f.diags.errors, 2);
    assert_string_equal(f.diags.list.at[0]->text, "first");
    assert_int_equal(f.diags.list.at[1]->severity, SEV_WARNING);
    assert_string_equal(f.diags.list.at[2]->text, "second 2");
    front_free(&f);
}

/* Runs print and returns what it wrote; to be freed. */
static char *printed(Diags *d, int limit, bool json) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (json) diags_print_json(d, out);
    else diags_print(d, out, limit, false);
    fclose(out);
    return text;
}

static void diags_show_the_line(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\n\tvar é = 08\n");
    char *text = printed(&f.diags, 0, false);
    assert_string_equal(text, "t.go:2:12: invalid digit '8' in octal literal\n"
                              "    \tvar é = 08\n"
                              "    \t         ^\n");
    free(text);
    front_free(&f);
}

static void diags_underline_extents_and_show_notes(void **state) {
    (void)state;
    Front f;
    front_init(&f, "t.go", "one two three\n", 14);
    Diag *d = diag_error(&f.diags, f.src->base + 4, f.src->base + 7, "wrong\n\tmore about it");
    diag_note(&f.diags, d, f.src->base, f.src->base + 3, "declared here");
    char *text = printed(&f.diags, 0, false);
    assert_string_equal(text, "t.go:1:5: wrong\n"
                              "\tmore about it\n"
                              "    one two three\n"
                              "        ^~~\n"
                              "\tt.go:1:1: note: declared here\n"
                              "    one two three\n"
                              "    ^~~\n");
    free(text);
    front_free(&f);
}

static void diags_stop_at_the_limit(void **state) {
    (void)state;
    Front f;
    front_init(&f, "t.go", "", 0);
    for (int i = 0; i < 5; i++) diag_error(&f.diags, NO_POS, NO_POS, "error %d", i);
    char *text = printed(&f.diags, 2, false);
    assert_string_equal(text, "error 0\nerror 1\ntoo many errors\n");
    free(text);
    front_free(&f);
}

static void diags_as_json(void **state) {
    (void)state;
    Front f;
    front_init(&f, "t.go", "abc\n", 4);
    diag_error(&f.diags, f.src->base + 1, f.src->base + 2, "a \"quoted\"\n\\");
    char *text = printed(&f.diags, 0, true);
    assert_string_equal(text, "[{\"severity\":\"error\",\"file\":\"t.go\",\"line\":1,\"col\":2,\"end_line\":1,"
                              "\"end_col\":3,\"message\":\"a \\\"quoted\\\"\\n\\\\\",\"notes\":[]}]\n");
    free(text);
    front_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_of_two_files),
        cmocka_unit_test(line_directives),
        cmocka_unit_test(bad_line_directives),
        cmocka_unit_test(diags_are_sorted_and_unique),
        cmocka_unit_test(diags_show_the_line),
        cmocka_unit_test(diags_underline_extents_and_show_notes),
        cmocka_unit_test(diags_stop_at_the_limit),
        cmocka_unit_test(diags_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
