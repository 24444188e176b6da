/* string.c: strings: concatenation, comparison, conversions, UTF-8.
 *
 * Invalid UTF-8 reads as U+FFFD, one byte at a time; surrogates and values past U+10FFFF encode as U+FFFD. */
#include "runtime/mem/arena.h"

/* ---- making strings ---- */

#define ROW(n) (n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7
#define BLOCK(n) ROW(n), ROW((n) + 8), ROW((n) + 16), ROW((n) + 24), ROW((n) + 32), ROW((n) + 40), ROW((n) + 48), ROW((n) + 56)
const uint64_t rt_small_words[256] = {BLOCK(0), BLOCK(64), BLOCK(128), BLOCK(192)};

/* The low byte of a small word is the byte itself (both architectures are little-endian). */
static const uint8_t *static_byte(uint8_t b) { return (const uint8_t *)&rt_small_words[b]; }

/* Each of these allocates from `at`; without @ that is the default heap, which the compiler knows then. */

RT_INLINE GoString string_of(const void *p, int64_t n, RtAt at) {
    if (n == 0) return (GoString){0};
    if (n == 1) return (GoString){static_byte(*(const uint8_t *)p), 1};
    void *to = rt_at_alloc_raw(at, (size_t)n);
    memcpy(to, p, (size_t)n);
    return (GoString){to, n};
}

GoString rt_string_of(const void *p, int64_t n) { return string_of(p, n, rt_at_heap); }
GoString rt_string_from_bytes(const uint8_t *p, int64_t n) { return string_of(p, n, rt_at_heap); }
GoString rt_string_from_bytes_at(const uint8_t *p, int64_t n, void *at, const GoItab *tab) {
    return string_of(p, n, rt_at(at, tab));
}
GoString rt_string_from_bytes_in(const uint8_t *p, int64_t n, void *buf) { return string_of(p, n, rt_at_scratch(buf)); }

RT_INLINE GoString concat_many(const GoString *parts, int64_t n, int64_t total, RtAt at) {
    uint8_t *to = rt_at_alloc_raw(at, (size_t)total), *next = to;
    for (int64_t i = 0; i < n; i++) {
        rt_copy(next, parts[i].ptr, (size_t)parts[i].len);
        next += parts[i].len;
    }
    return (GoString){to, total};
}

RT_INLINE GoString concat(const GoString *parts, int64_t n, RtAt at) {
    int64_t total = 0, filled = 0, last = 0;
    for (int64_t i = 0; i < n; i++) {
        if (parts[i].len == 0) continue;
        if (__builtin_add_overflow(total, parts[i].len, &total)) rt_fatal(RT_STR("string concatenation too long"));
        filled++;
        last = i;
    }
    if (filled == 0) return (GoString){0};
    return filled == 1 ? parts[last] : concat_many(parts, n, total, at);
}

GoString rt_string_concat(const GoString *parts, int64_t n) { return concat(parts, n, rt_at_heap); }
GoString rt_string_concat_at(const GoString *parts, int64_t n, void *at, const GoItab *tab) {
    return concat(parts, n, rt_at(at, tab));
}
GoString rt_string_concat_in(const GoString *parts, int64_t n, void *buf) { return concat(parts, n, rt_at_scratch(buf)); }

/* ---- comparing ---- */

bool rt_string_equal(GoString a, GoString b) {
    return a.len == b.len && (a.ptr == b.ptr || rt_same(a.ptr, b.ptr, (size_t)a.len));
}

