/* ast.h: the syntax tree. The parser builds it; sema writes the fields marked "sema" and nothing else; later
 * layers read only. Nodes live in the compilation's arena and are never freed singly.
 *
 * A node that the checker found wrong keeps its kind and gets the invalid type, so that one mistake reports once.
 * Parentheses are kept (ND_PAREN): use ast_unparen where they do not matter. */
#ifndef GOO_AST_H
#define GOO_AST_H

#include "base/base.h"
#include "lexer/lexer.h" /* TokKind, used for operators and literal kinds */

typedef enum NodeKind {
#define ND(kind, member, example) ND_##kind,
#include "parser/nodes.def"
    ND_COUNT
} NodeKind;

/* No tree is deeper: the parser refuses such files, so passes may recurse with up to 2 kB a level. A chain such as
 * a + b + c ..., which generated code may have tens of thousands of, counts once: see ast_chain. */
enum { AST_MAX_DEPTH = 4000 };

typedef struct Node Node;
typedef struct NodeList {
    Node **at;
    int len, cap; /* a VEC(Node *) */
} NodeList;

/* Defined by sema. */
struct Type;
struct Object;
struct Scope;
struct ConstVal;
struct Selection;
struct FuncInfo;

/* What an expression denotes (sema). The order matters: see ast_is_value in sema. */
typedef enum ExprMode {
    EM_NONE,      /* not checked yet, or not an expression */
    EM_INVALID,   /* error already reported */
    EM_NO_VALUE,  /* a call without results */
    EM_BUILTIN,   /* the name of a builtin function */
    EM_TYPE,      /* a type */
    EM_CONST,     /* a constant: node->value is set */
    EM_VAR,       /* an addressable variable */
    EM_MAP_INDEX, /* m[k]: assignable, not addressable; may yield comma-ok */
    EM_VALUE,     /* a computed value */
    EM_NIL,       /* the predeclared nil */
    EM_COMMA_OK,  /* like EM_VALUE, but may be used in a comma-ok form */
    EM_TUPLE,     /* a call with two or more results: type is a tuple */
} ExprMode;

typedef enum ChanDir { CHAN_BOTH = 3, CHAN_SEND = 2, CHAN_RECV = 1 } ChanDir; /* the numbers of reflect.ChanDir */

/* A //go: directive or a doc comment that stands before a declaration. */
typedef enum Pragma {
    PRAGMA_NOINLINE = 1 << 0,
    PRAGMA_NOESCAPE = 1 << 1,
    PRAGMA_NOSPLIT = 1 << 2,
    PRAGMA_LINKNAME = 1 << 3, /* file level; see File.linknames */
    PRAGMA_EMBED = 1 << 4,
    PRAGMA_WRAPS = 1 << 6, /* Goo's library: stands before a function of Go's, which it calls as wrapped_NAME */
    PRAGMA_OTHER = 1 << 5, /* known to Go, without meaning here */
} Pragma;

typedef struct Comment {
    Pos pos, end; /* text is in the source; includes the comment marks */
} Comment;

typedef struct Linkname {
    Pos pos;
    const Name *local;
    const char *target; /* NULL for the one-argument form */
} Linkname;

/* A file that //go:embed names, and its content. */
typedef struct EmbedFile {
    const char *name; /* below the package's folder */
    const char *data;
    size_t size;
} EmbedFile;
typedef VEC(EmbedFile) EmbedFiles;

/* A //go:embed line; the patterns as written. */
typedef struct EmbedDirective {
    Pos pos;
    const char *patterns;
    Pos patterns_pos;
    EmbedFiles files; /* what they stand for, by name: found by who loads the package */
    const char *mistake; /* why a pattern at mistake_pos stands for nothing; NULL: each does */
    Pos mistake_pos;
} EmbedDirective;

