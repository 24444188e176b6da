/* lower.h: the inside of lowering, shared by the lower_*.c files, typedesc.c, wrappers.c, algs.c and staticdata.c.
 *
 * Lowering walks the checked tree of each function once and emits IR through a Builder. Inside generic code the
 * Builder carries a substitution, so one tree gives one body per instantiation: never read node->type directly,
 * always lw_type_of(b, node). Objects of the tree map to places through the builder's variable table.
 *
 * Order of evaluation: calls, receives and logical operators in source order, as the specification demands; a
 * value that a later operand's side effect could change is copied into a local first (lw_snapshot). */
#ifndef GOO_LOWER_H
#define GOO_LOWER_H

#include "ir/ir.h"

/* Where a value lives. */
typedef enum PlaceKind {
    PL_BLANK, /* _ */
    PL_LOCAL, /* a whole IR local */
    PL_MEM,   /* memory at base + off; base is an address (IV_LOCAL pointer, IV_SLOT or IV_SYM) */
    PL_MAP,   /* m[k]: base is the map, key is in key */
} PlaceKind;
typedef struct Place {
    uint8_t kind;
    bool checked;  /* PL_MEM: base is known not to be nil */
    bool boxed;    /* PL_MEM: a variable in a box of its own, off is 0: closures share it by keeping base */
    Type *type;    /* of the value */
    IrVal base;
    int64_t off;
    int local;     /* PL_LOCAL */
    Type *map;     /* PL_MAP */
    IrVal key;
} Place;

/* A jump target of break, continue, goto. */
typedef struct Target {
    struct Target *outer;
    Node *stmt;            /* the statement (or ND_LABELED for goto) it belongs to */
    IrBlock *break_to, *continue_to;
    IrBlock *fall_to;      /* in a switch clause: the body of the next one */
    bool broken;           /* something jumps to break_to */
} Target;

typedef struct Lower {
    IrPackage *p;
    Sema *s;
    Arena *arena;
    /* types used everywhere, canonical */
    Type *t_bool, *t_int, *t_int32, *t_int64, *t_uint8, *t_uint32, *t_uint64, *t_uintptr, *t_float32, *t_float64;
    Type *t_string, *t_ptr /* unsafe.Pointer */, *t_eface /* interface{} */, *t_bytes, *t_runes;
    Type *t_complex128;
    Type *t_found;         /* what look-ups in maps return; see lw_found_type */
    VEC(struct LowerJob { void (*run)(struct Lower *, void *); void *arg; }) jobs; /* wrappers, instances, algs: run until empty */
    PtrMap type_syms;      /* canonical Type* -> IrSym* of its descriptor */
    PtrMap wrappers;       /* IrSym* -> itself: compiler-made functions already queued */
    PtrMap instances;      /* IrSym* -> itself: instantiations already queued */
    PtrMap pointers;       /* canonical Type* -> canonical pointer to it */
    PtrMap intrinsics;     /* intrinsics.c: Name* of a symbol -> const IrIntrinsicInfo*, once it was needed */
    PtrMap var_syms;       /* Object* of a package variable -> IrSym* */
    PtrMap initial;        /* Object* of a package variable -> IrData*, its initial value, when that is static */
    unsigned guards;       /* functions of limited imports that became values so far */
    int init_closures;     /* function literals in package variables' initialisers so far */
    int static_temps;      /* anonymous variables behind static data so far */
} Lower;

/* A defer statement that runs at most once: address of its record, and the closure. */
typedef struct DeferSite { IrVal record, fn; } DeferSite;

typedef struct TryScope TryScope;       /* lower_try.c */
typedef struct RightsScope RightsScope; /* lower_rights.c */

/* The allocator behind @, for the allocation that node makes. */
typedef struct LwAt {
    const Node *node;
    bool is_arena;     /* data is a *mem.Arena, tab is nil */
    bool is_pool;      /* its type is a *mem.Pool */
    IrVal data, tab;   /* a mem.Allocator */
    const struct LwAt *outer;
} LwAt;

