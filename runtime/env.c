/* env.c: reading numbers and lists of words from environment variables: GOODEBUG=a=1,b and GOOTRACE=gc,sched=100. */
#include "runtime/rt.h"

bool rt_env_digits(const char **p, int64_t *v) {
    const char *from = *p;
    *v = 0;
    for (; **p >= '0' && **p <= '9'; ++*p)
        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, **p - '0', v)) return false;
    return *p > from;
}

const char *rt_env_word(const char *list, const char *name) {
    size_t n = strlen(name);
    for (; list; list = strchr(list, ','), list = list ? list + 1 : NULL)
        if (strncmp(list, name, n) == 0 && (list[n] == '=' || list[n] == ',' || list[n] == 0))
            return list + n + (list[n] == '=');
    return NULL;
}

int64_t rt_env_value(const char *list, const char *name) {
    const char *s = rt_env_word(list, name);
    int64_t v;
    return s && rt_env_digits(&s, &v) ? v : 0;
}
