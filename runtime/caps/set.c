/* set.c: sets of rights: making, asking, printing. */
#include "runtime/caps/caps.h"

const char *const rt_cap_names[RT_CAP_COUNT] = {
#define CAP(id, name, go, parent, scope, meaning) [RT_CAP_##id] = name,
#include "runtime/caps.def"
};
const uint8_t rt_cap_scopes[RT_CAP_COUNT] = {
#define CAP(id, name, go, parent, scope, meaning) [RT_CAP_##id] = RT_SCOPE_##scope,
#include "runtime/caps.def"
};

const RtCaps rt_caps_all = {.kind = CK_GRANTS, .may = RT_CAPS_ALL, .whole = RT_CAPS_ALL};
const RtCaps rt_caps_none = {.kind = CK_GRANTS};

/* ---- making ---- */

static const RtCaps *or_all(const RtCaps *set) { return set ? set : &rt_caps_all; }

void rt_caps_init(RtCaps *n, RtCapsKind kind, const RtCaps *a, const RtCaps *b) {
    a = or_all(a);
    *n = (RtCaps){.kind = (uint8_t)kind, .a = a, .b = b, .may = a->may};
    switch (kind) {
    case CK_GRANTS:
    case CK_NARROW: return;
    case CK_AND:
        n->may = a->may & b->may;
        n->whole = a->whole & b->whole;
        return;
    case CK_OR:
        n->may = a->may | b->may;
        n->whole = a->whole | b->whole;
        return;
    case CK_EXCEPT:
        n->may = a->may & ~b->whole;
        n->whole = a->whole & ~b->may;
        return;
    case CK_TOKEN: return; /* nothing for good */
    }
}

const RtCaps *rt_caps_node(RtCapsKind kind, const RtCaps *a, const RtCaps *b) {
    RtCaps *n = rt_heap_alloc_words(sizeof *n);
    rt_caps_init(n, kind, rt_caps_keep(a), rt_caps_keep(b));
    return n;
}

const RtCaps *rt_caps_token(const RtCaps *set, RtToken *token) {
    RtCaps *n = rt_heap_alloc_words(sizeof *n);
    rt_caps_init(n, CK_TOKEN, rt_caps_keep(set), NULL);
    n->more = token;
    return n;
}

const RtCaps *rt_caps_grants(RtCapMask whole, RtScope *scopes) {
    RtCaps *n = rt_heap_alloc_words(sizeof *n);
    *n = (RtCaps){.kind = CK_GRANTS, .may = whole, .whole = whole, .more = scopes};
    for (const RtScope *s = scopes; s; s = s->next) n->may |= rt_cap_bit(s->cap);
    return n;
}

const RtCaps *rt_caps_keep(const RtCaps *set) {
    if (!set || !set->on_frame) return set;
    RtCaps *frame = (RtCaps *)set;
    if (!frame->more) {
        RtCaps *n = rt_heap_alloc_words(sizeof *n);
        *n = *set;
        n->on_frame = false;
        n->a = rt_caps_keep(set->a);
        n->b = rt_caps_keep(set->b);
        frame->more = n;
    }
    return frame->more;
}

/* ---- asking ---- */

bool rt_token_in_force(const RtToken *t) {
    for (; t; t = t->parent) {
        if (__atomic_load_n(&t->revoked, __ATOMIC_ACQUIRE)) return false;
        if (t->expires && rt_nanotime() >= t->expires) return false;
    }
    return true;
}

static bool same_text(GoString a, GoString b) { return a.len == b.len && rt_same(a.ptr, b.ptr, (size_t)a.len); }

static bool name_covers(GoString scope, GoString name) {
    if (scope.len && scope.ptr[scope.len - 1] == '*')
        return name.len >= scope.len - 1 && rt_same(scope.ptr, name.ptr, (size_t)scope.len - 1);
    return same_text(scope, name);
}

