/* chan.h: the inside of channels, shared by chan.c, select.c and timer.c.
 *
 * A channel is a header and a ring of cap elements, guarded by one lock. Invariants while nobody holds it:
 *   - goroutines wait to receive only while the ring is empty, and to send only while it is full;
 *   - not both at once, except that one select may wait on both sides of the same channel;
 *   - a closed channel has no waiters;
 *   - a channel with a timer (timer.c) has len and cap 0, and nobody sends on it.
 * len, cap and closed are read without the lock too, so they are written atomically.
 *
 * Locks of several channels are taken in the order of the addresses; a channel's before that of a heap of timers. */
#ifndef GOO_CHAN_H
#define GOO_CHAN_H

#include "runtime/rt.h"

typedef struct RtWaiter RtWaiter;
typedef struct RtChanTimer RtChanTimer;
typedef struct RtSelect RtSelect;

typedef struct RtWaitQueue { RtWaiter *first, *last; } RtWaitQueue;

struct GoChan {
    int64_t len, cap;          /* first: compiled code reads them */
    uint8_t *ring;
    const GoType *elem;
    uint64_t size;             /* of an element */
    int64_t head;              /* index of the oldest element */
    RtWaitQueue receivers, senders;
    RtChanTimer *timer;        /* NULL: an ordinary channel */
    RtSpin lock;
    bool closed;
};

/* A goroutine waiting on a channel, in that goroutine's frame: the runtime's view of an RtCase. Everything but chan
 * and elem is protected by the channel's lock, ok by that of the channel that woke the goroutine. */
struct RtWaiter {
    GoChan *chan;
    void *elem;                /* to send from or receive to; NULL: nothing to copy */
    RtWaiter *next, *prev;
    RtGoroutine *g;
    RtSelect *select;          /* NULL: waits for this channel only */
    uint32_t order;            /* select.c: a permutation of the cases lies in these fields */
    bool ok;                   /* woken by a communication, not by close */
    bool queued;
};
_Static_assert(sizeof(RtWaiter) == sizeof(RtCase), "RtCase's priv");

/* A select statement that waits. Several channels may want to wake it: the first to set taken does. */
struct RtSelect { bool taken; };

static inline void rt_chan_lock(GoChan *c) { rt_spin_lock(&c->lock); }
static inline void rt_chan_unlock(GoChan *c) { rt_spin_unlock(&c->lock); }

/* ---- chan.c; all with the lock held ---- */
void rt_queue_add(RtWaitQueue *q, RtWaiter *w);
void rt_queue_remove(RtWaitQueue *q, RtWaiter *w);  /* does nothing when it is not in q */
/* The oldest waiter that nobody else has woken, taken out of q; NULL: none. */
RtWaiter *rt_queue_take(RtWaitQueue *q);
/* What happens at once or not at all. Whoever has to be woken after unlocking is left in *wake. */
typedef enum RtComm { RC_BLOCKS, RC_DONE, RC_CLOSED } RtComm;
RtComm rt_chan_send_locked(GoChan *c, const void *elem, RtWaiter **wake);
RtComm rt_chan_recv_locked(GoChan *c, void *elem, RtWaiter **wake);

/* Whether a receive, or a send, would block; without the lock. A closed channel does not block. */
bool rt_chan_no_recv(const GoChan *c), rt_chan_no_send(const GoChan *c);
void rt_waiter_wake(RtWaiter *w, bool ok);
_Noreturn void rt_chan_panic_closed(void);

#endif
