/* gc.c: what packages runtime and runtime/debug want of the heap and its collector. */
#include "runtime/hooks/hooks.h"

/* Finalizers may run late or never; without a collector, never. */
HOOK("runtime.SetFinalizer", void, runtime_set_finalizer, (GoEface obj, GoEface finalizer)) { (void)obj, (void)finalizer; }
