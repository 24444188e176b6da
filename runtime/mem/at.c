/* at.c: allocation from whatever stands behind @: an arena, at once; any other mem.Allocator by a call of its method. */
#include "runtime/mem/arena.h"

extern const GoType type_arena_ptr __asm__("\"type:*goo/mem.Arena\"") __attribute__((weak));

/* Of memory without pointers, for allocators that ask for the type. */
static const GoType plain_type = {.size = 1, .align = 1, .field_align = 1, .kind = GK_UINT8};

RtAt rt_at(void *data, const GoItab *tab) {
    if (tab && tab->type != &type_arena_ptr) return (RtAt){data, tab};
    GoArena *arena = data;
    if (!arena) return rt_at_heap;
    if (!arena->record) arena->record = rt_arena_make(0, 0, 0);
    return (RtAt){arena->record, RT_AT_ARENA};
}

/* mem.Allocator has one method. */
typedef void *AllocMethod(void *self, uintptr_t size, const GoType *type, GoClosure *env);

void *rt_at_alloc_slow(RtAt at, size_t size, const GoType *type) {
    if (at.tab == RT_AT_ARENA) return rt_arena_alloc(at.data, size, type && type->ptr_bytes);
    if (size == 0) return rt_zero_base;
    void *p = ((AllocMethod *)at.tab->fun[0])(at.data, size, type ? type : &plain_type, NULL);
    if (!p) rt_panic_plain(RT_STR("mem: an allocator returned nil"));
    return p;
}

void *rt_new_at(const GoType *type, void *at, const GoItab *tab) {
    return rt_at_alloc(rt_at(at, tab), type->size, type);
}

uintptr_t rt_mem_caller(void) {
    static const char prefix[] = "goo/";
    RtWalk w = rt_walk_here(__builtin_frame_address(0));
    do {
        const RtFunc *f = rt_func_find(w.pc - 1);
        if (f && !(f->flags & (RF_WRAPPER | RF_RUNTIME)) && strncmp((const char *)(uintptr_t)f->name, prefix, sizeof prefix - 1))
            return w.pc;
    } while (rt_walk_up(&w));
    return 0;
}
