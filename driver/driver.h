/* driver.h: the `goo` command: its commands, how packages are found and loaded, the build and its cache. */
#ifndef GOO_DRIVER_H
#define GOO_DRIVER_H

#include "base/base.h"
#include "codegen/codegen.h"
#include "ir/caps.h"

#include <sys/stat.h>

#define GOO_VERSION "0.1.0"
#define GOO_LANGUAGE "go1.23"

/* What the user asked to see of a build. */
typedef enum EmitKind { EMIT_EXE, EMIT_AST, EMIT_IR, EMIT_ASM, EMIT_OBJ } EmitKind;

/* The flags and arguments of one command. */
typedef struct Options {
    const char *command;
    int opt_level;           /* -1: the command's default */
    bool debug;
    bool json_errors;
    bool all_errors;
    bool no_cache;
    bool verbose;
    bool keep_going;         /* check files with syntax errors too, as far as they can be read */
    bool explain;            /* tell what escape analysis decided about the named package */
    bool external;           /* functions without a body are defined elsewhere */
    bool generic_aliases;    /* GOEXPERIMENT has aliastypeparams */
    EmitKind emit;
    /* goo caps */
    const char *why, *graph, *revision, *rights_file, *write_rights;
    bool json, check_table;
    const char *output;
    RtCapMask refused;       /* --deny without scopes */
    const char *policy;      /* --allow and --deny: the program's rights, as text; NULL: all */
    const char *sandbox;     /* --sandbox: the runtime's function that does it, or NULL */
    const char *language;    /* --lang: overrides the module's language version */
    char **args; int nargs;  /* what follows the flags */
} Options;

/* ---- options.c ---- */
/* Parses argv[1..] of a command; prints what is wrong and returns false. "--" and the first non-flag end the flags. */
bool options_parse(Options *o, int argc, char **argv);
char command_letter(const char *command); /* what stands for the command in flags.def */

/* ---- help.c ---- */
int cmd_help(const Options *o);
int cmd_version(const Options *o);
int cmd_env(const Options *o);
bool help_wanted(const Options *o);
/* Says that there is no such command, and which may be meant; an exit status. */
int help_unknown(const char *name);
/* Whether the command line has no arguments besides flags; says so otherwise. */
bool takes_nothing(const Options *o);
void help_usage(FILE *out);

/* ---- paths.c ---- */
/* Where things are; all found once at start. */
typedef struct Paths {
    const char *exe;          /* the goo command itself */
    const char *runtime_lib;  /* goort.o */
    const char *std;          /* packages of Goo's own that replace those of Go's library */
    const char *goroot;       /* Go 1.23's source tree (the folder with src/), or NULL */
    const char *library;      /* folder with compiled packages of the library, which is only read; or NULL */
    const char *cache;        /* cache folder, or NULL when there is no place for one */
} Paths;
void paths_init(Paths *p, Arena *a);
/* A fresh folder for temporary files, removed at exit and on fatal signals. NULL with a message when impossible. */
const char *temp_dir(void);
void temp_dir_remove(void);      /* before exec, which runs no exit handlers */
/* path from the root, without . and .. elements; symbolic links stay, as in the PWD of a shell. */
const char *absolute_path(Arena *a, const char *path);
bool make_dirs(const char *path); /* like mkdir -p */

/* ---- files.c ---- */
typedef VEC(const char *) Names;
/* Reads a whole file into the arena, NUL-terminated. NULL: errno is set (EISDIR for folders, EFBIG beyond 1 GiB). */
char *read_file(Arena *a, const char *path, size_t *size);
/* Reads standard input likewise. */
char *read_stdin(Arena *a, size_t *size);
/* The names in a folder without "." and "..", sorted. False: it cannot be read. */
bool list_names(Arena *a, const char *dir, Names *out);
bool is_dir(const char *path);
bool has_suffix(const char *s, const char *suffix);

/* ---- constraint.c: which files belong to a build ---- */
typedef struct BuildContext { const char *goos, *goarch; bool mask_arch; } BuildContext;
/* The //go:build expression of a source text, or NULL; reads only the comments before the package clause. */
const char *constraint_find(const char *text);
/* Evaluates a //go:build expression; a malformed one counts as false. */
bool constraint_holds(const BuildContext *c, const char *expr);
/* Whether a file name's _GOOS, _GOARCH suffixes fit. */
bool file_name_matches(const BuildContext *c, const char *name);
/* The context in which the package of Go's library with that path is built; NULL: any other package. */
const BuildContext *context_for(const char *library_path);
/* The go1.N of a constraint such as "go1.21 && linux" in arena a, or NULL. */
const char *constraint_go_version(Arena *a, const char *expr);

