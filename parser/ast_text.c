/* ast_text.c: expressions and types as text on one line, for messages. The form is that of Go's compiler: bodies
 * and elements of literals are replaced by an ellipsis. Beyond a fixed depth everything is, so that text of
 * machine-made expressions stays readable and this code may recurse. */
#include "parser/ast.h"

#include <string.h>

enum { MAX_DEPTH = 100 };

typedef struct Text {
    Buf out;
    int depth;
    bool brief; /* as in messages about allocations */
} Text;

static void put(Text *t, const Node *n);

static void put_list(Text *t, const NodeList *l, const char *separator) {
    for (int i = 0; i < l->len; i++) {
        if (i) buf_puts(&t->out, separator);
        put(t, l->at[i]);
    }
}

/* a, b int "tag" */
static void put_field(Text *t, const Node *f) {
    put_list(t, &f->field.names, ", ");
    if (f->field.names.len) buf_putc(&t->out, ' ');
    put(t, f->field.type);
    if (!f->field.tag) return;
    buf_putc(&t->out, ' ');
    put(t, f->field.tag);
}

static void put_signature(Text *t, const Node *type) {
    buf_putc(&t->out, '(');
    put_list(t, &type->func_type.params, ", ");
    buf_putc(&t->out, ')');
    const NodeList *results = &type->func_type.results;
    if (results->len == 0) return;
    buf_putc(&t->out, ' ');
    bool bare = results->len == 1 && results->at[0]->field.names.len == 0;
    if (!bare) buf_putc(&t->out, '(');
    put_list(t, results, ", ");
    if (!bare) buf_putc(&t->out, ')');
}

/* An element of an interface: m(x int) error, or a union. */
static void put_member(Text *t, const Node *m) {
    if (m->field.names.len == 0) {
        put(t, m->field.type);
        return;
    }
    put(t, m->field.names.at[0]);
    if (m->field.type->kind == ND_FUNC_TYPE) put_signature(t, m->field.type);
}

static void put_interface(Text *t, const Node *n) {
    buf_puts(&t->out, "interface{");
    for (int i = 0; i < n->interface_type.members.len; i++) {
        if (i) buf_puts(&t->out, "; ");
        put_member(t, n->interface_type.members.at[i]);
    }
    buf_putc(&t->out, '}');
}

static void put_chan(Text *t, const Node *n) {
    const Node *elem = n->chan_type.elem;
    if (n->chan_type.dir == CHAN_RECV) buf_puts(&t->out, "<-");
    buf_puts(&t->out, n->chan_type.dir == CHAN_SEND ? "chan<- " : "chan ");
    bool ambiguous =
        n->chan_type.dir == CHAN_BOTH && elem->kind == ND_CHAN_TYPE && elem->chan_type.dir == CHAN_RECV;
    if (ambiguous) buf_putc(&t->out, '(');
    put(t, elem);
    if (ambiguous) buf_putc(&t->out, ')');
}

static void put_array(Text *t, const Node *n) {
    buf_putc(&t->out, '[');
    put(t, n->array_type.len);
    buf_putc(&t->out, ']');
    put(t, n->array_type.elem);
}

static void put_index(Text *t, const Node *n) {
    put(t, n->index.x);
    buf_putc(&t->out, '[');
    put_list(t, &n->index.indices, ", ");
    buf_putc(&t->out, ']');
}

static void put_slice(Text *t, const Node *n) {
    put(t, n->slice.x);
    buf_putc(&t->out, '[');
    put(t, n->slice.lo);
    buf_putc(&t->out, ':');
    put(t, n->slice.hi);
    if (n->slice.three) buf_putc(&t->out, ':');
    put(t, n->slice.max);
    buf_putc(&t->out, ']');
}

static void put_call(Text *t, const Node *n) {
    bool is_slice_type = t->brief && n->call.fun->kind == ND_ARRAY_TYPE; /* ([]byte)(s) */
    if (is_slice_type) buf_putc(&t->out, '(');
    put(t, n->call.fun);
    if (is_slice_type) buf_putc(&t->out, ')');
    buf_putc(&t->out, '(');
    put_list(t, &n->call.args, ", ");
    buf_puts(&t->out, n->call.has_dots ? "...)" : ")");
}

static void put_binary(Text *t, const Node *x, const char *op, const Node *y) {
    put(t, x);
    buf_printf(&t->out, " %s ", op);
    put(t, y);
}

static void put_else(Text *t, const Node *n) {
    put_binary(t, n->else_expr.x, "else", n->else_expr.value ? n->else_expr.value : n->else_expr.bind);
    if (n->else_expr.body) buf_puts(&t->out, " {…}");
}

