/* capattr.c: attributes about capabilities (Goo): what they say, where they may stand.
 *
 * Attributes of functions, methods and the methods of interfaces belong to the object, those of function types and
 * literals to the type. Types with and without them are identical; what conversions between them mean is in
 * capconv.c. Whether functions keep what they promise is found behind lowering, by ir/caps*.c. */
#include "sema/check.h"
#include <stdlib.h>
#include <string.h>

/* ---- names of capabilities ---- */

/* The text of an identifier or of two with a dot between them; NULL for other expressions. */
static const char *dotted_name(Checker *c, const Node *n) {
    if (n->kind == ND_IDENT) return n->ident.name->text;
    if (n->kind != ND_SELECTOR || n->selector.x->kind != ND_IDENT) return NULL;
    if (!n->selector.sel || n->selector.sel->kind != ND_IDENT) return NULL;
    return arena_printf(c->arena, "%s.%s", n->selector.x->ident.name->text, n->selector.sel->ident.name->text);
}

bool check_cap_name(Checker *c, Node *n, RtCapMask *caps, NodeList **scopes) {
    Node *named = ast_unparen(n);
    *scopes = NULL;
    if (named->kind == ND_CALL) {
        *scopes = &named->call.args;
        named = named->call.fun;
    }
    const char *name = dotted_name(c, named);
    *caps = name ? cap_named(name, strlen(name)) : RT_CAPS_NONE;
    if (*caps) return true;
    if (!name) return err_at(c, n, "expected a capability, such as file.read or network.connect(\"host:443\")"), false;
    const char *meant = cap_suggestion(name);
    if (meant) err_at(c, named, "unknown capability %s (did you mean %s?)", name, meant);
    else err_at(c, named, "unknown capability %s", name);
    return false;
}

/* ---- scopes ---- */

/* The text of a scope, which is a constant: a string, or for a number of bytes an integer. NULL after an error. */
static const char *scope_text(Checker *c, Node *n) {
    Operand x;
    check_expr(c, &x, n);
    if (x.mode == EM_INVALID) return NULL;
    bool text = x.mode == EM_CONST && type_has(c->s, x.type, TP_STRING);
    if (!text && !(x.mode == EM_CONST && type_has(c->s, x.type, TP_INTEGER)))
        return err_at(c, n, "the scope of a capability must be a constant string, not %s", operand_str(c, &x)), NULL;
    if (!text) return cv_text(c->arena, x.value);
    size_t len;
    const char *s = cv_string_value(x.value, &len);
    if (memchr(s, 0, len)) return err_at(c, n, "a scope cannot contain a zero byte"), NULL;
    return arena_strndup(c->arena, s, len);
}

static bool set_has(const CapSet *s, int cap, const char *scope) {
    for (int i = 0; i < s->atoms.len; i++) {
        const CapAtom *a = &s->atoms.at[i];
        if (a->cap == cap && (a->scope && scope ? !strcmp(a->scope, scope) : a->scope == scope)) return true;
    }
    return false;
}

static bool add_cap(Checker *c, const Node *at, CapSet *set, int cap, const char *scope) {
    if (set_has(set, cap, scope)) {
        err_at(c, at, "duplicate capability %s", cap_atom_str(c->arena, (CapAtom){cap, scope}));
        return false;
    }
    capset_add(c->arena, set, cap, scope);
    return true;
}

static void add_scope(Checker *c, Node *at, RtCapMask caps, CapSet *set) {
    const char *text = scope_text(c, at), *why;
    for (int i = 0; text && i < RT_CAP_COUNT; i++) {
        if (!(caps >> i & 1)) continue;
        const char *clean = cap_scope_clean(c->arena, i, text, &why);
        if (!clean) err_at(c, at, "invalid scope %s of %s: %s", expr_str(c, at), cap_infos[i].name, why);
        if (!clean || !add_cap(c, at, set, i, clean)) return;
    }
}

void check_cap_list(Checker *c, const NodeList *list, CapSet *set) {
    for (int i = 0; i < list->len; i++) {
        RtCapMask caps;
        NodeList *scopes;
        if (!check_cap_name(c, list->at[i], &caps, &scopes)) continue;
        if (scopes && !scopes->len) err_at(c, list->at[i], "expected a scope between the parentheses");
        for (int k = 0; scopes && k < scopes->len; k++) add_scope(c, scopes->at[k], caps, set);
        for (int k = 0; !scopes && k < RT_CAP_COUNT; k++)
            if (caps >> k & 1 && !add_cap(c, list->at[i], set, k, NULL)) break;
    }
}

