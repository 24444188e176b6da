/* proc.h: the inside of the scheduler: what its files share.
 *
 * Who may touch what:
 *   - a processor's queue, caches and counters: the thread that holds it (RtP.m), apart from the fields said to be
 *     atomic;
 *   - everything in rt_sched below `lock`: under the lock;
 *   - a goroutine: the thread that runs it; while it is in a queue, whoever takes it out; while it waits, whoever
 *     makes it ready.
 * Functions that take an RtM run on that thread, on its system stack. */
#ifndef GOO_PROC_H
#define GOO_PROC_H

#include "runtime/sync/timer.h"

enum {
    RT_MAX_PROCESSORS = 1024,
    RT_FAIRNESS = 61, /* every so many time slices the global queue comes first, so that it does not starve */
};

/* Lets a core that spins rest, a few nanoseconds each time. */
static inline void rt_pauses(int times) {
    while (times-- > 0) rt_pause();
}

/* A list of goroutines linked by `next`, first in, first out. */
typedef struct RtQueue { RtGoroutine *first, *last; int64_t count; } RtQueue;

static inline void rt_queue_add(RtQueue *q, RtGoroutine *g) {
    g->next = NULL;
    if (q->first) q->last->next = g;
    else q->first = g;
    q->last = g;
    __atomic_store_n(&q->count, q->count + 1, __ATOMIC_RELAXED);
}
static inline RtGoroutine *rt_queue_take(RtQueue *q) {
    RtGoroutine *g = q->first;
    if (!g) return NULL;
    q->first = g->next;
    __atomic_store_n(&q->count, q->count - 1, __ATOMIC_RELAXED);
    return g;
}

typedef struct RtSched {
    /* Atomic, read often: on a line of their own. */
    uint32_t idle_processors; /* length of the list below; changed under the lock */
    uint32_t spinning;        /* threads that look for work to steal */
    uint32_t stopping;        /* the world stops or is stopped */
    uint32_t max;             /* GOMAXPROCS; changed with the world stopped */
    int64_t sleep_until;      /* when the thread that waits for timers and files wakes up; 0: there is none */
    RtNote sleep;             /* wakes it before */
    RtMutex lock __attribute__((aligned(64)));
    RtQueue global;           /* its count is read without the lock */
    RtP *idle_p;
    RtM *idle_m;              /* threads that sleep on their note */
    RtM *demanding;           /* threads that need a processor to go on at all; read without the lock */
    bool monitor_sleeps;      /* on its note, until a processor is in use */
    RtNote monitor;
    int threads;              /* that run goroutines, sleeping ones included */
    int idle_threads;         /* length of idle_m, and those that wait for the one goroutine they may run */
    uint32_t stop_wait;       /* processors that have not stopped yet; atomic: rt_freeze_world takes no lock */
    RtNote stopped;           /* stop_wait became 0 */
    RtM *all_m;               /* atomic: only grows */
    RtMutex starting;         /* held while a thread is started */
    RtP *all_p[RT_MAX_PROCESSORS]; /* [0, max) are in use; later ones may exist, PS_UNUSED. Storing max releases them */
} RtSched;
extern RtSched rt_sched;

/* Under the lock, or as a hint. */
static inline bool rt_is_stopping(void) { return __atomic_load_n(&rt_sched.stopping, __ATOMIC_RELAXED); }

/* ---- runq.c ---- */
void rt_runq_put_next(RtP *p, RtGoroutine *g);  /* runs first; what was first goes to the end */
void rt_runq_put(RtP *p, RtGoroutine *g);       /* to the end */
RtGoroutine *rt_runq_take(RtP *p, bool *same_slice); /* first; *same_slice: it continues the last one's time slice */
RtGoroutine *rt_runq_steal(RtP *p, RtP *victim, bool with_next); /* half of victim's go to p, one is returned */
bool rt_runq_empty(RtP *p);                     /* any thread */
static inline bool rt_runq_full(RtP *p) {       /* by its holder */
    return p->tail - __atomic_load_n(&p->head, __ATOMIC_RELAXED) == RT_QUEUE;
}
void rt_runq_flush(RtP *p);                     /* all to the global queue, at its front; sched lock held */

/* ---- proc.c ---- */
RtGoroutine *rt_schedule(RtM *m);               /* the goroutine to go on with, whose status is running */
RtGoroutine *rt_schedule_after(RtM *m, RtGoroutine *g); /* the same; g, which m ran, goes to the end of the global queue */
/* Work was added to p's queue; patient: to p->next only. Whether a thread was woken. */
bool rt_wake_for(RtP *p, bool patient);
void rt_ready_list(RtQueue *ready);             /* all of them, which wait no more; threads without processor too */

