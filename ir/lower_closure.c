/* lower_closure.c: function literals and closure objects.
 *
 * A closure object is a struct of the code address and the captured values. A variable that lives in a box is
 * captured by its box, any other (never assigned after its declaration) by its value; lower_func.c decides which. A
 * literal without captures is static data.
 *
 * The body of a literal is lowered where the literal stands, by a Builder of its own, because only there is it known
 * where the captured variables live. */
#include "ir/lower.h"

/* ---- closure objects ---- */

static Object *closure_field(Lower *l, const char *name, Type *t) {
    Object *f = object_new(l->arena, OBJ_VAR, NO_POS, NULL, name_of(l->s->names, name), t);
    f->var.role = VAR_FIELD;
    return f;
}

Type *lw_closure_type(Lower *l, Type *const *captures, int n) {
    Object **fields = NEW_ARRAY(l->arena, Object *, n + 1);
    fields[0] = closure_field(l, "F", l->t_uintptr);
    for (int i = 0; i < n; i++) {
        fields[i + 1] = closure_field(l, arena_printf(l->arena, "X%d", i), captures[i]);
        fields[i + 1]->var.field_index = i + 1;
    }
    return type_canon(l->s, type_new_struct(l->s, fields, NULL, n + 1));
}

static Type *closure_type_of(Lower *l, const IrVal *captures, int n) {
    Type **types = NEW_ARRAY(l->arena, Type *, n);
    for (int i = 0; i < n; i++) types[i] = captures[i].type;
    return lw_closure_type(l, types, n);
}

IrVal lw_new_closure(Builder *b, const Node *what, IrSym *code, const IrVal *captures, int n, bool on_frame, const LwAt *at) {
    Lower *l = b->l;
    Type *t = closure_type_of(l, captures, n);
    lw_use_value(b, code, what);
    IrVal obj = lw_new_at(b, t, at);
    if (b->cur && !at) vec_last(&b->cur->instrs).alloc.on_stack = on_frame;
    lw_allocates(b, what);
    lw_store(b, l->t_uintptr, obj, 0, iv_sym(l->t_uintptr, code, 0));
    for (int i = 0; i < n; i++) lw_store(b, captures[i].type, obj, type_field_offset(l->s, t, i + 1), captures[i]);
    return obj;
}

IrVal lw_captured(Builder *b, Type *closure_type, int i) {
    Type *t = type_canon(b->l->s, closure_type->struct_.fields[i + 1]->type);
    return lw_load(b, t, iv_local(b->f, b->env_local), type_field_offset(b->l->s, closure_type, i + 1));
}

/* ---- function literals ---- */

static IrLinkage inner_linkage(const Builder *b) { return b->f->sym->linkage == IL_WEAK ? IL_WEAK : IL_LOCAL; }

static IrSym *literal_symbol(Lower *l, const char *prefix, int number) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "%s%d", prefix, number));
    sym->is_func = true;
    return sym;
}

/* What the closure object keeps of captured variable v: the address of its box, or its value. */
static IrVal captured_value(Builder *b, Object *v) {
    Place p = lw_var_place(b, v);
    return p.boxed ? p.base : lw_snapshot(b, lw_read(b, p));
}

/* Binds the variables that the literal captured from outer, in its own builder. */
static void bind_captures(Builder *outer, Builder *b, const ObjectVec *vars, Type *closure_type) {
    for (int i = 0; i < vars->len; i++) {
        Object *v = vars->at[i];
        IrVal kept = lw_captured(b, closure_type, i);
        if (lw_var_place(outer, v).boxed) {
            lw_bind_box(b, v, lw_type(b, v->type), kept);
            continue;
        }
        int local = ir_local(b->f, kept.type, v->name, v->pos);
        lw_copy(b, local, kept);
        lw_bind_local(b, v, kept.type, local);
    }
}

/* Lowers the literal's body; captures are the values of info->captures in outer. */
static IrSym *literal_body(Builder *outer, FuncInfo *info, const IrVal *captures) {
    IrSym *sym = literal_symbol(outer->l, outer->name_prefix, ++*outer->closure_count);
    Builder *b = lw_begin_func(outer->l, info, outer->env, sym, inner_linkage(outer), true);
    b->pkg = outer->pkg;
    bind_captures(outer, b, &info->captures, closure_type_of(outer->l, captures, info->captures.len));
    lw_func_body(b);
    return sym;
}

/* Pointers to closure objects have many types; function values one for each signature. */
static IrVal as_func(Builder *b, IrVal closure, Type *func_type) {
    if (closure.kind == IV_LOCAL) return lw_temp(b, IR_BITCAST, func_type, func_type, closure, iv_none());
    closure.type = func_type;
    return closure;
}

IrVal lw_closure_of(Builder *b, Node *n, bool on_frame) {
    FuncInfo *info = n->func_lit.info;
    int count = info->captures.len;
    IrVal *captures = NEW_ARRAY(b->l->arena, IrVal, count);
    for (int i = 0; i < count; i++) captures[i] = captured_value(b, info->captures.at[i]);
    IrSym *code = literal_body(b, info, captures);
    if (!count) return lw_func_value(b, code, n);
    return lw_new_closure(b, n, code, captures, count, on_frame, lw_take_at(b, n));
}

IrVal lw_func_lit(Builder *b, Node *n) { return as_func(b, lw_closure_of(b, n, false), lw_type_of(b, n)); }

IrSym *lw_literal_sym(Lower *l, Package *pkg, Node *n) {
    FuncInfo *info = n->func_lit.info;
    const char *prefix = arena_printf(l->arena, "%s.init.func", ir_pkg_prefix(pkg));
    IrSym *sym = literal_symbol(l, prefix, ++l->init_closures);
    Builder *b = lw_begin_func(l, info, NULL, sym, IL_LOCAL, true);
    b->pkg = pkg;
    lw_func_body(b);
    return sym;
}

IrFunc *lw_thunk(Builder *b, const char *suffix, Type *result, Builder **body) {
    Lower *l = b->l;
    const char *name = arena_printf(l->arena, "%s.%s%d", b->f->sym->name, suffix, ++b->thunk_count);
    IrSym *sym = ir_sym(l->p, name);
    sym->is_func = true;
    Type *params[1] = {l->t_ptr};
    const Name *names[1] = {NULL};
    IrFunc *f = ir_func_new(l->p, sym, inner_linkage(b), params, names, 1, result);
    f->flags |= IF_HAS_ENV | IF_WRAPPER | IF_NOINLINE;
    f->pos = b->pos;
    f->locals.at[0].is_param = true;
    Builder *t = lw_builder(l, f, b->env);
    t->pkg = b->pkg;
    t->env_local = 0;
    *body = t;
    return f;
}
