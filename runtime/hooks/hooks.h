/* hooks.h: what Go's library expects of its runtime: functions without a body in its packages, which the files of this
 * folder define under their Go names, grouped by package. Calls follow the convention of abi.h: a slice parameter is
 * three scalars, several results are a struct of them.
 *
 * Where the work is done elsewhere in the runtime, a hook here is one line. What nobody defines ends the program with
 * a message when it is called (rt_missing_function). */
#ifndef GOO_HOOKS_H
#define GOO_HOOKS_H

#include "runtime/rt.h"

/* Defines a C function under a Go name: HOOK("sync.throw", void, sync_throw, (GoString text)) { ... } */
#define HOOK(symbol, result, name, params)                                                                      \
    result name params __asm__("\"" symbol "\"");                                                               \
    result name params

/* Two results. */
typedef struct HookInts { int64_t a, b; } HookInts;
typedef struct HookBools { bool a, b; } HookBools;

/* The arguments and the environment that the kernel gave the program, as main received them. */
extern int rt_argc;
extern char **rt_argv, **rt_envp;

/* A copy of a C string. */
static inline GoString hook_string(const char *s) { return rt_string_of(s, (int64_t)strlen(s)); }

/* Makes of return addresses what runtime.Callers gives (callers.c): writes up to max entries, returns how many. */
int64_t rt_expand_callers(const uintptr_t *pcs, int64_t n, uintptr_t *out, int64_t max);
enum { RT_MOST_INLINED = 32 }; /* activations that are looked at of one return address */
bool rt_same_line(uintptr_t entry_a, uintptr_t entry_b); /* two such entries: in the same function, on the same line */

/* Ends the program: nobody defines the function. */
_Noreturn void rt_missing_function(const char *name);

#endif
