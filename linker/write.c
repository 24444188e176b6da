/* write.c: headers, the table of functions' names, and the file. */
#include "linker/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- names of functions ---- */

/* Debuggers and profilers read them; stack traces have a table of their own. */
typedef struct SymbolTable {
    Buf symbols, names;
    uint32_t locals;
} SymbolTable;

static void put_symbol(Linker *l, SymbolTable *t, const Symbol *s, const Elf64_Sym *def) {
    Elf64_Sym out = *def;
    out.st_name = (uint32_t)t->names.len;
    out.st_value = link_address(l, s);
    out.st_shndx = 0;
    for (int i = 0; i < l->outputs.len; i++)
        if (l->outputs.at[i] == s->sec->out) out.st_shndx = (uint16_t)(i + 1);
    buf_put(&t->symbols, &out, sizeof out);
    buf_put(&t->names, s->name, strlen(s->name) + 1);
}

static void put_functions(Linker *l, SymbolTable *t, bool local) {
    for (int i = 0; i < l->objects.len; i++) {
        Object *o = l->objects.at[i];
        uint32_t from = local ? 1 : o->first_global, to = local ? o->first_global : o->nsyms;
        for (uint32_t k = from; k < to; k++) {
            const Elf64_Sym *sym = &o->symtab[k];
            if (ELF64_ST_TYPE(sym->st_info) != STT_FUNC || sym->st_shndx == SHN_UNDEF || sym->st_shndx >= SHN_LORESERVE) continue;
            if (!o->sections[sym->st_shndx].live) continue;
            const Symbol *s = link_symbol_of(l, o, k);
            if (s->def == sym) put_symbol(l, t, s, sym);
        }
    }
}

static SymbolTable make_symbol_table(Linker *l) {
    SymbolTable t = {0};
    static const Elf64_Sym none;
    buf_put(&t.symbols, &none, sizeof none);
    buf_putc(&t.names, 0);
    put_functions(l, &t, true);
    t.locals = (uint32_t)(t.symbols.len / sizeof(Elf64_Sym));
    put_functions(l, &t, false);
    return t;
}

/* ---- section headers ---- */

static void put_header(Buf *headers, Buf *names, const char *name, Elf64_Shdr sh) {
    sh.sh_name = (uint32_t)names->len;
    buf_put(names, name, strlen(name) + 1);
    buf_put(headers, &sh, sizeof sh);
}

/* Appends tables and headers behind the image; returns the offset of the headers. */
static uint64_t put_tables(Linker *l, Buf *tail) {
    SymbolTable t = make_symbol_table(l);
    Buf headers = {0}, names = {0};
    uint64_t off = l->image_size;
    while ((off + tail->len) % 8) buf_putc(tail, 0);
    uint64_t symbols = off + tail->len;
    buf_put(tail, t.symbols.data, t.symbols.len);
    buf_put(tail, t.names.data, t.names.len);
    put_header(&headers, &names, "", (Elf64_Shdr){0});
    for (int i = 0; i < l->outputs.len; i++) {
        const Output *o = l->outputs.at[i];
        put_header(&headers, &names, o->name, (Elf64_Shdr){.sh_type = o->type, .sh_flags = o->flags, .sh_addr = o->addr, .sh_offset = o->off, .sh_size = o->size, .sh_addralign = o->align, .sh_entsize = o->type == SHT_RELA ? sizeof(Elf64_Rela) : 0});
    }
    uint32_t n = (uint32_t)l->outputs.len;
    put_header(&headers, &names, ".symtab", (Elf64_Shdr){.sh_type = SHT_SYMTAB, .sh_offset = symbols, .sh_size = t.symbols.len, .sh_link = n + 2, .sh_info = t.locals, .sh_addralign = 8, .sh_entsize = sizeof(Elf64_Sym)});
    put_header(&headers, &names, ".strtab", (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_offset = symbols + t.symbols.len, .sh_size = t.names.len, .sh_addralign = 1});
    uint64_t at_names = off + tail->len;
    put_header(&headers, &names, ".shstrtab", (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_offset = at_names, .sh_size = names.len + sizeof ".shstrtab", .sh_addralign = 1});
    buf_put(tail, names.data, names.len);
    while ((off + tail->len) % 8) buf_putc(tail, 0);
    uint64_t at_headers = off + tail->len;
    buf_put(tail, headers.data, headers.len);
    buf_free(&t.symbols);
    buf_free(&t.names);
    buf_free(&headers);
    buf_free(&names);
    return at_headers;
}

/* ---- program headers ---- */

