/* error.c: reporting syntax errors, and finding the place where reading can go on.
 *
 * Which brackets belong together is known for the whole file before the grammar runs, so after an error the place
 * to go on is found in the tokens: behind the brackets that the error is in, up to the end of the innermost
 * statement or list element. Every recovery reads at least one token more than the one before. */
#include "parser/parse_internal.h"

#include <string.h>

/* ---- messages ---- */

static void report(Parser *p, Pos pos, Pos end, const char *prefix, const char *fmt, va_list ap) {
    char text[1024];
    vsnprintf(text, sizeof text, fmt, ap);
    diag_error(p->diags, pos, end, "%s%s", prefix, text);
    p->any_errors = true;
}

/* Notes that a line has a syntax error; returns whether it had one before. */
static bool had_error_on_line(Parser *p, Pos pos) {
    int line = source_raw_location(p->sources, pos).line;
    if (!p->error_lines) p->error_lines = NEW_ARRAY(p->scratch, uint8_t, p->src->lines.len / 8 + 1);
    uint8_t *byte = &p->error_lines[line / 8], bit = (uint8_t)(1u << line % 8);
    bool had = *byte & bit;
    *byte |= bit;
    return had;
}

static void report_syntax(Parser *p, Pos pos, Pos end, const char *fmt, va_list ap) {
    p->file->had_errors = true;
    if (had_error_on_line(p, pos)) return;
    report(p, pos, end, "syntax error: ", fmt, ap);
}

void syntax_error(Parser *p, Pos pos, Pos end, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report_syntax(p, pos, end, fmt, ap);
    va_end(ap);
}

void syntax_error_at(Parser *p, const Token *t, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report_syntax(p, t->pos, t->end, fmt, ap);
    va_end(ap);
}

void plain_error(Parser *p, Pos pos, Pos end, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    report(p, pos, end, "", fmt, ap);
    va_end(ap);
}

const char *token_text(Parser *p, const Token *t) {
    const char *text = p->src->text + (t->pos - p->src->base);
    int len = (int)(t->end - t->pos);
    switch ((TokKind)t->kind) {
    case TK_IDENT: return arena_printf(p->scratch, "name %.*s", len, text);
    case TK_COMMA: return "comma";
    case TK_SEMICOLON: return t->op == SEMI_WRITTEN ? "semicolon" : t->op == SEMI_NEWLINE ? "newline" : "EOF";
    case TK_EOF: return "EOF";
    default: break;
    }
    if (tok_is_literal(t->kind)) {
        const char *newline = memchr(text, '\n', (size_t)len); /* a message has one line */
        if (newline) len = (int)(newline - text);
        return arena_printf(p->scratch, "literal %.*s%s", len, text, newline ? "…" : "");
    }
    return arena_strndup(p->scratch, text, (size_t)len);
}

void unexpected(Parser *p, const Token *t, const char *rest) {
    if (t->kind == TK_EOF && p->any_errors) return; /* a consequence of what was reported */
    syntax_error_at(p, t, "unexpected %s%s", token_text(p, t), rest);
}

void goo_only(Parser *p, Pos pos, Pos end, const char *what) {
    if (p->src->is_goo) return;
    syntax_error(p, pos, end, "%s is an extension of Goo; rename the file to .goo to use it", what);
}

/* ---- wordings that depend on more than the last symbols ---- */

static bool is_opening(const Token *t) {
    return t->kind == TK_LPAREN || t->kind == TK_LBRACK || t->kind == TK_LBRACE;
}

static bool is_closing(const Token *t) {
    return t->kind == TK_RPAREN || t->kind == TK_RBRACK || t->kind == TK_RBRACE;
}

const char *header_wording(const Parser *p, int i) {
    bool semicolon = false;
    for (i--; i > 0; i--) {
        const Token *t = &p->toks.at[i];
        if (is_closing(t) && t->match) i = (int)t->match;
        else if (t->kind == TK_SEMICOLON) semicolon = true;
        else if (t->kind == TK_SWITCH) return semicolon ? "missing { after switch clause" : ", expected {";
        else if (t->kind == TK_FOR) return semicolon ? ", expected { after for clause" : ", expected {";
        else if (t->kind == TK_IF) break;
    }
    return semicolon ? ", expected { after if clause" : ", expected {";
}

const char *top_level_wording(const Parser *p, const Token *t) {
    const Node *last = p->file->decls.len ? vec_last(&p->file->decls) : NULL;
    if (t->kind == TK_LBRACE && last && last->kind == ND_FUNC_DECL && !last->func_decl.body)
        return "unexpected semicolon or newline before {";
    return "non-declaration statement outside function body";
}

