/* intrinsics.c: library functions that are instructions (intrinsics.def): atomic operations, which have no body in
 * Go, and arithmetic that the machine does better than the library's source. A call becomes one instruction of
 * IR_ATOMIC or IR_MATH; as a function value, or through reflection, the function is an ordinary one. */
#include "ir/lower.h"
#include <string.h>

const IrIntrinsicInfo ir_intrinsics[II_COUNT] = {
#define INTRINSIC_OP(name, class, operands, meaning) [II_##name] = {#name, class, operands},
#include "ir/intrinsics.def"
};

static const struct { const char *symbol; IrIntrinsic op; } functions[] = {
#define INTRINSIC(symbol, op) {symbol, II_##op},
#include "ir/intrinsics.def"
};

static void fill_table(Lower *l) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        ptrmap_put(l->arena, &l->intrinsics, name_of(l->s->names, functions[i].symbol),
                   (void *)&ir_intrinsics[functions[i].op]);
}

static const IrIntrinsicInfo *find_intrinsic(Lower *l, const IrSym *sym) {
    if (!l->intrinsics.len) fill_table(l);
    return ptrmap_get(&l->intrinsics, name_of(l->s->names, sym->name));
}

/* What the running goroutine lacks of its rights: what a check looks at first (abi.h: RtG). */
static IrVal lacks(Builder *b) {
    IrVal g = lw_temp(b, IR_GETG, b->l->t_ptr, b->l->t_ptr, iv_none(), iv_none());
    return lw_load(b, b->l->t_uint32, g, offsetof(RtG, lacks));
}

static IrVal lacks_of(Builder *b, IrVal mask) {
    Type *t = b->l->t_uint32;
    return lw_temp(b, IR_AND, t, t, lacks(b), lw_retype(mask, t));
}

/* caps.Check of a constant: a call only if the goroutine lacks some of it. */
static bool lower_check(Builder *b, const PreparedCall *pc) {
    const Node *arg = pc->node ? ast_unparen(pc->node->call.args.at[0]) : NULL;
    int64_t mask;
    if (!arg || arg->mode != EM_CONST || !cv_int64(arg->value, &mask)) return false;
    IrBlock *slow = ir_block(b->f), *done = ir_block(b->f);
    IrVal missing = lacks_of(b, iv_int(b->l->t_uint32, mask));
    lw_branch(b, lw_temp(b, IR_NE, b->l->t_bool, b->l->t_uint32, missing, iv_int(b->l->t_uint32, 0)), slow, done);
    slow->cold = true;
    lw_start(b, slow);
    PreparedCall ordinary = *pc;
    ordinary.node = NULL;
    lw_make_call(b, &ordinary);
    lw_jump(b, done);
    lw_start(b, done);
    return true;
}

/* The functions of package goo/caps that checks are made of. */
static bool lower_caps(Builder *b, const PreparedCall *pc, IrVal *result) {
    static const char prefix[] = "goo/caps.";
    if (!pc->sym || strncmp(pc->sym->name, prefix, sizeof prefix - 1)) return false;
    const char *name = pc->sym->name + sizeof prefix - 1;
    *result = iv_none();
    if (!strcmp(name, "Check")) return lower_check(b, pc);
    if (!strcmp(name, "missing")) *result = lacks(b);
    else if (!strcmp(name, "Missing")) *result = lw_retype(lacks_of(b, pc->args[0]), pc->result);
    return result->kind != IV_NONE;
}

bool lw_intrinsic(Builder *b, const PreparedCall *pc, IrVal *result) {
    if (lower_caps(b, pc, result)) return true;
    const IrIntrinsicInfo *info = pc->sym ? find_intrinsic(b->l, pc->sym) : NULL;
    if (!info || pc->nparams != info->operands) return false;
    bool is_atomic = info->class == 'a';
    if (is_atomic) lw_nil_check(b, pc->args[0]);
    int dst = pc->result ? lw_new_temp(b, pc->result) : -1;
    IrInstr *in = lw_emit(b, is_atomic ? IR_ATOMIC : IR_MATH);
    IrVal *const operands[] = {&in->a, &in->b, &in->c};
    for (int i = 0; i < info->operands; i++) *operands[i] = pc->args[i];
    in->dst = dst;
    in->off = info - ir_intrinsics;
    in->type = !is_atomic ? pc->params[0] : info->operands > 1 ? pc->params[1] : pc->result;
    *result = dst >= 0 ? iv_local(b->f, dst) : iv_none();
    return true;
}