/* ---- attributes ---- */

static const struct AttrKind {
    const char *name, *place;
    unsigned on; /* enum AttrPlace, as bits */
} kinds[] = {
    {"requires", "a function, a method or a function type", 1 << ATTR_FUNC | 1 << ATTR_METHOD | 1 << ATTR_FUNC_TYPE},
    {"denies", "a function, a method or a function type", 1 << ATTR_FUNC | 1 << ATTR_METHOD | 1 << ATTR_FUNC_TYPE},
    {"allow", "an import", 1 << ATTR_IMPORT},
    {"alloc", "the call of a go statement", 1 << ATTR_GO},
    {"caps", "the call of a go statement", 1 << ATTR_GO},
};
enum { NKINDS = sizeof kinds / sizeof *kinds };

static const char *const places[] = {
    [ATTR_FUNC] = "a function", [ATTR_METHOD] = "a method of an interface", [ATTR_FUNC_TYPE] = "a function type",
    [ATTR_IMPORT] = "an import", [ATTR_TYPE] = "a type declaration",
    [ATTR_GO] = "the call of a go statement",
};

static const struct AttrKind *find_kind(const Node *a) {
    for (int i = 0; i < NKINDS; i++)
        if (name_is(a->attr.name, kinds[i].name)) return &kinds[i];
    return NULL;
}

bool check_attr(Checker *c, const NodeList *attrs, int i, AttrPlace place) {
    const Node *a = attrs->at[i];
    const struct AttrKind *k = find_kind(a);
    const char *name = a->attr.name->text;
    if (!k) return err_at(c, a, "unknown attribute @%s", name), false;
    if (!(k->on >> place & 1))
        return err_at(c, a, "attribute @%s cannot stand before %s: it belongs before %s", name, places[place], k->place), false;
    if (!a->attr.has_parens)
        return err_at(c, a, "attribute @%s needs a list of capabilities in parentheses, which may be empty", name), false;
    for (int j = 0; j < i; j++) {
        if (attrs->at[j]->kind != ND_ATTR || attrs->at[j]->attr.name != a->attr.name) continue;
        Diag *d = err_begin(c, a->pos, false, "duplicate attribute @%s", name);
        err_more(c, d, attrs->at[j]->pos, "other @%s", name);
        return false;
    }
    return true;
}

const CapAttr *check_attrs(Checker *c, const NodeList *attrs, AttrPlace place) {
    CapAttr *attr = NULL;
    for (int i = 0; i < attrs->len; i++) {
        const Node *a = attrs->at[i];
        if (a->kind != ND_ATTR || !check_attr(c, attrs, i, place)) continue;
        if (!attr) {
            attr = NEW(c->arena, CapAttr);
            attr->pos = a->pos;
        }
        bool denies = name_is(a->attr.name, "denies");
        if (!denies) attr->requires = true;
        check_cap_list(c, &a->attr.args, denies ? &attr->denied : &attr->required);
    }
    if (!attr) return NULL;
    c->pkg->has_caps = true;
    if (place == ATTR_FUNC_TYPE || place == ATTR_METHOD) c->s->caps_in_types = true;
    return attr;
}

/* ---- imports ---- */

/* Action: scopes may be constants of the package, so imports wait until it is declared. */
static void check_allow(Checker *c, void *arg) {
    Node *spec = arg;
    Env env = c->env;
    c->env = (Env){.scope = c->pkg->scope};
    const CapAttr *attr = check_attrs(c, &spec->import_spec.attrs, ATTR_IMPORT);
    c->env = env;
    const Object *obj = spec->import_spec.obj;
    if (!attr || !obj || obj->pkgname.imported->fake) return;
    need_package(c, "goo/caps", spec->pos); /* makes the set at run time */
    CapAllow allow = {attr, obj->pkgname.imported, spec->pos};
    vec_push(c->arena, &c->pkg->cap_allows, allow);
}

void check_import_attrs(Checker *c, Node *spec) {
    if (spec->import_spec.attrs.len) later(c, check_allow, spec);
}
