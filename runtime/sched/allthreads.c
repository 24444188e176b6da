/* allthreads.c: a function called on every thread of the process, for system calls that change what the kernel keeps
 * for each thread, as its user or its privileges, though programs take it for the process's.
 *
 * With the world stopped, threads other than the caller are in system calls, asleep, or on their way there. Each gets the
 * signal that also asks for preemption, whose handler makes the call (preempt.c). No thread is started meanwhile; one
 * that is started later has from the thread that starts it what that was given now. */
#define _GNU_SOURCE /* names of system calls */
#include "runtime/sched/proc.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The call under way, of whoever stopped the world. Handlers see it behind RtM.all_call. */
static struct {
    RtAllThreadsFn *fn;
    void *arg;
    uint32_t left; /* atomic: threads that have not made it yet */
} call;

void rt_all_threads_signal(RtM *m) {
    if (!__atomic_exchange_n(&m->all_call, false, __ATOMIC_ACQUIRE)) return;
    int saved = errno;
    call.fn(call.arg);
    /* Releases what fn wrote. */
    if (__atomic_sub_fetch(&call.left, 1, __ATOMIC_RELEASE) == 0) rt_futex_wake(&call.left, 1);
    errno = saved;
}

static RtM *first_thread(void) { return __atomic_load_n(&rt_sched.all_m, __ATOMIC_ACQUIRE); }

static void ask(RtM *m) {
    int tid;
    while (!(tid = __atomic_load_n(&m->tid, __ATOMIC_RELAXED))) sched_yield(); /* it has been started: it will say so */
    __atomic_store_n(&m->all_call, true, __ATOMIC_RELEASE);
    rt_check(syscall(SYS_tgkill, getpid(), tid, SIGURG) == 0);
}

static void call_others(const RtM *me) {
    uint32_t left = 0;
    for (RtM *m = first_thread(); m; m = m->all_link) left += m != me && m->started;
    __atomic_store_n(&call.left, left, __ATOMIC_RELAXED);
    for (RtM *m = first_thread(); m; m = m->all_link)
        if (m != me && m->started) ask(m);
    while ((left = __atomic_load_n(&call.left, __ATOMIC_ACQUIRE)) > 0) rt_futex_wait(&call.left, left, -1);
}

typedef struct Wish { RtAllThreadsFn *fn; void *arg; } Wish;

static void call_all(void *arg) {
    const Wish *wish = arg;
    rt_stop_world("system call");
    rt_mutex_lock(&rt_sched.starting);
    call.fn = wish->fn;
    call.arg = wish->arg;
    if (call.fn(call.arg)) call_others(rt_m());
    rt_mutex_unlock(&rt_sched.starting);
    rt_start_world();
}

void rt_on_all_threads(RtAllThreadsFn *fn, void *arg) {
    rt_system_stack(call_all, &(Wish){fn, arg});
}
