/* outline.c: a source without what importers of its package do not need. When a package's object is at hand, only its
 * declarations and its generic functions are read, a small part of the text of Go's library.
 *
 * Left out are the bodies of functions without type parameters, the elements of composite literals that initialise
 * variables, and comments that are no directives. They are found before lexing, by a scan that knows comments,
 * literals and brackets. The scanner skips them, so that positions stay: a text that is left out starts with
 * LEX_SKIP and its length. Only declarations at the start of a line, as gofmt writes them, are looked at: what is
 * overlooked does no harm. Bodies that declare types stay, because local types are numbered by their place among all
 * of the package. */
#include "lexer/lex_internal.h"

#include <string.h>

typedef struct Scan { char *s, *end; } Scan;

/* Characters at which something may start or end; others are passed over in one loop. */
static const bool stops[256] = {
    ['"'] = true, ['`'] = true, ['\''] = true, ['/'] = true, ['('] = true, [')'] = true, ['['] = true,
    [']'] = true, ['{'] = true, ['}'] = true,  ['\n'] = true, [0] = true,
};

static bool at_word(const Scan *c, const char *word) {
    size_t n = strlen(word);
    return (size_t)(c->end - c->s) > n && !memcmp(c->s, word, n);
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* Has the scanner pass over [from, to). */
static void leave_out(char *from, char *to) {
    uint32_t n = (uint32_t)(to - from);
    if (n < LEX_SKIP_HEADER) {
        memset(from, ' ', n);
        return;
    }
    from[0] = LEX_SKIP;
    memcpy(from + LEX_SKIP_LENGTH, &n, sizeof n);
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

static bool is_comment(const Scan *c) { return c->s[0] == '/' && (c->s[1] == '/' || c->s[1] == '*'); }

static void skip_comment(Scan *c) {
    if (c->s[1] == '/') {
        char *end = memchr(c->s, '\n', (size_t)(c->end - c->s));
        c->s = end ? end : c->end;
    } else {
        char *end = strstr(c->s + 2, "*/");
        c->s = end ? end + 2 : c->end;
    }
}

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
        while (!stops[(unsigned char)*c->s]) c->s++;
        char b = *c->s;
        if (!step(c)) continue;
        depth += (b == '(' || b == '[' || b == '{') - (b == ')' || b == ']' || b == '}');
    } while (depth > 0 && c->s < c->end);
}

static void skip_spaces(Scan *c) {
    while (c->s < c->end && (*c->s == ' ' || *c->s == '\t')) c->s++;
}

static void skip_word(Scan *c) {
    while (c->s < c->end && is_name_char(*c->s)) c->s++;
}

/* To the { of a function's body, over its signature, or of a composite literal, over its type; false when the line
 * ends before. */
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
            skip_word(c);
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

/* At a {: leaves out what is inside of it and its counterpart. */
static void leave_out_inside(Scan *c) {
    char *inside = c->s + 1;
    skip_brackets(c);
    if (c->s > c->end || c->s[-1] != '}' || declares_type(inside, (size_t)(c->s - inside))) return;
    leave_out(inside, c->s - 1);
}

/* ---- declarations ---- */

/* Over (receiver) and the name; false for a method of a generic type, or a generic function. */
static bool skip_func_name(Scan *c) {
    skip_spaces(c);
    if (*c->s == '(') {
        char *start = c->s;
        skip_brackets(c);
        if (memchr(start, '[', (size_t)(c->s - start))) return false;
        skip_spaces(c);
    }
    skip_word(c);
    return *c->s == '(';
}

static void outline_func(Scan *c) {
    c->s += strlen("func ");
    if (skip_func_name(c) && find_body(c)) leave_out_inside(c);
}

/* One variable specification, up to the end of its line. The length of [...]T is that of its elements. */
static void outline_spec(Scan *c) {
    while (c->s < c->end && *c->s != '\n' && *c->s != '=' && *c->s != ')') {
        if (*c->s == '(' || *c->s == '[' || *c->s == '{') skip_brackets(c);
        else step(c);
    }
    if (*c->s != '=') return;
    c->s++;
    skip_spaces(c);
    if (!at_word(c, "[...]") && find_body(c)) leave_out_inside(c);
    while (c->s < c->end && *c->s != '\n') {
        if (*c->s == '(' || *c->s == '[' || *c->s == '{') skip_brackets(c);
        else step(c);
    }
}

static void outline_var(Scan *c) {
    c->s += strlen("var ");
    if (*c->s != '(') {
        outline_spec(c);
        return;
    }
    for (c->s++; c->s < c->end && *c->s != ')';) {
        outline_spec(c);
        if (c->s < c->end && *c->s == '\n') c->s++;
    }
}

static void outline_comment(Scan *c) {
    char *start = c->s;
    bool directive = at_word(c, "//go:") || at_word(c, "//line ") || start[1] == '*';
    skip_comment(c);
    if (!directive) leave_out(start, c->s);
}

void lexer_outline(char *text, size_t size) {
    Scan c = {text, text + size};
    while (c.s < c.end) {
        bool line_start = c.s == text || c.s[-1] == '\n';
        if (line_start && at_word(&c, "func ")) outline_func(&c);
        else if (line_start && at_word(&c, "var ")) outline_var(&c);
        else if (line_start && is_comment(&c)) outline_comment(&c);
        else if (*c.s == '(' || *c.s == '{' || *c.s == '[') skip_brackets(&c);
        else step(&c);
    }
}
