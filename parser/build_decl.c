/* build_decl.c: nodes of declarations, with what Go attaches to them by position: compiler directives, the
 * implicit repetition of constants, the order of imports. */
#include "parser/parse_internal.h"

/* ---- specs ---- */

Node *new_import_spec(Parser *p, ListStart attrs, const Token *name, const Token *path) {
    Node *n = new_node(p, ND_IMPORT_SPEC, name ? name->pos : path->pos, path->end);
    if (name) n->import_spec.name = new_ident(p, name);
    if (name && name->kind == TK_PERIOD) n->import_spec.name->ident.name = name_of(p->names, ".");
    n->import_spec.path = new_literal(p, path);
    n->import_spec.attrs = list_take(p, attrs);
    if (n->import_spec.attrs.len) n->pos = n->import_spec.attrs.at[0]->pos;
    if (path->kind != TK_STRING && !path->bad) syntax_error_at(p, path, "import path must be a string");
    return n;
}

Node *new_value_spec(Parser *p, ListStart names, Node *type, const Token *assign, ListStart values) {
    Pos end = vec_last(&p->stack)->end;
    Node *n = new_node(p, ND_VALUE_SPEC, p->stack.at[names]->pos, end);
    if (assign) n->value_spec.values = list_take(p, values);
    else if (type) n->end = type->end;
    n->at = assign ? assign->pos : n->pos;
    n->value_spec.names = list_take(p, names);
    n->value_spec.type = type;
    return n;
}

Node *new_type_spec(Parser *p, const Token *name, ListStart tparams, const Token *assign, Node *type) {
    Node *n = new_node(p, ND_TYPE_SPEC, name->pos, type->end);
    n->type_spec.name = new_ident(p, name);
    n->type_spec.tparams = list_take(p, tparams);
    n->type_spec.alias = assign != NULL;
    n->type_spec.type = type;
    return n;
}

void expected_assign(Parser *p, const Token *t) { unexpected(p, t, ", expected ="); }

/* ---- groups ---- */

/* Numbers constant specs and links those that repeat an earlier one. */
static void number_constants(NodeList *specs) {
    Node *repeated = NULL;
    for (int i = 0; i < specs->len; i++) {
        Node *s = specs->at[i];
        s->value_spec.iota = i;
        if (s->value_spec.type || s->value_spec.values.len) repeated = s;
        else s->value_spec.inherit = repeated;
    }
}

static int *pragma_field(Node *spec) {
    switch ((NodeKind)spec->kind) {
    case ND_VALUE_SPEC: return &spec->value_spec.pragma;
    case ND_TYPE_SPEC: return &spec->type_spec.pragma;
    default: return NULL;
    }
}

/* The token at pos, which is the first of a spec inside the declaration that starts with kw. */
static const Token *token_at(const Token *kw, Pos pos) {
    while (kw->pos < pos) kw++;
    return kw;
}

static void set_pragmas(Parser *p, Node *decl, const Token *kw) {
    if (p->toks.directives.len == 0) return;
    int outer = pragmas_before(p, kw);
    const Token *t = kw;
    for (int i = 0; i < decl->gen_decl.specs.len; i++) {
        Node *spec = decl->gen_decl.specs.at[i];
        int *field = pragma_field(spec);
        if (!field) return;
        t = token_at(t, spec->pos);
        *field = decl->gen_decl.group ? pragmas_before(p, t) : outer;
    }
}

Node *new_gen_decl(Parser *p, const Token *kw, const Token *open, ListStart specs, const Token *close) {
    Node *n = new_node(p, ND_GEN_DECL, kw->pos, kw->end);
    n->gen_decl.tok = kw->kind;
    n->gen_decl.specs = list_take(p, specs);
    n->gen_decl.group = open != NULL;
    if (close) {
        n->gen_decl.rparen = close->pos;
        n->end = close->end;
    } else if (n->gen_decl.specs.len) {
        n->end = n->gen_decl.specs.at[0]->end;
    }
    if (kw->kind == TK_CONST) number_constants(&n->gen_decl.specs);
    set_pragmas(p, n, kw);
    return n;
}

Node *new_decl_stmt(Parser *p, Node *decl) {
    Node *n = new_node(p, ND_DECL_STMT, decl->pos, decl->end);
    n->decl_stmt.decl = decl;
    for (int i = 0; decl->gen_decl.tok == TK_TYPE && i < decl->gen_decl.specs.len; i++) {
        Node *spec = decl->gen_decl.specs.at[i];
        if (spec->kind == ND_TYPE_SPEC && !spec->type_spec.alias) spec->type_spec.ordinal = ++p->file->local_types;
    }
    return n;
}

/* ---- functions ---- */

