/* time.c: the clocks, for packages time, sync and internal/poll. */
#include "runtime/hooks/hooks.h"
#include <time.h>

HOOK("runtime.nanotime", int64_t, runtime_nanotime, (void)) { return rt_nanotime(); }
HOOK("sync.runtime_nanotime", int64_t, sync_nanotime, (void)) { return rt_nanotime(); }

typedef struct Now { int64_t sec; int32_t nsec; int64_t mono; } Now;
HOOK("time.now", Now, time_now, (void)) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (Now){t.tv_sec, (int32_t)t.tv_nsec, rt_nanotime()};
}

/* Package time's tests read it: sleeps are exact to a millisecond. */
extern bool have_exact_sleep __asm__("runtime.haveHighResSleep");
bool have_exact_sleep = true;
