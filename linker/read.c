/* read.c: input files: objects, and archives of them.
 *
 * Everything that later passes rely on is checked here: that tables lie inside the file, and that indices into them
 * exist. A damaged file is an error, not a crash. */
#include "linker/parts.h"

#include <ar.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void link_error(Linker *l, const char *fmt, ...) {
    l->failed = true;
    va_list ap;
    va_start(ap, fmt);
    buf_printf(l->err, "goo: link: %s\n", arena_vprintf(l->arena, fmt, ap));
    va_end(ap);
}

const char *link_object_name(Linker *l, const Object *o) {
    return o->member ? arena_printf(l->arena, "%s(%s)", o->path, o->member) : o->path;
}

void link_unsupported(Linker *l, const Object *o, const char *what) {
    l->unsupported = true;
    buf_printf(l->err, "goo: link: %s: %s\n", link_object_name(l, o), what);
}

const char *link_section_name(const Section *s) { return s->obj->section_names + s->sh->sh_name; }

/* ---- sections ---- */

/* __start_ and __stop_ symbols exist for names that are C identifiers. */
static bool is_identifier(const char *s) {
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '_')) return false;
    return true;
}

static SectionKind kind_of(const Section *s) {
    const Elf64_Shdr *sh = s->sh;
    if (!(sh->sh_flags & SHF_ALLOC) || sh->sh_type == SHT_NOTE || strcmp(link_section_name(s), ".eh_frame") == 0) return SK_IGNORED;
    bool merged = (sh->sh_flags & SHF_MERGE) && !(sh->sh_flags & SHF_WRITE) && sh->sh_size > 0 && sh->sh_entsize > 0;
    if (!merged || sh->sh_size > UINT32_MAX || s->nrela) return SK_ORDINARY;
    if (!(sh->sh_flags & SHF_STRINGS)) return sh->sh_size % sh->sh_entsize == 0 ? SK_MERGED : SK_ORDINARY;
    return sh->sh_entsize == 1 && s->obj->base[sh->sh_offset + sh->sh_size - 1] == 0 ? SK_MERGED : SK_ORDINARY;
}

static bool in_file(const Object *o, const Elf64_Shdr *sh) {
    return sh->sh_type == SHT_NOBITS || (sh->sh_offset <= o->size && sh->sh_size <= o->size - sh->sh_offset);
}

/* The table of names at section index; NULL when it is none. */
static const char *string_table(const Object *o, uint32_t index) {
    if (index >= o->nsections || o->sh[index].sh_type != SHT_STRTAB) return NULL;
    const Elf64_Shdr *sh = &o->sh[index];
    return sh->sh_size && o->base[sh->sh_offset + sh->sh_size - 1] == 0 ? (const char *)o->base + sh->sh_offset : NULL;
}

static bool read_symtab(Linker *l, Object *o, const Elf64_Shdr *sh) {
    if (sh->sh_entsize != sizeof(Elf64_Sym)) return false;
    o->symtab = (const Elf64_Sym *)(o->base + sh->sh_offset);
    o->nsyms = (uint32_t)(sh->sh_size / sizeof(Elf64_Sym));
    o->first_global = sh->sh_info;
    o->strtab = string_table(o, sh->sh_link);
    o->syms = NEW_ARRAY(l->arena, Symbol *, o->nsyms);
    if (!o->strtab || o->first_global > o->nsyms) return false;
    uint64_t names = o->sh[sh->sh_link].sh_size;
    for (uint32_t i = 0; i < o->nsyms; i++) {
        const Elf64_Sym *s = &o->symtab[i];
        if (s->st_name >= names || (s->st_shndx >= o->nsections && s->st_shndx < SHN_LORESERVE)) return false;
    }
    return true;
}

static bool read_relocations(Object *o, const Elf64_Shdr *sh) {
    if (sh->sh_info >= o->nsections || sh->sh_entsize != sizeof(Elf64_Rela)) return false;
    Section *s = &o->sections[sh->sh_info];
    s->rela = (const Elf64_Rela *)(o->base + sh->sh_offset);
    s->nrela = (uint32_t)(sh->sh_size / sizeof(Elf64_Rela));
    for (uint32_t i = 0; i < s->nrela; i++) {
        uint32_t type = ELF64_R_TYPE(s->rela[i].r_info);
        uint64_t width = type == R_X86_64_NONE ? 0 : type == R_X86_64_64 || type == R_X86_64_PC64 || type == R_X86_64_TPOFF64 ? 8 : 4;
        if (ELF64_R_SYM(s->rela[i].r_info) >= o->nsyms || s->rela[i].r_offset > s->sh->sh_size || width > s->sh->sh_size - s->rela[i].r_offset) return false;
    }
    return s->sh->sh_type != SHT_NOBITS || s->nrela == 0;
}

