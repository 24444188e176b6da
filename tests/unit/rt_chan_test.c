/* Channels, select, semaphores and lists of waiters, driven from C: against models, with random operations, and with
 * goroutines that wait. */
#include "rt_goroutine_support.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/sync.h"

/* ---- channels to test ---- */

/* A channel type whose elements have size bytes, all of them pointers or none. */
static GoChan *make_chan(size_t size, bool pointers, int64_t room) {
    static const uint8_t all[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    GoType *elem = rt_persistent(sizeof *elem);
    GoChanType *t = rt_persistent(sizeof *t);
    *elem = (GoType){.size = size, .ptr_bytes = pointers ? size : 0, .align = 8, .field_align = 8, .gcdata = all,
                     .kind = GK_STRUCT};
    t->elem = elem;
    return rt_chan_make(t, room);
}

static int64_t first_word(const GoChan *c, int i) { return ((const int64_t *)c)[i]; }

/* ---- one goroutine, against a model ---- */

enum { MAX_SIZE = 40, MAX_ROOM = 5 };

/* Element number i, as bytes. */
static void fill(uint8_t *e, size_t size, int64_t i) {
    for (size_t k = 0; k < size; k++) e[k] = (uint8_t)(i * 7 + (int64_t)k);
}

typedef struct Model { GoChan *c; size_t size; int64_t room, sent, received; bool closed; } Model;

static void step(Model *m) {
    uint8_t e[MAX_SIZE + 1], want[MAX_SIZE + 1];
    bool full = m->sent - m->received == m->room, empty = m->sent == m->received;
    if (rt_random() % 2 && !m->closed) {
        fill(e, m->size, m->sent);
        assert_int_equal(rt_chan_try_send(m->c, e), !full);
        m->sent += !full;
    } else {
        bool drops = rt_random() % 4 == 0;
        memset(e, 0xaa, sizeof e);
        int64_t got = rt_chan_try_recv(m->c, drops ? NULL : e);
        assert_int_equal(got, !empty ? 1 : m->closed ? 0 : RT_NO_CASE);
        memset(want, 0xaa, sizeof want);
        if (!empty) fill(want, m->size, m->received);
        else if (m->closed) memset(want, 0, m->size);
        if (!drops) assert_memory_equal(e, want, sizeof e);
        m->received += !empty;
    }
    assert_int_equal(first_word(m->c, 0), m->sent - m->received);
    assert_int_equal(first_word(m->c, 1), m->room);
}

static void test_model(void) {
    static const size_t sizes[] = {0, 1, 3, 8, 16, MAX_SIZE};
    for (int i = 0; i < RT_COUNT(sizes); i++) {
        for (int64_t room = 0; room <= MAX_ROOM; room++) {
            Model m = {make_chan(sizes[i], sizes[i] % 8 == 0, room), sizes[i], room, 0, 0, false};
            for (int n = 0; n < 400; n++) step(&m);
            rt_chan_close(m.c);
            m.closed = true;
            for (int n = 0; n < 20; n++) step(&m);
        }
    }
}

/* Places that were received from hold nothing that the collector would keep. */
static void test_cleared(void) {
    GoChan *c = make_chan(8, true, 2);
    void *p = c;
    for (int i = 0; i < 3; i++) {
        rt_chan_send(c, &p);
        rt_chan_recv(c, NULL);
    }
    assert_int_equal(((int64_t *)c->ring)[0] | ((int64_t *)c->ring)[1], 0);
}

static void send_closed(void *c) { rt_chan_send(c, NULL); }
static void try_send_closed(void *c) { rt_chan_try_send(c, NULL); }
static void close_it(void *c) { rt_chan_close(c); }
static void make_of(void *size) { make_chan(16, false, *(int64_t *)size); }

static void test_panics(void) {
    GoChan *c = make_chan(0, false, 1);
    rt_chan_close(c);
    assert_panics(send_closed, c, "send on closed channel");
    assert_panics(try_send_closed, c, "send on closed channel");
    assert_panics(close_it, c, "close of closed channel");
    assert_panics(close_it, NULL, "close of nil channel");
    int64_t sizes[] = {-1, INT64_MIN, INT64_MAX, (int64_t)1 << 60, (int64_t)1 << 45};
    for (int i = 0; i < RT_COUNT(sizes); i++) assert_panics(make_of, &sizes[i], "makechan: size out of range");
    assert_false(rt_chan_try_send(NULL, NULL));
    assert_int_equal(rt_chan_try_recv(NULL, NULL), RT_NO_CASE);
}

/* ---- queues ---- */

static void test_queue(void) {
    RtSelect select = {false};
    RtWaiter w[4] = {0};
    RtWaitQueue q = {0};
    for (int i = 0; i < 4; i++) rt_queue_add(&q, &w[i]);
    rt_queue_remove(&q, &w[1]);
    rt_queue_remove(&q, &w[1]);
    w[2].select = w[3].select = &select;
    assert_ptr_equal(rt_queue_take(&q), &w[0]);
    assert_ptr_equal(rt_queue_take(&q), &w[2]); /* sets the flag of the select */
    assert_null(rt_queue_take(&q));             /* so that nobody wakes it again */
    assert_null(q.first);
    assert_null(q.last);
    rt_queue_add(&q, &w[0]);
    rt_queue_remove(&q, &w[0]);
    assert_null(q.first);
}

/* ---- goroutines that wait ---- */

typedef struct Peer { GoClosure c; GoChan *chan; int64_t value; bool ok; Wait *wait; } Peer;

static void receiver(Peer *p) {
    p->ok = rt_chan_recv(p->chan, &p->value);
    wait_done(p->wait);
}
static void sender(Peer *p) {
    rt_chan_send(p->chan, &p->value);
    wait_done(p->wait);
}

static bool has_waiters(const RtWaitQueue *q, int n) {
    for (const RtWaiter *w = __atomic_load_n(&q->first, __ATOMIC_ACQUIRE); w; w = w->next) n--;
    return n == 0;
}

/* Starts n peers, each when the one before waits. */
static void start_in_order(Peer *peers, int n, RtWaitQueue *q, GoChan *c) {
    for (int i = 0; i < n; i++) {
        rt_go(&peers[i].c);
        for (bool waits = false; !waits;) {
            rt_yield();
            rt_chan_lock(c);
            waits = has_waiters(q, i + 1);
            rt_chan_unlock(c);
        }
    }
}

enum { PEERS = 20 };

static void test_waiting(void) {
    for (int64_t room = 0; room < 3; room++) {
        GoChan *c = make_chan(8, false, room);
        Peer peers[PEERS];
        Wait w = {.left = PEERS};
        for (int i = 0; i < PEERS; i++) peers[i] = (Peer){{(void *)sender}, c, room + i, false, &w};
        for (int64_t i = 0; i < room; i++) rt_chan_send(c, &i);
        start_in_order(peers, PEERS, &c->senders, c);
        for (int64_t i = 0, v; i < PEERS + room; i++) {
            assert_true(rt_chan_recv(c, &v));
            assert_int_equal(v, i); /* first in, first out, through the ring and from those who wait */
        }
        wait_for(&w);
        w = (Wait){.left = PEERS};
        for (int i = 0; i < PEERS; i++) peers[i] = (Peer){{(void *)receiver}, c, -1, false, &w};
        start_in_order(peers, PEERS, &c->receivers, c);
        for (int64_t i = 0; i < PEERS / 2; i++) rt_chan_send(c, &i);
        rt_chan_close(c);
        wait_for(&w);
        for (int i = 0; i < PEERS; i++) {
            assert_int_equal(peers[i].ok, i < PEERS / 2);
            assert_int_equal(peers[i].value, i < PEERS / 2 ? i : 0);
        }
    }
}

/* ---- select ---- */

enum { CASES = 300 };

/* Cases in any order of addresses, some without a channel, some with the same one. */
static void test_many_cases(void) {
    static RtCase cases[CASES];
    static int64_t values[CASES];
    static GoChan *chans[CASES];
    for (int i = 0; i < CASES; i++) chans[i] = rt_random() % 5 == 0 ? NULL : make_chan(8, false, 1);
    for (int i = 0; i < CASES; i++) cases[i] = (RtCase){.chan = chans[rt_random() % CASES], .elem = &values[i]};
    assert_int_equal(rt_select(cases, 0, CASES, false), RT_NO_CASE);
    int hits = 0;
    for (int64_t i = 0; i < CASES; i++) {
        if (!cases[i].chan) continue;
        rt_chan_send(cases[i].chan, &i);
        int64_t chosen = rt_select(cases, 0, CASES, rt_random() % 2);
        assert_int_equal(chosen & 1, 1);
        assert_ptr_equal(cases[chosen / 2].chan, cases[i].chan);
        assert_int_equal(values[chosen / 2], i);
        hits++;
    }
    assert_true(hits > 0);
    int64_t v = 5;
    RtCase sends[2] = {{.chan = NULL, .elem = &v}, {.chan = make_chan(8, false, 1), .elem = &v}};
    assert_int_equal(rt_select(sends, 2, 2, true), 2);
    assert_int_equal(rt_select(sends, 2, 2, false), RT_NO_CASE);
    rt_chan_close(sends[1].chan);
    RtCase received = {.chan = sends[1].chan, .elem = &v};
    assert_int_equal(rt_select(&received, 0, 1, true), 1);
    assert_int_equal(rt_select(&received, 0, 1, true), 0); /* closed: received nothing */
}

typedef struct Chooser { GoClosure c; GoChan **chans; int n; int64_t sum; Wait *wait; } Chooser;

static void choose(Chooser *ch) {
    int64_t values[4];
    RtCase cases[4];
    for (bool open = true; open;) {
        for (int i = 0; i < ch->n; i++) cases[i] = (RtCase){.chan = ch->chans[i], .elem = &values[i]};
        int64_t chosen = rt_select(cases, 0, ch->n, true);
        open = chosen & 1;
        ch->sum += open ? values[chosen / 2] : 0;
    }
    wait_done(ch->wait);
}

/* Several selects wait on the same channels: every value is received once. */
static void test_choosers(void) {
    enum { CHOOSERS = 8, VALUES = 20000 };
    GoChan *chans[4];
    for (int i = 0; i < 4; i++) chans[i] = make_chan(8, false, i / 2);
    Chooser ch[CHOOSERS];
    Wait w = {.left = CHOOSERS};
    for (int i = 0; i < CHOOSERS; i++) {
        ch[i] = (Chooser){{(void *)choose}, chans, 4, 0, &w};
        rt_go(&ch[i].c);
    }
    int64_t want = 0, got = 0;
    for (int64_t i = 0; i < VALUES; i++) {
        want += i;
        rt_chan_send(chans[rt_random() % 4], &i);
    }
    rt_chan_close(chans[0]); /* the others may still hold values */
    wait_for(&w);
    for (int i = 0; i < CHOOSERS; i++) got += ch[i].sum;
    for (int i = 1; i < 4; i++)
        for (int64_t v; rt_chan_try_recv(chans[i], &v) == 1;) got += v;
    assert_int_equal(got, want);
}

/* ---- semaphores ---- */

enum { SEMAS = 1000, TAKERS = 4000 };

typedef struct Taker { GoClosure c; uint32_t *addr; uint32_t *order; uint32_t place; bool lifo; Wait *wait; } Taker;

static void take(Taker *t) {
    rt_sema_acquire(t->addr, t->lifo, RW_SEMACQUIRE);
    t->place = __atomic_fetch_add(t->order, 1, __ATOMIC_SEQ_CST);
    wait_done(t->wait);
}

static void test_semaphores(void) {
    static uint32_t semas[SEMAS];
    static Taker takers[TAKERS];
    uint32_t order = 0;
    Wait w = {.left = TAKERS};
    for (int i = 0; i < TAKERS; i++) {
        takers[i] = (Taker){{(void *)take}, &semas[rt_random() % SEMAS], &order, 0, rt_random() % 2, &w};
        rt_go(&takers[i].c);
        if (i % 3 == 0) rt_yield();
    }
    for (int i = TAKERS - 1; i >= 0; i--) rt_sema_release(takers[i].addr, i % 2);
    wait_for(&w);
    assert_int_equal(order, TAKERS);
    for (int i = 0; i < SEMAS; i++) assert_int_equal(semas[i], 0);
}

/* ---- lists of waiters ---- */

struct RtNotifyList { uint32_t wait, notify; uintptr_t lock; void *head, *tail; };

typedef struct Listener { GoClosure c; RtNotifyList *list; uint32_t ticket; Wait *wait; uint32_t *woken; } Listener;

static void listen(Listener *l) {
    rt_notify_wait(l->list, l->ticket);
    __atomic_fetch_add(l->woken, 1, __ATOMIC_SEQ_CST);
    wait_done(l->wait);
}

static void test_notify(void) {
    RtNotifyList list = {0};
    rt_notify_check(sizeof list);
    Listener l[10];
    uint32_t woken = 0;
    Wait first = {.left = 3}, rest = {.left = 7};
    for (int i = 0; i < 10; i++) l[i] = (Listener){{(void *)listen}, &list, rt_notify_add(&list), i < 3 ? &first : &rest, &woken};
    for (int i = 0; i < 3; i++) rt_notify_one(&list); /* before anybody waits: those tickets do not wait at all */
    for (int i = 9; i >= 0; i--) rt_go(&l[i].c);
    wait_for(&first);
    assert_int_equal(__atomic_load_n(&woken, __ATOMIC_SEQ_CST), 3);
    rt_notify_one(&list);
    rt_notify_all(&list);
    rt_notify_all(&list);
    wait_for(&rest);
    assert_int_equal(woken, 10);
    assert_null(list.head);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_model),
        TEST(test_cleared),
        TEST(test_panics),
        TEST(test_queue),
        TEST(test_waiting),
        TEST(test_many_cases),
        TEST(test_choosers),
        TEST(test_semaphores),
        TEST(test_notify),
    };
    return cmocka_run_group_tests(tests, start_threads, NULL);
}
