/* sandbox.c: --sandbox: the program's ceiling handed to the kernel, before the first initialiser.
 *
 * Landlock knows paths and TCP ports, seccomp the rest. Both hold for the calling thread and those it starts, so this
 * runs while there is one thread, and both are inherited by programs that are started. Landlock's restrictions add up:
 * sets that narrow each other become one layer each. What a kernel cannot do is said on standard error; a strict
 * sandbox then refuses to start.
 *
 * The kernel's rules are not narrower than the set (but that a strict sandbox lets nobody with scopes change a file's
 * attributes, for which Landlock has no rules), and where a set is finer than they can be (hosts, exceptions
 * below a path, revocable tokens) the check in the program remains the only one. */
#define _GNU_SOURCE
#include "runtime/caps/caps.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct Filter { const struct sock_filter *code; uint16_t n; RtCapMask lacking, limited; bool strict; } Filter;
#include "seccomp_filters.h"

/* ---- saying ---- */

static bool strict;

static void cannot(const char *what) {
    rt_print_lock();
    rt_print_cstr(strict ? "sandbox: refusing to start: " : "sandbox: not enforced by this kernel: ");
    rt_print_cstr(what);
    rt_print_nl();
    rt_print_unlock();
    if (strict) rt_sys_exit(1);
}

/* ---- Landlock: the kernel's interface, of all versions ---- */

enum {
    FS_EXECUTE = 1 << 0, FS_WRITE_FILE = 1 << 1, FS_READ_FILE = 1 << 2, FS_READ_DIR = 1 << 3, FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5, FS_MAKE_CHAR = 1 << 6, FS_MAKE_DIR = 1 << 7, FS_MAKE_REG = 1 << 8, FS_MAKE_SOCK = 1 << 9,
    FS_MAKE_FIFO = 1 << 10, FS_MAKE_BLOCK = 1 << 11, FS_MAKE_SYM = 1 << 12, FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14,
    FS_IOCTL_DEV = 1 << 15,
    FS_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV, /* what applies to files */
    FS_READS = FS_READ_FILE | FS_READ_DIR,
    FS_WRITES = FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO |
                FS_MAKE_SYM | FS_REFER | FS_TRUNCATE,
    FS_DEVICES = FS_MAKE_CHAR | FS_MAKE_BLOCK | FS_IOCTL_DEV,
    NET_BIND = 1 << 0, NET_CONNECT = 1 << 1,
    SCOPE_ABSTRACT = 1 << 0, SCOPE_SIGNAL = 1 << 1,
    RULE_PATH = 1, RULE_PORT = 2,
    CREATE_VERSION = 1,
    CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, /* system calls, the same on all architectures */
    MOST_PORTS = 1024,
};

typedef struct Ruleset { uint64_t fs, net, scoped; } Ruleset;
typedef struct PathRule { uint64_t access; int32_t fd; } __attribute__((packed)) PathRule;
typedef struct PortRule { uint64_t access, port; } PortRule;

static long version; /* of Landlock in this kernel; 0: none */

static uint64_t known_fs(void) {
    static const uint8_t bits[] = {0, 13, 14, 15, 15}; /* by version */
    int n = version >= 5 ? 16 : bits[version];
    return (1u << n) - 1;
}

static void add_path(int rules, const char *path, uint64_t access) {
    struct stat st;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC);
    if (fd < 0) return; /* not there: nothing to be reached */
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode)) access &= FS_FILES;
    PathRule r = {access & known_fs(), fd};
    if (r.access) syscall(ADD_RULE, rules, RULE_PATH, &r, 0);
    close(fd);
}

/* A path that does not exist yet is one of those that may be made in its folder: the closest that does exist. */
static void add_scope(int rules, GoString scope, uint64_t access) {
    char path[RT_PATH];
    if (scope.len >= RT_PATH) return;
    memcpy(path, scope.ptr, (size_t)scope.len);
    path[scope.len] = 0;
    while (access != FS_EXECUTE && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) && strrchr(path, '/') > path) *strrchr(path, '/') = 0;
    add_path(rules, path, access);
}

static void add_paths(int rules, const char *const *paths, uint64_t access) {
    for (; *paths; paths++) add_path(rules, *paths, access);
}

