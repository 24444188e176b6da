/* patterns.c: which packages the arguments of `goo test`, `check` and `caps` name: folders, import paths, both with "..." in them, files.
 *
 * A pattern with "..." is walked from the folder before its first wildcard; folders named testdata or vendor, or with
 * a leading dot or underscore, and other modules are passed over, as Go does. */
#include "driver/test.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Finder {
    Loader *l;
    const char *library; /* the folder src of Go's library, or NULL */
    TestPackages *out;
    int matches;         /* of the pattern at work */
} Finder;

static bool complain(const Finder *f, const char *what, const char *why) {
    fprintf(stderr, "goo: %s: %s\n", what, why);
    f->l->usage_error = true;
    return false;
}

/* ---- names ---- */

static bool is_local(const char *p) {
    size_t dots = strspn(p, ".");
    return p[0] == '/' || ((dots == 1 || dots == 2) && (p[dots] == '/' || p[dots] == 0));
}

/* Whether text matches a pattern in which "..." stands for any text. */
static bool matches(const char *pattern, const char *text) {
    for (; *pattern; pattern++, text++) {
        if (!strncmp(pattern, "...", 3)) {
            for (const char *t = text;; t++) {
                if (matches(pattern + 3, t)) return true;
                if (!*t) return false;
            }
        }
        if (!strcmp(pattern, "/...") && !*text) return true; /* net/... is net too */
        if (*pattern != *text) return false;
    }
    return !*text;
}

static bool is_below(const char *dir, const char *root) {
    size_t n = strlen(root);
    return !strncmp(dir, root, n) && (dir[n] == '/' || dir[n] == 0);
}

/* dir relative to root, which it is below; "" for itself. */
static const char *below(const char *dir, const char *root) {
    const char *rest = dir + strlen(root);
    return *rest == '/' ? rest + 1 : rest;
}

/* ---- one package ---- */

static bool fits(const Finder *f, const char *dir, const BuildContext *c, const char *name) {
    size_t size;
    const char *text = read_file(f->l->arena, arena_printf(f->l->arena, "%s/%s", dir, name), &size);
    const char *constraint = text ? constraint_find(text) : NULL;
    return !constraint || constraint_holds(c, constraint); /* what cannot be read is reported where it is parsed */
}

static void drop_excluded(const Finder *f, const char *dir, const BuildContext *c, Names *names) {
    int kept = 0;
    for (int i = 0; i < names->len; i++)
        if (fits(f, dir, c, names->at[i])) names->at[kept++] = names->at[i];
    names->len = kept;
}

/* Path, module and library of the package in dir, a real path. */
static void place(const Finder *f, TestPackage *t, const char *dir) {
    Arena *a = f->l->arena;
    t->dir = dir;
    if (f->library && is_below(dir, f->library) && strcmp(dir, f->library)) {
        t->path = below(dir, f->library);
        t->library = true;
    } else {
        Module *m = t->module = module_find(a, dir, &f->l->diags, &f->l->sources);
        t->go_version = m ? m->go_version : NULL;
        t->path = m && m->path ? arena_printf(a, "%s%s", m->path, dir + strlen(m->dir)) : arena_printf(a, "_%s", dir);
    }
    t->xpath = arena_printf(a, "%s_test", t->path);
}

static bool is_known(const Finder *f, const char *path) {
    for (int i = 0; i < f->out->len; i++)
        if (!strcmp(f->out->at[i]->path, path)) return true;
    return false;
}

/* Adds the package in dir; folders without sources are an error only if they were named. */
static bool add_dir(Finder *f, const char *dir, bool named, const char *as) {
    Arena *a = f->l->arena;
    TestPackage *t = NEW(a, TestPackage);
    place(f, t, dir);
    const char *replaced = arena_printf(a, "%s/%s", f->l->paths->std, t->path);
    Names own = {0}, ignored = {0};
    const BuildContext *c = context_for(t->library ? t->path : NULL);
    if (t->library && list_sources(a, replaced, c, &own, &ignored) && own.len) t->dir = replaced;
    if (!list_sources(a, t->dir, c, &t->files, &t->tests)) return !named || complain(f, as, strerror(errno));
    bool any = t->files.len || t->tests.len;
    drop_excluded(f, t->dir, c, &t->files);
    drop_excluded(f, t->dir, c, &t->tests);
    if (!t->files.len && !t->tests.len)
        return !named || complain(f, as, any ? "build constraints exclude all source files" : "no source files in this folder");
    f->matches++;
    if (!is_known(f, t->path)) vec_push(a, f->out, t);
    return true;
}

/* ---- patterns ---- */

static bool is_passed_over(const char *name) {
    return name[0] == '.' || name[0] == '_' || !strcmp(name, "testdata");
}

