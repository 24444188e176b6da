/* rewrite.c: from GCC's assembler text to ours, in one pass over the lines.
 *
 *   - go_<index> becomes the symbol's own name, quoted; clones keep their suffix. Weak definitions move into COMDAT
 *     groups together with their jump tables.
 *   - Behind every call stands a label; with the position that was in force (the last .loc, whose line numbers a
 *     site) it becomes an entry of the function's call site table (abi.h: RtFunc). The tables are sections linked
 *     to the function's, so that the linker drops them together; SHF_LINK_ORDER also sorts them by address.
 *   - Without -g everything that only debuggers read is left out; with it, lines are put right.
 *
 * Labels made here start with .Lg: .Lgs<n> and .Lge<n> start and end a function, .Lgr<n> follow calls, .Lgn<n> are
 * strings, .Lgi<n>_<k> inlined calls, .Lgp<n>_<k> places in other files, .Lgt<n> site tables. */
#include "codegen/gen.h"

#include <stdlib.h>
#include <string.h>

/* A call, whose label follows it; or (line) code that may fault, whose label stands before it. */
typedef struct CallSite { int label, site; bool line; } CallSite;

/* A function as it stands in the text; clones are functions of their own. */
typedef struct TextFunc {
    GenSym *sym;
    const char *section; /* its name */
    VEC(CallSite) sites;
} TextFunc;

/* Another file than that of the function, or inlined function, that a line is in: see RtInline. */
typedef struct Place {
    const char *path;
    int inl, file; /* file: the number of the string's label */
} Place;

typedef struct Rewriter {
    Gen *g;
    Buf *out;
    VEC(TextFunc *) funcs;
    TextFunc *cur;       /* NULL outside functions */
    const char *section; /* current one, for code */
    int site;            /* last .loc, 0: none in this function yet */
    int calls, strings;
    bool in_debug;       /* inside a debug section */
    PtrMap string_labels; /* Name* -> 1 + number */
    VEC(Place) places;    /* of the function whose tables are written */
} Rewriter;

static bool is_ident_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool starts_with(const char *s, const char *end, const char *prefix) {
    size_t n = strlen(prefix);
    return (size_t)(end - s) >= n && memcmp(s, prefix, n) == 0;
}

/* ---- names ---- */

/* Reads go_<index> at s; NULL when there is none. *after gets the end of the number. */
static GenSym *read_sym(Rewriter *r, const char *s, const char *end, const char **after) {
    if (!starts_with(s, end, "go_") || end - s < 4 || s[3] < '0' || s[3] > '9') return NULL;
    char *e;
    long index = strtol(s + 3, &e, 10);
    check(index < r->g->by_index.len);
    *after = e;
    return r->g->by_index.at[index];
}

/* A symbol's name inside a string of debug information: the assembler's quotes are already there. */
static void put_quoted_name(Rewriter *r, const char *name) {
    for (const char *c = name; *c; c++) {
        if (*c == '"' || *c == '\\') buf_putc(r->out, '\\');
        buf_putc(r->out, *c);
    }
}

/* Copies the text with symbols replaced. */
static void put_text(Rewriter *r, const char *s, const char *end) {
    while (s < end) {
        const char *hit = s;
        GenSym *sym = NULL;
        const char *after = NULL;
        for (; hit < end; hit++)
            if (*hit == 'g' && !is_ident_char(hit[-1]) && (sym = read_sym(r, hit, end, &after))) break;
        buf_put(r->out, s, (size_t)(hit - s));
        if (!sym) return;
        s = after;
        if (s < end && *s == '.') { /* a clone: main.f.constprop.0 */
            const char *suffix = s;
            while (s < end && is_ident_char(*s)) s++;
            gen_put_name(r->out, arena_printf(r->g->arena, "%s%.*s", sym->sym->name, (int)(s - suffix), suffix));
        } else if (hit[-1] == '"') {
            put_quoted_name(r, sym->sym->name);
        } else {
            gen_put_sym(r->g, sym->sym, r->out);
        }
    }
}

static void put_line(Rewriter *r, const char *s, const char *end) {
    put_text(r, s, end);
    buf_putc(r->out, '\n');
}

/* ---- directives ---- */

