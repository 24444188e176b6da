/* directive.c: comments that are directives to the compiler: //go:NAME at the start of a line of its own.
 *
 * Some hold for the declaration that follows them, some for the file, some must stand before the package clause.
 * One that Go knows but that stands where it means nothing is an error; names that Go does not know are left to
 * other tools. */
#include "parser/parse_internal.h"

#include <string.h>

typedef enum Place {
    FOR_FUNC,  /* before a function declaration */
    FOR_VAR,   /* before a variable declaration */
    FOR_FILE,  /* anywhere */
    FOR_BUILD, /* before the package clause */
} Place;

/* Where a directive may be used at all. */
typedef enum Reach { ANYWHERE, LIBRARY, RUNTIME } Reach;

static const struct Directive {
    const char *name;
    Place place;
    int pragma;
    Reach reach;
} directives[] = {
    {"build", FOR_BUILD, PRAGMA_OTHER, ANYWHERE},
    {"cgo_unsafe_args", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"embed", FOR_VAR, PRAGMA_EMBED, ANYWHERE},
    {"linkname", FOR_FILE, PRAGMA_LINKNAME, ANYWHERE},
    {"nocheckptr", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"noescape", FOR_FUNC, PRAGMA_NOESCAPE, ANYWHERE},
    {"noinline", FOR_FUNC, PRAGMA_NOINLINE, ANYWHERE},
    {"nointerface", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"norace", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"nosplit", FOR_FUNC, PRAGMA_NOSPLIT, ANYWHERE},
    {"nowritebarrier", FOR_FUNC, PRAGMA_OTHER, RUNTIME},
    {"nowritebarrierrec", FOR_FUNC, PRAGMA_OTHER, RUNTIME},
    {"registerparams", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"systemstack", FOR_FUNC, PRAGMA_OTHER, RUNTIME},
    {"uintptrescapes", FOR_FUNC, PRAGMA_OTHER, ANYWHERE},
    {"uintptrkeepalive", FOR_FUNC, PRAGMA_OTHER, LIBRARY},
    {"wraps", FOR_FUNC, PRAGMA_WRAPS, LIBRARY},
    {"yeswritebarrierrec", FOR_FUNC, PRAGMA_OTHER, RUNTIME},
};

static const char *text_of(const Parser *p, const LexComment *c) { return p->src->text + (c->pos - p->src->base); }

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* What the comment's name says, or NULL; *rest gets what follows the name, *n its length. */
static const struct Directive *find(const Parser *p, const LexComment *c, const char **rest, size_t *n) {
    const char *name = text_of(p, c) + strlen("//go:"), *end = text_of(p, c) + (c->end - c->pos), *s = name;
    while (s < end && !is_blank(*s)) s++;
    *rest = s;
    *n = (size_t)(end - s);
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        const struct Directive *d = &directives[i];
        if (strlen(d->name) == (size_t)(s - name) && memcmp(d->name, name, (size_t)(s - name)) == 0) return d;
    }
    return NULL;
}

/* ---- those before declarations ---- */

int pragmas_before(const Parser *p, const Token *t) {
    uint32_t index = (uint32_t)(t - p->toks.at);
    int lo = 0, hi = p->toks.directives.len, found = 0;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (p->toks.directives.at[mid].next < index) lo = mid + 1;
        else hi = mid;
    }
    for (; lo < p->toks.directives.len && p->toks.directives.at[lo].next == index; lo++) {
        const char *rest;
        size_t n;
        const struct Directive *d = find(p, &p->toks.directives.at[lo], &rest, &n);
        if (d && (d->place == FOR_FUNC || d->place == FOR_VAR)) found |= d->pragma;
    }
    return found;
}

/* Behind the attributes that start at t. */
static const Token *after_attributes(const Parser *p, const Token *t) {
    while (t->mark == MARK_ATTR && t[1].kind == TK_IDENT) {
        t += 2;
        if (t->kind == TK_LPAREN && t->match) t = &p->toks.at[t->match] + 1;
        if (t->mark == MARK_SKIP) t++;
    }
    return t;
}

/* Whether t is the first token of a variable declaration that is not grouped, or of a spec in a group. */
static bool starts_variable(const Parser *p, const Token *t) {
    if (t->kind == TK_VAR) return t[1].kind != TK_LPAREN;
    if (t->kind != TK_IDENT) return false;
    for (t--; t->kind != TK_LPAREN && t > p->toks.at; t--) {
        bool closing = t->kind == TK_RPAREN || t->kind == TK_RBRACK || t->kind == TK_RBRACE;
        if (closing && t->match) t = &p->toks.at[t->match];
        else if (t->kind == TK_LBRACE || t->kind == TK_LBRACK) return false;
    }
    return t > p->toks.at && t->kind == TK_LPAREN && t[-1].kind == TK_VAR;
}

