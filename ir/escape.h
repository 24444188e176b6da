/* escape.h: the inside of escape analysis, shared by the escape*.c files. See escape.c for what it all means. */
#ifndef GOO_ESCAPE_H
#define GOO_ESCAPE_H

#include "ir/ir.h"

typedef struct EscFunc EscFunc;
typedef struct EscLoc EscLoc;

/* The value at src, after derefs dereferences, flows; -1: the address of src. src NULL: nothing that matters. */
typedef struct EscFlow {
    EscLoc *src;
    int derefs;
} EscFlow;

typedef enum EscKind {
    EL_HEAP,   /* the heap and everything unknown */
    EL_LOCAL,  /* a local, or a component of one that is a tuple */
    EL_RESULT,
    EL_FIELD,  /* a captured value in closure objects of one body */
    EL_OBJECT, /* what one allocation makes, all its executions together */
} EscKind;

/* Something that holds pointers. */
struct EscLoc {
    uint8_t kind;
    bool on_heap;       /* EL_OBJECT: escapes, or cannot be in the frame for another reason */
    bool no_slot;       /* EL_OBJECT: made by the runtime; what becomes of it is only told */
    EscFunc *fn;        /* NULL: the heap */
    int depth;          /* loops around it; less than another's: it lives through iterations of the other's loop */
    int heap;           /* the least dereferences with which it flows to the heap; IR_STAYS: it does not */
    VEC(EscFlow) in;    /* what flows into it */
    int walk, derefs;   /* the last walk that found it, and with how many dereferences */
    bool queued;
    IrInstr *made_by;   /* EL_OBJECT */
    EscFunc *code;      /* EL_OBJECT: a closure object with this body */
    const IrAlloc *what;
    Type *type;
};

typedef VEC(EscLoc *) EscLocs;

/* What a pointer local points into, if that is one thing always: the local (or captured value) then is another name for
 * it, and loads and stores through it are accesses to it. */
typedef struct EscTarget {
    EscLoc *loc; /* NULL: nothing seen yet, or many */
    bool many;
} EscTarget;

/* A captured value, by its offset in the closure object. */
typedef struct EscField {
    int64_t off;
    EscLoc *loc;
    EscTarget target;
} EscField;

typedef struct EscRenewal {
    IrInstr *in;
    int depth;
} EscRenewal;

struct EscFunc {
    IrFunc *f;
    /* strongly connected components */
    int index, low, batch;
    bool on_stack;
    bool makes_closures;
    VEC(EscFunc *) next;     /* callees, and both ways between closure bodies and where their closures are made */
    VEC(EscFunc *) creators; /* where closures with this body are made */
    /* while its batch is analysed, by local */
    EscLoc **locals;         /* tuples: the first of their components, which follow each other */
    EscTarget *targets;
    bool *is_assigned;       /* by an instruction */
    bool *is_binding;        /* a renewed variable's address: no holder of it, but the variable's name */
    int *depths;
    int *block_depths;
    EscLoc **results;
    bool has_other_calls;    /* a closure's body: it may be called where the callee is not known */
    int nresults;
    EscLocs objects;
    VEC(EscRenewal) renewals;
    PtrMap by_instr;         /* IrInstr* -> EscLoc*: objects */
    EscLocs closures;        /* objects whose code this is */
    VEC(EscField) fields;
};

/* A store of v through parameter param, which may be of what it points to anyway. */
typedef struct EscStore {
    EscFunc *fn;
    int param;
    EscFlow v;
} EscStore;

typedef struct Escape {
    IrPackage *p;
    IrEscapes *all;
    Arena *arena;        /* scratch, for the package */
    PtrMap funcs;        /* IrFunc* -> EscFunc* */
    VEC(EscFunc *) stack;
    int next_index, batches;
    VEC(EscFunc *) batch; /* being analysed */
    EscLoc heap;
    VEC(EscStore) stores; /* of the batch: not yet decided whether to the heap */
    int walks;
    EscLocs todo;
} Escape;

/* ---- escape.c ---- */
EscFunc *esc_func(Escape *e, const IrFunc *f);
bool esc_holds(const Escape *e, Type *t); /* pointers, directly or in parts */

/* ---- escape_loops.c ---- */
/* How many loops are around each block of f, by id, in arena a. NULL: f has jumps into loops. */
int *esc_loop_depths(Arena *a, const IrFunc *f);

/* ---- escape_flow.c: the graph of a batch ---- */
void esc_build(Escape *e);
EscLoc *esc_local(Escape *e, EscFunc *fn, int local, int64_t off); /* NULL: it holds no pointers */

/* ---- escape_solve.c ---- */
void esc_solve(Escape *e); /* marks objects on_heap and sets the functions' contracts */

/* ---- escape_apply.c, escape_notes.c ---- */
void esc_apply(Escape *e, EscFunc *fn);
void esc_explain(Escape *e, EscFunc *fn);

#endif
