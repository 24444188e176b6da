/* captable.c: what the functions of Go's library need: the table std/caps.def. `goo caps --check-table` compares it with
 * the library's own calls. */
#include "ir/caps.h"
#include <stdlib.h>
#include <string.h>

struct CapEntry {
    const char *symbol, *needs, *reason;
    bool is_variable;
};

static const CapEntry table[] = {
#define NEEDS(symbol, needs) {symbol, needs, NULL, false},
#define REVIEWED(symbol, needs, reason) {symbol, needs, reason, false},
#define SAFE(symbol, reason) {symbol, "", reason, false},
#define VARIABLE(symbol, needs) {symbol, needs, NULL, true},
#include "std/caps.def"
};
enum { TABLE_SIZE = sizeof table / sizeof *table };

static int compare(const void *key, const void *entry) { return strcmp(key, ((const CapEntry *)entry)->symbol); }

const CapEntry *caps_table_find(const char *symbol) { return bsearch(symbol, table, TABLE_SIZE, sizeof *table, compare); }
const char *caps_entry_symbol(const CapEntry *e) { return e->symbol; }
const char *caps_entry_reason(const CapEntry *e) { return e->reason; }
bool caps_entry_is_variable(const CapEntry *e) { return e->is_variable; }
int caps_table_size(void) { return TABLE_SIZE; }
const CapEntry *caps_table_at(int i) { return &table[i]; }

/* ---- scopes from constant arguments ---- */

static const char *constant_string(Arena *a, const Node *call, int i) {
    if (!call || i >= call->call.args.len) return NULL;
    const Node *arg = call->call.args.at[i];
    if (arg->mode != EM_CONST || !arg->value || cv_kind(arg->value) != CV_STRING) return NULL;
    size_t n;
    const char *s = cv_string_value(arg->value, &n);
    return memchr(s, 0, n) ? NULL : arena_strndup(a, s, n);
}

static const struct { const char *scheme; int port; } schemes[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}};

/* host:port of a URL; NULL when it has none, or another scheme without a port. */
static const char *host_of_url(Arena *a, const char *url) {
    const char *host = strstr(url, "://");
    if (!host) return NULL;
    size_t scheme = (size_t)(host - url);
    host += 3;
    size_t n = strcspn(host, "/?#");
    const char *at = memchr(host, '@', n);
    if (at) n -= (size_t)(at + 1 - host), host = at + 1;
    const char *bracket = memchr(host, ']', n), *from = bracket ? bracket : host;
    if (memchr(from, ':', n - (size_t)(from - host))) return arena_strndup(a, host, n);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strlen(schemes[i].scheme) == scheme && !strncmp(schemes[i].scheme, url, scheme))
            return arena_printf(a, "%.*s:%d", (int)n, host, schemes[i].port);
    return NULL;
}

/* The scope that "@2" (the third argument) or "@u0" (the first, a URL) stands for; NULL: not known. */
static const char *scope_of(Arena *a, const char *at, const Node *call, int cap) {
    bool url = at[1] == 'u';
    const char *text = constant_string(a, call, atoi(at + 1 + url)), *why;
    if (text && url) text = host_of_url(a, text);
    return text ? cap_scope_clean(a, cap, text, &why) : NULL;
}

const CapSet *caps_table_needs(Arena *a, const CapEntry *e, const Node *call) {
    CapSet *set = NEW(a, CapSet);
    for (const char *p = e->needs; *p;) {
        size_t n = strcspn(p, ","), name = strcspn(p, "@,");
        RtCapMask caps = cap_named(p, name);
        if (!caps) fatal("std/caps.def: unknown capability %.*s of %s", (int)name, p, e->symbol);
        for (int i = 0; i < RT_CAP_COUNT; i++)
            if (caps >> i & 1) capset_add(a, set, i, name < n ? scope_of(a, p + name, call, i) : NULL);
        p += n + (p[n] == ',');
        while (*p == ' ') p++;
    }
    return set;
}