/* .section .text.go_5,"ax",@progbits: weak functions get a group. */
static void section_line(Rewriter *r, const char *s, const char *end) {
    const char *name = s + strlen("\t.section\t"), *name_end = memchr(name, ',', (size_t)(end - name));
    if (!name_end) name_end = end;
    r->in_debug = starts_with(name, name_end, ".debug");
    if (r->in_debug && !r->g->opt->debug) return;
    r->section = arena_strndup(r->g->arena, name, (size_t)(name_end - name));
    const char *at = strstr(r->section, "go_"), *after;
    GenSym *sym = at ? read_sym(r, at, at + strlen(at), &after) : NULL;
    const char *quote = memchr(name, '"', (size_t)(end - name));
    if (!sym || sym->sym->linkage != IL_WEAK) {
        buf_put(r->out, s, (size_t)(end - s));
    } else {
        const char *close = quote ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : end;
        buf_put(r->out, s, (size_t)(close - s));
        /* GCC names no flags when it comes back to a section; without its group that would be another one. */
        buf_puts(r->out, quote ? "G" : starts_with(name, end, ".text") ? ",\"axG\",@progbits" : ",\"aG\",@progbits");
        buf_put(r->out, close, (size_t)(end - close));
        buf_putc(r->out, ',');
        gen_put_name(r->out, sym->sym->name);
        buf_puts(r->out, ",comdat");
    }
    buf_putc(r->out, '\n');
}

/* .loc file site column ...: without -g only remembered. */
static void loc_line(Rewriter *r, const char *s, const char *end) {
    char *e;
    long file = strtol(s + strlen("\t.loc "), &e, 10);
    long site = strtol(e, &e, 10);
    if (strtol(e, NULL, 10) == DECL_COLUMN) { /* a function's first instructions */
        r->site = 0;
        if (r->g->opt->debug) put_line(r, s, end);
        return;
    }
    check(site >= 0 && site <= r->g->sites.len);
    r->site = (int)site;
    if (r->g->has_arenas && r->cur && !r->in_debug) {
        buf_printf(r->out, ".Lgr%d:\n", r->calls);
        vec_push(r->g->arena, &r->cur->sites, ((CallSite){r->calls++, r->site, true}));
    }
    if (!r->g->opt->debug) return;
    Location at = {.line = 0};
    if (site) at = source_location(r->g->s->sources, r->g->sites.at[site - 1].pos);
    buf_printf(r->out, "\t.loc\t%ld %d %d", file, at.line, at.col);
    while (e < end && (*e == ' ' || (*e >= '0' && *e <= '9'))) e++; /* the column */
    buf_putc(r->out, ' ');
    put_line(r, e, end);
}

static void size_line(Rewriter *r, const char *s, const char *end) {
    if (r->cur) buf_printf(r->out, ".Lge%d:\n", r->funcs.len - 1);
    r->cur = NULL;
    put_line(r, s, end);
}

static void globl_line(Rewriter *r, const char *s, const char *end) {
    const char *after;
    GenSym *sym = read_sym(r, s + strlen("\t.globl\t"), end, &after);
    if (sym) gen_put_linkage(r->g, sym->sym, r->out);
    else put_line(r, s, end);
}

static void debug_only(Rewriter *r, const char *s, const char *end) {
    if (r->g->opt->debug) put_line(r, s, end);
}

/* Also for notes on split stacks: some linkers rewrite prologues by them, for GCC's own way to grow stacks. */
static void drop_line(Rewriter *r, const char *s, const char *end) {
    (void)r, (void)s, (void)end;
}

/* The first prefix that fits decides. */
static const struct {
    const char *prefix;
    void (*handle)(Rewriter *r, const char *s, const char *end);
} directives[] = {
    {"\t.section\t.note.GNU-", drop_line},
    {"\t.section\t", section_line}, {"\t.loc ", loc_line},     {"\t.size\t", size_line},
    {"\t.globl\t", globl_line},     {"\t.cfi_", debug_only},   {"\t.file ", debug_only}, {"\t.file\t", debug_only},
    {"\t.ident\t", drop_line},     {".LVL", debug_only},      {".LBB", debug_only},
    {".LBE", debug_only},           {".LFB", debug_only},      {".LFE", debug_only},
};

/* ---- code ---- */

static void start_function(Rewriter *r, GenSym *sym) {
    r->cur = NEW(r->g->arena, TextFunc);
    r->cur->sym = sym;
    r->cur->section = r->section;
    r->site = 0;
    buf_printf(r->out, ".Lgs%d:\n", r->funcs.len);
    vec_push(r->g->arena, &r->funcs, r->cur);
}

static void label_line(Rewriter *r, const char *s, const char *end) {
    const char *after;
    GenSym *sym = read_sym(r, s, end, &after);
    put_line(r, s, end);
    if (sym && sym->sym->func && end[-1] == ':') start_function(r, sym);
}

