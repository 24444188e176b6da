/* lower_func.c: functions: symbols, parameters, results, variables and return.
 *
 * A variable is an IR local, unless something may hold on to its address: its address is taken, or a function
 * literal captures it and it changes after its declaration. Such a variable gets a box, a heap object of its own
 * (escape analysis may move it back to the frame); the local then holds the box's address. Everything else is captured
 * by value.
 *
 * Results are variables too when they have names or when deferred calls may run between the return statement and the
 * return; otherwise values go straight to the caller. */
#include "ir/lower.h"
#include <string.h>

/* ---- symbols ---- */

static IrSym *func_symbol(Lower *l, const char *name) {
    IrSym *sym = ir_sym(l->p, name);
    sym->is_func = true;
    return sym;
}

/* [int,main.T] */
static const char *type_args_text(Lower *l, const TypeVec *targs) {
    Buf text = {0};
    for (int i = 0; i < targs->len; i++)
        buf_printf(&text, "%s%s", i ? "," : "[", type_link_str(l->s, lw_subst(l, targs->at[i], NULL)));
    buf_putc(&text, ']');
    const char *s = arena_strndup(l->arena, text.data, text.len);
    buf_free(&text);
    return s;
}

/* main.T.M, main.(*T).M, main.(*G[int]).M. recv is the named type, m as declared (an instance's generic method). */
static const char *method_name(Lower *l, Type *recv, const Object *m) {
    const char *targs = recv->named.targs.len ? type_args_text(l, &recv->named.targs) : "";
    return arena_printf(l->arena, m->func.ptr_recv ? "%s.(*%s%s).%s" : "%s.%s%s.%s", ir_pkg_prefix(m->pkg),
                        recv->named.obj->name->text, targs, m->name->text);
}

static Type *receiver_base(Lower *l, const Object *m) {
    bool is_ptr;
    return type_as_named(type_deref(type_unalias(type_under(l->s, m->type)->func.recv->type), &is_ptr));
}

static IrSym *declared_symbol(Lower *l, Object *o) {
    if (o->func.linkname) return func_symbol(l, o->func.linkname);
    if (type_under(l->s, o->type)->func.recv) return func_symbol(l, method_name(l, receiver_base(l, o), o));
    return func_symbol(l, arena_printf(l->arena, "%s.%s", ir_pkg_prefix(o->pkg), o->name->text));
}

static bool keeps_nothing(const Object *o) {
    return o->func.decl && (o->func.decl->func_decl.pragma & PRAGMA_NOESCAPE); /* sema saw to it that there is no body */
}

IrSym *lw_declared_sym(Lower *l, Object *o) {
    IrSym *sym = declared_symbol(l, o);
    sym->no_escape |= keeps_nothing(o);
    return sym;
}

IrSym *lw_init_func_sym(Lower *l, int i) {
    return func_symbol(l, arena_printf(l->arena, "%s.init.%d", ir_pkg_prefix(l->p->pkg), i));
}

typedef struct InstanceJob {
    FuncInfo *info;
    TypeEnv *env;
    IrSym *sym;
} InstanceJob;

static void lower_instance(Lower *l, void *arg) {
    InstanceJob *j = arg;
    lw_func(l, j->info, j->env, j->sym, IL_WEAK);
}

/* Queues the body of a generic function or method for these arguments, unless it is there already. */
static IrSym *queue_instance(Lower *l, const char *name, FuncInfo *info, const TypeVec *tparams, const TypeVec *targs) {
    IrSym *sym = func_symbol(l, name);
    if (!info || ptrmap_get(&l->instances, sym)) return sym;
    ptrmap_put(l->arena, &l->instances, sym, sym);
    InstanceJob *j = NEW(l->arena, InstanceJob);
    j->info = info;
    j->sym = sym;
    j->env = NEW(l->arena, TypeEnv);
    j->env->tparams = *tparams;
    for (int i = 0; i < targs->len; i++) vec_push(l->arena, &j->env->targs, lw_subst(l, targs->at[i], NULL));
    lw_defer_job(l, lower_instance, j);
    return sym;
}

IrSym *lw_func_sym(Lower *l, Object *o, const TypeVec *targs) {
    if (!targs || !targs->len) return lw_declared_sym(l, o);
    const char *args = type_args_text(l, targs);
    const char *name = arena_printf(l->arena, "%s.%s%s", ir_pkg_prefix(o->pkg), o->name->text, args);
    return queue_instance(l, name, o->func.info, &type_under(l->s, o->type)->func.tparams, targs);
}

