/* scratch.c: short strings in frames. A string or slice of bytes that a conversion or concatenation makes, and that escape
 * analysis found not to outlive the frame, is made in a buffer there if it is short enough, which is known at run time
 * only: the runtime's entry gets the buffer as one more argument. The buffer is used again when the same place is
 * executed again; nothing uses what it held then. Behind region analysis, which knows the plain entries. */
#include "ir/ir.h"
#include <string.h>

enum { MAX_BUFFERS = 16 }; /* of one function: goroutines start on small stacks */

/* The entry to call instead; entry 0 never allocates, and stands for none. */
static const uint16_t in_frame[RTE_COUNT] = {
    [RTE_rt_string_concat] = RTE_rt_string_concat_in,
    [RTE_rt_string_from_bytes] = RTE_rt_string_from_bytes_in,
    [RTE_rt_string_from_rune] = RTE_rt_string_from_rune_in,
    [RTE_rt_bytes_from_string] = RTE_rt_bytes_from_string_in,
};

static void add_buffer(const IrPackage *p, IrFunc *f, IrCall *c) {
    int n = c->nparams++;
    Type *ptr = type_canon(p->sema, type_basic(p->sema, BK_UNSAFE_POINTER));
    Type **params = NEW_ARRAY(f->arena, Type *, c->nparams);
    IrVal *args = NEW_ARRAY(f->arena, IrVal, c->nparams);
    memcpy(params, c->params, (size_t)n * sizeof *params);
    memcpy(args, c->args, (size_t)n * sizeof *args);
    params[n] = ptr;
    args[n] = iv_slot(f, ir_raw_slot(f, RT_SCRATCH), 0, ptr);
    c->params = params;
    c->args = args;
    c->rt = in_frame[c->rt];
}

static void use_scratch(const IrPackage *p, IrFunc *f) {
    int buffers = 0;
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *b = f->blocks.at[i];
        for (int j = 0; j < b->instrs.len && buffers < MAX_BUFFERS; j++) {
            const IrInstr *in = &b->instrs.at[j];
            if (in->op != IR_CALL_RT || !in->call->stays || !in_frame[in->call->rt]) continue;
            add_buffer(p, f, in->call);
            buffers++;
        }
    }
}

void ir_use_scratch(IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) use_scratch(p, p->funcs.at[i]);
}
