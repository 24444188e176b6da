/* capcheck.c: the static rule: whoever promises keeps it. Errors stand at the first step of the chain that breaks a
 * promise, in the package being compiled. */
#include "ir/caps.h"
#include "ir/lower.h"
#include <string.h>

typedef struct CapChecker {
    CapGraph *g;
    Sema *s;
    const IrPackage *p;
} CapChecker;

/* ---- messages ---- */

typedef struct Trace {
    CapChecker *c;
    Diag *d;
} Trace;

static void add_line(Diags *diags, Diag *d, const char *path, int line, const char *text) {
    d->text = path ? arena_printf(diags->arena, "%s\n\t%s:%d: %s", d->text, path, line, text)
                   : arena_printf(diags->arena, "%s\n\t%s", d->text, text);
}

static void add_step(void *ctx, const CapPlace *at, const char *text) {
    const Trace *t = ctx;
    add_line(t->c->s->diags, t->d, at->path, at->line, text);
}

static void add_chain(CapChecker *c, Diag *d, const CapNode *n, CapAtom atom) {
    Trace t = {c, d};
    caps_chain(c->g, n, atom, add_step, &t);
}

static const char *atom_str(const CapChecker *c, CapAtom atom) { return cap_atom_str(c->g->arena, atom); }

/* ---- functions ---- */

/* The first place of a node's chain that is known exactly; of a compiler-made function perhaps further in. */
static Pos first_pos(const CapNode *n, CapAtom atom) {
    for (const CapReason *r; (r = caps_reason(n, atom)); n = r->edge->to) {
        if (r->at.pos) return r->at.pos;
        if (!r->edge || r->edge->needs) break;
    }
    return n->at.pos;
}

/* A function, or the program from main on, that promises attr. */
static void check_promise(CapChecker *c, const CapNode *n, const CapAttr *attr, const char *prefix, const char *what, Pos fallback) {
    RtCapMask reported = 0;
    for (int i = 0; i < n->set.len; i++) {
        CapAtom atom = n->set.at[i].atom;
        bool lacks = attr->requires && !capset_covers(&attr->required, atom), denied = capset_meets(&attr->denied, atom);
        if ((!lacks && !denied) || reported >> atom.cap & 1) continue;
        reported |= (RtCapMask)1 << atom.cap;
        Pos pos = first_pos(n, atom);
        const char *list = capset_str(c->g->arena, lacks ? &attr->required : &attr->denied);
        if (!pos) pos = fallback;
        Diag *d = diag_error(c->s->diags, pos, pos, "%s%s needs %s, which @%s(%s) %s", prefix, what, atom_str(c, atom),
                             lacks ? "requires" : "denies", list, lacks ? "does not have" : "excludes");
        add_chain(c, d, n, atom);
    }
}

/* ---- values made for types with attributes ---- */

static void check_sink(CapChecker *c, const CapEdge *e) {
    CapSet needs = e->needs ? *e->needs : caps_required(c->g, e->to);
    for (int i = 0; i < needs.atoms.len; i++) {
        CapAtom atom = needs.atoms.at[i];
        bool lacks = e->sink->requires && !capset_covers(&e->sink->required, atom), denied = capset_meets(&e->sink->denied, atom);
        if (!lacks && !denied) continue;
        const char *list = capset_str(c->g->arena, lacks ? &e->sink->required : &e->sink->denied);
        const char *as = e->kind == IU_CONVERT ? "as a method of an interface" : "as a value of a function type";
        Diag *d = diag_error(c->s->diags, e->at.pos, e->at.pos, "cannot use %s %s with @%s(%s): it needs %s", caps_node_name(e->to), as,
                             lacks ? "requires" : "denies", list, atom_str(c, atom));
        add_chain(c, d, e->to, atom);
        return;
    }
}

/* ---- imports ---- */

static bool is_below_import(Arena *a, const CapAllow *allow, const CapEdge *e) {
    const char *package = e->to->package ? e->to->package : caps_symbol_package(a, e->to->name->text);
    return !strcmp(package, allow->imported->path);
}

static void report_import(CapChecker *c, const CapAllow *allow, Pos pos, const CapNode *n, CapAtom atom) {
    Diag *d = diag_error(c->s->diags, pos, pos, "%s needs %s, which @allow(%s) of import \"%s\" does not have", caps_node_name(n),
                         atom_str(c, atom), capset_str(c->g->arena, &allow->attr->required), allow->imported->path);
    add_chain(c, d, n, atom);
}

/* What a file uses of the package that it imports with @allow. */
static void check_import_uses(CapChecker *c, const CapAllow *allow, const CapNode *n) {
    const SourceFile *file = source_file_of(c->s->sources, allow->pos);
    for (int i = 0; i < n->out.len; i++) {
        const CapEdge *e = n->out.at[i];
        if (!e->at.pos || !is_below_import(c->g->arena, allow, e) || source_file_of(c->s->sources, e->at.pos) != file) continue;
        CapSet needs = e->needs ? *e->needs : caps_required(c->g, e->to);
        const CapAtom *more = capset_excess(&needs, &allow->attr->required);
        if (more) report_import(c, allow, e->at.pos, e->to, *more);
    }
}

