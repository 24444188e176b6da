/* constraint.c: which files belong to a build: //go:build expressions and file name suffixes, by the rules of
 * Go's documentation ("Build constraints"). */
#include "driver/driver.h"
#include <ctype.h>
#include <string.h>

static const char *const known_os[] = {"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js",
    "linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos", NULL};
static const char *const known_arch[] = {"386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips",
    "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390",
    "s390x", "sparc", "sparc64", "wasm", NULL};
/* Tags that hold besides the operating system, the architecture and the go1.N versions. The middle ones choose the
 * variants of Go's library that are written in Go instead of assembly. */
static const char *const set_tags[] = {"goo", "gc", "unix", "purego", "math_big_pure_go", "netgo", "osusergo", NULL};
enum { NEWEST_MINOR = 23 };

static bool in_list(const char *const *list, const char *s, size_t n) {
    for (; *list; list++)
        if (strlen(*list) == n && !memcmp(*list, s, n)) return true;
    return false;
}

static bool is(const char *s, size_t n, const char *word) { return strlen(word) == n && !memcmp(s, word, n); }

static bool tag_holds(const BuildContext *c, const char *s, size_t n) {
    if (is(s, n, c->goos)) return true;
    if (is(s, n, c->goarch)) return !c->mask_arch;
    if (n > 4 && !memcmp(s, "go1.", 4)) {
        int minor = 0;
        for (size_t i = 4; i < n; i++) {
            if (!isdigit((unsigned char)s[i]) || minor > 1000) return false;
            minor = minor * 10 + (s[i] - '0');
        }
        return minor <= NEWEST_MINOR;
    }
    return in_list(set_tags, s, n);
}

/* ---- expressions: or = and {"||" and}; and = not {"&&" not}; not = "!" not | "(" or ")" | tag ---- */

typedef struct Parser { const BuildContext *c; const char *s; int depth; bool bad; } Parser;
static bool parse_or(Parser *p);

static void skip_space(Parser *p) { while (*p->s == ' ' || *p->s == '\t') p->s++; }

static bool accept(Parser *p, const char *tok) {
    skip_space(p);
    size_t n = strlen(tok);
    if (strncmp(p->s, tok, n)) return false;
    p->s += n;
    return true;
}

static bool parse_not(Parser *p) {
    if (++p->depth > 100) return p->bad = true, false;
    bool v;
    if (accept(p, "!")) {
        v = !parse_not(p);
    } else if (accept(p, "(")) {
        v = parse_or(p);
        if (!accept(p, ")")) p->bad = true;
    } else {
        skip_space(p);
        const char *start = p->s;
        while (isalnum((unsigned char)*p->s) || *p->s == '_' || *p->s == '.' || (*p->s & 0x80)) p->s++;
        if (p->s == start) p->bad = true;
        v = tag_holds(p->c, start, (size_t)(p->s - start));
    }
    p->depth--;
    return v;
}

static bool parse_and(Parser *p) {
    bool v = parse_not(p);
    while (!p->bad && accept(p, "&&")) v = parse_not(p) && v;
    return v;
}

static bool parse_or(Parser *p) {
    bool v = parse_and(p);
    while (!p->bad && accept(p, "||")) v = parse_and(p) || v;
    return v;
}

const char *constraint_find(const char *s) {
    for (;;) {
        s += strspn(s, " \t\r\n");
        if (!strncmp(s, "//go:build ", 11)) return s + 11;
        if (!strncmp(s, "//", 2) || !strncmp(s, "#!", 2) || !strncmp(s, "\xef\xbb\xbf", 3)) {
            s += *s == '\xef' ? 3 : strcspn(s, "\n");
        } else if (!strncmp(s, "/*", 2)) {
            const char *end = strstr(s + 2, "*/");
            if (!end) return NULL;
            s = end + 2;
        } else {
            return NULL;
        }
    }
}

bool constraint_holds(const BuildContext *c, const char *expr) {
    Parser p = {.c = c, .s = expr};
    bool v = parse_or(&p);
    skip_space(&p);
    return v && !p.bad && (*p.s == 0 || *p.s == '\n' || *p.s == '\r');
}

const char *constraint_go_version(Arena *a, const char *expr) {
    expr = arena_strndup(a, expr, strcspn(expr, "\n"));
    const char *s = strstr(expr, "go1.");
    if (!s || strstr(expr, "||") || strchr(expr, '!')) return NULL; /* only a plain or and-ed version counts */
    size_t n = 4 + strspn(s + 4, "0123456789");
    return arena_strndup(a, s, n);
}

/* ---- file names ---- */

bool file_name_matches(const BuildContext *c, const char *name) {
    size_t n = strlen(name);
    const char *dot = strrchr(name, '.');
    if (dot) n = (size_t)(dot - name);
    if (n > 5 && !memcmp(name + n - 5, "_test", 5)) n -= 5;
    const char *first = memchr(name, '_', n); /* "linux.go" alone is no constraint: only what follows a '_' */
    if (!first) return true;
    const char *last = name + n;
    while (last[-1] != '_') last--;
    const char *tail = last;
    size_t tail_len = n - (size_t)(tail - name);
    const char *before = NULL;
    size_t before_len = 0;
    if (last - 1 > first) {
        before = last - 1;
        while (before[-1] != '_') before--;
        before_len = (size_t)(last - 1 - before);
    }
    if (in_list(known_arch, tail, tail_len)) {
        if (before && in_list(known_os, before, before_len) && !tag_holds(c, before, before_len)) return false;
        return tag_holds(c, tail, tail_len);
    }
    return !in_list(known_os, tail, tail_len) || tag_holds(c, tail, tail_len);
}
