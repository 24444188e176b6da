/* build.c: the commands that compile: build and run. */
#include "driver/driver.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Loads the program, with outlines of library packages if the cache has all their objects, or with an image of those that
 * the program itself imports. */
static Package *load_program(const Options *o, Paths *paths, Arena *a, char **args, int nargs, Loader **l) {
    bool once = nargs > 0 && !strcmp(args[0], "-"); /* standard input cannot be read again */
    Names imports = {0};
    *l = loader_new(a, paths, o, !once);
    if (!once) load_imports(*l, args, nargs, &imports);
    if ((*l)->usage_error) return NULL;
    Loader *image = image_loader(a, paths, o, &imports);
    *l = image ? image : loader_new(a, paths, o, !once);
    Package *p = load_main(*l, args, nargs);
    if (!p || once || have_library(o, *l)) return p;
    *l = loader_new(a, paths, o, false);
    return load_main(*l, args, nargs);
}

int build_executable(const Options *o, Paths *paths, Arena *a, char **args, int nargs, const char *out, CacheEntry *entry, Loader **loader) {
    Package *p = load_program(o, paths, a, args, nargs, loader);
    Loader *l = *loader;
    int status = report(l, o);
    if (!p || status) return status ? status : EXIT_ERRORS;
    if (!p->is_main && !strcmp(o->command, "run")) {
        fprintf(stderr, "goo: package %s is not a main package: it cannot be run\n", p->name->text);
        return EXIT_ERRORS;
    }
    load_init_order(l);
    const char *tmp = temp_dir();
    if (!tmp) return EXIT_USAGE;
    GenLink *link = gen_link_new(a, paths->runtime_lib, o->debug);
    status = make_objects(o, l, tmp, link, entry);
    if (status || !p->is_main) return status;
    Buf err = {0};
    if (!gen_link_write(link, out, &err)) return back_end_failed(&err), EXIT_ERRORS;
    return EXIT_OK;
}

/* ---- build ---- */

/* What a program is called that comes from there: like the folder, or the first file without its suffix. */
static const char *program_name(Arena *a, const Options *o) {
    const char *first = o->nargs ? o->args[0] : ".";
    char real[PATH_MAX];
    if (is_dir(first)) {
        const char *slash = realpath(first, real) ? strrchr(real, '/') : NULL;
        return slash && slash[1] ? arena_strdup(a, slash + 1) : "main";
    }
    const char *base = strrchr(first, '/') ? strrchr(first, '/') + 1 : first;
    const char *dot = strrchr(base, '.');
    return dot && dot != base ? arena_strndup(a, base, (size_t)(dot - base)) : base;
}

/* The name of the executable when -o is not given; what has no suffix may be there as a script, or a folder. */
static const char *default_output(Arena *a, const Options *o) {
    const char *name = program_name(a, o);
    bool no_suffix = o->nargs && !is_dir(o->args[0]) && has_suffix(o->args[0], name);
    return no_suffix || is_dir(name) ? arena_printf(a, "%s.out", name) : name;
}

/* Where the executable goes: -o FILE, or into the folder that -o names. NULL, after saying why: nothing can be written there. */
static const char *executable_path(Arena *a, const Options *o) {
    const char *out = o->output ? o->output : default_output(a, o);
    bool folder = is_dir(out) || has_suffix(out, "/");
    if (folder && make_dirs(arena_strndup(a, out, strlen(out) - (out[1] && has_suffix(out, "/")))))
        out = arena_printf(a, "%s%s%s", out, has_suffix(out, "/") ? "" : "/", program_name(a, o));
    const char *slash = strrchr(out, '/');
    const char *in = !slash ? "." : slash == out ? "/" : arena_strndup(a, out, (size_t)(slash - out));
    if (access(out, W_OK) == 0 || access(in, W_OK) == 0) return out;
    fprintf(stderr, "goo: cannot write %s: %s\n", out, strerror(errno));
    return NULL;
}

static int build_program(const Options *o, Paths *paths, Arena *a) {
    Loader *l;
    const char *out = executable_path(a, o);
    return out ? build_executable(o, paths, a, o->args, o->nargs, out, NULL, &l) : EXIT_USAGE;
}

static FILE *open_output(const Options *o) {
    if (!o->output || !strcmp(o->output, "-")) return stdout;
    FILE *f = fopen(o->output, "w");
    if (!f) fprintf(stderr, "goo: cannot write %s: %s\n", o->output, strerror(errno));
    return f;
}

/* Flushes and closes; a full disk shows here, and then nothing half-written stays. Devices stay, of course. */
static int close_output(const Options *o, FILE *f) {
    bool bad = ferror(f) || fflush(f);
    int saved = errno;
    struct stat st;
    bool regular = fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode);
    if (f != stdout && fclose(f) && !bad) bad = true, saved = errno;
    if (!bad) return EXIT_OK;
    fprintf(stderr, "goo: cannot write %s: %s\n", f == stdout ? "standard output" : o->output, strerror(saved));
    if (f != stdout && regular) unlink(o->output);
    return EXIT_USAGE;
}

