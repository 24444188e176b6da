/* verify.c: checks the invariants of the intermediate representation (ir.h) between passes.
 *
 * A broken one is a bug of the compiler: the function is printed and the compiler stops. Types are compared by size
 * and class, not by identity, where a pass may reinterpret a pointer; layouts must always agree. */
#include "ir/ir.h"

#include <string.h>

typedef struct Verifier {
    const IrPackage *p;
    IrFunc *f;
    IrBlock *b;
    const IrInstr *in;
} Verifier;

__attribute__((format(printf, 2, 3))) static _Noreturn void broken(Verifier *v, const char *fmt, ...) {
    char what[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    ir_print_func(v->p, v->f, stderr);
    fatal("broken IR in %s, block b%d, %s: %s", v->f->sym->name, v->b ? v->b->id : -1,
          v->in ? ir_ops[v->in->op].name : "locals", what);
}

#define require(v, cond, ...) ((cond) ? (void)0 : broken((v), __VA_ARGS__))

static int64_t size_of(Verifier *v, Type *t) { return type_size(v->p->sema, t); }

static void verify_type(Verifier *v, Type *t) {
    require(v, t, "a type is missing");
    if (t->kind == TY_TUPLE) {
        for (int i = 0; i < t->tuple.n; i++) verify_type(v, t->tuple.vars[i]->type);
        return;
    }
    require(v, type_canon(v->p->sema, t) == t, "type %s is not canonical", type_str(v->p->sema, t, NULL));
    require(v, !type_mentions_tparam(v->p->sema, t), "type %s has type parameters", type_str(v->p->sema, t, NULL));
}

static void verify_local(Verifier *v, int local) {
    require(v, local >= 0 && local < v->f->locals.len, "no local %%%d", local);
}

static void verify_val(Verifier *v, const IrVal *x) {
    switch ((IrValKind)x->kind) {
    case IV_NONE: broken(v, "an operand is missing");
    case IV_LOCAL:
        verify_local(v, x->local);
        verify_type(v, x->type);
        require(v, v->f->locals.at[x->local].type, "%%%d is an untyped slot and has no value", x->local);
        require(v, x->type->kind == TY_TUPLE || size_of(v, x->type) == size_of(v, v->f->locals.at[x->local].type),
                "%%%d is read with a type of another size", x->local);
        return;
    case IV_SLOT:
        verify_local(v, x->local);
        require(v, v->f->locals.at[x->local].has_slot, "&%d: the local has no slot", x->local);
        return;
    case IV_SYM: require(v, x->sym && x->sym->name, "a symbol is missing"); return;
    case IV_INT: case IV_FLOAT: case IV_ZERO: verify_type(v, x->type); return;
    }
    broken(v, "operand kind %d", x->kind);
}

static bool operand_is_optional(const IrInstr *in) {
    return in->op == IR_RET || in->op == IR_NEW || in->op == IR_MATH || in->op == IR_ATOMIC;
}

static void verify_operands(Verifier *v) {
    const IrInstr *in = v->in;
    const IrVal *const operands[] = {&in->a, &in->b, &in->c};
    for (const char *o = ir_ops[in->op].operands; *o; o++) {
        const IrVal *x = operands[*o - 'a'];
        if (x->kind == IV_NONE && operand_is_optional(in)) continue;
        verify_val(v, x);
    }
}

static void verify_dst(Verifier *v) {
    char dst = ir_ops[v->in->op].dst;
    if (v->in->dst < 0) {
        require(v, dst != 'd', "no destination");
        return;
    }
    require(v, dst != '-', "has a destination");
    verify_local(v, v->in->dst);
    require(v, v->f->locals.at[v->in->dst].type, "the destination %%%d is an untyped slot", v->in->dst);
}

/* Both sides of an instruction that moves one T into its destination have T's size. */
static void verify_size(Verifier *v, Type *t, const IrVal *x) {
    if (t->kind == TY_TUPLE || x->kind == IV_SLOT || x->kind == IV_SYM) return;
    require(v, size_of(v, t) == size_of(v, x->type), "operand of type %s, not of the size of %s",
            type_str(v->p->sema, x->type, NULL), type_str(v->p->sema, t, NULL));
}

static Type *dst_type(Verifier *v) { return v->f->locals.at[v->in->dst].type; }

static void verify_arith(Verifier *v, unsigned props) {
    const IrInstr *in = v->in;
    verify_type(v, in->type);
    require(v, type_has(v->p->sema, in->type, props), "type %s is wrong here", type_str(v->p->sema, in->type, NULL));
    verify_size(v, in->type, &in->a);
    bool shift = in->op == IR_SHL || in->op == IR_SHR;
    if (strlen(ir_ops[in->op].operands) == 2 && !shift) verify_size(v, in->type, &in->b);
    require(v, size_of(v, dst_type(v)) == size_of(v, in->type), "the destination has another size");
}

static void verify_call(Verifier *v) {
    const IrCall *c = v->in->call;
    require(v, c, "no call record");
    if (v->in->op == IR_CALL) require(v, c->sym, "a call of nothing");
    if (v->in->op == IR_CALL_RT) require(v, c->rt < RTE_COUNT, "no runtime entry %d", c->rt);
    require(v, !c->has_env || c->nparams > 0, "the environment is missing");
    for (int i = 0; i < c->nparams; i++) {
        verify_val(v, &c->args[i]);
        verify_type(v, c->params[i]);
        verify_size(v, c->params[i], &c->args[i]);
    }
    require(v, v->in->dst < 0 || c->result, "a call without result has a destination");
}

static void verify_target(Verifier *v, IrBlock *to) {
    require(v, to && to->id >= 0 && to->id < v->f->blocks.len && v->f->blocks.at[to->id] == to, "jumps out of the function");
}

static void verify_terminator(Verifier *v) {
    switch ((IrOp)v->in->op) {
    case IR_BR: verify_target(v, v->b->succ[1]); verify_target(v, v->b->succ[0]); return;
    case IR_JUMP: verify_target(v, v->b->succ[0]); return;
    case IR_SWITCH:
        verify_target(v, v->b->succ[0]);
        for (int i = 0; i < v->in->cases.n; i++) verify_target(v, v->in->cases.targets[i]);
        return;
    case IR_RET:
        require(v, (v->in->a.kind == IV_NONE) == (v->f->result == NULL), "returns the wrong number of values");
        return;
    default: return;
    }
}

static void verify_shape(Verifier *v) {
    const IrInstr *in = v->in;
    switch ((IrOp)in->op) {
    case IR_COPY:
        verify_type(v, dst_type(v));
        verify_size(v, dst_type(v), &in->a);
        return;
    case IR_LOAD:
        verify_type(v, in->type);
        require(v, size_of(v, in->type) == size_of(v, dst_type(v)), "the destination has another size");
        return;
    case IR_STORE:
        verify_type(v, in->type);
        verify_size(v, in->type, &in->b);
        return;
    case IR_MOVE: case IR_ZERO: case IR_NEW: case IR_RENEW: case IR_NEW_ARRAY: case IR_CONV: case IR_BITCAST:
        verify_type(v, in->type);
        return;
    case IR_ADD: case IR_SUB: case IR_MUL: case IR_DIV: case IR_NEG: verify_arith(v, TP_INTEGER | TP_FLOAT); return;
    case IR_REM: case IR_AND: case IR_OR: case IR_XOR: case IR_ANDNOT: case IR_SHL: case IR_SHR: case IR_COM:
        verify_arith(v, TP_INTEGER);
        return;
    case IR_EQ: case IR_NE: case IR_LT: case IR_LE: case IR_GT: case IR_GE:
        verify_type(v, in->type);
        require(v, size_of(v, in->type) <= 8, "compares an aggregate");
        verify_size(v, in->type, &in->a);
        verify_size(v, in->type, &in->b);
        return;
    case IR_CHECK_LE: require(v, in->off >= 0 && in->off < RTE_COUNT, "no panic entry"); return;
    case IR_CALL: case IR_CALL_PTR: case IR_CALL_RT: verify_call(v); return;
    default: return;
    }
}

static void verify_instr(Verifier *v, bool last) {
    require(v, v->in->op < IR_OP_COUNT, "no instruction %d", v->in->op);
    bool terminates = ir_ops[v->in->op].effects == 't';
    require(v, terminates == last, last ? "the block has no terminator" : "a terminator inside a block");
    require(v, v->in->inl >= 0 && v->in->inl <= v->f->inlines.len, "no inlined call %d", v->in->inl);
    verify_operands(v);
    verify_dst(v);
    verify_shape(v);
    if (terminates) verify_terminator(v);
}

static void verify_func(const IrPackage *p, IrFunc *f) {
    Verifier v = {.p = p, .f = f};
    require(&v, f->sym && f->sym->func == f, "the symbol belongs to another function");
    require(&v, f->sym->linkage != IL_EXTERN, "a definition with external linkage");
    for (int i = 0; i < f->locals.len; i++)
        if (!f->locals.at[i].size_override) verify_type(&v, f->locals.at[i].type);
    require(&v, f->blocks.len > 0, "no blocks");
    for (int i = 0; i < f->blocks.len; i++) {
        v.b = f->blocks.at[i];
        v.in = NULL;
        require(&v, v.b->id == i, "block %d has number %d", i, v.b->id);
        require(&v, v.b->instrs.len > 0, "an empty block");
        for (int j = 0; j < v.b->instrs.len; j++) {
            v.in = &v.b->instrs.at[j];
            verify_instr(&v, j == v.b->instrs.len - 1);
        }
    }
}

void ir_verify(const IrPackage *p) {
    for (int i = 0; i < p->funcs.len; i++) verify_func(p, p->funcs.at[i]);
}
