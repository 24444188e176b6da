/* symbols.c: names to definitions.
 *
 * Of several definitions a strong one wins, then a common one, then the first weak one. Definitions in sections of
 * groups that were not taken count as references. */
#include "linker/parts.h"

#include <string.h>
#include <xxhash.h>

static void grow_table(Linker *l) {
    uint32_t size = l->table_size ? l->table_size * 2 : 1 << 12;
    Symbol **table = NEW_ARRAY(l->arena, Symbol *, size);
    for (uint32_t i = 0; i < l->table_size; i++)
        for (Symbol *s = l->table[i], *next; s; s = next) {
            next = s->chain;
            s->chain = table[s->hash & (size - 1)];
            table[s->hash & (size - 1)] = s;
        }
    l->table = table;
    l->table_size = size;
}

static Symbol *new_symbol(Linker *l, const char *name) {
    Symbol *s = NEW(l->arena, Symbol);
    s->name = name;
    s->got = s->got_tp = s->plt = -1;
    return s;
}

Symbol *link_find(Linker *l, const char *name) {
    if (l->table_count >= l->table_size) grow_table(l);
    uint32_t hash = (uint32_t)XXH3_64bits(name, strlen(name));
    Symbol **at = &l->table[hash & (l->table_size - 1)];
    for (Symbol *s = *at; s; s = s->chain)
        if (s->hash == hash && strcmp(s->name, name) == 0) return s;
    Symbol *s = new_symbol(l, name);
    s->hash = hash;
    s->chain = *at;
    *at = s;
    l->table_count++;
    return s;
}

static Section *section_of(const Object *o, const Elf64_Sym *sym) {
    return sym->st_shndx > SHN_UNDEF && sym->st_shndx < SHN_LORESERVE ? &o->sections[sym->st_shndx] : NULL;
}

enum { UNDEFINED, WEAK, COMMON, STRONG };

static int strength(const Object *o, const Elf64_Sym *sym) {
    const Section *s = section_of(o, sym);
    if (sym->st_shndx == SHN_UNDEF || (s && s->kind == SK_DISCARDED)) return UNDEFINED;
    if (sym->st_shndx == SHN_COMMON) return COMMON;
    return ELF64_ST_BIND(sym->st_info) == STB_WEAK ? WEAK : STRONG;
}

static void define(Symbol *s, Object *o, const Elf64_Sym *sym) {
    s->obj = o;
    s->def = sym;
    s->sec = section_of(o, sym);
    s->is_common = sym->st_shndx == SHN_COMMON;
}

static void meet(Linker *l, Symbol *s, Object *o, const Elf64_Sym *sym) {
    int old = s->obj ? strength(s->obj, s->def) : UNDEFINED, new = strength(o, sym);
    if (new == STRONG && old == STRONG)
        link_error(l, "%s is defined by %s and by %s", s->name, link_object_name(l, s->obj), link_object_name(l, o));
    bool larger = new == COMMON && old == COMMON && sym->st_size > s->def->st_size;
    if (new > old || larger) define(s, o, sym);
}

void link_resolve(Linker *l, Object *o) {
    for (uint32_t i = o->first_global; i < o->nsyms; i++) {
        const Elf64_Sym *sym = &o->symtab[i];
        o->syms[i] = link_find(l, o->strtab + sym->st_name);
        meet(l, o->syms[i], o, sym);
    }
}

Symbol *link_symbol_of(Linker *l, Object *o, uint32_t index) {
    if (!o->syms[index]) {
        o->syms[index] = new_symbol(l, o->strtab + o->symtab[index].st_name);
        if (index) define(o->syms[index], o, &o->symtab[index]);
    }
    return o->syms[index];
}
