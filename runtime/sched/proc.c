/* proc.c: the scheduler: which goroutine runs next on a thread.
 *
 * A goroutine that stops running saves itself on its stack and calls one of the functions below on the thread's
 * system stack (rt_switch); that function ends in rt_schedule, which returns the goroutine to go on with. The system
 * stack holds nothing between two calls, so a switch from goroutine to goroutine saves and restores one set of
 * callee-saved registers.
 *
 * Work stealing (Blumofe and Leiserson 1999) with Go's rules for idle threads (its design document of 2012): a thread
 * whose processor has nothing to run looks into the queues of the others before it sleeps: it spins. At most half as
 * many threads spin as are busy. Who makes a goroutine ready wakes a thread only if a processor is idle and nobody
 * spins; a thread that stops spinning because it found work wakes another one, since there may be more.
 *
 * No wake-up is lost: whoever queues a goroutine does so before it looks whether anybody spins; a thread that gives
 * up first stops being counted as spinning and then looks at all queues once more. Both are sequentially consistent,
 * so one of the two sees the other.
 *
 * A goroutine alone in `next` usually runs as soon as the one that made it ready parks, and the thread that was woken
 * to take it finds nothing. Each vain wake-up doubles the number of times that this processor does not wake anybody
 * for `next` alone; a theft from its ring forgets that. The monitor looks after goroutines that are left there. */
#include "runtime/sched/netpoll.h"

RtSched rt_sched;

enum {
    STEAL_ROUNDS = 4,       /* over all processors, before a thread gives up */
    STEAL_PAUSES = 100,     /* between two rounds */
    MAX_WAKE_BACKOFF = 255,
};

/* Acquires the processors, for threads that stops of the world do not wait for. */
int rt_gomaxprocs(void) { return (int)__atomic_load_n(&rt_sched.max, __ATOMIC_ACQUIRE); }

/* ---- waking threads ---- */

