/* lookup.c: fields and methods of types, through embedding; and whether a type has the methods of an interface.
 *
 * The search goes level by level: an entry of a shallower level hides those below, two on one level are ambiguous.
 * The queue holds every embedded type met, each with the entry it was embedded in, so that the path of a result is
 * read off backwards. A declared type met before is not entered again: it was hidden by itself, which also ends
 * recursive embedding. */
#include <string.h>

#include "sema/tables.h"

typedef struct Entry {
    Type *type;     /* pointers removed */
    int outer;      /* index of the entry it is embedded in, -1 at the top */
    int field;      /* its index there */
    bool indirect;  /* a pointer was followed on the way */
    bool multiples; /* the type occurs several times on this level: whatever is in it is ambiguous */
} Entry;

/* A generic type that embeds an instance of itself with larger arguments never ends; no other program embeds
 * anywhere near this many instances. */
enum { MAX_INSTANCES = 1000 };

typedef struct Search {
    Sema *s;
    Package *pkg;
    const Name *name;
    bool fold_case;
    VEC(Entry) queue;
    Type *top;       /* the declared type searched, by search_key; most searches enter no other one ... */
    PtrMap seen;     /* ... so that this map of the rest stays empty */
    int instances;   /* how many of those are instances */
    Object *found;
    int found_in;    /* index of the entry */
    int found_index; /* of the field or method in it */
    bool ambiguous;
} Search;

/* Identical types give equal keys; for types that are not declared, pointers must do. */
static Type *search_key(Sema *s, Type *t) {
    t = type_unalias(t);
    if (t->kind != TY_NAMED || !t->named.origin) return t;
    return type_instantiate(s, t->named.origin, t->named.targs.at, t->named.targs.len);
}

static int own_method_index(Type *named, const Search *q) {
    Type *origin = named->named.origin ? named->named.origin : named;
    for (int i = 0; i < origin->named.methods.len; i++) {
        if (object_same_id(origin->named.methods.at[i], q->pkg, q->name, q->fold_case)) return i;
    }
    return -1;
}

static void search_hit(Search *q, Object *obj, int entry, int index) {
    q->ambiguous |= q->found != NULL || q->queue.at[entry].multiples;
    q->found = obj;
    q->found_in = entry;
    q->found_index = index;
}

/* Queues the type of an embedded field for the next level, which starts at index next. */
static void search_embed(Search *q, int outer, int field, Type *t, int next) {
    bool is_ptr;
    t = type_deref(t, &is_ptr);
    Type *key = search_key(q->s, t);
    for (int i = next; i < q->queue.len; i++) {
        Type *other = search_key(q->s, q->queue.at[i].type);
        bool same = other == key || (key->kind != TY_NAMED && type_identical(q->s, other, key));
        if (!same) continue;
        q->queue.at[i].multiples = true;
        return;
    }
    Entry *o = &q->queue.at[outer];
    Entry e = {t, outer, field, o->indirect || is_ptr, o->multiples};
    vec_push(q->s->arena, &q->queue, e);
}

static void search_struct(Search *q, int entry, Type *u, int next) {
    for (int i = 0; i < u->struct_.n; i++) {
        Object *f = u->struct_.fields[i];
        if (object_same_id(f, q->pkg, q->name, q->fold_case)) search_hit(q, f, entry, i);
        else if (!q->found && f->var.embedded) search_embed(q, entry, i, f->type, next);
    }
}

static void search_entry(Search *q, int entry, int next) {
    Type *t = q->queue.at[entry].type;
    Type *named = type_as_named(t);
    if (named) {
        Type *key = search_key(q->s, named);
        if (key == q->top || ptrmap_get(&q->seen, key)) return;
        if (key->named.origin && ++q->instances > MAX_INSTANCES) return;
        if (entry == 0) q->top = key;
        else ptrmap_put(q->s->arena, &q->seen, key, key);
        int i = own_method_index(named, q);
        if (i >= 0) {
            search_hit(q, named_method(q->s, named, i), entry, i);
            return;
        }
    }
    Type *u = type_under(q->s, t);
    if (u->kind == TY_STRUCT) {
        search_struct(q, entry, u, next);
    } else if (u->kind == TY_INTERFACE) {
        int i;
        Object *m = type_set_method(type_set(q->s, u), q->pkg, q->name, q->fold_case, &i);
        if (m) search_hit(q, m, entry, i);
    }
}

