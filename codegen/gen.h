/* gen.h: the inside of code generation, shared by the files of codegen/.
 *
 * A Gen is the translation of one shard in its own process: a gccjit context, and the tables that map IR types,
 * symbols and positions to what GCC knows. GCC sees functions under plain names (go_0, go_1, ...) and positions as
 * numbers of sites; rewrite.c puts the real ones into the assembler text.
 *
 * gccjit checks types strictly and evaluates rvalues wherever they are used, so two rules hold throughout: values
 * meet their destination through gen_coerce, and the result of every instruction goes into a local at once. */
#ifndef GOO_GEN_H
#define GOO_GEN_H

#include "codegen/codegen.h"

#include <libgccjit.h>
#include <sys/types.h>

typedef enum GenClass {
    GT_VOID, /* of size 0: neither stored, passed nor returned */
    GT_BOOL, GT_INT, GT_FLOAT,
    GT_PTR,  /* every pointer word is void * */
    GT_AGG,  /* structs; arrays are structs of one array field */
} GenClass;

/* How values of a Go type are represented. */
typedef struct GenType {
    uint8_t cls;
    bool is_signed; /* GT_INT */
    bool is_slice;  /* passed as three scalars */
    int32_t align;
    int64_t size;
    gcc_jit_type *t;
    gcc_jit_type *ptr;        /* t *, made when asked for */
    gcc_jit_field *fields[3]; /* of strings, slices, interfaces */
} GenType;

typedef struct GenLocal {
    gcc_jit_lvalue *lv; /* NULL until used */
    GenType *type;
} GenLocal;

/* A function's parameters and result as the machine passes them. */
typedef struct GenSig {
    GenType *result; /* GT_VOID: none */
    gcc_jit_type **params;
    int n;
} GenSig;

typedef struct GenSym {
    IrSym *sym;
    int index;             /* its name for GCC is go_<index> */
    gcc_jit_function *fn;  /* when called or defined here */
    GenSig sig;
    gcc_jit_lvalue *var;   /* when its address was taken, of functions elsewhere too */
    bool used_by_data;     /* static data of this shard holds its address */
    IrSym *recovery;       /* of a function with recovery points: its RtRecovery */
} GenSym;

/* What a line number that GCC hands back means: at SITE_COLUMN a site, at DECL_COLUMN a line of the source, where
 * with debug information a function or variable is declared. */
enum { DECL_COLUMN = 1, SITE_COLUMN = 2 };
typedef struct GenSite {
    const IrFunc *f;
    int inl; /* see IrInstr.inl */
    Pos pos;
} GenSite;

/* Where control comes back to a recovery point. */
typedef struct GenLanding { int64_t point; gcc_jit_block *block; } GenLanding;

/* The part of a package that one process compiles. */
typedef struct GenShard {
    IrFunc **funcs; int nfuncs;
    IrData **data; int ndata;
    int index, count;
} GenShard;

typedef struct Gen {
    IrPackage *p;
    Sema *s;
    const GenOptions *opt;
    const GenShard *shard;
    Arena *arena;
    NameTable *names;
    gcc_jit_context *ctx;

    GenType *t_void, *t_bool, *t_int, *t_ptr, *t_i32, *t_u32, *t_u64, *t_u8, *t_f64, *t_f32;
    GenType *t_string, *t_iface, *t_slice, *t_ptr_bool, *t_c128;
    gcc_jit_type *t_bytes; /* uint8_t * */
    PtrMap types;          /* Type* -> GenType* */
    PtrMap tuples;         /* Name* of the members -> GenType* */
    PtrMap fn_types;       /* Name* of a signature -> function pointer type */
    PtrMap pads;           /* Name* of a size -> array of bytes */

    PtrMap syms;           /* IrSym* -> GenSym* */
    VEC(GenSym *) by_index;
    gcc_jit_function *entries[RTE_COUNT];
    PtrMap builtins;       /* Name* -> function */
    gcc_jit_lvalue *rt_g, *rt_asking;
    bool has_arenas;       /* the package uses goo/mem: faults need lines too */

    VEC(GenSite) sites;    /* line n, column SITE_COLUMN is sites.at[n - 1] */

    /* the function being translated */
    IrFunc *f;
    gcc_jit_function *fn;
    GenLocal *locals;
    gcc_jit_block **blocks; /* by IrBlock.id; a block that branches inside goes on in others */
    gcc_jit_block *cur;
    gcc_jit_location *loc;
    int temps;              /* numbers names of locals */
    gcc_jit_block *dispatch; /* recovery.c; NULL in functions without recovery points */
    VEC(GenLanding) landings;
} Gen;

