/* typeset.c: the sets of types that interfaces describe.
 *
 * A type set is a list of methods and a list of terms (T or ~T), whose union is meant; nterms == -1 stands for all
 * types, nterms == 0 for none. Lists are kept in normal form: terms are pairwise disjoint. The set of an interface
 * is the intersection of those of its elements, so methods are joined and terms intersected.
 * Invariant: comparable implies nterms == -1 (otherwise the terms that are not comparable were removed). */
#include <stdlib.h>
#include <string.h>

#include "sema/tables.h"

enum { MAX_TERMS = 100 };

typedef struct Terms { UnionTerm *at; int n; } Terms; /* n == -1: all types */
static const Terms all_terms = {NULL, -1};

/* ---- terms ---- */

bool term_disjoint(Sema *s, const UnionTerm *x, const UnionTerm *y) {
    Type *ux = y->tilde ? type_under(s, x->type) : x->type;
    Type *uy = x->tilde ? type_under(s, y->type) : y->type;
    return !type_identical(s, ux, uy);
}

bool term_includes(Sema *s, UnionTerm term, Type *t) {
    return type_identical(s, term.type, term.tilde ? type_under(s, t) : t);
}

static bool term_subset(Sema *s, const UnionTerm *x, const UnionTerm *y) {
    return !term_disjoint(s, x, y) && (!x->tilde || y->tilde);
}

/* Adds a term to a list in normal form, keeping it so: of two terms that overlap, one contains the other. ~t takes
 * the place of the first T that it contains. */
static void terms_add(Sema *s, Terms *list, UnionTerm term) {
    struct { UnionTerm *at; int len, cap; } kept = {0};
    bool placed = false;
    for (int i = 0; i < list->n; i++) {
        UnionTerm *old = &list->at[i];
        bool disjoint = term_disjoint(s, old, &term);
        if (!disjoint && (old->tilde || !term.tilde)) return;
        if (disjoint) vec_push(s->arena, &kept, *old);
        else if (!placed) vec_push(s->arena, &kept, term);
        placed |= !disjoint;
    }
    if (!placed) vec_push(s->arena, &kept, term);
    *list = (Terms){kept.at, kept.len};
}

static Terms terms_intersect(Sema *s, Terms x, Terms y) {
    if (x.n < 0) return y;
    if (y.n < 0) return x;
    Terms out = {NULL, 0};
    for (int i = 0; i < x.n; i++) {
        for (int j = 0; j < y.n; j++) {
            if (term_disjoint(s, &x.at[i], &y.at[j])) continue;
            terms_add(s, &out, !x.at[i].tilde || y.at[j].tilde ? x.at[i] : y.at[j]);
        }
    }
    return out;
}

bool terms_subset(Sema *s, const TypeSet *x, const TypeSet *y) {
    if (y->nterms < 0) return true;
    if (x->nterms < 0) return false;
    for (int i = 0; i < x->nterms; i++) {
        int j = 0;
        while (j < y->nterms && !term_subset(s, &x->terms[i], &y->terms[j])) j++;
        if (j == y->nterms) return false;
    }
    return true;
}

bool terms_equal(Sema *s, const TypeSet *x, const TypeSet *y) {
    if (x->nterms < 0 || y->nterms < 0) return x->nterms == y->nterms;
    return terms_subset(s, x, y) && terms_subset(s, y, x);
}

/* ---- queries ---- */

bool type_set_is_empty(const TypeSet *ts) { return ts->nterms == 0; }

bool type_set_has_terms(const TypeSet *ts) { return ts->nterms > 0; }

bool type_set_is_method_set(const TypeSet *ts) { return !ts->comparable && ts->nterms < 0; }

bool type_set_is_all(const TypeSet *ts) { return type_set_is_method_set(ts) && ts->methods.len == 0; }

bool type_set_comparable(Sema *s, const TypeSet *ts, bool (*comparable)(Sema *s, Type *t, void *ctx), void *ctx) {
    if (ts->nterms < 0) return ts->comparable;
    for (int i = 0; i < ts->nterms; i++) {
        if (!comparable(s, ts->terms[i].type, ctx)) return false;
    }
    return ts->nterms > 0;
}

Object *type_set_method(const TypeSet *ts, const Package *pkg, const Name *name, bool fold_case, int *index) {
    for (int i = 0; i < ts->methods.len; i++) {
        if (!object_same_id(ts->methods.at[i], pkg, name, fold_case)) continue;
        *index = i;
        return ts->methods.at[i];
    }
    return NULL;
}

int method_order(const Object *a, const Object *b) {
    if (a == b) return 0;
    bool ea = object_exported(a), eb = object_exported(b);
    if (ea != eb) return ea ? -1 : 1;
    if (a->name != b->name) return strcmp(a->name->text, b->name->text);
    return ea || a->pkg == b->pkg ? 0 : strcmp(a->pkg->path, b->pkg->path);
}

