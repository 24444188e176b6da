/* hash.c: hashing of values: bytes, strings, floats, interfaces, and anything else by its descriptor.
 *
 * Equal values hash equal: +0 and -0 are one; a NaN, which equals nothing, gets a random hash so that many of them
 * do not share one chain. Seeds chain, so a struct hashes field by field. */
#include "runtime/hash.h"

uint64_t rt_hash_secret[4] = {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93};

/* ---- random numbers ---- */

uint64_t rt_random(void) {
    uint64_t x = rt_m()->random += 0xa0761d6478bd642f;
    return hash_mix(x ^ 0xe7037ed1a0b428db, x);
}

void rt_hash_start(void) {
    const uint8_t *kernel = rt_sys_random();
    if (!kernel) return;
    uint64_t a = hash_load64(kernel), b = hash_load64(kernel + 8);
    for (int i = 0; i < 4; i++) {
        rt_hash_secret[i] = hash_mix(rt_hash_secret[i] ^ a, b | 1) | 1;
        a += rt_hash_secret[i];
    }
    rt_m()->random = a ^ b;
}

/* ---- bytes ---- */

uintptr_t rt_hash_long(const uint8_t *p, uintptr_t seed, int64_t n) {
    const uint8_t *last = p + n - 16;
    uint64_t s0 = seed, s1 = seed ^ rt_hash_secret[3];
    for (; last - p > 16; p += 32) { /* two lanes hide the latency of multiplication */
        s0 = hash_mix(hash_load64(p) ^ rt_hash_secret[1], hash_load64(p + 8) ^ s0);
        s1 = hash_mix(hash_load64(p + 16) ^ rt_hash_secret[2], hash_load64(p + 24) ^ s1);
    }
    for (; p < last; p += 16) s0 = hash_mix(hash_load64(p) ^ rt_hash_secret[1], hash_load64(p + 8) ^ s0);
    s0 ^= s1;
    return hash_mix(rt_hash_secret[1] ^ (uint64_t)n,
                    hash_mix(hash_load64(last) ^ rt_hash_secret[2], hash_load64(last + 8) ^ s0));
}

uintptr_t rt_hash_mem(const void *p, uintptr_t seed, int64_t n) { return hash_bytes_inline(p, seed, n); }

uintptr_t rt_hash_string(const void *p, uintptr_t seed) {
    const GoString *s = p;
    return hash_bytes_inline(s->ptr, seed, s->len);
}

/* ---- floats ---- */

static uintptr_t hash_double(double v, uintptr_t seed) {
    uint64_t bits;
    if (v == 0) v = 0; /* -0 too */
    memcpy(&bits, &v, sizeof bits);
    return hash_word(v != v ? rt_random() : bits, seed);
}

uintptr_t rt_hash_f64(const void *p, uintptr_t seed) { return hash_double(*(const double *)p, seed); }
uintptr_t rt_hash_f32(const void *p, uintptr_t seed) { return hash_double(*(const float *)p, seed); }

/* ---- interfaces and descriptors ---- */

static uintptr_t hash_dynamic(const GoType *t, const void *data, uintptr_t seed) {
    if (!t) return hash_word(0, seed);
    if (!t->equal) rt_panic_type(RT_STR("hash of unhashable type "), t);
    return rt_hash_type(t, rt_type_direct(t) ? (const void *)&data : data, seed);
}

uintptr_t rt_hash_eface(const void *p, uintptr_t seed) {
    const GoEface *e = p;
    return hash_dynamic(e->type, e->data, seed);
}

uintptr_t rt_hash_iface(const void *p, uintptr_t seed) {
    const GoIface *i = p;
    return hash_dynamic(i->tab ? i->tab->type : NULL, i->data, seed);
}

static uintptr_t hash_struct(const GoStructType *t, const uint8_t *p, uintptr_t seed) {
    for (int64_t i = 0; i < t->nfields; i++) {
        const GoStructField *f = &t->fields[i];
        if (!rt_string_equal(rt_name_text(f->name), RT_STR("_"))) seed = rt_hash_type(f->type, p + f->offset, seed);
    }
    return seed;
}

static uintptr_t hash_array(const GoArrayType *t, const uint8_t *p, uintptr_t seed) {
    for (uintptr_t i = 0; i < t->len; i++) seed = rt_hash_type(t->elem, p + i * t->elem->size, seed);
    return seed;
}

uintptr_t rt_hash_type(const GoType *t, const void *p, uintptr_t seed) {
    if (t->tflag & TF_REGULAR_MEMORY) return rt_hash_mem(p, seed, (int64_t)t->size);
    switch (rt_type_kind(t)) {
    case GK_FLOAT32: return rt_hash_f32(p, seed);
    case GK_FLOAT64: return rt_hash_f64(p, seed);
    case GK_COMPLEX64: return rt_hash_f32((const float *)p + 1, rt_hash_f32(p, seed));
    case GK_COMPLEX128: return rt_hash_f64((const double *)p + 1, rt_hash_f64(p, seed));
    case GK_STRING: return rt_hash_string(p, seed);
    case GK_INTERFACE: return ((const GoInterfaceType *)t)->nmethods ? rt_hash_iface(p, seed) : rt_hash_eface(p, seed);
    case GK_ARRAY: return hash_array((const GoArrayType *)t, p, seed);
    case GK_STRUCT: return hash_struct((const GoStructType *)t, p, seed);
    default: rt_panic_type(RT_STR("hash of unhashable type "), t);
    }
}
