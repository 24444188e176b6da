/* calls.c: every system call of compiled code comes by here while the goroutine's rights are limited or audited.
 *
 * calls.def says what a call needs. Where the resource is named in memory that other threads can change, the kernel is
 * given a copy or a handle of what was checked. In a child between fork and exec, which cannot panic, a call that is
 * not allowed fails with EPERM. */
#define _GNU_SOURCE
#include "runtime/caps/calls.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

long rt_call_kernel(const RtCall *c, uintptr_t num, const uintptr_t a[6]) {
    if (c->blocks) rt_enter_syscall();
    long r = syscall((long)num, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (r < 0) r = -errno;
    if (c->blocks) rt_exit_syscall();
    return r;
}

/* ---- what checks are made of ---- */

bool rt_call_has(int cap) { return !(rt_g->lacks & rt_cap_bit(cap)); }

int rt_call_need(RtCall *c, int cap, GoString text, const RtNet *net) {
    if (rt_call_has(cap)) return 0;
    c->denied = (RtResource){.cap = cap, .op = c->name, .text = text, .net = net};
    return rt_caps_check(&c->denied) ? 0 : DENIED;
}

static GoString path_text(const RtPath *p) { return (GoString){(const uint8_t *)p->text, (int64_t)p->len}; }

static int need_all(RtCall *c, RtCapMask mask, GoString text) {
    for (int cap = 0; cap < RT_CAP_COUNT; cap++)
        if ((mask & rt_cap_bit(cap)) && rt_call_need(c, cap, text, NULL)) return DENIED;
    return 0;
}

static bool has_all(RtCapMask mask) { return !(rt_g->lacks & mask); }

/* A path in the caller's memory, copied; false: too long. */
static bool copy_path(char to[RT_PATH], uintptr_t from) { return memccpy(to, (const char *)from, 0, RT_PATH) != NULL; }

static int dir_of(const RtCall *c, int dir) { return dir == NONE ? AT_FDCWD : (int)c->a[dir]; }

int rt_call_take(RtCall *c, RtCapMask mask, int at, int path, int dir, bool follow) {
    char copy[RT_PATH];
    RtPath *p = &c->paths[at];
    if (!c->a[path]) return EFAULT;
    if (!copy_path(copy, c->a[path])) return ENAMETOOLONG;
    int err = rt_path_open(p, dir_of(c, dir), copy, follow);
    c->npaths = at + 1;
    if (!err) return 0;
    rt_path_close(p);
    /* Whether there is anything at a path outside of its scopes is nothing that the caller may learn. */
    rt_path_lexical(p, dir_of(c, dir), copy);
    return need_all(c, mask, path_text(p)) ? DENIED : err;
}

size_t rt_call_fd_link(char *to, int fd) {
    static const char prefix[] = "/proc/self/fd/";
    uint8_t digits[20], *p = rt_format_uint(digits + sizeof digits, (uint64_t)fd);
    size_t n = (size_t)(digits + sizeof digits - p);
    memcpy(to, prefix, sizeof prefix - 1);
    memcpy(to + sizeof prefix - 1, p, n);
    to[sizeof prefix - 1 + n] = 0;
    return sizeof prefix - 1 + n;
}

/* Argument `path` becomes the name c->paths[at] in its folder. slash: as a folder, if it was written as one. */
static void use_entry(RtCall *c, int at, int path, bool slash) {
    const RtPath *p = &c->paths[at];
    char *link = c->links[at];
    size_t n = rt_call_fd_link(link, p->dir);
    link[n++] = '/';
    strcpy(link + n, p->name);
    if (slash && p->folder) strcat(link, "/");
    c->a[path] = (uintptr_t)link;
}

static int use_object(RtCall *c, int at, int path) {
    int fd = rt_path_object(&c->paths[at]);
    if (fd < 0) return -fd;
    c->objects[c->nobjects++] = fd;
    rt_call_fd_link(c->links[at], fd);
    c->a[path] = (uintptr_t)c->links[at];
    return 0;
}

int rt_call_path(RtCall *c, RtCapMask mask, int path, int dir, bool follow) {
    int err = rt_call_take(c, mask, 0, path, dir, follow);
    if (err) return err;
    if (need_all(c, mask, path_text(&c->paths[0]))) return DENIED;
    return use_object(c, 0, path);
}

static int check_entry(RtCall *c, RtCapMask mask, int path, int dir) {
    if (has_all(mask)) return 0;
    static const char self[] = "/proc/self/exe"; /* its own program's path is no secret */
    if (c->a[path] && !strncmp((const char *)c->a[path], self, sizeof self) && c->num == SYS_readlinkat) {
        c->a[path] = (uintptr_t)self;
        return 0;
    }
    bool changes = (mask & rt_cap_bit(RT_CAP_FILE_WRITE)) != 0;
    int err = rt_call_take(c, mask, 0, path, dir, false);
    if (err) return err;
    if (need_all(c, mask, path_text(&c->paths[0]))) return DENIED;
    use_entry(c, 0, path, changes);
    return 0;
}

static int need_fd(RtCall *c, int cap, int fd) {
    if (rt_call_has(cap)) return 0;
    int n = rt_path_of_fd(fd, c->text);
    return rt_call_need(c, cap, n < 0 ? RT_STR("") : (GoString){(const uint8_t *)c->text, n}, NULL);
}

/* An empty path stands for the handle itself. The kernel shall not see another one there. */
static bool names_handle(RtCall *c, int path, uintptr_t flags) {
    if (c->a[path] && (!(flags & AT_EMPTY_PATH) || *(const char *)c->a[path])) return false;
    if (c->a[path]) c->a[path] = (uintptr_t)"";
    return true;
}

static int check_object(RtCall *c, int cap, int path, int dir, int flags) {
    if (rt_call_has(cap)) return 0;
    uintptr_t f = flags == NONE ? 0 : c->a[flags];
    if (flags != NONE && names_handle(c, path, f)) return cap == RT_CAP_FILE_READ ? 0 : need_fd(c, cap, dir_of(c, dir));
    if (f & AT_SYMLINK_NOFOLLOW) return check_entry(c, rt_cap_bit(cap), path, dir);
    return rt_call_path(c, rt_cap_bit(cap), path, dir, true);
}

/* ---- opening ---- */

static bool is_harmless_device(dev_t d) {
    if (major(d) == 1) return minor(d) == 3 || minor(d) == 5 || (minor(d) >= 7 && minor(d) <= 9); /* null zero full random */
    return (major(d) == 5 && minor(d) != 1) || (major(d) >= 136 && major(d) <= 143); /* terminals, but the console */
}

/* What opening the thing there needs beside the right to the path. */
static RtCapMask special_needs(const RtPath *p, bool writes) {
    struct stat st;
    struct statfs fs;
    RtCapMask needs = 0;
    if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) && !is_harmless_device(st.st_rdev))
        needs |= rt_cap_bit(RT_CAP_DEVICE);
    if (fstatfs(p->dir, &fs)) return needs;
    if (fs.f_type == PROC_SUPER_MAGIC && (!strcmp(p->name, "mem") || !strcmp(p->name, "kcore"))) needs |= rt_cap_bit(RT_CAP_MEMORY_RAW);
    if (fs.f_type == PROC_SUPER_MAGIC && !strcmp(p->name, "environ")) needs |= rt_cap_bit(RT_CAP_ENV_READ);
    bool settings = fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC ||
                    fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == DEBUGFS_MAGIC || fs.f_type == TRACEFS_MAGIC;
    return settings && writes ? needs | rt_cap_bit(RT_CAP_SYSTEM) : needs;
}