static int compare_methods(const void *a, const void *b) {
    return method_order(*(Object *const *)a, *(Object *const *)b);
}

/* ---- the set of an interface ---- */

/* State of one computation: where each method came from, for messages. */
typedef struct SetBuilder {
    Sema *s;
    ObjectVec methods;
    VEC(Pos) at; /* parallel to methods: the method's declaration, or that of the embedded type */
    Terms terms;
    bool comparable;
} SetBuilder;

typedef struct Duplicate {
    Object *method, *other;
    Pos pos, other_pos;
} Duplicate;

static void report_duplicate(Checker *c, Pos pos, const Object *m, Pos other) {
    Diag *d = err_begin(c, pos, false, "duplicate method %s", m->name->text);
    err_more(c, d, other, "other declaration of method %s", m->name->text);
}

static bool version_at(Checker *c, Pos pos, const char *version) {
    Node at = {.kind = ND_BAD_EXPR, .pos = pos, .at = pos};
    return allow_version(c, &at, version);
}

static bool require_generics(SetBuilder *b, Pos pos, const char *what, Type *t) {
    Checker *c = b->s->checker;
    if (!c || pos == NO_POS || version_at(c, pos, "go1.18")) return true;
    Node at = {.kind = ND_BAD_EXPR, .pos = pos, .at = pos};
    return verify_version(c, &at, "go1.18", arena_printf(c->arena, "%s %s", what, tstr(c, t)));
}

/* Runs when all types are complete: only then can signatures be compared. */
static void check_duplicate(Checker *c, void *arg) {
    Duplicate *d = arg;
    bool overlap_allowed = d->pos == NO_POS || version_at(c, d->pos, "go1.14");
    if (overlap_allowed && type_identical(c->s, d->method->type, d->other->type)) return;
    report_duplicate(c, d->pos, d->method, d->other_pos);
}

static void add_method(SetBuilder *b, Object *m, Pos pos, bool explicit) {
    for (int i = 0; i < b->methods.len; i++) {
        Object *other = b->methods.at[i];
        if (!object_same_id(other, m->pkg, m->name, false)) continue;
        Checker *c = b->s->checker;
        if (!c) return;
        if (explicit) {
            report_duplicate(c, pos, m, b->at.at[i]);
        } else {
            Duplicate *d = NEW(b->s->arena, Duplicate);
            *d = (Duplicate){m, other, pos, b->at.at[i]};
            later(c, check_duplicate, d);
        }
        return;
    }
    vec_push(b->s->arena, &b->methods, m);
    vec_push(b->s->arena, &b->at, pos);
}

static TypeSet *compute_set(Sema *s, Type *iface);

/* The terms of a union: the union of those of its terms. False: too many, reported. */
static bool union_terms(Sema *s, Type *u, Pos pos, Terms *out) {
    *out = (Terms){NULL, 0};
    for (int i = 0; i < u->union_.n; i++) {
        UnionTerm term = u->union_.terms[i];
        Type *under = type_under(s, term.type);
        if (!type_is_valid(under)) continue;
        if (under->kind == TY_INTERFACE) {
            TypeSet *ts = compute_set(s, under);
            if (ts->nterms < 0) {
                *out = all_terms;
                return true;
            }
            for (int j = 0; j < ts->nterms; j++) terms_add(s, out, ts->terms[j]);
        } else if (!term.tilde || type_identical(s, term.type, under)) {
            terms_add(s, out, term); /* otherwise ~T of a type that is not its own underlying type: no type */
        }
        if (out->n > MAX_TERMS) {
            if (s->checker && pos != NO_POS)
                err_pos(s->checker, pos, "cannot handle more than %d union terms (implementation limitation)",
                        MAX_TERMS);
            return false;
        }
    }
    return true;
}

/* Restricts the set to terms, which are comparable ones if comparable is set. */
static void intersect(SetBuilder *b, Terms terms, bool comparable) {
    b->terms = terms_intersect(b->s, b->terms, terms);
    b->comparable |= comparable;
    if (!b->comparable || b->terms.n < 0) return;
    Terms kept = {NEW_ARRAY(b->s->arena, UnionTerm, b->terms.n), 0};
    for (int i = 0; i < b->terms.n; i++) {
        if (type_comparable(b->s, b->terms.at[i].type, false, NULL)) kept.at[kept.n++] = b->terms.at[i];
    }
    b->terms = kept;
    b->comparable = false;
}

static bool is_imported_constraint(const SetBuilder *b, Type *t, const TypeSet *ts) {
    Type *n = type_as_named(t);
    return n && b->s->checker && n->named.obj->pkg != b->s->checker->pkg && !type_set_is_method_set(ts);
}

static void embed_interface(SetBuilder *b, Type *t, Type *iface, Pos pos) {
    TypeSet *ts = compute_set(b->s, iface);
    if (is_imported_constraint(b, t, ts) && !require_generics(b, pos, "embedding constraint interface", t)) return;
    for (int i = 0; i < ts->methods.len; i++) add_method(b, ts->methods.at[i], pos, false);
    intersect(b, (Terms){ts->terms, ts->nterms}, ts->comparable);
}

