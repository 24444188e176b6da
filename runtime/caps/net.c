/* net.c: hosts, addresses and ports of network scopes.
 *
 * host, host:port, host:low-high, *.domain, address or block in CIDR notation, with brackets where ports follow an
 * address with colons; * or nothing for any host; unix:PATH for local sockets. IPv4 addresses in their IPv6 form count
 * as IPv4: that is what they reach. */
#include "runtime/caps/caps.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- reading ---- */

typedef struct Reader { const uint8_t *p, *end; } Reader;

static bool read_number(Reader *r, int max, int base, int *out) {
    int v = 0;
    const uint8_t *from = r->p;
    for (; r->p < r->end; r->p++) {
        int c = *r->p | 32;
        int digit = c >= '0' && c <= '9' ? c - '0' : base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (*r->p >= '0' && *r->p <= '9') digit = *r->p - '0';
        if (digit < 0) break;
        v = v * base + digit;
        if (v > max) return false;
    }
    *out = v;
    return r->p > from;
}

static bool read_char(Reader *r, char c) { return r->p < r->end && *r->p == (uint8_t)c && r->p++; }

static bool read_ip4(GoString s, uint8_t out[4]) {
    Reader r = {s.ptr, s.ptr + s.len};
    for (int i = 0, v; i < 4; i++) {
        if ((i && !read_char(&r, '.')) || !read_number(&r, 255, 10, &v)) return false;
        out[i] = (uint8_t)v;
    }
    return r.p == r.end;
}

/* Groups of 16 bits, of which :: stands for as many zero ones as are missing; the last two may be an IPv4 address. */
static bool read_ip6(GoString s, uint8_t out[16]) {
    Reader r = {s.ptr, s.ptr + s.len};
    int n = 0, gap = -1;
    memset(out, 0, 16);
    if (s.len >= 2 && s.ptr[0] == ':' && s.ptr[1] == ':') gap = 0, r.p += 2;
    while (r.p < r.end && n < 16) {
        const uint8_t *group = r.p;
        int v;
        if (!read_number(&r, 0xffff, 16, &v)) {
            if (n > 12 || !read_ip4((GoString){group, r.end - group}, out + n)) return false;
            n += 4;
            r.p = r.end;
            break;
        }
        if (r.p < r.end && *r.p == '.') {
            if (n > 12 || !read_ip4((GoString){group, r.end - group}, out + n)) return false;
            n += 4;
            r.p = r.end;
            break;
        }
        out[n++] = (uint8_t)(v >> 8);
        out[n++] = (uint8_t)v;
        if (r.p == r.end) break;
        if (!read_char(&r, ':') || r.p == r.end) return false;
        if (*r.p == ':') {
            if (gap >= 0) return false;
            gap = n;
            r.p++;
        }
    }
    if (r.p < r.end || (gap < 0 && n < 16) || (gap >= 0 && n == 16)) return false;
    if (gap >= 0) {
        memmove(out + 16 - (n - gap), out + gap, (size_t)(n - gap));
        memset(out + gap, 0, (size_t)(16 - n));
    }
    return true;
}

static bool read_ports(GoString s, RtNet *n) {
    Reader r = {s.ptr, s.ptr + s.len};
    if (s.len == 1 && s.ptr[0] == '*') return true;
    if (!read_number(&r, 65535, 10, &n->low)) return false;
    n->high = n->low;
    if (read_char(&r, '-') && !read_number(&r, 65535, 10, &n->high)) return false;
    return r.p == r.end && n->low <= n->high;
}

static bool is_name_char(uint8_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c >= 0x80;
}

static GoString lower_copy(GoString s) {
    uint8_t *p = rt_heap_alloc_raw((size_t)s.len + 1);
    for (int64_t i = 0; i < s.len; i++) p[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] | 32 : s.ptr[i];
    return (GoString){p, s.len};
}

