/* paths.c: where goo finds its parts, and temporary folders.
 *
 * Everything is found relative to the command itself, so that a build tree and an installation both work without
 * being told where they are: BUILD/goo with BUILD/lib, BUILD/std and BUILD/goroot, or PREFIX/bin/goo with
 * PREFIX/lib/goo and PREFIX/share/goo/goroot. */
#include "driver/driver.h"
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *first_existing(Arena *a, const char *dir, const char *const *names, int n) {
    for (int i = 0; i < n; i++) {
        const char *p = arena_printf(a, "%s/%s", dir, names[i]);
        if (access(p, R_OK) == 0) return p;
    }
    return NULL;
}

static const char *exe_path(Arena *a) {
    char buf[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", buf, sizeof buf);
    return n > 0 ? arena_strndup(a, buf, (size_t)n) : "goo";
}

static const char *dir_of(Arena *a, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? arena_strndup(a, path, (size_t)(slash - path)) : ".";
}

const char *absolute_path(Arena *a, const char *path) {
    char cwd[PATH_MAX];
    if (path[0] != '/' && getcwd(cwd, sizeof cwd)) path = arena_printf(a, "%s/%s", cwd, path);
    char *out = arena_alloc(a, strlen(path) + 2);
    size_t n = 0; /* out[0..n) has no empty, . or .. element, and no slash at its end */
    for (const char *s = path, *end; *s; s = end) {
        while (*s == '/') s++;
        end = s + strcspn(s, "/");
        if (end == s || (end - s == 1 && s[0] == '.')) continue;
        if (end - s == 2 && s[0] == '.' && s[1] == '.') {
            while (n > 0 && out[--n] != '/') continue;
        } else {
            out[n++] = '/';
            memcpy(out + n, s, (size_t)(end - s));
            n += (size_t)(end - s);
        }
    }
    out[n] = 0;
    return out;
}

/* Without links, so that it can be compared with other paths. */
static const char *real_path(Arena *a, const char *path) {
    char buf[PATH_MAX];
    return realpath(path, buf) ? arena_strdup(a, buf) : path;
}

static const char *cache_dir(Arena *a) {
    const char *e = getenv("GOO_CACHE");
    if (e && *e) return e;
    e = getenv("XDG_CACHE_HOME");
    if (e && *e == '/') return arena_printf(a, "%s/goo", e);
    e = getenv("HOME");
    return e && *e ? arena_printf(a, "%s/.cache/goo", e) : NULL;
}

void paths_init(Paths *p, Arena *a) {
    static const char *const libs[] = {"lib/goort.o", "../lib/goo/goort.o"};
    static const char *const stds[] = {"std", "../lib/goo/std"};
    static const char *const roots[] = {"goroot/src/unsafe/unsafe.go", "../share/goo/goroot/src/unsafe/unsafe.go"};
    static const char *const libraries[] = {"pkg", "../lib/goo/pkg"};
    static const char *const gccjits[] = {"lib/gccjit.so", "../lib/goo/gccjit.so"};
    p->exe = exe_path(a);
    const char *dir = dir_of(a, p->exe);
    const char *lib = first_existing(a, dir, libs, 2);
    p->runtime_lib = lib ? lib : arena_printf(a, "%s/%s", dir, libs[0]);
    const char *std = first_existing(a, dir, stds, 2);
    p->std = std ? std : arena_printf(a, "%s/%s", dir, stds[0]);
    const char *root = getenv("GOO_GOROOT");
    const char *mark = root && *root ? NULL : first_existing(a, dir, roots, 2);
    if (mark) root = dir_of(a, dir_of(a, dir_of(a, mark)));
    p->goroot = root && *root ? real_path(a, root) : NULL;
    p->library = first_existing(a, dir, libraries, 2);
    p->cache = cache_dir(a);
    gen_gcc_set_copy(first_existing(a, dir, gccjits, 2));
}

bool make_dirs(const char *path) {
    char buf[PATH_MAX];
    size_t n = strlen(path);
    if (n >= sizeof buf) return errno = ENAMETOOLONG, false;
    memcpy(buf, path, n + 1);
    for (char *s = buf + 1; *s; s++) {
        if (*s != '/') continue;
        *s = 0;
        if (mkdir(buf, 0777) && errno != EEXIST) return false;
        *s = '/';
    }
    return mkdir(buf, 0777) == 0 || errno == EEXIST;
}

/* ---- temporary folders ---- */

/* One per process: signal handlers and exit must find it. */
static char temp_path[PATH_MAX];
static pid_t temp_owner; /* forked children leave it alone */

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void temp_dir_remove(void) {
    if (!temp_path[0] || getpid() != temp_owner) return;
    nftw(temp_path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    temp_path[0] = 0;
}

static void on_signal(int sig) {
    temp_dir_remove(); /* not strictly safe in a handler, but the alternative is a folder left behind */
    signal(sig, SIG_DFL);
    raise(sig);
}

const char *temp_dir(void) {
    if (temp_path[0]) return temp_path;
    const char *base = getenv("TMPDIR");
    if (!base || !*base) base = "/tmp";
    if (snprintf(temp_path, sizeof temp_path, "%s/goo-XXXXXX", base) >= (int)sizeof temp_path || !mkdtemp(temp_path)) {
        fprintf(stderr, "goo: cannot create a temporary folder in %s: %s\n", base, strerror(errno));
        temp_path[0] = 0;
        return NULL;
    }
    temp_owner = getpid();
    atexit(temp_dir_remove);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], on_signal);
    return temp_path;
}
