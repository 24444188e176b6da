/* build_type.c: nodes of types, fields, and parameter lists.
 *
 * Whether a bare name in a parameter list names a parameter or a type is known only when the list is complete: if
 * any entry has both a name and a type, all entries have names. Until then an entry is the node of its name or
 * type, or a ND_FIELD with one name. */
#include "parser/parse_internal.h"

Node *new_array_type(Parser *p, const Token *open, Node *len, Node *elem) {
    Node *n = new_node(p, ND_ARRAY_TYPE, open->pos, elem->end);
    n->array_type.len = len;
    n->array_type.elem = elem;
    return n;
}

Node *new_ellipsis(Parser *p, const Token *dots, Node *elem) {
    Node *n = new_node(p, ND_ELLIPSIS, dots->pos, elem ? elem->end : dots->end);
    n->ellipsis.elem = elem;
    return n;
}

Node *new_map_type(Parser *p, const Token *map, Node *key, Node *elem) {
    Node *n = new_node(p, ND_MAP_TYPE, map->pos, elem->end);
    n->map_type.key = key;
    n->map_type.elem = elem;
    return n;
}

Node *new_chan_type(Parser *p, const Token *first, ChanDir dir, const Token *arrow, Node *elem) {
    Node *n = new_node(p, ND_CHAN_TYPE, first->pos, elem->end);
    n->chan_type.elem = elem;
    n->chan_type.dir = dir;
    n->chan_type.arrow = arrow ? arrow->pos : NO_POS;
    return n;
}

Node *new_struct_type(Parser *p, const Token *kw, ListStart fields, const Token *close) {
    Node *n = new_node(p, ND_STRUCT_TYPE, kw->pos, close->end);
    n->struct_type.fields = list_take(p, fields);
    return n;
}

Node *new_interface_type(Parser *p, const Token *kw, ListStart members, const Token *close) {
    Node *n = new_node(p, ND_INTERFACE_TYPE, kw->pos, close->end);
    n->interface_type.members = list_take(p, members);
    return n;
}

/* ---- fields ---- */

static Node *field_tag(Parser *p, const Token *tag) {
    if (!tag) return NULL;
    if (tag->kind != TK_STRING) syntax_error_at(p, tag, "struct field tag must be a string");
    return new_literal(p, tag);
}

Node *new_field(Parser *p, ListStart names, Node *type, const Token *tag) {
    Node *n = new_node(p, ND_FIELD, p->stack.at[names]->pos, tag ? tag->end : type->end);
    n->field.names = list_take(p, names);
    n->field.type = type;
    n->field.tag = field_tag(p, tag);
    return n;
}

/* The embedded type T or *T that is left of type without parentheses, outside or after a star. */
static Node *without_parens(Node *type) {
    if (type->kind == ND_PAREN) return type->paren.x;
    if (type->kind == ND_STAR && type->star.x->kind == ND_PAREN) type->star.x = type->star.x->paren.x;
    return type;
}

static bool is_parenthesized(const Node *type) {
    return type->kind == ND_PAREN || (type->kind == ND_STAR && type->star.x->kind == ND_PAREN);
}

Node *new_embedded(Parser *p, Node *type, const Token *tag) {
    Node *n = new_node(p, ND_FIELD, type->pos, tag ? tag->end : type->end);
    n->field.type = type;
    n->field.tag = field_tag(p, tag);
    return n;
}

Node *new_embedded_field(Parser *p, Node *type, const Token *tag) {
    if (is_parenthesized(type)) syntax_error(p, type->pos, type->end, "cannot parenthesize embedded type");
    return new_embedded(p, without_parens(type), tag);
}

Node *new_method(Parser *p, ListStart attrs, const Token *name, Node *type) {
    Node *n = new_node(p, ND_FIELD, name->pos, type->end);
    n->field.names = list_take(p, list_one(p, new_ident(p, name)));
    n->field.type = type;
    n->field.attrs = list_take(p, attrs);
    if (n->field.attrs.len) n->pos = n->field.attrs.at[0]->pos;
    n->at = name->pos;
    return n;
}

/* ---- parameters ---- */

Node *new_named_param(Parser *p, const Token *name, Node *type) {
    Node *n = new_node(p, ND_FIELD, name->pos, type->end);
    n->field.names = list_take(p, list_one(p, new_ident(p, name)));
    n->field.type = type;
    return n;
}

/* What a parameter list has. */
typedef struct ParamCount {
    int entries, named, typed;
} ParamCount;

static bool is_name_only(const Node *entry) { return entry->kind == ND_IDENT; }

