/* parse_tree.c: parses every .go and .goo file below the given folders (or the given files) and says how it went.
 *
 *     parse_tree [-v] [-e] PATH...
 *
 * Without options it prints files that do not parse, then counts and lines per second. With -e, files are expected
 * to carry their syntax errors in comments, as Go's test suite does (ERROR "regexp" on the line of the error): a
 * file fails when it has an error on a line without such a comment, when its message fits no expression of the
 * line, or when a comment that names a syntax error gets none. -v prints every error.
 *
 * A tree of a .go file without errors is also checked: extents nest and do not overlap, and a walk in source order
 * meets every name and literal of the text exactly once. */
#include "parser/ast.h"

#include <dirent.h>
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct Totals {
    long files, failed, lines, bytes;
    double seconds;
    bool verbose, expect;
} Totals;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *read_file(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    Buf b = {0};
    char block[65536];
    size_t n;
    buf_put(&b, "", 0);
    while ((n = fread(block, 1, sizeof block, f)) > 0) buf_put(&b, block, n);
    fclose(f);
    *size = b.len;
    return b.data;
}

/* ---- expected errors ---- */

/* Words of messages that only the parser or lexer writes. */
static bool names_syntax_error(const char *re) {
    static const char *const words[] = {"syntax error", "unexpected", "possibly missing",
                                        "not terminated", "newline in string", "outside function body"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(re, words[i])) return true;
    return false;
}

/* The next "regexp" or `regexp` at *s; allocated, or NULL. */
static char *next_pattern(const char **s, const char *end) {
    const char *p = *s;
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    if (p >= end || (*p != '"' && *p != '`')) return NULL;
    char quote = *p++;
    Buf b = {0};
    buf_put(&b, "", 0);
    for (; p < end && *p != quote; p++) {
        if (quote == '"' && *p == '\\' && p + 1 < end) {
            p++;
            if (*p != '"' && *p != '\\') buf_putc(&b, '\\');
        }
        buf_putc(&b, *p);
    }
    *s = p + 1;
    return b.data;
}

static bool fits(const char *re, const char *text) {
    regex_t r;
    if (regcomp(&r, re, REG_EXTENDED | REG_NOSUB) != 0) return true; /* a form POSIX lacks */
    bool ok = regexec(&r, text, 0, NULL, 0) == 0;
    regfree(&r);
    return ok;
}

typedef struct LineErrors {
    bool has_comment, wanted, met;
} LineErrors;

/* Compares the errors of one line with its ERROR comment; text[0..n) is the line. */
static LineErrors check_line(const Diags *d, SourceFile *src, int line, const char *text, size_t n) {
    LineErrors r = {0};
    const char *mark = memmem(text, n, "ERROR", 5), *end = text + n;
    bool other_compiler = mark && mark - text >= 6 && memcmp(mark - 6, "GCCGO_", 6) == 0;
    if (!mark || other_compiler) return r;
    r.has_comment = true;
    const char *s = mark + 5;
    if (memmem(mark, n - (size_t)(mark - text), "ERRORAUTO", 9)) s += 4;
    char *re;
    while ((re = next_pattern(&s, end))) {
        if (names_syntax_error(re)) r.wanted = true;
        for (int i = 0; i < d->list.len; i++) {
            const Diag *g = d->list.at[i];
            if (source_file_of(d->sources, g->pos) != src) continue;
            if (source_location(d->sources, g->pos).line == line && fits(re, g->text)) r.met = true;
        }
        free(re);
    }
    return r;
}

static bool check_expected(const Diags *d, SourceFile *src, const char *path, bool report) {
    bool ok = true;
    for (int l = 0; l < src->lines.len; l++) {
        const char *text = src->text + src->lines.at[l];
        size_t n = strcspn(text, "\n");
        LineErrors r = check_line(d, src, l + 1, text, n);
        bool have = false;
        const char *message = "";
        for (int i = 0; i < d->list.len; i++)
            if (source_location(d->sources, d->list.at[i]->pos).line == l + 1)
                have = true, message = d->list.at[i]->text;
        if (have && !r.met) {
            ok = false;
            if (report) printf("%s:%d: %s: %s\n", path, l + 1, r.has_comment ? "WRONG" : "EXTRA", message);
        } else if (!have && r.wanted) {
            ok = false;
            if (report) printf("%s:%d: MISSING\n", path, l + 1);
        }
    }
    return ok;
}

/* ---- the shape of the tree ---- */

/* A walk that compares the names and literals of a tree with those of the text, and extents with each other. */
typedef struct Shape {
    const SourceSet *sources;
    const TokenList *toks;
    int next;            /* the next token to meet */
    const Node *parent;
    Pos last;            /* end of the child before */
    const char *wrong;   /* what is wrong first, and where */
    Pos wrong_at;
} Shape;

static void fail_shape(Shape *s, const char *what, Pos pos) {
    if (s->wrong) return;
    s->wrong = what;
    s->wrong_at = pos;
}

