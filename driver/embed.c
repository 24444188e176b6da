/* embed.c: the files that //go:embed patterns name, by the rules of Go's package embed.
 *
 * A pattern is a path below the package's folder with the wildcards of path.Match; all: before it takes in hidden files
 * of folders. Folders stand for the files below them, but not beyond the start of another module. What was looked at is
 * noted for the cache, so that new files count too. */
#include "driver/driver.h"
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Embedder {
    Loader *l;
    const char *dir;     /* of the package */
    const char *pattern; /* as written */
    bool all;
    EmbedDirective *directive;
    Pos pos;             /* of the pattern */
    EmbedFiles *out;
} Embedder;

static bool set_mistake(const Embedder *e, const char *message) {
    e->directive->mistake = message;
    e->directive->mistake_pos = e->pos;
    return false;
}

static bool mistake(const Embedder *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool mistake(const Embedder *e, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(e->l->arena, fmt, ap);
    va_end(ap);
    return set_mistake(e, arena_printf(e->l->arena, "pattern %s: %s", e->pattern, what));
}

static void note(const Embedder *e, const char *path, InputKind kind) { loader_note_input(e->l, path, kind); }

/* ---- names ---- */

/* Names that no module can hold: those of version control, and with characters that some system has no use for. */
static bool is_bad_name(const char *name, size_t n) {
    static const char *const control[] = {".bzr", ".hg", ".git", ".svn"};
    for (size_t i = 0; i < sizeof control / sizeof *control; i++)
        if (strlen(control[i]) == n && !memcmp(control[i], name, n)) return true;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || strchr("\"'*<>?`|/\\:", name[i])) return true;
    return n == 0 || name[n - 1] == '.';
}

/* Whether the path is in normal form and stays below its folder; a pattern may also be that folder. */
static bool is_valid_path(const char *s) {
    if (!strcmp(s, ".")) return true;
    for (;;) {
        size_t n = strcspn(s, "/");
        if (n == 0 || (n <= 2 && strspn(s, ".") == n)) return false;
        if (!s[n]) return true;
        s += n + 1;
    }
}

/* The syntax of path.Match: brackets are closed and not empty, a backslash is followed by something. */
static bool is_valid_glob(const char *s) {
    for (; *s; s++) {
        if (*s == '\\' && !*++s) return false;
        if (*s != '[') continue;
        s += s[1] == '^' ? 2 : 1;
        if (*s == ']') return false;
        for (; *s != ']'; s++)
            if (!*s || (*s == '\\' && !*++s)) return false;
    }
    return true;
}

/* ---- files ---- */

static bool is_known(const Embedder *e, const char *name) {
    for (int i = 0; i < e->out->len; i++)
        if (!strcmp(e->out->at[i].name, name)) return true;
    return false;
}

static bool add_file(Embedder *e, const char *name) {
    if (is_known(e, name)) return true;
    const char *path = arena_printf(e->l->arena, "%s/%s", e->dir, name);
    EmbedFile f = {.name = name};
    f.data = read_file(e->l->arena, path, &f.size);
    if (!f.data) return mistake(e, "%s: %s", name, strerror(errno));
    note(e, path, INPUT_FILE);
    vec_push(e->l->arena, e->out, f);
    return true;
}

static bool starts_module(const Embedder *e, const char *name) {
    return access(arena_printf(e->l->arena, "%s/%s/go.mod", e->dir, name), F_OK) == 0 ||
           access(arena_printf(e->l->arena, "%s/%s/goo.mod", e->dir, name), F_OK) == 0;
}

static mode_t mode_of(const Embedder *e, const char *name) {
    struct stat st;
    return lstat(arena_printf(e->l->arena, "%s/%s", e->dir, name), &st) ? 0 : st.st_mode;
}

/* Adds the files below folder name; *count counts them. */
static bool add_folder(Embedder *e, const char *name, int *count) {
    Arena *a = e->l->arena;
    const char *path = arena_printf(a, "%s/%s", e->dir, name);
    Names names = {0};
    if (!list_names(a, path, &names)) return mistake(e, "%s: %s", name, strerror(errno));
    note(e, path, INPUT_NAMES);
    for (int i = 0; i < names.len; i++) {
        const char *n = names.at[i], *sub = strcmp(name, ".") ? arena_printf(a, "%s/%s", name, n) : n;
        if (is_bad_name(n, strlen(n)) || (!e->all && (n[0] == '.' || n[0] == '_'))) continue;
        mode_t mode = mode_of(e, sub);
        if (S_ISDIR(mode) && !starts_module(e, sub) && !add_folder(e, sub, count)) return false;
        if (!S_ISREG(mode)) continue;
        ++*count;
        if (!add_file(e, sub)) return false;
    }
    return true;
}

/* Whether what leads to name can be in the module: no other module, link or name that cannot be kept. */
static bool check_way(const Embedder *e, const char *name, const char *what) {
    Arena *a = e->l->arena;
    for (const char *s = name;; s++) {
        size_t n = strcspn(s, "/");
        const char *to = arena_strndup(a, name, (size_t)(s - name) + n), *elem = arena_strndup(a, s, n);
        bool last = !s[n];
        mode_t mode = mode_of(e, to);
        if (strcmp(name, ".") && starts_module(e, to)) return mistake(e, "cannot embed %s %s: in different module", what, name);
        if (!last && !S_ISDIR(mode)) return mistake(e, "cannot embed %s %s: in non-directory %s", what, name, to);
        if (strcmp(name, ".") && is_bad_name(s, n)) return mistake(e, last ? "cannot embed %s %s: invalid name %s" : "cannot embed %s %s: in invalid directory %s", what, name, elem);
        if (last) return true;
        s += n;
    }
}