typedef struct Builder {
    Lower *l;
    IrFunc *f;
    IrBlock *cur;          /* NULL after a terminator: code there is unreachable and not emitted */
    Pos pos;               /* of the statement or expression being lowered; stamped on instructions */
    const TypeEnv *env;    /* substitution in an instantiation, or NULL */
    FuncInfo *info;        /* NULL in compiler-made functions */
    Package *pkg;          /* whose tree is lowered: where instances are recorded */
    const char *name_prefix; /* what stands before the number in the symbols of literals: "main.f.func", "main.f.func1." */
    int *closure_count;
    int thunk_count, range_count;
    PtrMap vars;           /* Object* -> Place* */
    Target *targets;
    int loop_depth;
    IrVal frame_ptr;       /* address of the RtFrame that defer statements add to, when the function has any */
    int own_frame;         /* slot of the function's own RtFrame, or -1 */
    IrSym *recovery;       /* its RtRecovery, when there is a frame */
    int try_count;         /* try statements so far */
    IrBlock *exit;         /* where returns go when the function has defers, else NULL */
    IrBlock *recovered;    /* where control comes back to after a deferred call recovered */
    VEC(DeferSite) defers; /* statements whose records are on the frame, in source order */
    bool other_defers;     /* there are more deferred calls than those */
    Place *results; int nresults; /* result variables */
    int result_tuple;      /* local that several results are returned in, or -1 */
    int env_local;         /* closure environment, or -1 */
    PtrMap labels;         /* ND_LABELED -> IrBlock*: targets of goto */
    PtrMap types;          /* Type* of the tree -> substituted canonical type, when env is set */
    TryScope *tries;       /* the try statements and arena blocks whose bodies are being lowered, innermost first */
    const LwAt *at;        /* the allocator that waits to be taken, or NULL */
    RightsScope *rights;   /* the blocks with rights of their own that are being lowered, innermost first */
    struct RangeBody *range_body; /* lower_rangefunc.c: the loop whose body this function is, or NULL */
    PtrMap ready;          /* Node* -> IrVal*: calls evaluated ahead of the expression they stand in, see lw_order */
    const Node *boxing;    /* the expression that is being converted to an interface, or NULL */
    IrInstr scratch;       /* where lw_emit writes in dead code */
} Builder;

