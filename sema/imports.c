/* imports.c: import declarations, and imports that nothing uses.
 *
 * Imported names live in the scope of their file, which stands between package scope and the blocks of functions for
 * lookups: a file scope's parent is the package scope, and check_import_conflicts makes sure that no name is in both.
 * A package that cannot be had is replaced by a fake one, so that its uses stay silent. */
#include <string.h>

#include "sema/check.h"

/* ---- import paths ---- */

typedef struct RuneSpan { uint32_t lo, hi; } RuneSpan;

/* What is no graphic character, or is a space, beyond ASCII (the common ones); U+FFFD stands for bad encoding. */
static const RuneSpan not_graphic[] = {
    {0x80, 0xa0},     {0xad, 0xad},     {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200f}, {0x2028, 0x202f},
    {0x205f, 0x206f}, {0x3000, 0x3000}, {0xd800, 0xf8ff}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffd, 0xffff},
};

static bool legal_in_path(uint32_t r) {
    if (r < 0x80) return r > ' ' && r != 0x7f && !strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", (int)r);
    for (size_t i = 0; i < sizeof not_graphic / sizeof *not_graphic; i++)
        if (r >= not_graphic[i].lo && r <= not_graphic[i].hi) return false;
    return true;
}

/* "U+005C '\\'": the character itself only when it can be seen. */
static char *rune_str(Checker *c, uint32_t r) {
    if (r < ' ' || r == 0x7f || (r >= 0x80 && r != 0xfffd)) return arena_printf(c->arena, "U+%04X", (unsigned)r);
    Buf b = {0};
    utf8_encode(&b, r);
    char *text = arena_printf(c->arena, "U+%04X '%s'", (unsigned)r, b.data);
    buf_free(&b);
    return text;
}

/* The path of an import spec; NULL after reporting that it is none. */
static const Name *import_path(Checker *c, Node *lit) {
    const Name *path = ast_string_value(c->s->names, lit);
    if (!path) return NULL; /* malformed, reported by lexer or parser */
    if (path->len == 0) {
        err_at(c, lit, "invalid import path (empty string)");
        return NULL;
    }
    for (uint32_t i = 0; i < path->len;) {
        uint32_t r = 0xfffd;
        int n = utf8_decode(path->text + i, path->len - i, &r);
        if (n == 0) r = 0xfffd;
        if (!legal_in_path(r)) {
            err_at(c, lit, "invalid import path (invalid character %s)", rune_str(c, r));
            return NULL;
        }
        i += (uint32_t)(n ? n : 1);
    }
    return path;
}

/* path as it should be written: no empty elements, no . and .. in the middle. */
static char *clean_path(Checker *c, const char *path) {
    char *out = arena_strdup(c->arena, path);
    size_t len = 0; /* of what is in out */
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        bool up = n == 2 && p[0] == '.' && p[1] == '.';
        if (up && len > 0) {
            while (len > 0 && out[len - 1] != '/') len--;
            if (len > 0) len--;
        } else if (n > 0 && !(n == 1 && p[0] == '.')) {
            if (len > 0) out[len++] = '/';
            memmove(out + len, p, n);
            len += n;
        }
        p += n + (p[n] == '/');
    }
    out[len] = 0;
    return out;
}

/* Why a path that is no path relative to the importing file cannot name a package; NULL when it can. */
static char *path_mistake(Checker *c, const char *path) {
    if (strcmp(path, "main") == 0) return "cannot import \"main\"";
    if (path[0] == '/') return "import path cannot be absolute path";
    if (path[0] == '.' && (path[1] == '/' || path[1] == '.' || path[1] == 0)) return NULL;
    char *clean = clean_path(c, path);
    if (strcmp(clean, path) == 0) return NULL;
    return arena_printf(c->arena, "non-canonical import path \"%s\" (should be \"%s\")", path, clean);
}

/* ---- packages ---- */

static Package *fake_package(Checker *c, const Name *path) {
    const char *slash = strrchr(path->text, '/');
    Package *p = NEW(c->arena, Package);
    p->path = path->text;
    p->name = name_of(c->s->names, slash ? slash + 1 : path->text);
    p->scope = scope_new(c->arena, c->s->universe, NO_POS, NO_POS);
    p->complete = p->fake = true;
    return p;
}

/* Reports that importing p, which is being checked further out, closes a circle. */
static void import_cycle(Checker *c, const Package *p, Pos pos) {
    Diag *d = err_begin(c, pos, false, "import cycle not allowed");
    ptrdiff_t n = 0;
    for (Checker *k = c; k && k->pkg != p; k = k->outer) n++;
    err_more(c, d, NO_POS, "package %s", p->path);
    for (; n > 0; n--) {
        Checker *k = c;
        for (ptrdiff_t i = 1; i < n; i++) k = k->outer;
        err_more(c, d, NO_POS, "imports %s", k->pkg->path);
    }
    err_more(c, d, NO_POS, "imports %s", p->path);
}

