/* outline.c: a source without the function bodies that importers of its package do not need. When a package's object
 * is at hand, only its declarations and its generic functions are read, an eighth of the text of Go's library.
 *
 * The bodies are found before lexing, by a scan that knows comments, literals and brackets, and are overwritten with
 * spaces, so that positions stay. A function is taken for one only if its func stands at the start of a line outside of all
 * brackets; a body that is overlooked does no harm. Bodies that declare types stay, because local types are numbered
 * by their place among all of the package. */
#include "lexer/lex_internal.h"

#include <string.h>

typedef struct Scan { char *s, *end; } Scan;

static bool at_word(const Scan *c, const char *word) {
    size_t n = strlen(word);
    return (size_t)(c->end - c->s) > n && !memcmp(c->s, word, n);
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* Behind the literal that starts here. */
static void skip_quoted(Scan *c) {
    char quote = *c->s++;
    while (c->s < c->end && *c->s != quote) {
        if (*c->s == '\n' && quote != '`') return; /* not closed: the lexer will say so */
        c->s += *c->s == '\\' && quote != '`' ? 2 : 1;
    }
    c->s++;
}

static void skip_comment(Scan *c) {
    const char *close = c->s[1] == '/' ? "\n" : "*/";
    char *end = strstr(c->s + 2, close);
    c->s = !end ? c->end : *close == '\n' ? end : end + 2;
}

static bool is_comment(const Scan *c) { return c->s[0] == '/' && (c->s[1] == '/' || c->s[1] == '*'); }

/* Over one literal, comment or character; true if it was a character that may mean something. */
static bool step(Scan *c) {
    if (*c->s == '"' || *c->s == '`' || *c->s == '\'') skip_quoted(c);
    else if (is_comment(c)) skip_comment(c);
    else return c->s++, true;
    return false;
}

/* From an opening bracket to behind the one that closes it. */
static void skip_brackets(Scan *c) {
    int depth = 0;
    do {
        char b = *c->s;
        if (!step(c)) continue;
        depth += (b == '(' || b == '[' || b == '{') - (b == ')' || b == ']' || b == '}');
    } while (depth > 0 && c->s < c->end);
}

static void skip_spaces(Scan *c) {
    while (c->s < c->end && (*c->s == ' ' || *c->s == '\t')) c->s++;
}

/* Over (receiver) and the name; false for a method of a generic type, or a generic function. */
static bool skip_name(Scan *c) {
    skip_spaces(c);
    if (*c->s == '(') {
        char *start = c->s;
        skip_brackets(c);
        if (memchr(start, '[', (size_t)(c->s - start))) return false;
        skip_spaces(c);
    }
    while (c->s < c->end && is_name_char(*c->s)) c->s++;
    return *c->s == '(';
}

/* To the { of the body, over the signature; false when there is none. */
static bool find_body(Scan *c) {
    bool in_type = false; /* behind struct or interface, whose { opens no body */
    while (c->s < c->end && *c->s != '\n') {
        if (*c->s == '(' || *c->s == '[' || (*c->s == '{' && in_type)) {
            in_type = false;
            skip_brackets(c);
        } else if (*c->s == '{') {
            return true;
        } else if (is_name_char(*c->s)) {
            in_type = at_word(c, "struct") || at_word(c, "interface");
            while (c->s < c->end && is_name_char(*c->s)) c->s++;
        } else {
            step(c);
        }
    }
    return false;
}

/* Whether a line of the text starts with a type declaration, or seems to. */
static bool declares_type(const char *s, size_t n) {
    const char *end = s + n;
    while ((s = memmem(s, (size_t)(end - s), "type", 4))) {
        const char *before = s - 1; /* the brace or later */
        while (*before == ' ' || *before == '\t') before--;
        bool starts = *before == '\n' || *before == '{' || *before == ';';
        s += 4;
        if (starts && (*s == ' ' || *s == '(')) return true;
    }
    return false;
}

static void blank_function(Scan *c) {
    c->s += strlen("func ");
    if (!skip_name(c) || !find_body(c)) return;
    char *body = c->s + 1;
    skip_brackets(c);
    if (c->s > c->end || c->s[-1] != '}' || declares_type(body, (size_t)(c->s - body))) return;
    memset(body, ' ', (size_t)(c->s - 1 - body));
}

void lexer_blank_bodies(char *text, size_t size) {
    Scan c = {text, text + size};
    while (c.s < c.end) {
        bool line_start = c.s == text || c.s[-1] == '\n';
        if (line_start && at_word(&c, "func ")) blank_function(&c);
        else if (*c.s == '(' || *c.s == '{' || *c.s == '[') skip_brackets(&c);
        else step(&c);
    }
}
