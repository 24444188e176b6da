/* lower_allow.c: what @allow of an import means at run time.
 *
 * In a file that limits an import, whatever is declared there is called with the rights of the limit, of those that
 * there are (as in a restrict block): functions, methods, also of its interfaces, variables and fields of function
 * types, values of its function types. A function of the import that becomes a value, or a method value, is wrapped in a
 * closure that does the same (guard). The initialisers of the package, and of what it imports, are run so too.
 *
 * Not covered is a value of the import that is called by another file, or through somebody else's interface. */
#include "ir/lower.h"
#include <string.h>

/* ---- the rights ---- */

static bool has_scopes(const CapSet *s) {
    for (int i = 0; i < s->atoms.len; i++)
        if (s->atoms.at[i].scope) return true;
    return false;
}

/* The set, made when it is first needed: scopes of paths ask the system. */
static IrVal kept_set(Builder *b, const CapAllow *allow) {
    Lower *l = b->l;
    IrSym *kept = ir_sym(l->p, arena_printf(l->arena, "%s.allow..%u", ir_pkg_prefix(l->p->pkg), (unsigned)allow->pos));
    if (!kept->data) ir_data_bss(l->p, kept, 8, 8, IL_LOCAL)->type = l->t_ptr;
    const char *text = capset_str(l->arena, &allow->attr->required);
    int64_t n = (int64_t)strlen(text);
    IrVal list = lw_make2(b, l->t_string, iv_sym(l->t_ptr, ir_bytes(l->p, text, n), 0), iv_int(l->t_int, n));
    IrVal args[2] = {list, iv_sym(l->t_ptr, kept, 0)};
    return lw_part(b, lw_snapshot(b, lw_call_declared(b, lw_library_func(l, "goo/caps", "allowed"), NULL, args, 2)), l->t_ptr, 0);
}

IrVal lw_enter_allow(Builder *b, const CapAllow *allow) {
    const CapSet *set = &allow->attr->required;
    IrVal record = lw_rights_record(b);
    if (has_scopes(set)) LW_RT(b, rt_caps_restrict_to, NULL, record, kept_set(b, allow), lw_innermost_try(b));
    else LW_RT(b, rt_caps_restrict, NULL, record, iv_int(b->l->t_uint32, capset_mask(set)), lw_innermost_try(b));
    b->f->flags |= IF_NOINLINE; /* as of a block */
    return record;
}

/* ---- what it is about ---- */

static const Package *package_of_object(const Object *o) { return o ? o->pkg : NULL; }

static const Package *package_of_type(const Type *t) {
    const Type *named = t ? type_as_named((Type *)t) : NULL;
    return named ? package_of_object(named->named.obj) : NULL;
}

static const Object *denoted(const Node *fun) {
    if (fun->kind == ND_INDEX) fun = ast_unparen(fun->index.x);
    if (fun->kind == ND_SELECTOR && fun->selector.selection) return fun->selector.selection->obj;
    if (fun->kind == ND_SELECTOR) fun = fun->selector.sel;
    return fun->kind == ND_IDENT ? fun->ident.obj : NULL;
}

const CapAllow *lw_allow_of(const Lower *l, const Package *pkg, const Node *fun) {
    if (!pkg || !pkg->cap_allows.len) return NULL;
    fun = ast_unparen((Node *)fun);
    const Package *of[] = {package_of_object(denoted(fun)), package_of_type(fun->type)};
    for (int i = 0; i < pkg->cap_allows.len; i++) {
        const CapAllow *a = &pkg->cap_allows.at[i];
        if (a->imported != of[0] && a->imported != of[1]) continue;
        if (source_file_of(l->s->sources, a->pos) == source_file_of(l->s->sources, fun->pos)) return a;
    }
    return NULL;
}

/* ---- initialisation ---- */

typedef VEC(const CapAllow *) Allows;
typedef struct Limits { Lower *l; PtrMap by_package; } Limits; /* Package -> Allows */

static bool is_of_library(const Package *p) { return !p->nfiles || p->files[0]->source->is_library; }

static void limit_init(Limits *lim, const CapAllow *allow, const Package *p, PtrMap *seen) {
    if (ptrmap_get(seen, p)) return;
    ptrmap_put(lim->l->arena, seen, p, (void *)p);
    if (is_of_library(p)) return; /* its table says what it does */
    Allows *allows = ptrmap_get(&lim->by_package, p);
    if (!allows) ptrmap_put(lim->l->arena, &lim->by_package, p, allows = NEW(lim->l->arena, Allows));
    vec_push(lim->l->arena, allows, allow);
    for (int i = 0; i < p->imports.len; i++) limit_init(lim, allow, p->imports.at[i], seen);
}

PtrMap lw_init_limits(Lower *l, Package **all, int n) {
    Limits lim = {.l = l};
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < all[i]->cap_allows.len; k++) {
            PtrMap seen = {0};
            limit_init(&lim, &all[i]->cap_allows.at[k], all[i]->cap_allows.at[k].imported, &seen);
        }
    }
    return lim.by_package;
}

int lw_enter_limits(Builder *b, const PtrMap *limits, const Package *p, IrVal **records) {
    const Allows *allows = ptrmap_get((PtrMap *)limits, p);
    int n = allows ? allows->len : 0;
    *records = NEW_ARRAY(b->l->arena, IrVal, n);
    for (int i = 0; i < n; i++) (*records)[i] = lw_enter_allow(b, allows->at[i]);
    return n;
}
