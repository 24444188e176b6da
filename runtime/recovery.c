/* recovery.c: where functions have their RtFrame and where control comes back to (abi.h: RtRecovery).
 *
 * These are constants of a function that only GCC knows. So the function's own code tells them, by __builtin_setjmp, when
 * it is called while rt_asking is set; it does nothing else then. The runtime calls it like that when a panic first
 * finds it on a stack: on a stack made for that, which has room for whatever frame the function has, with arguments that it
 * does not look at. What other calls pay is the test of a variable of the thread. */
#include "runtime/rt.h"

__thread void **rt_asking;

/* asm_*.S: calls code on a stack that grows down from top. rt_asked, called by that with what was put into *sp, returns
 * from rt_ask. */
void rt_ask(uintptr_t code, void *top, void **sp);
_Noreturn void rt_asked(void *sp);

_Noreturn void rt_recovery_point(RtRecovery *r, void *const *jb, const uint8_t *fa, const RtFrame *frame, int32_t kinds) {
    r->frame = (int32_t)((const uint8_t *)frame - fa);
    r->fp = (int32_t)((const uint8_t *)jb[0] - fa);
    r->sp = (int32_t)((const uint8_t *)jb[2] - fa);
    r->kinds = kinds;
    __atomic_store_n(&r->label, (uint32_t)(uintptr_t)jb[1], __ATOMIC_RELEASE);
    void *sp = *rt_asking;
    rt_asking = NULL;
    rt_asked(sp);
}

/* A thread that is on its system stack is left alone by signals, and nobody looks at limits there: so it is meanwhile. */
static RT_NO_SPLIT __attribute__((noinline)) void call(uintptr_t code, void *top) {
    RtM *m = rt_m();
    bool on_system = m->on_system;
    void *sp;
    __atomic_store_n(&m->on_system, true, __ATOMIC_SEQ_CST);
    uintptr_t limit = rt_stack_limit_get();
    rt_stack_limit_set(0);
    rt_asking = &sp;
    rt_ask(code, top, &sp);
    rt_stack_limit_set(limit);
    __atomic_store_n(&m->on_system, on_system, __ATOMIC_SEQ_CST);
}

/* Frames are no larger than the stack they were found on. */
enum { LEAST = 1 << 20, ABOVE = 64 << 10 };

static void ask(const RtFunc *f) {
    size_t size = rt_goroutine()->stack_size;
    size = (size < LEAST ? LEAST : size) + 2 * ABOVE;
    uint8_t *stack = rt_sys_map(size);
    if (!stack) rt_fatal(RT_STR("runtime: out of memory: cannot find out where to recover"));
    call(f->entry, stack + size - ABOVE);
    rt_sys_unmap(stack, size);
}

/* Each function is asked once: who has read the label reads the rest without locking. */
void rt_recovery_ask(uintptr_t return_pc) {
    static RtMutex lock;
    const RtFunc *f = rt_func_find(return_pc - 1);
    rt_mutex_lock(&lock);
    if (!((const RtRecovery *)(uintptr_t)f->recovery)->label) ask(f);
    rt_mutex_unlock(&lock);
}
