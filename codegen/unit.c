/* unit.c: one shard through GCC: options, the recording of all functions, and the way back as text. */
#include "codegen/gen.h"

#include <string.h>

#include <stdlib.h>
#include <unistd.h>

const char *const gen_gcc_options[] = {
    /* Go's semantics: arithmetic wraps, memory may be looked at through any type, address zero is checked for by
     * explicit branches that must stay. */
    "-fwrapv", "-fno-strict-aliasing", "-fno-delete-null-pointer-checks", "-ffp-contract=off", "-fno-math-errno",
    "-fno-trapping-math",
    /* The collector finds objects by pointers to their inside, but not past their end. */
    "-fkeep-gc-roots-live",
    /* Programs are static and at a fixed address; recovery needs the runtime and generated code to agree on CET. */
    "-fno-pic", "-fcf-protection=none", "-fno-stack-protector",
    /* Stack traces walk frame pointers, show every caller and the line of every check: no call may be merged with
     * another or turned into a jump. Inlining is the IR's, which keeps account of it. */
    "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-fno-tree-tail-merge", "-fno-crossjumping",
    "-fno-inline", "-fno-partial-inlining", "-fno-ipa-cp", "-fno-ipa-sra", "-fno-ipa-icf",
    "-fno-reorder-blocks-and-partition",
#if defined(__x86_64__)
    /* Structs of a few words are copied word by word: their words were often stored one by one just before, and a wider
     * load has to wait until those stores are done (a tenfold time for functions that return several results). */
    "-mtune-ctrl=^sse_unaligned_load_optimal",
    /* Stacks grow on demand (runtime/sched/stack.h); what a call pushes must count as part of the checked frame. */
    "-fsplit-stack", "-maccumulate-outgoing-args",
#elif defined(__aarch64__)
    /* Preempted code is continued through that register. */
    "-ffixed-x18",
#endif
    /* The linker drops unused functions. */
    "-ffunction-sections", "-fdata-sections",
    "-fno-asynchronous-unwind-tables",
#ifdef GOO_TSAN
    /* make tsan. What enters a function may leave it by a panic, so functions are not counted. */
    "-fsanitize=thread", "--param=tsan-instrument-func-entry-exit=0",
#endif
    NULL,
};

static bool has_recovery_points(const GenShard *shard) {
    for (int i = 0; i < shard->nfuncs; i++)
        if (shard->funcs[i]->flags & IF_HAS_SETJMP) return true;
    return false;
}

static void set_options(Gen *g) {
    gcc_jit_context_set_int_option(g->ctx, GCC_JIT_INT_OPTION_OPTIMIZATION_LEVEL, g->opt->opt_level);
    gcc_jit_context_set_bool_allow_unreachable_blocks(g->ctx, 1);
    for (const char *const *o = gen_gcc_options; *o; o++) gcc_jit_context_add_command_line_option(g->ctx, *o);
    /* GCC 12 puts the constants of a vectorised block before the first block of its region; in a function with setjmp
     * that may be one that exists for the flow graph only, and the values are never computed. */
    if (has_recovery_points(g->shard)) gcc_jit_context_add_command_line_option(g->ctx, "-fno-tree-slp-vectorize");
    /* It puts what a recovery point computes, slots' addresses for one, before every call that may lead there, in a place of
     * the frame: a fault comes without a call (ir/faults.c). */
    if (has_recovery_points(g->shard)) gcc_jit_context_add_command_line_option(g->ctx, "-fno-gcse");
    /* Positions of calls come out as .loc directives, which only exist with debug information. */
    gcc_jit_context_add_command_line_option(g->ctx, g->opt->debug ? "-g" : "-g1");
    gcc_jit_context_add_command_line_option(g->ctx, "-gno-variable-location-views");
}

/* Functions whose address static data holds must not be dropped: GCC does not see the data. */
static void note_data_uses(Gen *g) {
    for (int i = 0; i < g->shard->ndata; i++) {
        const IrData *d = g->shard->data[i];
        if (d->maker) gen_sym(g, d->maker)->used_by_data = true;
        for (int k = 0; k < d->relocs.len; k++)
            if (d->relocs.at[k].sym->is_func) gen_sym(g, d->relocs.at[k].sym)->used_by_data = true;
    }
}

static bool run_gcc(Gen *g, const char *tmp_file, Buf *text, Buf *err) {
    gcc_jit_context_compile_to_file(g->ctx, GCC_JIT_OUTPUT_KIND_ASSEMBLER, tmp_file);
    const char *error = gcc_jit_context_get_first_error(g->ctx);
    if (error) buf_printf(err, "libgccjit: %s\n", error);
    bool ok = !error && gen_read_file(tmp_file, text);
    unlink(tmp_file);
    return ok;
}

bool gen_translate(IrPackage *p, const GenShard *shard, const GenOptions *opt, const char *tmp_file, Buf *out, Buf *err) {
    Gen *g = NEW(p->arena, Gen);
    *g = (Gen){.p = p, .s = p->sema, .opt = opt, .shard = shard, .arena = p->arena, .names = names_new(p->arena)};
    for (int i = 0; i < p->pkg->imports.len; i++) g->has_arenas |= !strcmp(p->pkg->imports.at[i]->path, "goo/mem");
    g->ctx = gcc_jit_context_acquire();
    set_options(g);
    gen_init_types(g);
    note_data_uses(g);
    for (int i = 0; i < shard->nfuncs; i++) gen_declare(g, shard->funcs[i]);
    for (int i = 0; i < shard->nfuncs; i++) gen_define(g, shard->funcs[i]);
    Buf text = {0};
    bool ok = shard->nfuncs == 0 || run_gcc(g, tmp_file, &text, err);
    if (ok) {
        gen_rewrite(g, text.data, text.len, out);
        gen_put_data(g, out);
        gen_put_missing(g, out);
        buf_puts(out, "\t.section\t.note.GNU-stack,\"\",@progbits\n");
    }
    buf_free(&text);
    return ok; /* what GCC holds goes with the process */
}
