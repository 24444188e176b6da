/* caps.c: package goo/caps. */
#include "runtime/caps/caps.h"
#include "runtime/hooks/hooks.h"
#include "runtime/sync/timer.h"

/* A caps.Set: NULL is the empty one. */
typedef const RtCaps *Set;
typedef struct SetMistake { Set set; GoString mistake; } SetMistake;

static Set as_set(Set s) { return s ? s : &rt_caps_none; }

HOOK("goo/caps.grants", Set, caps_grants, (RtCapMask mask)) { return rt_caps_grants(mask & RT_CAPS_ALL, NULL); }

HOOK("goo/caps.grant", SetMistake, caps_grant, (RtCapMask bit, GoString scope)) {
    SetMistake r = {0};
    r.set = rt_caps_scoped(__builtin_ctz(bit), scope, &r.mistake);
    return r;
}

HOOK("goo/caps.combine", Set, caps_combine, (int64_t op, Set a, Set b)) {
    static const RtCapsKind kinds[] = {CK_AND, CK_OR, CK_EXCEPT};
    return rt_caps_node(kinds[op], as_set(a), as_set(b));
}

HOOK("goo/caps.current", Set, caps_current, (void)) {
    const RtCaps *set = rt_g->caps;
    return set ? rt_caps_keep(set) : &rt_caps_all;
}

HOOK("goo/caps.missing", uint32_t, caps_missing, (void)) { return rt_g->lacks; }

HOOK("goo/caps.covers", bool, caps_covers, (Set s, Set wanted)) { return rt_caps_covers(as_set(s), as_set(wanted)); }

/* Each grant for itself, so that the error tells which is missing. */
static void check_grants(Set wanted) {
    if (wanted->kind != CK_GRANTS) {
        check_grants(wanted->a);
        if (wanted->b) check_grants(wanted->b);
        return;
    }
    for (int cap = 0; cap < RT_CAP_COUNT; cap++)
        if (wanted->whole & rt_cap_bit(cap)) rt_caps_need(cap, "check", RT_STR(""));
    for (const RtScope *s = wanted->more; s; s = s->next) {
        RtResource r = {.cap = s->cap, .op = "check", .text = s->text, .net = &s->net};
        if (!rt_caps_check(&r)) rt_caps_deny(&r);
    }
}

HOOK("goo/caps.check", void, caps_check, (Set wanted)) { check_grants(as_set(wanted)); }
HOOK("goo/caps.drop", void, caps_drop, (Set s)) { rt_caps_drop(as_set(s)); }
HOOK("goo/caps.text", GoString, caps_text, (Set s)) { return rt_caps_string(as_set(s)); }

HOOK("goo/caps.parse", SetMistake, caps_parse, (GoString list)) {
    SetMistake r = {0};
    r.set = rt_caps_parse(list, &r.mistake);
    return r;
}

/* ---- tokens ---- */

typedef struct Token { Set rights; RtToken *state; } Token;

HOOK("goo/caps.token", Token, caps_token, (Set s, RtToken *parent, int64_t ttl)) {
    RtToken *t = rt_heap_alloc_words(sizeof *t);
    *t = (RtToken){.parent = parent, .expires = ttl ? rt_time_after(rt_nanotime(), ttl) : 0};
    return (Token){rt_caps_token(as_set(s), t), t};
}

HOOK("goo/caps.revoke", void, caps_revoke, (RtToken *t)) { __atomic_store_n(&t->revoked, true, __ATOMIC_RELEASE); }
HOOK("goo/caps.inForce", bool, caps_in_force, (RtToken *t)) { return rt_token_in_force(t); }

/* ---- audit ---- */

HOOK("goo/caps.auditEnds", void, caps_audit_ends, (void)) { rt_goroutine()->in_audit = false; }

HOOK("goo/caps.audit", void, caps_audit, (GoClosure *fn)) {
    __atomic_store_n(&rt_caps_audit_fn, fn, __ATOMIC_RELEASE);
    if (fn) rt_caps_watch_all(); /* for good: whoever asks once will do so again */
}
