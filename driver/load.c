/* load.c: from arguments and import paths to checked packages.
 *
 * The main package is a list of files or a folder. Imports are resolved in this order: relative to the importing
 * folder (./x), inside the module, then in Goo's and Go's library. Each package is parsed and checked once; the stack of
 * packages in progress finds import cycles. Every file and folder that was looked at is noted for the cache. */
#include "driver/driver.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Packages of Go's library whose variants for an architecture are assembly: compiled as for an unknown one. */
static const char *const masked[] = {"internal/abi", "internal/bytealg", "internal/chacha8rand", "math", "hash/crc32", NULL};

static Package *import_package(void *ctx, const char *path, const char *from_dir, Pos pos);

void loader_set_options(Loader *l, Paths *paths, const Options *o) {
    l->paths = paths;
    l->language = o->language;
    l->external = o->external;
    l->keep_going = o->keep_going;
    l->generic_aliases = o->generic_aliases;
    l->sema.policy = o->policy;
    l->sema.refused = o->refused;
    l->sema.sandbox = o->sandbox;
}

Loader *loader_new(Arena *a, Paths *paths, const Options *o, bool outline) {
    Loader *l = NEW(a, Loader);
    l->outline = outline;
    l->arena = a;
    l->escapes.arena = a;
    l->names = names_new(a);
    sources_init(&l->sources, a);
    diags_init(&l->diags, a, &l->sources);
    sema_init(&l->sema, a, l->names, &l->sources, &l->diags, import_package, l);
    loader_set_options(l, paths, o);
    return l;
}

static void usage_error(Loader *l, const char *what, const char *path) {
    fprintf(stderr, "goo: %s: %s\n", path, what);
    l->usage_error = true;
}

static const char *errno_text(void) { return errno == EISDIR ? "is a folder, expected a source file" : strerror(errno); }

void loader_note_input(Loader *l, const char *path, InputKind kind) {
    vec_push(l->arena, &l->inputs, ((Input){path, kind}));
}

/* ---- files ---- */

bool is_source_name(const char *name) { return has_suffix(name, ".go") || has_suffix(name, ".goo"); }

bool is_test_name(const char *name) { return has_suffix(name, "_test.go") || has_suffix(name, "_test.goo"); }

static const char *folder_of(Loader *l, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? arena_strndup(l->arena, path, (size_t)(slash - path) + (slash == path)) : ".";
}

/* Parses a file; NULL when it cannot be read, or when c (may be NULL) excludes it. */
static File *parse_source(Loader *l, const char *path, const BuildContext *c, bool library) {
    size_t size;
    bool from_stdin = !strcmp(path, "-");
    char *text = from_stdin ? read_stdin(l->arena, &size) : read_file(l->arena, path, &size);
    if (!text) return usage_error(l, errno_text(), path), NULL;
    if (!from_stdin) loader_note_input(l, path, library ? INPUT_LIBRARY : INPUT_FILE);
    const char *constraint = constraint_find(text);
    if (c && constraint && !constraint_holds(c, constraint)) return NULL;
    SourceFile *src = source_add(&l->sources, from_stdin ? "<stdin>" : path, text, size);
    if (!from_stdin) src->full_path = absolute_path(l->arena, path);
    src->is_goo = from_stdin || has_suffix(path, ".goo") || !has_suffix(path, ".go");
    src->is_library = library;
    src->outline = library && l->outline;
    if (constraint) src->go_version = constraint_go_version(l->arena, constraint);
    File *f = parse_file(l->arena, l->names, &l->sources, src, &l->diags);
    if (f->embeds.len) embed_find(l, f, folder_of(l, path));
    return f;
}

