/* diag.c: the queue of errors, warnings and notes, and how they are shown.
 *
 * Reports are queued in the order of discovery and sorted by position before printing, so that phases may find
 * mistakes in any order. A message of several lines is one report: its first line is the message proper. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

void diags_init(Diags *d, Arena *a, SourceSet *s) { *d = (Diags){.arena = a, .sources = s}; }

static Diag *add(Diags *d, Severity sev, Pos pos, Pos end, const char *fmt, va_list ap) {
    Diag *g = NEW(d->arena, Diag);
    g->severity = sev;
    g->pos = pos;
    g->end = end > pos ? end : pos;
    g->text = arena_vprintf(d->arena, fmt, ap);
    g->order = d->list.len;
    vec_push(d->arena, &d->list, g);
    if (sev == SEV_ERROR) d->errors++;
    return g;
}

Diag *diag_verror(Diags *d, Pos pos, Pos end, const char *fmt, va_list ap) {
    return add(d, SEV_ERROR, pos, end, fmt, ap);
}

Diag *diag_error(Diags *d, Pos pos, Pos end, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Diag *g = add(d, SEV_ERROR, pos, end, fmt, ap);
    va_end(ap);
    return g;
}

Diag *diag_warning(Diags *d, Pos pos, Pos end, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Diag *g = add(d, SEV_WARNING, pos, end, fmt, ap);
    va_end(ap);
    return g;
}

void diag_note(Diags *d, Diag *to, Pos pos, Pos end, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    DiagNote note = {pos, end > pos ? end : pos, arena_vprintf(d->arena, fmt, ap)};
    va_end(ap);
    vec_push(d->arena, &to->notes, note);
}

static int by_position(const void *pa, const void *pb) {
    const Diag *a = *(Diag *const *)pa, *b = *(Diag *const *)pb;
    if (a->pos != b->pos) return a->pos < b->pos ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* The first line of text has this many bytes. */
static size_t first_line(const char *text) { return strcspn(text, "\n"); }

static bool same_report(const Diags *d, const Diag *a, const Diag *b) {
    if (a->severity != b->severity || strcmp(a->text, b->text) != 0) return false;
    Location la = source_location(d->sources, a->pos), lb = source_location(d->sources, b->pos);
    if (la.line != lb.line) return false;
    return la.path == lb.path || (la.path && lb.path && strcmp(la.path, lb.path) == 0);
}

void diags_sort(Diags *d) {
    if (d->list.len == 0) return;
    qsort(d->list.at, (size_t)d->list.len, sizeof(Diag *), by_position);
    int kept = 0;
    for (int i = 0; i < d->list.len; i++) {
        Diag *g = d->list.at[i];
        bool seen = false;
        /* Equal reports of one line are near each other; the scan ends at the first other line. */
        for (int j = kept - 1; j >= 0 && !seen; j--) {
            Location a = source_location(d->sources, d->list.at[j]->pos);
            if (a.line != source_location(d->sources, g->pos).line) break;
            seen = same_report(d, d->list.at[j], g);
        }
        if (!seen) d->list.at[kept++] = g;
        else if (g->severity == SEV_ERROR) d->errors--;
    }
    d->list.len = kept;
}

/* ---- text ---- */

typedef struct Style {
    const char *bold, *red, *yellow, *blue, *off;
} Style;

static const Style plain = {"", "", "", "", ""};
static const Style coloured = {"\033[1m", "\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[0m"};

static void print_place(const Diags *d, Pos pos, FILE *out) {
    Location l = source_location(d->sources, pos);
    if (!l.path) return;
    fprintf(out, "%s:%d:", l.path, l.line);
    if (l.col) fprintf(out, "%d:", l.col);
    fputc(' ', out);
}

/* Prints the source line with the extent [pos, end) marked. Tabs are kept in the margin of the second line, so
 * that the marks stand below what they mark whatever the tab width. */
