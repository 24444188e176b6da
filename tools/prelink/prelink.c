/* prelink.c: a copy of a shared library that needs no relocation at one address.
 *
 * usage: prelink LIBRARY COPY ADDRESS
 *
 * All but a few of the relocations of GCC's library (117,000 of 118,000) only add the address at which it is loaded to
 * a word. Here that is done once: in the copy, all addresses are those that the library has when it is loaded at
 * ADDRESS, which its program headers ask for, and the relocations that would add zero are no longer listed. The dynamic
 * linker does the rest as for any library. It does not insist on the address: who loads a copy has to know that there
 * is room (codegen/gccjit.c).
 *
 * Shifted are (System V ABI, chapters 4 and 5; the x86-64 supplement): the addresses of segments, of the dynamic
 * section's entries, of symbols, of the places of relocations, and the words that are relocated by R_*_RELATIVE, or by
 * R_*_JUMP_SLOT until the function is looked up. Code has no absolute addresses. */
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64, RELATIVE = R_X86_64_RELATIVE, JUMP_SLOT = R_X86_64_JUMP_SLOT, INDIRECT = R_X86_64_IRELATIVE };
#elif defined(__aarch64__)
enum { MACHINE = EM_AARCH64, RELATIVE = R_AARCH64_RELATIVE, JUMP_SLOT = R_AARCH64_JUMP_SLOT, INDIRECT = R_AARCH64_IRELATIVE };
#endif

static struct {
    char *bytes;
    size_t size;
    Elf64_Ehdr *header;
    Elf64_Phdr *segments;
    uint64_t base;
} lib;

static _Noreturn void die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("prelink: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(1);
}

static void read_library(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END)) die("cannot read %s: %s", path, strerror(errno));
    lib.size = (size_t)ftell(f);
    lib.bytes = malloc(lib.size + 1);
    rewind(f);
    if (!lib.bytes || fread(lib.bytes, 1, lib.size, f) != lib.size) die("cannot read %s", path);
    fclose(f);
    lib.header = (Elf64_Ehdr *)lib.bytes;
    if (lib.size < sizeof *lib.header || memcmp(lib.bytes, ELFMAG, SELFMAG) || lib.bytes[EI_CLASS] != ELFCLASS64 ||
        lib.header->e_type != ET_DYN || lib.header->e_machine != MACHINE)
        die("%s is not a shared library for this machine", path);
    lib.segments = (Elf64_Phdr *)(lib.bytes + lib.header->e_phoff);
    if (lib.segments[0].p_vaddr >= lib.base) die("%s has an address already", path);
}

/* What the file has for size bytes at an address, as the library's own tables count addresses. */
static void *at(uint64_t address, size_t size) {
    for (int i = 0; i < lib.header->e_phnum; i++) {
        const Elf64_Phdr *s = &lib.segments[i];
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && address + size <= s->p_vaddr + s->p_filesz)
            return lib.bytes + s->p_offset + (address - s->p_vaddr);
    }
    die("no byte of the file is at address %#llx", (unsigned long long)address);
}

static void add_base(uint64_t address) { *(uint64_t *)at(address, 8) += lib.base; }

static Elf64_Dyn *dynamic(void) {
    for (int i = 0; i < lib.header->e_phnum; i++)
        if (lib.segments[i].p_type == PT_DYNAMIC) return (Elf64_Dyn *)(lib.bytes + lib.segments[i].p_offset);
    die("the library has no dynamic section");
}

static Elf64_Dyn *entry(Elf64_Sxword tag) {
    for (Elf64_Dyn *d = dynamic(); d->d_tag != DT_NULL; d++)
        if (d->d_tag == tag) return d;
    die("the dynamic section lacks entry %#llx", (unsigned long long)tag);
}

/* Applies those that are relative, which stand first, and takes them off the list. */
static void relocate(void) {
    Elf64_Dyn *table = entry(DT_RELA), *size = entry(DT_RELASZ), *relative = entry(DT_RELACOUNT);
    Elf64_Rela *r = at(table->d_un.d_ptr, size->d_un.d_val);
    size_t n = size->d_un.d_val / sizeof *r, applied = relative->d_un.d_val;
    for (size_t i = 0; i < n; i++) {
        uint32_t type = ELF64_R_TYPE(r[i].r_info);
        if ((type == RELATIVE) != (i < applied) || type == INDIRECT) die("relocation %zu is of an unexpected type", i);
        if (type == RELATIVE) *(uint64_t *)at(r[i].r_offset, 8) = lib.base + (uint64_t)r[i].r_addend;
        r[i].r_offset += lib.base;
    }
    table->d_un.d_ptr += applied * sizeof *r;
    size->d_un.d_val -= applied * sizeof *r;
    relative->d_un.d_val = 0;
}

static void relocate_calls(void) {
    size_t n = entry(DT_PLTRELSZ)->d_un.d_val / sizeof(Elf64_Rela);
    Elf64_Rela *r = at(entry(DT_JMPREL)->d_un.d_ptr, n * sizeof *r);
    for (size_t i = 0; i < n; i++) {
        if (ELF64_R_TYPE(r[i].r_info) != JUMP_SLOT) die("call %zu is relocated in an unexpected way", i);
        add_base(r[i].r_offset);
        r[i].r_offset += lib.base;
    }
}

/* The table of symbols ends where the next begins: linkers place the names behind it. */
static void shift_symbols(void) {
    uint64_t from = entry(DT_SYMTAB)->d_un.d_ptr, to = entry(DT_STRTAB)->d_un.d_ptr;
    if (from >= to) die("the names of symbols do not follow the symbols");
    Elf64_Sym *symbols = at(from, to - from);
    for (size_t i = 0; i < (to - from) / sizeof *symbols; i++)
        if (symbols[i].st_shndx != SHN_UNDEF && symbols[i].st_shndx != SHN_ABS && ELF64_ST_TYPE(symbols[i].st_info) != STT_TLS)
            symbols[i].st_value += lib.base;
}

static bool holds_address(Elf64_Sxword tag) {
    static const Elf64_Sxword tags[] = {DT_PLTGOT, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_RELA, DT_INIT, DT_FINI, DT_JMPREL, DT_INIT_ARRAY,
                                        DT_FINI_ARRAY, DT_GNU_HASH, DT_VERSYM, DT_VERDEF, DT_VERNEED};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i] == tag) return true;
    return false;
}

static void shift_headers(void) {
    for (Elf64_Dyn *d = dynamic(); d->d_tag != DT_NULL; d++)
        if (holds_address(d->d_tag)) d->d_un.d_ptr += lib.base;
    for (int i = 0; i < lib.header->e_phnum; i++) {
        if (!lib.segments[i].p_memsz) continue; /* says something, but is nowhere */
        lib.segments[i].p_vaddr += lib.base;
        lib.segments[i].p_paddr += lib.base;
    }
    lib.header->e_shoff = lib.header->e_shnum = lib.header->e_shstrndx = 0; /* for other tools only, and still unshifted */
}

static void write_copy(const char *path) {
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(lib.bytes, 1, lib.size, f) != lib.size || fclose(f)) {
        remove(path);
        die("cannot write %s: %s", path, strerror(errno));
    }
}

int main(int argc, char **argv) {
    if (argc != 4) die("usage: prelink LIBRARY COPY ADDRESS");
    lib.base = strtoull(argv[3], NULL, 0);
    read_library(argv[1]);
    relocate();
    relocate_calls();
    shift_symbols();
    shift_headers();
    write_copy(argv[2]);
    return 0;
}
