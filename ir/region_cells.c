/* region_cells.c: cells of region analysis: joining them, what they lead to, and the words of types. */
#include "ir/region.h"

/* ---- cells ---- */

RgCell *rg_cell(Regions *r) { return NEW(r->arena, RgCell); }

RgCell *rg_find(RgCell *c) {
    while (c->link) {
        if (c->link->link) c->link = c->link->link;
        c = c->link;
    }
    return c;
}

static void push_pair(Regions *r, RgCell *a, RgCell *b) {
    vec_push(r->arena, &r->todo, a);
    vec_push(r->arena, &r->todo, b);
}

/* Adds an edge; two edges with one key lead to one cell. */
static void put_edge(Regions *r, RgCell *c, const Name *key, RgCell *to) {
    for (int i = 0; i < c->edges.len; i++) {
        if (!c->collapsed && c->edges.at[i].key != key) continue;
        push_pair(r, c->edges.at[i].to, to);
        return;
    }
    vec_push(r->arena, &c->edges, ((RgEdge){c->collapsed ? NULL : key, to}));
}

static void mark_collapsed(Regions *r, RgCell *c) {
    c->collapsed = true;
    for (int i = 1; i < c->edges.len; i++) push_pair(r, c->edges.at[0].to, c->edges.at[i].to);
    if (c->edges.len) c->edges.len = 1, c->edges.at[0].key = NULL;
}

static void merge_code(RgCell *into, const RgCell *c) {
    if (c->has_codes || (into->code && c->code && into->code != c->code)) into->has_codes = true;
    if (!into->code) into->code = c->code;
}

static void merge(Regions *r, RgCell *a, RgCell *b) {
    RgCell *into = a->edges.len >= b->edges.len ? a : b, *c = into == a ? b : a;
    c->link = into;
    if (c->collapsed && !into->collapsed) mark_collapsed(r, into);
    for (int i = 0; i < c->edges.len; i++) put_edge(r, into, c->edges.at[i].key, c->edges.at[i].to);
    if (into->home && c->home) push_pair(r, into->home, c->home);
    if (!into->home) into->home = c->home;
    if (!into->lost) into->lost = c->lost;
    merge_code(into, c);
}

static void join_pairs(Regions *r) {
    while (r->todo.len) {
        RgCell *b = rg_find(r->todo.at[--r->todo.len]), *a = rg_find(r->todo.at[--r->todo.len]);
        if (a != b) merge(r, a, b);
    }
}

void rg_join(Regions *r, RgCell *a, RgCell *b) {
    push_pair(r, a, b);
    join_pairs(r);
}

void rg_collapse(Regions *r, RgCell *c) {
    c = rg_find(c);
    if (c->collapsed) return;
    mark_collapsed(r, c);
    join_pairs(r);
}

RgCell *rg_content(Regions *r, RgCell *c, const Name *key) {
    if (key == r->k_any) rg_collapse(r, c);
    c = rg_find(c);
    for (int i = 0; i < c->edges.len; i++)
        if (c->collapsed || c->edges.at[i].key == key) return rg_find(c->edges.at[i].to);
    RgCell *to = rg_cell(r);
    vec_push(r->arena, &c->edges, ((RgEdge){c->collapsed ? NULL : key, to}));
    return to;
}

void rg_set_home(Regions *r, RgCell *c, RgCell *home) {
    if (!c || !home) return;
    c = rg_find(c);
    if (c->home) rg_join(r, c->home, home);
    else c->home = home;
}

/* ---- what is lost ---- */

void rg_lose(Regions *r, RgCell *c, Pos pos, const char *what) {
    if (!c) return;
    c = rg_find(c);
    if (c->lost) return;
    RgCause *cause = NEW(r->arena, RgCause);
    *cause = (RgCause){pos, what};
    c->lost = cause;
    vec_push(r->arena, &r->lost, c);
}

static void lose_with(Regions *r, RgCell *to, const RgCell *c) {
    to = rg_find(to);
    if (to->lost) return;
    to->lost = c->lost;
    vec_push(r->arena, &r->lost, to);
}

/* An arena of which some memory is lost is lost itself: callers see the arena, and nothing else of that memory. */
void rg_spread_lost(Regions *r) {
    for (int i = 0; i < r->lost.len; i++) { /* the list grows */
        const RgCell *c = rg_find(r->lost.at[i]);
        for (int k = 0; k < c->edges.len; k++) lose_with(r, c->edges.at[k].to, c);
        if (c->home) lose_with(r, c->home, c);
    }
}

/* ---- types ---- */

