/* buf.c: growable byte buffers on the C heap. Invariant: data == NULL, or cap > len and data[len] == 0. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

void buf_free(Buf *b) {
    free(b->data);
    *b = (Buf){0};
}

/* Makes room for n more bytes and the terminator. */
static void reserve(Buf *b, size_t n) {
    if (b->data && n < b->cap - b->len) return;
    if (n > SIZE_MAX / 4 - b->len) fatal("out of memory in a buffer");
    size_t cap = b->cap ? b->cap : 64;
    while (cap <= b->len + n) cap *= 2;
    b->data = realloc(b->data, cap);
    if (!b->data) out_of_memory(cap);
    b->cap = cap;
}

void buf_putc(Buf *b, char c) {
    reserve(b, 1);
    b->data[b->len++] = c;
    b->data[b->len] = 0;
}

void buf_put(Buf *b, const void *data, size_t n) {
    reserve(b, n);
    if (n) memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = 0;
}

void buf_puts(Buf *b, const char *s) { buf_put(b, s, strlen(s)); }

void buf_printf(Buf *b, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    check(n >= 0);
    reserve(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    b->len += (size_t)n;
    va_end(again);
    va_end(ap);
}
