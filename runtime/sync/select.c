/* select.c: select statements (specification, "Select statements").
 *
 * First every case is looked at without locks; of those that seem ready one is drawn, and only its channel is locked.
 * If that fails, all channels are locked, in the order of their addresses, and looked at again: if none is ready now,
 * none was, and the goroutine queues at each of them, or takes the default. Ready cases are drawn by reservoir
 * sampling, so that each has the same chance.
 *
 * Of those who find the select in a queue, the first to set its flag wakes it (rt_queue_take). Awake, it leaves the
 * other queues; as it locks each channel for that, nobody still looks at its records when it returns. */
#include "runtime/sync/chan.h"
#include "runtime/sync/sync.h"
#include "runtime/sync/timer.h"

/* The cases of one execution. order is in the waiters: at[at[i].order] is the i-th to be locked. */
typedef struct Cases {
    RtWaiter *at;
    int64_t n, sends;
    int64_t first;  /* in the order: the cases before have no channel */
} Cases;

static GoChan *nth_chan(const Cases *s, int64_t i) { return s->at[s->at[i].order].chan; }

/* ---- choosing ---- */

/* 0 .. n-1 */
static uint32_t random_below(uint32_t n) { return (uint32_t)((rt_random() >> 32) * n >> 32); }

/* Draws one of the cases that can happen; -1: there is none. */
static int64_t draw(const Cases *s) {
    int64_t chosen = -1;
    uint32_t ready = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const GoChan *c = s->at[i].chan;
        if (!c || (i < s->sends ? rt_chan_no_send(c) : rt_chan_no_recv(c))) continue;
        if (ready++ == 0 || random_below(ready) == 0) chosen = i;
    }
    return chosen;
}

/* Tries the communication of case i, whose channel is locked. */
static RtComm communicate(const Cases *s, int64_t i, RtWaiter **wake) {
    RtWaiter *w = &s->at[i];
    if (i < s->sends) return rt_chan_send_locked(w->chan, w->elem, wake);
    return rt_chan_recv_locked(w->chan, w->elem, wake);
}

/* What follows a communication, with nothing locked; returns what rt_select does. */
static int64_t finish(const Cases *s, int64_t i, bool ok) {
    RtWaiter *w = &s->at[i];
    if (i < s->sends) {
        if (RT_UNLIKELY(!ok)) rt_chan_panic_closed();
        return i * 2;
    }
    if (RT_UNLIKELY(w->chan->timer != NULL)) rt_timer_chan_value(w->chan, w->elem);
    return i * 2 + ok;
}

/* Case i, which seems ready, with its channel locked alone. RT_NO_CASE: it is not ready any more. */
static int64_t try_one(const Cases *s, int64_t i) {
    GoChan *c = s->at[i].chan;
    RtWaiter *wake = NULL;
    rt_chan_lock(c);
    RtComm done = communicate(s, i, &wake);
    rt_chan_unlock(c);
    if (wake) rt_waiter_wake(wake, true);
    return done == RC_BLOCKS ? RT_NO_CASE : finish(s, i, done == RC_DONE);
}

/* ---- all channels ---- */

/* Shell's sort: short, without recursion, and fast enough for any number of cases that someone writes. */
static void sort_cases(Cases *s) {
    RtWaiter *at = s->at;
    for (int64_t i = 0; i < s->n; i++) at[i].order = (uint32_t)i;
    for (int64_t gap = s->n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
        for (int64_t i = gap; i < s->n; i++) {
            uint32_t moved = at[i].order;
            int64_t k = i;
            for (; k >= gap && at[at[k - gap].order].chan > at[moved].chan; k -= gap) at[k].order = at[k - gap].order;
            at[k].order = moved;
        }
    }
    for (s->first = 0; s->first < s->n && !nth_chan(s, s->first); s->first++) {}
}

static void lock_all(const Cases *s) {
    for (int64_t i = s->first; i < s->n; i++)
        if (i == s->first || nth_chan(s, i) != nth_chan(s, i - 1)) rt_chan_lock(nth_chan(s, i));
}

/* Once the last channel is unlocked, a waiting select may be over: its records are not looked at any more. */
static void unlock_all(const Cases *s) {
    int64_t first = s->first;
    for (int64_t i = s->n - 1; i >= first; i--)
        if (i == first || nth_chan(s, i) != nth_chan(s, i - 1)) rt_chan_unlock(nth_chan(s, i));
}

