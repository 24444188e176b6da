/* alg_closures.c: the equality and hash routines that type descriptors point to (ir/algs.c names them).
 *
 * Each takes its closure as the last argument; the ones for plain memory find their size behind the code word. */
#include "runtime/rt.h"

typedef struct SizedClosure { void *code; int64_t size; } SizedClosure;

#define EQUAL(name) bool rt_alg_##name##_equal(const void *p, const void *q, const SizedClosure *env)
#define HASH(name) uintptr_t rt_alg_##name##_hash(const void *p, uintptr_t seed, const SizedClosure *env)
EQUAL(mem); HASH(mem); EQUAL(string); HASH(string); EQUAL(eface); HASH(eface); EQUAL(iface); HASH(iface);
EQUAL(f32); HASH(f32); EQUAL(f64); HASH(f64); EQUAL(c64); HASH(c64); EQUAL(c128); HASH(c128);

EQUAL(mem) { return rt_same(p, q, (size_t)env->size); }
HASH(mem) { return rt_hash_mem(p, seed, env->size); }

EQUAL(string) {
    (void)env;
    return rt_string_equal(*(const GoString *)p, *(const GoString *)q);
}
HASH(string) { (void)env; return rt_hash_string(p, seed); }

EQUAL(eface) { (void)env; return rt_eface_equal(*(const GoEface *)p, *(const GoEface *)q); }
HASH(eface) { (void)env; return rt_hash_eface(p, seed); }
EQUAL(iface) { (void)env; return rt_iface_equal(*(const GoIface *)p, *(const GoIface *)q); }
HASH(iface) { (void)env; return rt_hash_iface(p, seed); }

EQUAL(f32) { (void)env; return *(const float *)p == *(const float *)q; }
HASH(f32) { (void)env; return rt_hash_f32(p, seed); }
EQUAL(f64) { (void)env; return *(const double *)p == *(const double *)q; }
HASH(f64) { (void)env; return rt_hash_f64(p, seed); }

EQUAL(c64) {
    (void)env;
    const float *a = p, *b = q;
    return a[0] == b[0] && a[1] == b[1];
}
HASH(c64) { (void)env; return rt_hash_f32((const float *)p + 1, rt_hash_f32(p, seed)); }
EQUAL(c128) {
    (void)env;
    const double *a = p, *b = q;
    return a[0] == b[0] && a[1] == b[1];
}
HASH(c128) { (void)env; return rt_hash_f64((const double *)p + 1, rt_hash_f64(p, seed)); }