static ParamCount count_params(const Parser *p, ListStart start) {
    ParamCount c = {.entries = p->stack.len - start};
    for (int i = start; i < p->stack.len; i++) {
        const Node *e = p->stack.at[i];
        c.named += e->kind == ND_FIELD;
        c.typed += !is_name_only(e);
    }
    return c;
}

/* No entry has a name: each is a type. */
static void all_unnamed(Parser *p, ListStart start) {
    for (int i = start; i < p->stack.len; i++) p->stack.at[i] = new_embedded(p, p->stack.at[i], NULL);
}

/* The first entry that lacks a name, or a name that no type follows; NULL when all is well. */
static const Node *misfit(const Parser *p, ListStart start) {
    const Node *found = NULL;
    bool type_follows = false;
    for (int i = p->stack.len - 1; i >= start; i--) {
        const Node *e = p->stack.at[i];
        if (e->kind == ND_FIELD) type_follows = true;
        else if (!is_name_only(e)) type_follows = true, found = e;
        else if (!type_follows) found = e;
    }
    return found;
}

static void report_misfit(Parser *p, const Node *e, const Token *close, bool type_params, ParamCount c) {
    if (!type_params) {
        syntax_error(p, e->pos, e->end, "mixed named and unnamed parameters");
    } else if (c.named == c.typed) {
        syntax_error_at(p, close, "missing type constraint");
    } else {
        syntax_error(p, e->pos, e->end, "missing type parameter name%s",
                     c.entries == 1 ? " or invalid array length" : "");
    }
}

/* A field of the names at stack[from..to) and the name and type of entry e. */
static Node *join_names(Parser *p, int from, int to, Node *e) {
    if (from == to) return e;
    Node *n = new_node(p, ND_FIELD, p->stack.at[from]->pos, e->end);
    ListStart names = list_empty(p);
    for (int i = from; i < to; i++) list_add(p, p->stack.at[i]);
    if (e->kind == ND_FIELD) list_add(p, e->field.names.at[0]);
    n->field.names = list_take(p, names);
    n->field.type = e->kind == ND_FIELD ? e->field.type : e;
    return n;
}

/* Each run of names belongs to the type after it. */
static void all_named(Parser *p, ListStart start) {
    int out = start, run = start, end = p->stack.len;
    for (int i = start; i < end; i++) {
        Node *e = p->stack.at[i];
        if (is_name_only(e)) continue;
        Node *field = e->kind == ND_FIELD ? join_names(p, run, i, e) : new_embedded(p, e, NULL);
        run = i + 1;
        p->stack.at[out++] = field;
    }
    for (; run < end; run++) { /* reported: names without a type */
        Node *name = p->stack.at[run], *bad = new_node(p, ND_BAD_EXPR, name->pos, name->end);
        Node *field = new_embedded(p, bad, NULL);
        field->field.names = list_take(p, list_one(p, name));
        p->stack.at[out++] = field;
    }
    p->stack.len = out;
}

ListStart resolve_params(Parser *p, ListStart start, const Token *close, bool type_params) {
    ParamCount c = count_params(p, start);
    if (c.entries == 0) return start;
    if (c.named == 0 && !type_params) {
        all_unnamed(p, start);
        return start;
    }
    const Node *e = c.named == c.entries ? NULL : misfit(p, start);
    if (e) report_misfit(p, e, close, type_params, c);
    all_named(p, start);
    return start;
}

/* ---- function types ---- */

Node *new_signature(Parser *p, const Token *open, ListStart params, const Token *close, ListStart results) {
    Node *n = new_node(p, ND_FUNC_TYPE, open->pos, p->result_end > close->end ? p->result_end : close->end);
    n->func_type.results = list_take(p, results);
    n->func_type.params = list_take(p, resolve_params(p, params, close, false));
    return n;
}

Node *begin_func_type(Parser *p, Node *type, const Token *func, ListStart attrs) {
    type->pos = type->at = type->func_type.func = func->pos;
    type->func_type.attrs = list_take(p, attrs);
    if (type->func_type.attrs.len) type->pos = type->func_type.attrs.at[0]->pos;
    return type;
}

Node *new_attr(Parser *p, const Token *at, const Token *name, ListStart args, const Token *close) {
    Node *n = new_node(p, ND_ATTR, at->pos, close ? close->end : name->end);
    n->at = name->pos;
    n->attr.name = name->name;
    n->attr.args = list_take(p, args);
    n->attr.has_parens = close != NULL;
    return n;
}
