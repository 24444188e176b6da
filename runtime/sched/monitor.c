/* monitor.c: a thread without a processor that looks after the others, at intervals from 20 us to 10 ms, longer the
 * longer there is nothing to do; when all processors are idle it sleeps until one is not:
 *   - a goroutine that runs for more than 10 ms is preempted;
 *   - the processor of a system call that takes longer than one interval goes to another thread, if there is work;
 *   - files that are ready are looked for, if no thread has the time to;
 *   - timers that are overdue, and goroutines that are ready on a processor which goes on with another one, get a
 *     thread if a processor is idle.
 *   - goroutines that wait get the time from which traces count.
 * It starts with the first goroutine or timer, and prints what GOOTRACE=sched asks for. */
#include "runtime/sched/netpoll.h"
#include <stdlib.h>

enum {
    SHORTEST_NS = 20 * 1000,
    HELPING_NS = 1000 * 1000,     /* longest while it looks after ready goroutines that nobody was woken for */
    LONGEST_NS = 10 * 1000 * 1000,
    IDLE_ROUNDS = 50,             /* rounds without anything to do before the interval grows */
    SLICE_NS = 10 * 1000 * 1000,
    NOTE_WAITS_S = 10,
};

/* What the monitor saw of a processor, and since when. Owner: the monitor. */
typedef struct Seen {
    uint32_t slices, syscalls, switches;
    int64_t slice_since, syscall_since;
} Seen;

static Seen seen_of[RT_MAX_PROCESSORS];

static void note_slice(RtP *p, Seen *s, int64_t now) {
    uint32_t slices = __atomic_load_n(&p->slices, __ATOMIC_RELAXED);
    if (slices == s->slices) return;
    s->slices = slices;
    s->slice_since = now;
}

static bool end_slice(RtP *p, Seen *s, int64_t now) {
    note_slice(p, s, now);
    if (now - s->slice_since < SLICE_NS) return false;
    rt_preempt_processor(p);
    return true;
}

/* While n > 0 the monitor counts as n threads that are not idle. Between leaving its thread without the processor and
 * handing that on, all others may go to sleep, and that would pass for a deadlock. */
static void count_as_running(int n) {
    rt_mutex_lock(&rt_sched.lock);
    rt_sched.idle_threads -= n;
    if (n < 0) rt_check_deadlock();
    rt_mutex_unlock(&rt_sched.lock);
}

/* Taken from a thread in a system call. Changing the status acquires the processor's fields, which the thread released
 * with it. */
