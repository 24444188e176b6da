/* local.c: go @alloc(arena): goroutines with an arena of their own, released when they end; tasks, when their function
 * has returned or panicked (std/goo/task). */
#include "runtime/hooks/hooks.h"
#include "runtime/mem/arena.h"

typedef struct Start { GoClosure self; GoClosure *fn; uintptr_t at; } Start;

/* What such a goroutine runs. */
static void run_with_arena(GoClosure *self) {
    const Start *s = (const Start *)self;
    GoClosure *fn = s->fn;
    RtArenaFrame f;
    GoArena *arena = rt_heap_alloc_words(sizeof *arena);
    arena->record = rt_heap_alloc_words(sizeof *arena->record);
    rt_arena_begin(arena->record, &f, 0, NULL);
    f.began = s->at;
    rt_goroutine()->local = arena;
    ((void (*)(GoClosure *))fn->code)(fn);
    rt_goroutine()->local = NULL;
    rt_g->arenas = f.outer;
    rt_arena_release(arena->record, RR_GUARDED, f.began, true);
}

RT_NO_SPLIT void rt_go_arena(GoClosure *fn) {
    uintptr_t at = (uintptr_t)__builtin_return_address(0);
    if (RT_UNLIKELY(!fn)) rt_fatal(RT_STR("go of nil func value"));
    Start *s = rt_heap_alloc_words(sizeof *s);
    *s = (Start){{(void *)run_with_arena}, fn, at};
    rt_go_from(&s->self, at);
}

/* ---- tasks: what package goo/task wants ---- */

HOOK("goo/task.goStatement", uintptr_t, task_go_statement, (void)) { return rt_mem_caller(); }

HOOK("goo/task.enterArena", GoArena *, task_enter_arena, (void)) {
    GoArena *arena = rt_heap_alloc_words(sizeof *arena);
    arena->record = rt_arena_make(0, 0, RA_BLOCK);
    rt_goroutine()->local = arena;
    return arena;
}

HOOK("goo/task.leaveArena", void, task_leave_arena, (GoArena *arena, uintptr_t at)) {
    rt_goroutine()->local = NULL;
    rt_arena_release(arena->record, RR_GUARDED, at, true);
}
