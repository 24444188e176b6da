/* hash.h: the hash function, for maps and descriptors: 64-bit folded multiplication, as in wyhash.
 *
 * Words are mixed with the seed (random, per map) and multiplied by secrets that are random per process, so that a
 * program's input cannot be made to collide without knowing either. Inline, so that maps with common keys pay no
 * call; a hash of n bytes is the same wherever it is computed. */
#ifndef GOO_HASH_H
#define GOO_HASH_H

#include "runtime/rt.h"

extern uint64_t rt_hash_secret[4]; /* odd; set once, by rt_hash_start */
/* Takes the process's secrets from the kernel's random bytes. */
void rt_hash_start(void);

RT_INLINE uint64_t hash_mix(uint64_t a, uint64_t b) {
    unsigned __int128 p = (unsigned __int128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

RT_INLINE uint64_t hash_load64(const uint8_t *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

RT_INLINE uint64_t hash_load32(const uint8_t *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Twice: one multiplication leaves arithmetic progressions of keys in clusters, for one secret in ten. */
RT_INLINE uintptr_t hash_word(uint64_t v, uintptr_t seed) {
    return hash_mix(hash_mix(v ^ seed, rt_hash_secret[0]), rt_hash_secret[1]);
}

/* More than 16 bytes. */
uintptr_t rt_hash_long(const uint8_t *p, uintptr_t seed, int64_t n);

RT_INLINE uintptr_t hash_bytes_inline(const uint8_t *p, uintptr_t seed, int64_t n) {
    uint64_t a, b;
    if (n > 16) return rt_hash_long(p, seed, n);
    if (n > 8) {
        a = hash_load64(p);
        b = hash_load64(p + n - 8);
    } else if (n == 8) {
        return hash_word(hash_load64(p), seed);
    } else if (n > 4) {
        a = hash_load32(p);
        b = hash_load32(p + n - 4);
    } else if (n == 4) {
        return hash_word(hash_load32(p), seed);
    } else if (n > 0) {
        a = (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1];
        b = 0;
    } else {
        a = b = 0;
    }
    return hash_mix(rt_hash_secret[1] ^ (uint64_t)n, hash_mix(a ^ rt_hash_secret[2], b ^ seed));
}

#endif
