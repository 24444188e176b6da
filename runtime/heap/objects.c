/* objects.c: from an address to the object that it is in. */
#include "runtime/heap/span.h"

bool rt_heap_find(const void *p, RtObject *out) {
    uintptr_t at = (uintptr_t)p;
    RtSpan *s = is_heap_address(at) ? span_of(at) : NULL;
    uint32_t slot = s ? slot_of(s, at) : 0;
    if (!s || slot >= s->count) return false;
    *out = s->state == SPAN_LARGE ? (RtObject){(void *)s->base, s->bytes}
                                  : (RtObject){(void *)(s->base + (uintptr_t)slot * s->size), s->size};
    return true;
}
