/* abi.h: the contract between compiled code and the runtime: layouts, records, entry points. Included by both the
 * compiler (ir/, codegen/) and runtime/. Layouts of types and values are those that Go 1.23's reflect expects.
 *
 * Programs are linked static and non-PIE below 2 GiB, so "offsets" of names, types and code in descriptors
 * (NameOff, TypeOff, TextOff) are absolute 32-bit addresses; 0 means none, negative ones are made at run time.
 *
 * Calling convention of Goo functions: the C one of the platform, with these rules:
 *   - a parameter of slice type is passed as three scalars (pointer, length, capacity); all others by value;
 *   - the receiver of a method is the first parameter;
 *   - every closure body takes its environment, a pointer to the closure object, as an additional last parameter;
 *     calls through a function value always pass it, and functions that are no closures ignore it;
 *   - no result: void; one: returned by value (a slice as a struct of three words); several: a struct of them,
 *     laid out like a Go struct with these fields.
 * A function value is one word: a pointer to a closure object, whose first word is the code address. */
#ifndef GOO_ABI_H
#define GOO_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- values ---- */
typedef struct GoString { const uint8_t *ptr; int64_t len; } GoString;
typedef struct GoSlice { void *ptr; int64_t len, cap; } GoSlice;
typedef struct GoType GoType;
typedef struct GoItab GoItab;
typedef struct GoEface { const GoType *type; void *data; } GoEface;
typedef struct GoIface { const GoItab *tab; void *data; } GoIface;
typedef struct GoClosure { void *code; /* captures follow */ } GoClosure;
typedef struct GoMap GoMap;   /* opaque: runtime/map.c; len is the first word */
typedef struct GoChan GoChan; /* opaque; len and cap are the first two words */

/* ---- type descriptors (internal/abi) ---- */
enum GoKind {
    GK_INVALID, GK_BOOL, GK_INT, GK_INT8, GK_INT16, GK_INT32, GK_INT64, GK_UINT, GK_UINT8, GK_UINT16, GK_UINT32,
    GK_UINT64, GK_UINTPTR, GK_FLOAT32, GK_FLOAT64, GK_COMPLEX64, GK_COMPLEX128, GK_ARRAY, GK_CHAN, GK_FUNC,
    GK_INTERFACE, GK_MAP, GK_POINTER, GK_SLICE, GK_STRING, GK_STRUCT, GK_UNSAFE_POINTER,
    GK_MASK = 31, GK_DIRECT_IFACE = 32, GK_GC_PROG = 64,
};
enum GoTFlag { TF_UNCOMMON = 1, TF_EXTRA_STAR = 2, TF_NAMED = 4, TF_REGULAR_MEMORY = 8 };

struct GoType {
    uintptr_t size;
    uintptr_t ptr_bytes;      /* prefix that can hold pointers */
    uint32_t hash;
    uint8_t tflag, align, field_align, kind;
    GoClosure *equal;         /* bool(const void *p, const void *q, GoClosure *env); NULL: not comparable */
    const uint8_t *gcdata;    /* one bit a word of ptr_bytes, LSB first */
    int32_t str;              /* NameOff */
    int32_t ptr_to_this;      /* TypeOff or 0 */
};
typedef struct GoArrayType { GoType t; const GoType *elem, *slice; uintptr_t len; } GoArrayType;
typedef struct GoChanType { GoType t; const GoType *elem; int64_t dir; } GoChanType;
typedef struct GoFuncType { GoType t; uint16_t in_count, out_count; /* bit 15: variadic; then [uncommon], types */ } GoFuncType;
typedef struct GoImethod { int32_t name, type; } GoImethod;
typedef struct GoInterfaceType { GoType t; const uint8_t *pkg_path; GoImethod *methods; int64_t nmethods, cap; } GoInterfaceType;
enum GoMapFlag { MF_INDIRECT_KEY = 1, MF_INDIRECT_ELEM = 2, MF_REFLEXIVE = 4, MF_NEED_KEY_UPDATE = 8, MF_HASH_MIGHT_PANIC = 16 };
typedef struct GoMapType {
    GoType t;
    const GoType *key, *elem, *bucket;
    GoClosure *hasher;        /* uintptr_t(const void *key, uintptr_t seed, GoClosure *env) */
    uint8_t key_size, value_size;
    uint16_t bucket_size;
    uint32_t flags;
} GoMapType;
typedef struct GoPtrType { GoType t; const GoType *elem; } GoPtrType;
typedef struct GoSliceType { GoType t; const GoType *elem; } GoSliceType;
typedef struct GoStructField { const uint8_t *name; const GoType *type; uintptr_t offset; } GoStructField;
typedef struct GoStructType { GoType t; const uint8_t *pkg_path; GoStructField *fields; int64_t nfields, cap; } GoStructType;
/* The size of a descriptor of that kind: where the GoUncommon of a type with a name or methods follows. */
static inline int64_t abi_type_size(int kind) {
    switch (kind) {
    case GK_ARRAY: return sizeof(GoArrayType);
    case GK_CHAN: return sizeof(GoChanType);
    case GK_FUNC: return sizeof(GoFuncType);
    case GK_INTERFACE: return sizeof(GoInterfaceType);
    case GK_MAP: return sizeof(GoMapType);
    case GK_POINTER: return sizeof(GoPtrType);
    case GK_SLICE: return sizeof(GoSliceType);
    case GK_STRUCT: return sizeof(GoStructType);
    default: return sizeof(GoType);
    }
}

