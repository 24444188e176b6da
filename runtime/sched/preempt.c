/* preempt.c: making goroutines give up their processors.
 *
 * Who wants a processor back marks it (RtP.preempt) and sends SIGURG to its thread: no program uses that signal, and
 * debuggers pass it on. When it interrupts compiled code, the handler makes the goroutine call rt_preempt_entry, as if
 * by an instruction of its own: that saves all registers and yields. Everywhere else the goroutine is in the middle of
 * something of the runtime's: then the stack limit is poisoned, so that the next function entered by compiled code
 * finds no room, and __morestack yields. Both need an unlocked thread (RtM.locks).
 *
 * A request can get lost: when the goroutine parks just then, and when the thread is on its system stack. Whoever
 * still wants the processor asks again. */
#define _GNU_SOURCE /* names of registers */
#include "runtime/sched/sigqueue.h"
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* ---- asking ---- */

void rt_preempt_processor(RtP *p) {
    if (__atomic_load_n(&p->status, __ATOMIC_ACQUIRE) != PS_RUNNING) return;
    __atomic_store_n(&p->preempt, true, __ATOMIC_RELAXED);
    /* p may have changed hands meanwhile: then the signal is one too many. Thread records are never freed. */
    RtM *m = __atomic_load_n(&p->m, __ATOMIC_RELAXED);
    if (!m || m == rt_m()) return;
    uint32_t none = 0; /* one signal that has not arrived does for all requests: the handler looks for them after clearing */
    if (!__atomic_compare_exchange_n(&m->asked, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return;
    if (syscall(SYS_tgkill, getpid(), m->tid, SIGURG) != 0) __atomic_store_n(&m->asked, 0, __ATOMIC_RELAXED); /* it ended */
}

/* ---- giving up ---- */

static RtGoroutine *give_up(RtGoroutine *g, void *unused) {
    (void)unused;
    return rt_schedule_after(rt_m(), g);
}

/* What rt_preempt_entry passes to rt_switch. */
RtSwitch *const rt_preempt_switch = give_up;

void rt_preempt_park(void) {
    if (rt_m()->locks == 0 && rt_p()) rt_switch(give_up, NULL);
}

/* ---- the signal ---- */

/* switch_*.S: what an interrupted goroutine calls. */
void rt_preempt_entry(void);

/* Bytes below the stack pointer of compiled code: used without moving it; what rt_preempt_entry and rt_switch need. */
enum { RED_ZONE = 128, PREEMPT_ROOM = 640 };

#if defined(__x86_64__)
static uintptr_t interrupted_pc(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP]; }
static uintptr_t interrupted_sp(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.gregs[REG_RSP]; }

/* As if the next instruction were a call. */
static void inject_call(ucontext_t *uc) {
    uintptr_t *sp = (uintptr_t *)(interrupted_sp(uc) - RED_ZONE);
    *--sp = interrupted_pc(uc);
    uc->uc_mcontext.gregs[REG_RSP] = (greg_t)sp;
    uc->uc_mcontext.gregs[REG_RIP] = (greg_t)rt_preempt_entry;
}
#elif defined(__aarch64__)
static uintptr_t interrupted_pc(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.pc; }
static uintptr_t interrupted_sp(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.sp; }

/* The frame that a called function would make, and the link register above it. */
static void inject_call(ucontext_t *uc) {
    uintptr_t *sp = (uintptr_t *)interrupted_sp(uc) - 4;
    sp[0] = (uintptr_t)uc->uc_mcontext.regs[29];
    sp[1] = interrupted_pc(uc);
    sp[2] = (uintptr_t)uc->uc_mcontext.regs[30];
    uc->uc_mcontext.sp = (uintptr_t)sp;
    uc->uc_mcontext.pc = (uintptr_t)rt_preempt_entry;
}
#endif

static bool is_compiled_code(uintptr_t pc) {
    const RtFunc *f = rt_func_find(pc);
    return f && !(f->flags & RF_RUNTIME);
}

/* Whether the goroutine that was interrupted is to find its stack limit poisoned. */
static __attribute__((noinline)) bool handle_request(ucontext_t *uc) {
    RtM *m = rt_m();
    if (!m->p || !(__atomic_load_n(&m->p->preempt, __ATOMIC_RELAXED) || __atomic_load_n(&rt_sched.stopping, __ATOMIC_RELAXED)))
        return false;
    uintptr_t sp = interrupted_sp(uc);
    const RtSegment *s = rt_stack_find(m->g, (void *)sp);
    if (m->locks == 0 && s && sp - (uintptr_t)s->lo > PREEMPT_ROOM && is_compiled_code(interrupted_pc(uc))) {
        inject_call(uc);
        return false;
    }
    __atomic_store_n(&m->g->preempt, true, __ATOMIC_RELAXED);
    return true;
}

/* A thread on a system stack is not asked: there its limit is 0. (Without limits, on AArch64, all are asked.) */
static RT_NO_SPLIT void on_request(int sig, siginfo_t *info, void *context) {
    (void)info;
    RtM *m = rt_m();
    if (m) __atomic_store_n(&m->asked, 0, __ATOMIC_SEQ_CST);
    uintptr_t limit = rt_stack_limit_get();
    rt_stack_limit_set(0);
    if (m) rt_all_threads_signal(m);
    rt_signal_post(sig); /* the program may want to be told of it */
    if (m && !m->on_system && m->g && m->g->segment && handle_request(context)) limit = RT_STACK_POISON;
    rt_stack_limit_set(limit);
}

void rt_preempt_start(void) {
    struct sigaction sa = {.sa_sigaction = on_request, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    sigfillset(&sa.sa_mask);
    sigaction(SIGURG, &sa, NULL);
}
