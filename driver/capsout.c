/* capsout.c: what goo caps prints: a table, chains, JSON, a graph for Graphviz or for a browser. */
#include "driver/caps.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static void print_function(const CapReport *r, const CapNode *n, const CapSet *needs, FILE *out) {
    const char *place = n->at.path ? arena_printf(r->g->arena, "%s:%d", n->at.path, n->at.line) : "";
    const char *set = capset_str(r->g->arena, needs);
    fprintf(out, "    %-40s %s%s  %s\n", caps_node_name(n), *set ? set : "-", n->attr && n->attr->requires ? " (declared)" : "", place);
}

void caps_print(const CapReports *reports, bool all, FILE *out) {
    for (int i = 0; i < reports->len; i++) {
        const CapReport *r = &reports->at[i];
        for (int k = 0; k < r->packages.len; k++) {
            CapNodes functions = {0};
            CapSet whole = caps_of_package(r, r->packages.at[k]);
            const char *set = capset_str(r->g->arena, &whole);
            fprintf(out, "%s: %s\n", caps_package_name(r, r->packages.at[k]), *set ? set : "-");
            caps_functions(r, r->packages.at[k], &functions);
            for (int f = 0; f < functions.len; f++) {
                CapSet needs = caps_required(r->g, functions.at[f]);
                if (all || needs.atoms.len) print_function(r, functions.at[f], &needs, out);
            }
        }
    }
}

/* ---- chains ---- */

static void print_step(void *ctx, const CapPlace *at, const char *text) {
    if (at->path) fprintf(ctx, "    %s:%d: %s\n", at->path, at->line, text);
    else fprintf(ctx, "    %s\n", text);
}

/* Whether somebody outside starts here: main, initialisation, what importers can call. */
static bool is_root(const CapNode *n) {
    return (n->flags & CN_INIT) || !strcmp(n->name->text, "main.main") || (strcmp(n->package, "main") && caps_is_exported(n));
}

/* With several programs, main.main is told by which it is. */
static int print_why(const CapReport *r, const CapNode *n, RtCapMask caps, bool several, FILE *out) {
    int printed = 0;
    for (int i = 0; i < n->set.len; i++) {
        CapAtom atom = n->set.at[i].atom;
        if (!(caps >> atom.cap & 1)) continue;
        if (several && !strcmp(n->package, "main")) fprintf(out, "%s: ", caps_package_name(r, n->package));
        fprintf(out, "%s needs %s:\n", caps_node_name(n), cap_atom_str(r->g->arena, atom));
        caps_chain(r->g, n, atom, print_step, out);
        printed++;
    }
    return printed;
}

int caps_print_why(const CapReports *reports, const char *name, FILE *out) {
    RtCapMask caps = cap_named(name, strlen(name));
    const char *meant = caps ? NULL : cap_suggestion(name);
    if (!caps) {
        fprintf(stderr, "goo: unknown capability %s%s%s%s\n", name, meant ? " (did you mean " : "", meant ? meant : "", meant ? "?)" : "");
        return EXIT_USAGE;
    }
    int printed = 0;
    for (int i = 0; i < reports->len; i++) {
        const CapReport *r = &reports->at[i];
        for (int k = 0; k < r->packages.len; k++) {
            CapNodes functions = {0};
            caps_functions(r, r->packages.at[k], &functions);
            for (int f = 0; f < functions.len; f++)
                if (is_root(functions.at[f])) printed += print_why(r, functions.at[f], caps, reports->len > 1, out);
        }
    }
    if (!printed) fprintf(out, "nothing needs %s\n", name);
    return EXIT_OK;
}

/* ---- JSON ---- */

static void put_needs(const CapSet *s, FILE *out) {
    fputc('[', out);
    for (int i = 0; i < s->atoms.len; i++) {
        fputs(i ? ",{\"capability\":" : "{\"capability\":", out);
        json_string(cap_infos[s->atoms.at[i].cap].name, out);
        if (s->atoms.at[i].scope) {
            fputs(",\"scope\":", out);
            json_string(s->atoms.at[i].scope, out);
        }
        fputc('}', out);
    }
    fputc(']', out);
}

typedef struct StepList { FILE *out; int n; } StepList;

static void put_step(void *ctx, const CapPlace *at, const char *text) {
    StepList *s = ctx;
    fputs(s->n++ ? ",{\"text\":" : "{\"text\":", s->out);
    json_string(text, s->out);
    if (at->path) {
        fputs(",\"file\":", s->out);
        json_string(at->path, s->out);
        fprintf(s->out, ",\"line\":%d", at->line);
    }
    fputc('}', s->out);
}

