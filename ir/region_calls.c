/* region_calls.c: calls, to region analysis.
 *
 * A function of the batch joins its parameters with the arguments of all calls; one analysed before has a summary; of one
 * that only escape analysis knows the contract tells which arguments get anywhere, and what such an argument leads to
 * is taken for one object that holds itself, since the contract does not say what is stored where in it. Whatever
 * unknown code is passed is lost. Runtime entries have effects by a table here, or else those of escape.def. */
#include "ir/region.h"

#include <string.h>

/* ---- arguments and results ---- */

static RgCell *arg_pointee(Regions *r, RgFunc *fn, const IrCall *c, int i) { return rg_pointee(r, fn, &c->args[i]); }

/* All that the words of v point to. */
static void lose_value(Regions *r, RgFunc *fn, const IrVal *v, Pos pos, const char *what) {
    if (v->kind == IV_SLOT) rg_lose(r, rg_var(r, fn, v->local), pos, what);
    if (v->kind != IV_LOCAL) return;
    const IrLocal *l = &fn->f->locals.at[v->local];
    if (!l->type) return;
    const RgWords *words = rg_words(r, l->type);
    for (int i = 0; i < words->list.len; i++)
        rg_lose(r, rg_content(r, rg_var(r, fn, v->local), words->list.at[i].key), pos, what);
}

/* Results from somewhere: what pointers can be stored behind is as good as a variable of a package. */
static void lose_results(Regions *r, RgFunc *fn, const IrInstr *in, const char *what) {
    if (in->dst < 0) return;
    const RgWords *words = rg_words(r, fn->f->locals.at[in->dst].type);
    for (int i = 0; i < words->list.len; i++)
        if (words->list.at[i].bears)
            rg_lose(r, rg_content(r, rg_var(r, fn, in->dst), words->list.at[i].key), in->pos, what);
}

static RgCell *result_pointee(Regions *r, RgFunc *fn, const IrInstr *in) {
    if (in->dst < 0) return NULL;
    IrVal dst = iv_local(fn->f, in->dst);
    return rg_pointee(r, fn, &dst);
}

static void join_if(Regions *r, RgCell *a, RgCell *b) {
    if (a && b) rg_join(r, a, b);
}

/* ---- compiled functions ---- */

static void call_unknown(Regions *r, RgFunc *fn, const IrInstr *in, const char *what) {
    const IrCall *c = in->call;
    for (int i = 0; i < c->nparams; i++) lose_value(r, fn, &c->args[i], in->pos, what);
    lose_results(r, fn, in, "a result of unknown code");
}

static void call_in_batch(Regions *r, RgFunc *fn, const IrInstr *in, RgFunc *callee) {
    const IrCall *c = in->call;
    for (int i = 0; i < c->nparams && i < callee->f->nparams; i++)
        rg_assign(r, fn, rg_local_place(r, callee, i), &c->args[i], callee->f->locals.at[i].type);
    if (in->dst >= 0 && callee->f->result)
        rg_flow(r, rg_local_place(r, fn, in->dst), (RgPlace){callee->result, callee->f->result, 0}, callee->f->result);
}

/* What v leads to is one cell, which leads to itself; NULL: nowhere. */
static RgCell *one_cell(Regions *r, RgFunc *fn, const IrVal *v) {
    RgCell *all = NULL;
    if (v->kind == IV_SLOT) all = rg_var(r, fn, v->local);
    if (v->kind == IV_LOCAL && fn->f->locals.at[v->local].type) {
        const RgWords *words = rg_words(r, fn->f->locals.at[v->local].type);
        bool bears = false;
        for (int i = 0; i < words->list.len; i++) {
            RgCell *c = rg_content(r, rg_var(r, fn, v->local), words->list.at[i].key);
            if (all) rg_join(r, all, c);
            all = c;
            bears |= words->list.at[i].bears;
        }
        if (!bears) return all;
    }
    if (all) rg_join(r, rg_content(r, all, r->k_any), all);
    return all;
}

static int result_count(const Type *t) { return !t ? 0 : t->kind == TY_TUPLE ? t->tuple.n : 1; }

