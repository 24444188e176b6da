/* parse.c: from a file's text to its tree: tokens, classification, the package clause, then the grammar.
 *
 * The package clause is read by hand, because what comes first decides which grammar the rest has: a Goo file
 * without one is a script, whose statements at top level are the body of main. */
#include "parser/parse_internal.h"

static void keep_comments(Parser *p) {
    int n = p->toks.comments.len;
    if (n == 0) return;
    p->file->comments.at = NEW_ARRAY(p->arena, Comment, n);
    p->file->comments.len = p->file->comments.cap = n;
    for (int i = 0; i < n; i++)
        p->file->comments.at[i] = (Comment){p->toks.comments.at[i].pos, p->toks.comments.at[i].end};
}

/* ---- the package clause ---- */

/* Reads `package name ;`. Returns false when it is malformed: then nothing else is read, as in Go. */
static bool read_package_clause(Parser *p) {
    const Token *t = &p->toks.at[p->next];
    if (t->kind != TK_PACKAGE) {
        syntax_error_at(p, t, "package statement must be first");
        return false;
    }
    t++;
    if (t->kind != TK_IDENT) {
        unexpected(p, t, ", expected name");
        return false;
    }
    p->file->package_name = new_ident(p, t++);
    if (t->kind != TK_SEMICOLON) {
        unexpected(p, t, ", expected semicolon or newline");
        return false;
    }
    p->next = (int)(t - p->toks.at) + 1;
    return true;
}

/* ---- entry ---- */

static void parse(Parser *p) {
    p->next = 1; /* token 0 is not in the source */
    p->script = p->src->is_goo && p->toks.at[p->next].kind != TK_PACKAGE;
    if (!p->script && !read_package_clause(p)) return;
    classify_tokens(p);
    read_directives(p);
    grammar_run(p);
    check_directive_imports(p);
}

File *parse_file(Arena *a, NameTable *names, SourceSet *sources, SourceFile *src, Diags *diags) {
    Parser p = {.arena = a, .names = names, .sources = sources, .src = src, .diags = diags};
    p.scratch = arena_new();
    p.file = NEW(a, File);
    p.file->source = src;
    lex_file(p.scratch, names, sources, src, diags, &p.toks);
    p.any_errors = p.toks.had_errors;
    keep_comments(&p);
    parse(&p);
    arena_free(p.scratch);
    return p.file;
}