/* The receiver among the fields of its parameter list, or NULL. */
static Node *only_receiver(Parser *p, NodeList fields, const Token *name) {
    if (fields.len == 0) {
        plain_error(p, name->pos, name->end, "method has no receiver");
        return NULL;
    }
    if (fields.len > 1 || fields.at[0]->field.names.len > 1)
        plain_error(p, name->pos, name->end, "method has multiple receivers");
    return fields.at[0];
}

static bool has_type_arguments(Node *recv) {
    Node *t = ast_unparen(recv->field.type);
    if (t->kind == ND_STAR) t = ast_unparen(t->star.x);
    return t->kind == ND_INDEX;
}

Node *new_func_decl(Parser *p, const Token *kw, ListStart tparams, const Token *name, Node *type, Node *body) {
    Node *n = new_node(p, ND_FUNC_DECL, kw->pos, body ? body->end : type->end);
    n->at = name->pos;
    n->func_decl.name = new_ident(p, name);
    n->func_decl.type = type;
    type->func_type.func = kw->pos;
    type->func_type.tparams = list_take(p, tparams);
    if (type->func_type.tparams.len) type->pos = type->func_type.tparams.at[0]->pos;
    n->func_decl.body = body;
    if (p->toks.directives.len) n->func_decl.pragma = pragmas_before(p, kw);
    return n;
}

Node *new_method_decl(Parser *p, const Token *kw, ListStart recv, const Token *close, const Token *name,
                      Node *type, Node *body) {
    NodeList fields = list_take(p, resolve_params(p, recv, close, false));
    Node *n = new_func_decl(p, kw, -1, name, type, body);
    n->func_decl.recv = only_receiver(p, fields, name);
    n->func_decl.recv_is_generic = n->func_decl.recv && has_type_arguments(n->func_decl.recv);
    return n;
}

/* ---- attributes ---- */

/* Attributes before a group hold for each of its specs, which then share them. */
static void attach(Parser *p, NodeList attrs, Node *decl) {
    if (decl->kind == ND_FUNC_DECL) {
        decl->func_decl.attrs = attrs;
        return;
    }
    NodeList *specs = &decl->gen_decl.specs;
    for (int i = 0; i < specs->len; i++) {
        Node *s = specs->at[i];
        if (s->kind == ND_IMPORT_SPEC && s->import_spec.attrs.len == 0) s->import_spec.attrs = attrs;
        else if (s->kind == ND_TYPE_SPEC) s->type_spec.attrs = attrs;
        if (!decl->gen_decl.group) s->pos = attrs.at[0]->pos;
    }
    if (decl->gen_decl.tok == TK_CONST || decl->gen_decl.tok == TK_VAR)
        syntax_error(p, attrs.at[0]->pos, attrs.at[0]->end, "attributes are not allowed on %s declarations",
                     tok_spelling(decl->gen_decl.tok));
}

Node *with_attrs(Parser *p, ListStart start, Node *decl) {
    NodeList attrs = list_take(p, start);
    attach(p, attrs, decl);
    if (p->toks.directives.len && decl->kind == ND_FUNC_DECL) {
        const Token *t = p->toks.at + p->next - 1;
        while (t->pos > attrs.at[0]->pos) t--;
        decl->func_decl.pragma |= pragmas_before(p, t);
    }
    decl->pos = attrs.at[0]->pos;
    return decl;
}

/* ---- the file ---- */

static void add_imports(Parser *p, Node *decl) {
    for (int i = 0; i < decl->gen_decl.specs.len; i++)
        vec_push(p->arena, &p->file->imports, decl->gen_decl.specs.at[i]);
}

/* How many tokens were read since the declaration or statement before; an upper bound of the depth of a tree. */
static int tokens_read(Parser *p) {
    int n = p->next - p->decl_start;
    p->decl_start = p->next;
    return n;
}

void add_decl(Parser *p, Node *decl) {
    bool import = decl->kind == ND_GEN_DECL && decl->gen_decl.tok == TK_IMPORT;
    if (import && p->after_imports)
        syntax_error(p, decl->pos, decl->pos + 6, "imports must appear before other declarations");
    p->after_imports = !import;
    if (import) add_imports(p, decl);
    vec_push(p->arena, &p->file->decls, limit_depth(p, decl, tokens_read(p), ND_BAD_DECL));
}

void add_script_stmt(Parser *p, Node *stmt) {
    if (!stmt) return;
    if (stmt->kind == ND_DECL_STMT) {
        add_decl(p, stmt->decl_stmt.decl);
        return;
    }
    p->after_imports = true;
    vec_push(p->arena, &p->file->script, limit_depth(p, stmt, tokens_read(p), ND_BAD_STMT));
}
