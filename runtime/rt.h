/* rt.h: the inside of the runtime. Prototypes stand under the file that defines them.
 *
 * State belongs to one of four owners, so that neither threads nor goroutines share by accident:
 *   - the goroutine (RtGoroutine, sched/sched.h): panics, stack;
 *   - the processor (RtP): run queue, allocation cache;
 *   - the thread (RtM): output buffer, random state;
 *   - the process: caches that are read without locks and only grow (itabs, function index), set-up data.
 * System calls are made in sys.c, signal.c, sched/ and caps/ only. Nothing here uses stdio, locales or malloc. */
#ifndef GOO_RT_H
#define GOO_RT_H

#include "runtime/abi.h"
#include "runtime/heap/heap.h"
#include "runtime/sched/sched.h"
#include <string.h>

typedef struct RtWalk RtWalk;

#define RT_LIKELY(x) __builtin_expect(!!(x), 1)
#define RT_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RT_COLD __attribute__((cold, noinline))
#define RT_INLINE static inline __attribute__((always_inline))
#define RT_STR(literal) ((GoString){(const uint8_t *)(literal), (int64_t)sizeof(literal) - 1})
#define RT_COUNT(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

/* A bug in the runtime or a broken contract: ends the program with the text and a trace. Cheap: always checked. */
#define rt_check(cond)                                                                                          \
    do {                                                                                                        \
        if (RT_UNLIKELY(!(cond))) rt_fatal(RT_STR("runtime: broken invariant: " #cond));                       \
    } while (0)

enum {
    RT_EXIT_PANIC = 2,          /* status of a program that died of a panic or fatal error */
    RT_STACK_KEPT = 64,         /* frames that are kept of a panic's stack, innermost first */
    RT_EXIT_NESTED = 4,         /* ... and could not even report it */
};
/* Objects larger than this do not exist: makeslice and friends panic first (the usable address space, as in Go). */
#define RT_MAX_ALLOC ((uint64_t)1 << 48)

/* ---- panics ---- */

/* A panic in progress. Lives in the activation of the function that raised it; linked from RtG.panic. */
struct RtPanic {
    struct RtPanic *link; /* the older one that this interrupts */
    GoEface value;
    RtFrame *frame;       /* whose try statements and deferred calls it is busy with */
    uintptr_t frame_pointer; /* of the function with that */
    const RtFault *fault; /* what the [signal ...] line says, or NULL: the panic is none over an access to memory */
    void *raised;         /* frame of the runtime function that raised it, for its stack */
    const RtCaps *caps;   /* the rights in force there: the value's own methods get no more */
    GoSlice stack;        /* of uintptr: the return addresses from there on, if an Error of goo/panics got them (try.c) */
    bool recovered;       /* recover() returned its value; takes effect when the deferred call returns */
    bool goexit;          /* no panic but a Goexit: runs the same deferred calls, cannot be recovered */
    bool aborted;         /* a newer panic left the deferred call that this one was running */
};

/* Tells the processor that this is a loop that waits. */
static inline void rt_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* memcpy and memcmp for ranges that may be empty: a null pointer is fine then. */
static inline void rt_copy(void *to, const void *from, size_t n) {
    if (n) memcpy(to, from, n);
}
static inline bool rt_same(const void *a, const void *b, size_t n) { return n == 0 || memcmp(a, b, n) == 0; }

/* A lock for a few instructions. Never held over a call that may panic, allocate from the heap, or park. */
typedef struct RtSpin { bool held; } RtSpin;
void rt_spin_wait(RtSpin *l); /* sched/spin.c: takes it although it is held */
static inline void rt_spin_lock(RtSpin *l) {
    if (RT_UNLIKELY(__atomic_test_and_set(&l->held, __ATOMIC_ACQUIRE))) rt_spin_wait(l);
}
static inline void rt_spin_unlock(RtSpin *l) { __atomic_clear(&l->held, __ATOMIC_RELEASE); }

/* ---- sched/stack.c ---- */
/* Readies the process, and the calling thread with its present stack, to run compiled code as goroutine g: for unit
 * tests, which have a main of their own. */
void rt_start(RtGoroutine *g);
/* Starts the scheduler on the calling thread, whose stack is its system stack from here on; closure is goroutine 1. */
_Noreturn void rt_run(GoClosure *closure);
/* From a system stack: runs fn(arg) as goroutine g, on its empty stack, and returns when it does. */
void rt_stack_call(RtGoroutine *g, void (*fn)(void *), void *arg);
/* "goroutine stack exceeds ...": the end. sp: where there was no room. */
_Noreturn void rt_stack_overflow(const RtGoroutine *g, RtWalk where, uintptr_t sp);
/* Control comes back to a function: loads frame pointer, code address and stack pointer from jb. frame is in that
 * function's activation, which the running goroutine is inside of. */
_Noreturn void rt_stack_land(void *const *jb, const void *frame);
/* Whether an access to that address runs over the end of g's stack. */
bool rt_stack_guards(const RtGoroutine *g, const void *at);

/* ---- sys.c ---- */
void rt_sys_write(int fd, const void *p, size_t n);    /* all of it; errors are dropped */
_Noreturn void rt_sys_exit(int status);                /* the whole process, at once */
_Noreturn void rt_sys_abort(void);                     /* ... by a signal that dumps its memory */
bool rt_sys_runnable(const char *path);                /* a program that may be started */
void *rt_sys_map(size_t size);                         /* zeroed memory, page-aligned; NULL when there is none */
void rt_sys_unmap(void *p, size_t size);               /* what rt_sys_map gave */
/* Provides the pages of [p, p + size), which are about to be used: one call costs a fraction of a page fault for each. */
void rt_sys_populate(void *p, size_t size);
const void *rt_sys_random(void);                       /* 16 random bytes from the kernel, fixed for the process */

/* ---- env.c ---- */
/* Decimal digits at *p, which moves behind them; false: none, or too large. */
bool rt_env_digits(const char **p, int64_t *v);
/* The text behind `name` in a list like "a=1,b": "1", or "" for a word without a value; NULL: not there. */
const char *rt_env_word(const char *list, const char *name);
int64_t rt_env_value(const char *list, const char *name); /* as a number; 0: none */

/* ---- signal.c ---- */
const char *rt_signal_name(int sig);                   /* of a fault: "SIGSEGV: segmentation violation" */
void rt_signal_start(void);                            /* handlers for faults; the first thread's alternate stack */
void rt_signal_thread(void);                           /* gives the calling thread an alternate stack */

/* ---- fault.c ---- */
/* Called by the handler of a fault: if the interrupted code can panic over it, makes it do that when the handler returns. */
bool rt_fault_panics(int sig, int code, void *at, void *context);
/* Makes the error that a fault at that address is in goroutines that asked for panics; set with the first of them. */
extern GoEface (*rt_fault_error)(uintptr_t addr);

/* ---- functab.c ---- */
const RtFunc *rt_func_find(uintptr_t pc);              /* the function whose code holds pc, or NULL */
/* One call in progress, as the program's text has it: of a function, or of one that was inlined there. */
typedef struct RtActivation {
    const char *name, *file;
    uint32_t line, flags;   /* flags: RtFuncFlag */
    const RtFunc *func;     /* the machine's function */
    const RtInline *inlined; /* NULL: the activation is of func itself */
} RtActivation;
/* The innermost at the call that returns to return_pc in f; return_pc 0: at f's beginning. */
RtActivation rt_activation(const RtFunc *f, uintptr_t return_pc);
/* Goes on to the one around it; false when a was the machine's function. */
bool rt_activation_up(RtActivation *a);
const RtCallSite *rt_func_site(const RtFunc *f, uintptr_t return_pc); /* of the call that returns there, or the one before */

/* ---- trace.c ---- */
/* A walk up the machine frames of one goroutine, over its segments. */
struct RtWalk {
    uintptr_t pc;         /* a return address, unless exact */
    uintptr_t fp;         /* frame pointer of the function that pc is in */
    uintptr_t lo, hi;     /* bounds of the stack or segment that fp is on */
    const RtSegment *outer; /* where frames outside of these bounds may be: this segment and those around it */
    bool exact;           /* pc is that of an instruction about to run: the frame a signal interrupted */
};
RtWalk rt_walk_here(void *frame_address);              /* starts at the caller of the function with that frame */
/* Starts at pc, in the frame fp of the running goroutine. */
RtWalk rt_walk_at(uintptr_t pc, uintptr_t fp, bool exact);
/* Starts in the frame fp of a goroutine that does not run (or NULL: of a stack of the system's), which continues at pc. */
RtWalk rt_walk_of(const RtGoroutine *g, uintptr_t pc, uintptr_t fp);
bool rt_walk_up(RtWalk *w);                            /* to the caller; false at the end */
RT_INLINE bool rt_walk_on(RtWalk *w);                  /* the same, faster */
/* try.c: writes the return addresses from the caller of the function with that frame on to pcs; returns how many. */
int64_t rt_take_stack(void *frame_address, uintptr_t *pcs, int64_t max);
void rt_trace_frames(RtWalk w);                        /* the frames, and nothing else */

/* ---- sched/morestack_x86_64.S, asm_aarch64.S ---- */
extern const uint8_t rt_morestack_return[];            /* the return address of functions that grew the stack */
extern const uint8_t rt_preempt_return[];              /* sched/switch_*.S: in the frame inside of preempted code's */

/* rt_walk_up, inline while the next frame is on the same segment. */
RT_INLINE bool rt_walk_on(RtWalk *w) {
    if (RT_UNLIKELY(w->exact || w->fp < w->lo || w->fp > w->hi - 2 * sizeof(uintptr_t) || w->fp % sizeof(uintptr_t))) return rt_walk_up(w);
    const uintptr_t *frame = (const uintptr_t *)w->fp;
    if (RT_UNLIKELY(frame[1] == (uintptr_t)rt_morestack_return)) return rt_walk_up(w);
    if (RT_UNLIKELY(w->pc == (uintptr_t)rt_preempt_return)) return rt_walk_up(w);
    w->lo = (uintptr_t)(frame + 2);
    w->fp = frame[0];
    w->pc = frame[1];
    return w->pc != 0;
}

/* ---- caps/scope.c ---- */
/* Until rt_caps_leave, or until a panic leaves the function with that frame pointer, no rights but those in set (NULL:
 * all) are in force, of those that there are. set may stand in a frame that lives as long. */
void rt_caps_limit(RtCapsScope *s, const RtCaps *set, uintptr_t fp);

/* ---- panic.c ---- */
/* asm_*.S: call a deferred closure, for a panic or for a function's exit; the return address tells recover which. */
void rt_defer_call(GoClosure *fn), rt_exit_call(GoClosure *fn);
extern const uint8_t rt_defer_call_return[], rt_exit_call_return[];
extern const void *rt_call_code_return, *rt_func_called_return; /* atomic; see there */
void rt_arena_unwound(RtArenaFrame *f);                /* mem/arena.c: a panic leaves the innermost arena block */
_Noreturn void rt_panic_value(GoEface value, const RtFault *fault); /* fault: NULL, or in a frame that stays */
bool rt_has_try(RtWalk w);                             /* the body of a try statement is running in one of those frames */
/* The panic that called the function with this return address and frame, and is not recovered yet; or NULL. */
RtPanic *rt_calling_panic(const void *ra, void *const *fa);

/* ---- recovery.c ---- */
/* Has the RtRecovery of the function that the return address is in filled in. It has one. */
void rt_recovery_ask(uintptr_t return_pc);

/* ---- errtrace.c ---- */
/* Remembers that the panic p, whose stack is there, was recovered as err by the function with that frame. */
void rt_error_recovered(GoIface err, const RtPanic *p, uintptr_t frame);
/* What a report of err adds to its text: where ? passed it on, where it was panicked. Lines; "" when nothing is known. */
GoString rt_error_history(GoIface err);
/* At the program's end: reports panics of tasks that nobody waited for; true: there were some. */
bool rt_report_lost(void);
extern const GoInterfaceType rt_type_error __asm__("\"type:error\"");

/* ---- report.c ---- */
void rt_print_fault(const RtFault *f);                 /* the [signal ...] line */
_Noreturn void rt_report_panics(RtPanic *newest);      /* nobody recovered: print and exit */
_Noreturn void rt_report_nested(GoEface value);        /* panic in an Error method called for a report */
_Noreturn void rt_fatal(GoString text);                /* "fatal error: ", trace, exit */
_Noreturn void rt_fatal_at(GoString text, RtWalk where);
/* Begins the report of a fatal error; its text is printed between this and rt_report_fatal, which adds the traces. */
void rt_report_begin(void);
/* What reports show at least, whatever GOTRACEBACK says, by the names that it has. Any thread may call it. */
void rt_report_set_level(GoString name);
_Noreturn void rt_report_fatal(RtWalk where);
/* "fatal error: ", traces of all goroutines, exit: on a thread that runs none. */
_Noreturn void rt_fatal_all(GoString text);
void rt_report_wait(void);                             /* does not return if another thread is reporting a fatal error */

/* ---- errors.c ---- */
_Noreturn void rt_panic_text(GoString text);           /* a runtime.Error reading "runtime error: " + text */
_Noreturn void rt_panic_stack(void);                   /* a stack overflowed */
_Noreturn void rt_panic_plain(GoString text);          /* a runtime.Error reading text */
_Noreturn void rt_panic_type(GoString text, const GoType *t); /* ... text + name of t */
_Noreturn void rt_panic_conversion(const GoType *iface, const GoType *have, const GoType *want, GoString missing);
GoEface rt_nil_error(void);                            /* what a nil dereference panics with */
GoEface rt_nil_panic_value(void);                      /* what panic(nil) panics with */

/* ---- type.c: reading descriptors ---- */
const void *rt_resolve_off(int32_t off);               /* NameOff, TypeOff, TextOff; NULL for 0 */
int32_t rt_add_off(const void *p);                     /* a negative offset that resolves to p */
GoString rt_name_text(const uint8_t *name);            /* "" for NULL */
GoString rt_name_pkg(const uint8_t *name);             /* package path attached to the name, or "" */
bool rt_name_exported(const uint8_t *name);
GoString rt_type_text(const GoType *t);                /* as %T prints it */
GoString rt_type_pkg(const GoType *t);                 /* path of the package that declares it, or "" */
const GoUncommon *rt_type_uncommon(const GoType *t);   /* or NULL */
/* The code of t's method with that exported name and type, taking an interface's data word; or NULL. */
void *rt_type_method(const GoType *t, GoString name, const GoType *func);
static inline int rt_type_kind(const GoType *t) { return t->kind & GK_MASK; }
static inline bool rt_type_direct(const GoType *t) { return (t->kind & GK_DIRECT_IFACE) != 0; }
/* Descriptors shared with compiled code (errtypes.S): one per program, so their addresses identify the types. */
extern const GoFuncType rt_type_func_string __asm__("\"type:func() string\"");
extern const GoType rt_type_string __asm__("\"type:string\"");

/* ---- hash.c ---- */
uint64_t rt_random(void);
/* Hashes the t at p by its descriptor; panics for types that have no equality. Equal to compiled hash routines. */
uintptr_t rt_hash_type(const GoType *t, const void *p, uintptr_t seed);

/* ---- print.c ---- */
void rt_print_cstr(const char *s);
void rt_print_hex(uint64_t v);
/* Decimal digits, written to end before `end`; returns the first. 20 bytes are enough. */
uint8_t *rt_format_uint(uint8_t *end, uint64_t v);

/* ---- string.c ---- */
GoString rt_string_of(const void *p, int64_t n);       /* a copy */
extern const uint64_t rt_small_words[256];             /* 0..255: boxed small integers, one-byte strings */

/* ---- map.c ---- */
/* A panic leaves the writes to maps that g is in the middle of. */
void rt_map_writes_left(RtG *g);
/* size bytes that read as zero and must not be written: the element of a map that has no such key. */
const void *rt_zero_value(size_t size);

#endif
