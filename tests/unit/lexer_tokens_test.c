/* Tests of lexer/: tokens, semicolons, comments, brackets. */
#include "tests/unit/front_support.h"

/* Lexes text and writes its tokens, separated by blanks: names and literals as written, inserted semicolons as
 * ;newline and ;EOF. */
static char *tokens_of(const char *path, const char *text) {
    Front f;
    TokenList toks;
    Buf b = {0};
    front_init(&f, path, text, strlen(text));
    lex_file(f.arena, f.names, f.sources, f.src, &f.diags, &toks);
    if (f.diags.errors) fail_msg("%s: %s", text, f.diags.list.at[0]->text);
    assert_int_equal(toks.at[0].kind, TK_SEMICOLON);
    buf_put(&b, "", 0);
    for (int i = 1; toks.at[i].kind != TK_EOF; i++) {
        const Token *t = &toks.at[i];
        if (b.len) buf_putc(&b, ' ');
        if (t->kind == TK_SEMICOLON && t->op == SEMI_NEWLINE) buf_puts(&b, ";newline");
        else if (t->kind == TK_SEMICOLON && t->op == SEMI_EOF) buf_puts(&b, ";EOF");
        else if (t->kind == TK_ASSIGN_OP) buf_printf(&b, "%s=", tok_spelling(t->op));
        else if (t->kind == TK_IDENT) buf_puts(&b, t->name->text);
        else if (tok_is_literal(t->kind)) {
            buf_printf(&b, "%s:", tok_kind_name(t->kind));
            buf_put(&b, f.src->text + (t->pos - f.src->base), t->end - t->pos);
        } else buf_puts(&b, tok_spelling(t->kind));
    }
    front_free(&f);
    return b.data;
}

static void assert_tokens_in(const char *path, const char *text, const char *expected) {
    char *have = tokens_of(path, text);
    assert_string_equal(have, expected);
    free(have);
}

static void assert_tokens(const char *text, const char *expected) { assert_tokens_in("t.go", text, expected); }

static void every_operator(void **state) {
    (void)state;
    const char *all = "+ - * / % & | ^ << >> &^ += -= *= /= %= &= |= ^= <<= >>= &^= && || <- == < > != <= >= = := ! ~ "
                      "... ( [ { , . ; :";
    assert_tokens(all, all);
    assert_tokens("a&^=b&^c", "a &^= b &^ c ;EOF");
    assert_tokens("a<-b", "a <- b ;EOF");
    assert_tokens("a...b..c", "a ... b . . c ;EOF");
}

static void every_keyword(void **state) {
    (void)state;
    assert_tokens("case chan const default defer else for func go goto if import interface map package range select "
                  "struct switch type var",
                  "case chan const default defer else for func go goto if import interface map package range select "
                  "struct switch type var");
    assert_tokens("break; continue; fallthrough; return", "break ; continue ; fallthrough ; return ;EOF");
    assert_tokens("breaks iff Func vars i", "breaks iff Func vars i ;EOF");
    for (TokKind k = 0; k < TK_COUNT; k++) {
        if (!tok_is_keyword(k)) continue;
        char *have = tokens_of("t.go", tok_spelling(k));
        assert_memory_equal(have, tok_spelling(k), strlen(tok_spelling(k)));
        free(have);
    }
}

static void number_kinds(void **state) {
    (void)state;
    assert_tokens("0 42 1_000 0b1_01 0o17 017 0xFF_ff 0X1",
                  "INT:0 INT:42 INT:1_000 INT:0b1_01 INT:0o17 INT:017 INT:0xFF_ff INT:0X1 ;EOF");
    assert_tokens("1. .5 1.5e+3 1e9 08.5 0x1p-2 0x.8p1 0_1.5",
                  "FLOAT:1. FLOAT:.5 FLOAT:1.5e+3 FLOAT:1e9 FLOAT:08.5 FLOAT:0x1p-2 FLOAT:0x.8p1 FLOAT:0_1.5 ;EOF");
    assert_tokens("1i 08i 1.5i 0x1p1i 0b1i", "IMAG:1i IMAG:08i IMAG:1.5i IMAG:0x1p1i IMAG:0b1i ;EOF");
    assert_tokens("1..2 a.1", "FLOAT:1. FLOAT:.2 a FLOAT:.1 ;EOF");
}

