/* fault.c: from faults to panics: accesses to released arena memory, to addresses close to nil, and, in goroutines that
 * asked for it (debug.SetPanicOnFault), to any memory that is not there.
 *
 * The signal handler makes the code that was interrupted call a routine that panics, as if by an instruction before the
 * one that faulted: the address of that is the return address, which stack traces are right with. When a function of
 * the C library faults that has no frame of its own (memmove and its like), the call is made to come from its caller.
 * Runtime code that faults on behalf of compiled code panics like compiled code; it must not hold a lock then, or be
 * on the system stack, as the collector is.
 *
 * A fault may come between any two instructions. That control can come back to the function that it came in, and what
 * deferred calls find there, is the work of ir/faults.c. */
#define _GNU_SOURCE /* names of registers */
#include "runtime/mem/arena.h"
#include <signal.h>
#include <ucontext.h>

enum { RED_ZONE = 128, NIL_PAGE = 4096 };

GoEface (*rt_fault_error)(uintptr_t addr);

/* asm_*.S: calls rt_fault_panic, wherever the stack pointer is. */
void rt_fault_entry(void);

static bool is_program(const RtFunc *f) { return f && !(f->flags & (RF_RUNTIME | RF_WRAPPER)); }

/* What happened is in the thread's record, since registers are those of the code that was interrupted. */
_Noreturn void rt_fault_panic(void);
_Noreturn void rt_fault_panic(void) {
    RtM *m = rt_m();
    RtFault fault = m->fault;
    uintptr_t released = m->released;
    RtWalk w = rt_walk_here(__builtin_frame_address(0)); /* in rt_fault_entry */
    while (rt_walk_up(&w) && !is_program(rt_func_find(w.pc - 1))) {}
    m->locks -= m->out.depth; /* it may have been printing */
    m->out.depth = 0;
    if (released) rt_panic_used_after_free(fault.addr, released, w.pc);
    bool asked = rt_goroutine()->panic_on_fault;
    rt_panic_value(asked ? rt_fault_error(fault.addr) : rt_nil_error(), &fault);
}

#if defined(__x86_64__)
/* Whether f, which was interrupted with that stack pointer, has not made its frame: GCC puts that off where a path can do
 * without (shrink wrapping). Then the stack pointer is as the call of f left it: the return address is there, and only
 * there it is no multiple of 16, but for functions that call none and save an odd number of registers. */
static bool has_no_frame(const RtFunc *f, const uintptr_t *sp) {
    if ((uintptr_t)sp % 16 == 0) return false;
    const RtFunc *caller = rt_func_find(*sp - 1);
    const RtCallSite *site = caller ? rt_func_site(caller, *sp) : NULL;
    if (!site || caller->entry + site->pc_off != *sp) return false;
    const uint8_t *direct = (const uint8_t *)*sp - 5; /* call rel32 */
    int32_t rel;
    memcpy(&rel, direct + 1, sizeof rel);
    const RtFunc *callee = direct[0] == 0xe8 ? rt_func_find(*sp + (uintptr_t)(intptr_t)rel) : NULL;
    return !callee || callee == f;
}

static uintptr_t interrupted_pc(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP]; }

static void call_instead(ucontext_t *uc) {
    greg_t *r = uc->uc_mcontext.gregs;
    uintptr_t *sp = (uintptr_t *)r[REG_RSP];
    const RtFunc *f = rt_func_find((uintptr_t)r[REG_RIP]);
    bool known = f != NULL;
    if (known && has_no_frame(f, sp)) { /* unwinding goes by frames: this is what f had not done yet */
        *--sp = (uintptr_t)r[REG_RBP];
        r[REG_RBP] = (greg_t)(uintptr_t)sp;
    }
    if (known || !rt_func_find(*sp - 1)) {
        sp = (uintptr_t *)((uintptr_t)sp - RED_ZONE) - 1;
        *sp = (uintptr_t)r[REG_RIP] + known; /* as a return address: behind the instruction's first byte */
    }
    r[REG_RSP] = (greg_t)sp;
    r[REG_RIP] = (greg_t)rt_fault_entry;
}
#elif defined(__aarch64__)
static uintptr_t interrupted_pc(const ucontext_t *uc) { return (uintptr_t)uc->uc_mcontext.pc; }

/* The interrupted code's own link register and frame are lost: nothing returns there. */
static void call_instead(ucontext_t *uc) {
    uc->uc_mcontext.regs[30] = uc->uc_mcontext.pc + 1;
    uc->uc_mcontext.pc = (uintptr_t)rt_fault_entry;
}
#endif

/* Whether the goroutine may go on with a panic after this fault: an access by the program itself close to nil, of which
 * checks leave over what unsafe code computes; anything, if it asked for that. */
static bool is_panic(const RtGoroutine *g, const RtFault *f) {
    if (f->sig != SIGSEGV && f->sig != SIGBUS) return false;
    if (g->panic_on_fault) return !rt_stack_guards(g, (void *)f->addr);
    const RtFunc *at = rt_func_find(f->pc);
    bool has_address = f->code == SEGV_MAPERR || f->code == SEGV_ACCERR;
    return f->sig == SIGSEGV && has_address && f->addr < NIL_PAGE && at && !(at->flags & RF_RUNTIME);
}

bool rt_fault_panics(int sig, int code, void *at, void *context) {
    RtM *m = rt_m();
    const RtGoroutine *g = m ? m->g : NULL;
    if (!g || !g->segment || !m->p || m->on_system || m->locks > m->out.depth) return false;
    RtFault fault = {sig, code, (uintptr_t)at, interrupted_pc(context)};
    uintptr_t released = sig == SIGSEGV ? rt_chunk_released(fault.addr) : 0;
    if (!released && !is_panic(g, &fault)) return false;
    m->fault = fault;
    m->released = released;
    call_instead(context);
    return true;
}
