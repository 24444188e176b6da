/* Tests of lexer/: malformed text, with the wording of Go's compiler. */
#include "tests/unit/front_support.h"

/* The errors of a literal that is the value of a variable: the literal starts at 2:9. */
#define assert_literal_error(literal, error) assert_errors("package p\nvar _ = " literal "\n", error)

static void malformed_numbers(void **state) {
    (void)state;
    assert_literal_error("08", "2:10: invalid digit '8' in octal literal");
    assert_literal_error("0b102", "2:13: invalid digit '2' in binary literal");
    assert_literal_error("0o9", "2:11: invalid digit '9' in octal literal");
    assert_literal_error("0x", "2:11: hexadecimal literal has no digits");
    assert_literal_error("0b", "2:11: binary literal has no digits");
    assert_literal_error("0x.p1", "2:12: hexadecimal literal has no digits");
    assert_literal_error("0b1.1", "2:12: invalid radix point in binary literal");
    assert_literal_error("1e", "2:11: exponent has no digits");
    assert_literal_error("1e+", "2:12: exponent has no digits");
    assert_literal_error("0x1.8", "2:14: hexadecimal mantissa requires a 'p' exponent");
    assert_literal_error("1p1", "2:10: 'p' exponent requires hexadecimal mantissa");
    assert_literal_error("0b1e1", "2:12: 'e' exponent requires decimal mantissa");
    assert_literal_error("1__0", "2:11: '_' must separate successive digits");
    assert_literal_error("1_", "2:10: '_' must separate successive digits");
    assert_literal_error("1_.5", "2:10: '_' must separate successive digits");
    assert_literal_error("1e_1", "2:11: '_' must separate successive digits");
    assert_no_errors("package p\nvar _, _, _, _ = 0x_1, 0_7, 0b_0, 0o_7\n");
    assert_no_errors("package p\nvar _, _ = 09.5, 09i\n");
}

static void malformed_strings(void **state) {
    (void)state;
    assert_literal_error("\"a", "2:11: newline in string");
    assert_errors("package p\nvar _ = \"a", "2:9: string not terminated");
    assert_errors("package p\nvar _ = `a\n\n", "2:9: string not terminated");
    assert_literal_error("\"\\q\"", "2:11: unknown escape");
    assert_literal_error("\"\\'\"", "2:11: unknown escape");
    assert_literal_error("\"\\x4g\"", "2:13: invalid character 'g' in hexadecimal escape");
    assert_literal_error("\"\\08\"", "2:12: invalid character '8' in octal escape");
    assert_literal_error("\"\\400\"", "2:14: octal escape value 256 > 255");
    assert_literal_error("\"\\ud800\"", "2:16: escape is invalid Unicode code point U+D800");
    assert_literal_error("\"\\U00110000\"", "2:20: escape is invalid Unicode code point U+110000");
    assert_literal_error("\"\\x4\"", "2:13: invalid character '\"' in hexadecimal escape");
}

static void malformed_runes(void **state) {
    (void)state;
    assert_literal_error("''", "2:10: empty rune literal or unescaped '");
    assert_literal_error("'ab'", "2:9: more than one character in rune literal");
    assert_literal_error("'a", "2:11: newline in rune literal");
    assert_errors("package p\nvar _ = 'a", "2:9: rune literal not terminated");
    assert_literal_error("'\\\"'", "2:11: unknown escape");
    assert_no_errors("package p\nvar _, _, _ = 'é', '\\377', '\\U0010FFFF'\n");
}

static void characters_out_of_place(void **state) {
    (void)state;
    assert_errors("package p\n#\n", "2:1: invalid character U+0023 '#'");
    assert_errors("package p\n\x01\n", "2:1: invalid character U+0001");
    assert_errors("package p\nvar a»b int\n", "2:6: invalid character U+00BB '»' in identifier");
    assert_errors("package p\nvar ٣ int\n", "2:5: identifier cannot begin with digit U+0663 '٣'");
    assert_errors("package p\n/* never\nclosed", "2:1: comment not terminated");
}

static void bad_encoding(void **state) {
    (void)state;
    assert_errors("package p // \xff\n", "1:14: invalid UTF-8 encoding");
    assert_errors("package p // \xef\xbb\xbf\n", "1:14: invalid BOM in the middle of the file");
    Front f;
    front_init(&f, "t.go", "package p // \0\n", 15);
    f.file = parse_file(f.arena, f.names, f.sources, f.src, &f.diags);
    assert_int_equal(f.diags.list.len, 1);
    assert_string_equal(f.diags.list.at[0]->text, "invalid NUL character");
    front_free(&f);
}

static void malformed_literals_are_marked(void **state) {
    (void)state;
    Front f = front_parse("t.go", "package p\nvar _, _ = 08, 7\n");
    NodeList values = f.file->decls.at[0]->gen_decl.specs.at[0]->value_spec.values;
    assert_int_equal(values.at[0]->flags, 1);
    assert_int_equal(values.at[1]->flags, 0);
    assert_false(f.file->had_errors);
    front_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_numbers),
        cmocka_unit_test(malformed_strings),
        cmocka_unit_test(malformed_runes),
        cmocka_unit_test(characters_out_of_place),
        cmocka_unit_test(bad_encoding),
        cmocka_unit_test(malformed_literals_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
