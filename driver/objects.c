/* objects.c: packages to object files, most of which come from the cache.
 *
 * A package's object is named after the hash of all that it is made from: the compiler, the flags, its sources, and
 * the names of the objects of its imports, which stand for theirs. An object that is there is therefore right, whoever
 * made it. The main package is compiled every time: `goo run` keeps the whole program.
 *
 * Packages are checked in one process, since they share types, but lowered and compiled each in a process of its own,
 * as many at once as there are processors. Beside each object lie the contracts of the package's functions (ir.h),
 * which the packages that import it read: a package is compiled when those that it imports have been. While objects are
 * missing, a lock keeps a second goo from making the same ones. */
#include "driver/driver.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

/* `goo run` wants build and run of what is under work to be quick; `goo build` and the library want speed. */
enum { RUN_LEVEL = 1, BUILD_LEVEL = 2 };

/* A package to be compiled. */
typedef struct Job {
    Package *package;
    const char *object; /* where it goes */
    pid_t pid;          /* of the process that compiles it; 0: none */
    bool started;
} Job;

typedef struct Maker {
    const Options *o;
    Loader *l;
    const char *tmp;
    const char *dir;    /* of objects in the cache, NULL: there is none */
    bool graphs_only;   /* of capabilities: nothing is compiled */
    GenLink *link;      /* the program that objects are for, or NULL */
    CacheEntry *entry;  /* that it is for, or NULL */
    PtrMap names;       /* Package* -> text of the hash that its object is named after */
    const Package *tested;     /* the package under test, or NULL */
    const char *untested_name; /* the name by which its importers know it */
    VEC(Job) jobs;      /* what is missing */
} Maker;

/* ---- one package ---- */

static int opt_level(const Options *o, const Loader *l, const Package *p) {
    if (l->test && p->is_main) return 0; /* nothing but tables, run once */
    if (o->opt_level >= 0) return o->opt_level;
    return strcmp(o->command, "run") || is_library(l, p) ? BUILD_LEVEL : RUN_LEVEL;
}

typedef struct PlacedNote {
    Location at;
    const char *text;
} PlacedNote;

static int compare_notes(const void *x, const void *y) {
    const PlacedNote *a = x, *b = y;
    int c = strcmp(a->at.path, b->at.path);
    if (!c) c = (a->at.line > b->at.line) - (a->at.line < b->at.line);
    if (!c) c = (a->at.col > b->at.col) - (a->at.col < b->at.col);
    return c ? c : strcmp(a->text, b->text);
}

/* What the optimiser has to say, in the order of the source, each thing once: instances of a generic function repeat it. */
static void print_notes(Loader *l, const IrPackage *p) {
    int n = p->notes.len;
    PlacedNote *list = NEW_ARRAY(l->arena, PlacedNote, n);
    for (int i = 0; i < n; i++)
        list[i] = (PlacedNote){source_location(&l->sources, p->notes.at[i].pos), p->notes.at[i].text};
    qsort(list, (size_t)n, sizeof *list, compare_notes);
    for (int i = 0; i < n; i++) {
        const PlacedNote *at = &list[i];
        if (i && !compare_notes(at - 1, at)) continue;
        fprintf(stderr, "%s:%d:%d: %s\n", at->at.path, at->at.line, at->at.col, at->text);
    }
}

bool note_caps(Loader *l, const IrPackage *ir) {
    Package *p = ir->pkg;
    if (p->is_main && !p->has_caps) return true;
    if (!l->caps) l->caps = caps_graph_new(l->arena, l->names);
    caps_add_package(l->caps, ir, is_library(l, p));
    if (!p->has_caps) return true;
    caps_solve(l->caps);
    caps_check(l->caps, ir);
    return !l->diags.errors;
}

IrPackage *lower_package(const Options *o, Loader *l, Package *p) {
    Sema *s = &l->sema;
    bool is_main = p->is_main;
    IrPackage *ir = ir_lower(s, p, l->arena, is_main ? s->order.at : NULL, is_main ? s->order.len : 0);
    if (l->diags.errors || !note_caps(l, ir)) return NULL;
    ir->keep_vars = o->debug;
    ir->explain = o->explain && p == l->named;
    if (opt_level(o, l, p) > 0) ir_inline(ir);
    else ir_simplify(ir);
    ir_escape(ir, &l->escapes);
    ir_regions(ir, &l->escapes);
    ir_check_frames(ir);
    ir_use_scratch(ir);
    ir_share_boxes(ir);
    ir_expand_arenas(ir);
    ir_order_faults(ir);
    if (ir->explain) print_notes(l, ir);
    return l->diags.errors ? NULL : ir;
}

