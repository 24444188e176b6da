/* lower_rights.c: blocks and goroutines with rights of their own: restrict, with, go @caps (runtime/caps/scope.c).
 *
 * The block's record stands in the frame; every way out of the block restores the set that was in force outside, a
 * panic that is recovered further out does it in the runtime. Capabilities without scopes are one mask that is known
 * here; for others package goo/caps makes the set. */
#include "ir/lower.h"

struct RightsScope {
    RightsScope *outer;
    const Node *body;  /* the block */
    IrVal record;      /* address of the RtCapsScope */
};

static IrVal call_caps(Builder *b, const char *name, IrVal *args, int n) {
    return lw_snapshot(b, lw_call_declared(b, lw_library_func(b->l, "goo/caps", name), NULL, args, n));
}

IrVal lw_rights_record(Builder *b) { return iv_slot(b->f, ir_raw_slot(b->f, sizeof(RtCapsScope)), 0, b->l->t_ptr); }

/* Makes the rights that the list describes the only ones. */
static void enter_restricted(Builder *b, IrVal record, NodeList *list, const uint32_t *masks) {
    Lower *l = b->l;
    RtCapMask whole = 0;
    IrVal set = iv_none();
    for (int i = 0; i < list->len; i++)
        if (masks[i] && ast_unparen(list->at[i])->kind != ND_CALL) whole |= masks[i];
    for (int i = 0; i < list->len; i++) {
        Node *n = ast_unparen(list->at[i]);
        if (masks[i] && n->kind != ND_CALL) continue;
        if (set.kind == IV_NONE) set = call_caps(b, "grants", (IrVal[]){iv_int(l->t_uint32, whole)}, 1);
        if (!masks[i]) {
            Object *right = lw_library_func(l, "goo/caps", "Right");
            set = call_caps(b, "addRight", (IrVal[]){set, lw_snapshot(b, lw_expr_as(b, n, type_canon(l->s, right->type)))}, 2);
        }
        for (int k = 0; masks[i] && k < n->call.args.len; k++) {
            IrVal scope = lw_snapshot(b, lw_expr_as(b, n->call.args.at[k], l->t_string));
            set = call_caps(b, "addScope", (IrVal[]){set, iv_int(l->t_uint32, masks[i]), scope}, 3);
        }
    }
    if (set.kind == IV_NONE) LW_RT(b, rt_caps_restrict, NULL, record, iv_int(l->t_uint32, whole), lw_innermost_try(b));
    else LW_RT(b, rt_caps_restrict_to, NULL, record, lw_part(b, set, l->t_ptr, 0), lw_innermost_try(b));
    b->f->flags |= IF_NOINLINE; /* the runtime knows the block by its function's frame */
}

void lw_leave_record(Builder *b, IrVal record) {
    if (b->cur) LW_RT(b, rt_caps_leave, NULL, record);
}

void lw_leave_rights(Builder *b, const Node *target) {
    const RightsScope *outermost = NULL;
    for (const RightsScope *s = b->rights; s; s = s->outer) {
        if (target && target->pos >= s->body->pos && target->pos < s->body->end) break;
        outermost = s;
    }
    if (outermost) lw_leave_record(b, outermost->record);
}

static void block(Builder *b, Node *body, IrVal record) {
    RightsScope s = {b->rights, body, record};
    b->rights = &s;
    lw_stmt(b, body);
    b->rights = s.outer;
    lw_leave_record(b, record);
}

void lw_restrict(Builder *b, Node *n) {
    IrVal record = lw_rights_record(b);
    enter_restricted(b, record, &n->restrict_stmt.caps, n->restrict_stmt.masks);
    block(b, n->restrict_stmt.body, record);
}

void lw_with(Builder *b, Node *n) {
    Object *type = lw_library_func(b->l, "goo/caps", "Token");
    IrVal token = lw_snapshot(b, lw_expr_as(b, n->with_stmt.token, type_canon(b->l->s, type->type)));
    IrVal record = lw_rights_record(b);
    LW_RT(b, rt_caps_with, NULL, record, lw_part(b, token, b->l->t_ptr, 0), lw_innermost_try(b));
    b->f->flags |= IF_NOINLINE;
    block(b, n->with_stmt.body, record);
}

bool lw_enter_go_caps(Builder *b, Node *go, IrVal *record) {
    if (!go->go_stmt.caps) return false;
    *record = lw_rights_record(b);
    enter_restricted(b, *record, go->go_stmt.caps, go->go_stmt.masks);
    return true;
}

void lw_leave_go_caps(Builder *b, IrVal record) { lw_leave_record(b, record); }
