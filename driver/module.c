/* module.c: go.mod and goo.mod: the module's path and language version. Other directives are read over: packages
 * of other modules are reported where they are imported. */
#include "driver/driver.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The next word of a line: up to a space or comment; a quoted one without its quotes. */
static const char *next_word(Arena *a, const char **line) {
    const char *s = *line + strspn(*line, " \t");
    if (*s == 0 || *s == '\n' || *s == '\r' || (s[0] == '/' && s[1] == '/')) return NULL;
    size_t n;
    const char *word;
    if (*s == '"' || *s == '`') {
        n = strcspn(s + 1, *s == '"' ? "\"\n" : "`\n");
        word = arena_strndup(a, s + 1, n);
        *line = s + 1 + n + (s[1 + n] == *s);
    } else {
        n = strcspn(s, " \t\r\n");
        word = arena_strndup(a, s, n);
        *line = s + n;
    }
    return word;
}

/* "1.21.3" and "1.21rc1" mean language version go1.21. */
static const char *language_version(Arena *a, const char *v) {
    size_t n = strspn(v, "0123456789");
    if (v[n] == '.') n += 1 + strspn(v + n + 1, "0123456789");
    return arena_printf(a, "go%.*s", (int)n, v);
}

static Module *parse_module(Arena *a, const char *dir, const char *path, Diags *diags, SourceSet *sources) {
    size_t size;
    char *text = read_file(a, path, &size);
    if (!text) return NULL;
    SourceFile *f = source_add(sources, path, text, size);
    Module *m = NEW(a, Module);
    m->dir = dir;
    m->file = path;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (line != text) source_add_line(sources, f, (uint32_t)(line - text));
        const char *rest = line, *word = next_word(a, &rest);
        if (!word) continue;
        if (!strcmp(word, "module")) m->path = next_word(a, &rest);
        if (!strcmp(word, "go")) {
            const char *v = next_word(a, &rest);
            if (v) m->go_version = language_version(a, v);
        }
    }
    if (!m->path) diag_error(diags, f->base, f->base, "no module declaration in %s", path);
    return m;
}

const char *module_file(Arena *a, const char *dir) {
    static const char *const names[] = {"goo.mod", "go.mod"};
    for (const char *d = dir;;) {
        for (int i = 0; i < 2; i++) {
            const char *path = arena_printf(a, "%s/%s", strcmp(d, "/") ? d : "", names[i]);
            if (access(path, F_OK) == 0) return path;
        }
        const char *slash = strrchr(d, '/');
        if (!slash || !strcmp(d, "/")) return NULL;
        d = slash == d ? "/" : arena_strndup(a, d, (size_t)(slash - d));
    }
}

Module *module_find(Arena *a, const char *dir, Diags *diags, SourceSet *sources) {
    const char *path = module_file(a, dir);
    if (!path) return NULL;
    const char *slash = strrchr(path, '/');
    const char *in = slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
    return parse_module(a, in, path, diags, sources);
}