static int emit_ast(const Options *o, Loader *l) {
    load_parse(l, o->args, o->nargs);
    int status = report(l, o);
    if (status == EXIT_USAGE) return status;
    FILE *f = open_output(o);
    if (!f) return EXIT_USAGE;
    for (int i = 0; i < l->parsed.len; i++) ast_dump(&l->sources, l->parsed.at[i], f);
    int closed = close_output(o, f);
    return closed ? closed : status;
}

static int copy_file(const Options *o, Arena *a, const char *path) {
    size_t n;
    char *text = read_file(a, path, &n);
    if (!text) return fprintf(stderr, "goo: cannot read %s: %s\n", path, strerror(errno)), EXIT_USAGE;
    FILE *f = open_output(o);
    if (!f) return EXIT_USAGE;
    fwrite(text, 1, n, f);
    return close_output(o, f);
}

/* --emit=ir, asm, obj: of the named package alone. */
static int emit_code(const Options *o, Loader *l) {
    Package *p = load_main(l, o->args, o->nargs);
    int status = report(l, o);
    if (!p || status) return status ? status : EXIT_ERRORS;
    IrPackage *ir = lower_package(o, l, p);
    if (!ir) return report(l, o);
    if (o->emit == EMIT_IR) {
        FILE *f = open_output(o);
        if (!f) return EXIT_USAGE;
        ir_print(ir, f);
        return close_output(o, f);
    }
    const char *tmp = temp_dir();
    if (!tmp) return EXIT_USAGE;
    GenOptions gen = gen_options(o, l, p, tmp);
    Buf err = {0};
    const char *path = arena_printf(l->arena, "%s/code", tmp);
    status = gen_compile(ir, &gen, path, o->emit == EMIT_ASM, &err);
    if (status) return back_end_failed(&err), status;
    Options to = *o;
    if (o->emit == EMIT_OBJ && !o->output) to.output = arena_printf(l->arena, "%s.o", default_output(l->arena, o));
    return copy_file(&to, l->arena, path);
}

int cmd_build(const Options *o) {
    Arena *a = arena_new();
    Paths paths;
    paths_init(&paths, a);
    Loader *l = loader_new(a, &paths, o, true);
    int status;
    if (o->emit == EMIT_AST) status = emit_ast(o, l);
    else if (o->emit != EMIT_EXE) status = emit_code(o, l);
    else status = build_program(o, &paths, a);
    arena_free(a);
    return status;
}

/* ---- run ---- */

static int exec_program(const char *exe, char **argv) {
    execv(exe, argv);
    fprintf(stderr, "goo: cannot start %s: %s\n", exe, strerror(errno));
    return EXIT_USAGE;
}

/* Runs a program that must be removed afterwards; passes its exit status or signal on. */
static int spawn_program(const char *exe, char **argv) {
    extern char **environ;
    pid_t pid;
    int err = posix_spawn(&pid, exe, NULL, NULL, argv, environ), st;
    if (err) return fprintf(stderr, "goo: cannot start %s: %s\n", exe, strerror(err)), EXIT_USAGE;
    signal(SIGINT, SIG_IGN); /* the terminal sends it to the program too, which decides */
    signal(SIGQUIT, SIG_IGN);
    while (waitpid(pid, &st, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

int cmd_run(const Options *o) {
    int nsrc = count_sources(o->args, o->nargs);
    if (nsrc == 0) {
        fprintf(stderr, "goo run: no source files; usage: goo run [flags] FILE...|DIR [arguments]\n");
        return EXIT_USAGE;
    }
    Arena *a = arena_new();
    Paths paths;
    paths_init(&paths, a);
    char **argv = NEW_ARRAY(a, char *, o->nargs - nsrc + 2);
    memcpy(argv + 1, o->args + nsrc, sizeof *argv * (size_t)(o->nargs - nsrc));
    CacheEntry entry = {0};
    bool cached = !o->no_cache && cache_entry(a, &paths, o, o->args, nsrc, &entry);
    if (cached) {
        argv[0] = (char *)entry.exe;
        if (cache_is_fresh(a, &entry)) return exec_program(entry.exe, argv);
    }
    Loader *l;
    const char *tmp = temp_dir();
    if (!tmp) return EXIT_USAGE;
    const char *exe = arena_printf(a, "%s/program", tmp);
    int status = build_executable(o, &paths, a, o->args, nsrc, exe, cached ? &entry : NULL, &l);
    if (status) return status;
    if (cached) exe = cache_store(a, &entry, exe);
    argv[0] = (char *)exe;
    if (exe == entry.exe) {
        temp_dir_remove();
        return exec_program(exe, argv);
    }
    return spawn_program(exe, argv);
}
