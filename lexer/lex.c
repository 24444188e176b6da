/* lex.c: runs the scanner over a file and completes what patterns cannot do: checking the encoding, telling
 * keywords from names, inserting semicolons, matching brackets.
 *
 * flex writes into the buffer it scans, so it gets a copy of the text; offsets in the copy equal offsets in the
 * file. Bytes that are wrong wherever they stand (NUL, malformed UTF-8, byte order marks) are reported first and
 * blanked in the copy. */
#include "lexer/lex_internal.h"

#include <stdlib.h>
#include <string.h>

#include "goo.lex.h"

/* ---- the encoding ---- */

/* Whether text[0..n) has a byte that is not plain ASCII, or a NUL. */
static bool has_special_bytes(const char *text, size_t n) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, text + i, 8);
        if (((w - 0x0101010101010101u) | w) & 0x8080808080808080u) return true;
    }
    for (; i < n; i++)
        if (text[i] == 0 || (unsigned char)text[i] >= 0x80) return true;
    return false;
}

/* Reports and blanks what may not stand anywhere in a file. A byte order mark may be its first character. */
static void check_encoding(Lexer *lx, char *buf, size_t n) {
    for (size_t i = 0; i < n;) {
        uint32_t rune = 0;
        int len = utf8_decode(buf + i, n - i, &rune);
        const char *wrong = NULL;
        if (len == 0) wrong = "invalid UTF-8 encoding";
        else if (rune == 0) wrong = "invalid NUL character";
        else if (rune == 0xfeff && i > 0) wrong = "invalid BOM in the middle of the file";
        if (wrong) lexer_error(lx, buf + i, "%s", wrong);
        if (len == 0) len = 1;
        if (wrong || rune == 0xfeff) memset(buf + i, ' ', (size_t)len);
        i += (size_t)len;
    }
}

static void find_lines(Lexer *lx, const char *text, size_t n) {
    const char *end = text + n;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p)));) {
        p++;
        source_add_line(lx->sources, lx->src, (uint32_t)(p - text));
    }
}

/* ---- tokens ---- */

Token *lexer_push_slow(Lexer *lx, TokKind kind, const char *s, size_t n) {
    vec_grow(lx->arena, lx->out, sizeof(Token));
    return lexer_push(lx, kind, s, n);
}

void lexer_error(Lexer *lx, const char *at, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Pos pos = lx->base + (Pos)(at - lx->buf);
    diag_verror(lx->diags, pos, pos, fmt, ap);
    va_end(ap);
    lx->out->had_errors = true;
}

uint32_t lexer_skip(Lexer *lx, const char *s) {
    if (!lx->src->outline) {
        lexer_error(lx, s, "invalid character U+%04X", (unsigned)*s);
        return 1;
    }
    uint32_t n;
    memcpy(&n, s + LEX_SKIP_LENGTH, sizeof n);
    return n;
}

void lexer_no_goo(Lexer *lx, const char *s) {
    lexer_error(lx, s, "invalid character U+003F '?': propagation with ? is an extension of Goo; "
                       "rename the file to .goo to use it");
}

static uint32_t keyword_hash(const char *s, size_t n) {
    return (uint32_t)((unsigned char)s[0] * 7 + (unsigned char)s[1] * 31 + n) % KEYWORD_SLOTS;
}

static void add_keyword(Lexer *lx, const char *text, TokKind kind) {
    uint32_t i = keyword_hash(text, strlen(text));
    while (lx->keywords[i].text) i = (i + 1) % KEYWORD_SLOTS;
    lx->keywords[i] = (struct Keyword){text, (uint8_t)strlen(text), (uint8_t)kind};
}

static void add_keywords(Lexer *lx) {
    for (TokKind k = 0; k < TK_COUNT; k++)
        if (tok_is_keyword(k)) add_keyword(lx, tok_spelling(k), k);
}

void lexer_name(Lexer *lx, const char *s, size_t n) {
    if (n > 1) {
        for (uint32_t i = keyword_hash(s, n); lx->keywords[i].text; i = (i + 1) % KEYWORD_SLOTS) {
            if (lx->keywords[i].len != n || memcmp(lx->keywords[i].text, s, n) != 0) continue;
            lexer_push(lx, lx->keywords[i].kind, s, n);
            return;
        }
    }
    lexer_push(lx, TK_IDENT, s, n)->name = name_ofn(lx->names, s, n);
}