/* ---- types.c ---- */
void gen_init_types(Gen *g);
GenType *gen_type(Gen *g, Type *t);            /* NULL gives GT_VOID */
gcc_jit_type *gen_ptr_to(GenType *t);
gcc_jit_type *gen_byte_array(Gen *g, int64_t size);
gcc_jit_type *gen_fn_ptr(Gen *g, const GenSig *sig);
GenSig gen_sig(Gen *g, Type **params, int n, Type *result);
bool gen_same_sig(const GenSig *a, const GenSig *b);

/* ---- values.c ---- */
gcc_jit_rvalue *gen_int(GenType *t, Gen *g, int64_t value);
gcc_jit_rvalue *gen_zero(Gen *g, GenType *t);
gcc_jit_rvalue *gen_coerce(Gen *g, gcc_jit_rvalue *v, GenType *from, GenType *to);
GenType *gen_val_type(Gen *g, const IrVal *v);
gcc_jit_rvalue *gen_val(Gen *g, const IrVal *v, GenType *want);
/* The lvalue behind an address operand; t is not GT_VOID. */
gcc_jit_lvalue *gen_mem(Gen *g, const IrVal *addr, int64_t off, GenType *t);
gcc_jit_rvalue *gen_addr(Gen *g, const IrVal *addr, int64_t off); /* void * */
gcc_jit_rvalue *gen_offset(Gen *g, gcc_jit_rvalue *ptr, gcc_jit_rvalue *bytes); /* void * plus an int64 */
GenLocal *gen_local(Gen *g, int local);
gcc_jit_lvalue *gen_temp(Gen *g, GenType *t);
gcc_jit_rvalue *gen_snapshot(Gen *g, gcc_jit_rvalue *v, GenType *t); /* in a new local: evaluated once */
void gen_assign(Gen *g, int dst, gcc_jit_rvalue *v, GenType *from);

/* ---- symbols.c ---- */
GenSym *gen_sym(Gen *g, IrSym *sym);
gcc_jit_rvalue *gen_sym_addr(Gen *g, IrSym *sym, int64_t off); /* void * */
gcc_jit_function *gen_entry(Gen *g, RtEntry e);
GenType *gen_code_type(Gen *g, char code);      /* of a letter of entry.def; GT_VOID for v and n */
gcc_jit_function *gen_builtin(Gen *g, const char *name);
gcc_jit_rvalue *gen_call_builtin(Gen *g, const char *name, gcc_jit_rvalue **args, int n); /* casts arguments */
gcc_jit_rvalue *gen_rt_g(Gen *g), *gen_rt_asking(Gen *g);
gcc_jit_location *gen_site(Gen *g, const IrFunc *f, const IrInstr *in);

/* ---- func.c, instr.c ---- */
void gen_declare(Gen *g, IrFunc *f);
void gen_define(Gen *g, IrFunc *f);
void gen_instr(Gen *g, const IrBlock *b, const IrInstr *in);
gcc_jit_block *gen_new_block(Gen *g);

/* ---- recovery.c ---- */
void gen_begin_recovery(Gen *g);                /* before anything that can call */
void gen_end_recovery(Gen *g);                  /* after all blocks */
void gen_setjmp(Gen *g, const IrInstr *in);
void gen_fence(Gen *g, gcc_jit_lvalue *in_memory); /* NULL, or what it makes stand in memory */