/* What the library reads on everybody's behalf (std/add), and what programs need to start. */
static const char *const known_files[] = {"/etc/localtime", "/usr/share/zoneinfo", "/etc/mime.types", "/usr/share/mime", "/dev/null",
    "/dev/zero", "/dev/random", "/dev/urandom", "/proc/sys/net/core/somaxconn", NULL};
static const char *const network_files[] = {"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/services",
    "/etc/protocols", "/etc/ssl/certs", "/usr/share/ca-certificates", "/etc/pki", NULL};
static const char *const loader_files[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", NULL};
static const char *const writable_devices[] = {"/dev/null", NULL};

static uint64_t fs_access(int cap) {
    return cap == RT_CAP_FILE_READ ? FS_READS : cap == RT_CAP_FILE_WRITE ? FS_WRITES : cap == RT_CAP_PROCESS_EXEC ? FS_EXECUTE | FS_READ_FILE : 0;
}

static bool ports_fit(const RtCaps *set, int cap) {
    int n = 0;
    for (const RtScope *s = set->more; s; s = s->next)
        if (s->cap == cap && s->net.kind != NET_UNIX && (n += s->net.high - s->net.low + 1) > MOST_PORTS) return false;
    return true;
}

static void add_ports(int rules, const RtScope *s, uint64_t access) {
    for (int port = s->net.low; port <= s->net.high; port++) {
        PortRule r = {access, (uint64_t)port};
        syscall(ADD_RULE, rules, RULE_PORT, &r, 0);
    }
}

static bool has_whole(const RtCaps *set, int cap) { return set->whole & rt_cap_bit(cap); }

static Ruleset handled(const RtCaps *set) {
    Ruleset r = {0};
    static const int paths[] = {RT_CAP_FILE_READ, RT_CAP_FILE_WRITE, RT_CAP_PROCESS_EXEC};
    for (int i = 0; i < RT_COUNT(paths); i++)
        if (!has_whole(set, paths[i])) r.fs |= fs_access(paths[i]) & ~(uint64_t)(i == 2 ? FS_READ_FILE : 0);
    if (!has_whole(set, RT_CAP_DEVICE)) r.fs |= FS_DEVICES;
    r.fs &= known_fs();
    if (version >= 4 && !has_whole(set, RT_CAP_NETWORK_LISTEN) && ports_fit(set, RT_CAP_NETWORK_LISTEN)) r.net |= NET_BIND;
    if (version >= 4 && !has_whole(set, RT_CAP_NETWORK_CONNECT) && ports_fit(set, RT_CAP_NETWORK_CONNECT)) r.net |= NET_CONNECT;
    if (version >= 6 && !has_whole(set, RT_CAP_NETWORK_CONNECT)) r.scoped |= SCOPE_ABSTRACT;
    if (version >= 6 && !has_whole(set, RT_CAP_PROCESS_SIGNAL)) r.scoped |= SCOPE_SIGNAL;
    return r;
}

static void add_rules(int rules, const RtCaps *set, const Ruleset *r) {
    uint64_t everywhere = 0;
    static const int paths[] = {RT_CAP_FILE_READ, RT_CAP_FILE_WRITE, RT_CAP_PROCESS_EXEC};
    for (int i = 0; i < RT_COUNT(paths); i++)
        if (has_whole(set, paths[i])) everywhere |= fs_access(paths[i]);
    if (everywhere & r->fs) add_path(rules, "/", everywhere & r->fs);
    for (const RtScope *s = set->more; s; s = s->next) {
        if (fs_access(s->cap) & r->fs) add_scope(rules, s->text, fs_access(s->cap) & r->fs);
        if (s->cap == RT_CAP_NETWORK_CONNECT && (r->net & NET_CONNECT)) add_ports(rules, s, NET_CONNECT);
        if (s->cap == RT_CAP_NETWORK_LISTEN && (r->net & NET_BIND)) add_ports(rules, s, NET_BIND);
    }
    add_paths(rules, known_files, FS_READS & r->fs);
    add_paths(rules, writable_devices, (FS_WRITE_FILE | FS_TRUNCATE) & r->fs);
    if (set->may & RT_CAPS_NETWORK) add_paths(rules, network_files, FS_READS & r->fs);
    if (set->may & rt_cap_bit(RT_CAP_PROCESS_EXEC)) add_paths(rules, loader_files, (FS_READS | FS_EXECUTE) & r->fs);
    if ((r->net & NET_CONNECT) && (set->may & rt_cap_bit(RT_CAP_NETWORK_CONNECT))) /* names are asked for over TCP, too */
        add_ports(rules, &(RtScope){.net = {.low = 53, .high = 53}}, NET_CONNECT);
    if ((r->net & NET_BIND) && (set->may & RT_CAPS_NETWORK)) /* a port of the kernel's choice */
        add_ports(rules, &(RtScope){.net = {.low = 0, .high = 0}}, NET_BIND);
}

/* One layer, for a set of grants. */
static void add_layer(const RtCaps *set) {
    Ruleset r = handled(set);
    if (!version || !(r.fs | r.net | r.scoped)) return;
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int rules = (int)syscall(CREATE_RULESET, &r, size, 0);
    if (rules < 0) return cannot("Landlock refuses a set of rules");
    add_rules(rules, set, &r);
    if (syscall(RESTRICT_SELF, rules, 0)) cannot("Landlock refuses to be put in force");
    close(rules);
}

/* What set narrows a with, as grants without scopes. */
static void add_mask(RtCapMask mask) {
    RtCaps grants = {.kind = CK_GRANTS, .may = mask, .whole = mask};
    add_layer(&grants);
}

static void add_layers(const RtCaps *set) {
    switch ((RtCapsKind)set->kind) {
    case CK_GRANTS: add_layer(set); return;
    case CK_AND:
        add_layers(set->a);
        add_layers(set->b);
        return;
    case CK_EXCEPT: {
        add_layers(set->a);
        if (set->b->whole) add_mask(RT_CAPS_ALL & ~set->b->whole);
        RtCapMask partly = set->b->may & ~set->b->whole;
        if (partly) cannot("exceptions with scopes, which are checked by the program itself");
        return;
    }
    case CK_NARROW:
    case CK_OR:
    case CK_TOKEN: add_mask(set->may); return; /* no ceiling has these */
    }
}

/* ---- what the kernel cannot do ---- */

static bool limits(const RtCaps *set, RtCapMask mask) { return (set->may & ~set->whole & mask) != 0; }

static void tell_limits(const RtCaps *set) {
    if (version < 1) cannot("files and programs: it has no Landlock");
    else if (version < 3) cannot("truncating files: its Landlock is older than version 3");
    if ((RT_CAPS_NETWORK & ~set->whole) && version && version < 4) cannot("ports: its Landlock is older than version 4");
    if (limits(set, RT_CAPS_NETWORK)) cannot("hosts, local sockets, and ports of UDP: Landlock knows ports of TCP alone; the program checks them itself");
    if (!strict && limits(set, rt_cap_bit(RT_CAP_FILE_WRITE))) cannot("modes, owners and times of files: the program checks them itself, a strict sandbox forbids them");
    if (limits(set, RT_CAPS_ENV)) cannot("names of environment variables: the program checks them itself");
    if (!(set->whole & rt_cap_bit(RT_CAP_PROCESS_SIGNAL)) && version && version < 6) cannot("the reach of signals: its Landlock is older than version 6");
}

/* ---- seccomp ---- */

static void add_filters(const RtCaps *set) {
    for (int i = 0; i < RT_COUNT(filters); i++) {
        const Filter *f = &filters[i];
        if (f->strict && !strict) continue;
        if ((f->lacking & set->may) || (f->limited && ((f->limited & set->whole) || !(f->limited & set->may)))) continue;
        struct sock_fprog p = {f->n, (struct sock_filter *)f->code};
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p)) return cannot("system calls: it has no seccomp filters");
    }
}

/* ---- all of it ---- */

static void put_in_force(void *unused) {
    (void)unused;
    const RtCaps *set = rt_caps_root ? rt_caps_root : &rt_caps_all;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return cannot("anything: it does not let programs give up privileges");
    version = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);
    if (version < 0) version = 0;
    tell_limits(set);
    if (version) add_layers(set);
    add_filters(set);
}

void rt_sandbox(void) { rt_system_stack(put_in_force, NULL); }

void rt_sandbox_strict(void) {
    strict = true;
    rt_sandbox();
}
