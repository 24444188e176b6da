/* testerrors.c: why a test program could not be built, in the form of `go test`: a line with the name of the package, then
 * one line for each error. Errors of a package stand together, since its files are read one after the other. */
#include "driver/test.h"
#include <string.h>

enum { LIMIT = 10 }; /* errors of a package */

/* Whose error it is. Those that keep the imports from being found are the tested package's, as are those of its test files
 * before they are sorted. */
static const char *package_of(const Loader *l, const TestPackage *t, const Diag *d) {
    const SourceFile *f = l->import_error ? NULL : source_file_of(&l->sources, d->pos);
    return f && f->package ? f->package : t->path;
}

static void print_heading(const Loader *l, const TestPackage *t, const char *package) {
    bool compiled = l->test && !l->import_error; /* otherwise there was nothing to compile yet */
    bool with_tests = compiled && (!strcmp(package, t->path) || !strcmp(package, t->xpath));
    if (with_tests) fprintf(stderr, "# %s [%s.test]\n", package, t->path);
    else fprintf(stderr, "# %s\n", package);
}

void test_report_errors(Loader *l, const TestPackage *t) {
    loader_shorten_paths(l);
    diags_sort(&l->diags);
    Diags some = l->diags;
    some.brief = true;
    for (int from = 0, to; from < l->diags.list.len; from = to) {
        const char *package = package_of(l, t, l->diags.list.at[from]);
        for (to = from + 1; to < l->diags.list.len && !strcmp(package_of(l, t, l->diags.list.at[to]), package);) to++;
        some.list.at = l->diags.list.at + from;
        some.list.len = to - from;
        print_heading(l, t, package);
        diags_print(&some, stderr, LIMIT, false);
    }
}
