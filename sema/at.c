/* at.c: Goo's directed allocation: expr @ a, and arena blocks.
 *
 * Only expressions that allocate may have an allocator, and it is their outermost operation that it directs. What
 * stands behind @ must implement mem.Allocator. The operand is otherwise what it would be without @. */
#include "sema/stmt.h"

static Object *mem_object(Checker *c, Package *mem, const char *name) { return scope_lookup(mem->scope, name_of(c->s->names, name)); }

static bool is_string_like(Checker *c, Type *t) { return type_has(c->s, t, TP_STRING); }

/* Whether a conversion from one to the other can allocate: between strings, and slices of bytes or runes. */
static bool converts_string(Checker *c, Type *from, Type *to) {
    Type *cf = type_core(c->s, from), *ct = type_core(c->s, to);
    if (!cf || !ct) return type_is_tparam(from) || type_is_tparam(to);
    if (is_string_like(c, ct)) return cf->kind == TY_SLICE || type_has(c->s, cf, TP_INTEGER);
    return is_string_like(c, cf) && ct->kind == TY_SLICE;
}

static bool call_allocates(Checker *c, const Node *n) {
    if (n->builtin) return n->builtin - 1 == BI_NEW || n->builtin - 1 == BI_MAKE || n->builtin - 1 == BI_APPEND;
    return n->call.fun->mode == EM_TYPE && n->call.args.len == 1 && converts_string(c, n->call.args.at[0]->type, n->type);
}

static bool is_slice_or_map(Checker *c, Type *t) {
    Type *core = type_core(c->s, t);
    return core && (core->kind == TY_SLICE || core->kind == TY_MAP);
}

/* Whether the outermost operation of the checked expression n allocates what its value is. */
static bool allocates(Checker *c, Node *n) {
    n = ast_unparen(n);
    if (n->mode == EM_CONST) return false;
    switch ((NodeKind)n->kind) {
    case ND_CALL: return call_allocates(c, n);
    case ND_UNARY: return n->unary.op == TK_AND && ast_unparen(n->unary.x)->kind == ND_COMPOSITE_LIT;
    case ND_COMPOSITE_LIT: return is_slice_or_map(c, n->type);
    case ND_FUNC_LIT: return true;
    case ND_BINARY: return n->binary.op == TK_ADD && is_string_like(c, n->type);
    default: return false;
    }
}

static const char *hint(Node *n) {
    n = ast_unparen(n);
    if (n->mode == EM_CONST) return ": it is constant";
    if (n->kind == ND_COMPOSITE_LIT) return ": take its address with &";
    if (n->kind == ND_CALL && !n->builtin && n->call.fun->mode != EM_TYPE) return ": the function that is called decides where its results are";
    return "";
}

/* The X of a *mem.Pool[X]; NULL: t is no such type. */
static Type *pool_element(Package *mem, Checker *c, Type *t) {
    if (t->kind != TY_POINTER) return NULL;
    Type *named = t->pointer.elem;
    if (named->kind != TY_NAMED || named->named.obj != mem_object(c, mem, "Pool") || named->named.targs.len != 1) return NULL;
    return named->named.targs.at[0];
}

/* A pool has values of one type only, one at a time. */
static void check_pool(Checker *c, Package *mem, Operand *x, Operand *at) {
    Type *elem = pool_element(mem, c, at->type);
    if (!elem) return;
    Node *n = ast_unparen(x->expr);
    bool single = n->kind == ND_UNARY || (n->kind == ND_CALL && n->builtin == BI_NEW + 1);
    Type *made = single && x->type->kind == TY_POINTER ? x->type->pointer.elem : NULL;
    if (made && type_identical(c->s, made, elem)) return;
    if (made && (type_is_tparam(made) || type_is_tparam(elem))) return;
    err_at(c, at->expr, "cannot allocate %s in %s: a pool has values of its own type only", expr_str(c, x->expr), operand_str(c, at));
    x->mode = EM_INVALID;
}

static bool check_allocator(Checker *c, Package *mem, Operand *at) {
    const char *reason = "";
    Type *allocator = mem_object(c, mem, "Allocator")->type;
    if (at->mode == EM_NIL) {
        update_expr_type(c, at->expr, allocator, true);
        return true;
    }
    if (type_implements(c->s, at->type, allocator, false, &reason)) return true;
    err_at(c, at->expr, "cannot use %s as allocator: %s", operand_str(c, at), reason);
    return false;
}

void check_at_expr(Checker *c, Operand *x, Node *n) {
    Package *mem = need_package(c, "goo/mem", n->at);
    Operand at;
    check_expr(c, x, n->at_expr.x);
    check_expr(c, &at, n->at_expr.allocator);
    if (x->mode == EM_INVALID || at.mode == EM_INVALID || mem->fake) {
        x->mode = EM_INVALID;
        return;
    }
    if (!allocates(c, n->at_expr.x)) {
        err_at(c, n->at_expr.x, "%s does not allocate%s", expr_str(c, n->at_expr.x), hint(n->at_expr.x));
        x->mode = EM_INVALID;
        return;
    }
    if (!check_allocator(c, mem, &at)) x->mode = EM_INVALID;
    else check_pool(c, mem, x, &at);
    if (x->mode != EM_INVALID) set_value(x, EM_VALUE, x->type);
}

/* ---- go @alloc ---- */

void check_alloc_attr(Checker *c, Node *go, const Node *attr) {
    need_package(c, "goo/mem", attr->pos);
    const Node *arg = attr->attr.args.len == 1 ? attr->attr.args.at[0] : NULL;
    bool known = arg && arg->kind == ND_IDENT && (name_is(arg->ident.name, "arena") || name_is(arg->ident.name, "heap"));
    if (!known) err_at(c, attr, "@alloc needs arena or heap in parentheses");
    else go->go_stmt.own_arena = name_is(arg->ident.name, "arena");
}

/* ---- arena blocks ---- */

static Type *arena_type(Checker *c, Package *mem) {
    return mem->fake ? c->s->basic[BK_INVALID] : type_new_pointer(c->s, mem_object(c, mem, "Arena")->type);
}

void check_arena(Checker *c, Node *n) {
    Package *mem = need_package(c, "goo/mem", n->pos);
    if (n->arena_stmt.size) {
        Operand size;
        check_expr(c, &size, n->arena_stmt.size);
        check_assignment(c, &size, c->s->basic[BK_INT], "size of an arena");
    }
    open_scope(c, n->pos, n->end);
    Node *name = n->arena_stmt.name;
    if (name && name->kind == ND_IDENT) {
        Object *obj = new_local_var(c, name, arena_type(c, mem));
        declare(c, c->env.scope, name, obj, name->end);
        n->arena_stmt.var = obj;
    }
    check_stmt(c, n->arena_stmt.body);
    close_scope(c);
}
