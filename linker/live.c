/* live.c: what of the input belongs to the program.
 *
 * Marking starts at the entry point and the arrays of initialisers and follows relocations. Sections linked to a live
 * one (SHF_LINK_ORDER) live with it. Mergeable sections live piece by piece. Members of libraries are taken only when
 * something live is still undefined.
 *
 * Sections named as C identifiers are reached through the __start_ and __stop_ symbols that the layout defines; all
 * of them then live, except Goo's own (goo_...), whose parts live by themselves. */
#include "linker/parts.h"

#include <string.h>
#include <xxhash.h>

/* ---- pieces ---- */

static void grow_pieces(Linker *l) {
    uint32_t size = l->pieces_size ? l->pieces_size * 2 : 1 << 11;
    Piece **table = NEW_ARRAY(l->arena, Piece *, size);
    for (int i = 0; i < l->piece_list.len; i++) {
        Piece *p = l->piece_list.at[i];
        uint32_t at = (uint32_t)XXH3_64bits(p->data, p->size) & (size - 1);
        while (table[at]) at = (at + 1) & (size - 1);
        table[at] = p;
    }
    l->pieces = table;
    l->pieces_size = size;
}

static Piece *piece_of(Linker *l, const uint8_t *data, uint32_t size, uint32_t align) {
    if (2 * (uint32_t)l->piece_list.len >= l->pieces_size) grow_pieces(l);
    uint32_t at = (uint32_t)XXH3_64bits(data, size) & (l->pieces_size - 1);
    for (Piece *p; (p = l->pieces[at]); at = (at + 1) & (l->pieces_size - 1)) {
        if (p->size != size || memcmp(p->data, data, size)) continue;
        if (p->align < align) p->align = align;
        return p;
    }
    Piece *p = l->pieces[at] = NEW(l->arena, Piece);
    *p = (Piece){.data = data, .size = size, .align = align};
    vec_push(l->arena, &l->piece_list, p);
    return p;
}

Piece *link_piece(Linker *l, Section *s, uint64_t offset, uint64_t *within) {
    const uint8_t *data = s->obj->base + s->sh->sh_offset;
    uint64_t size = s->sh->sh_size, start, len = s->sh->sh_entsize;
    if (offset >= size) offset = size - 1;
    if (s->sh->sh_flags & SHF_STRINGS) {
        for (start = offset; start > 0 && data[start - 1]; start--) continue;
        len = strlen((const char *)data + start) + 1;
    } else {
        start = offset - offset % len;
    }
    *within = offset - start;
    return piece_of(l, data + start, (uint32_t)len, (uint32_t)s->sh->sh_addralign);
}

/* ---- sections ---- */

static void mark_section(Linker *l, Section *s) {
    if (s->live || s->kind != SK_ORDINARY) return;
    s->live = true;
    vec_push(l->arena, &l->todo, s);
    for (Section *c = s->companions; c; c = c->next) mark_section(l, c);
}

static bool is_array(const Section *s) {
    uint32_t t = s->sh->sh_type;
    const char *name = link_section_name(s);
    return t == SHT_INIT_ARRAY || t == SHT_FINI_ARRAY || t == SHT_PREINIT_ARRAY || !strcmp(name, ".init") || !strcmp(name, ".fini");
}

static void mark_roots(Linker *l, int first_object) {
    for (int i = first_object; i < l->objects.len; i++)
        for (uint32_t k = 1; k < l->objects.at[i]->nsections; k++) {
            Section *s = &l->objects.at[i]->sections[k];
            if (s->kind == SK_ORDINARY && is_array(s)) mark_section(l, s);
        }
}

/* ---- symbols ---- */

static bool has_prefix(const char *s, const char *prefix) { return strncmp(s, prefix, strlen(prefix)) == 0; }

static const char *bounded_section(const char *symbol) {
    if (has_prefix(symbol, "__start_")) return symbol + strlen("__start_");
    if (has_prefix(symbol, "__stop_")) return symbol + strlen("__stop_");
    return NULL;
}

static const char *const layout_names[] = {
    "__ehdr_start", "__executable_start", "_end", "end", "__bss_start", "_edata", "edata", "_etext", "etext", "__etext",
    "__preinit_array_start", "__preinit_array_end", "__init_array_start", "__init_array_end", "__fini_array_start",
    "__fini_array_end", "__rela_iplt_start", "__rela_iplt_end", "_GLOBAL_OFFSET_TABLE_",
};

static bool is_layout_name(const char *name) {
    for (size_t i = 0; i < sizeof layout_names / sizeof *layout_names; i++)
        if (!strcmp(name, layout_names[i])) return true;
    return false;
}

/* Whether the layout defines the symbol, because it always does or because such sections are there. */
static bool define_by_linker(Linker *l, Symbol *sym) {
    const char *section = bounded_section(sym->name);
    if (!section && !is_layout_name(sym->name)) return false;
    sym->by_linker = true;
    vec_push(l->arena, &l->by_linker, sym);
    for (int i = 0; section && i < l->named.len; i++)
        if (!has_prefix(section, "goo_") && !strcmp(link_section_name(l->named.at[i]), section)) mark_section(l, l->named.at[i]);
    return true;
}