static bool is_in_place(const Parser *p, const LexComment *c, Place place) {
    const Token *next = &p->toks.at[c->next];
    switch (place) {
    case FOR_FUNC: return after_attributes(p, next)->mark == MARK_FUNC_DECL;
    case FOR_VAR: return next[-1].kind != TK_IDENT && starts_variable(p, next);
    case FOR_FILE: return true;
    case FOR_BUILD: return next->kind == TK_PACKAGE || (p->script && c->next == 1);
    }
    unreachable();
}

/* ---- those of the file ---- */

/* Splits s[0..n) at blanks into at most max words in the tree's arena; returns how many there are, max at most. */
static int split(Parser *p, const char *s, size_t n, const char **words, int max) {
    char *save, *text = arena_strndup(p->arena, s, n);
    int count = 0;
    for (char *w = strtok_r(text, " \t", &save); w && count < max; w = strtok_r(NULL, " \t", &save)) words[count++] = w;
    return count;
}

static void on_linkname(Parser *p, const LexComment *c, const char *rest, size_t n) {
    const char *words[3];
    int count = split(p, rest, n, words, 3);
    if (count < 1 || count > 2) {
        plain_error(p, c->pos, c->end, "usage: //go:linkname localname [linkname]");
        return;
    }
    Linkname l = {c->pos, name_of(p->names, words[0]), count == 2 ? words[1] : NULL};
    vec_push(p->arena, &p->file->linknames, l);
}

static void on_embed(Parser *p, const LexComment *c, const char *rest, size_t n) {
    while (n && is_blank(*rest)) rest++, n--;
    if (n == 0) {
        plain_error(p, c->pos, c->end, "usage: //go:embed pattern...");
        return;
    }
    EmbedDirective e = {.pos = c->pos, .patterns = arena_strndup(p->arena, rest, n), .patterns_pos = c->pos + (Pos)(rest - text_of(p, c))};
    vec_push(p->arena, &p->file->embeds, e);
}

static void on_build(Parser *p, const char *rest, size_t n) {
    if (!p->file->build_constraint) p->file->build_constraint = arena_strndup(p->arena, rest, n);
}

static bool is_alone_on_line(const Parser *p, const LexComment *c) {
    const char *s = text_of(p, c);
    while (s > p->src->text && is_blank(s[-1])) s--;
    return s == p->src->text || s[-1] == '\n';
}

/* Reports a directive that only Go's own packages, or code that cgo made, may have. */
static bool is_reserved(Parser *p, const LexComment *c, const struct Directive *d) {
    static const char cgo[] = "//go:cgo_";
    const char *text = text_of(p, c);
    int len = (int)(c->end - c->pos);
    if (p->src->is_library) return false;
    if (!strncmp(text, cgo, strlen(cgo))) {
        plain_error(p, c->pos, c->end, "%.*s only allowed in cgo-generated code", len, text);
        return true;
    }
    if (!d || d->reach == ANYWHERE) return false;
    plain_error(p, c->pos, c->end, "//go:%s %s", d->name, d->reach == RUNTIME ? "only allowed in runtime" : "is only allowed in the standard library");
    return true;
}

static void read_directive(Parser *p, const LexComment *c) {
    const char *rest;
    size_t n;
    const struct Directive *d = find(p, c, &rest, &n);
    if (!is_alone_on_line(p, c)) {
        plain_error(p, c->pos, c->end, "misplaced compiler directive");
        return;
    }
    if (is_reserved(p, c, d) || !d) return;
    if (!is_in_place(p, c, d->place))
        plain_error(p, c->pos, c->end, "misplaced %s directive", d->place == FOR_VAR ? "go:embed" : "compiler");
    else if (d->pragma == PRAGMA_LINKNAME) on_linkname(p, c, rest, n);
    else if (d->pragma == PRAGMA_EMBED) on_embed(p, c, rest, n);
    else if (d->place == FOR_BUILD) on_build(p, rest, n);
}

void read_directives(Parser *p) {
    for (int i = 0; i < p->toks.directives.len; i++) read_directive(p, &p->toks.directives.at[i]);
}

/* ---- what they need ---- */

static bool imports(const Parser *p, const char *path) {
    for (int i = 0; i < p->file->imports.len; i++) {
        const Name *name = ast_string_value(p->names, p->file->imports.at[i]->import_spec.path);
        if (name && name_is(name, path)) return true;
    }
    return false;
}

void check_directive_imports(Parser *p) {
    const File *f = p->file;
    if (f->embeds.len && !imports(p, "embed"))
        plain_error(p, f->embeds.at[0].pos, 0, "go:embed only allowed in Go files that import \"embed\"");
    if (!f->linknames.len || imports(p, "unsafe")) return;
    for (int i = 0; i < f->linknames.len; i++)
        plain_error(p, f->linknames.at[i].pos, 0, "//go:linkname only allowed in Go files that import \"unsafe\"");
}
