/* check.c: checks one package, from its files to Package.
 *
 * The passes, in order:
 *   1. versions and scopes of the files
 *   2. collect_objects: every package-level name, without looking at types (resolver.c)
 *   3. package_objects: types, then everything else declared; objects are declared on demand, so order is free (decl.c)
 *   4. the actions that had to wait for complete types, then the function bodies
 *   5. the order of initialisation, unused imports, instantiation cycles
 *   6. the lists that lowering reads
 *
 * An error never stops a pass: what is wrong gets the invalid type, and what depends on it stays silent. */
#include "sema/check.h"

#include <stdlib.h>
#include <string.h>

/* ---- delayed actions ---- */

void later(Checker *c, LaterFn fn, void *arg) { vec_push(c->arena, &c->later, ((Later){fn, arg})); }

void run_later(Checker *c) {
    int base = c->later_base;
    for (int i = base; i < c->later.len; i++) {
        Later l = c->later.at[i];
        c->later_base = c->later.len; /* an action that runs actions runs its own only */
        l.fn(c, l.arg);
    }
    c->later_base = base;
    c->later.len = base;
}

static void run_bodies(Checker *c) {
    for (int i = 0; i < c->bodies.len; i++) {
        Later l = c->bodies.at[i];
        l.fn(c, l.arg);
        run_later(c);
    }
}

/* ---- files ---- */

static void set_package_name(Checker *c, const Node *ident) {
    if (ast_is_blank(ident)) err_at(c, ident, "invalid package name _");
    else c->pkg->name = ident->ident.name;
}

/* Takes over the files that belong to the package; the first one names it. A script is of package main. */
static void take_files(Checker *c, File **files, int n) {
    Package *p = c->pkg;
    p->files = NEW_ARRAY(c->arena, File *, n ? n : 1);
    for (int i = 0; i < n; i++) {
        const Node *ident = files[i]->package_name;
        const Name *name = ident ? ident->ident.name : c->s->n_main;
        if (!p->name) {
            if (ident) set_package_name(c, ident);
            else p->name = name;
        } else if (name != p->name && name != c->s->n_blank) {
            Pos pos = ident ? ident->pos : files[i]->source->base;
            err_pos(c, pos, "package %s; expected package %s", name->text, p->name->text);
            continue;
        }
        p->files[p->nfiles++] = files[i];
    }
    if (!p->name) p->name = c->s->n_blank;
    p->is_main = p->name == c->s->n_main && !c->opt.tested;
    if (p->is_main && c->s->refused) p->has_caps = true;
}

/* ---- results ---- */

static int by_path(const void *a, const void *b) {
    return strcmp((*(Package *const *)a)->path, (*(Package *const *)b)->path);
}

static void require_main(Checker *c) {
    if (!c->opt.need_main || !c->pkg->is_main || c->had_error) return;
    Object *main = scope_lookup(c->pkg->scope, c->s->n_main);
    if (main && main->kind == OBJ_FUNC) return;
    Pos pos = c->pkg->nfiles ? c->pkg->files[0]->source->base : NO_POS;
    err_pos(c, pos, "function main is undeclared in the main package");
}

/* Blank functions are checked, but nothing can call them. */
static void list_functions(Checker *c) {
    for (int i = 0; i < c->package_objects.len; i++) {
        Object *obj = c->package_objects.at[i];
        if (obj->kind != OBJ_FUNC || obj->name == c->s->n_blank) continue;
        if (obj->func.info) vec_push(c->arena, &c->pkg->funcs, obj->func.info);
        else vec_push(c->arena, &c->pkg->externs, obj);
    }
}

static void finish(Checker *c) {
    Package *p = c->pkg;
    list_functions(c);
    if (p->imports.len > 1) qsort(p->imports.at, (size_t)p->imports.len, sizeof(Package *), by_path);
    require_main(c);
    p->had_errors = c->had_error;
    p->complete = true;
    vec_push(c->arena, &c->s->order, p);
}

static void run_passes(Checker *c) {
    file_versions(c);
    collect_objects(c);
    package_objects(c);
    run_later(c);
    run_bodies(c);
    init_order(c);
    if (!c->opt.outline) unused_imports(c);
    if (!c->had_error) monomorph(c);
    if (!c->had_error) reject_anonymous_cycles(c);
    if (!c->had_error) reject_large_types(c);
    if (!c->had_error) check_directives(c);
    finish(c);
}

Package *sema_check(Sema *s, const char *path, const char *dir, File **files, int nfiles, const SemaOptions *opt) {
    Package *p = NEW(s->arena, Package);
    p->path = path;
    p->dir = dir;
    p->scope = scope_new(s->arena, s->universe, NO_POS, NO_POS);
    Checker c = {.s = s, .arena = s->arena, .pkg = p, .outer = s->checker};
    if (opt) c.opt = *opt;
    c.stack_base = c.outer ? c.outer->stack_base : __builtin_frame_address(0);
    p->go_version = c.opt.go_version;
    ptrmap_put(s->arena, &s->packages, name_of(s->names, path), p);
    s->checker = &c;
    take_files(&c, files, nfiles);
    run_passes(&c);
    s->checker = c.outer;
    return p;
}