IrSym *lw_method_sym(Lower *l, Type *recv, Object *m) {
    bool is_ptr;
    Type *named = type_as_named(type_deref(type_unalias(recv), &is_ptr));
    Object *declared = m->func.origin ? m->func.origin : m;
    if (!named->named.targs.len) return lw_declared_sym(l, declared);
    Type *sig = type_under(l->s, declared->type);
    return queue_instance(l, method_name(l, named, declared), declared->func.info, &sig->func.recv_tparams,
                          &named->named.targs);
}

IrSym *lw_static_closure(Lower *l, IrSym *code) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "%s\xC2\xB7" "f", code->name)); /* main.f·f */
    if (sym->data) return sym;
    IrData *d = ir_data_new(l->p, sym, sizeof(GoClosure), 8, IL_WEAK);
    d->readonly = true;
    ir_data_addr(l->p, d, 0, code, 0);
    return sym;
}

IrVal lw_func_value(Builder *b, IrSym *code, const Node *made_by) {
    lw_use_value(b, code, made_by);
    return iv_sym(b->l->t_ptr, lw_static_closure(b->l, code), 0);
}

/* ---- variables ---- */

enum {
    MAX_BY_VALUE = 128,     /* bytes; a larger variable is captured by reference, as copying it costs more */
    MAX_ON_FRAME = 10 << 20 /* a larger one is no part of the frame, whoever uses it */
};

static bool needs_box(Builder *b, const Object *v, Type *t) {
    int64_t size = type_size(b->l->s, t);
    if (v->var.addr_taken || size > MAX_ON_FRAME) return true;
    if (!v->var.captured) return false;
    return v->var.reassigned || v->var.role == VAR_RESULT /* return assigns */ || size > MAX_BY_VALUE;
}

static Place bind(Builder *b, Object *v, Place p) {
    Place *kept = NEW(b->l->arena, Place);
    *kept = p;
    ptrmap_put(b->l->arena, &b->vars, v, kept);
    return p;
}

Place lw_bind_box(Builder *b, Object *v, Type *t, IrVal address) {
    int box = ir_local(b->f, lw_ptr_to(b->l, t), v->name, v->pos);
    lw_copy(b, box, address);
    IrVal base = iv_local(b->f, box);
    return bind(b, v, (Place){.kind = PL_MEM, .checked = true, .boxed = true, .type = t, .base = base});
}

Place lw_bind_local(Builder *b, Object *v, Type *t, int local) {
    return bind(b, v, (Place){.kind = PL_LOCAL, .type = t, .local = local});
}

Place lw_bind_place(Builder *b, Object *v, Place p) { return bind(b, v, p); }

Place lw_new_boxed_var(Builder *b, Object *v) {
    Type *t = lw_type(b, v->type);
    IrVal box = lw_new(b, t);
    lw_allocates_as(b, (IrAlloc){.pos = v->pos, .var = v->name});
    return lw_bind_box(b, v, t, box);
}

Place lw_new_var(Builder *b, Object *v, bool *is_zero) {
    Type *t = lw_type(b, v->type);
    *is_zero = needs_box(b, v, t);
    if (*is_zero) return lw_new_boxed_var(b, v);
    return lw_bind_local(b, v, t, ir_local(b->f, t, v->name, v->pos));
}

void lw_declare_var(Builder *b, Object *v, IrVal init) {
    if (!v) return;
    bool is_zero;
    Place p = lw_new_var(b, v, &is_zero);
    if (init.kind == IV_NONE && is_zero) return;
    lw_write(b, p, init.kind == IV_NONE ? iv_zero(p.type) : init);
}

Place lw_var_place(Builder *b, Object *v) {
    if (v->var.role == VAR_PACKAGE) {
        IrVal addr = iv_sym(lw_ptr_to(b->l, lw_type(b, v->type)), lw_var_sym(b->l, v), 0);
        lw_use_var(b, v, addr.sym);
        return (Place){.kind = PL_MEM, .checked = true, .type = lw_type(b, v->type), .base = addr};
    }
    Place *p = ptrmap_get(&b->vars, v);
    if (!p) fatal("variable %s has no place", v->name->text);
    return *p;
}

/* ---- headers ---- */

/* A function's parameters as the IR has them: receiver first, environment last. */
typedef struct Header {
    Object **vars; /* NULL for the environment */
    Type **types;
    const Name **names;
    int n;
} Header;

