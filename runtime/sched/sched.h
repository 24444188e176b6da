/* sched.h: goroutines (G), the threads that run them (M), and processors (P): the right to run compiled code.
 *
 * A thread runs goroutines only while it holds a processor; there are GOMAXPROCS of them. What goroutines use without
 * locking (run queue, allocation cache, stack cache, timers) belongs to the processor. A thread has a system stack, on
 * which the scheduler, the collector and everything that must not grow a goroutine's stack run.
 *
 * Compiled code may be preempted at any instruction; runtime code never is: it gives up its processor only where it
 * calls rt_park, rt_yield, rt_enter_syscall or what is documented to call them. After such a call the goroutine may
 * be on another thread: rt_m() and rt_p() must be read again. The address of thread-local data is never taken. */
#ifndef GOO_SCHED_H
#define GOO_SCHED_H

#include "runtime/abi.h"
#include "runtime/heap/heap.h"
#include "runtime/sched/lock.h"
#include "runtime/sched/stack.h"

typedef struct RtM RtM;
typedef struct RtP RtP;
typedef struct RtPanic RtPanic;
typedef struct RtTimers RtTimers;

typedef enum RtStatus {
    GS_IDLE,     /* allocated, not started */
    GS_RUNNABLE, /* in a run queue */
    GS_RUNNING,
    GS_SYSCALL,  /* in a system call that may block; its processor may be taken away */
    GS_WAITING,  /* parked; `wait` says why */
    GS_DEAD,     /* ended; kept for reuse */
} RtStatus;

/* Why a goroutine waits, and the words for it in traces. */
typedef enum RtWait {
#define WAIT(name, text) name,
#include "runtime/sched/wait.def"
    RW_COUNT,
} RtWait;

enum {
    RT_SAVED_REGISTERS = 12,
    RT_QUEUE = 256,            /* goroutines in a processor's run queue; a power of two */
};

struct RtGoroutine {
    RtG g;                     /* first: what compiled code touches */
    RtSegment *segment;        /* the piece of its stack that it is on; NULL: a stack of the system's */
    RtSegment *first_segment;
    size_t stack_size;         /* bytes in all its segments */
    void *sp;                  /* while it does not run: stack pointer, with the callee-saved registers above it */
    bool preempt;              /* it has been asked to give up its processor; its limit is poisoned */
    uintptr_t saved[RT_SAVED_REGISTERS]; /* in a system call: the callee-saved registers, for the collector */
    uint64_t id;
    RtM *m;                    /* while running */
    RtM *locked_m;             /* LockOSThread: the one thread that may run it */
    int locked_count;
    RtGoroutine *next;         /* in the one queue or list that it is on */
    uint32_t status;           /* RtStatus; atomic */
    uint32_t wait;             /* RtWait; while GS_WAITING */
    int64_t wait_since;        /* rt_nanotime when a trace or the monitor first saw it waiting; 0: not yet */
    bool system;               /* the runtime's own: not counted, not in deadlock detection */
    bool goexit;               /* Goexit is running its deferred calls */
    bool in_audit;             /* runs the function that caps.Audit was given */
    bool panic_on_fault;       /* debug.SetPanicOnFault */
    bool printing_panics;      /* calling Error and String methods for the report of a fatal panic */
    struct RtErrorTrace *errors; /* what it remembers of errors it dealt with (errtrace.c), the last one first */
    GoArena *local;            /* its own arena, or NULL (mem/local.c) */
    struct RtBudget *budget;   /* what it may allocate, or NULL: anything (mem/budget.c) */
    void *wake;                /* what whoever made it ready left for it: which channel operation happened ... */
    GoClosure *start;          /* what it runs */
    GoClosure *at_exit;        /* called when Goexit has run its deferred calls; or NULL */
    uint64_t parent;           /* id of the goroutine that made it */
    uintptr_t created_at;      /* return address in that one */
    RtGoroutine *all_next;     /* in the list of all records (goroutine.c) */
};

typedef enum RtPStatus {
    PS_IDLE,    /* nobody's; in the list of idle ones, or on the way into and out of it */
    PS_RUNNING, /* held by m */
    PS_SYSCALL, /* m is in a system call and may lose it: whoever changes the status has it */
    PS_STOPPED, /* the world is stopped */
    PS_UNUSED,  /* GOMAXPROCS became less */
} RtPStatus;

