/* wrappers.c: compiler-made methods.
 *
 * A descriptor or itab needs a code address for every method of a type's method set, with the receiver passed
 * either as the type itself or as an interface's data word. Where no declared method has that shape, a wrapper is
 * made: it finds the receiver of the declared method (through pointers and embedded fields) and calls it. Wrappers
 * are weak, and flagged IF_WRAPPER: left out of traces, and looked through by recover. */
#include "ir/lower.h"
#include <string.h>

/* The result type of a function with signature sig as the IR has it: NULL, one type, or a tuple. */
static Type *sig_result(Lower *l, Type *sig) {
    Type *r = sig->func.results;
    if (r->tuple.n == 0) return NULL;
    return type_canon(l->s, r->tuple.n == 1 ? r->tuple.vars[0]->type : r);
}

/* The name of the method of recv, promoted or not: main.T.M, main.(*T).M. */
static const char *method_symbol(Lower *l, Type *recv, const Object *m) {
    const char *pkg = object_exported(m) || !m->pkg ? "" : ir_pkg_prefix(m->pkg);
    bool ptr = recv->kind == TY_POINTER;
    Type *base = ptr ? recv->pointer.elem : recv;
    const char *type = type_link_str(l->s, base);
    if (base->kind != TY_NAMED) /* methods promoted through an unnamed struct */
        return arena_printf(l->arena, "go:wrap.%s%s.%s%s", ptr ? "*" : "", type, pkg, m->name->text);
    Package *home = base->named.obj->pkg;
    bool foreign = *pkg && home && home != m->pkg; /* an unexported method of another package, through embedding */
    const char *prefix = home ? ir_pkg_prefix(home) : "";
    size_t n = strlen(prefix);
    const char *local = *prefix && !strncmp(type, prefix, n) && type[n] == '.' ? type + n + 1 : type;
    const char *dot = local == type ? "" : ".";
    if (local == type) prefix = "";
    return arena_printf(l->arena, ptr ? "%s%s(*%s).%s%s%s" : "%s%s%s.%s%s%s", prefix, dot, local, foreign ? pkg : "",
                        foreign ? "." : "", m->name->text);
}

/* The declared method that sel finds, and whether it is declared on recv itself (no promotion). */
static bool is_own_method(const Selection *sel) { return sel->n == 1; }

static Type *receiver_type(Lower *l, Object *m) {
    Type *sig = type_under(l->s, m->type);
    return sig->func.recv ? type_canon(l->s, sig->func.recv->type) : NULL;
}

/* Follows sel's path of embedded fields from p to the value on which the method is declared. */
static Place follow_path(Builder *b, Place p, const Selection *sel) {
    for (int i = 0; i + 1 < sel->n; i++) {
        Type *u = lw_under(b->l, p.type);
        if (u->kind == TY_POINTER) {
            IrVal ptr = lw_read(b, p);
            lw_nil_check(b, ptr);
            Type *elem = type_canon(b->l->s, u->pointer.elem);
            p = (Place){.kind = PL_MEM, .checked = true, .type = elem, .base = ptr};
            u = lw_under(b->l, elem);
        }
        p = lw_field(b, p, u, sel->path[i]);
    }
    return p;
}

/* A call under construction: the shape grows parameter by parameter. */
static void push_arg(Builder *b, IrCall *c, IrVal v) {
    c->params[c->nparams] = v.type;
    c->args[c->nparams++] = v;
    (void)b;
}

/* Calls method m of an interface value held in p; returns the instruction. */
static IrInstr *call_dynamic(Builder *b, Place p, Object *m, IrCall *c, IrVal *rest, int n) {
    Type *iface = lw_under(b->l, p.type);
    TypeSet *set = type_set(b->l->s, iface);
    int slot = 0;
    while (method_order(set->methods.at[slot], m) != 0) slot++;
    IrVal v = lw_snapshot(b, lw_read(b, p));
    lw_use_need(b, m->func.caps);
    IrVal tab = lw_part(b, v, b->l->t_ptr, 0);
    lw_nil_check(b, tab);
    IrVal code = lw_load(b, b->l->t_ptr, tab, (int64_t)offsetof(GoItab, fun) + 8 * slot);
    push_arg(b, c, lw_part(b, v, b->l->t_ptr, 8));
    for (int i = 0; i < n; i++) push_arg(b, c, rest[i]);
    IrInstr *in = lw_emit(b, IR_CALL_PTR);
    in->a = code;
    return in;
}

static IrInstr *call_static(Builder *b, Place p, Object *m, IrCall *c, IrVal *rest, int n) {
    Type *want = receiver_type(b->l, m);
    bool have_ptr = lw_under(b->l, p.type)->kind == TY_POINTER && p.type->kind != TY_NAMED;
    IrVal recv;
    if (want->kind == TY_POINTER) {
        recv = have_ptr ? lw_read(b, p) : lw_addr(b, p);
    } else if (have_ptr) {
        IrVal ptr = lw_read(b, p);
        lw_nil_check(b, ptr);
        recv = lw_load(b, want, ptr, 0);
    } else {
        recv = lw_read(b, p);
    }
    recv.type = want;
    push_arg(b, c, recv);
    for (int i = 0; i < n; i++) push_arg(b, c, rest[i]);
    c->sym = lw_method_sym(b->l, want->kind == TY_POINTER ? type_canon(b->l->s, want->pointer.elem) : want, m);
    lw_use_call(b, c->sym, NULL);
    return lw_emit(b, IR_CALL);
}

