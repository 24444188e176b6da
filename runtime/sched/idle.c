/* idle.c: processors and threads that have nothing to do, and how they come together again.
 *
 * A processor without a thread is PS_IDLE: in the list of idle ones, or in the hands of one thread on its way to
 * another (next_p). A thread without a processor sleeps on its note, in the list of idle ones. */
#include "runtime/sched/netpoll.h"

RtP *rt_processor_take_idle(void) {
    RtP *p = rt_sched.idle_p;
    if (!p) return NULL;
    rt_sched.idle_p = p->link;
    if (rt_sched.monitor_sleeps) {
        rt_sched.monitor_sleeps = false;
        rt_note_set(&rt_sched.monitor);
    }
    __atomic_store_n(&rt_sched.idle_processors, rt_sched.idle_processors - 1, __ATOMIC_SEQ_CST);
    return p;
}

/* Gives p, which no thread has, to one that demands a processor. Lock held. */
static bool satisfy(RtP *p) {
    RtM *m = rt_sched.demanding;
    if (!m) return false;
    __atomic_store_n(&rt_sched.demanding, m->link, __ATOMIC_RELAXED);
    m->next_p = p;
    rt_note_set(&m->wake);
    return true;
}

void rt_processor_put_idle(RtP *p) {
    if (satisfy(p)) return;
    p->link = rt_sched.idle_p;
    rt_sched.idle_p = p;
    /* Ordered before the look at all queues that follows (proc.c): who queues work sees this or is seen. */
    __atomic_store_n(&rt_sched.idle_processors, rt_sched.idle_processors + 1, __ATOMIC_SEQ_CST);
}

void rt_processor_acquire(RtM *m, RtP *p) {
    m->p = p;
    p->m = m;
    __atomic_store_n(&p->status, PS_RUNNING, __ATOMIC_RELEASE);
}

RtP *rt_processor_release(RtM *m) {
    RtP *p = m->p;
    m->p = NULL;
    p->m = NULL;
    __atomic_store_n(&p->status, PS_IDLE, __ATOMIC_RELEASE);
    return p;
}

void rt_processor_demand(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    RtP *p = rt_processor_take_idle();
    if (!p) {
        m->link = rt_sched.demanding;
        __atomic_store_n(&rt_sched.demanding, m, __ATOMIC_RELAXED);
    }
    rt_mutex_unlock(&rt_sched.lock);
    if (!p) {
        rt_note_wait(&m->wake, -1);
        rt_note_clear(&m->wake);
        p = m->next_p;
        m->next_p = NULL;
    }
    rt_processor_acquire(m, p);
}

bool rt_processor_cede(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    bool ceded = !rt_is_stopping() && rt_sched.demanding && satisfy(rt_processor_release(m));
    rt_mutex_unlock(&rt_sched.lock);
    return ceded;
}

RtM *rt_thread_take_idle(void) {
    RtM *m = rt_sched.idle_m;
    if (!m) return NULL;
    rt_sched.idle_m = m->link;
    rt_sched.idle_threads--;
    return m;
}

void rt_thread_start_on(RtP *p, bool spinning, RtP *woken_by) {
    rt_mutex_lock(&rt_sched.lock);
    RtM *m = rt_thread_take_idle();
    rt_mutex_unlock(&rt_sched.lock);
    bool asleep = m != NULL;
    if (!m) m = rt_thread_for_goroutines();
    m->next_p = p;
    m->spinning = spinning;
    m->woken_by = woken_by;
    if (asleep) rt_note_set(&m->wake);
    else rt_thread_create(m);
}

void rt_thread_idle(RtM *m) {
    while (!m->next_p) {
        rt_mutex_lock(&rt_sched.lock);
        m->link = rt_sched.idle_m;
        rt_sched.idle_m = m;
        rt_sched.idle_threads++;
        rt_check_deadlock();
        rt_mutex_unlock(&rt_sched.lock);
        rt_note_wait(&m->wake, -1);
        rt_note_clear(&m->wake);
        rt_run_job(m);
    }
    RtP *p = m->next_p;
    m->next_p = NULL;
    rt_processor_acquire(m, p);
}

/* ---- waiting for timers and files: one of the idle threads does it for all ---- */

/* The time of the first timer of all processors, 0: there is none. */
static int64_t first_timer(void) {
    int64_t first = 0;
    for (int i = 0; i < rt_gomaxprocs(); i++) {
        int64_t when = rt_timers_next(rt_sched.all_p[i]);
        if (when && (!first || when < first)) first = when;
    }
    return first;
}

bool rt_thread_sleep(RtQueue *ready) {
    int64_t when = first_timer(), nobody = 0;
    if (!when && !rt_poll_wanted()) return false;
    /* Sequentially consistent: who adds a timer stores it, then looks at sleep_until (rt_timer_added); here it is the
     * other way round, so that one of the two sees the other. */
    if (!__atomic_compare_exchange_n(&rt_sched.sleep_until, &nobody, when ? when : INT64_MAX, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        return false;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    int64_t now = rt_nanotime(), ns = -1;
    when = first_timer();
    if (when) ns = when > now ? when - now : 0;
    else if (!rt_poll_wanted()) ns = 0;
    if (!rt_poll(ns, ready)) rt_note_wait(&rt_sched.sleep, ns);
    rt_note_clear(&rt_sched.sleep);
    __atomic_store_n(&rt_sched.sleep_until, 0, __ATOMIC_SEQ_CST);
    return true;
}

void rt_timer_added(int64_t when) {
    RtM *m = rt_m();
    rt_monitor_start();
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    int64_t until = __atomic_load_n(&rt_sched.sleep_until, __ATOMIC_SEQ_CST);
    if (until > when) {
        rt_note_set(&rt_sched.sleep);
        rt_poll_wake();
    } else if (until == 0 && !m->on_system && m->p) {
        rt_wake_for(m->p, false); /* nobody waits for timers; this thread will, if it is about to park a goroutine */
    }
}

/* Called when a thread is about to sleep: if all do, nothing will ever run again. */
void rt_check_deadlock(void) {
    if (rt_sched.threads > rt_sched.idle_threads || rt_is_stopping() || first_timer() || rt_poll_wanted()) return;
    rt_mutex_unlock(&rt_sched.lock);
    if (rt_goroutine_count() == 0) rt_fatal_all(RT_STR("no goroutines (main called runtime.Goexit) - deadlock!"));
    rt_fatal_all(RT_STR("all goroutines are asleep - deadlock!"));
}

void rt_processor_hand_off(RtP *p) {
    rt_mutex_lock(&rt_sched.lock);
    bool stopping = rt_is_stopping(), work = !rt_runq_empty(p) || rt_sched.global.count > 0;
    if (stopping) rt_processor_stopped(p);
    else if (!work) rt_processor_put_idle(p);
    rt_mutex_unlock(&rt_sched.lock);
    if (!stopping && work) rt_thread_start_on(p, false, NULL);
}
