/* deny.c: the check itself, the panic when it fails, and who is told of it.
 *
 * The audit is told of every use: a function that the program gave (caps.Audit), and a file (GOO_CAPS_AUDIT), one line
 * of JSON each. */
#include "runtime/caps/caps.h"
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

bool rt_caps_watch, rt_forked;
GoClosure *rt_caps_audit_fn;
static int audit_file = -1;

/* ---- the call site ---- */

typedef struct Site { GoString function, file; int64_t line; uint32_t flags; } Site;

static GoString text_at(uint32_t address) {
    const char *s = (const char *)(uintptr_t)address;
    return (GoString){(const uint8_t *)s, (int64_t)strlen(s)};
}

static Site innermost(const RtFunc *f, const RtCallSite *site) {
    const RtInline *in = site ? (const RtInline *)(uintptr_t)site->inl : NULL;
    if (in) return (Site){text_at(in->name), text_at(in->file), site->line, in->flags};
    return (Site){text_at(f->name), text_at(f->file), site ? site->line : f->line, f->flags};
}

/* The innermost call that is not in the library; of none, the innermost of all. */
static Site find_site(void *frame) {
    Site first = {0};
    RtWalk w = rt_walk_here(frame);
    do {
        const RtFunc *f = rt_func_find(w.pc - 1);
        if (!f || (f->flags & (RF_RUNTIME | RF_WRAPPER))) continue;
        Site s = innermost(f, rt_func_site(f, w.pc));
        if (!first.line) first = s;
        if (!(s.flags & RF_LIBRARY)) return s;
    } while (rt_walk_up(&w));
    return first;
}

/* ---- JSON lines ---- */

/* A line is written with one call, so that lines of several threads and processes do not mix. */
typedef struct Line { char at[3 * RT_PATH]; size_t n; } Line;

static void put(Line *l, const void *p, size_t n) {
    if (n > sizeof l->at - l->n) n = sizeof l->at - l->n;
    rt_copy(l->at + l->n, p, n);
    l->n += n;
}

static void put_str(Line *l, const char *s) { put(l, s, strlen(s)); }

static void put_int(Line *l, int64_t v, int width) {
    uint8_t digits[24], *p = rt_format_uint(digits + sizeof digits, (uint64_t)v);
    for (int n = (int)(digits + sizeof digits - p); n < width; n++) put_str(l, "0");
    put(l, p, (size_t)(digits + sizeof digits - p));
}

/* Room is kept for the rest of the line. Bytes that are no part of a character are replaced by U+FFFD. */
static void put_json(Line *l, GoString s) {
    put_str(l, "\"");
    for (int64_t i = 0; i < s.len && l->n < sizeof l->at - 512;) {
        uint8_t c = s.ptr[i];
        int32_t rune;
        int64_t next = rt_decode_rune(s, i, &rune);
        if (c == '"' || c == '\\') put_str(l, "\\"), put(l, &c, 1);
        else if (c < 0x20) put_str(l, "\\u00"), put(l, &"0123456789abcdef"[c >> 4], 1), put(l, &"0123456789abcdef"[c & 15], 1);
        else if (rune == 0xfffd && next == i + 1) put_str(l, "\xef\xbf\xbd");
        else put(l, s.ptr + i, (size_t)(next - i));
        i = next;
    }
    put_str(l, "\"");
}

static __attribute__((noinline)) void write_line(const RtResource *r, const Site *site, bool allowed) {
    Line l = {.n = 0};
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    put_str(&l, "{\"time\":");
    put_int(&l, t.tv_sec, 1);
    put_str(&l, ".");
    put_int(&l, t.tv_nsec / 1000, 6);
    put_str(&l, ",\"pid\":");
    put_int(&l, syscall(SYS_getpid), 1);
    put_str(&l, ",\"goroutine\":");
    put_int(&l, (int64_t)rt_goroutine()->id, 1);
    put_str(&l, ",\"capability\":\"");
    put_str(&l, rt_cap_names[r->cap]);
    put_str(&l, "\",\"op\":\"");
    put_str(&l, r->op);
    put_str(&l, "\",\"resource\":");
    put_json(&l, r->text);
    put_str(&l, ",\"function\":");
    put_json(&l, site->function);
    put_str(&l, ",\"file\":");
    put_json(&l, site->file);
    put_str(&l, ",\"line\":");
    put_int(&l, site->line, 1);
    put_str(&l, allowed ? ",\"allowed\":true}\n" : ",\"allowed\":false}\n");
    (void)!syscall(SYS_write, audit_file, l.at, l.n);
}

void rt_caps_audit_start(const char *file) {
    enum { HIGH = 512 }; /* a number that no child's descriptors get */
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    audit_file = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH);
    if (audit_file < 0) audit_file = fd;
    else syscall(SYS_close, fd);
    if (audit_file < 0 || !rt_handle_keep(audit_file)) rt_fatal(RT_STR("cannot write the file that GOO_CAPS_AUDIT names"));
    rt_caps_watch_all();
}

/* ---- telling ---- */

/* caps.audited, in Go: makes an Event of it and calls the function. */
typedef void Audited(GoClosure *fn, int64_t cap, GoString op, GoString resource, GoString function, GoString file, int64_t line, bool allowed);
extern Audited audited __asm__("\"goo/caps.audited\"") __attribute__((weak));

static GoString copy(GoString s) { return rt_string_of(s.ptr, s.len); }
static GoString copy_c(const char *s) { return rt_string_of(s, (int64_t)strlen(s)); } /* it may stand in a frame */

static __attribute__((noinline)) void tell(const RtResource *r, bool allowed) {
    RtGoroutine *g = rt_goroutine();
    if (g->in_audit) return; /* what the audit's function itself uses */
    Site site = find_site(__builtin_frame_address(0));
    if (audit_file >= 0) write_line(r, &site, allowed);
    GoClosure *fn = __atomic_load_n(&rt_caps_audit_fn, __ATOMIC_ACQUIRE);
    if (!fn || rt_forked || !audited) return;
    g->in_audit = true;
    audited(fn, r->cap, copy_c(r->op), copy(r->text), site.function, site.file, site.line, allowed);
}

bool rt_caps_check(const RtResource *r) {
    bool allowed = rt_caps_allow(rt_g->caps, r);
    if (RT_UNLIKELY(rt_caps_watch)) tell(r, allowed);
    return allowed;
}

/* caps.deny, in Go: panics with a *caps.Error. */
typedef void Deny(int64_t cap, GoString op, GoString resource);
extern Deny deny __asm__("\"goo/caps.deny\"") __attribute__((weak));

_Noreturn void rt_caps_deny(const RtResource *r) {
    GoString op = copy_c(r->op);
    if (deny) deny(r->cap, op, copy(r->text));
    GoString name = {(const uint8_t *)rt_cap_names[r->cap], (int64_t)strlen(rt_cap_names[r->cap])};
    rt_panic_plain(rt_string_concat((GoString[]){op, RT_STR(" "), copy(r->text), RT_STR(": needs capability "), name}, 5));
}
