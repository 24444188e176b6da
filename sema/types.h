/* types.h: types, objects, scopes, packages: what checking produces and what lowering reads.
 *
 * Identity: type_identical() decides. Types are not unique while a package is being checked (an interface literal
 * may be incomplete when it is met); type_canon() maps each completed type to one representative per identity
 * class, and everything behind sema uses canonical types only, where identity is pointer equality. */
#ifndef GOO_TYPES_H
#define GOO_TYPES_H

#include "parser/ast.h"
#include "sema/capset.h"
#include "sema/constant.h"

typedef struct Type Type;
typedef struct Object Object;
typedef struct Scope Scope;
typedef struct Package Package;
typedef struct FuncInfo FuncInfo;
typedef struct TypeSet TypeSet;
typedef struct Sema Sema;

typedef VEC(Type *) TypeVec;
typedef VEC(Object *) ObjectVec;

/* Goo: what @requires and @denies say of a function, method, interface method or function type; @allow of an import. */
typedef struct CapAttr {
    Pos pos;
    bool requires; /* there is @requires (or @allow): required is everything that may be needed */
    CapSet required, denied;
} CapAttr;

/* Rights that a conversion at pos hands over: those of a type with @requires, to a type without. */
typedef struct CapNeed { Pos pos; const CapAttr *attr; } CapNeed;
typedef VEC(CapNeed) CapNeeds;
/* @allow before an import: what the package may need that is imported there. */
typedef struct CapAllow { const CapAttr *attr; Package *imported; Pos pos; } CapAllow;

typedef enum BasicKind {
    BK_INVALID,
    BK_BOOL, BK_INT, BK_INT8, BK_INT16, BK_INT32, BK_INT64,
    BK_UINT, BK_UINT8, BK_UINT16, BK_UINT32, BK_UINT64, BK_UINTPTR,
    BK_FLOAT32, BK_FLOAT64, BK_COMPLEX64, BK_COMPLEX128, BK_STRING, BK_UNSAFE_POINTER,
    BK_UNTYPED_BOOL, BK_UNTYPED_INT, BK_UNTYPED_RUNE, BK_UNTYPED_FLOAT, BK_UNTYPED_COMPLEX,
    BK_UNTYPED_STRING, BK_UNTYPED_NIL,
    BK_COUNT
} BasicKind;

/* Properties of basic types; test with type_has(t, ...). */
enum TypeProp {
    TP_BOOLEAN = 1 << 0, TP_INTEGER = 1 << 1, TP_UNSIGNED = 1 << 2, TP_FLOAT = 1 << 3,
    TP_COMPLEX = 1 << 4, TP_STRING = 1 << 5, TP_UNTYPED = 1 << 6,
    TP_ORDERED = TP_INTEGER | TP_FLOAT | TP_STRING,
    TP_NUMERIC = TP_INTEGER | TP_FLOAT | TP_COMPLEX,
    TP_CONST = TP_BOOLEAN | TP_NUMERIC | TP_STRING,
};

typedef enum TypeKind {
    TY_BASIC, TY_NAMED, TY_POINTER, TY_SLICE, TY_ARRAY, TY_MAP, TY_CHAN, TY_STRUCT, TY_TUPLE, TY_FUNC,
    TY_INTERFACE, TY_TYPE_PARAM, TY_UNION, TY_ALIAS,
} TypeKind;

typedef struct UnionTerm { bool tilde; Type *type; } UnionTerm;

