/* ir.h: the intermediate representation: a control-flow graph of simple instructions over typed locals.
 *
 * Locals are variables, not SSA values: GCC builds SSA. Every local has a canonical Type (type_canon); scalars and
 * small aggregates (strings, slices, interfaces, structs) are locals alike. Parts of an aggregate local are reached
 * by LOAD and STORE through the address of its slot (IV_SLOT) plus an offset, which GCC scalarises again.
 *
 * Sugar is gone: range, select, defer, method values, conversions to interfaces, string and slice operations,
 * checks. What is left for codegen is translation. Analyses (escape.c and others) run on this form.
 *
 * Invariants, verified by ir_verify in debug builds: every block ends in exactly one terminator; operand types fit
 * the instruction; an IV_SLOT names a local with has_slot set; types are canonical and free of type parameters. */
#ifndef GOO_IR_H
#define GOO_IR_H

#include "sema/sema.h"
#include "runtime/abi.h"

typedef enum IrOp {
#define OP(name, dst, operands, effects, meaning) IR_##name,
#include "ir/ops.def"
    IR_OP_COUNT
} IrOp;

/* What ops.def says about an instruction. */
typedef struct IrOpInfo {
    const char *name;
    char dst, effects;
    const char *operands;
} IrOpInfo;
extern const IrOpInfo ir_ops[IR_OP_COUNT];

typedef enum RtEntry {
#define RT(name, rcode, pcodes, rtype, params) RTE_##name,
#include "runtime/entry.def"
    RTE_COUNT
} RtEntry;

/* What entry.def says about a runtime entry; the letters are explained in abi.h. */
typedef struct RtEntryInfo {
    const char *name, *params;
    char result;
} RtEntryInfo;
extern const RtEntryInfo ir_entries[RTE_COUNT];
extern const char *const ir_entry_effects[RTE_COUNT]; /* on pointers that they are passed: escape.def; NULL: unknown */

typedef enum IrIntrinsic {
#define INTRINSIC_OP(name, class, operands, meaning) II_##name,
#include "ir/intrinsics.def"
    II_COUNT
} IrIntrinsic;

/* What intrinsics.def says about an intrinsic. */
typedef struct IrIntrinsicInfo {
    const char *name;
    char class;
    int operands;
} IrIntrinsicInfo;
extern const IrIntrinsicInfo ir_intrinsics[II_COUNT];

typedef struct IrFunc IrFunc;
typedef struct IrBlock IrBlock;
typedef struct IrInstr IrInstr;
typedef struct IrPackage IrPackage;

/* ---- symbols and static data ---- */

typedef enum IrLinkage {
    IL_EXTERN, /* defined elsewhere: another package or the runtime */
    IL_LOCAL,  /* this object file only */
    IL_GLOBAL, /* one definition in the program */
    IL_WEAK,   /* identical definitions may stand in several objects: descriptors, wrappers, instantiations */
} IrLinkage;

typedef struct IrSym {
    const char *name;    /* as the linker and stack traces see it: "main.(*T).M", "type:map[string]int" */
    uint8_t linkage;
    bool is_func;
    bool no_escape;      /* a function without a body that keeps none of its arguments: //go:noescape */
    struct IrData *data; /* definition, if here */
    IrFunc *func;
} IrSym;

typedef struct IrReloc { int64_t offset; IrSym *sym; int64_t addend; uint8_t size; /* 8, or 4 for offsets */ } IrReloc;

/* A piece of static data. bytes == NULL: zero-initialised (.bss). */
typedef struct IrData {
    IrSym *sym;
    uint8_t *bytes;
    int64_t size;
    int32_t align;
    bool readonly;
    bool listed;         /* a type descriptor that reflect must find by its string: of an unnamed composite type */
    IrSym *maker;        /* of a variable: a function without parameters that the program runs first if it has the variable */
    Type *type;          /* of a Go variable: where its pointers are; NULL when the collector need not look */
    VEC(IrReloc) relocs; /* ascending offsets, no overlap */
} IrData;

/* ---- values ---- */