static bool scope_covers(const RtScope *s, const RtResource *r) {
    switch ((enum RtCapScope)rt_cap_scopes[s->cap]) {
    case RT_SCOPE_NONE: return false;
    case RT_SCOPE_PATH: return rt_path_below(r->text, s->text);
    case RT_SCOPE_NET: return r->net && rt_net_covers(&s->net, r->net);
    case RT_SCOPE_EXEC: return same_text(s->text, r->text);
    case RT_SCOPE_ENV: return name_covers(s->text, r->text);
    case RT_SCOPE_BYTES: return r->bytes <= s->bytes;
    }
    return false;
}

static bool granted(const RtCaps *set, const RtResource *r) {
    for (const RtScope *s = set->more; s; s = s->next)
        if (s->cap == r->cap && scope_covers(s, r)) return true;
    return false;
}

bool rt_caps_allow(const RtCaps *set, const RtResource *r) {
    if (!set) return true;
    RtCapMask bit = rt_cap_bit(r->cap);
    if (set->whole & bit) return true;
    if (!(set->may & bit)) return false;
    switch ((RtCapsKind)set->kind) {
    case CK_GRANTS: return granted(set, r);
    case CK_NARROW: return rt_caps_allow(set->a, r);
    case CK_AND: return rt_caps_allow(set->a, r) && rt_caps_allow(set->b, r);
    case CK_OR: return rt_caps_allow(set->a, r) || rt_caps_allow(set->b, r);
    case CK_EXCEPT: return rt_caps_allow(set->a, r) && !rt_caps_allow(set->b, r);
    case CK_TOKEN: return rt_token_in_force(set->more) && rt_caps_allow(set->a, r);
    }
    return false;
}

uint64_t rt_caps_budget(const RtCaps *set) {
    if (!set || !(set->may & rt_cap_bit(RT_CAP_MEMORY_BUDGET))) return 0;
    uint64_t a = set->a ? rt_caps_budget(set->a) : 0, b = set->b ? rt_caps_budget(set->b) : 0;
    uint64_t less = a < b ? a : b, more = a < b ? b : a;
    switch ((RtCapsKind)set->kind) {
    case CK_GRANTS:
        for (const RtScope *s = set->more; s; s = s->next)
            if (s->cap == RT_CAP_MEMORY_BUDGET && s->bytes > more) more = s->bytes;
        return more;
    case CK_AND: return less ? less : more;
    case CK_OR: return more;
    case CK_NARROW:
    case CK_EXCEPT:
    case CK_TOKEN: return a;
    }
    return a;
}

/* Whether set has the capability for everything, at this moment: tokens count. */
static bool has_whole(const RtCaps *set, RtCapMask bit) {
    if (!set || (set->whole & bit)) return true;
    if (!(set->may & bit)) return false;
    switch ((RtCapsKind)set->kind) {
    case CK_GRANTS: return false;
    case CK_NARROW: return has_whole(set->a, bit);
    case CK_AND: return has_whole(set->a, bit) && has_whole(set->b, bit);
    case CK_OR: return has_whole(set->a, bit) || has_whole(set->b, bit);
    case CK_EXCEPT: return false;
    case CK_TOKEN: return rt_token_in_force(set->more) && has_whole(set->a, bit);
    }
    return false;
}

bool rt_caps_covers(const RtCaps *set, const RtCaps *wanted) {
    for (int cap = 0; cap < RT_CAP_COUNT; cap++)
        if ((wanted->whole & rt_cap_bit(cap)) && !has_whole(set, rt_cap_bit(cap))) return false;
    if (wanted->kind != CK_GRANTS) return rt_caps_covers(set, wanted->a) && (!wanted->b || rt_caps_covers(set, wanted->b));
    for (const RtScope *s = wanted->more; s; s = s->next) {
        RtResource r = {.cap = s->cap, .text = s->text, .net = &s->net, .bytes = s->bytes};
        if (!has_whole(set, rt_cap_bit(s->cap)) && !rt_caps_allow(set, &r)) return false;
    }
    return true;
}

/* ---- printing ---- */