/* ---- recovery ---- */

/* Whether the bracket at index i encloses a list that semicolons separate: statements, fields, grouped specs. */
static bool encloses_list(const Parser *p, int i) {
    const Token *t = &p->toks.at[i];
    if (t->mark == MARK_LBLOCK) return true;
    TokKind before = i > 0 ? t[-1].kind : TK_EOF;
    if (t->kind == TK_LBRACE) return before == TK_STRUCT || before == TK_INTERFACE;
    return t->kind == TK_LPAREN &&
           (before == TK_IMPORT || before == TK_CONST || before == TK_TYPE || before == TK_VAR);
}

/* The innermost bracket around token i that encloses a list, or -1 for the file. *inner gets the outermost bracket
 * between the two, or -1. */
static int enclosing_list(const Parser *p, int i, int *inner) {
    *inner = -1;
    for (int j = i - 1; j >= 0; j--) {
        const Token *t = &p->toks.at[j];
        if (is_closing(t) && t->match) {
            j = (int)t->match;
        } else if (is_opening(t)) {
            if (encloses_list(p, j)) return j;
            *inner = j;
        }
    }
    return -1;
}

/* Where to look for the end of what the error is in: behind the brackets around it, or at the error. */
static int after_brackets(const Parser *p, int inner) {
    if (inner < 0 || !p->toks.at[inner].match) return p->error_at;
    return (int)p->toks.at[inner].match + 1;
}

/* The first token from index i on, outside of brackets, of which stop says so; or the end of the list or file. */
static int skip_to(const Parser *p, int i, bool (*stop)(const Token *t)) {
    for (;; i++) {
        const Token *t = &p->toks.at[i];
        if (t->kind == TK_EOF || stop(t)) return i;
        if (is_opening(t) && t->match > (uint32_t)i) i = (int)t->match;
    }
}

/* Each recovery looks through the tokens around the error; their number bounds the time a hostile file takes. */
enum { MAX_RECOVERIES = 500 };

/* Makes the grammar go on at token i, or behind where it went on the last time. False when there is no such, or
 * there were too many errors. */
static bool resume(Parser *p, int i) {
    if (++p->recoveries > MAX_RECOVERIES) return false;
    if (i <= p->resumed_at) {
        if (p->toks.at[p->resumed_at].kind == TK_EOF) return false;
        i = p->resumed_at + 1;
    }
    p->resumed_at = p->next = i;
    return true;
}

bool recover_parameters(Parser *p) {
    int open = p->error_at - 1;
    while (open > 0 && p->toks.at[open].kind != TK_LPAREN) {
        const Token *t = &p->toks.at[open];
        open = (is_closing(t) && t->match ? (int)t->match : open) - 1;
    }
    int close = (int)p->toks.at[open].match;
    if (close >= p->error_at) return resume(p, close);
    p->virtual_paren = true;
    return resume(p, p->error_at);
}

static bool starts_body(const Token *t) { return t->mark == MARK_LBLOCK || t->kind == TK_SEMICOLON; }

bool recover_function(Parser *p) {
    int i = p->error_at;
    while (p->toks.at[i].kind != TK_EOF && !starts_body(&p->toks.at[i])) i++;
    return resume(p, i);
}

static bool ends_element(const Token *t) {
    return t->kind == TK_SEMICOLON || t->kind == TK_RBRACE || t->kind == TK_RPAREN || t->kind == TK_CASE ||
           t->kind == TK_DEFAULT;
}

bool recover_element(Parser *p) {
    int inner;
    enclosing_list(p, p->error_at, &inner);
    return resume(p, skip_to(p, after_brackets(p, inner), ends_element));
}

static bool starts_clause(const Token *t) {
    return t->kind == TK_CASE || t->kind == TK_DEFAULT || t->kind == TK_RBRACE;
}

bool recover_clause(Parser *p) { return resume(p, skip_to(p, p->error_at, starts_clause)); }

static bool starts_declaration(const Token *t) {
    if (t->mark == MARK_FUNC_DECL) return true;
    bool keyword = t->kind == TK_IMPORT || t->kind == TK_CONST || t->kind == TK_TYPE || t->kind == TK_VAR;
    return keyword && t[-1].kind == TK_SEMICOLON;
}

bool recover_declaration(Parser *p) {
    int inner, list = enclosing_list(p, p->error_at, &inner);
    int from = after_brackets(p, list >= 0 ? list : inner);
    return resume(p, skip_to(p, from, starts_declaration));
}