typedef struct GoUncommon { int32_t pkg_path; uint16_t mcount, xcount; uint32_t moff, unused; } GoUncommon;
typedef struct GoMethod { int32_t name, mtyp, ifn, tfn; } GoMethod;
/* Names: a flag byte (1 exported, 2 tag follows, 4 package path follows, 8 embedded), varint length, bytes,
 * [varint length, tag], [4-byte NameOff]. */

struct GoItab {
    const GoInterfaceType *inter;
    const GoType *type;
    uint32_t hash; /* copy of type->hash */
    uint32_t pad;
    void *fun[1];  /* as many as inter has methods; fun[0] == NULL: does not implement */
};

/* ---- capabilities (runtime/caps.def) ---- */
enum RtCap {
#define CAP(id, name, go, parent, scope, meaning) RT_CAP_##id,
#include "runtime/caps.def"
    RT_CAP_COUNT
};
enum RtCapScope { RT_SCOPE_NONE, RT_SCOPE_PATH, RT_SCOPE_NET, RT_SCOPE_EXEC, RT_SCOPE_ENV, RT_SCOPE_BYTES };
/* A set of capabilities without their scopes: bit n is capability n. */
typedef uint32_t RtCapMask;
enum {
    RT_CAPS_NONE = 0,
    RT_CAPS_FILE = 1u << RT_CAP_FILE_READ | 1u << RT_CAP_FILE_WRITE,
    RT_CAPS_NETWORK = 1u << RT_CAP_NETWORK_CONNECT | 1u << RT_CAP_NETWORK_LISTEN,
    RT_CAPS_PROCESS = 1u << RT_CAP_PROCESS_EXEC | 1u << RT_CAP_PROCESS_SIGNAL,
    RT_CAPS_ENV = 1u << RT_CAP_ENV_READ | 1u << RT_CAP_ENV_WRITE,
    RT_CAPS_MEMORY = 1u << RT_CAP_MEMORY_RAW | 1u << RT_CAP_MEMORY_BUDGET,
    RT_CAPS_TIME = 1u << RT_CAP_TIME_SET,
    RT_CAPS_SIGNAL = 1u << RT_CAP_SIGNAL_HANDLE,
    RT_CAPS_ALL = (1u << RT_CAP_COUNT) - 1,
};

/* A set of rights: an expression whose nodes are never changed (runtime/caps/caps.h). On the heap, or in the frame of
 * the block that it is in force in. */
typedef struct RtCaps {
    uint8_t kind;            /* RtCapsKind */
    bool on_frame;           /* `more` is its copy on the heap, once there is one */
    RtCapMask may;           /* capabilities it has, at least for some resources, at least at times */
    RtCapMask whole;         /* those it has for every resource, for good */
    const struct RtCaps *a, *b;
    void *more;
} RtCaps;

/* A block in which another set is in force (restrict, with), in the frame of its function, which is not inlined; linked
 * from the goroutine. A panic that leaves the block ends it. */
typedef struct RtCapsScope {
    struct RtCapsScope *prev;
    const RtCaps *saved;     /* the set outside */
    struct RtBudget *budget; /* the memory budget outside */
    const struct RtTry *inside; /* the try statement around it in the same function, or NULL */
    uintptr_t fp;            /* the function's frame pointer */
    RtCaps node;             /* the set inside */
} RtCapsScope;

/* ---- panics, defers, recovery (runtime/panic.c) ---- */

