/* sync.h: what the standard library calls for waiting: every function with the Go function that it implements. Values
 * have the layouts of abi.h, calls its convention. All are called on goroutines and may change threads. */
#ifndef GOO_SYNC_H
#define GOO_SYNC_H

#include "runtime/rt.h"

/* ---- sema.c ---- */
/* Waits until *addr > 0 and takes one. lifo: ahead of those who wait already.
 * sync.runtime_Semacquire, internal/poll.runtime_Semacquire: (addr, false, RW_SEMACQUIRE)
 * sync.runtime_SemacquireMutex:                              (addr, lifo, RW_MUTEX)
 * sync.runtime_SemacquireRWMutexR, ...RWMutex:               (addr, lifo, RW_RWMUTEX_R), (addr, lifo, RW_RWMUTEX) */
void rt_sema_acquire(uint32_t *addr, bool lifo, RtWait why);
/* Gives one, and wakes a waiter. handoff: the waiter gets it, whoever else comes now, and runs next.
 * sync.runtime_Semrelease, internal/poll.runtime_Semrelease (no handoff) */
void rt_sema_release(uint32_t *addr, bool handoff);
typedef struct RtNotifyList RtNotifyList;           /* sync.notifyList */
uint32_t rt_notify_add(RtNotifyList *l);            /* sync.runtime_notifyListAdd */
void rt_notify_wait(RtNotifyList *l, uint32_t ticket); /* sync.runtime_notifyListWait */
void rt_notify_all(RtNotifyList *l);                /* sync.runtime_notifyListNotifyAll */
void rt_notify_one(RtNotifyList *l);                /* sync.runtime_notifyListNotifyOne */
void rt_notify_check(uintptr_t size);               /* sync.runtime_notifyListCheck */
bool rt_sync_can_spin(int64_t turn);                /* sync.runtime_canSpin */
void rt_sync_spin(void);                            /* sync.runtime_doSpin */

/* ---- timer.c ---- */
void rt_time_sleep(int64_t ns);                     /* time.Sleep */
/* A *time.Timer or *time.Ticker; c NULL: fn runs on a goroutine of its own. time.newTimer */
void *rt_time_new_timer(int64_t when, int64_t period, GoClosure *fn, GoEface arg, GoChan *c);
bool rt_time_stop_timer(void *timer);               /* time.stopTimer; also Ticker.Stop */
bool rt_time_reset_timer(void *timer, int64_t when, int64_t period); /* time.resetTimer */

/* ---- chan.c, select.c: for reflect ---- */
/* reflect.makechan is rt_chan_make of a checked size; reflect.chanlen and chancap read the first two words; chanclose is
 * rt_chan_close; chansend0 and chanrecv are rt_chan_send, rt_chan_recv and, with nb, rt_chan_try_send, rt_chan_try_recv. */
typedef struct RtSelected { int64_t chosen; bool received; } RtSelected;
RtSelected rt_reflect_select(GoSlice cases);        /* reflect.rselect */

/* ---- coro.c ---- */
typedef struct RtCoro RtCoro;
RtCoro *rt_coro_new(GoClosure *fn);                 /* runtime.newcoro, for iter.Pull; fn is a func(*coro) */
void rt_coro_switch(RtCoro *c);                     /* runtime.coroswitch */

#endif
