/* line.c: //line and block line directives: the text "file:line" or "file:line:col" after the word line. The last
 * colons count, because file names may have colons. Text without a colon is an ordinary comment. */
#include "lexer/lex_internal.h"

enum { MAX_LINE = 1 << 30 };

/* A number after the last colon of text[0..n). */
typedef struct Tail {
    size_t at;   /* offset after the colon; 0: there is none */
    uint64_t num;
    bool ok; /* digits only, and not absurdly large */
} Tail;

static Tail tail_number(const char *text, size_t n) {
    Tail t = {0};
    size_t i = n;
    while (i > 0 && text[i - 1] != ':') i--;
    if (i == 0) return t;
    t.at = i;
    t.ok = i < n;
    for (; i < n && t.ok; i++) {
        t.ok = text[i] >= '0' && text[i] <= '9' && t.num < UINT64_MAX / 16;
        t.num = t.num * 10 + (uint64_t)(text[i] - '0');
    }
    return t;
}

static void invalid(Lexer *lx, const char *what, const char *text, size_t n, size_t at) {
    lexer_error(lx, text + at, "invalid %s number: %.*s", what, (int)(n - at), text + at);
}

void lexer_line_directive(Lexer *lx, const char *text, size_t n, uint32_t offset) {
    Tail line = tail_number(text, n), col = {0};
    if (line.at == 0) return;
    if (!line.ok) {
        invalid(lx, "line", text, n, line.at);
        return;
    }
    Tail before = tail_number(text, line.at - 1);
    if (before.ok) {
        col = line;
        line = before;
        if (col.num == 0 || col.num > MAX_LINE) {
            invalid(lx, "column", text, n, col.at);
            return;
        }
        n = col.at - 1;
    }
    if (line.num == 0 || line.num > MAX_LINE) {
        invalid(lx, "line", text, n, line.at);
        return;
    }
    LineDirective d = {.offset = offset, .line = (int)line.num, .col = (int)col.num};
    if (line.at == 1 && before.ok) /* no name, but a column: the file named last */
        d.file = lx->src->directives.len ? vec_last(&lx->src->directives).file : lx->src->path;
    else d.file = arena_strndup(lx->sources->arena, text, line.at - 1);
    vec_push(lx->sources->arena, &lx->src->directives, d);
}
