/* parts.h: the inside of the linker: what objects consist of, shared by its files.
 *
 * Inputs are mapped and never copied: names and contents point into the files. A Symbol stands for all global
 * references of one name; local symbols get one when a live relocation asks for them. */
#ifndef GOO_LINKER_PARTS_H
#define GOO_LINKER_PARTS_H

#include "linker/linker.h"

#include <elf.h>

typedef struct Object Object;
typedef struct Output Output;
typedef struct Symbol Symbol;
typedef struct MethodEntry MethodEntry;

/* A piece of a mergeable section: a string or a constant that stands in the program once. */
typedef struct Piece {
    const uint8_t *data;
    uint32_t size, align;
    uint64_t at; /* in the output section of pieces */
} Piece;

typedef enum SectionKind {
    SK_IGNORED,   /* not part of the program: debug information, notes, unwind tables */
    SK_ORDINARY,
    SK_MERGED,    /* consists of pieces, each of which lives by itself */
    SK_DISCARDED, /* another object's copy of the group was taken */
} SectionKind;

typedef struct Section {
    Object *obj;
    const Elf64_Shdr *sh;
    const char *group;                 /* name of the COMDAT group that it is in, or NULL */
    const Elf64_Rela *rela;
    uint32_t nrela;
    uint8_t kind;
    bool live;
    Output *out;                       /* when live */
    uint64_t at;                       /* in out */
    struct Section *companions, *next; /* SHF_LINK_ORDER sections live with the one that they are linked to */
} Section;

struct Symbol {
    const char *name;
    Symbol *chain;        /* in the table */
    Object *obj;          /* that defines it; NULL: undefined */
    const Elf64_Sym *def;
    Section *sec;         /* NULL: absolute, common before layout, or undefined */
    uint32_t hash;
    int32_t got, got_tp, plt; /* numbers of slots; -1: none */
    bool wanted;          /* a reference that is not weak */
    bool is_common;
    bool by_linker;       /* defined by the layout: __start_..., _end */
    uint64_t value;       /* of by_linker */
};

struct Object {
    const char *path, *member; /* member: in an archive, else NULL */
    const uint8_t *base;
    size_t size;
    const Elf64_Shdr *sh;
    uint32_t nsections;
    const char *section_names;
    Section *sections; /* by index */
    const Elf64_Sym *symtab;
    uint32_t nsyms, first_global;
    const char *strtab;
    Symbol **syms;     /* by index */
};

/* A section of the program. */
struct Output {
    const char *name;
    uint32_t type;
    uint64_t flags, align, addr, off, size;
    int rank; /* place in the file */
    VEC(Section *) parts;
};

typedef struct Library {
    const char *path;
    const uint8_t *base;
    size_t size;
} Library;

typedef struct Mapping { void *at; size_t size; } Mapping;

struct Linker {
    Arena *arena;
    Buf *err, early; /* early: until link_write says where errors go */
    bool failed, unsupported;
    VEC(Mapping) mappings;
    VEC(Object *) objects;
    VEC(Library) libraries;

    Symbol **table; /* hash table of global symbols */
    uint32_t table_size, table_count;
    PtrMap groups;  /* Symbol* of a signature -> Object* whose group was taken */
    VEC(Section *) named; /* sections that __start_ and __stop_ symbols may be about */

    VEC(Section *) todo;  /* live sections whose relocations were not followed yet */
    VEC(Symbol *) unresolved; /* wanted by live code and not defined */
    Piece **pieces; /* hash table */
    uint32_t pieces_size, pieces_count;
    VEC(Piece *) piece_list;
    NameTable *method_names; /* NULL: no descriptor was met yet */
    PtrMap methods_needed, method_entries; /* Name* of name and type -> not NULL, MethodEntry* */
    VEC(MethodEntry *) entry_list;
    bool all_methods;
    Piece *terminator;    /* stands for unwind tables */
    VEC(Symbol *) got, got_tp, plt;
    VEC(Symbol *) by_linker;

    VEC(Output *) outputs;
    Output *out_pieces, *out_got, *out_plt, *out_rela, *out_bss;
    uint64_t tls_start, tls_end; /* addresses */
    uint64_t end, bss_start, data_end, text_end;
    uint8_t *image;
    size_t image_size;
};

enum { LINK_BASE = 0x400000, LINK_PAGE = 4096, PLT_ENTRY = 16 };

/* ---- read.c ---- */
void link_error(Linker *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void link_unsupported(Linker *l, const Object *o, const char *what);
const char *link_object_name(Linker *l, const Object *o);
const char *link_section_name(const Section *s);
/* Takes the library members that define what is unresolved; false: there were none. */
bool link_pull_members(Linker *l);

/* ---- symbols.c ---- */
Symbol *link_find(Linker *l, const char *name);
/* Enters the symbols of an object into the table. */
void link_resolve(Linker *l, Object *o);
/* The symbol of a relocation, local ones included. */
Symbol *link_symbol_of(Linker *l, Object *o, uint32_t index);
static inline bool link_is_func(const Symbol *s) { return s->def && ELF64_ST_TYPE(s->def->st_info) == STT_FUNC; }
static inline bool link_is_ifunc(const Symbol *s) { return s->def && ELF64_ST_TYPE(s->def->st_info) == STT_GNU_IFUNC; }

/* ---- live.c ---- */
void link_mark_all(Linker *l);
/* The piece of a mergeable section at an offset; *within gets the distance from its start. */
Piece *link_piece(Linker *l, Section *s, uint64_t offset, uint64_t *within);

/* Follows one relocation of a live section. */
void link_mark_relocation(Linker *l, Section *s, const Elf64_Rela *r);

/* ---- methods.c ---- */
bool link_is_descriptor(const Section *s);
/* Follows the relocations of a live descriptor, those of methods as far as they are needed. */
void link_mark_descriptor(Linker *l, Section *s);
bool link_shows_methods(const char *symbol);
void link_need_all_methods(Linker *l);

/* ---- layout.c ---- */
void link_layout(Linker *l);

/* ---- relocate.c ---- */
/* Whether the instruction at a relocation can do without the slot that it asks for; both passes must agree. */
bool link_relaxes(const Section *s, const Elf64_Rela *r, const Symbol *sym);
uint64_t link_address(const Linker *l, const Symbol *sym);
void link_fill(Linker *l);

#endif
