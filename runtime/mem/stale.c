/* stale.c: accesses to arena memory that was released: from the fault to a panic.
 *
 * The pages of a guarded chunk are inaccessible, so an access is a SIGSEGV. Its handler makes the code that was
 * interrupted call a routine that panics, as if by an instruction before the one that faulted: the address of that is
 * the return address, which stack traces are right with. When a function of the C library faults that has no frame of its own
 * (memmove and its like), the call is made to come from its caller. Runtime code that faults on behalf of
 * compiled code panics like compiled code; it must not hold a lock then.
 *
 * GCC takes a load or store for an instruction that does not end a block: variables may be elsewhere than a recovery
 * point of the same function expects them. Such functions therefore check addresses before they use them (ir/stale.c),
 * and panic by an ordinary call. */
#define _GNU_SOURCE /* names of registers */
#include "runtime/mem/arena.h"
#include <signal.h>
#include <ucontext.h>

enum { RED_ZONE = 128 };

/* asm_*.S: calls rt_stale_panic, wherever the stack pointer is. */
void rt_stale_entry(void);

static bool is_program(const RtFunc *f) { return f && !(f->flags & (RF_RUNTIME | RF_WRAPPER)); }

/* The address is in the thread's record, since registers are those of the code that was interrupted. */
_Noreturn void rt_stale_panic(void);
_Noreturn void rt_stale_panic(void) {
    RtM *m = rt_m();
    RtWalk w = rt_walk_here(__builtin_frame_address(0)); /* in rt_stale_entry */
    while (rt_walk_up(&w) && !is_program(rt_func_find(w.pc - 1))) {}
    m->locks -= m->out.depth; /* it may have been printing */
    m->out.depth = 0;
    rt_panic_used_after_free(m->stale, m->stale_released, w.pc);
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
    r[REG_RIP] = (greg_t)rt_stale_entry;
}
#elif defined(__aarch64__)
/* The interrupted code's own link register and frame are lost: nothing returns there. */
static void call_instead(ucontext_t *uc) {
    uc->uc_mcontext.regs[30] = uc->uc_mcontext.pc + 1;
    uc->uc_mcontext.pc = (uintptr_t)rt_stale_entry;
}
#endif

bool rt_stale_fault(void *at, void *context) {
    uintptr_t released = rt_chunk_released((uintptr_t)at);
    RtM *m = rt_m();
    if (!released || !m) return false;
    const RtGoroutine *g = m->g;
    if (m->on_system || m->locks > m->out.depth || !g || !g->segment) return false;
    m->stale = (uintptr_t)at;
    m->stale_released = released;
    call_instead(context);
    return true;
}

_Noreturn void rt_panic_stale(const void *at) {
    uintptr_t pc = (uintptr_t)__builtin_return_address(0);
    rt_panic_used_after_free((uintptr_t)at, rt_chunk_released((uintptr_t)at), pc);
}
