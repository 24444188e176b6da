/* struct.c: struct types.
 *
 * A field with an error keeps its place, with the invalid type, so that literals without keys still match; only a
 * second field of the same name is dropped. What may be embedded depends on underlying types and is checked later. */
#include "sema/check.h"

typedef struct StructBuilder {
    ObjectVec fields;
    VEC(const Name *) tags; /* as long as fields once there is a tag, else empty */
    PtrMap names;           /* Name* -> field */
} StructBuilder;

static void add_field(Checker *c, StructBuilder *b, const Name *name, Pos pos, Node *ident, Type *type, const Name *tag) {
    const Object *other = name == c->s->n_blank ? NULL : ptrmap_get(&b->names, name);
    if (other) {
        Diag *d = err_begin(c, pos, false, "%s redeclared", name->text);
        err_other_decl(c, d, other);
        return;
    }
    Object *f = object_new(c->arena, OBJ_VAR, pos, c->pkg, name, type);
    f->ident = ident;
    f->var.role = VAR_FIELD;
    f->var.embedded = !ident;
    f->var.field_index = b->fields.len;
    if (ident) ident->ident.obj = f;
    ptrmap_put(c->arena, &b->names, name, f);
    if (tag || b->tags.len > 0) {
        while (b->tags.len < b->fields.len) vec_push(c->arena, &b->tags, NULL);
        vec_push(c->arena, &b->tags, tag);
    }
    vec_push(c->arena, &b->fields, f);
}

/* ---- embedding ---- */

/* The identifier that names an embedded field: that of its type, without package, pointer or type arguments. */
static Node *embedded_name(Node *type) {
    if (type->kind == ND_STAR) {
        type = type->star.x;
        if (!type || type->kind == ND_STAR) return NULL;
    }
    if (type->kind == ND_INDEX) type = type->index.x;
    if (type && type->kind == ND_SELECTOR) type = type->selector.sel;
    return type && type->kind == ND_IDENT ? type : NULL;
}

typedef struct EmbedCheck {
    Type *type;
    Pos pos;
} EmbedCheck;

/* Action: what is embedded is a type T or *T, T no pointer; with the *, T is no interface either. */
static void validate_embedded(Checker *c, void *arg) {
    const EmbedCheck *e = arg;
    bool is_ptr;
    Type *t = type_deref(e->type, &is_ptr), *u = type_under(c->s, t);
    if (type_is_tparam(t))
        err_pos(c, e->pos, "embedded field type cannot be a (pointer to a) type parameter");
    else if (u->kind == TY_BASIC && u->basic.kind == BK_UNSAFE_POINTER)
        err_pos(c, e->pos, "embedded field type cannot be unsafe.Pointer");
    else if (u->kind == TY_POINTER)
        err_pos(c, e->pos, "embedded field type cannot be a pointer");
    else if (u->kind == TY_INTERFACE && is_ptr)
        err_pos(c, e->pos, "embedded field type cannot be a pointer to an interface");
}

static void embed_field(Checker *c, StructBuilder *b, Node *field_type, Type *type, const Name *tag) {
    Node *ident = embedded_name(field_type);
    if (!ident) {
        if (field_type->kind != ND_BAD_EXPR)
            err_at(c, field_type, "invalid embedded field type %s", expr_str(c, field_type));
        add_field(c, b, c->s->n_blank, field_type->pos, NULL, c->s->basic[BK_INVALID], NULL);
        return;
    }
    add_field(c, b, ident->ident.name, ident->pos, NULL, type, tag);
    EmbedCheck *e = NEW(c->arena, EmbedCheck);
    *e = (EmbedCheck){type, field_type->pos};
    later(c, validate_embedded, e);
}

/* ---- struct types ---- */

static const Name *field_tag(Checker *c, const Node *lit) {
    if (!lit || lit->kind != ND_BASIC_LIT) return NULL;
    const Name *tag = ast_string_value(c->s->names, lit);
    return tag && tag->len > 0 ? tag : NULL;
}

void check_struct_type(Checker *c, Type *t, Node *n) {
    StructBuilder b = {0};
    t->in_progress = true;
    for (int i = 0; i < n->struct_type.fields.len; i++) {
        Node *field = n->struct_type.fields.at[i];
        if (field->kind != ND_FIELD || !field->field.type) continue;
        Type *type = check_var_type(c, field->field.type);
        const Name *tag = field_tag(c, field->field.tag);
        const NodeList *names = &field->field.names;
        if (names->len == 0) embed_field(c, &b, field->field.type, type, tag);
        for (int j = 0; j < names->len; j++) {
            Node *ident = names->at[j];
            add_field(c, &b, ident->ident.name, ident->pos, ident, type, tag);
        }
    }
    t->struct_.fields = b.fields.at;
    t->struct_.tags = b.tags.at;
    t->struct_.n = b.fields.len;
    t->in_progress = false;
}