/* Calls the method at the end of the path and returns its results. */
static void forward_call(Builder *b, Place p, const Selection *sel, Type *result) {
    int n = b->f->nparams - 1;
    IrVal *rest = NEW_ARRAY(b->l->arena, IrVal, n);
    for (int i = 0; i < n; i++) rest[i] = iv_local(b->f, i + 1);
    IrCall *c = NEW(b->l->arena, IrCall);
    c->params = NEW_ARRAY(b->l->arena, Type *, n + 1);
    c->args = NEW_ARRAY(b->l->arena, IrVal, n + 1);
    c->result = result;
    bool dynamic = type_is_interface(b->l->s, p.type);
    IrInstr *in = dynamic ? call_dynamic(b, p, sel->obj, c, rest, n) : call_static(b, p, sel->obj, c, rest, n);
    in->call = c;
    in->type = result;
    in->dst = result ? lw_new_temp(b, result) : -1;
    IrVal v = result ? iv_local(b->f, in->dst) : iv_none();
    lw_emit(b, IR_RET)->a = v;
    b->cur = NULL;
}

/* (*T).M for a value method T.M: names type and method when the pointer is nil. */
static void check_receiver(Builder *b, IrVal ptr, Type *recv, Object *m) {
    IrBlock *bad = ir_block(b->f), *good = ir_block(b->f);
    lw_branch(b, lw_temp(b, IR_EQ, b->l->t_bool, b->l->t_ptr, ptr, iv_int(b->l->t_ptr, 0)), bad, good);
    lw_start(b, bad);
    bad->cold = true;
    Object *o = recv->kind == TY_NAMED ? recv->named.obj : NULL;
    const char *text[3] = {o && o->pkg ? o->pkg->name->text : "", o ? o->name->text : "struct", m->name->text};
    IrVal args[3];
    for (int i = 0; i < 3; i++)
        args[i] = lw_make2(b, b->l->t_string, iv_sym(b->l->t_ptr, ir_bytes(b->l->p, text[i], (int64_t)strlen(text[i])), 0),
                           iv_int(b->l->t_int, (int64_t)strlen(text[i])));
    lw_rt(b, RTE_rt_panic_wrap, NULL, args, 3);
    lw_unreachable(b);
    lw_start(b, good);
}

typedef struct WrapperJob {
    IrSym *sym;
    Type *recv;    /* receiver's type as passed */
    bool by_addr;  /* passed as a pointer to it: the data word of an interface that boxes recv */
    Selection *sel;
} WrapperJob;

static void make_wrapper(Lower *l, void *arg) {
    WrapperJob *j = arg;
    Type *sig = type_under(l->s, j->sel->obj->type);
    int n = sig->func.params->tuple.n;
    Type **params = NEW_ARRAY(l->arena, Type *, n + 1);
    const Name **names = NEW_ARRAY(l->arena, const Name *, n + 1);
    params[0] = j->by_addr ? lw_ptr_to(l, j->recv) : j->recv;
    for (int i = 0; i < n; i++) params[i + 1] = type_canon(l->s, sig->func.params->tuple.vars[i]->type);
    Type *result = sig_result(l, sig);
    IrFunc *f = ir_func_new(l->p, j->sym, IL_WEAK, params, names, n + 1, result);
    f->flags |= IF_WRAPPER;
    Builder *b = lw_builder(l, f, NULL);
    b->pos = f->pos = j->sel->obj->pos;
    IrVal recv = iv_local(f, 0);
    Place p = {.kind = PL_LOCAL, .type = params[0], .local = 0};
    Type *pointee = params[0]->kind == TY_POINTER ? type_canon(l->s, params[0]->pointer.elem) : NULL;
    if (pointee && is_own_method(j->sel)) check_receiver(b, recv, pointee, j->sel->obj);
    if (j->by_addr) p = (Place){.kind = PL_MEM, .checked = true, .type = j->recv, .base = recv};
    forward_call(b, follow_path(b, p, j->sel), j->sel, result);
}

static IrSym *wrapper(Lower *l, const char *name, Type *recv, bool by_addr, Selection *sel) {
    IrSym *sym = ir_sym(l->p, name);
    if (sym->func || ptrmap_get(&l->wrappers, sym)) return sym;
    sym->is_func = true;
    ptrmap_put(l->arena, &l->wrappers, sym, sym);
    WrapperJob *j = NEW(l->arena, WrapperJob);
    *j = (WrapperJob){sym, recv, by_addr, sel};
    lw_defer_job(l, make_wrapper, j);
    return sym;
}

IrSym *lw_method_wrapper(Lower *l, Type *recv, Selection *sel, bool one_word) {
    Object *m = sel->obj;
    bool by_addr = one_word && !lw_is_direct_iface(l, recv);
    Type *declared = receiver_type(l, m);
    if (is_own_method(sel) && !by_addr && declared == recv)
        return lw_method_sym(l, declared->kind == TY_POINTER ? type_canon(l->s, declared->pointer.elem) : declared, m);
    /* The wrapper that takes *recv is the method of the pointer type. */
    Type *named_for = by_addr ? lw_ptr_to(l, recv) : recv;
    return wrapper(l, method_symbol(l, named_for, m), recv, by_addr, sel);
}