/* ---- load.c: modules and packages ---- */
typedef struct Module {
    const char *dir;        /* the folder with go.mod or goo.mod */
    const char *file;       /* which of them, with its folder */
    const char *path;       /* module path */
    const char *go_version; /* "go1.21", NULL when not stated */
} Module;

/* What a build depended on, for the cache: a file's content, the names of a folder's source files or all names in it, or
 * a file or folder of the library, of which the state in the file system is enough; and what it made, an executable. */
typedef enum InputKind { INPUT_FILE = 'f', INPUT_SOURCES = 'd', INPUT_NAMES = 'n', INPUT_LIBRARY = 'l', INPUT_EXE = 'x' } InputKind;
typedef struct Input { const char *path; InputKind kind; } Input;

/* A package with its tests, and the program that runs them. */
typedef struct TestPackage {
    const char *path, *dir;
    const char *xpath;      /* of the external tests: those in package NAME_test */
    Names files, tests, xtests; /* names in dir: of the package itself, of tests inside of it, of external ones */
    Module *module;
    const char *go_version;
    bool library;
    bool listed;            /* the files were named one by one: constraints do not count */
    const char *main;       /* source of the main package */
} TestPackage;

typedef struct Loader {
    Arena *arena;
    NameTable *names;
    SourceSet sources;
    Diags diags;
    Sema sema;
    Paths *paths;
    Module *module;             /* of the main package; NULL outside of modules */
    const char *language;
    const TestPackage *test;    /* NULL: no tests are loaded */
    Package *named;             /* what the command is about; set by load_main */
    PtrMap objects;             /* Package* -> path of its object, of those that were found whole */
    PtrMap object_names;        /* Package* -> what its object is named after, of library packages whose name is known */
    IrEscapes escapes;          /* contracts of the packages compiled so far, and of those read */
    PtrMap contracts_read;      /* Package* -> itself, of those whose contracts were read if there are any */
    CapGraph *caps;             /* of the packages compiled so far and of those read; NULL: none yet */
    bool outline;               /* of library packages only what importers need is read: no code is made for them */
    bool external, keep_going, generic_aliases; /* as in Options */
    VEC(struct Loading { const char *path; Pos pos; }) stack; /* packages being imported, outermost first */
    VEC(Input) inputs;
    bool import_error;          /* an import leads to no package */
    bool usage_error;           /* a file could not be read and the like: exit status 2 */
    VEC(File *) parsed;
} Loader;

Loader *loader_new(Arena *a, Paths *paths, const Options *o, bool outline);
/* Makes options and paths those of this process. */
void loader_set_options(Loader *l, Paths *paths, const Options *o);
/* The paths of the library packages that the files which the command's arguments name import themselves, sorted. A file that
 * cannot be read is reported (l->usage_error). */
void load_imports(Loader *l, char **args, int nargs, Names *out);
/* Loads and checks the package named by the command's arguments: files, or one folder. NULL after an error. */
Package *load_main(Loader *l, char **args, int nargs);
/* Loads and checks the main package of a test program, and with it the package under test. NULL after an error. */
Package *load_test(Loader *l, const TestPackage *t);
bool is_source_name(const char *name);
bool is_test_name(const char *name);
/* The names of dir's source files that fit the context by name, sorted; tests (may be NULL) gets those of test files.
 * False: dir cannot be read. */
bool list_sources(Arena *a, const char *dir, const BuildContext *c, Names *out, Names *tests);
/* Parses only. */
bool load_parse(Loader *l, char **args, int nargs);
/* Loads a package by its import path, as if a file outside of any module imported it. NULL after an error. */
Package *load_path(Loader *l, const char *path);
/* Notes for the cache that the build depends on path. */
void loader_note_input(Loader *l, const char *path, InputKind kind);
/* Puts the packages into the order in which they are initialised (Go specification, "Program initialization"). */
void load_init_order(Loader *l);
/* Splits args of `goo run` into sources and the program's own arguments; returns how many are sources. */
int count_sources(char **args, int nargs);
/* Has messages name files below the current folder as from there. */
void loader_shorten_paths(Loader *l);
/* Prints queued diagnostics and returns the exit status they mean. */
int report(Loader *l, const Options *o);
/* Whether p is of Go's library, or replaces a package of it. */
bool is_library(const Loader *l, const Package *p);

/* ---- embed.c ---- */
/* Reads the files that the //go:embed lines of f name, in a package in dir. Mistakes are kept with the lines: the checker
 * reports them where a line stands before a variable that may have files. */
void embed_find(Loader *l, File *f, const char *dir);

/* ---- module.c ---- */
/* The go.mod or goo.mod that governs dir, an absolute path; NULL when there is none. */
const char *module_file(Arena *a, const char *dir);
/* Finds the module of dir (go.mod or goo.mod in it or above); NULL when there is none. */
Module *module_find(Arena *a, const char *dir, Diags *diags, SourceSet *sources);

