/* sema.h: the interface of the checker.
 *
 * A Sema is one compilation: it owns the universe, the packages checked so far and the tables that make types
 * canonical. Packages are checked one by one; importing a package that is not there yet calls back to the driver. */
#ifndef GOO_SEMA_H
#define GOO_SEMA_H

#include "sema/types.h"

/* Finds, parses and checks (through sema_check) the package that import path names, seen from a file in from_dir.
 * Returns NULL after reporting an error at pos. Package "unsafe" never reaches it. */
typedef Package *(*ImportFn)(void *ctx, const char *path, const char *from_dir, Pos pos);

struct Sema {
    Arena *arena;
    NameTable *names;
    SourceSet *sources;
    Diags *diags;
    ImportFn import;
    void *import_ctx;
    Scope *universe;
    Package *unsafe_pkg;
    Type *basic[BK_COUNT];
    Type *t_any, *t_error, *t_comparable, *t_byte, *t_rune; /* byte and rune are TY_ALIAS-free: names of uint8, int32 */
    Object *error_method;       /* error.Error */
    const Name *n_blank, *n_init, *n_main, *n_dot;
    PtrMap packages;            /* Name* of the path -> Package*; a package in progress has complete == false */
    VEC(Package *) order;       /* checked packages, dependencies first */
    const char *policy;         /* Goo: what the program is built with (--allow, --deny), as text; NULL: all rights */
    RtCapMask refused;          /* what no part of it shall have at all (--deny) */
    const char *sandbox;        /* the runtime's function that hands the ceiling to the kernel, or NULL */
    bool is_test;               /* the program is one of goo test's */
    bool caps_in_types;         /* Goo: a function type or interface method with attributes was seen */
    const char *go_version;     /* the newest language version known: "go1.23" */
    struct Checker *checker;    /* of the package being checked; NULL between packages. sema_check saves and restores it */
    struct SemaTables *tables;  /* canonical types, instances, method sets (private) */
};

void sema_init(Sema *s, Arena *a, NameTable *names, SourceSet *sources, Diags *diags, ImportFn import, void *ctx);

typedef struct SemaOptions {
    const char *go_version;  /* of the module, "go1.21"; NULL = newest. A file's //go:build may raise or lower it */
    bool outline;            /* what importers need: function bodies only of generic functions */
    bool need_main;          /* a program is linked: a package main must declare func main */
    bool tested;             /* a package main is compiled with its tests: imported like others, no program itself */
    bool generic_aliases;    /* aliases may have type parameters: an experiment in Go 1.23 */
    bool allow_no_body;      /* functions without a body are external (assembly, linkname) rather than errors */
} SemaOptions;

/* Checks the files of one package. Always returns a package; had_errors tells whether errors were reported. */
Package *sema_check(Sema *s, const char *path, const char *dir, File **files, int nfiles, const SemaOptions *opt);

/* Checks only labels, goto, break, continue and fallthrough in the functions of a file: what Go's parser checks, and
 * what can be said about a file that has syntax errors and is not checked otherwise. */
void sema_check_branches(Sema *s, File *f);

/* Goo: the attributes of a function type, declared or literal, or NULL. */
const CapAttr *type_caps(Sema *s, Type *t);

/* The instantiation recorded for the identifier or selector that names a generic function, or NULL. */
Instance *sema_instance(const Package *p, const Node *n);

#endif
