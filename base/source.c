/* source.c: files and positions.
 *
 * A position is a 32-bit index into all files laid end to end, so a node spends four bytes on it and the file and
 * line are computed only when a message needs them. File i occupies [base, base+size]; the byte at base+size
 * stands for the end of the file, so neighbouring files never share a position. */
#include "base/base.h"

#include <string.h>

void sources_init(SourceSet *s, Arena *a) { *s = (SourceSet){.arena = a, .next_base = 1}; }

static bool has_suffix(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

SourceFile *source_add(SourceSet *s, const char *path, const char *text, size_t size) {
    check(text[size] == 0);
    if (size >= (size_t)INT32_MAX || size + 1 > UINT32_MAX - s->next_base)
        fatal("%s: more than 4 GiB of source in one compilation", path);
    SourceFile *f = NEW(s->arena, SourceFile);
    f->path = f->full_path = arena_strdup(s->arena, path);
    f->text = text;
    f->size = (uint32_t)size;
    f->base = s->next_base;
    f->is_goo = has_suffix(path, ".goo");
    s->next_base += (Pos)size + 1;
    vec_push(s->arena, &s->files, f);
    source_add_line(s, f, 0);
    return f;
}

void source_add_line(SourceSet *s, SourceFile *f, uint32_t offset) {
    if (f->lines.len && vec_last(&f->lines) >= offset) return; /* a second pass over the same text */
    vec_push(s->arena, &f->lines, offset);
}

SourceFile *source_file_of(const SourceSet *s, Pos pos) {
    if (pos == NO_POS) return NULL;
    int lo = 0, hi = s->files.len; /* files[lo-1].base <= pos < files[hi].base */
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (s->files.at[mid]->base <= pos) lo = mid + 1;
        else hi = mid;
    }
    SourceFile *f = lo ? s->files.at[lo - 1] : NULL;
    return f && pos - f->base <= f->size ? f : NULL;
}

/* Index of the last line that starts at or before offset. */
static int line_index(const SourceFile *f, uint32_t offset) {
    int lo = 0, hi = f->lines.len;
    while (hi - lo > 1) {
        int mid = lo + (hi - lo) / 2;
        if (f->lines.at[mid] <= offset) lo = mid;
        else hi = mid;
    }
    return lo;
}

static Location raw_location(const SourceFile *f, uint32_t offset) {
    int line = line_index(f, offset);
    return (Location){f->path, line + 1, (int)(offset - f->lines.at[line]) + 1};
}

Location source_raw_location(const SourceSet *s, Pos pos) {
    SourceFile *f = source_file_of(s, pos);
    return f ? raw_location(f, pos - f->base) : (Location){0};
}

/* The last //line directive at or before offset, or NULL. */
static const LineDirective *directive_at(const SourceFile *f, uint32_t offset) {
    int lo = 0, hi = f->directives.len;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (f->directives.at[mid].offset <= offset) lo = mid + 1;
        else hi = mid;
    }
    return lo ? &f->directives.at[lo - 1] : NULL;
}

Location source_location(const SourceSet *s, Pos pos) {
    SourceFile *f = source_file_of(s, pos);
    if (!f) return (Location){0};
    Location here = raw_location(f, pos - f->base);
    const LineDirective *d = directive_at(f, pos - f->base);
    if (!d) return here;
    Location start = raw_location(f, d->offset);
    Location out = {d->file, d->line + here.line - start.line, here.col};
    if (d->col == 0) out.col = 0; /* a directive without column makes columns unknown */
    else if (here.line == start.line) out.col = d->col + here.col - start.col;
    return out;
}

Location source_full_location(const SourceSet *s, Pos pos) {
    const SourceFile *f = source_file_of(s, pos);
    Location at = source_location(s, pos);
    if (f && at.path == f->path) at.path = f->full_path;
    return at;
}

const char *source_line_text(const SourceSet *s, Pos pos, int *len) {
    SourceFile *f = source_file_of(s, pos);
    *len = 0;
    if (!f) return "";
    const char *start = f->text + f->lines.at[line_index(f, pos - f->base)];
    const char *end = memchr(start, '\n', (size_t)(f->text + f->size - start));
    if (!end) end = f->text + f->size;
    if (end > start && end[-1] == '\r') end--;
    *len = (int)(end - start);
    return start;
}
