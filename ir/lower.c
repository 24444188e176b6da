/* lower.c: the driver of lowering, and the builder that all of it emits through.
 *
 * A package is lowered function by function. Whatever a body turns out to need besides declared functions (an
 * instantiation, a method wrapper, a type descriptor, an equality function) is queued as a job under its symbol, and
 * jobs run until none is left; so recursion among them stays flat, and nothing is made that nobody refers to.
 *
 * Invariant of a Builder: cur is the block that is open, or NULL after a terminator. Emitting with cur NULL is
 * allowed and has no effect, so callers need not care whether the code they produce can be reached. */
#include "ir/lower.h"

/* ---- builders ---- */

Builder *lw_builder(Lower *l, IrFunc *f, const TypeEnv *env) {
    Builder *b = NEW(l->arena, Builder);
    b->l = l;
    b->f = f;
    b->env = env;
    b->pos = f->pos;
    b->pkg = l->p->pkg;
    b->env_local = b->result_tuple = b->own_frame = -1;
    b->frame_ptr = iv_none();
    b->cur = f->blocks.len ? f->blocks.at[0] : ir_block(f);
    return b;
}

static void init_instr(IrInstr *in, IrOp op, Pos pos) {
    *in = (IrInstr){.op = (uint8_t)op, .dst = -1, .a = iv_none(), .b = iv_none(), .c = iv_none(), .pos = pos};
}

IrInstr *lw_emit(Builder *b, IrOp op) {
    IrInstr *in = &b->scratch;
    if (b->cur) {
        vec_push(b->l->arena, &b->cur->instrs, b->scratch);
        in = &vec_last(&b->cur->instrs);
    }
    init_instr(in, op, b->pos);
    return in;
}

void lw_set_off(Builder *b, int64_t off) {
    if (b->cur) vec_last(&b->cur->instrs).off = off;
}

int lw_new_temp(Builder *b, Type *t) { return ir_local(b->f, t, NULL, b->pos); }

IrVal lw_temp(Builder *b, IrOp op, Type *result, Type *type, IrVal a, IrVal bb) {
    int dst = lw_new_temp(b, result);
    IrInstr *in = lw_emit(b, op);
    in->dst = dst;
    in->type = type;
    in->a = a;
    in->b = bb;
    return iv_local(b->f, dst);
}

IrVal lw_test(Builder *b, IrOp op, IrVal x, IrVal y) { return lw_temp(b, op, b->l->t_bool, x.type, x, y); }

IrVal lw_not_nil(Builder *b, IrVal pointer) { return lw_test(b, IR_NE, pointer, iv_int(pointer.type, 0)); }

IrVal lw_load(Builder *b, Type *t, IrVal addr, int64_t off) {
    IrVal v = lw_temp(b, IR_LOAD, t, t, addr, iv_none());
    lw_set_off(b, off);
    return v;
}

void lw_store(Builder *b, Type *t, IrVal addr, int64_t off, IrVal v) {
    IrInstr *in = lw_emit(b, IR_STORE);
    in->type = t;
    in->a = addr;
    in->b = v;
    in->off = off;
}

void lw_copy(Builder *b, int dst, IrVal v) {
    IrInstr *in = lw_emit(b, IR_COPY);
    in->dst = dst;
    in->type = b->f->locals.at[dst].type;
    in->a = v;
}

/* A temporary is written where it is made and nowhere else; variables have names or are parameters or results. */
static bool is_temporary(const IrLocal *v) { return !v->name && !v->is_param && !v->is_result; }

IrVal lw_snapshot(Builder *b, IrVal v) {
    if (v.kind != IV_LOCAL || is_temporary(&b->f->locals.at[v.local])) return v;
    int t = lw_new_temp(b, v.type);
    lw_copy(b, t, v);
    return iv_local(b->f, t);
}

/* ---- control flow ---- */

void lw_jump(Builder *b, IrBlock *to) {
    if (!b->cur) return;
    lw_emit(b, IR_JUMP);
    b->cur->succ[0] = to;
    b->cur = NULL;
}

void lw_branch(Builder *b, IrVal cond, IrBlock *yes, IrBlock *no) {
    if (!b->cur) return;
    if (cond.kind == IV_INT) {
        lw_jump(b, cond.imm ? yes : no);
        return;
    }
    lw_emit(b, IR_BR)->a = cond;
    b->cur->succ[0] = yes;
    b->cur->succ[1] = no;
    b->cur = NULL;
}

void lw_start(Builder *b, IrBlock *block) {
    lw_jump(b, block);
    block->loop_depth = b->loop_depth;
    b->cur = block;
}

void lw_unreachable(Builder *b) {
    if (!b->cur) return;
    lw_emit(b, IR_UNREACHABLE);
    b->cur = NULL;
}

void lw_ret(Builder *b, IrVal v) {
    if (!b->cur) return;
    lw_emit(b, IR_RET)->a = v;
    b->cur = NULL;
}

void lw_finish(Builder *b) {
    if (b->f->result) lw_unreachable(b);
    else lw_ret(b, iv_none());
}

/* ---- calls of the runtime ---- */

