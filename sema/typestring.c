/* typestring.c: types as text.
 *
 * One writer, three styles: messages as Go's compiler words them; link strings, which name a type uniquely in the
 * whole program (full import paths, local types numbered, unexported members qualified); and the strings that
 * reflection shows, which use package names outside and link strings inside the brackets of type arguments. */
#include <string.h>

#include "sema/tables.h"

typedef enum Style { STYLE_MESSAGE, STYLE_LINK, STYLE_REFLECT } Style;

/* The types being written, innermost first: a type that recurs is written as a reference. */
typedef struct Frame {
    const Type *type;
    struct Frame *outer;
} Frame;

typedef struct Writer {
    Sema *s;
    Buf out;
    Style style;
    Package *relative_to;
    Frame *stack;
    bool no_param_names;
    bool package_paths; /* messages: import paths for all packages */
    bool annotate;      /* messages: the package of the first unexported field, where only that differs */
} Writer;

static void put_type(Writer *w, Type *t);

static bool is_message(const Writer *w) { return w->style == STYLE_MESSAGE; }

/* ---- names ---- */

/* Whether the packages that root imports, directly or not, have one of p's name and another path. */
static bool name_is_ambiguous(Sema *s, Package *root, const Package *p, PtrMap *seen) {
    if (ptrmap_get(seen, root)) return false;
    ptrmap_put(s->arena, seen, root, root);
    if (root != p && root->name == p->name) return true;
    for (int i = 0; i < root->imports.len; i++) {
        if (name_is_ambiguous(s, root->imports.at[i], p, seen)) return true;
    }
    return false;
}

static const char *link_path(const Package *p) { return p->is_main ? "main" : p->path; }

static void put_package(Writer *w, const Package *p) {
    if (!p) return;
    if (w->style == STYLE_LINK || w->package_paths) {
        buf_printf(&w->out, "%s.", link_path(p));
    } else if (!is_message(w) || !w->relative_to) {
        buf_printf(&w->out, "%s.", p->name->text);
    } else if (p != w->relative_to) {
        PtrMap seen = {0};
        bool ambiguous = name_is_ambiguous(w->s, w->relative_to, p, &seen);
        buf_printf(&w->out, ambiguous ? "\"%s\"." : "%s.", ambiguous ? p->path : p->name->text);
    }
}

static void put_object_name(Writer *w, const Object *obj) {
    put_package(w, obj->pkg);
    buf_puts(&w->out, obj->name->text);
}

/* A field or method: link strings qualify what is not exported. */
static void put_member_name(Writer *w, const Object *m, bool qualify) {
    if (qualify && !object_exported(m)) put_package(w, m->pkg);
    buf_puts(&w->out, m->name->text);
}

/* ---- parts ---- */

/* The first n_implicit are those of the function that declares a local type; a semicolon ends them. */
static void put_targs(Writer *w, const TypeVec *list, int n_implicit) {
    Style style = w->style;
    if (style == STYLE_REFLECT) w->style = STYLE_LINK;
    buf_putc(&w->out, '[');
    for (int i = 0; i < list->len; i++) {
        if (i > 0) buf_puts(&w->out, i == n_implicit ? ";" : is_message(w) ? ", " : ",");
        put_type(w, list->at[i]);
    }
    buf_putc(&w->out, ']');
    w->style = style;
}

/* [P, Q C1, R C2]: neighbours with the same constraint share it. */
static void put_tparams(Writer *w, const TypeVec *tparams) {
    buf_putc(&w->out, '[');
    Type *prev = NULL;
    for (int i = 0; i < tparams->len; i++) {
        Type *p = tparams->at[i];
        if (i > 0 && p->tparam.bound != prev) {
            buf_putc(&w->out, ' ');
            if (prev) put_type(w, prev);
        }
        if (i > 0) buf_puts(&w->out, ", ");
        prev = p->tparam.bound;
        put_type(w, p);
    }
    if (prev) {
        buf_putc(&w->out, ' ');
        put_type(w, prev);
    }
    buf_putc(&w->out, ']');
}

static bool has_text(const Name *n) { return n && n->len; }

static void put_tuple(Writer *w, const Type *tuple, bool variadic) {
    buf_putc(&w->out, '(');
    for (int i = 0; i < tuple->tuple.n; i++) {
        const Object *v = tuple->tuple.vars[i];
        if (i > 0) buf_puts(&w->out, ", ");
        if (is_message(w) && !w->no_param_names && has_text(v->name)) buf_printf(&w->out, "%s ", v->name->text);
        if (!variadic || i < tuple->tuple.n - 1) {
            put_type(w, v->type);
        } else if (v->type->kind == TY_SLICE) {
            buf_puts(&w->out, "...");
            put_type(w, v->type->slice.elem);
        } else { /* append([]byte, string...) */
            put_type(w, v->type);
            buf_puts(&w->out, "...");
        }
    }
    buf_putc(&w->out, ')');
}

