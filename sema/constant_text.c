/* constant_text.c: constants from literals and as text.
 *
 * A float literal becomes an exact fraction when its magnitude is moderate; beyond FRACTION_BITS binary digits it
 * is rounded to FLOAT_BITS, as later arithmetic on it would be. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/ast.h"
#include "sema/constant_rep.h"
#include "sema/tables.h"

/* ---- literals ---- */

/* The literal without underscores, NUL-terminated. */
static char *clean(Arena *a, const char *text, size_t n) {
    char *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] != '_') out[len++] = text[i];
    }
    return out;
}

/* The base that a literal's prefix announces; *digits gets the rest. Integers that start with 0 are octal, except
 * that imaginary ones are decimal for compatibility with early Go. */
static int literal_base(const char *s, bool octal, const char **digits) {
    *digits = s;
    if (s[0] != '0' || !s[1]) return 10;
    *digits = s + 2;
    switch (s[1] | 0x20) {
    case 'x': return 16;
    case 'o': return 8;
    case 'b': return 2;
    }
    *digits = s + 1;
    return octal ? 8 : 10;
}

static ConstVal *int_literal(Arena *a, const char *s, bool octal) {
    const char *digits;
    int base = literal_base(s, octal, &digits);
    mpz_t z;
    if (mpz_init_set_str(z, digits, base) != 0) {
        mpz_clear(z);
        return NULL;
    }
    ConstVal *v = const_from_mpz(a, z);
    mpz_clear(z);
    return v;
}

/* Parses [0x]digits[.digits][e|p exponent] exactly. The value's magnitude is known to be moderate, so the exponent
 * is at most about the number of digits. */
static ConstVal *fraction_literal(Arena *a, const char *s) {
    bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';
    int base = hex ? 16 : 10;
    if (hex) s += 2;
    char *digits = arena_alloc(a, strlen(s) + 2);
    size_t n = 0;
    long exp = 0;
    bool point = false;
    for (; *s && (*s | 0x20) != (hex ? 'p' : 'e'); s++) {
        if (*s == '.') {
            point = true;
        } else {
            digits[n++] = *s;
            exp -= point ? (hex ? 4 : 1) : 0;
        }
    }
    if (*s) exp += strtol(s + 1, NULL, 10);
    mpq_t q;
    mpz_t power;
    mpq_init(q);
    mpz_init(power);
    ConstVal *v = NULL;
    if (n && mpz_set_str(mpq_numref(q), digits, base) == 0) {
        mpz_ui_pow_ui(power, hex ? 2 : 10, (unsigned long)labs(exp));
        if (exp >= 0) mpz_mul(mpq_numref(q), mpq_numref(q), power);
        else mpz_set(mpq_denref(q), power);
        mpq_canonicalize(q);
        v = const_from_mpq(a, q);
    }
    mpz_clear(power);
    mpq_clear(q);
    return v;
}

static ConstVal *float_literal(Arena *a, const char *s) {
    FloatRange saved = float_range_enter();
    mpfr_t f;
    mpfr_init2(f, FLOAT_BITS);
    char *end;
    bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';
    mpfr_strtofr(f, s, &end, hex ? 16 : 10, MPFR_RNDN);
    ConstVal *v;
    if (*end || !mpfr_number_p(f)) v = NULL;
    else if (mpfr_zero_p(f)) v = cv_float(a, 0);
    else if (labs((long)mpfr_get_exp(f)) < FRACTION_BITS) v = fraction_literal(a, s);
    else v = const_from_mpfr(a, f);
    mpfr_clear(f);
    float_range_leave(saved);
    return v;
}

static ConstVal *imaginary_literal(Arena *a, char *s) {
    size_t n = strlen(s);
    if (n < 2 || s[n - 1] != 'i') return NULL;
    s[n - 1] = 0;
    bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';
    bool is_float = strpbrk(s, hex ? ".pP" : ".eE") != NULL;
    ConstVal *im = is_float ? float_literal(a, s) : int_literal(a, s, false);
    if (im && !is_float) im = cv_to_float(a, im);
    return im ? cv_complex(a, cv_int(a, 0), im) : NULL;
}

