/* layout.c: where everything stands.
 *
 * Live sections are gathered by name into the program's sections, and these by their rights into three segments: what
 * is read, what is executed, what is written. Addresses of a segment are congruent to its place in the file, so the
 * file has no gaps. */
#include "linker/parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- the program's sections ---- */

/* In the order of the file; ranks of sections that are known by name stand here, of others with their rights. */
enum Rank {
    RANK_RELA, RANK_RODATA, RANK_NAMED_RODATA, RANK_PIECES,
    RANK_TEXT, RANK_INIT, RANK_STUBS, RANK_NAMED_TEXT,
    RANK_TDATA, RANK_TBSS, RANK_ARRAYS, RANK_RELRO, RANK_GOT, RANK_DATA, RANK_NAMED_DATA, RANK_NAMED_BSS, RANK_BSS,
};

static const struct { const char *prefix; int rank; } known[] = {
    {".rodata", RANK_RODATA}, {".text", RANK_TEXT}, {".init_array", RANK_ARRAYS}, {".fini_array", RANK_ARRAYS},
    {".preinit_array", RANK_ARRAYS}, {".init", RANK_INIT}, {".fini", RANK_INIT}, {".tdata", RANK_TDATA},
    {".tbss", RANK_TBSS}, {".data.rel.ro", RANK_RELRO}, {".data", RANK_DATA}, {".bss", RANK_BSS},
};

static int rank_by_rights(uint64_t flags, uint32_t type) {
    if (flags & SHF_EXECINSTR) return RANK_NAMED_TEXT;
    if (!(flags & SHF_WRITE)) return RANK_NAMED_RODATA;
    return type == SHT_NOBITS ? RANK_NAMED_BSS : RANK_NAMED_DATA;
}

static Output *output(Linker *l, const char *name, uint32_t type, uint64_t flags, int rank) {
    flags &= SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR | SHF_TLS;
    for (int i = 0; i < l->outputs.len; i++) {
        Output *o = l->outputs.at[i];
        bool same_kind = o->rank == rank && o->flags == flags && (o->type == SHT_NOBITS) == (type == SHT_NOBITS);
        if (same_kind && !strcmp(o->name, name)) return o;
    }
    Output *o = NEW(l->arena, Output);
    *o = (Output){.name = name, .type = type, .flags = flags, .align = 1, .rank = rank};
    vec_push(l->arena, &l->outputs, o);
    return o;
}

/* .text.f joins .text; a section that has no such group keeps its name. */
static Output *output_of(Linker *l, const Section *s) {
    const char *name = link_section_name(s);
    uint32_t type = s->sh->sh_type;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].prefix);
        if (strncmp(name, known[i].prefix, n) || (name[n] && name[n] != '.')) continue;
        bool is_bss = known[i].rank == RANK_BSS || known[i].rank == RANK_TBSS;
        if (is_bss == (type == SHT_NOBITS)) return output(l, known[i].prefix, type, s->sh->sh_flags, known[i].rank);
    }
    return output(l, name, type, s->sh->sh_flags, rank_by_rights(s->sh->sh_flags, type));
}

static uint64_t align_up(uint64_t n, uint64_t align) { return align > 1 ? (n + align - 1) / align * align : n; }

static uint64_t reserve(Output *o, uint64_t size, uint64_t align) {
    if (align > o->align) o->align = align;
    uint64_t at = align_up(o->size, align);
    o->size = at + size;
    return at;
}

/* ---- order inside ---- */

/* The number behind .init_array.N; those without one come last. */
static unsigned long priority(const Section *s) {
    const char *name = link_section_name(s), *dot = strrchr(name + 1, '.');
    return dot ? strtoul(dot + 1, NULL, 10) : 65536;
}

static int by_priority(const void *x, const void *y) {
    const Section *a = *(Section *const *)x, *b = *(Section *const *)y;
    unsigned long p = priority(a), q = priority(b);
    if (p != q) return p < q ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at; /* at is the order of input here */
}

static const Section *host(const Section *s) { return &s->obj->sections[s->sh->sh_link]; }

