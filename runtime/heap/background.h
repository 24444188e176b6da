/* background.h: goroutines of the collector, each with one kind of work that it is asked for now and then. */
#ifndef GOO_HEAP_BACKGROUND_H
#define GOO_HEAP_BACKGROUND_H

#include "runtime/rt.h"

/* Static data. lock protects what follows it. */
typedef struct RtBackground {
    GoClosure start;       /* first: the goroutine's environment; set by rt_background_ask */
    void (*work)(void);    /* until there is nothing left to do; on the goroutine */
    RtSpin lock;
    bool started, asked;
    RtGoroutine *waiting;  /* parked, or NULL */
} RtBackground;

/* Has the work done, soon. The first time, starts the goroutine. On a goroutine's stack. */
void rt_background_ask(RtBackground *b);
/* Whether all the work that was asked for is done. */
bool rt_background_is_idle(RtBackground *b);

#endif