enum { ALL_SPECIAL = 1u << RT_CAP_DEVICE | 1u << RT_CAP_MEMORY_RAW | 1u << RT_CAP_ENV_READ | 1u << RT_CAP_SYSTEM };

static int open_path(RtCall *c, int path, int dir, uint64_t flags, uint64_t mode, uint64_t resolve) {
    RtCapMask mask = 0;
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE;
    if (flags & O_PATH) writes = false, flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, mode = 0;
    if (writes) mask |= rt_cap_bit(RT_CAP_FILE_WRITE);
    if ((flags & O_ACCMODE) != O_WRONLY) mask |= rt_cap_bit(RT_CAP_FILE_READ);
    if (has_all(mask | ALL_SPECIAL)) return 0;
    bool follow = !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
    int err = rt_call_take(c, mask, 0, path, dir, follow);
    if (err) return err;
    RtPath *p = &c->paths[0];
    static const char null[] = "/dev/null"; /* reads and keeps nothing */
    mask |= special_needs(p, writes);
    if (p->len == sizeof null - 1 && !memcmp(p->text, null, sizeof null) && !(mask & rt_cap_bit(RT_CAP_DEVICE)) && !rt_caps_watch) mask = 0;
    if (need_all(c, mask, path_text(p))) return DENIED;
    bool creates = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
    struct open_how how = {.flags = (uint32_t)flags | O_NOFOLLOW | (p->folder && !creates ? O_DIRECTORY : 0), .mode = creates ? mode & 07777 : 0,
                           .resolve = resolve | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH};
    c->done = true;
    c->result = rt_call_kernel(c, SYS_openat2, (uintptr_t[6]){(uintptr_t)p->dir, (uintptr_t)p->name, (uintptr_t)&how, sizeof how});
    return 0;
}

