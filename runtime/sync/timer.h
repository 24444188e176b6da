/* timer.h: timers: what fires at a time of rt_nanotime's clock.
 *
 * Each processor has a heap of them, which the scheduler runs (rt_timers_run) between goroutines and before it sleeps;
 * other processors may run it too. On top stand sleeping goroutines and the timers of package time. */
#ifndef GOO_TIMER_H
#define GOO_TIMER_H

#include "runtime/rt.h"

typedef struct RtTimer RtTimer;

/* A place in a heap: the time is kept beside the pointer, so that comparisons touch nothing else. */
typedef struct RtTimerSlot { int64_t when; RtTimer *timer; } RtTimerSlot;

/* The timers of one processor, the earliest first in a 4-ary heap. lock protects all; first is read without it. */
struct RtTimers {
    RtSpin lock;
    int64_t first;             /* when the earliest fires; 0: there is none */
    int64_t len, cap;
    RtTimerSlot *at;           /* in persistent memory: growing must not start a collection under the lock */
};

/* Embedded in what it is for. heap and index are protected by the lock of the heap it is in; calls of rt_timer_set and
 * rt_timer_clear for one timer must not overlap, but may with its firing. */
struct RtTimer {
    RtTimers *heap;            /* that it is in, or NULL; atomic */
    int64_t index;
    /* Called when it is due, out of its heap, on a system stack with a processor and no locks; must not block. */
    void (*fire)(RtTimer *t, int64_t now);
};

/* Puts t into the heap of the running processor, or moves it within the one it is in. Whether it was in one. */
bool rt_timer_set(RtTimer *t, int64_t when);
/* Takes t out of its heap. Whether it was in one: if not, it has fired, is about to, or was never set. */
bool rt_timer_clear(RtTimer *t);

/* ---- for the scheduler ---- */
/* Fires what is due at now. Returns when the next one is due, 0: there is none. On a system stack, with any processor. */
int64_t rt_timers_run(RtP *p, int64_t now);
/* When the next timer of p is due, 0: there is none. No lock. */
int64_t rt_timers_next(const RtP *p);
/* Gives the timers of from, which nobody runs any more, to the running processor. */
void rt_timers_take(RtP *from);
/* now + ns, never beyond the end of time. */
int64_t rt_time_after(int64_t now, int64_t ns);

/* ---- channels with timers; c has one ---- */
/* Whether a receive would get a value now; without the lock too. */
bool rt_timer_chan_due(const GoChan *c);
/* Receives, with c locked: false if there is nothing. What *elem holds then must still be given to rt_timer_chan_value. */
bool rt_timer_chan_recv(GoChan *c, void *elem);
/* With c locked: a receiver was added to, or taken from, the queue. */
void rt_timer_chan_wait(GoChan *c), rt_timer_chan_leave(GoChan *c);
/* Replaces what a receive left in *elem (NULL: dropped) by a time.Time, with nothing locked: runs compiled code. */
void rt_timer_chan_value(GoChan *c, void *elem);
/* The send by which that code hands the value over. */
bool rt_timer_chan_send(GoChan *c, const void *elem);

#endif
