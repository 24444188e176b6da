/* lower_init.c: package variables and package initialisation.
 *
 * A variable whose initial value is static data starts out with it. A map of static data gets a function that makes it,
 * which the linker drops together with the variable (package unicode has hundreds of entries that few programs need);
 * those that are left run before everything else. The other initialisers run in the package's initialiser, pkg.init, in
 * the order that sema found, then the functions named init. The main package lists the initialisers of all packages for
 * the runtime (abi.h: RtProgram).
 *
 * Whether a package has an initialiser follows from the checked package alone (has_init), so that the main package
 * knows it of packages that were compiled elsewhere. */
#include "ir/lower.h"
#include <string.h>

/* ---- variables ---- */

static const char *var_name(Lower *l, const Object *v) {
    return arena_printf(l->arena, "%s.%s", ir_pkg_prefix(v->pkg), v->name->text);
}

/* A variable that a linkname binds to one of another package is defined there. */
static bool is_defined_here(Lower *l, const Object *v) {
    if (v->pkg != l->p->pkg) return false;
    return !v->var.linkname || !strcmp(v->var.linkname, var_name(l, v));
}

static void define_var(Lower *l, Object *v, IrSym *sym) {
    Type *t = type_canon(l->s, v->type);
    IrData *d = ir_data_bss(l->p, sym, type_size(l->s, t), (int32_t)type_align(l->s, t), IL_GLOBAL);
    if (type_has_pointers(l->s, t)) d->type = t;
}

IrSym *lw_var_sym(Lower *l, Object *v) {
    IrSym *sym = ptrmap_get(&l->var_syms, v);
    if (sym) return sym;
    sym = ir_sym(l->p, v->var.linkname ? v->var.linkname : var_name(l, v));
    ptrmap_put(l->arena, &l->var_syms, v, sym);
    if (is_defined_here(l, v) && !sym->data) define_var(l, v, sym);
    return sym;
}

static bool is_blank(Lower *l, const Object *v) { return v->name == l->s->n_blank; }

/* ---- initialisers ---- */

enum { MAX_PART = 3000 }; /* instructions: GCC's time grows faster than a function's size */

/* The initialiser under construction: pkg.init, and the part of it that takes the next statement. */
typedef struct InitFunc {
    Lower *l;
    Builder *main, *part;
    int parts;
} InitFunc;

static Builder *new_init_func(Lower *l, const char *name, IrLinkage linkage) {
    IrSym *sym = ir_sym(l->p, name);
    IrFunc *f = ir_func_new(l->p, sym, linkage, NULL, NULL, 0, NULL);
    Builder *b = lw_builder(l, f, NULL);
    b->name_prefix = arena_printf(l->arena, "%s.init.func", ir_pkg_prefix(l->p->pkg));
    b->closure_count = &l->init_closures;
    return b;
}

/* A call that stands nowhere in the source. */
static void call_plain(Builder *b, IrSym *sym) {
    Pos pos = b->pos;
    b->pos = NO_POS;
    lw_use_call(b, sym, NULL);
    b->pos = pos;
    IrInstr *in = lw_emit(b, IR_CALL);
    in->call = NEW(b->l->arena, IrCall);
    in->call->sym = sym;
}

static int instruction_count(const IrFunc *f) {
    int n = 0;
    for (int i = 0; i < f->blocks.len; i++) n += f->blocks.at[i]->instrs.len;
    return n;
}

/* Where the next initialiser goes: a new function when the current one has grown large. */
static Builder *init_builder(InitFunc *init) {
    if (instruction_count(init->part->f) < MAX_PART) return init->part;
    Lower *l = init->l;
    const char *name = arena_printf(l->arena, "%s.init.part%d", ir_pkg_prefix(l->p->pkg), ++init->parts);
    if (init->part != init->main) lw_finish(init->part);
    init->part = new_init_func(l, name, IL_LOCAL);
    call_plain(init->main, init->part->f->sym);
    return init->part;
}

