/* timer.c: heaps of timers, sleeping, and the timers of package time.
 *
 * The heaps are 4-ary (half the levels of a binary heap, one cache line per level). A timer that is stopped leaves its
 * heap at once, so a heap holds nothing but what will fire.
 *
 * A time.Timer or Ticker with a channel is lazy (Go 1.23): the channel has a value exactly when the timer is armed and
 * its time has come, and receiving disarms it. Nothing is sent, so nothing can be stale after Stop or Reset, and the
 * timer is in a heap only while goroutines wait on the channel; without them the collector may take it. What a receive
 * gets at first is the time at which the timer was due; the receiver makes a time.Time of it by calling the function
 * that package time registered, whose send to the channel ends up in the receiver's variable.
 *
 * A timer without channel (AfterFunc) runs its function on a new goroutine. */
#include "runtime/caps/caps.h"
#include "runtime/sync/timer.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/sync.h"

/* ---- heaps ---- */

enum { WAYS = 4, FIRST_SLOTS = 64 };

static void place(RtTimers *h, int64_t i, RtTimerSlot s) {
    h->at[i] = s;
    s.timer->index = i;
}

static void sift_up(RtTimers *h, int64_t i, RtTimerSlot s) {
    for (int64_t parent; i > 0 && h->at[parent = (i - 1) / WAYS].when > s.when; i = parent) place(h, i, h->at[parent]);
    place(h, i, s);
}

static void sift_down(RtTimers *h, int64_t i, RtTimerSlot s) {
    for (;;) {
        int64_t child = i * WAYS + 1, least = child;
        if (child >= h->len) break;
        for (int64_t k = child + 1; k < child + WAYS && k < h->len; k++)
            if (h->at[k].when < h->at[least].when) least = k;
        if (h->at[least].when >= s.when) break;
        place(h, i, h->at[least]);
        i = least;
    }
    place(h, i, s);
}

/* Puts s where i is free or its old content may go. */
static void settle(RtTimers *h, int64_t i, RtTimerSlot s) {
    if (i > 0 && h->at[(i - 1) / WAYS].when > s.when) sift_up(h, i, s);
    else sift_down(h, i, s);
}

static void note_first(RtTimers *h) {
    __atomic_store_n(&h->first, h->len ? h->at[0].when : 0, __ATOMIC_RELEASE);
}

static void grow(RtTimers *h) {
    int64_t cap = h->cap ? 2 * h->cap : FIRST_SLOTS;
    RtTimerSlot *at = rt_persistent((size_t)cap * sizeof *at);
    rt_copy(at, h->at, (size_t)h->len * sizeof *at);
    h->at = at;
    h->cap = cap;
}

static void set_heap(RtTimer *t, RtTimers *h) { __atomic_store_n(&t->heap, h, __ATOMIC_RELEASE); }

static void insert(RtTimers *h, RtTimer *t, int64_t when) {
    if (h->len == h->cap) grow(h);
    set_heap(t, h);
    sift_up(h, h->len++, (RtTimerSlot){when, t});
}

static void remove_at(RtTimers *h, int64_t i) {
    set_heap(h->at[i].timer, NULL);
    RtTimerSlot last = h->at[--h->len];
    if (i < h->len) settle(h, i, last);
}

/* The heap that t is in, locked; NULL: none. */
static RtTimers *lock_heap_of(RtTimer *t) {
    for (RtTimers *h; (h = __atomic_load_n(&t->heap, __ATOMIC_ACQUIRE));) {
        rt_spin_lock(&h->lock);
        if (__atomic_load_n(&t->heap, __ATOMIC_RELAXED) == h) return h;
        rt_spin_unlock(&h->lock);
    }
    return NULL;
}

static RtTimers *own_heap(void) {
    RtP *p = rt_p();
    if (!p->timers) __atomic_store_n(&p->timers, rt_persistent(sizeof(RtTimers)), __ATOMIC_RELEASE);
    return p->timers;
}

bool rt_timer_set(RtTimer *t, int64_t when) {
    RtTimers *h = lock_heap_of(t);
    bool was_set = h != NULL;
    if (was_set) {
        settle(h, t->index, (RtTimerSlot){when, t});
    } else {
        h = own_heap();
        rt_spin_lock(&h->lock);
        insert(h, t, when);
    }
    bool is_first = h->at[0].timer == t;
    note_first(h);
    rt_spin_unlock(&h->lock);
    if (is_first) rt_timer_added(when);
    return was_set;
}