struct RtP {
    int id;                    /* 0 .. GOMAXPROCS-1 */
    uint32_t status;           /* RtPStatus; atomic */
    RtM *m;                    /* that holds it */
    RtHeapCache heap;
    RtStackCache stacks;
    RtTimers *timers;          /* sync/timer.c; NULL: never had one */
    RtP *link;                 /* in the list of idle ones */
    /* Goroutines that are ready (runq.c). The holder adds at tail, it and thieves take at head; next runs first. */
    RtGoroutine *next;         /* atomic */
    uint32_t head __attribute__((aligned(64))); /* atomic; counts up, modulo 2^32 */
    uint32_t tail;             /* atomic; written by the holder */
    RtGoroutine *queue[RT_QUEUE];
    /* Written by the holder; the monitor reads the atomic ones. */
    uint32_t switches;         /* atomic: goroutines begun or continued */
    uint32_t slices;           /* atomic: of these, with a time slice of their own: not taken from next */
    uint32_t syscalls;         /* atomic: system calls that ended */
    bool preempt;              /* atomic: the goroutines in next had their time; set by the monitor */
    uint32_t wake_skip;        /* atomic: how many times not to wake a thread for `next` alone (proc.c) */
    uint32_t wake_backoff;     /* atomic: what wake_skip starts from */
    RtGoroutine *dead;         /* to reuse, dead_count of them */
    int dead_count;
    uint64_t id_next, id_end;  /* ids for new goroutines */
    int64_t begun, ended;      /* atomic: goroutines started and ended here, the system's left out */
};

/* Called on the system stack once g can be made ready by others; releases the lock that protects what g waits for.
 * False: g does not wait after all. Must not park; may call rt_ready. */
typedef bool RtParkCommit(RtGoroutine *g, void *arg);

/* Text on its way to standard error. depth counts rt_print_lock; at depth 0 text is written at once. into: text goes
 * there instead, as much as there is room for. */
enum { RT_OUT_BYTES = 1024 };
typedef struct RtOut { int depth; uint32_t len; uint8_t *into; size_t room; uint8_t buf[RT_OUT_BYTES]; } RtOut;

/* An access to memory that is not there, as a signal reports it. Checks for nil report what the access would have met. */
typedef struct RtFault {
    int sig, code;
    uintptr_t addr, pc;
} RtFault;

struct RtM {
    int64_t id;
    RtP *p;                    /* NULL: may not run goroutines, allocate, or touch the heap */
    RtGoroutine *g;            /* the goroutine it runs, also while on the system stack; NULL: none */
    void *system_sp;           /* where the system stack continues */
    bool on_system;            /* on the system stack */
    int locks;                 /* > 0: the goroutine is not preempted */
    int dying;                 /* reports of a fatal error begun on this thread */
    uint64_t random;           /* state of rt_random */
    RtOut out;
    RtFault fault;             /* on its way to a panic (fault.c) */
    uintptr_t released;        /* the fault was an access to memory that was released there; or 0 */
    int tid;                   /* the kernel's number of the thread */
    uint32_t asked;            /* atomic: a signal that asks it to give up its processor is on the way */
    bool started;              /* the kernel has made it, or is about to; under rt_sched.starting */
    bool all_call;             /* atomic: it is to make the call that allthreads.c has for all */
    RtM *link;                 /* in the list of idle or ended ones */
    RtM *all_link;             /* all there are, newest first */
    RtNote wake;               /* set by who gave it next_p or other work */
    RtP *next_p;               /* to go on with after waking */
    RtP *syscall_p;            /* in a system call: the processor it came with */
    RtP *woken_by;             /* woken to look for work, by that processor's holder; NULL: has found some */
    bool spinning;             /* looks for work; counted in rt_sched.spinning */
    RtGoroutine *locked_g;     /* the one goroutine it may run */
    RtParkCommit *commit;      /* of rt_park, until it is on the system stack; with its argument */
    void *commit_arg;
    void (*run)(RtM *m);       /* what the thread does after its first job; does not return */
    struct Job *job;           /* of rt_on_workers: to do after waking, as that worker, holding job_p */
    int worker;
    RtP *job_p;
};

/* The running thread. A function, so that no compiler keeps a thread's address over a switch. */
extern __thread RtM *rt_m_tls __attribute__((tls_model("local-exec")));
static inline RtM *rt_m(void) {
#if defined(__x86_64__)
    RtM *m;
    __asm__ volatile("movq %%fs:rt_m_tls@tpoff, %0" : "=r"(m));
    return m;
#else
    return rt_m_tls;
#endif
}
static inline RtP *rt_p(void) { return rt_m()->p; }
static inline RtGoroutine *rt_goroutine(void) { return rt_m()->g; }

/* ---- parking and waking (proc.c) ---- */

/* Takes the running goroutine off its processor until someone calls rt_ready with it. commit may be NULL. */
void rt_park(RtParkCommit *commit, void *arg, RtWait why);
/* Makes a parked goroutine runnable, next on this processor. Any thread that holds a processor. */
void rt_ready(RtGoroutine *g);
/* Starts a goroutine as rt_go does, which is for compiled code and may yield; this does not. Thread with a processor.
 * caps: its rights, on the heap; NULL: all. */