static bool has_name(Lower *l, const Object *v) { return v->name && v->name->len && v->name != l->s->n_blank; }

static void add_param(Lower *l, Header *h, Object *v, Type *t) {
    h->vars[h->n] = v;
    h->types[h->n] = t;
    h->names[h->n++] = v && has_name(l, v) ? v->name : NULL;
}

static Header make_header(Lower *l, Type *sig, const TypeEnv *env, bool has_env) {
    Type *params = sig->func.params;
    int max = params->tuple.n + 2;
    Header h = {.vars = NEW_ARRAY(l->arena, Object *, max), .types = NEW_ARRAY(l->arena, Type *, max),
                .names = NEW_ARRAY(l->arena, const Name *, max)};
    Object *recv = sig->func.recv;
    if (recv) add_param(l, &h, recv, lw_subst(l, recv->type, env));
    for (int i = 0; i < params->tuple.n; i++) {
        Object *v = params->tuple.vars[i];
        add_param(l, &h, v, lw_subst(l, v->type, env));
    }
    if (has_env) add_param(l, &h, NULL, l->t_ptr);
    return h;
}

static Type *result_type(Lower *l, Type *sig, const TypeEnv *env) {
    Type *r = sig->func.results;
    if (r->tuple.n == 0) return NULL;
    return lw_subst(l, r->tuple.n == 1 ? r->tuple.vars[0]->type : r, env);
}

static void bind_params(Builder *b, const Header *h) {
    for (int i = 0; i < h->n; i++) {
        Object *v = h->vars[i];
        b->f->locals.at[i].is_param = true;
        if (!v || !has_name(b->l, v)) continue;
        if (!needs_box(b, v, h->types[i])) {
            lw_bind_local(b, v, h->types[i], i);
            continue;
        }
        Place p = lw_new_boxed_var(b, v);
        lw_write(b, p, iv_local(b->f, i));
    }
}

/* ---- results ---- */

static Type *result_tuple(Builder *b) { return b->info->sig->func.results; }

static Place new_result(Builder *b, Object *v) {
    Type *t = lw_type(b, v->type);
    bool named = has_name(b->l, v);
    if (named && needs_box(b, v, t)) return lw_new_boxed_var(b, v);
    int local = ir_local(b->f, t, named ? v->name : NULL, v->pos);
    b->f->locals.at[local].is_result = true;
    lw_copy(b, local, iv_zero(t));
    if (named) return lw_bind_local(b, v, t, local);
    return (Place){.kind = PL_LOCAL, .type = t, .local = local};
}

void lw_need_results(Builder *b) {
    Type *results = result_tuple(b);
    if (b->results || !results->tuple.n) return;
    b->nresults = results->tuple.n;
    b->results = NEW_ARRAY(b->l->arena, Place, b->nresults);
    for (int i = 0; i < b->nresults; i++) b->results[i] = new_result(b, results->tuple.vars[i]);
}

/* ---- return ---- */

static IrVal fill_tuple(Builder *b, int local, Type *tuple, const IrVal *values, int n) {
    for (int i = 0; i < n; i++) {
        Type *t = values[i].type;
        lw_store(b, t, iv_slot(b->f, local, lw_tuple_off(b->l, tuple, i), lw_ptr_to(b->l, t)), 0, values[i]);
    }
    return iv_local(b->f, local);
}

IrVal lw_make_tuple(Builder *b, Type *tuple, const IrVal *values, int n) {
    return fill_tuple(b, lw_new_temp(b, tuple), tuple, values, n);
}

/* What the function returns: nothing, a value, or a tuple made of values. All returns use one tuple, so that GCC builds
 * it where the caller wants it. */
static IrVal result_value(Builder *b, const IrVal *values, int n) {
    if (n == 0) return iv_none();
    if (n == 1) return values[0];
    if (b->result_tuple < 0) b->result_tuple = lw_new_temp(b, b->f->result);
    return fill_tuple(b, b->result_tuple, b->f->result, values, n);
}

/* Returns the result variables, past all deferred calls. */
static void return_results(Builder *b) {
    if (!b->cur) return;
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, b->nresults);
    for (int i = 0; i < b->nresults; i++) values[i] = lw_read(b, b->results[i]);
    lw_ret(b, result_value(b, values, b->nresults));
}

