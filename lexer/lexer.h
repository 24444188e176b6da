/* lexer.h: from the text of a file to its tokens.
 *
 * A file is turned into one array of tokens before anything is parsed, so that whoever needs to look ahead can.
 * Semicolons that Go inserts at line ends are in the array; comments are kept aside. Every error of the lexical
 * level (malformed literals, bad encoding, unterminated things) is reported here, with the wording of Go's
 * compiler. */
#ifndef GOO_LEXER_H
#define GOO_LEXER_H

#include "base/base.h"

typedef enum TokKind {
#define T(kind, spelling, cls, prec) TK_##kind,
#include "lexer/tokens.def"
    TK_COUNT
} TokKind;

/* Why a semicolon is there. */
enum { SEMI_WRITTEN, SEMI_NEWLINE, SEMI_EOF };

/* A token; its text is the source between pos and end. */
typedef struct Token {
    Pos pos, end;
    uint8_t kind;    /* TokKind */
    uint8_t op;      /* TK_ASSIGN_OP: the binary operator; TK_SEMICOLON: SEMI_* */
    uint8_t bad;     /* a malformed literal, already reported */
    uint8_t mark;    /* what parser/classify.c found out about it */
    uint32_t match;  /* of a bracket: index of its counterpart, 0 when there is none */
    const Name *name; /* TK_IDENT: the name */
} Token;

/* A comment, [pos, end), marks included; next is the index of the token after it. */
typedef struct LexComment {
    Pos pos, end;
    uint32_t next;
} LexComment;

typedef struct TokenList {
    Token *at;
    int len, cap; /* the first token is a semicolon that is not in the source, so that every token has one before
                     it and index 0 can mean "none"; the last is TK_EOF */
    VEC(LexComment) comments;
    VEC(LexComment) directives; /* those among them that start with //go: */
    bool had_errors;
} TokenList;

/* ---- tokens.c ---- */

/* "IDENT", "ADD", ...: the enumerator without TK_. */
const char *tok_kind_name(TokKind kind);
/* "+", "func", ...: as written; "name", "literal" and "EOF" for the classes that have no fixed text. */
const char *tok_spelling(TokKind kind);
/* Precedence of a binary operator, 1 (||) to 5 (*); 0 when kind is none. */
int tok_precedence(TokKind kind);
bool tok_is_keyword(TokKind kind);
bool tok_is_literal(TokKind kind);

/* ---- lex.c ---- */

/* Turns src into tokens, allocated in a; fills src->lines and src->directives. Errors go to diags. */
void lex_file(Arena *a, NameTable *names, SourceSet *sources, SourceFile *src, Diags *diags, TokenList *out);

/* ---- unicode.c ---- */

/* Categories L and _ ; category Nd, as the language specification uses them (Unicode 15.0). */
bool uni_is_letter(uint32_t rune);
bool uni_is_digit(uint32_t rune);
/* Decodes one rune at s[0..n); returns its length, or 0 for malformed UTF-8 (also surrogates and overlong forms). */
int utf8_decode(const char *s, size_t n, uint32_t *rune);
/* Appends the UTF-8 form of rune to out. */
void utf8_encode(Buf *out, uint32_t rune);

#endif
