/* reflect.c: packages reflect and internal/reflectlite: values by descriptor. The layouts that reflect reads itself are
 * those of abi.h. */
#include "runtime/hooks/hooks.h"
#include "runtime/sync/sync.h"

/* ---- descriptors ---- */

HOOK("reflect.resolveNameOff", const void *, reflect_name, (const void *base, int32_t off)) { return (void)base, rt_resolve_off(off); }
HOOK("reflect.resolveTypeOff", const void *, reflect_type, (const void *base, int32_t off)) { return (void)base, rt_resolve_off(off); }
HOOK("reflect.resolveTextOff", const void *, reflect_text, (const void *base, int32_t off)) { return (void)base, rt_resolve_off(off); }
HOOK("internal/reflectlite.resolveNameOff", const void *, lite_name, (const void *base, int32_t off)) { return (void)base, rt_resolve_off(off); }
HOOK("internal/reflectlite.resolveTypeOff", const void *, lite_type, (const void *base, int32_t off)) { return (void)base, rt_resolve_off(off); }
HOOK("reflect.addReflectOff", int32_t, reflect_add_off, (const void *p)) { return rt_add_off(p); }
HOOK("reflect.verifyNotInHeapPtr", bool, reflect_verify, (uintptr_t p)) { return (void)p, true; }
HOOK("reflect.typehash", uintptr_t, reflect_hash, (const GoType *t, const void *p, uintptr_t seed)) { return rt_hash_type(t, p, seed); }

/* What does not start with a value of reflect's: the code of a function value. */
HOOK("internal/abi.FuncPCABI0", uintptr_t, abi_func_pc0, (GoEface f)) { return *(const uintptr_t *)f.data; }
HOOK("internal/abi.FuncPCABIInternal", uintptr_t, abi_func_pc, (GoEface f)) { return *(const uintptr_t *)f.data; }

/* ---- memory ---- */

HOOK("reflect.unsafe_New", void *, reflect_new, (const GoType *t)) { return rt_new(t); }
HOOK("internal/reflectlite.unsafe_New", void *, lite_new, (const GoType *t)) { return rt_new(t); }
HOOK("reflect.unsafe_NewArray", void *, reflect_new_array, (const GoType *t, int64_t n)) { return rt_make_slice(t, n, n); }
HOOK("reflect.memmove", void, reflect_memmove, (void *to, const void *from, uintptr_t n)) { rt_memmove(to, from, (int64_t)n); }
HOOK("reflect.typedmemmove", void, reflect_copy, (const GoType *t, void *to, const void *from)) { rt_memmove(to, from, (int64_t)t->size); }
HOOK("internal/reflectlite.typedmemmove", void, lite_copy, (const GoType *t, void *to, const void *from)) { rt_memmove(to, from, (int64_t)t->size); }
HOOK("reflect.typedmemclr", void, reflect_clear, (const GoType *t, void *p)) { rt_memclr(p, (int64_t)t->size); }

HOOK("reflect.typedmemclrpartial", void, reflect_clear_part, (const GoType *t, void *p, uintptr_t off, uintptr_t n)) {
    (void)t, (void)off; /* p is already behind off */
    rt_memclr(p, (int64_t)n);
}

HOOK("reflect.typedarrayclear", void, reflect_clear_array, (const GoType *elem, void *p, int64_t n)) {
    rt_memclr(p, n * (int64_t)elem->size);
}

/* The parameters of type unsafeheader.Slice are structs, not slices: they travel as such. */
HOOK("reflect.typedslicecopy", int64_t, reflect_copy_slice, (const GoType *elem, GoSlice to, GoSlice from)) {
    int64_t n = to.len < from.len ? to.len : from.len;
    rt_memmove(to.ptr, from.ptr, n * (int64_t)elem->size);
    return n;
}

HOOK("reflect.growslice", GoSlice, reflect_grow, (const GoType *elem, GoSlice old, int64_t more)) {
    int64_t len = old.len;
    if (RT_UNLIKELY(__builtin_add_overflow(len, more, &len))) len = -1;
    GoSlice s = rt_grow_slice(elem, old.ptr, old.len, old.cap, len);
    s.len = old.len;
    if (elem->ptr_bytes == 0) rt_memclr((uint8_t *)s.ptr + (uint64_t)s.len * elem->size, (s.cap - s.len) * (int64_t)elem->size);
    return s;
}

HOOK("reflect.unsafeslice", void, reflect_unsafe_slice, (const GoType *elem, const void *p, int64_t n)) { rt_unsafe_slice(elem, p, n); }

/* ---- interfaces ---- */

static void to_interface(const GoInterfaceType *t, GoEface v, GoIface *to) { *to = (GoIface){rt_assert_itab(t, v.type), v.data}; }
HOOK("reflect.ifaceE2I", void, reflect_to_interface, (const GoInterfaceType *t, GoEface v, GoIface *to)) { to_interface(t, v, to); }
HOOK("internal/reflectlite.ifaceE2I", void, lite_to_interface, (const GoInterfaceType *t, GoEface v, GoIface *to)) { to_interface(t, v, to); }

