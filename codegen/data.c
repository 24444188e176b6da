/* data.c: static data as assembler text, behind the code that GCC produced.
 *
 * Every object has a section of its own, so that the linker drops what nothing refers to. Which kind of section
 * tells the collector where roots can be: variables with pointers go to goo_data and goo_bss (which the linker
 * gathers between __start_ and __stop_ symbols), those without to .data and .bss. Programs are linked at a fixed
 * address, so read-only data with addresses in it is as read-only as any other.
 *
 * Definitions that several objects may hold are COMDAT groups named after the symbol. Constants that only this
 * package can name are emitted in each shard that uses them, without a symbol; those that are C strings are merged
 * by the linker. */
#include "codegen/gen.h"

#include <inttypes.h>
#include <string.h>

enum { COPY_MAX = 4096 }; /* bytes; larger constants stand in one shard only */

/* ---- names ---- */

static bool is_plain_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

void gen_put_name(Buf *out, const char *name) {
    bool plain = name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z');
    bool dotted = false; /* names without a dot could be taken for registers or operators */
    for (const char *c = name; *c; c++) {
        plain &= is_plain_char(*c);
        dotted |= *c == '.';
    }
    if (plain && dotted) {
        buf_puts(out, name);
        return;
    }
    buf_putc(out, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '"' || *c == '\\') buf_putc(out, '\\');
        if (*c == '\n') buf_puts(out, "\\n");
        else buf_putc(out, *c);
    }
    buf_putc(out, '"');
}

/* A constant of this package without addresses in it: its place in memory matters to nobody. */
static bool is_anonymous(Gen *g, const IrSym *sym) {
    const IrData *d = sym->data;
    return sym->linkage == IL_LOCAL && d && d->readonly && d->relocs.len == 0 &&
           (g->shard->count == 1 || d->size <= COPY_MAX);
}

void gen_put_sym(Gen *g, IrSym *sym, Buf *out) {
    if (is_anonymous(g, sym)) buf_printf(out, ".Lgc%d", gen_sym(g, sym)->index);
    else gen_put_name(out, sym->name);
}

void gen_put_linkage(Gen *g, const IrSym *sym, Buf *out) {
    if (sym->linkage == IL_LOCAL && g->shard->count == 1) return;
    buf_puts(out, sym->linkage == IL_WEAK ? "\t.weak\t" : "\t.globl\t");
    gen_put_name(out, sym->name);
    buf_putc(out, '\n');
    if (sym->linkage != IL_LOCAL) return;
    buf_puts(out, "\t.hidden\t"); /* other shards of the package see it, nobody else */
    gen_put_name(out, sym->name);
    buf_putc(out, '\n');
}

/* ---- contents ---- */

static bool is_zero(const uint8_t *p, int64_t n) { return n == 0 || (p[0] == 0 && memcmp(p, p + 1, (size_t)n - 1) == 0); }

static void put_ascii(Buf *out, const uint8_t *p, int64_t n) {
    enum { LINE = 64 };
    for (int64_t i = 0; i < n; i++) {
        if (i % LINE == 0) buf_puts(out, i ? "\"\n\t.ascii\t\"" : "\t.ascii\t\"");
        if (p[i] == '"' || p[i] == '\\') buf_printf(out, "\\%c", p[i]);
        else if (p[i] >= ' ' && p[i] < 0x7f) buf_putc(out, (char)p[i]);
        else buf_printf(out, "\\%03o", p[i]);
    }
    buf_puts(out, "\"\n");
}

static void put_quads(Buf *out, const uint8_t *p, int64_t n) {
    for (int64_t i = 0; i < n; i += 8) {
        uint64_t v;
        memcpy(&v, p + i, 8);
        buf_printf(out, i % 64 ? ",0x%" PRIx64 : i ? "\n\t.quad\t0x%" PRIx64 : "\t.quad\t0x%" PRIx64, v);
    }
    buf_putc(out, '\n');
}