/* A word or operator before an operand. */
static void put_prefixed(Text *t, const char *prefix, const Node *x) {
    buf_puts(&t->out, prefix);
    put(t, x);
}

static void put_attr(Text *t, const Node *n) {
    buf_printf(&t->out, "@%s", n->attr.name->text);
    if (!n->attr.has_parens) return;
    buf_putc(&t->out, '(');
    put_list(t, &n->attr.args, ", ");
    buf_putc(&t->out, ')');
}

static void put_node(Text *t, const Node *n) {
    switch ((NodeKind)n->kind) {
    case ND_IDENT: buf_put(&t->out, n->ident.name->text, n->ident.name->len); break;
    case ND_BASIC_LIT: buf_put(&t->out, n->lit.text, (size_t)n->lit.len); break;
    case ND_COMPOSITE_LIT:
        put(t, n->composite.type);
        buf_puts(&t->out, !n->composite.elems.len ? "{}" : t->brief ? "{...}" : "{…}");
        break;
    case ND_KEY_VALUE:
        put(t, n->kv.key);
        put_prefixed(t, ": ", n->kv.value);
        break;
    case ND_FUNC_LIT:
        if (t->brief) {
            buf_puts(&t->out, "func literal");
            break;
        }
        put(t, n->func_lit.type);
        buf_puts(&t->out, n->func_lit.body->block.stmts.len ? " {…}" : " {}");
        break;
    case ND_PAREN:
        put_prefixed(t, "(", n->paren.x);
        buf_putc(&t->out, ')');
        break;
    case ND_SELECTOR:
        put(t, n->selector.x);
        put_prefixed(t, ".", n->selector.sel);
        break;
    case ND_INDEX: put_index(t, n); break;
    case ND_SLICE: put_slice(t, n); break;
    case ND_TYPE_ASSERT:
        put(t, n->assert_.x);
        buf_puts(&t->out, n->assert_.type ? ".(" : ".(type");
        put(t, n->assert_.type);
        buf_putc(&t->out, ')');
        break;
    case ND_CALL: put_call(t, n); break;
    case ND_STAR: put_prefixed(t, "*", n->star.x); break;
    case ND_UNARY: put_prefixed(t, tok_spelling(n->unary.op), n->unary.x); break;
    case ND_BINARY: put_binary(t, n->binary.x, tok_spelling(n->binary.op), n->binary.y); break;
    case ND_AT: put_binary(t, n->at_expr.x, "@", n->at_expr.allocator); break;
    case ND_PROPAGATE:
        put(t, n->propagate.x);
        put_prefixed(t, n->propagate.context ? "? " : "?", n->propagate.context);
        break;
    case ND_ELSE_EXPR: put_else(t, n); break;
    case ND_GO_EXPR: put_prefixed(t, "go ", n->go_stmt.call); break;
    case ND_ARRAY_TYPE: put_array(t, n); break;
    case ND_ELLIPSIS: put_prefixed(t, "...", n->ellipsis.elem); break;
    case ND_STRUCT_TYPE:
        buf_puts(&t->out, "struct{");
        put_list(t, &n->struct_type.fields, "; ");
        buf_putc(&t->out, '}');
        break;
    case ND_FUNC_TYPE:
        for (int i = 0; i < n->func_type.attrs.len; i++) {
            put(t, n->func_type.attrs.at[i]);
            buf_putc(&t->out, ' ');
        }
        buf_puts(&t->out, "func");
        put_signature(t, n);
        break;
    case ND_INTERFACE_TYPE: put_interface(t, n); break;
    case ND_MAP_TYPE:
        put_prefixed(t, "map[", n->map_type.key);
        put_prefixed(t, "]", n->map_type.elem);
        break;
    case ND_CHAN_TYPE: put_chan(t, n); break;
    case ND_FIELD: put_field(t, n); break;
    case ND_ATTR: put_attr(t, n); break;
    default: buf_puts(&t->out, "<bad expr>"); break;
    }
}

static void put(Text *t, const Node *n) {
    if (!n) return;
    if (t->depth == MAX_DEPTH) {
        buf_puts(&t->out, "…");
        return;
    }
    t->depth++;
    put_node(t, n);
    t->depth--;
}

static char *text_of(Arena *a, const Node *n, bool brief) {
    Text t = {.brief = brief};
    put(&t, n);
    char *text = arena_strndup(a, t.out.data ? t.out.data : "", t.out.len);
    buf_free(&t.out);
    return text;
}

char *ast_expr_text(Arena *a, const Node *n) { return text_of(a, n, false); }

char *ast_alloc_text(Arena *a, const Node *n) { return text_of(a, n, true); }
