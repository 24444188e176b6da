/* literal.c: checks numbers, strings and runes as Go's compiler does, and reports the first thing wrong with
 * each. A bad literal still becomes a token, so that the parser does not complain about it again. */
#include "lexer/lex_internal.h"

#include <string.h>

static void push_literal(Lexer *lx, TokKind kind, const char *s, size_t n, bool ok) {
    lexer_push(lx, kind, s, n)->bad = !ok;
}

/* ---- numbers ---- */

typedef struct Number {
    const char *s;  /* the literal */
    size_t n, at;   /* its length; how much has been read */
    int base;       /* 2, 8, 10, 16 */
    char prefix;    /* 'x', 'o', 'b', '0' (a leading zero), or 0 */
    bool digit, separator; /* seen since the last reset */
    const char *invalid;   /* the first digit too large for the base */
    const char *error_at;  /* NULL: no error so far */
} Number;

static const char *base_name(int base) {
    return base == 2 ? "binary" : base == 8 ? "octal" : base == 10 ? "decimal" : "hexadecimal";
}

static char lower(char c) { return (char)(c | 0x20); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
static char peek(const Number *num) { return num->at < num->n ? num->s[num->at] : 0; }

static void read_digits(Number *num, int base) {
    for (; num->at < num->n; num->at++) {
        char c = peek(num);
        if (c == '_') {
            num->separator = true;
            continue;
        }
        if (base == 16 ? !is_hex(c) : !is_digit(c)) return;
        num->digit = true;
        if (base < 10 && c - '0' >= base && !num->invalid) num->invalid = num->s + num->at;
    }
}

static void read_prefix(Number *num) {
    num->base = 10;
    if (peek(num) != '0') return;
    num->at++;
    char c = lower(peek(num));
    num->prefix = c == 'x' || c == 'o' || c == 'b' ? c : '0';
    num->base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
    if (num->prefix == '0') num->digit = true;
    else num->at++;
}

#define NUMBER_ERROR(lx, num, where, ...)                                                                     \
    do {                                                                                                      \
        if (!(num)->error_at) {                                                                               \
            (num)->error_at = (where);                                                                        \
            lexer_error((lx), (where), __VA_ARGS__);                                                          \
        }                                                                                                     \
    } while (0)

/* Reads an exponent if there is one; returns whether there was. */
static bool read_exponent(Lexer *lx, Number *num) {
    char c = peek(num), e = lower(c);
    const char *here = num->s + num->at;
    if (e != 'e' && e != 'p') return false;
    if (e == 'e' && num->prefix && num->prefix != '0')
        NUMBER_ERROR(lx, num, here, "'%c' exponent requires decimal mantissa", c);
    if (e == 'p' && num->prefix != 'x')
        NUMBER_ERROR(lx, num, here, "'%c' exponent requires hexadecimal mantissa", c);
    num->at++;
    if (peek(num) == '+' || peek(num) == '-') num->at++;
    num->digit = false;
    read_digits(num, 10);
    if (!num->digit) NUMBER_ERROR(lx, num, num->s + num->at, "exponent has no digits");
    return true;
}

/* The first underscore that does not separate digits (a prefix counts as a digit), or NULL. */
static const char *bad_separator(const Number *num) {
    bool hex = num->prefix == 'x', after_digit = false, after_separator = false;
    for (size_t i = num->prefix && num->prefix != '0' ? 2 : 0; i < num->n; i++) {
        char c = num->s[i];
        if (i == 2 && num->prefix && num->prefix != '0') after_digit = true;
        bool digit = is_digit(c) || (hex && is_hex(c));
        if (c == '_' && !after_digit) return num->s + i;
        if (c != '_' && !digit && after_separator) return num->s + i - 1;
        after_separator = c == '_';
        after_digit = digit;
    }
    return after_separator ? num->s + num->n - 1 : NULL;
}

void lexer_number(Lexer *lx, const char *s, size_t n) {
    Number num = {.s = s, .n = n};
    TokKind kind = TK_INT;
    read_prefix(&num);
    read_digits(&num, num.base);
    if (peek(&num) == '.') {
        if (num.prefix == 'o' || num.prefix == 'b')
            NUMBER_ERROR(lx, &num, s + num.at, "invalid radix point in %s literal", base_name(num.base));
        num.at++;
        kind = TK_FLOAT;
        read_digits(&num, num.base);
    }
    if (!num.digit) NUMBER_ERROR(lx, &num, s + num.at, "%s literal has no digits", base_name(num.base));
    if (read_exponent(lx, &num)) kind = TK_FLOAT;
    else if (num.prefix == 'x' && kind == TK_FLOAT)
        NUMBER_ERROR(lx, &num, s + num.at, "hexadecimal mantissa requires a 'p' exponent");
    if (peek(&num) == 'i') {
        kind = TK_IMAG;
        num.at++;
    }
    if (kind == TK_INT && num.invalid)
        NUMBER_ERROR(lx, &num, num.invalid, "invalid digit '%c' in %s literal", *num.invalid, base_name(num.base));
    const char *sep = num.separator ? bad_separator(&num) : NULL;
    if (sep) NUMBER_ERROR(lx, &num, sep, "'_' must separate successive digits");
    push_literal(lx, kind, s, num.at, !num.error_at);
}

/* ---- escapes ---- */

static int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    return is_hex(c) ? lower(c) - 'a' + 10 : 16;
}