GenOptions gen_options(const Options *o, const Loader *l, const Package *p, const char *tmp) {
    return (GenOptions){.opt_level = opt_level(o, l, p), .debug = o->debug, .tmp_dir = tmp};
}

bool back_end_failed(Buf *err) {
    fprintf(stderr, "%s%s", err->data ? err->data : "goo: code generation failed", err->len && err->data[err->len - 1] == '\n' ? "" : "\n");
    buf_free(err);
    return false;
}

static const char *tmp_object(const Maker *m, const Package *p) {
    if (!m->tmp) return ""; /* only asked whether it is there */
    for (int i = 0;; i++)
        if (m->l->sema.order.at[i] == p) return arena_printf(m->l->arena, "%s/%d.o", m->tmp, i);
}

static const char *object_path(const Maker *m, const Package *p);

/* Where the contracts of the object at path are. */
static const char *contracts_path(const Maker *m, const char *object) { return arena_printf(m->l->arena, "%s.esc", object); }

/* Reads the contracts of all packages before p, or of all, as far as that was not done. Without those of a package, its
 * functions are unknown ones. */
static void read_contracts(const Maker *m, const Package *p) {
    Loader *l = m->l;
    for (int i = 0; i < l->sema.order.len && l->sema.order.at[i] != p; i++) {
        Package *q = l->sema.order.at[i];
        if (q->is_unsafe || ptrmap_get(&l->contracts_read, q)) continue;
        size_t size;
        char *text = read_file(l->arena, contracts_path(m, object_path(m, q)), &size);
        if (text) ir_contracts_read(&l->escapes, l->names, text);
        ptrmap_put(l->arena, &l->contracts_read, q, q);
    }
}

/* Writes text, which is released, to path. */
static bool write_text(const char *path, Buf *text) {
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(text->data ? text->data : "", 1, text->len, f) == text->len;
    if (f && fclose(f)) ok = false;
    if (!ok) fprintf(stderr, "goo: cannot write %s: %s\n", path, strerror(errno));
    buf_free(text);
    return ok;
}

static bool write_contracts(const Maker *m, const IrPackage *ir) {
    Buf text = {0};
    ir_contracts_write(ir, &text);
    return write_text(contracts_path(m, tmp_object(m, ir->pkg)), &text);
}

/* ---- capabilities ---- */

/* Where the graph of capabilities that belongs to an object is. */
static const char *caps_path(const Maker *m, const char *object) { return arena_printf(m->l->arena, "%s.caps", object); }

static bool write_caps(const Maker *m, const IrPackage *ir) {
    Buf text = {0};
    caps_write(m->l->caps, ir_pkg_prefix(ir->pkg), &text);
    return write_text(caps_path(m, tmp_object(m, ir->pkg)), &text);
}

/* Reads the graphs of the packages before p, the library's only if it is wanted: else its table says what they need. */
static bool read_caps(const Maker *m, const Package *p, bool library) {
    Loader *l = m->l;
    if (!l->caps) l->caps = caps_graph_new(l->arena, l->names);
    for (int i = 0; i < l->sema.order.len && l->sema.order.at[i] != p; i++) {
        const Package *q = l->sema.order.at[i];
        if (q->is_unsafe || q->is_main || (!library && is_library(l, q))) continue;
        size_t size;
        char *text = read_file(l->arena, caps_path(m, object_path(m, q)), &size);
        if (!text || !caps_read(l->caps, text)) return false;
    }
    return true;
}

/* Lowers p for its graph of capabilities alone. */
static int make_graph(const Maker *m, Package *p) {
    Loader *l = m->l;
    IrPackage *ir = ir_lower(&l->sema, p, l->arena, NULL, 0);
    if (l->diags.errors || !note_caps(l, ir)) return report(l, m->o);
    return write_caps(m, ir) ? EXIT_OK : EXIT_USAGE;
}

/* What is done while a program's main package is compiled. */
static void use_wait(void *maker) {
    const Maker *m = maker;
    gen_link_read(m->link);
    if (m->entry) cache_note_inputs(m->l->arena, m->entry, m->l);
}

