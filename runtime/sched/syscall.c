/* syscall.c: system calls that may block. The thread leaves its processor as PS_SYSCALL; whoever changes that status
 * has it: the thread itself when it comes back soon, the monitor or a stop of the world otherwise. */
#include "runtime/sched/proc.h"

void rt_syscall_begin(void);

/* The rest of rt_enter_syscall, which saved the registers (switch_*.S). */
void rt_syscall_begin(void) {
    RtM *m = rt_m();
    RtP *p = m->p;
    rt_check(m->locks == 0);
    m->syscall_p = p;
    m->p = NULL;
    __atomic_store_n(&m->g->status, GS_SYSCALL, __ATOMIC_RELAXED);
    /* Releases the processor's fields and the goroutine's saved registers to whoever takes it. */
    __atomic_store_n(&p->status, PS_SYSCALL, __ATOMIC_RELEASE);
}

/* The processor is gone: another one, or the goroutine queues up and the thread sleeps. */
static RtGoroutine *resume_elsewhere(RtGoroutine *g, void *unused) {
    (void)unused;
    RtM *m = rt_m();
    rt_mutex_lock(&rt_sched.lock);
    RtP *p = rt_is_stopping() ? NULL : rt_processor_take_idle();
    if (!p) {
        /* Releases the new g->sp to a collector that is scanning. */
        __atomic_store_n(&g->status, GS_RUNNABLE, __ATOMIC_RELEASE);
        rt_queue_add(&rt_sched.global, g);
    }
    rt_mutex_unlock(&rt_sched.lock);
    if (!p) return rt_schedule(m);
    rt_processor_acquire(m, p);
    __atomic_store_n(&g->status, GS_RUNNING, __ATOMIC_RELAXED);
    return g;
}

void rt_exit_syscall(void) {
    RtM *m = rt_m();
    RtP *p = m->syscall_p;
    uint32_t status = PS_SYSCALL;
    m->syscall_p = NULL;
    /* Acquires what those did with the processor who had it meanwhile. */
    if (RT_LIKELY(__atomic_compare_exchange_n(&p->status, &status, PS_RUNNING, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))) {
        m->p = p;
        p->m = m;
        __atomic_store_n(&p->syscalls, p->syscalls + 1, __ATOMIC_RELAXED);
        __atomic_store_n(&m->g->status, GS_RUNNING, __ATOMIC_RELAXED);
        return;
    }
    rt_switch(resume_elsewhere, NULL);
}
