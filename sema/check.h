/* check.h: the checker's inside, shared by the files of sema/ and by nobody else.
 *
 * Objects of a package are collected first and checked on demand (obj_decl), so declaration order is free and
 * cycles are found on the object path. Function bodies are checked last, from a queue. The structure follows the
 * specification; the decomposition into files is: */
#ifndef GOO_CHECK_H
#define GOO_CHECK_H

#include "sema/sema.h"

/* A package-level object's declaration. */
typedef struct DeclInfo {
    File *file;
    Scope *file_scope;
    Object **lhs; int n_lhs;  /* var x, y = f() */
    Node *spec;               /* ND_VALUE_SPEC, ND_TYPE_SPEC or ND_FUNC_DECL */
    Node *type, *init;
    bool inherited;           /* const without values of its own */
    int iota;
    PtrMap deps;              /* Object* used by the initialiser or body -> itself */
    ObjectVec dep_list;
} DeclInfo;

/* The result of checking an expression, before it is recorded in the tree. */
typedef struct Operand {
    ExprMode mode;
    Type *type;
    ConstVal *value;
    Node *expr;
    BuiltinId builtin;
} Operand;

/* Where the checker stands; saved and restored around function bodies and declarations. */
typedef struct Env {
    DeclInfo *decl;     /* package-level declaration whose dependencies are being collected, or NULL */
    Scope *scope;
    ConstVal *iota;
    Pos err_pos;        /* where errors of an inherited constant go */
    bool in_tparam_list;
    Type *sig;          /* of the function being checked */
    FuncInfo *func;
    bool has_call_or_recv;
    bool in_loop;       /* in the body of a for statement of the function */
    Node *try_;         /* innermost enclosing try body (Goo) */
} Env;

typedef struct Checker Checker;
typedef void (*LaterFn)(Checker *c, void *arg);
typedef struct Later {
    LaterFn fn;
    void *arg;
} Later;

struct Checker {
    Sema *s;
    Arena *arena;
    Package *pkg;
    SemaOptions opt;
    char *stack_base;           /* frame of the outermost sema_check */
    Env env;
    ObjectVec obj_path;         /* objects whose declarations are in progress */
    VEC(Later) later;           /* run when no object is in progress */
    int later_base;             /* run_later runs the actions from here on */
    VEC(Later) bodies;          /* bodies of declared functions; run after all declarations */
    ObjectVec package_objects;  /* everything declared outside of functions, methods included, in source order */
    int next_order;
    ObjectVec methods;          /* collected methods that can be found, to be attached to their types */
    ObjectVec imports;          /* OBJ_PKGNAMEs of all files */
    bool had_error;
    PtrMap methods_of;          /* type name -> ObjectVec* of its collected methods */
    PtrMap recv_blanks;         /* ND_IDENT _ in a generic receiver -> its type parameter */
    PtrMap valid_types;         /* validtype.c: declared types known not to contain themselves */
    PtrMap instance_pos;        /* TY_NAMED instance -> where it was first written (Pos), for validtype.c */
    Checker *outer;             /* checker of the package whose import led here, or NULL */
    PtrMap dot_imports;         /* file Scope* -> PtrMap*: dot-imported Object* -> OBJ_PKGNAME it came through */
    const char *target_name;    /* what messages call the variable whose type is the target of check_expr_target */
    VEC(Node *) sized_types;    /* array and channel types in the source: see toolarge.c */
    VEC(Node *) interfaces;     /* interface literals checked: see anoncycle.c */
    struct MonoGraph *mono;     /* mono.c: which type parameters flow into which */
};

/* ---- errors.c ---- */
/* Queues an error at a node (its Go position: see node_error_pos) or position. Silent when an operand is invalid:
 * callers test that. Messages are those of Go's compiler where it has the same error. */