/* Walks dir; name is what the pattern has to match for it. */
static void walk(Finder *f, const char *dir, const char *name, const char *pattern, bool library) {
    Arena *a = f->l->arena;
    if (matches(pattern, name)) add_dir(f, dir, false, dir);
    Names below = {0};
    list_names(a, dir, &below);
    for (int i = 0; i < below.len; i++) {
        const char *n = below.at[i], *sub = arena_printf(a, "%s/%s", dir, n), *sub_name = *name ? arena_printf(a, "%s/%s", name, n) : n;
        if (is_passed_over(n) || (!library && !strcmp(n, "vendor")) || !is_dir(sub)) continue;
        bool other_module = access(arena_printf(a, "%s/go.mod", sub), F_OK) == 0 || access(arena_printf(a, "%s/goo.mod", sub), F_OK) == 0;
        if (!other_module) walk(f, sub, sub_name, pattern, library);
    }
}

/* The folder part of a pattern before its first wildcard, in arena a; "" when there is none. */
static const char *fixed_part(Arena *a, const char *pattern) {
    const char *dots = strstr(pattern, "...");
    while (dots > pattern && dots[-1] != '/') dots--;
    return arena_strndup(a, pattern, dots > pattern + 1 ? (size_t)(dots - pattern) - 1 : (size_t)(dots - pattern));
}

static const char *real_path(Arena *a, const char *path) {
    char buf[PATH_MAX];
    return realpath(path, buf) ? arena_strdup(a, buf) : NULL;
}

static bool find_local(Finder *f, const char *pattern) {
    Arena *a = f->l->arena;
    if (!strstr(pattern, "...")) {
        const char *dir = real_path(a, pattern);
        return dir ? add_dir(f, dir, true, pattern) : complain(f, pattern, strerror(errno));
    }
    const char *fixed = fixed_part(a, pattern), *dir = real_path(a, *fixed ? fixed : ".");
    if (!dir) return complain(f, fixed, strerror(errno));
    walk(f, dir, fixed, pattern, f->library && is_below(dir, f->library));
    return true;
}

static bool find_by_path(Finder *f, const char *pattern) {
    Arena *a = f->l->arena;
    const Module *m = f->l->module;
    bool std = !strcmp(pattern, "std"), wild = std || strstr(pattern, "...");
    if (!wild) {
        const char *dir = NULL;
        if (m && m->path && is_below(pattern, m->path)) dir = arena_printf(a, "%s%s", m->dir, pattern + strlen(m->path));
        else if (f->library) dir = arena_printf(a, "%s/%s", f->library, pattern);
        if (!dir || !is_dir(dir)) return complain(f, pattern, "no package of this module or of the library has this path");
        return add_dir(f, dir, true, pattern);
    }
    if (m && m->path && !std) walk(f, m->dir, m->path, pattern, false);
    if (!f->library) return true;
    const char *fixed = std ? "" : fixed_part(a, pattern);
    const char *dir = *fixed ? arena_printf(a, "%s/%s", f->library, fixed) : f->library;
    int before = f->out->len;
    if (is_dir(dir)) walk(f, dir, fixed, std ? "..." : pattern, true);
    int kept = before;
    for (int i = before; i < f->out->len; i++) /* std is the library without Go's own commands */
        if (!std || !is_below(f->out->at[i]->path, "cmd")) f->out->at[kept++] = f->out->at[i];
    f->out->len = kept;
    return true;
}

/* One package made of the files that are named. */
static bool files_package(Finder *f, const Names *files) {
    Arena *a = f->l->arena;
    TestPackage *t = NEW(a, TestPackage);
    for (int i = 0; i < files->len; i++) {
        const char *path = files->at[i], *slash = strrchr(path, '/');
        const char *dir = real_path(a, slash ? arena_strndup(a, path, (size_t)(slash - path) + (slash == path)) : ".");
        if (!is_source_name(path) || is_dir(path)) return complain(f, path, "named files must be .go or .goo files");
        if (!dir || access(path, R_OK)) return complain(f, path, strerror(errno));
        if (!t->dir) place(f, t, dir);
        else if (strcmp(t->dir, dir)) return complain(f, path, "named files must all be in one folder");
        vec_push(a, is_test_name(path) ? &t->tests : &t->files, slash ? slash + 1 : path);
    }
    t->listed = true;
    t->library = false;
    t->path = "command-line-arguments";
    t->xpath = "command-line-arguments_test";
    vec_push(a, f->out, t);
    return true;
}

bool find_packages(Loader *l, const Names *patterns, TestPackages *out) {
    Finder f = {.l = l, .out = out};
    char cwd[PATH_MAX];
    if (l->paths->goroot) f.library = arena_printf(l->arena, "%s/src", l->paths->goroot);
    if (getcwd(cwd, sizeof cwd)) l->module = module_find(l->arena, arena_strdup(l->arena, cwd), &l->diags, &l->sources);
    if (!patterns->len) return find_local(&f, ".");
    if (is_source_name(patterns->at[0]) && !is_dir(patterns->at[0])) return files_package(&f, patterns);
    bool ok = true;
    for (int i = 0; i < patterns->len; i++) {
        const char *p = patterns->at[i];
        f.matches = 0;
        if (!(is_local(p) ? find_local(&f, p) : find_by_path(&f, p))) ok = false;
        else if (!f.matches) fprintf(stderr, "goo: warning: \"%s\" matched no packages\n", p);
    }
    return ok;
}