static void embed(SetBuilder *b, Type *t, Pos pos) {
    Type *u = type_under(b->s, t);
    if (!type_is_valid(u)) return;
    if (u->kind == TY_INTERFACE) {
        embed_interface(b, t, u, pos);
    } else if (u->kind == TY_UNION) {
        Terms terms;
        if (require_generics(b, pos, "embedding interface element", u) && union_terms(b->s, u, pos, &terms))
            intersect(b, terms, false);
    } else if (require_generics(b, pos, "embedding non-interface type", t)) {
        Terms one = {NULL, 0};
        terms_add(b->s, &one, (UnionTerm){false, t});
        intersect(b, one, false);
    }
}

static TypeSet *compute_set(Sema *s, Type *iface) {
    if (iface->iface.tset) return iface->iface.tset;
    /* A set of half an interface would stay wrong for ever: say "all types" and do not remember it. */
    if (!iface->iface.complete) return &s->tables->all_types;
    TypeSet *ts = NEW(s->arena, TypeSet);
    ts->nterms = -1;
    iface->iface.tset = ts; /* interfaces that embed themselves are reported elsewhere; here they end */
    SetBuilder b = {.s = s, .terms = all_terms};
    for (int i = 0; i < iface->iface.methods.len; i++)
        add_method(&b, iface->iface.methods.at[i], iface->iface.methods.at[i]->pos, true);
    for (int i = 0; i < iface->iface.embeds.len; i++)
        embed(&b, iface->iface.embeds.at[i], i < iface->iface.embed_pos.len ? iface->iface.embed_pos.at[i] : NO_POS);
    if (b.methods.len) qsort(b.methods.at, (size_t)b.methods.len, sizeof(Object *), compare_methods);
    ts->methods = b.methods;
    ts->terms = b.terms.at;
    ts->nterms = b.terms.n;
    ts->comparable = b.comparable;
    return ts;
}

TypeSet *type_set(Sema *s, Type *iface) {
    if (iface->kind != TY_INTERFACE) iface = type_under(s, iface);
    return iface->kind == TY_INTERFACE ? compute_set(s, iface) : &s->tables->all_types;
}

/* ---- core types ---- */

bool type_under_is(Sema *s, Type *t, TypePredicate fn, void *ctx) {
    if (!type_is_tparam(t)) return fn(s, type_under(s, t), ctx);
    TypeSet *ts = type_set(s, type_under(s, t));
    if (!type_set_has_terms(ts)) return fn(s, NULL, ctx);
    for (int i = 0; i < ts->nterms; i++) {
        if (!fn(s, type_under(s, ts->terms[i].type), ctx)) return false;
    }
    return true;
}

/* x when both are identical; the restricted one of two channels that differ in direction only; otherwise NULL. */
static Type *core_match(Sema *s, Type *x, Type *y) {
    if (type_identical(s, x, y)) return x;
    if (x->kind != TY_CHAN || y->kind != TY_CHAN || !type_identical(s, x->chan.elem, y->chan.elem)) return NULL;
    if (x->chan.dir == CHAN_BOTH) return y;
    return y->chan.dir == CHAN_BOTH ? x : NULL;
}

typedef struct CoreSearch {
    Type *found;
    bool strings, has_string; /* strings: treat string as []byte, and remember having seen it */
} CoreSearch;

static bool core_step(Sema *s, Type *u, void *ctx) {
    CoreSearch *cs = ctx;
    if (!u) return false;
    if (cs->strings && type_has(s, u, TP_STRING)) {
        cs->has_string = true;
        u = type_new_slice(s, s->t_byte);
    }
    if (cs->found) u = core_match(s, cs->found, u);
    if (u) cs->found = u;
    return u != NULL;
}

Type *type_core(Sema *s, Type *t) {
    if (!type_is_tparam(t)) return type_under(s, t);
    CoreSearch cs = {0};
    return type_under_is(s, t, core_step, &cs) ? cs.found : NULL;
}

Type *type_core_string(Sema *s, Type *t) {
    if (!type_is_tparam(t)) return type_under(s, t);
    CoreSearch cs = {.strings = true};
    if (!type_under_is(s, t, core_step, &cs)) return NULL;
    return cs.has_string ? type_basic(s, BK_STRING) : cs.found;
}

bool tparam_core_term(Sema *s, Type *tparam, UnionTerm *core, bool *single) {
    TypeSet *ts = type_set(s, tparam_iface(s, tparam));
    *single = ts->nterms == 1;
    if (*single) {
        *core = ts->terms[0];
        return true;
    }
    Type *t = type_core(s, tparam);
    bool tilde = false;
    for (int i = 0; i < ts->nterms; i++) tilde |= ts->terms[i].tilde;
    *core = (UnionTerm){tilde, t};
    return t != NULL;
}
