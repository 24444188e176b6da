/* chan.c: channels: make, send, receive, close (specification, "Channel types", "Send statements", "Receive operator",
 * "Close").
 *
 * One lock per channel. Whoever finds its counterpart waiting copies the element straight from or to that goroutine's
 * frame and makes it runnable; a sender to a full ring, whose turn comes when a receiver takes the oldest element, has
 * its element put into the ring by the receiver. So elements and goroutines are served first in, first out.
 *
 * Operations that must not block look at len, cap, closed and the queues without the lock first: what they see was
 * true at some moment between their call and their return, which is all they promise. */
#include "runtime/mem/arena.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/timer.h"

/* ---- making ---- */

/* A channel whose elements have no pointers, or that has no ring, is one block the collector does not look into: the
 * queues lead to frames only. */
RT_INLINE GoChan *make_chan(const GoChanType *t, int64_t size, RtAt at) {
    const GoType *elem = t->elem;
    uint64_t bytes;
    bool overflow = __builtin_mul_overflow(elem->size, (uint64_t)size, &bytes);
    if (size < 0 || overflow || bytes > RT_MAX_ALLOC - sizeof(GoChan)) rt_panic_plain(RT_STR("makechan: size out of range"));
    GoChan *c;
    if (!bytes || !elem->ptr_bytes) {
        c = rt_at_alloc(at, sizeof(GoChan) + bytes, NULL);
        c->ring = (uint8_t *)(c + 1);
    } else {
        c = rt_at_alloc_words(at, sizeof(GoChan));
        c->ring = rt_at_alloc(at, bytes, elem);
    }
    c->cap = size;
    c->elem = elem;
    c->size = elem->size;
    return c;
}

GoChan *rt_chan_make(const GoChanType *t, int64_t size) { return make_chan(t, size, rt_at_heap); }
GoChan *rt_chan_make_at(const GoChanType *t, int64_t size, void *at, const GoItab *tab) {
    return make_chan(t, size, rt_at(at, tab));
}

/* ---- waiting ---- */

void rt_queue_add(RtWaitQueue *q, RtWaiter *w) {
    w->queued = true;
    w->next = NULL;
    w->prev = q->last;
    if (q->last) q->last->next = w;
    else __atomic_store_n(&q->first, w, __ATOMIC_RELAXED);
    q->last = w;
}

void rt_queue_remove(RtWaitQueue *q, RtWaiter *w) {
    if (!w->queued) return;
    w->queued = false;
    if (w->prev) w->prev->next = w->next;
    else __atomic_store_n(&q->first, w->next, __ATOMIC_RELAXED);
    if (w->next) w->next->prev = w->prev;
    else q->last = w->prev;
}

RtWaiter *rt_queue_take(RtWaitQueue *q) {
    for (RtWaiter *w; (w = q->first);) {
        rt_queue_remove(q, w);
        if (!w->select || !__atomic_exchange_n(&w->select->taken, true, __ATOMIC_ACQ_REL)) return w;
    }
    return NULL;
}

/* w is out of its queue, and its channel unlocked; its frame may be gone when this returns. */
void rt_waiter_wake(RtWaiter *w, bool ok) {
    RtGoroutine *g = w->g;
    w->ok = ok;
    g->wake = w;
    rt_ready(g);
}

static bool unlock_channel(RtGoroutine *g, void *c) {
    (void)g;
    rt_chan_unlock(c);
    return true;
}

/* Queues the running goroutine and parks it; the lock is held, and released. Whether a communication woke it. */
static bool wait_for(GoChan *c, RtWaitQueue *q, void *elem, RtWait why) {
    RtWaiter w = {.chan = c, .elem = elem, .g = rt_goroutine()};
    rt_queue_add(q, &w);
    if (RT_UNLIKELY(c->timer != NULL)) rt_timer_chan_wait(c);
    rt_park(unlock_channel, c, why);
    return w.ok;
}

static _Noreturn void wait_for_ever(RtWait why) {
    rt_park(NULL, NULL, why);
    rt_fatal(RT_STR("unreachable"));
}

_Noreturn void rt_select_none(void) { wait_for_ever(RW_SELECT_NONE); }

/* ---- elements ---- */

static void copy_element(const GoChan *c, void *to, const void *from) {
    if (RT_LIKELY(c->size == 8)) memcpy(to, from, 8);
    else rt_copy(to, from, c->size);
}

static uint8_t *slot(const GoChan *c, int64_t i) { return c->ring + (i < c->cap ? i : i - c->cap) * (int64_t)c->size; }

static void set_len(GoChan *c, int64_t n) { __atomic_store_n(&c->len, n, __ATOMIC_RELAXED); }

static void put(GoChan *c, const void *elem) {
    copy_element(c, slot(c, c->head + c->len), elem);
    set_len(c, c->len + 1);
}

/* The place is cleared, so that the collector does not keep what the receiver drops. */
static void take(GoChan *c, void *elem) {
    uint8_t *from = slot(c, c->head);
    if (elem) copy_element(c, elem, from);
    if (c->elem->ptr_bytes) memset(from, 0, c->size);
    c->head = c->head + 1 < c->cap ? c->head + 1 : 0;
    set_len(c, c->len - 1);
}

/* ---- without waiting ---- */

static int64_t len_of(const GoChan *c) { return __atomic_load_n(&c->len, __ATOMIC_RELAXED); }
static bool is_closed(const GoChan *c) { return __atomic_load_n(&c->closed, __ATOMIC_ACQUIRE); }
static bool any_waiter(const RtWaitQueue *q) { return __atomic_load_n(&q->first, __ATOMIC_RELAXED) != NULL; }

