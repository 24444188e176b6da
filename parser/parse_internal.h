/* parse_internal.h: what the files of the parser share: the state of one parse, and the functions that the actions
 * of goo.y call to build nodes. */
#ifndef GOO_PARSE_INTERNAL_H
#define GOO_PARSE_INTERNAL_H

#include "parser/ast.h"

typedef enum Mark {
#define M(name, rule) MARK_##name,
#include "parser/marks.def"
} Mark;

/* The parts of an if, for or switch header, each a statement or NULL. */
typedef struct Header {
    Node *init, *cond, *post;
    Node *range;       /* ND_RANGE without body: for ... range x */
    const Token *semi; /* the first semicolon, or NULL */
} Header;

/* A list under construction: the index of its first element on Parser.stack. Lists end in the reverse order of
 * their beginning, so the elements of the innermost are always on top. */
typedef int ListStart;

typedef struct Parser {
    Arena *arena;    /* of the tree */
    Arena *scratch;  /* of what does not outlive the parse */
    NameTable *names;
    SourceSet *sources;
    SourceFile *src;
    Diags *diags;
    File *file;
    TokenList toks;
    int next;        /* index of the token that the grammar reads next */
    bool script;     /* statements are allowed at top level */
    bool started;       /* the token that selects the grammar's entry was delivered */
    bool virtual_paren; /* the next token is a ) that is not in the source */
    VEC(Node *) stack;
    int error_at;    /* index of the token of the last syntax error */
    int resumed_at;  /* where reading went on after it */
    uint8_t *error_lines; /* a bit for each line: at most one syntax error a line */
    int recoveries;  /* from syntax errors, reported or not */
    int decl_start;  /* index of the token at which the current declaration at top level starts */
    bool any_errors; /* of any kind; File.had_errors is about syntax */
    Pos result_end;  /* end of the function result that was parsed last; 0 when it was empty */
    bool after_imports; /* the last thing at top level was no import */
} Parser;

/* ---- goo.y ---- */
/* Reads tokens from p->next to the end of the file. */
void grammar_run(Parser *p);

/* ---- classify.c ---- */
/* Sets Token.mark everywhere. */
void classify_tokens(Parser *p);

/* ---- directive.c ---- */
/* Fills File.linknames, embeds and build_constraint; reports directives that are out of place. */
void read_directives(Parser *p);
/* After the parse: reports directives that need an import that the file lacks. */
void check_directive_imports(Parser *p);
/* The Pragma bits of the directives between token t and the token before it. */
int pragmas_before(const Parser *p, const Token *t);

/* ---- depth.c ---- */
/* n, which was made of that many tokens; or, when it is deeper than AST_MAX_DEPTH, a node of kind bad. */
Node *limit_depth(Parser *p, Node *n, int tokens, NodeKind bad);

