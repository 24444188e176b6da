/* uses.c: notes what functions use of others, from which their sets of capabilities follow (caps.h).
 *
 * A note stands in the block that the use is in: what cannot be reached does not count. */
#include "ir/lower.h"

static void note(Builder *b, IrUse use) {
    if (!b->cur) return;
    use.block = b->cur;
    use.pos = b->pos;
    vec_push(b->l->arena, &b->f->uses, use);
}

void lw_use_call(Builder *b, IrSym *sym, const Node *call) { note(b, (IrUse){.kind = IU_CALL, .sym = sym, .call = call}); }

static const CapAttr *sink_of(const Package *pkg, const Node *n) {
    return n && pkg->cap_sinks.len ? ptrmap_get(&pkg->cap_sinks, n) : NULL;
}

bool lw_has_sink(Builder *b, Package *pkg, const Node *n) { return sink_of(b ? b->pkg : pkg, n) != NULL; }

/* A literal whose own type has attributes is made for that type. */
static const CapAttr *own_type(const Node *n) {
    return n && n->kind == ND_FUNC_LIT ? n->func_lit.info->sig->func.caps : NULL;
}

void lw_use_value(Builder *b, IrSym *code, const Node *made_by) {
    const CapAttr *attr = sink_of(b->pkg, made_by);
    note(b, (IrUse){.kind = IU_VALUE, .sym = code, .attr = attr ? attr : own_type(made_by)});
}

void lw_use_conversion(Builder *b, Type *t, Type *iface) { note(b, (IrUse){.kind = IU_CONVERT, .type = t, .iface = iface}); }

void lw_use_var(Builder *b, const Object *v, IrSym *sym) {
    if (v->pkg != b->l->p->pkg) note(b, (IrUse){.kind = IU_VAR, .sym = sym});
}

void lw_use_need(Builder *b, const CapAttr *attr) {
    if (attr && attr->required.atoms.len) note(b, (IrUse){.kind = IU_NEED, .attr = attr});
}

void lw_use_func_type(Builder *b, const Node *n) {
    if (!b->l->s->caps_in_types || !n->type) return;
    lw_use_need(b, type_caps(b->l->s, type_is_tparam(n->type) ? lw_type_of(b, n) : n->type));
}

void lw_use_unsafe(Builder *b) { note(b, (IrUse){.kind = IU_UNSAFE}); }

void lw_use_static(Lower *l, Builder *b, IrUse use) {
    if (b) note(b, use);
    else vec_push(l->arena, &l->p->uses, use);
}