static bool take_from_syscall(RtP *p, Seen *s, int64_t now) {
    uint32_t syscalls = __atomic_load_n(&p->syscalls, __ATOMIC_RELAXED), status = PS_SYSCALL;
    if (syscalls != s->syscalls || s->syscall_since == 0) {
        s->syscalls = syscalls;
        s->syscall_since = now;
        return false;
    }
    bool needed = !rt_runq_empty(p) || __atomic_load_n(&rt_sched.global.count, __ATOMIC_RELAXED) > 0 ||
                  __atomic_load_n(&rt_sched.idle_processors, __ATOMIC_RELAXED) + __atomic_load_n(&rt_sched.spinning, __ATOMIC_RELAXED) == 0;
    if (!needed && now - s->syscall_since < SLICE_NS) return false;
    count_as_running(1);
    bool taken = __atomic_compare_exchange_n(&p->status, &status, PS_IDLE, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    if (taken) {
        p->m = NULL;
        s->syscall_since = 0;
        rt_processor_hand_off(p);
    }
    count_as_running(-1);
    return taken;
}

/* p runs the same goroutine as last time while others are ready, and nobody was woken for them (rt_wake_for). Without an
 * idle processor there is no help: then this is no reason to look again soon. */
static bool help_queue(RtP *p, Seen *s) {
    uint32_t switches = __atomic_load_n(&p->switches, __ATOMIC_RELAXED);
    bool stuck = switches == s->switches && !rt_runq_empty(p);
    s->switches = switches;
    return stuck && rt_wake_for(p, false);
}

static bool help_timers(int64_t now) {
    bool helped = false;
    for (int i = 0; i < rt_gomaxprocs(); i++) {
        RtP *p = rt_sched.all_p[i];
        int64_t when = rt_timers_next(p);
        if (!when || when + SHORTEST_NS > now) continue;
        helped |= rt_wake_for(p, false);
    }
    return helped;
}

/* All threads are busy: nobody waits for files. */
static void help_files(int64_t now) {
    static int64_t last;
    RtQueue ready = {0};
    if (now - last < SLICE_NS || !rt_poll_wanted() || __atomic_load_n(&rt_sched.sleep_until, __ATOMIC_RELAXED)) return;
    last = now;
    rt_poll(0, &ready);
    rt_ready_list(&ready);
}

/* One look at everything. Whether there was something to do. */
static bool look(int64_t now) {
    bool busy = help_timers(now);
    help_files(now);
    for (int i = 0; i < rt_gomaxprocs(); i++) {
        RtP *p = rt_sched.all_p[i];
        uint32_t status = __atomic_load_n(&p->status, __ATOMIC_ACQUIRE);
        if (status == PS_RUNNING) {
            busy |= help_queue(p, &seen_of[i]);
            busy |= end_slice(p, &seen_of[i], now);
        } else if (status == PS_SYSCALL) {
            busy |= take_from_syscall(p, &seen_of[i], now);
        }
    }
    return busy;
}

/* ---- GOOTRACE=sched: a line every second; sched=N: every N milliseconds ---- */

static int64_t trace_every; /* ns; 0: no trace */

void rt_sched_trace_start(void) {
    const char *list = getenv("GOOTRACE"), *word = rt_env_word(list, "sched");
    if (!word) return;
    int64_t ms = rt_env_value(list, "sched");
    trace_every = (ms > 0 && ms < INT32_MAX ? ms : 1000) * 1000000;
    rt_monitor_start();
}

static void print_count(const char *name, int64_t n) {
    rt_print_cstr(name);
    rt_print_int(n);
}

/* sched 1000 ms: goroutines 5, threads 4 (2 idle, 1 spinning), processors 2 (1 idle), ready 0 global + 3 0,
 * switches 1234. The counters are read while they change. */
static void print_trace(int64_t ms) {
    static uint32_t before[RT_MAX_PROCESSORS];
    uint32_t switches = 0;
    rt_mutex_lock(&rt_sched.lock);
    int threads = rt_sched.threads, idle_threads = rt_sched.idle_threads;
    uint32_t idle = rt_sched.idle_processors;
    int64_t ready = rt_sched.global.count;
    rt_mutex_unlock(&rt_sched.lock);
    rt_print_lock();
    print_count("sched ", ms);
    print_count(" ms: goroutines ", rt_goroutine_count());
    print_count(", threads ", threads);
    print_count(" (", idle_threads);
    print_count(" idle, ", __atomic_load_n(&rt_sched.spinning, __ATOMIC_RELAXED));
    print_count(" spinning), processors ", rt_gomaxprocs());
    print_count(" (", idle);
    print_count(" idle), ready ", ready);
    rt_print_cstr(" global +");
    for (int i = 0; i < rt_gomaxprocs(); i++) {
        RtP *p = rt_sched.all_p[i];
        uint32_t now = __atomic_load_n(&p->switches, __ATOMIC_RELAXED);
        bool next = __atomic_load_n(&p->next, __ATOMIC_RELAXED) != NULL;
        print_count(" ", (int64_t)(__atomic_load_n(&p->tail, __ATOMIC_RELAXED) - __atomic_load_n(&p->head, __ATOMIC_RELAXED)) + next);
        switches += now - before[i];
        before[i] = now;
    }
    print_count(", switches ", switches);
    rt_print_nl();
    rt_print_unlock();
}

static void trace(int64_t now) {
    static int64_t start, last;
    if (!start) start = last = now;
    if (!trace_every || now - last < trace_every) return;
    last = now;
    print_trace((now - start) / 1000000);
}

/* ---- the thread ---- */

/* Sleeps until a processor is taken into use, if all are idle; or until more of the heap may go back to the system. */
static void sleep_with_all(void) {
    rt_mutex_lock(&rt_sched.lock);
    bool all_idle = rt_sched.idle_processors == (uint32_t)rt_gomaxprocs();
    if (all_idle) {
        rt_note_clear(&rt_sched.monitor);
        rt_sched.monitor_sleeps = true;
    }
    rt_mutex_unlock(&rt_sched.lock);
    if (!all_idle) return;
    int64_t now = rt_nanotime();
    rt_note_waits(now);
    bool spare = rt_gc_give_back(now);
    rt_note_wait(&rt_sched.monitor, trace_every ? trace_every : spare ? RT_GIVE_BACK_NS : -1);
}

static bool is_anyone_patient(void) {
    for (int i = 0; i < rt_gomaxprocs(); i++)
        if (__atomic_load_n(&rt_sched.all_p[i]->wake_backoff, __ATOMIC_RELAXED) > 0) return true;
    return false;
}

static _Noreturn void monitor(RtM *m) {
    int64_t interval = SHORTEST_NS, noted = rt_nanotime();
    uint32_t never = 0;
    for (int rounds = 0;; rounds++) {
        rt_futex_wait(&never, 0, interval);
        if (rounds > IDLE_ROUNDS) {
            interval *= 2;
            int64_t longest = is_anyone_patient() ? HELPING_NS : LONGEST_NS;
            if (interval > longest) interval = longest;
            if (interval == LONGEST_NS) sleep_with_all();
        }
        int64_t now = rt_nanotime();
        if (now - noted > NOTE_WAITS_S * INT64_C(1000000000)) rt_note_waits(noted = now);
        trace(now);
        if (look(now)) {
            rounds = 0;
            interval = SHORTEST_NS;
        }
        rt_check(!m->p);
    }
}

void rt_monitor_start(void) {
    static bool started; /* atomic */
    if (__atomic_load_n(&started, __ATOMIC_RELAXED) || __atomic_exchange_n(&started, true, __ATOMIC_RELAXED)) return;
    RtM *m = rt_thread_record();
    m->run = monitor;
    rt_thread_create(m);
}
