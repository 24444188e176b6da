/* store.c: objects of packages on disk: the user's cache, and a folder beside the compiler with what `make` has
 * compiled of the library, which is only read.
 *
 * An object is several files: the code, and what importers want to know of it. Beside them lies a seal: the hash of
 * each. An object whose seal is missing or does not hold counts as absent, so whatever happens to files of the cache
 * (a full disk, a crash of the machine), they are made anew. */
#include "driver/driver.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Behind the name of the code. */
const char *const store_parts[] = {"", ".esc", ".caps", NULL};

static bool put_hash(const char *path, Buf *out) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    void *data = ok && st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0) : NULL;
    if (fd >= 0) close(fd);
    if (!ok || data == MAP_FAILED) return false;
    buf_printf(out, "%s\n", hash_data(data, (size_t)st.st_size).s);
    if (data) munmap(data, (size_t)st.st_size);
    return true;
}

static bool put_seal(Arena *a, const char *object, Buf *out) {
    for (int i = 0; store_parts[i]; i++)
        if (!put_hash(arena_printf(a, "%s%s", object, store_parts[i]), out)) return false;
    return true;
}

const char *seal_path(Arena *a, const char *object) { return arena_printf(a, "%s.seal", object); }

bool store_has(Arena *a, const char *object) {
    size_t n;
    const char *seal = read_file(a, seal_path(a, object), &n);
    Buf now = {0};
    bool ok = seal && put_seal(a, object, &now) && now.len == n && !memcmp(now.data, seal, n);
    buf_free(&now);
    if (ok) cache_touch(seal_path(a, object)); /* by whose age all are kept */
    return ok;
}

bool store_put(Arena *a, const char *made, const char *object) {
    Buf seal = {0};
    const char *aside = seal_path(a, made);
    FILE *f = put_seal(a, made, &seal) ? fopen(aside, "w") : NULL;
    bool ok = f && fwrite(seal.data, 1, seal.len, f) == seal.len;
    if (f && fclose(f)) ok = false;
    buf_free(&seal);
    for (int i = 0; ok && store_parts[i]; i++) ok = cache_move(a, arena_printf(a, "%s%s", made, store_parts[i]), arena_printf(a, "%s%s", object, store_parts[i]));
    return ok && cache_move(a, aside, seal_path(a, object));
}

void store_trim(Arena *a, const char *dir) { cache_trim(a, dir, ".seal", store_parts); }
