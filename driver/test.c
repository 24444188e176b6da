/* test.c: `goo test`: finds the packages, and for each builds a test program and runs it, in a process of its own;
 * several at once, their output in the order of the packages. Results are not cached; objects of packages are, as
 * everywhere. */
#include "driver/test.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Tester {
    const Options *o;
    const TestFlags *flags;
    Paths *paths;
    Arena *arena;
    const char *tmp, *converter;
    TestPackages packages;
} Tester;

/* ---- one package ---- */

/* Loads the test program of t, with outlines of library packages if the cache has all their objects. */
static Loader *load(const Tester *w, TestPackage *t, Package **p) {
    Loader *l = loader_new(w->arena, w->paths, w->o, true);
    *p = load_test(l, t);
    if (!*p || have_library(w->o, l)) return l;
    l = loader_new(w->arena, w->paths, w->o, false);
    *p = load_test(l, t);
    return l;
}

/* The last element of the import path, or of the folder for files that were named. */
static const char *program_name(Arena *a, const TestPackage *t) {
    const char *path = t->listed ? t->dir : t->path, *slash = strrchr(path, '/');
    return arena_printf(a, "%s.test", slash ? slash + 1 : path);
}

/* Where the test program goes: -o FILE or FOLDER, with -c the current folder, otherwise tmp. */
static const char *program_path(const Tester *w, const TestPackage *t, const char *tmp) {
    const char *o = w->flags->output, *name = program_name(w->arena, t);
    if (!o) return w->flags->build_only ? name : arena_printf(w->arena, "%s/%s", tmp, name);
    size_t n = strlen(o);
    if (!is_dir(o) && (!n || o[n - 1] != '/')) return o;
    make_dirs(arena_strndup(w->arena, o, n && o[n - 1] == '/' ? n - 1 : n));
    return arena_printf(w->arena, "%s%s%s", o, n && o[n - 1] == '/' ? "" : "/", name);
}

/* Builds the test program; the failure that is to be reported, or NULL. */
static const char *build(const Tester *w, TestPackage *t, const char *tmp, const char *exe) {
    Loader *l = loader_new(w->arena, w->paths, w->o, false);
    Package *p = NULL;
    if (!test_main_make(l, t) || !t->main) {
        if (t->main || !l->diags.errors) return l->usage_error ? "setup failed" : NULL;
        test_report_errors(l, t);
        return "setup failed";
    }
    l = load(w, t, &p);
    if (!p || l->diags.errors) {
        test_report_errors(l, t);
        return l->import_error ? "setup failed" : "build failed";
    }
    load_init_order(l);
    GenLink *link = gen_link_new(w->arena, w->paths->runtime_lib, w->o->debug);
    Buf err = {0};
    if (make_objects(w->o, l, tmp, link, NULL)) return "build failed";
    if (!strcmp(exe, "/dev/null")) return NULL;
    if (!gen_link_write(link, exe, &err)) return back_end_failed(&err), "build failed";
    return NULL;
}

static const char *absolute(Arena *a, const char *path) {
    char *real = realpath(path, NULL);
    const char *kept = real ? arena_strdup(a, real) : path;
    free(real);
    return kept;
}

/* Builds and runs the tests of package i; an exit status. */
static int test_package(const Tester *w, int i) {
    TestPackage *t = w->packages.at[i];
    const TestFlags *f = w->flags;
    bool single = w->packages.len == 1;
    bool show = f->verbose || f->list, direct = (!f->patterns.len || f->bench) && !f->json && single;
    TestRun r = {.flags = f, .paths = w->paths, .path = t->path, .dir = t->dir, .library = t->library, .converter = w->converter,
                 .direct = direct, .as_it_comes = f->json || (show && single)};
    const char *tmp = arena_printf(w->arena, "%s/%d", w->tmp, i), *exe = program_path(w, t, tmp);
    if (mkdir(tmp, 0777) && errno != EEXIST) return fprintf(stderr, "goo: cannot create %s: %s\n", tmp, strerror(errno)), EXIT_USAGE;
    const char *failure = build(w, t, tmp, exe);
    if (failure) return test_say(&r, true, arena_printf(w->arena, "FAIL\t%s [%s]\n", t->path, failure));
    if (!t->main) return test_say(&r, false, arena_printf(w->arena, "?   \t%s\t[no test files]\n", t->path));
    return f->build_only ? EXIT_OK : test_run(&r, absolute(w->arena, exe));
}

/* ---- all packages ---- */

typedef struct Worker { pid_t pid; int status; } Worker;

static const char *output_path(const Tester *w, int i, const char *kind) {
    return arena_printf(w->arena, "%s/%d.%s", w->tmp, i, kind);
}