struct Type {
    uint8_t kind; /* TypeKind */
    bool in_progress; /* sema: its type literal is being evaluated; elements and fields are not known yet */
    Type *canon;      /* representative of the identity class, once type_canon was asked */
    int64_t size;     /* layout cache, -1 = not computed */
    int32_t align;
    uint32_t hash;    /* structural hash, 0 = not computed; equal for identical types */
    int64_t ptr_bytes; /* layout cache as size, see type_ptr_bytes; -1 = not computed */
    uint8_t mentions; /* subst.c: whether a type parameter occurs: 0 unknown, else a Mention */
    bool walking;     /* set while a recursive walk of this layer is inside the type */
    void *ir;         /* for the layers behind sema: descriptor symbols and the like */
    union {
        struct { BasicKind kind; unsigned props; const char *name; } basic;
        struct {
            Object *obj;       /* its type name */
            Type *underlying;  /* never TY_NAMED or TY_ALIAS once resolved; NULL before */
            Type *rhs;         /* the type on the right of the declaration */
            ObjectVec methods; /* declared methods (OBJ_FUNC), in source order; for instances filled on demand */
            TypeVec tparams;   /* TY_TYPE_PARAM of a generic type */
            Type *origin;      /* for an instance: the generic type; otherwise NULL */
            TypeVec targs;     /* for an instance */
            bool expanded;     /* instance: underlying has been substituted */
            void *local;       /* FuncInfo* of the function that declares it, NULL at package level */
        } named;
        struct { Type *elem; } pointer;
        struct { Type *elem; } slice;
        struct { Type *elem; int64_t len; /* -1 unknown after an error */ } array;
        struct { Type *key, *elem; } map;
        struct { Type *elem; ChanDir dir; } chan;
        struct { Object **fields; const Name **tags; /* NULL when no field has one */ int n; int64_t *offsets; } struct_;
        struct { Object **vars; int n; } tuple;
        struct {
            Object *recv;      /* NULL for functions and function types */
            Type *params;      /* TY_TUPLE, never NULL; a variadic last parameter has slice type */
            Type *results;     /* TY_TUPLE, never NULL */
            TypeVec tparams;   /* of a generic function */
            TypeVec recv_tparams; /* of a method of a generic type */
            bool variadic;
            const CapAttr *caps;  /* Goo: attributes of a function type or literal, or NULL; no part of its identity */
        } func;
        struct {
            ObjectVec methods; /* explicitly declared, OBJ_FUNC */
            TypeVec embeds; VEC(Pos) embed_pos;
            TypeSet *tset;     /* computed by type_set() */
            bool implicit;     /* wraps a constraint literal such as ~T|U */
            bool complete;     /* all methods and embedded types are in */
        } iface;
        struct { Object *obj; int index; Type *bound; unsigned id; } tparam;
        struct { UnionTerm *terms; int n; } union_;
        struct { Object *obj; Type *rhs; Type *actual; TypeVec tparams, targs; Type *origin; } alias;
    };
};

/* The set of types an interface describes. */
struct TypeSet {
    ObjectVec methods; /* all methods, sorted by method_order (the order of itabs) */
    UnionTerm *terms; int nterms; /* nterms == -1: all types */
    bool comparable;   /* all types in it are restricted to comparable ones */
};

typedef enum ObjectKind {
    OBJ_PKGNAME, OBJ_CONST, OBJ_TYPE, OBJ_VAR, OBJ_FUNC, OBJ_LABEL, OBJ_BUILTIN, OBJ_NIL,
} ObjectKind;

typedef enum VarRole { VAR_PACKAGE, VAR_LOCAL, VAR_PARAM, VAR_RESULT, VAR_RECV, VAR_FIELD } VarRole;

typedef enum BuiltinId {
#define BUILTIN(id, name, nargs, variadic, kind) BI_##id,
#include "sema/builtins.def"
    BI_COUNT
} BuiltinId;

struct Object {
    uint8_t kind;     /* ObjectKind */
    uint8_t color;    /* sema: white, black, grey (cycle detection) */
    bool used;
    const Name *name;
    Package *pkg;     /* NULL in the universe */
    Scope *parent;    /* NULL for fields and methods */
    Pos pos;
    Type *type;
    Node *ident;      /* the declaring identifier, NULL when there is none */
    int order;        /* order of declaration in the package, from 1 */
    Pos scope_start;  /* a local is visible from here */
    void *decl;       /* sema: DeclInfo of a package-level object */
    void *ir;         /* for the layers behind sema */
    union {
        struct { ConstVal *value; } const_;
        struct { bool is_alias; bool is_tparam; int local_index; /* n-th local type of the package */ } type_name;
        struct {
            VarRole role;
            bool embedded;     /* field */
            bool captured;     /* used in a function literal inside its function */
            bool addr_taken;   /* &v, or a method call or slicing that takes its address implicitly */
            bool reassigned;   /* assigned after its declaration: a captured variable that is not can be copied */
            bool loop_var;     /* declared by a 3-clause for: one per iteration from go1.22 on */
            FuncInfo *func;    /* function that declares it */
            int field_index;   /* field: index in its struct */
            const char *linkname; /* package variable: symbol from //go:linkname, or NULL */
            EmbedFiles *embeds;   /* package variable: files from //go:embed, or NULL */
        } var;
        struct {
            Node *decl;        /* ND_FUNC_DECL; NULL for interface methods */
            FuncInfo *info;    /* NULL without a body */
            Object *origin;    /* method of an instance: the generic method */
            bool ptr_recv;
            bool is_init;      /* func init(), which may occur many times */
            const char *linkname; /* symbol from //go:linkname, or NULL */
            const CapAttr *caps; /* Goo: attributes of a function, method or interface method, or NULL */
        } func;
        struct { Package *imported; bool dot; } pkgname;
        struct { Node *stmt; } label;
        struct { BuiltinId id; } builtin;
    };
};

