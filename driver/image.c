/* image.c: what programs import of the library, loaded once and kept as memory.
 *
 * Reading the packages behind a single import takes longer than all else that compiling a small program does: fmt alone
 * needs 44 of them, of 490 files. A loader that has read the library packages that a program's files import, and
 * nothing else, is therefore written to the cache as it stands in memory (arena.h: arenas at a fixed address); whoever
 * compiles a program with the same imports maps it and goes on from there. That this is possible rests on the executable
 * being at a fixed address, and on the front end having no state outside of the loader's arena.
 *
 * An image is named after the compiler, the flags that objects of packages depend on, and the imports. It has the
 * state (inode, size, time of the last change) of every file and folder that was read and of every object that was
 * found; the state of the image itself is in a seal beside it. If anything differs it is made anew. */
#include "driver/driver.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_BYTES = 512 << 20 }; /* of all images; those that were used last are kept */

/* The first object of an image's arena. */
typedef struct Image {
    Loader *loader;
    Names objects;   /* files of the packages' objects */
    HashText state;
} Image;

/* The hash of the states of all that the image depends on. */
static HashText state_of(const Image *image) {
    const Loader *l = image->loader;
    Buf states = {0};
    for (int i = 0; i < l->inputs.len + image->objects.len; i++) {
        const char *path = i < l->inputs.len ? l->inputs.at[i].path : image->objects.at[i - l->inputs.len];
        struct stat st;
        HashText h = {""};
        if (stat(path, &st) == 0) h = hash_state(&st);
        buf_put(&states, h.s, sizeof h.s);
    }
    HashText h = hash_data(states.data, states.len);
    buf_free(&states);
    return h;
}

static const char *image_path(Arena *a, const Paths *p, const Options *o, const Names *imports) {
    Buf key = {0};
    buf_printf(&key, "%s %d %d %d %d\n", gen_version(), o->opt_level, o->debug, o->generic_aliases, o->external);
    buf_printf(&key, "%s\n%s\n%s\n%s\n", p->std, p->goroot ? p->goroot : "", p->library ? p->library : "", p->cache);
    for (int i = 0; i < imports->len; i++) buf_printf(&key, "%s\n", imports->at[i]);
    const char *path = arena_printf(a, "%s/image/%s", p->cache, hash_data(key.data, key.len).s);
    buf_free(&key);
    return path;
}

/* ---- taking one ---- */

static bool seal_holds(Arena *a, const char *path, const struct stat *st) {
    size_t n;
    const char *seal = read_file(a, seal_path(a, path), &n);
    return seal && !strcmp(seal, hash_state(st).s);
}

static Loader *take(Arena *a, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool whole = fd >= 0 && fstat(fd, &st) == 0 && seal_holds(a, path, &st);
    Arena *in = whole ? arena_map_image(fd, (size_t)st.st_size) : NULL;
    if (fd >= 0) close(fd);
    if (!in) return NULL;
    Image *image = arena_first(in);
    if (!strcmp(state_of(image).s, image->state.s)) return cache_touch(seal_path(a, path)), image->loader;
    arena_free(in);
    return NULL;
}

/* ---- making one ---- */

/* Loads the packages in an arena at a fixed address. NULL: there is no such arena, a package has errors, which are
 * reported when the program is loaded, or not all have objects. */
static Loader *load(Paths *p, const Options *o, const Names *imports) {
    Arena *a = arena_new_fixed();
    if (!a) return NULL;
    Image *image = NEW(a, Image);
    Loader *l = image->loader = loader_new(a, p, o, true);
    for (int i = 0; i < imports->len; i++) load_path(l, arena_strdup(a, imports->at[i]));
    if (!l->diags.errors && !l->usage_error && take_library(o, l)) return l;
    arena_free(a);
    return NULL;
}

static void note_objects(Image *image) {
    Loader *l = image->loader;
    for (int i = 0; i < l->sema.order.len; i++) {
        const char *object = ptrmap_get(&l->objects, l->sema.order.at[i]);
        for (const char *const *part = store_parts; object && *part; part++)
            vec_push(l->arena, &image->objects, (const char *)arena_printf(l->arena, "%s%s", object, *part));
    }
}

static bool write_aside(Arena *a, const char *path, const void *data, size_t size, struct stat *st) {
    const char *aside = arena_printf(a, "%s.%ld", path, (long)getpid());
    if (write_file(aside, data, size) && rename(aside, path) == 0) return stat(path, st) == 0;
    unlink(aside);
    return false;
}

typedef struct Kept { const char *path; struct timespec used; off_t size; } Kept;

static int newest_first(const void *x, const void *y) {
    const Kept *a = x, *b = y;
    if (a->used.tv_sec != b->used.tv_sec) return a->used.tv_sec < b->used.tv_sec ? 1 : -1;
    return (a->used.tv_nsec < b->used.tv_nsec) - (a->used.tv_nsec > b->used.tv_nsec);
}

/* Removes images that were not used for long, until the others are few enough. */
static void trim(Arena *a, const char *dir) {
    Names names = {0};
    VEC(Kept) kept = {0};
    if (!list_names(a, dir, &names)) return;
    for (int i = 0; i < names.len; i++) {
        struct stat image, seal;
        const char *path = arena_printf(a, "%s/%s", dir, names.at[i]);
        if (strchr(names.at[i], '.') || stat(path, &image)) continue;
        bool sealed = stat(seal_path(a, path), &seal) == 0;
        vec_push(a, &kept, ((Kept){path, sealed ? seal.st_mtim : image.st_mtim, image.st_size}));
    }
    if (kept.len) qsort(kept.at, (size_t)kept.len, sizeof *kept.at, newest_first);
    off_t sum = 0;
    for (int i = 0; i < kept.len; i++) {
        sum += kept.at[i].size;
        if (sum <= MAX_BYTES) continue;
        unlink(kept.at[i].path);
        unlink(seal_path(a, kept.at[i].path));
    }
}

static void put(Arena *a, const char *path, Loader *l) {
    Image *image = arena_first(l->arena);
    note_objects(image);
    image->state = state_of(image);
    size_t size;
    const void *bytes = arena_image(l->arena, &size);
    struct stat st;
    const char *dir = arena_strndup(a, path, (size_t)(strrchr(path, '/') - path));
    if (!bytes || !make_dirs(dir) || !write_aside(a, path, bytes, size, &st)) return;
    HashText seal = hash_state(&st);
    write_aside(a, seal_path(a, path), seal.s, strlen(seal.s), &st);
    trim(a, dir);
}

Loader *image_loader(Arena *a, Paths *p, const Options *o, const Names *imports) {
    if (!p->cache || !imports->len) return NULL;
    const char *path = image_path(a, p, o, imports);
    Loader *l = take(a, path);
    if (l) loader_set_options(l, p, o);
    else if ((l = load(p, o, imports))) put(a, path, l);
    return l;
}
