/* gccjit.c: loads libgccjit when code is generated, and not before.
 *
 * So goo is not linked with it: loading takes longer than everything that a cached `goo run` does. Each function of
 * gccjit.def has its own name here, as a jump through a pointer that loading fills in: callers and the library's header
 * are as they would be without this file.
 *
 * The dynamic loader spends some 15 ms on the library, most of them on 117,000 relocations and the pages that these
 * write to. A copy of it that needs none (tools/prelink) loads in a third of the time. It is taken when it is one of
 * the very library that would be loaded (both have the same build id), and when the place is free that it was made for. */
#include "codegen/gen.h"
#include "toolchain.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- the functions ---- */

static void not_loaded(void) { fatal("libgccjit was called before it was loaded"); }

#if defined(__x86_64__)
#define JUMP_THROUGH(pointer) "\tjmp\t*" pointer "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP_THROUGH(pointer) "\tadrp\tx16, " pointer "\n\tldr\tx16, [x16, :lo12:" pointer "]\n\tbr\tx16\n"
#endif

#define GCCJIT(name)                                                                                                  \
    __attribute__((visibility("hidden"))) void (*gccjit_at_##name)(void) = not_loaded;                                 \
    __asm__(".text\n\t.globl\tgcc_jit_" #name "\n\t.type\tgcc_jit_" #name ", @function\ngcc_jit_" #name ":\n"        \
            JUMP_THROUGH("gccjit_at_" #name));
#include "codegen/gccjit.def"

static const struct {
    const char *name;
    void (**at)(void);
} functions[] = {
#define GCCJIT(name) {"gcc_jit_" #name, &gccjit_at_##name},
#include "codegen/gccjit.def"
};

/* ---- loading ---- */

static char failure[512]; /* why it could not be loaded; empty: it is */
static struct link_map *library; /* NULL: not yet */

const char *gen_gccjit_path(void) {
    const char *path = getenv("GOO_GCCJIT");
    return path && *path ? path : TOOLCHAIN_GCCJIT;
}

static const char *copy; /* that needs no relocation; NULL: there is none */

void gen_gcc_set_copy(const char *path) { copy = path; }

/* Whether nothing is at [from, to) yet. */
static bool is_free(uintptr_t from, uintptr_t to) {
    void *at = mmap((void *)from, to - from, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (at == MAP_FAILED) return false;
    munmap(at, to - from);
    return at == (void *)from;
}

/* What to load: the copy if it is good, else the library. */
static const char *best_library(void) {
    GenElf c, l;
    const char *path = gen_gccjit_path();
    bool good = copy && gen_elf_read(copy, &c) && gen_elf_read(path, &l) && l.build_id[0] && strcmp(c.build_id, l.build_id) == 0;
    return good && c.from && is_free(c.from, c.to) ? copy : path;
}

static void load(void) {
    void *handle = dlopen(best_library(), RTLD_NOW | RTLD_LOCAL);
    const char *missing = NULL;
    for (size_t i = 0; handle && i < sizeof functions / sizeof *functions && !missing; i++) {
        void *f = dlsym(handle, functions[i].name);
        if (!f) missing = functions[i].name;
        memcpy(functions[i].at, &f, sizeof f);
    }
    if (!handle || missing || dlinfo(handle, RTLD_DI_LINKMAP, &library) != 0)
        snprintf(failure, sizeof failure, "cannot load GCC's code generator: %s%s\n", missing ? "it lacks " : dlerror(), missing ? missing : "");
}

bool gen_gcc_load(Buf *err) {
    if (!library && !failure[0]) load();
    if (failure[0]) buf_puts(err, failure);
    return !failure[0];
}

/* ---- warming up ---- */

static uintptr_t page_of(uintptr_t address) { return address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1); }

/* GCC touches some hundred pages of its code and data even for a small unit, and each first touch is a trip into
 * the kernel; mapping all of them at once costs a tenth of that. */
static int map_pages(struct dl_phdr_info *info, size_t size, void *name) {
    (void)size;
    if (strcmp(info->dlpi_name, name) != 0) return 0;
    uintptr_t writable = 0; /* what follows the part that is read-only after relocation */
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_GNU_RELRO) writable = info->dlpi_addr + ph->p_vaddr + ph->p_memsz;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type != PT_LOAD) continue;
        uintptr_t from = info->dlpi_addr + ph->p_vaddr, to = from + ph->p_memsz;
        if (ph->p_flags & PF_W && from < writable) from = writable;
        madvise((void *)page_of(from), to - page_of(from), ph->p_flags & PF_W ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
    }
    return 1;
}

/* The same for the heap. */
static void grow_heap(void) {
    enum { SIZE = 2 << 20 };
    mallopt(M_TOP_PAD, SIZE);
    mallopt(M_MMAP_THRESHOLD, 2 * SIZE);
    char *p = malloc(SIZE);
    madvise((void *)page_of((uintptr_t)p), SIZE, MADV_POPULATE_WRITE);
    free(p);
}

void gen_gcc_warm_up(void) {
    grow_heap();
    dl_iterate_phdr(map_pages, library->l_name);
}