static int by_name(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

bool list_sources(Arena *a, const char *dir, const BuildContext *c, Names *out, Names *tests) {
    DIR *d = opendir(dir);
    if (!d) return false;
    for (struct dirent *e; (e = readdir(d));) {
        const char *n = e->d_name;
        if (n[0] == '.' || n[0] == '_' || !is_source_name(n) || !file_name_matches(c, n)) continue;
        Names *to = is_test_name(n) ? tests : out;
        if (to) vec_push(a, to, (const char *)arena_strdup(a, n));
    }
    closedir(d);
    if (out->len) qsort(out->at, (size_t)out->len, sizeof *out->at, by_name);
    if (tests && tests->len) qsort(tests->at, (size_t)tests->len, sizeof *tests->at, by_name);
    return true;
}

/* The names of dir's source files without its tests. */
static bool list_package(Loader *l, const char *dir, const BuildContext *c, bool library, Names *out) {
    loader_note_input(l, dir, library ? INPUT_LIBRARY : INPUT_SOURCES);
    return list_sources(l->arena, dir, c, out, NULL);
}

/* Whether dir has Go or Goo files in it: folders of std/ may only lead to others. */
static bool has_sources(const char *dir) {
    DIR *d = opendir(dir);
    if (!d) return false;
    bool found = false;
    for (struct dirent *e; !found && (e = readdir(d));) found = is_source_name(e->d_name);
    closedir(d);
    return found;
}

typedef VEC(File *) Files;

/* Parses the files of a folder that belong to the build. */
static void parse_dir(Loader *l, const char *dir, const BuildContext *c, const Names *names, bool library, Files *out) {
    for (int i = 0; i < names->len; i++) {
        File *f = parse_source(l, arena_printf(l->arena, "%s/%s", dir, names->at[i]), c, library);
        if (f) vec_push(l->arena, out, f);
    }
}

/* All files of a package have the same package clause. */
static void check_package_names(Loader *l, const Files *files) {
    const Node *first = NULL;
    for (int i = 0; i < files->len; i++) {
        const Node *n = files->at[i]->package_name;
        if (!n || !n->ident.name) continue;
        if (!first) first = n;
        if (n->ident.name != first->ident.name)
            diag_error(&l->diags, n->pos, n->end, "package %s; expected package %s", n->ident.name->text, first->ident.name->text);
    }
}

/* ---- packages ---- */

/* Whether path is that of the package under test, or of its external tests. */
static bool is_tested(const Loader *l, const char *path) {
    const TestPackage *t = l->test;
    return t && (!strcmp(path, t->path) || !strcmp(path, t->xpath));
}

static Package *check_files(Loader *l, const char *path, const char *dir, Files *files, const char *version, bool library) {
    for (int i = 0; i < files->len; i++) files->at[i]->source->package = path;
    check_package_names(l, files);
    if (l->usage_error) return NULL;
    bool syntax_errors = false;
    for (int i = 0; i < files->len; i++) syntax_errors |= files->at[i]->had_errors;
    if (syntax_errors && !l->keep_going) {
        for (int i = 0; i < files->len; i++) sema_check_branches(&l->sema, files->at[i]);
        return NULL;
    }
    bool root = l->stack.len == 1 && !library;
    SemaOptions opt = {.go_version = l->language && !library ? l->language : version, .allow_no_body = library || l->external,
                       .need_main = root && !l->external, .generic_aliases = l->generic_aliases, .outline = library && l->outline, .tested = is_tested(l, path)};
    Package *p = sema_check(&l->sema, path, dir, files->at, files->len, &opt);
    return p->had_errors ? NULL : p;
}

const BuildContext *context_for(const char *library_path) {
    static const BuildContext plain = {.goos = "linux", .goarch = "amd64"}, no_arch = {.goos = "linux", .goarch = "amd64", .mask_arch = true};
    for (const char *const *m = masked; library_path && *m; m++)
        if (!strcmp(*m, library_path)) return &no_arch;
    return &plain;
}

/* Where an import path leads. */
typedef struct Resolved { const char *dir, *path, *go_version; bool library; } Resolved;

static const char *join(Loader *l, const char *a, const char *b) {
    char buf[PATH_MAX];
    const char *p = arena_printf(l->arena, "%s/%s", a, b);
    return realpath(p, buf) ? arena_strdup(l->arena, buf) : absolute_path(l->arena, p);
}

static bool is_below(const char *dir, const char *root) {
    size_t n = root ? strlen(root) : 0;
    return n && !strncmp(dir, root, n) && (dir[n] == '/' || dir[n] == 0);
}

bool is_library(const Loader *l, const Package *p) {
    return is_below(p->dir, l->paths->std) || is_below(p->dir, l->paths->goroot);
}

/* A package of std/ stands in for the one of Go's library with its path. */
static bool resolve_library(Loader *l, const char *path, const char *from_dir, Resolved *r) {
    *r = (Resolved){.dir = arena_printf(l->arena, "%s/%s", l->paths->std, path), .path = path, .library = true};
    if (has_sources(r->dir)) return true;
    if (!l->paths->goroot) return false;
    const char *src = arena_printf(l->arena, "%s/src", l->paths->goroot);
    bool in_cmd = is_below(from_dir, arena_printf(l->arena, "%s/cmd", src)); /* Go's commands are a module of their own */
    const char *vendored = arena_printf(l->arena, "%svendor/%s", in_cmd ? "cmd/" : "", path);
    const char *vendored_dir = arena_printf(l->arena, "%s/%s", src, vendored);
    r->dir = arena_printf(l->arena, "%s/%s", src, path);
    if (is_below(from_dir, src) && is_dir(vendored_dir)) r->dir = vendored_dir, r->path = vendored;
    return is_dir(r->dir);
}

static bool resolve_tested(const Loader *l, const char *path, Resolved *r) {
    const TestPackage *t = l->test;
    if (!is_tested(l, path)) return false;
    *r = (Resolved){.dir = t->dir, .path = path, .go_version = t->go_version, .library = t->library};
    return true;
}

static bool resolve(Loader *l, const char *path, const char *from_dir, Resolved *r) {
    if (resolve_tested(l, path, r)) return true;
    Module *m = l->module;
    size_t n = m && m->path ? strlen(m->path) : 0;
    if (!strncmp(path, "./", 2) || !strncmp(path, "../", 3)) {
        const char *dir = join(l, from_dir, path);
        const char *as = m && n && !strncmp(dir, m->dir, strlen(m->dir)) ? arena_printf(l->arena, "%s%s", m->path, dir + strlen(m->dir))
                                                                          : arena_printf(l->arena, "_%s", dir);
        *r = (Resolved){.dir = dir, .path = as, .go_version = m ? m->go_version : NULL};
        return true;
    }
    if (n && !strncmp(path, m->path, n) && (path[n] == '/' || path[n] == 0)) {
        *r = (Resolved){.dir = arena_printf(l->arena, "%s%s", m->dir, path + n), .path = path, .go_version = m->go_version};
        return true;
    }
    return resolve_library(l, path, from_dir, r);
}

/* Queues an error about an import that leads to no package, before anything is checked. */
static __attribute__((format(printf, 3, 4))) Diag *cannot_import(Loader *l, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Diag *d = diag_verror(&l->diags, pos, pos, fmt, ap);
    va_end(ap);
    l->import_error = true;
    return d;
}

static void report_cycle(Loader *l, const char *path, Pos pos) {
    int i = l->stack.len - 1;
    Diag *d = cannot_import(l, pos, "import cycle not allowed: %s imports %s", l->stack.at[i].path, path);
    for (; i > 0 && strcmp(l->stack.at[i].path, path); i--)
        diag_note(&l->diags, d, l->stack.at[i].pos, l->stack.at[i].pos, "%s imports %s", l->stack.at[i - 1].path, l->stack.at[i].path);
}

static bool in_progress(const Loader *l, const char *path) {
    for (int i = 0; i < l->stack.len; i++)
        if (!strcmp(l->stack.at[i].path, path)) return true;
    return false;
}

/* The name of the type that a method belongs to; NULL for a function. */
static const Name *receiver_type(const Node *func) {
    if (!func->func_decl.recv) return NULL;
    const Node *t = ast_unparen(func->func_decl.recv->field.type);
    if (t->kind == ND_STAR) t = ast_unparen(t->star.x);
    return t->kind == ND_IDENT ? t->ident.name : NULL;
}

static bool same_function(const Node *a, const Node *b) {
    if (a->kind != ND_FUNC_DECL || b->kind != ND_FUNC_DECL || !a->func_decl.recv != !b->func_decl.recv) return false;
    if (a->func_decl.recv && (!receiver_type(a) || receiver_type(a) != receiver_type(b))) return false;
    return a->func_decl.name->ident.name == b->func_decl.name->ident.name && !name_is(a->func_decl.name->ident.name, "init");
}

static const Node *declared_again(const Node *decl, const File *own) {
    for (int i = 0; i < own->decls.len; i++)
        if (same_function(decl, own->decls.at[i])) return own->decls.at[i];
    return NULL;
}

/* Takes the functions out of a file that one of Goo's own declares again, or, for a wrapper, out of its way. */
static void remove_replaced(Loader *l, File *file, const File *own) {
    int kept = 0;
    for (int i = 0; i < file->decls.len; i++) {
        Node *decl = file->decls.at[i];
        const Node *again = declared_again(decl, own);
        bool wrapped = again && (again->func_decl.pragma & PRAGMA_WRAPS);
        if (wrapped) {
            Node *name = decl->func_decl.name;
            name->ident.name = name_of(l->names, arena_printf(l->arena, "wrapped_%s", name->ident.name->text));
        }
        if (!again || wrapped) file->decls.at[kept++] = decl;
    }
    file->decls.len = kept;
}

/* The names without those that a file of Goo's own has: of what Go's build writes, which only a tree that it was run in has. */
static Names without_replaced(Loader *l, const char *path, const Names *names) {
    Names kept = {0};
    for (int i = 0; i < names->len; i++)
        if (access(arena_printf(l->arena, "%s/add/%s/%s", l->paths->std, path, names->at[i]), F_OK)) vec_push(l->arena, &kept, names->at[i]);
    return kept;
}

/* Files in std/add/PATH are part of the package PATH of Go's library: what Goo adds to it, files and functions that it has
 * instead of Go's, and functions that stand before Go's (//go:wraps). */
static void parse_additions(Loader *l, const char *path, const BuildContext *c, Files *files) {
    const char *dir = arena_printf(l->arena, "%s/add/%s", l->paths->std, path);
    Names names = {0};
    int before = files->len;
    if (has_sources(dir) && list_package(l, dir, c, true, &names)) parse_dir(l, dir, c, &names, true, files);
    for (int i = before; i < files->len; i++)
        for (int k = 0; k < before; k++) remove_replaced(l, files->at[k], files->at[i]);
}

static Package *load_tested(Loader *l, const Resolved *r) {
    const TestPackage *t = l->test;
    const BuildContext *c = t->listed ? NULL : context_for(t->library ? t->path : NULL);
    Files files = {0};
    if (!strcmp(r->path, t->xpath)) {
        parse_dir(l, r->dir, c, &t->xtests, r->library, &files);
    } else {
        Names own = r->library ? without_replaced(l, r->path, &t->files) : t->files;
        parse_dir(l, r->dir, c, &own, r->library, &files);
        if (r->library) parse_additions(l, r->path, c, &files);
        parse_dir(l, r->dir, c, &t->tests, r->library, &files);
    }
    return check_files(l, r->path, r->dir, &files, r->go_version, r->library);
}

static Package *load_resolved(Loader *l, const Resolved *r, Pos pos) {
    if (is_tested(l, r->path)) return load_tested(l, r);
    const BuildContext *c = context_for(r->library ? r->path : NULL);
    Names names = {0};
    Files files = {0};
    if (!list_package(l, r->dir, c, r->library, &names)) {
        cannot_import(l, pos, "cannot find package %s: %s: %s", r->path, r->dir, strerror(errno));
        return NULL;
    }
    if (r->library) names = without_replaced(l, r->path, &names);
    parse_dir(l, r->dir, c, &names, r->library, &files);
    if (r->library) parse_additions(l, r->path, c, &files);
    if (files.len == 0) {
        cannot_import(l, pos, names.len ? "build constraints exclude all Go files in %s" : "no source files in %s", r->dir);
        return NULL;
    }
    return check_files(l, r->path, r->dir, &files, r->go_version, r->library);
}

static void report_missing(Loader *l, const char *path, Pos pos) {
    const char *dot = strchr(path, '.'), *slash = strchr(path, '/');
    const char *text = dot && slash && dot < slash ? "no required module provides package %s" : "package %s is not in std";
    Diag *d = cannot_import(l, pos, text, path);
    if (!l->paths->goroot)
        diag_note(&l->diags, d, NO_POS, NO_POS, "the source of Go's library was not found: run `make deps`, or set GOO_GOROOT to a Go 1.23 source tree");
}

static Package *import_package(void *ctx, const char *path, const char *from_dir, Pos pos) {
    Loader *l = ctx;
    Resolved r;
    if (!resolve(l, path, from_dir, &r)) return report_missing(l, path, pos), NULL;
    if (in_progress(l, r.path)) return report_cycle(l, r.path, pos), NULL;
    Package *known = ptrmap_get(&l->sema.packages, name_of(l->names, r.path));
    if (known) return known->had_errors ? NULL : known;
    vec_push(l->arena, &l->stack, ((struct Loading){r.path, pos}));
    Package *p = load_resolved(l, &r, pos);
    l->stack.len--;
    if (p && p->is_main) return cannot_import(l, pos, "import \"%s\" is a program, not an importable package", path), NULL;
    return p;
}

Package *load_path(Loader *l, const char *path) { return import_package(l, path, "", NO_POS); }

/* ---- order of initialisation ---- */

static int by_path(const void *x, const void *y) {
    return strcmp((*(Package *const *)x)->path, (*(Package *const *)y)->path);
}

static bool imports_done(const Package *p, const PtrMap *done) {
    for (int i = 0; i < p->imports.len; i++)
        if (!ptrmap_get(done, p->imports.at[i]) && !p->imports.at[i]->is_unsafe) return false;
    return true;
}

/* Repeatedly the first package by path whose imports are all initialised. */
void load_init_order(Loader *l) {
    int n = l->sema.order.len;
    Package **sorted = NEW_ARRAY(l->arena, Package *, n);
    memcpy(sorted, l->sema.order.at, sizeof *sorted * (size_t)n);
    qsort(sorted, (size_t)n, sizeof *sorted, by_path);
    PtrMap done = {0};
    for (int placed = 0; placed < n;) {
        int i = 0;
        while (ptrmap_get(&done, sorted[i]) || !imports_done(sorted[i], &done)) i++;
        ptrmap_put(l->arena, &done, sorted[i], sorted[i]);
        l->sema.order.at[placed++] = sorted[i];
    }
}

/* ---- the main package ---- */

int count_sources(char **args, int nargs) {
    if (nargs == 0) return 0;
    if (is_dir(args[0])) return 1;
    int n = 0;
    while (n < nargs && is_source_name(args[n])) n++;
    return n ? n : 1; /* a script may have any name */
}

/* The files that the arguments name; *dir gets the folder they are in. */
static bool main_files(Loader *l, char **args, int nargs, Files *files, const char **dir) {
    char buf[PATH_MAX];
    const char *first = nargs ? args[0] : ".";
    if (strstr(first, "...")) return usage_error(l, "only goo check, test and caps take patterns", first), false;
    if (is_dir(first)) {
        const BuildContext *c = context_for(NULL);
        Names names = {0};
        if (nargs > 1) return usage_error(l, "only one folder can be built at a time", args[1]), false;
        if (!list_package(l, first, c, false, &names)) return usage_error(l, strerror(errno), first), false;
        parse_dir(l, first, c, &names, false, files);
        if (!files->len) return usage_error(l, names.len ? "build constraints exclude all source files" : "no source files in this folder", first), false;
        *dir = realpath(first, buf) ? arena_strdup(l->arena, buf) : first;
        return true;
    }
    for (int i = 0; i < nargs; i++) {
        File *f = parse_source(l, args[i], NULL, false);
        if (f) vec_push(l->arena, files, f);
    }
    const char *in = folder_of(l, first);
    *dir = realpath(in, buf) ? arena_strdup(l->arena, buf) : in;
    return !l->usage_error;
}

void load_imports(Loader *l, char **args, int nargs, Names *out) {
    Files files = {0};
    const char *dir;
    Resolved r;
    if (!main_files(l, args, nargs, &files, &dir)) return;
    l->module = module_find(l->arena, dir, &l->diags, &l->sources);
    for (int i = 0; i < files.len; i++)
        for (int k = 0; k < files.at[i]->imports.len; k++) {
            const Name *path = ast_string_value(l->names, files.at[i]->imports.at[k]->import_spec.path);
            bool known = path && strcmp(path->text, "unsafe") && strcmp(path->text, "C") && resolve(l, path->text, dir, &r);
            if (known && r.library) vec_push(l->arena, out, path->text);
        }
    if (out->len) qsort(out->at, (size_t)out->len, sizeof *out->at, by_name);
}

Package *load_main(Loader *l, char **args, int nargs) {
    Files files = {0};
    const char *dir;
    if (!main_files(l, args, nargs, &files, &dir)) return NULL;
    l->module = module_find(l->arena, dir, &l->diags, &l->sources);
    if (l->module) loader_note_input(l, l->module->file, INPUT_FILE);
    const Node *name = files.at[0]->package_name;
    bool is_main = !name || name_is(name->ident.name, "main");
    Module *m = l->module;
    const char *path = is_main ? "main" : m && m->path ? arena_printf(l->arena, "%s%s", m->path, dir + strlen(m->dir)) : name->ident.name->text;
    vec_push(l->arena, &l->stack, ((struct Loading){path, NO_POS}));
    Package *p = check_files(l, path, dir, &files, m ? m->go_version : NULL, false);
    l->stack.len--;
    l->named = p;
    return l->diags.errors ? NULL : p;
}

Package *load_test(Loader *l, const TestPackage *t) {
    l->test = t;
    l->sema.is_test = true;
    l->module = t->module;
    SourceFile *src = source_add(&l->sources, "_testmain.go", t->main, strlen(t->main));
    Files files = {0};
    vec_push(l->arena, &files, parse_file(l->arena, l->names, &l->sources, src, &l->diags));
    vec_push(l->arena, &l->stack, ((struct Loading){"main", NO_POS}));
    Package *p = check_files(l, "main", "", &files, NULL, false);
    l->stack.len--;
    return l->diags.errors ? NULL : p;
}

bool load_parse(Loader *l, char **args, int nargs) {
    Files files = {0};
    const char *dir;
    bool ok = main_files(l, args, nargs, &files, &dir);
    for (int i = 0; i < files.len; i++) vec_push(l->arena, &l->parsed, files.at[i]);
    return ok && l->diags.errors == 0;
}

void loader_shorten_paths(Loader *l) {
    char cwd[PATH_MAX];
    size_t n = getcwd(cwd, sizeof cwd) ? strlen(cwd) : 0;
    for (int i = 0; i < l->sources.files.len; i++) {
        SourceFile *f = l->sources.files.at[i];
        if (!n || strncmp(f->path, cwd, n) || f->path[n] != '/') continue;
        const char *rest = f->path + n + 1;
        f->path = strchr(rest, '/') ? rest : arena_printf(l->arena, "./%s", rest);
    }
}

int report(Loader *l, const Options *o) {
    enum { DEFAULT_LIMIT = 10 };
    diags_sort(&l->diags);
    if (o->json_errors) diags_print_json(&l->diags, stdout);
    else diags_print(&l->diags, stderr, o->all_errors ? 0 : DEFAULT_LIMIT, isatty(2));
    if (l->usage_error) return EXIT_USAGE;
    return l->diags.errors ? EXIT_ERRORS : EXIT_OK;
}