bool rt_timer_clear(RtTimer *t) {
    RtTimers *h = lock_heap_of(t);
    if (!h) return false;
    remove_at(h, t->index);
    note_first(h);
    rt_spin_unlock(&h->lock);
    return true;
}

/* ---- for the scheduler ---- */

static RtTimers *timers_of(const RtP *p) { return __atomic_load_n(&p->timers, __ATOMIC_ACQUIRE); }

int64_t rt_timers_next(const RtP *p) {
    const RtTimers *h = timers_of(p);
    return h ? __atomic_load_n(&h->first, __ATOMIC_ACQUIRE) : 0;
}

/* Takes the first timer out if it is due. */
static RtTimer *pop_due(RtTimers *h, int64_t now) {
    RtTimer *t = NULL;
    rt_spin_lock(&h->lock);
    if (h->len && h->at[0].when <= now) {
        t = h->at[0].timer;
        remove_at(h, 0);
        note_first(h);
    }
    rt_spin_unlock(&h->lock);
    return t;
}

int64_t rt_timers_run(RtP *p, int64_t now) {
    for (int64_t next; (next = rt_timers_next(p)) && next <= now;) {
        RtTimer *t = pop_due(timers_of(p), now);
        if (t) t->fire(t, now);
    }
    return rt_timers_next(p);
}

void rt_timers_take(RtP *from) {
    RtTimers *h = timers_of(from);
    for (RtTimer *t; h && h->len;) {
        int64_t when = h->at[0].when;
        rt_spin_lock(&h->lock);
        t = h->at[0].timer;
        remove_at(h, 0);
        note_first(h);
        rt_spin_unlock(&h->lock);
        rt_timer_set(t, when);
    }
}

int64_t rt_time_after(int64_t now, int64_t ns) {
    int64_t when;
    return __builtin_add_overflow(now, ns, &when) ? INT64_MAX : when;
}

/* ---- sleeping ---- */

typedef struct Sleeper {
    RtTimer timer;
    RtGoroutine *g;
    int64_t when;
} Sleeper;

static void wake_sleeper(RtTimer *t, int64_t now) {
    (void)now;
    rt_ready(((Sleeper *)t)->g);
}

static bool start_sleep(RtGoroutine *g, void *arg) {
    (void)g;
    Sleeper *s = arg;
    rt_timer_set(&s->timer, s->when);
    return true;
}

void rt_time_sleep(int64_t ns) {
    if (ns <= 0) return;
    Sleeper s = {{.fire = wake_sleeper}, rt_goroutine(), rt_time_after(rt_nanotime(), ns)};
    rt_park(start_sleep, &s, RW_SLEEP);
}

/* ---- package time's timers ---- */

/* A time.Timer or time.Ticker: its fields, then ours. when and period are protected by the channel's lock, or by lock
 * when there is no channel; when is read without, too. */
struct RtChanTimer {
    GoChan *c;
    bool made;
    RtTimer timer;
    GoChan *chan;              /* NULL: runs its function */
    RtSpin lock;
    int64_t when;              /* 0: not armed */
    int64_t period;            /* 0: once */
    GoClosure *fn;             /* func(arg any, seq uintptr, late int64) */
    GoEface arg;
    const RtCaps *caps;        /* rights of who made it, in which the function runs */
    GoClosure run;             /* what the goroutine of a timer without channel starts as */
};

typedef void TimeFunc(GoEface arg, uintptr_t seq, int64_t late, GoClosure *env);

#define CONTAINER(p, type, member) ((type *)((uint8_t *)(p) - offsetof(type, member)))

static RtSpin *lock_of(RtChanTimer *t) { return t->chan ? &t->chan->lock : &t->lock; }

static int64_t due(const RtChanTimer *t) { return __atomic_load_n(&t->when, __ATOMIC_RELAXED); }

static void arm(RtChanTimer *t, int64_t when) { __atomic_store_n(&t->when, when, __ATOMIC_RELAXED); }

/* It has fired: the time it was due. A ticker is armed again, for the next of its times after now. */
static int64_t use(RtChanTimer *t, int64_t now) {
    int64_t when = t->when;
    arm(t, t->period > 0 ? rt_time_after(when, t->period * (1 + (now - when) / t->period)) : 0);
    return when;
}