int64_t rt_string_compare(GoString a, GoString b) {
    int64_t n = a.len < b.len ? a.len : b.len;
    int c = a.ptr == b.ptr || n == 0 ? 0 : memcmp(a.ptr, b.ptr, (size_t)n);
    if (c) return c < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

/* ---- UTF-8 ---- */

enum { RUNE_ERROR = 0xfffd, MAX_RUNE = 0x10ffff, SURROGATE_LO = 0xd800, SURROGATE_HI = 0xdfff, UTF8_MAX = 4 };

static bool is_continuation(uint8_t b) { return (b & 0xc0) == 0x80; }

/* Decodes the sequence at p, n > 0 bytes long at most; returns its length. */
static int decode(const uint8_t *p, int64_t n, int32_t *rune) {
    static const int32_t least[UTF8_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000}; /* below: an overlong form */
    uint8_t b = p[0];
    *rune = b;
    if (b < 0x80) return 1;
    *rune = RUNE_ERROR;
    int len = b < 0xc2 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 1;
    if (len == 1 || n < len) return 1;
    int32_t r = b & (0x7f >> len);
    for (int i = 1; i < len; i++) {
        if (!is_continuation(p[i])) return 1;
        r = r << 6 | (p[i] & 0x3f);
    }
    if (r < least[len] || r > MAX_RUNE || (r >= SURROGATE_LO && r <= SURROGATE_HI)) return 1;
    *rune = r;
    return len;
}

/* Encodes r at to (room for UTF8_MAX bytes); returns the length. */
static int encode(uint8_t *to, int64_t r) {
    if (r < 0 || r > MAX_RUNE || (r >= SURROGATE_LO && r <= SURROGATE_HI)) r = RUNE_ERROR;
    if (r < 0x80) {
        to[0] = (uint8_t)r;
        return 1;
    }
    int len = r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
    for (int i = len - 1; i > 0; i--, r >>= 6) to[i] = (uint8_t)(0x80 | (r & 0x3f));
    to[0] = (uint8_t)(0xf00 >> len | r);
    return len;
}

int64_t rt_decode_rune(GoString s, int64_t i, int32_t *rune) { return i + decode(s.ptr + i, s.len - i, rune); }

int64_t rt_count_runes(GoString s) {
    int64_t n = 0;
    int32_t r;
    for (int64_t i = 0; i < s.len; n++) i += s.ptr[i] < 0x80 ? 1 : decode(s.ptr + i, s.len - i, &r);
    return n;
}

RT_INLINE GoString string_from_rune(int64_t r, RtAt at) {
    if (r >= 0 && r < 0x80) return (GoString){static_byte((uint8_t)r), 1};
    uint8_t buf[UTF8_MAX];
    return string_of(buf, encode(buf, r), at);
}

GoString rt_string_from_rune(int64_t r) { return string_from_rune(r, rt_at_heap); }
GoString rt_string_from_rune_at(int64_t r, void *at, const GoItab *tab) { return string_from_rune(r, rt_at(at, tab)); }
GoString rt_string_from_rune_in(int64_t r, void *buf) { return string_from_rune(r, rt_at_scratch(buf)); }

RT_INLINE GoString string_from_runes(const int32_t *p, int64_t n, RtAt at) {
    int64_t len = 0;
    uint8_t scratch[UTF8_MAX];
    for (int64_t i = 0; i < n; i++) len += encode(scratch, p[i]);
    if (len == 0) return (GoString){0};
    uint8_t *to = rt_at_alloc_raw(at, (size_t)len), *next = to;
    for (int64_t i = 0; i < n; i++) {
        int k = encode(scratch, p[i]);
        memcpy(next, scratch, (size_t)k);
        next += k;
    }
    return (GoString){to, len};
}

GoString rt_string_from_runes(const int32_t *p, int64_t n) { return string_from_runes(p, n, rt_at_heap); }
GoString rt_string_from_runes_at(const int32_t *p, int64_t n, void *at, const GoItab *tab) {
    return string_from_runes(p, n, rt_at(at, tab));
}

/* ---- strings to slices: capacities use up what the allocation occupies, as gc's do ---- */

RT_INLINE GoSlice bytes_from_string(GoString s, RtAt at) {
    bool is_short = at.tab == RT_AT_SCRATCH && s.len <= RT_SCRATCH;
    int64_t cap = is_short ? RT_SCRATCH : (int64_t)rt_heap_round((size_t)s.len, true);
    void *p = rt_at_alloc(at, (size_t)cap, NULL);
    rt_copy(p, s.ptr, (size_t)s.len);
    return (GoSlice){p, s.len, cap};
}

GoSlice rt_bytes_from_string(GoString s) { return bytes_from_string(s, rt_at_heap); }
GoSlice rt_bytes_from_string_at(GoString s, void *at, const GoItab *tab) { return bytes_from_string(s, rt_at(at, tab)); }
GoSlice rt_bytes_from_string_in(GoString s, void *buf) { return bytes_from_string(s, rt_at_scratch(buf)); }

RT_INLINE GoSlice runes_from_string(GoString s, RtAt at) {
    int64_t n = rt_count_runes(s);
    if (n > INT64_MAX / 8) rt_fatal(RT_STR("out of memory"));
    int64_t cap = (int64_t)(rt_heap_round((size_t)n * sizeof(int32_t), true) / sizeof(int32_t));
    int32_t *to = rt_at_alloc(at, (size_t)cap * sizeof(int32_t), NULL);
    int64_t i = 0;
    for (int64_t k = 0; k < n; k++) i += decode(s.ptr + i, s.len - i, &to[k]);
    return (GoSlice){to, n, cap};
}

GoSlice rt_runes_from_string(GoString s) { return runes_from_string(s, rt_at_heap); }
GoSlice rt_runes_from_string_at(GoString s, void *at, const GoItab *tab) { return runes_from_string(s, rt_at(at, tab)); }