static void put_chains(const CapReport *r, const CapNode *n, FILE *out) {
    fputs(",\"chains\":[", out);
    for (int i = 0; i < n->set.len; i++) {
        StepList steps = {out, 0};
        fputs(i ? ",{\"needs\":" : "{\"needs\":", out);
        json_string(cap_atom_str(r->g->arena, n->set.at[i].atom), out);
        fputs(",\"steps\":[", out);
        caps_chain(r->g, n, n->set.at[i].atom, put_step, &steps);
        fputs("]}", out);
    }
    fputc(']', out);
}

static void put_function(const CapReport *r, const CapNode *n, FILE *out) {
    CapSet needs = caps_required(r->g, n);
    fputs("{\"name\":", out);
    json_string(caps_node_name(n), out);
    if (n->at.path) {
        fputs(",\"file\":", out);
        json_string(n->at.path, out);
        fprintf(out, ",\"line\":%d", n->at.line);
    }
    fprintf(out, ",\"declared\":%s,\"needs\":", n->attr && n->attr->requires ? "true" : "false");
    put_needs(&needs, out);
    put_chains(r, n, out);
    fputc('}', out);
}

static void put_package(const CapReport *r, const char *package, FILE *out) {
    CapNodes functions = {0};
    CapSet whole = caps_of_package(r, package);
    fputs("{\"path\":", out);
    json_string(caps_package_name(r, package), out);
    fputs(",\"needs\":", out);
    put_needs(&whole, out);
    fputs(",\"functions\":[", out);
    caps_functions(r, package, &functions);
    for (int i = 0; i < functions.len; i++) {
        fputs(i ? ",\n" : "\n", out);
        put_function(r, functions.at[i], out);
    }
    fputs("]}", out);
}

void caps_print_json(const CapReports *reports, FILE *out) {
    fputs("{\"packages\":[", out);
    for (int i = 0, n = 0; i < reports->len; i++)
        for (int k = 0; k < reports->at[i].packages.len; k++) {
            fputs(n++ ? ",\n" : "\n", out);
            put_package(&reports->at[i], reports->at[i].packages.at[k], out);
        }
    fputs("]}\n", out);
}

/* ---- graphs ---- */

/* The part of a graph that is shown: what needs something, without what the compiler made. */
typedef struct Drawing {
    const CapReport *r;
    PtrMap number;   /* CapNode* -> its number + 1 */
    CapNodes nodes;
    VEC(const CapEdge *) edges; /* from is shown; to as well, or it is led through */
    VEC(CapNode *) targets;     /* of edges: what is shown */
} Drawing;

static intptr_t number_of(const Drawing *d, const CapNode *n) { return (intptr_t)ptrmap_get(&d->number, n) - 1; }

static void show_node(Drawing *d, CapNode *n) {
    if (ptrmap_get(&d->number, n)) return;
    vec_push(d->r->g->arena, &d->nodes, n);
    ptrmap_put(d->r->g->arena, &d->number, n, (void *)(intptr_t)d->nodes.len);
}

static bool needs_something(CapGraph *g, const CapNode *n) {
    return n->attr && n->attr->requires ? n->attr->required.atoms.len > 0 : caps_required(g, n).atoms.len > 0;
}

static void draw_edges(Drawing *d, const CapNode *n, const CapEdge *first, int depth) {
    enum { MAX_PASS = 8 }; /* wrappers of wrappers */
    for (int i = 0; i < n->out.len && depth < MAX_PASS; i++) {
        const CapEdge *e = n->out.at[i];
        const CapEdge *shown = first ? first : e;
        if (e->needs ? !e->needs->atoms.len : !needs_something(d->r->g, e->to)) continue;
        if ((e->to->flags & CN_HIDDEN) && !e->needs) {
            draw_edges(d, e->to, shown, depth + 1);
            continue;
        }
        show_node(d, e->to);
        vec_push(d->r->g->arena, &d->edges, shown);
        vec_push(d->r->g->arena, &d->targets, e->to);
    }
}

static Drawing draw(const CapReport *r) {
    Drawing d = {.r = r};
    for (int i = 0; i < r->packages.len; i++) {
        CapNodes functions = {0};
        caps_functions(r, r->packages.at[i], &functions);
        for (int k = 0; k < functions.len; k++)
            if (needs_something(r->g, functions.at[k])) show_node(&d, functions.at[k]);
    }
    for (int i = 0; i < d.nodes.len; i++) draw_edges(&d, d.nodes.at[i], NULL, 0);
    return d;
}

/* What a node of a drawing needs: of functions in the library's table that users' code calls the edges know it. */
static CapSet needs_in(const Drawing *d, const CapNode *n) {
    CapSet s = caps_required(d->r->g, n);
    for (int i = 0; i < n->in.len; i++)
        if (n->in.at[i]->needs) capset_add_all(d->r->g->arena, &s, n->in.at[i]->needs);
    return s;
}