/* ---- error.c ---- */
/* "syntax error: " and the message, at [pos, end); one a line. */
void syntax_error(Parser *p, Pos pos, Pos end, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void syntax_error_at(Parser *p, const Token *t, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "syntax error: unexpected X" and the rest. */
void unexpected(Parser *p, const Token *t, const char *rest);
const char *token_text(Parser *p, const Token *t); /* "name x", "literal 1", "newline", ")" */
/* An error without the words syntax error. */
void plain_error(Parser *p, Pos pos, Pos end, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* what is an extension of Goo; an error in a .go file. */
void goo_only(Parser *p, Pos pos, Pos end, const char *what);
/* What a syntax error says at token i, after the header of an if, for or switch; at t, where a declaration could
 * start. As in syntax_errors.def. */
const char *header_wording(const Parser *p, int i);
const char *top_level_wording(const Parser *p, const Token *t);
/* Move reading to where, after a syntax error, the grammar can go on: behind a statement or an element of a list
 * in braces or parentheses; at a declaration at top level; at a clause of a switch or select. False at the end of
 * the file. */
bool recover_element(Parser *p);
bool recover_parameters(Parser *p); /* at the ) that ends the parameters, made up if there is none */
bool recover_function(Parser *p); /* at the body of a function, or where it ends without one */
bool recover_declaration(Parser *p);
bool recover_clause(Parser *p);

/* ---- build.c: lists ---- */
ListStart list_empty(Parser *p);
ListStart list_one(Parser *p, Node *n); /* n may be NULL: an empty list */
void list_add(Parser *p, Node *n);      /* nothing when n is NULL */
NodeList list_take(Parser *p, ListStart start);

/* ---- build.c: nodes ---- */
Node *new_node(Parser *p, NodeKind kind, Pos pos, Pos end);
Node *new_ident(Parser *p, const Token *t);
Node *new_literal(Parser *p, const Token *t);
Node *new_paren(Parser *p, const Token *open, Node *x, const Token *close);
Node *new_unary(Parser *p, const Token *op, Node *x);
Node *new_binary(Parser *p, Node *x, const Token *op, Node *y);
Node *new_star(Parser *p, const Token *op, Node *x);
Node *new_receive(Parser *p, const Token *arrow, Node *x);
Node *new_selector(Parser *p, Node *x, const Token *sel);
Node *new_type_assert(Parser *p, Node *x, const Token *dot, Node *type, const Token *close);
Node *new_index(Parser *p, Node *x, const Token *open, ListStart indices, const Token *close);
/* x[] where something must stand in the brackets: an error, whose text ends with rest. */
Node *new_empty_index(Parser *p, Node *x, const Token *open, const Token *close, const char *rest);
Node *new_slice(Parser *p, Node *x, const Token *open, Node *lo, Node *hi, const Token *colon2, Node *max,
                const Token *close);
Node *new_call(Parser *p, Node *fun, const Token *open, ListStart args, const Token *dots, const Token *close);
Node *new_composite(Parser *p, Node *type, const Token *open, ListStart elems, const Token *close);
Node *new_key_value(Parser *p, Node *key, const Token *colon, Node *value);
Node *new_func_lit(Parser *p, Node *type, Node *body);
Node *new_alloc_at(Parser *p, Node *x, const Token *at, Node *allocator);
Node *new_propagate(Parser *p, Node *x, const Token *question, const Token *context);
/* x else y; or, with a name for the error, x else name { y }. */
Node *new_else(Parser *p, Node *x, const Token *els, const Token *name, Node *y);
Node *new_go(Parser *p, const Token *go, ListStart attrs, Node *call);

/* ---- build_type.c ---- */
Node *new_array_type(Parser *p, const Token *open, Node *len, Node *elem);
Node *new_ellipsis(Parser *p, const Token *dots, Node *elem);
Node *new_map_type(Parser *p, const Token *map, Node *key, Node *elem);
Node *new_chan_type(Parser *p, const Token *first, ChanDir dir, const Token *arrow, Node *elem);
Node *new_struct_type(Parser *p, const Token *kw, ListStart fields, const Token *close);
Node *new_interface_type(Parser *p, const Token *kw, ListStart members, const Token *close);
Node *new_field(Parser *p, ListStart names, Node *type, const Token *tag);
Node *new_embedded(Parser *p, Node *type, const Token *tag);
Node *new_embedded_field(Parser *p, Node *type, const Token *tag); /* in a struct */
Node *new_method(Parser *p, ListStart attrs, const Token *name, Node *type);
Node *new_named_param(Parser *p, const Token *name, Node *type);
/* Turns the entries of a parameter list into fields, in place. */
ListStart resolve_params(Parser *p, ListStart start, const Token *close, bool type_params);
/* The type of a declared function or method, which begins at its parameters; begin_func_type makes it begin at func. */
Node *new_signature(Parser *p, const Token *open, ListStart params, const Token *close, ListStart results);
Node *begin_func_type(Parser *p, Node *type, const Token *func, ListStart attrs);
Node *new_attr(Parser *p, const Token *at, const Token *name, ListStart args, const Token *close);

/* ---- build_stmt.c ---- */
Node *new_expr_stmt(Parser *p, ListStart exprs, const Token *next);
Node *new_assign(Parser *p, ListStart lhs, const Token *op, ListStart rhs);
Node *new_incdec(Parser *p, ListStart exprs, const Token *op);
Node *new_send(Parser *p, ListStart exprs, const Token *arrow, Node *value);
Node *new_block(Parser *p, const Token *open, ListStart stmts, const Token *close);
Node *new_labeled(Parser *p, const Token *label, const Token *colon, Node *stmt);
Node *new_branch(Parser *p, const Token *kw, const Token *label);
Node *new_return(Parser *p, const Token *kw, ListStart results);
Node *new_defer(Parser *p, const Token *kw, Node *call);
Header *new_header(Parser *p, Node *init, const Token *semi, Node *cond, Node *post);
/* A for header that ends after its condition: an error. */
Header *new_short_header(Parser *p, Node *init, const Token *semi, Node *cond, const Token *brace);
Node *new_range(Parser *p, ListStart lhs, const Token *assign, const Token *range, Node *x);
Node *new_if(Parser *p, const Token *kw, Header *h, Node *then, Node *els);
Node *new_for(Parser *p, const Token *kw, Header *h, Node *body);
Node *new_switch(Parser *p, const Token *kw, Header *h, ListStart clauses, const Token *close);
Node *new_select(Parser *p, const Token *kw, ListStart clauses, const Token *close);
Node *new_case(Parser *p, const Token *kw, ListStart exprs, const Token *colon, ListStart body);
Node *new_comm(Parser *p, const Token *kw, Node *comm, const Token *colon, ListStart body);
Node *new_try(Parser *p, const Token *kw, Node *body, ListStart clauses);
Node *new_recover(Parser *p, const Token *kw, const Token *name, Node *match, Node *body);
Node *new_arena_block(Parser *p, const Token *kw, const Token *name, Node *size, Node *body);
Node *new_restrict(Parser *p, const Token *kw, ListStart caps, Node *body);
Node *new_with(Parser *p, const Token *kw, Node *token, Node *body);

/* ---- build_decl.c ---- */
Node *new_import_spec(Parser *p, ListStart attrs, const Token *name, const Token *path);
Node *new_value_spec(Parser *p, ListStart names, Node *type, const Token *assign, ListStart values);
Node *new_type_spec(Parser *p, const Token *name, ListStart tparams, const Token *assign, Node *type);
Node *new_gen_decl(Parser *p, const Token *kw, const Token *open, ListStart specs, const Token *close);
Node *new_func_decl(Parser *p, const Token *kw, ListStart tparams, const Token *name, Node *type, Node *body);
Node *new_method_decl(Parser *p, const Token *kw, ListStart recv, const Token *close, const Token *name,
                      Node *type, Node *body);
Node *new_decl_stmt(Parser *p, Node *decl);
Node *with_attrs(Parser *p, ListStart attrs, Node *decl);
void expected_assign(Parser *p, const Token *t);
void add_decl(Parser *p, Node *decl);
void add_script_stmt(Parser *p, Node *stmt);

#endif
