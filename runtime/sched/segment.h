/* segment.h: the supply of segments (segment.c), for stack.c only. */
#ifndef GOO_SEGMENT_H
#define GOO_SEGMENT_H

#include "runtime/rt.h"

/* Bytes above the record of a goroutine's first segment: the goroutine's. */
enum { RT_GOROUTINE_ROOM = (sizeof(RtGoroutine) + 15) & ~15 };

enum {
    SC_FIRST,        /* what every goroutine starts on */
    SC_LEAST,        /* 4 KB; sizes double from here on */
#ifndef RT_TSAN
    SC_MAIN = 5,     /* 64 KB: the main goroutine continues on it at once */
#else
    SC_MAIN = 8,
#endif
    SC_GROWTH = 15,  /* 64 MB: the largest unless one frame needs more */
};

/* Bytes of a segment with its record. */
size_t rt_segment_size(uint32_t size_class);
/* The least class from SC_LEAST on with room for need bytes; RT_STACK_CLASSES: none. */
uint32_t rt_segment_class(size_t need);
/* A segment with sp, outer, inner NULL. c == NULL: from the global lists. NULL: out of memory. */
RtSegment *rt_segment_take(RtStackCache *c, uint32_t size_class);
/* Frees s. c == NULL: to the global lists. */
void rt_segment_put(RtStackCache *c, RtSegment *s);

#endif