typedef enum IrValKind {
    IV_NONE,
    IV_LOCAL, /* the value of local */
    IV_SLOT,  /* the address of local's slot, plus imm; type is a pointer type */
    IV_INT,   /* integer, boolean or pointer constant: imm (sign- or zero-extended to 64 bits) */
    IV_FLOAT, /* flt; float32 values are already rounded */
    IV_SYM,   /* the address of sym, plus imm; type is a pointer type or uintptr (code addresses) */
    IV_ZERO,  /* the zero value of any type */
} IrValKind;

typedef struct IrVal {
    uint8_t kind;
    int local;
    Type *type;
    union { int64_t imm; double flt; };
    IrSym *sym;
} IrVal;

typedef struct IrLocal {
    Type *type;
    const Name *name; /* of a Go variable, for debug information; NULL for temporaries */
    Pos pos;
    bool has_slot;    /* its address is used */
    bool in_memory;   /* its slot is in memory at every FENCE, whatever GCC could do without it */
    bool is_param, is_result;
    int size_override; /* > 0: an untyped slot of that many bytes, 16-aligned (runtime records); type is then NULL */
} IrLocal;

/* ---- code ---- */

/* What an allocation stands for in the source: for messages about escape analysis. */
typedef struct IrAlloc {
    Pos pos;
    const Name *var;  /* a variable in a box, or NULL */
    const Node *node; /* an expression; the slice for a variadic parameter: the call */
    bool is_args;     /* that slice */
} IrAlloc;

typedef struct IrCall {
    IrSym *sym;      /* IR_CALL */
    RtEntry rt;      /* IR_CALL_RT */
    /* shape of the callee: the types as passed, receiver first, environment (if has_env) last */
    Type **params; int nparams;
    Type *result;    /* NULL: none; TY_TUPLE for several */
    IrVal *args;     /* nparams of them (has_env: the last is the environment) */
    bool has_env;
    bool no_return;
    const IrAlloc *what; /* IR_CALL_RT: of entries that allocate, or NULL */
    bool stays;      /* ... and what is allocated does not outlive the frame: decided by escape analysis */
} IrCall;

struct IrInstr {
    uint8_t op;      /* IrOp */
    int dst;         /* local, or -1 */
    Type *type;      /* see ops.def; the result's type unless stated otherwise there */
    IrVal a, b, c;
    int64_t off;
    Pos pos;
    int inl;         /* 0: of the function itself; i > 0: came with the inlined call inlines.at[i - 1] */
    union {
        IrCall *call;
        struct { int64_t *values; IrBlock **targets; int n; } cases;
        struct { int *locals, *homes; int n; } kept; /* SETJMP: locals loaded from these slots when control comes back */
        /* NEW, NEW_ARRAY, RENEW: on_stack is decided by escape analysis, or lowering where it is known; what may be NULL.
         * is_box: NEW for a value in an interface, which the next instruction stores and nobody changes. */
        struct { bool on_stack, is_box; const IrAlloc *what; } alloc;
    };
};

struct IrBlock {
    int id;
    VEC(IrInstr) instrs;
    IrBlock *succ[2];
    bool cold;       /* panics and slow paths */
    int loop_depth;
};

/* What a function uses of others: noted by lowering, for the sets of capabilities (caps.h). */
typedef enum IrUseKind {
    IU_CALL,    /* calls sym; call is the expression, or NULL */
    IU_VALUE,   /* makes a function value of sym; attr: for a type with these attributes, or NULL */
    IU_CONVERT, /* converts a value of type to the interface iface */
    IU_VAR,     /* reads or writes sym, a variable of another package */
    IU_NEED,    /* calls, or hands on, something of a type that has attr */
    IU_UNSAFE,  /* goes around the type system */
} IrUseKind;
typedef struct IrUse {
    uint8_t kind;  /* IrUseKind */
    Pos pos;
    const IrBlock *block; /* where it is; NULL: static data */
    IrSym *sym;
    Type *type, *iface;
    const CapAttr *attr;
    const Node *call;
} IrUse;
typedef VEC(IrUse) IrUses;

enum IrFuncFlag {
    IF_NOINLINE = 1,     /* //go:noinline, or contains recover() */
    IF_WRAPPER = 2,      /* method wrapper or defer thunk: RF_WRAPPER in the function table */
    IF_HAS_ENV = 4,      /* the last parameter is the closure environment */
    IF_HAS_SETJMP = 8,
    IF_NOSPLIT = 16,
};