/* Runs the search from t; leaves the result in q. */
static void search_run(Search *q, Type *t) {
    bool is_ptr;
    t = type_deref(t, &is_ptr);
    if (q->name == q->s->n_blank) return;
    if (is_ptr && type_under(q->s, t)->kind == TY_INTERFACE) return; /* a pointer to an interface has no methods */
    Entry top = {t, -1, 0, is_ptr, false};
    vec_push(q->s->arena, &q->queue, top);
    for (int begin = 0; begin < q->queue.len && !q->found;) {
        int end = q->queue.len;
        for (int i = begin; i < end && !q->ambiguous; i++) search_entry(q, i, end);
        begin = end;
    }
}

static int *search_path(Search *q, int *n) {
    int depth = 1;
    for (int e = q->found_in; q->queue.at[e].outer >= 0; e = q->queue.at[e].outer) depth++;
    int *path = NEW_ARRAY(q->s->arena, int, depth);
    *n = depth;
    path[--depth] = q->found_index;
    for (int e = q->found_in; depth > 0; e = q->queue.at[e].outer) path[--depth] = q->queue.at[e].field;
    return path;
}

/* type_lookup without the rule for declared pointer types. */
static LookupResult lookup(Sema *s, Type *t, bool addressable, Package *pkg, const Name *name, bool fold_case) {
    Search q = {.s = s, .pkg = pkg, .name = name, .fold_case = fold_case};
    LookupResult r = {0};
    search_run(&q, t);
    if (!q.found) return r;
    r.path = search_path(&q, &r.n);
    if (q.ambiguous) {
        r.why = LOOKUP_AMBIGUOUS;
        return r;
    }
    r.indirect = q.queue.at[q.found_in].indirect;
    if (q.found->kind == OBJ_FUNC && q.found->func.ptr_recv && !r.indirect && !addressable)
        return (LookupResult){.indirect = true, .why = LOOKUP_PTR_RECV};
    r.obj = q.found;
    return r;
}

LookupResult type_lookup(Sema *s, Type *t, bool addressable, Package *pkg, const Name *name, bool fold_case) {
    Type *named = type_as_named(t);
    if (named) {
        /* Fields can be reached through a declared pointer type, methods cannot (Go spec, "Method declarations"). */
        Type *u = type_under(s, named);
        if (u->kind == TY_POINTER) {
            LookupResult r = lookup(s, u, false, pkg, name, fold_case);
            if (r.obj && r.obj->kind == OBJ_FUNC) return (LookupResult){0};
            return r;
        }
    }
    return lookup(s, t, addressable, pkg, name, fold_case);
}

/* ---- methods of an interface that a type lacks ---- */

void method_complete(Sema *s, Object *method) {
    if (s->checker && method->pkg == s->checker->pkg && !method->func.origin) obj_decl(s->checker, method);
}

typedef enum Mismatch {
    MM_NONE, MM_NOT_FOUND, MM_WRONG_NAME, MM_UNEXPORTED, MM_WRONG_TYPE, MM_AMBIGUOUS, MM_PTR_RECV, MM_FIELD,
} Mismatch;

/* How v lacks want; *have gets what it has instead, where there is something. */
static Mismatch mismatch_concrete(Sema *s, Type *v, Object *want, TypeEquiv equiv, void *ctx, Object **have) {
    LookupResult r = lookup(s, v, false, want->pkg, want->name, false);
    if (!r.obj) {
        if (r.why == LOOKUP_AMBIGUOUS) return MM_AMBIGUOUS;
        if (r.why == LOOKUP_PTR_RECV) return MM_PTR_RECV;
        r = lookup(s, v, false, want->pkg, want->name, true);
        if (!r.obj || r.obj->kind != OBJ_FUNC) return MM_NOT_FOUND;
        *have = r.obj;
        return r.obj->name == want->name ? MM_UNEXPORTED : MM_WRONG_NAME; /* same name: of another package */
    }
    if (r.obj->kind != OBJ_FUNC) return MM_FIELD;
    *have = r.obj;
    method_complete(s, r.obj);
    return equiv(ctx, r.obj->type, want->type) ? MM_NONE : MM_WRONG_TYPE;
}

static Mismatch mismatch_interface(TypeSet *ts, Object *want, bool static_, TypeEquiv equiv, void *ctx,
                                   Object **have) {
    int index;
    *have = type_set_method(ts, want->pkg, want->name, false, &index);
    if (!*have) return static_ ? MM_NOT_FOUND : MM_NONE;
    return equiv(ctx, (*have)->type, want->type) ? MM_NONE : MM_WRONG_TYPE;
}