static int64_t text_like(const uint8_t *p, int64_t n) {
    int64_t printable = 0;
    for (int64_t i = 0; i < n; i++) printable += p[i] >= ' ' && p[i] < 0x7f;
    return printable >= n / 2;
}

static void put_bytes(Buf *out, const uint8_t *p, int64_t n) {
    if (n == 0) return;
    int64_t whole = n & ~INT64_C(7);
    if (is_zero(p, n)) {
        buf_printf(out, "\t.zero\t%" PRId64 "\n", n);
    } else if (text_like(p, n)) {
        put_ascii(out, p, n);
    } else {
        if (whole) put_quads(out, p, whole);
        if (n > whole) put_ascii(out, p + whole, n - whole);
    }
}

static void put_reloc(Gen *g, const IrReloc *r, Buf *out) {
    buf_puts(out, r->size == 8 ? "\t.quad\t" : "\t.long\t");
    gen_put_sym(g, r->sym, out);
    if (r->addend) buf_printf(out, "%+" PRId64, r->addend);
    buf_putc(out, '\n');
}

static void put_contents(Gen *g, const IrData *d, Buf *out) {
    int64_t at = 0;
    for (int i = 0; i < d->relocs.len; i++) {
        const IrReloc *r = &d->relocs.at[i];
        put_bytes(out, d->bytes + at, r->offset - at);
        put_reloc(g, r, out);
        at = r->offset + r->size;
    }
    put_bytes(out, d->bytes + at, d->size - at);
    if (d->size == 0) buf_puts(out, "\t.zero\t1\n"); /* an address of its own */
}

/* ---- sections ---- */

static void put_section(const IrData *d, bool zero, bool roots, int number, Buf *out) {
    bool weak = d->sym->linkage == IL_WEAK;
    const char *type = zero ? "@nobits" : "@progbits", *flags = d->readonly ? "a" : "aw";
    buf_puts(out, "\t.section\t");
    if (roots) buf_puts(out, zero ? "goo_bss" : "goo_data");
    else buf_printf(out, "%s.%d", zero ? ".bss" : d->readonly ? ".rodata" : ".data", number);
    buf_printf(out, ",\"%s%s\",%s", flags, weak ? "G" : "", type);
    if (weak) {
        buf_putc(out, ',');
        gen_put_name(out, d->sym->name);
        buf_puts(out, ",comdat");
    } else if (roots) {
        buf_printf(out, ",unique,%d", number);
    }
    buf_putc(out, '\n');
}

static void put_label(Gen *g, const IrData *d, Buf *out) {
    if (is_anonymous(g, d->sym)) {
        gen_put_sym(g, d->sym, out);
        buf_puts(out, ":\n");
        return;
    }
    gen_put_linkage(g, d->sym, out);
    buf_puts(out, "\t.type\t");
    gen_put_name(out, d->sym->name);
    buf_puts(out, ", @object\n\t.size\t");
    gen_put_name(out, d->sym->name);
    buf_printf(out, ", %" PRId64 "\n", d->size ? d->size : 1);
    gen_put_name(out, d->sym->name);
    buf_puts(out, ":\n");
}

/* Whether the linker may merge d with equal strings and with their tails. */
static bool is_c_string(const IrData *d) {
    return d->align == 1 && d->size > 0 && d->bytes[d->size - 1] == 0 && !memchr(d->bytes, 0, (size_t)d->size - 1);
}

/* An entry of the program's list of types, which stays in it as long as the descriptor does. */
static void put_listing(const IrData *d, int number, Buf *out) {
    buf_printf(out, "\t.section\tgoo_types,\"aoG\",@progbits,.rodata.%d,", number);
    gen_put_name(out, d->sym->name);
    buf_puts(out, ",comdat\n\t.long\t");
    gen_put_name(out, d->sym->name);
    buf_putc(out, '\n');
}

/* An entry of the list of functions that the program starts with; .Lgv is a label before the variable (the assembler
 * does not take quoted names here). */
