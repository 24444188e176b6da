/* ast.c: allocating, naming and walking nodes, and the values of string literals. */
#include "parser/ast.h"

#include <string.h>

Node *ast_new(Arena *a, NodeKind kind, Pos pos, Pos end) {
    Node *n = NEW(a, Node);
    n->kind = (uint8_t)kind;
    n->pos = n->at = pos;
    n->end = end;
    return n;
}

const char *ast_kind_name(NodeKind kind) {
    static const char *const names[] = {
#define ND(kind, member, example) [ND_##kind] = #kind,
#include "parser/nodes.def"
    };
    return kind < ND_COUNT ? names[kind] : "?";
}

Node *ast_unparen(Node *n) {
    while (n && n->kind == ND_PAREN) n = n->paren.x;
    return n;
}

bool ast_is_blank(const Node *n) {
    return n && n->kind == ND_IDENT && n->ident.name->len == 1 && n->ident.name->text[0] == '_';
}

/* ---- literals ---- */

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads digits digits of base at *s into *x. */
static bool read_digits(const char **s, const char *end, int digits, int base, uint32_t *x) {
    *x = 0;
    for (int i = 0; i < digits; i++, ++*s) {
        int d = *s < end ? hex_value(**s) : -1;
        if (d < 0 || d >= base) return false;
        *x = *x * (uint32_t)base + (uint32_t)d;
    }
    return true;
}

static bool is_code_point(uint32_t x) { return x <= 0x10ffff && !(x >= 0xd800 && x < 0xe000); }

/* Decodes the escape after a backslash; *s is behind the backslash before and behind the escape after. */
static bool unescape(const char **s, const char *end, char quote, Buf *out) {
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    if (*s >= end) return false;
    char c = *(*s)++;
    const char *simple = strchr(letters, c);
    uint32_t x;
    if (c && simple) {
        buf_putc(out, values[simple - letters]);
    } else if (c == quote) {
        buf_putc(out, c);
    } else if (c == 'u' || c == 'U') {
        if (!read_digits(s, end, c == 'u' ? 4 : 8, 16, &x) || !is_code_point(x)) return false;
        utf8_encode(out, x);
    } else if (c == 'x') {
        if (!read_digits(s, end, 2, 16, &x)) return false;
        buf_putc(out, (char)x);
    } else {
        --*s;
        if (!read_digits(s, end, 3, 8, &x) || x > 255) return false;
        buf_putc(out, (char)x);
    }
    return true;
}

static void unquote_raw(const char *s, const char *end, Buf *out) {
    buf_put(out, "", 0);
    for (; s < end; s++)
        if (*s != '\r') buf_putc(out, *s);
}

bool ast_unquote(const char *text, size_t len, Buf *out) {
    if (len < 2 || text[0] != text[len - 1]) return false;
    char quote = text[0];
    const char *s = text + 1, *end = text + len - 1;
    if (quote == '`') {
        unquote_raw(s, end, out);
        return true;
    }
    if (quote != '"' && quote != '\'') return false;
    buf_put(out, "", 0);
    while (s < end) {
        const char *run = s;
        while (s < end && *s != '\\' && *s != quote && *s != '\n') s++;
        buf_put(out, run, (size_t)(s - run));
        if (s == end) break;
        if (*s++ != '\\' || !unescape(&s, end, quote, out)) return false;
    }
    return true;
}

const Name *ast_string_value(NameTable *names, const Node *lit) {
    if (!lit || lit->kind != ND_BASIC_LIT || lit->lit.tok != TK_STRING) return NULL;
    Buf b = {0};
    const Name *name = NULL;
    if (ast_unquote(lit->lit.text, (size_t)lit->lit.len, &b)) name = name_ofn(names, b.data, b.len);
    buf_free(&b);
    return name;
}

/* ---- children ---- */

typedef struct Visitor {
    void (*visit)(Node *child, void *ctx);
    void *ctx;
} Visitor;

static void one(Visitor *v, Node *n) {
    if (n) v->visit(n, v->ctx);
}

static void all(Visitor *v, NodeList l) {
    for (int i = 0; i < l.len; i++) one(v, l.at[i]);
}

#define ONE(x) one(&v, n->x)
#define ALL(x) all(&v, n->x)

