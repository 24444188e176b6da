/* frontend.c: a libFuzzer target: any bytes through lexer, parser and checker must end in a tree or in errors.
 *
 * The first byte's bits choose a .goo file, checking after syntax errors, and generic aliases. Imports fail, except
 * for package unsafe. */
#include "sema/sema.h"
#include <stdlib.h>
#include <string.h>

static Package *no_import(void *ctx, const char *path, const char *from_dir, Pos pos) {
    (void)from_dir;
    diag_error(ctx, pos, pos, "package %s is not here", path);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    Arena *a = arena_new();
    NameTable *names = names_new(a);
    SourceSet sources;
    Diags diags;
    Sema sema;
    sources_init(&sources, a);
    diags_init(&diags, a, &sources);
    sema_init(&sema, a, names, &sources, &diags, no_import, &diags);
    char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    SourceFile *src = source_add(&sources, "fuzz", text, size - 1);
    src->is_goo = data[0] & 1;
    File *f = parse_file(a, names, &sources, src, &diags);
    if (f->had_errors && !(data[0] & 2)) sema_check_branches(&sema, f);
    else sema_check(&sema, "fuzz", ".", &f, 1, &(SemaOptions){.allow_no_body = true, .generic_aliases = data[0] & 4});
    diags_sort(&diags);
    arena_free(a);
    return 0;
}