static const char *package_of(const Drawing *d, const CapNode *n) {
    const char *p = n->package ? n->package : caps_symbol_package(d->r->g->arena, n->name->text);
    return caps_package_name(d->r, p);
}

static void put_dot_string(const char *s, FILE *out) {
    for (; *s; s++) {
        if (*s == '"' || *s == '\\') fputc('\\', out);
        fputc(*s, out);
    }
}

static void draw_dot(const CapReport *r, int number, FILE *out) {
    Drawing d = draw(r);
    for (int i = 0; i < d.nodes.len; i++) {
        const CapNode *n = d.nodes.at[i];
        CapSet needs = needs_in(&d, n);
        fprintf(out, "  n%d_%d [label=\"", number, i);
        put_dot_string(caps_node_name(n), out);
        fputs("\\n", out);
        put_dot_string(capset_str(r->g->arena, &needs), out);
        fprintf(out, "\"%s];\n", n->attr && n->attr->requires ? ", style=bold" : n->flags & CN_TYPE ? ", shape=oval" : "");
    }
    for (int i = 0; i < d.edges.len; i++)
        fprintf(out, "  n%d_%d -> n%d_%d%s;\n", number, (int)number_of(&d, d.edges.at[i]->from), number, (int)number_of(&d, d.targets.at[i]),
                d.edges.at[i]->kind == IU_CALL ? "" : " [style=dashed]");
}

void caps_print_dot(const CapReports *reports, FILE *out) {
    fputs("digraph capabilities {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n", out);
    for (int i = 0; i < reports->len; i++) draw_dot(&reports->at[i], i, out);
    fputs("}\n", out);
}

/* The data of the page: nodes as [name, package, file, line, needs, flags], edges as [from, to, kind, line]. base: how
 * many nodes there are already; returns how many there are then. */
static int put_drawing(const CapReport *r, int base, FILE *nodes, FILE *edges) {
    Drawing d = draw(r);
    for (int i = 0; i < d.nodes.len; i++) {
        const CapNode *n = d.nodes.at[i];
        CapSet needs = needs_in(&d, n);
        fputs(base + i ? ",\n[" : "[", nodes);
        json_string(caps_node_name(n), nodes);
        fputc(',', nodes);
        json_string(package_of(&d, n), nodes);
        fputc(',', nodes);
        json_string(n->at.path ? n->at.path : "", nodes);
        fprintf(nodes, ",%d,[", n->at.line);
        for (int k = 0; k < needs.atoms.len; k++) {
            if (k) fputc(',', nodes);
            json_string(cap_atom_str(r->g->arena, needs.atoms.at[k]), nodes);
        }
        fprintf(nodes, "],%d]", (n->attr && n->attr->requires ? 1 : 0) | (n->flags & CN_TYPE ? 2 : 0) | (n->flags & CN_INIT ? 4 : 0));
    }
    for (int i = 0; i < d.edges.len; i++) {
        const CapEdge *e = d.edges.at[i];
        fprintf(edges, "[%d,%d,%d,%d],\n", base + (int)number_of(&d, e->from), base + (int)number_of(&d, d.targets.at[i]), e->kind, e->at.line);
    }
    return base + d.nodes.len;
}

/* Within a script no text must look like its end; in the data < only stands in strings. */
static void put_script(const char *s, FILE *out) {
    for (; *s; s++) {
        if (*s == '<') fputs("\\u003c", out);
        else fputc(*s, out);
    }
}

bool caps_print_html(const CapReports *reports, const Paths *paths, Arena *a, FILE *out) {
    static const char mark[] = "/*DATA*/";
    size_t size, n_nodes, n_edges;
    const char *path = arena_printf(a, "%s/caps.html", paths->std);
    const char *page = read_file(a, path, &size), *at = page ? strstr(page, mark) : NULL;
    if (!at) return fprintf(stderr, "goo: cannot read %s: %s\n", path, strerror(errno)), false;
    char *nodes = NULL, *edges = NULL;
    FILE *fn = open_memstream(&nodes, &n_nodes), *fe = open_memstream(&edges, &n_edges);
    if (!fn || !fe) out_of_memory(0);
    for (int i = 0, base = 0; i < reports->len; i++) base = put_drawing(&reports->at[i], base, fn, fe);
    fclose(fn);
    fclose(fe);
    fwrite(page, 1, (size_t)(at - page), out);
    fputs("nodes:[", out);
    put_script(nodes, out);
    fprintf(out, "],\nedges:[%s]", edges);
    fputs(at + strlen(mark), out);
    free(nodes);
    free(edges);
    return true;
}