/* Reports the character at p as out of place in an escape of the given base. */
static void bad_escape_char(Lexer *lx, const char *p, const char *end, int base) {
    uint32_t rune;
    int len = p < end ? utf8_decode(p, (size_t)(end - p), &rune) : 0;
    const char *quote = len == 1 && (*p == '\'' || *p == '\\') ? "\\" : "";
    lexer_error(lx, p, "invalid character '%s%.*s' in %s escape", quote, len, p, base_name(base));
}

/* Checks the escape after the backslash at p-1, in text that ends at end (where its closing quote would be).
 * Returns the position after it; *ok turns false when it is malformed. */
static const char *read_escape(Lexer *lx, const char *p, const char *end, char quote, bool *ok) {
    int digits, base = 16;
    uint32_t max = 0x10ffff, x = 0;
    if (p < end && (*p == quote || strchr("abfnrtv\\", *p))) return p + 1;
    if (p >= end) return p;
    if (*p >= '0' && *p <= '7') digits = 3, base = 8, max = 255;
    else if (*p == 'x') digits = 2, max = 255, p++;
    else if (*p == 'u') digits = 4, p++;
    else if (*p == 'U') digits = 8, p++;
    else {
        lexer_error(lx, p, "unknown escape");
        *ok = false;
        return p;
    }
    for (int i = 0; i < digits; i++, p++) {
        int d = p < end ? hex_value(*p) : 16;
        if (d >= base) {
            bad_escape_char(lx, p, end + 1, base);
            *ok = false;
            return p;
        }
        x = x * (uint32_t)base + (uint32_t)d;
    }
    if (x > max && base == 8) lexer_error(lx, p, "octal escape value %u > 255", x);
    else if (x > max || (x >= 0xd800 && x < 0xe000))
        lexer_error(lx, p, "escape is invalid Unicode code point U+%04X", x);
    else return p;
    *ok = false;
    return p;
}

/* Checks the escapes in s[0..n), the inside of a literal; returns how many characters it stands for. */
static int check_escapes(Lexer *lx, const char *s, size_t n, char quote, bool *ok) {
    const char *end = s + n;
    int count = 0;
    for (const char *p = s; p < end; count++) {
        if (*p != '\\') {
            uint32_t rune;
            p += utf8_decode(p, (size_t)(end - p), &rune);
            continue;
        }
        p = read_escape(lx, p + 1, end, quote, ok);
    }
    return count;
}

/* ---- strings and runes ---- */

void lexer_string(Lexer *lx, const char *s, size_t n) {
    bool ok = true;
    check_escapes(lx, s + 1, n - 2, '"', &ok);
    push_literal(lx, TK_STRING, s, n, ok);
}

static bool at_end_of_file(const Lexer *lx, const char *p) { return p >= lx->buf + lx->src->size; }

void lexer_open_string(Lexer *lx, const char *s, size_t n) {
    bool ok = true;
    check_escapes(lx, s + 1, n - 1, '"', &ok);
    if (at_end_of_file(lx, s + n)) lexer_error(lx, s, "string not terminated");
    else if (ok) lexer_error(lx, s + n, "newline in string");
    push_literal(lx, TK_STRING, s, n, false);
}

void lexer_rune(Lexer *lx, const char *s, size_t n) {
    bool ok = true;
    int count = check_escapes(lx, s + 1, n - 2, '\'', &ok);
    if (ok && count == 0) {
        lexer_error(lx, s + 1, "empty rune literal or unescaped '");
        ok = false;
    } else if (ok && count != 1) {
        lexer_error(lx, s, "more than one character in rune literal");
        ok = false;
    }
    push_literal(lx, TK_CHAR, s, n, ok);
}

void lexer_open_rune(Lexer *lx, const char *s, size_t n) {
    bool ok = true;
    check_escapes(lx, s + 1, n - 1, '\'', &ok);
    if (ok && at_end_of_file(lx, s + n)) lexer_error(lx, s, "rune literal not terminated");
    else if (ok) lexer_error(lx, s + n, "newline in rune literal");
    push_literal(lx, TK_CHAR, s, n, false);
}
