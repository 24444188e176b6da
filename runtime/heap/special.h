/* special.h: what is known about single objects: finalizers and weak pointers. Inside of the heap only. */
#ifndef GOO_HEAP_SPECIAL_H
#define GOO_HEAP_SPECIAL_H

#include "runtime/heap/mark.h"

/* Marks what finalizers and their objects refer to (not the objects), handles of weak pointers, and waiting calls. */
void rt_specials_mark(RtMarker *w);
/* After marking: clears weak pointers to objects that are not marked; those with a finalizer are marked after all,
 * and their calls wait from now on. */
void rt_specials_sweep(void);

#endif