static Package *import_package(Checker *c, const Name *path, Pos pos) {
    if (name_is(path, "unsafe")) return c->s->unsafe_pkg;
    const char *mistake = name_is(path, "C") ? "cgo is not supported" : path_mistake(c, path->text);
    if (mistake) {
        err_pos(c, pos, "could not import %s (%s)", path->text, mistake);
        return fake_package(c, path);
    }
    Package *p = c->s->import ? c->s->import(c->s->import_ctx, path->text, c->pkg->dir, pos) : NULL;
    if (!p) {
        if (!c->s->import) err_pos(c, pos, "could not import %s (there is no importer)", path->text);
        c->had_error = true;
        return fake_package(c, path);
    }
    if (!p->complete) {
        import_cycle(c, p, pos);
        return fake_package(c, path);
    }
    return p;
}

/* ---- declarations ---- */

static void note_import(Checker *c, Package *p) {
    if (p->fake) return;
    for (int i = 0; i < c->pkg->imports.len; i++)
        if (c->pkg->imports.at[i] == p) return;
    vec_push(c->arena, &c->pkg->imports, p);
}

static void dot_import(Checker *c, Scope *scope, Object *pkgname, Node *local_name) {
    PtrMap *through = ptrmap_get(&c->dot_imports, scope);
    if (!through) {
        through = NEW(c->arena, PtrMap);
        ptrmap_put(c->arena, &c->dot_imports, scope, through);
    }
    const Scope *from = pkgname->pkgname.imported->scope;
    for (int i = 0; i < from->order.len; i++) {
        Object *obj = from->order.at[i];
        if (!object_exported(obj)) continue;
        Object *other = scope_insert(c->arena, scope, obj);
        if (!other) {
            ptrmap_put(c->arena, through, obj, pkgname);
            continue;
        }
        Diag *d = err_begin(c, local_name->pos, false, "%s redeclared in this block", other->name->text);
        err_other_decl(c, d, other);
    }
}

Package *need_package(Checker *c, const char *path, Pos pos) {
    if (!strcmp(c->pkg->path, path)) return c->pkg;
    const Name *name = name_of(c->s->names, path);
    Package *p = c->s->import ? import_package(c, name, pos) : fake_package(c, name);
    note_import(c, p);
    return p;
}

void declare_import(Checker *c, Scope *scope, Node *spec) {
    Node *lit = spec->import_spec.path, *local = spec->import_spec.name;
    if (!lit || lit->kind != ND_BASIC_LIT) return;
    check_import_attrs(c, spec);
    const Name *path = import_path(c, lit);
    if (!path) return;
    Package *p = import_package(c, path, lit->pos);
    const Name *name = local && local->kind == ND_IDENT ? local->ident.name : p->name;
    if (name == c->s->n_init) {
        err_at(c, spec, "cannot import package as init - init must be a func");
        return;
    }
    note_import(c, p);
    Object *obj = object_new(c->arena, OBJ_PKGNAME, spec->pos, c->pkg, name, c->s->basic[BK_INVALID]);
    obj->ident = local;
    obj->pkgname.imported = p;
    obj->pkgname.dot = name == c->s->n_dot;
    obj->used = p->fake;
    spec->import_spec.obj = obj;
    vec_push(c->arena, &c->imports, obj);
    if (obj->pkgname.dot) dot_import(c, scope, obj, local);
    else declare(c, scope, NULL, obj, NO_POS);
}

/* Names of a file's imports and of the package must differ: a file sees both. */
void check_import_conflicts(Checker *c, Scope *file_scope) {
    for (int i = 0; i < file_scope->order.len; i++) {
        Object *obj = file_scope->order.at[i];
        Object *other = scope_lookup(c->pkg->scope, obj->name);
        if (!other) continue;
        Diag *d;
        if (obj->kind == OBJ_PKGNAME) {
            const Package *p = obj->pkgname.imported;
            d = err_begin(c, other->pos, false, "%s already declared through import of package %s (\"%s\")",
                          other->name->text, p->name->text, p->path);
        } else {
            d = err_begin(c, other->pos, false, "%s already declared through dot-import of package %s (\"%s\")",
                          other->name->text, obj->pkg->name->text, obj->pkg->path);
        }
        err_other_decl(c, d, obj);
    }
}

void unused_imports(Checker *c) {
    for (int i = 0; i < c->imports.len; i++) {
        const Object *obj = c->imports.at[i];
        if (obj->used || obj->name == c->s->n_blank) continue;
        const char *path = obj->pkgname.imported->path;
        const char *slash = strrchr(path, '/');
        if (obj->pkgname.dot || name_is(obj->name, slash ? slash + 1 : path))
            soft_err_pos(c, obj->pos, "\"%s\" imported and not used", path);
        else
            soft_err_pos(c, obj->pos, "\"%s\" imported as %s and not used", path, obj->name->text);
    }
}
