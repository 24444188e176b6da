/* rights.c: blocks and goroutines with rights of their own (Goo): restrict, with, go @caps.
 *
 * restrict and @caps take a list of capabilities, as attributes do, except that scopes need not be constant; a
 * value of package goo/caps, a Set or a Capability, may stand there too. A name that is declared in the program is such a
 * value, other names are capabilities. */
#include "sema/stmt.h"
#include <string.h>

static const Node *first_name(const Node *n) {
    n = ast_unparen((Node *)n);
    if (n->kind == ND_CALL) return first_name(n->call.fun);
    return n->kind == ND_SELECTOR ? first_name(n->selector.x) : n;
}

static bool is_declared(Checker *c, const Node *n) {
    n = first_name(n);
    return n->kind != ND_IDENT || scope_lookup_parent(c->env.scope, n->ident.name, n->pos, NULL);
}

static bool is_capability(Checker *c, const Node *n) {
    n = ast_unparen((Node *)n);
    if (n->kind == ND_CALL) n = ast_unparen(n->call.fun);
    if (n->kind == ND_IDENT) return cap_named(n->ident.name->text, n->ident.name->len) != RT_CAPS_NONE;
    if (n->kind != ND_SELECTOR || n->selector.x->kind != ND_IDENT) return false;
    const char *name = arena_printf(c->arena, "%s.%s", n->selector.x->ident.name->text, n->selector.sel->ident.name->text);
    return cap_named(name, strlen(name)) != RT_CAPS_NONE;
}

static Object *caps_type(Checker *c, const Package *pkg, const char *name) {
    return pkg->fake ? NULL : scope_lookup(pkg->scope, name_of(c->s->names, name));
}

/* x, converted to the type of package goo/caps with that name. */
static void check_caps_value(Checker *c, const Package *pkg, Node *e, const char *type, const char *what) {
    Operand x;
    check_expr(c, &x, e);
    const Object *obj = caps_type(c, pkg, type);
    if (x.mode != EM_INVALID && obj) check_assignment(c, &x, obj->type, what);
}

static void check_scopes(Checker *c, const Node *n, RtCapMask caps, NodeList *scopes) {
    if (scopes && scopes->len == 0) err_at(c, n, "a scope is missing between the parentheses of %s", expr_str(c, n));
    for (int i = 0; scopes && i < RT_CAP_COUNT; i++) {
        if (!(caps >> i & 1) || cap_infos[i].scope != RT_SCOPE_NONE) continue;
        err_at(c, n, "%s has no scope that a block could narrow", cap_infos[i].name);
        break;
    }
    for (int i = 0; scopes && i < scopes->len; i++) {
        Operand x;
        check_expr(c, &x, scopes->at[i]);
        if (x.mode != EM_INVALID) check_assignment(c, &x, c->s->basic[BK_STRING], "scope");
    }
}

/* Returns, for each of the list, the capabilities that it names; 0: it is a value. */
static uint32_t *check_rights(Checker *c, NodeList *list, Pos pos) {
    const Package *pkg = need_package(c, "goo/caps", pos);
    uint32_t *masks = NEW_ARRAY(c->arena, uint32_t, list->len);
    for (int i = 0; i < list->len; i++) {
        Node *n = list->at[i];
        NodeList *scopes;
        if (!is_capability(c, n) && is_declared(c, n)) check_caps_value(c, pkg, n, "Right", "list of capabilities");
        else if (check_cap_name(c, n, &masks[i], &scopes)) check_scopes(c, n, masks[i], scopes);
    }
    return masks;
}

void check_restrict(Checker *c, Node *n) {
    n->restrict_stmt.masks = check_rights(c, &n->restrict_stmt.caps, n->pos);
    check_stmt(c, n->restrict_stmt.body);
}

void check_with(Checker *c, Node *n) {
    const Package *pkg = need_package(c, "goo/caps", n->pos);
    check_caps_value(c, pkg, n->with_stmt.token, "Token", "with block");
    check_stmt(c, n->with_stmt.body);
}

void check_go_attrs(Checker *c, Node *go) {
    const NodeList *attrs = &go->go_stmt.attrs;
    for (int i = 0; i < attrs->len; i++) {
        Node *a = attrs->at[i];
        if (a->kind != ND_ATTR || !check_attr(c, attrs, i, ATTR_GO)) continue;
        if (name_is(a->attr.name, "alloc")) {
            check_alloc_attr(c, go, a);
            continue;
        }
        go->go_stmt.masks = check_rights(c, &a->attr.args, a->pos);
        go->go_stmt.caps = &a->attr.args;
    }
}