/* Lowers and compiles p to a file in the temporary folder. */
static int compile(const Maker *m, Package *p, int processes) {
    if (m->graphs_only) return make_graph(m, p);
    if (m->o->verbose) fprintf(stderr, "%s\n", p->path);
    read_contracts(m, p);
    if (p->has_caps) read_caps(m, p, false);
    IrPackage *ir = lower_package(m->o, m->l, p);
    if (!ir) return report(m->l, m->o);
    if (!p->is_main && !(write_contracts(m, ir) && write_caps(m, ir))) return EXIT_USAGE;
    GenOptions gen = gen_options(m->o, m->l, p, m->tmp);
    gen.jobs = processes;
    if (p->is_main) gen.meanwhile = use_wait, gen.context = (void *)m;
    Buf err = {0};
    int status = gen_compile(ir, &gen, tmp_object(m, p), false, &err);
    if (status) back_end_failed(&err);
    return status;
}

/* ---- names of objects ---- */

static bool is_test_file(const File *f) { return is_test_name(f->source->path); }

/* Whether the declaration is a method of a type that is not declared in a test file. */
static bool adds_method(const Loader *l, const Package *p, const Node *decl) {
    if (decl->kind != ND_FUNC_DECL || !decl->func_decl.recv) return false;
    const Node *type = decl->func_decl.recv->field.type;
    while (type && (type->kind == ND_PAREN || type->kind == ND_STAR || type->kind == ND_INDEX))
        type = type->kind == ND_PAREN ? type->paren.x : type->kind == ND_STAR ? type->star.x : type->index.x;
    const Object *obj = type && type->kind == ND_IDENT ? scope_lookup(p->scope, type->ident.name) : NULL;
    const SourceFile *in = obj ? source_file_of(&l->sources, obj->pos) : NULL;
    return !in || !is_test_name(in->path);
}

/* Whether the tests inside of p only declare things of their own. Then those that import p, other than tests, are
 * compiled to the same code with and without them: nothing is inlined across packages, and without new methods types
 * and their descriptors are the same too. */
static bool tests_only_add(const Loader *l, const Package *p) {
    for (int i = 0; i < p->nfiles; i++) {
        const File *f = p->files[i];
        if (!is_test_file(f)) continue;
        if (f->linknames.len) return false;
        for (int d = 0; d < f->decls.len; d++)
            if (adds_method(l, p, f->decls.at[d])) return false;
    }
    return true;
}

static bool file_imports(const File *f, const Package *import) {
    for (int i = 0; i < f->imports.len; i++) {
        const Object *obj = f->imports.at[i]->import_spec.obj;
        if (obj && obj->pkgname.imported == import) return true;
    }
    return false;
}

/* Whether p imports it for its tests alone. */
static bool is_for_tests(const Package *p, const Package *import) {
    bool found = false;
    for (int i = 0; i < p->nfiles; i++) {
        if (!file_imports(p->files[i], import)) continue;
        if (!is_test_file(p->files[i])) return false;
        found = true;
    }
    return found;
}

static void add_embedded(Buf *key, const File *f) {
    for (int i = 0; i < f->embeds.len; i++)
        for (int k = 0; k < f->embeds.at[i].files.len; k++) {
            const EmbedFile *e = &f->embeds.at[i].files.at[k];
            buf_printf(key, "embed %s %s\n", hash_data(e->data, e->size).s, e->name);
        }
}

/* The hash that p's object is named after, or that it would have without the tests inside of p. */
static const char *hash_package(const Maker *m, const Package *p, bool with_tests) {
    const TestPackage *t = m->l->test;
    bool is_test = t && (p->is_main || !strcmp(p->path, t->xpath));
    Buf key = {0};
    buf_printf(&key, "%s %d %d %s\n", gen_version(), opt_level(m->o, m->l, p), m->o->debug, p->path);
    buf_printf(&key, "%s\n", p->go_version ? p->go_version : "");
    for (int i = 0; i < p->nfiles; i++) {
        const SourceFile *f = p->files[i]->source;
        if (with_tests || !is_test_file(p->files[i])) {
            buf_printf(&key, "%s %s\n", hash_data(f->text, f->size).s, f->full_path);
            add_embedded(&key, p->files[i]);
        }
    }
    for (int i = 0; i < p->imports.len; i++) {
        const Package *import = p->imports.at[i];
        const char *name = import == m->tested && !is_test ? m->untested_name : ptrmap_get(&m->names, import);
        if (name && (with_tests || !is_for_tests(p, import))) buf_printf(&key, "%s\n", name);
    }
    const char *name = arena_strdup(m->l->arena, hash_data(key.data, key.len).s);
    buf_free(&key);
    return name;
}