bool rt_chan_no_recv(const GoChan *c) {
    if (RT_UNLIKELY(c->timer != NULL)) return !rt_timer_chan_due(c);
    bool empty = c->cap ? len_of(c) == 0 : !any_waiter(&c->senders);
    return empty && !is_closed(c);
}

bool rt_chan_no_send(const GoChan *c) {
    if (is_closed(c)) return false;
    return c->cap ? len_of(c) == c->cap : !any_waiter(&c->receivers);
}

RtComm rt_chan_send_locked(GoChan *c, const void *elem, RtWaiter **wake) {
    if (RT_UNLIKELY(c->closed)) return RC_CLOSED;
    RtWaiter *w = c->receivers.first ? rt_queue_take(&c->receivers) : NULL;
    if (w) {
        if (w->elem) copy_element(c, w->elem, elem);
        *wake = w;
        return RC_DONE;
    }
    if (c->len == c->cap) return RC_BLOCKS;
    put(c, elem);
    return RC_DONE;
}

RtComm rt_chan_recv_locked(GoChan *c, void *elem, RtWaiter **wake) {
    if (RT_UNLIKELY(c->timer != NULL)) return rt_timer_chan_recv(c, elem) ? RC_DONE : RC_BLOCKS;
    RtWaiter *w = c->senders.first ? rt_queue_take(&c->senders) : NULL;
    *wake = w;
    if (c->len) {
        take(c, elem);
        if (w) put(c, w->elem);
        return RC_DONE;
    }
    if (w) {
        if (elem) copy_element(c, elem, w->elem);
        return RC_DONE;
    }
    if (!c->closed) return RC_BLOCKS;
    if (elem) memset(elem, 0, c->size);
    return RC_CLOSED;
}

/* ---- sending ---- */

RT_COLD _Noreturn void rt_chan_panic_closed(void) { rt_panic_plain(RT_STR("send on closed channel")); }

void rt_chan_send(GoChan *c, const void *elem) {
    if (RT_UNLIKELY(!c)) wait_for_ever(RW_CHAN_SEND_NIL);
    RtWaiter *wake = NULL;
    rt_chan_lock(c);
    RtComm done = rt_chan_send_locked(c, elem, &wake);
    if (done == RC_BLOCKS) {
        if (!wait_for(c, &c->senders, (void *)elem, RW_CHAN_SEND)) rt_chan_panic_closed();
        return;
    }
    rt_chan_unlock(c);
    if (RT_UNLIKELY(done == RC_CLOSED)) rt_chan_panic_closed();
    if (wake) rt_waiter_wake(wake, true);
}

bool rt_chan_try_send(GoChan *c, const void *elem) {
    if (!c) return false;
    if (RT_UNLIKELY(c->timer != NULL)) return rt_timer_chan_send(c, elem);
    if (rt_chan_no_send(c)) return false;
    RtWaiter *wake = NULL;
    rt_chan_lock(c);
    RtComm done = rt_chan_send_locked(c, elem, &wake);
    rt_chan_unlock(c);
    if (RT_UNLIKELY(done == RC_CLOSED)) rt_chan_panic_closed();
    if (wake) rt_waiter_wake(wake, true);
    return done == RC_DONE;
}

/* ---- receiving ---- */

bool rt_chan_recv(GoChan *c, void *elem) {
    if (RT_UNLIKELY(!c)) wait_for_ever(RW_CHAN_RECEIVE_NIL);
    RtWaiter *wake = NULL;
    rt_chan_lock(c);
    RtComm done = rt_chan_recv_locked(c, elem, &wake);
    bool ok;
    if (done == RC_BLOCKS) {
        ok = wait_for(c, &c->receivers, elem, RW_CHAN_RECEIVE);
    } else {
        rt_chan_unlock(c);
        if (wake) rt_waiter_wake(wake, true);
        ok = done == RC_DONE;
    }
    if (RT_UNLIKELY(c->timer != NULL)) rt_timer_chan_value(c, elem);
    return ok;
}

int64_t rt_chan_try_recv(GoChan *c, void *elem) {
    if (!c || rt_chan_no_recv(c)) return RT_NO_CASE;
    RtWaiter *wake = NULL;
    rt_chan_lock(c);
    RtComm done = rt_chan_recv_locked(c, elem, &wake);
    rt_chan_unlock(c);
    if (wake) rt_waiter_wake(wake, true);
    if (done == RC_BLOCKS) return RT_NO_CASE;
    if (RT_UNLIKELY(c->timer != NULL)) rt_timer_chan_value(c, elem);
    return done == RC_DONE;
}

/* ---- closing ---- */

/* Takes everybody out of q, linked by next, in front of list. */
static RtWaiter *take_all(RtWaitQueue *q, RtWaiter *list) {
    for (RtWaiter *w; (w = rt_queue_take(q)); list = w) w->next = list;
    return list;
}

void rt_chan_close(GoChan *c) {
    if (!c) rt_panic_plain(RT_STR("close of nil channel"));
    rt_chan_lock(c);
    if (c->closed) {
        rt_chan_unlock(c);
        rt_panic_plain(RT_STR("close of closed channel"));
    }
    __atomic_store_n(&c->closed, true, __ATOMIC_RELEASE);
    RtWaiter *senders = take_all(&c->senders, NULL), *all = take_all(&c->receivers, senders);
    rt_chan_unlock(c);
    for (RtWaiter *w = all; w != senders; w = w->next)
        if (w->elem) memset(w->elem, 0, c->size);
    for (RtWaiter *w = all, *next; w; w = next) {
        next = w->next;
        rt_waiter_wake(w, false);
    }
}