static int check_openat(RtCall *c) { return open_path(c, 1, 0, c->a[2], c->a[3], 0); }

static int check_openat2(RtCall *c) {
    struct open_how how = {0};
    if (c->a[3] < sizeof how) return EINVAL;
    if (c->a[3] > sizeof how) return E2BIG;
    memcpy(&how, (const void *)c->a[2], sizeof how);
    memcpy(c->copy, &how, sizeof how);
    c->a[2] = (uintptr_t)c->copy;
    /* Restrictions on the way to the last component are not kept: the scopes are narrower, or all is allowed. */
    if (how.resolve & ~(uint64_t)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_CACHED)) return has_all(RT_CAPS_FILE | ALL_SPECIAL) ? 0 : EXDEV;
    return open_path(c, 1, 0, how.flags, how.mode, how.resolve & RESOLVE_NO_SYMLINKS);
}

/* ---- making, moving ---- */

static int make_node(RtCall *c, int path, int dir, uintptr_t mode) {
    if ((S_ISCHR(mode) || S_ISBLK(mode)) && rt_call_need(c, RT_CAP_DEVICE, RT_STR(""), NULL)) return DENIED;
    return check_entry(c, rt_cap_bit(RT_CAP_FILE_WRITE), path, dir);
}

static int check_mknodat(RtCall *c) { return make_node(c, 1, 0, c->a[2]); }

static bool may(int cap, GoString text) {
    RtResource r = {.cap = cap, .text = text};
    return rt_caps_allow(rt_g->caps, &r);
}

/* A second name, or another one, must not be the way to read what could not be read before. */
static int move_path(RtCall *c, int from, int from_dir, int to, int to_dir, bool follow) {
    RtCapMask write = rt_cap_bit(RT_CAP_FILE_WRITE);
    if (has_all(RT_CAPS_FILE)) return 0;
    int err = rt_call_take(c, write, 0, from, from_dir, follow);
    if (!err) err = rt_call_take(c, write, 1, to, to_dir, false);
    if (err) return err;
    GoString old = path_text(&c->paths[0]), new = path_text(&c->paths[1]);
    if (need_all(c, write, old) || need_all(c, write, new)) return DENIED;
    if (may(RT_CAP_FILE_READ, new) && rt_call_need(c, RT_CAP_FILE_READ, old, NULL)) return DENIED;
    use_entry(c, 0, from, true);
    use_entry(c, 1, to, true);
    return 0;
}

static int check_renameat(RtCall *c) {
    enum { EXCHANGE = 2 };
    bool exchange = c->num == SYS_renameat2 && (c->a[4] & EXCHANGE);
    if (exchange && !has_all(RT_CAPS_FILE)) { /* both ways */
        int err = move_path(c, 1, 0, 3, 2, false);
        if (err) return err;
        GoString old = path_text(&c->paths[0]), new = path_text(&c->paths[1]);
        return may(RT_CAP_FILE_READ, old) ? rt_call_need(c, RT_CAP_FILE_READ, new, NULL) : 0;
    }
    return move_path(c, 1, 0, 3, 2, false);
}

static int check_linkat(RtCall *c) {
    if (has_all(RT_CAPS_FILE)) return 0;
    if (c->a[4] & AT_EMPTY_PATH) return rt_call_need(c, RT_CAP_SYSTEM, RT_STR(""), NULL); /* gives a handle a name */
    bool follow = c->a[4] & AT_SYMLINK_FOLLOW;
    c->a[4] = 0; /* it has been followed */
    return move_path(c, 1, 0, 3, 2, follow);
}

static int check_utimensat(RtCall *c) {
    if (!c->a[1]) return need_fd(c, RT_CAP_FILE_WRITE, (int)c->a[0]);
    return check_object(c, RT_CAP_FILE_WRITE, 1, 0, 3);
}

