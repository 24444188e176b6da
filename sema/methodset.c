/* methodset.c: all methods of a type, promoted ones included, for type descriptors and itabs.
 *
 * The search of lookup.c without a name: level by level through embedded types, where a name found on one level
 * hides it on deeper ones, be it a field or a method, and a name found twice on one level is nobody's. A method
 * with pointer receiver counts only when a pointer was followed on the way; it hides others all the same. */
#include <stdlib.h>

#include "sema/tables.h"

/* An embedded type met, as Entry in lookup.c. */
typedef struct Embedded {
    Type *type;
    int outer, field;
    bool indirect, multiples;
} Embedded;

/* A name met: a field, a method, or (method NULL) something ambiguous or not callable that hides what is below. */
typedef struct Member {
    const Object *id; /* tells name and package */
    Object *method;
    int entry, index;
    int next;         /* the next member of the same name, -1: none */
} Member;

typedef struct Collector {
    Sema *s;
    VEC(Embedded) queue;
    VEC(Member) members;
    PtrMap by_name; /* Name* -> index of a member + 1 */
    PtrMap seen;    /* declared types entered */
    int level;      /* members from here on belong to the current level */
} Collector;

static int find_member(Collector *c, const Object *id) {
    intptr_t first = (intptr_t)ptrmap_get(&c->by_name, id->name);
    for (int i = (int)first - 1; i >= 0; i = c->members.at[i].next) {
        if (object_same_id(c->members.at[i].id, id->pkg, id->name, false)) return i;
    }
    return -1;
}

/* Notes a field (method NULL) or a method of entry. */
static void add_member(Collector *c, const Object *id, Object *method, int entry, int index) {
    if (id->name == c->s->n_blank) return;
    int i = find_member(c, id);
    if (i >= 0) {
        if (i >= c->level) c->members.at[i].method = NULL;
        return;
    }
    const Embedded *e = &c->queue.at[entry];
    bool callable = method && !e->multiples && (e->indirect || !method->func.ptr_recv);
    intptr_t first = (intptr_t)ptrmap_get(&c->by_name, id->name);
    Member m = {id, callable ? method : NULL, entry, index, (int)first - 1};
    vec_push(c->s->arena, &c->members, m);
    ptrmap_put(c->s->arena, &c->by_name, id->name, (void *)(intptr_t)c->members.len);
}

static void add_embedded(Collector *c, int outer, int field, Type *t, int next) {
    bool is_ptr;
    t = type_canon(c->s, type_deref(t, &is_ptr));
    for (int i = next; i < c->queue.len; i++) {
        if (c->queue.at[i].type != t) continue;
        c->queue.at[i].multiples = true;
        return;
    }
    const Embedded *o = &c->queue.at[outer];
    Embedded e = {t, outer, field, o->indirect || is_ptr, o->multiples};
    vec_push(c->s->arena, &c->queue, e);
}

static void collect_entry(Collector *c, int entry, int next) {
    Sema *s = c->s;
    Type *t = c->queue.at[entry].type;
    if (t->kind == TY_NAMED) {
        if (ptrmap_get(&c->seen, t)) return;
        ptrmap_put(s->arena, &c->seen, t, t);
        for (int i = 0; i < named_method_count(t); i++) {
            Object *m = named_method(s, t, i);
            add_member(c, m, m, entry, i);
        }
    }
    Type *u = type_under(s, t);
    if (u->kind == TY_STRUCT) {
        for (int i = 0; i < u->struct_.n; i++) {
            Object *f = u->struct_.fields[i];
            add_member(c, f, NULL, entry, i);
            if (f->var.embedded) add_embedded(c, entry, i, f->type, next);
        }
    } else if (u->kind == TY_INTERFACE) {
        TypeSet *ts = type_set(s, u);
        for (int i = 0; i < ts->methods.len; i++) add_member(c, ts->methods.at[i], ts->methods.at[i], entry, i);
    }
}

static Selection *selection_of(Collector *c, Type *recv, const Member *m) {
    Selection *sel = NEW(c->s->arena, Selection);
    sel->kind = SEL_METHOD;
    sel->recv = recv;
    sel->obj = m->method;
    sel->indirect = c->queue.at[m->entry].indirect;
    sel->n = 1;
    for (int e = m->entry; c->queue.at[e].outer >= 0; e = c->queue.at[e].outer) sel->n++;
    sel->path = NEW_ARRAY(c->s->arena, int, sel->n);
    int at = sel->n;
    sel->path[--at] = m->index;
    for (int e = m->entry; at > 0; e = c->queue.at[e].outer) sel->path[--at] = c->queue.at[e].field;
    return sel;
}

static int compare_selections(const void *a, const void *b) {
    return method_order((*(Selection *const *)a)->obj, (*(Selection *const *)b)->obj);
}

static void collect(Collector *c, Type *t) {
    bool is_ptr;
    t = type_deref(t, &is_ptr);
    if (is_ptr && type_under(c->s, t)->kind == TY_INTERFACE) return;
    Embedded top = {t, -1, 0, is_ptr, false};
    vec_push(c->s->arena, &c->queue, top);
    for (int begin = 0; begin < c->queue.len;) {
        int end = c->queue.len;
        c->level = c->members.len;
        for (int i = begin; i < end; i++) collect_entry(c, i, end);
        begin = end;
    }
}

static MethodSet *compute_method_set(Sema *s, Type *t) {
    Collector c = {.s = s};
    collect(&c, t);
    MethodSet *set = NEW(s->arena, MethodSet);
    set->at = NEW_ARRAY(s->arena, Selection *, c.members.len);
    for (int i = 0; i < c.members.len; i++) {
        if (c.members.at[i].method) set->at[set->len++] = selection_of(&c, t, &c.members.at[i]);
    }
    if (set->len) qsort(set->at, (size_t)set->len, sizeof(Selection *), compare_selections);
    return set;
}

MethodSet *type_method_set(Sema *s, Type *t) {
    t = type_canon(s, t);
    MethodSet *set = ptrmap_get(&s->tables->method_sets, t);
    if (set) return set;
    set = compute_method_set(s, t);
    ptrmap_put(s->arena, &s->tables->method_sets, t, set);
    return set;
}
