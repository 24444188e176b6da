/* capslib.c: the capabilities of Go's library, and whether its table (std/caps.def) is complete.
 *
 * The graphs beside the library's objects have its calls as they are. What the table says of a function becomes what it
 * declares; then the rule for users' packages says what others need, and where the table is wrong: an exported function, or
 * a package's initialisation, that needs something must be listed, with all of it. */
#include "driver/caps.h"
#include <ctype.h>
#include <string.h>

/* ---- loading ---- */

/* Forgets the errors since there were so many diagnostics. */
static void drop_errors(Diags *d, int diags) {
    for (; d->list.len > diags; d->list.len--)
        if (vec_last(&d->list)->severity == SEV_ERROR) d->errors--;
}

static void drop_broken(Sema *s) {
    int kept = 0;
    for (int i = 0; i < s->order.len; i++)
        if (!s->order.at[i]->had_errors) s->order.at[kept++] = s->order.at[i];
    s->order.len = kept;
}

/* A copy of Go's source may lack files that are made when Go is built, so that a few packages cannot be compiled: of
 * several they are left out, of paths too. */
static Loader *load_good(const Options *o, Paths *p, Arena *a, Names *paths, bool outline) {
    Loader *l = loader_new(a, p, o, outline);
    Names good = {0};
    for (int i = 0; i < paths->len; i++) {
        int diags = l->diags.list.len, errors = l->diags.errors;
        bool loaded = load_path(l, paths->at[i]) && l->diags.errors == errors;
        if (!loaded && paths->len > 1) drop_errors(&l->diags, diags);
        else vec_push(a, &good, paths->at[i]);
    }
    if (paths->len > 1) drop_broken(&l->sema);
    *paths = good;
    return l;
}

static void apply_table(CapGraph *g) {
    for (int i = 0; i < g->list.len; i++) {
        CapNode *n = g->list.at[i];
        const CapEntry *e = caps_table_find(n->name->text);
        if (!e) continue;
        CapAttr *attr = NEW(g->arena, CapAttr);
        attr->requires = true;
        attr->required = *caps_table_needs(g->arena, e, NULL);
        n->attr = attr;
    }
}

CapGraph *caps_load_library(const Options *o, Paths *p, Arena *a, Names *paths, int *status) {
    Loader *l = load_good(o, p, a, paths, true);
    if (!l->diags.errors && !have_library_graphs(o, l)) l = load_good(o, p, a, paths, false);
    *status = report(l, o);
    const char *tmp = *status ? NULL : temp_dir();
    if (*status || !tmp) return *status = *status ? *status : EXIT_USAGE, NULL;
    *status = make_cap_graphs(o, l, tmp);
    if (*status) return NULL;
    apply_table(l->caps);
    caps_solve(l->caps);
    return l->caps;
}

/* ---- what can be used from outside ---- */

static bool is_upper(const char *s) { return isupper((unsigned char)*s) || (unsigned char)*s >= 0x80; }

bool caps_is_internal(const char *path) {
    return !strncmp(path, "vendor/", 7) || strstr(path, "internal/") == path || strstr(path, "/internal/") || has_suffix(path, "/internal");
}

/* Name, Type.Name or (*Type).Name behind the package, all in upper case, and no literal in one. */
bool caps_is_exported(const CapNode *n) {
    if (!n->package || (n->flags & (CN_TYPE | CN_HIDDEN)) || caps_is_internal(n->package)) return false;
    const char *p = n->name->text + strlen(n->package);
    if (*p++ != '.') return false;
    if (!strncmp(p, "(*", 2)) p += 2;
    if (!is_upper(p)) return false;
    const char *dot = strchr(p, '.');
    return !dot || (is_upper(dot + 1) && !strchr(dot + 1, '.') && !strchr(dot + 1, '-'));
}

/* ---- the check ---- */

typedef struct TableCheck {
    CapGraph *g;
    int errors;
} TableCheck;

static void print_step(void *ctx, const CapPlace *at, const char *text) {
    (void)ctx;
    if (at->path) fprintf(stderr, "\t%s:%d: %s\n", at->path, at->line, text);
    else fprintf(stderr, "\t%s\n", text);
}

static void check_node(TableCheck *t, const CapNode *n) {
    const CapEntry *e = caps_table_find(n->name->text);
    bool outside = caps_is_exported(n) || n->flags & CN_INIT;
    if ((!outside && !e) || (e && caps_entry_reason(e))) return;
    CapSet listed = e ? n->attr->required : (CapSet){0}, more = {0};
    for (int i = 0; i < n->set.len; i++)
        if (!capset_covers(&listed, n->set.at[i].atom)) capset_add(t->g->arena, &more, n->set.at[i].atom.cap, NULL);
    if (!more.atoms.len) return;
    t->errors++;
    fprintf(stderr, "std/caps.def: %s needs %s, which the table does not have\n", n->name->text, capset_str(t->g->arena, &more));
    for (int i = 0; i < n->set.len; i++)
        if (!capset_covers(&listed, n->set.at[i].atom)) caps_chain(t->g, n, n->set.at[i].atom, print_step, NULL);
}

/* Functions without a body: the runtime has them, or assembly. What they do only the table can say. */
static void check_foreign(TableCheck *t, const CapNode *n) {
    if (n->flags & (CN_DEFINED | CN_TYPE) || caps_table_find(n->name->text) || !n->in.len) return;
    t->errors++;
    fprintf(stderr, "std/caps.def: %s has no body, and the table does not have it\n", n->name->text);
}

static int check_order(void) {
    for (int i = 1; i < caps_table_size(); i++) {
        const char *x = caps_entry_symbol(caps_table_at(i - 1)), *y = caps_entry_symbol(caps_table_at(i));
        if (strcmp(x, y) < 0) continue;
        fprintf(stderr, "std/caps.def: %s must come before %s\n", y, x);
        return 1;
    }
    return 0;
}

static int check_stale(CapGraph *g) {
    int stale = 0;
    for (int i = 0; i < caps_table_size(); i++) {
        const char *symbol = caps_entry_symbol(caps_table_at(i));
        if (caps_entry_is_variable(caps_table_at(i)) || ptrmap_get(&g->nodes, name_of(g->names, symbol))) continue;
        fprintf(stderr, "std/caps.def: there is no %s\n", symbol);
        stale++;
    }
    return stale;
}

int caps_check_table(CapGraph *g) {
    TableCheck t = {.g = g};
    t.errors = check_order() + check_stale(g);
    for (int i = 0; i < g->list.len; i++) {
        check_node(&t, g->list.at[i]);
        check_foreign(&t, g->list.at[i]);
    }
    printf("caps: %d functions in the table, %d in the library's graph, %d errors\n", caps_table_size(), g->list.len, t.errors);
    return t.errors ? EXIT_ERRORS : EXIT_OK;
}
