/* finalize.h: finalizers between the time they are set and the time they are called. Inside of the heap only. */
#ifndef GOO_HEAP_FINALIZE_H
#define GOO_HEAP_FINALIZE_H

#include "runtime/heap/mark.h"

/* fn(object), which panics if it must; see runtime.SetFinalizer. */
typedef struct RtFinalizer {
    void *object;
    const GoType *type;     /* of the pointer to it */
    const GoType *param;    /* what fn takes: a pointer, or an interface that the pointer implements */
    GoClosure *fn;
    const RtCaps *caps;     /* the rights of who set it, in which fn runs */
    bool result_in_memory;  /* fn wants the address of its results as first argument */
} RtFinalizer;

/* ---- special.c ---- */
bool rt_finalizer_add(const RtFinalizer *f); /* false: the object has one */
void rt_finalizer_remove(const void *object);

/* ---- finalize.c ---- */
/* Queues a call. World stopped. */
void rt_finalizer_queue(const RtFinalizer *f);
/* Marks what waits in the queue. World stopped. */
void rt_finalizers_mark(RtMarker *w);
/* Lets the waiting calls be made, by a goroutine of their own. On a goroutine's stack. */
void rt_finalizers_wake(void);

#endif
