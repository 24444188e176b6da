/* tables.h: shared by the files about types (types.c to unify.c), private to them. */
#ifndef GOO_SEMA_TABLES_H
#define GOO_SEMA_TABLES_H

#include "sema/check.h"

/* A hash table from (key, type arguments) to a type, chained; the caller compares candidates. */
typedef struct TypeEntry {
    struct TypeEntry *next;
    uint32_t hash;
    Type *key;    /* the generic type or function; in the canonical table the representative */
    Type **targs; /* n type arguments */
    int n;
    Type *val;
} TypeEntry;

typedef struct TypeTable {
    TypeEntry **buckets;
    int nbuckets, len; /* nbuckets is 0 or a power of two; len <= nbuckets */
} TypeTable;

/* One per compilation, behind Sema.tables. */
struct SemaTables {
    TypeTable instances;   /* every instantiation: (generic, arguments up to identity) */
    TypeTable canon;       /* representatives of composite types and of instances */
    PtrMap method_sets;    /* Type* -> MethodSet* */
    unsigned last_tparam;  /* ids of type parameters ascend */
    Type *any_iface;       /* the interface that any stands for; printed "any" */
    Type *comparable_iface;
    TypeSet all_types;     /* the type set of interface{} */
};

/* ---- types.c ---- */
TypeEntry *table_first(const TypeTable *t, uint32_t hash); /* candidates have e->hash == hash; see table_next */
TypeEntry *table_next(const TypeEntry *e);
TypeEntry *table_add(Arena *a, TypeTable *t, uint32_t hash);
static inline uint32_t hash_mix(uint32_t h, uint32_t v) {
    h = (h ^ v) * 0x9E3779B1u;
    return h ^ (h >> 15);
}

/* ---- predicates.c ---- */
/* Interfaces whose comparison is in progress, innermost first. */
typedef struct IfacePair {
    Type *x, *y;
    struct IfacePair *prev;
} IfacePair;
bool pair_on_stack(const IfacePair *p, const Type *x, const Type *y);
typedef bool (*TypeEquiv)(void *ctx, Type *x, Type *y);
bool types_identical(Sema *s, Type *const *x, Type *const *y, int n);
bool fields_match(Sema *s, Type *x, Type *y, int i, bool ignore_tags); /* all but the types */

/* ---- typeset.c ---- */
Object *type_set_method(const TypeSet *ts, const Package *pkg, const Name *name, bool fold_case, int *index);
bool type_set_comparable(Sema *s, const TypeSet *ts, bool (*comparable)(Sema *s, Type *t, void *ctx), void *ctx);
bool terms_subset(Sema *s, const TypeSet *x, const TypeSet *y);
bool terms_equal(Sema *s, const TypeSet *x, const TypeSet *y);
bool term_includes(Sema *s, UnionTerm term, Type *t);
/* The core type of tparam with its tilde; *single: the set has one term, the result. False: there is none. */
bool tparam_core_term(Sema *s, Type *tparam, UnionTerm *core, bool *single);

/* ---- lookup.c ---- */
/* type_missing_method with another comparison of signatures. */
Object *missing_method(Sema *s, Type *v, Type *t, bool static_, TypeEquiv equiv, void *ctx, Object **wrong,
                       const char **reason);
/* Completes the signature of a method of the package being checked. */
void method_complete(Sema *s, Object *method);

/* ---- subst.c ---- */
/* The type parameters that a local type of a generic function depends on without naming them, or NULL. */
const TypeVec *implicit_tparams(const Type *named);
/* Whether one of tparams occurs in t. */
bool type_mentions(Sema *s, Type *t, const TypeVec *tparams);
bool can_branch(const Type *t); /* a literal with several components: walks remember those they were in */
int tparam_index(const TypeVec *tparams, const Type *tparam); /* -1: not in the list */

/* ---- instantiate.c ---- */
/* The type parameters that stand for the arguments of an instance, implicit ones first. */
TypeVec instance_tparams(Sema *s, const Type *inst);
void named_expand(Sema *s, Type *inst);
Type *new_named_instance(Sema *s, Type *generic, TypeVec targs); /* not entered into any table */
Pos inst_pos(const Node *at); /* where Go reports what is wrong with an instantiation: the bracket or parenthesis */

/* ---- unify.c ---- */
/* Solves equations between types for a list of type parameters. Parameters that were found equal share a slot. */
typedef struct Unifier {
    Sema *s;
    const TypeVec *tparams;
    Type ***slots;   /* one for each type parameter; *slot is its type, NULL while unknown */
    int depth;
    bool interfaces; /* Go 1.21: a type that implements an interface matches it, inexactly */
} Unifier;
enum {
    UNIFY_ASSIGN = 1, /* an assignment: inexact at the top, exact in components */
    UNIFY_EXACT = 2,  /* identity; otherwise underlying types may match, and channels of different directions */
};
/* targs may be shorter than tparams. */
Unifier unifier_new(Sema *s, const TypeVec *tparams, const TypeVec *targs, bool interfaces);
bool unify(Unifier *u, Type *x, Type *y, unsigned mode);
Type *unifier_get(const Unifier *u, const Type *tparam);
void unifier_set(Unifier *u, const Type *tparam, Type *t);
int unifier_unknowns(const Unifier *u);
TypeVec unifier_result(const Unifier *u); /* NULL where unknown */

/* ---- typestring.c ---- */
char *func_str(Sema *s, Object *method, bool package_paths); /* name and signature, for messages on methods */
char *terms_str(Sema *s, const TypeSet *ts);
Package *current_package(const Sema *s); /* which names in messages are relative to; NULL outside of checking */
char *msg_type(Sema *s, Type *t);        /* type_str relative to it */

/* ---- constant_text.c ---- */
void put_quoted(Buf *out, const char *text, size_t n); /* as a Go string literal */

/* ---- mono.c ---- */
void mono_record_instance(Checker *c, Pos pos, TypeVec *tparams, Type **targs, NodeList *arg_nodes);

#endif
