/* parse.c: sets of rights as text: of GOO_CAPS, flags, @requires on main, and caps.Parse.
 *
 *   set   = [ item { "," item } ]
 *   item  = [ "-" ] name [ "(" text { "," text } ")" | "=" rest up to the next comma ]
 *   name  = a capability, a parent, "all" or "none";  text = a quoted string
 *
 * Items with a minus are taken away from the others, or from all rights when there are no others. */
#include "runtime/caps/bytes.h"
#include "runtime/caps/caps.h"

typedef struct Parser {
    const uint8_t *p, *end;
    GoString error;
} Parser;

RtCapMask rt_caps_named(GoString name) {
    static const struct { const char *name; RtCapMask mask; } parents[] = {
        {"all", RT_CAPS_ALL},
#define CAP_PARENT(id, name, go, meaning) {name, RT_CAPS_##id},
#include "runtime/caps.def"
    };
    for (int i = 0; i < RT_COUNT(parents); i++)
        if ((size_t)name.len == strlen(parents[i].name) && rt_same(name.ptr, parents[i].name, (size_t)name.len)) return parents[i].mask;
    for (int i = 0; i < RT_CAP_COUNT; i++)
        if ((size_t)name.len == strlen(rt_cap_names[i]) && rt_same(name.ptr, rt_cap_names[i], (size_t)name.len)) return rt_cap_bit(i);
    return 0;
}

static void fail(Parser *in, const char *what, GoString about) {
    if (!in->error.len)
        in->error = rt_string_concat((GoString[]){{(const uint8_t *)what, (int64_t)strlen(what)}, about}, 2);
}

/* ---- scopes ---- */

static GoString clean_path(GoString scope) {
    char text[RT_PATH];
    return rt_string_of(text, (int64_t)rt_path_anchor(scope, text));
}

/* A program: a path, or a name that PATH leads to. */
static GoString find_program(GoString name) {
    if (memchr(name.ptr, '/', (size_t)name.len)) return clean_path(name);
    const char *path = NULL;
    extern char **rt_envp;
    for (char **e = rt_envp; e && *e && !path; e++)
        if (!strncmp(*e, "PATH=", 5)) path = *e + 5;
    while (path && *path) {
        size_t n = strcspn(path, ":");
        GoString parts[3] = {{(const uint8_t *)path, (int64_t)n}, RT_STR("/"), name};
        char text[RT_PATH];
        size_t len = n ? rt_path_anchor(rt_string_concat(parts, 3), text) : 0;
        text[len] = 0;
        if (len && rt_sys_runnable(text)) return rt_string_of(text, (int64_t)len);
        path += n + (path[n] == ':');
    }
    return (GoString){0};
}

static GoString scope_text(int cap, GoString scope, RtScope *s) {
    switch ((enum RtCapScope)rt_cap_scopes[cap]) {
    case RT_SCOPE_NONE: return (GoString){0};
    case RT_SCOPE_BYTES:
        s->bytes = caps_bytes((const char *)scope.ptr, (size_t)scope.len);
        return s->bytes ? rt_string_of(scope.ptr, scope.len) : (GoString){0};
    case RT_SCOPE_PATH: return clean_path(scope);
    case RT_SCOPE_NET: return rt_net_parse(scope, &s->net) ? rt_string_of(scope.ptr, scope.len) : (GoString){0};
    case RT_SCOPE_EXEC: return find_program(scope);
    case RT_SCOPE_ENV: return rt_string_of(scope.ptr, scope.len);
    }
    return (GoString){0};
}

static RtScope *new_scope(Parser *in, int cap, GoString scope, RtScope *next) {
    GoString name = {(const uint8_t *)rt_cap_names[cap], (int64_t)strlen(rt_cap_names[cap])};
    if (rt_cap_scopes[cap] == RT_SCOPE_NONE) return fail(in, "no scope is possible for ", name), next;
    RtScope *s = rt_heap_alloc_words(sizeof *s);
    *s = (RtScope){.next = next, .cap = cap};
    s->text = scope_text(cap, scope, s);
    return s->text.len ? s : (fail(in, "invalid scope: ", scope), next);
}