static bool redirect(int fd, const char *path) {
    int to = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return to >= 0 && dup2(to, fd) >= 0;
}

static pid_t start_worker(const Tester *w, int i) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid) return pid;
    bool ok = w->packages.len == 1 || (redirect(STDOUT_FILENO, output_path(w, i, "out")) && redirect(STDERR_FILENO, output_path(w, i, "err")));
    int status = ok ? test_package(w, i) : EXIT_USAGE;
    fflush(NULL);
    _exit(status);
}

static void print_file(const Tester *w, const char *path, FILE *to) {
    size_t n;
    char *text = read_file(w->arena, path, &n);
    if (text) fwrite(text, 1, n, to);
    fflush(to);
    unlink(path);
}

static int wait_for_worker(Worker *workers, int n) {
    int st;
    pid_t pid;
    while ((pid = waitpid(-1, &st, 0)) < 0)
        if (errno != EINTR) fatal("lost a process: %s", strerror(errno));
    for (int i = 0; i < n; i++) {
        if (workers[i].pid != pid) continue;
        workers[i].pid = 0;
        workers[i].status = WIFEXITED(st) ? WEXITSTATUS(st) : EXIT_INTERNAL;
        return workers[i].status;
    }
    return EXIT_OK;
}

/* Tests all packages, flags->processes at once, and prints their output in order. */
static int test_packages(const Tester *w) {
    int n = w->packages.len, started = 0, running = 0, status = EXIT_OK;
    Worker *workers = NEW_ARRAY(w->arena, Worker, n);
    for (int printed = 0; printed < n;) {
        for (; started < n && running < w->flags->processes; running++, started++)
            if ((workers[started].pid = start_worker(w, started)) < 0) fatal("cannot start a process: %s", strerror(errno));
        int st = wait_for_worker(workers, started);
        running--;
        if (st && !status) status = st == EXIT_INTERNAL ? EXIT_INTERNAL : EXIT_ERRORS;
        for (; printed < started && !workers[printed].pid; printed++) {
            print_file(w, output_path(w, printed, "err"), stderr);
            print_file(w, output_path(w, printed, "out"), stdout);
        }
    }
    return status;
}

/* The program that makes events of output: Go's converter, compiled like any other program and kept in the cache. */
static const char *find_converter(Tester *w) {
    char *dir = (char *)arena_printf(w->arena, "%s/cmd/test2json", w->paths->std);
    CacheEntry e = {0};
    bool cached = cache_entry(w->arena, w->paths, w->o, &dir, 1, &e);
    if (cached && cache_is_fresh(w->arena, &e)) return e.exe;
    Loader *l;
    const char *exe = arena_printf(w->arena, "%s/test2json", w->tmp);
    if (build_executable(w->o, w->paths, w->arena, &dir, 1, exe, cached ? &e : NULL, &l)) return NULL;
    return cached ? cache_store(w->arena, &e, exe) : exe;
}

static bool can_take_several(const char *output) {
    return !output || is_dir(output) || has_suffix(output, "/") || !strcmp(output, "/dev/null");
}

static int test_all(Tester *w) {
    Loader *l = loader_new(w->arena, w->paths, w->o, true);
    bool found = find_packages(l, &w->flags->patterns, &w->packages);
    int status = report(l, w->o);
    if (!found || status) return status ? status : EXIT_ERRORS;
    if (!w->packages.len) return fprintf(stderr, "goo test: no packages to test\n"), EXIT_ERRORS;
    if (w->packages.len > 1 && !can_take_several(w->flags->output))
        return fprintf(stderr, "goo test: with several packages -o must be a folder\n"), EXIT_USAGE;
    if (!(w->tmp = temp_dir())) return EXIT_USAGE;
    if (w->flags->json && !(w->converter = find_converter(w))) return EXIT_ERRORS;
    status = test_packages(w);
    if (status && w->flags->patterns.len && !w->flags->json && !w->flags->build_only) printf("FAIL\n");
    return status;
}

int cmd_test(const Options *given) {
    Arena *a = arena_new();
    Options o = *given;
    TestFlags flags = {.processes = gen_processors()};
    Paths paths;
    bool help = false;
    int status = test_flags_parse(a, o.nargs, o.args, &flags, &o, &help);
    if (help) return cmd_help(&(Options){.command = "help", .args = (char *[]){"test"}, .nargs = 1});
    if (status) return status;
    paths_init(&paths, a);
    Tester w = {.o = &o, .flags = &flags, .paths = &paths, .arena = a};
    status = test_all(&w);
    arena_free(a);
    return status;
}