/* Joins what result i points to with c; all results if i is negative. */
static void join_result(Regions *r, RgFunc *fn, const IrInstr *in, int i, RgCell *c) {
    Type *t = fn->f->locals.at[in->dst].type;
    int64_t from = 0, to = INT64_MAX, at = 0;
    for (int k = 0; t->kind == TY_TUPLE && k <= i; k++) {
        Type *part = type_canon(r->p->sema, t->tuple.vars[k]->type);
        int64_t align = type_align(r->p->sema, part);
        from = (at + align - 1) / align * align;
        at = to = from + type_size(r->p->sema, part);
    }
    const RgWords *words = rg_words(r, t);
    for (int k = 0; k < words->list.len; k++)
        if (words->list.at[k].off >= from && words->list.at[k].off < to)
            rg_join(r, rg_content(r, rg_var(r, fn, in->dst), words->list.at[k].key), c);
}

static void call_by_contract(Regions *r, RgFunc *fn, const IrInstr *in, const IrEscape *k, const IrSym *callee) {
    const IrCall *c = in->call;
    const char *what = arena_printf(r->p->arena, "kept by %s", callee->name);
    lose_results(r, fn, in, "a result of a function that is not analysed");
    for (int i = 0; i < c->nparams && i < k->nparams; i++) {
        RgCell *all = one_cell(r, fn, &c->args[i]);
        if (!all) continue;
        if (k->heap[i] != IR_STAYS) rg_lose(r, all, in->pos, what);
        for (int n = 0; in->dst >= 0 && n < k->nresults && n < result_count(c->result); n++)
            if (k->results[i * k->nresults + n] != IR_STAYS) join_result(r, fn, in, n, all);
    }
}

/* Functions without a body in goo/mem. */
static const struct { const char *name; bool allocates; } mem_calls[] = {
    {"goo/mem.newRecord", false}, {"goo/mem.arenaAlloc", true}, {"goo/mem.arenaMark", false}, {"goo/mem.arenaRewind", false},
};

/* Whether it is one of them: what it returns is new, and of its first argument's arena if it allocates. */
static bool call_mem(Regions *r, RgFunc *fn, const IrInstr *in, const IrSym *sym) {
    for (int i = 0; i < (int)(sizeof mem_calls / sizeof *mem_calls); i++) {
        if (strcmp(sym->name, mem_calls[i].name) != 0) continue;
        if (mem_calls[i].allocates) rg_set_home(r, result_pointee(r, fn, in), arg_pointee(r, fn, in->call, 0));
        return true;
    }
    return false;
}

static void call_symbol(Regions *r, RgFunc *fn, const IrInstr *in, const IrSym *sym) {
    RgFunc *callee = sym->func ? ptrmap_get(&r->funcs, sym->func) : NULL;
    const Name *name = name_of(r->p->sema->names, sym->name);
    const IrRegion *s = sym->func ? sym->func->region : ptrmap_get(&r->all->regions, name);
    const IrEscape *k = sym->func ? sym->func->escape : ptrmap_get(&r->all->by_name, name);
    if (callee) call_in_batch(r, fn, in, callee);
    else if (call_mem(r, fn, in, sym)) return;
    else if (s) rg_call_summary(r, fn, in, s);
    else if (k) call_by_contract(r, fn, in, k, sym);
    else if (sym->no_escape) lose_results(r, fn, in, "a result of a function that is not analysed");
    else call_unknown(r, fn, in, arena_printf(r->p->arena, "passed to %s, of which nothing is known", sym->name));
}

/* ---- function values ---- */

static const IrFunc *known_code(const RgCell *closure) {
    closure = closure ? rg_find((RgCell *)closure) : NULL;
    return closure && !closure->has_codes && !closure->lost ? closure->code : NULL;
}

static bool try_pointer_call(Regions *r, RgCallPtr *p) {
    const IrCall *c = p->in->call;
    if (p->is_unknown) return false;
    const IrFunc *code = c->has_env ? known_code(arg_pointee(r, p->fn, c, c->nparams - 1)) : NULL;
    if (code && code == p->known) return false;
    if (code && !p->known) {
        p->known = code;
        call_symbol(r, p->fn, p->in, code->sym);
    } else {
        p->is_unknown = true;
        call_unknown(r, p->fn, p->in, "passed to a function value or method that is only known at run time");
    }
    return true;
}

/* A closure that is lost may be called by anybody, with anything. */
static bool expose_body(Regions *r, RgFunc *fn) {
    const IrFunc *f = fn->f;
    if (!(f->flags & IF_HAS_ENV) || f->nparams == 0) return false;
    IrVal env = iv_local(fn->f, f->nparams - 1);
    const RgCell *closure = rg_pointee(r, fn, &env);
    if (!closure || !closure->lost || rg_find(fn->result)->lost) return false;
    rg_lose(r, fn->result, f->pos, "a result of a closure that anybody may call");
    for (int i = 0; i < f->nparams; i++) lose_value(r, fn, &(IrVal){.kind = IV_LOCAL, .local = i}, f->pos, "an argument of a closure that anybody may call");
    return true;
}