static const Name *pointee_key(Regions *r, Type *t) {
    if (t->kind == TY_BASIC && t->basic.kind == BK_UINT8) return r->k_bytes;
    return name_of(r->p->sema->names, type_link_str(r->p->sema, t));
}

static void add_words(Regions *r, RgWords *words, Type *t, int64_t off);

static void add_members(Regions *r, RgWords *words, Object **vars, int n, const Type *struct_, int64_t off) {
    int64_t at = 0;
    for (int i = 0; i < n; i++) {
        Type *t = type_canon(r->p->sema, vars[i]->type);
        int64_t align = type_align(r->p->sema, t);
        at = struct_ ? type_field_offset(r->p->sema, (Type *)struct_, i) : (at + align - 1) / align * align;
        add_words(r, words, t, off + at);
        at += type_size(r->p->sema, t);
    }
}

static void add_pointer(Regions *r, RgWords *words, int64_t off, Type *elem) {
    elem = type_canon(r->p->sema, elem);
    vec_push(r->arena, &words->list, ((RgWord){off, pointee_key(r, elem), type_has_pointers(r->p->sema, elem)}));
}

static void add_words(Regions *r, RgWords *words, Type *t, int64_t off) {
    Type *u = t->kind == TY_TUPLE ? t : type_canon_under(r->p->sema, t);
    switch ((TypeKind)u->kind) {
    case TY_BASIC:
        if (u->basic.props & TP_STRING) vec_push(r->arena, &words->list, ((RgWord){off, r->k_bytes, false}));
        if (u->basic.kind == BK_UNSAFE_POINTER) vec_push(r->arena, &words->list, ((RgWord){off, r->k_any, true}));
        return;
    case TY_POINTER: add_pointer(r, words, off, u->pointer.elem); return;
    case TY_SLICE: add_pointer(r, words, off, u->slice.elem); return;
    case TY_MAP: case TY_CHAN: vec_push(r->arena, &words->list, ((RgWord){off, pointee_key(r, u), true})); return;
    case TY_FUNC: vec_push(r->arena, &words->list, ((RgWord){off, r->k_func, true})); return;
    case TY_INTERFACE: /* the first word leads to static data */
        vec_push(r->arena, &words->list, ((RgWord){off + 8, r->k_iface, true}));
        return;
    case TY_ARRAY:
        if (u->array.len > 0) add_words(r, words, type_canon(r->p->sema, u->array.elem), off);
        return;
    case TY_STRUCT: add_members(r, words, u->struct_.fields, u->struct_.n, u, off); return;
    case TY_TUPLE: add_members(r, words, u->tuple.vars, u->tuple.n, NULL, off); return;
    case TY_NAMED: case TY_TYPE_PARAM: case TY_UNION: case TY_ALIAS: break;
    }
    unreachable();
}

const RgWords *rg_words(Regions *r, Type *t) {
    RgWords *words = ptrmap_get(&r->words, t);
    if (words) return words;
    words = NEW(r->arena, RgWords);
    add_words(r, words, t, 0);
    ptrmap_put(r->arena, &r->words, t, words);
    return words;
}

/* Goes from a struct, tuple or array to the member at *off, and makes that relative to it; NULL: there is none. */
static Type *member_at(Regions *r, Type *u, int64_t *off) {
    Sema *s = r->p->sema;
    if (u->kind == TY_ARRAY) {
        Type *elem = type_canon(s, u->array.elem);
        int64_t size = type_size(s, elem);
        if (size) *off %= size;
        return size ? elem : NULL;
    }
    int n = u->kind == TY_STRUCT ? u->struct_.n : u->tuple.n;
    int64_t at = 0;
    for (int i = 0; i < n; i++) {
        Type *t = type_canon(s, u->kind == TY_STRUCT ? u->struct_.fields[i]->type : u->tuple.vars[i]->type);
        int64_t align = type_align(s, t), size = type_size(s, t);
        at = u->kind == TY_STRUCT ? type_field_offset(s, u, i) : (at + align - 1) / align * align;
        if (*off >= at && *off < at + size) {
            *off -= at;
            return t;
        }
        at += size;
    }
    return NULL;
}

const Name *rg_key_at(Regions *r, Type *t, int64_t off, const Name *unknown) {
    while (t) {
        Type *u = t->kind == TY_TUPLE ? t : type_canon_under(r->p->sema, t);
        if (u->kind != TY_STRUCT && u->kind != TY_TUPLE && u->kind != TY_ARRAY) {
            const RgWords *words = rg_words(r, u);
            for (int i = 0; i < words->list.len; i++)
                if (words->list.at[i].off == off) return words->list.at[i].key;
            return NULL;
        }
        if (!(t = member_at(r, u, &off))) return NULL;
    }
    return unknown;
}