typedef struct Text {
    void (*put)(void *to, const char *p, size_t n);
    void *to;
    bool any; /* something has been written */
} Text;

static void put(Text *t, const char *s) { t->put(t->to, s, strlen(s)); }

static void put_quoted(Text *t, GoString s) {
    put(t, "\"");
    for (int64_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\') put(t, "\\");
        t->put(t->to, (const char *)s.ptr + i, 1);
    }
    put(t, "\"");
}

/* The scopes of one capability in a node of grants: ("/srv", "/tmp") */
static void put_scopes(Text *t, const RtCaps *set, int cap) {
    const char *before = "(";
    for (const RtScope *s = set->more; s; s = s->next) {
        if (s->cap != cap) continue;
        put(t, before);
        put_quoted(t, s->text);
        before = ", ";
    }
    put(t, ")");
}

static void put_cap(Text *t, const RtCaps *set, int cap);

static void put_pair(Text *t, const RtCaps *set, int cap, const char *between) {
    put_cap(t, set->a, cap);
    put(t, between);
    put_cap(t, set->b, cap);
}

/* What set has of a capability that it may have: file.read("/srv") */
static void put_cap(Text *t, const RtCaps *set, int cap) {
    RtCapMask bit = rt_cap_bit(cap);
    if (set->whole & bit || set->kind == CK_GRANTS) {
        put(t, rt_cap_names[cap]);
        if (!(set->whole & bit)) put_scopes(t, set, cap);
        return;
    }
    bool a = !set->a || (set->a->may & bit), b = set->b && (set->b->may & bit);
    switch ((RtCapsKind)set->kind) {
    case CK_GRANTS: return;
    case CK_NARROW:
    case CK_TOKEN: put_cap(t, set->a, cap); return;
    case CK_AND:
        if (set->a->whole & bit) put_cap(t, set->b, cap);
        else if (set->b->whole & bit) put_cap(t, set->a, cap);
        else put_pair(t, set, cap, " & ");
        return;
    case CK_OR:
        if (!a || !b) put_cap(t, a ? set->a : set->b, cap);
        else put_pair(t, set, cap, " | ");
        return;
    case CK_EXCEPT:
        if (b) put_pair(t, set, cap, " - ");
        else put_cap(t, set->a, cap);
        return;
    }
}

/* Capabilities of which `mask` has all that a common name stands for are printed by that name. */
static const struct { RtCapMask mask; const char *name; } parents[] = {
    {RT_CAPS_ALL, "all"},
#define CAP_PARENT(id, name, go, meaning) {RT_CAPS_##id, name},
#include "runtime/caps.def"
};

static void put_comma(Text *t) {
    if (t->any) put(t, ", ");
    t->any = true;
}

void rt_caps_text(const RtCaps *set, void (*put_bytes)(void *to, const char *p, size_t n), void *to) {
    Text t = {put_bytes, to, false};
    RtCapMask done = 0;
    set = or_all(set);
    for (int i = 0; i < RT_COUNT(parents); i++) {
        RtCapMask m = parents[i].mask;
        if ((set->whole & m) != m || (done & m) || !(m & (m - 1))) continue;
        put_comma(&t);
        put(&t, parents[i].name);
        done |= m;
    }
    for (int cap = 0; cap < RT_CAP_COUNT; cap++) {
        if (!(set->may & ~done & rt_cap_bit(cap))) continue;
        put_comma(&t);
        put_cap(&t, set, cap);
    }
    if (!t.any) put(&t, "none");
}

typedef struct Sink { uint8_t *at; size_t n; } Sink;

static void sink(void *to, const char *p, size_t n) {
    Sink *s = to;
    if (s->at) rt_copy(s->at + s->n, p, n);
    s->n += n;
}

GoString rt_caps_string(const RtCaps *set) {
    Sink s = {NULL, 0};
    rt_caps_text(set, sink, &s);
    s = (Sink){rt_heap_alloc_raw(s.n + 1), 0};
    rt_caps_text(set, sink, &s);
    return (GoString){s.at, (int64_t)s.n};
}