static void put_signature(Writer *w, const Type *f) {
    if (f->func.tparams.len) put_tparams(w, &f->func.tparams);
    put_tuple(w, f->func.params, f->func.variadic);
    const Type *r = f->func.results;
    if (r->tuple.n == 0) return;
    buf_putc(&w->out, ' ');
    bool bare = r->tuple.n == 1 && (!is_message(w) || !has_text(r->tuple.vars[0]->name));
    if (bare) put_type(w, r->tuple.vars[0]->type);
    else put_tuple(w, r, false);
}

/* ---- composite types ---- */

/* Link strings leave out an embedded field's name when its type's name says it. */
static bool embedded_name_is_implied(const Object *f) {
    bool is_ptr;
    Type *n = type_deref(f->type, &is_ptr);
    if (n->kind != TY_NAMED) return n->kind == TY_BASIC && object_exported(f);
    return n->named.obj->name == f->name && (object_exported(f) || n->named.obj->pkg == f->pkg);
}

static void put_field(Writer *w, const Object *f, const Name *tag) {
    bool link = w->style == STYLE_LINK;
    bool annotate = w->annotate && f->pkg && !object_exported(f);
    if (annotate) w->annotate = false; /* the outermost field is enough */
    if (!f->var.embedded) {
        put_member_name(w, f, link);
        buf_putc(&w->out, ' ');
    } else if (link && !embedded_name_is_implied(f)) {
        put_member_name(w, f, true);
        buf_puts(&w->out, " = ");
    }
    put_type(w, f->type);
    if (annotate) buf_printf(&w->out, " /* package %s */ ", f->pkg->path);
    if (!has_text(tag)) return;
    buf_putc(&w->out, ' ');
    put_quoted(&w->out, tag->text, tag->len);
}

static void put_open(Writer *w, const char *keyword) {
    buf_puts(&w->out, keyword);
    buf_puts(&w->out, is_message(w) ? "{" : " {");
}

/* Before the i-th element between braces. */
static void put_separator(Writer *w, int i) {
    if (i > 0) buf_puts(&w->out, "; ");
    else if (!is_message(w)) buf_putc(&w->out, ' ');
}

static void put_close(Writer *w, int n) { buf_puts(&w->out, is_message(w) || n == 0 ? "}" : " }"); }

static void put_struct(Writer *w, const Type *t) {
    put_open(w, "struct");
    for (int i = 0; i < t->struct_.n; i++) {
        put_separator(w, i);
        put_field(w, t->struct_.fields[i], t->struct_.tags ? t->struct_.tags[i] : NULL);
    }
    put_close(w, t->struct_.n);
}

static void put_method(Writer *w, const Object *m) {
    put_member_name(w, m, !is_message(w));
    if (m->type) put_signature(w, m->type);
}

static void put_terms(Writer *w, const UnionTerm *terms, int n) {
    for (int i = 0; i < n; i++) {
        if (i > 0) buf_puts(&w->out, " | ");
        if (terms[i].tilde) buf_putc(&w->out, '~');
        put_type(w, terms[i].type);
    }
}

/* As declared: methods, then embedded elements. */
static void put_declared_interface(Writer *w, Type *t) {
    if (t == w->s->tables->any_iface) {
        buf_puts(&w->out, "any");
        return;
    }
    if (t == w->s->tables->comparable_iface) {
        buf_puts(&w->out, "interface{comparable}");
        return;
    }
    if (t->iface.implicit && !t->iface.methods.len && t->iface.embeds.len == 1) {
        put_type(w, t->iface.embeds.at[0]);
        return;
    }
    put_open(w, "interface");
    int n = 0;
    for (int i = 0; i < t->iface.methods.len; i++) {
        put_separator(w, n++);
        put_method(w, t->iface.methods.at[i]);
    }
    for (int i = 0; i < t->iface.embeds.len; i++) {
        put_separator(w, n++);
        put_type(w, t->iface.embeds.at[i]);
    }
    put_close(w, n);
}

/* By its type set: the same for identical interfaces. */
static void put_interface_set(Writer *w, Type *t) {
    TypeSet *ts = type_set(w->s, t);
    put_open(w, "interface");
    int n = 0;
    for (; n < ts->methods.len; n++) {
        put_separator(w, n);
        put_method(w, ts->methods.at[n]);
    }
    if (ts->comparable) {
        put_separator(w, n++);
        buf_puts(&w->out, "comparable");
    }
    if (ts->nterms >= 0) {
        put_separator(w, n++);
        put_terms(w, ts->terms, ts->nterms);
    }
    put_close(w, n);
}

static void put_chan(Writer *w, const Type *t) {
    static const char *const words[] = {[CHAN_RECV] = "<-chan ", [CHAN_SEND] = "chan<- ", [CHAN_BOTH] = "chan "};
    const Type *elem = type_unalias(t->chan.elem);
    bool parens = t->chan.dir == CHAN_BOTH && elem->kind == TY_CHAN && elem->chan.dir == CHAN_RECV;
    buf_puts(&w->out, words[t->chan.dir]);
    if (parens) buf_putc(&w->out, '(');
    put_type(w, t->chan.elem);
    if (parens) buf_putc(&w->out, ')');
}

