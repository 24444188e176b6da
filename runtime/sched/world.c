/* world.c: the processors as a whole: their number, stopping and starting all of them, work for all threads.
 *
 * A processor is stopped when nobody can run a goroutine with it. Who stops the world takes the idle ones and those
 * of blocked system calls, and asks for preemption on the others, whose threads come to rt_stop_here sooner or later:
 * they sleep there and keep their processor. Asking is repeated, because a thread may be in runtime code, which is
 * not preempted, or entering a system call. stop_wait counts the processors that are missing; under the lock.
 *
 * A goroutine's registers are on its stack when it does not run, in its record when it is in a system call; the one
 * whose thread stops the world is on the system stack, its registers on its own. */
#define _GNU_SOURCE /* cpu_set_t */
#include "runtime/hash.h"
#include "runtime/sched/sigqueue.h"
#include <sched.h>
#include <stdlib.h>

enum { ASK_AGAIN_NS = 50000 };

/* ---- processors ---- */

/* Makes [0, n) exist and be in use. At the start, or with the world stopped. */
static void set_processors(uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (rt_sched.all_p[i]) continue;
        RtP *p = rt_persistent(sizeof *p);
        p->id = (int)i;
        p->status = PS_STOPPED;
        __atomic_store_n(&rt_sched.all_p[i], p, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&rt_sched.max, n, __ATOMIC_RELEASE);
}

static int available_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int rt_cores(void) {
    static int cores; /* atomic; the affinity mask at the first call, as in Go */
    int n = __atomic_load_n(&cores, __ATOMIC_RELAXED);
    if (n == 0) __atomic_store_n(&cores, n = available_cores(), __ATOMIC_RELAXED);
    return n;
}

/* A positive decimal number; anything else is 0. */
static int parse_count(const char *s) {
    int n = 0;
    for (; *s >= '0' && *s <= '9' && n <= RT_MAX_PROCESSORS; s++) n = n * 10 + (*s - '0');
    return *s ? 0 : n;
}

static uint32_t first_processors(void) {
    const char *wish = getenv("GOMAXPROCS");
    int n = wish ? parse_count(wish) : 0;
    if (n <= 0) n = rt_cores();
    return n < RT_MAX_PROCESSORS ? (uint32_t)n : RT_MAX_PROCESSORS;
}

void rt_each_processor(void (*fn)(RtP *p, void *arg), void *arg) {
    RtP *p;
    for (int i = 0; i < RT_MAX_PROCESSORS && (p = __atomic_load_n(&rt_sched.all_p[i], __ATOMIC_ACQUIRE)); i++) fn(p, arg);
}

/* ---- start of the program ---- */

RtM *rt_sched_start(void) {
    RtM *m = rt_thread_adopt();
    rt_hash_start();
    rt_heap_start();
    set_processors(first_processors());
    rt_processor_acquire(m, rt_sched.all_p[0]);
    rt_mutex_lock(&rt_sched.lock);
    for (uint32_t i = rt_sched.max; i-- > 1;) {
        __atomic_store_n(&rt_sched.all_p[i]->status, PS_IDLE, __ATOMIC_RELAXED);
        rt_processor_put_idle(rt_sched.all_p[i]);
    }
    rt_mutex_unlock(&rt_sched.lock);
    return m;
}

void rt_start(RtGoroutine *g) {
    RtM *m = rt_sched_start();
    uint8_t *stack = rt_sys_map(RT_SYSTEM_STACK);
    rt_check(stack);
    m->system_sp = stack + RT_SYSTEM_STACK;
    m->on_system = false;
    m->g = g;
    g->m = m;
    g->status = GS_RUNNING;
    rt_g = &g->g;
    m->p->begun++;
    rt_goroutine_register(g);
    rt_signal_thread();
    rt_preempt_start();
}

_Noreturn void rt_run(GoClosure *closure) {
    RtM *m = rt_sched_start();
    rt_signal_start();
    rt_signals_start();
    rt_preempt_start();
    rt_sched_trace_start();
    RtGoroutine *g = rt_goroutine_new(&m->p->stacks, true);
    if (!g) rt_fatal(RT_STR("runtime: out of memory for the main goroutine's stack"));
    rt_goroutine_register(g);
    rt_goroutine_start(m->p, g, closure);
    rt_thread_run(m);
}

