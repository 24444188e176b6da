/* print.c: the readable form of the intermediate representation, for --emit=ir and for debugging passes.
 *
 *     func main.f(%0 x int, %1 s []int) int {
 *     b0:
 *         CHECK_INDEX %0, %4                     ; f.go:7
 *         %5:int = LOAD %3+8
 *         BR %6, b1, b2  likely
 *
 * Locals are %n, addresses of slots &n+offset, symbols @name. A line number stands where it changes. */
#include "ir/ir.h"

#include <inttypes.h>
#include <string.h>

typedef struct Printer {
    const IrPackage *p;
    const IrFunc *f;
    FILE *out;
    int column; /* of the instruction being printed, from its first character */
    Location last;
} Printer;

__attribute__((format(printf, 2, 3))) static void put(Printer *pr, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    pr->column += vfprintf(pr->out, fmt, ap);
    va_end(ap);
}

static void put_type(Printer *pr, Type *t) {
    if (!t) {
        put(pr, "void");
    } else if (t->kind == TY_TUPLE) {
        put(pr, "(");
        for (int i = 0; i < t->tuple.n; i++) {
            if (i) put(pr, ", ");
            put_type(pr, t->tuple.vars[i]->type);
        }
        put(pr, ")");
    } else {
        put(pr, "%s", type_str(pr->p->sema, t, pr->p->pkg));
    }
}

static void put_offset(Printer *pr, int64_t off) {
    if (off) put(pr, "%+" PRId64, off);
}

static void put_val(Printer *pr, const IrVal *v) {
    switch ((IrValKind)v->kind) {
    case IV_NONE: put(pr, "none"); return;
    case IV_LOCAL: put(pr, "%%%d", v->local); return;
    case IV_SLOT:
        put(pr, "&%d", v->local);
        put_offset(pr, v->imm);
        return;
    case IV_INT: put(pr, "%" PRId64, v->imm); return;
    case IV_FLOAT: put(pr, "%.17g", v->flt); return;
    case IV_SYM:
        put(pr, "@%s", v->sym->name);
        put_offset(pr, v->imm);
        return;
    case IV_ZERO: put(pr, "zero"); return;
    }
    unreachable();
}

static void put_vals(Printer *pr, const IrInstr *in) {
    const IrVal *const operands[] = {&in->a, &in->b, &in->c};
    const char *sep = " ";
    for (const char *o = ir_ops[in->op].operands; *o; o++) {
        const IrVal *v = operands[*o - 'a'];
        if (v->kind == IV_NONE) continue;
        put(pr, "%s", sep);
        put_val(pr, v);
        sep = ", ";
    }
}

static const char *callee_name(const IrInstr *in) {
    if (in->op == IR_CALL) return in->call->sym->name;
    if (in->op == IR_CALL_RT) return ir_entries[in->call->rt].name;
    return "";
}

static void put_call(Printer *pr, const IrInstr *in) {
    const IrCall *c = in->call;
    put(pr, " %s(", callee_name(in));
    for (int i = 0; i < c->nparams; i++) {
        if (i) put(pr, ", ");
        if (c->has_env && i == c->nparams - 1) put(pr, "env ");
        put_val(pr, &c->args[i]);
    }
    put(pr, ")%s", c->no_return ? " noreturn" : "");
}

static void put_switch(Printer *pr, const IrInstr *in) {
    for (int i = 0; i < in->cases.n; i++) put(pr, ", %" PRId64 ":b%d", in->cases.values[i], in->cases.targets[i]->id);
}

/* What an instruction has beyond operands: offset, type, targets. */
static void put_details(Printer *pr, const IrBlock *b, const IrInstr *in) {
    switch ((IrOp)in->op) {
    case IR_LOAD: case IR_STORE: case IR_ZERO: case IR_OFFSET: case IR_MOVE:
        if (in->off) put(pr, " at %+" PRId64, in->off);
        if (in->op != IR_LOAD && in->op != IR_OFFSET) {
            put(pr, " : ");
            put_type(pr, in->type);
        }
        return;
    case IR_INDEX: put(pr, " * %" PRId64, in->off); return;
    case IR_CHECK_INDEX:
        if (in->off) put(pr, " unsigned");
        return;
    case IR_CHECK_LE: put(pr, " else %s", ir_entries[in->off].name); return;
    case IR_NEW: case IR_RENEW: case IR_NEW_ARRAY:
        put(pr, " : ");
        put_type(pr, in->type);
        if (in->alloc.on_stack) put(pr, " on stack");
        return;
    case IR_MATH: case IR_ATOMIC:
        put(pr, " %s : ", ir_intrinsics[in->off].name);
        put_type(pr, in->type);
        return;
    case IR_CALL: case IR_CALL_PTR: case IR_CALL_RT: put_call(pr, in); return;
    case IR_JUMP: put(pr, " b%d", b->succ[0]->id); return;
    case IR_BR:
        put(pr, ", b%d, b%d%s", b->succ[0]->id, b->succ[1]->id, in->off > 0 ? " likely" : in->off < 0 ? " unlikely" : "");
        return;
    case IR_SWITCH:
        put_switch(pr, in);
        put(pr, ", else b%d", b->succ[0]->id);
        return;
    default: return;
    }
}

