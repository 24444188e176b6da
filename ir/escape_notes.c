/* escape_notes.c: explains the decisions of escape analysis, in the words of Go's compiler (goo build -m). */
#include "ir/escape.h"

#include <string.h>

__attribute__((format(printf, 3, 4))) static void note(Escape *e, Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    IrNote n = {pos, arena_vprintf(e->p->arena, fmt, ap)};
    va_end(ap);
    vec_push(e->p->arena, &e->p->notes, n);
}

/* ---- allocations ---- */

static const char *site_text(Escape *e, const IrAlloc *what) {
    if (what->is_args) return "... argument";
    const Node *n = what->node;
    const char *text = ast_alloc_text(e->p->arena, n);
    if (n->kind != ND_COMPOSITE_LIT || n->composite.type) return text;
    const Type *t = n->type; /* a literal inside another: its type is not written */
    bool is_pointer = t->kind == TY_POINTER;
    return arena_printf(e->p->arena, "%s%s%s", is_pointer ? "&" : "", type_str(e->p->sema, is_pointer ? t->pointer.elem : (Type *)t, e->p->pkg), text);
}

/* A slice of unknown size is never in a frame. */
static bool is_dynamic(const IrInstr *in) { return in->op == IR_CALL_RT && in->call->rt == RTE_rt_make_slice; }

/* Of arena blocks region analysis tells. */
static bool is_block(const EscLoc *o) { return o->what->node && o->what->node->kind == ND_ARENA; }

static void explain_object(Escape *e, const EscLoc *o) {
    if (!o->what || o->made_by->inl || is_block(o)) return;
    bool escapes = o->on_heap || is_dynamic(o->made_by);
    if (o->what->var) {
        if (escapes) note(e, o->what->pos, "moved to heap: %s", o->what->var->text);
        return;
    }
    const char *text = !escapes                    ? "%s does not escape"
                       : ir_allocator(o->made_by) ? "%s is allocated where @ says"
                                                  : "%s escapes to heap";
    note(e, o->what->pos, text, site_text(e, o->what));
}

/* ---- parameters ---- */

static const char *result_name(Escape *e, const IrFunc *f, int i) {
    const Object *v = f->info->sig->func.results->tuple.vars[i];
    bool named = v->name && v->name->len && v->name != e->p->sema->n_blank;
    return named ? v->name->text : arena_printf(e->p->arena, "~r%d", i);
}

static void explain_parameter(Escape *e, const IrFunc *f, int i, Pos pos) {
    const IrEscape *k = f->escape;
    const char *name = f->locals.at[i].name->text;
    bool stays = k->heap[i] == IR_STAYS;
    if (!stays) note(e, pos, k->heap[i] ? "leaking param content: %s" : "leaking param: %s", name);
    for (int r = 0; r < k->nresults; r++) {
        int d = k->results[i * k->nresults + r];
        if (d == IR_STAYS) continue;
        note(e, pos, "leaking param: %s to result %s level=%d", name, result_name(e, f, r), d);
        stays = false;
    }
    if (stays) note(e, pos, "%s does not escape", name);
}

/* A parameter in a box of its own on the heap: that says enough. */
static bool is_moved(const EscFunc *fn, const Name *name, Pos pos) {
    for (int i = 0; i < fn->objects.len; i++) {
        const EscLoc *o = fn->objects.at[i];
        if (o->on_heap && o->what && o->what->var == name && o->what->pos == pos) return true;
    }
    return false;
}

static const Object *param_object(const Type *sig, int i) {
    if (sig->func.recv && i-- == 0) return sig->func.recv;
    return sig->func.params->tuple.vars[i];
}

static void explain_parameters(Escape *e, const EscFunc *fn) {
    const IrFunc *f = fn->f;
    if (!f->info || f->nparams == 0) return;
    int n = f->nparams - ((f->flags & IF_HAS_ENV) != 0);
    const Type *sig = f->info->sig;
    if (n != sig->func.params->tuple.n + (sig->func.recv != NULL)) return; /* the body of a loop */
    for (int i = 0; i < n; i++) {
        const IrLocal *l = &f->locals.at[i];
        Pos pos = param_object(sig, i)->pos;
        if (l->name && esc_holds(e, l->type) && !is_moved(fn, l->name, pos)) explain_parameter(e, f, i, pos);
    }
}

void esc_explain(Escape *e, EscFunc *fn) {
    explain_parameters(e, fn);
    for (int i = 0; i < fn->objects.len; i++) explain_object(e, fn->objects.at[i]);
}