/* ---- stopping ---- */

static uint32_t missing(void) { return __atomic_load_n(&rt_sched.stop_wait, __ATOMIC_RELAXED); }

/* p has stopped. Lock held. */
void rt_processor_stopped(RtP *p) {
    __atomic_store_n(&p->status, PS_STOPPED, __ATOMIC_RELEASE);
    rt_check(missing() > 0);
    if (__atomic_sub_fetch(&rt_sched.stop_wait, 1, __ATOMIC_RELAXED) == 0) rt_note_set(&rt_sched.stopped);
}

void rt_stop_here(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    bool stopping = rt_is_stopping();
    if (stopping) rt_processor_stopped(m->p);
    rt_mutex_unlock(&rt_sched.lock);
    if (!stopping) return;
    do { /* every setting of the note brings a job, but the last, which is the start */
        rt_note_wait(&m->wake, -1);
        rt_note_clear(&m->wake);
    } while (rt_run_job(m));
}

/* Takes the processors of system calls. Lock held. */
static void take_from_syscalls(void) {
    for (uint32_t i = 0; i < rt_sched.max; i++) {
        RtP *p = rt_sched.all_p[i];
        uint32_t status = PS_SYSCALL;
        if (!__atomic_compare_exchange_n(&p->status, &status, PS_STOPPED, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
        p->m = NULL;
        rt_processor_stopped(p);
    }
}

/* One attempt to make the missing processors stop. */
static void press(RtM *m) {
    rt_mutex_lock(&rt_sched.lock);
    take_from_syscalls();
    rt_mutex_unlock(&rt_sched.lock);
    for (uint32_t i = 0; i < rt_sched.max; i++)
        if (rt_sched.all_p[i] != m->p) rt_preempt_processor(rt_sched.all_p[i]);
}

void rt_stop_world(const char *why) {
    (void)why;
    RtM *m = rt_m();
    rt_check(m->on_system && m->p);
    rt_mutex_lock(&rt_sched.lock);
    while (rt_is_stopping()) { /* somebody else's stop */
        rt_mutex_unlock(&rt_sched.lock);
        rt_stop_here(m);
        if (!m->p) rt_processor_demand(m);
        rt_mutex_lock(&rt_sched.lock);
    }
    __atomic_store_n(&rt_sched.stopping, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&rt_sched.stop_wait, rt_sched.max, __ATOMIC_RELAXED);
    rt_note_clear(&rt_sched.stopped);
    rt_processor_stopped(m->p);
    for (RtP *p; missing() > 0 && (p = rt_processor_take_idle());) rt_processor_stopped(p);
    rt_mutex_unlock(&rt_sched.lock);
    do press(m);
    while (!rt_note_wait(&rt_sched.stopped, ASK_AGAIN_NS));
}

void rt_freeze_world(void) {
    enum { TRIES = 20, TRY_NS = 100000 };
    uint32_t never = 0;
    __atomic_store_n(&rt_sched.stop_wait, UINT32_MAX, __ATOMIC_RELAXED); /* nobody waits for it to be 0 */
    __atomic_store_n(&rt_sched.stopping, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < TRIES; i++) {
        bool running = false;
        for (int j = 0; j < rt_gomaxprocs(); j++) {
            RtP *p = rt_sched.all_p[j];
            if (p == rt_p() || __atomic_load_n(&p->status, __ATOMIC_ACQUIRE) != PS_RUNNING) continue;
            running = true;
            rt_preempt_processor(p);
        }
        if (!running) return;
        rt_futex_wait(&never, 0, TRY_NS);
    }
}

/* What becomes of a processor when the world starts. Its thread, if it kept one, is woken by the caller; p goes to
 * *ready if it has work but no thread. Lock held. */
static void restart(RtP *p, RtP **ready) {
    bool used = (uint32_t)p->id < rt_sched.max;
    RtM *m = p->m;
    if (!used && m) {
        p->m = NULL;
        m->p = NULL;
    }
    __atomic_store_n(&p->status, !used ? PS_UNUSED : m ? PS_RUNNING : PS_IDLE, __ATOMIC_RELEASE);
    if (!used || m) return;
    if (rt_runq_empty(p)) {
        rt_processor_put_idle(p);
    } else {
        p->link = *ready;
        *ready = p;
    }
}

void rt_start_world(void) {
    RtM *me = rt_m(), *woken[RT_MAX_PROCESSORS];
    RtP *ready = NULL;
    int n = 0;
    rt_mutex_lock(&rt_sched.lock);
    rt_check(rt_is_stopping() && missing() == 0);
    for (int i = RT_MAX_PROCESSORS; i-- > 0;) {
        RtP *p = rt_sched.all_p[i];
        if (!p || p->status == PS_UNUSED) continue;
        if (p->m && p->m != me) woken[n++] = p->m;
        restart(p, &ready);
    }
    __atomic_store_n(&rt_sched.stopping, 0, __ATOMIC_SEQ_CST);
    rt_mutex_unlock(&rt_sched.lock);
    while (n > 0) rt_note_set(&woken[--n]->wake);
    while (ready) {
        RtP *p = ready;
        ready = p->link;
        rt_thread_start_on(p, false, NULL);
    }
    if (__atomic_load_n(&rt_sched.global.count, __ATOMIC_SEQ_CST) > 0) rt_wake_for(me->p, false);
}

static void change_processors(void *arg) {
    uint32_t n = *(uint32_t *)arg;
    rt_stop_world("GOMAXPROCS");
    RtM *m = rt_m();
    uint32_t old = rt_sched.max;
    set_processors(n);
    for (uint32_t i = old; i < n; i++) __atomic_store_n(&rt_sched.all_p[i]->status, PS_STOPPED, __ATOMIC_RELAXED);
    rt_mutex_lock(&rt_sched.lock); /* threads that come from system calls queue their goroutines */
    for (uint32_t i = n; i < old; i++) rt_runq_flush(rt_sched.all_p[i]);
    rt_mutex_unlock(&rt_sched.lock);
    if ((uint32_t)m->p->id >= n) { /* goes on with the first one */
        RtP *first = rt_sched.all_p[0];
        m->p->m = first->m;
        if (first->m) first->m->p = m->p;
        first->m = m;
        m->p = first;
    }
    for (uint32_t i = n; i < old; i++) rt_timers_take(rt_sched.all_p[i]);
    rt_start_world();
}

int64_t rt_gomaxprocs_set(int64_t n) {
    int64_t old = rt_gomaxprocs();
    uint32_t wish = n < RT_MAX_PROCESSORS ? (uint32_t)n : RT_MAX_PROCESSORS;
    if (n > 0 && n != old) rt_system_stack(change_processors, &wish);
    return old;
}

/* ---- work for several threads ---- */

typedef struct Job {
    void (*fn)(void *arg, int worker);
    void *arg;
    uint32_t left; /* atomic: workers that are not done */
    RtNote done;
} Job;

bool rt_run_job(RtM *m) {
    Job *job = m->job;
    if (!job) return false;
    m->job = NULL;
    bool lent = !m->p;
    if (lent) m->p = m->job_p;
    job->fn(job->arg, m->worker);
    if (lent) m->p = NULL;
    /* Releases what the worker wrote; the last one's acquire makes all of it visible behind the note. */
    if (__atomic_sub_fetch(&job->left, 1, __ATOMIC_ACQ_REL) == 0) rt_note_set(&job->done);
    return true;
}

static void give_job(Job *job, RtP *p, int worker) {
    RtM *m = p->m;
    if (!m) {
        rt_mutex_lock(&rt_sched.lock);
        m = rt_thread_take_idle();
        rt_mutex_unlock(&rt_sched.lock);
    }
    bool asleep = m != NULL;
    if (!m) m = rt_thread_for_goroutines();
    m->job = job;
    m->worker = worker;
    m->job_p = p;
    if (asleep) rt_note_set(&m->wake);
    else rt_thread_create(m);
}

void rt_on_workers(int n, void (*fn)(void *arg, int worker), void *arg) {
    RtM *me = rt_m();
    rt_check(rt_is_stopping() && n <= rt_gomaxprocs());
    Job job = {.fn = fn, .arg = arg, .left = (uint32_t)n};
    int worker = 1;
    for (int i = 0; worker < n; i++)
        if (rt_sched.all_p[i] != me->p) give_job(&job, rt_sched.all_p[i], worker++);
    fn(arg, 0);
    if (__atomic_sub_fetch(&job.left, 1, __ATOMIC_ACQ_REL) > 0) rt_note_wait(&job.done, -1);
}
