/* capset.c: names and sets of capabilities; see capset.h. */
#include "sema/capset.h"
#include <string.h>

const CapInfo cap_infos[RT_CAP_COUNT] = {
#define CAP(id, name, go, parent, scope, meaning) [RT_CAP_##id] = {name, #go, meaning, RT_SCOPE_##scope},
#include "runtime/caps.def"
};

typedef struct CapName {
    const char *name;
    RtCapMask caps;
} CapName;

static const CapName names[] = {
#define CAP(id, name, go, parent, scope, meaning) {name, (RtCapMask)1 << RT_CAP_##id},
#include "runtime/caps.def"
#define CAP_PARENT(id, name, go, meaning) {name, RT_CAPS_##id},
#include "runtime/caps.def"
    {"all", RT_CAPS_ALL},
};
enum { NNAMES = sizeof names / sizeof *names };

/* ---- names ---- */

RtCapMask cap_named(const char *name, size_t n) {
    for (int i = 0; i < NNAMES; i++)
        if (strlen(names[i].name) == n && !memcmp(names[i].name, name, n)) return names[i].caps;
    return RT_CAPS_NONE;
}

const char *cap_name(int i) { return i < NNAMES ? names[i].name : NULL; }

const char *cap_suggestion(const char *name) {
    const char *best = NULL;
    int least = name_tolerance(name);
    for (int i = 0; i < NNAMES; i++) {
        const char *dot = strchr(names[i].name, '.');
        int d = name_distance(name, names[i].name), tail = dot && !strcmp(dot + 1, name) ? 1 : d;
        if (tail < d) d = tail; /* read, for file.read */
        if (d <= least) best = names[i].name, least = d - 1;
    }
    return best;
}

/* ---- sets ---- */

static int compare(CapAtom x, CapAtom y) {
    if (x.cap != y.cap) return x.cap - y.cap;
    if (!x.scope || !y.scope) return (x.scope != NULL) - (y.scope != NULL);
    return strcmp(x.scope, y.scope);
}

void capset_add(Arena *a, CapSet *s, int cap, const char *scope) {
    CapAtom atom = {cap, scope};
    int i = s->atoms.len;
    while (i > 0 && compare(s->atoms.at[i - 1], atom) > 0) i--;
    if (i > 0 && !compare(s->atoms.at[i - 1], atom)) return;
    vec_push(a, &s->atoms, atom);
    for (int k = s->atoms.len - 1; k > i; k--) s->atoms.at[k] = s->atoms.at[k - 1];
    s->atoms.at[i] = atom;
}

void capset_add_mask(Arena *a, CapSet *s, RtCapMask caps, const char *scope) {
    for (int i = 0; i < RT_CAP_COUNT; i++)
        if (caps >> i & 1) capset_add(a, s, i, scope);
}

void capset_add_all(Arena *a, CapSet *s, const CapSet *more) {
    for (int i = 0; i < more->atoms.len; i++) capset_add(a, s, more->atoms.at[i].cap, more->atoms.at[i].scope);
}

RtCapMask capset_mask(const CapSet *s) {
    RtCapMask m = 0;
    for (int i = 0; i < s->atoms.len; i++) m |= (RtCapMask)1 << s->atoms.at[i].cap;
    return m;
}

bool capset_covers(const CapSet *s, CapAtom need) {
    for (int i = 0; i < s->atoms.len; i++) {
        CapAtom grant = s->atoms.at[i];
        if (grant.cap != need.cap) continue;
        if (!grant.scope || !need.scope || cap_scope_covers(need.cap, grant.scope, need.scope)) return true;
    }
    return false;
}

bool capset_meets(const CapSet *s, CapAtom need) {
    for (int i = 0; i < s->atoms.len; i++) {
        CapAtom denied = s->atoms.at[i];
        if (denied.cap != need.cap) continue;
        if (!denied.scope || !need.scope || cap_scope_overlaps(need.cap, denied.scope, need.scope)) return true;
    }
    return false;
}

const CapAtom *capset_excess(const CapSet *needs, const CapSet *grants) {
    for (int i = 0; i < needs->atoms.len; i++)
        if (!capset_covers(grants, needs->atoms.at[i])) return &needs->atoms.at[i];
    return NULL;
}

/* ---- text ---- */

static void put_scope(Buf *b, const char *scope) {
    buf_putc(b, '"');
    for (; *scope; scope++) {
        if (*scope == '"' || *scope == '\\') buf_putc(b, '\\');
        buf_putc(b, *scope);
    }
    buf_putc(b, '"');
}

