/* codegen.h: IR -> machine code, through libgccjit to assembler text, and from there to an object file.
 *
 * A unit (a package or a shard of one) is compiled in a forked process: an internal error of GCC takes down one
 * unit and is reported as such. The assembler text is rewritten on its way: functions get their Go names, call
 * sites go into the function table (abi.h: RtFunc), static data is appended directly. */
#ifndef GOO_CODEGEN_H
#define GOO_CODEGEN_H

#include "ir/ir.h"

typedef struct GenOptions {
    int opt_level;        /* 0..3 */
    bool debug;           /* -g: DWARF with variables */
    int jobs;             /* processes at once; 0: as many as there are processors */
    const char *tmp_dir;  /* for intermediate files; removed by the caller */
} GenOptions;

/* Where GCC's library is: where it was when this compiler was built, or as GOO_GCCJIT in the environment says. */
const char *gen_gccjit_path(void);
/* Starts to load GCC's library in a thread, so that it is there when gen_compile needs it. Optional. */
void gen_gcc_prepare(void);
/* Waits until the library is loaded, or loads it. Whoever forks processes that call gen_compile calls this before.
 * False with the reason in err. */
bool gen_gcc_load(Buf *err);

/* Compiles p to the object file obj_path (asm_only: to assembler text). Returns false after printing what went wrong
 * to err (a message that says whether it is an internal error); nothing is left at obj_path then. */
bool gen_compile(IrPackage *p, const GenOptions *opt, const char *obj_path, bool asm_only, Buf *err);

/* Links objects and the runtime into a static executable at out, replacing it atomically. runtime_lib is goort.o,
 * which has start files and the C library in it, or the plain libgoort.a. debug: objects have debug information.
 * Returns false with the linker's message in err. */
bool gen_link(const char **objects, int n, const char *runtime_lib, const char *out, bool debug, Buf *err);

/* The number of processors that this process may use. */
int gen_processors(void);

/* Identifies everything that influences generated code: for cache keys. */
const char *gen_version(void);

#endif