struct Node {
    uint8_t kind;     /* NodeKind */
    uint8_t mode;     /* sema: ExprMode */
    uint8_t flags;    /* kind-specific, see the members */
    uint8_t builtin;  /* sema: for EM_BUILTIN, and for ND_CALL of a builtin: the BuiltinId + 1; 0 = none */
    Pos pos, end;     /* first byte, and the byte after the last; end == 0 when unknown */
    Pos at;           /* the place messages point at: the operator of a binary expression, the dot's right side
                         of a selector, the '(' of a call, the '[' of an index ...; pos where nothing is better */
    struct Type *type;      /* sema: type of an expression, or the type it denotes when mode is EM_TYPE */
    struct ConstVal *value; /* sema: value when mode is EM_CONST */
    union {
        struct { const Name *name; struct Object *obj; /* sema: use or definition; NULL for _ */ } ident;
        struct { TokKind tok; /* TK_INT TK_FLOAT TK_IMAG TK_CHAR TK_STRING */ const char *text; int len; /* as written; flags is 1
                 when it is malformed, which was reported */ } lit;
        struct { Node *type; NodeList elems; Pos lbrace, rbrace; } composite;
        struct { Node *key, *value; } kv;
        struct { Node *type; /* ND_FUNC_TYPE */ Node *body; struct FuncInfo *info; /* sema */ } func_lit;
        struct { Node *x; } paren;
        struct { Node *x; Node *sel; /* ND_IDENT */ struct Selection *selection; /* sema; NULL for pkg.Name */ } selector;
        struct { Node *x; NodeList indices; /* one, or more for an instantiation */ } index;
        struct { Node *x, *lo, *hi, *max; bool three; } slice;
        struct { Node *x, *type; /* NULL: .(type) */ } assert_;
        struct { Node *fun; NodeList args; bool has_dots; Pos dots; Pos rparen; } call;
        struct { Node *x; } star;
        struct { TokKind op; Node *x; } unary;
        struct { TokKind op; Node *x, *y; } binary;
        struct { Node *x; Node *allocator; } at_expr; /* Goo */
        struct { Node *x; Node *context; /* ND_BASIC_LIT or NULL */ } propagate; /* Goo */
        struct { Node *x; Node *value; /* or: */ Node *bind; /* ND_IDENT or NULL */ Node *body; } else_expr; /* Goo */
        struct { Node *len, *elem; } array_type;
        struct { Node *elem; } ellipsis;
        struct { NodeList fields; /* ND_FIELD */ } struct_type;
        struct { NodeList tparams, params, results; /* ND_FIELD */ NodeList attrs; /* Goo */
                 Pos func; /* the keyword; in a declaration the node itself begins at its parameters */ } func_type;
        struct { NodeList members; /* ND_FIELD: a method has one name and a ND_FUNC_TYPE; an embedded element none */ } interface_type;
        struct { Node *key, *elem; } map_type;
        struct { Node *elem; ChanDir dir; Pos arrow; } chan_type;
        struct { NodeList names; /* ND_IDENT; empty: embedded or unnamed */ Node *type; Node *tag; /* ND_BASIC_LIT */
                 NodeList attrs; /* Goo: on interface methods */ } field;
        struct { Node *decl; } decl_stmt;
        struct { Node *label; /* ND_IDENT */ Node *stmt; } labeled;
        struct { Node *x; } expr_stmt;
        struct { Node *ch, *value; } send;
        struct { Node *x; TokKind op; /* TK_INC TK_DEC */ } incdec;
        struct { TokKind op; /* TK_ASSIGN, TK_DEFINE, or the binary operator of op= such as TK_ADD */ NodeList lhs, rhs; } assign;
        struct { Node *call; NodeList attrs; /* Goo */ bool own_arena; /* @alloc(arena); sema */
                 NodeList *caps; uint32_t *masks; /* sema: @caps, as in restrict_stmt; NULL: none */ } go_stmt;
        struct { Node *call; } defer_stmt;
        struct { NodeList results; struct Object *func_results; } return_stmt;
        struct { TokKind tok; /* TK_BREAK TK_CONTINUE TK_GOTO TK_FALLTHROUGH */ Node *label; /* ND_IDENT or NULL */
                 Node *target; /* sema: the statement left or continued; the ND_LABELED for goto */ } branch;
        struct { NodeList stmts; Pos rbrace; } block;
        struct { Node *init, *cond, *then, *els; } if_stmt;
        struct { Node *init, *tag; NodeList clauses; /* ND_CASE */ Pos rbrace; } switch_stmt;
        struct { Node *init, *bind; /* ND_IDENT or NULL */ Node *x; NodeList clauses; Pos rbrace; } type_switch;
        struct { NodeList clauses; /* ND_COMM */ Pos rbrace; } select_stmt;
        struct { NodeList exprs; NodeList body; bool is_default; Pos colon;
                 struct Object *var; /* sema: the variable a type switch declares in this clause */ } case_clause;
        struct { Node *comm; /* ND_SEND, ND_EXPR_STMT or ND_ASSIGN; NULL: default */ NodeList body; Pos colon; } comm_clause;
        struct { Node *init, *cond, *post, *body; } for_stmt;
        struct { Node *key, *value; Node *extra; /* a third variable: always an error, which sema reports */
                 bool define; bool has_assign; Node *x, *body; Pos tok; } range_stmt;
        struct { Node *body; NodeList clauses; /* ND_RECOVER */ } try_stmt; /* Goo */
        struct { Node *bind; Node *match; /* type or value; NULL: catch-all */ Node *body; struct Object *var; } recover_clause;
        struct { Node *name; Node *size; Node *body; struct Object *var; } arena_stmt;
        struct { NodeList caps; /* expressions such as file.read("/x") */ Node *body;
                 uint32_t *masks; /* sema: of each, the capabilities named (RtCapMask); 0: a value */ } restrict_stmt;
        struct { Node *token; Node *body; } with_stmt;
        struct { TokKind tok; /* TK_IMPORT TK_CONST TK_TYPE TK_VAR */ NodeList specs; bool group; Pos rparen; } gen_decl;
        struct { Node *name; /* ND_IDENT (also . and _) or NULL */ Node *path; /* ND_BASIC_LIT */ NodeList attrs;
                 struct Object *obj; /* sema */ } import_spec;
        struct { NodeList names; Node *type; NodeList values; int iota; /* const: index in the group */
                 Node *inherit; /* const without type and values: the ND_VALUE_SPEC it repeats */ int pragma; } value_spec;
        struct { Node *name; NodeList tparams; bool alias; Node *type; NodeList attrs; int pragma;
                 int ordinal; /* of a local type, not alias: n-th of the file */ } type_spec;
        struct { Node *recv; /* ND_FIELD or NULL */ Node *name; Node *type; /* ND_FUNC_TYPE */ Node *body; /* NULL: external */
                 NodeList attrs; int pragma; bool recv_is_generic; struct FuncInfo *info; /* sema */ } func_decl;
        struct { const Name *name; NodeList args; bool has_parens; } attr; /* Goo */
        struct File *file;
    };
};

