/* version.c: what identifies generated code, for the names of cached objects: the build ids, which cover every byte,
 * of this executable and of libgccjit. The library's is read from its file, since asking whether an object is in the
 * cache must not need GCC. */
#include "codegen/gen.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

static void put_build_id(const char *at, size_t size, Buf *out) {
    for (const char *end = at + size; at + sizeof(ElfW(Nhdr)) <= end;) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        const unsigned char *desc = (const unsigned char *)(note + 1) + ((note->n_namesz + 3) & ~3u);
        at = (const char *)desc + ((note->n_descsz + 3) & ~3u);
        if (note->n_type != NT_GNU_BUILD_ID || at > end) continue;
        for (unsigned k = 0; k < note->n_descsz; k++) buf_printf(out, "%02x", desc[k]);
    }
}

static int own_build_id(struct dl_phdr_info *info, size_t size, void *out) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_NOTE) put_build_id((const char *)(info->dlpi_addr + ph->p_vaddr), ph->p_memsz, out);
    }
    return 1; /* the first object is the executable: stop */
}

static void build_id_of_file(const char *path, Buf *out) {
    _Alignas(16) char start[4096]; /* headers, and in practice the notes */
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, start, sizeof start) : 0;
    if (fd >= 0) close(fd);
    const ElfW(Ehdr) *eh = (const ElfW(Ehdr) *)start;
    if (n < (ssize_t)sizeof *eh || memcmp(eh->e_ident, ELFMAG, SELFMAG)) return;
    for (size_t i = 0; i < eh->e_phnum && eh->e_phoff + (i + 1) * sizeof(ElfW(Phdr)) <= (size_t)n; i++) {
        const ElfW(Phdr) *ph = (const ElfW(Phdr) *)(start + eh->e_phoff) + i;
        if (ph->p_type == PT_NOTE && ph->p_offset <= (size_t)n && ph->p_filesz <= (size_t)n - ph->p_offset)
            put_build_id(start + ph->p_offset, ph->p_filesz, out);
    }
}

const char *gen_version(void) {
    static char text[128];
    if (text[0]) return text;
    Buf own = {0}, gcc = {0};
    dl_iterate_phdr(own_build_id, &own);
    build_id_of_file(gen_gccjit_path(), &gcc);
    snprintf(text, sizeof text, "goo %s gccjit %s", own.data ? own.data : "?", gcc.data ? gcc.data : "?");
    buf_free(&own);
    buf_free(&gcc);
    return text;
}
