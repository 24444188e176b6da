/* capscope.c: scopes: the part of a capability's resources that a grant or a need is about.
 *
 * Each kind has one spelling that equal scopes share (cap_scope_clean), and an order: what lies in what. Paths are
 * compared by component as they are written: what links they lead through is for the check at run time to see. */
#include "sema/capset.h"
#include "runtime/caps/bytes.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- paths ---- */

/* No empty components and no "."; ".." takes back the one before it, where there is one. */
static char *clean_path(Arena *a, const char *text) {
    bool rooted = text[0] == '/';
    char *out = arena_alloc(a, strlen(text) + 3), *end = out;
    if (rooted) *end++ = '/';
    char *floor = end; /* what is before it cannot be taken back */
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "/");
        bool up = n == 2 && p[0] == '.' && p[1] == '.';
        if (up && end > floor) {
            while (end > floor && end[-1] != '/') end--;
            if (end > floor) end--;
        } else if (n && !(n == 1 && p[0] == '.') && !(up && rooted)) {
            if (end > out && end[-1] != '/') *end++ = '/';
            memcpy(end, p, n);
            end += n;
            if (up) floor = end;
        }
        p += n + (p[n] == '/');
    }
    if (end == out) *end++ = '.';
    *end = 0;
    return out;
}

static bool path_covers(const char *outer, const char *inner) {
    size_t n = strlen(outer);
    if (!strcmp(outer, "/")) return true; /* wherever a relative path starts, too */
    if (!strcmp(outer, ".")) return inner[0] != '/' && strcmp(inner, "..") && strncmp(inner, "../", 3);
    return !strncmp(outer, inner, n) && (inner[n] == '/' || inner[n] == 0);
}

/* ---- hosts and ports ---- */

typedef struct Net {
    enum { ANY_HOST, HOST, SUBDOMAINS, ADDRESS4, ADDRESS6 } kind;
    char host[256];     /* HOST, SUBDOMAINS: in lower case, without the star and dot */
    uint8_t address[16];
    int bits;           /* of the address that count */
    int low, high;      /* ports */
} Net;

static bool parse_number(const char **p, int max, int *out) {
    char *end;
    if (!isdigit((unsigned char)**p)) return false;
    long v = strtol(*p, &end, 10);
    if (v > max) return false;
    *out = (int)v;
    *p = end;
    return true;
}

static bool parse_ports(const char *p, Net *n) {
    if (!strcmp(p, "*")) return true;
    if (!parse_number(&p, 65535, &n->low)) return false;
    n->high = n->low;
    if (*p == '-' && (p++, !parse_number(&p, 65535, &n->high))) return false;
    return !*p && n->low <= n->high;
}

static bool parse_name(const char *s, Net *n) {
    n->kind = HOST;
    if (!strncmp(s, "*.", 2)) n->kind = SUBDOMAINS, s += 2;
    size_t len = strlen(s);
    if (len && s[len - 1] == '.') len--;
    if (!len || len > 253) return false;
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)s[i]) && !strchr("-_.", s[i]) && !((unsigned char)s[i] & 0x80)) return false;
        if (s[i] == '.' && (!i || s[i - 1] == '.')) return false;
        n->host[i] = (char)tolower((unsigned char)s[i]);
    }
    n->host[len] = 0;
    return true;
}

/* Clears the bits of the address that do not count. */
static void mask_address(Net *n) {
    for (int i = 0; i < 16; i++) {
        int keep = n->bits - 8 * i;
        if (keep < 8) n->address[i] &= keep <= 0 ? 0 : (uint8_t)(0xff << (8 - keep));
    }
}

static bool parse_host(char *s, Net *n) {
    char *slash = strchr(s, '/');
    const char *bits = slash ? slash + 1 : NULL;
    if (!*s || !strcmp(s, "*")) return n->kind = ANY_HOST, true;
    if (slash) *slash = 0;
    if (inet_pton(AF_INET, s, n->address) == 1) n->kind = ADDRESS4, n->bits = 32;
    else if (inet_pton(AF_INET6, s, n->address) == 1) n->kind = ADDRESS6, n->bits = 128;
    else return !slash && parse_name(s, n);
    if (bits && (!parse_number(&bits, n->bits, &n->bits) || *bits)) return false;
    mask_address(n);
    return true;
}

/* host, host:ports, [address]:ports, address with any number of colons. */
static bool parse_net(const char *text, Net *n) {
    char host[300];
    *n = (Net){.low = 0, .high = 65535};
    const char *colon = strrchr(text, ':'), *ports = NULL;
    size_t len = strlen(text);
    if (text[0] == '[') {
        const char *close = strchr(text, ']');
        if (!close || (close[1] && close[1] != ':')) return false;
        ports = close[1] ? close + 2 : NULL;
        len = (size_t)(close - ++text);
    } else if (colon && strchr(text, ':') == colon) {
        ports = colon + 1;
        len = (size_t)(colon - text);
    }
    if (len >= sizeof host) return false;
    memcpy(host, text, len);
    host[len] = 0;
    return parse_host(host, n) && (!ports || parse_ports(ports, n));
}

static char *net_str(Arena *a, const Net *n) {
    char address[INET6_ADDRSTRLEN] = "";
    const char *host = n->host;
    bool all_ports = n->low == 0 && n->high == 65535;
    if (n->kind == ANY_HOST) host = "*";
    if (n->kind == SUBDOMAINS) host = arena_printf(a, "*.%s", n->host);
    if (n->kind == ADDRESS4 || n->kind == ADDRESS6) {
        inet_ntop(n->kind == ADDRESS4 ? AF_INET : AF_INET6, n->address, address, sizeof address);
        int full = n->kind == ADDRESS4 ? 32 : 128;
        host = n->bits == full ? arena_strdup(a, address) : arena_printf(a, "%s/%d", address, n->bits);
        if (n->kind == ADDRESS6 && !all_ports) host = arena_printf(a, "[%s]", host);
    }
    if (all_ports) return arena_strdup(a, host);
    return n->low == n->high ? arena_printf(a, "%s:%d", host, n->low) : arena_printf(a, "%s:%d-%d", host, n->low, n->high);
}