const RtCaps *rt_caps_scoped(int cap, GoString scope, GoString *error) {
    Parser in = {0};
    RtScope *s = new_scope(&in, cap, scope, NULL);
    *error = in.error;
    return s ? rt_caps_grants(0, s) : NULL;
}

/* ---- text ---- */

static void skip_space(Parser *in) {
    while (in->p < in->end && (*in->p == ' ' || *in->p == '\t' || *in->p == '\n')) in->p++;
}

static bool take(Parser *in, char c) {
    skip_space(in);
    return in->p < in->end && *in->p == (uint8_t)c && in->p++;
}

static GoString word(Parser *in) {
    skip_space(in);
    const uint8_t *from = in->p;
    while (in->p < in->end && ((*in->p >= 'a' && *in->p <= 'z') || *in->p == '.')) in->p++;
    return (GoString){from, in->p - from};
}

static GoString quoted(Parser *in) {
    if (!take(in, '"')) return (GoString){0};
    uint8_t *out = rt_heap_alloc_raw((size_t)(in->end - in->p) + 1);
    int64_t n = 0;
    for (; in->p < in->end && *in->p != '"'; in->p++) {
        if (*in->p == '\\' && in->p + 1 < in->end) in->p++;
        out[n++] = *in->p;
    }
    return take(in, '"') ? (GoString){out, n} : (GoString){0};
}

static GoString up_to_comma(Parser *in) {
    const uint8_t *from = in->p;
    while (in->p < in->end && *in->p != ',') in->p++;
    return (GoString){from, in->p - from};
}

typedef struct Items { RtCapMask whole; RtScope *scopes; bool any; } Items;

/* The scope applies to each capability that the name stands for. */
static void add_scope(Parser *in, Items *to, RtCapMask mask, GoString scope) {
    if (!scope.len) fail(in, "a scope is missing or not quoted: ", (GoString){in->p, in->end - in->p});
    for (int cap = 0; cap < RT_CAP_COUNT && !in->error.len; cap++)
        if (mask & rt_cap_bit(cap)) to->scopes = new_scope(in, cap, scope, to->scopes);
}

static void item(Parser *in, Items *plus, Items *minus) {
    Items *to = take(in, '-') ? minus : plus;
    GoString name = word(in);
    RtCapMask mask = rt_caps_named(name);
    bool none = name.len == 4 && !memcmp(name.ptr, "none", 4);
    to->any = true;
    if (!mask && !none) {
        fail(in, "no capability is called ", name.len ? name : (GoString){in->p, in->end - in->p});
    } else if (take(in, '=')) {
        add_scope(in, to, mask, up_to_comma(in));
    } else if (take(in, '(')) {
        do add_scope(in, to, mask, quoted(in));
        while (!in->error.len && take(in, ','));
        if (!take(in, ')')) fail(in, "expected ) before ", (GoString){in->p, in->end - in->p});
    } else {
        to->whole |= mask;
    }
}

const RtCaps *rt_caps_parse(GoString text, GoString *error) {
    Parser in = {text.ptr, text.ptr + text.len, {0}};
    Items plus = {0}, minus = {0};
    skip_space(&in);
    while (in.p < in.end && !in.error.len) {
        item(&in, &plus, &minus);
        skip_space(&in);
        if (in.p < in.end && !take(&in, ',')) fail(&in, "expected a comma before ", (GoString){in.p, in.end - in.p});
    }
    *error = in.error;
    if (in.error.len) return NULL;
    const RtCaps *set = plus.any || !minus.any ? rt_caps_grants(plus.whole, plus.scopes) : &rt_caps_all;
    return minus.any ? rt_caps_node(CK_EXCEPT, set, rt_caps_grants(minus.whole, minus.scopes)) : set;
}
