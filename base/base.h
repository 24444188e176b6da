/* base.h: what every layer of the compiler stands on: arenas, growable arrays, buffers, interned names,
 * pointer maps, source positions and the diagnostics queue.
 *
 * Nothing here is global: every object hangs off a context that the caller owns, so several compilations can
 * live in one process. None of it is thread-safe; one thread owns one compilation. */
#ifndef GOO_BASE_H
#define GOO_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- arena.c ---- */

/* A region of memory that is released as a whole. */
typedef struct Arena Arena;

/* Returns a new, empty arena; the caller releases it with arena_free. Never returns NULL. */
Arena *arena_new(void);
/* Releases the arena and everything allocated from it. */
void arena_free(Arena *a);
/* An arena at an address that is the same in every process of this executable; there can be one at a time. NULL: the
 * address is not free. */
Arena *arena_new_fixed(void);
/* The memory of such an arena as it is now, which can be written to a file. NULL: it has outgrown its place. */
const void *arena_image(const Arena *a, size_t *size);
/* The arena of an image of size bytes in a file, which is not changed by what happens to the arena. NULL: it cannot be
 * mapped. */
Arena *arena_map_image(int fd, size_t size);
/* What was allocated first in an arena at a fixed address. */
void *arena_first(const Arena *a);
/* Returns size zeroed bytes, aligned to 16. Never returns NULL: running out of memory is fatal. */
void *arena_alloc(Arena *a, size_t size);
/* Copies n bytes (plus a terminating NUL) into the arena. */
char *arena_strndup(Arena *a, const char *s, size_t n);
char *arena_strdup(Arena *a, const char *s);
/* Formats into the arena, as sprintf does. */
char *arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Bytes handed out so far (for statistics). */
size_t arena_used(const Arena *a);

#define NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define NEW_ARRAY(arena, T, n) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(n)))

/* ---- vec.c ---- */

/* A growable array whose storage lives in an arena: VEC(int) v = {0}; vec_push(arena, &v, 7); v.at[0]. */
#define VEC(T)                                                                                                \
    struct {                                                                                                  \
        T *at;                                                                                                \
        int len, cap;                                                                                         \
    }
void vec_grow(Arena *a, void *vec, size_t elem_size);
#define vec_push(arena, v, x)                                                                                 \
    do {                                                                                                      \
        if ((v)->len == (v)->cap) vec_grow((arena), (v), sizeof(*(v)->at));                                   \
        (v)->at[(v)->len++] = (x);                                                                            \
    } while (0)
/* Makes room for n elements in all, exactly: where many are added whose number is known. */
void vec_grow_to(Arena *a, void *vec, size_t elem_size, int64_t cap);
#define vec_reserve(arena, v, n) vec_grow_to((arena), (v), sizeof(*(v)->at), (n))
#define vec_last(v) ((v)->at[(v)->len - 1])

/* ---- buf.c ---- */

/* A growable byte buffer on the C heap; always NUL-terminated once something was written. */
typedef struct Buf {
    char *data;
    size_t len, cap;
} Buf;
void buf_free(Buf *b);
void buf_putc(Buf *b, char c);
void buf_put(Buf *b, const void *data, size_t n);
void buf_puts(Buf *b, const char *s);
void buf_printf(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- spelling.c ---- */

/* How far apart two names are; those longer than 32 bytes are far from everything. */
int name_distance(const char *x, const char *y);
/* The distance up to which another name may be meant. */
int name_tolerance(const char *name);

/* ---- name.c ---- */

/* An interned identifier or string: equal text in one table means equal pointer. */
typedef struct Name {
    uint32_t hash;
    uint32_t len;
    char text[]; /* NUL-terminated */
} Name;
typedef struct NameTable NameTable;
NameTable *names_new(Arena *a);
const Name *name_of(NameTable *t, const char *s); /* of a C string */
const Name *name_ofn(NameTable *t, const char *s, size_t n);
static inline bool name_is(const Name *n, const char *s);

/* ---- map.c ---- */

/* A hash map from non-NULL pointers to pointers; zero-initialised it is empty. */
typedef struct PtrMap {
    const void **keys;
    void **vals;
    int len, cap;
} PtrMap;
void *ptrmap_get(const PtrMap *m, const void *key); /* NULL when absent */
void ptrmap_put(Arena *a, PtrMap *m, const void *key, void *val);

/* 64-bit hash of n bytes (FNV-1a finished by a mixer), for tables; not cryptographic. */
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);

/* ---- source.c ---- */

/* A position: an index into the concatenation of all files of a compilation. 0 is "no position". */
typedef uint32_t Pos;
#define NO_POS ((Pos)0)

/* What a //line comment says about the bytes that follow it. */
typedef struct LineDirective {
    uint32_t offset; /* the first byte it applies to */
    const char *file;
    int line, col; /* col 0: unknown */
} LineDirective;