static void put_line(Printer *pr, const IrInstr *in) {
    if (in->pos == NO_POS) return;
    Location at = source_location(pr->p->sema->sources, in->pos);
    bool same_file = pr->last.path && strcmp(pr->last.path, at.path) == 0;
    if (same_file && pr->last.line == at.line) return;
    fprintf(pr->out, "%*s; ", pr->column < 44 ? 44 - pr->column : 1, "");
    if (!same_file) fprintf(pr->out, "%s:", at.path);
    fprintf(pr->out, "%d", at.line);
    if (in->inl) fprintf(pr->out, " inlined %s", pr->f->inlines.at[in->inl - 1].callee->sym->name);
    pr->last = at;
}

static void put_instr(Printer *pr, const IrBlock *b, const IrInstr *in) {
    fputs("    ", pr->out);
    pr->column = 4;
    if (in->dst >= 0) {
        put(pr, "%%%d:", in->dst);
        put_type(pr, pr->f->locals.at[in->dst].type);
        put(pr, " = ");
    }
    put(pr, "%s", ir_ops[in->op].name);
    put_vals(pr, in);
    put_details(pr, b, in);
    put_line(pr, in);
    fputc('\n', pr->out);
}

static const char *const linkage_names[] = {
    [IL_EXTERN] = "extern ", [IL_LOCAL] = "local ", [IL_GLOBAL] = "", [IL_WEAK] = "weak ",
};

static void put_local(Printer *pr, int i) {
    const IrLocal *l = &pr->f->locals.at[i];
    put(pr, "%%%d ", i);
    if (l->name) put(pr, "%s ", l->name->text);
    if (l->size_override) {
        put(pr, "[%d]byte", l->size_override);
    } else {
        put_type(pr, l->type);
    }
}

/* The locals that have a slot or a name; temporaries show their type where they are assigned. */
static void put_locals(Printer *pr) {
    for (int i = pr->f->nparams; i < pr->f->locals.len; i++) {
        const IrLocal *l = &pr->f->locals.at[i];
        if (!l->has_slot && !l->name) continue;
        put(pr, "    %s ", l->has_slot ? "slot" : "var");
        put_local(pr, i);
        put(pr, "\n");
    }
}

void ir_print_func(const IrPackage *p, const IrFunc *f, FILE *out) {
    Printer pr = {.p = p, .f = f, .out = out};
    put(&pr, "%sfunc %s(", linkage_names[f->sym->linkage], f->sym->name);
    for (int i = 0; i < f->nparams; i++) {
        if (i) put(&pr, ", ");
        put_local(&pr, i);
    }
    put(&pr, ") ");
    put_type(&pr, f->result);
    put(&pr, " {%s%s\n", f->flags & IF_NOINLINE ? " // noinline" : "", f->flags & IF_WRAPPER ? " // wrapper" : "");
    put_locals(&pr);
    for (int i = 0; i < f->blocks.len; i++) {
        const IrBlock *b = f->blocks.at[i];
        put(&pr, "b%d:%s\n", b->id, b->cold ? " // cold" : "");
        for (int j = 0; j < b->instrs.len; j++) put_instr(&pr, b, &b->instrs.at[j]);
    }
    fputs("}\n", out);
}

static void print_bytes(const IrData *d, FILE *out) {
    fputs(" \"", out);
    for (int64_t i = 0; i < d->size; i++) {
        uint8_t c = d->bytes[i];
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') fputc(c, out);
        else fprintf(out, "\\x%02x", c);
    }
    fputc('"', out);
}

static void print_data(const IrData *d, FILE *out) {
    fprintf(out, "%sdata %s [%" PRId64 "]%s", linkage_names[d->sym->linkage], d->sym->name, d->size,
            d->readonly ? " readonly" : "");
    if (d->bytes) print_bytes(d, out);
    for (int i = 0; i < d->relocs.len; i++) {
        const IrReloc *r = &d->relocs.at[i];
        fprintf(out, "\n    %" PRId64 ": %s @%s", r->offset, r->size == 8 ? "addr" : "addr32", r->sym->name);
        if (r->addend) fprintf(out, "%+" PRId64, r->addend);
    }
    fputc('\n', out);
}

void ir_print(const IrPackage *p, FILE *out) {
    for (int i = 0; i < p->data.len; i++) print_data(p->data.at[i], out);
    for (int i = 0; i < p->funcs.len; i++) {
        fputc('\n', out);
        ir_print_func(p, p->funcs.at[i], out);
    }
}