static void strings_and_runes(void **state) {
    (void)state;
    assert_tokens("\"a\\n\\\"\" `raw\n\\` 'x' '\\'' '\\x41' '\\u00e9' 'é' '\"'",
                  "STRING:\"a\\n\\\"\" STRING:`raw\n\\` CHAR:'x' CHAR:'\\'' CHAR:'\\x41' CHAR:'\\u00e9' CHAR:'é' "
                  "CHAR:'\"' ;EOF");
}

static void names(void **state) {
    (void)state;
    assert_tokens("a _ _1 été 世界 aé1", "a _ _1 été 世界 aé1 ;EOF");
    assert_true(uni_is_letter(0x4e16));
    assert_true(uni_is_digit(0x0663));
    assert_false(uni_is_letter(0x0663));
    assert_false(uni_is_letter(0x20ac));
    assert_true(uni_is_letter(0x31350)); /* new in Unicode 15 */
}

static void semicolons_at_line_ends(void **state) {
    (void)state;
    assert_tokens("a\n+\nb\n", "a ;newline + b ;newline");
    assert_tokens("f()\n[]\n{}\n", "f ( ) ;newline [ ] ;newline { } ;newline");
    assert_tokens("return\nx++\n1\n'a'\n\"\"\n", "return ;newline x ++ ;newline INT:1 ;newline CHAR:'a' ;newline "
                                                 "STRING:\"\" ;newline");
    assert_tokens("if\nfor\n(\n", "if for (");
    assert_tokens("a", "a ;EOF");
    assert_tokens("a // comment\nb", "a ;newline b ;EOF");
    assert_tokens("a /* one */ b /* two\nlines */ c", "a b ;newline c ;EOF");
    assert_tokens("a /* to the end\n */", "a ;newline");
    assert_tokens_in("t.goo", "f()?\nx", "f ( ) ? ;newline x ;EOF");
}

static void comments_are_kept_aside(void **state) {
    (void)state;
    Front f;
    TokenList toks;
    const char *text = "//go:noinline\na /* b */ c // d";
    front_init(&f, "t.go", text, strlen(text));
    lex_file(f.arena, f.names, f.sources, f.src, &f.diags, &toks);
    assert_int_equal(toks.comments.len, 3);
    assert_int_equal(toks.directives.len, 1);
    assert_int_equal(toks.directives.at[0].next, 1);
    assert_int_equal(toks.comments.at[1].pos - f.src->base, 16);
    assert_int_equal(toks.comments.at[1].end - f.src->base, 23);
    assert_int_equal(toks.comments.at[1].next, 2);
    front_free(&f);
}

/* What is left of a library's file for its importers. Positions stay. */
static void outlines_leave_bodies_out(void **state) {
    (void)state;
    static const char text[] =
        "// long comment that is left out\n"
        "//go:noescape\n"
        "func f(a struct{ x int }, b func() int) interface{ M() } { return \"}\" + `}` + '}' }\n"
        "func g[T any](x T) { body }\n"
        "func (r *R[T]) m() { body }\n"
        "var v = map[string]struct{}{\"element\": {}}\n"
        "var (\n\tw = &T{1, 2, 3, 4}\n\ta = [...]T{1, 2}\n\tn int\n)\n"
        "type t struct { x int }\n"
        "func end() { return 1 }\n";
    Front f;
    TokenList toks;
    Buf names = {0};
    front_init(&f, "t.go", text, strlen(text));
    f.src->outline = true;
    lex_file(f.arena, f.names, f.sources, f.src, &f.diags, &toks);
    assert_int_equal(f.diags.errors, 0);
    for (int i = 1; toks.at[i].kind != TK_EOF; i++) {
        const Token *t = &toks.at[i];
        if (t->kind == TK_IDENT) buf_printf(&names, "%s ", t->name->text);
        if (t->kind == TK_IDENT && !strcmp(t->name->text, "end")) assert_string_equal(f.src->text + (t->pos - f.src->base), "end() { return 1 }\n");
        assert_int_not_equal(t->kind, TK_RETURN);
    }
    assert_string_equal(names.data, "f a x int b int M g T any x T body r R T m body v string w T a T n int t x int end ");
    assert_int_equal(toks.directives.len, 1);
    buf_free(&names);
    front_free(&f);
}