static void print_excerpt(const Diags *d, Pos pos, Pos end, const char *mark, const Style *st, FILE *out) {
    if (d->brief) return;
    int len;
    const char *line = source_line_text(d->sources, pos, &len);
    int col = source_raw_location(d->sources, pos).col - 1;
    if (col < 0 || len == 0 || len > 400) return;
    fprintf(out, "    %.*s\n    ", len, line);
    for (int i = 0; i < col && i < len; i++) {
        unsigned char c = (unsigned char)line[i];
        if ((c & 0xc0) != 0x80) fputc(c == '\t' ? '\t' : ' ', out);
    }
    fprintf(out, "%s^", mark);
    for (int i = col + 1; i < len && i - col < (int)(end - pos); i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80) fputc('~', out);
    fprintf(out, "%s\n", st->off);
}

static void print_one(const Diags *d, const Diag *g, const Style *st, FILE *out) {
    size_t head = first_line(g->text);
    const char *mark = g->severity == SEV_ERROR ? st->red : st->yellow;
    fputs(st->bold, out);
    print_place(d, g->pos, out);
    fputs(st->off, out);
    if (g->severity == SEV_WARNING) fprintf(out, "%swarning:%s ", mark, st->off);
    fprintf(out, "%s%.*s%s%s\n", st->bold, (int)head, g->text, st->off, g->text + head);
    print_excerpt(d, g->pos, g->end, mark, st, out);
    for (int i = 0; i < g->notes.len; i++) {
        const DiagNote *n = &g->notes.at[i];
        fputc('\t', out);
        print_place(d, n->pos, out);
        fprintf(out, "%snote:%s %s\n", st->blue, st->off, n->text);
        if (n->pos != NO_POS) print_excerpt(d, n->pos, n->end, st->blue, st, out);
    }
}

void diags_print(Diags *d, FILE *out, int limit, bool colour) {
    int errors = 0;
    for (int i = 0; i < d->list.len; i++) {
        const Diag *g = d->list.at[i];
        if (g->severity == SEV_ERROR && limit > 0 && errors++ == limit) {
            print_place(d, d->list.at[i - 1]->pos, out);
            fputs("too many errors\n", out);
            return;
        }
        print_one(d, g, colour ? &coloured : &plain, out);
    }
}

/* ---- JSON ---- */

void json_string(const char *s, FILE *out) {
    fputc('"', out);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
        else if (c == '\n') fputs("\\n", out);
        else if (c == '\t') fputs("\\t", out);
        else if (c < 0x20) fprintf(out, "\\u%04x", c);
        else fputc(c, out);
    }
    fputc('"', out);
}

static void json_place(const Diags *d, Pos pos, Pos end, FILE *out) {
    Location l = source_location(d->sources, pos), e = source_location(d->sources, end);
    fputs("\"file\":", out);
    json_string(l.path ? l.path : "", out);
    fprintf(out, ",\"line\":%d,\"col\":%d,\"end_line\":%d,\"end_col\":%d", l.line, l.col, e.line, e.col);
}

static void json_notes(const Diags *d, const Diag *g, FILE *out) {
    fputs(",\"notes\":[", out);
    for (int i = 0; i < g->notes.len; i++) {
        const DiagNote *n = &g->notes.at[i];
        fputs(i ? ",{" : "{", out);
        json_place(d, n->pos, n->end, out);
        fputs(",\"message\":", out);
        json_string(n->text, out);
        fputc('}', out);
    }
    fputc(']', out);
}

int diags_print_items(Diags *d, FILE *out, int printed) {
    static const char *const severity[] = {
        [SEV_ERROR] = "error", [SEV_WARNING] = "warning", [SEV_NOTE] = "note"};
    for (int i = 0; i < d->list.len; i++) {
        const Diag *g = d->list.at[i];
        fprintf(out, "%s{\"severity\":\"%s\",", printed++ ? ",\n" : "", severity[g->severity]);
        json_place(d, g->pos, g->end, out);
        fputs(",\"message\":", out);
        json_string(g->text, out);
        json_notes(d, g, out);
        fputc('}', out);
    }
    return printed;
}

void diags_print_json(Diags *d, FILE *out) {
    fputc('[', out);
    diags_print_items(d, out, 0);
    fputs("]\n", out);
}