void rt_make_runnable(RtP *p, RtGoroutine *g);  /* next on p, which the caller holds */

/* ---- idle.c ---- */
RtP *rt_processor_take_idle(void);              /* NULL: none. Sched lock held */
void rt_processor_put_idle(RtP *p);             /* sched lock held */
void rt_processor_acquire(RtM *m, RtP *p);      /* an idle one that was taken; any stack */
RtP *rt_processor_release(RtM *m);              /* leaves it PS_IDLE, in no list */
void rt_processor_hand_off(RtP *p);             /* p lost its thread: another takes it if there is work, or it idles */
void rt_processor_demand(RtM *m);               /* blocks until m, amid running a goroutine, has one again */
bool rt_processor_cede(RtM *m);                 /* gives m's to a thread that demands one, if there is any */
RtM *rt_thread_take_idle(void);                 /* NULL: none. Sched lock held */
void rt_thread_start_on(RtP *p, bool spinning, RtP *woken_by); /* some thread goes on with p */
void rt_thread_idle(RtM *m);                    /* sleeps until it is given a processor */
/* A thread without processor waits for timers and files; goroutines whose file is ready go to *ready. False: there is
 * nothing to wait for, or another thread does. */
bool rt_thread_sleep(RtQueue *ready);
void rt_check_deadlock(void);                   /* sched lock held */

/* ---- thread.c ---- */
_Noreturn void rt_thread_run(RtM *m);           /* runs goroutines; the present stack is the system stack */
enum { RT_SYSTEM_STACK = 256 << 10 };           /* bytes; those not used cost nothing */
RtM *rt_thread_record(void);                    /* for a thread that does not run yet */
RtM *rt_thread_for_goroutines(void);            /* one that does rt_thread_run, and counts */
void rt_thread_create(RtM *m);                  /* it does m->job, and then m->run */
int64_t rt_thread_limit_set(int64_t n);         /* more threads than that are fatal; returns the limit before */
RtM *rt_thread_adopt(void);                     /* makes the calling thread the first; it has no goroutine yet */
void rt_goroutine_unlock_thread(RtM *m, RtGoroutine *g); /* g, on m, ends */

/* ---- allthreads.c ---- */
void rt_all_threads_signal(RtM *m);             /* in a handler on thread m: makes the call that all are to make, if any */

/* ---- goroutine.c ---- */
void rt_goroutine_start(RtP *p, RtGoroutine *g, GoClosure *fn); /* an idle or ended one; next on p */
RtGoroutine *rt_goroutine_end(RtGoroutine *g, void *unused); /* RtSwitch, for one that never goes on */
void rt_goroutine_register(RtGoroutine *g);     /* into the list of all */

/* ---- world.c ---- */
RtM *rt_sched_start(void);                      /* at the start of the program; returns the first thread */
void rt_processor_stopped(RtP *p);              /* sched lock held */
void rt_stop_here(RtM *m);                      /* m's processor stops, if the world does */
bool rt_run_job(RtM *m);                        /* if there is one */

/* ---- preempt.c ---- */
void rt_preempt_start(void);                    /* the handler of the signal that asks */
void rt_preempt_processor(RtP *p);              /* asks what runs on p to give it up; once, without waiting */

/* ---- traces.c ---- */
void rt_note_waits(int64_t now);                /* goroutines that wait and have not been seen waiting wait since now */

/* ---- monitor.c ---- */
void rt_monitor_start(void);                    /* unless it runs already */
void rt_sched_trace_start(void);                /* if GOOTRACE asks for it */

/* ---- switch_*.S ---- */

/* What rt_switch leaves on the stack of a goroutine, from its sp on. first: the register that a new goroutine finds
 * its closure in. */
#if defined(__x86_64__)
typedef struct RtContext { uintptr_t r15, r14, r13, r12, first, fp, pc; } RtContext;
#elif defined(__aarch64__)
typedef struct RtContext { uintptr_t fp, pc, first, x20_28[9], d8_15[8]; } RtContext;
#endif

typedef RtGoroutine *RtSwitch(RtGoroutine *g, void *arg);
/* Saves the running goroutine on its stack and calls fn(g, arg) on the thread's system stack; fn returns the
 * goroutine to go on with. Returns when some thread goes on with this one. */
void rt_switch(RtSwitch *fn, void *arg);
/* Goes on with g on the calling thread, from its system stack. The stack from here on is the system stack anew. */
_Noreturn void rt_switch_to(RtGoroutine *g);
/* Where a new goroutine begins: calls the closure in its first callee-saved register, then ends. */
void rt_goroutine_begin(void);

#endif