static bool read_name(GoString s, RtNet *n) {
    n->kind = NET_NAME;
    if (s.len > 2 && s.ptr[0] == '*' && s.ptr[1] == '.') {
        n->kind = NET_BELOW;
        s = (GoString){s.ptr + 2, s.len - 2};
    }
    if (s.len && s.ptr[s.len - 1] == '.') s.len--;
    if (s.len == 0 || s.len > 253) return false;
    for (int64_t i = 0; i < s.len; i++)
        if (!is_name_char(s.ptr[i]) || (s.ptr[i] == '.' && (i == 0 || s.ptr[i - 1] == '.'))) return false;
    n->host = lower_copy(s);
    return true;
}

static void as_ip4(RtNet *n) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (n->kind != NET_IP6 || n->bits < 96 || memcmp(n->address, mapped, sizeof mapped)) return;
    memmove(n->address, n->address + 12, 4);
    memset(n->address + 4, 0, 12);
    n->kind = NET_IP4;
    n->bits -= 96;
}

static int64_t find(GoString s, char c) {
    for (int64_t i = 0; i < s.len; i++)
        if (s.ptr[i] == (uint8_t)c) return i;
    return -1;
}

static GoString part(GoString s, int64_t from, int64_t to) { return (GoString){s.ptr + from, to - from}; }

static bool read_host(GoString s, RtNet *n) {
    if (s.len == 0 || (s.len == 1 && s.ptr[0] == '*')) return n->kind = NET_ANY, true;
    int64_t slash = find(s, '/'), zone = find(s, '%');
    GoString address = slash < 0 ? s : part(s, 0, slash);
    if (slash < 0 && zone > 0) address = part(s, 0, zone);
    if (read_ip4(address, n->address)) n->kind = NET_IP4, n->bits = 32;
    else if (read_ip6(address, n->address)) n->kind = NET_IP6, n->bits = 128;
    else return slash < 0 && read_name(s, n);
    if (slash >= 0) {
        Reader r = {s.ptr + slash + 1, s.ptr + s.len};
        if (!read_number(&r, n->bits, 10, &n->bits) || r.p < r.end) return false;
    }
    as_ip4(n);
    return true;
}

bool rt_net_parse(GoString s, RtNet *out) {
    static const char local[] = "unix:";
    *out = (RtNet){.high = 65535};
    if (s.len > 5 && !memcmp(s.ptr, local, 5)) {
        out->kind = NET_UNIX;
        out->host = rt_string_of(s.ptr + 5, s.len - 5);
        return true;
    }
    int64_t colon = find(s, ':'), close = find(s, ']');
    if (s.len && s.ptr[0] == '[') {
        if (close < 0 || (close + 1 < s.len && s.ptr[close + 1] != ':')) return false;
        bool ports = close + 1 < s.len;
        return read_host(part(s, 1, close), out) && (!ports || read_ports(part(s, close + 2, s.len), out));
    }
    bool ports = colon >= 0 && find(part(s, colon + 1, s.len), ':') < 0;
    return read_host(ports ? part(s, 0, colon) : s, out) && (!ports || read_ports(part(s, colon + 1, s.len), out));
}

bool rt_net_of_socket(const void *address, size_t n, RtNet *out) {
    const struct sockaddr *sa = address;
    *out = (RtNet){0};
    if (n < sizeof sa->sa_family) return false;
    if (sa->sa_family == AF_INET && n >= sizeof(struct sockaddr_in)) {
        const struct sockaddr_in *in = address;
        out->kind = NET_IP4;
        out->bits = 32;
        memcpy(out->address, &in->sin_addr, 4);
        out->low = out->high = ntohs(in->sin_port);
        return true;
    }
    if (sa->sa_family == AF_INET6 && n >= 24) { /* the scope id may be missing */
        const struct sockaddr_in6 *in = address;
        out->kind = NET_IP6;
        out->bits = 128;
        memcpy(out->address, &in->sin6_addr, 16);
        out->low = out->high = ntohs(in->sin6_port);
        as_ip4(out);
        return true;
    }
    if (sa->sa_family == AF_UNIX) {
        const struct sockaddr_un *un = address;
        size_t len = n - offsetof(struct sockaddr_un, sun_path);
        out->kind = NET_UNIX;
        if (n < offsetof(struct sockaddr_un, sun_path)) len = 0;
        if (len && un->sun_path[0]) len = strnlen(un->sun_path, len);
        out->host = (GoString){(const uint8_t *)un->sun_path, (int64_t)len};
        return true;
    }
    return false;
}