static bool same_prefix(const Net *x, const Net *y, int bits) {
    Net p = *x, q = *y;
    p.bits = q.bits = bits;
    mask_address(&p);
    mask_address(&q);
    return !memcmp(p.address, q.address, sizeof p.address);
}

/* name is below domain: a.b.c below b.c. */
static bool is_subdomain(const char *name, const char *domain) {
    size_t n = strlen(name), d = strlen(domain);
    return n > d && name[n - d - 1] == '.' && !strcmp(name + n - d, domain);
}

static bool host_covers(const Net *outer, const Net *inner) {
    switch (outer->kind) {
    case ANY_HOST: return true;
    case HOST: return inner->kind == HOST && !strcmp(outer->host, inner->host);
    case SUBDOMAINS:
        if (inner->kind == SUBDOMAINS && !strcmp(outer->host, inner->host)) return true;
        return (inner->kind == HOST || inner->kind == SUBDOMAINS) && is_subdomain(inner->host, outer->host);
    case ADDRESS4: case ADDRESS6:
        return inner->kind == outer->kind && inner->bits >= outer->bits && same_prefix(outer, inner, outer->bits);
    }
    unreachable();
}

/* What a name resolves to is not known: a name and an address may be the same host. */
static bool host_overlaps(const Net *x, const Net *y) {
    bool x_name = x->kind == HOST || x->kind == SUBDOMAINS, y_name = y->kind == HOST || y->kind == SUBDOMAINS;
    return host_covers(x, y) || host_covers(y, x) || x_name != y_name;
}

static bool net_covers(const char *outer, const char *inner) {
    Net o, i;
    if (!parse_net(outer, &o) || !parse_net(inner, &i)) return false;
    return host_covers(&o, &i) && o.low <= i.low && i.high <= o.high;
}

static bool net_overlaps(const char *x, const char *y) {
    Net p, q;
    if (!parse_net(x, &p) || !parse_net(y, &q)) return true;
    return host_overlaps(&p, &q) && p.low <= q.high && q.low <= p.high;
}

/* ---- environment variables ---- */

static bool env_covers(const char *outer, const char *inner) {
    size_t n = strlen(outer);
    if (n && outer[n - 1] == '*') return !strncmp(outer, inner, n - 1);
    return !strcmp(outer, inner);
}

/* ---- numbers of bytes ---- */

static uint64_t parse_bytes(const char *s) { return caps_bytes(s, strlen(s)); }

/* ---- all kinds ---- */

static const char *malformed(const char **why, const char *text) { return *why = text, NULL; }

static const char *clean_exec(Arena *a, const char *text) { return strchr(text, '/') ? clean_path(a, text) : text; }

const char *cap_scope_clean(Arena *a, int cap, const char *text, const char **why) {
    const char *star;
    Net net;
    if (cap_infos[cap].scope == RT_SCOPE_NONE) return malformed(why, arena_printf(a, "%s takes no scope", cap_infos[cap].name));
    if (!*text) return malformed(why, "empty scope");
    switch ((enum RtCapScope)cap_infos[cap].scope) {
    case RT_SCOPE_NONE: break;
    case RT_SCOPE_PATH: return clean_path(a, text);
    case RT_SCOPE_EXEC: return clean_exec(a, text);
    case RT_SCOPE_NET:
        if (parse_net(text, &net)) return net_str(a, &net);
        return malformed(why, "expected a host, address or CIDR block, and perhaps :port or :low-high");
    case RT_SCOPE_ENV:
        star = strchr(text, '*');
        if (strchr(text, '=') || (star && star[1])) return malformed(why, "expected the name of a variable, or its beginning and *");
        return text;
    case RT_SCOPE_BYTES:
        if (parse_bytes(text)) return arena_printf(a, "%llu", (unsigned long long)parse_bytes(text));
        return malformed(why, "expected a number of bytes, such as 64MB");
    }
    unreachable();
}

bool cap_scope_covers(int cap, const char *outer, const char *inner) {
    switch ((enum RtCapScope)cap_infos[cap].scope) {
    case RT_SCOPE_NONE: return true;
    case RT_SCOPE_PATH: return path_covers(outer, inner);
    case RT_SCOPE_EXEC: return strchr(outer, '/') ? path_covers(outer, inner) : !strcmp(outer, inner);
    case RT_SCOPE_NET: return net_covers(outer, inner);
    case RT_SCOPE_ENV: return env_covers(outer, inner);
    case RT_SCOPE_BYTES: return parse_bytes(inner) <= parse_bytes(outer);
    }
    unreachable();
}

/* A relative path may lead anywhere, and a program's name to any path. */
static bool unrelated_spelling(const char *x, const char *y) { return (x[0] == '/') != (y[0] == '/'); }

bool cap_scope_overlaps(int cap, const char *x, const char *y) {
    int kind = cap_infos[cap].scope;
    if (kind == RT_SCOPE_NET) return net_overlaps(x, y);
    if ((kind == RT_SCOPE_PATH || kind == RT_SCOPE_EXEC) && unrelated_spelling(x, y)) return true;
    return kind == RT_SCOPE_BYTES || cap_scope_covers(cap, x, y) || cap_scope_covers(cap, y, x);
}
