/* syscall.c: packages syscall, os, internal/runtime/syscall and internal/syscall/unix: system calls, processes. */
#include "runtime/caps/calls.h"
#include "runtime/hooks/hooks.h"
#include "runtime/sched/sigqueue.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- raw system calls ---- */

typedef struct TwoWords { uintptr_t a, b; } TwoWords;
typedef struct ThreeWords { uintptr_t a, b, c; } ThreeWords;

#if defined(__x86_64__)
static inline TwoWords kernel(uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t a3, uintptr_t a4, uintptr_t a5, uintptr_t a6) {
    register uintptr_t r10 __asm__("r10") = a4, r8 __asm__("r8") = a5, r9 __asm__("r9") = a6;
    uintptr_t rax = num, rdx = a3;
    __asm__ volatile("syscall" : "+a"(rax), "+d"(rdx) : "D"(a1), "S"(a2), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return (TwoWords){rax, rdx};
}
#elif defined(__aarch64__)
static inline TwoWords kernel(uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t a3, uintptr_t a4, uintptr_t a5, uintptr_t a6) {
    register uintptr_t x8 __asm__("x8") = num, x0 __asm__("x0") = a1, x1 __asm__("x1") = a2, x2 __asm__("x2") = a3;
    register uintptr_t x3 __asm__("x3") = a4, x4 __asm__("x4") = a5, x5 __asm__("x5") = a6;
    __asm__ volatile("svc 0" : "+r"(x0), "+r"(x1) : "r"(x8), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (TwoWords){x0, x1};
}
#endif

/* The kernel returns small negative numbers for errors. */
static bool is_error(uintptr_t r) { return r > (uintptr_t)-4096; }

static ThreeWords three_words(TwoWords r) {
    return is_error(r.a) ? (ThreeWords){(uintptr_t)-1, 0, -r.a} : (ThreeWords){r.a, r.b, 0};
}

HOOK("internal/runtime/syscall.Syscall6", ThreeWords, syscall_6,
     (uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t a3, uintptr_t a4, uintptr_t a5, uintptr_t a6)) {
    TwoWords r;
    if (RT_UNLIKELY(rt_g->lacks != 0)) r = (TwoWords){(uintptr_t)rt_caps_syscall(num, (uintptr_t[6]){a1, a2, a3, a4, a5, a6}), 0};
    else r = kernel(num, a1, a2, a3, a4, a5, a6);
    return three_words(r);
}

HOOK("syscall.rawSyscallNoError", TwoWords, syscall_no_error, (uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t a3)) {
    if (RT_UNLIKELY(rt_g->lacks != 0)) return (TwoWords){(uintptr_t)rt_caps_syscall(num, (uintptr_t[6]){a1, a2, a3}), 0};
    return kernel(num, a1, a2, a3, 0, 0, 0);
}

/* A call on all threads. */
typedef struct AllCall {
    uintptr_t num, a[6];
    TwoWords result;   /* of the first one */
    bool begun, differ; /* differ: atomic: another thread has another result */
} AllCall;

static bool call_here(void *arg) {
    AllCall *c = arg;
    TwoWords r = kernel(c->num, c->a[0], c->a[1], c->a[2], c->a[3], c->a[4], c->a[5]);
    if (!c->begun) {
        c->begun = true;
        c->result = r;
    } else if (r.a != c->result.a || (!is_error(r.a) && r.b != c->result.b)) {
        __atomic_store_n(&c->differ, true, __ATOMIC_RELAXED);
    }
    return !is_error(r.a);
}

HOOK("syscall.runtime_doAllThreadsSyscall", ThreeWords, syscall_all_threads,
     (uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t a3, uintptr_t a4, uintptr_t a5, uintptr_t a6)) {
    AllCall c = {.num = num, .a = {a1, a2, a3, a4, a5, a6}};
    if (RT_UNLIKELY(rt_g->lacks != 0) && !rt_caps_all_threads(num)) return (ThreeWords){(uintptr_t)-1, 0, EPERM};
    rt_on_all_threads(call_here, &c);
    if (c.differ) rt_fatal(RT_STR("AllThreadsSyscall6 results differ between threads; runtime corrupted"));
    return three_words(c.result);
}

/* The caller asks for a child that shares its memory and runs while it waits. Go's compiler makes sure that such a
 * child does not overwrite what the parent's frame still needs; GCC does not, so the child gets memory of its own. */
/* What the child does is checked when it does it (caps/calls.c), what makes it another kind of child is here. */
static bool may_clone(uint64_t flags) {
    enum { PLAIN = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | 0xff };
    if (!(rt_g->lacks & rt_cap_bit(RT_CAP_SYSTEM))) return true;
    return !(flags & ~(uint64_t)PLAIN) && rt_call_by_library(__builtin_frame_address(0));
}

static TwoWords fork_result(TwoWords r) {
    if (r.a == 0) rt_forked = true;
    return is_error(r.a) ? (TwoWords){(uintptr_t)-1, -r.a} : (TwoWords){r.a, 0};
}

HOOK("syscall.rawVforkSyscall", TwoWords, syscall_vfork, (uintptr_t num, uintptr_t a1, uintptr_t a2, uintptr_t pidfd)) {
    enum { SHARING = CLONE_VM | CLONE_VFORK };
    TwoWords wrong = {(uintptr_t)-1, EPERM};
    if (num == SYS_clone) return may_clone(a1) ? fork_result(kernel(num, a1 & ~(uintptr_t)SHARING, a2, pidfd, 0, 0, 0)) : wrong;
    uint64_t copy[32]; /* of clone3's struct, which begins with the flags */
    if (num != SYS_clone3 || a2 < sizeof *copy || a2 > sizeof copy) return wrong;
    memcpy(copy, (const void *)a1, a2);
    if (!may_clone(copy[0])) return wrong;
    copy[0] &= ~(uint64_t)SHARING;
    return fork_result(kernel(num, (uintptr_t)copy, a2, pidfd, 0, 0, 0));
}

HOOK("syscall.gettimeofday", uintptr_t, syscall_gettimeofday, (struct timeval *tv)) {
    return gettimeofday(tv, NULL) == 0 ? 0 : (uintptr_t)errno;
}

typedef struct Int32Pair { int32_t a, b; } Int32Pair;
HOOK("runtime.fcntl", Int32Pair, runtime_fcntl, (int32_t fd, int32_t cmd, int32_t arg)) {
    uintptr_t a[6] = {(uintptr_t)fd, (uintptr_t)cmd, (uintptr_t)arg};
    int32_t r = (int32_t)(RT_UNLIKELY(rt_g->lacks != 0) ? (uintptr_t)rt_caps_syscall(SYS_fcntl, a) : kernel(SYS_fcntl, a[0], a[1], a[2], 0, 0, 0).a);
    return r < 0 ? (Int32Pair){-1, -r} : (Int32Pair){r, 0};
}

HOOK("runtime.write", int32_t, runtime_write, (uintptr_t fd, const void *p, int32_t n)) {
    ssize_t r = write((int)fd, p, (size_t)n);
    return r < 0 ? -errno : (int32_t)r;
}

HOOK("syscall.Exit", void, syscall_exit, (int64_t code)) { rt_sys_exit((int)code); }
HOOK("syscall.Getpagesize", int64_t, syscall_page_size, (void)) { return sysconf(_SC_PAGESIZE); }

/* ---- processes ---- */

/* Between fork and exec no signal may reach a handler: it would run in the child with the parent's state. The mask
 * before the fork is kept here; package syscall holds a lock meanwhile. */
static sigset_t mask_before_fork;

HOOK("syscall.runtime_BeforeFork", void, syscall_before_fork, (void)) {
    rt_preempt_off();
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask_before_fork);
}

HOOK("syscall.runtime_AfterFork", void, syscall_after_fork, (void)) {
    sigprocmask(SIG_SETMASK, &mask_before_fork, NULL);
    rt_preempt_on();
}

HOOK("syscall.runtime_AfterForkInChild", void, syscall_after_fork_in_child, (void)) {
    for (int sig = 1; sig < _NSIG; sig++) {
        struct sigaction sa;
        if (sigaction(sig, NULL, &sa) == 0 && sa.sa_handler != SIG_IGN && sa.sa_handler != SIG_DFL) signal(sig, SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, &mask_before_fork, NULL);
}

/* exec replaces all threads at once. */
HOOK("syscall.runtime_BeforeExec", void, syscall_before_exec, (void)) {}
HOOK("syscall.runtime_AfterExec", void, syscall_after_exec, (void)) {}

/* ---- os ---- */

HOOK("os.runtime_beforeExit", void, os_before_exit, (int64_t code)) {
    (void)code;
    rt_report_lost();
}

/* A broken pipe on standard output or standard error ends the program as the signal would, unless it asked to be told. */
HOOK("os.sigpipe", void, os_sigpipe, (void)) {
    if (rt_signal_ignored(SIGPIPE) || rt_signal_post(SIGPIPE)) return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

/* Around a system call that a sandbox may answer with SIGSYS. */
HOOK("os.ignoreSIGSYS", void, os_ignore_sigsys, (void)) { signal(SIGSYS, SIG_IGN); }
HOOK("os.restoreSIGSYS", void, os_restore_sigsys, (void)) { signal(SIGSYS, SIG_DFL); }