/* A call that was replaced by the callee's body: stack traces still show its frame. */
typedef struct IrInline {
    struct IrFunc *callee;
    Pos pos;   /* of the call */
    int outer; /* inl of the call instruction */
} IrInline;

/* What becomes of the pointers that a function is passed: its contract with callers in escape analysis. Numbers are
 * dereferences: 0 means that the argument itself gets there, 1 what it points to, and so on; IR_STAYS: nothing. */
enum { IR_STAYS = 127 };
typedef struct IrEscape {
    int nparams, nresults;
    int8_t *heap;    /* by parameter: to the heap, or anywhere unknown */
    int8_t *results; /* [parameter * nresults + result] */
} IrEscape;

/* What becomes of the memory that a function is passed or makes: its contract in region analysis (region.h). */
typedef struct IrRegion IrRegion;

struct IrFunc {
    IrSym *sym;
    unsigned flags;
    FuncInfo *info;       /* NULL for compiler-made functions */
    Pos pos, end;
    VEC(IrLocal) locals;
    int nparams;          /* the first nparams locals */
    Type *result;         /* NULL, a type, or a TY_TUPLE */
    VEC(IrBlock *) blocks; /* blocks.at[0] is the entry */
    VEC(IrInline) inlines;
    Arena *arena;         /* of the package */
    const IrEscape *escape; /* set by ir_escape */
    int batch;              /* functions of one recursion have one number; set by ir_escape */
    const IrRegion *region; /* set by ir_regions, or NULL */
    IrUses uses;
};

/* A message about an optimisation, in the wording of Go's compiler. */
typedef struct IrNote { Pos pos; const char *text; } IrNote;

/* The contracts of all functions compiled so far, of all packages. */
typedef struct IrEscapes {
    Arena *arena;
    PtrMap by_name; /* Name* of the symbol -> IrEscape* */
    PtrMap regions; /* likewise -> IrRegion*; of packages that import goo/mem */
} IrEscapes;

struct IrPackage {
    Sema *sema;
    Package *pkg;
    Arena *arena;
    VEC(IrFunc *) funcs;
    VEC(IrFunc *) bottom_up; /* the same, callees first, batch by batch; set by ir_escape */
    VEC(IrData *) data;
    PtrMap syms;          /* Name* -> IrSym* */
    IrSym *init;          /* the package's initialiser ("main.init"), NULL when there is nothing to run */
    IrUses uses;          /* of static data: what the package's variables start out with */
    VEC(IrSym *) missing; /* library functions without a body: perhaps nobody defines them */
    bool keep_vars;       /* variables stay as written, for debuggers; set by the driver */
    bool explain;         /* ir_escape keeps messages about its decisions; set by the driver */
    VEC(IrNote) notes;    /* those messages, in no order */
    void *lower;          /* private to ir/ */
};

/* ---- ir.c: construction ---- */
IrSym *ir_sym(IrPackage *p, const char *name);           /* found or made, IL_EXTERN at first */
IrData *ir_data_new(IrPackage *p, IrSym *sym, int64_t size, int32_t align, IrLinkage linkage); /* bytes zeroed */
/* The same without bytes, for zero-initialised variables of any size. */
IrData *ir_data_bss(IrPackage *p, IrSym *sym, int64_t size, int32_t align, IrLinkage linkage);
void ir_data_int(IrData *d, int64_t offset, int size, uint64_t value);
void ir_data_addr(IrPackage *p, IrData *d, int64_t offset, IrSym *sym, int64_t addend); /* 8 bytes */
void ir_data_addr32(IrPackage *p, IrData *d, int64_t offset, IrSym *sym);               /* 4 bytes */
/* The symbol of a type's descriptor: "type:" and its link string. */
IrSym *ir_type_sym(IrPackage *p, Type *t);
/* Read-only bytes, shared between equal uses; NUL-terminated behind n. */
IrSym *ir_bytes(IrPackage *p, const void *bytes, int64_t n);
IrFunc *ir_func_new(IrPackage *p, IrSym *sym, IrLinkage linkage, Type **params, const Name **names, int nparams, Type *result);
int ir_local(IrFunc *f, Type *type, const Name *name, Pos pos);
int ir_raw_slot(IrFunc *f, int size);
IrBlock *ir_block(IrFunc *f);
/* The terminator of a finished block; NULL while it has none. */
IrInstr *ir_terminator(const IrBlock *b);
/* Where control may go from a block: calls fn with each successor's place in the terminator (a SWITCH's default
 * and cases included), so that it can be redirected. */
