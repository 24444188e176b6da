/* caps.h: which capabilities functions need, and why.
 *
 * A graph of all functions of a program: who calls whom, whose function value or method set is handed over where. It
 * comes from the IR (capgraph.c), or as text from beside the objects of packages compiled before (captext.c). What
 * functions need flows from callees to callers (capsolve.c) and stops at those that declare what they need; the
 * functions of Go's library have theirs from a table (captable.c). Package checks and `goo caps` ask the solved graph.
 *
 * Calls through interfaces and function values have no edges: the need is accounted for where the value is made. A
 * type that is converted to an interface is a node of its own, which leads to all methods of the type. */
#ifndef GOO_CAPS_H
#define GOO_CAPS_H

#include "ir/ir.h"

/* A place in the source. pos is known of the package being compiled only. */
typedef struct CapPlace {
    const char *path;
    int line;
    Pos pos;
} CapPlace;

typedef struct CapNode CapNode;

typedef struct CapEdge {
    uint8_t kind; /* IU_CALL, IU_VALUE, IU_CONVERT or IU_VAR */
    CapNode *from, *to;
    CapPlace at;
    const CapSet *needs; /* of a function in the library's table, scopes filled in; NULL: what to needs */
    const CapAttr *sink; /* the value is made for a type with these attributes, or NULL */
} CapEdge;

/* Why a node needs something: through an edge, or by itself. */
typedef struct CapReason {
    CapAtom atom;
    const CapEdge *edge; /* or NULL: */
    CapPlace at;
    const char *what;    /* "uses unsafe" */
} CapReason;

typedef struct CapOwn { const CapSet *needs; CapPlace at; const char *what; } CapOwn;

enum CapNodeFlag {
    CN_DEFINED = 1, /* its body was seen */
    CN_HIDDEN = 2,  /* made by the compiler: wrappers, thunks */
    CN_TYPE = 4,    /* a type, for its methods */
    CN_INIT = 8,    /* initialises its package */
    CN_LITERAL = 32, /* a function literal */
    CN_WEAK = 16,   /* may stand in several packages: instances, wrappers, types */
};

struct CapNode {
    const Name *name;    /* the symbol; "type:" and its link string for types */
    const char *package; /* import path, "main" for the program's own */
    unsigned flags;
    CapPlace at;
    const CapAttr *attr; /* what it declares, or NULL */
    VEC(CapEdge *) out, in;
    VEC(CapOwn) own;
    VEC(CapReason) set;  /* after caps_solve: what its body needs */
    PtrMap seen;         /* while edges are added: target -> edge, of plain edges */
};

typedef struct CapGraph {
    Arena *arena;
    NameTable *names;
    PtrMap nodes;          /* Name* -> CapNode* */
    VEC(CapNode *) list;   /* in order of appearance */
} CapGraph;

/* ---- capgraph.c ---- */
CapGraph *caps_graph_new(Arena *a, NameTable *names);
CapNode *caps_node(CapGraph *g, const char *name, size_t n); /* found or made */
/* Adds an edge unless there is an equal one. */
void caps_edge(CapGraph *g, CapEdge e);
/* Adds what a lowered package uses. library: the package is part of Go's library, where unsafe code is at home and
 * what functions call is kept as it is, without the table. */
void caps_add_package(CapGraph *g, const IrPackage *p, bool library);
/* The import path in a symbol: "net/http" of "net/http.(*Client).Get". */
const char *caps_symbol_package(Arena *a, const char *symbol);
/* What a type's conversion to interfaces leads to is called in messages: without "type:". */
const char *caps_node_name(const CapNode *n);

/* ---- captext.c ---- */
void caps_write(const CapGraph *g, const char *package, Buf *out); /* what g has of package */
bool caps_read(CapGraph *g, const char *text); /* false: damaged */

/* ---- captable.c ---- */
typedef struct CapEntry CapEntry;
/* The entry of a function, method or variable of Go's library, or NULL. */
const CapEntry *caps_table_find(const char *symbol);
/* What a use needs; call (may be NULL) is the call expression, whose constant arguments become scopes. */
const CapSet *caps_table_needs(Arena *a, const CapEntry *e, const Node *call);
const char *caps_entry_symbol(const CapEntry *e);
const char *caps_entry_reason(const CapEntry *e); /* why it needs no more though its body would, or NULL */
bool caps_entry_is_variable(const CapEntry *e);
int caps_table_size(void);
const CapEntry *caps_table_at(int i);

/* ---- capsolve.c ---- */
void caps_solve(CapGraph *g);
/* What callers of n account for: what it declares, or else what its body needs. */
CapSet caps_required(CapGraph *g, const CapNode *n);
const CapReason *caps_reason(const CapNode *n, CapAtom atom); /* or NULL */
/* "file:line: text" for each step from n to what needs the atom; fn gets them in order. */
void caps_chain(CapGraph *g, const CapNode *n, CapAtom atom, void (*fn)(void *ctx, const CapPlace *at, const char *text), void *ctx);

/* ---- capcheck.c ---- */
/* Reports where functions of package p, which g has, need more than they declare, or conversions and imports allow.
 * graph: of p and all it imports, solved. */
void caps_check(CapGraph *g, const IrPackage *p);

#endif
