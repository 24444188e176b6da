/* captext.c: the graph of a package as text, which lies beside its object.
 *
 * One line each, its words separated by tabs, the first a letter:
 *   P package
 *   f path                                       a source file; they are numbered from 0
 *   F symbol flags place requires denies         a function or type; requires "-": it declares nothing
 *   E kind symbol place needs requires denies    a use by the function before; "-" as in CapEdge
 *   N place needs what                           what it needs by itself
 * A place is file:line, or "-". Sets are as capset_str writes them. */
#include "ir/caps.h"
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

typedef struct Writer {
    const CapGraph *g;
    Buf *out;
    Buf body;        /* everything but the files, which come first */
    PtrMap files;    /* Name* of the path -> its number + 1 */
    int nfiles;
} Writer;

static intptr_t file_number(Writer *w, const char *path) {
    const Name *name = name_of(w->g->names, path);
    intptr_t n = (intptr_t)ptrmap_get(&w->files, name);
    if (n) return n - 1;
    ptrmap_put(w->g->arena, &w->files, name, (void *)(intptr_t)++w->nfiles);
    buf_printf(w->out, "f\t%s\n", path);
    return w->nfiles - 1;
}

static void put_place(Writer *w, CapPlace at) {
    if (at.path) buf_printf(&w->body, "\t%d:%d", (int)file_number(w, at.path), at.line);
    else buf_puts(&w->body, "\t-");
}

static void put_set(Writer *w, const CapSet *s) { buf_printf(&w->body, "\t%s", s ? capset_str(w->g->arena, s) : "-"); }

static void put_attr(Writer *w, const CapAttr *attr) {
    put_set(w, attr && attr->requires ? &attr->required : NULL);
    put_set(w, attr && attr->denied.atoms.len ? &attr->denied : NULL);
}

static void put_node(Writer *w, const CapNode *n) {
    buf_printf(&w->body, "F\t%s\t%u", n->name->text, n->flags);
    put_place(w, n->at);
    put_attr(w, n->attr);
    buf_putc(&w->body, '\n');
    for (int i = 0; i < n->out.len; i++) {
        const CapEdge *e = n->out.at[i];
        buf_printf(&w->body, "E\t%d\t%s", e->kind, e->to->name->text);
        put_place(w, e->at);
        put_set(w, e->needs);
        put_attr(w, e->sink);
        buf_putc(&w->body, '\n');
    }
    for (int i = 0; i < n->own.len; i++) {
        buf_puts(&w->body, "N");
        put_place(w, n->own.at[i].at);
        put_set(w, n->own.at[i].needs);
        buf_printf(&w->body, "\t%s\n", n->own.at[i].what);
    }
}

void caps_write(const CapGraph *g, const char *package, Buf *out) {
    Writer w = {.g = g, .out = out};
    buf_printf(out, "P\t%s\n", package);
    for (int i = 0; i < g->list.len; i++) {
        const CapNode *n = g->list.at[i];
        bool own = (n->flags & CN_WEAK) || (n->package && !strcmp(n->package, package));
        if ((n->flags & CN_DEFINED) && own) put_node(&w, n);
    }
    buf_puts(out, w.body.data ? w.body.data : "");
    buf_free(&w.body);
}

/* ---- reading ---- */

enum { MAX_WORDS = 7 };

typedef struct Line {
    const char *at[MAX_WORDS];
    size_t len[MAX_WORDS];
    int n;
} Line;

typedef struct TextReader {
    CapGraph *g;
    const char *package;
    VEC(const char *) files;
    CapNode *node;   /* NULL: one that is known from elsewhere */
} TextReader;

static bool split(const char *text, const char *end, Line *l) {
    l->n = 0;
    for (const char *p = text; p <= end && l->n < MAX_WORDS; l->n++) {
        const char *tab = memchr(p, '\t', (size_t)(end - p)), *stop = tab ? tab : end;
        l->at[l->n] = p;
        l->len[l->n] = (size_t)(stop - p);
        p = stop + 1;
    }
    return l->n > 1 && l->len[0] == 1;
}