/* ---- maps ---- */

static int64_t map_len(const int64_t *m) { return m ? *m : 0; }
HOOK("reflect.maplen", int64_t, reflect_map_len, (const int64_t *m)) { return map_len(m); }
HOOK("internal/reflectlite.maplen", int64_t, lite_map_len, (const int64_t *m)) { return map_len(m); }
HOOK("reflect.makemap", GoMap *, reflect_map_make, (const GoMapType *t, int64_t n)) { return rt_map_make(t, n); }
HOOK("reflect.mapclear", void, reflect_map_clear, (const GoMapType *t, GoMap *m)) { rt_map_clear(t, m); }
HOOK("reflect.mapdelete", void, reflect_map_delete, (const GoMapType *t, GoMap *m, const void *key)) { rt_map_delete(t, m, key); }
HOOK("reflect.mapdelete_faststr", void, reflect_map_delete_str, (const GoMapType *t, GoMap *m, GoString key)) { rt_map_delete(t, m, &key); }

/* reflect wants nil for a key that is not there. */
static void *map_find(const GoMapType *t, GoMap *m, const void *key) {
    GoPB found = rt_map_access2(t, m, key);
    return found.ok ? found.p : NULL;
}
HOOK("reflect.mapaccess", void *, reflect_map_access, (const GoMapType *t, GoMap *m, const void *key)) { return map_find(t, m, key); }
HOOK("reflect.mapaccess_faststr", void *, reflect_map_access_str, (const GoMapType *t, GoMap *m, GoString key)) { return map_find(t, m, &key); }

HOOK("reflect.mapassign0", void, reflect_map_assign, (const GoMapType *t, GoMap *m, const void *key, const void *elem)) {
    rt_memmove(rt_map_assign(t, m, key), elem, (int64_t)t->elem->size);
}

HOOK("reflect.mapassign_faststr0", void, reflect_map_assign_str, (const GoMapType *t, GoMap *m, GoString key, const void *elem)) {
    rt_memmove(rt_map_assign(t, m, &key), elem, (int64_t)t->elem->size);
}

HOOK("reflect.mapiterinit", void, reflect_map_iter, (const GoMapType *t, GoMap *m, RtMapIter *it)) { rt_map_iter_init(t, m, it); }
HOOK("reflect.mapiternext", void, reflect_map_next, (RtMapIter *it)) { rt_map_iter_next(it); }
HOOK("reflect.mapiterkey", void *, reflect_map_key, (RtMapIter *it)) { return it->key; }
HOOK("reflect.mapiterelem", void *, reflect_map_elem, (RtMapIter *it)) { return it->elem; }

/* maps.clone: the argument is a map in an interface; so is the result. */
HOOK("maps.clone", GoEface, maps_clone, (GoEface m)) {
    const GoMapType *t = (const GoMapType *)m.type;
    GoMap *to = rt_map_make(t, map_len(m.data));
    RtMapIter it;
    for (rt_map_iter_init(t, m.data, &it); it.key; rt_map_iter_next(&it))
        rt_memmove(rt_map_assign(t, to, it.key), it.elem, (int64_t)t->elem->size);
    return (GoEface){m.type, to};
}

/* ---- channels: len and cap are their first two words ---- */

HOOK("reflect.chanlen", int64_t, reflect_chan_len, (const int64_t *c)) { return c ? c[0] : 0; }
HOOK("reflect.chancap", int64_t, reflect_chan_cap, (const int64_t *c)) { return c ? c[1] : 0; }
HOOK("internal/reflectlite.chanlen", int64_t, lite_chan_len, (const int64_t *c)) { return c ? c[0] : 0; }

HOOK("reflect.makechan", GoChan *, reflect_chan_make, (const GoChanType *t, int64_t size)) { return rt_chan_make(t, size); }
HOOK("reflect.chanclose", void, reflect_chan_close, (GoChan *c)) { rt_chan_close(c); }

HOOK("reflect.chansend0", bool, reflect_chan_send, (GoChan *c, const void *elem, bool at_once)) {
    if (at_once) return rt_chan_try_send(c, elem);
    rt_chan_send(c, elem);
    return true;
}

/* The results: whether it happened at all, and whether a value came (else the channel is closed). */
HOOK("reflect.chanrecv", HookBools, reflect_chan_recv, (GoChan *c, bool at_once, void *elem)) {
    if (!at_once) return (HookBools){true, rt_chan_recv(c, elem)};
    int64_t done = rt_chan_try_recv(c, elem);
    return (HookBools){done != RT_NO_CASE, done == true};
}

HOOK("reflect.rselect", RtSelected, reflect_select, (void *cases, int64_t n, int64_t cap)) {
    return rt_reflect_select((GoSlice){cases, n, cap});
}
