/* Timers: the heap against a model, what fires and when, channels with timers. Times lie in the future, so that the
 * scheduler leaves them alone; the tests say what time it is. */
#include "rt_goroutine_support.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/sync.h"
#include "runtime/sync/timer.h"

static const int64_t hour = 3600000000000, second = 1000000000;

/* ---- the heap ---- */

enum { TIMERS = 500 };

typedef struct Probe { RtTimer timer; int64_t when, fired; } Probe;

static int64_t last_fired;

static void note_fire(RtTimer *t, int64_t now) {
    Probe *p = (Probe *)t;
    assert_true(p->when && p->when <= now);
    assert_true(p->when >= last_fired);
    last_fired = p->when;
    p->fired++;
    p->when = 0;
}

static void check_heap(const RtTimers *h, const Probe *probes) {
    int64_t armed = 0, first = 0;
    for (int i = 0; i < TIMERS; i++) {
        const Probe *p = &probes[i];
        assert_int_equal(p->timer.heap != NULL, p->when != 0);
        if (!p->when) continue;
        armed++;
        if (!first || p->when < first) first = p->when;
        assert_ptr_equal(h->at[p->timer.index].timer, &p->timer);
        assert_int_equal(h->at[p->timer.index].when, p->when);
        if (p->timer.index) assert_true(h->at[(p->timer.index - 1) / 4].when <= p->when);
    }
    assert_int_equal(h->len, armed);
    assert_int_equal(h->first, first);
}

/* Sets, moves and clears timers at random, fires those of a random span of time; compares with the probes. */
static void test_heap(void) {
    static Probe probes[TIMERS];
    int64_t now = rt_nanotime() + hour, next;
    for (int i = 0; i < TIMERS; i++) probes[i].timer.fire = note_fire;
    rt_preempt_off(); /* stay on this processor, whose heap it is */
    for (int round = 0; round < 20000; round++) {
        Probe *p = &probes[rt_random() % TIMERS];
        bool was_set = p->when != 0;
        switch (rt_random() % 8) {
        case 0: case 1:
            assert_int_equal(rt_timer_clear(&p->timer), was_set);
            p->when = 0;
            break;
        case 2:
            now += (int64_t)(rt_random() % 50);
            last_fired = 0;
            next = rt_timers_run(rt_p(), now);
            assert_int_equal(next, rt_timers_next(rt_p()));
            assert_true(!next || next > now);
            break;
        default:
            p->when = now + 1 + (int64_t)(rt_random() % 1000);
            assert_int_equal(rt_timer_set(&p->timer, p->when), was_set);
        }
        if (round % 16 == 0 && rt_p()->timers) check_heap(rt_p()->timers, probes);
    }
    last_fired = 0;
    assert_int_equal(rt_timers_run(rt_p(), now + hour), 0);
    check_heap(rt_p()->timers, probes);
    rt_preempt_on();
}

static void test_time_after(void) {
    assert_int_equal(rt_time_after(5, 7), 12);
    assert_true(rt_time_after(5, INT64_MAX) == INT64_MAX);
}

/* Timers of a processor that is gone fire on another one. */
static void test_take(void) {
    static Probe probes[TIMERS];
    RtP gone = {.timers = rt_persistent(sizeof(RtTimers))};
    RtTimers *own = rt_p()->timers;
    int64_t start = rt_nanotime() + hour;
    rt_preempt_off();
    __atomic_store_n(&rt_p()->timers, gone.timers, __ATOMIC_RELEASE); /* idle threads look at it */
    for (int i = 0; i < TIMERS; i++) {
        probes[i] = (Probe){{.fire = note_fire}, start + TIMERS - i, 0};
        rt_timer_set(&probes[i].timer, probes[i].when);
    }
    __atomic_store_n(&rt_p()->timers, own, __ATOMIC_RELEASE);
    rt_timers_take(&gone);
    assert_int_equal(rt_timers_next(&gone), 0);
    assert_int_equal(rt_timers_next(rt_p()), start + 1);
    last_fired = 0;
    rt_timers_run(rt_p(), start + TIMERS);
    for (int i = 0; i < TIMERS; i++) assert_int_equal(probes[i].fired, 1);
    rt_preempt_on();
}

/* ---- package time's timers ---- */

/* A time.Time: the time in a word that is no pointer, and pointers. */
typedef struct Time { int64_t when; void *ext, *location; } Time;

static GoChan *make_chan(void) {
    static const uint8_t pointers[] = {6};
    static const GoType elem = {.size = sizeof(Time), .ptr_bytes = sizeof(Time), .align = 8, .field_align = 8,
                                .gcdata = pointers, .kind = GK_STRUCT};
    static const GoChanType t = {.elem = &elem};
    return rt_chan_make(&t, 1);
}

/* What package time registers: sends the time it was due. */
static void send_time(GoEface arg, uintptr_t seq, int64_t late, GoClosure *env) {
    (void)seq, (void)env;
    Time t = {rt_nanotime() - late, arg.data, arg.data};
    rt_chan_try_send(arg.data, &t);
}
static GoClosure send_time_closure = {(void *)send_time};

