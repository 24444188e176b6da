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

#ifndef GOO_TSAN
static const bool may_link_inside = true;
/* By preference: LLVM's takes a third of the time for a program that imports much. */
static const char *const linkers[] = {"ld.lld", "ld"};

static const char *const options[] = {
    "-static", "--gc-sections", "-z", "noexecstack", "-z", "start-stop-gc", "--build-id=none", NULL,
};
static const char *const all_of[] = {"--whole-archive", NULL}, *const as_needed[] = {"--no-whole-archive", NULL};
static const char *const start_files[] = {TOOLCHAIN_CRT1, TOOLCHAIN_CRTI, TOOLCHAIN_CRTBEGIN, NULL};
static const char *const libraries[] = {
    "--start-group", TOOLCHAIN_LIBC, TOOLCHAIN_LIBM, TOOLCHAIN_LIBGCC, TOOLCHAIN_LIBGCC_EH, "--end-group", NULL,
};
static const char *const end_files[] = {TOOLCHAIN_CRTEND, TOOLCHAIN_CRTN, NULL};
#else
/* make tsan: ThreadSanitizer's library needs a dynamic program; bound at once, since the dynamic linker needs more stack
 * than a goroutine has. */
static const bool may_link_inside = false;
static const char *const linkers[] = {"gcc", "gcc"};
static const char *const options[] = {"-fsanitize=thread", "-no-pie", "-Wl,-z,now,-z,noexecstack,--gc-sections,-z,start-stop-gc", NULL};
static const char *const all_of[] = {"-Wl,--whole-archive", NULL}, *const as_needed[] = {"-Wl,--no-whole-archive", NULL};
static const char *const start_files[] = {NULL}, *const libraries[] = {"-lm", NULL}, *const end_files[] = {NULL};
#endif

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

struct GenLink {
    Arena *arena;
    const char *runtime_lib;
    bool is_archive; /* the runtime: without start files and C library */
    ArgVec objects;
    Linker *inside; /* Goo's own linker; NULL: not for this program */
    int read;       /* objects that it has */
    bool has_runtime;
};

GenLink *gen_link_new(Arena *a, const char *runtime_lib, bool debug) {
    GenLink *k = NEW(a, GenLink);
    size_t len = strlen(runtime_lib);
    *k = (GenLink){.arena = a, .runtime_lib = runtime_lib};
    k->is_archive = len > 2 && strcmp(runtime_lib + len - 2, ".a") == 0;
    if (may_link_inside && !k->is_archive && !debug) k->inside = link_new(a);
    return k;
}

void gen_link_add(GenLink *k, const char *object) { vec_push(k->arena, &k->objects, object); }

void gen_link_read(GenLink *k) {
    if (!k->inside) return;
    for (; k->read < k->objects.len; k->read++) link_add(k->inside, k->objects.at[k->read]);
    if (!k->has_runtime) link_add(k->inside, k->runtime_lib);
    k->has_runtime = true;
}

/* LINK_UNSUPPORTED leaves nothing behind, and no message: the system's linker has its own. */
static LinkResult link_inside(GenLink *k, const char *out, Buf *err) {
    if (!k->inside) return LINK_UNSUPPORTED;
    Buf said = {0};
    gen_link_read(k);
    for (const char *const *lib = libraries; *lib; lib++)
        if (**lib != '-') link_add_library(k->inside, *lib);
    LinkResult r = link_write(k->inside, out, &said);
    link_free(k->inside);
    if (r == LINK_FAILED) buf_put(err, said.data, said.len);
    buf_free(&said);
    return r;
}

static bool link_outside(GenLink *k, const char *out, Buf *err) {
    Arena *a = k->arena;
    ArgVec argv = {0};
    vec_push(a, &argv, linkers[is_in_path(a, linkers[0]) ? 0 : 1]);
    add_all(a, &argv, options);
    if (k->is_archive) add_all(a, &argv, start_files);
    add_all(a, &argv, (const char *const[]){"-o", out, NULL});
    add_all(a, &argv, all_of);
    for (int i = 0; i < k->objects.len; i++) vec_push(a, &argv, k->objects.at[i]);
    add_all(a, &argv, as_needed);
    vec_push(a, &argv, k->runtime_lib);
    add_all(a, &argv, libraries);
    if (k->is_archive) add_all(a, &argv, end_files);
    vec_push(a, &argv, NULL);
    return gen_run_tool((char *const *)argv.at, err);
}

bool gen_link_write(GenLink *k, const char *out, Buf *err) {
    const char *tmp = gen_aside(k->arena, out);
    LinkResult r = link_inside(k, tmp, err);
    bool ok = r == LINK_OK || (r == LINK_UNSUPPORTED && link_outside(k, tmp, err));
    if (ok && !gen_put(tmp, out)) {
        buf_printf(err, "cannot write %s: %s\n", out, strerror(errno));
        ok = false;
    }
    if (!ok) unlink(tmp);
    return ok;
}