static void name_object(Maker *m, const Package *p) {
    const TestPackage *t = m->l->test;
    const char *known = ptrmap_get(&m->l->object_names, p), *name = known ? known : hash_package(m, p, true);
    if (t && !strcmp(p->path, t->path)) {
        m->tested = p;
        m->untested_name = tests_only_add(m->l, p) ? hash_package(m, p, false) : name;
    }
    ptrmap_put(m->l->arena, &m->names, p, (void *)name);
    if (!t && !known && is_library(m->l, p)) ptrmap_put(m->l->arena, &m->l->object_names, p, (void *)name);
}

static const char *object_in(const Maker *m, const char *dir, const Package *p) {
    return arena_printf(m->l->arena, "%s/%s.o", dir, (const char *)ptrmap_get(&m->names, p));
}

/* Where p's object is or shall be. */
static const char *object_path(const Maker *m, const Package *p) {
    const char *found = ptrmap_get(&m->l->objects, p);
    if (found) return found;
    return p->is_main || !m->dir ? tmp_object(m, p) : object_in(m, m->dir, p);
}

/* Whether p's object is there: in the cache, or beside the compiler. */
static bool find_object(const Maker *m, const Package *p) {
    const char *const dirs[] = {m->l->paths->library, m->dir};
    for (int i = 0; i < 2 && !ptrmap_get(&m->l->objects, p); i++) {
        const char *path = dirs[i] ? object_in(m, dirs[i], p) : NULL;
        if (path && access(path, R_OK) == 0 && store_has(m->l->arena, path)) ptrmap_put(m->l->arena, &m->l->objects, p, (void *)path);
    }
    return ptrmap_get(&m->l->objects, p) != NULL;
}

/* ---- processes ---- */

static bool start(const Maker *m, Job *j, int processes) {
    fflush(NULL);
    j->started = true;
    j->pid = fork();
    if (j->pid) return j->pid > 0;
    int status = compile(m, j->package, processes);
    fflush(NULL);
    _exit(status);
}

static bool keep_object(const Maker *m, const Job *j) {
    const char *made = tmp_object(m, j->package);
    Arena *a = m->l->arena;
    if (m->graphs_only) return !m->dir || cache_move(a, caps_path(m, made), caps_path(m, j->object));
    return !m->dir || store_put(a, made, j->object);
}

/* Waits for one of the processes and puts its object into place; returns its exit status. */
static int wait_for_one(Maker *m) {
    int st;
    pid_t pid;
    while ((pid = waitpid(-1, &st, 0)) < 0)
        if (errno != EINTR) fatal("lost a process: %s", strerror(errno));
    int status = WIFEXITED(st) ? WEXITSTATUS(st) : EXIT_INTERNAL;
    for (int i = 0; i < m->jobs.len; i++) {
        Job *j = &m->jobs.at[i];
        if (j->pid != pid) continue;
        j->pid = 0;
        if (status == EXIT_OK && !keep_object(m, j)) {
            fprintf(stderr, "goo: cannot write %s: %s\n", j->object, strerror(errno));
            status = EXIT_USAGE;
        }
    }
    return status;
}

static Job *job_of(Maker *m, const Package *p) {
    for (int i = 0; i < m->jobs.len; i++)
        if (m->jobs.at[i].package == p) return &m->jobs.at[i];
    return NULL;
}

static bool is_ready(Maker *m, const Job *j) {
    for (int i = 0; i < j->package->imports.len; i++) {
        const Job *import = job_of(m, j->package->imports.at[i]);
        if (import && (!import->started || import->pid)) return false;
    }
    return !j->started;
}

/* A job that can start now, or NULL. */
static Job *next_job(Maker *m) {
    for (int i = 0; i < m->jobs.len; i++)
        if (is_ready(m, &m->jobs.at[i])) return &m->jobs.at[i];
    return NULL;
}

/* On a terminal, who waits is told for what; the line is gone at the end. */
static void show_progress(const Maker *m, int started, const Package *p) {
    enum { MANY = 4 };
    if (m->o->verbose || m->jobs.len < MANY || !isatty(STDERR_FILENO)) return;
    if (p) fprintf(stderr, "\r\033[Kcompiling %d of %d: %s", started, m->jobs.len, p->path);
    else fputs("\r\033[K", stderr);
}

