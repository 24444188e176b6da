/* scope.c: scopes and objects.
 *
 * Most scopes hold a handful of names, so a scope is a list that is searched from the front, and becomes a hash
 * table (by the interned name's pointer) once it is longer than LINEAR_MAX. Invariant: slots is NULL, or holds
 * exactly the objects of order, cap is a power of two and at least twice len. */
#include "sema/tables.h"

enum { LINEAR_MAX = 8 };

Scope *scope_new(Arena *a, Scope *parent, Pos pos, Pos end) {
    Scope *s = NEW(a, Scope);
    s->parent = parent;
    s->pos = pos;
    s->end = end;
    /* The universe is shared by all packages and does not list its children. */
    if (parent && parent->parent) vec_push(a, &parent->children, s);
    return s;
}

static Object **scope_slot(const Scope *s, const Name *name) {
    uint32_t mask = (uint32_t)s->cap - 1;
    uint32_t i = name->hash & mask;
    while (s->slots[i] && s->slots[i]->name != name) i = (i + 1) & mask;
    return &s->slots[i];
}

Object *scope_lookup(const Scope *s, const Name *name) {
    if (s->slots) return *scope_slot(s, name);
    for (int i = 0; i < s->order.len; i++) {
        if (s->order.at[i]->name == name) return s->order.at[i];
    }
    return NULL;
}

Object *scope_lookup_parent(Scope *s, const Name *name, Pos pos, Scope **where) {
    for (; s; s = s->parent) {
        Object *obj = scope_lookup(s, name);
        if (!obj || (pos != NO_POS && obj->scope_start > pos)) continue;
        if (where) *where = s;
        return obj;
    }
    if (where) *where = NULL;
    return NULL;
}

static void scope_rehash(Arena *a, Scope *s) {
    s->cap = s->cap ? s->cap * 2 : 4 * LINEAR_MAX;
    s->slots = NEW_ARRAY(a, Object *, s->cap);
    for (int i = 0; i < s->order.len; i++) *scope_slot(s, s->order.at[i]->name) = s->order.at[i];
}

Object *scope_insert(Arena *a, Scope *s, Object *obj) {
    Object *other = scope_lookup(s, obj->name);
    if (other) return other;
    vec_push(a, &s->order, obj);
    s->len++;
    if (s->len > LINEAR_MAX) {
        if (s->len * 2 > s->cap) scope_rehash(a, s);
        else *scope_slot(s, obj->name) = obj;
    }
    if (!obj->parent) obj->parent = s;
    return NULL;
}

Object *object_new(Arena *a, ObjectKind kind, Pos pos, Package *pkg, const Name *name, Type *type) {
    Object *o = NEW(a, Object);
    o->kind = (uint8_t)kind;
    o->pos = pos;
    o->pkg = pkg;
    o->name = name;
    o->type = type;
    o->color = type != NULL; /* black: nothing left to declare */
    return o;
}

typedef struct RuneRange { uint32_t lo, hi, step; } RuneRange;

/* Category Lu beyond ASCII. */
static const RuneRange upper_case[] = {
#define UPPER(lo, hi, step) {lo, hi, step},
#include "sema/upper.def"
};

static bool rune_is_upper(uint32_t r) {
    int lo = 0, hi = (int)(sizeof upper_case / sizeof *upper_case) - 1;
    while (lo <= hi) {
        int mid = (lo + hi) / 2;
        const RuneRange *g = &upper_case[mid];
        if (r < g->lo) hi = mid - 1;
        else if (r > g->hi) lo = mid + 1;
        else return (r - g->lo) % g->step == 0;
    }
    return false;
}

bool name_exported(const Name *n) {
    unsigned char c = (unsigned char)n->text[0];
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    uint32_t rune;
    return utf8_decode(n->text, n->len, &rune) && rune_is_upper(rune);
}

bool object_exported(const Object *o) { return name_exported(o->name); }

/* Case is folded for ASCII letters only: the result merely words a hint. */
static bool names_fold_equal(const Name *a, const Name *b) {
    if (a->len != b->len) return false;
    for (uint32_t i = 0; i < a->len; i++) {
        unsigned char x = (unsigned char)a->text[i], y = (unsigned char)b->text[i];
        if (x == y) continue;
        if ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z') return false;
    }
    return true;
}

bool object_same_id(const Object *obj, const Package *pkg, const Name *name, bool fold_case) {
    if (fold_case && names_fold_equal(obj->name, name)) return true;
    if (obj->name != name) return false;
    return object_exported(obj) || obj->pkg == pkg;
}
