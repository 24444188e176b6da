/* interface.c: interface types, and the constraints of type parameters.
 *
 * Methods and embedded elements are collected at once, methods in the order of their names; the type set, and with it the search
 * for methods that are there twice (typeset.c), has to wait until the embedded types are complete. */
#include <stdlib.h>

#include "sema/check.h"

/* ---- members ---- */

/* Methods of a declared interface have the declared type as receiver, which reads better in messages. */
static Type *receiver_type(Type *t, Type *def) { return def && def->kind == TY_NAMED ? def : t; }

static void add_method(Checker *c, Type *t, Node *field, Type *def) {
    Node *ident = field->field.names.at[0];
    if (ident->ident.name == c->s->n_blank) {
        err_at(c, ident, "methods must have a unique non-blank name");
        return;
    }
    Type *sig = check_type(c, field->field.type);
    if (sig->kind != TY_FUNC) return;
    sig->func.recv =
        object_new(c->arena, OBJ_VAR, ident->pos, c->pkg, name_of(c->s->names, ""), receiver_type(t, def));
    sig->func.recv->var.role = VAR_RECV;
    Object *m = object_new(c->arena, OBJ_FUNC, ident->pos, c->pkg, ident->ident.name, sig);
    m->ident = ident;
    m->func.caps = check_attrs(c, &field->field.attrs, ATTR_METHOD);
    ident->ident.obj = m;
    vec_push(c->arena, &t->iface.methods, m);
}

static void add_embedded(Checker *c, Type *t, Node *n) {
    vec_push(c->arena, &t->iface.embeds, check_union(c, n));
    vec_push(c->arena, &t->iface.embed_pos, n->pos);
}

static int by_method_order(const void *pa, const void *pb) {
    const Object *a = *(Object *const *)pa, *b = *(Object *const *)pb;
    int order = method_order(a, b);
    return order ? order : (a->pos > b->pos) - (a->pos < b->pos);
}

static void sort_methods(ObjectVec *methods) {
    if (methods->len > 1) qsort(methods->at, (size_t)methods->len, sizeof(Object *), by_method_order);
}

/* Action: computes the type set, which reports methods that contradict each other. */
static void compute_type_set(Checker *c, void *arg) { type_set(c->s, arg); }

/* ---- interface types ---- */

void check_interface_type(Checker *c, Type *t, Node *n, Type *def) {
    const NodeList *members = &n->interface_type.members;
    for (int i = 0; i < members->len; i++) {
        Node *m = members->at[i];
        if (m->kind != ND_FIELD || !m->field.type) continue;
        if (m->field.names.len > 0) add_method(c, t, m, def);
        else add_embedded(c, t, m->field.type);
    }
    sort_methods(&t->iface.methods);
    t->iface.complete = true;
    if (members->len == 0) return;
    vec_push(c->arena, &c->interfaces, n);
    later(c, compute_type_set, t);
}

Type *check_constraint(Checker *c, Node *n) {
    bool tilde = n->kind == ND_UNARY && n->unary.op == TK_TILDE;
    bool is_union = n->kind == ND_BINARY && n->binary.op == TK_OR;
    if (!tilde && !is_union) return check_type(c, n);
    Type *t = type_new_interface(c->s);
    add_embedded(c, t, n);
    t->iface.implicit = t->iface.complete = true;
    later(c, compute_type_set, t);
    return t;
}