static bool unlock_cases(RtGoroutine *g, void *s) {
    (void)g;
    unlock_all(s);
    return true;
}

static RtWaitQueue *queue_of(const Cases *s, int64_t i) {
    GoChan *c = s->at[i].chan;
    return i < s->sends ? &c->senders : &c->receivers;
}

/* Queues at all channels, which are locked. */
static void enqueue(const Cases *s, RtSelect *select) {
    RtGoroutine *g = rt_goroutine();
    for (int64_t i = 0; i < s->n; i++) {
        RtWaiter *w = &s->at[i];
        if (!w->chan) continue;
        w->g = g;
        w->select = select;
        rt_queue_add(queue_of(s, i), w);
        if (RT_UNLIKELY(w->chan->timer != NULL)) rt_timer_chan_wait(w->chan);
    }
}

static void leave_queues(const Cases *s, const RtWaiter *woken) {
    for (int64_t i = 0; i < s->n; i++) {
        RtWaiter *w = &s->at[i];
        if (!w->chan || w == woken) continue;
        rt_chan_lock(w->chan);
        rt_queue_remove(queue_of(s, i), w);
        if (RT_UNLIKELY(w->chan->timer != NULL)) rt_timer_chan_leave(w->chan);
        rt_chan_unlock(w->chan);
    }
}

/* Waits until one of the cases has happened; the channels are locked, and unlocked. */
static int64_t wait_for_any(Cases *s) {
    RtSelect select = {false};
    enqueue(s, &select);
    rt_park(unlock_cases, s, RW_SELECT);
    RtWaiter *woken = rt_goroutine()->wake;
    leave_queues(s, woken);
    return finish(s, woken - s->at, woken->ok);
}

/* A goroutine in a queue may have been woken by another channel already: its case seems ready and is not, once. */
static int64_t select_locked(Cases *s, bool blocks) {
    RtWaiter *wake = NULL;
    sort_cases(s);
    lock_all(s);
    for (int64_t i; (i = draw(s)) >= 0;) {
        RtComm done = communicate(s, i, &wake);
        if (done == RC_BLOCKS) continue;
        unlock_all(s);
        if (wake) rt_waiter_wake(wake, true);
        return finish(s, i, done == RC_DONE);
    }
    if (blocks) return wait_for_any(s);
    unlock_all(s);
    return RT_NO_CASE;
}

int64_t rt_select(RtCase *cases, int64_t sends, int64_t n, bool blocks) {
    Cases s = {(RtWaiter *)cases, n, sends, 0};
    int64_t i = draw(&s);
    int64_t done = i < 0 ? RT_NO_CASE : try_one(&s, i);
    return done != RT_NO_CASE ? done : select_locked(&s, blocks);
}

/* ---- reflect ---- */

/* reflect.runtimeSelect */
typedef struct ReflectCase {
    enum { DIR_SEND = 1, DIR_RECV, DIR_DEFAULT } dir;
    const GoType *type;
    GoChan *chan;
    void *elem;
} ReflectCase;

RtSelected rt_reflect_select(GoSlice slice) {
    const ReflectCase *from = slice.ptr;
    if (slice.len == 0) rt_select_none();
    RtCase *cases = rt_heap_alloc_words((size_t)slice.len * (sizeof(RtCase) + sizeof(int64_t)));
    int64_t *index = (int64_t *)(cases + slice.len); /* of each case in slice */
    int64_t n = 0, sends = 0, otherwise = -1;
    for (int dir = DIR_SEND; dir <= DIR_RECV; dir++) {
        for (int64_t i = 0; i < slice.len; i++) {
            if (from[i].dir == DIR_DEFAULT) otherwise = i;
            if ((int)from[i].dir != dir) continue;
            cases[n] = (RtCase){.chan = from[i].chan, .elem = from[i].elem};
            index[n++] = i;
            sends += dir == DIR_SEND;
        }
    }
    int64_t done = rt_select(cases, sends, n, otherwise < 0);
    if (done == RT_NO_CASE) return (RtSelected){otherwise, false};
    return (RtSelected){index[done / 2], done % 2 != 0};
}
