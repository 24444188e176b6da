/* version.c: what identifies generated code, for the names of cached objects: the build ids, which cover every byte,
 * of this executable and of libgccjit. The library's is read from its file, since asking whether an object is in the
 * cache must not need GCC. */
#include "codegen/gen.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

/* Puts the build id among the notes at [at, at + size) into id as text; empty: there is none. */
static void find_build_id(const char *at, size_t size, char id[GEN_BUILD_ID]) {
    for (const char *end = at + size; at + sizeof(ElfW(Nhdr)) <= end;) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        const unsigned char *desc = (const unsigned char *)(note + 1) + ((note->n_namesz + 3) & ~3u);
        at = (const char *)desc + ((note->n_descsz + 3) & ~3u);
        if (note->n_type != NT_GNU_BUILD_ID || at > end || note->n_descsz * 2 >= GEN_BUILD_ID) continue;
        for (unsigned k = 0; k < note->n_descsz; k++) snprintf(id + 2 * k, 3, "%02x", desc[k]);
    }
}

static int own_build_id(struct dl_phdr_info *info, size_t size, void *id) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_NOTE) find_build_id((const char *)(info->dlpi_addr + ph->p_vaddr), ph->p_memsz, id);
    }
    return 1; /* the first object is the executable: stop */
}

bool gen_elf_read(const char *path, GenElf *elf) {
    _Alignas(16) char start[4096]; /* headers, and in practice the notes */
    *elf = (GenElf){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, start, sizeof start) : 0;
    if (fd >= 0) close(fd);
    const ElfW(Ehdr) *eh = (const ElfW(Ehdr) *)start;
    if (n < (ssize_t)sizeof *eh || memcmp(eh->e_ident, ELFMAG, SELFMAG)) return false;
    for (size_t i = 0, loaded = 0; i < eh->e_phnum && eh->e_phoff + (i + 1) * sizeof(ElfW(Phdr)) <= (size_t)n; i++) {
        const ElfW(Phdr) *ph = (const ElfW(Phdr) *)(start + eh->e_phoff) + i;
        if (ph->p_type == PT_NOTE && ph->p_offset <= (size_t)n && ph->p_filesz <= (size_t)n - ph->p_offset)
            find_build_id(start + ph->p_offset, ph->p_filesz, elf->build_id);
        if (ph->p_type != PT_LOAD) continue;
        if (!loaded++) elf->from = ph->p_vaddr;
        elf->to = ph->p_vaddr + ph->p_memsz;
    }
    return true;
}

const char *gen_version(void) {
    static char text[2 * GEN_BUILD_ID + 16];
    if (text[0]) return text;
    char own[GEN_BUILD_ID] = "?";
    GenElf gcc;
    dl_iterate_phdr(own_build_id, own);
    gen_elf_read(gen_gccjit_path(), &gcc);
    snprintf(text, sizeof text, "goo %s gccjit %s", own, gcc.build_id[0] ? gcc.build_id : "?");
    return text;
}
