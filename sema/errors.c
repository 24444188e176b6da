/* errors.c: the checker's errors, and the words it uses for expressions and operands.
 *
 * Wording, and the place an error is reported at, are those of Go's compiler. Two rules keep one mistake from being
 * reported twice: a message that mentions an invalid operand or type is a consequence of an earlier error and is
 * dropped once there is one; and errors in the repeated expression of a constant without one of its own go to that
 * constant's name, where Diags drops duplicates. */
#include <string.h>

#include "sema/check.h"

/* Mentions something invalid, other than as its subject. */
static bool is_follow_up(const char *text) {
    return (strstr(text, "invalid operand") && strncmp(text, "invalid operand", 15) != 0) ||
           (strstr(text, "invalid type") && strncmp(text, "invalid type", 12) != 0);
}

static bool wants_newer_version(const char *text) {
    const char *p = strstr(text, "requires go1.");
    return p && strstr(p, " or later");
}

static Diag *report(Checker *c, Pos pos, Pos end, bool soft, const char *fmt, va_list ap) {
    char *text = arena_vprintf(c->arena, fmt, ap);
    if (c->had_error && is_follow_up(text)) return NULL;
    c->had_error = true;
    if (c->env.err_pos != NO_POS) pos = end = c->env.err_pos;
    if (wants_newer_version(text)) text = arena_printf(c->arena, "%s (%s)", text, version_hint(c, pos));
    Diag *d = diag_error(c->s->diags, pos, end, "%s", text);
    d->soft = soft;
    return d;
}

/* Where Go's compiler places errors about n: its leftmost part, which for slices is the bracket, for function types
 * the parameters; and for statements that are an expression the mark that makes it one. */
Pos node_error_pos(const Node *n) {
    for (;;) {
        switch ((NodeKind)n->kind) {
        case ND_COMPOSITE_LIT:
            if (!n->composite.type) return n->pos;
            n = n->composite.type;
            break;
        case ND_KEY_VALUE: n = n->kv.key; break;
        case ND_SELECTOR: n = n->selector.x; break;
        case ND_INDEX: n = n->index.x; break;
        case ND_TYPE_ASSERT: n = n->assert_.x; break;
        case ND_BINARY: n = n->binary.x; break;
        case ND_CALL: n = n->call.fun; break;
        case ND_SEND: n = n->send.ch; break;
        case ND_INCDEC: n = n->incdec.x; break;
        case ND_ASSIGN:
            if (n->assign.lhs.len == 0) return n->pos;
            n = n->assign.lhs.at[0];
            break;
        case ND_EXPR_STMT: return n->expr_stmt.x->at;
        case ND_SLICE: return n->at;
        case ND_FUNC_TYPE: return n->func_type.func != NO_POS ? n->func_type.func + 4 /* func */ : n->pos;
        default: return n->pos;
        }
    }
}

#define REPORT_AT(n, soft)                                                                                   \
    do {                                                                                                     \
        va_list ap;                                                                                          \
        va_start(ap, fmt);                                                                                   \
        report(c, node_error_pos(n), (n)->end, soft, fmt, ap);                                               \
        va_end(ap);                                                                                          \
    } while (0)
#define REPORT_POS(pos, soft)                                                                                \
    do {                                                                                                     \
        va_list ap;                                                                                          \
        va_start(ap, fmt);                                                                                   \
        report(c, pos, pos, soft, fmt, ap);                                                                  \
        va_end(ap);                                                                                          \
    } while (0)

void err_at(Checker *c, const Node *n, const char *fmt, ...) { REPORT_AT(n, false); }
void err_pos(Checker *c, Pos pos, const char *fmt, ...) { REPORT_POS(pos, false); }
void soft_err_at(Checker *c, const Node *n, const char *fmt, ...) { REPORT_AT(n, true); }
void soft_err_pos(Checker *c, Pos pos, const char *fmt, ...) { REPORT_POS(pos, true); }

Diag *err_begin(Checker *c, Pos pos, bool soft, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Diag *d = report(c, pos, pos, soft, fmt, ap);
    va_end(ap);
    return d;
}

