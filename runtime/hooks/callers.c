/* callers.c: package runtime's view of the stack: Callers, and what its entries stand for.
 *
 * An entry is a return address. A call inlined into a function has no return address of its own, so entries count in
 * their upper bits how many activations further out they stand for than the innermost one at that address: programs
 * lie below 2 GiB. */
#include "runtime/hooks/hooks.h"

enum { DEPTH_SHIFT = 48 };

static GoString text(const char *s) { return (GoString){(const uint8_t *)s, (int64_t)strlen(s)}; }

/* Result of the Go functions frameOf and funcOf. */
typedef struct Info { GoString function, file; int64_t line; uintptr_t entry; } Info;

static uintptr_t address_of(uintptr_t entry) { return entry & ((UINT64_C(1) << DEPTH_SHIFT) - 1); }

/* The activation that is depth calls out of the innermost one at the call that returns to return_pc. */
static Info describe(const RtFunc *f, uintptr_t return_pc, uint64_t depth) {
    RtActivation a = rt_activation(f, return_pc);
    while (depth > 0 && rt_activation_up(&a)) depth--;
    return (Info){text(a.name), text(a.file), a.line, f->entry};
}

/* What every goroutine was called by, as far as programs are told; nobody calls it. Some bytes of code, since entries
 * are addresses behind calls. */
HOOK("runtime.goexit", void, goexit_code, (void)) { __asm__ volatile("nop"); }
enum { GOEXIT_RETURN = 1 }; /* what entries for it are behind its address */
static bool is_goexit(uintptr_t pc) { return pc - (uintptr_t)goexit_code <= GOEXIT_RETURN; }
static Info goexit_info(void) { return (Info){.function = RT_STR("runtime.goexit"), .entry = (uintptr_t)goexit_code}; }

HOOK("runtime.frameOf", Info, runtime_frame_of, (uintptr_t entry)) {
    uintptr_t pc = address_of(entry);
    if (is_goexit(pc)) return goexit_info();
    const RtFunc *f = rt_func_find(pc - 1);
    return f ? describe(f, pc, entry >> DEPTH_SHIFT) : (Info){0};
}

HOOK("runtime.funcOf", Info, runtime_func_of, (uintptr_t entry)) {
    uintptr_t pc = address_of(entry);
    if (is_goexit(pc)) return goexit_info();
    const RtFunc *f = rt_func_find(pc);
    return f ? describe(f, pc == f->entry ? 0 : pc, entry >> DEPTH_SHIFT) : (Info){0};
}

/* ---- walking ---- */

typedef struct Collector { uintptr_t *out; int64_t n, max, skip; } Collector;

static void collect(Collector *c, uintptr_t pc, uint32_t depth, uint32_t flags) {
    if (flags & (RF_WRAPPER | RF_RUNTIME)) return;
    if (c->skip > 0) c->skip--;
    else if (c->n < c->max) c->out[c->n++] = pc | (uintptr_t)depth << DEPTH_SHIFT;
}

static void collect_frame(Collector *c, const RtFunc *f, uintptr_t pc) {
    RtActivation a = rt_activation(f, pc);
    uint32_t depth = 0;
    do collect(c, pc, depth++, a.flags);
    while (rt_activation_up(&a));
}

HOOK("runtime.callers", int64_t, runtime_callers, (int64_t skip, uintptr_t *out, int64_t n, int64_t cap)) {
    (void)cap;
    Collector c = {.out = out, .max = n, .skip = skip};
    RtWalk w = rt_walk_here(__builtin_frame_address(0));
    bool more;
    do {
        const RtFunc *f = rt_func_find(w.pc - 1);
        if (f) collect_frame(&c, f, w.pc);
        more = rt_walk_up(&w);
    } while (c.n < c.max && more);
    if (!more) collect(&c, (uintptr_t)goexit_code + GOEXIT_RETURN, 0, 0);
    return c.n;
}

bool rt_same_line(uintptr_t entry_a, uintptr_t entry_b) {
    Info a = runtime_frame_of(entry_a), b = runtime_frame_of(entry_b);
    return a.line == b.line && rt_string_equal(a.function, b.function);
}

int64_t rt_expand_callers(const uintptr_t *pcs, int64_t n, uintptr_t *out, int64_t max) {
    Collector c = {.out = out, .max = max};
    for (int64_t i = 0; i < n; i++) {
        const RtFunc *f = rt_func_find(pcs[i] - 1);
        if (f) collect_frame(&c, f, pcs[i]);
    }
    return c.n;
}

HOOK("runtime.Breakpoint", void, runtime_breakpoint, (void)) {
#if defined(__x86_64__)
    __asm__ volatile("int3");
#else
    __asm__ volatile("brk 0");
#endif
}
