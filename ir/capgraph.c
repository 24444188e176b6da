/* capgraph.c: the graph of uses, from the IR. See caps.h. */
#include "ir/caps.h"
#include "ir/lower.h"
#include <string.h>

CapGraph *caps_graph_new(Arena *a, NameTable *names) {
    CapGraph *g = NEW(a, CapGraph);
    g->arena = a;
    g->names = names;
    return g;
}

/* ---- names ---- */

const char *caps_symbol_package(Arena *a, const char *symbol) {
    if (!strncmp(symbol, "type:", 5)) symbol += 5;
    while (*symbol == '*') symbol++;
    const char *slash = symbol, *end = symbol + strcspn(symbol, "([{ ");
    for (const char *p = symbol; p < end; p++)
        if (*p == '/') slash = p;
    const char *dot = strchr(slash, '.');
    return dot ? arena_strndup(a, symbol, (size_t)(dot - symbol)) : "";
}

const char *caps_node_name(const CapNode *n) { return n->name->text + (n->flags & CN_TYPE ? strlen("type:") : 0); }

/* ---- nodes and edges ---- */

CapNode *caps_node(CapGraph *g, const char *text, size_t n) {
    const Name *name = name_ofn(g->names, text, n);
    CapNode *node = ptrmap_get(&g->nodes, name);
    if (node) return node;
    node = NEW(g->arena, CapNode);
    node->name = name;
    if (!strncmp(name->text, "type:", 5)) node->flags = CN_TYPE | CN_WEAK;
    ptrmap_put(g->arena, &g->nodes, name, node);
    vec_push(g->arena, &g->list, node);
    return node;
}

void caps_edge(CapGraph *g, CapEdge e) {
    bool plain = !e.sink && (!e.needs || !e.needs->atoms.len || !e.needs->atoms.at[0].scope);
    if (plain && ptrmap_get(&e.from->seen, e.to)) return;
    CapEdge *kept = NEW(g->arena, CapEdge);
    *kept = e;
    if (plain) ptrmap_put(g->arena, &e.from->seen, e.to, kept);
    vec_push(g->arena, &e.from->out, kept);
    vec_push(g->arena, &e.to->in, kept);
}

/* ---- a package ---- */

typedef struct Build {
    CapGraph *g;
    const IrPackage *p;
    Sema *s;
    bool library;
    PtrMap foreign; /* Name* of a symbol without a body in the package -> its Object* */
    PtrMap types;   /* CapNode* of types whose methods are in */
} Build;

static CapPlace place_of(const Build *b, Pos pos) {
    if (!pos) return (CapPlace){0};
    Location l = source_location(b->s->sources, pos);
    return (CapPlace){l.path, l.line, pos};
}

static CapNode *node_of(const Build *b, const char *symbol) { return caps_node(b->g, symbol, strlen(symbol)); }

static void add_own(const Build *b, CapNode *n, const CapSet *needs, CapPlace at, const char *what) {
    CapOwn own = {needs, at, what};
    vec_push(b->g->arena, &n->own, own);
}

static const CapSet *one_cap(const Build *b, int cap) {
    CapSet *s = NEW(b->g->arena, CapSet);
    capset_add(b->g->arena, s, cap, NULL);
    return s;
}

/* A function without a body is assembly, or another package's through a linkname: behind the back of this rule. */
static void use_foreign(const Build *b, CapNode *n, const char *symbol, CapPlace at) {
    const Object *o = ptrmap_get(&b->foreign, name_of(b->g->names, symbol));
    if (!o) return;
    if (!o->func.linkname) add_own(b, n, one_cap(b, RT_CAP_FFI), at, arena_printf(b->g->arena, "uses %s, which has no body", symbol));
    else if (!caps_table_find(symbol)) add_own(b, n, one_cap(b, RT_CAP_FFI), at, arena_printf(b->g->arena, "uses %s through a linkname", symbol));
}

static void use_symbol(const Build *b, CapNode *n, const IrUse *u, CapPlace at) {
    const CapEntry *entry = b->library ? NULL : caps_table_find(u->sym->name);
    if (u->kind == IU_VAR && !entry) return;
    if (!b->library) use_foreign(b, n, u->sym->name, at);
    CapEdge e = {.kind = u->kind, .from = n, .to = node_of(b, u->sym->name), .at = at, .sink = u->attr};
    if (entry) e.needs = caps_table_needs(b->g->arena, entry, u->call);
    caps_edge(b->g, e);
}

