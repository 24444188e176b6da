/* signal.c: faults. Checks in compiled code raise panics by calls; a fault that arrives as a signal is either the end
 * of a stack or a bug (of unsafe code, of the compiler), and ends the program with a report.
 *
 * Handlers run on an alternate stack: at the end of a stack there is no room for one. */
#define _GNU_SOURCE /* names of registers */
#include "runtime/rt.h"
#include <signal.h>
#include <ucontext.h>

enum { ALTERNATE_STACK = 64 << 10 };

/* Where the interrupted code stood. */
static RtWalk interrupted(const ucontext_t *uc, uintptr_t *sp) {
    RtGoroutine *g = rt_goroutine();
    RtWalk w = {.exact = true, .hi = UINTPTR_MAX};
#if defined(__x86_64__)
    w.pc = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
    w.fp = (uintptr_t)uc->uc_mcontext.gregs[REG_RBP];
    *sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    w.pc = (uintptr_t)uc->uc_mcontext.pc;
    w.fp = (uintptr_t)uc->uc_mcontext.regs[29];
    *sp = (uintptr_t)uc->uc_mcontext.sp;
#endif
    if (g && g->stack.hi) {
        w.lo = (uintptr_t)g->stack.lo;
        w.hi = (uintptr_t)g->stack.hi;
    }
    return w;
}

static _Noreturn void stack_overflow(const RtStack *s, uintptr_t sp, RtWalk where) {
    rt_print_lock();
    rt_print_cstr("runtime: goroutine stack exceeds ");
    rt_print_uint(rt_stack_max);
    rt_print_cstr("-byte limit\nruntime: sp=");
    rt_print_hex(sp);
    rt_print_cstr(" stack=[");
    rt_print_pointer(s->lo);
    rt_print_cstr(", ");
    rt_print_pointer(s->hi);
    rt_print_cstr("]\n");
    rt_fatal_at(RT_STR("stack overflow"), where);
}

static const char *signal_name(int sig) {
    switch (sig) {
    case SIGSEGV: return "SIGSEGV: segmentation violation";
    case SIGBUS: return "SIGBUS: bus error";
    case SIGFPE: return "SIGFPE: floating-point exception";
    default: return "SIGILL: illegal instruction";
    }
}

static _Noreturn void unexpected_fault(int sig, const siginfo_t *info, RtWalk where) {
    rt_print_lock();
    if (sig == SIGSEGV || sig == SIGBUS) {
        rt_print_cstr("unexpected fault address ");
        rt_print_pointer(info->si_addr);
        rt_print_nl();
    }
    rt_print_cstr("fatal error: fault\n[signal ");
    rt_print_cstr(signal_name(sig));
    rt_print_cstr(" code=");
    rt_print_hex((uint64_t)(int64_t)info->si_code);
    rt_print_cstr(" addr=");
    rt_print_pointer(info->si_addr);
    rt_print_cstr(" pc=");
    rt_print_hex(where.pc);
    rt_print_cstr("]\n");
    rt_report_fatal(where);
}

static void on_fault(int sig, siginfo_t *info, void *context) {
    uintptr_t sp = 0;
    RtWalk where = interrupted(context, &sp);
    RtGoroutine *g = rt_goroutine();
    uint8_t *at = info->si_addr;
    if (sig == SIGSEGV && g && g->stack.hi && at >= g->stack.guard && at < g->stack.lo) stack_overflow(&g->stack, sp, where);
    unexpected_fault(sig, info, where);
}

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

void rt_signal_start(void) {
    static uint8_t alternate[ALTERNATE_STACK] __attribute__((aligned(16)));
    stack_t ss = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&ss, NULL);
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    for (int i = 0; i < RT_COUNT(fault_signals); i++) sigaction(fault_signals[i], &sa, NULL);
}
