/* settings.c: the environment: GOGC, GOMEMLIMIT, GOODEBUG, GOOTRACE. Read once, at the start. */
#include "runtime/heap/gc.h"
#include <stdlib.h>

RtGcSettings rt_gc_settings = {.percent = 100, .limit = INT64_MAX};

/* ---- numbers ---- */

/* Decimal digits at *p, which moves behind them; false: none, or too large. */
static bool read_digits(const char **p, int64_t *v) {
    const char *from = *p;
    *v = 0;
    for (; **p >= '0' && **p <= '9'; ++*p)
        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, **p - '0', v)) return false;
    return *p > from;
}

static int64_t read_percent(const char *s) {
    enum { DEFAULT = 100 };
    if (strcmp(s, "off") == 0) return -1;
    bool negative = *s == '-';
    int64_t v;
    s += negative;
    if (!read_digits(&s, &v) || *s || v > INT32_MAX) return DEFAULT;
    return negative ? -v : v;
}

/* A number of bytes: digits, then B, or KiB to TiB. */
static bool read_bytes(const char *s, int64_t *bytes) {
    static const char units[] = "KMGT";
    if (!read_digits(&s, bytes)) return false;
    if (*s == 0 || strcmp(s, "B") == 0) return true;
    const char *unit = strchr(units, *s);
    if (!unit || strcmp(s + 1, "iB") != 0) return false;
    int64_t factor = (int64_t)1 << (10 * (unit - units + 1));
    return !__builtin_mul_overflow(*bytes, factor, bytes);
}

/* ---- lists of words ---- */

/* The text behind `name` in a list like "a=1,b": "1", or "" for a word without a value; NULL: not there. */
static const char *find_word(const char *list, const char *name) {
    size_t n = strlen(name);
    for (; list; list = strchr(list, ','), list = list ? list + 1 : NULL)
        if (strncmp(list, name, n) == 0 && (list[n] == '=' || list[n] == ',' || list[n] == 0))
            return list + n + (list[n] == '=');
    return NULL;
}

static int64_t word_value(const char *list, const char *name) {
    const char *s = find_word(list, name);
    int64_t v;
    return s && read_digits(&s, &v) ? v : 0;
}

void rt_gc_settings_start(void) {
    const char *s = getenv("GOGC");
    if (s && *s) rt_gc_settings.percent = read_percent(s);
    s = getenv("GOMEMLIMIT");
    if (s && *s && strcmp(s, "off") != 0 && !read_bytes(s, &rt_gc_settings.limit)) {
        rt_print_cstr("GOMEMLIMIT=");
        rt_print_cstr(s);
        rt_print_nl();
        rt_fatal(RT_STR("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`"));
    }
    s = getenv("GOODEBUG");
    rt_gc_settings.stress = (uint32_t)word_value(s, "gcstress");
    rt_gc_settings.verify = word_value(s, "gcverify") != 0;
    rt_gc_settings.poison = word_value(s, "gcpoison") != 0;
    rt_gc_settings.trace = find_word(getenv("GOOTRACE"), "gc") != NULL;
}

void rt_heap_start(void) {
    static bool started;
    if (started) return;
    started = true;
    rt_gc_settings_start();
    rt_pages_start();
    rt_classes_start();
    rt_gc.start = rt_nanotime();
    rt_gc_pace();
}
