/* region.h: the inside of region analysis, shared by the region*.c files. See region.c for what it all means. */
#ifndef GOO_REGION_H
#define GOO_REGION_H

#include "ir/ir.h"

typedef struct RgCell RgCell;
typedef struct RgFunc RgFunc;

/* Why the analysis lost sight of something: what happened to it at pos. */
typedef struct RgCause {
    Pos pos;
    const char *what;
} RgCause;

/* What the words with a key of a cell's objects point to. Keys are the link strings of pointees' types, or a word for the
 * kind of type; NULL in collapsed cells: all words. */
typedef struct RgEdge {
    const Name *key;
    RgCell *to;
} RgEdge;

/* A set of objects that are not told apart: variables, allocations, what came from elsewhere. Cells are joined when a
 * pointer may lead to either (union-find); only representatives are up to date. */
struct RgCell {
    RgCell *link; /* the cell it was joined with; NULL: it is a representative */
    VEC(RgEdge) edges;
    RgCell *home;         /* the arena, or other allocator, that may have allocated its objects; NULL: none */
    const RgCause *lost;  /* it may be reachable from variables of packages, or by unknown code; NULL: it is not */
    const IrFunc *code;   /* of closure objects: the body, if there is only one */
    bool has_codes;       /* several bodies */
    bool collapsed;
    int mark, id;         /* for walks */
};

/* A word of a type that can hold a pointer. */
typedef struct RgWord {
    int64_t off;
    const Name *key;
    bool bears; /* what it points to can hold pointers */
} RgWord;

/* The words of a type; of arrays those of the first element, since the others have the same keys. */
typedef struct RgWords {
    VEC(RgWord) list;
} RgWords;

/* What callers know of a function: the graph of cells that its parameters and results lead to, as numbered nodes. */
typedef struct RgLink {
    const Name *key;
    int to;
} RgLink;
typedef struct RgNode {
    bool lost, collapsed;
    int home; /* -1: none */
    VEC(RgLink) edges;
} RgNode;

struct IrRegion {
    int nparams;   /* nodes 0..nparams-1 are the parameters' variables, node nparams the results' */
    int made_from; /* the parameter, an arena, that every result is allocated from; -1: it is not so */
    VEC(RgNode) nodes;
};

/* A function while its batch is analysed. */
struct RgFunc {
    IrFunc *f;
    RgCell **vars;  /* by local */
    RgCell *result; /* the results' variable */
};

/* A call through a function value, whose body may become known. */
typedef struct RgCallPtr {
    RgFunc *fn;
    const IrInstr *in;
    const IrFunc *known; /* called as that; NULL: as unknown, or not yet */
    bool is_unknown;
} RgCallPtr;

typedef struct Regions {
    IrPackage *p;
    IrEscapes *all;
    Arena *arena;       /* scratch, for the package */
    PtrMap words;       /* Type* -> RgWords* */
    const Name *k_any, *k_iface, *k_func, *k_bytes;
    PtrMap funcs;       /* IrFunc* -> RgFunc*: of the batch */
    VEC(RgFunc *) batch;
    VEC(RgCallPtr) pointer_calls;
    VEC(RgCell *) lost; /* cells that were lost directly */
    VEC(RgCell *) todo; /* pairs to be joined */
    int marks;
} Regions;

/* ---- region_cells.c ---- */
RgCell *rg_cell(Regions *r);
RgCell *rg_find(RgCell *c);
void rg_join(Regions *r, RgCell *a, RgCell *b);
void rg_collapse(Regions *r, RgCell *c);
/* What the words with a key of c point to; k_any collapses c. */
RgCell *rg_content(Regions *r, RgCell *c, const Name *key);
/* The objects of c may come from that arena. Either may be NULL. */
void rg_set_home(Regions *r, RgCell *c, RgCell *home);
void rg_lose(Regions *r, RgCell *c, Pos pos, const char *what);
void rg_spread_lost(Regions *r); /* what lost cells lead to is lost */
const RgWords *rg_words(Regions *r, Type *t);
/* The key of the word at off of a t, NULL if that is no pointer; `unknown` where t is NULL. */
const Name *rg_key_at(Regions *r, Type *t, int64_t off, const Name *unknown);

/* ---- region_flow.c ---- */
/* Part of the memory of a cell's objects: of a t (NULL: unknown) at off. cell NULL: of nothing that matters. */
typedef struct RgPlace {
    RgCell *cell;
    Type *type;
    int64_t off;
} RgPlace;
RgCell *rg_var(Regions *r, RgFunc *fn, int local);
RgCell *rg_pointee(Regions *r, RgFunc *fn, const IrVal *v); /* of v, whose first word is a pointer; NULL: nothing that matters */
RgPlace rg_behind(Regions *r, RgFunc *fn, const IrVal *pointer, int64_t off);
RgPlace rg_local_place(Regions *r, RgFunc *fn, int local);
void rg_flow(Regions *r, RgPlace to, RgPlace from, Type *t);
void rg_assign(Regions *r, RgFunc *fn, RgPlace to, const IrVal *v, Type *t);
void rg_build(Regions *r, RgFunc *fn);

/* ---- region_calls.c ---- */
void rg_call(Regions *r, RgFunc *fn, const IrInstr *in);
void rg_finish_calls(Regions *r); /* calls of function values, until nothing changes */

/* ---- region_summary.c ---- */
void rg_summarize(Regions *r, RgFunc *fn, int made_from);
void rg_call_summary(Regions *r, RgFunc *fn, const IrInstr *in, const IrRegion *s);

/* ---- region_blocks.c ---- */
/* Decides about the arena blocks of a function. */
void rg_decide(Regions *r, RgFunc *fn);
int rg_made_from(Regions *r, const IrFunc *f);

/* ---- live.c ---- */
/* Which locals' values may be read after instruction `at` of block b, directly or through the address of their slot at
 * an instruction that has it, by local; from arena a. A recovery may go on anywhere behind a recovery point. */
bool *ir_live_after(Arena *a, const IrFunc *f, const IrBlock *b, int at);
/* Which may where block b begins, as far as branches lead, not recoveries: [b's id][local]; for the blocks that can be
 * reached from roots, NULL for others. */
bool **ir_live_into(Arena *a, const IrFunc *f, IrBlock *const *roots, int n);

#endif
