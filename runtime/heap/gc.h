/* gc.h: what allocation asks of the collector. */
#ifndef GOO_HEAP_GC_H
#define GOO_HEAP_GC_H

#include <stdbool.h>
#include <stddef.h>

/* Called by allocation before it takes new memory, of which more bytes for one large object: may collect. The
 * processor may be another one afterwards. */
void rt_gc_poll(size_t more);
/* The system gives no more memory: collects. False when that was done and did not help. */
bool rt_gc_for_memory(void);
/* A large object of that size has been allocated. */
void rt_gc_count_large(size_t size);

#endif