/* Constructs of shared libraries and the like, which static programs of GCC and glibc have not. */
static bool is_supported(uint32_t type) {
    switch (type) {
    case R_X86_64_NONE: case R_X86_64_64: case R_X86_64_PC32: case R_X86_64_PLT32: case R_X86_64_32: case R_X86_64_32S:
    case R_X86_64_PC64: case R_X86_64_GOTPCREL: case R_X86_64_GOTPCRELX: case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_TPOFF32: case R_X86_64_TPOFF64: case R_X86_64_GOTTPOFF: return true;
    default: return false;
    }
}

#define GIVE_SLOT(l, sym, table)                                                                                      \
    do {                                                                                                              \
        if ((sym)->table >= 0) break;                                                                                 \
        (sym)->table = (l)->table.len;                                                                                \
        vec_push((l)->arena, &(l)->table, (sym));                                                                     \
    } while (0)

/* Slots for the address of sym that the relocation asks for. */
static void give_slots(Linker *l, const Section *s, const Elf64_Rela *r, Symbol *sym) {
    uint32_t type = ELF64_R_TYPE(r->r_info);
    if (link_is_ifunc(sym)) {
        GIVE_SLOT(l, sym, plt); /* its slot in the table of addresses serves all kinds of references */
    } else if (type == R_X86_64_GOTTPOFF) {
        if (!link_relaxes(s, r, sym)) GIVE_SLOT(l, sym, got_tp);
    } else if (type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX || type == R_X86_64_REX_GOTPCRELX) {
        if (!link_relaxes(s, r, sym)) GIVE_SLOT(l, sym, got);
    }
}

static void mark_target(Linker *l, Section *target, const Elf64_Sym *def, int64_t addend) {
    uint64_t within;
    if (target->kind == SK_MERGED) link_piece(l, target, def->st_value + (ELF64_ST_TYPE(def->st_info) == STT_SECTION ? (uint64_t)addend : 0), &within);
    else mark_section(l, target);
}

void link_mark_relocation(Linker *l, Section *s, const Elf64_Rela *r) {
    uint32_t index = ELF64_R_SYM(r->r_info);
    Symbol *sym = link_symbol_of(l, s->obj, index);
    if (!is_supported(ELF64_R_TYPE(r->r_info)))
        return link_unsupported(l, s->obj, arena_printf(l->arena, "relocation of type %u", (unsigned)ELF64_R_TYPE(r->r_info)));
    if (sym->sec && sym->sec->kind == SK_DISCARDED && index < s->obj->first_global)
        return link_error(l, "%s: %s refers to what was discarded", link_object_name(l, s->obj), link_section_name(s));
    bool is_weak = ELF64_ST_BIND(s->obj->symtab[index].st_info) == STB_WEAK;
    if (!sym->obj && index && !sym->by_linker && !define_by_linker(l, sym) && !is_weak && !sym->wanted) {
        sym->wanted = true;
        vec_push(l->arena, &l->unresolved, sym);
    }
    give_slots(l, s, r, sym);
    if (sym->sec && !sym->sec->live && link_shows_methods(sym->name)) link_need_all_methods(l);
    if (sym->sec) mark_target(l, sym->sec, sym->def, r->r_addend);
}

static void follow(Linker *l) {
    while (l->todo.len && !l->failed && !l->unsupported) {
        Section *s = l->todo.at[--l->todo.len];
        if (link_is_descriptor(s)) {
            link_mark_descriptor(l, s);
            continue;
        }
        for (uint32_t i = 0; i < s->nrela; i++) link_mark_relocation(l, s, &s->rela[i]);
    }
}

/* Definitions that have come since are followed; what is left is reported when libraries have no more. */
static void mark_resolved(Linker *l) {
    int kept = 0;
    for (int i = 0; i < l->unresolved.len; i++) {
        Symbol *s = l->unresolved.at[i];
        if (!s->obj) l->unresolved.at[kept++] = s;
        else if (s->sec) mark_target(l, s->sec, s->def, 0);
    }
    l->unresolved.len = kept;
}

void link_mark_all(Linker *l) {
    static const uint8_t zeros[8];
    l->terminator = piece_of(l, zeros, sizeof zeros, 8);
    Symbol *entry = link_find(l, "_start");
    if (!entry->sec) return link_error(l, "no entry point: _start is undefined");
    mark_section(l, entry->sec);
    mark_roots(l, 0);
    follow(l);
    for (int known; l->unresolved.len && !l->failed; mark_resolved(l), follow(l)) {
        known = l->objects.len;
        if (!link_pull_members(l)) break;
        mark_roots(l, known);
    }
    for (int i = 0; i < l->unresolved.len; i++) link_error(l, "undefined symbol: %s", l->unresolved.at[i]->name);
}