/* "type T is pointer to interface, not interface", or NULL when t is no such pointer. */
static const char *interface_pointer(Sema *s, Type *t) {
    Type *p = type_under(s, t);
    if (p->kind != TY_POINTER || type_under(s, p->pointer.elem)->kind != TY_INTERFACE) return NULL;
    const char *what = type_is_tparam(p->pointer.elem) ? "type parameter" : "interface";
    return arena_printf(s->arena, "type %s is pointer to %s, not %s", msg_type(s, t), what, what);
}

static const char *wrong_type_reason(Sema *s, Object *have, Object *want) {
    const char *name = want->name->text;
    const char *h = func_str(s, have, false), *w = func_str(s, want, false);
    if (strcmp(h, w) == 0) {
        h = func_str(s, have, true);
        w = func_str(s, want, true);
    }
    /* Type parameters of the same name still look alike: then say less rather than something confusing. */
    if (strcmp(h, w) == 0) return arena_printf(s->arena, "(wrong type for method %s)", name);
    return arena_printf(s->arena, "(wrong type for method %s)\n\t\thave %s\n\t\twant %s", name, h, w);
}

static const char *mismatch_reason(Sema *s, Mismatch mm, Type *v, Type *t, Object *have, Object *want) {
    const char *name = want->name->text;
    switch (mm) {
    case MM_NOT_FOUND: {
        const char *ptr = interface_pointer(s, v);
        if (!ptr) ptr = interface_pointer(s, t);
        if (ptr) return arena_printf(s->arena, "(%s)", ptr);
        return arena_printf(s->arena, "(missing method %s)", name);
    }
    case MM_WRONG_NAME:
        return arena_printf(s->arena, "(missing method %s)\n\t\thave %s\n\t\twant %s", name,
                            func_str(s, have, false), func_str(s, want, false));
    case MM_UNEXPORTED: return arena_printf(s->arena, "(unexported method %s)", name);
    case MM_WRONG_TYPE: return wrong_type_reason(s, have, want);
    case MM_AMBIGUOUS: return arena_printf(s->arena, "(ambiguous selector %s.%s)", msg_type(s, v), name);
    case MM_PTR_RECV: return arena_printf(s->arena, "(method %s has pointer receiver)", name);
    case MM_FIELD: return arena_printf(s->arena, "(%s.%s is a field, not a method)", msg_type(s, v), name);
    case MM_NONE: break;
    }
    unreachable();
}

Object *missing_method(Sema *s, Type *v, Type *t, bool static_, TypeEquiv equiv, void *ctx, Object **wrong,
                       const char **reason) {
    TypeSet *ts = type_set(s, t);
    Type *u = type_under(s, v);
    if (wrong) *wrong = NULL;
    for (int i = 0; i < ts->methods.len; i++) {
        Object *want = ts->methods.at[i], *have = NULL;
        Mismatch mm = u->kind == TY_INTERFACE
                          ? mismatch_interface(type_set(s, u), want, static_, equiv, ctx, &have)
                          : mismatch_concrete(s, v, want, equiv, ctx, &have);
        if (mm == MM_NONE) continue;
        if (wrong && mm == MM_WRONG_TYPE) *wrong = have;
        if (have) method_complete(s, have);
        if (reason) *reason = mismatch_reason(s, mm, v, t, have, want);
        return want;
    }
    return NULL;
}

static bool equiv_identical(void *ctx, Type *x, Type *y) { return type_identical(ctx, x, y); }

Object *type_missing_method(Sema *s, Type *t, Type *iface, bool static_, Object **wrong, const char **reason) {
    return missing_method(s, t, iface, static_, equiv_identical, s, wrong, reason);
}

bool assertable_to(Checker *c, Type *v, Type *t, const char **reason) {
    if (type_under(c->s, t)->kind == TY_INTERFACE) return true;
    return !type_missing_method(c->s, t, v, false, NULL, reason);
}

/* ---- implementing and satisfying ---- */

/* Whether e, an element of a constraint, is or lists t: then the message can say that t is mentioned. */
static bool mentions(Sema *s, Type *e, Type *t) {
    if (e->kind == TY_INTERFACE) {
        for (int i = 0; i < e->iface.embeds.len; i++) {
            if (mentions(s, e->iface.embeds.at[i], t)) return true;
        }
        return false;
    }
    if (e->kind == TY_UNION) {
        for (int i = 0; i < e->union_.n; i++) {
            if (mentions(s, e->union_.terms[i].type, t)) return true;
        }
        return false;
    }
    return type_identical(s, e, t);
}

typedef struct Implements {
    Sema *s;
    Type *v, *t;   /* does v implement t */
    Type *vu, *ti; /* their underlying types; ti is an interface */
    bool constraint;
    const char **reason;
} Implements;