/* A function body: of a declaration or a literal. */
struct FuncInfo {
    Object *obj;        /* declared function or method; NULL for literals */
    Node *node;         /* ND_FUNC_DECL or ND_FUNC_LIT */
    Type *sig;
    Node *body;
    FuncInfo *outer;    /* of a literal; NULL when it stands in a package variable's initialiser */
    Package *pkg;
    ObjectVec captures; /* literal: variables of enclosing functions it uses (transitively), in order of first use */
    VEC(FuncInfo *) literals; /* directly contained literals, in source order */
    bool has_defer, has_recover, has_loop_defer;
    bool has_label_goto;
    CapNeeds cap_needs; /* Goo: of conversions in the body */
    void *ir;
};

struct Scope {
    Scope *parent;
    Pos pos, end;
    bool is_func;
    int len, cap;
    Object **slots;     /* hash table by name pointer */
    ObjectVec order;    /* objects in order of insertion */
    VEC(Scope *) children;
};

typedef enum SelectionKind { SEL_FIELD, SEL_METHOD, SEL_METHOD_EXPR } SelectionKind;
/* x.f: how f is found in x's type. */
typedef struct Selection {
    SelectionKind kind;
    Type *recv;      /* type of x (for a method expression: T) */
    Object *obj;     /* field or method */
    int *path; int n; /* field indices through embedded structs; for a method the last entry is unused */
    bool indirect;   /* a pointer was followed on the way */
} Selection;

/* An instantiation, explicit or inferred, of a generic function; keyed by the identifier or selector that names it. */
typedef struct Instance {
    TypeVec targs;
    Type *type; /* the instantiated signature */
} Instance;

/* One variable initialisation, in the order in which they run. */
typedef struct Initializer {
    Object **lhs; int n; /* n > 1: x, y = f() */
    Node *rhs;
} Initializer;

struct Package {
    const char *path;     /* import path; "main" for the main package is only its symbol prefix */
    const Name *name;
    const char *dir;
    Scope *scope;
    File **files; int nfiles;
    VEC(Package *) imports;          /* direct, sorted by path, no duplicates */
    VEC(FuncInfo *) funcs;           /* every declared function and method with a body, in source order */
    VEC(Object *) externs;           /* declared functions without a body */
    VEC(Object *) types;             /* every declared type, local ones included */
    VEC(Object *) vars;              /* package variables, in source order */
    VEC(Initializer) inits;          /* in order of initialisation */
    PtrMap instances;                /* Node* -> Instance* */
    const char *go_version;
    bool is_main, complete, had_errors, is_unsafe;
    bool has_caps;                   /* Goo: something in it depends on attributes about capabilities */
    CapNeeds cap_needs;              /* Goo: of conversions in variables' initialisers */
    VEC(CapAllow) cap_allows;
    PtrMap cap_sinks;                /* Goo: Node* that makes a function value -> CapAttr* of the type it is made for */
    bool fake;                       /* stands for a package that could not be imported: has nothing, misses nothing */
    void *ir;
};