static int by_host(const void *x, const void *y) {
    const Section *a = host(*(Section *const *)x), *b = host(*(Section *const *)y);
    if (a->out != b->out) return a->out->rank - b->out->rank;
    return a->at < b->at ? -1 : a->at > b->at;
}

static void sort_parts(Output *o, int (*order)(const void *, const void *)) {
    qsort(o->parts.at, (size_t)o->parts.len, sizeof *o->parts.at, order);
}

static void place_parts(Output *o) {
    for (int i = 0; i < o->parts.len; i++) {
        Section *s = o->parts.at[i];
        s->at = reserve(o, s->sh->sh_size, s->sh->sh_addralign);
    }
}

static bool follows_hosts(const Output *o) {
    for (int i = 0; i < o->parts.len; i++)
        if (!(o->parts.at[i]->sh->sh_flags & SHF_LINK_ORDER)) return false;
    return o->parts.len > 0;
}

static void gather(Linker *l) {
    for (int i = 0; i < l->objects.len; i++)
        for (uint32_t k = 1; k < l->objects.at[i]->nsections; k++) {
            Section *s = &l->objects.at[i]->sections[k];
            if (!s->live) continue;
            s->out = output_of(l, s);
            s->at = (uint64_t)s->out->parts.len;
            vec_push(l->arena, &s->out->parts, s);
        }
    for (int i = 0; i < l->outputs.len; i++) {
        Output *o = l->outputs.at[i];
        if (o->rank == RANK_ARRAYS) sort_parts(o, by_priority);
        if (!follows_hosts(o)) place_parts(o);
    }
    for (int i = 0; i < l->outputs.len; i++) {
        Output *o = l->outputs.at[i];
        if (!follows_hosts(o)) continue;
        sort_parts(o, by_host);
        place_parts(o);
    }
}

/* ---- what the linker adds ---- */

static void place_commons(Linker *l) {
    for (uint32_t i = 0; i < l->table_size; i++)
        for (Symbol *s = l->table[i]; s; s = s->chain)
            if (s->is_common) {
                s->by_linker = true;
                s->value = reserve(l->out_bss, s->def->st_size, s->def->st_value);
            }
}

static void add_tables(Linker *l) {
    l->out_rela = output(l, ".rela.iplt", SHT_RELA, SHF_ALLOC, RANK_RELA);
    l->out_pieces = output(l, ".rodata.merged", SHT_PROGBITS, SHF_ALLOC, RANK_PIECES);
    l->out_plt = output(l, ".iplt", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, RANK_STUBS);
    l->out_got = output(l, ".got", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, RANK_GOT);
    l->out_bss = output(l, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, RANK_BSS);
    reserve(l->out_rela, sizeof(Elf64_Rela) * (uint64_t)l->plt.len, 8);
    reserve(l->out_plt, PLT_ENTRY * (uint64_t)l->plt.len, PLT_ENTRY);
    reserve(l->out_got, 8 * (uint64_t)(l->got.len + l->got_tp.len + l->plt.len), 8);
    for (int i = 0; i < l->piece_list.len; i++) {
        Piece *p = l->piece_list.at[i];
        p->at = reserve(l->out_pieces, p->size, p->align);
    }
    place_commons(l);
}

/* ---- addresses ---- */

static bool is_too_large(const Linker *l) {
    const uint64_t limit = INT32_MAX - (16 << 20), max_align = 1 << 20;
    uint64_t size = 0;
    for (int i = 0; i < l->outputs.len; i++) {
        const Output *o = l->outputs.at[i];
        if (o->size > limit || (size += o->size) > limit || o->align > max_align) return true;
    }
    return false;
}

static int by_rank(const void *x, const void *y) {
    const Output *a = *(Output *const *)x, *b = *(Output *const *)y;
    return a->rank != b->rank ? a->rank - b->rank : strcmp(a->name, b->name);
}

static int segment_of(const Output *o) { return o->flags & SHF_WRITE ? 2 : o->flags & SHF_EXECINSTR ? 1 : 0; }