/* A deferred call: on the frame when the defer statement is in no loop, on the heap otherwise. */
typedef struct RtDefer {
    struct RtDefer *link; /* the one deferred before it in the same function */
    GoClosure *fn;        /* takes no arguments but its environment, returns nothing */
} RtDefer;

/* A try statement whose body is running, on the frame of its function: the closure object of the matcher, which a panic
 * calls to ask whether a clause fits, begins with it. */
typedef struct RtTry {
    GoClosure matcher;
    struct RtTry *outer;  /* the one around it in the same function */
} RtTry;

/* What a function with recovery points (try and defer statements) keeps on its frame. Nothing is registered anywhere:
 * panics find it by the frame pointer and the function's RtRecovery. Control comes back to the function after a panic
 * was recovered: to where try statement number `point` goes on, or, point 0, to where the rest of the deferred calls
 * is made and the result variables are returned. */
typedef struct RtFrame {
    RtTry *tries;         /* innermost first; panics take off what they have asked */
    RtDefer *defers;      /* the last one first; whoever makes a call takes it off */
    int64_t point;        /* set by the runtime before control comes back, as what follows: */
    int64_t clause;       /* of that try statement, from 1 */
    GoIface err;          /* what the clause recovers */
} RtFrame;

/* Where the RtFrame of a function is and where control comes back to, relative to its frame pointer. GCC knows; the
 * function tells the runtime when it is called with rt_asking set, and does nothing else then (runtime/recovery.c). All
 * activations have the same: frames hold nothing of variable size and are aligned to 16 bytes. */
typedef struct RtRecovery {
    uint32_t label;       /* code address; 0: nobody has asked yet. Stored last */
    int32_t frame;        /* of the RtFrame */
    int32_t fp, sp;       /* what __builtin_longjmp loads */
    int32_t kinds;        /* RtRecoveryKind: which lists the RtFrame has; others are not even empty */
} RtRecovery;
enum RtRecoveryKind { RK_TRIES = 1, RK_DEFERS = 2 };
extern __thread void **rt_asking __attribute__((tls_model("local-exec")));

/* The closure to defer for `defer recover()`. */
extern const GoClosure rt_recover_deferred;

/* What compiled code touches of a goroutine; the runtime's own struct starts with it. */
typedef struct RtG {
    void *panic;     /* innermost panic in progress (RtPanic), or NULL */
    struct RtArenaFrame *arenas; /* the arena blocks that it is in, innermost first */
    RtCapMask lacks; /* capabilities that it does not have for every resource: what a check looks at first */
    const RtCaps *caps; /* its rights; NULL: all of them */
    RtCapsScope *scope; /* the innermost block with a set of its own */
    struct RtMapWrite *writes; /* the writes to maps that it is in the middle of, innermost first (runtime/map.h) */
} RtG;
/* The running goroutine, in thread-local storage. Compiled code reads it directly, never takes its address. */
extern __thread RtG *rt_g __attribute__((tls_model("local-exec")));

/* ---- arenas (runtime/mem) ---- */

typedef struct RtArena RtArena;
/* A mem.Arena: the record is made at the first allocation, where it is NULL. */
typedef struct GoArena { RtArena *record; } GoArena;
typedef struct RtPool RtPool;
typedef struct GoPool { RtPool *pool; } GoPool; /* a mem.Pool */
/* Where compiled code finds in a record what it allocates from: for objects without pointers and with, where the next one
 * begins and where the last one must end, and the one goroutine that may do so. */
enum { RT_ARENA_LANE = 16, RT_ARENA_NEXT = 0, RT_ARENA_END = 8, RT_ARENA_OWNER = 32 };
/* How its memory is released: a constant operand of rt_arena_end. Proven: nothing refers to it any more. */
enum RtRelease { RR_GUARDED, RR_PROVEN };
/* An arena block, in the frame of its function, which is not inlined. A panic that leaves the function ends it. */
typedef struct RtArenaFrame {
    struct RtArenaFrame *outer;
    const RtTry *inside; /* the try statement around it in the same function, or NULL */
    uintptr_t fp;        /* the function's frame pointer */
    RtArena *arena;
    uintptr_t began; /* return address of rt_arena_begin */
} RtArenaFrame;

