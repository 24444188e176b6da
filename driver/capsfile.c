/* capsfile.c: rights that are compared: with a committed file, and with those of another revision. */
#include "driver/caps.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char header[] = "# The rights of each package; `goo caps --write` makes this file, `goo caps --check` compares with it.\n";

/* ---- lists ---- */

static int by_text(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

static void put_sorted(Names *lines, Buf *out) {
    if (lines->len) qsort(lines->at, (size_t)lines->len, sizeof *lines->at, by_text);
    for (int i = 0; i < lines->len; i++)
        if (!i || strcmp(lines->at[i], lines->at[i - 1])) buf_printf(out, "%s\n", lines->at[i]);
}

static void add_functions(const CapReport *r, const char *package, Arena *a, Names *lines) {
    CapNodes functions = {0};
    caps_functions(r, package, &functions);
    for (int i = 0; i < functions.len; i++) {
        CapSet needs = caps_required(r->g, functions.at[i]);
        const char *name = caps_node_name(functions.at[i]);
        if (r->main && !strncmp(name, "main.", 5)) name = arena_printf(a, "%s.%s", r->main, name + 5);
        for (int k = 0; k < needs.atoms.len; k++)
            vec_push(a, lines, (const char *)arena_printf(a, "%s: %s", name, cap_atom_str(a, needs.atoms.at[k])));
    }
}

void caps_list(const CapReports *reports, Arena *a, Buf *out, bool functions) {
    Names lines = {0};
    for (int i = 0; i < reports->len; i++) {
        const CapReport *r = &reports->at[i];
        for (int k = 0; k < r->packages.len; k++) {
            const char *package = r->packages.at[k];
            CapSet needs = caps_of_package(r, package);
            const char *set = capset_str(a, &needs);
            if (functions) add_functions(r, package, a, &lines);
            else vec_push(a, &lines, (const char *)arena_printf(a, "%s:%s%s", caps_package_name(r, package), *set ? " " : "", set));
        }
    }
    put_sorted(&lines, out);
}

/* ---- differences between sorted lists of lines ---- */

static const char *next_line(const char *s) {
    const char *end = strchr(s, '\n');
    return end ? end + 1 : s + strlen(s);
}

static int compare_lines(const char *x, const char *y) {
    size_t n = (size_t)(next_line(x) - x), m = (size_t)(next_line(y) - y);
    if (!n || !m) return n ? -1 : m ? 1 : 0; /* at the end everything else comes first */
    int c = memcmp(x, y, n < m ? n : m);
    return c ? c : (n > m) - (n < m);
}

static void print_line(char sign, const char *s, FILE *out) { fprintf(out, "%c %.*s", sign, (int)(next_line(s) - s), s); }

/* Prints what left old, and what came; returns how many came and how many left. */
static int print_difference(const char *old, const char *now, FILE *out, int *left) {
    int came = 0;
    *left = 0;
    while (*old || *now) {
        int c = compare_lines(old, now);
        if (c < 0) print_line('-', old, out), ++*left;
        if (c > 0) print_line('+', now, out), came++;
        if (c <= 0) old = next_line(old);
        if (c >= 0) now = next_line(now);
    }
    return came;
}

/* ---- files ---- */

static const char *skip_comments(const char *s) {
    while (*s == '#') s = next_line(s);
    return s;
}

int caps_compare_file(const char *path, const char *now, Arena *a) {
    size_t size;
    const char *text = read_file(a, path, &size);
    int left;
    if (!text) return fprintf(stderr, "goo: cannot read %s: %s\n", path, strerror(errno)), EXIT_USAGE;
    int came = print_difference(skip_comments(text), now, stdout, &left);
    if (!came && !left) return EXIT_OK;
    fprintf(stderr, "goo: the rights differ from %s; after a review, `goo caps --write %s` takes the new ones over\n", path, path);
    return EXIT_ERRORS;
}

int caps_write_file(const char *path, const char *now) {
    FILE *f = fopen(path, "w");
    bool ok = f && fprintf(f, "%s%s", header, now) >= 0;
    if (f && fclose(f)) ok = false;
    if (!ok) fprintf(stderr, "goo: cannot write %s: %s\n", path, strerror(errno));
    return ok ? EXIT_OK : EXIT_USAGE;
}

/* ---- revisions ---- */

/* Runs git with these arguments; its standard output goes to the file at output, if that is not NULL. */
static bool git(const char *const *args, const char *output) {
    extern char **environ;
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int st;
    posix_spawn_file_actions_init(&actions);
    if (output) posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = posix_spawnp(&pid, "git", &actions, NULL, (char *const *)args, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (err) return fprintf(stderr, "goo: cannot start git: %s\n", strerror(err)), false;
    while (waitpid(pid, &st, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(st) && WEXITSTATUS(st) == 0;
}

/* Where the current folder is in its repository: "" or "cmd/app/"; NULL outside of one. */
static char *repository_prefix(Arena *a, const char *tmp) {
    const char *file = arena_printf(a, "%s/prefix", tmp);
    size_t size;
    if (!git((const char *const[]){"git", "rev-parse", "--show-prefix", NULL}, file)) return NULL;
    char *text = read_file(a, file, &size);
    if (text) text[strcspn(text, "\n")] = 0;
    return text;
}

/* The lists of the packages as they are in the tree at root: the same arguments, seen from the same folder. */
static int list_at(const Options *o, Paths *paths, Arena *a, const char *dir, Buf *out) {
    char cwd[PATH_MAX];
    CapReports then = {0};
    if (!getcwd(cwd, sizeof cwd)) return EXIT_USAGE;
    if (chdir(dir)) return EXIT_OK; /* the folder did not exist: there were no rights */
    int status = caps_load(o, paths, a, &then);
    if (!status) caps_list(&then, a, out, true);
    if (chdir(cwd)) fatal("cannot go back to %s", cwd);
    return status;
}

int caps_diff(const Options *o, Paths *paths, Arena *a, const CapReports *now) {
    const char *tmp = temp_dir();
    const char *prefix = tmp ? repository_prefix(a, tmp) : NULL;
    if (!prefix) return EXIT_USAGE;
    const char *tree = arena_printf(a, "%s/revision", tmp);
    if (!git((const char *const[]){"git", "worktree", "add", "--quiet", "--detach", tree, o->revision, NULL}, NULL)) return EXIT_USAGE;
    Buf before = {0}, after = {0};
    int status = list_at(o, paths, a, arena_printf(a, "%s/%s", tree, prefix), &before), left;
    git((const char *const[]){"git", "worktree", "remove", "--force", tree, NULL}, NULL);
    if (status) return status;
    caps_list(now, a, &after, true);
    int came = print_difference(before.data ? before.data : "", after.data ? after.data : "", stdout, &left);
    buf_free(&before);
    buf_free(&after);
    return came ? EXIT_ERRORS : EXIT_OK;
}
