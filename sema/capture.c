/* capture.c: what happens to variables: which are captured, have their address taken, are assigned again.
 *
 * Lowering decides from this where a variable lives: one that is captured by a function literal but never
 * assigned after its declaration can be copied into the closure. Taking an address counts as assigning,
 * because the variable may be changed through the pointer. Parts of a variable (fields, elements of arrays)
 * are the variable itself as long as no pointer is followed on the way. */
#include "sema/check.h"

static bool is_captured_by(const FuncInfo *f, const Object *var) {
    for (int i = 0; i < f->captures.len; i++)
        if (f->captures.at[i] == var) return true;
    return false;
}

void note_var_use(Checker *c, Object *obj) {
    if (obj->kind != OBJ_VAR || obj->var.role == VAR_PACKAGE || obj->var.role == VAR_FIELD) return;
    if (!obj->var.func || obj->var.func == c->env.func) return;
    obj->var.captured = true;
    for (FuncInfo *f = c->env.func; f && f != obj->var.func; f = f->outer) {
        if (is_captured_by(f, obj)) return; /* then all literals outside it do so, too */
        vec_push(c->arena, &f->captures, obj);
    }
}

/* Is indexing a value of type t a part of the value? Arrays that hide behind type parameters count. */
static bool holds_elements(Checker *c, Type *t) {
    return t && (type_is_tparam(t) || type_under(c->s, t)->kind == TY_ARRAY);
}

/* The variable that addressable expression n is stored in; NULL when it is reached through a pointer. */
static Object *root_var(Checker *c, Node *n) {
    for (;;) {
        n = ast_unparen(n);
        switch ((NodeKind)n->kind) {
        case ND_IDENT: return n->ident.obj && n->ident.obj->kind == OBJ_VAR ? n->ident.obj : NULL;
        case ND_SELECTOR: {
            const Selection *sel = n->selector.selection;
            if (!sel) return n->selector.sel->ident.obj; /* pkg.Var */
            if (sel->indirect || sel->obj->kind != OBJ_VAR) return NULL;
            n = n->selector.x;
            break;
        }
        case ND_INDEX:
            if (!holds_elements(c, n->index.x->type)) return NULL;
            n = n->index.x;
            break;
        default: return NULL;
        }
    }
}

void note_address(Checker *c, Node *n) {
    Object *var = root_var(c, n);
    if (!var || var->kind != OBJ_VAR) return;
    var->var.addr_taken = true;
    var->var.reassigned = true;
}

void note_assigned(Checker *c, Node *n) {
    Object *var = root_var(c, n);
    if (var && var->kind == OBJ_VAR) var->var.reassigned = true;
}

Object *assigned_var(Checker *c, Node *n) {
    n = ast_unparen(n);
    if (n->kind != ND_IDENT) return NULL;
    Scope *where;
    Object *obj = scope_lookup_parent(c->env.scope, n->ident.name, NO_POS, &where);
    return obj && obj->kind == OBJ_VAR && obj->pkg == c->pkg ? obj : NULL;
}
