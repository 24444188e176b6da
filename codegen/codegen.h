/* codegen.h: IR -> machine code, through libgccjit to assembler text, and from there to an object file.
 *
 * A unit (a package or a shard of one) is compiled in a forked process: an internal error of GCC takes down one
 * unit and is reported as such. The assembler text is rewritten on its way: functions get their Go names, call
 * sites go into the function table (abi.h: RtFunc), static data is appended directly. */
#ifndef GOO_CODEGEN_H
#define GOO_CODEGEN_H

#include "ir/ir.h"

typedef struct GenLink GenLink;

typedef struct GenOptions {
    int opt_level;        /* 0..3 */
    bool debug;           /* -g: DWARF with variables */
    int jobs;             /* processes at once; 0: as many as there are processors */
    const char *tmp_dir;  /* for intermediate files; removed by the caller */
    void (*meanwhile)(void *context); /* called once, while other processes compile; NULL: there is nothing to do then */
    void *context;        /* of meanwhile */
} GenOptions;

/* Where GCC's library is: where it was when this compiler was built, or as GOO_GCCJIT in the environment says. */
const char *gen_gccjit_path(void);
/* Tells of a copy of the library that loads faster (tools/prelink), which need not be there or good. */
void gen_gcc_set_copy(const char *path);
/* Loads the library, once. Whoever forks several processes that call gen_compile calls this before. False with the reason
 * in err. */
bool gen_gcc_load(Buf *err);

/* Compiles p to the object file obj_path (asm_only: to assembler text). Returns an exit status: EXIT_USAGE for tools that
 * are missing and files that cannot be written, EXIT_INTERNAL for an internal error. Unless it is EXIT_OK, err says what
 * went wrong, and nothing is left at obj_path. */
int gen_compile(IrPackage *p, const GenOptions *opt, const char *obj_path, bool asm_only, Buf *err);

/* ---- link.c ---- */
/* A program to be linked, in arena a. runtime_lib is goort.o, which has start files and the C library in it, or the plain
 * libgoort.a. debug: objects have debug information. */
GenLink *gen_link_new(Arena *a, const char *runtime_lib, bool debug);
/* Adds an object file; only the last one needs to wait until it is made. */
void gen_link_add(GenLink *k, const char *object);
/* Reads the runtime and what was added so far: work that needs not wait for the rest. Errors show when it is written. */
void gen_link_read(GenLink *k);
/* Links all that was added into a static executable at out, replacing it atomically, and releases the files. Returns
 * false with the linker's message in err. */
bool gen_link_write(GenLink *k, const char *out, Buf *err);

/* The number of processors that this process may use. */
int gen_processors(void);

/* Identifies everything that influences generated code: for cache keys. */
const char *gen_version(void);

#endif
