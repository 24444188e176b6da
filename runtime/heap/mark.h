/* mark.h: tracing: one marker a worker, work shared between them. The world is stopped. */
#ifndef GOO_HEAP_MARK_H
#define GOO_HEAP_MARK_H

#include "runtime/heap/span.h"

enum { MARK_STACK = 2048 };

/* A worker's addresses to look at. Tagged ones are the rest of a large object. Owner: the worker. */
struct RtMarker {
    bool shared;          /* others mark at the same time: mark bits change atomically */
    uint32_t n;
    uint64_t stack_bytes; /* of goroutine stacks scanned */
    uintptr_t at[MARK_STACK];
};

/* Prepares workers markers. */
void rt_mark_start(int workers);
RtMarker *rt_marker(int worker);
/* Makes room on a full stack by giving half of it to whoever is idle. */
void rt_mark_spill(RtMarker *w);

/* Something may refer to p. */
RT_INLINE void rt_mark_word(RtMarker *w, uintptr_t p) {
    if (!is_heap_address(p)) return;
    if (RT_UNLIKELY(w->n == MARK_STACK)) rt_mark_spill(w);
    w->at[w->n++] = p;
}
/* Any aligned word in [lo, hi) may be a pointer. */
void rt_mark_words(RtMarker *w, const void *lo, const void *hi);
/* The same for memory of a goroutine, which may be in a system call: its thread goes on, and threads without a processor
 * put it into lists. Words that change meanwhile are none that keep an object alive. */
void rt_mark_changing(RtMarker *w, const void *lo, const void *hi);
/* Elements of type from lo on, up to hi. */
void rt_mark_typed(RtMarker *w, const void *lo, const void *hi, const GoType *type);
/* What the object in a slot refers to; not the object itself. */
void rt_mark_contents(RtMarker *w, RtSpan *s, uint32_t slot);
/* Marks all that is reachable from what the markers hold. Returns when no worker has any left. */
void rt_mark_drain(RtMarker *w);

/* ---- roots.c ---- */

/* Finds what is referred to from outside of the heap; worker of workers does its share. */
void rt_mark_roots(RtMarker *w, int worker, int workers);
/* Bytes of variables and registered memory. */
uint64_t rt_root_bytes(void);

#endif