static CapNode *init_of(CapChecker *c, const Package *p) {
    const Name *name = name_of(c->g->names, arena_printf(c->g->arena, "%s.init", ir_pkg_prefix(p)));
    return ptrmap_get(&c->g->nodes, name);
}

/* The initialisation of the package and of all that it imports. */
static void check_import_inits(CapChecker *c, const CapAllow *allow, const Package *p, PtrMap *seen) {
    if (ptrmap_get(seen, p)) return;
    ptrmap_put(c->g->arena, seen, p, (void *)p);
    const CapNode *init = init_of(c, p);
    CapSet needs = init ? caps_required(c->g, init) : (CapSet){0};
    const CapAtom *more = capset_excess(&needs, &allow->attr->required);
    if (more) report_import(c, allow, allow->pos, init, *more);
    for (int i = 0; i < p->imports.len; i++) check_import_inits(c, allow, p->imports.at[i], seen);
}

static void check_imports(CapChecker *c) {
    const Package *pkg = c->p->pkg;
    for (int i = 0; i < pkg->cap_allows.len; i++) {
        const CapAllow *allow = &pkg->cap_allows.at[i];
        for (int k = 0; k < c->g->list.len; k++)
            if (c->g->list.at[k]->out.len) check_import_uses(c, allow, c->g->list.at[k]);
        PtrMap seen = {0};
        check_import_inits(c, allow, allow->imported, &seen);
    }
}

/* ---- the package ---- */

static bool is_own(const CapChecker *c, const CapNode *n) {
    return (n->flags & CN_DEFINED) && n->at.pos && n->package && !strcmp(n->package, ir_pkg_prefix(c->p->pkg));
}

/* What main declares is the ceiling of the program: of the initialisation of all packages too. */
static void check_ceiling(CapChecker *c) {
    const Object *main = c->p->pkg->is_main ? scope_lookup(c->p->pkg->scope, c->s->n_main) : NULL;
    if (!main || main->kind != OBJ_FUNC || !main->func.caps) return;
    for (int i = 0; i < c->s->order.len; i++) {
        const CapNode *init = init_of(c, c->s->order.at[i]);
        if (!init || (init->attr && init->attr->requires)) continue;
        const char *of = arena_printf(c->g->arena, "initialisation of package %s", c->s->order.at[i]->path);
        check_promise(c, init, main->func.caps, "", of, main->func.caps->pos);
    }
}

static void report_refused(CapChecker *c, const CapNode *n, const CapSet *needs, RtCapMask refused, const CapPlace *at, const char *what) {
    RtCapMask cap = needs ? capset_mask(needs) & refused : 0;
    if (!cap) return;
    Pos pos = at->pos ? at->pos : c->p->pkg->files[0]->package_name->pos;
    Diag *d = diag_error(c->s->diags, pos, pos, "%s needs %s, which --deny excludes", caps_node_name(n), cap_infos[__builtin_ctz(cap)].name);
    add_line(c->s->diags, d, at->path, at->line, what);
}

/* What goes behind the back of all checks is refused when the program is built, if --deny names it. */
static void check_refused(CapChecker *c) {
    RtCapMask refused = c->p->pkg->is_main ? c->s->refused & (1u << RT_CAP_MEMORY_RAW | 1u << RT_CAP_FFI) : 0;
    for (int i = 0; refused && i < c->g->list.len; i++) {
        const CapNode *n = c->g->list.at[i];
        if (!(n->flags & CN_DEFINED)) continue;
        for (int k = 0; k < n->own.len; k++) report_refused(c, n, n->own.at[k].needs, refused, &n->own.at[k].at, n->own.at[k].what);
        for (int k = 0; k < n->out.len; k++) {
            const CapEdge *e = n->out.at[k];
            report_refused(c, n, e->needs, refused, &e->at, arena_printf(c->g->arena, "uses %s", caps_node_name(e->to)));
        }
    }
}

void caps_check(CapGraph *g, const IrPackage *p) {
    CapChecker c = {g, p->sema, p};
    for (int i = 0; i < g->list.len; i++) {
        const CapNode *n = g->list.at[i];
        if (is_own(&c, n) && n->attr) check_promise(&c, n, n->attr, "", caps_node_name(n), n->at.pos);
        for (int k = 0; k < n->out.len; k++)
            if (n->out.at[k]->sink && n->out.at[k]->at.pos) check_sink(&c, n->out.at[k]);
    }
    check_imports(&c);
    check_ceiling(&c);
    check_refused(&c);
}