static bool fails(const char **reason, const char *text) {
    if (reason) *reason = text;
    return false;
}

#define FAILS(im, ...) fails((im)->reason, (im)->reason ? arena_printf((im)->s->arena, __VA_ARGS__) : NULL)

static const char *verb(const Implements *im) { return im->constraint ? "satisfy" : "implement"; }

static bool strictly_comparable(Sema *s, Type *t, void *ctx) {
    (void)ctx;
    return type_comparable(s, t, false, NULL);
}

static bool implements_comparable(Implements *im) {
    Sema *s = im->s;
    TypeSet *ts = type_set(s, im->ti);
    if (!type_set_comparable(s, ts, strictly_comparable, NULL)) return true;
    if (type_comparable(s, im->v, false, NULL)) return true;
    /* Interfaces satisfy comparable although comparing them may panic (since Go 1.20). */
    if (!im->constraint || !type_comparable(s, im->v, true, NULL))
        return FAILS(im, "%s does not %s comparable", msg_type(s, im->v), verb(im));
    if (!s->checker || allow_version(s->checker, NULL, "go1.20")) return true;
    return FAILS(im, "%s to %s comparable requires go1.20 or later", msg_type(s, im->v), verb(im));
}

/* A term T of the set, where v is not T but has T as underlying type: a ~ was forgotten. */
static Type *forgotten_tilde(Implements *im, TypeSet *ts) {
    for (int i = 0; i < ts->nterms; i++) {
        UnionTerm term = ts->terms[i];
        if (term.tilde || !type_identical(im->s, term.type, type_under(im->s, term.type))) continue;
        term.tilde = true;
        if (term_includes(im->s, term, im->v)) return term.type;
    }
    return NULL;
}

static bool implements_terms(Implements *im, TypeSet *ts) {
    Sema *s = im->s;
    if (im->vu->kind == TY_INTERFACE) {
        if (terms_subset(s, type_set(s, im->vu), ts)) return true;
        return FAILS(im, "%s does not %s %s", msg_type(s, im->v), verb(im), msg_type(s, im->t));
    }
    for (int i = 0; i < ts->nterms; i++) {
        if (term_includes(s, ts->terms[i], im->v)) return true;
    }
    if (!im->reason) return false;
    const char *v = msg_type(s, im->v), *t = msg_type(s, im->t), *detail;
    Type *alt = forgotten_tilde(im, ts);
    if (alt) detail = arena_printf(s->arena, "possibly missing ~ for %s in %s", msg_type(s, alt), t);
    else if (mentions(s, im->ti, im->v))
        detail = arena_printf(s->arena, "%s mentions %s, but %s is not in the type set of %s", t, v, v, t);
    else detail = arena_printf(s->arena, "%s missing in %s", v, terms_str(s, ts));
    return FAILS(im, "%s does not %s %s (%s)", v, verb(im), t, detail);
}

static bool not_an_interface(Implements *im) {
    if (!im->reason) return false;
    const char *detail = interface_pointer(im->s, im->t);
    const char *t = msg_type(im->s, im->t);
    if (!detail) detail = arena_printf(im->s->arena, "%s is not an interface", t);
    return FAILS(im, "%s does not %s %s (%s)", msg_type(im->s, im->v), verb(im), t, detail);
}

bool type_implements(Sema *s, Type *v, Type *t, bool constraint, const char **reason) {
    Implements im = {s, v, t, type_under(s, v), type_under(s, t), constraint, reason};
    if (!type_is_valid(im.vu) || !type_is_valid(im.ti)) return true; /* reported already */
    if (im.vu->kind == TY_POINTER && !type_is_valid(type_under(s, im.vu->pointer.elem))) return true;
    if (im.ti->kind != TY_INTERFACE) return not_an_interface(&im);
    /* First, as Go does: of interfaces that embed each other the one asked about first gets all methods. */
    if (im.vu->kind == TY_INTERFACE) type_set(s, im.vu);
    TypeSet *ts = type_set(s, im.ti);
    if (type_set_is_all(ts)) return true;
    if (im.vu->kind == TY_INTERFACE && type_set_is_empty(type_set(s, im.vu))) return true;
    if (type_set_is_empty(ts)) return FAILS(&im, "cannot %s %s (empty type set)", verb(&im), msg_type(s, t));
    const char *why = NULL;
    if (type_missing_method(s, v, t, true, NULL, reason ? &why : NULL))
        return FAILS(&im, "%s does not %s %s %s", msg_type(s, v), verb(&im), msg_type(s, t), why);
    if (type_set_has_terms(ts) && !implements_terms(&im, ts)) return false;
    return implements_comparable(&im);
}