IrVal lw_rt(Builder *b, RtEntry e, Type *result, IrVal *args, int n) {
    Lower *l = b->l;
    IrCall *c = NEW(l->arena, IrCall);
    c->rt = e;
    c->result = result;
    c->nparams = n;
    c->params = NEW_ARRAY(l->arena, Type *, n);
    c->args = NEW_ARRAY(l->arena, IrVal, n);
    for (int i = 0; i < n; i++) {
        c->params[i] = args[i].type;
        c->args[i] = args[i];
    }
    c->no_return = ir_entries[e].result == 'n';
    int dst = result ? lw_new_temp(b, result) : -1;
    IrInstr *in = lw_emit(b, IR_CALL_RT);
    in->dst = dst;
    in->type = result;
    in->call = c;
    if (c->no_return) lw_unreachable(b);
    return result ? iv_local(b->f, dst) : iv_none();
}

void lw_not_yet(Builder *b, const Node *n, const char *what) {
    diag_error(b->l->s->diags, n->pos, n->pos, "%s is not supported yet", what);
}

/* ---- the package ---- */

void lw_defer_job(Lower *l, void (*run)(Lower *, void *), void *arg) {
    struct LowerJob job = {run, arg};
    vec_push(l->arena, &l->jobs, job);
}

static void run_jobs(Lower *l) {
    while (l->jobs.len) {
        struct LowerJob job = vec_last(&l->jobs);
        l->jobs.len--;
        job.run(l, job.arg);
    }
}

/* Blocks that nothing reached have no terminator yet. */
static void close_blocks(IrFunc *f) {
    for (int i = 0; i < f->blocks.len; i++) {
        IrBlock *blk = f->blocks.at[i];
        if (ir_terminator(blk)) continue;
        IrInstr end;
        init_instr(&end, IR_UNREACHABLE, f->pos);
        vec_push(f->arena, &blk->instrs, end);
    }
}

/* Runs the queue; completing a function may queue descriptors again. */
static void complete(Lower *l) {
    for (int done = 0; done < l->p->funcs.len || l->jobs.len;) {
        run_jobs(l);
        for (; done < l->p->funcs.len; done++) {
            close_blocks(l->p->funcs.at[done]);
            lw_need_alloc_types(l, l->p->funcs.at[done]);
        }
    }
}

static void init_types(Lower *l) {
    Sema *s = l->s;
    const struct { Type **type; BasicKind kind; } basics[] = {
        {&l->t_bool, BK_BOOL}, {&l->t_int, BK_INT}, {&l->t_int32, BK_INT32}, {&l->t_int64, BK_INT64},
        {&l->t_uint8, BK_UINT8}, {&l->t_uint32, BK_UINT32}, {&l->t_uint64, BK_UINT64}, {&l->t_uintptr, BK_UINTPTR},
        {&l->t_float32, BK_FLOAT32}, {&l->t_float64, BK_FLOAT64}, {&l->t_complex128, BK_COMPLEX128}, {&l->t_string, BK_STRING},
        {&l->t_ptr, BK_UNSAFE_POINTER},
    };
    for (size_t i = 0; i < sizeof basics / sizeof *basics; i++) *basics[i].type = type_basic(s, basics[i].kind);
    l->t_eface = type_canon(s, s->t_any);
    l->t_bytes = type_canon(s, type_new_slice(s, l->t_uint8));
    l->t_runes = type_canon(s, type_new_slice(s, l->t_int32));
}

static bool is_generic_sig(const Type *sig) { return sig->func.tparams.len > 0 || sig->func.recv_tparams.len > 0; }

/* Declared functions. Those named _ cannot be called; generic ones are lowered where they are instantiated. */
static void lower_funcs(Lower *l) {
    Package *pkg = l->p->pkg;
    int inits = 0;
    for (int i = 0; i < pkg->funcs.len; i++) {
        FuncInfo *info = pkg->funcs.at[i];
        Object *o = info->obj;
        if (o->name == l->s->n_blank || is_generic_sig(info->sig)) continue;
        IrSym *sym = o->func.is_init ? lw_init_func_sym(l, inits++) : lw_declared_sym(l, o);
        lw_func(l, info, NULL, sym, IL_GLOBAL);
    }
}

/* What the package leaves to others to define. The main package must not: it is refused, or the linker complains. */
static void list_missing(Lower *l) {
    const Package *pkg = l->p->pkg;
    for (int i = 0; i < pkg->externs.len && !pkg->is_main; i++) {
        IrSym *sym = lw_declared_sym(l, pkg->externs.at[i]);
        if (!sym->func) vec_push(l->arena, &l->p->missing, sym);
    }
}

IrPackage *ir_lower(Sema *s, Package *pkg, Arena *arena, Package **all, int n_all) {
    IrPackage *p = NEW(arena, IrPackage);
    Lower *l = NEW(arena, Lower);
    *p = (IrPackage){.sema = s, .pkg = pkg, .arena = arena, .lower = l};
    l->p = p;
    l->s = s;
    l->arena = arena;
    init_types(l);
    lower_funcs(l);
    lw_package_init(l, all, n_all);
    complete(l);
    list_missing(l);
#ifdef GOO_DEBUG
    if (!s->diags->errors) ir_verify(p);
#endif
    return p;
}

const char *ir_pkg_prefix(const Package *p) { return p->is_main ? "main" : p->path; }
