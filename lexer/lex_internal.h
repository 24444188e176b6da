/* lex_internal.h: what goo.l and the hand-written part of the lexer share. */
#ifndef GOO_LEX_INTERNAL_H
#define GOO_LEX_INTERNAL_H

#include "lexer/lexer.h"

enum { KEYWORD_SLOTS = 128 };

typedef struct Lexer {
    Arena *arena;
    NameTable *names;
    SourceSet *sources;
    SourceFile *src;
    Diags *diags;
    TokenList *out;
    const char *buf; /* flex's copy of the text: same offsets, bad bytes blanked */
    Pos base;        /* of buf[0] */
    struct Keyword {
        const char *text; /* NULL: free slot */
        uint8_t len, kind;
    } keywords[KEYWORD_SLOTS];
} Lexer;

/* ---- lex.c: called by the actions of goo.l; s is inside lx->buf ---- */
void lexer_name(Lexer *lx, const char *s, size_t n);
void lexer_unicode_name(Lexer *lx, const char *s, size_t n);
void lexer_newline(Lexer *lx, const char *s);
void lexer_line_comment(Lexer *lx, const char *s, size_t n);
void lexer_block_comment(Lexer *lx, const char *s, size_t n);
void lexer_eof(Lexer *lx);
void lexer_no_goo(Lexer *lx, const char *s); /* a ? outside of a Goo file */
uint32_t lexer_skip(Lexer *lx, const char *s); /* at LEX_SKIP: how much is left out; elsewhere an error */
Token *lexer_push_slow(Lexer *lx, TokKind kind, const char *s, size_t n);
void lexer_error(Lexer *lx, const char *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Appends a token. */
static inline Token *lexer_push(Lexer *lx, TokKind kind, const char *s, size_t n) {
    TokenList *out = lx->out;
    if (__builtin_expect(out->len == out->cap, 0)) return lexer_push_slow(lx, kind, s, n);
    Token *t = &out->at[out->len++];
    t->pos = lx->base + (Pos)(s - lx->buf);
    t->end = t->pos + (Pos)n;
    t->kind = (uint8_t)kind;
    return t;
}

/* ---- literal.c: validates a literal, reports what is wrong with it, appends its token ---- */
void lexer_number(Lexer *lx, const char *s, size_t n);
void lexer_string(Lexer *lx, const char *s, size_t n);     /* "..." with escapes */
void lexer_open_string(Lexer *lx, const char *s, size_t n); /* "... without the closing quote */
void lexer_rune(Lexer *lx, const char *s, size_t n);       /* '...' */
void lexer_open_rune(Lexer *lx, const char *s, size_t n);

/* ---- outline.c ---- */
/* Marks what importers do not need in text of size bytes, which ends in a NUL: there stands LEX_SKIP, and behind one
 * byte, which flex uses, the length of it all in four bytes. */
void lexer_outline(char *text, size_t size);
#define LEX_SKIP '\001'
enum { LEX_SKIP_LENGTH = 2, LEX_SKIP_HEADER = 6 };

/* ---- line.c: line directives ---- */
/* text is what follows "line " in a comment at offset text_at; the directive holds from offset on. */
void lexer_line_directive(Lexer *lx, const char *text, size_t n, uint32_t offset);

#endif