/* Appends the form U+00E9 'é' of rune to b. */
static void put_rune(Buf *b, uint32_t rune) {
    buf_printf(b, "U+%04X", rune);
    if (rune < 0x80) return;
    buf_puts(b, " '");
    utf8_encode(b, rune);
    buf_putc(b, '\'');
}

/* A name with bytes above ASCII: checks that they are letters or digits. */
void lexer_unicode_name(Lexer *lx, const char *s, size_t n) {
    int len;
    for (size_t i = 0; i < n; i += (size_t)len) {
        uint32_t rune;
        len = utf8_decode(s + i, n - i, &rune);
        check(len > 0);
        const char *wrong = NULL;
        if (uni_is_digit(rune)) wrong = i == 0 ? "identifier cannot begin with digit %s" : NULL;
        else if (!uni_is_letter(rune)) wrong = "invalid character %s in identifier";
        if (!wrong) continue;
        Buf shown = {0};
        put_rune(&shown, rune);
        if (i == 0 && !uni_is_digit(rune)) lexer_error(lx, s, "invalid character %s in identifier", shown.data);
        else if (i == 0) lexer_error(lx, s, "identifier cannot begin with digit %s", shown.data);
        else lexer_error(lx, s + i, "invalid character %s in identifier", shown.data);
        buf_free(&shown);
    }
    lexer_push(lx, TK_IDENT, s, n)->name = name_ofn(lx->names, s, n);
}

/* The tokens after which a line end stands for a semicolon. */
static const bool ends_statement[TK_COUNT] = {
    [TK_IDENT] = true,  [TK_INT] = true,      [TK_FLOAT] = true,       [TK_IMAG] = true,   [TK_CHAR] = true,
    [TK_STRING] = true, [TK_BREAK] = true,    [TK_CONTINUE] = true,    [TK_RETURN] = true, [TK_FALLTHROUGH] = true,
    [TK_INC] = true,    [TK_DEC] = true,      [TK_RPAREN] = true,      [TK_RBRACK] = true, [TK_RBRACE] = true,
    [TK_QUESTION] = true,
};

static void insert_semicolon(Lexer *lx, const char *s, int why) {
    if (!ends_statement[vec_last(lx->out).kind]) return;
    lexer_push(lx, TK_SEMICOLON, s, 0)->op = (uint8_t)why;
}

void lexer_newline(Lexer *lx, const char *s) { insert_semicolon(lx, s, SEMI_NEWLINE); }

void lexer_eof(Lexer *lx) {
    const char *end = lx->buf + lx->src->size;
    insert_semicolon(lx, end, SEMI_EOF);
    lexer_push(lx, TK_EOF, end, 0);
}

/* ---- comments ---- */

static bool starts_with(const char *s, size_t n, const char *prefix) {
    size_t m = strlen(prefix);
    return n >= m && memcmp(s, prefix, m) == 0;
}

static void add_comment(Lexer *lx, const char *s, size_t n) {
    Pos pos = lx->base + (Pos)(s - lx->buf);
    LexComment c = {pos, pos + (Pos)n, (uint32_t)lx->out->len};
    vec_push(lx->arena, &lx->out->comments, c);
    if (starts_with(s, n, "//go:")) vec_push(lx->arena, &lx->out->directives, c);
}

void lexer_line_comment(Lexer *lx, const char *s, size_t n) {
    insert_semicolon(lx, s, SEMI_NEWLINE);
    if (n > 0 && s[n - 1] == '\r') n--;
    add_comment(lx, s, n);
    bool at_line_start = s == lx->buf || s[-1] == '\n';
    if (!at_line_start || !starts_with(s, n, "//line ")) return;
    /* flex has put a NUL over the newline in its copy; the text itself still has it. */
    const char *text = lx->src->text + (s - lx->buf);
    const char *newline = memchr(text, '\n', lx->src->size - (size_t)(s - lx->buf));
    uint32_t next = newline ? (uint32_t)(newline + 1 - lx->src->text) : lx->src->size;
    lexer_line_directive(lx, s + 7, n - 7, next);
}

void lexer_block_comment(Lexer *lx, const char *s, size_t n) {
    if (memchr(s, '\n', n)) insert_semicolon(lx, s, SEMI_NEWLINE);
    add_comment(lx, s, n);
    if (starts_with(s, n, "/*line ")) lexer_line_directive(lx, s + 7, n - 9, (uint32_t)(s + n - lx->buf));
}

