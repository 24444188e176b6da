/* settings.h: what the environment and the program say about the collector. */
#ifndef GOO_HEAP_SETTINGS_H
#define GOO_HEAP_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/* Owner: the process; percent and limit change with the world stopped, the rest is set at the start. */
typedef struct RtGcSettings {
    int64_t percent;  /* GOGC: growth before the next collection, of what is live; negative: off */
    int64_t limit;    /* GOMEMLIMIT: bytes of memory of the whole runtime */
    uint32_t stress;  /* GOODEBUG=gcstress=N: collect at every N-th allocation */
    bool verify;      /* GOODEBUG=gcverify=1: check the heap after marking */
    bool poison;      /* GOODEBUG=gcpoison=1: overwrite what is freed */
    bool trace;       /* GOOTRACE=gc: a line for each collection */
} RtGcSettings;
extern RtGcSettings rt_gc_settings;

/* Reads GOGC, GOMEMLIMIT, GOODEBUG and GOOTRACE. */
void rt_gc_settings_start(void);

#endif