static bool is_dash(const Line *l, int i) { return l->len[i] == 1 && l->at[i][0] == '-'; }

static bool read_place(const TextReader *r, const Line *l, int i, CapPlace *at) {
    *at = (CapPlace){0};
    if (is_dash(l, i)) return true;
    char *end;
    long file = strtol(l->at[i], &end, 10);
    if (*end != ':' || file < 0 || file >= r->files.len) return false;
    at->path = r->files.at[file];
    at->line = (int)strtol(end + 1, NULL, 10);
    return true;
}

static bool read_set(TextReader *r, const Line *l, int i, CapSet *s) {
    const char *why;
    return capset_parse(r->g->arena, l->at[i], l->len[i], s, &why);
}

static bool read_attr(TextReader *r, const Line *l, int i, const CapAttr **out) {
    *out = NULL;
    if (is_dash(l, i) && is_dash(l, i + 1)) return true;
    CapAttr *attr = NEW(r->g->arena, CapAttr);
    attr->requires = !is_dash(l, i);
    *out = attr;
    return (is_dash(l, i) || read_set(r, l, i, &attr->required)) && (is_dash(l, i + 1) || read_set(r, l, i + 1, &attr->denied));
}

static bool read_node(TextReader *r, const Line *l) {
    if (l->n != 6) return false;
    CapNode *n = caps_node(r->g, l->at[1], l->len[1]);
    r->node = n->flags & CN_DEFINED ? NULL : n;
    if (!r->node) return true;
    n->flags |= (unsigned)strtoul(l->at[2], NULL, 10);
    n->package = n->flags & CN_WEAK ? caps_symbol_package(r->g->arena, n->name->text) : r->package;
    return read_place(r, l, 3, &n->at) && read_attr(r, l, 4, &n->attr);
}

static bool read_edge(TextReader *r, const Line *l) {
    if (l->n != 7) return false;
    if (!r->node) return true;
    CapEdge e = {.kind = (uint8_t)atoi(l->at[1]), .from = r->node, .to = caps_node(r->g, l->at[2], l->len[2])};
    CapSet *needs = is_dash(l, 4) ? NULL : NEW(r->g->arena, CapSet);
    if (!read_place(r, l, 3, &e.at) || (needs && !read_set(r, l, 4, needs)) || !read_attr(r, l, 5, &e.sink)) return false;
    e.needs = needs;
    caps_edge(r->g, e);
    return true;
}

static bool read_own(TextReader *r, const Line *l) {
    if (l->n != 4) return false;
    if (!r->node) return true;
    CapSet *needs = NEW(r->g->arena, CapSet);
    CapOwn own = {.needs = needs, .what = arena_strndup(r->g->arena, l->at[3], l->len[3])};
    if (!read_place(r, l, 1, &own.at) || !read_set(r, l, 2, needs)) return false;
    vec_push(r->g->arena, &r->node->own, own);
    return true;
}

static bool read_line(TextReader *r, const Line *l) {
    switch (l->at[0][0]) {
    case 'P': return r->package = arena_strndup(r->g->arena, l->at[1], l->len[1]), true;
    case 'f': vec_push(r->g->arena, &r->files, (const char *)arena_strndup(r->g->arena, l->at[1], l->len[1])); return true;
    case 'F': return read_node(r, l);
    case 'E': return read_edge(r, l);
    case 'N': return read_own(r, l);
    default: return false;
    }
}

bool caps_read(CapGraph *g, const char *text) {
    TextReader r = {.g = g, .package = ""};
    for (const char *end; *text; text = end + 1) {
        Line l;
        end = strchr(text, '\n');
        if (!end || !split(text, end, &l) || !read_line(&r, &l)) return false;
    }
    return true;
}
