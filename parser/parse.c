/* parse.c: from a file's text to its tree: tokens, classification, the package clause, then the grammar.
 *
 * The package clause is read by hand, because what comes first decides which grammar the rest has: a Goo file
 * without one is a script, whose statements at top level are the body of main. */
#include "parser/parse_internal.h"

#include <string.h>

/* ---- directives ---- */

/* The words after the first of a //go: directive; at most max, each NUL-terminated in arena a. Returns how many. */
static int directive_words(Parser *p, const LexComment *c, const char **words, int max) {
    char *text = arena_strndup(p->arena, p->src->text + (c->pos - p->src->base), c->end - c->pos);
    int n = 0;
    char *save, *word = strtok_r(text, " \t", &save);
    while (n < max && (word = strtok_r(NULL, " \t", &save))) words[n++] = word;
    return n;
}

static void on_linkname(Parser *p, const LexComment *c) {
    const char *words[3];
    int n = directive_words(p, c, words, 3);
    if (n < 1 || n > 2) {
        plain_error(p, c->pos, c->end, "usage: //go:linkname localname [linkname]");
        return;
    }
    Linkname l = {c->pos, name_of(p->names, words[0]), n == 2 ? words[1] : NULL};
    vec_push(p->arena, &p->file->linknames, l);
}

static void on_embed(Parser *p, const LexComment *c) {
    size_t skip = strlen("//go:embed");
    const char *text = p->src->text + (c->pos - p->src->base) + skip;
    size_t n = c->end - c->pos - skip;
    while (n && (*text == ' ' || *text == '\t')) text++, n--;
    EmbedDirective e = {c->pos, arena_strndup(p->arena, text, n)};
    vec_push(p->arena, &p->file->embeds, e);
}

/* Whether comment c is the directive of that name, followed by a blank or nothing. */
static bool is_directive(const Parser *p, const LexComment *c, const char *name) {
    const char *text = p->src->text + (c->pos - p->src->base);
    size_t n = c->end - c->pos, m = strlen(name);
    return n >= m && memcmp(text, name, m) == 0 && (n == m || text[m] == ' ' || text[m] == '\t');
}

static void read_directives(Parser *p, int package_at) {
    for (int i = 0; i < p->toks.directives.len; i++) {
        const LexComment *c = &p->toks.directives.at[i];
        if (is_directive(p, c, "//go:linkname")) on_linkname(p, c);
        else if (is_directive(p, c, "//go:embed")) on_embed(p, c);
        else if (is_directive(p, c, "//go:build") && c->next <= (uint32_t)package_at && !p->file->build_constraint) {
            size_t skip = strlen("//go:build");
            const char *text = p->src->text + (c->pos - p->src->base) + skip;
            p->file->build_constraint = arena_strndup(p->arena, text, c->end - c->pos - skip);
        }
    }
}

static void keep_comments(Parser *p) {
    int n = p->toks.comments.len;
    if (n == 0) return;
    p->file->comments.at = NEW_ARRAY(p->arena, Comment, n);
    p->file->comments.len = p->file->comments.cap = n;
    for (int i = 0; i < n; i++)
        p->file->comments.at[i] = (Comment){p->toks.comments.at[i].pos, p->toks.comments.at[i].end};
}

/* ---- the package clause ---- */

/* Reads `package name ;`. Returns false when it is malformed: then nothing else is read, as in Go. */
static bool read_package_clause(Parser *p) {
    const Token *t = &p->toks.at[p->next];
    if (t->kind != TK_PACKAGE) {
        syntax_error_at(p, t, "package statement must be first");
        return false;
    }
    t++;
    if (t->kind != TK_IDENT) {
        unexpected(p, t, ", expected name");
        return false;
    }
    p->file->package_name = new_ident(p, t++);
    if (t->kind != TK_SEMICOLON) {
        unexpected(p, t, ", expected semicolon or newline");
        return false;
    }
    p->next = (int)(t - p->toks.at) + 1;
    return true;
}

/* ---- entry ---- */

static void parse(Parser *p) {
    p->next = 1; /* token 0 is not in the source */
    p->script = p->src->is_goo && p->toks.at[p->next].kind != TK_PACKAGE;
    read_directives(p, p->next);
    if (!p->script && !read_package_clause(p)) return;
    classify_tokens(p);
    grammar_run(p);
    limit_depth(p);
}

File *parse_file(Arena *a, NameTable *names, SourceSet *sources, SourceFile *src, Diags *diags) {
    Parser p = {.arena = a, .names = names, .sources = sources, .src = src, .diags = diags};
    p.scratch = arena_new();
    p.file = NEW(a, File);
    p.file->source = src;
    lex_file(p.scratch, names, sources, src, diags, &p.toks);
    p.file->had_errors = p.toks.had_errors;
    keep_comments(&p);
    parse(&p);
    arena_free(p.scratch);
    return p.file;
}