/* A rune literal is one byte (an escape such as \xff) or one rune. */
static ConstVal *rune_value(Arena *a, const Buf *b) {
    uint32_t rune;
    if (b->len == 1) return cv_int(a, (unsigned char)b->data[0]);
    if (b->len == 0 || (size_t)utf8_decode(b->data, b->len, &rune) != b->len) return NULL;
    return cv_int(a, rune);
}

ConstVal *cv_literal(Arena *a, TokKind tok, const char *text, size_t n) {
    switch ((int)tok) {
    case TK_INT: return int_literal(a, clean(a, text, n), true);
    case TK_FLOAT: return float_literal(a, clean(a, text, n));
    case TK_IMAG: return imaginary_literal(a, clean(a, text, n));
    case TK_CHAR: case TK_STRING: {
        Buf b = {0};
        ConstVal *v = NULL;
        bool ok = ast_unquote(text, n, &b);
        if (ok && tok == TK_STRING) v = cv_string(a, b.data ? b.data : "", b.len);
        else if (ok) v = rune_value(a, &b);
        buf_free(&b);
        return v;
    }
    }
    return NULL;
}

/* ---- text ---- */

/* Whether Go's %q would show the rune as it is. Categories of symbols nobody has as font do not matter here. */
static bool is_printable(uint32_t r) {
    if (r < 0x20 || (r >= 0x7F && r <= 0xA0) || r == 0xAD) return false;
    if (r >= 0x2000 && r <= 0x200F) return false;
    if ((r >= 0x2028 && r <= 0x202F) || (r >= 0x205F && r <= 0x206F)) return false;
    if (r == 0x3000 || r == 0xFEFF || (r >= 0xFFF0 && r <= 0xFFFB)) return false;
    return !(r >= 0xE000 && r <= 0xF8FF) && r < 0xE0000;
}

static void put_rune(Buf *out, const char *s, size_t n, uint32_t r) {
    static const char escaped[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    const char *e = r && r < 0x80 ? strchr(escaped, (int)r) : NULL;
    if (e) buf_printf(out, "\\%c", letters[e - escaped]);
    else if (is_printable(r)) buf_put(out, s, n);
    else if (r < 0x80) buf_printf(out, "\\x%02x", r);
    else buf_printf(out, r < 0x10000 ? "\\u%04x" : "\\U%08x", r);
}

void put_quoted(Buf *out, const char *s, size_t n) {
    buf_putc(out, '"');
    for (size_t i = 0; i < n;) {
        uint32_t r;
        int len = utf8_decode(s + i, n - i, &r);
        if (len > 0) put_rune(out, s + i, (size_t)len, r);
        else buf_printf(out, "\\x%02x", (unsigned char)s[i]);
        i += len > 0 ? (size_t)len : 1;
    }
    buf_putc(out, '"');
}

static char *take(Arena *a, Buf *b) {
    char *text = arena_strndup(a, b->data ? b->data : "", b->len);
    buf_free(b);
    return text;
}

/* Quoted, and cut off after MAX runes. */
static char *string_text(Arena *a, const ConstVal *v) {
    enum { MAX = 72 };
    size_t n, runes = 0, cut = 0;
    const char *s = cv_string_value(v, &n);
    Buf b = {0};
    put_quoted(&b, s, n < 4 * MAX ? n : 4 * MAX); /* the rest would be cut off anyway */
    for (size_t i = 0; i < b.len; i++) {
        bool starts_rune = ((unsigned char)b.data[i] & 0xC0) != 0x80;
        if (starts_rune && runes++ == MAX - 3) cut = i;
    }
    if (runes <= MAX) return take(a, &b);
    char *text = arena_printf(a, "%.*s...", (int)cut, b.data);
    buf_free(&b);
    return text;
}

static char *big_text(Arena *a, mpz_srcptr z) {
    char *text = arena_alloc(a, mpz_sizeinbase(z, 10) + 2);
    return mpz_get_str(text, 10, z);
}

/* The shortest decimal that reads back as d. */
static char *shortest(Arena *a, double d) {
    char text[64];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d) break;
    }
    return arena_strdup(a, text);
}