bool rt_wake_for(RtP *p, bool patient) {
    if (__atomic_load_n(&rt_sched.idle_processors, __ATOMIC_SEQ_CST) == 0) return false;
    if (__atomic_load_n(&rt_sched.spinning, __ATOMIC_SEQ_CST) != 0) return false;
    uint32_t skip = __atomic_load_n(&p->wake_skip, __ATOMIC_RELAXED);
    if (patient && skip > 0) {
        __atomic_store_n(&p->wake_skip, skip - 1, __ATOMIC_RELAXED);
        return false;
    }
    uint32_t none = 0;
    if (!__atomic_compare_exchange_n(&rt_sched.spinning, &none, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) return false;
    rt_mutex_lock(&rt_sched.lock);
    RtP *idle = rt_processor_take_idle();
    rt_mutex_unlock(&rt_sched.lock);
    if (idle) rt_thread_start_on(idle, true, p);
    else __atomic_fetch_sub(&rt_sched.spinning, 1, __ATOMIC_SEQ_CST);
    return idle != NULL;
}

static void start_spinning(RtM *m) {
    m->spinning = true;
    __atomic_fetch_add(&rt_sched.spinning, 1, __ATOMIC_SEQ_CST);
}

static void stop_spinning(RtM *m) {
    m->spinning = false;
    rt_check(__atomic_fetch_sub(&rt_sched.spinning, 1, __ATOMIC_SEQ_CST) > 0);
}

/* m found nothing. Both fields are hints, so that a lost update does not matter. */
static void note_vain_wake(RtM *m) {
    RtP *p = m->woken_by;
    if (!p) return;
    m->woken_by = NULL;
    uint32_t backoff = __atomic_load_n(&p->wake_backoff, __ATOMIC_RELAXED) * 2 + 1;
    if (backoff > MAX_WAKE_BACKOFF) backoff = MAX_WAKE_BACKOFF;
    __atomic_store_n(&p->wake_backoff, backoff, __ATOMIC_RELAXED);
    __atomic_store_n(&p->wake_skip, backoff, __ATOMIC_RELAXED);
}

/* ---- finding a goroutine ---- */

/* Up to want goroutines of the global queue: all but the first, which is returned, go to p's queue. */
static RtGoroutine *take_global(RtP *p, int64_t want) {
    if (__atomic_load_n(&rt_sched.global.count, __ATOMIC_RELAXED) == 0) return NULL;
    rt_mutex_lock(&rt_sched.lock);
    int64_t share = rt_sched.global.count / rt_sched.max + 1;
    if (want > share) want = share;
    RtGoroutine *g = rt_queue_take(&rt_sched.global), *other;
    RtQueue rest = {0};
    for (; want > 1 && (other = rt_queue_take(&rt_sched.global)); want--) rt_queue_add(&rest, other);
    rt_mutex_unlock(&rt_sched.lock);
    while ((other = rt_queue_take(&rest))) rt_runq_put(p, other);
    return g;
}

/* Of p's own queue and the global one. */
static RtGoroutine *find_local(RtP *p, bool *same_slice) {
    *same_slice = false;
    if (RT_UNLIKELY(__atomic_load_n(&p->preempt, __ATOMIC_RELAXED))) {
        __atomic_store_n(&p->preempt, false, __ATOMIC_RELAXED);
        RtGoroutine *next = __atomic_exchange_n(&p->next, NULL, __ATOMIC_ACQUIRE);
        if (next) rt_runq_put(p, next);
    }
    RtGoroutine *g = NULL;
    if (p->slices % RT_FAIRNESS == 0) g = take_global(p, 1);
    if (!g) g = rt_runq_take(p, same_slice);
    if (!g) g = take_global(p, RT_QUEUE / 2);
    return g;
}

/* One whose file is ready; more of them go to m's queue. Not if a thread waits for files anyway. */
static RtGoroutine *find_file(RtM *m) {
    bool same_slice;
    RtQueue ready = {0};
    if (!rt_poll_wanted() || __atomic_load_n(&rt_sched.sleep_until, __ATOMIC_RELAXED)) return NULL;
    rt_poll(0, &ready);
    rt_ready_list(&ready);
    return rt_runq_take(m->p, &same_slice);
}

/* Runs the timers of p that are due, p being the holder's or another one: what they make ready goes to the holder's. */
static bool run_timers(RtP *p) {
    int64_t when = rt_timers_next(p), now;
    if (!when || when > (now = rt_nanotime())) return false;
    rt_timers_run(p, now);
    return true;
}

/* One round. In later rounds also what the others will probably run themselves: their `next`, their timers. */
static RtGoroutine *steal_once(RtM *m, bool later) {
    uint32_t n = rt_sched.max, start = (uint32_t)(rt_random() % n);
    bool same_slice;
    for (uint32_t i = 0; i < n; i++) {
        RtP *victim = rt_sched.all_p[(start + i) % n];
        if (victim == m->p) continue;
        RtGoroutine *g = rt_runq_steal(m->p, victim, later);
        if (!g && later && run_timers(victim)) g = rt_runq_take(m->p, &same_slice);
        if (g) return g;
    }
    return NULL;
}

static bool may_spin(void) {
    uint32_t idle = __atomic_load_n(&rt_sched.idle_processors, __ATOMIC_RELAXED);
    return 2 * __atomic_load_n(&rt_sched.spinning, __ATOMIC_RELAXED) < rt_sched.max - idle;
}

static RtGoroutine *steal(RtM *m) {
    if (rt_sched.max == 1 || (!m->spinning && !may_spin())) return NULL;
    if (!m->spinning) start_spinning(m);
    for (int round = 0; round < STEAL_ROUNDS; round++) {
        if (round > 0) rt_pauses(STEAL_PAUSES);
        RtGoroutine *g = steal_once(m, round > 0);
        if (g) return g;
        if (rt_is_stopping()) return NULL;
    }
    return NULL;
}

static bool any_work(void) {
    if (__atomic_load_n(&rt_sched.global.count, __ATOMIC_SEQ_CST) > 0) return true;
    for (int i = 0; i < rt_gomaxprocs(); i++)
        if (!rt_runq_empty(rt_sched.all_p[i])) return true;
    return false;
}

/* Gives up the processor: true if it is gone, false if there is work after all. */
static bool give_up(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    if (rt_is_stopping() || rt_sched.global.count > 0) {
        rt_mutex_unlock(&rt_sched.lock);
        return false;
    }
    rt_processor_put_idle(rt_processor_release(m));
    rt_mutex_unlock(&rt_sched.lock);
    return true;
}

/* m has no processor and does not spin: takes an idle one if there is one, to look for work. */
static bool resume(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    RtP *p = rt_is_stopping() ? NULL : rt_processor_take_idle();
    rt_mutex_unlock(&rt_sched.lock);
    if (!p) return false;
    rt_processor_acquire(m, p);
    start_spinning(m);
    return true;
}

/* m has no processor any more. If it was spinning, nobody was woken for work that came meanwhile: takes a processor
 * if there is some. */
static bool look_again(RtM *m) {
    if (!m->spinning) return false;
    stop_spinning(m);
    return any_work() && resume(m);
}

/* Blocks until there is a goroutine for m, whose processor may be another one then. */
static RtGoroutine *find_runnable(RtM *m, bool *same_slice) {
    for (;;) {
        if (RT_UNLIKELY(__atomic_load_n(&rt_sched.stopping, __ATOMIC_ACQUIRE))) {
            rt_stop_here(m);
            if (!m->p && !look_again(m)) rt_thread_idle(m);
            continue;
        }
        if (RT_UNLIKELY(__atomic_load_n(&rt_sched.demanding, __ATOMIC_RELAXED)) && rt_processor_cede(m)) {
            if (!look_again(m)) rt_thread_idle(m);
            continue;
        }
        run_timers(m->p);
        RtGoroutine *g = find_local(m->p, same_slice);
        if (g || (g = find_file(m)) || (g = steal(m))) return g;
        if (!give_up(m)) continue;
        if (look_again(m)) continue;
        note_vain_wake(m);
        RtQueue ready = {0};
        bool look = rt_thread_sleep(&ready) && resume(m);
        rt_ready_list(&ready);
        if (!look) rt_thread_idle(m);
    }
}

/* ---- running a goroutine ---- */

static RtGoroutine *begin(RtM *m, RtGoroutine *g, bool same_slice) {
    RtP *p = m->p;
    __atomic_store_n(&p->switches, p->switches + 1, __ATOMIC_RELAXED);
    if (!same_slice) __atomic_store_n(&p->slices, p->slices + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&g->status, GS_RUNNING, __ATOMIC_RELAXED);
    __atomic_store_n(&g->preempt, false, __ATOMIC_RELAXED);
    g->m = m;
    m->g = g;
    return g;
}

/* m may run only one goroutine: its processor goes to another thread until that one is ready. */
static void wait_for_locked(RtM *m) {
    if (m->p) rt_processor_hand_off(rt_processor_release(m));
    rt_mutex_lock(&rt_sched.lock);
    rt_sched.idle_threads++;
    rt_check_deadlock();
    rt_mutex_unlock(&rt_sched.lock);
    rt_note_wait(&m->wake, -1);
    rt_note_clear(&m->wake);
    RtP *p = m->next_p;
    m->next_p = NULL;
    rt_processor_acquire(m, p);
}

/* g may run only on its thread, which waits for that: it gets m's processor. */
static void run_on_its_thread(RtM *m, RtGoroutine *g) {
    RtM *other = g->locked_m;
    other->next_p = rt_processor_release(m);
    rt_mutex_lock(&rt_sched.lock);
    rt_sched.idle_threads--;
    rt_mutex_unlock(&rt_sched.lock);
    rt_note_set(&other->wake);
    rt_thread_idle(m);
}

RtGoroutine *rt_schedule(RtM *m) {
    rt_check(m->locks == 0);
    m->g = NULL;
    if (m->locked_g) {
        wait_for_locked(m);
        return begin(m, m->locked_g, false);
    }
    if (!m->p) rt_thread_idle(m);
    for (;;) {
        bool same_slice;
        RtGoroutine *g = find_runnable(m, &same_slice);
        if (m->spinning) {
            stop_spinning(m);
            rt_wake_for(m->p, false);
        }
        m->woken_by = NULL;
        if (!g->locked_m) return begin(m, g, same_slice);
        run_on_its_thread(m, g);
    }
}

/* ---- parking and waking ---- */

static RtGoroutine *park(RtGoroutine *g, void *unused) {
    (void)unused;
    RtM *m = rt_m();
    __atomic_store_n(&g->status, GS_WAITING, __ATOMIC_RELAXED);
    /* The commit releases a lock, and with it the goroutine with all that is written to it. */
    if (m->commit && !m->commit(g, m->commit_arg)) {
        __atomic_store_n(&g->status, GS_RUNNING, __ATOMIC_RELAXED);
        return g;
    }
    return rt_schedule(m);
}

void rt_park(RtParkCommit *commit, void *arg, RtWait why) {
    RtM *m = rt_m();
    RtGoroutine *g = m->g;
    g->wait = why;
    __atomic_store_n(&g->wait_since, 0, __ATOMIC_RELAXED);
    m->commit = commit;
    m->commit_arg = arg;
    rt_switch(park, NULL);
}

void rt_make_runnable(RtP *p, RtGoroutine *g) {
    __atomic_store_n(&g->status, GS_RUNNABLE, __ATOMIC_RELAXED);
    bool patient = !__atomic_load_n(&p->next, __ATOMIC_RELAXED) && p->tail == __atomic_load_n(&p->head, __ATOMIC_RELAXED);
    rt_runq_put_next(p, g);
    rt_wake_for(p, patient);
}

void rt_ready(RtGoroutine *g) {
    rt_check(__atomic_load_n(&g->status, __ATOMIC_RELAXED) == GS_WAITING);
    rt_make_runnable(rt_p(), g);
}

/* To this processor's queue if there is one, to the global one otherwise. */
void rt_ready_list(RtQueue *ready) {
    RtP *p = rt_p(), *idle = NULL;
    RtGoroutine *g;
    if (!ready->first) return;
    for (g = ready->first; g; g = g->next) __atomic_store_n(&g->status, GS_RUNNABLE, __ATOMIC_RELAXED);
    if (p) {
        while ((g = rt_queue_take(ready))) rt_runq_put(p, g);
        __atomic_thread_fence(__ATOMIC_SEQ_CST); /* queued before it is looked whether anybody spins */
        rt_wake_for(p, false);
        return;
    }
    rt_mutex_lock(&rt_sched.lock);
    while ((g = rt_queue_take(ready))) rt_queue_add(&rt_sched.global, g);
    if (!rt_is_stopping()) idle = rt_processor_take_idle();
    rt_mutex_unlock(&rt_sched.lock);
    if (idle) rt_thread_start_on(idle, false, NULL);
}

RtGoroutine *rt_schedule_after(RtM *m, RtGoroutine *g) {
    __atomic_store_n(&g->status, GS_RUNNABLE, __ATOMIC_RELAXED);
    rt_mutex_lock(&rt_sched.lock);
    rt_queue_add(&rt_sched.global, g);
    rt_mutex_unlock(&rt_sched.lock);
    return rt_schedule(m);
}

static RtGoroutine *yield(RtGoroutine *g, void *unused) {
    (void)unused;
    return rt_schedule_after(rt_m(), g);
}

void rt_yield(void) { rt_switch(yield, NULL); }
