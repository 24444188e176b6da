/* region.c: region analysis: how the memory of arena blocks may be released.
 *
 * When an arena block ends, its memory can be used again at once if nothing that is used later leads into it; otherwise the
 * release is guarded: the pages stay inaccessible until the collector finds no pointer into them. This analysis proves
 * the former where it can, and reports as errors what leaves its block for certain.
 *
 * It is a unification-based points-to analysis (B. Steensgaard, "Points-to Analysis in Almost Linear Time", POPL 1996),
 * per function, with summaries: sets of objects (cells) are joined when one pointer may lead to either. Two things make
 * it precise enough. Words of memory are told apart by the type of what they point to, so that the names in a tree are no
 * nodes of it. And each call of a function has its own copy of what the function does (context sensitivity), from the
 * summary. A cell knows the arena that its objects may come from (its home), which is a cell too: in a summary that of a
 * parameter, so "builds a tree in the arena it is given" is something that callers know.
 *
 * What gets to variables of packages, goroutines or unknown code is lost, and what it leads to. At the end of a block
 * its memory is out of reach if no cell at home in it is lost or can be reached from a parameter or a local that is still
 * live. Functions are taken in the order in which escape analysis found them; those that call each other are one batch,
 * in which parameters are joined with arguments directly. */
#include "ir/region.h"

#include <string.h>

static void set_up(Regions *r) {
    NameTable *names = r->p->sema->names;
    r->k_any = name_of(names, "unsafe.Pointer");
    r->k_iface = name_of(names, "interface");
    r->k_func = name_of(names, "func");
    r->k_bytes = name_of(names, "uint8");
}

/* Whether the package can have to do with arenas. */
static bool has_arenas(const IrPackage *p) {
    if (!strcmp(p->pkg->path, "goo/mem")) return true;
    for (int i = 0; i < p->pkg->imports.len; i++)
        if (name_is(name_of(p->sema->names, p->pkg->imports.at[i]->path), "goo/mem")) return true;
    return false;
}

static RgFunc *add_func(Regions *r, IrFunc *f) {
    RgFunc *fn = NEW(r->arena, RgFunc);
    *fn = (RgFunc){.f = f, .vars = NEW_ARRAY(r->arena, RgCell *, f->locals.len), .result = rg_cell(r)};
    ptrmap_put(r->arena, &r->funcs, f, fn);
    vec_push(r->arena, &r->batch, fn);
    return fn;
}

static void analyse_batch(Regions *r) {
    for (int i = 0; i < r->batch.len; i++) rg_build(r, r->batch.at[i]);
    rg_finish_calls(r);
    for (int i = 0; i < r->batch.len; i++) rg_decide(r, r->batch.at[i]);
    for (int i = 0; i < r->batch.len; i++) rg_summarize(r, r->batch.at[i], rg_made_from(r, r->batch.at[i]->f));
}

void ir_regions(IrPackage *p, IrEscapes *all) {
    if (!has_arenas(p)) return;
    Regions r = {.p = p, .all = all};
    for (int i = 0; i < p->bottom_up.len;) {
        r = (Regions){.p = p, .all = all, .arena = arena_new()};
        set_up(&r);
        int batch = p->bottom_up.at[i]->batch;
        for (; i < p->bottom_up.len && p->bottom_up.at[i]->batch == batch; i++) add_func(&r, p->bottom_up.at[i]);
        analyse_batch(&r);
        arena_free(r.arena);
    }
}
