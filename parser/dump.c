/* dump.c: the tree as text, one node a line: kind, extent, and what the node has besides children.
 *
 *     FUNC_DECL 3:1-5:2 main
 *       IDENT 3:6-3:10 main
 *
 * Children follow in source order, indented; the order of ast_children says which is which. */
#include "parser/ast.h"

typedef struct Dump {
    const SourceSet *sources;
    FILE *out;
    int depth;
} Dump;

static void put_place(Dump *d, const Node *n) {
    Location from = source_raw_location(d->sources, n->pos), to = source_raw_location(d->sources, n->end);
    fprintf(d->out, " %d:%d-%d:%d", from.line, from.col, to.line, to.col);
}

static void put_word(Dump *d, const char *word) { fprintf(d->out, " %s", word); }
static void put_token(Dump *d, TokKind tok) { put_word(d, tok_spelling(tok)); }

static void put_if(Dump *d, bool condition, const char *word) {
    if (condition) put_word(d, word);
}

static void put_pragma(Dump *d, int pragma) {
    if (pragma) fprintf(d->out, " pragma=%d", pragma);
}

/* What a line has after the extent. */
static void put_details(Dump *d, const Node *n) {
    static const char *const directions[] = {
        [CHAN_RECV] = "receive", [CHAN_SEND] = "send", [CHAN_BOTH] = "both"};
    switch ((NodeKind)n->kind) {
    case ND_IDENT: put_word(d, n->ident.name->text); break;
    case ND_BASIC_LIT: fprintf(d->out, " %.*s", n->lit.len, n->lit.text); break;
    case ND_UNARY: put_token(d, n->unary.op); break;
    case ND_BINARY: put_token(d, n->binary.op); break;
    case ND_INCDEC: put_token(d, n->incdec.op); break;
    case ND_ASSIGN: put_token(d, n->assign.op); break;
    case ND_BRANCH: put_token(d, n->branch.tok); break;
    case ND_CALL: put_if(d, n->call.has_dots, "..."); break;
    case ND_SLICE: put_if(d, n->slice.three, "3-index"); break;
    case ND_TYPE_ASSERT: put_if(d, !n->assert_.type, "type"); break;
    case ND_CHAN_TYPE: put_word(d, directions[n->chan_type.dir]); break;
    case ND_RANGE: put_if(d, n->range_stmt.define, ":="); break;
    case ND_CASE: put_if(d, n->case_clause.is_default, "default"); break;
    case ND_COMM: put_if(d, !n->comm_clause.comm, "default"); break;
    case ND_ATTR: put_word(d, n->attr.name->text); break;
    case ND_GEN_DECL:
        put_token(d, n->gen_decl.tok);
        put_if(d, n->gen_decl.group, "group");
        break;
    case ND_VALUE_SPEC:
        if (n->value_spec.iota) fprintf(d->out, " iota=%d", n->value_spec.iota);
        put_if(d, n->value_spec.inherit != NULL, "repeated");
        put_pragma(d, n->value_spec.pragma);
        break;
    case ND_TYPE_SPEC:
        put_if(d, n->type_spec.alias, "alias");
        put_pragma(d, n->type_spec.pragma);
        break;
    case ND_FUNC_DECL:
        put_word(d, n->func_decl.name->ident.name->text);
        put_pragma(d, n->func_decl.pragma);
        break;
    default: break;
    }
}

static void dump_node(Node *n, void *ctx) {
    Dump *d = ctx;
    fprintf(d->out, "%*s%s", 2 * d->depth, "", ast_kind_name(n->kind));
    put_place(d, n);
    put_details(d, n);
    fputc('\n', d->out);
    d->depth++;
    ast_children(n, dump_node, d);
    d->depth--;
}

static void dump_list(Dump *d, const NodeList *l) {
    for (int i = 0; i < l->len; i++) dump_node(l->at[i], d);
}

void ast_dump(const SourceSet *sources, const File *f, FILE *out) {
    Dump d = {.sources = sources, .out = out};
    fprintf(out, "FILE %s package %s\n", f->source->path,
            f->package_name ? f->package_name->ident.name->text : "main (script)");
    d.depth = 1;
    if (f->build_constraint) fprintf(out, "  build%s\n", f->build_constraint);
    for (int i = 0; i < f->linknames.len; i++)
        fprintf(out, "  linkname %s %s\n", f->linknames.at[i].local->text,
                f->linknames.at[i].target ? f->linknames.at[i].target : "");
    for (int i = 0; i < f->embeds.len; i++) fprintf(out, "  embed %s\n", f->embeds.at[i].patterns);
    dump_list(&d, &f->decls);
    dump_list(&d, &f->script);
}