enum { HEADERS = sizeof(Elf64_Ehdr) + 5 * sizeof(Elf64_Phdr) };

static void assign_addresses(Linker *l) {
    uint64_t addr = LINK_BASE + HEADERS, off = HEADERS, tls_align = 1;
    int segment = 0;
    for (int i = 0; i < l->outputs.len; i++)
        if (l->outputs.at[i]->flags & SHF_TLS && l->outputs.at[i]->align > tls_align) tls_align = l->outputs.at[i]->align;
    l->tls_start = l->tls_end = 0;
    for (int i = 0; i < l->outputs.len; i++) {
        Output *o = l->outputs.at[i];
        if (segment_of(o) != segment) addr = align_up(addr, LINK_PAGE) + off % LINK_PAGE;
        segment = segment_of(o);
        uint64_t align = o->flags & SHF_TLS && !l->tls_start ? tls_align : o->align;
        uint64_t start = o->rank == RANK_TBSS && l->tls_start ? l->tls_end : addr;
        o->addr = align_up(start, align);
        o->off = off + (o->addr - addr);
        if (o->flags & SHF_TLS) {
            if (!l->tls_start) l->tls_start = o->addr;
            l->tls_end = o->addr + o->size;
        }
        if (o->rank == RANK_TBSS) continue; /* has no memory of its own */
        if (o->type != SHT_NOBITS) off = o->off + o->size;
        addr = o->addr + o->size;
        if (segment == 1) l->text_end = addr;
        if (segment == 2 && o->type != SHT_NOBITS) l->data_end = l->bss_start = addr;
    }
    l->tls_end = align_up(l->tls_end, tls_align);
    l->end = addr;
    l->image_size = off;
}

/* ---- symbols of the layout ---- */

static const Output *named(const Linker *l, const char *name) {
    for (int i = 0; i < l->outputs.len; i++)
        if (!strcmp(l->outputs.at[i]->name, name)) return l->outputs.at[i];
    return NULL;
}

static uint64_t bound(const Linker *l, const char *section, bool end) {
    const Output *o = named(l, section);
    return o ? o->addr + (end ? o->size : 0) : 0;
}

/* __start_x, and __init_array_start. */
static uint64_t section_bound(const Linker *l, const char *name) {
    if (!strncmp(name, "__start_", 8)) return bound(l, name + 8, false);
    if (!strncmp(name, "__stop_", 7)) return bound(l, name + 7, true);
    if (!strncmp(name, "__rela_iplt_", 12)) return bound(l, ".rela.iplt", !strcmp(name + 12, "end"));
    const char *last = strrchr(name, '_');
    const char *section = arena_printf(l->arena, ".%.*s", (int)(last - name - 2), name + 2);
    return bound(l, section, !strcmp(last, "_end"));
}

static uint64_t layout_value(const Linker *l, const char *name) {
    const struct { const char *name; uint64_t value; } fixed[] = {
        {"__ehdr_start", LINK_BASE}, {"__executable_start", LINK_BASE}, {"_end", l->end}, {"end", l->end},
        {"__bss_start", l->bss_start}, {"_edata", l->data_end}, {"edata", l->data_end}, {"_etext", l->text_end},
        {"etext", l->text_end}, {"__etext", l->text_end}, {"_GLOBAL_OFFSET_TABLE_", l->out_got->addr},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!strcmp(name, fixed[i].name)) return fixed[i].value;
    return section_bound(l, name);
}

void link_layout(Linker *l) {
    gather(l);
    add_tables(l);
    if (is_too_large(l)) return link_error(l, "the program is too large: code and variables take more than 2 GiB");
    if (l->outputs.len) qsort(l->outputs.at, (size_t)l->outputs.len, sizeof *l->outputs.at, by_rank);
    assign_addresses(l);
    for (int i = 0; i < l->by_linker.len; i++) l->by_linker.at[i]->value = layout_value(l, l->by_linker.at[i]->name);
    for (uint32_t i = 0; i < l->table_size; i++)
        for (Symbol *s = l->table[i]; s; s = s->chain)
            if (s->is_common) s->value += l->out_bss->addr;
}