#ifdef SYS_open
static int check_open(RtCall *c) { return open_path(c, 0, NONE, c->a[1], c->a[2], 0); }
static int check_creat(RtCall *c) {
    enum { FLAGS = O_CREAT | O_WRONLY | O_TRUNC };
    return open_path(c, 0, NONE, FLAGS, c->a[1], 0);
}
static int check_mknod(RtCall *c) { return make_node(c, 0, NONE, c->a[1]); }
static int check_rename(RtCall *c) { return move_path(c, 0, NONE, 1, NONE, false); }
static int check_link(RtCall *c) { return move_path(c, 0, NONE, 1, NONE, false); }
#endif

/* ---- handles ---- */

static int end_handle(RtCall *c, int fd) {
    if (!rt_handle_ends(fd)) return EBADF;
    c->ends = fd;
    return 0;
}

static int check_close(RtCall *c) { return end_handle(c, (int)c->a[0]); }
static int check_dup_to(RtCall *c) { return rt_handle_is_kept((int)c->a[0]) ? EBADF : end_handle(c, (int)c->a[1]); }

static int check_fcntl(RtCall *c) {
    if (rt_handle_is_kept((int)c->a[0])) return EBADF;
    c->a[1] = (uint32_t)c->a[1]; /* what the kernel looks at */
    switch (c->a[1]) {
    case F_SETOWN:
    case F_SETOWN_EX:
    case F_SETSIG: return rt_call_need(c, RT_CAP_PROCESS_SIGNAL, RT_STR(""), NULL);
    default: return 0;
    }
}

/* Requests that only ask about an open file, terminal or socket. */
static int check_ioctl(RtCall *c) {
    if (rt_handle_is_kept((int)c->a[0])) return EBADF;
    switch ((uint32_t)c->a[1]) {
    case 0x5401: /* TCGETS */
    case 0x5402: case 0x5403: case 0x5404: /* TCSETS, ...W, ...F */
    case 0x540f: case 0x5410: /* TIOCGPGRP, TIOCSPGRP */
    case 0x5413: case 0x541b: case 0x5421: /* TIOCGWINSZ, FIONREAD, FIONBIO */
    case 0x540e: /* TIOCSCTTY */
    case 0x5411: /* TIOCOUTQ */
    case 0x5450: case 0x5451: /* FIONCLEX, FIOCLEX */
    case 0x40049409: case 0x4020940d: /* FICLONE, FICLONERANGE */
    case 0x8912: case 0x8913: case 0x8915: case 0x8919: case 0x891b: case 0x8921: case 0x8927: case 0x8933: /* SIOCGIF... */
        return 0;
    default: return rt_call_need(c, RT_CAP_DEVICE, RT_STR("ioctl"), NULL);
    }
}

/* ---- the table ---- */

typedef enum Kind { K_SYSTEM, K_FREE, K_CAP, K_FD, K_OBJECT, K_ENTRY, K_BY } Kind;

typedef struct Rule {
    uint8_t kind, cap;
    int8_t path, dir, flags; /* numbers of arguments */
    uint8_t handles;         /* arguments that are descriptors that are written, read or given another number: a bit each */
    const char *name;
    RtCheck *check;
} Rule;

static const Rule rules[] = {
#define FREE(call) [SYS_##call] = {.kind = K_FREE, .name = #call},
#define HANDLES(call, set) [SYS_##call] = {.kind = K_FREE, .name = #call, .handles = set},
#define CAP(call, c) [SYS_##call] = {.kind = K_CAP, .cap = RT_CAP_##c, .name = #call},
#define FD(call, c, fd) [SYS_##call] = {.kind = K_FD, .cap = RT_CAP_##c, .dir = fd, .name = #call},
#define OBJECT(call, c, p, d, f) [SYS_##call] = {.kind = K_OBJECT, .cap = RT_CAP_##c, .path = p, .dir = d, .flags = f, .name = #call},
#define ENTRY(call, c, p, d) [SYS_##call] = {.kind = K_ENTRY, .cap = RT_CAP_##c, .path = p, .dir = d, .name = #call},
#define BY(call, function) [SYS_##call] = {.kind = K_BY, .name = #call, .check = function},
#include "runtime/caps/calls.def"
};