static char *take(Arena *a, Buf *b) {
    char *text = arena_strndup(a, b->len ? b->data : "", b->len);
    buf_free(b);
    return text;
}

char *cap_atom_str(Arena *a, CapAtom atom) {
    Buf b = {0};
    buf_puts(&b, cap_infos[atom.cap].name);
    if (atom.scope) {
        buf_putc(&b, '(');
        put_scope(&b, atom.scope);
        buf_putc(&b, ')');
    }
    return take(a, &b);
}

/* Writes the longest list of names for the capabilities in whole: parents where they fit, and "all". */
static RtCapMask put_parents(Buf *b, RtCapMask whole) {
    RtCapMask done = 0;
    for (int i = NNAMES - 1; i >= RT_CAP_COUNT; i--) {
        RtCapMask caps = names[i].caps;
        bool several = (caps & (caps - 1)) != 0;
        if (!several || (whole & caps) != caps || (done & caps)) continue;
        buf_printf(b, "%s%s", b->len ? ", " : "", names[i].name);
        done |= caps;
    }
    return done;
}

char *capset_str(Arena *a, const CapSet *s) {
    Buf b = {0};
    RtCapMask whole = 0, scoped = 0;
    for (int i = 0; i < s->atoms.len; i++) *(s->atoms.at[i].scope ? &scoped : &whole) |= (RtCapMask)1 << s->atoms.at[i].cap;
    RtCapMask done = put_parents(&b, whole & ~scoped);
    for (int i = 0; i < s->atoms.len; i++) {
        CapAtom atom = s->atoms.at[i];
        if (done >> atom.cap & 1) continue;
        bool more = i && atom.scope && s->atoms.at[i - 1].cap == atom.cap && s->atoms.at[i - 1].scope;
        if (more) b.len--; /* goes on in the parentheses */
        else buf_printf(&b, "%s%s%s", b.len ? ", " : "", cap_infos[atom.cap].name, atom.scope ? "(" : "");
        if (more) buf_puts(&b, ", ");
        if (atom.scope) put_scope(&b, atom.scope), buf_putc(&b, ')');
    }
    return take(a, &b);
}

typedef struct Reader {
    Arena *a;
    const char *at, *end;
    const char *why;
} Reader;

static void skip_blanks(Reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) r->at++;
}

static bool take_char(Reader *r, char c) {
    skip_blanks(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

/* A quoted scope, or NULL. */
static char *read_quoted(Reader *r) {
    if (!take_char(r, '"')) return r->why = "expected a quoted scope", NULL;
    Buf b = {0};
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        if (*r->at == '\\' && r->at + 1 < r->end) r->at++;
        buf_putc(&b, *r->at);
    }
    char *text = take(r->a, &b);
    if (!take_char(r, '"')) return r->why = "unterminated scope", NULL;
    return text;
}

static bool add_scoped(Reader *r, CapSet *s, RtCapMask caps, const char *text) {
    for (int i = 0; i < RT_CAP_COUNT; i++) {
        if (!(caps >> i & 1)) continue;
        const char *clean = cap_scope_clean(r->a, i, text, &r->why);
        if (!clean) return false;
        capset_add(r->a, s, i, clean);
    }
    return true;
}

static bool read_one(Reader *r, CapSet *s) {
    skip_blanks(r);
    const char *name = r->at;
    while (r->at < r->end && !strchr(" \t(,", *r->at)) r->at++;
    RtCapMask caps = cap_named(name, (size_t)(r->at - name));
    if (!caps) return r->why = arena_printf(r->a, "unknown capability %.*s", (int)(r->at - name), name), false;
    if (!take_char(r, '(')) return capset_add_mask(r->a, s, caps, NULL), true;
    do {
        const char *text = read_quoted(r);
        if (!text || !add_scoped(r, s, caps, text)) return false;
    } while (take_char(r, ','));
    return take_char(r, ')') || (r->why = "expected )", false);
}

bool capset_parse(Arena *a, const char *text, size_t n, CapSet *s, const char **why) {
    Reader r = {.a = a, .at = text, .end = text + n};
    skip_blanks(&r);
    bool ok = true;
    if (r.at < r.end) do ok = read_one(&r, s); while (ok && take_char(&r, ','));
    skip_blanks(&r);
    if (ok && r.at < r.end) r.why = arena_printf(a, "unexpected %.*s", (int)(r.end - r.at), r.at), ok = false;
    *why = r.why;
    return ok;
}
