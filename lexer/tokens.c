/* tokens.c: what tokens.def says about each kind of token, as functions. */
#include "lexer/lexer.h"

static const char *const kind_names[] = {
#define T(kind, spelling, cls, prec) [TK_##kind] = #kind,
#include "lexer/tokens.def"
};

static const char *const spellings[] = {
#define T(kind, spelling, cls, prec) [TK_##kind] = spelling,
#include "lexer/tokens.def"
};

static const uint8_t precedences[] = {
#define T(kind, spelling, cls, prec) [TK_##kind] = prec,
#include "lexer/tokens.def"
};

typedef enum TokClass { CLASS_S, CLASS_L, CLASS_O, CLASS_K } TokClass;
static const uint8_t classes[] = {
#define T(kind, spelling, cls, prec) [TK_##kind] = CLASS_##cls,
#include "lexer/tokens.def"
};

const char *tok_kind_name(TokKind kind) { return kind_names[kind]; }
const char *tok_spelling(TokKind kind) { return spellings[kind]; }
int tok_precedence(TokKind kind) { return precedences[kind]; }
bool tok_is_keyword(TokKind kind) { return classes[kind] == CLASS_K; }
bool tok_is_literal(TokKind kind) { return classes[kind] == CLASS_L && kind != TK_IDENT; }
