/* pool.h: pools: slots for values of one type, taken and given back one by one (pool.c). */
#ifndef GOO_POOL_H
#define GOO_POOL_H

#include "runtime/mem/arena.h"

/* A new pool for values of type, with room for so many at once. debug: every value has pages of its own, which become
 * inaccessible when it is freed. On a goroutine's stack. */
RtPool *rt_pool_make(const GoType *type, int64_t initial, bool debug);
/* A zero value. */
void *rt_pool_get(RtPool *p) __asm__("\"goo/mem.poolGet\"");
typedef enum RtPoolError { RP_OK, RP_FOREIGN, RP_TWICE } RtPoolError;
/* Gives one back, which the caller must not use any more. An RtPoolError. Package goo/mem calls it by its name there. */
int64_t rt_pool_free(RtPool *p, void *slot) __asm__("\"goo/mem.poolFree\"");
const GoType *rt_pool_type(const RtPool *p);

#endif