void rt_go_here(GoClosure *fn, const RtCaps *caps);
/* What rt_go does, for a go statement there. */
void rt_go_from(GoClosure *fn, uintptr_t created_at);
/* Lets others run; the goroutine goes to the end of the global queue. runtime.Gosched. */
void rt_yield(void);
/* Ends the running goroutine after its deferred calls. */
_Noreturn void rt_goexit(void);
/* Ends it at once. */
_Noreturn void rt_goroutine_exit(void);
/* No preemption of the running goroutine between the two; they nest. */
static inline void rt_preempt_off(void) { rt_m()->locks++; }
static inline void rt_preempt_on(void) { rt_m()->locks--; }

/* Around a system call that may block: the processor can be taken away meanwhile. Nothing in between may touch the
 * heap or anything of a processor's. */
void rt_enter_syscall(void);
void rt_exit_syscall(void);

/* runtime.LockOSThread, UnlockOSThread, Goexit: above; NumGoroutine, NumCPU. */
void rt_lock_thread(void);
void rt_unlock_thread(void);
int64_t rt_goroutine_count(void);
int rt_cores(void);

/* Runs fn(arg) on the thread's system stack, and returns. Directly when already there. Meanwhile g->sp holds, so
 * that the collector can run there and scan the goroutine that it interrupts. */
void rt_system_stack(void (*fn)(void *), void *arg);

/* ---- stacks (stack.c) ---- */

/* What __morestack calls on the stack of a goroutine of compiled code that has been asked to give up its processor
 * (g->preempt, now false again): parks it as runnable, and returns when it runs again. All registers are saved. */
void rt_preempt_park(void);

/* Puts the limit in force with which g, the goroutine of this thread, runs on the segment that it is on: what every
 * switch to a goroutine's stack ends with. A request to preempt it that comes in between is not lost. */
static inline __attribute__((always_inline)) void rt_stack_limit_restore(const RtGoroutine *g) {
    rt_stack_limit_set(g->segment ? rt_segment_limit(g->segment) : 0);
    if (g->segment && __atomic_load_n(&g->preempt, __ATOMIC_RELAXED)) rt_stack_limit_set(RT_STACK_POISON);
}
/* Called by control that comes back to the frame at `frame` from deeper in the running goroutine's stack, just before
 * it jumps there: the segments inside of that frame's are no longer in use. */
static inline __attribute__((always_inline)) void rt_stack_unwind(const void *frame) {
    RtGoroutine *g = rt_goroutine();
    for (RtSegment *s = g->segment; s; s = s->outer)
        if ((const uint8_t *)frame >= s->lo && (const uint8_t *)frame < s->hi) {
            g->segment = s;
            break;
        }
    rt_stack_limit_restore(g);
}

/* ---- the whole program (world.c) ---- */

/* Stops every processor at a point where all goroutines' registers are on their stacks. On the system stack only;
 * returns with the world stopped, other callers wait. why is for GOOTRACE. */
void rt_stop_world(const char *why);
void rt_start_world(void);
/* With the world stopped: runs fn(arg, i) for i in 0..n-1 at the same time, each on a thread of its own (0 on the
 * calling one), and returns when all have. n <= rt_gomaxprocs(). */
void rt_on_workers(int n, void (*fn)(void *arg, int worker), void *arg);
/* Calls fn(arg) on the calling thread, and if that returns true on all others, with the world stopped; returns when all
 * have. There fn runs in a signal handler, at the same time on several. On a goroutine's stack. */
typedef bool RtAllThreadsFn(void *arg);
void rt_on_all_threads(RtAllThreadsFn *fn, void *arg);
/* All goroutines that are not dead. With the world stopped or while reporting a fatal error. */
void rt_each_goroutine(void (*fn)(RtGoroutine *g, void *arg), void *arg);
void rt_each_processor(void (*fn)(RtP *p, void *arg), void *arg);
int rt_gomaxprocs(void);
/* runtime.GOMAXPROCS: returns the number before; n <= 0 changes nothing. */
int64_t rt_gomaxprocs_set(int64_t n);
/* Before traces of a dying program: stops what can be stopped in a short time, for good. Any thread, any locks held. */
void rt_freeze_world(void);
/* ---- traces.c: text to standard error, under rt_print_lock ---- */
void rt_trace_header(const RtGoroutine *g);     /* "goroutine N [why it waits]:"; NULL: goroutine 0 */
void rt_trace_creator(const RtGoroutine *g);    /* "created by F in goroutine M", if that is known */
void rt_trace_others(RtGoroutine *but);         /* all goroutines apart from that one */
/* runtime.Stack: the traces of the caller, or of all goroutines, into buf; returns how many bytes. May yield. */
int64_t rt_trace_text(uint8_t *buf, int64_t n, bool all);

/* A timer was added that fires before all others of this processor: a thread that sleeps longer has to wake up. */
void rt_timer_added(int64_t when);

/* ---- time (sys.c) ---- */
int64_t rt_nanotime(void);     /* monotonic, never 0 */

#endif
