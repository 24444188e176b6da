/* thread.c: the threads of the program. A thread is made when a processor has work and no thread is idle; it never
 * ends, but sleeps. */
#define _GNU_SOURCE /* gettid */
#include "runtime/sched/offsets.h"
#include "runtime/hash.h"
#include "runtime/sched/proc.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

_Static_assert(offsetof(RtGoroutine, saved) == G_SAVED, "offsets.h");

static int64_t last_id;       /* atomic */
static int64_t limit = 10000; /* atomic: threads; a program that needs more has a mistake, as in Go */

static void check_limit(void) {
    int64_t most = __atomic_load_n(&limit, __ATOMIC_RELAXED);
    if (__atomic_load_n(&last_id, __ATOMIC_RELAXED) <= most) return;
    rt_print_cstr("runtime: program exceeds ");
    rt_print_int(most);
    rt_print_cstr("-thread limit\n");
    rt_fatal(RT_STR("thread exhaustion"));
}

int64_t rt_thread_limit_set(int64_t n) {
    int64_t old = __atomic_exchange_n(&limit, n, __ATOMIC_RELAXED);
    check_limit();
    return old;
}

RtM *rt_thread_record(void) {
    RtM *m = rt_persistent(sizeof *m);
    m->id = __atomic_fetch_add(&last_id, 1, __ATOMIC_RELAXED);
    check_limit();
    m->random = (uint64_t)m->id * 0x9e3779b97f4a7c15 ^ rt_hash_secret[2];
    m->on_system = true;
    m->all_link = __atomic_load_n(&rt_sched.all_m, __ATOMIC_RELAXED);
    /* Released with the record: whoever walks the list may read it. */
    while (!__atomic_compare_exchange_n(&rt_sched.all_m, &m->all_link, m, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {}
    return m;
}

RtM *rt_thread_for_goroutines(void) {
    RtM *m = rt_thread_record();
    m->run = rt_thread_run;
    rt_mutex_lock(&rt_sched.lock);
    rt_sched.threads++;
    rt_mutex_unlock(&rt_sched.lock);
    return m;
}

static void *thread_main(void *arg) {
    RtM *m = arg;
    rt_m_tls = m;
    __atomic_store_n(&m->tid, gettid(), __ATOMIC_RELAXED);
    rt_signal_thread();
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    rt_run_job(m);
    m->run(m);
    return NULL;
}

_Noreturn void rt_thread_run(RtM *m) { rt_switch_to(rt_schedule(m)); }

/* Signals are blocked until the thread has its record and an alternate stack. Not before the lock is held: its holder
 * may wait for this thread to handle one. */
static void create(void *arg) {
    RtM *m = arg;
    sigset_t all, old;
    pthread_attr_t attr;
    pthread_t thread;
    sigfillset(&all);
    rt_mutex_lock(&rt_sched.starting);
    m->started = true;
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, RT_SYSTEM_STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attr, thread_main, m);
    pthread_attr_destroy(&attr);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    rt_mutex_unlock(&rt_sched.starting);
    if (error) rt_fatal(RT_STR("runtime: cannot create a thread"));
}

void rt_thread_create(RtM *m) { rt_system_stack(create, m); }

RtM *rt_thread_adopt(void) {
    static RtM first; /* printing and fatal errors need it before there is memory */
    first.on_system = true;
    first.tid = gettid();
    first.started = true;
    first.random = 1;
    rt_m_tls = &first;
    last_id = 1;
    rt_sched.all_m = &first;
    rt_sched.threads = 1;
    return &first;
}

/* ---- goroutines that stay on their thread ---- */

void rt_lock_thread(void) {
    RtM *m = rt_m();
    m->g->locked_count++;
    m->g->locked_m = m;
    m->locked_g = m->g;
}

static void unlock(RtM *m, RtGoroutine *g) {
    g->locked_count = 0;
    g->locked_m = NULL;
    m->locked_g = NULL;
}

void rt_unlock_thread(void) {
    RtM *m = rt_m();
    if (m->g->locked_count > 0 && --m->g->locked_count == 0) unlock(m, m->g);
}

void rt_goroutine_unlock_thread(RtM *m, RtGoroutine *g) {
    if (g->locked_m) unlock(m, g);
}
