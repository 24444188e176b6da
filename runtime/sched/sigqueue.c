/* sigqueue.c: from signal handlers to package os/signal.
 *
 * A handler may do no more than set a bit and wake a thread: signals that are pending are bits, a second one of the
 * same number is merged with the first, as the kernel does. The goroutine that receives them sleeps in a system call,
 * so that a program which waits for signals is not deadlocked.
 *
 * Memory order: a bit is set before `posted` counts up and the receiver is woken; the receiver reads `posted`, then
 * looks at the bits, then sleeps only while `posted` has not changed. All is sequentially consistent. */
#include "runtime/caps/caps.h"
#include "runtime/sched/sigqueue.h"
#include <signal.h>

enum { WORDS = 2, LAST = 64 }; /* numbers 1 to 64 */

static struct {
    uint64_t wanted[WORDS], pending[WORDS], ignored[WORDS]; /* bit sig % 64 of word sig / 64; atomic */
    uint32_t posted;                        /* atomic: how many were posted, modulo 2^32 */
    bool receiving;                         /* atomic: the receiver has dealt with all it took */
    RtMutex lock;                           /* of what follows */
    struct sigaction first[LAST + 1];       /* what a signal did before it was enabled or ignored */
    bool changed[LAST + 1];
} queue;

static uint64_t bit_of(uint32_t sig) { return UINT64_C(1) << sig % 64; }

static bool has_bit(const uint64_t *bits, uint32_t sig) {
    return __atomic_load_n(&bits[sig / 64], __ATOMIC_SEQ_CST) & bit_of(sig);
}

static void set_bit(uint64_t *bits, uint32_t sig, bool on) {
    if (on) __atomic_fetch_or(&bits[sig / 64], bit_of(sig), __ATOMIC_SEQ_CST);
    else __atomic_fetch_and(&bits[sig / 64], ~bit_of(sig), __ATOMIC_SEQ_CST);
}

bool rt_signal_post(int sig) {
    if (!has_bit(queue.wanted, (uint32_t)sig)) return false;
    set_bit(queue.pending, (uint32_t)sig, true);
    __atomic_fetch_add(&queue.posted, 1, __ATOMIC_SEQ_CST);
    rt_futex_wake(&queue.posted, 1);
    return true;
}

/* Signals that would end the program and are dropped instead while nobody wants them, as package os/signal says. (Those of
 * real-time numbers do end it: thirty system calls at every start are too many.) A write to a broken pipe gives EPIPE. Not
 * by SIG_IGN, which programs that are executed would inherit. */
static const uint8_t dropped[] = {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGIO, SIGPWR, SIGXCPU, SIGXFSZ};

static bool is_dropped(int sig) {
    for (size_t i = 0; i < sizeof dropped; i++)
        if (dropped[i] == sig) return true;
    return false;
}

/* A signal that was wanted when the kernel chose the handler, and is not now: it does what it did before. */
static void act_unwanted(int sig) {
    bool ends = sig == SIGHUP || sig == SIGINT || sig == SIGTERM || sig > SIGSYS;
    if (!ends || has_bit(queue.ignored, (uint32_t)sig) || queue.first[sig].sa_handler != SIG_DFL) return;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, sig);
    signal(sig, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(sig);
}

static RT_NO_SPLIT void on_signal(int sig) {
    uintptr_t limit = rt_stack_limit_get();
    rt_stack_limit_set(0);
    if (!rt_signal_post(sig) && !is_dropped(sig)) act_unwanted(sig);
    rt_stack_limit_set(limit);
}

static bool is_settable(uint32_t sig) {
    if (sig < 1 || sig > LAST) return false;
    switch (sig) {
    case SIGKILL: case SIGSTOP: return false;                           /* nobody can */
    case SIGSEGV: case SIGBUS: case SIGFPE: case SIGILL: return false;  /* faults */
    default: return true;
    }
}

/* Lock held. */
static void set_handler(uint32_t sig, const struct sigaction *sa) {
    if (!queue.changed[sig]) sigaction((int)sig, NULL, &queue.first[sig]);
    queue.changed[sig] = true;
    if (sig != SIGURG) sigaction((int)sig, sa, NULL); /* that one's handler posts it anyway (preempt.c) */
}

void rt_signal_enable(uint32_t sig) {
    struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART};
    if (!is_settable(sig)) return;
    rt_caps_need(RT_CAP_SIGNAL_HANDLE, "notify", RT_STR(""));
    sigfillset(&sa.sa_mask);
    rt_mutex_lock(&queue.lock);
    set_bit(queue.ignored, sig, false);
    set_bit(queue.wanted, sig, true);
    set_handler(sig, &sa);
    rt_mutex_unlock(&queue.lock);
}

void rt_signal_disable(uint32_t sig) {
    if (!is_settable(sig)) return;
    rt_mutex_lock(&queue.lock);
    set_bit(queue.wanted, sig, false);
    if (queue.changed[sig]) set_handler(sig, &queue.first[sig]);
    rt_mutex_unlock(&queue.lock);
}

void rt_signal_ignore(uint32_t sig) {
    struct sigaction sa = {.sa_handler = SIG_IGN};
    if (!is_settable(sig)) return;
    rt_caps_need(RT_CAP_SIGNAL_HANDLE, "ignore", RT_STR(""));
    rt_mutex_lock(&queue.lock);
    set_bit(queue.ignored, sig, true);
    set_bit(queue.wanted, sig, false);
    set_handler(sig, &sa);
    rt_mutex_unlock(&queue.lock);
}

bool rt_signal_ignored(uint32_t sig) {
    struct sigaction sa;
    return sig >= 1 && sig <= LAST && sigaction((int)sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

/* ---- receiving ---- */

/* The lowest signal that is pending, which is no more then; 0: none. */
static uint32_t take_pending(void) {
    for (uint32_t word = 0; word < WORDS; word++) {
        uint64_t bits = __atomic_load_n(&queue.pending[word], __ATOMIC_SEQ_CST);
        if (!bits) continue;
        uint32_t bit = (uint32_t)__builtin_ctzll(bits);
        __atomic_fetch_and(&queue.pending[word], ~(UINT64_C(1) << bit), __ATOMIC_SEQ_CST);
        return word * 64 + bit;
    }
    return 0;
}

uint32_t rt_signal_receive(void) {
    for (;;) {
        uint32_t posted = __atomic_load_n(&queue.posted, __ATOMIC_SEQ_CST), sig = take_pending();
        if (sig) return sig;
        __atomic_store_n(&queue.receiving, true, __ATOMIC_SEQ_CST);
        rt_enter_syscall();
        rt_futex_wait(&queue.posted, posted, -1);
        rt_exit_syscall();
        __atomic_store_n(&queue.receiving, false, __ATOMIC_SEQ_CST);
    }
}

static bool is_idle(void) {
    for (int word = 0; word < WORDS; word++)
        if (__atomic_load_n(&queue.pending[word], __ATOMIC_SEQ_CST)) return false;
    return __atomic_load_n(&queue.receiving, __ATOMIC_SEQ_CST);
}

void rt_signal_wait_idle(void) {
    while (!is_idle()) rt_yield();
}

/* ---- at the start ---- */

void rt_signals_start(void) {
    struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART}, old;
    sigfillset(&sa.sa_mask);
    for (size_t i = 0; i < sizeof dropped; i++)
        if (sigaction(dropped[i], &sa, &old) == 0 && old.sa_handler != SIG_DFL) sigaction(dropped[i], &old, NULL);
}
