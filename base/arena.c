/* arena.c: regions of memory released as a whole.
 *
 * An arena is a list of chunks; allocation bumps a pointer in the newest. Chunks double in size up to a bound, so
 * small compilations stay small and large ones make few calls of malloc. Requests too big for a chunk get one of
 * their own, put behind the current chunk so that its room stays usable. Memory is zeroed when a chunk is
 * obtained, not at each allocation: nothing in an arena is ever reused.
 *
 * Ordinary chunks beyond the smallest come from the system with their pages in place: a compilation touches nearly all
 * of them, and one call costs a fraction of a page fault for each.
 *
 * An arena at a fixed address is one stretch of memory that begins with its Arena. What is allocated in it and refers
 * to nothing but it, and to code and static data of an executable that is at a fixed address too, means the same in
 * every process of that executable: so it can be written to a file, and mapped. */
#include "base/base.h"

#include <stdlib.h>
#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGN = 16, FIRST_CHUNK = 16 << 10, LAST_CHUNK = 1 << 20, MIN_MAPPED = 64 << 10 };

typedef struct Chunk {
    struct Chunk *next; /* older */
    size_t size;        /* bytes after the header */
} Chunk;

static_assert(sizeof(Chunk) % ALIGN == 0, "the first object of a chunk is aligned");

struct Arena {
    char *free, *limit; /* the unused part of the newest chunk */
    Chunk *chunks;
    size_t next_size; /* of the next ordinary chunk */
    size_t used;
    char *end; /* of the stretch at a fixed address; NULL: there is none, or it was left */
};

/* Where neither the kernel nor the dynamic linker puts anything unless asked to. */
static char *const fixed = (char *)((uintptr_t)1 << 37);
enum { FIXED_ROOM = 256 << 20 };

Arena *arena_new(void) {
    Arena *a = calloc(1, sizeof *a);
    if (!a) out_of_memory(sizeof *a);
    a->next_size = FIRST_CHUNK;
    return a;
}

/* Takes the fixed stretch; false: something is there. */
static bool take_fixed(void) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    void *at = mmap(fixed, FIXED_ROOM, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (at != MAP_FAILED && at != fixed) munmap(at, FIXED_ROOM); /* a kernel that does not know the flag */
    return at == fixed;
}

Arena *arena_new_fixed(void) {
    if (!take_fixed()) return NULL;
    Arena *a = (Arena *)fixed;
    *a = (Arena){.next_size = LAST_CHUNK, .end = fixed + FIXED_ROOM};
    a->free = a->limit = fixed + (sizeof *a + ALIGN - 1) / ALIGN * ALIGN;
    return a;
}

const void *arena_image(const Arena *a, size_t *size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (!a->end) return NULL;
    *size = ((size_t)(a->free - fixed) + page - 1) / page * page;
    return fixed;
}

void *arena_first(const Arena *a) { return (char *)a + (sizeof *a + ALIGN - 1) / ALIGN * ALIGN; }

Arena *arena_map_image(int fd, size_t size) {
    if (size < sizeof(Arena) || size > FIXED_ROOM || !take_fixed()) return NULL;
    Arena *a = (Arena *)fixed;
    if (mmap(fixed, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == fixed) {
        a->limit = fixed + size;
        return a;
    }
    munmap(fixed, FIXED_ROOM);
    return NULL;
}

static void chunk_free(Chunk *c) {
    if (sizeof *c + c->size >= MIN_MAPPED) munmap(c, sizeof *c + c->size);
    else free(c);
}

void arena_free(Arena *a) {
    for (Chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        chunk_free(c);
    }
    if ((char *)a == fixed) munmap(fixed, FIXED_ROOM);
    else free(a);
}

/* Huge objects may stay empty for the most part: theirs are not touched. */
static void *map_zeroed(size_t size) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (size <= 2 * LAST_CHUNK ? MAP_POPULATE : 0);
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static Chunk *chunk_new(size_t size) {
    if (size > SIZE_MAX / 2) out_of_memory(size);
    Chunk *c = sizeof *c + size >= MIN_MAPPED ? map_zeroed(sizeof *c + size) : calloc(1, sizeof *c + size);
    if (!c) out_of_memory(size);
    c->size = size;
    return c;
}

/* Moves the limit within the fixed stretch so that size bytes have room; false: it is full, and left for good. */
static bool extend(Arena *a, size_t size) {
    size_t step = size + LAST_CHUNK;
    if (step > (size_t)(a->end - a->limit)) return a->end = NULL, false;
    if (size <= LAST_CHUNK) madvise(a->limit, step & ~((size_t)sysconf(_SC_PAGESIZE) - 1), MADV_POPULATE_WRITE);
    a->limit += step;
    return true;
}

/* The slow path: the current chunk lacks room for size (aligned) bytes. */
static void *alloc_in_new_chunk(Arena *a, size_t size) {
    if (a->end && extend(a, size)) {
        void *p = a->free;
        a->free += size;
        return p;
    }
    if (size > a->next_size / 4) {
        Chunk *c = chunk_new(size);
        if (a->chunks) {
            c->next = a->chunks->next;
            a->chunks->next = c;
        } else {
            a->chunks = c; /* free == limit == NULL stays: the next request opens an ordinary chunk */
        }
        return c + 1;
    }
    Chunk *c = chunk_new(a->next_size);
    c->next = a->chunks;
    a->chunks = c;
    a->free = (char *)(c + 1);
    a->limit = a->free + c->size;
    if (a->next_size < LAST_CHUNK) a->next_size *= 2;
    void *p = a->free;
    a->free += size;
    return p;
}

void *arena_alloc(Arena *a, size_t size) {
    if (size > SIZE_MAX - ALIGN) fatal("out of memory allocating %zu bytes", size);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size == 0) size = ALIGN; /* distinct objects have distinct addresses */
    a->used += size;
    if (size > (size_t)(a->limit - a->free)) return alloc_in_new_chunk(a, size);
    void *p = a->free;
    a->free += size;
    return p;
}

char *arena_strndup(Arena *a, const char *s, size_t n) {
    char *p = arena_alloc(a, n + 1);
    memcpy(p, s, n);
    return p;
}

char *arena_strdup(Arena *a, const char *s) { return arena_strndup(a, s, strlen(s)); }

char *arena_vprintf(Arena *a, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    check(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    return text;
}

char *arena_printf(Arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

size_t arena_used(const Arena *a) { return a->used; }