/* ---- comparing ---- */

static bool same_bits(const uint8_t *a, const uint8_t *b, int bits) {
    if (!rt_same(a, b, (size_t)bits / 8)) return false;
    int rest = bits % 8;
    return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

static bool same_host(GoString a, GoString b) { return a.len == b.len && rt_same(a.ptr, b.ptr, (size_t)a.len); }

static bool is_below(GoString name, GoString domain) {
    int64_t at = name.len - domain.len;
    return at > 1 && name.ptr[at - 1] == '.' && rt_same(name.ptr + at, domain.ptr, (size_t)domain.len);
}

bool rt_net_covers(const RtNet *scope, const RtNet *r) {
    if (scope->kind == NET_UNIX || r->kind == NET_UNIX)
        return scope->kind == r->kind && rt_path_below(r->host, scope->host);
    if (r->low < scope->low || r->high > scope->high) return false;
    switch (scope->kind) {
    case NET_ANY: return true;
    case NET_NAME: return r->kind == NET_NAME && same_host(scope->host, r->host);
    case NET_BELOW:
        return (r->kind == NET_NAME || r->kind == NET_BELOW) &&
               (is_below(r->host, scope->host) || (r->kind == NET_BELOW && same_host(scope->host, r->host)));
    case NET_IP4:
    case NET_IP6: return r->kind == scope->kind && r->bits >= scope->bits && same_bits(scope->address, r->address, scope->bits);
    case NET_UNIX: return false;
    }
    return false;
}

/* ---- printing ---- */

typedef struct Writer { char *at, *end; } Writer;

static void put(Writer *w, const void *p, size_t n) {
    if (n > (size_t)(w->end - w->at)) n = (size_t)(w->end - w->at);
    rt_copy(w->at, p, n);
    w->at += n;
}

static void put_number(Writer *w, unsigned v, unsigned base) {
    char digits[16], *p = digits + sizeof digits;
    do *--p = "0123456789abcdef"[v % base];
    while (v /= base);
    put(w, p, (size_t)(digits + sizeof digits - p));
}

static void put_address(Writer *w, const RtNet *n) {
    if (n->kind == NET_IP4) {
        for (int i = 0; i < 4; i++) {
            if (i) put(w, ".", 1);
            put_number(w, n->address[i], 10);
        }
        return;
    }
    int zeros = 0, longest = 0, at = -1; /* the longest run of zero groups becomes :: */
    for (int i = 0; i < 8; i++) {
        zeros = n->address[2 * i] | n->address[2 * i + 1] ? 0 : zeros + 1;
        if (zeros > longest) longest = zeros, at = i + 1 - zeros;
    }
    put(w, "[", 1);
    for (int i = 0; i < 8; i++) {
        if (longest > 1 && i >= at && i < at + longest) {
            if (i == at) put(w, "::", 2);
            continue;
        }
        if (i && !(longest > 1 && i == at + longest)) put(w, ":", 1);
        put_number(w, (unsigned)n->address[2 * i] << 8 | n->address[2 * i + 1], 16);
    }
    put(w, "]", 1);
}

GoString rt_net_text(const RtNet *n, char buf[RT_NET_TEXT]) {
    Writer w = {buf, buf + RT_NET_TEXT};
    if (n->kind == NET_IP4 || n->kind == NET_IP6) {
        put_address(&w, n);
    } else if (n->kind == NET_UNIX) {
        put(&w, "unix:", 5);
        bool abstract = n->host.len && !n->host.ptr[0];
        if (abstract) put(&w, "@", 1);
        put(&w, n->host.ptr + abstract, (size_t)(n->host.len - abstract));
        return (GoString){(const uint8_t *)buf, w.at - buf};
    } else {
        put(&w, n->host.ptr, (size_t)n->host.len);
    }
    put(&w, ":", 1);
    put_number(&w, (unsigned)n->low, 10);
    return (GoString){(const uint8_t *)buf, w.at - buf};
}
