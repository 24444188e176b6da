/* missing.c: what is called in place of a function that a package of Go's library declares without a body and that
 * nobody defines. The compiler makes a weak definition for each, which comes here. */
#include "runtime/hooks/hooks.h"

_Noreturn void rt_missing_function(const char *name) {
    rt_fatal(rt_string_concat((GoString[]){RT_STR("missing function "), hook_string(name)}, 2));
}