/* An executable in the cache: named after its sources' paths, the flags and the compiler. */
typedef struct CacheEntry {
    const char *exe, *manifest;
    Buf inputs; /* lines of the manifest: what the build read; empty until that was noted */
} CacheEntry;

/* ---- build.c ---- */
int cmd_build(const Options *o);
int cmd_run(const Options *o);
int cmd_test(const Options *o);
/* Builds an executable at out from the sources; returns an exit status. *l gets the loader that did it. entry: where in
 * the cache it is to go, or NULL. */
int build_executable(const Options *o, Paths *paths, Arena *a, char **args, int nargs, const char *out, CacheEntry *entry, Loader **l);

/* ---- check.c ---- */
int cmd_check(const Options *o);

/* ---- objects.c: packages to object files ---- */
/* The IR of a checked package, ready for code generation. NULL after queueing errors. */
IrPackage *lower_package(const Options *o, Loader *l, Package *p);
/* Adds a package to the graph of capabilities, and checks what it promises. Without promises the graph is only for
 * those who import the package. False: errors were queued. */
bool note_caps(Loader *l, const IrPackage *ir);
GenOptions gen_options(const Options *o, const Loader *l, const Package *p, const char *tmp);
/* Prints what a back end tool said; false, so that callers can return it. */
bool back_end_failed(Buf *err);
/* Whether the cache has objects of all library packages, so that their outlines are enough. */
bool have_library(const Options *o, Loader *l);
/* The same, for a loader that will be used for several programs: what importers need beside the outlines is read. */
bool take_library(const Options *o, Loader *l);
/* Reads the graphs of capabilities of all packages that were loaded into l->caps, after making those that the cache does
 * not have (for which the library's packages have to be loaded whole). Returns an exit status. */
bool have_library_graphs(const Options *o, Loader *l);
int make_cap_graphs(const Options *o, Loader *l, const char *tmp);
/* Compiles every package that was loaded, or takes its object from the cache, and adds it to link, dependencies first.
 * New files that are not for the cache go to tmp. entry: as for build_executable. Returns an exit status, after reporting
 * errors. */
int make_objects(const Options *o, Loader *l, const char *tmp, GenLink *link, CacheEntry *entry);

/* ---- cache.c ---- */
/* XXH3, 128 bits, as text. */
typedef struct HashText { char s[33]; } HashText;
HashText hash_data(const void *p, size_t n);
/* The hash of what changes when anything about a file does: inode, size, time of the last change. */
HashText hash_state(const struct stat *st);
/* Moves a file beside to, then renames it: works across file systems and never shows a partial file. */
bool cache_move(Arena *a, const char *from, const char *to);
/* Marks a file of the cache as used now, which keeps it from being trimmed. */
void cache_touch(const char *path);
/* Removes what was not used for a month from a folder of the cache: files with that suffix, and those of the same
 * name that have one of others (NULL at the end) in its place. */
void cache_trim(Arena *a, const char *dir, const char *suffix, const char *const *others);
bool write_file(const char *path, const void *data, size_t n);
/* ---- store.c ---- */
const char *seal_path(Arena *a, const char *file); /* of what tells whether the file is whole */
extern const char *const store_parts[]; /* what follows an object's name in the names of its files; NULL at the end */
/* Whether an object is there and whole; then it counts as used now. */
bool store_has(Arena *a, const char *object);
/* Puts what was made, all its files, into place. Several goo at once may do this. False: errno says why not. */
bool store_put(Arena *a, const char *made, const char *object);
/* Removes objects that were not used for a month. */
void store_trim(Arena *a, const char *dir);

/* ---- image.c ---- */
/* A loader that has loaded these packages of the library and knows their objects, from an image in the cache, or that an
 * image was made of. NULL when there can be none. */
Loader *image_loader(Arena *a, Paths *p, const Options *o, const Names *imports);

/* ---- cache.c: executables ---- */
/* The entry for these sources; false when there is no usable cache folder. */
bool cache_entry(Arena *a, const Paths *p, const Options *o, char **args, int nargs, CacheEntry *e);
/* Whether the entry is there, whole, and made of sources that have not changed since. */
bool cache_is_fresh(Arena *a, const CacheEntry *e);
/* Notes what the build has read, in the state in which it is now: once nothing more will be read. */
void cache_note_inputs(Arena *a, CacheEntry *e, const Loader *l);
/* Moves the executable built at path into the entry, with a manifest of the inputs noted. Several goo at once may do this:
 * the last one wins. Gives where the executable is now: e->exe, or still path if it could not be moved. */
const char *cache_store(Arena *a, CacheEntry *e, const char *path);
int cmd_clean(const Options *o);

/* ---- caps.c ---- */
int cmd_caps(const Options *o);

#endif
