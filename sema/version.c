/* version.c: which version of the language a file is written in.
 *
 * The module's version (SemaOptions) holds for all files, unless a file's //go:build line implies another: the least
 * version for which the constraint can be true, but at least go1.21, the first that let files choose. A feature is
 * allowed at a node when the node's file has its version or a later one; a file without version has the newest. */
#include <stdlib.h>
#include <string.h>

#include "sema/check.h"

/* Orders language versions: "go1.21" or "go1.21.3" gives 1021; -1 when malformed. */
static int version_number(const char *v) {
    if (strncmp(v, "go", 2) != 0) return -1;
    char *end;
    long major = strtol(v + 2, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, &end, 10) : 0;
    if (end == v + 2 || major < 0 || major > 9 || minor < 0 || minor > 999) return -1;
    return (int)(major * 1000 + minor);
}

bool version_before(const char *v, const char *w) { return version_number(v) < version_number(w); }

/* ---- the version that a build constraint implies ---- */

/* Reads an expression of tags, !, &&, || and parentheses. The value of an expression is the least version number in
 * which it can be true (or, under a negation, false); -1: in every version. */
typedef struct Constraint {
    const char *p;
    int depth;
} Constraint;

enum { MAX_CONSTRAINT_DEPTH = 200 };

static void skip_blanks(Constraint *k) { k->p += strspn(k->p, " \t\r"); }

static bool accept(Constraint *k, const char *op) {
    skip_blanks(k);
    size_t n = strlen(op);
    if (strncmp(k->p, op, n) != 0) return false;
    k->p += n;
    return true;
}

static int min_of(int a, int b) { return a < b ? a : b; }
static int max_of(int a, int b) { return a > b ? a : b; }

static int read_or(Constraint *k, bool negated);

static int read_operand(Constraint *k, bool negated) {
    if (++k->depth > MAX_CONSTRAINT_DEPTH) return -1;
    int v = -1;
    if (accept(k, "!")) {
        v = read_operand(k, !negated);
    } else if (accept(k, "(")) {
        v = read_or(k, negated);
        accept(k, ")");
    } else {
        size_t n = strcspn(k->p, " \t\r\n!&|()");
        char tag[16] = "";
        if (n < sizeof tag) memcpy(tag, k->p, n);
        if (!negated) v = version_number(tag);
        k->p += n;
    }
    k->depth--;
    return v;
}

static int read_and(Constraint *k, bool negated) {
    int v = read_operand(k, negated);
    while (accept(k, "&&")) {
        int w = read_operand(k, negated);
        v = negated ? min_of(v, w) : max_of(v, w);
    }
    return v;
}

static int read_or(Constraint *k, bool negated) {
    int v = read_and(k, negated);
    while (accept(k, "||")) {
        int w = read_and(k, negated);
        v = negated ? max_of(v, w) : min_of(v, w);
    }
    return v;
}

static int constraint_version(const char *text) {
    Constraint k = {.p = text};
    return read_or(&k, false);
}

/* ---- versions of files ---- */

static void set_file_version(Checker *c, File *f) {
    f->source->go_version = c->opt.go_version;
    int v = f->build_constraint ? constraint_version(f->build_constraint) : -1;
    if (v < 0) return;
    if (v > version_number(c->s->go_version) && f->package_name)
        err_at(c, f->package_name, "file requires newer Go version go%d.%d", v / 1000, v % 1000);
    v = max_of(v, version_number("go1.21"));
    f->source->go_version = arena_printf(c->arena, "go%d.%d", v / 1000, v % 1000);
}

void file_versions(Checker *c) {
    const char *v = c->opt.go_version;
    if (v && version_before(c->s->go_version, v) && c->pkg->nfiles > 0 && c->pkg->files[0]->package_name)
        err_at(c, c->pkg->files[0]->package_name,
               "package requires newer Go version %s (application built with %s)", v, c->s->go_version);
    for (int i = 0; i < c->pkg->nfiles; i++) set_file_version(c, c->pkg->files[i]);
}

static const char *version_at(Checker *c, const Node *at) {
    SourceFile *f = at ? source_file_of(c->s->sources, at->pos) : NULL;
    return f ? f->go_version : c->opt.go_version;
}

bool allow_version(Checker *c, const Node *at, const char *version) {
    const char *have = version_at(c, at);
    return !have || version_number(have) < 0 || !version_before(have, version);
}

char *version_hint(Checker *c, Pos pos) {
    const SourceFile *f = source_file_of(c->s->sources, pos);
    const char *have = f ? f->go_version : c->opt.go_version;
    if (have && have != c->opt.go_version) return arena_printf(c->arena, "file declares //go:build %s", have);
    return arena_printf(c->arena, "-lang was set to %s; check go.mod", have ? have : c->s->go_version);
}

bool verify_version(Checker *c, const Node *at, const char *version, const char *what) {
    if (allow_version(c, at, version)) return true;
    err_at(c, at, "%s requires %s or later", what, version);
    return false;
}
