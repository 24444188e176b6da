/* rights.c: package internal/rights: what Go's library asks about capabilities. */
#include "runtime/caps/caps.h"
#include "runtime/caps/calls.h"
#include "runtime/hooks/hooks.h"
#include <limits.h>

HOOK("internal/rights.Whole", bool, rights_whole, (int64_t cap)) { return !(rt_g->lacks & rt_cap_bit((int)cap)); }

static const char *c_string(GoString s, char *buf, size_t size) {
    size_t n = (size_t)s.len < size ? (size_t)s.len : size - 1;
    rt_copy(buf, s.ptr, n);
    buf[n] = 0;
    return buf;
}

HOOK("internal/rights.Need", void, rights_need, (int64_t cap, GoString op, GoString resource)) {
    char name[32];
    rt_caps_need((int)cap, c_string(op, name, sizeof name), resource);
}

static bool has(const RtResource *r) { return rt_caps_allow(rt_g->caps, r); }

HOOK("internal/rights.Has", bool, rights_has, (int64_t cap, GoString resource)) {
    return has(&(RtResource){.cap = (int)cap, .text = resource});
}

HOOK("internal/rights.May", bool, rights_may, (int64_t cap)) {
    const RtCaps *set = rt_g->caps;
    return !set || (set->may & rt_cap_bit((int)cap));
}

/* ---- hosts ---- */

static RtResource host_resource(int64_t cap, const char *op, GoString address, RtNet *net) {
    bool known = rt_net_parse(address, net);
    return (RtResource){.cap = (int)cap, .op = op, .text = address, .net = known ? net : NULL};
}

HOOK("internal/rights.NeedHost", void, rights_need_host, (int64_t cap, GoString op, GoString address)) {
    char name[32];
    RtNet net;
    RtResource r = host_resource(cap, c_string(op, name, sizeof name), address, &net);
    if (!rt_caps_check(&r)) rt_caps_deny(&r);
}

HOOK("internal/rights.HasHost", bool, rights_has_host, (int64_t cap, GoString address)) {
    RtNet net;
    RtResource r = host_resource(cap, "", address, &net);
    return has(&r);
}

/* Whether a set has a scope by which that name may be looked up. Tokens, exceptions and the like are left to the
 * connection. */
static bool may_look_up(const RtCaps *set, const RtNet *name) {
    if (!set || (set->whole & RT_CAPS_NETWORK)) return true;
    if (!(set->may & RT_CAPS_NETWORK)) return false;
    switch ((RtCapsKind)set->kind) {
    case CK_AND: return may_look_up(set->a, name) && may_look_up(set->b, name);
    case CK_OR: return may_look_up(set->a, name) || may_look_up(set->b, name);
    case CK_TOKEN: return rt_token_in_force(set->more) && may_look_up(set->a, name);
    case CK_NARROW:
    case CK_EXCEPT: return may_look_up(set->a, name);
    case CK_GRANTS: break;
    }
    for (const RtScope *s = set->more; s; s = s->next) {
        if (!(RT_CAPS_NETWORK & rt_cap_bit(s->cap))) continue;
        RtNet at = *name;
        at.low = at.high = s->net.low;
        if (s->net.kind == NET_IP4 || s->net.kind == NET_IP6 || rt_net_covers(&s->net, &at)) return true;
    }
    return false;
}

HOOK("internal/rights.HasName", bool, rights_has_name, (GoString host)) {
    RtNet net;
    return rt_net_parse(host, &net) && may_look_up(rt_g->caps, &net);
}

/* ---- more than the caller has ---- */

static const RtCaps *add(const RtCaps *more) {
    const RtCaps *before = rt_g->caps;
    if (before) rt_caps_set(rt_caps_node(CK_OR, before, more));
    return before;
}

HOOK("internal/rights.raise", const RtCaps *, rights_raise, (RtCapMask mask)) {
    const RtCaps *set = rt_g->caps;
    return set ? add(rt_caps_grants(mask, NULL)) : NULL;
}

HOOK("internal/rights.raiseTo", const RtCaps *, rights_raise_to, (GoString list)) {
    GoString error;
    if (!rt_g->caps) return NULL;
    const RtCaps *set = rt_caps_parse(list, &error);
    return add(set ? set : &rt_caps_none);
}

HOOK("internal/rights.restore", void, rights_restore, (const RtCaps *before)) { rt_caps_set(before); }

/* The list grows while goroutines look at it. */
typedef struct HostsSet { RtCaps *list; const RtCaps *before; } HostsSet;

HOOK("internal/rights.raiseToHosts", HostsSet, rights_raise_to_hosts, (int64_t cap)) {
    RtCaps *list = (RtCaps *)rt_caps_grants(0, NULL);
    list->may = rt_cap_bit((int)cap);
    return (HostsSet){list, add(list)};
}

HOOK("internal/rights.addHost", void, rights_add_host, (RtCaps *list, int64_t cap, GoString address)) {
    GoString error;
    const RtCaps *grant = rt_caps_scoped((int)cap, address, &error);
    if (!grant) return;
    RtScope *s = grant->more;
    s->next = list->more;
    __atomic_store_n(&list->more, s, __ATOMIC_RELEASE);
}

/* ---- processes ---- */

/* syscall.forkExec: the check that the child will make, where a panic is possible. */
HOOK("syscall.needProgram", void, syscall_need_program, (GoString path)) { rt_call_need_program(path); }

HOOK("syscall.isKept", bool, syscall_is_kept, (uintptr_t fd)) { return rt_g->caps && fd <= INT_MAX && rt_handle_is_kept((int)fd); }

/* ---- functions that others call ---- */

typedef struct Current { const RtCaps *set; bool limited; } Current;

HOOK("internal/rights.current", Current, rights_current, (void)) {
    return (Current){rt_caps_keep(rt_g->caps), rt_g->caps != NULL};
}

HOOK("internal/rights.exchange", const RtCaps *, rights_exchange, (const RtCaps *set)) {
    const RtCaps *before = rt_g->caps;
    rt_caps_set(set);
    return before;
}
