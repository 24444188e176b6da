/* caps.c: goo caps: which capabilities packages and functions need, and why.
 *
 * Programs are looked at one by one, each with the packages that it is made of, library packages together. For the
 * former the library's table says what its functions need, for the latter their own calls do. */
#include "driver/caps.h"
#include "driver/test.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- programs ---- */

static bool has_name(const Names *list, const char *name) {
    for (int i = 0; i < list->len; i++)
        if (!strcmp(list->at[i], name)) return true;
    return false;
}

static bool is_covered(const CapReports *reports, const char *path) {
    for (int i = 0; i < reports->len; i++)
        if (has_name(&reports->at[i].packages, path)) return true;
    return false;
}

/* Loads one package with all that it imports and adds a report of those that are the user's. */
static int load_program(const Options *o, Paths *paths, Arena *a, const TestPackage *t, CapReports *out) {
    Loader *l = loader_new(a, paths, o, true);
    char *dir[] = {(char *)t->dir};
    Package *p = t->listed ? load_main(l, o->args, o->nargs) : load_main(l, dir, 1);
    CapReport r = {.g = caps_graph_new(a, l->names)};
    if (p && p->is_main && !t->listed) r.main = t->path;
    for (int i = 0; p && i < l->sema.order.len && !l->diags.errors; i++) {
        Package *q = l->sema.order.at[i];
        if (q->is_unsafe || is_library(l, q)) continue;
        IrPackage *ir = ir_lower(&l->sema, q, a, NULL, 0);
        if (!l->diags.errors) caps_add_package(r.g, ir, false);
        const char *path = ir_pkg_prefix(q);
        if (q->is_main || !is_covered(out, path)) vec_push(a, &r.packages, path);
    }
    int status = report(l, o);
    if (status || !p) return status ? status : EXIT_ERRORS;
    caps_solve(r.g);
    vec_push(a, out, r);
    return EXIT_OK;
}

static int load_library(const Options *o, Paths *paths, Arena *a, const TestPackages *list, CapReports *out) {
    CapReport r = {0};
    int status;
    for (int i = 0; i < list->len; i++)
        if (list->at[i]->library && (list->len == 1 || !caps_is_internal(list->at[i]->path))) vec_push(a, &r.packages, list->at[i]->path);
    if (!r.packages.len) return EXIT_OK;
    r.g = caps_load_library(o, paths, a, &r.packages, &status);
    if (r.g) vec_push(a, out, r);
    return status;
}

int caps_load(const Options *o, Paths *paths, Arena *a, CapReports *out) {
    Loader *finder = loader_new(a, paths, o, true);
    TestPackages list = {0};
    Names patterns = {.at = (const char **)o->args, .len = o->nargs};
    bool found = find_packages(finder, &patterns, &list);
    int status = report(finder, o);
    if (status || !found) return status ? status : EXIT_USAGE;
    for (int i = 0; i < list.len && !status; i++)
        if (!list.at[i]->library && list.at[i]->files.len && !is_covered(out, list.at[i]->path)) status = load_program(o, paths, a, list.at[i], out);
    return status ? status : load_library(o, paths, a, &list, out);
}

/* ---- questions about packages ---- */

static int by_name(const void *x, const void *y) {
    return strcmp((*(CapNode *const *)x)->name->text, (*(CapNode *const *)y)->name->text);
}

void caps_functions(const CapReport *r, const char *package, CapNodes *out) {
    for (int i = 0; i < r->g->list.len; i++) {
        CapNode *n = r->g->list.at[i];
        bool known = (n->flags & CN_DEFINED) && !(n->flags & (CN_HIDDEN | CN_TYPE | CN_LITERAL));
        if (known && n->package && !strcmp(n->package, package)) vec_push(r->g->arena, out, n);
    }
    if (out->len) qsort(out->at, (size_t)out->len, sizeof *out->at, by_name);
}

CapSet caps_of_package(const CapReport *r, const char *package) {
    CapSet all = {0};
    CapNodes functions = {0};
    caps_functions(r, package, &functions);
    for (int i = 0; i < functions.len; i++) {
        CapSet needs = caps_required(r->g, functions.at[i]);
        capset_add_all(r->g->arena, &all, &needs);
    }
    return all;
}

const char *caps_package_name(const CapReport *r, const char *package) {
    return r->main && !strcmp(package, "main") ? r->main : package;
}

/* ---- the command ---- */

static int print_graph(const Options *o, const Paths *paths, Arena *a, const CapReports *reports, FILE *out) {
    if (strcmp(o->graph, "html")) return caps_print_dot(reports, out), EXIT_OK;
    return caps_print_html(reports, paths, a, out) ? EXIT_OK : EXIT_USAGE;
}

static int show(const Options *o, const Paths *paths, Arena *a, const CapReports *reports, FILE *out) {
    if (o->why) return caps_print_why(reports, o->why, out);
    if (o->graph) return print_graph(o, paths, a, reports, out);
    if (o->json) caps_print_json(reports, out);
    else caps_print(reports, o->verbose, out);
    return EXIT_OK;
}

static int run(const Options *o, Paths *paths, Arena *a) {
    CapReports reports = {0};
    int status = caps_load(o, paths, a, &reports);
    if (status) return status;
    if (o->check_table) return caps_check_table(reports.at[0].g);
    Buf list = {0};
    caps_list(&reports, a, &list, false);
    const char *now = list.data ? list.data : "";
    if (o->rights_file) return caps_compare_file(o->rights_file, now, a);
    if (o->write_rights) return caps_write_file(o->write_rights, now);
    if (o->revision) return caps_diff(o, paths, a, &reports);
    FILE *out = o->output ? fopen(o->output, "w") : stdout;
    if (!out) return fprintf(stderr, "goo: cannot write %s: %s\n", o->output, strerror(errno)), EXIT_USAGE;
    status = show(o, paths, a, &reports, out);
    if (fflush(out) || ferror(out)) {
        fprintf(stderr, "goo: cannot write the output: %s\n", strerror(errno));
        status = EXIT_USAGE;
    }
    if (out != stdout) fclose(out);
    return status;
}

int cmd_caps(const Options *o) {
    Arena *a = arena_new();
    Paths paths;
    paths_init(&paths, a);
    Options opt = *o;
    char *std[] = {"std"};
    if (o->check_table) opt.args = std, opt.nargs = 1;
    int status = run(&opt, &paths, a);
    arena_free(a);
    return status;
}
