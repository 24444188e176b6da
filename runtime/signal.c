/* signal.c: faults. Checks in compiled code raise panics by calls. A fault that arrives as a signal is an access to
 * released memory or one that a goroutine asked to have as a panic (fault.c), the end of a stack, or a bug (of unsafe
 * code, of the compiler), which ends the program with a report.
 *
 * Handlers run on an alternate stack: at the end of a stack there is no room for one. */
#define _GNU_SOURCE /* names of registers */
#include "runtime/mem/arena.h"
#include <signal.h>
#include <ucontext.h>

enum { ALTERNATE_STACK = 64 << 10 };

/* Where the interrupted code stood. */
static RtWalk interrupted(const ucontext_t *uc, uintptr_t *sp) {
#if defined(__x86_64__)
    *sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
    return rt_walk_at((uintptr_t)uc->uc_mcontext.gregs[REG_RIP], (uintptr_t)uc->uc_mcontext.gregs[REG_RBP], true);
#elif defined(__aarch64__)
    *sp = (uintptr_t)uc->uc_mcontext.sp;
    return rt_walk_at((uintptr_t)uc->uc_mcontext.pc, (uintptr_t)uc->uc_mcontext.regs[29], true);
#endif
}

const char *rt_signal_name(int sig) {
    switch (sig) {
    case SIGSEGV: return "SIGSEGV: segmentation violation";
    case SIGBUS: return "SIGBUS: bus error";
    case SIGFPE: return "SIGFPE: floating-point exception";
    default: return "SIGILL: illegal instruction";
    }
}

static _Noreturn void unexpected_fault(int sig, const siginfo_t *info, RtWalk where) {
    rt_report_begin();
    if (sig == SIGSEGV || sig == SIGBUS) {
        rt_print_cstr("unexpected fault address ");
        rt_print_pointer(info->si_addr);
        rt_print_nl();
    }
    rt_print_cstr("fatal error: fault\n");
    rt_print_fault(&(RtFault){sig, info->si_code, (uintptr_t)info->si_addr, where.pc});
    rt_report_fatal(where);
}

static __attribute__((noinline)) void handle_fault(int sig, const siginfo_t *info, const void *context) {
    uintptr_t sp = 0;
    RtWalk where = interrupted(context, &sp);
    RtGoroutine *g = rt_goroutine();
    if (sig == SIGSEGV && g && rt_stack_guards(g, info->si_addr)) rt_stack_overflow(g, where, sp);
    unexpected_fault(sig, info, where);
}

static RT_NO_SPLIT void on_fault(int sig, siginfo_t *info, void *context) {
    uintptr_t limit = rt_stack_limit_get();
    rt_stack_limit_set(0); /* of the goroutine's stack; this is another */
    if (rt_fault_panics(sig, info->si_code, info->si_addr, context)) rt_stack_limit_set(limit);
    else handle_fault(sig, info, context);
}

/* SIGQUIT: a user wants to know what the program is doing. */
static __attribute__((noinline)) void handle_quit(int sig, const siginfo_t *info, const void *context) {
    uintptr_t sp = 0;
    RtWalk where = interrupted(context, &sp);
    rt_report_begin();
    rt_print_cstr(sig == SIGQUIT ? "SIGQUIT: quit\nPC=" : "SIGABRT: abort\nPC=");
    rt_print_hex(where.pc);
    rt_print_cstr(" m=");
    rt_print_int(rt_m()->id);
    rt_print_cstr(" sigcode=");
    rt_print_int(info->si_code);
    rt_print_nl();
    rt_report_fatal(where);
}

static RT_NO_SPLIT void on_quit(int sig, siginfo_t *info, void *context) {
    rt_stack_limit_set(0);
    handle_quit(sig, info, context);
}

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

void rt_signal_thread(void) {
    uint8_t *alternate = rt_sys_map(ALTERNATE_STACK);
    rt_check(alternate);
    stack_t ss = {.ss_sp = alternate, .ss_size = ALTERNATE_STACK};
    sigaltstack(&ss, NULL);
}

void rt_signal_start(void) {
    rt_signal_thread();
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    for (int i = 0; i < RT_COUNT(fault_signals); i++) sigaction(fault_signals[i], &sa, NULL);
    sa.sa_sigaction = on_quit;
    sigaction(SIGQUIT, &sa, NULL);
    sigaction(SIGABRT, &sa, NULL);
}