void ast_children(Node *n, void (*visit)(Node *child, void *ctx), void *ctx) {
    Visitor v = {visit, ctx};
    switch ((NodeKind)n->kind) {
    case ND_BAD_EXPR:
    case ND_BAD_STMT:
    case ND_BAD_DECL:
    case ND_EMPTY:
    case ND_IDENT:
    case ND_BASIC_LIT:
    case ND_COUNT: break;
    case ND_COMPOSITE_LIT: ONE(composite.type), ALL(composite.elems); break;
    case ND_KEY_VALUE: ONE(kv.key), ONE(kv.value); break;
    case ND_FUNC_LIT: ONE(func_lit.type), ONE(func_lit.body); break;
    case ND_PAREN: ONE(paren.x); break;
    case ND_SELECTOR: ONE(selector.x), ONE(selector.sel); break;
    case ND_INDEX: ONE(index.x), ALL(index.indices); break;
    case ND_SLICE: ONE(slice.x), ONE(slice.lo), ONE(slice.hi), ONE(slice.max); break;
    case ND_TYPE_ASSERT: ONE(assert_.x), ONE(assert_.type); break;
    case ND_CALL: ONE(call.fun), ALL(call.args); break;
    case ND_STAR: ONE(star.x); break;
    case ND_UNARY: ONE(unary.x); break;
    case ND_BINARY: ONE(binary.x), ONE(binary.y); break;
    case ND_AT: ONE(at_expr.x), ONE(at_expr.allocator); break;
    case ND_PROPAGATE: ONE(propagate.x), ONE(propagate.context); break;
    case ND_ELSE_EXPR: ONE(else_expr.x), ONE(else_expr.value), ONE(else_expr.bind), ONE(else_expr.body); break;
    case ND_GO_EXPR:
    case ND_GO: ALL(go_stmt.attrs), ONE(go_stmt.call); break;
    case ND_ARRAY_TYPE: ONE(array_type.len), ONE(array_type.elem); break;
    case ND_ELLIPSIS: ONE(ellipsis.elem); break;
    case ND_STRUCT_TYPE: ALL(struct_type.fields); break;
    case ND_FUNC_TYPE:
        ALL(func_type.attrs), ALL(func_type.tparams), ALL(func_type.params), ALL(func_type.results);
        break;
    case ND_INTERFACE_TYPE: ALL(interface_type.members); break;
    case ND_MAP_TYPE: ONE(map_type.key), ONE(map_type.elem); break;
    case ND_CHAN_TYPE: ONE(chan_type.elem); break;
    case ND_FIELD: ALL(field.attrs), ALL(field.names), ONE(field.type), ONE(field.tag); break;
    case ND_DECL_STMT: ONE(decl_stmt.decl); break;
    case ND_LABELED: ONE(labeled.label), ONE(labeled.stmt); break;
    case ND_EXPR_STMT: ONE(expr_stmt.x); break;
    case ND_SEND: ONE(send.ch), ONE(send.value); break;
    case ND_INCDEC: ONE(incdec.x); break;
    case ND_ASSIGN: ALL(assign.lhs), ALL(assign.rhs); break;
    case ND_DEFER: ONE(defer_stmt.call); break;
    case ND_RETURN: ALL(return_stmt.results); break;
    case ND_BRANCH: ONE(branch.label); break;
    case ND_BLOCK: ALL(block.stmts); break;
    case ND_IF: ONE(if_stmt.init), ONE(if_stmt.cond), ONE(if_stmt.then), ONE(if_stmt.els); break;
    case ND_SWITCH: ONE(switch_stmt.init), ONE(switch_stmt.tag), ALL(switch_stmt.clauses); break;
    case ND_TYPE_SWITCH:
        ONE(type_switch.init), ONE(type_switch.bind), ONE(type_switch.x), ALL(type_switch.clauses);
        break;
    case ND_SELECT: ALL(select_stmt.clauses); break;
    case ND_CASE: ALL(case_clause.exprs), ALL(case_clause.body); break;
    case ND_COMM: ONE(comm_clause.comm), ALL(comm_clause.body); break;
    case ND_FOR: ONE(for_stmt.init), ONE(for_stmt.cond), ONE(for_stmt.post), ONE(for_stmt.body); break;
    case ND_RANGE:
        ONE(range_stmt.key), ONE(range_stmt.value), ONE(range_stmt.extra), ONE(range_stmt.x), ONE(range_stmt.body);
        break;
    case ND_TRY: ONE(try_stmt.body), ALL(try_stmt.clauses); break;
    case ND_RECOVER: ONE(recover_clause.bind), ONE(recover_clause.match), ONE(recover_clause.body); break;
    case ND_ARENA: ONE(arena_stmt.name), ONE(arena_stmt.size), ONE(arena_stmt.body); break;
    case ND_RESTRICT: ALL(restrict_stmt.caps), ONE(restrict_stmt.body); break;
    case ND_WITH: ONE(with_stmt.token), ONE(with_stmt.body); break;
    case ND_GEN_DECL: ALL(gen_decl.specs); break;
    case ND_IMPORT_SPEC: ALL(import_spec.attrs), ONE(import_spec.name), ONE(import_spec.path); break;
    case ND_VALUE_SPEC: ALL(value_spec.names), ONE(value_spec.type), ALL(value_spec.values); break;
    case ND_TYPE_SPEC:
        ALL(type_spec.attrs), ONE(type_spec.name), ALL(type_spec.tparams), ONE(type_spec.type);
        break;
    case ND_FUNC_DECL:
        ALL(func_decl.attrs), ONE(func_decl.recv), ONE(func_decl.name), ONE(func_decl.type), ONE(func_decl.body);
        break;
    case ND_ATTR: ALL(attr.args); break;
    case ND_FILE: all(&v, n->file->decls), all(&v, n->file->script); break;
    }
}

/* ---- chains ---- */

typedef enum ChainSort { NO_CHAIN, ARITHMETIC, LOGICAL } ChainSort;

static ChainSort chain_sort(const Node *n) {
    if (n->kind != ND_BINARY) return NO_CHAIN;
    switch (n->binary.op) {
    case TK_ADD: case TK_SUB: case TK_MUL: case TK_QUO: case TK_REM: case TK_AND: case TK_OR: case TK_XOR:
    case TK_AND_NOT: return ARITHMETIC;
    case TK_LAND: case TK_LOR: return LOGICAL;
    default: return NO_CHAIN;
    }
}

bool ast_continues_chain(const Node *n) {
    ChainSort sort = chain_sort(n);
    return sort != NO_CHAIN && chain_sort(n->binary.x) == sort;
}

NodeList ast_chain(Arena *a, Node *n) {
    int len = 1;
    for (const Node *x = n; ast_continues_chain(x); x = x->binary.x) len++;
    NodeList chain = {NEW_ARRAY(a, Node *, len), len, len};
    while (len) {
        chain.at[--len] = n;
        n = n->binary.x;
    }
    return chain;
}

void ast_operands(Node *n, void (*visit)(Node *child, void *ctx), void *ctx) {
    for (; ast_continues_chain(n); n = n->binary.x) visit(n->binary.y, ctx);
    ast_children(n, visit, ctx);
}