/* ---- the function table (section goo_funcs; sorted by the runtime at first use) ---- */
enum RtFuncFlag {
    RF_WRAPPER = 1,   /* compiler-made method wrapper or defer thunk: left out of traces, looked through by recover */
    RF_RUNTIME = 2,   /* part of the runtime */
    RF_LIBRARY = 4,   /* its source is Go's or Goo's library's */
};
typedef struct RtCallSite {
    uint32_t pc_off; /* return address - entry */
    uint32_t line;   /* of the call, in the innermost function that the call site belongs to */
    uint32_t inl;    /* absolute address of that function's RtInline when it was inlined here, else 0 */
} RtCallSite;
/* One inlined activation: a frame that traces show although the machine has none. */
typedef struct RtInline {
    uint32_t name, file;  /* of the inlined function: NUL-terminated strings, absolute addresses */
    uint32_t line;        /* of its func keyword */
    uint32_t flags;       /* RtFuncFlag */
    uint32_t call_line;   /* where it was called, in the function around it: */
    uint32_t outer;       /* absolute address of that one's RtInline, or 0: the RtFunc itself */
    /* name 0: no activation, but says that the line of the call site or call that refers to it is in another file than
     * the function around it, by a //line directive; outer is that function. */
} RtInline;
typedef struct RtFunc {
    uint32_t entry, end;  /* code range, absolute addresses */
    uint32_t name, file;  /* NUL-terminated strings, absolute addresses */
    uint32_t line;        /* of the func keyword */
    uint32_t flags;       /* RtFuncFlag */
    uint32_t sites;       /* RtCallSite array sorted by pc_off, absolute address */
    uint32_t nsites;
    uint32_t recovery;    /* RtRecovery of a function with recovery points, absolute address; else 0 */
} RtFunc;

/* ---- the program (emitted with the main package) ---- */
typedef struct RtProgram {
    void (*const *inits)(void); /* initialisers of all packages, dependencies first */
    int64_t ninits;
    void (*main)(void);
    const char *ceiling; /* the rights that main requires, as text (caps/parse.c); NULL: it does not say */
    const char *policy;  /* ... and those that it was built with; NULL: all */
    void (*sandbox)(void); /* rt_sandbox or rt_sandbox_strict; NULL: none */
    bool is_test;          /* made by goo test: testing.Testing */
} RtProgram;
extern const RtProgram goo_program;
void rt_sandbox(void), rt_sandbox_strict(void); /* caps/sandbox.c: hand the ceiling to the kernel */

/* ---- strings: bytes of the buffers in frames for those that stay there (ir/scratch.c), as in Go ---- */
enum { RT_SCRATCH = 32 };

/* ---- range over functions: what the loop body, as a function, knows of its loop ---- */
typedef enum RtRangeState {
    RS_DONE,    /* the body asked to stop */
    RS_READY,   /* it may be called */
    RS_RUNNING, /* it has been entered; seen from outside: it panicked */
    RS_EXITED,  /* the iterator function has returned */
    RS_LOST_PANIC, /* the iterator function swallowed the body's panic */
} RtRangeState;

/* ---- map iteration: 96 bytes, in the frame of the ranging function (layout of reflect's hiter) ---- */
typedef struct RtMapIter {
    void *key;  /* NULL: end */
    void *elem;
    const GoType *type;
    void *priv[5];
    uint64_t priv_scalar[4];
} RtMapIter;
_Static_assert(sizeof(RtMapIter) == 96, "reflect's hiter");

/* ---- select statements (runtime/sync/select.c) ---- */

/* One case, in the frame of the selecting function, which fills in the first two words. Sends come before receives. */
typedef struct RtCase {
    GoChan *chan;  /* NULL: never ready */
    void *elem;    /* what to send, or where to receive (NULL: nowhere) */
    void *priv[5]; /* the runtime's record of the goroutine waiting for it */
} RtCase;
/* What select and non-blocking receives return: the number of the case that happened, doubled, plus 1 if something was
 * received; RT_NO_CASE when none could happen at once. */
enum { RT_NO_CASE = -2 };

/* ---- entry points ---- */
/* A pointer and a bool: what comma-ok entry points return. */
typedef struct GoPB { void *p; bool ok; } GoPB;
#define RT(name, rcode, pcodes, rtype, params) rtype name params;
#include "runtime/entry.def"

/* What a shape letter of entry.def means, for the code generator. */
/* v void, b bool (uint8), w int32, i int64 or uintptr, p pointer, d float64, f float32, s GoString, e GoEface/GoIface,
 * l slice (as parameter three scalars, as result a struct), z GoPB (pointer and bool), c complex128, n does not return */
#endif