/* In a heap exactly when armed and someone waits for it. Locked. */
static void put_in_heap(RtChanTimer *t) {
    bool needed = t->when && (!t->chan || t->chan->receivers.first);
    if (needed) rt_timer_set(&t->timer, t->when);
    else rt_timer_clear(&t->timer);
}

static void fire_chan(RtTimer *timer, int64_t now) {
    RtChanTimer *t = CONTAINER(timer, RtChanTimer, timer);
    GoChan *c = t->chan;
    RtWaiter *w = NULL;
    rt_chan_lock(c);
    if (t->when && t->when <= now) w = rt_queue_take(&c->receivers);
    if (w) {
        int64_t when = use(t, now);
        if (w->elem) memcpy(w->elem, &when, sizeof when);
    }
    put_in_heap(t);
    rt_chan_unlock(c);
    if (w) rt_waiter_wake(w, true);
}

static void fire_func(RtTimer *timer, int64_t now) {
    RtChanTimer *t = CONTAINER(timer, RtChanTimer, timer);
    rt_spin_lock(&t->lock);
    bool runs = t->when && t->when <= now;
    if (runs) use(t, now);
    put_in_heap(t);
    rt_spin_unlock(&t->lock);
    if (runs) rt_go_here(&t->run, t->caps);
}

static void run_func(GoClosure *env) {
    RtChanTimer *t = CONTAINER(env, RtChanTimer, run);
    ((TimeFunc *)t->fn->code)(t->arg, 0, 0, t->fn);
}

void *rt_time_new_timer(int64_t when, int64_t period, GoClosure *fn, GoEface arg, GoChan *c) {
    RtChanTimer *t = rt_heap_alloc_words(sizeof *t);
    t->made = true;
    t->fn = fn;
    t->arg = arg;
    t->run.code = (void *)run_func;
    t->caps = c ? NULL : rt_caps_keep(rt_g->caps);
    t->timer.fire = c ? fire_chan : fire_func;
    t->chan = c;
    if (c) {
        rt_check(c->len == 0 && c->size >= sizeof when && c->elem->ptr_bytes);
        c->cap = 0;
        c->timer = t;
    }
    rt_time_reset_timer(t, when, period);
    return t;
}

bool rt_time_stop_timer(void *timer) {
    RtChanTimer *t = timer;
    rt_spin_lock(lock_of(t));
    bool was_armed = t->when != 0;
    arm(t, 0);
    put_in_heap(t);
    rt_spin_unlock(lock_of(t));
    return was_armed;
}

bool rt_time_reset_timer(void *timer, int64_t when, int64_t period) {
    RtChanTimer *t = timer;
    rt_spin_lock(lock_of(t));
    bool was_armed = t->when != 0;
    arm(t, when > 0 ? when : 1);
    t->period = period;
    put_in_heap(t);
    rt_spin_unlock(lock_of(t));
    return was_armed;
}

/* ---- their channels ---- */

bool rt_timer_chan_due(const GoChan *c) {
    int64_t when = due(c->timer);
    return when && when <= rt_nanotime();
}

bool rt_timer_chan_recv(GoChan *c, void *elem) {
    int64_t now = rt_nanotime();
    if (!c->timer->when || c->timer->when > now) return false;
    int64_t when = use(c->timer, now);
    if (elem) memcpy(elem, &when, sizeof when);
    return true;
}

void rt_timer_chan_wait(GoChan *c) {
    if (c->timer->when) rt_timer_set(&c->timer->timer, c->timer->when);
}

void rt_timer_chan_leave(GoChan *c) {
    if (!c->receivers.first) rt_timer_clear(&c->timer->timer);
}

/* The function sends Now().Add(-late), which is when the timer was due. */
void rt_timer_chan_value(GoChan *c, void *elem) {
    RtChanTimer *t = c->timer;
    int64_t when;
    if (!elem) return;
    memcpy(&when, elem, sizeof when);
    rt_goroutine()->wake = elem;
    ((TimeFunc *)t->fn->code)(t->arg, 0, rt_nanotime() - when, t->fn);
}

bool rt_timer_chan_send(GoChan *c, const void *elem) {
    void *to = rt_goroutine()->wake;
    rt_goroutine()->wake = NULL;
    if (to) rt_copy(to, elem, c->size);
    return to != NULL;
}