static Elf64_Phdr segment(const Linker *l, uint32_t flags) {
    Elf64_Phdr ph = {.p_type = PT_LOAD, .p_flags = PF_R | flags, .p_align = LINK_PAGE};
    for (int i = 0; i < l->outputs.len; i++) {
        const Output *o = l->outputs.at[i];
        uint32_t f = (o->flags & SHF_WRITE ? PF_W : 0) | (o->flags & SHF_EXECINSTR ? PF_X : 0);
        bool own_memory = !(o->flags & SHF_TLS && o->type == SHT_NOBITS);
        if (f != flags || !own_memory) continue;
        if (!ph.p_memsz) ph.p_offset = o->off, ph.p_vaddr = ph.p_paddr = o->addr;
        ph.p_memsz = o->addr + o->size - ph.p_vaddr;
        if (o->type != SHT_NOBITS) ph.p_filesz = ph.p_memsz;
    }
    return ph;
}

static Elf64_Phdr tls_segment(const Linker *l) {
    Elf64_Phdr ph = {.p_type = PT_TLS, .p_flags = PF_R, .p_align = 1};
    for (int i = 0; i < l->outputs.len; i++) {
        const Output *o = l->outputs.at[i];
        if (!(o->flags & SHF_TLS)) continue;
        if (!ph.p_vaddr) ph.p_offset = o->off, ph.p_vaddr = ph.p_paddr = o->addr;
        if (o->align > ph.p_align) ph.p_align = o->align;
        ph.p_memsz = o->addr + o->size - ph.p_vaddr;
        if (o->type != SHT_NOBITS) ph.p_filesz = ph.p_memsz;
    }
    return ph;
}

static void put_program_headers(Linker *l, uint64_t section_headers) {
    Elf64_Phdr ph[] = {segment(l, 0), segment(l, PF_X), segment(l, PF_W), tls_segment(l), {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16}};
    ph[0].p_memsz = ph[0].p_filesz += ph[0].p_offset; /* the headers are part of it */
    ph[0].p_vaddr = ph[0].p_paddr = LINK_BASE;
    ph[0].p_offset = 0;
    Elf64_Ehdr eh = {
        .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT, ELFOSABI_GNU}, .e_type = ET_EXEC, .e_machine = EM_X86_64,
        .e_version = EV_CURRENT, .e_entry = link_address(l, link_find(l, "_start")), .e_phoff = sizeof eh, .e_shoff = section_headers,
        .e_ehsize = sizeof eh, .e_phentsize = sizeof *ph, .e_phnum = sizeof ph / sizeof *ph, .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = (uint16_t)(l->outputs.len + 4), .e_shstrndx = (uint16_t)(l->outputs.len + 3),
    };
    memcpy(l->image, &eh, sizeof eh);
    memcpy(l->image + sizeof eh, ph, sizeof ph);
}

/* ---- the file ---- */

static bool write_all(int fd, const void *data, size_t n) {
    for (ssize_t k; n; data = (const char *)data + k, n -= (size_t)k)
        if ((k = write(fd, data, n)) < 0) {
            if (errno != EINTR) return false;
            k = 0;
        }
    return true;
}

static void write_file(Linker *l, const char *path, const Buf *tail) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
    bool ok = fd >= 0 && write_all(fd, l->image, l->image_size) && write_all(fd, tail->data, tail->len);
    if (fd >= 0 && close(fd) != 0) ok = false;
    if (!ok) link_error(l, "cannot write %s: %s", path, strerror(errno));
}

/* ---- all of it ---- */

Linker *link_new(Arena *a) {
    Linker *l = NEW(a, Linker);
    l->arena = a;
    l->err = &l->early;
    return l;
}

LinkResult link_write(Linker *l, const char *path, Buf *err) {
    if (l->early.len) buf_put(err, l->early.data, l->early.len);
    buf_free(&l->early);
    l->err = err;
    if (!l->failed && !l->unsupported) link_mark_all(l);
    if (l->failed || l->unsupported) return l->unsupported ? LINK_UNSUPPORTED : LINK_FAILED;
    link_layout(l);
    if (l->failed) return LINK_FAILED;
    l->image = mmap(NULL, l->image_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (l->image == MAP_FAILED) out_of_memory(l->image_size);
    link_fill(l);
    Buf tail = {0};
    put_program_headers(l, put_tables(l, &tail));
    if (!l->failed) write_file(l, path, &tail);
    buf_free(&tail);
    munmap(l->image, l->image_size);
    return l->failed ? LINK_FAILED : LINK_OK;
}