void ir_each_succ(IrBlock *b, void (*fn)(void *ctx, IrBlock **succ), void *ctx);
/* Calls fn with every operand an instruction reads, the arguments of calls included. */
void ir_each_operand(IrInstr *in, void (*fn)(void *ctx, IrVal *v), void *ctx);
bool ir_is_call(const IrInstr *in);
bool ir_is_alloc(const IrInstr *in); /* NEW and its like: alloc is live */
/* What in allocates from: an arena, or the data word of a mem.Allocator. NULL: it is no allocation with @. */
const IrVal *ir_allocator(const IrInstr *in);

static inline IrVal iv_none(void) { return (IrVal){.kind = IV_NONE, .local = -1}; }
static inline IrVal iv_int(Type *t, int64_t i) { return (IrVal){.kind = IV_INT, .local = -1, .type = t, .imm = i}; }
static inline IrVal iv_float(Type *t, double d) { return (IrVal){.kind = IV_FLOAT, .local = -1, .type = t, .flt = d}; }
static inline IrVal iv_zero(Type *t) { return (IrVal){.kind = IV_ZERO, .local = -1, .type = t}; }
IrVal iv_local(IrFunc *f, int local);
IrVal iv_slot(IrFunc *f, int local, int64_t offset, Type *pointer_type); /* sets has_slot */
IrVal iv_sym(Type *pointer_type, IrSym *sym, int64_t addend);

/* ---- print.c, verify.c ---- */
void ir_print(const IrPackage *p, FILE *out); /* --emit=ir */
void ir_print_func(const IrPackage *p, const IrFunc *f, FILE *out);
void ir_verify(const IrPackage *p);           /* fatal on a broken invariant */

/* ---- lower.c and passes ---- */
/* Lowers a checked package without errors. main_imports: for the main package, all packages in initialisation
 * order, for goo_program; NULL otherwise. */
IrPackage *ir_lower(Sema *s, Package *p, Arena *arena, Package **all, int n_all);
/* Decides what of the package's allocations can be in its functions' frames, and puts it there. Packages come in
 * dependency order: all has the contracts of functions analysed before and gets those of this package. */
void ir_escape(IrPackage *p, IrEscapes *all);
/* Region analysis: decides how each arena block releases its memory, and reports what cannot be right. After
 * ir_escape, for packages that import goo/mem. */
void ir_regions(IrPackage *p, IrEscapes *all);
void ir_region_write(const IrFunc *f, Buf *out);
IrRegion *ir_region_read(Arena *a, NameTable *names, const char *s, const char *end);
/* The contracts of p's functions as text, and back; false when the text is damaged. */
void ir_contracts_write(const IrPackage *p, Buf *out);
bool ir_contracts_read(IrEscapes *all, NameTable *names, const char *text);
/* Replaces calls of small functions by their bodies, and simplifies every function. */
void ir_inline(IrPackage *p);
void ir_simplify_func(const IrPackage *p, IrFunc *f);
bool ir_devirtualize(IrFunc *f);                      /* devirtualize.c, before inlining; true: there are new direct calls */
void ir_split_parts(const IrPackage *p, IrFunc *f);   /* parts.c, a step of simplification */
void ir_remove_checks(const IrPackage *p, IrFunc *f); /* checks.c, likewise */
void ir_simplify(IrPackage *p); /* removes unreachable blocks and redundant checks, promotes slots */
/* scratch.c: short strings that stay are made in the frame. Behind ir_regions. */
void ir_use_scratch(IrPackage *p);
/* boxes.c: integers in interfaces share static words. Behind ir_regions. */
void ir_share_boxes(IrPackage *p);
/* arenas.c: makes allocation from arenas inline. */
void ir_expand_arenas(IrPackage *p);
/* faults.c: in functions with recovery points, orders accesses that may fault and stores. The last pass. */
void ir_order_faults(IrPackage *p);
/* frames.c: reports the functions whose frame fits no stack. After simplification, which drops locals. */
void ir_check_frames(const IrPackage *p);

/* The symbol prefix of a package: "main" for the main package, otherwise its import path. */
const char *ir_pkg_prefix(const Package *p);

#endif