/* The index of the counterpart of each bracket, as text. */
static void assert_matches(const char *text, const char *expected) {
    Front f;
    TokenList toks;
    Buf b = {0};
    front_init(&f, "t.go", text, strlen(text));
    lex_file(f.arena, f.names, f.sources, f.src, &f.diags, &toks);
    for (int i = 1; toks.at[i].kind != TK_EOF; i++)
        if (strchr("()[]{}", tok_spelling(toks.at[i].kind)[0])) buf_printf(&b, "%u ", toks.at[i].match);
    assert_string_equal(b.data, expected);
    buf_free(&b);
    front_free(&f);
}

static void brackets_know_their_counterparts(void **state) {
    (void)state;
    assert_matches("([{}])", "6 5 4 3 2 1 ");
    assert_matches("( { ) }", "0 4 0 2 ");   /* a brace ends what was opened in it, a stray ) nothing */
    assert_matches("{ ( [ }", "4 0 0 1 ");
    assert_matches("( [ )", "3 0 1 ");
    assert_matches(") ( )", "0 3 2 ");
}

static void byte_order_mark_and_shebang(void **state) {
    (void)state;
    assert_tokens("\xef\xbb\xbfpackage", "package");
    assert_tokens_in("t.goo", "#!/usr/bin/env goo\nx", "x ;EOF");
    assert_tokens_in("t.goo", "#! /x", "");
}

static void utf8_round_trip(void **state) {
    (void)state;
    static const uint32_t runes[] = {0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < sizeof runes / sizeof *runes; i++) {
        Buf b = {0};
        uint32_t back = 1;
        utf8_encode(&b, runes[i]);
        assert_int_equal(utf8_decode(b.data, b.len, &back), b.len);
        assert_int_equal(back, runes[i]);
        if (b.len > 1) assert_int_equal(utf8_decode(b.data, b.len - 1, &back), 0);
        buf_free(&b);
    }
    uint32_t r;
    assert_int_equal(utf8_decode("\xc0\x80", 2, &r), 0);         /* overlong */
    assert_int_equal(utf8_decode("\xe0\x80\x80", 3, &r), 0);     /* overlong */
    assert_int_equal(utf8_decode("\xed\xa0\x80", 3, &r), 0);     /* surrogate */
    assert_int_equal(utf8_decode("\xf4\x90\x80\x80", 4, &r), 0); /* above U+10FFFF */
    assert_int_equal(utf8_decode("\x80", 1, &r), 0);
    assert_int_equal(utf8_decode("", 0, &r), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator),
        cmocka_unit_test(every_keyword),
        cmocka_unit_test(number_kinds),
        cmocka_unit_test(strings_and_runes),
        cmocka_unit_test(names),
        cmocka_unit_test(semicolons_at_line_ends),
        cmocka_unit_test(comments_are_kept_aside),
        cmocka_unit_test(outlines_leave_bodies_out),
        cmocka_unit_test(brackets_know_their_counterparts),
        cmocka_unit_test(byte_order_mark_and_shebang),
        cmocka_unit_test(utf8_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
