/* lower_embed.c: variables with //go:embed: files as static data.
 *
 * A string or a slice of bytes has the one file. An embed.FS points to a slice of its files and of all folders on the
 * way to them, sorted by folder and then by name in it, as package embed documents. Names of folders end in a slash. */
#include "ir/lower.h"
#include <stdlib.h>
#include <string.h>

static int64_t offset_of(Lower *l, Type *t, int field) { return type_field_offset(l->s, lw_under(l, t), field); }

static void need_bytes(Lower *l, IrData *d) {
    if (!d->bytes) d->bytes = NEW_ARRAY(l->arena, uint8_t, d->size);
}

static IrData *new_data(Lower *l, const Object *v, const char *part, int64_t size, Type *t) {
    IrSym *sym = ir_sym(l->p, arena_printf(l->arena, "%s.%s..%s", ir_pkg_prefix(v->pkg), v->name->text, part));
    IrData *d = ir_data_bss(l->p, sym, size, 8, IL_LOCAL);
    d->type = t;
    need_bytes(l, d);
    return d;
}

static void put_text(Lower *l, IrData *d, int64_t off, const char *text, size_t n) {
    if (!n) return;
    ir_data_addr(l->p, d, off, ir_bytes(l->p, text, (int64_t)n), 0);
    ir_data_int(d, off + 8, 8, n);
}

static void put_slice(Lower *l, IrData *d, int64_t off, IrSym *array, size_t n) {
    ir_data_addr(l->p, d, off, array, 0);
    ir_data_int(d, off + 8, 8, n);
    ir_data_int(d, off + 16, 8, n);
}

/* ---- one file ---- */

/* Each program may write to its bytes, so they are not shared. */
static void put_bytes(Lower *l, const Object *v, IrData *d, const EmbedFile *f) {
    IrData *bytes = new_data(l, v, "bytes", f->size ? (int64_t)f->size : 1, NULL);
    memcpy(bytes->bytes, f->data, f->size);
    put_slice(l, d, 0, bytes->sym, f->size);
}

/* ---- embed.FS ---- */

/* The length of the folder part of a name without its trailing slash. */
static size_t folder_length(const char *name, size_t n) {
    while (n && name[n - 1] != '/') n--;
    return n ? n - 1 : 0;
}

static int compare_parts(const char *x, size_t nx, const char *y, size_t ny) {
    int c = memcmp(x, y, nx < ny ? nx : ny);
    return c ? c : (nx > ny) - (nx < ny);
}

/* By folder, in which "." stands for none, then by last element. */
static int by_folder(const void *a, const void *b) {
    const char *x = ((const EmbedFile *)a)->name, *y = ((const EmbedFile *)b)->name;
    size_t nx = strlen(x), ny = strlen(y);
    if (x[nx - 1] == '/') nx--;
    if (y[ny - 1] == '/') ny--;
    size_t fx = folder_length(x, nx), fy = folder_length(y, ny);
    int c = compare_parts(fx ? x : ".", fx ? fx : 1, fy ? y : ".", fy ? fy : 1);
    return c ? c : compare_parts(x + (fx ? fx + 1 : 0), nx - (fx ? fx + 1 : 0), y + (fy ? fy + 1 : 0), ny - (fy ? fy + 1 : 0));
}

static bool has_name(const EmbedFiles *files, const char *name) {
    for (int i = 0; i < files->len; i++)
        if (!strcmp(files->at[i].name, name)) return true;
    return false;
}

/* The files, and the folders that they are in. */
static void list_entries(Lower *l, const EmbedFiles *files, EmbedFiles *out) {
    EmbedFiles folders = {0};
    for (int i = 0; i < files->len; i++) {
        const char *name = files->at[i].name;
        vec_push(l->arena, out, files->at[i]);
        for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
            const char *folder = arena_strndup(l->arena, name, (size_t)(slash - name) + 1);
            if (!has_name(&folders, folder)) vec_push(l->arena, &folders, ((EmbedFile){.name = folder}));
        }
    }
    for (int i = 0; i < folders.len; i++) vec_push(l->arena, out, folders.at[i]);
    if (out->len) qsort(out->at, (size_t)out->len, sizeof *out->at, by_folder);
}

static void put_files(Lower *l, const Object *v, IrData *d, const EmbedFiles *files) {
    enum { FILES = 0 };         /* of FS */
    enum { NAME = 0, DATA = 1 }; /* of file; a third field, a hash, is not read by anyone */
    Sema *s = l->s;
    Type *fs = type_canon(s, v->type);
    Type *slice = type_canon(s, lw_under(l, type_canon(s, lw_under(l, fs)->struct_.fields[FILES]->type))->pointer.elem);
    Type *file = type_canon(s, lw_under(l, slice)->slice.elem);
    EmbedFiles entries = {0};
    list_entries(l, files, &entries);
    int64_t size = type_size(s, file);
    IrData *array = new_data(l, v, "files", size * entries.len, type_canon(s, type_new_array(s, file, entries.len)));
    for (int i = 0; i < entries.len; i++) {
        const EmbedFile *f = &entries.at[i];
        put_text(l, array, size * i + offset_of(l, file, NAME), f->name, strlen(f->name));
        put_text(l, array, size * i + offset_of(l, file, DATA), f->data, f->size);
    }
    IrData *header = new_data(l, v, "list", type_size(s, slice), slice);
    put_slice(l, header, 0, array->sym, (size_t)entries.len);
    ir_data_addr(l->p, d, offset_of(l, fs, FILES), header->sym, 0);
}

void lw_embed(Lower *l, Object *v) {
    IrData *d = lw_var_sym(l, v)->data;
    const EmbedFiles *files = v->var.embeds;
    if (!d) return;
    need_bytes(l, d);
    Type *u = lw_under(l, type_canon(l->s, v->type));
    if (u->kind == TY_STRUCT) put_files(l, v, d, files);
    else if (u->kind == TY_SLICE) put_bytes(l, v, d, &files->at[0]);
    else put_text(l, d, 0, files->at[0].data, files->at[0].size);
}
