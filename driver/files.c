/* files.c: reading files. */
#include "driver/driver.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_SOURCE = 1 << 30 };

static char *read_all(Arena *a, int fd, size_t expected, size_t *size) {
    size_t cap = expected + 1, n = 0;
    char *data = arena_alloc(a, cap);
    for (;;) {
        ssize_t got = read(fd, data + n, cap - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return NULL;
        if (got == 0) break;
        n += (size_t)got;
        if (n > MAX_SOURCE) return errno = EFBIG, NULL;
        if (n == cap) {
            char *bigger = arena_alloc(a, cap * 2);
            memcpy(bigger, data, n);
            data = bigger;
            cap *= 2;
        }
    }
    data[n] = 0;
    *size = n;
    return data;
}

char *read_file(Arena *a, const char *path, size_t *size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    struct stat st;
    char *data = NULL;
    if (fstat(fd, &st) == 0) {
        if (S_ISDIR(st.st_mode)) errno = EISDIR;
        else if (st.st_size > MAX_SOURCE) errno = EFBIG;
        else data = read_all(a, fd, S_ISREG(st.st_mode) ? (size_t)st.st_size : 4096, size);
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return data;
}

char *read_stdin(Arena *a, size_t *size) { return read_all(a, STDIN_FILENO, 4096, size); }

static int compare_names(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

bool list_names(Arena *a, const char *dir, Names *out) {
    DIR *d = opendir(dir);
    if (!d) return false;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) vec_push(a, out, (const char *)arena_strdup(a, e->d_name));
    closedir(d);
    if (out->len) qsort(out->at, (size_t)out->len, sizeof *out->at, compare_names);
    return true;
}

bool is_dir(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool has_suffix(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && !strcmp(s + n - m, suffix);
}