typedef struct SourceFile {
    const char *path;  /* as given by the user; used in messages */
    const char *package;   /* import path of the package that it is part of; NULL: not known */
    const char *full_path; /* the same from the root, for those who read it elsewhere: stack traces, debug information */
    const char *text;  /* whole contents, NUL-terminated */
    uint32_t size;
    Pos base;          /* position of the first byte; the byte after the last is base+size */
    VEC(uint32_t) lines; /* offset of each line's first byte; filled by the lexer through source_add_line */
    VEC(LineDirective) directives; /* //line, in ascending order */
    bool is_goo;       /* extensions allowed: a .goo file */
    bool is_library;   /* of Go's standard library: more directives are allowed */
    bool outline;          /* bodies of functions that importers do not need are left out: see lexer/outline.c */
    const char *go_version; /* from the module or a //go:build line, such as "go1.21"; NULL = newest */
} SourceFile;

typedef struct SourceSet {
    Arena *arena;
    VEC(SourceFile *) files;
    Pos next_base;
} SourceSet;

/* A position as people read it. Columns count bytes from 1; col 0 = unknown. */
typedef struct Location {
    const char *path;
    int line, col;
} Location;

void sources_init(SourceSet *s, Arena *a);
/* Registers text (kept, not copied; must be NUL-terminated at text[size]) under path. size < 2 GiB. */
SourceFile *source_add(SourceSet *s, const char *path, const char *text, size_t size);
/* Records that a line starts at offset; offsets ascend. Offset 0 is recorded by source_add. */
void source_add_line(SourceSet *s, SourceFile *f, uint32_t offset);
SourceFile *source_file_of(const SourceSet *s, Pos pos); /* NULL for NO_POS */
/* Line and column with //line directives applied (what messages show). */
Location source_location(const SourceSet *s, Pos pos);
/* The same with the file's full path (what programs show); names in //line directives are as written. */
Location source_full_location(const SourceSet *s, Pos pos);
/* Line and column in the file itself, directives ignored (what the caret display needs). */
Location source_raw_location(const SourceSet *s, Pos pos);
/* The text of the physical line that holds pos, without its newline; *len gets its length. */
const char *source_line_text(const SourceSet *s, Pos pos, int *len);

/* ---- diag.c ---- */

typedef enum Severity { SEV_ERROR, SEV_WARNING, SEV_NOTE } Severity;

typedef struct DiagNote {
    Pos pos, end;
    const char *text;
} DiagNote;

typedef struct Diag {
    Severity severity;
    Pos pos, end;     /* end == pos: a caret; otherwise an underline */
    const char *text; /* may have several lines; the first is the message, the others start with a tab */
    bool soft;        /* such as "declared and not used": dropped when the file has hard errors of syntax */
    VEC(DiagNote) notes;
    int order;        /* order of report, to keep sorting stable */
} Diag;

typedef struct Diags {
    Arena *arena;
    SourceSet *sources;
    VEC(Diag *) list;
    int errors;
    bool brief;            /* messages are printed without source lines */
} Diags;

void diags_init(Diags *d, Arena *a, SourceSet *s);
/* Queues an error at [pos, end); returns it so that notes can be added. end may equal pos. */
Diag *diag_error(Diags *d, Pos pos, Pos end, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
Diag *diag_verror(Diags *d, Pos pos, Pos end, const char *fmt, va_list ap);
Diag *diag_warning(Diags *d, Pos pos, Pos end, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void diag_note(Diags *d, Diag *to, Pos pos, Pos end, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Sorts by position, drops duplicates (same line and text). Call once before printing. */
void diags_sort(Diags *d);
/* Prints up to limit errors (0 = all): file:line:col: message, source line and caret unless brief, notes. */
void diags_print(Diags *d, FILE *out, int limit, bool colour);
/* Prints s as a JSON string. */
void json_string(const char *s, FILE *out);
/* Prints them as a JSON array. */
void diags_print_json(Diags *d, FILE *out);
/* Prints the reports as items of a JSON array that has `printed` items already; returns how many it has then. */
int diags_print_items(Diags *d, FILE *out, int printed);

/* ---- fatal.c ---- */

/* Exit statuses of the goo command; the one place for them. */
enum ExitStatus {
    EXIT_OK = 0,
    EXIT_ERRORS = 1,   /* errors in the user's source, a failed link, or no memory */
    EXIT_USAGE = 2,    /* wrong command line, missing or unreadable file */
    EXIT_INTERNAL = 3, /* a bug of the compiler */
};

/* An internal error: names the place in the compiler, asks for a report, exits with EXIT_INTERNAL. */
_Noreturn void fatal_at(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The system gives no more memory: says so and exits with EXIT_ERRORS. No bug, unlike what fatal reports. */
_Noreturn void out_of_memory(size_t size);
#define fatal(...) fatal_at(__FILE__, __LINE__, __VA_ARGS__)
#define unreachable() fatal_at(__FILE__, __LINE__, "unreachable code reached")
#define check(cond) ((cond) ? (void)0 : fatal_at(__FILE__, __LINE__, "assertion failed: %s", #cond))

static inline bool name_is(const Name *n, const char *s) {
    size_t i = 0;
    while (i < n->len && s[i] == n->text[i] && s[i]) i++;
    return i == n->len && s[i] == 0;
}

#endif