/* ---- types.c: construction and classification ---- */
/* Every Type comes from one of these: they set the caches to "not computed". */
Type *type_new(Sema *s, TypeKind kind);
Type *type_new_tparam(Sema *s, Object *obj, int index, Type *bound); /* sets obj->type; bound may be NULL at first */
Type *type_new_union(Sema *s, const UnionTerm *terms, int n);        /* copies terms */
Type *type_new_alias(Sema *s, Object *obj, Type *rhs);               /* rhs may be NULL at first */
Type *type_basic(Sema *s, BasicKind k); /* predeclared: the same pointer each time */
Type *type_new_pointer(Sema *s, Type *elem);
Type *type_new_slice(Sema *s, Type *elem);
Type *type_new_array(Sema *s, Type *elem, int64_t len);
Type *type_new_map(Sema *s, Type *key, Type *elem);
Type *type_new_chan(Sema *s, Type *elem, ChanDir dir);
Type *type_new_tuple(Sema *s, Object **vars, int n);
Type *type_new_struct(Sema *s, Object **fields, const Name **tags, int n);
Type *type_new_func(Sema *s, Object *recv, Type *params, Type *results, bool variadic);
Type *type_new_named(Sema *s, Object *obj, Type *underlying);
Type *type_new_interface(Sema *s);
/* Follows aliases. */
Type *type_unalias(Type *t);
/* t as TY_NAMED, aliases followed; NULL when it is none. */
Type *type_as_named(Type *t);
/* *T gives T and sets *is_ptr; others unchanged. Does not look into named pointer types. */
Type *type_deref(Type *t, bool *is_ptr);
/* The constraint interface of a type parameter; a bound that is no interface is wrapped into an implicit one. */
Type *tparam_iface(Sema *s, Type *tparam);
/* The underlying type: never TY_NAMED or TY_ALIAS; of a type parameter its constraint interface. Expands instances. */
Type *type_under(Sema *s, Type *t);
bool type_has(Sema *s, Type *t, unsigned props); /* under is basic with one of props */
bool type_is_kind(Sema *s, Type *t, TypeKind k); /* of the underlying type; false for type parameters */
bool type_is_named(const Type *t);               /* named, basic or type parameter: counts as named for assignability */
bool type_is_untyped(const Type *t);
bool type_is_interface(Sema *s, Type *t);        /* interface, and not a type parameter */
bool type_is_tparam(const Type *t);
bool type_is_valid(const Type *t);
Type *type_default(Sema *s, Type *t);            /* of an untyped type; others unchanged */
bool type_is_generic(const Type *t);             /* a generic type or function without arguments */
bool type_mentions_tparam(Sema *s, Type *t);
bool type_has_nil(Sema *s, Type *t);             /* nil is a value of it; a type parameter: of all its types */
bool type_all_have(Sema *s, Type *t, unsigned props); /* type_has, for a type parameter of every type in its set */

/* ---- predicates.c ---- */
bool type_identical(Sema *s, Type *x, Type *y);
bool type_identical_ignore_tags(Sema *s, Type *x, Type *y);
/* Whether == is defined; reason (may be NULL) gets why not, in the arena. dynamic: interfaces count as comparable. */
bool type_comparable(Sema *s, Type *t, bool dynamic, const char **reason);
/* The representative of t's identity class. Components of canonical composites are canonical; those of the
 * underlying type of a named type need not be: use type_canon_under. Only for types of packages that are checked. */
Type *type_canon(Sema *s, Type *t);
Type *type_canon_under(Sema *s, Type *t); /* type_canon(type_under(t)) */
uint32_t type_hash(Sema *s, Type *t);

/* ---- typestring.c ---- */
/* As Go's compiler writes it in messages, package-qualified relative to pkg (NULL: always by package name). */
char *type_str(Sema *s, Type *t, Package *relative_to);
/* The string that identifies the type in the whole program (full import paths): for symbols and hashes. */
char *type_link_str(Sema *s, Type *t);
/* As reflect's Type.String gives it (package names). */
char *type_reflect_str(Sema *s, Type *t);

/* ---- sizes.c: layout of gc for 64-bit machines ---- */
#define TYPE_TOO_LARGE INT64_MAX /* the size of types that no address space holds; offsets saturate likewise */
int64_t type_size(Sema *s, Type *t);
int64_t type_align(Sema *s, Type *t);
int64_t type_field_offset(Sema *s, Type *struct_type, int field);
bool type_has_pointers(Sema *s, Type *t);
/* The count of bytes up to and including the last pointer word. */
int64_t type_ptr_bytes(Sema *s, Type *t);