void lw_leave_func(Builder *b) {
    lw_leave_tries(b, NULL);
    if (b->range_body) lw_range_body_return(b);
    else if (b->exit) lw_jump(b, b->exit);
    else return_results(b);
}

/* Function literals that outlive the call may read results later. */
static bool results_are_shared(Builder *b) {
    for (int i = 0; i < b->nresults; i++)
        if (b->results[i].boxed) return true;
    return false;
}

IrVal *lw_returned_values(Builder *b, NodeList *list) {
    int n = result_tuple(b)->tuple.n;
    Type **types = NEW_ARRAY(b->l->arena, Type *, n);
    for (int i = 0; i < n; i++) types[i] = lw_type(b, result_tuple(b)->tuple.vars[i]->type);
    return lw_values(b, list, types, n);
}

void lw_store_results(Builder *b, IrVal *values, int n) {
    for (int i = 0; i < n && n > 1; i++) values[i] = lw_snapshot(b, values[i]);
    for (int i = 0; i < n; i++) lw_write(b, b->results[i], values[i]);
}

/* Returns these values, which have the result types. */
static void return_values(Builder *b, IrVal *values, int count) {
    if (!b->cur) return;
    if (b->exit || b->range_body || results_are_shared(b)) {
        lw_store_results(b, values, count);
        lw_leave_func(b);
    } else {
        lw_leave_tries(b, NULL);
        lw_ret(b, result_value(b, values, count));
    }
}

void lw_return(Builder *b, Node *n) {
    NodeList *list = &n->return_stmt.results;
    if (list->len) return_values(b, lw_returned_values(b, list), result_tuple(b)->tuple.n);
    else lw_leave_func(b);
}

void lw_return_error(Builder *b, IrVal err) {
    int n = result_tuple(b)->tuple.n;
    IrVal *values = NEW_ARRAY(b->l->arena, IrVal, n);
    for (int i = 0; i < n - 1; i++) values[i] = iv_zero(lw_type(b, result_tuple(b)->tuple.vars[i]->type));
    values[n - 1] = err;
    return_values(b, values, n);
}

/* ---- bodies ---- */

static void set_flags(IrFunc *f, const FuncInfo *info) {
    if (info->has_recover) f->flags |= IF_NOINLINE;
    if (!info->obj) return;
    int pragma = info->node->func_decl.pragma;
    if (pragma & PRAGMA_NOINLINE) f->flags |= IF_NOINLINE;
    if (pragma & PRAGMA_NOSPLIT) f->flags |= IF_NOSPLIT;
}

Builder *lw_begin_func(Lower *l, FuncInfo *info, const TypeEnv *env, IrSym *sym, IrLinkage linkage, bool has_env) {
    Header h = make_header(l, info->sig, env, has_env);
    IrFunc *f = ir_func_new(l->p, sym, linkage, h.types, h.names, h.n, result_type(l, info->sig, env));
    f->info = info;
    f->pos = info->node->pos;
    f->end = info->node->end;
    set_flags(f, info);
    Builder *b = lw_builder(l, f, env);
    b->info = info;
    b->pkg = info->pkg;
    b->closure_count = NEW(l->arena, int);
    b->name_prefix = arena_printf(l->arena, has_env ? "%s." : "%s.func", sym->name);
    if (has_env) {
        f->flags |= IF_HAS_ENV;
        b->env_local = h.n - 1;
    }
    bind_params(b, &h);
    return b;
}

static bool results_have_names(Builder *b) {
    Type *r = result_tuple(b);
    return r->tuple.n && r->tuple.vars[0]->name && r->tuple.vars[0]->name->len;
}

void lw_func_body(Builder *b) {
    FuncInfo *info = b->info;
    if (info->has_defer || results_have_names(b)) lw_need_results(b);
    if (info->has_defer) lw_enter_frame(b);
    lw_stmts(b, &info->body->block.stmts);
    b->pos = info->body->block.rbrace ? info->body->block.rbrace : b->pos;
    if (!result_tuple(b)->tuple.n) lw_leave_func(b);
    lw_unreachable(b); /* sema saw to it that functions with results end in a terminating statement */
    if (!b->exit) return;
    IrBlock *ret = ir_block(b->f);
    lw_leave_frame(b, ret);
    lw_start(b, ret);
    return_results(b);
}

void lw_func(Lower *l, FuncInfo *info, const TypeEnv *env, IrSym *sym, IrLinkage linkage) {
    lw_func_body(lw_begin_func(l, info, env, sym, linkage, false));
}
