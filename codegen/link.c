/* link.c: from objects to a program: by Goo's own linker, or for what that cannot do (debug information, other
 * processors than x86-64) by the system's, called directly.
 *
 * The C compiler's driver would only add time: what it knows, the places of the C library and its start files, was
 * asked of it when this compiler was built (toolchain.h), and most of it is linked into goort.o already; the
 * archives that follow serve what only generated code uses. Programs are static, at a fixed address, and unused
 * sections are dropped. Objects may be archives (compile.c) and are taken whole. */
#include "codegen/gen.h"
#include "linker/linker.h"
#include "toolchain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* By preference: LLVM's takes a third of the time for a program that imports much. */
static const char *const linkers[] = {"ld.lld", "ld"};

static const char *const options[] = {
    "-static", "--gc-sections", "-z", "noexecstack", "-z", "start-stop-gc", "--build-id=none", NULL,
};
static const char *const start_files[] = {TOOLCHAIN_CRT1, TOOLCHAIN_CRTI, TOOLCHAIN_CRTBEGIN, NULL};
static const char *const libraries[] = {
    "--start-group", TOOLCHAIN_LIBC, TOOLCHAIN_LIBM, TOOLCHAIN_LIBGCC, TOOLCHAIN_LIBGCC_EH, "--end-group", NULL,
};
static const char *const end_files[] = {TOOLCHAIN_CRTEND, TOOLCHAIN_CRTN, NULL};

typedef VEC(const char *) ArgVec;

static void add_all(Arena *a, ArgVec *argv, const char *const *args) {
    for (; *args; args++) vec_push(a, argv, *args);
}

static bool is_in_path(Arena *a, const char *program) {
    const char *path = getenv("PATH");
    for (size_t n; path && *path; path += n + (path[n] == ':')) {
        n = strcspn(path, ":");
        if (access(arena_printf(a, "%.*s/%s", (int)n, path, program), X_OK) == 0) return true;
    }
    return false;
}

/* With Goo's own linker. LINK_UNSUPPORTED leaves nothing behind, and no message. */
static LinkResult link_inside(Arena *a, const char **objects, int n, const char *runtime_lib, const char *out, Buf *err) {
    Linker *l = link_new(a);
    Buf said = {0};
    for (int i = 0; i < n; i++) link_add(l, objects[i]);
    link_add(l, runtime_lib);
    for (const char *const *lib = libraries; *lib; lib++)
        if (**lib != '-') link_add_library(l, *lib);
    LinkResult r = link_write(l, out, &said);
    link_free(l);
    if (r == LINK_FAILED) buf_put(err, said.data, said.len);
    buf_free(&said);
    return r;
}

bool gen_link(const char **objects, int n, const char *runtime_lib, const char *out, bool debug, Buf *err) {
    Arena *a = arena_new();
    const char *tmp = gen_aside(a, out);
    ArgVec argv = {0};
    size_t len = strlen(runtime_lib);
    bool is_archive = len > 2 && strcmp(runtime_lib + len - 2, ".a") == 0;
    vec_push(a, &argv, linkers[is_in_path(a, linkers[0]) ? 0 : 1]);
    add_all(a, &argv, options);
    if (is_archive) add_all(a, &argv, start_files);
    add_all(a, &argv, (const char *const[]){"-o", tmp, "--whole-archive", NULL});
    for (int i = 0; i < n; i++) vec_push(a, &argv, objects[i]);
    add_all(a, &argv, (const char *const[]){"--no-whole-archive", runtime_lib, NULL});
    add_all(a, &argv, libraries);
    if (is_archive) add_all(a, &argv, end_files);
    vec_push(a, &argv, NULL);
    LinkResult r = is_archive || debug ? LINK_UNSUPPORTED : link_inside(a, objects, n, runtime_lib, tmp, err);
    bool ok = r == LINK_OK || (r == LINK_UNSUPPORTED && gen_run_tool((char *const *)argv.at, err));
    if (ok && !gen_put(tmp, out)) {
        buf_printf(err, "cannot write %s: %s\n", out, strerror(errno));
        ok = false;
    }
    if (!ok) unlink(tmp);
    arena_free(a);
    return ok;
}