static void put_maker(Gen *g, const IrData *d, int number, Buf *out) {
    buf_printf(out, "\t.section\tgoo_makers,\"ao\",@progbits,.Lgv%d,unique,%d\n\t.long\t", number, number);
    gen_put_sym(g, d->maker, out);
    buf_putc(out, '\n');
}

static void put_data(Gen *g, const IrData *d, Buf *out) {
    bool anonymous = is_anonymous(g, d->sym);
    if (anonymous && d->bytes && is_c_string(d)) {
        buf_puts(out, "\t.section\t.rodata.str1.1,\"aMS\",@progbits,1\n");
        put_label(g, d, out);
        put_ascii(out, d->bytes, d->size);
        return;
    }
    bool roots = !d->readonly && d->type && type_has_pointers(g->s, d->type);
    bool zero = !d->readonly && d->relocs.len == 0 && (!d->bytes || is_zero(d->bytes, d->size));
    put_section(d, zero, roots, gen_sym(g, d->sym)->index, out);
    if (d->align > 1) buf_printf(out, "\t.balign\t%d\n", d->align);
    if (d->maker) buf_printf(out, ".Lgv%d:\n", gen_sym(g, d->sym)->index);
    put_label(g, d, out);
    if (d->bytes) put_contents(g, d, out);
    else buf_printf(out, "\t.zero\t%" PRId64 "\n", d->size ? d->size : 1);
    if (d->listed) put_listing(d, gen_sym(g, d->sym)->index, out);
    if (d->maker) put_maker(g, d, gen_sym(g, d->sym)->index, out);
}

/* Variables without size, which share one address (zerosize.go of Go's tests asks for it). */
static bool is_empty(const IrData *d) { return d->size == 0 && !d->readonly && d->sym->linkage != IL_WEAK; }

static void put_empty(Gen *g, Buf *out) {
    bool any = false;
    for (int i = 0; i < g->shard->ndata; i++) {
        if (!is_empty(g->shard->data[i])) continue;
        if (!any) buf_puts(out, "\t.section\t.bss.goo_empty,\"aw\",@nobits\n\t.balign\t16\n");
        any = true;
        put_label(g, g->shard->data[i], out);
    }
    if (any) buf_puts(out, "\t.zero\t1\n");
}

void gen_put_data(Gen *g, Buf *out) {
    for (int i = 0; i < g->shard->ndata; i++) {
        const IrData *d = g->shard->data[i];
        if (!is_anonymous(g, d->sym) && !is_empty(d)) put_data(g, d, out);
    }
    put_empty(g, out);
    /* Constants that code or data turned out to use; they refer to nothing, so the list does not grow meanwhile. */
    for (int i = 0; i < g->by_index.len; i++) {
        IrSym *sym = g->by_index.at[i]->sym;
        if (is_anonymous(g, sym)) put_data(g, sym->data, out);
    }
}

/* ---- missing functions ---- */

/* A weak definition that ends the program, for a function that is expected of the runtime or another package: all of
 * Go's library can be linked though some of it needs what is not there. */
static void put_missing(const char *name, int i, Buf *out) {
    buf_printf(out, "\t.section\t.text.goo_missing.%d,\"ax\",@progbits\n\t.weak\t", i);
    gen_put_name(out, name);
    buf_putc(out, '\n');
    gen_put_name(out, name);
    buf_printf(out, ":\n\tmovl\t$.Lgm%d, %%edi\n\tjmp\trt_missing_function\n", i);
    buf_printf(out, "\t.section\t.rodata.str1.1,\"aMS\",@progbits,1\n.Lgm%d:\n\t.asciz\t\"%s\"\n", i, name);
}

void gen_put_missing(Gen *g, Buf *out) {
    for (int i = 0; i < g->p->missing.len && g->shard->index == 0; i++) put_missing(g->p->missing.at[i]->name, i, out);
}
