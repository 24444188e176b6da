/* caps.h: capabilities at run time: sets of rights, who has which, and where they are checked.
 *
 * A set (RtCaps, abi.h) is an expression over grants: nodes are never changed once made, so goroutines, tokens and
 * values of goo/caps share them, and narrowing a set is one new node. Two masks in each node answer almost every
 * question; only a capability that is held for some resources walks down to the scopes. The running goroutine's
 * `lacks` is the complement of its set's `whole`: 0 in a program that uses none of this. While somebody watches all
 * uses (audit) it is full, so that every check takes the slow way.
 *
 * Checks stand where programs reach the kernel (calls.c: every system call of compiled code comes by) and where the
 * runtime itself gives something out (environment, signals). */
#ifndef GOO_CAPS_H
#define GOO_CAPS_H

#include "runtime/rt.h"

typedef enum RtCapsKind {
    CK_GRANTS, /* `whole`, and the scopes (RtScope list) in `more` */
    CK_NARROW, /* a, but of the capabilities in `may` only */
    CK_AND,    /* what both a and b have */
    CK_OR,     /* what a or b has */
    CK_EXCEPT, /* what a has and b has not */
    CK_TOKEN,  /* a, while the token (RtToken) in `more` is in force */
} RtCapsKind;

/* Hosts and ports of a network scope, or of an address that something wants to reach. */
typedef struct RtNet {
    enum { NET_ANY, NET_NAME, NET_BELOW, NET_IP4, NET_IP6, NET_UNIX } kind; /* NET_BELOW: the names that end in .host */
    GoString host;      /* NET_NAME, NET_BELOW: in lower case; NET_UNIX: the socket's path */
    uint8_t address[16];
    int bits;           /* of the address that count */
    int low, high;      /* ports */
} RtNet;

/* The part of a capability's resources that a grant is about. On the heap; never changed. */
typedef struct RtScope {
    struct RtScope *next;
    int cap;            /* RtCap */
    GoString text;      /* as it is printed; a path is absolute and free of links */
    RtNet net;          /* RT_SCOPE_NET */
    uint64_t bytes;     /* RT_SCOPE_BYTES */
} RtScope;

/* What somebody wants to use a capability on. */
typedef struct RtResource {
    int cap;
    const char *op;     /* "open" */
    GoString text;      /* "/etc/passwd"; empty: nothing in particular, which no scope has */
    const RtNet *net;   /* capabilities with RT_SCOPE_NET */
    uint64_t bytes;     /* capabilities with RT_SCOPE_BYTES */
} RtResource;

/* State that all copies of a token share. On the heap. */
typedef struct RtToken {
    struct RtToken *parent; /* that it was derived from; NULL: none */
    int64_t expires;        /* rt_nanotime; 0: never */
    bool revoked;           /* atomic */
} RtToken;

static inline RtCapMask rt_cap_bit(int cap) { return (RtCapMask)1 << cap; }

/* ---- set.c ---- */
extern const RtCaps rt_caps_all, rt_caps_none;
extern const char *const rt_cap_names[RT_CAP_COUNT];
extern const uint8_t rt_cap_scopes[RT_CAP_COUNT];       /* RtCapScope */
const RtCaps *rt_caps_grants(RtCapMask whole, RtScope *scopes);
const RtCaps *rt_caps_node(RtCapsKind kind, const RtCaps *a, const RtCaps *b); /* CK_AND, CK_OR, CK_EXCEPT; on the heap */
void rt_caps_init(RtCaps *n, RtCapsKind kind, const RtCaps *a, const RtCaps *b); /* the same in place; masks by kind */
const RtCaps *rt_caps_token(const RtCaps *set, RtToken *token);
const RtCaps *rt_caps_keep(const RtCaps *set);          /* a set that may outlive the frame it stands in; NULL for NULL */
bool rt_caps_allow(const RtCaps *set, const RtResource *r); /* set NULL: all rights */
bool rt_caps_covers(const RtCaps *set, const RtCaps *wanted); /* every grant in wanted, which holds no tokens */
/* How many bytes the set lets its holder allocate: the most that a grant names. 0: none does, there is no limit. */
uint64_t rt_caps_budget(const RtCaps *set);
bool rt_token_in_force(const RtToken *t);
/* The text of a set, as goo/caps prints and parses it, through put. */
void rt_caps_text(const RtCaps *set, void (*put)(void *to, const char *p, size_t n), void *to);
GoString rt_caps_string(const RtCaps *set);

/* ---- parse.c ---- */
/* `file.read("/srv"), network`, `file.read=/srv,-process`: a set; NULL: *error says what is wrong with the text. */
const RtCaps *rt_caps_parse(GoString text, GoString *error);
/* The grant of that capability for one resource; NULL: *error. The scope is copied. */
const RtCaps *rt_caps_scoped(int cap, GoString scope, GoString *error);
/* The capabilities that a name stands for; 0: none. */
RtCapMask rt_caps_named(GoString name);