/* Closure objects made in the batch are the environments of their bodies in it. */
static void bind_environments(Regions *r) {
    for (int i = 0; i < r->batch.len; i++) {
        RgFunc *maker = r->batch.at[i];
        for (int b = 0; b < maker->f->blocks.len; b++)
            for (int j = 0; j < maker->f->blocks.at[b]->instrs.len; j++) {
                const IrInstr *in = &maker->f->blocks.at[b]->instrs.at[j];
                RgFunc *body = in->op == IR_STORE && in->b.kind == IV_SYM && in->b.sym->func ? ptrmap_get(&r->funcs, in->b.sym->func) : NULL;
                if (!body || !(body->f->flags & IF_HAS_ENV)) continue;
                IrVal env = iv_local(body->f, body->f->nparams - 1);
                join_if(r, rg_behind(r, maker, &in->a, in->off).cell, rg_pointee(r, body, &env));
            }
    }
}

void rg_finish_calls(Regions *r) {
    bind_environments(r);
    for (bool changed = true; changed;) {
        changed = false;
        rg_spread_lost(r);
        for (int i = 0; i < r->pointer_calls.len; i++) changed |= try_pointer_call(r, &r->pointer_calls.at[i]);
        for (int i = 0; i < r->batch.len; i++) changed |= expose_body(r, r->batch.at[i]);
    }
}

/* ---- runtime entries ---- */

/* Two pieces of memory get the same contents. */
static void same_contents(Regions *r, RgFunc *fn, RgCell *to, const IrVal *from) {
    RgPlace p = rg_behind(r, fn, from, 0);
    if (!to || !p.cell) return;
    Type *t = p.type && from->kind == IV_SLOT && p.off ? NULL : p.type;
    if (t) rg_flow(r, (RgPlace){to, NULL, 0}, p, t);
    else rg_join(r, rg_content(r, to, r->k_any), rg_content(r, p.cell, r->k_any));
}

/* How an entry treats its arguments. */
typedef enum EntryClass {
    EC_OTHER,     /* as escape.def says */
    EC_NOTHING,
    EC_GROW,      /* the result may be argument 1, and holds what that does */
    EC_CONCAT,    /* the result may be a string in array 0 */
    EC_MOVE,      /* memory 0 gets the contents of memory 1 */
    EC_ELEMENT,   /* the result is in map 1 */
    EC_ASSIGN,    /* likewise, and the map gets the key at address 2 */
    EC_ASSIGN_KEY, /* likewise, of the key 2 itself */
    EC_ITERATE,   /* record 2 points into map 1 */
    EC_TRANSFER,  /* the elements of channel 0 and what is at address 1 are the same */
} EntryClass;

static const uint8_t entry_class[RTE_COUNT] = {
    [RTE_rt_arena_begin] = EC_NOTHING, [RTE_rt_arena_end] = EC_NOTHING, [RTE_rt_select] = EC_NOTHING,
    [RTE_rt_caps_restrict] = EC_NOTHING, [RTE_rt_caps_leave] = EC_NOTHING,
    [RTE_rt_grow_slice] = EC_GROW, [RTE_rt_grow_slice_at] = EC_GROW,
    [RTE_rt_string_concat] = EC_CONCAT, [RTE_rt_string_concat_at] = EC_CONCAT,
    [RTE_rt_memmove] = EC_MOVE,
    [RTE_rt_map_access] = EC_ELEMENT, [RTE_rt_map_access2] = EC_ELEMENT,
    [RTE_rt_map_access_32] = EC_ELEMENT, [RTE_rt_map_access2_32] = EC_ELEMENT, [RTE_rt_map_assign_32] = EC_ELEMENT,
    [RTE_rt_map_access_64] = EC_ELEMENT, [RTE_rt_map_access2_64] = EC_ELEMENT,
    [RTE_rt_map_access_str] = EC_ELEMENT, [RTE_rt_map_access2_str] = EC_ELEMENT,
    [RTE_rt_map_assign] = EC_ASSIGN, [RTE_rt_map_assign_64] = EC_ASSIGN_KEY, [RTE_rt_map_assign_str] = EC_ASSIGN_KEY,
    [RTE_rt_map_iter_init] = EC_ITERATE,
    [RTE_rt_chan_send] = EC_TRANSFER, [RTE_rt_chan_try_send] = EC_TRANSFER,
    [RTE_rt_chan_recv] = EC_TRANSFER, [RTE_rt_chan_try_recv] = EC_TRANSFER,
};