static void code_line(Rewriter *r, const char *s, const char *end) {
    put_line(r, s, end);
    if (!r->cur || !(starts_with(s, end, "\tcall\t") || starts_with(s, end, "\tcall "))) return;
    bool grows = starts_with(s, end, "\tcall\t__morestack"); /* belongs to no line but the function's */
    buf_printf(r->out, ".Lgr%d:\n", r->calls);
    vec_push(r->g->arena, &r->cur->sites, ((CallSite){r->calls++, grows ? 0 : r->site, false}));
}

static void rewrite_line(Rewriter *r, const char *s, const char *end) {
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (starts_with(s, end, directives[i].prefix)) {
            if (directives[i].handle == section_line || !r->in_debug || r->g->opt->debug) directives[i].handle(r, s, end);
            return;
        }
    if (starts_with(s, end, "\t.text") || starts_with(s, end, "\t.data") || starts_with(s, end, "\t.bss")) r->in_debug = false;
    if (r->in_debug && !r->g->opt->debug) return;
    if (*s == '\t') code_line(r, s, end);
    else label_line(r, s, end);
}

/* ---- the function table ---- */

/* The number of the label of a C string. */
static int string_label(Rewriter *r, const char *text) {
    const Name *key = name_of(r->g->names, text);
    intptr_t known = (intptr_t)ptrmap_get(&r->string_labels, key);
    if (known) return (int)known - 1;
    int n = r->strings++;
    ptrmap_put(r->g->arena, &r->string_labels, key, (void *)(intptr_t)(n + 1));
    buf_printf(r->out, "\t.section\t.rodata.str1.1,\"aMS\",@progbits,1\n.Lgn%d:\n\t.asciz\t", n);
    buf_putc(r->out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') buf_printf(r->out, "\\%c", *c);
        else if ((unsigned char)*c < ' ') buf_printf(r->out, "\\%03o", (unsigned char)*c);
        else buf_putc(r->out, *c);
    }
    buf_puts(r->out, "\"\n");
    return n;
}

/* A section that lives and dies with function f's. */
static void companion_section(Rewriter *r, const TextFunc *f, const char *name, bool linked) {
    bool weak = f->sym->sym->linkage == IL_WEAK;
    buf_printf(r->out, "\t.section\t%s,\"a%s%s\",@progbits", name, linked ? "o" : "", weak ? "G" : "");
    if (linked) buf_printf(r->out, ",%s", f->section);
    if (weak) {
        buf_putc(r->out, ',');
        gen_put_name(r->out, f->sym->sym->name);
        buf_puts(r->out, ",comdat");
    }
    buf_putc(r->out, '\n');
}

static Location func_location(Rewriter *r, const IrFunc *f) {
    Location at = source_full_location(r->g->s->sources, f->pos);
    if (!at.path) at.path = "<autogenerated>";
    return at;
}

static int func_flags(Rewriter *r, const IrFunc *f) {
    bool library = f->pos != NO_POS && source_file_of(r->g->s->sources, f->pos)->is_library;
    return (f->flags & IF_WRAPPER ? RF_WRAPPER : 0) | (library ? RF_LIBRARY : 0);
}

static Location location_of(Rewriter *r, Pos pos, const IrFunc *f) {
    return source_full_location(r->g->s->sources, pos != NO_POS ? pos : f->pos);
}

/* The function whose text has what came with inlined call inl of f (0: f itself). */
static const IrFunc *text_of(const IrFunc *f, int inl) { return inl ? f->inlines.at[inl - 1].callee : f; }

/* The number of the place that says that at, in what came with inlined call inl, is in another file; -1: it is not. */
static int place_of(Rewriter *r, const IrFunc *f, Location at, int inl) {
    if (!at.path || !strcmp(at.path, func_location(r, text_of(f, inl)).path)) return -1;
    for (int i = 0; i < r->places.len; i++)
        if (r->places.at[i].inl == inl && !strcmp(r->places.at[i].path, at.path)) return i;
    vec_push(r->g->arena, &r->places, ((Place){at.path, inl, string_label(r, at.path)}));
    return r->places.len - 1;
}

static GenSite site_of(Rewriter *r, const TextFunc *tf, const CallSite *c) {
    return c->site ? r->g->sites.at[c->site - 1] : (GenSite){.f = tf->sym->sym->func};
}

static void find_places(Rewriter *r, const TextFunc *tf) {
    const IrFunc *f = tf->sym->sym->func;
    r->places.len = 0;
    for (int i = 0; i < tf->sites.len; i++) {
        GenSite s = site_of(r, tf, &tf->sites.at[i]);
        place_of(r, f, location_of(r, s.pos, s.f), s.inl);
    }
    for (int i = 0; i < f->inlines.len; i++) place_of(r, f, location_of(r, f->inlines.at[i].pos, f), f->inlines.at[i].outer);
}