static void put_basic(Writer *w, const Type *t) {
    if (t->basic.kind == BK_UNSAFE_POINTER) buf_puts(&w->out, "unsafe.");
    buf_puts(&w->out, is_message(w) ? t->basic.name : w->s->basic[t->basic.kind]->basic.name);
}

static void put_named(Writer *w, const Type *t) {
    const Object *obj = t->named.obj;
    put_object_name(w, obj);
    if (t->named.targs.len) put_targs(w, &t->named.targs, t->named.targs.len - t->named.origin->named.tparams.len);
    else if (is_message(w) && t->named.tparams.len) put_tparams(w, &t->named.tparams);
    if (w->style == STYLE_LINK && obj->type_name.local_index)
        buf_printf(&w->out, "\xC2\xB7%d", obj->type_name.local_index);
}

static void put_tparam(Writer *w, const Type *t) {
    const Object *obj = t->tparam.obj;
    buf_puts(&w->out, obj->name->text);
    if (!is_message(w)) {
        buf_printf(&w->out, "$%u", t->tparam.id);
    } else if (scope_lookup(w->s->universe, obj->name)) {
        /* Named like a predeclared type: say where, or the message misleads. */
        Location l = source_location(w->s->sources, obj->pos);
        buf_printf(&w->out, " /* with %s declared at %s:%d:%d */", obj->name->text, l.path, l.line, l.col);
    }
}

static void put_alias(Writer *w, Type *t) {
    if (!is_message(w) && t->alias.rhs) {
        put_type(w, type_unalias(t));
        return;
    }
    put_object_name(w, t->alias.obj);
    if (t->alias.targs.len) put_targs(w, &t->alias.targs, 0);
}

static void put_kind(Writer *w, Type *t) {
    switch ((TypeKind)t->kind) {
    case TY_BASIC: put_basic(w, t); return;
    case TY_NAMED: put_named(w, t); return;
    case TY_POINTER:
        buf_putc(&w->out, '*');
        put_type(w, t->pointer.elem);
        return;
    case TY_SLICE:
        buf_puts(&w->out, "[]");
        put_type(w, t->slice.elem);
        return;
    case TY_ARRAY:
        buf_printf(&w->out, "[%lld]", (long long)t->array.len);
        put_type(w, t->array.elem);
        return;
    case TY_MAP:
        buf_puts(&w->out, "map[");
        put_type(w, t->map.key);
        buf_putc(&w->out, ']');
        put_type(w, t->map.elem);
        return;
    case TY_CHAN: put_chan(w, t); return;
    case TY_STRUCT: put_struct(w, t); return;
    case TY_TUPLE: put_tuple(w, t, false); return;
    case TY_FUNC:
        buf_puts(&w->out, "func");
        put_signature(w, t);
        return;
    case TY_INTERFACE:
        if (is_message(w)) put_declared_interface(w, t);
        else put_interface_set(w, t);
        return;
    case TY_TYPE_PARAM: put_tparam(w, t); return;
    case TY_UNION: put_terms(w, t->union_.terms, t->union_.n); return;
    case TY_ALIAS: put_alias(w, t); return;
    }
    unreachable();
}

static void put_type(Writer *w, Type *t) {
    if (!t) {
        buf_puts(&w->out, "<nil>");
        return;
    }
    int depth = 0;
    for (Frame *f = w->stack; f; f = f->outer, depth++) {
        if (f->type != t) continue;
        buf_printf(&w->out, "@%d", depth);
        return;
    }
    Frame frame = {t, w->stack};
    w->stack = &frame;
    put_kind(w, t);
    w->stack = frame.outer;
}

/* ---- results ---- */

static char *finish(Writer *w) {
    char *text = arena_strndup(w->s->arena, w->out.data ? w->out.data : "", w->out.len);
    buf_free(&w->out);
    return text;
}

static char *write_type(Writer w, Type *t) {
    put_type(&w, t);
    return finish(&w);
}

char *type_str(Sema *s, Type *t, Package *relative_to) {
    return write_type((Writer){.s = s, .style = STYLE_MESSAGE, .relative_to = relative_to}, t);
}

char *type_link_str(Sema *s, Type *t) {
    return write_type((Writer){.s = s, .style = STYLE_LINK}, type_canon(s, t));
}

char *type_reflect_str(Sema *s, Type *t) {
    return write_type((Writer){.s = s, .style = STYLE_REFLECT}, type_canon(s, t));
}

Package *current_package(const Sema *s) { return s->checker ? s->checker->pkg : NULL; }

char *msg_type(Sema *s, Type *t) { return type_str(s, t, current_package(s)); }

char *func_str(Sema *s, Object *method, bool package_paths) {
    Writer w = {.s = s, .style = STYLE_MESSAGE, .relative_to = current_package(s), .no_param_names = true,
                .package_paths = package_paths, .annotate = package_paths};
    buf_puts(&w.out, method->name->text);
    if (method->type) put_signature(&w, method->type);
    return finish(&w);
}

char *terms_str(Sema *s, const TypeSet *ts) {
    Writer w = {.s = s, .style = STYLE_MESSAGE, .package_paths = true}; /* even for the current package, as Go */
    put_terms(&w, ts->terms, ts->nterms);
    return finish(&w);
}