/* ---- arith.c ---- */
void gen_arith(Gen *g, const IrInstr *in);      /* ADD .. GE, NEG, COM, NOT */
void gen_conv(Gen *g, const IrInstr *in);

/* ---- intrinsics.c ---- */
void gen_intrinsic(Gen *g, const IrInstr *in);  /* MATH, ATOMIC */

/* ---- check.c ---- */
void gen_check(Gen *g, const IrInstr *in);
/* Branches on cond; hint > 0: likely, < 0: unlikely. */
void gen_branch(Gen *g, gcc_jit_rvalue *cond, gcc_jit_block *yes, gcc_jit_block *no, int hint);
void gen_unreachable(Gen *g);                   /* ends the current block */

/* ---- call.c ---- */
void gen_call(Gen *g, const IrInstr *in);
void gen_alloc(Gen *g, const IrInstr *in);      /* NEW, NEW_ARRAY */
gcc_jit_rvalue *gen_call_entry(Gen *g, RtEntry e, gcc_jit_rvalue **args, int n);

/* ---- rewrite.c ---- */
/* Appends GCC's assembler text to out, rewritten, then the function table. */
void gen_rewrite(Gen *g, const char *text, size_t n, Buf *out);
/* Appends a symbol as the assembler reads it: quoted unless plain. */
void gen_put_name(Buf *out, const char *name);

/* ---- data.c ---- */
void gen_put_data(Gen *g, Buf *out);
void gen_put_missing(Gen *g, Buf *out);
/* How a definition is announced: .globl, .weak, .hidden. */
void gen_put_linkage(Gen *g, const IrSym *sym, Buf *out);
/* The name of a symbol in this shard: local constants have short ones. */
void gen_put_sym(Gen *g, IrSym *sym, Buf *out);

/* ---- shard.c ---- */
/* The live functions and data of p, in at most max parts of reasonable size; at least one. */
GenShard *gen_divide(IrPackage *p, int max, int *count);

/* ---- unit.c ---- */
/* Translates one shard to assembler text; runs in a process of its own. Returns false with the reason in err. */
bool gen_translate(IrPackage *p, const GenShard *shard, const GenOptions *opt, const char *tmp_file, Buf *out, Buf *err);
/* The options that GCC is always given, NULL at the end. */
extern const char *const gen_gcc_options[];

/* ---- version.c ---- */
enum { GEN_BUILD_ID = 2 * 64 + 1 };
/* What the start of an executable's or library's file says. */
typedef struct GenElf {
    char build_id[GEN_BUILD_ID]; /* as text; empty: none */
    uint64_t from, to;           /* the addresses that it wants; from 0: any */
} GenElf;
/* False: the file is none, or cannot be read. */
bool gen_elf_read(const char *path, GenElf *elf);

/* ---- gccjit.c ---- */
/* Maps what GCC will touch, in the process that will run it. Needs gen_gcc_load before. */
void gen_gcc_warm_up(void);

/* ---- tools.c ---- */
/* Runs a program found in PATH and waits. Its error output goes to err. False: it failed or could not start. */
bool gen_run_tool(char *const argv[], Buf *err);
/* Starts a program found in PATH, with in as its standard input (-1: this process's) and out for all that it says. False
 * with the reason in err; *pid is 0 then. */
bool gen_spawn(char *const argv[], int in, int out, pid_t *pid, Buf *err);
/* Writes all of it to a file descriptor. False: errno says why not. */
bool gen_write_all(int fd, const void *data, size_t n);
bool gen_read_file(const char *path, Buf *out);
bool gen_write_file(const char *path, const void *data, size_t n, Buf *err);
/* Where to make a file that is to be out: beside it; for a device like /dev/null, which stays, among temporary files. */
const char *gen_aside(Arena *a, const char *out);
/* Puts the file made aside in out's place in one step; a device takes its bytes. False, with errno: it is where it was. */
bool gen_put(const char *aside, const char *out);

#endif
