/* path.c: what a path leads to, so that a check and the call that follows it speak of the same object.
 *
 * The folder that the last component is in is opened as a handle (O_PATH), by the kernel's own resolution, with
 * links that procfs makes up (/proc/self/root, /proc/self/fd/N) refused; the last component is followed here, one link at
 * a time. Where the handle is, is then asked of the kernel (/proc/self/fd): an absolute path without links or "..",
 * which a scope is compared with. The call is made relative to the handle and follows nothing (calls.c), so whoever
 * exchanges a component meanwhile changes nothing of what was checked.
 *
 * RESOLVE_BENEATH against a handle of the scope would be narrower than scopes are: a set has several, and a link from
 * one to another, or an absolute one within a scope, leads nowhere that the set does not allow.
 *
 * System calls are made directly: a check may run in a child between fork and exec. */
#define _GNU_SOURCE
#include "runtime/caps/caps.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* as the kernel */

int rt_path_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve};
    long r = syscall(SYS_openat2, dir, path, &how, sizeof how);
    return (int)(r < 0 ? -errno : r);
}

/* "/proc/self/fd/" + fd */
static void fd_link(int fd, char out[32]) {
    static const char prefix[] = "/proc/self/fd/";
    char *p = out + 31;
    *p = 0;
    do *--p = (char)('0' + fd % 10);
    while (fd /= 10);
    size_t n = (size_t)(out + 32 - p);
    memmove(out + sizeof prefix - 1, p, n);
    memcpy(out, prefix, sizeof prefix - 1);
}

int rt_path_of_fd(int fd, char text[RT_PATH]) {
    char link[32];
    fd_link(fd, link);
    long n = syscall(SYS_readlinkat, AT_FDCWD, link, text, RT_PATH - 1);
    if (n < 0) return -errno;
    text[n] = 0;
    return (int)n;
}

/* ---- taking apart ---- */

/* Where the last component of path begins; slashes behind it are cut off. */
static size_t split(char *path, bool *folder) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        path[--n] = 0;
        *folder = true;
    }
    while (n > 0 && path[n - 1] != '/') n--;
    return n;
}

static bool is_dots(const char *name) { return !name[0] || !strcmp(name, ".") || !strcmp(name, ".."); }

/* Opens what path is relative to dirfd, of which the last component is neither followed nor looked at. */
static int open_folder(RtPath *p, int dirfd, char *path) {
    size_t at = split(path, &p->folder);
    char *name = path + at, first = *name;
    if (is_dots(name)) {
        strcpy(p->name, ".");
        p->folder = true;
    } else if (strlen(name) >= sizeof p->name) {
        return ENAMETOOLONG;
    } else {
        strcpy(p->name, name);
        *name = 0;
    }
    int dir = rt_handle_open(dirfd, *path ? path : ".", O_PATH | O_DIRECTORY, RESOLVE_NO_MAGICLINKS);
    *name = first;
    if (dir < 0) return -dir;
    p->dir = dir;
    return 0;
}

static int canonical_text(RtPath *p) {
    int n = rt_path_of_fd(p->dir, p->text);
    if (n < 0) return -n;
    if (p->text[0] != '/') return ENOENT; /* outside of the root, or of a file system without names */
    p->len = (size_t)n;
    if (!strcmp(p->name, ".")) return 0;
    size_t name = strlen(p->name);
    if (p->len + name + 2 > RT_PATH) return ENAMETOOLONG;
    if (p->len > 1) p->text[p->len++] = '/';
    memcpy(p->text + p->len, p->name, name + 1);
    p->len += name;
    return 0;
}

int rt_path_open(RtPath *p, int dirfd, const char *path, bool follow) {
    char buf[RT_PATH];
    int from = -1; /* the folder of the last link, which the present path is relative to */
    p->dir = -1;
    p->folder = false;
    if (!*path) return ENOENT;
    if (!memccpy(buf, path, 0, sizeof buf)) return ENAMETOOLONG;
    for (int links = 0;; links++) {
        p->dir = -1;
        int err = open_folder(p, from >= 0 ? from : dirfd, buf);
        rt_handle_close(from);
        if (err) return err;
        if (!strcmp(p->name, ".") || !(follow || p->folder)) break;
        long n = syscall(SYS_readlinkat, p->dir, p->name, buf, sizeof buf - 1);
        if (n < 0) break; /* no link, or nothing there */
        if (links == MAX_LINKS) return ELOOP;
        buf[n] = 0;
        from = p->dir;
    }
    return canonical_text(p);
}

int rt_path_object(const RtPath *p) {
    uint64_t flags = O_PATH | O_NOFOLLOW | (p->folder ? O_DIRECTORY : 0);
    return rt_handle_open(p->dir, p->name, flags, RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
}

void rt_path_close(RtPath *p) {
    rt_handle_close(p->dir);
    p->dir = -1;
}

/* ---- texts ---- */

bool rt_path_below(GoString path, GoString scope) {
    if (path.len < scope.len || !rt_same(path.ptr, scope.ptr, (size_t)scope.len)) return false;
    return path.len == scope.len || scope.len == 1 || path.ptr[scope.len] == '/';
}

static size_t append_clean(char *text, size_t len, const char *path) {
    for (const char *at = path; *at;) {
        size_t n = strcspn(at, "/");
        if (n == 2 && at[0] == '.' && at[1] == '.') {
            while (len > 0 && text[--len] != '/') {}
        } else if (n && !(n == 1 && at[0] == '.') && len + n + 2 < RT_PATH) {
            text[len++] = '/';
            memcpy(text + len, at, n);
            len += n;
        }
        at += n + (at[n] == '/');
    }
    return len;
}

void rt_path_lexical(RtPath *p, int dirfd, const char *path) {
    p->len = 0;
    if (path[0] != '/') {
        long n = dirfd == AT_FDCWD ? syscall(SYS_getcwd, p->text, RT_PATH) - 1 : rt_path_of_fd(dirfd, p->text);
        p->len = n > 1 ? (size_t)n : 0;
    }
    p->len = append_clean(p->text, p->len, path);
    if (p->len == 0) p->text[p->len++] = '/';
    p->text[p->len] = 0;
}

/* Opens the whole path, or, while it does not exist, less and less of it. */
size_t rt_path_anchor(GoString scope, char text[RT_PATH]) {
    char path[RT_PATH], rest[RT_PATH] = "";
    if (scope.len == 0 || scope.len >= RT_PATH - 2 || memchr(scope.ptr, 0, (size_t)scope.len)) return 0;
    memcpy(path, scope.ptr, (size_t)scope.len);
    path[scope.len] = 0;
    for (;;) {
        int fd = rt_path_openat2(AT_FDCWD, *path ? path : ".", O_PATH, RESOLVE_NO_MAGICLINKS);
        if (fd >= 0) {
            int n = rt_path_of_fd(fd, text);
            syscall(SYS_close, fd);
            if (n <= 0 || text[0] != '/') return 0;
            size_t len = append_clean(text, n == 1 ? 0 : (size_t)n, rest);
            return len ? len : (text[0] = '/', 1);
        }
        if (fd != -ENOENT) return 0;
        bool folder;
        size_t at = split(path, &folder), have = strlen(rest), more = strlen(path + at);
        if (is_dots(path + at) || have + more + 2 > sizeof rest) return 0;
        memmove(rest + more + 1, rest, have + 1);
        memcpy(rest, path + at, more);
        rest[more] = '/';
        path[at] = 0;
    }
}