/* Beyond the range of doubles: mantissa and decimal exponent, approximately. f = m * 2^e = m' * 10^d. */
static char *huge_text(Arena *a, mpfr_srcptr f) {
    long e;
    double m = mpfr_get_d_2exp(&e, f, MPFR_RNDN);
    double d = (double)e * (M_LN2 / M_LN10);
    long whole = (long)d;
    m *= pow(10, d - (double)whole);
    if (fabs(m) < 1 - 0.5e-6) {
        m *= 10;
        whole--;
    } else if (fabs(m) >= 10) {
        m /= 10;
        whole++;
    }
    return arena_printf(a, "%.6ge%+ld", m, whole);
}

static char *float_text(Arena *a, const ConstVal *v) {
    FloatRange saved = float_range_enter();
    mpfr_t tmp;
    mpfr_init2(tmp, FLOAT_BITS);
    mpfr_srcptr f = const_mpfr(v, tmp);
    double d = mpfr_get_d(f, MPFR_RNDN);
    char *text;
    if (isinf(d) || (d == 0) != (mpfr_zero_p(f) != 0)) {
        text = huge_text(a, f);
    } else {
        text = arena_printf(a, "%.6g", d);
        if (!mpfr_integer_p(f) && !strchr(text, '.')) text = shortest(a, d); /* do not look like an integer */
    }
    mpfr_clear(tmp);
    float_range_leave(saved);
    return text;
}

char *cv_text(Arena *a, const ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_PLAIN: return arena_strdup(a, v->kind == CV_UNKNOWN ? "unknown" : v->b ? "true" : "false");
    case REP_STRING: case REP_CONCAT: return string_text(a, v);
    case REP_SMALL: return arena_printf(a, "%lld", (long long)v->small);
    case REP_BIG: return big_text(a, v->big);
    case REP_RAT: case REP_FLT: return float_text(a, v);
    case REP_COMPLEX: return arena_printf(a, "(%s + %si)", cv_text(a, v->cplx.re), cv_text(a, v->cplx.im));
    }
    unreachable();
}

static char *hex_float(Arena *a, mpfr_srcptr f) {
    char *raw;
    check(mpfr_asprintf(&raw, "%Ra", f) > 0);
    char *text = arena_strdup(a, raw);
    mpfr_free_str(raw);
    return text;
}

/* Expressions of the language: a fraction is a quotient of float literals, a huge float is hexadecimal. */
char *cv_exact_text(Arena *a, const ConstVal *v) {
    switch ((ConstRep)v->rep) {
    case REP_PLAIN: case REP_SMALL: case REP_BIG: return cv_text(a, v);
    case REP_STRING: case REP_CONCAT: {
        Buf b = {0};
        size_t n;
        const char *s = cv_string_value(v, &n);
        put_quoted(&b, s, n);
        return take(a, &b);
    }
    case REP_RAT: {
        char *num = big_text(a, mpq_numref(v->rat));
        if (mpz_cmp_ui(mpq_denref(v->rat), 1) == 0) return arena_printf(a, "%s.0", num);
        return arena_printf(a, "%s.0/%s", num, big_text(a, mpq_denref(v->rat)));
    }
    case REP_FLT: return hex_float(a, v->flt);
    case REP_COMPLEX:
        return arena_printf(a, "complex(%s, %s)", cv_exact_text(a, v->cplx.re), cv_exact_text(a, v->cplx.im));
    }
    unreachable();
}
