/* heap.h: memory behind a narrow interface. What stands behind it may be replaced without touching a caller.
 *
 * Entry points of entry.def that belong to it (rt_new, rt_new_array, rt_alloc_noscan) are in heap.c as well, so that
 * their fast path is one function. Every allocation is zeroed and at least 8-byte aligned (16 from 16 bytes on). */
#ifndef GOO_HEAP_H
#define GOO_HEAP_H

#include "runtime/abi.h"

/* A range to allocate from by moving next. */
typedef struct RtBump { uint8_t *next, *end; } RtBump;
/* What a thread (later: a processor) allocates from without locking. Objects without pointers lie apart. */
typedef struct RtHeapCache { RtBump scan, noscan; } RtHeapCache;

/* size bytes holding whole values of type (NULL: no pointers in it). size 0 gives a valid shared address. */
void *rt_heap_alloc(size_t size, const GoType *type);
/* size bytes any aligned word of which may be a pointer: for the runtime's own structures. */
void *rt_heap_alloc_words(size_t size);
/* The bytes an allocation of size occupies: what a growing slice may use up. Go 1.23's size classes, since
 * programs can see the capacities that result. */
size_t rt_heap_round(size_t size, bool noscan);
/* Outside of the heap: never freed, never scanned, zeroed, 16-byte aligned. Any thread. */
void *rt_persistent(size_t size);
/* Bytes handed out by the heap and in mappings for it, for reports. */
uint64_t rt_heap_in_use(void);
extern uint64_t rt_zero_base[2]; /* address of everything of size 0 */

#endif
