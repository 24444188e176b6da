/* directives.c: what //go: lines and declarations must agree on. Runs when a package has no other errors.
 *
 * A linkname gives a function or variable the symbol it has at link time; a function that has one may be without a
 * body, since another package may define the symbol. */
#include <string.h>

#include "sema/check.h"

static bool imports_package(const File *f, const char *path) {
    for (int i = 0; i < f->imports.len; i++) {
        const Object *obj = f->imports.at[i]->import_spec.obj;
        if (obj && strcmp(obj->pkgname.imported->path, path) == 0) return true;
    }
    return false;
}

/* ---- linknames ---- */

/* What gives rights out, or takes them for granted: the library's alone. */
static bool is_guarded(const char *target) {
    static const char *const prefixes[] = {"goo/caps.", "internal/rights.", "rt_", "goo_", "syscall.wrapped_", "net.wrapped_", "os.wrapped_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(target, prefixes[i], strlen(prefixes[i]))) return true;
    return false;
}

static void apply_linkname(Checker *c, const File *f, const Linkname *l, PtrMap *named) {
    if (l->target && strchr(l->target, '[')) {
        err_pos(c, l->pos, "//go:linkname reference of an instantiation is not allowed");
        return;
    }
    Object *obj = scope_lookup(c->pkg->scope, l->local);
    if (!obj || (obj->kind != OBJ_FUNC && obj->kind != OBJ_VAR)) {
        if (allow_version(c, f->package_name, "go1.18"))
            err_pos(c, l->pos, "//go:linkname must refer to declared function or variable");
        return;
    }
    if (ptrmap_get(named, obj)) {
        err_pos(c, l->pos, "duplicate //go:linkname for %s", l->local->text);
        return;
    }
    ptrmap_put(c->arena, named, obj, obj);
    if (l->target && is_guarded(l->target) && !f->source->is_library) {
        err_pos(c, l->pos, "//go:linkname must not refer to %s, which keeps capabilities", l->target);
        return;
    }
    const char *symbol = l->target;
    if (!symbol) symbol = arena_printf(c->arena, "%s.%s", c->pkg->path, l->local->text);
    if (obj->kind == OBJ_FUNC) obj->func.linkname = symbol;
    else obj->var.linkname = symbol;
}

static void check_linknames(Checker *c, const File *f, PtrMap *named) {
    bool allowed = imports_package(f, "unsafe");
    for (int i = 0; i < f->linknames.len; i++) {
        const Linkname *l = &f->linknames.at[i];
        if (allowed) apply_linkname(c, f, l, named);
        else err_pos(c, l->pos, "//go:linkname only allowed in Go files that import \"unsafe\"");
    }
}

/* ---- functions ---- */

static void check_func(Checker *c, const Object *obj) {
    const Node *decl = obj->func.decl;
    if (decl->func_decl.body) {
        if (decl->func_decl.pragma & PRAGMA_NOESCAPE)
            err_pos(c, obj->pos, "can only use //go:noescape with external func implementations");
    } else if (!c->opt.allow_no_body && !obj->func.linkname) {
        err_pos(c, obj->pos, "missing function body");
    }
}

/* ---- embedding ---- */

static const char *embed_mistake(Checker *c, const File *f, const Node *spec) {
    if (!imports_package(f, "embed")) return "go:embed only allowed in Go files that import \"embed\"";
    if (spec->value_spec.names.len > 1) return "go:embed cannot apply to multiple vars";
    if (spec->value_spec.values.len > 0) return "go:embed cannot apply to var with initializer";
    if (!spec->value_spec.type) return "go:embed cannot apply to var without type";
    if (c->env.func) return "go:embed cannot apply to var inside func";
    return allow_version(c, spec, "go1.16") ? NULL : "go:embed requires go1.16 or later";
}

/* The file that spec is in; *at gets the place of the last //go:embed before it. */
static const File *file_of(Checker *c, const Node *spec, Pos *at) {
    for (int i = 0; i < c->pkg->nfiles; i++) {
        const File *f = c->pkg->files[i];
        if (f->source != source_file_of(c->s->sources, spec->pos)) continue;
        for (int j = 0; j < f->embeds.len && f->embeds.at[j].pos < spec->pos; j++) *at = f->embeds.at[j].pos;
        return f;
    }
    unreachable();
}

bool check_embed(Checker *c, const Node *spec) {
    Pos at = spec->pos;
    const File *f = file_of(c, spec, &at);
    const char *mistake = embed_mistake(c, f, spec);
    if (mistake) err_pos(c, at, "%s", mistake);
    return !mistake;
}

/* Whether a variable of type t can have files: a string, bytes, or embed.FS, the only one for several. */
static bool can_embed(Checker *c, Type *t, bool *one) {
    const Type *named = type_as_named(t), *u = type_under(c->s, t);
    *one = false;
    if (named && name_is(named->named.obj->name, "FS") && named->named.obj->pkg && !strcmp(named->named.obj->pkg->path, "embed")) return true;
    *one = true;
    if (u->kind == TY_BASIC) return u->basic.props & TP_STRING;
    if (u->kind != TY_SLICE) return false;
    const Type *elem = type_under(c->s, u->slice.elem);
    return elem->kind == TY_BASIC && elem->basic.kind == BK_UINT8;
}

/* Gives the variable of spec the files of its directives, which start at embeds.at[*next]. */
static void attach_files(Checker *c, const File *f, const Node *spec, int *next) {
    Object *obj = spec->value_spec.names.at[0]->ident.obj;
    EmbedFiles *files = NEW(c->arena, EmbedFiles);
    Pos at = spec->pos;
    for (; *next < f->embeds.len && f->embeds.at[*next].pos < spec->pos; ++*next) {
        const EmbedDirective *d = &f->embeds.at[*next];
        at = d->pos;
        if (d->mistake) err_pos(c, d->mistake_pos, "%s", d->mistake);
        for (int i = 0; i < d->files.len; i++) vec_push(c->arena, files, d->files.at[i]);
    }
    if (!obj) return;
    bool one;
    if (!can_embed(c, obj->type, &one)) err_pos(c, at, "go:embed cannot apply to var of type %s", tstr(c, obj->type));
    else if (one && files->len > 1) err_pos(c, at, "invalid go:embed: multiple files for type %s", tstr(c, obj->type));
    else if (files->len) obj->var.embeds = files;
}

static void check_embeds(Checker *c, const File *f) {
    int next = 0;
    for (int i = 0; f->embeds.len > 0 && i < f->decls.len; i++) {
        const Node *decl = f->decls.at[i];
        if (decl->kind != ND_GEN_DECL || decl->gen_decl.tok != TK_VAR) continue;
        for (int j = 0; j < decl->gen_decl.specs.len; j++) {
            const Node *spec = decl->gen_decl.specs.at[j];
            if (spec->kind != ND_VALUE_SPEC || !(spec->value_spec.pragma & PRAGMA_EMBED)) continue;
            if (check_embed(c, spec)) attach_files(c, f, spec, &next);
        }
    }
}

void check_directives(Checker *c) {
    PtrMap named = {0};
    for (int i = 0; i < c->pkg->nfiles; i++) {
        check_linknames(c, c->pkg->files[i], &named);
        check_embeds(c, c->pkg->files[i]);
    }
    for (int i = 0; i < c->package_objects.len; i++)
        if (c->package_objects.at[i]->kind == OBJ_FUNC) check_func(c, c->package_objects.at[i]);
}
