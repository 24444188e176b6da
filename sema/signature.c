/* signature.c: function types: receivers, type parameters, parameters and results.
 *
 * Parameters are declared after all types of the signature have been checked, since no parameter is in scope in the
 * signature itself; type parameters are declared before. A receiver's type parameters are new ones that stand for
 * those of the receiver's generic type and take over their bounds. */
#include "sema/check.h"

/* ---- receivers ---- */

/* The type parameter names in receiver type T[A, B]; what is no name counts as blank. */
static void receiver_tparams(Checker *c, NodeList *args, TypeVec *out, Pos scope_start) {
    for (int i = 0; i < args->len; i++) {
        Node *arg = args->at[i], *ident = arg;
        if (arg->kind != ND_IDENT) {
            if (arg->kind != ND_BAD_EXPR)
                err_at(c, arg, "receiver type parameter %s must be an identifier", expr_str(c, arg));
            ident = ast_new(c->arena, ND_IDENT, arg->pos, arg->end);
            ident->ident.name = c->s->n_blank;
        }
        Type *t = declare_tparam(c, ident, scope_start, i);
        vec_push(c->arena, out, t);
        /* A blank one is in no scope, but the receiver type is checked like any other type. */
        if (ident->ident.name == c->s->n_blank) ptrmap_put(c->arena, &c->recv_blanks, ident, t);
    }
}

/* Gives the receiver's type parameters the bounds of those of the generic type. */
static void bind_receiver_tparams(Checker *c, Node *recv, Node *generic, TypeVec *own) {
    Type *base = generic->kind == ND_IDENT ? type_as_named(check_generic_type(c, generic, NULL)) : NULL;
    if (!base) return;
    const TypeVec *declared = &base->named.tparams;
    if (own->len < declared->len) {
        err_at(c, recv, "got %d type parameter%s, but receiver base type declares %d", own->len,
               own->len == 1 ? "" : "s", declared->len);
        return;
    }
    if (own->len > declared->len) return; /* the receiver type's instantiation reports it */
    TypeEnv env = {*declared, *own};
    for (int i = 0; i < own->len; i++) {
        Type *from = declared->at[i], *to = own->at[i];
        mono_record_canon(c, to, from);
        to->tparam.bound = from->tparam.bound ? type_subst(c->s, from->tparam.bound, &env) : NULL;
    }
}

typedef struct ReceiverCheck {
    Object *recv;
    Type *sig;
} ReceiverCheck;

/* Why named type t cannot have methods, or NULL. */
static const char *bad_receiver(Checker *c, Type *t) {
    Type *u = type_under(c->s, t);
    if (u->kind == TY_BASIC && u->basic.kind == BK_UNSAFE_POINTER) return "unsafe.Pointer";
    if (u->kind == TY_POINTER || u->kind == TY_INTERFACE) return "pointer or interface type";
    return NULL;
}

/* Action: a receiver is of the form T or *T, T a type of this package that is no pointer or interface. */
static void validate_receiver(Checker *c, void *arg) {
    const ReceiverCheck *v = arg;
    Pos pos = v->recv->pos;
    bool is_ptr;
    Type *written = type_deref(v->recv->type, &is_ptr), *t = type_unalias(written);
    if (!type_is_valid(t)) return;
    if (t->kind == TY_BASIC) {
        err_pos(c, pos, "cannot define new methods on non-local type %s", tstr(c, written));
    } else if (t->kind != TY_NAMED) {
        err_pos(c, pos, "invalid receiver type %s", tstr(c, v->recv->type));
    } else if (t->named.targs.len > 0 && v->sig->func.recv_tparams.len == 0) {
        err_pos(c, pos, "cannot define new methods on instantiated type %s", tstr(c, written));
    } else if (t->named.obj->pkg != c->pkg) {
        err_pos(c, pos, "cannot define new methods on non-local type %s", tstr(c, written));
    } else {
        const char *cause = bad_receiver(c, t);
        if (cause) err_pos(c, pos, "invalid receiver type %s (%s)", tstr(c, written), cause);
    }
}

/* ---- parameters ---- */