/* ---- lookup.c, typeset.c ---- */
/* Finds field or method name (of package pkg when unexported) in t. Returns NULL when absent; *index_path and
 * *indirect describe the path. When absent, *why tells: LOOKUP_NONE, LOOKUP_AMBIGUOUS, LOOKUP_PTR_RECV. */
typedef enum LookupFailure { LOOKUP_NONE, LOOKUP_AMBIGUOUS, LOOKUP_PTR_RECV } LookupFailure;
typedef struct LookupResult { Object *obj; int *path; int n; bool indirect; LookupFailure why; } LookupResult;
LookupResult type_lookup(Sema *s, Type *t, bool addressable, Package *pkg, const Name *name, bool fold_case);
TypeSet *type_set(Sema *s, Type *iface);
bool type_set_is_empty(const TypeSet *ts);
bool type_set_has_terms(const TypeSet *ts);      /* restricted to listed types, at least one */
bool type_set_is_all(const TypeSet *ts);         /* no methods, no restriction: every type implements it */
bool type_set_is_method_set(const TypeSet *ts);  /* no restriction but methods: an ordinary interface */
/* Calls fn for the underlying type of each type in t's type set (t itself when it is no type parameter), with NULL
 * when the set has no specific types; stops at the first false and returns it. */
typedef bool (*TypePredicate)(Sema *s, Type *u, void *ctx);
bool type_under_is(Sema *s, Type *t, TypePredicate fn, void *ctx);
/* Whether no type is in the sets of both terms; neither is an interface. */
bool term_disjoint(Sema *s, const UnionTerm *x, const UnionTerm *y);
/* Whether x and obj's name denote the same: spelling, and package unless exported. */
bool object_same_id(const Object *obj, const Package *pkg, const Name *name, bool fold_case);
/* A method that t lacks to implement iface, or NULL. *wrong_type gets the method of the same name with another type;
 * *reason (may be NULL) an explanation as Go's compiler words it. static_: t must have all methods of an interface. */
Object *type_missing_method(Sema *s, Type *t, Type *iface, bool static_, Object **wrong_type, const char **reason);
bool type_implements(Sema *s, Type *t, Type *iface, bool constraint, const char **reason);
/* The single underlying type of all types in t's type set, or NULL (Go spec, "Core types"). */
Type *type_core(Sema *s, Type *t);
Type *type_core_string(Sema *s, Type *t); /* like type_core; []byte and string together give string */

/* The method set of t, promoted methods included, as selections sorted by method_order; computed once per type. */
typedef struct MethodSet { Selection **at; int len; } MethodSet;
MethodSet *type_method_set(Sema *s, Type *t);
/* Exported first, then by name, then (unexported) by package path: the order of itabs and descriptors. */
int method_order(const Object *a, const Object *b);

/* ---- subst.c, instantiate.c, infer.c ---- */
typedef struct TypeEnv { TypeVec tparams, targs; } TypeEnv; /* substitution; tparams are TY_TYPE_PARAM */
Type *type_subst(Sema *s, Type *t, const TypeEnv *env);
Type *type_instantiate(Sema *s, Type *generic, Type **targs, int n); /* no verification; unique per identity */
Object *named_method(Sema *s, Type *named, int i); /* the i-th declared method, substituted for instances */
int named_method_count(Type *named);

/* ---- scope.c, universe.c ---- */
Scope *scope_new(Arena *a, Scope *parent, Pos pos, Pos end);
Object *scope_lookup(const Scope *s, const Name *name);
Object *scope_lookup_parent(Scope *s, const Name *name, Pos pos, Scope **where); /* locals declared before pos; NO_POS: any */
Object *scope_insert(Arena *a, Scope *s, Object *obj); /* the object already there, or NULL */
Object *object_new(Arena *a, ObjectKind kind, Pos pos, Package *pkg, const Name *name, Type *type);
bool object_exported(const Object *o);
bool name_exported(const Name *n);

#endif
