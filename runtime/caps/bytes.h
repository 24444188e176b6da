/* bytes.h: the scope of memory.budget, read alike by the compiler and at run time. */
#ifndef GOO_CAPS_BYTES_H
#define GOO_CAPS_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The number of bytes that a text of n characters says: digits, and perhaps a unit, a letter of KMGT (powers of 1024), i,
 * B, in upper or lower case. 0: it is malformed, says none, or too many. */
static inline uint64_t caps_bytes(const char *s, size_t n) {
    static const char units[] = "KMGT";
    size_t i = 0;
    uint64_t v = 0;
    for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(s[i] - '0'), &v)) return 0;
    if (i == 0) return 0;
    const char *unit = i < n ? (const char *)memchr(units, s[i] & ~0x20, sizeof units - 1) : NULL;
    if (unit) {
        int shift = 10 * (int)(unit - units + 1);
        if (v > UINT64_MAX >> shift) return 0;
        v <<= shift;
        i++;
        if (i < n && s[i] == 'i') i++;
    }
    if (i < n && (s[i] & ~0x20) == 'B') i++;
    return i == n ? v : 0;
}

#endif
