/* check.c: goo check: reports errors without compiling, of one program or of all packages that patterns name. */
#include "driver/test.h"
#include <string.h>
#include <unistd.h>

/* What the packages promise about capabilities: for that their functions have to be lowered. */
static void check_caps(Loader *l) {
    bool promises = false;
    for (int i = 0; i < l->sema.order.len; i++) promises |= l->sema.order.at[i]->has_caps;
    for (int i = 0; promises && i < l->sema.order.len && !l->diags.errors; i++) {
        Package *p = l->sema.order.at[i];
        if (p->is_unsafe || is_library(l, p)) continue;
        IrPackage *ir = ir_lower(&l->sema, p, l->arena, NULL, 0);
        if (!l->diags.errors) note_caps(l, ir);
    }
}

/* ---- several packages ---- */

typedef struct Checker {
    const Options *o;
    Paths *paths;
    TestPackages packages;
    int printed; /* reports, as JSON */
} Checker;

/* Whether the file is of another package that is checked too: what is wrong with it is reported there. */
static bool is_anothers(const Checker *c, const TestPackage *t, const SourceFile *f) {
    if (!f || !f->package || !strcmp(f->package, t->path)) return false;
    for (int i = 0; i < c->packages.len; i++)
        if (!strcmp(c->packages.at[i]->path, f->package)) return true;
    return false;
}

static void drop_anothers(const Checker *c, const TestPackage *t, Loader *l) {
    int kept = 0;
    for (int i = 0; i < l->diags.list.len; i++) {
        Diag *d = l->diags.list.at[i];
        if (!is_anothers(c, t, source_file_of(&l->sources, d->pos))) l->diags.list.at[kept++] = d;
    }
    l->diags.list.len = kept;
}

static int check_package(Checker *c, const TestPackage *t) {
    Arena *a = arena_new();
    Loader *l = loader_new(a, c->paths, c->o, !t->library);
    char *dir[] = {(char *)t->dir};
    if (t->library ? load_path(l, t->path) : load_main(l, dir, 1)) check_caps(l);
    drop_anothers(c, t, l);
    loader_shorten_paths(l);
    int status;
    if (c->o->json_errors) {
        diags_sort(&l->diags);
        c->printed = diags_print_items(&l->diags, stdout, c->printed);
        status = l->usage_error ? EXIT_USAGE : l->diags.errors ? EXIT_ERRORS : EXIT_OK;
    } else {
        status = report(l, c->o);
    }
    arena_free(a);
    return status;
}

static int check_packages(const Options *o, Paths *paths, Arena *a) {
    Checker c = {.o = o, .paths = paths};
    Loader *finder = loader_new(a, paths, o, true);
    Names patterns = {.at = (const char **)o->args, .len = o->nargs};
    bool found = find_packages(finder, &patterns, &c.packages);
    int status = found && !finder->diags.errors ? EXIT_OK : report(finder, o);
    if (status || !found) return status ? status : EXIT_USAGE;
    if (o->json_errors) putchar('[');
    for (int i = 0; i < c.packages.len; i++) {
        int st = c.packages.at[i]->files.len ? check_package(&c, c.packages.at[i]) : EXIT_OK;
        if (st > status) status = st;
    }
    if (o->json_errors) puts("]");
    return status;
}

/* ---- the command ---- */

/* Whether the arguments are not simply the files or the folder of one package. */
static bool are_patterns(const Options *o) {
    if (o->nargs > 1 && is_dir(o->args[0])) return true;
    for (int i = 0; i < o->nargs; i++) {
        const char *arg = o->args[i];
        if (strstr(arg, "...") || (!is_source_name(arg) && strcmp(arg, "-") && access(arg, F_OK))) return true;
    }
    return false;
}

static int check_program(const Options *o, Paths *paths, Arena *a) {
    Loader *l = loader_new(a, paths, o, true);
    if (load_main(l, o->args, o->nargs)) check_caps(l);
    return report(l, o);
}

int cmd_check(const Options *o) {
    Arena *a = arena_new();
    Paths paths;
    paths_init(&paths, a);
    int status = are_patterns(o) ? check_packages(o, &paths, a) : check_program(o, &paths, a);
    arena_free(a);
    return status;
}