/* ---- brackets ---- */

static TokKind opening_of(TokKind kind) {
    return kind == TK_RPAREN ? TK_LPAREN : kind == TK_RBRACK ? TK_LBRACK : kind == TK_RBRACE ? TK_LBRACE : TK_EOF;
}

/* A bracket that is still open. */
typedef struct OpenBracket {
    int index;           /* of its token */
    int parens, bracks;  /* how many ( and [ are open since the last {, this one included */
} OpenBracket;

typedef VEC(OpenBracket) OpenBrackets;

static void open_bracket(Lexer *lx, OpenBrackets *open, int index, TokKind kind) {
    OpenBracket b = {.index = index};
    if (kind != TK_LBRACE && open->len) b.parens = vec_last(open).parens, b.bracks = vec_last(open).bracks;
    b.parens += kind == TK_LPAREN;
    b.bracks += kind == TK_LBRACK;
    vec_push(lx->arena, open, b);
}

/* Whether a bracket of that kind is open, for ( and [ inside of the innermost {. */
static bool is_open(const OpenBrackets *open, TokKind kind, int braces) {
    if (kind == TK_LBRACE) return braces > 0;
    return open->len && (kind == TK_LPAREN ? vec_last(open).parens : vec_last(open).bracks) > 0;
}

/* Links each bracket with its counterpart. Braces outrank the others: a closing brace ends all that was opened
 * since its opening brace, while a stray ) or ] ends nothing. */
static void match_brackets(Lexer *lx) {
    Token *toks = lx->out->at;
    OpenBrackets open = {0};
    int braces = 0;
    for (int i = 0; i < lx->out->len; i++) {
        TokKind kind = toks[i].kind;
        if (kind == TK_LPAREN || kind == TK_LBRACK || kind == TK_LBRACE) {
            open_bracket(lx, &open, i, kind);
            braces += kind == TK_LBRACE;
            continue;
        }
        TokKind opening = opening_of(kind);
        if (opening == TK_EOF || !is_open(&open, opening, braces)) continue;
        while (toks[vec_last(&open).index].kind != opening) open.len--;
        int counterpart = open.at[--open.len].index;
        toks[i].match = (uint32_t)counterpart;
        toks[counterpart].match = (uint32_t)i;
        braces -= kind == TK_RBRACE;
    }
}

/* ---- entry ---- */

/* The length of a first line that starts with #!, which only scripts may have. */
static size_t shebang(const SourceFile *src) {
    if (!src->is_goo || src->size < 2 || src->text[0] != '#' || src->text[1] != '!') return 0;
    const char *end = memchr(src->text, '\n', src->size);
    return end ? (size_t)(end - src->text) : src->size;
}

static void scan(Lexer *lx, char *buf, size_t size) {
    yyscan_t scanner;
    if (goo_lexlex_init_extra(lx, &scanner) != 0) fatal("out of memory");
    goo_lex_scan_buffer(buf, size + 2, scanner);
    goo_lexlex(scanner);
    goo_lexlex_destroy(scanner);
}

void lex_file(Arena *a, NameTable *names, SourceSet *sources, SourceFile *src, Diags *diags, TokenList *out) {
    char *buf = malloc((size_t)src->size + 2); /* flex wants two NULs at the end */
    if (!buf) fatal("out of memory");
    memcpy(buf, src->text, src->size);
    buf[src->size] = buf[src->size + 1] = 0;

    Lexer lx = {.arena = a, .names = names, .sources = sources, .src = src, .diags = diags, .out = out};
    lx.buf = buf;
    lx.base = src->base;
    *out = (TokenList){0};
    out->cap = (int)(src->size / (src->outline ? 32 : 4)) + 16;
    out->at = NEW_ARRAY(a, Token, out->cap);
    lexer_push(&lx, TK_SEMICOLON, buf, 0);
    add_keywords(&lx);
    find_lines(&lx, buf, src->size);
    if (!src->outline && has_special_bytes(buf, src->size)) check_encoding(&lx, buf, src->size);
    memset(buf, ' ', shebang(src));
    if (src->outline) lexer_outline(buf, src->size);
    scan(&lx, buf, src->size);
    match_brackets(&lx);
    free(buf);
}
