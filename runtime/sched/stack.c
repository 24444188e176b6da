/* stack.c: the running goroutine, and stacks.
 *
 * A stack is a mapping that is filled on demand, with an inaccessible range below. The range is wide because a function
 * with a large frame can step far below its caller before it touches memory. The system reserves address space only;
 * pages are paid for when they are used. Nothing here is proportional to the size of the program. */
#include "runtime/hash.h"
#include <sys/mman.h>

__thread RtG *rt_g;
__thread RtM *rt_m_tls;

void rt_start(RtGoroutine *g) {
    static RtM main_thread;
    static RtP first_processor;
    main_thread = (RtM){.p = &first_processor, .g = g};
    rt_m_tls = &main_thread;
    first_processor.m = &main_thread;
    g->m = &main_thread;
    rt_g = &g->g;
    rt_hash_start();
    rt_heap_start();
}

/* ---- stacks ---- */

const size_t rt_stack_max = 1000000000;

enum { GUARD = 256 << 20, LEAST = 64 << 10, STACK_PAGE = 4096 };

static RtStack map_stack(size_t size) {
    uint8_t *p = mmap(NULL, GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (p == MAP_FAILED) return (RtStack){0};
    if (mprotect(p + GUARD, size, PROT_READ | PROT_WRITE) != 0) {
        munmap(p, GUARD + size);
        return (RtStack){0};
    }
    return (RtStack){p, p + GUARD, p + GUARD + size};
}

RtStack rt_stack_new(size_t size) {
    size = (size + STACK_PAGE - 1) & ~(size_t)(STACK_PAGE - 1);
    for (; size >= LEAST; size = (size / 4) & ~(size_t)(STACK_PAGE - 1)) {
        RtStack s = map_stack(size);
        if (s.lo) return s;
    }
    return (RtStack){0};
}
