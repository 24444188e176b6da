/* settings.c: the environment: GOGC, GOMEMLIMIT, GOODEBUG, GOOTRACE. Read once, at the start. */
#include "runtime/heap/gc.h"
#include <stdlib.h>

RtGcSettings rt_gc_settings = {.percent = 100, .limit = INT64_MAX};

/* ---- numbers ---- */

static int64_t read_percent(const char *s) {
    enum { DEFAULT = 100 };
    if (strcmp(s, "off") == 0) return -1;
    bool negative = *s == '-';
    int64_t v;
    s += negative;
    if (!rt_env_digits(&s, &v) || *s || v > INT32_MAX) return DEFAULT;
    return negative ? -v : v;
}

/* A number of bytes: digits, then B, or KiB to TiB. */
static bool read_bytes(const char *s, int64_t *bytes) {
    static const char units[] = "KMGT";
    if (!rt_env_digits(&s, bytes)) return false;
    if (*s == 0 || strcmp(s, "B") == 0) return true;
    const char *unit = strchr(units, *s);
    if (!unit || strcmp(s + 1, "iB") != 0) return false;
    int64_t factor = (int64_t)1 << (10 * (unit - units + 1));
    return !__builtin_mul_overflow(*bytes, factor, bytes);
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
    rt_gc_settings.stress = (uint32_t)rt_env_value(s, "gcstress");
    rt_gc_settings.verify = rt_env_value(s, "gcverify") != 0;
    rt_gc_settings.poison = rt_env_value(s, "gcpoison") != 0;
    rt_gc_settings.trace = rt_env_word(getenv("GOOTRACE"), "gc") != NULL;
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
