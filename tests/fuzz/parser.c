/* parser.c: a libFuzzer target for lexer and parser alone, many times faster than with the checker. The last byte
 * chooses between a .goo file (even) and a .go file. After the parse the tree is walked and written as text, so
 * that a malformed one shows. */
#include "parser/ast.h"

static void visit(Node *n, void *ctx) {
    const Node *parent = ctx;
    check(n->kind < ND_COUNT);
    check(!parent || n->pos >= parent->pos || n->kind == ND_ATTR); /* specs of a group share attributes before it */
    ast_children(n, visit, n);
}

static void use_tree(const SourceSet *sources, const File *f, FILE *sink) {
    for (int i = 0; i < f->decls.len; i++) visit(f->decls.at[i], NULL);
    for (int i = 0; i < f->script.len; i++) visit(f->script.at[i], NULL);
    ast_dump(sources, f, sink);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static FILE *sink;
    if (!sink) sink = fopen("/dev/null", "w");
    Arena *a = arena_new();
    SourceSet sources;
    Diags diags;
    sources_init(&sources, a);
    diags_init(&diags, a, &sources);
    bool goo = size == 0 || data[size - 1] % 2 == 0;
    SourceFile *src = source_add(&sources, goo ? "f.goo" : "f.go", arena_strndup(a, (const char *)data, size), size);
    use_tree(&sources, parse_file(a, names_new(a), &sources, src, &diags), sink);
    diags_sort(&diags);
    diags_print(&diags, sink, 0, false);
    arena_free(a);
    return 0;
}