static bool add_match(Embedder *e, const char *name) {
    mode_t mode = mode_of(e, name);
    int count = 0;
    if (!check_way(e, name, S_ISDIR(mode) ? "directory" : "file")) return false;
    if (S_ISREG(mode)) return add_file(e, name);
    if (!S_ISDIR(mode)) return mistake(e, "cannot embed irregular file %s", name);
    if (!add_folder(e, name, &count)) return false;
    return count || mistake(e, "cannot embed directory %s: contains no embeddable files", name);
}

/* ---- patterns ---- */

/* dir with what has a meaning in patterns quoted. */
static const char *quoted(Arena *a, const char *dir) {
    Buf b = {0};
    for (; *dir; dir++) {
        if (strchr("*?[\\", *dir)) buf_putc(&b, '\\');
        buf_putc(&b, *dir);
    }
    const char *kept = arena_strdup(a, b.data);
    buf_free(&b);
    return kept;
}

/* What matches pattern, as names below the package's folder. */
static void expand(const Embedder *e, const char *pattern, Names *out) {
    glob_t g = {0};
    size_t skip = strlen(e->dir) + 1;
    if (glob(arena_printf(e->l->arena, "%s/%s", quoted(e->l->arena, e->dir), pattern), GLOB_PERIOD, NULL, &g) == 0) {
        for (size_t i = 0; i < g.gl_pathc; i++) {
            const char *name = g.gl_pathv[i] + skip, *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
            if (strcmp(pattern, ".") && (!strcmp(base, ".") || !strcmp(base, ".."))) continue;
            vec_push(e->l->arena, out, (const char *)arena_strdup(e->l->arena, name));
        }
    }
    globfree(&g);
}

/* Notes the folders in which names were compared with a part of the pattern: new names there may match. */
static void note_folders(const Embedder *e, const char *pattern) {
    note(e, e->dir, INPUT_NAMES);
    for (const char *slash = strchr(pattern, '/'); slash; slash = strchr(slash + 1, '/')) {
        Names dirs = {0};
        expand(e, arena_strndup(e->l->arena, pattern, (size_t)(slash - pattern)), &dirs);
        for (int i = 0; i < dirs.len; i++)
            if (S_ISDIR(mode_of(e, dirs.at[i]))) note(e, arena_printf(e->l->arena, "%s/%s", e->dir, dirs.at[i]), INPUT_NAMES);
    }
}

static bool add_pattern(Embedder *e, const char *pattern) {
    e->pattern = pattern;
    e->all = !strncmp(pattern, "all:", 4);
    const char *glob = e->all ? pattern + 4 : pattern;
    if (!is_valid_path(glob) || !is_valid_glob(glob)) return mistake(e, "invalid pattern syntax");
    Names found = {0};
    expand(e, glob, &found);
    note_folders(e, glob);
    if (!found.len) return mistake(e, "no matching files found");
    for (int i = 0; i < found.len; i++)
        if (!add_match(e, found.at[i])) return false;
    return true;
}

/* The next pattern of a directive's text: a word, or a Go string. NULL: there is none, or *bad is set. */
static const char *next_pattern(Embedder *e, const char **text, bool *bad) {
    Arena *a = e->l->arena;
    const char *s = *text + strspn(*text, " \t\r");
    if (!*s) return NULL;
    e->pos = e->directive->patterns_pos + (Pos)(s - e->directive->patterns);
    size_t n = strcspn(s, " \t\r");
    if (*s == '`' || *s == '"') {
        n = 1;
        while (s[n] && s[n] != *s) n += *s == '"' && s[n] == '\\' && s[n + 1] ? 2 : 1;
        Buf b = {0};
        *bad = !s[n] || !ast_unquote(s, n + 1, &b) || (s[n + 1] && !strchr(" \t\r", s[n + 1]));
        if (*bad) set_mistake(e, arena_printf(a, "invalid quoted string in //go:embed: %s", s));
        const char *pattern = *bad ? NULL : arena_strdup(a, b.data ? b.data : "");
        buf_free(&b);
        *text = s + n + !*bad;
        return pattern;
    }
    *text = s + n;
    return arena_strndup(a, s, n);
}

static int by_name(const void *x, const void *y) { return strcmp(((const EmbedFile *)x)->name, ((const EmbedFile *)y)->name); }

void embed_find(Loader *l, File *f, const char *dir) {
    for (int i = 0; i < f->embeds.len; i++) {
        EmbedDirective *d = &f->embeds.at[i];
        Embedder e = {.l = l, .dir = dir, .directive = d, .out = &d->files};
        const char *text = d->patterns, *pattern;
        bool bad = false;
        while ((pattern = next_pattern(&e, &text, &bad)) && add_pattern(&e, pattern)) {}
        if (d->files.len) qsort(d->files.at, (size_t)d->files.len, sizeof *d->files.at, by_name);
    }
}