static bool is_leaf_token(const Token *t) { return t->kind == TK_IDENT || tok_is_literal(t->kind); }

static void check_leaf(Shape *s, const Node *n) {
    while (s->next < s->toks->len && !is_leaf_token(&s->toks->at[s->next])) s->next++;
    const Token *t = &s->toks->at[s->next];
    if (n->kind == ND_IDENT && name_is(n->ident.name, ".")) return;
    if (s->next == s->toks->len || t->pos != n->pos || t->end != n->end)
        fail_shape(s, "a name or literal of the text is not in the tree, or not in its place", n->pos);
    s->next++;
}

static void check_shape(Node *n, void *ctx) {
    Shape *s = ctx;
    const Node *parent = s->parent;
    if (n->end < n->pos || n->end == 0) fail_shape(s, "a node without extent", n->pos);
    if (parent && (n->pos < parent->pos || n->end > parent->end)) fail_shape(s, "a node outside of its parent", n->pos);
    if (n->pos < s->last) fail_shape(s, "a node overlaps the one before", n->pos);
    if (n->at < n->pos || n->at > n->end) fail_shape(s, "a place outside of its node", n->pos);
    if (n->kind == ND_IDENT || n->kind == ND_BASIC_LIT) check_leaf(s, n);
    s->parent = n;
    s->last = n->pos;
    ast_children(n, check_shape, s);
    s->parent = parent;
    s->last = n->end;
}

static bool shape_is_valid(const File *f, const SourceSet *sources, NameTable *names, SourceFile *src) {
    Arena *a = arena_new();
    Diags ignored;
    TokenList toks;
    SourceSet copy = *sources;
    diags_init(&ignored, a, &copy);
    SourceFile scratch = *src;
    scratch.directives.cap = scratch.directives.len = scratch.lines.cap = scratch.lines.len = 0;
    lex_file(a, names, &copy, &scratch, &ignored, &toks);
    Shape s = {.sources = sources, .toks = &toks, .next = 3}; /* after: package name */
    for (int i = 0; i < f->decls.len; i++) check_shape(f->decls.at[i], &s);
    while (s.next < toks.len && !is_leaf_token(&toks.at[s.next])) s.next++;
    if (s.next < toks.len) fail_shape(&s, "a name or literal of the text is not in the tree", toks.at[s.next].pos);
    if (s.wrong) {
        Location l = source_raw_location(sources, s.wrong_at);
        printf("%s:%d:%d: %s\n", l.path, l.line, l.col, s.wrong);
    }
    arena_free(a);
    return !s.wrong;
}

/* ---- files ---- */

static void parse_one(const char *path, Totals *t) {
    size_t size;
    char *text = read_file(path, &size);
    if (!text) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_USAGE);
    }
    Arena *a = arena_new();
    SourceSet sources;
    Diags diags;
    double start = now();
    sources_init(&sources, a);
    diags_init(&diags, a, &sources);
    SourceFile *src = source_add(&sources, path, text, size);
    NameTable *names = names_new(a);
    File *f = parse_file(a, names, &sources, src, &diags);
    t->seconds += now() - start;
    diags_sort(&diags);
    t->files++;
    t->lines += src->lines.len;
    t->bytes += (long)size;
    if (t->verbose) diags_print(&diags, stdout, 0, false);
    bool ok = t->expect ? check_expected(&diags, src, path, true) : diags.errors == 0;
    if (ok && !diags.errors && !src->is_goo) ok = shape_is_valid(f, &sources, names, src);
    if (!ok) {
        t->failed++;
        if (!t->expect && diags.errors) {
            printf("FAIL ");
            diags_print(&diags, stdout, 1, false);
        }
    }
    arena_free(a);
    free(text);
}

static bool is_source(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && (strcmp(dot, ".go") == 0 || strcmp(dot, ".goo") == 0);
}

static void parse_below(const char *path, Totals *t) {
    struct stat st;
    if (stat(path, &st) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_USAGE);
    }
    if (!S_ISDIR(st.st_mode)) {
        parse_one(path, t);
        return;
    }
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, name);
        if (name[0] != '.' && stat(child, &st) == 0 && (S_ISDIR(st.st_mode) || is_source(name))) parse_below(child, t);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
}

int main(int argc, char **argv) {
    Totals t = {0};
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-v") == 0) t.verbose = true;
        else if (strcmp(argv[i], "-e") == 0) t.expect = true;
    }
    if (i == argc) {
        fprintf(stderr, "usage: parse_tree [-v] [-e] PATH...\n");
        return EXIT_USAGE;
    }
    for (; i < argc; i++) parse_below(argv[i], &t);
    printf("%ld files, %ld failed, %ld lines, %.1f MB, %.2f s, %.0f lines/s\n", t.files, t.failed, t.lines,
           (double)t.bytes / 1e6, t.seconds, (double)t.lines / t.seconds);
    return t.failed ? EXIT_ERRORS : EXIT_OK;
}