/* What errors call it: calls that name a folder's handle, and newer ones, are as others to the programmer. */
static const char *operation(const char *call) {
    static const char *const names[][2] = {
        {"openat", "open"}, {"openat2", "open"}, {"newfstatat", "stat"}, {"statx", "stat"}, {"faccessat", "access"},
        {"faccessat2", "access"}, {"readlinkat", "readlink"}, {"fchmodat", "chmod"}, {"fchmodat2", "chmod"}, {"fchownat", "chown"},
        {"utimensat", "chtimes"}, {"unlinkat", "remove"}, {"unlink", "remove"}, {"rmdir", "remove"}, {"mkdirat", "mkdir"},
        {"symlinkat", "symlink"}, {"mknodat", "mknod"}, {"renameat", "rename"}, {"renameat2", "rename"}, {"linkat", "link"},
        {"execve", "exec"}, {"execveat", "exec"}, {"sendto", "send"}, {"sendmsg", "send"}, {"sendmmsg", "send"},
    };
    for (int i = 0; call && i < RT_COUNT(names); i++)
        if (!strcmp(call, names[i][0])) return names[i][1];
    return call ? call : "system call";
}

static int check_handles(const RtCall *c, uint8_t handles) {
    for (int i = 0; handles >> i; i++)
        if ((handles >> i & 1) && rt_handle_is_kept((int)c->a[i])) return EBADF;
    return 0;
}

static int check_call(RtCall *c) {
    const Rule *r = c->num < sizeof rules / sizeof *rules ? &rules[c->num] : &(const Rule){0};
    c->name = operation(r->name);
    if (!rt_call_has(RT_CAP_SYSTEM) && !rt_call_by_library(__builtin_frame_address(0)) && rt_call_need(c, RT_CAP_SYSTEM, RT_STR("raw"), NULL))
        return DENIED;
    switch ((Kind)r->kind) {
    case K_SYSTEM: return rt_call_need(c, RT_CAP_SYSTEM, RT_STR(""), NULL);
    case K_FREE: return check_handles(c, r->handles);
    case K_CAP: return rt_call_need(c, r->cap, RT_STR(""), NULL);
    case K_FD: return need_fd(c, r->cap, (int)c->a[r->dir]);
    case K_OBJECT: return check_object(c, r->cap, r->path, r->dir, r->flags);
    case K_ENTRY: return check_entry(c, rt_cap_bit(r->cap), r->path, r->dir);
    case K_BY: return r->check(c);
    }
    return EPERM;
}

bool rt_caps_all_threads(uintptr_t num) {
    rt_caps_need(RT_CAP_SYSTEM, "all threads", RT_STR(""));
    const Rule *r = num < sizeof rules / sizeof *rules ? &rules[num] : &(const Rule){0};
    return r->kind == K_SYSTEM || (r->kind == K_FREE && !r->handles);
}

static void release(RtCall *c) {
    for (int i = 0; i < c->npaths; i++) rt_path_close(&c->paths[i]);
    for (int i = 0; i < c->nobjects; i++) rt_handle_close(c->objects[i]);
}

/* Apart from rt_caps_syscall, whose frame has to be small. */
static __attribute__((noinline)) long checked_call(uintptr_t num, const uintptr_t a[6], bool blocks) {
    RtCall c;
    c.num = num;
    memcpy(c.a, a, sizeof c.a);
    c.blocks = blocks;
    c.done = false;
    c.npaths = c.nobjects = 0;
    c.ends = NONE;
    int err = check_call(&c);
    if (!err && !c.done) c.result = rt_call_kernel(&c, c.num, c.a);
    rt_handle_ended(c.ends);
    release(&c);
    if (err == DENIED && !rt_forked) rt_caps_deny(&c.denied);
    return err == DENIED ? -EPERM : err ? -err : c.result;
}

void rt_call_need_program(GoString path) {
    char copy[RT_PATH];
    RtCall c;
    if (path.len >= RT_PATH) return;
    rt_copy(copy, path.ptr, (size_t)path.len);
    copy[path.len] = 0;
    c.a[0] = (uintptr_t)copy;
    c.name = "exec";
    c.npaths = c.nobjects = 0;
    int err = rt_call_take(&c, rt_cap_bit(RT_CAP_PROCESS_EXEC), 0, 0, NONE, true);
    if (!err) err = rt_call_need(&c, RT_CAP_PROCESS_EXEC, path_text(&c.paths[0]), NULL);
    release(&c);
    if (err == DENIED) rt_caps_deny(&c.denied);
}

long rt_caps_syscall(uintptr_t num, const uintptr_t a[6]) {
    bool blocks = !rt_m()->p;
    if (!blocks) return checked_call(num, a, false);
    rt_exit_syscall();
    long r = checked_call(num, a, true);
    rt_enter_syscall();
    return r;
}