/* What the allocator does is unknown unless it is an arena; what it allocated is at home there. */
static void allocator(Regions *r, RgFunc *fn, const IrInstr *in, int i) {
    RgCell *home = arg_pointee(r, fn, in->call, i), *o = result_pointee(r, fn, in);
    if (!home) return;
    if (in->call->args[i + 1].kind != IV_ZERO) rg_lose(r, home, in->pos, "the allocator is known at run time only");
    rg_set_home(r, o, home);
}

static void other_effect(Regions *r, RgFunc *fn, const IrInstr *in, int i, char effect) {
    const IrVal *v = &in->call->args[i];
    switch (effect) {
    case '-': case 't': case 'a': return;
    case 'f': same_contents(r, fn, arg_pointee(r, fn, in->call, i - 1), v); return;
    case 'r': case 'd': {
        RgCell *all = one_cell(r, fn, v);
        if (all && in->dst >= 0) join_result(r, fn, in, -1, all);
        return;
    }
    case 'h': case 'c': case 'e':
        lose_value(r, fn, v, in->pos,
                   in->call->rt == RTE_rt_go        ? "used by a goroutine"
                   : in->call->rt == RTE_rt_gopanic ? "the value of a panic"
                                                    : "kept by the runtime");
        return;
    default: unreachable();
    }
}

static void other_entry(Regions *r, RgFunc *fn, const IrInstr *in) {
    const IrCall *c = in->call;
    const char *effects = ir_entry_effects[c->rt];
    if (!effects && ir_entries[c->rt].result == 'n') return;
    for (int i = 0; i < c->nparams; i++) other_effect(r, fn, in, i, effects ? effects[i] : 'h');
    if (c->rt == RTE_rt_gorecover) lose_results(r, fn, in, "the value of a panic");
}

static void map_key(Regions *r, RgFunc *fn, RgCell *map, const IrVal *key) {
    if (map && key->kind == IV_LOCAL) rg_flow(r, (RgPlace){map, NULL, 0}, rg_local_place(r, fn, key->local), key->type);
}

static void call_runtime(Regions *r, RgFunc *fn, const IrInstr *in) {
    const IrCall *c = in->call;
    const IrVal *from = ir_allocator(in);
    if (from) allocator(r, fn, in, (int)(from - c->args));
    RgCell *result = result_pointee(r, fn, in);
    switch ((EntryClass)entry_class[c->rt]) {
    case EC_OTHER: other_entry(r, fn, in); return;
    case EC_NOTHING: return;
    case EC_GROW: join_if(r, result, arg_pointee(r, fn, c, 1)); return;
    case EC_CONCAT: {
        RgCell *parts = arg_pointee(r, fn, c, 0);
        if (parts && result) rg_join(r, rg_content(r, parts, r->k_bytes), result);
        return;
    }
    case EC_MOVE: same_contents(r, fn, arg_pointee(r, fn, c, 0), &c->args[1]); return;
    case EC_ASSIGN: same_contents(r, fn, arg_pointee(r, fn, c, 1), &c->args[2]); join_if(r, result, arg_pointee(r, fn, c, 1)); return;
    case EC_ASSIGN_KEY: map_key(r, fn, arg_pointee(r, fn, c, 1), &c->args[2]); join_if(r, result, arg_pointee(r, fn, c, 1)); return;
    case EC_ELEMENT: join_if(r, result, arg_pointee(r, fn, c, 1)); return;
    case EC_ITERATE: {
        RgCell *record = arg_pointee(r, fn, c, 2), *map = arg_pointee(r, fn, c, 1);
        if (record && map) rg_join(r, rg_content(r, record, r->k_any), map);
        return;
    }
    case EC_TRANSFER: same_contents(r, fn, arg_pointee(r, fn, c, 0), &c->args[1]); return;
    }
    unreachable();
}

void rg_call(Regions *r, RgFunc *fn, const IrInstr *in) {
    if (in->op == IR_CALL) call_symbol(r, fn, in, in->call->sym);
    else if (in->op == IR_CALL_RT) call_runtime(r, fn, in);
    else vec_push(r->arena, &r->pointer_calls, ((RgCallPtr){.fn = fn, .in = in}));
}
