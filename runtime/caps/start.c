/* start.c: the program's ceiling: what it was built with, narrowed by the environment. */
#include "runtime/caps/caps.h"
#include <sys/auxv.h>

static const char *environment(const char *name) {
    extern char **rt_envp;
    size_t n = strlen(name);
    for (char **e = rt_envp; e && *e; e++)
        if (!strncmp(*e, name, n) && (*e)[n] == '=') return *e + n + 1;
    return NULL;
}

static const RtCaps *parse(const char *text, const char *what) {
    GoString error;
    const RtCaps *set = rt_caps_parse((GoString){(const uint8_t *)text, (int64_t)strlen(text)}, &error);
    if (!set) rt_fatal(rt_string_concat((GoString[]){{(const uint8_t *)what, (int64_t)strlen(what)}, RT_STR(": "), error}, 3));
    return set;
}

static RT_COLD void narrow(const RtCaps *set) {
    rt_caps_set(rt_g->caps ? rt_caps_node(CK_AND, rt_g->caps, set) : set);
    rt_caps_root = rt_g->caps;
    rt_caps_limit_memory(set);
}

void rt_caps_start(void) {
    const char *narrower = environment("GOO_CAPS"), *audit = environment("GOO_CAPS_AUDIT");
    rt_heap_add_root(&rt_caps_root, sizeof rt_caps_root);
    rt_heap_add_root(&rt_caps_audit_fn, sizeof rt_caps_audit_fn);
    if (goo_program.ceiling) narrow(parse(goo_program.ceiling, "@requires of main"));
    if (goo_program.policy) narrow(parse(goo_program.policy, "the rights this program was built with"));
    if (narrower) narrow(parse(narrower, "GOO_CAPS"));
    if (audit && *audit && !getauxval(AT_SECURE)) rt_caps_audit_start(audit);
    if (goo_program.sandbox) goo_program.sandbox();
}