/* ---- lower.c: builders and emission ---- */
Builder *lw_builder(Lower *l, IrFunc *f, const TypeEnv *env);
IrInstr *lw_emit(Builder *b, IrOp op);                     /* appends; dead code goes nowhere visible */
IrVal lw_temp(Builder *b, IrOp op, Type *result, Type *type, IrVal a, IrVal bb); /* dst = op a, b into a fresh local */
int lw_new_temp(Builder *b, Type *t);
IrVal lw_test(Builder *b, IrOp op, IrVal x, IrVal y);        /* IR_EQ to IR_GE of two scalars of x's type: a bool */
IrVal lw_not_nil(Builder *b, IrVal pointer);
IrVal lw_load(Builder *b, Type *t, IrVal addr, int64_t off);   /* no nil check */
void lw_store(Builder *b, Type *t, IrVal addr, int64_t off, IrVal v);
void lw_copy(Builder *b, int dst, IrVal v);
IrVal lw_snapshot(Builder *b, IrVal v);                    /* into a fresh local unless constant or single-assigned temporary */
void lw_jump(Builder *b, IrBlock *to);
void lw_branch(Builder *b, IrVal cond, IrBlock *yes, IrBlock *no);
void lw_start(Builder *b, IrBlock *block);                 /* continue emitting in block; what is open falls through into it */
void lw_unreachable(Builder *b);
void lw_set_off(Builder *b, int64_t off);                  /* of the instruction emitted last */
void lw_ret(Builder *b, IrVal v);                          /* IR_RET: leaves without running defers */
void lw_finish(Builder *b);                                /* completes the function: call once at its end */
void lw_not_yet(Builder *b, const Node *n, const char *what); /* reports "what is not supported yet" */
IrVal lw_rt(Builder *b, RtEntry e, Type *result, IrVal *args, int n); /* runtime call; result NULL: none; arguments of slice type spread */
#define LW_RT(b, e, result, ...)                                                                              \
    lw_rt((b), RTE_##e, (result), (IrVal[]){__VA_ARGS__}, (int)(sizeof((IrVal[]){__VA_ARGS__}) / sizeof(IrVal)))
void lw_defer_job(Lower *l, void (*run)(Lower *, void *), void *arg);

/* ---- lower_types.c ---- */
Type *lw_subst(Lower *l, Type *t, const TypeEnv *env);     /* substituted (env may be NULL) and canonical */
Type *lw_type(Builder *b, Type *t);                        /* substituted and canonical */
Type *lw_type_of(Builder *b, const Node *n);
Type *lw_ptr_to(Lower *l, Type *t);                        /* canonical *T */
Type *lw_under(Lower *l, Type *t);
bool lw_is_direct_iface(Lower *l, Type *t);                /* its value is the interface's data word */
bool lw_is_eface(Lower *l, Type *iface);                   /* interface without methods */
int64_t lw_tuple_off(Lower *l, Type *tuple, int i);        /* offset of the i-th of several results */
Type *lw_sig_result(Lower *l, Type *sig);                  /* of a substituted signature: NULL, a type, or a tuple; canonical */
bool lw_is_scalar(Lower *l, Type *t);                      /* fits one register: numbers, bools, pointers, maps, chans, funcs */

/* ---- uses.c: what sets of capabilities follow from ---- */
void lw_use_call(Builder *b, IrSym *sym, const Node *call);
void lw_use_value(Builder *b, IrSym *code, const Node *made_by); /* made_by: the expression, or NULL */
void lw_use_conversion(Builder *b, Type *t, Type *iface);
void lw_use_var(Builder *b, const Object *v, IrSym *sym);
void lw_use_need(Builder *b, const CapAttr *attr);               /* attr NULL: nothing */
void lw_use_func_type(Builder *b, const Node *n);                /* calls the value of n, of function type */
void lw_use_unsafe(Builder *b);
/* The same for static data: b is where it is used, NULL for package variables. */
void lw_use_static(Lower *l, Builder *b, IrUse use);
bool lw_has_sink(Builder *b, Package *pkg, const Node *n);       /* n is made for a type with attributes */

/* ---- lower_func.c, closures: lower_closure.c, defers: lower_defer.c ---- */
void lw_func(Lower *l, FuncInfo *info, const TypeEnv *env, IrSym *sym, IrLinkage linkage);
IrVal lw_func_lit(Builder *b, Node *n);                    /* the closure object */
IrVal lw_closure_of(Builder *b, Node *func_lit, bool on_frame); /* likewise, as a plain pointer */
IrSym *lw_literal_sym(Lower *l, Package *pkg, Node *n);    /* code of a literal outside functions, which captures nothing */
/* Closure objects: struct { F uintptr; X0 ...; X1 ... }, canonical. on_frame: known not to outlive the frame; otherwise
 * escape analysis finds out. what: the literal or method value, or NULL. */
Type *lw_closure_type(Lower *l, Type *const *captures, int n);
IrVal lw_new_closure(Builder *b, const Node *what, IrSym *code, const IrVal *captures, int n, bool on_frame, const LwAt *at);
IrVal lw_captured(Builder *b, Type *closure_type, int i);  /* in the closure's body: the i-th captured value */
IrFunc *lw_thunk(Builder *b, const char *suffix, Type *result, Builder **body); /* a new function (environment) result (NULL: none) named after b's */
IrSym *lw_declared_sym(Lower *l, Object *func);            /* function or method of a type without type parameters */
IrSym *lw_init_func_sym(Lower *l, int i);                  /* the package's i-th func init: "main.init.0" */
IrSym *lw_func_sym(Lower *l, Object *func, const TypeVec *targs); /* declared function or instantiation (queued) */
IrSym *lw_method_sym(Lower *l, Type *recv, Object *method);       /* method of a named type or instance, direct receiver as declared */
IrSym *lw_static_closure(Lower *l, IrSym *code);           /* the closure object of a plain function */
IrVal lw_func_value(Builder *b, IrSym *code, const Node *made_by); /* static closure object of a plain function; made_by: the expression, or NULL */
void lw_declare_var(Builder *b, Object *v, IrVal init);    /* new variable: local, or box when captured or address-taken; init NONE: zero */
Place lw_new_var(Builder *b, Object *v, bool *is_zero);    /* as lw_declare_var, to be initialised by the caller */
Place lw_var_place(Builder *b, Object *v);
Place lw_new_boxed_var(Builder *b, Object *v);             /* a new zero variable in a box, whatever is known of its uses */
Place lw_bind_box(Builder *b, Object *v, Type *t, IrVal address); /* v is the variable of type t in the box at address */
Place lw_bind_local(Builder *b, Object *v, Type *t, int local);
Place lw_bind_place(Builder *b, Object *v, Place p);
bool lw_per_iteration_vars(Lower *l, Pos pos);             /* go1.22's loop variables hold in the file */
Builder *lw_begin_func(Lower *l, FuncInfo *info, const TypeEnv *env, IrSym *sym, IrLinkage linkage, bool has_env);
void lw_func_body(Builder *b);                             /* after lw_begin_func: everything behind the parameters */
void lw_need_results(Builder *b);                          /* makes the result variables, unless they are there */
IrVal *lw_returned_values(Builder *b, NodeList *list);     /* of a return statement, converted to the result types */
void lw_store_results(Builder *b, IrVal *values, int n);
void lw_return_error(Builder *b, IrVal err);               /* return with zero results and err as the last one */
IrVal lw_make_tuple(Builder *b, Type *tuple, const IrVal *values, int n);
void lw_leave_func(Builder *b);                            /* returns the result variables, deferred calls first */
void lw_defer_stmt(Builder *b, Node *n);
/* The call, operands evaluated, as a closure without parameters, for defer and go: lower_go.c. */
IrVal lw_later_call(Builder *b, Node *call, const char *suffix, bool on_frame);
void lw_go_stmt(Builder *b, Node *n);
IrVal lw_go_expr(Builder *b, Node *n);                     /* go f() as a value: a *task.Of */
IrVal lw_own_frame(Builder *b);                            /* address of the function's RtFrame */
/* A recovery point begins: goes on in a new block, or in recovered when control comes back to that point. */
void lw_recovery_point(Builder *b, int64_t point, IrBlock *recovered);
void lw_enter_frame(Builder *b);                           /* at the start of a function with defer statements */
void lw_leave_frame(Builder *b, IrBlock *ret);             /* its exits: run what was deferred, then go to ret */
void lw_return(Builder *b, Node *n);
void lw_branch_out(Builder *b, Node *n);                   /* break, continue, goto, fallthrough */

/* ---- lower_stmt.c, lower_assign.c, lower_switch.c, lower_range.c ---- */
void lw_stmt(Builder *b, Node *n);
void lw_stmts(Builder *b, NodeList *list);
void lw_assign_stmt(Builder *b, Node *n);
void lw_incdec(Builder *b, Node *n);
void lw_var_decl(Builder *b, Node *gen_decl);
/* Evaluates a list that stands for n values (n expressions, or one call with n results), converting the i-th to
 * types[i] (NULL: not at all). All values are stable. Calls come first, as Go's compiler orders them. */
IrVal *lw_values(Builder *b, NodeList *list, Type *const *types, int n);
IrVal *lw_right_values(Builder *b, Node *rhs, Type *const *types, int n); /* of one expression for n > 1: a call, or comma-ok */
IrVal *lw_tuple_values(Builder *b, Node *call, Type *const *types, int n); /* the results of one call, likewise */
/* lhs... = values, or lhs... := values; types[i] is the type of values[i]. */
void lw_assign_values(Builder *b, Node **lhs, int n, IrVal *values, Type *const *types, bool define);
void lw_switch(Builder *b, Node *n);
/* An IR_SWITCH on the integer v. values and targets, n of them, are kept. */
void lw_switch_on(Builder *b, IrVal v, int64_t *values, IrBlock **targets, int n, IrBlock *otherwise);
void lw_type_switch(Builder *b, Node *n);
void lw_range(Builder *b, Node *n);
bool lw_cannot_jump_in(Builder *b);                        /* no goto leads into dead code */
Target *lw_push_target(Builder *b, Node *stmt, IrBlock *break_to, IrBlock *continue_to);
void lw_pop_target(Builder *b);

/* Branches on whether x, of the interface type iface, has dynamic type t or implements the interface t. */
void lw_branch_if_type(Builder *b, IrVal x, Type *iface, Type *t, IrBlock *yes, IrBlock *no);

/* ---- lower_chan.c, lower_select.c ---- */
IrVal lw_receive(Builder *b, Node *n, IrVal *ok);          /* <-c; ok NULL: not wanted */
void lw_send(Builder *b, Node *n);
/* What a communication passes to the runtime: the address of a fresh slot that holds v, to send ... */
IrVal lw_send_slot(Builder *b, IrVal v);
/* ... or of one to receive a t in; nil for values without size. */
IrVal lw_receive_slot(Builder *b, Type *t);
IrVal lw_received(Builder *b, Type *t, IrVal slot);        /* what was received there */
void lw_select_stmt(Builder *b, Node *n);

/* ---- lower_rights.c ---- */
void lw_restrict(Builder *b, Node *n);
void lw_with(Builder *b, Node *n);
void lw_leave_rights(Builder *b, const Node *target);      /* those of the blocks that are not around target */
bool lw_enter_go_caps(Builder *b, Node *go, IrVal *record); /* go @caps: the rights to start the goroutine with; false: none */
void lw_leave_go_caps(Builder *b, IrVal record);
IrVal lw_rights_record(Builder *b);                        /* the address of a new RtCapsScope in the frame */
void lw_leave_record(Builder *b, IrVal record);            /* what was in force before it is in force again */

/* ---- lower_allow.c ---- */
const CapAllow *lw_allow_of(const Lower *l, const Package *pkg, const Node *fun); /* of the import that declares fun; NULL: no limit */
IrVal lw_enter_allow(Builder *b, const CapAllow *allow);   /* returns the record, for lw_leave_record */
/* Limits of the initialisers of all the packages, and entering those of one: returns how many records, outermost first. */
PtrMap lw_init_limits(Lower *l, Package **all, int n);
int lw_enter_limits(Builder *b, const PtrMap *limits, const Package *p, IrVal **records);

/* ---- lower_try.c ---- */
void lw_try(Builder *b, Node *n);
IrVal lw_propagate(Builder *b, Node *n);                   /* f()? */
IrVal lw_else_expr(Builder *b, Node *n);                   /* f() else ... */
void lw_arena(Builder *b, Node *n);
/* Leaves the blocks that are not around target (NULL: all): unlinks try statements, ends arenas, restores rights. */
void lw_leave_tries(Builder *b, const Node *target);
IrVal lw_innermost_try(Builder *b);                        /* of the function: its RtTry, or nil */

/* ---- lower_at.c ---- */
IrVal lw_at_expr(Builder *b, Node *n);                     /* x @ a */
const LwAt *lw_take_at(Builder *b, const Node *n);         /* the allocator for what n allocates, or NULL */
IrVal lw_new_at(Builder *b, Type *t, const LwAt *at);      /* lw_new from there */
/* A call of one of two entries: the latter takes the allocator as well. */
IrVal lw_rt_at(Builder *b, RtEntry plain, RtEntry directed, Type *result, const IrVal *args, int n, const LwAt *at);
#define LW_RT_AT(b, e, result, at, ...)                                                                       \
    lw_rt_at((b), RTE_##e, RTE_##e##_at, (result), (IrVal[]){__VA_ARGS__}, (int)(sizeof((IrVal[]){__VA_ARGS__}) / sizeof(IrVal)), (at))
IrVal lw_begin_arena(Builder *b, Node *n, IrVal inside);   /* enters an arena block; gives its RtArenaFrame. inside: RtTry or nil */
void lw_end_arena(Builder *b, IrVal frame);

/* ---- lower_rangefunc.c ---- */
Builder *lw_range_outer(const Builder *b);                 /* of the function around the loop whose body b lowers, or NULL */
void lw_range_func(Builder *b, Node *n);
bool lw_in_range_body(Builder *b, const Node *labeled);    /* the label stands in the body that b lowers */
void lw_range_body_return(Builder *b);                     /* leaves it to return from the function; results are stored */
void lw_range_body_leave(Builder *b, Node *n);             /* a branch to a statement outside it */

/* ---- lower_order.c ---- */
/* Whether evaluating n may change variables: a call of a function, a receive. */
bool lw_has_calls(const Node *n);
/* Evaluates the calls inside n (and what else gc evaluates at once) in order and keeps the results: the next
 * lw_expr, lw_place ... of n finds them and reads the variables of n only then. Where an operand is followed by
 * others with calls, that is how gc orders things: lw_order all operands, then lower them. */
void lw_order(Builder *b, Node *n);
/* lw_order for the operands of one operation (NULLs allowed), unless no operand but the first has calls. */
void lw_order_list(Builder *b, Node **list, int n);
IrVal *lw_take_ready(Builder *b, Node *n);                 /* the result kept for n, or NULL */

/* ---- lower_expr.c, lower_place.c, lower_cond.c ---- */
IrVal lw_expr(Builder *b, Node *n);                        /* constants included; a tuple for multi-value calls */
void lw_expr_into(Builder *b, Node *n, Place to, bool to_is_zero); /* composite literals and calls build in place */
IrVal lw_expr_as(Builder *b, Node *n, Type *to);           /* then converted for assignment to type to */
void lw_effects(Builder *b, Node *n);                      /* evaluate, drop the value */
Place lw_place(Builder *b, Node *n);                       /* evaluates operands once; checks nil and bounds */
Place lw_place_of_value(Builder *b, IrVal v);              /* the value put into a local */
IrVal lw_read(Builder *b, Place p);
void lw_write(Builder *b, Place p, IrVal v);
IrVal lw_addr(Builder *b, Place p);                        /* PL_MEM and PL_LOCAL (makes a slot) */
Place lw_field(Builder *b, Place p, Type *struct_type, int field);
void lw_cond(Builder *b, Node *n, IrBlock *yes, IrBlock *no);
IrVal lw_const(Builder *b, const ConstVal *v, Type *t);
IrVal lw_binary(Builder *b, TokKind op, Type *t, IrVal x, IrVal y, Type *y_type); /* arithmetic and shifts of Go type t */
IrVal lw_compare(Builder *b, TokKind op, Type *t, IrVal x, IrVal y);              /* both of type t */
/* Comma-ok forms (map index, type assertion, receive): value and ok. */
void lw_comma_ok(Builder *b, Node *n, IrVal *value, IrVal *ok);
/* What only the files on expressions use of each other. */
IrVal lw_retype(IrVal v, Type *t);                         /* the same bits as a value of type t (same layout) */
IrVal lw_offset(Builder *b, IrVal addr, int64_t off, Type *pointer_type);
IrVal lw_elem_addr(Builder *b, IrVal base, IrVal index, int64_t size, Type *pointer_type); /* base + index * size */
IrVal lw_value_addr(Builder *b, IrVal v);                  /* of a slot that holds v */
Place lw_mem(Type *t, IrVal base, bool checked);           /* *base */
Place lw_peek_place(Builder *b, Node *n);                  /* lw_place that must be used before variables change */
Place lw_place_check(Builder *b, Place p);                 /* with the nil check made */
Place lw_walk_field(Builder *b, Place p, int field);       /* p.field; follows p first when it is a pointer */
IrVal lw_read_word(Builder *b, Place p, Type *t, int64_t off); /* a part of the value at p */
IrVal lw_slice_expr(Builder *b, Node *n);
IrVal lw_index_value(Builder *b, Node *n, bool *is_unsigned); /* as an int */
Type *lw_array_of(Lower *l, Type *elem, int64_t n);        /* canonical [n]elem */
Type *lw_slice_of(Lower *l, Type *elem);
Type *lw_elem(Lower *l, Type *t);                          /* canonical element of a pointer, slice, array, chan or map */
int64_t lw_size(Builder *b, Type *t);
IrVal lw_new(Builder *b, Type *t);                         /* IR_NEW: *t */
void lw_allocates(Builder *b, const Node *n);              /* the instruction emitted last allocates for expression n (or NULL) */
void lw_allocates_as(Builder *b, IrAlloc what);            /* the same in all detail */
IrVal lw_select(Builder *b, IrVal cond, IrVal x, IrVal y); /* scalars */
IrVal lw_binary_expr(Builder *b, Node *n);
/* The operations of the chain that n ends, without those that are constant: the first operand may be one. */
NodeList lw_chain(Builder *b, Node *n);
IrVal lw_unary(Builder *b, TokKind op, Type *t, IrVal x);
IrVal lw_bool_value(Builder *b, Node *n);                  /* of a condition that needs control flow */
/* Branches on the comparison expression n, or on x op y where both are of type t. */
void lw_compare_nodes(Builder *b, Node *n, IrBlock *yes, IrBlock *no);
void lw_equal_branch(Builder *b, Type *t, IrVal x, IrVal y, IrBlock *yes, IrBlock *no);
IrVal lw_concat(Builder *b, Node *n);
IrVal lw_concat_values(Builder *b, Type *t, IrVal *parts, int n, const LwAt *at);
IrVal lw_to_string(Builder *b, IrVal v, Type *from, const LwAt *at);       /* from a string, slice of bytes or runes, or an integer */
IrVal lw_string_to_slice(Builder *b, IrVal v, Type *to, const LwAt *at);
bool lw_is_bytes(Builder *b, Type *t);
Node *lw_converted(Node *n);                               /* the operand, if n is a conversion and no constant; or NULL */
IrVal lw_string_peek(Builder *b, Node *n);                 /* a string for immediate use: string(bytes) is not copied */
IrVal lw_iface_word(Builder *b, Type *t, Type *iface);     /* first word of an interface that holds a t */
IrVal lw_const_iface(Builder *b, const ConstVal *v, Type *t, Type *iface); /* the constant v of type t boxed */
IrSym *lw_const_box(Lower *l, IrVal v);                    /* static word that holds an IV_INT or IV_FLOAT */
IrSym *lw_zero_box(Lower *l, int64_t size);                /* static zero bytes */
IrVal lw_complex_part(Builder *b, IrVal v, Type *t, int i); /* 0: real, 1: imaginary */
Type *lw_complex_elem(Lower *l, Type *t);                  /* float32 or float64 */
IrVal lw_nil_word(Builder *b, IrVal v, Type *t);           /* the word that decides whether v is nil */
Place lw_map_slot(Builder *b, Place p);                     /* a map's element as memory, made if it is missing */
IrVal lw_map_key(Builder *b, Place p);                     /* the key's address */
Type *lw_found_type(Lower *l);                             /* tuple (unsafe.Pointer, bool): the result of map look-ups */
/* A method found by x.M, in terms of the substituted type of x. */
Selection *lw_selection(Builder *b, Node *selector);
Instance *lw_instance(Builder *b, Node *fun);
IrSym *lw_static_func(Builder *b, Node *fun);              /* the function that fun names, or NULL */

/* Parts of aggregates held in a value. */
IrVal lw_part(Builder *b, IrVal v, Type *part, int64_t off);
IrVal lw_str_ptr(Builder *b, IrVal s), lw_str_len(Builder *b, IrVal s);
IrVal lw_slice_ptr(Builder *b, IrVal s), lw_slice_len(Builder *b, IrVal s), lw_slice_cap(Builder *b, IrVal s);
IrVal lw_make2(Builder *b, Type *t, IrVal w0, IrVal w1);   /* string, interface, complex from two words */
IrVal lw_make_slice(Builder *b, Type *t, IrVal ptr, IrVal len, IrVal cap);
void lw_nil_check(Builder *b, IrVal p);

/* ---- lower_call.c, lower_builtin.c ---- */
/* Results of a call: NONE, one value, or a local of tuple type (parts through lw_tuple_part). */
IrVal lw_call(Builder *b, Node *n);
IrVal lw_builtin(Builder *b, Node *n);
IrVal lw_tuple_part(Builder *b, IrVal tuple, int i);
/* A call prepared and not yet made: for defer and go. */
typedef struct PreparedCall { IrSym *sym; IrVal code; IrVal *args; Type **params; int nparams; Type *result; bool has_env; Node *builtin; const Node *node; /* the call, or NULL */ const CapAllow *allow; /* whose rights it is made with, or NULL */ } PreparedCall;
PreparedCall *lw_prepare_call(Builder *b, Node *n);        /* evaluates function and arguments */
IrVal lw_make_call(Builder *b, const PreparedCall *pc);
bool lw_intrinsic(Builder *b, const PreparedCall *pc, IrVal *result); /* intrinsics.c: false: an ordinary call */
/* The same for the builtins that are statements. */
PreparedCall *lw_prepare_builtin(Builder *b, Node *n);
IrVal lw_apply_builtin(Builder *b, const PreparedCall *pc);
Object *lw_library_func(Lower *l, const char *path, const char *name); /* of a package of Goo's library */
IrVal lw_call_declared(Builder *b, Object *func, const TypeVec *targs, IrVal *args, int n); /* func[targs](args) */
IrVal lw_func_object_value(Builder *b, Node *name);        /* a declared function as a value */
IrVal lw_method_value(Builder *b, Node *selector);         /* x.M as a closure */
IrVal lw_method_expr(Builder *b, Node *selector);          /* T.M as a function value */

/* ---- lower_conv.c, lower_iface.c, lower_lit.c, lower_string.c ---- */
IrVal lw_convert(Builder *b, IrVal v, Type *from, Type *to);   /* explicit conversion T(x) */
IrVal lw_convert_at(Builder *b, IrVal v, Type *from, Type *to, const LwAt *at);
IrVal lw_assign_convert(Builder *b, IrVal v, Type *from, Type *to); /* implicit: identity, or to an interface */
IrVal lw_to_iface(Builder *b, IrVal v, Type *from, Type *iface);
IrVal lw_type_assert(Builder *b, IrVal x, Type *iface, Type *to, IrVal *ok); /* ok NULL: panics */
IrVal lw_iface_type_word(Builder *b, IrVal x, Type *iface); /* the *GoType of the dynamic type, nil for nil */
IrVal lw_iface_unbox(Builder *b, IrVal data, Type *t);     /* the value behind a data word */
void lw_composite_into(Builder *b, Node *n, Type *t, Place to, bool to_is_zero);

/* ---- typedesc.c, wrappers.c, algs.c ---- */
IrSym *lw_type_sym(Lower *l, Type *t);                     /* descriptor; t canonical */
IrVal lw_type_val(Builder *b, Type *t);                    /* its address */
void lw_need_alloc_types(Lower *l, IrFunc *f);             /* descriptors of what f allocates; call once f is complete */
bool lw_is_regular_memory(Lower *l, Type *t);              /* equality is equality of bytes */
unsigned lw_key_flags(Lower *l, Type *key);                /* GoMapFlag of a key type, apart from indirection */
IrSym *lw_itab_sym(Lower *l, Type *iface, Type *t);        /* static itab */
IrSym *lw_equal_closure(Lower *l, Type *t);                /* NULL when not comparable */
IrSym *lw_hash_closure(Lower *l, Type *t);
IrVal lw_equal_values(Builder *b, Type *t, IrVal pa, IrVal pb); /* compares two values of t at addresses */
IrSym *lw_method_wrapper(Lower *l, Type *recv, Selection *sel, bool one_word); /* receiver passed as the interface's data word, or as recv itself */

/* ---- staticdata.c, lower_init.c ---- */
/* Tries to express expression n of type t as static data at d+off; false leaves d unchanged. b: the function that uses
 * it, NULL for a package variable. */
bool lw_static(Lower *l, Builder *b, Node *n, Type *t, IrData *d, int64_t off);
/* Whether a map literal in a package variable is made of static data alone. */
bool lw_is_static_map(Lower *l, Node *n, Type *t);
/* lower_lit.c: a new map with the entries of such a literal. */
IrVal lw_static_map(Builder *b, Node *n, Type *t);
IrSym *lw_var_sym(Lower *l, Object *package_var);
/* lower_embed.c: gives a variable with //go:embed its files. */
void lw_embed(Lower *l, Object *package_var);
void lw_package_init(Lower *l, Package **all, int n_all);
/* A read-only copy of a composite literal made of constants, for copying from; NULL when it has other parts. */
IrSym *lw_static_image(Builder *b, Node *n, Type *t);

#endif