static bool read_sections(Linker *l, Object *o) {
    for (uint32_t i = 0; i < o->nsections; i++) {
        o->sections[i] = (Section){.obj = o, .sh = &o->sh[i]};
        if (!in_file(o, &o->sh[i]) || o->sh[i].sh_name >= o->sh[((const Elf64_Ehdr *)o->base)->e_shstrndx].sh_size) return false;
    }
    for (uint32_t i = 0; i < o->nsections; i++)
        if (o->sh[i].sh_type == SHT_SYMTAB && !read_symtab(l, o, &o->sh[i])) return false;
    for (uint32_t i = 0; i < o->nsections; i++)
        if (o->sh[i].sh_type == SHT_RELA && !read_relocations(o, &o->sh[i])) return false;
    for (uint32_t i = 0; i < o->nsections; i++) {
        Section *s = &o->sections[i];
        s->kind = (uint8_t)kind_of(s);
        if (s->kind == SK_IGNORED) continue;
        if (is_identifier(link_section_name(s))) vec_push(l->arena, &l->named, s);
        if (!(s->sh->sh_flags & SHF_LINK_ORDER) || s->sh->sh_link == 0) continue;
        if (s->sh->sh_link >= o->nsections) return false;
        Section *host = &o->sections[s->sh->sh_link];
        s->next = host->companions;
        host->companions = s;
    }
    return true;
}

/* ---- groups ---- */

/* Of COMDAT groups with one name the first is taken. */
static bool read_group(Linker *l, Object *o, const Elf64_Shdr *sh) {
    const uint32_t *words = (const uint32_t *)(o->base + sh->sh_offset);
    size_t n = sh->sh_size / sizeof *words;
    if (n == 0 || sh->sh_info >= o->nsyms) return false;
    if (!(words[0] & GRP_COMDAT)) return true;
    Symbol *signature = link_find(l, o->strtab + o->symtab[sh->sh_info].st_name);
    if (!ptrmap_get(&l->groups, signature)) {
        ptrmap_put(l->arena, &l->groups, signature, o);
    }
    bool taken = ptrmap_get(&l->groups, signature) == o;
    for (size_t i = 1; i < n; i++) {
        if (words[i] >= o->nsections) return false;
        o->sections[words[i]].group = signature->name;
        if (!taken) o->sections[words[i]].kind = SK_DISCARDED;
    }
    return true;
}

static bool read_groups(Linker *l, Object *o) {
    for (uint32_t i = 0; i < o->nsections; i++)
        if (o->sh[i].sh_type == SHT_GROUP && !read_group(l, o, &o->sh[i])) return false;
    return true;
}

/* ---- objects ---- */

static bool read_header(Object *o) {
    const Elf64_Ehdr *eh = (const Elf64_Ehdr *)o->base;
    static const unsigned char ident[] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB};
    if (o->size < sizeof *eh || memcmp(eh->e_ident, ident, sizeof ident) || eh->e_type != ET_REL) return false;
    if (eh->e_shentsize != sizeof(Elf64_Shdr) || eh->e_shoff > o->size) return false;
    size_t room = (o->size - eh->e_shoff) / sizeof(Elf64_Shdr);
    o->sh = (const Elf64_Shdr *)(o->base + eh->e_shoff);
    o->nsections = eh->e_shnum;
    if (room && !o->nsections) o->nsections = (uint32_t)o->sh[0].sh_size; /* more than 65,279 */
    if (o->nsections > room || eh->e_shstrndx >= o->nsections || !in_file(o, &o->sh[eh->e_shstrndx])) return false;
    o->section_names = string_table(o, eh->e_shstrndx);
    return o->section_names != NULL;
}

static void add_object(Linker *l, const char *path, const char *member, const uint8_t *base, size_t size) {
    Object *o = NEW(l->arena, Object);
    *o = (Object){.path = path, .member = member, .base = base, .size = size};
    if (!read_header(o)) return link_error(l, "%s is not an object file, or damaged", link_object_name(l, o));
    const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base;
    if (eh->e_machine != EM_X86_64) return link_unsupported(l, o, "not for x86-64");
    if (eh->e_shnum == 0 || eh->e_shstrndx == SHN_XINDEX) return link_unsupported(l, o, "too many sections");
    o->sections = NEW_ARRAY(l->arena, Section, o->nsections);
    if (!read_sections(l, o) || !read_groups(l, o)) return link_error(l, "%s is damaged", link_object_name(l, o));
    vec_push(l->arena, &l->objects, o);
    link_resolve(l, o);
}

/* ---- archives ---- */

static bool is_archive(const uint8_t *base, size_t size) { return size >= SARMAG && memcmp(base, ARMAG, SARMAG) == 0; }