/* ---- conversions to interfaces ---- */

/* The attributes of the interface's method of m's name, or NULL. */
static const CapAttr *attr_in(const Build *b, Type *iface, const Object *m) {
    if (!b->s->caps_in_types) return NULL;
    const TypeSet *set = type_set(b->s, type_under(b->s, iface));
    for (int i = 0; i < set->methods.len; i++)
        if (method_order(set->methods.at[i], m) == 0) return set->methods.at[i]->func.caps;
    return NULL;
}

static bool has_attrs(const Build *b, Type *iface) {
    const TypeSet *set = b->s->caps_in_types ? type_set(b->s, type_under(b->s, iface)) : NULL;
    for (int i = 0; set && i < set->methods.len; i++)
        if (set->methods.at[i]->func.caps) return true;
    return false;
}

static Type *receiver_base(const Object *m) {
    bool is_ptr;
    const Object *recv = m->type->func.recv;
    return recv ? type_as_named(type_deref(type_unalias(recv->type), &is_ptr)) : NULL;
}

/* From n to one method of a type. iface: what the type is converted to, NULL: any. */
static void use_method(const Build *b, CapNode *n, const Object *m, Type *iface, CapPlace at) {
    Type *base = receiver_base(m);
    const CapAttr *sink = iface ? attr_in(b, iface, m) : NULL;
    if (!base || type_is_interface(b->s, base)) { /* of an embedded interface */
        if (m->func.caps && !sink) add_own(b, n, &m->func.caps->required, at, arena_printf(b->g->arena, "method %s", m->name->text));
        return;
    }
    IrUse u = {.kind = IU_CONVERT, .sym = lw_method_sym(b->p->lower, base, (Object *)m), .attr = sink};
    use_symbol(b, n, &u, at);
}

static void use_methods(const Build *b, CapNode *n, Type *t, Type *iface, CapPlace at) {
    const MethodSet *ms = type_method_set(b->s, t);
    for (int i = 0; i < ms->len; i++) use_method(b, n, ms->at[i]->obj, iface, at);
}

static CapNode *type_node(Build *b, Type *t) {
    CapNode *n = node_of(b, arena_printf(b->g->arena, "type:%s", type_link_str(b->s, t)));
    if (ptrmap_get(&b->types, n) || n->flags & CN_DEFINED) return n;
    ptrmap_put(b->g->arena, &b->types, n, n);
    n->flags |= CN_DEFINED;
    n->package = caps_symbol_package(b->g->arena, n->name->text);
    use_methods(b, n, t, NULL, (CapPlace){0});
    return n;
}

static void use_conversion(Build *b, CapNode *n, const IrUse *u, CapPlace at) {
    if (!type_method_set(b->s, u->type)->len) return;
    if (has_attrs(b, u->iface)) use_methods(b, n, u->type, u->iface, at);
    else caps_edge(b->g, (CapEdge){.kind = IU_CONVERT, .from = n, .to = type_node(b, u->type), .at = at});
}

/* ---- functions ---- */

static void add_use(Build *b, CapNode *n, const IrUse *u) {
    CapPlace at = place_of(b, u->pos);
    switch ((IrUseKind)u->kind) {
    case IU_CALL: case IU_VALUE: case IU_VAR: use_symbol(b, n, u, at); return;
    case IU_CONVERT: use_conversion(b, n, u, at); return;
    case IU_NEED: add_own(b, n, &u->attr->required, at, "uses what @requires it"); return;
    case IU_UNSAFE:
        if (!b->library) add_own(b, n, one_cap(b, RT_CAP_MEMORY_RAW), at, "uses unsafe");
        return;
    }
    unreachable();
}

typedef struct Reach {
    Arena *arena;
    PtrMap seen;
    VEC(const IrBlock *) todo;
} Reach;

static void reach(void *ctx, IrBlock **succ) {
    Reach *r = ctx;
    if (!*succ || ptrmap_get(&r->seen, *succ)) return;
    ptrmap_put(r->arena, &r->seen, *succ, *succ);
    vec_push(r->arena, &r->todo, *succ);
}

static void reach_blocks(Reach *r, const IrFunc *f) {
    IrBlock *entry = f->blocks.at[0];
    reach(r, &entry);
    while (r->todo.len) ir_each_succ((IrBlock *)r->todo.at[--r->todo.len], reach, r);
}