/* One parsed file. */
typedef struct File {
    SourceFile *source;
    Node *package_name; /* ND_IDENT; NULL in a script without a package clause (then package main) */
    NodeList decls;     /* in source order: ND_GEN_DECL, ND_FUNC_DECL, ND_BAD_DECL */
    NodeList imports;   /* the ND_IMPORT_SPECs among them */
    NodeList script;    /* Goo scripts: statements at top level, the body of main */
    VEC(Comment) comments;
    VEC(Linkname) linknames;
    VEC(EmbedDirective) embeds;
    const char *build_constraint; /* text after //go:build, or NULL */
    struct Scope *scope;          /* sema: file scope */
    int local_types;              /* how many types are declared in functions */
    bool had_errors; /* syntax errors: the tree is incomplete, and checking it finds follow-up errors. Other errors
                        that the lexer and parser report (malformed literals, misplaced directives) leave it whole */
} File;

/* ---- ast.c ---- */

Node *ast_new(Arena *a, NodeKind kind, Pos pos, Pos end);
const char *ast_kind_name(NodeKind kind); /* "IDENT" */
Node *ast_unparen(Node *n);
bool ast_is_blank(const Node *n); /* the identifier _ */
/* The path of an import spec or value of a string literal, unquoted, in arena a; NULL when malformed. */
const Name *ast_string_value(NameTable *names, const Node *lit);
/* Decodes a string or rune literal's text. Returns false when malformed. */
bool ast_unquote(const char *text, size_t len, Buf *out);

/* Calls visit(child, ctx) for each direct child in source order. */
void ast_children(Node *n, void (*visit)(Node *child, void *ctx), void *ctx);

/* A binary operation whose left operand is one of the same sort (arithmetic on words and strings, or logical; neither
 * shifts nor comparisons) continues a chain, which may have any length. Passes follow chains by loops. */
bool ast_continues_chain(const Node *n);
/* The operations of the chain that the binary operation n ends, innermost first, in arena a: n alone, or more. */
NodeList ast_chain(Arena *a, Node *n);
/* Like ast_children, for passes that recurse: all operands of a chain are children of its end, in reverse order. */
void ast_operands(Node *n, void (*visit)(Node *child, void *ctx), void *ctx);

/* ---- ast_text.c ---- */

/* The expression or type as source text on one line, as Go's compiler shows expressions in messages
 * (function bodies and long literals are shortened: func() {…}, T{…}). In arena a. */
char *ast_expr_text(Arena *a, const Node *n);
/* The same as Go's compiler shows it in messages about allocations: func literal, T{...}. */
char *ast_alloc_text(Arena *a, const Node *n);

/* ---- dump.c ---- */

/* The tree, one node a line, indented, with positions: --emit=ast. */
void ast_dump(const SourceSet *sources, const File *f, FILE *out);

/* ---- parse.c ---- */

/* Parses one registered file. Never fails: errors go to diags, and what could be read is in the result.
 * Go extensions in a .go file are errors that name the extension. */
File *parse_file(Arena *a, NameTable *names, SourceSet *sources, SourceFile *src, Diags *diags);

#endif