/* The contents of the member at offset; *next gets the offset of the one behind it. NULL: there is none. */
static const uint8_t *member_at(const uint8_t *base, size_t size, size_t offset, size_t *length, size_t *next) {
    if (offset > size || size - offset < sizeof(struct ar_hdr)) return NULL;
    const struct ar_hdr *h = (const struct ar_hdr *)(base + offset);
    char text[sizeof h->ar_size + 1] = {0};
    memcpy(text, h->ar_size, sizeof h->ar_size);
    *length = strtoul(text, NULL, 10);
    offset += sizeof *h;
    if (*length > size - offset) return NULL;
    *next = offset + *length + *length % 2;
    return base + offset;
}

static const char *member_name(Linker *l, const uint8_t *contents) {
    const struct ar_hdr *h = (const struct ar_hdr *)(contents - sizeof *h);
    return arena_strndup(l->arena, h->ar_name, strcspn(h->ar_name, "/ "));
}

static void add_members(Linker *l, const char *path, const uint8_t *base, size_t size) {
    size_t at = SARMAG, length, next;
    for (const uint8_t *m; at < size; at = next) {
        m = member_at(base, size, at, &length, &next);
        if (!m) return link_error(l, "%s is damaged", path);
        bool is_table = base[at] == '/' && (base[at + 1] == ' ' || base[at + 1] == '/'); /* of symbols or names */
        if (!is_table) add_object(l, path, member_name(l, m), m, length);
    }
}

static const uint8_t *map_file(Linker *l, const char *path, bool whole, size_t *size) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *at = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
        at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | (whole ? MAP_POPULATE : 0), fd, 0);
    if (at == MAP_FAILED) link_error(l, "cannot read %s: %s", path, fd >= 0 && st.st_size == 0 ? "it is empty" : strerror(errno));
    if (fd >= 0) close(fd);
    if (at == MAP_FAILED) return NULL;
    *size = (size_t)st.st_size;
    vec_push(l->arena, &l->mappings, ((Mapping){at, *size}));
    return at;
}

void link_add(Linker *l, const char *path) {
    size_t size;
    const uint8_t *base = map_file(l, path, true, &size);
    if (!base) return;
    if (is_archive(base, size)) add_members(l, path, base, size);
    else add_object(l, path, NULL, base, size);
}

/* Only remembered: it is opened when something is missing. */
void link_add_library(Linker *l, const char *path) { vec_push(l->arena, &l->libraries, ((Library){.path = path})); }

static uint32_t big_endian(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }

/* A text in place of an archive names others: GROUP ( /lib/libm-2.36.a ... ). */
static void read_script(Linker *l, const Library *lib) {
    const char *at = (const char *)lib->base, *end = at + lib->size;
    while (at < end) {
        const char *word = at;
        while (at < end && !strchr(" \t\n()", *at)) at++;
        if (at > word && *word == '/' && at[-1] == 'a') link_add_library(l, arena_strndup(l->arena, word, (size_t)(at - word)));
        at++;
    }
}

/* The index is the first member: a count, as many offsets of members, and as many names. */
static bool pull_from(Linker *l, Library *lib) {
    bool is_new = !lib->base;
    if (is_new && !(lib->base = map_file(l, lib->path, false, &lib->size))) return false;
    if (!is_archive(lib->base, lib->size)) {
        if (is_new) read_script(l, &(Library){lib->path, lib->base, lib->size}); /* may move the list */
        return false;
    }
    size_t length, next, member_size;
    const uint8_t *index = member_at(lib->base, lib->size, SARMAG, &length, &next);
    if (!index || length < 4 || lib->base[SARMAG] != '/') return false;
    size_t n = big_endian(index);
    if (n > (length - 4) / 5 || index[length - 1]) return link_error(l, "%s has a damaged index", lib->path), false;
    const char *name = (const char *)index + 4 + 4 * n, *end = (const char *)index + length;
    bool any = false;
    for (size_t i = 0; i < n && name < end; i++, name += strlen(name) + 1) {
        bool missing = false;
        for (int k = 0; k < l->unresolved.len && !missing; k++)
            missing = !l->unresolved.at[k]->obj && strcmp(l->unresolved.at[k]->name, name) == 0;
        if (!missing) continue;
        const uint8_t *m = member_at(lib->base, lib->size, big_endian(index + 4 + 4 * i), &member_size, &next);
        if (!m) return link_error(l, "%s has a damaged index", lib->path), false;
        add_object(l, lib->path, member_name(l, m), m, member_size);
        any = true;
    }
    return any;
}

bool link_pull_members(Linker *l) {
    bool any = false;
    for (int i = 0; i < l->libraries.len && l->unresolved.len && !l->failed; i++) any |= pull_from(l, &l->libraries.at[i]);
    return any;
}

void link_free(Linker *l) {
    for (int i = 0; i < l->mappings.len; i++) munmap(l->mappings.at[i].at, l->mappings.at[i].size);
}