void err_at(Checker *c, const Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void err_pos(Checker *c, Pos pos, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void soft_err_at(Checker *c, const Node *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void soft_err_pos(Checker *c, Pos pos, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
Pos node_error_pos(const Node *n);
char *operand_str(Checker *c, const Operand *x); /* "x (variable of type int)" and so on, as Go's compiler words it */
char *expr_str(Checker *c, const Node *n);
char *tstr(Checker *c, Type *t);                 /* type_str relative to the package */
char *pos_str(Checker *c, Pos pos);              /* file:line:col */

/* A multi-part error: err_more appends "\n\tfile:line:col: text" to a queued error (NO_POS: without the place).
 * Both accept NULL, which err_begin returns for an error that is suppressed as a follow-up. */
Diag *err_begin(Checker *c, Pos pos, bool soft, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void err_more(Checker *c, Diag *d, Pos pos, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void err_other_decl(Checker *c, Diag *d, const Object *other); /* "other declaration of x" */

/* ---- version.c ---- */
void file_versions(Checker *c);                  /* sets go_version of every file of the package */
bool version_before(const char *v, const char *w); /* go1.9 is before go1.21; patch versions do not count */
bool allow_version(Checker *c, const Node *at, const char *version);          /* "go1.21" */
bool verify_version(Checker *c, const Node *at, const char *version, const char *what); /* reports "requires go1.x or later" */
char *version_hint(Checker *c, Pos pos);         /* why the version there is what it is, for such messages */

/* ---- check.c ---- */
/* Queues an action for when no declaration is in progress. Inside a function body that is the end of the innermost
 * statement (or run_later, which short_var_decl and local declarations call before new names come into scope);
 * at package level it is the end of all declarations. Actions run in order, in the environment of that moment. */
void later(Checker *c, LaterFn fn, void *arg);
void run_later(Checker *c);

/* ---- resolver.c: collects package-level objects, imports, methods ---- */
void collect_objects(Checker *c);
void package_objects(Checker *c);
/* As many names as values? Reports when not. inherited: the values are those of an earlier spec. */
void check_arity(Checker *c, const Node *spec, const NodeList *values, bool is_const, bool inherited);
const Node *const_source(const Node *spec);      /* the constant spec that has the type and values for this one */
Node *unpack_receiver(Node *type, bool *is_ptr); /* strips parentheses and stars */

/* ---- imports.c ---- */
void declare_import(Checker *c, Scope *file_scope, Node *import_spec);
/* The package of Goo's library that an extension at pos needs, imported; a fake one when that fails or nobody imports. */
Package *need_package(Checker *c, const char *path, Pos pos);
void check_import_conflicts(Checker *c, Scope *file_scope);
void unused_imports(Checker *c);

/* ---- directives.c ---- */
/* What //go: lines and bodies must agree on: linknames, external functions, embedding. */
void check_directives(Checker *c);
bool check_embed(Checker *c, const Node *value_spec); /* of a variable that a //go:embed stands before */

/* ---- decl.c ---- */
void obj_decl(Checker *c, Object *obj);
void obj_decl_def(Checker *c, Object *obj, Type *def); /* def: see check_defined_type */
Object *new_local_var(Checker *c, Node *ident, Type *type); /* a local variable of the function; not declared yet */
Type *declare_tparam(Checker *c, Node *ident, Pos scope_start, int index);
void declare(Checker *c, Scope *scope, Node *ident, Object *obj, Pos scope_start);
void decl_stmt(Checker *c, Node *gen_decl);
void check_const_decl(Checker *c, Object *obj, Node *type, Node *init, bool inherited);
void check_var_decl(Checker *c, Object *obj, Object **lhs, int n, Node *type, Node *init);
void collect_methods(Checker *c, Object *type_name);
/* Notes that the declaration being checked uses obj, when obj is a package-level object or method of this package. */
void add_decl_dep(Checker *c, Object *obj);
/* Reports an invalid recursive declaration; start is the index of the object to begin with. */
void cycle_error(Checker *c, Object **cycle, int n, int start);
int first_in_source(Object **path, int n);

/* ---- typexpr.c, struct.c, interface.c, signature.c, union.c, validtype.c ---- */
/* The type that expression n denotes; the invalid type after an error. Records it in the tree. */
Type *check_type(Checker *c, Node *n);
Type *check_var_type(Checker *c, Node *n);              /* not a constraint interface */
Type *check_defined_type(Checker *c, Node *n, Type *def); /* def: the named type being declared, or NULL */
void set_def_type(Type *def, Type *t); /* t is the right side of the type def that is being declared; def may be NULL */
Type *check_generic_type(Checker *c, Node *n, const char **cause);
/* Resolves an identifier into x (any mode). want_type: types are expected. */
void check_ident(Checker *c, Operand *x, Node *n, Type *def, bool want_type);
Type *check_func_type(Checker *c, Node *recv_field, Node *func_type, Type **sig_out); /* declares parameters in c->env.scope */
/* def: the type being declared as this function type, or NULL. */
Type *check_func_type_def(Checker *c, Node *recv_field, Node *func_type, Type **sig_out, Type *def);
void check_tparams(Checker *c, NodeList *fields, TypeVec *out);
void check_struct_type(Checker *c, Type *t, Node *n);               /* fills in t */
void check_interface_type(Checker *c, Type *t, Node *n, Type *def); /* fills in t */
Type *check_constraint(Checker *c, Node *n); /* of a type parameter: ~T and A|B get an implicit interface */
Type *check_union(Checker *c, Node *n);
int64_t check_array_length(Checker *c, Node *n);
Type *check_instantiated_type(Checker *c, Node *generic, NodeList *args, Type *def);
void check_valid_type(Checker *c, Type *named); /* direct recursion without indirection */

/* ---- stmt.c, switch.c, range.c, labels.c, return.c, goostmt.c ---- */
Scope *open_scope(Checker *c, Pos pos, Pos end); /* becomes c->env.scope */
void close_scope(Checker *c);
/* Queues the body of f (f->node, f->sig, f->body and f->outer are set) for checking through later(), with scope (where
 * check_func_type declared the parameters) as its outermost scope. Links f into f->outer->literals, makes f the
 * owner of the parameters. Whoever calls check_func_type for a function with a body opens that scope first, with
 * is_func set. */
bool func_is_generic(const FuncInfo *f);
void check_func_body(Checker *c, FuncInfo *f, DeclInfo *decl, Scope *scope, ConstVal *iota);
void check_block(Checker *c, Node *block);      /* a ND_BLOCK, in a scope of its own */
bool block_leaves(Checker *c, Node *block);     /* ends in a terminating statement, break or continue (Goo's else) */
void check_labels(Checker *c, Node *body);
bool is_terminating(Checker *c, Node *stmt, const Name *label);
void check_usage(Checker *c, Scope *scope); /* declared and not used */

/* ---- capattr.c: attributes about capabilities (Goo) ---- */
typedef enum AttrPlace { ATTR_FUNC, ATTR_METHOD, ATTR_FUNC_TYPE, ATTR_IMPORT, ATTR_TYPE, ATTR_GO } AttrPlace;
/* What the attributes say, NULL for none; reports what is wrong with them. */
/* Reports attribute i of attrs, and returns false, if it is unknown, misplaced, without its list, or there twice. */
bool check_attr(Checker *c, const NodeList *attrs, int i, AttrPlace place);
const CapAttr *check_attrs(Checker *c, const NodeList *attrs, AttrPlace place);
void check_import_attrs(Checker *c, Node *import_spec);
/* A capability as expressions name it, file.read or file.read("/x"): its bits, and the list of scopes, not evaluated
 * (NULL without parentheses). False after an error. */
bool check_cap_name(Checker *c, Node *n, RtCapMask *caps, NodeList **scopes);
/* Adds a list of capabilities with constant scopes to set. */
void check_cap_list(Checker *c, const NodeList *list, CapSet *set);

/* ---- rights.c ---- */
void check_go_attrs(Checker *c, Node *go); /* of go f(), a statement or value */

/* ---- capconv.c ---- */
/* Accounts for the conversion of x, which is allowed, to type t. */
void note_cap_conversion(Checker *c, Operand *x, Type *t);
void check_cap_type_args(Checker *c, const Node *at, Type *const *targs, int n);

/* ---- operand.c: what the files on expressions ask about types ---- */
/* The types that an operation on a value of type t must work for: t itself, or for a type parameter the specific
 * types of its type set (n == 0 when it has none). Do not copy: at may point to self. */
typedef struct TypeTerms { UnionTerm *at; int n; UnionTerm self; } TypeTerms;
void type_terms(Checker *c, Type *t, TypeTerms *out);
bool is_byte_or_rune_slice(Checker *c, Type *t);
bool is_interface_pointer(Checker *c, Type *t);
Type *pointer_elem(Type *t);       /* of an unnamed pointer type, otherwise NULL */
Type *deref_array(Checker *c, Type *t); /* the array type of a pointer to an array; otherwise t */
const char *kind_str(Checker *c, Type *t); /* "slice", "map", ...; basic types by name */
void operand_init(Checker *c, Operand *x, Node *n); /* invalid, as expressions start out */
void set_value(Operand *x, ExprMode mode, Type *t);
void set_const(Operand *x, Type *t, ConstVal *v);
void add_cause(Checker *c, const char **reason, const char *text); /* puts text before what *reason says */
bool const_is_unknown(const ConstVal *v); /* NULL or the unknown value */

/* ---- expr.c ---- */
/* Evaluates for the side effects only (variables count as used), after another error. False: errors were found. */
bool use_expr(Checker *c, Node *n);
bool use_exprs(Checker *c, NodeList *list);
bool use_lhs(Checker *c, Node *n); /* as use_expr, but assigning to a variable is no use of it */
/* Is x.(t) possible? Reports when not; type_switch: in the words for cases of type switches. */
void check_type_assertion(Checker *c, Node *at, Operand *x, Type *t, bool type_switch);
/* Reports generic functions and types that are used without instantiation, unless target settles the arguments. */
void reject_generic(Checker *c, Type *target, Operand *x);
void check_expr_hint(Checker *c, Operand *x, Node *n, Type *hint); /* an element of a composite literal */
void check_generic_expr(Checker *c, Operand *x, Node *n); /* a value, or a generic function not yet instantiated */
/* The values that x stands for (a tuple's elements, or x itself), with room for one more. */
int unpack_operand(Checker *c, Operand *x, Operand **out);
/* The comparison of a switch case x with the tag y. */
void check_case_comparison(Checker *c, Operand *x, Operand *y);
bool is_comparison(TokKind op);
void check_expr(Checker *c, Operand *x, Node *n);                 /* a single value */
void check_expr_target(Checker *c, Type *target, Operand *x, Node *n); /* value wanted of type target (generic functions) */
void check_expr_or_type(Checker *c, Operand *x, Node *n, bool allow_generic);
/* Kind of expression, for statements: a conversion, a builtin or expression without effect must not stand alone. */
typedef enum CallKind { CALL_CONVERSION, CALL_EXPR, CALL_STMT } CallKind;
CallKind check_raw_expr(Checker *c, Type *target, Operand *x, Node *n, Type *hint, bool allow_generic);
void check_multi_expr(Checker *c, Operand *x, Node *n);           /* may yield a tuple or comma-ok */
/* Evaluates a list; a single call may give several operands. allow_comma_ok: v, ok = m[k] with two wanted. */
int check_expr_list(Checker *c, NodeList *list, Operand **out, bool allow_comma_ok, int want, bool *comma_ok);
void check_single_value(Checker *c, Operand *x);
void check_binary(Checker *c, Operand *x, Node *n);
void check_assign_op(Checker *c, Operand *x, Node *lhs, Node *rhs, TokKind op); /* lhs op= rhs */
void check_unary(Checker *c, Operand *x, Node *n);
void check_comparison(Checker *c, Operand *x, Operand *y, TokKind op);
void match_types(Checker *c, Operand *x, Operand *y);
/* Records mode, type and value in the tree. */
void record(Checker *c, Operand *x);
void record_type(Node *n, ExprMode mode, Type *type, ConstVal *value);
/* Gives an untyped expression (and its operands, as far down as they are untyped) its final type. */
void update_expr_type(Checker *c, Node *n, Type *t, bool final);
void convert_untyped(Checker *c, Operand *x, Type *target);
bool representable(Checker *c, ConstVal *v, Type *basic, ConstVal **rounded);
void check_overflow(Checker *c, Operand *x, Pos op_pos);
/* Reports and poisons x when its mode is in the mask (of 1 << mode). */
void check_exclude(Checker *c, Operand *x, unsigned mode_mask);
enum { NOT_A_VALUE = 1 << EM_NO_VALUE | 1 << EM_BUILTIN | 1 << EM_TYPE };

/* ---- const.c, untyped.c ---- */
/* A mark in Node.flags: an untyped left operand of a non-constant shift, whose final type must be an integer type. */
enum { NODE_SHIFT_LHS = 0x80 };
/* Why an untyped operand cannot have a type. */
typedef enum ConvFailure { CONV_OK, CONV_IMPOSSIBLE, CONV_TRUNCATED, CONV_OVERFLOW } ConvFailure;
ConvFailure const_representation(Checker *c, Operand *x, Type *basic, ConstVal **value);
void check_representable(Checker *c, Operand *x, Type *basic); /* reports and poisons x when its value does not fit */
void report_conversion(Checker *c, ConvFailure why, Operand *x, Type *target); /* poisons x */
/* The type that x takes where target is wanted, and a constant's value in it (NULL: unchanged). Reports nothing. */
ConvFailure untyped_result(Checker *c, Operand *x, Type *target, Type **result, ConstVal **value);
void settle_untyped(Checker *c, Operand *x, Type *t, ConstVal *value); /* applies what untyped_result found */

/* ---- capture.c ---- */
/* Notes the use of a variable (called by check_ident): if it belongs to an enclosing function, all literals in
 * between capture it. */
void note_var_use(Checker *c, Object *obj);
/* Notes that the address of the variable that n is (a part of) is taken; n is addressable. */
void note_address(Checker *c, Node *n);
/* Notes that the variable that n is (a part of) is assigned to. */
void note_assigned(Checker *c, Node *n);
/* The variable of this package that assigning to n would set, when n is (after parentheses) its name; or NULL. */
Object *assigned_var(Checker *c, Node *n);

/* ---- gooexpr.c: extensions ---- */
void check_at_expr(Checker *c, Operand *x, Node *n);
void check_propagate(Checker *c, Operand *x, Node *n);
void check_else_expr(Checker *c, Operand *x, Node *n);
void check_go_expr(Checker *c, Operand *x, Node *n);

/* ---- const.c, literals.c, index.c, call.c, builtins.c, conversions.c, selector.c ---- */
void check_composite_lit(Checker *c, Operand *x, Node *n, Type *hint);
void check_func_lit(Checker *c, Operand *x, Node *n);
bool check_index_expr(Checker *c, Operand *x, Node *n);    /* true: x is a generic function to instantiate */
void check_slice_expr(Checker *c, Operand *x, Node *n);
bool check_index_value(Checker *c, Node *index, int64_t length, const char *what, int64_t *value); /* -1 = not constant */
/* Converts x to an index or size; reports with what ("index", "length") when it cannot be one. */
bool check_index_operand(Checker *c, Operand *x, const char *what, bool allow_negative);
/* Why type t has no field or method name; alt: what it has instead under a similar name, or NULL. */
const char *lookup_error(Checker *c, Type *t, const Name *name, const Object *alt, bool struct_lit);
void record_selection(Checker *c, Node *n, SelectionKind kind, Type *recv, const LookupResult *found);
CallKind check_call(Checker *c, Operand *x, Node *n);
/* Assigns n evaluated arguments of call to the parameters of sig, which is not generic. */
void check_plain_arguments(Checker *c, Node *call, Type *sig, Operand *list, int n);
bool check_builtin(Checker *c, Operand *x, Node *call, BuiltinId id);
void check_conversion(Checker *c, Operand *x, Type *t);
bool convertible(Checker *c, Operand *x, Type *t, const char **reason);
void check_selector(Checker *c, Operand *x, Node *n, Type *def, bool want_type);
void check_func_inst(Checker *c, Type *target, Operand *x, Node *index_expr, bool infer);

/* ---- assign.c ---- */
/* Converts x for assignment to t in the named context ("assignment", "argument", "return statement" ...); reports. */
void check_assignment(Checker *c, Operand *x, Type *t, const char *context);
bool assignable(Checker *c, Operand *x, Type *t, const char **reason);
/* Evaluates rhs for a variable of type t (NULL: not known yet), which messages call name. */
void check_rhs(Checker *c, Operand *x, Type *t, const char *name, Node *rhs);
Type *check_assign_var(Checker *c, Node *lhs, Node *rhs, Operand *x, const char *context);
void init_const(Checker *c, Object *obj, Operand *x);
void init_var(Checker *c, Object *obj, Operand *x, const char *context);
void init_vars(Checker *c, Object **lhs, int n, NodeList *rhs, Node *return_stmt);
void assign_vars(Checker *c, NodeList *lhs, NodeList *rhs);
void short_var_decl(Checker *c, Node *assign, NodeList *lhs, NodeList *rhs);
/* "(number, string)": types as messages list them; variadic: the last one is a ...T parameter. */
char *types_summary(Checker *c, Type *const *types, int n, bool variadic);
char *vars_summary(Checker *c, Object *const *vars, int n, bool variadic);
char *operands_summary(Checker *c, const Operand *list, int n);

/* ---- infer.c, instantiate.c ---- */
/* Infers the missing type arguments; NULL after reporting. targs has n given ones. */
TypeVec *infer(Checker *c, Node *at, TypeVec *tparams, TypeVec *targs, Type *params, Operand **args, int nargs);
/* Like infer, for a generic function assigned to a variable of function type: params is its signature as only
 * parameter, args the variable; messages are turned round. */
TypeVec *infer_reverse(Checker *c, Node *at, TypeVec *tparams, TypeVec *targs, Type *params, Operand **args, int nargs);
/* Gives the type parameters of t new identities (in *out), so that recursive calls do not confuse inference. */
Type *rename_tparams(Checker *c, TypeVec *tparams, Type *t, TypeVec *out);
/* Checks that each type argument satisfies its constraint, reports the first that does not (at arg_nodes, when
 * given, else at), and otherwise notes the instantiation for the search for instantiation cycles. */
bool verify_instance(Checker *c, Node *at, TypeVec *tparams, Type **targs, int n, NodeList *arg_nodes);
/* Reports "not enough" or "too many type arguments for type name". */
bool validate_targ_count(Checker *c, const Node *at, const char *name, int want, int got);
/* x.(T) is possible: the interface type v allows dynamic type t. */
bool assertable_to(Checker *c, Type *v, Type *t, const char **reason);
void record_instance(Checker *c, Node *name, Type **targs, int n, Type *type);

/* ---- toolarge.c ---- */
void reject_large_types(Checker *c); /* once all types are complete and there were no errors */

/* ---- anoncycle.c ---- */
void reject_anonymous_cycles(Checker *c); /* once all types are complete and there were no errors */

/* ---- mono.c ---- */
/* mparam, declared by a method's receiver, stands for tparam of the receiver's generic type. */
void mono_record_canon(Checker *c, Type *mparam, Type *tparam);
/* Reports instantiations that would go on for ever; call once after all bodies when there were no errors. */
void monomorph(Checker *c);

/* ---- initorder.c ---- */
void init_order(Checker *c);

#endif