static void init_one(Builder *b, Object *v, Node *rhs) {
    if (is_blank(b->l, v)) {
        lw_effects(b, rhs);
        return;
    }
    Place p = lw_var_place(b, v);
    if (ast_unparen(rhs)->kind == ND_COMPOSITE_LIT && lw_type_of(b, rhs) == p.type) lw_expr_into(b, rhs, p, true);
    else lw_write(b, p, lw_expr_as(b, rhs, p.type));
}

static void init_several(Builder *b, const Initializer *in) {
    Type **types = NEW_ARRAY(b->l->arena, Type *, in->n);
    for (int i = 0; i < in->n; i++)
        types[i] = is_blank(b->l, in->lhs[i]) ? NULL : type_canon(b->l->s, in->lhs[i]->type);
    IrVal *values = lw_right_values(b, in->rhs, types, in->n);
    for (int i = 0; i < in->n; i++)
        if (types[i]) lw_write(b, lw_var_place(b, in->lhs[i]), values[i]);
}

/* The function that makes the map of variable v. */
static void make_map(Lower *l, Object *v, Node *lit, Type *t, IrData *d) {
    Builder *b = new_init_func(l, arena_printf(l->arena, "%s..make", var_name(l, v)), IL_LOCAL);
    b->pos = lit->pos;
    lw_write(b, lw_var_place(b, v), lw_static_map(b, lit, t));
    lw_finish(b);
    d->maker = b->f->sym;
}

static bool init_statically(Lower *l, const Initializer *in) {
    if (in->n > 1 || is_blank(l, in->lhs[0])) return false;
    Object *v = in->lhs[0];
    IrData *d = lw_var_sym(l, v)->data;
    Type *t = type_canon(l->s, v->type);
    if (!d) return false;
    if (lw_static(l, NULL, in->rhs, t, d, 0)) {
        ptrmap_put(l->arena, &l->initial, v, d);
        return true;
    }
    Node *lit = ast_unparen(in->rhs);
    if (lit->kind != ND_COMPOSITE_LIT || type_canon(l->s, lit->type) != t || lw_under(l, t)->kind != TY_MAP) return false;
    if (!lw_is_static_map(l, lit, t)) return false;
    make_map(l, v, lit, t, d);
    return true;
}

static void lower_inits(InitFunc *init) {
    Lower *l = init->l;
    Package *pkg = l->p->pkg;
    for (int i = 0; i < pkg->inits.len; i++) {
        const Initializer *in = &pkg->inits.at[i];
        if (init_statically(l, in)) continue;
        Builder *b = init_builder(init);
        b->pos = in->rhs->pos;
        if (in->n > 1) init_several(b, in);
        else init_one(b, in->lhs[0], in->rhs);
    }
}

/* ---- the package ---- */

static int init_func_count(const Package *pkg) {
    int n = 0;
    for (int i = 0; i < pkg->funcs.len; i++) n += pkg->funcs.at[i]->obj->func.is_init;
    return n;
}

static bool has_init(const Package *pkg) { return pkg->inits.len > 0 || init_func_count(pkg) > 0; }

static IrSym *init_sym(Lower *l, const Package *pkg) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "%s.init", ir_pkg_prefix(pkg)));
    sym->is_func = true;
    return sym;
}

static void lower_init_func(Lower *l) {
    Package *pkg = l->p->pkg;
    l->p->init = init_sym(l, pkg);
    Builder *b = new_init_func(l, l->p->init->name, IL_GLOBAL);
    InitFunc init = {.l = l, .main = b, .part = b};
    lower_inits(&init);
    if (init.part != b) lw_finish(init.part);
    for (int i = 0; i < init_func_count(pkg); i++) call_plain(b, lw_init_func_sym(l, i));
    lw_finish(b);
}

/* What the program starts with: main.main, or a function that calls it and reports the error it returns. */
static IrSym *entry_sym(Lower *l) {
    IrSym *main = ir_sym(l->p, arena_printf(l->arena, "%s.main", ir_pkg_prefix(l->p->pkg)));
    main->is_func = true;
    Object *obj = scope_lookup(l->p->pkg->scope, l->s->n_main);
    if (!obj || obj->kind != OBJ_FUNC || type_under(l->s, obj->type)->func.results->tuple.n == 0) return main;
    Builder *b = new_init_func(l, "main.entry..", IL_LOCAL); /* a name that no declaration can have */
    b->f->flags |= IF_WRAPPER;
    call_plain(b, main);
    IrInstr *call = &vec_last(&b->cur->instrs);
    call->type = call->call->result = type_canon(l->s, l->s->t_error);
    call->dst = lw_new_temp(b, call->type);
    IrVal err = iv_local(b->f, call->dst);
    LW_RT(b, rt_main_result, NULL, err);
    lw_finish(b);
    return b->f->sym;
}