static void add_param(Checker *c, ObjectVec *out, Node *ident, Pos pos, Type *type, VarRole role) {
    const Name *name = ident ? ident->ident.name : name_of(c->s->names, "");
    Object *obj = object_new(c->arena, OBJ_VAR, pos, c->pkg, name, type);
    obj->ident = ident;
    obj->var.role = role;
    obj->used = true; /* parameters need not be used */
    vec_push(c->arena, out, obj);
}

static Type *param_type(Checker *c, Node *type, bool may_be_variadic, bool *variadic) {
    *variadic = false;
    if (!type || type->kind != ND_ELLIPSIS) return check_var_type(c, type);
    if (!may_be_variadic) soft_err_at(c, type, "can only use ... with final parameter in list");
    *variadic = may_be_variadic;
    Type *elem = check_var_type(c, type->ellipsis.elem);
    Type *t = may_be_variadic ? type_new_slice(c->s, elem) : elem;
    record_type(type, EM_TYPE, t, NULL);
    return t;
}

/* Adds the parameters of a list, not declaring them; true when the last one is variadic. */
static bool collect_params(Checker *c, NodeList *fields, VarRole role, ObjectVec *out) {
    bool variadic = false;
    for (int i = 0; i < fields->len; i++) {
        Node *field = fields->at[i];
        const NodeList *names = &field->field.names;
        bool last = role == VAR_PARAM && i == fields->len - 1 && names->len <= 1;
        Type *type = param_type(c, field->field.type, last, &variadic);
        if (names->len == 0) add_param(c, out, NULL, field->pos, type, role);
        for (int j = 0; j < names->len; j++) add_param(c, out, names->at[j], names->at[j]->pos, type, role);
    }
    return variadic;
}

static void declare_params(Checker *c, const ObjectVec *params, Pos scope_start) {
    for (int i = 0; i < params->len; i++) {
        Object *obj = params->at[i];
        if (obj->ident) declare(c, c->env.scope, obj->ident, obj, scope_start);
    }
}

/* ---- function types ---- */

static void check_receiver_tparams(Checker *c, Type *sig, Node *recv, Node *func_type) {
    bool is_ptr;
    Node *base = unpack_receiver(recv->field.type, &is_ptr);
    if (!base || base->kind != ND_INDEX) return;
    receiver_tparams(c, &base->index.indices, &sig->func.recv_tparams, func_type->pos);
    bind_receiver_tparams(c, recv, base->index.x, &sig->func.recv_tparams);
}

static void set_receiver(Checker *c, Type *sig, const ObjectVec *recv) {
    if (recv->len == 0) return;
    sig->func.recv = recv->at[0]; /* the parser has reported a second one */
    ReceiverCheck *v = NEW(c->arena, ReceiverCheck);
    *v = (ReceiverCheck){recv->at[0], sig};
    later(c, validate_receiver, v);
}

Type *check_func_type_def(Checker *c, Node *recv, Node *n, Type **sig_out, Type *def) {
    Type *sig = type_new_func(c->s, NULL, NULL, NULL, false);
    *sig_out = sig;
    set_def_type(def, sig);
    sig->func.caps = check_attrs(c, &n->func_type.attrs, ATTR_FUNC_TYPE);
    if (recv) check_receiver_tparams(c, sig, recv, n);
    if (n->func_type.tparams.len > 0) check_tparams(c, &n->func_type.tparams, &sig->func.tparams);

    ObjectVec receivers = {0}, params = {0}, results = {0};
    NodeList recv_list = {&recv, 1, 1};
    if (recv) collect_params(c, &recv_list, VAR_RECV, &receivers);
    sig->func.variadic = collect_params(c, &n->func_type.params, VAR_PARAM, &params);
    collect_params(c, &n->func_type.results, VAR_RESULT, &results);
    declare_params(c, &receivers, n->end);
    declare_params(c, &params, n->end);
    declare_params(c, &results, n->end);

    set_receiver(c, sig, &receivers);
    sig->func.params = type_new_tuple(c->s, params.at, params.len);
    sig->func.results = type_new_tuple(c->s, results.at, results.len);
    record_type(n, EM_TYPE, sig, NULL);
    return sig;
}

Type *check_func_type(Checker *c, Node *recv, Node *n, Type **sig_out) {
    return check_func_type_def(c, recv, n, sig_out, NULL);
}