char *pos_str(Checker *c, Pos pos) {
    Location l = source_location(c->s->sources, pos);
    if (!l.path) return arena_strdup(c->arena, "?");
    if (l.col == 0) return arena_printf(c->arena, "%s:%d", l.path, l.line);
    return arena_printf(c->arena, "%s:%d:%d", l.path, l.line, l.col);
}

void err_more(Checker *c, Diag *d, Pos pos, const char *fmt, ...) {
    if (!d) return;
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(c->arena, fmt, ap);
    va_end(ap);
    if (pos == NO_POS) d->text = arena_printf(c->arena, "%s\n\t%s", d->text, text);
    else d->text = arena_printf(c->arena, "%s\n\t%s: %s", d->text, pos_str(c, pos), text);
}

void err_other_decl(Checker *c, Diag *d, const Object *other) {
    if (other->pos != NO_POS) err_more(c, d, other->pos, "other declaration of %s", other->name->text);
}

/* ---- expressions and operands in words ---- */

char *expr_str(Checker *c, const Node *n) { return ast_expr_text(c->arena, n); }

char *tstr(Checker *c, Type *t) { return type_str(c->s, t, c->pkg); }

static const char *mode_str(const Operand *x) {
    switch (x->mode) {
    case EM_NONE: case EM_INVALID: return "invalid operand";
    case EM_NO_VALUE: return "no value";
    case EM_BUILTIN: return "built-in";
    case EM_TYPE: return "type";
    case EM_CONST: return "constant";
    case EM_VAR: return "variable";
    case EM_MAP_INDEX: return "map index expression";
    case EM_VALUE: case EM_TUPLE: return "value";
    case EM_NIL: return "nil";
    case EM_COMMA_OK: return "comma, ok expression";
    }
    unreachable();
}

/* " of type T", with the constraint of a type parameter. */
static void put_operand_type(Checker *c, Buf *b, Type *t) {
    if (!type_is_valid(t)) {
        buf_puts(b, " with invalid type");
        return;
    }
    buf_printf(b, " of %stype %s", type_is_generic(t) ? "generic " : "", tstr(c, t));
    Type *p = type_unalias(t);
    if (p->kind != TY_TYPE_PARAM || !p->tparam.bound) return;
    buf_printf(b, " constrained by %s", tstr(c, p->tparam.bound));
    if (type_set_is_empty(type_set(c->s, type_under(c->s, p)))) buf_puts(b, " with empty type set");
}

static char *nil_str(Checker *c, const Operand *x) {
    if (!x->type || !type_is_valid(x->type)) return arena_strdup(c->arena, "nil (with invalid type)");
    if (type_is_untyped(x->type)) return arena_strdup(c->arena, "nil");
    return arena_printf(c->arena, "nil (of type %s)", tstr(c, x->type));
}

char *operand_str(Checker *c, const Operand *x) {
    if (x->mode == EM_NIL) return nil_str(c, x);
    const char *expr = NULL;
    if (x->expr) expr = expr_str(c, x->expr);
    else if (x->mode == EM_TYPE) expr = tstr(c, x->type);
    else if (x->mode == EM_CONST) expr = cv_text(c->arena, x->value);
    bool has_type = x->mode >= EM_CONST && x->type;
    Buf b = {0};
    if (expr) buf_printf(&b, "%s (", expr);
    if (has_type && type_is_untyped(x->type)) {
        buf_printf(&b, "%s ", x->type->basic.name);
        has_type = false;
    }
    buf_puts(&b, mode_str(x));
    if (x->mode == EM_CONST && x->value) {
        const char *value = cv_text(c->arena, x->value);
        if (!expr || strcmp(value, expr) != 0) buf_printf(&b, " %s", value);
    }
    if (has_type) put_operand_type(c, &b, x->type);
    if (expr) buf_putc(&b, ')');
    char *text = arena_strndup(c->arena, b.data, b.len);
    buf_free(&b);
    return text;
}