/* A reference to the RtInline of function number n that is right for a position in what came with inlined call inl. */
static void put_inline_ref(Rewriter *r, const IrFunc *f, int n, Location at, int inl) {
    int place = place_of(r, f, at, inl);
    if (place >= 0) buf_printf(r->out, ".Lgp%d_%d\n", n, place);
    else if (inl) buf_printf(r->out, ".Lgi%d_%d\n", n, inl);
    else buf_puts(r->out, "0\n");
}

/* RtInline records, as many as function number n has. */
static void put_inlines(Rewriter *r, const TextFunc *tf, int n) {
    const IrFunc *f = tf->sym->sym->func;
    if (f->inlines.len + r->places.len == 0) return;
    int *names = NEW_ARRAY(r->g->arena, int, f->inlines.len), *files = NEW_ARRAY(r->g->arena, int, f->inlines.len);
    for (int i = 0; i < f->inlines.len; i++) {
        names[i] = string_label(r, f->inlines.at[i].callee->sym->name);
        files[i] = string_label(r, func_location(r, f->inlines.at[i].callee).path);
    }
    companion_section(r, tf, arena_printf(r->g->arena, ".rodata.goo_inl.%d", n), false);
    buf_puts(r->out, "\t.balign\t4\n");
    for (int i = 0; i < f->inlines.len; i++) {
        const IrInline *in = &f->inlines.at[i];
        Location call = location_of(r, in->pos, f);
        buf_printf(r->out, ".Lgi%d_%d:\n\t.long\t.Lgn%d,.Lgn%d,%d,%d,%d,", n, i + 1, names[i], files[i],
                   func_location(r, in->callee).line, func_flags(r, in->callee), call.line);
        put_inline_ref(r, f, n, call, in->outer);
    }
    for (int i = 0; i < r->places.len; i++) {
        const Place *p = &r->places.at[i];
        buf_printf(r->out, ".Lgp%d_%d:\n\t.long\t0,.Lgn%d,0,0,0,", n, i, p->file);
        if (p->inl) buf_printf(r->out, ".Lgi%d_%d\n", n, p->inl);
        else buf_puts(r->out, "0\n");
    }
}

static void put_sites(Rewriter *r, const TextFunc *tf, int n) {
    if (tf->sites.len == 0) return;
    companion_section(r, tf, arena_printf(r->g->arena, ".rodata.goo_sites.%d", n), false);
    buf_printf(r->out, "\t.balign\t4\n.Lgt%d:\n", n);
    for (int i = 0; i < tf->sites.len; i++) {
        const CallSite *c = &tf->sites.at[i];
        GenSite site = site_of(r, tf, c);
        Location at = location_of(r, site.pos, site.f);
        buf_printf(r->out, "\t.long\t.Lgr%d-.Lgs%d%s,%d,", c->label, n, c->line ? "+1" : "", at.line);
        put_inline_ref(r, tf->sym->sym->func, n, at, site.inl);
    }
}

static void put_record(Rewriter *r, const TextFunc *tf, int n) {
    const IrFunc *f = tf->sym->sym->func;
    Location at = func_location(r, f);
    int name = string_label(r, f->sym->name), file = string_label(r, at.path);
    find_places(r, tf);
    put_inlines(r, tf, n);
    put_sites(r, tf, n);
    companion_section(r, tf, "goo_funcs", true);
    buf_printf(r->out, "\t.long\t.Lgs%d,.Lge%d,.Lgn%d,.Lgn%d,%d,%d,", n, n, name, file, at.line, func_flags(r, f));
    if (tf->sites.len) buf_printf(r->out, ".Lgt%d,%d,", n, tf->sites.len);
    else buf_puts(r->out, "0,0,");
    if (tf->sym->recovery) gen_put_sym(r->g, tf->sym->recovery, r->out);
    else buf_putc(r->out, '0');
    buf_putc(r->out, '\n');
}

void gen_rewrite(Gen *g, const char *text, size_t n, Buf *out) {
    Rewriter r = {.g = g, .out = out, .section = ".text"};
    for (const char *s = text, *end = text + n, *eol; s < end; s = eol + 1) {
        eol = memchr(s, '\n', (size_t)(end - s));
        if (!eol) eol = end;
        if (eol > s) rewrite_line(&r, s, eol);
    }
    for (int i = 0; i < r.funcs.len; i++) put_record(&r, r.funcs.at[i], i);
}
