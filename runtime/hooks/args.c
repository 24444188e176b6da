/* args.c: the arguments and the environment, for packages os, syscall, runtime and internal/godebug; what kind of program
 * it is, for package testing. */
#include "runtime/hooks/hooks.h"

int rt_argc;
char **rt_argv, **rt_envp;

/* The C library passes main's arguments to constructors, and whoever has a main of its own need not know of this. */
static __attribute__((constructor)) void note_arguments(int argc, char **argv, char **envp) {
    rt_argc = argc;
    rt_argv = argv;
    rt_envp = envp;
}

static GoSlice string_slice(char *const *list, int64_t n) {
    GoString *out = rt_make_slice(&rt_type_string, n, n);
    for (int64_t i = 0; i < n; i++) out[i] = (GoString){(const uint8_t *)list[i], (int64_t)strlen(list[i])};
    return (GoSlice){out, n, n};
}

HOOK("os.runtime_args", GoSlice, os_args, (void)) { return string_slice(rt_argv, rt_argc); }

HOOK("syscall.runtime_envs", GoSlice, syscall_envs, (void)) {
    int64_t n = 0;
    while (rt_envp && rt_envp[n]) n++;
    return string_slice(rt_envp, n);
}

HOOK("runtime.getenv", GoString, runtime_getenv, (GoString name)) {
    for (char **e = rt_envp; e && *e; e++)
        if (!strncmp(*e, (const char *)name.ptr, (size_t)name.len) && (*e)[name.len] == '=')
            return (GoString){(const uint8_t *)*e + name.len + 1, (int64_t)strlen(*e + name.len + 1)};
    return (GoString){0};
}

/* ---- internal/godebug ---- */

/* What to call with the default settings and $GODEBUG when that changes: a declared function, whose closure object is
 * static data. Set once, by package initialisation. */
static GoClosure *godebug_update;

static void set_godebug(GoString value) {
    GoClosure *f = godebug_update;
    if (f) ((void (*)(GoString, GoString, GoClosure *))f->code)((GoString){0}, value, f);
}

HOOK("internal/godebug.setUpdate", void, godebug_set_update, (GoClosure *update)) {
    godebug_update = update;
    GoString value = runtime_getenv(RT_STR("GODEBUG"));
    if (value.len) set_godebug(value);
}

/* Package syscall has its own copy of the environment, and no C code reads the process's. */
static void changed(GoString name, GoString value) {
    if (rt_string_equal(name, RT_STR("GODEBUG"))) set_godebug(value);
}

HOOK("syscall.runtimeSetenv", void, syscall_setenv, (GoString name, GoString value)) { changed(name, value); }
HOOK("syscall.runtimeUnsetenv", void, syscall_unsetenv, (GoString name)) { changed(name, (GoString){0}); }

HOOK("testing.isTest", bool, testing_is_test, (void)) { return goo_program.is_test; }

/* The runtime itself has no settings to count uses of. */
HOOK("internal/godebug.setNewIncNonDefault", void, godebug_new_inc, (GoClosure *make)) { (void)make; }