/* ---- net.c ---- */
bool rt_net_parse(GoString text, RtNet *out);           /* a scope, or host:port; out->host is a copy */
bool rt_net_of_socket(const void *address, size_t n, RtNet *out); /* a sockaddr; host points into it */
bool rt_net_covers(const RtNet *scope, const RtNet *r);
enum { RT_NET_TEXT = 192 };
GoString rt_net_text(const RtNet *n, char buf[RT_NET_TEXT]); /* host:port */

/* ---- path.c ---- */
enum { RT_PATH = 4096 };
/* A path taken apart: handle of the folder that its last component is in, and that component, which is not a link that
 * the call would follow. */
typedef struct RtPath {
    int dir;                /* O_PATH; to be closed by rt_path_close */
    bool folder;            /* a slash stood behind it: it must be a folder */
    char name[256];         /* "." : the folder itself */
    char text[RT_PATH];     /* where it is, without links, as the kernel says */
    size_t len;
} RtPath;
/* openat2, closed on exec. Returns a descriptor or a negative error number. */
int rt_path_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve);
/* Takes apart path, relative to dirfd. follow: also the last component, if it is a link. Returns an error number. */
int rt_path_open(RtPath *p, int dirfd, const char *path, bool follow);
int rt_path_object(const RtPath *p);                    /* an O_PATH handle of the object there, or a negative error number */
void rt_path_close(RtPath *p);
/* The text of a path that cannot be taken apart: absolute, components cleaned. */
void rt_path_lexical(RtPath *p, int dirfd, const char *path);
int rt_path_of_fd(int fd, char text[RT_PATH]);          /* its length, or a negative error number */
bool rt_path_below(GoString path, GoString scope);
/* The absolute path without links that a grant's scope is kept as; its last components need not exist. 0: error. */
size_t rt_path_anchor(GoString scope, char text[RT_PATH]);

/* ---- handles.c ---- */
/* From now on goroutines with limited rights can neither use nor close the descriptor; false: one is about to. */
bool rt_handle_keep(int fd);
bool rt_handle_is_kept(int fd);
/* Before and behind a call that closes or replaces fd; false: it must not be made. */
bool rt_handle_ends(int fd);
void rt_handle_ended(int fd);
/* The same as rt_path_openat2, and kept; rt_handle_close ends that. */
int rt_handle_open(int dir, const char *path, uint64_t flags, uint64_t resolve);
void rt_handle_close(int fd);                           /* negative: nothing */

/* ---- deny.c ---- */
extern bool rt_caps_watch;                              /* somebody is told of every use */
extern bool rt_forked;                                  /* this is a child between fork and exec */
/* Whether the running goroutine may; tells the audit. On a goroutine's stack, not between rt_enter_ and exit_syscall. */
bool rt_caps_check(const RtResource *r);
_Noreturn void rt_caps_deny(const RtResource *r);       /* panics with a *caps.Error */
/* The check of runtime functions: panics unless allowed. */
static inline void rt_caps_need(int cap, const char *op, GoString text) {
    if (RT_LIKELY(!(rt_g->lacks & rt_cap_bit(cap)))) return;
    RtResource r = {.cap = cap, .op = op, .text = text};
    if (!rt_caps_check(&r)) rt_caps_deny(&r);
}
void rt_caps_audit_start(const char *file);             /* GOO_CAPS_AUDIT */
extern GoClosure *rt_caps_audit_fn;                     /* caps.Audit's function, or NULL */

/* ---- scope.c ---- */
void rt_caps_limit_memory(const RtCaps *set);           /* of the running goroutine and what it starts, by the set's budget */
extern const RtCaps *rt_caps_root;                      /* the program's ceiling; NULL: all. Of goroutines without parent */
void rt_caps_set(const RtCaps *set);                    /* of the running goroutine */
void rt_caps_begin(RtGoroutine *g, const RtCaps *set);  /* of one that starts */
void rt_caps_watch_all(void);                           /* from now on every check of every goroutine is seen */
void rt_caps_drop(const RtCaps *set);                   /* for the rest of its life */

/* ---- calls.c ---- */
/* Makes a system call of compiled code if the running goroutine may; panics otherwise. Negative: an error number. */
long rt_caps_syscall(uintptr_t num, const uintptr_t a[6]);
/* Whether the running goroutine may make it on all threads: one that is not checked by its arguments. Panics if the
 * goroutine lacks `system`. */
bool rt_caps_all_threads(uintptr_t num);

/* ---- start.c ---- */
/* Before the first initialiser of the program, on its first goroutine: ceiling, GOO_CAPS, audit. */
void rt_caps_start(void);

#endif