static void *new_timer(GoChan *c, int64_t when, int64_t period) {
    return rt_time_new_timer(when, period, &send_time_closure, (GoEface){NULL, c}, c);
}

static bool near(int64_t a, int64_t b) { return a - b < second / 3 && b - a < second / 3; }

static void test_chan(void) {
    GoChan *c = make_chan();
    int64_t now = rt_nanotime();
    void *t = new_timer(c, now - 3 * second, 0);
    assert_int_equal(((int64_t *)c)[0] | ((int64_t *)c)[1], 0); /* len and cap */
    Time v;
    assert_int_equal(rt_chan_try_recv(c, &v), 1);
    assert_true(near(v.when, now - 3 * second)); /* when it was due, however late it is */
    assert_ptr_equal(v.location, c);
    assert_int_equal(rt_chan_try_recv(c, &v), RT_NO_CASE);
    assert_false(rt_time_stop_timer(t));
    assert_false(rt_time_reset_timer(t, now - 1, 0));
    assert_true(rt_time_stop_timer(t)); /* due, but nobody received */
    assert_int_equal(rt_chan_try_recv(c, NULL), RT_NO_CASE);
    assert_false(rt_time_reset_timer(t, now + hour, 0));
    assert_int_equal(rt_chan_try_recv(c, NULL), RT_NO_CASE);
    assert_true(rt_time_reset_timer(t, -5, 0)); /* when's that overflowed */
    assert_int_equal(rt_chan_try_recv(c, NULL), 1);
}

/* A ticker drops the ticks that nobody took, but for the oldest, and keeps its beat. */
static void test_ticker(void) {
    GoChan *c = make_chan();
    int64_t now = rt_nanotime(), start = now - 10 * second - second / 2;
    new_timer(c, start, second);
    Time v;
    assert_true(rt_chan_recv(c, &v));
    assert_true(near(v.when, start));
    assert_int_equal(rt_chan_try_recv(c, &v), RT_NO_CASE);
}

typedef struct Waiting { GoClosure c; GoChan *chan; bool selects; int64_t got; Wait *wait; } Waiting;

static void wait_on(Waiting *w) {
    Time v = {0};
    RtCase cases[2] = {{.chan = w->chan, .elem = &v}, {.chan = NULL}};
    if (w->selects) rt_select(cases, 0, 2, true);
    else rt_chan_recv(w->chan, &v);
    w->got = v.when;
    wait_done(w->wait);
}

/* A timer is in a heap only while somebody waits; who waits gets the time. */
static void test_waiting(void) {
    for (int selects = 0; selects < 2; selects++) {
        GoChan *c = make_chan();
        void *t = new_timer(c, rt_nanotime() + hour, 0);
        Wait w = {.left = 1};
        Waiting g = {{(void *)wait_on}, c, selects, 0, &w};
        rt_go(&g.c);
        for (bool waits = false; !waits; rt_yield()) {
            rt_chan_lock(c);
            waits = c->receivers.first != NULL;
            rt_chan_unlock(c);
        }
        int64_t when = rt_nanotime() + 2000000;
        assert_true(rt_time_reset_timer(t, when, 0));
        wait_for(&w);
        assert_true(rt_nanotime() >= when);
        assert_true(near(g.got, when));
        assert_false(rt_time_stop_timer(t));
    }
}

/* ---- functions and sleep ---- */

typedef struct Call { GoClosure c; Wait *wait; void *arg; } Call;

static void called(GoEface arg, uintptr_t seq, int64_t late, GoClosure *env) {
    (void)seq, (void)late;
    Call *call = (Call *)env;
    call->arg = arg.data;
    wait_done(call->wait);
}

static void test_func(void) {
    Wait w = {.left = 2};
    Call call = {{(void *)called}, &w, NULL};
    void *t = rt_time_new_timer(rt_nanotime() + 1000000, 0, &call.c, (GoEface){NULL, &w}, NULL);
    void *never = rt_time_new_timer(rt_nanotime() + hour, 0, &call.c, (GoEface){NULL, NULL}, NULL);
    assert_true(rt_time_stop_timer(never));
    assert_false(rt_time_stop_timer(never));
    while (rt_time_stop_timer(t)) { /* too early: once more */
        rt_time_reset_timer(t, rt_nanotime() + 1000, 0);
        rt_time_sleep(1000000);
    }
    assert_false(rt_time_reset_timer(t, 1, 0));
    wait_for(&w);
    assert_ptr_equal(call.arg, &w);
}

static void test_sleep(void) {
    int64_t start = rt_nanotime();
    rt_time_sleep(-1);
    rt_time_sleep(0);
    rt_time_sleep(3000000);
    assert_true(rt_nanotime() - start >= 3000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_heap),
        TEST(test_time_after),
        TEST(test_take),
        TEST(test_chan),
        TEST(test_ticker),
        TEST(test_waiting),
        TEST(test_func),
        TEST(test_sleep),
    };
    return cmocka_run_group_tests(tests, start_threads, NULL);
}
