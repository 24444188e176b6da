/* symbols.c: what generated code refers to by name: Goo symbols, runtime entries, GCC's builtins, source positions.
 *
 * Symbols are known to GCC as go_<index>; the table of indices belongs to the shard. A symbol whose address is taken
 * without being defined or called here is declared as data, whatever it is: only the address matters.
 *
 * Runtime entries keep their own names, which are C identifiers. */
#include "codegen/gen.h"

#include <string.h>

GenSym *gen_sym(Gen *g, IrSym *sym) {
    GenSym *gs = ptrmap_get(&g->syms, sym);
    if (!gs) {
        gs = NEW(g->arena, GenSym);
        gs->sym = sym;
        gs->index = g->by_index.len;
        vec_push(g->arena, &g->by_index, gs);
        ptrmap_put(g->arena, &g->syms, sym, gs);
    }
    return gs;
}

/* GCC may assume that accesses stay inside the declared object: an object of unknown size is declared large. */
static gcc_jit_lvalue *declare_data(Gen *g, GenSym *gs) {
    enum { UNKNOWN = 1 << 30 };
    const IrData *d = gs->sym->data;
    int64_t size = d && d->size > 0 && d->size < UNKNOWN ? d->size : UNKNOWN;
    return gcc_jit_context_new_global(g->ctx, NULL, GCC_JIT_GLOBAL_IMPORTED, gen_byte_array(g, size),
                                      arena_printf(g->arena, "go_%d", gs->index));
}

gcc_jit_rvalue *gen_sym_addr(Gen *g, IrSym *sym, int64_t off) {
    GenSym *gs = gen_sym(g, sym);
    gcc_jit_rvalue *p;
    if (gs->fn) {
        p = gcc_jit_function_get_address(gs->fn, g->loc);
    } else {
        if (!gs->var) gs->var = declare_data(g, gs);
        p = gcc_jit_lvalue_get_address(gs->var, g->loc);
    }
    p = gcc_jit_context_new_cast(g->ctx, g->loc, p, g->t_ptr->t);
    return off ? gen_offset(g, p, gen_int(g->t_int, g, off)) : p;
}

/* ---- runtime entries ---- */

GenType *gen_code_type(Gen *g, char code) {
    switch (code) {
    case 'v': case 'n': return g->t_void;
    case 'b': return g->t_bool;
    case 'w': return g->t_u32;
    case 'i': return g->t_int;
    case 'p': return g->t_ptr;
    case 'd': return g->t_f64;
    case 'f': return g->t_f32;
    case 's': return g->t_string;
    case 'e': return g->t_iface;
    case 'l': return g->t_slice;
    case 'z': return g->t_ptr_bool;
    case 'c': return g->t_c128;
    default: break;
    }
    fatal("entry.def: unknown code %c", code);
}

static gcc_jit_function *declare(Gen *g, const char *name, const GenSig *sig) {
    gcc_jit_param **params = NEW_ARRAY(g->arena, gcc_jit_param *, sig->n);
    for (int i = 0; i < sig->n; i++)
        params[i] = gcc_jit_context_new_param(g->ctx, NULL, sig->params[i], arena_printf(g->arena, "p%d", i));
    return gcc_jit_context_new_function(g->ctx, NULL, GCC_JIT_FUNCTION_IMPORTED, sig->result->t, name, sig->n, params, 0);
}

gcc_jit_function *gen_entry(Gen *g, RtEntry e) {
    if (g->entries[e]) return g->entries[e];
    const RtEntryInfo *info = &ir_entries[e];
    GenSig sig = {gen_code_type(g, info->result), NEW_ARRAY(g->arena, gcc_jit_type *, 3 * strlen(info->params)), 0};
    for (const char *c = info->params; *c; c++) {
        if (*c == 'l') {
            sig.params[sig.n++] = g->t_ptr->t;
            sig.params[sig.n++] = g->t_int->t;
            sig.params[sig.n++] = g->t_int->t;
        } else {
            sig.params[sig.n++] = gen_code_type(g, *c)->t;
        }
    }
    return g->entries[e] = declare(g, info->name, &sig);
}

/* A pointer of the runtime's that each thread has. */
static gcc_jit_rvalue *thread_pointer(Gen *g, gcc_jit_lvalue **known, const char *name) {
    if (!*known) {
        *known = gcc_jit_context_new_global(g->ctx, NULL, GCC_JIT_GLOBAL_IMPORTED, g->t_ptr->t, name);
        gcc_jit_lvalue_set_tls_model(*known, GCC_JIT_TLS_MODEL_LOCAL_EXEC);
    }
    return gcc_jit_lvalue_as_rvalue(*known);
}

gcc_jit_rvalue *gen_rt_g(Gen *g) { return thread_pointer(g, &g->rt_g, "rt_g"); }
gcc_jit_rvalue *gen_rt_asking(Gen *g) { return thread_pointer(g, &g->rt_asking, "rt_asking"); }

/* ---- builtins ---- */

gcc_jit_function *gen_builtin(Gen *g, const char *name) {
    const Name *key = name_of(g->names, name);
    gcc_jit_function *fn = ptrmap_get(&g->builtins, key);
    if (!fn) {
        fn = gcc_jit_context_get_builtin_function(g->ctx, name);
        if (!fn) fatal("GCC has no %s", name);
        ptrmap_put(g->arena, &g->builtins, key, fn);
    }
    return fn;
}

gcc_jit_rvalue *gen_call_builtin(Gen *g, const char *name, gcc_jit_rvalue **args, int n) {
    gcc_jit_function *fn = gen_builtin(g, name);
    for (int i = 0; i < n; i++) {
        gcc_jit_type *want = gcc_jit_rvalue_get_type(gcc_jit_param_as_rvalue(gcc_jit_function_get_param(fn, i)));
        args[i] = gcc_jit_context_new_cast(g->ctx, g->loc, args[i], want);
    }
    return gcc_jit_context_new_call(g->ctx, g->loc, fn, n, args);
}

/* ---- positions ---- */

/* The location for GCC. Its line is the number of a site; with debug information the file is the real one, since
 * only lines are put right later. Neighbours share a site. */
gcc_jit_location *gen_site(Gen *g, const IrFunc *f, const IrInstr *in) {
    GenSite site = {f, in->inl, in->pos != NO_POS ? in->pos : f->pos};
    GenSite *last = g->sites.len ? &vec_last(&g->sites) : NULL;
    if (last && last->f == f && last->inl == site.inl && last->pos == site.pos && g->loc) return g->loc;
    vec_push(g->arena, &g->sites, site);
    const char *path = "@";
    if (g->opt->debug && site.pos != NO_POS) path = source_full_location(g->s->sources, site.pos).path;
    return gcc_jit_context_new_location(g->ctx, path, g->sites.len, SITE_COLUMN);
}
