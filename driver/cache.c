/* cache.c: executables kept for `goo run`, so that a second run of the same source starts at once. (What is kept of
 * packages is in objects.c.)
 *
 * An entry is named after the hash (XXH3, 128 bits) of everything known before a source is read: the sources' paths,
 * the flags, and the identity of the compiler. Its manifest lists every file and folder that the build read, with
 * the hash of its content. Of the executable, and of the library, it has the hash of what the file system says: inode,
 * size and the time of the last change, which nobody can set, so that starting a program does not read all of that
 * first. An entry is used only when all of it still holds, so a damaged or stale one is rebuilt. Files are written aside
 * and renamed: readers see whole entries only. */
#include "driver/driver.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <time.h>
#include <xxhash.h>

#define MANIFEST_HEADER "goo-cache 1\n"
enum { KEEP_DAYS = 30 };

static HashText hash_text(XXH128_hash_t h) {
    HashText t;
    snprintf(t.s, sizeof t.s, "%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
    return t;
}

HashText hash_data(const void *p, size_t n) { return hash_text(XXH3_128bits(p, n)); }

/* ---- what an entry is named after ---- */

static void add_identity(Buf *key, const char *path) {
    struct stat st;
    if (stat(path, &st)) memset(&st, 0, sizeof st);
    buf_printf(key, "%s %lld %lld.%09ld\n", path, (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* Which module file governs a source: one that is added or removed changes what the source means. */
static void add_module(Arena *a, Buf *key, const char *source) {
    const char *slash = is_dir(source) ? source + strlen(source) : strrchr(source, '/');
    const char *file = module_file(a, arena_strndup(a, source, (size_t)(slash - source)));
    if (file) buf_printf(key, "%s\n", file);
}

bool cache_entry(Arena *a, const Paths *p, const Options *o, char **args, int nargs, CacheEntry *e) {
    if (!p->cache) return false;
    const char *dir = arena_printf(a, "%s/run", p->cache);
    Buf key = {0};
    add_identity(&key, p->exe);
    add_identity(&key, p->runtime_lib);
    buf_printf(&key, "%d %d %d %s\n", o->opt_level, o->debug, o->generic_aliases, o->language ? o->language : "");
    buf_printf(&key, "%s\n%s\n", o->policy ? o->policy : "", o->sandbox ? o->sandbox : "");
    bool usable = true;
    for (int i = 0; i < nargs; i++) {
        char real[PATH_MAX];
        if (!strcmp(args[i], "-") || !realpath(args[i], real)) usable = false; /* reported when it is read */
        else buf_printf(&key, "%s %s\n", args[i], real), add_module(a, &key, real);
    }
    HashText h = hash_data(key.data, key.len);
    buf_free(&key);
    e->exe = arena_printf(a, "%s/%s", dir, h.s);
    e->manifest = arena_printf(a, "%s/%s.deps", dir, h.s);
    return usable && make_dirs(dir);
}

/* ---- manifests ---- */

HashText hash_state(const struct stat *st) {
    const int64_t state[] = {(int64_t)st->st_dev, (int64_t)st->st_ino, st->st_size, st->st_ctim.tv_sec, st->st_ctim.tv_nsec};
    return hash_data(state, sizeof state);
}

/* The hash of a file's content, of its state, or of names in a folder. False: it is not there. */
static bool hash_input(Arena *a, const char *path, char kind, HashText *out) {
    if (kind == INPUT_EXE || kind == INPUT_LIBRARY) {
        struct stat st;
        bool there = stat(path, &st) == 0;
        if (there) *out = hash_state(&st);
        return there;
    }
    if (kind != INPUT_SOURCES && kind != INPUT_NAMES) {
        size_t n;
        char *text = read_file(a, path, &n);
        if (text) *out = hash_data(text, n);
        return text != NULL;
    }
    DIR *d = opendir(path);
    if (!d) return false;
    uint64_t sum = 0; /* independent of the order in which names come */
    for (struct dirent *e; (e = readdir(d));)
        if (kind == INPUT_NAMES || is_source_name(e->d_name)) sum += XXH3_64bits(e->d_name, strlen(e->d_name));
    closedir(d);
    *out = hash_data(&sum, sizeof sum);
    return true;
}

/* Checks one line "kind hash path". */
static bool line_holds(Arena *a, const char *line, const char *exe) {
    char kind = line[0];
    if (strlen(line) < 35 || line[1] != ' ' || line[34] != ' ') return false;
    HashText h;
    return hash_input(a, kind == INPUT_EXE ? exe : line + 35, kind, &h) && !memcmp(h.s, line + 2, 32);
}

/* Checks the lines in reverse. */
static bool manifest_holds(Arena *a, char *text, const char *exe) {
    if (strncmp(text, MANIFEST_HEADER, strlen(MANIFEST_HEADER)) || !has_suffix(text, "\nend\n")) return false;
    char *first = text + strlen(MANIFEST_HEADER), *end = text + strlen(text) - 4;
    while (end > first) {
        end[-1] = 0;
        char *line = end - 1;
        while (line > first && line[-1] != '\n') line--;
        if (!line_holds(a, line, exe)) return false;
        end = line;
    }
    return true;
}

bool cache_is_fresh(Arena *a, const CacheEntry *e) {
    size_t n;
    char *text = read_file(a, e->manifest, &n);
    if (!text || strlen(text) != n || !manifest_holds(a, text, e->exe)) return false;
    cache_touch(e->manifest);
    return access(e->exe, X_OK) == 0;
}

/* ---- storing ---- */

bool write_file(const char *path, const void *data, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    bool ok = true;
    for (size_t done = 0; ok && done < n;) {
        ssize_t w = write(fd, (const char *)data + done, n - done);
        if (w < 0 && errno != EINTR) ok = false;
        if (w > 0) done += (size_t)w;
    }
    return close(fd) == 0 && ok;
}

bool cache_move(Arena *a, const char *from, const char *to) {
    if (rename(from, to) == 0) return true;
    size_t n;
    char *data = read_file(a, from, &n);
    const char *aside = arena_printf(a, "%s.%ld", to, (long)getpid());
    if (data && write_file(aside, data, n) && chmod(aside, 0755) == 0 && rename(aside, to) == 0) return true;
    unlink(aside);
    return false;
}

void cache_touch(const char *path) { utimensat(AT_FDCWD, path, NULL, 0); }

void cache_trim(Arena *a, const char *dir, const char *suffix, const char *const *others) {
    DIR *d = opendir(dir);
    if (!d) return;
    time_t oldest = time(NULL) - KEEP_DAYS * 24 * 3600;
    for (struct dirent *e; (e = readdir(d));) {
        const char *path = arena_printf(a, "%s/%s", dir, e->d_name);
        struct stat st;
        if (!has_suffix(path, suffix) || stat(path, &st) || st.st_mtime >= oldest) continue;
        unlink(path);
        const char *base = arena_strndup(a, path, strlen(path) - strlen(suffix));
        for (const char *const *o = others; *o; o++) unlink(arena_printf(a, "%s%s", base, *o));
    }
    closedir(d);
}

/* Moves an executable into the cache; *state gets the hash of its state there, even if another goo replaces it at once. */
static bool store_executable(Arena *a, const char *from, const char *to, HashText *state) {
    const char *aside = arena_printf(a, "%s.%ld", to, (long)getpid());
    int fd = cache_move(a, from, aside) ? open(aside, O_RDONLY | O_CLOEXEC) : -1;
    struct stat st;
    bool ok = fd >= 0 && rename(aside, to) == 0 && fstat(fd, &st) == 0;
    if (ok) *state = hash_state(&st);
    else cache_move(a, aside, from);
    if (fd >= 0) close(fd);
    return ok;
}

void cache_note_inputs(Arena *a, CacheEntry *e, const Loader *l) {
    char cwd[PATH_MAX];
    bool ok = getcwd(cwd, sizeof cwd - 1) != NULL;
    if (ok) strcat(cwd, "/");
    HashText h;
    for (int i = 0; ok && i < l->inputs.len; i++) {
        const Input *in = &l->inputs.at[i];
        ok = hash_input(a, in->path, in->kind, &h);
        buf_printf(&e->inputs, "%c %s %s%s\n", in->kind, h.s, in->path[0] == '/' ? "" : cwd, in->path);
    }
    if (!ok) e->inputs.len = 0;
    const char *slash = strrchr(e->exe, '/');
    cache_trim(a, arena_strndup(a, e->exe, (size_t)(slash - e->exe)), ".deps", (const char *const[]){"", NULL});
}

const char *cache_store(Arena *a, CacheEntry *e, const char *path) {
    HashText h;
    unlink(e->manifest); /* while the executable changes there is no entry */
    if (!store_executable(a, path, e->exe, &h)) return path;
    Buf m = {0};
    buf_printf(&m, MANIFEST_HEADER "%c %s %s\n", INPUT_EXE, h.s, e->exe);
    buf_put(&m, e->inputs.data, e->inputs.len);
    buf_puts(&m, "end\n");
    const char *aside = arena_printf(a, "%s.%ld", e->manifest, (long)getpid());
    if (!e->inputs.len || !write_file(aside, m.data, m.len) || rename(aside, e->manifest)) unlink(aside);
    buf_free(&m);
    buf_free(&e->inputs);
    return e->exe;
}

static int remove_files(Arena *a, const char *dir) {
    DIR *d = opendir(dir);
    int status = EXIT_OK;
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        const char *path = arena_printf(a, "%s/%s", dir, e->d_name);
        if (unlink(path)) {
            fprintf(stderr, "goo: cannot remove %s: %s\n", path, strerror(errno));
            status = EXIT_USAGE;
        }
    }
    if (d) closedir(d);
    return status;
}

int cmd_clean(const Options *o) {
    if (!takes_nothing(o)) return EXIT_USAGE;
    Arena *a = arena_new();
    Paths p;
    paths_init(&p, a);
    int status = EXIT_OK;
    static const char *const folders[] = {"run", "lib", "image"};
    for (size_t i = 0; p.cache && i < sizeof folders / sizeof *folders; i++) {
        int st = remove_files(a, arena_printf(a, "%s/%s", p.cache, folders[i]));
        if (st) status = st;
    }
    arena_free(a);
    return status;
}
