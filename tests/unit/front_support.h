/* front_support.h: for the unit tests of base, lexer and parser: parsing text, and trees as short text. */
#ifndef GOO_FRONT_SUPPORT_H
#define GOO_FRONT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parser/ast.h"

/* One parse with all it needs; front_free releases it. */
typedef struct Front {
    Arena *arena;
    SourceSet *sources;
    Diags diags;
    NameTable *names;
    SourceFile *src;
    File *file;
} Front;

static inline void front_init(Front *f, const char *path, const char *text, size_t size) {
    f->arena = arena_new();
    f->sources = NEW(f->arena, SourceSet);
    sources_init(f->sources, f->arena);
    diags_init(&f->diags, f->arena, f->sources);
    f->names = names_new(f->arena);
    f->src = source_add(f->sources, path, arena_strndup(f->arena, text, size), size);
    f->file = NULL;
}

static inline Front front_parse(const char *path, const char *text) {
    Front f;
    front_init(&f, path, text, strlen(text));
    f.file = parse_file(f.arena, f.names, f.sources, f.src, &f.diags);
    diags_sort(&f.diags);
    return f;
}

static inline void front_free(Front *f) { arena_free(f->arena); }

/* ---- trees as text: (KIND details child child ...), names and literals as themselves ---- */

static inline void put_shape(Node *n, void *ctx) {
    Buf *b = ctx;
    if (b->len && b->data[b->len - 1] != '(') buf_putc(b, ' ');
    if (n->kind == ND_IDENT) {
        buf_puts(b, n->ident.name->text);
        return;
    }
    if (n->kind == ND_BASIC_LIT) {
        buf_put(b, n->lit.text, (size_t)n->lit.len);
        return;
    }
    buf_printf(b, "(%s", ast_kind_name(n->kind));
    if (n->kind == ND_BINARY) buf_printf(b, " %s", tok_spelling(n->binary.op));
    if (n->kind == ND_UNARY) buf_printf(b, " %s", tok_spelling(n->unary.op));
    if (n->kind == ND_ASSIGN) buf_printf(b, " %s", tok_spelling(n->assign.op));
    if (n->kind == ND_ATTR) buf_printf(b, " @%s", n->attr.name->text);
    if (n->kind == ND_CHAN_TYPE) buf_printf(b, " %d", (int)n->chan_type.dir);
    ast_children(n, put_shape, b);
    buf_putc(b, ')');
}

/* The shape of n; in arena a. */
static inline const char *shape(Arena *a, Node *n) {
    Buf b = {0};
    if (n) put_shape(n, &b);
    const char *text = arena_strdup(a, b.data ? b.data : "");
    buf_free(&b);
    return text;
}

/* Where in a declaration the tree that a test looks at is. */
typedef Node *(*PickFn)(Node *decl);

static inline Node *pick_value(Node *decl) { return decl->gen_decl.specs.at[0]->value_spec.values.at[0]; }
static inline Node *pick_stmt(Node *decl) { return decl->func_decl.body->block.stmts.at[0]; }
static inline Node *pick_decl(Node *decl) { return decl; }

/* Parses text between before and after; asserts that what pick finds in the first declaration has the shape. */
static inline void assert_shape(const char *path, const char *before, const char *text, const char *after, PickFn pick,
                                const char *expected) {
    Buf b = {0};
    buf_printf(&b, "package p\n%s%s%s\n", before, text, after);
    Front f = front_parse(path, b.data);
    if (f.diags.errors) fail_msg("%s: %s", text, f.diags.list.at[0]->text);
    assert_string_equal(shape(f.arena, pick(f.file->decls.at[0])), expected);
    front_free(&f);
    buf_free(&b);
}

/* An expression or type as the value of a variable; the first statement of a body; the first declaration. */
static inline void assert_expr_in(const char *path, const char *expr, const char *expected) {
    assert_shape(path, "var _ = ", expr, "", pick_value, expected);
}
static inline void assert_stmt_in(const char *path, const char *stmts, const char *expected) {
    assert_shape(path, "func _() {\n", stmts, "\n}", pick_stmt, expected);
}
static inline void assert_decl_in(const char *path, const char *decl, const char *expected) {
    assert_shape(path, "", decl, "", pick_decl, expected);
}

static inline void assert_expr(const char *expr, const char *expected) { assert_expr_in("t.go", expr, expected); }
static inline void assert_stmt(const char *stmts, const char *expected) { assert_stmt_in("t.go", stmts, expected); }
static inline void assert_decl(const char *decl, const char *expected) { assert_decl_in("t.go", decl, expected); }

/* Asserts that parsing text reports exactly these errors, each "line:col: message"; the last argument is NULL. */
static inline void assert_errors_in(const char *path, const char *text, ...) {
    Front f = front_parse(path, text);
    va_list ap;
    va_start(ap, text);
    int i = 0;
    for (const char *want; (want = va_arg(ap, const char *)); i++) {
        if (i >= f.diags.list.len) fail_msg("missing error: %s", want);
        Location l = source_location(f.sources, f.diags.list.at[i]->pos);
        const char *have = arena_printf(f.arena, "%d:%d: %s", l.line, l.col, f.diags.list.at[i]->text);
        assert_string_equal(have, want);
    }
    if (i < f.diags.list.len) fail_msg("%s\nunexpected error: %s", text, f.diags.list.at[i]->text);
    va_end(ap);
    front_free(&f);
}

#define assert_errors(text, ...) assert_errors_in("t.go", text, __VA_ARGS__, NULL)
#define assert_goo_errors(text, ...) assert_errors_in("t.goo", text, __VA_ARGS__, NULL)
#define assert_no_errors(text) assert_errors_in("t.go", text, NULL)

#endif