/* Each process compiles one package, in as many processes of its own as others leave processors free. */
static int run_jobs(Maker *m) {
    Buf err = {0};
    if (!gen_gcc_load(&err)) return back_end_failed(&err), EXIT_USAGE;
    int limit = gen_processors(), running = 0, status = EXIT_OK;
    int processes = m->jobs.len >= limit ? 1 : limit / (m->jobs.len ? m->jobs.len : 1);
    for (int i = 0; i < m->jobs.len && !status; i++) {
        Job *j;
        while (!(j = running < limit ? next_job(m) : NULL) && !status) {
            status = wait_for_one(m);
            running--;
        }
        if (status) break;
        show_progress(m, i + 1, j->package);
        if (!start(m, j, processes)) {
            fprintf(stderr, "goo: cannot start a process: %s\n", strerror(errno));
            status = EXIT_USAGE;
        } else {
            running++;
        }
    }
    for (; running > 0; running--) {
        int st = wait_for_one(m);
        if (!status) status = st;
    }
    show_progress(m, 0, NULL);
    return status;
}

/* ---- all packages ---- */

static void find_missing(Maker *m) {
    m->jobs.len = 0;
    for (int i = 0; i < m->l->sema.order.len; i++) {
        Package *p = m->l->sema.order.at[i];
        if (p->is_unsafe || p->is_main) continue;
        bool to_explain = m->o->explain && p == m->l->named; /* what is not compiled says nothing */
        if (!to_explain && (find_object(m, p) || (m->graphs_only && access(caps_path(m, object_path(m, p)), R_OK) == 0))) continue;
        vec_push(m->l->arena, &m->jobs, ((Job){.package = p, .object = m->dir ? object_in(m, m->dir, p) : tmp_object(m, p)}));
    }
}

static int make_missing(Maker *m) {
    find_missing(m);
    if (!m->jobs.len) return EXIT_OK;
    int lock = m->dir ? open(arena_printf(m->l->arena, "%s/lock", m->dir), O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (lock >= 0 && flock(lock, LOCK_EX) == 0) find_missing(m); /* another goo may have made some */
    int status = run_jobs(m);
    if (lock >= 0) close(lock);
    if (m->dir) store_trim(m->l->arena, m->dir);
    return status;
}

static Maker new_maker(const Options *o, Loader *l, const char *tmp) {
    Maker m = {.o = o, .l = l, .tmp = tmp};
    if (l->paths->cache) m.dir = arena_printf(l->arena, "%s/lib", l->paths->cache);
    if (m.dir && !make_dirs(m.dir)) m.dir = NULL;
    for (int i = 0; i < l->sema.order.len; i++) name_object(&m, l->sema.order.at[i]);
    return m;
}

static bool library_is_there(Maker *m) {
    find_missing(m);
    for (int i = 0; i < m->jobs.len; i++)
        if (is_library(m->l, m->jobs.at[i].package)) return false;
    return true;
}

bool have_library(const Options *o, Loader *l) {
    Maker m = new_maker(o, l, NULL);
    return library_is_there(&m);
}

bool take_library(const Options *o, Loader *l) {
    Maker m = new_maker(o, l, NULL);
    if (!library_is_there(&m)) return false;
    read_contracts(&m, NULL);
    return true;
}

bool have_library_graphs(const Options *o, Loader *l) {
    Maker m = new_maker(o, l, NULL);
    m.graphs_only = true;
    return library_is_there(&m);
}

int make_cap_graphs(const Options *o, Loader *l, const char *tmp) {
    Maker m = new_maker(o, l, tmp);
    m.graphs_only = true;
    int status = make_missing(&m);
    if (!status && !read_caps(&m, NULL, true)) {
        fprintf(stderr, "goo: the cache lacks part of a package: run `goo clean`\n");
        status = EXIT_USAGE;
    }
    return status;
}

int make_objects(const Options *o, Loader *l, const char *tmp, GenLink *link, CacheEntry *entry) {
    Maker m = new_maker(o, l, tmp);
    m.link = link;
    m.entry = entry;
    int status = make_missing(&m);
    for (int i = 0; i < l->sema.order.len && !status; i++) {
        Package *p = l->sema.order.at[i];
        if (p->is_unsafe) continue;
        if (p->is_main) status = compile(&m, p, 0);
        gen_link_add(link, object_path(&m, p));
    }
    return status;
}
