/* print.c: print and println, and the text of everything else the runtime says: to standard error, gc's formats.
 *
 * Text gathers in the thread's buffer and is written when the outermost rt_print_unlock comes, so that one println
 * is one write as long as it fits. Outside of a lock every piece is written at once. */
#include "runtime/rt.h"
#include <math.h>

static void flush(RtOut *o) {
    if (o->len) rt_sys_write(2, o->buf, o->len);
    o->len = 0;
}

static void put(const void *p, size_t n) {
    RtOut *o = &rt_m()->out;
    if (RT_UNLIKELY(o->into != NULL)) {
        if (n > o->room) n = o->room;
        rt_copy(o->into, p, n);
        o->into += n;
        o->room -= n;
        return;
    }
    if (n > sizeof o->buf - o->len) flush(o);
    if (n > sizeof o->buf) {
        rt_sys_write(2, p, n);
        return;
    }
    rt_copy(o->buf + o->len, p, n);
    o->len += (uint32_t)n;
    if (o->depth == 0) flush(o);
}

/* The buffer is the thread's: the goroutine stays on it. */
void rt_print_lock(void) {
    rt_preempt_off();
    rt_m()->out.depth++;
}

void rt_print_unlock(void) {
    RtOut *o = &rt_m()->out;
    if (--o->depth == 0) flush(o);
    rt_preempt_on();
}

/* ---- numbers ---- */

uint8_t *rt_format_uint(uint8_t *end, uint64_t v) {
    do *--end = (uint8_t)('0' + v % 10);
    while (v /= 10);
    return end;
}

void rt_print_uint(uint64_t v) {
    uint8_t buf[20], *end = buf + sizeof buf, *p = rt_format_uint(end, v);
    put(p, (size_t)(end - p));
}

void rt_print_int(int64_t v) {
    uint8_t buf[21], *end = buf + sizeof buf, *p = rt_format_uint(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
    if (v < 0) *--p = '-';
    put(p, (size_t)(end - p));
}

void rt_print_hex(uint64_t v) {
    uint8_t buf[18], *end = buf + sizeof buf, *p = end;
    do *--p = (uint8_t)"0123456789abcdef"[v & 15];
    while (v >>= 4);
    *--p = 'x';
    *--p = '0';
    put(p, (size_t)(end - p));
}

/* Brings v > 0 into [1, 10); returns the decimal exponent. Repeated division is inexact for far exponents: the last
 * digits printed depend on it, and gc's do so too. */
static int normalize(double *v) {
    int e = 0;
    for (; *v >= 10; e++) *v /= 10;
    for (; *v < 1; e--) *v *= 10;
    return e;
}

enum { DIGITS = 7 };

/* +d.dddddde+ddd */
static void print_finite(double v) {
    char buf[DIGITS + 7];
    int e = 0;
    buf[0] = signbit(v) ? '-' : '+';
    v = fabs(v);
    if (v != 0) {
        e = normalize(&v);
        double half = 5;
        for (int i = 0; i < DIGITS; i++) half /= 10;
        v += half;
        if (v >= 10) {
            e++;
            v /= 10;
        }
    }
    for (int i = 0; i < DIGITS; i++) {
        int digit = (int)v;
        buf[i + (i == 0 ? 1 : 2)] = (char)('0' + digit);
        v = (v - digit) * 10;
    }
    buf[2] = '.';
    char *exp = buf + DIGITS + 2;
    exp[0] = 'e';
    exp[1] = e < 0 ? '-' : '+';
    if (e < 0) e = -e;
    exp[2] = (char)('0' + e / 100);
    exp[3] = (char)('0' + e / 10 % 10);
    exp[4] = (char)('0' + e % 10);
    put(buf, sizeof buf);
}

void rt_print_float(double v) {
    if (isnan(v)) rt_print_cstr("NaN");
    else if (isinf(v)) rt_print_cstr(v > 0 ? "+Inf" : "-Inf");
    else print_finite(v);
}

void rt_print_complex(double re, double im) {
    rt_print_lock();
    rt_print_cstr("(");
    rt_print_float(re);
    rt_print_float(im);
    rt_print_cstr("i)");
    rt_print_unlock();
}

/* ---- the rest ---- */

void rt_print_cstr(const char *s) { put(s, strlen(s)); }
void rt_print_string(GoString s) { put(s.ptr, (size_t)s.len); }
void rt_print_bool(bool v) { rt_print_cstr(v ? "true" : "false"); }
void rt_print_pointer(const void *p) { rt_print_hex((uintptr_t)p); }
void rt_print_space(void) { put(" ", 1); }
void rt_print_nl(void) { put("\n", 1); }

void rt_print_slice(void *p, int64_t len, int64_t cap) {
    rt_print_lock();
    rt_print_cstr("[");
    rt_print_int(len);
    rt_print_cstr("/");
    rt_print_int(cap);
    rt_print_cstr("]");
    rt_print_pointer(p);
    rt_print_unlock();
}

void rt_print_eface(GoEface v) {
    rt_print_lock();
    rt_print_cstr("(");
    rt_print_pointer(v.type);
    rt_print_cstr(",");
    rt_print_pointer(v.data);
    rt_print_cstr(")");
    rt_print_unlock();
}
