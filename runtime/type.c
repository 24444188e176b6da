/* type.c: reading type descriptors: names, package paths, methods.
 *
 * Offsets in descriptors are absolute addresses below 2 GiB (abi.h). Negative ones were handed out at run time for
 * names and types that live on the heap; they index a table that only grows and is read without locks: a chunk never
 * moves once it is published. */
#include "runtime/rt.h"

/* ---- offsets made at run time ---- */

enum { OFF_CHUNK = 1024, OFF_CHUNKS = 4096 };

/* Owner: the process. lock protects n and the filling of chunks; readers know only offsets already handed out. */
static struct { RtSpin lock; int32_t n; const void **chunk[OFF_CHUNKS]; } offs;

int32_t rt_add_off(const void *p) {
    rt_spin_lock(&offs.lock);
    int32_t i = offs.n;
    rt_check(i < OFF_CHUNK * OFF_CHUNKS);
    if (i % OFF_CHUNK == 0) {
        const void **chunk = offs.chunk[i / OFF_CHUNK] = rt_persistent(OFF_CHUNK * sizeof(void *));
        rt_heap_add_root(chunk, OFF_CHUNK * sizeof(void *));
    }
    offs.chunk[i / OFF_CHUNK][i % OFF_CHUNK] = p;
    offs.n = i + 1;
    rt_spin_unlock(&offs.lock);
    return -1 - i;
}

const void *rt_resolve_off(int32_t off) {
    if (off >= 0) return (const void *)(uintptr_t)off;
    int32_t i = -1 - off;
    return offs.chunk[i / OFF_CHUNK][i % OFF_CHUNK];
}

/* ---- names ---- */

enum { NAME_EXPORTED = 1, NAME_TAG = 2, NAME_PKG = 4 };

/* Reads the varint length at p and leaves p behind the bytes it counts. */
static GoString counted(const uint8_t **p) {
    int64_t n = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t b = *(*p)++;
        n |= (int64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    GoString s = {*p, n};
    *p += n;
    return s;
}

bool rt_name_exported(const uint8_t *name) { return name && (name[0] & NAME_EXPORTED); }

GoString rt_name_text(const uint8_t *name) {
    if (!name) return (GoString){0};
    const uint8_t *p = name + 1;
    return counted(&p);
}

GoString rt_name_pkg(const uint8_t *name) {
    if (!name || !(name[0] & NAME_PKG)) return (GoString){0};
    const uint8_t *p = name + 1;
    counted(&p);
    if (name[0] & NAME_TAG) counted(&p);
    int32_t off;
    memcpy(&off, p, sizeof off);
    return rt_name_text(rt_resolve_off(off));
}

/* ---- types ---- */

GoString rt_type_text(const GoType *t) {
    GoString s = rt_name_text(rt_resolve_off(t->str));
    if (t->tflag & TF_EXTRA_STAR) return (GoString){s.ptr + 1, s.len - 1};
    return s;
}

const GoUncommon *rt_type_uncommon(const GoType *t) {
    if (!(t->tflag & TF_UNCOMMON)) return NULL;
    return (const GoUncommon *)((const uint8_t *)t + abi_type_size(rt_type_kind(t)));
}

GoString rt_type_pkg(const GoType *t) {
    const GoUncommon *u = rt_type_uncommon(t);
    if (u) return rt_name_text(rt_resolve_off(u->pkg_path));
    return rt_type_kind(t) == GK_STRUCT ? rt_name_text(((const GoStructType *)t)->pkg_path) : (GoString){0};
}

void *rt_type_method(const GoType *t, GoString name, const GoType *func) {
    const GoUncommon *u = rt_type_uncommon(t);
    if (!u) return NULL;
    const GoMethod *m = (const GoMethod *)((const uint8_t *)u + u->moff);
    for (int i = 0; i < u->xcount; i++)
        if (rt_resolve_off(m[i].mtyp) == func && rt_string_equal(rt_name_text(rt_resolve_off(m[i].name)), name))
            return (void *)rt_resolve_off(m[i].ifn);
    return NULL;
}