static void add_needs(const Build *b, CapNode *n, const CapNeeds *needs) {
    for (int i = 0; i < needs->len; i++)
        add_own(b, n, &needs->at[i].attr->required, place_of(b, needs->at[i].pos), "hands on what @requires it");
}

static const CapAttr *attr_of(const FuncInfo *info) {
    if (!info) return NULL;
    return info->obj ? info->obj->func.caps : info->sig->func.caps;
}

static void describe(const Build *b, CapNode *n, const IrFunc *f) {
    bool weak = f->sym->linkage == IL_WEAK;
    n->flags |= CN_DEFINED | (f->flags & IF_WRAPPER || !f->info ? CN_HIDDEN : 0u) | (weak ? CN_WEAK : 0u);
    n->package = weak ? caps_symbol_package(b->g->arena, n->name->text) : ir_pkg_prefix(b->p->pkg);
    n->at = place_of(b, f->info && f->info->obj && f->info->obj->pos ? f->info->obj->pos : f->pos);
    n->attr = attr_of(f->info);
    if (f->info && !f->info->obj) n->flags |= CN_LITERAL;
    if (f->sym == b->p->init) n->flags = (n->flags | CN_INIT) & ~(unsigned)CN_HIDDEN;
}

/* Whether m is a method that allocates for others, as mem.Allocator has it: what it returns is used as memory of any type. */
static bool is_allocator(const Build *b, const Object *m) {
    const Package *mem = ptrmap_get(&b->s->packages, name_of(b->g->names, "goo/mem"));
    const Object *iface = mem ? scope_lookup(mem->scope, name_of(b->g->names, "Allocator")) : NULL;
    if (!m || !iface || !m->type->func.recv) return false;
    const Object *alloc = type_set(b->s, type_under(b->s, iface->type))->methods.at[0];
    return m->name == alloc->name && type_identical(b->s, m->type, alloc->type);
}

static void add_func(Build *b, const IrFunc *f) {
    CapNode *n = node_of(b, f->sym->name);
    if (n->flags & CN_DEFINED) return; /* another package's copy of an instance or wrapper */
    describe(b, n, f);
    Reach r = {.arena = b->g->arena};
    if (f->uses.len) reach_blocks(&r, f);
    for (int i = 0; i < f->uses.len; i++)
        if (ptrmap_get(&r.seen, f->uses.at[i].block)) add_use(b, n, &f->uses.at[i]);
    if (f->info) add_needs(b, n, &f->info->cap_needs);
    if (!b->library && f->info && is_allocator(b, f->info->obj)) add_own(b, n, one_cap(b, RT_CAP_MEMORY_RAW), n->at, "allocates for others");
}

/* ---- what belongs to no function ---- */

static CapNode *init_node(Build *b) {
    CapNode *n = node_of(b, arena_printf(b->g->arena, "%s.init", ir_pkg_prefix(b->p->pkg)));
    n->flags |= CN_DEFINED | CN_INIT;
    if (!n->package) n->package = ir_pkg_prefix(b->p->pkg);
    return n;
}

static void add_statics(Build *b) {
    const Package *pkg = b->p->pkg;
    for (int i = 0; i < b->p->uses.len; i++) add_use(b, init_node(b), &b->p->uses.at[i]);
    if (pkg->cap_needs.len) add_needs(b, init_node(b), &pkg->cap_needs);
    for (int i = 0; !b->library && i < pkg->nfiles; i++)
        for (int k = 0; k < pkg->files[i]->linknames.len; k++)
            add_own(b, init_node(b), one_cap(b, RT_CAP_MEMORY_RAW), place_of(b, pkg->files[i]->linknames.at[k].pos), "has a linkname");
}

void caps_add_package(CapGraph *g, const IrPackage *p, bool library) {
    Build b = {.g = g, .p = p, .s = p->sema, .library = library};
    for (int i = 0; i < p->pkg->externs.len; i++) {
        Object *o = p->pkg->externs.at[i];
        ptrmap_put(g->arena, &b.foreign, name_of(g->names, lw_declared_sym(p->lower, o)->name), o);
    }
    for (int i = 0; i < p->funcs.len; i++) add_func(&b, p->funcs.at[i]);
    add_statics(&b);
}