static void add_text(Lower *l, IrData *program, size_t off, const char *name, const char *text) {
    if (!text) return;
    IrSym *sym = ir_sym(l->p, name);
    IrData *d = ir_data_new(l->p, sym, (int64_t)strlen(text) + 1, 1, IL_LOCAL);
    memcpy(d->bytes, text, strlen(text));
    d->readonly = true;
    ir_data_addr(l->p, program, (int64_t)off, sym, 0);
}

/* What @requires of main says; NULL without it. */
static const char *ceiling(Lower *l) {
    const Object *o = scope_lookup(l->p->pkg->scope, l->s->n_main);
    const CapAttr *attr = o && o->kind == OBJ_FUNC ? o->func.caps : NULL;
    if (!attr || !attr->requires) return NULL;
    const char *text = capset_str(l->arena, &attr->required);
    return *text ? text : "none";
}

/* The initialiser of package p as the program runs it: under the limits that imports set. */
static IrSym *limited_init(Lower *l, const PtrMap *limits, Package *p) {
    IrSym *sym = init_sym(l, p);
    if (!ptrmap_get((PtrMap *)limits, p)) return sym;
    Builder *b = new_init_func(l, arena_printf(l->arena, "%s.limited..", sym->name), IL_LOCAL);
    b->f->flags |= IF_WRAPPER;
    IrVal *records;
    int n = lw_enter_limits(b, limits, p, &records);
    call_plain(b, sym);
    while (n > 0) lw_leave_record(b, records[--n]);
    lw_finish(b);
    return b->f->sym;
}

/* goo_program: what the runtime runs. */
static void emit_program(Lower *l, Package **all, int n) {
    IrSym *array = ir_sym(l->p, "goo_program..inits");
    IrData *inits = ir_data_new(l->p, array, 8 * (n + 1), 8, IL_LOCAL);
    inits->readonly = true;
    int count = 0;
    PtrMap limits = lw_init_limits(l, all, n);
    for (int i = 0; i < n; i++)
        if (has_init(all[i])) ir_data_addr(l->p, inits, 8 * count++, limited_init(l, &limits, all[i]), 0);
    IrData *d = ir_data_new(l->p, ir_sym(l->p, "goo_program"), sizeof(RtProgram), 8, IL_GLOBAL);
    d->readonly = true;
    ir_data_addr(l->p, d, offsetof(RtProgram, inits), array, 0);
    ir_data_int(d, offsetof(RtProgram, ninits), 8, (uint64_t)count);
    ir_data_addr(l->p, d, offsetof(RtProgram, main), entry_sym(l), 0);
    add_text(l, d, offsetof(RtProgram, ceiling), "goo_program..ceiling", ceiling(l));
    add_text(l, d, offsetof(RtProgram, policy), "goo_program..policy", l->s->policy);
    if (l->s->sandbox) ir_data_addr(l->p, d, offsetof(RtProgram, sandbox), ir_sym(l->p, l->s->sandbox), 0);
    ir_data_int(d, offsetof(RtProgram, is_test), 1, l->s->is_test);
}

void lw_package_init(Lower *l, Package **all, int n_all) {
    Package *pkg = l->p->pkg;
    for (int i = 0; i < pkg->vars.len; i++)
        if (!is_blank(l, pkg->vars.at[i])) lw_var_sym(l, pkg->vars.at[i]);
    for (int i = 0; i < pkg->vars.len; i++)
        if (pkg->vars.at[i]->var.embeds && !is_blank(l, pkg->vars.at[i])) lw_embed(l, pkg->vars.at[i]);
    if (has_init(pkg)) lower_init_func(l);
    if (all) emit_program(l, all, n_all);
}
