/* coro.c: coroutines, for iter.Pull: a function on a goroutine of its own that takes turns with its callers.
 *
 * Of the two sides of a coroutine one runs and the other is in RtCoro.g, parked. A switch parks the running side and,
 * once it is off its stack, makes the other one ready: next on the same processor, so that a pair of switches is two
 * changes of stacks. The goroutine is made by the first switch: an iterator nobody pulls from costs none. */
#include "runtime/caps/caps.h"
#include "runtime/sync/sync.h"

/* On the heap; touched by the side that runs only. */
struct RtCoro {
    GoClosure start;           /* what the goroutine starts as */
    GoClosure *fn;
    const RtCaps *caps;        /* the rights of who made it, in which it runs */
    RtGoroutine *g;            /* the side that waits; NULL: not started, or over */
    bool started;
};

typedef void CoroFunc(RtCoro *c, GoClosure *env);

/* Ends a coroutine, whether its function returned or the goroutine exits. */
typedef struct Ending { GoClosure closure; RtCoro *c; } Ending;

static void end(Ending *e) {
    RtGoroutine *waiting = e->c->g;
    e->c->g = NULL;
    rt_ready(waiting);
}

static void run(GoClosure *env) {
    RtCoro *c = (RtCoro *)env;
    Ending ending = {{(void *)end}, c};
    RtGoroutine *g = rt_goroutine();
    g->at_exit = &ending.closure;
    ((CoroFunc *)c->fn->code)(c, c->fn);
    g->at_exit = NULL;
    end(&ending);
}

RtCoro *rt_coro_new(GoClosure *fn) {
    RtCoro *c = rt_heap_alloc_words(sizeof *c);
    c->start.code = (void *)run;
    c->fn = fn;
    c->caps = rt_caps_keep(rt_g->caps);
    return c;
}

static bool change_sides(RtGoroutine *g, void *arg) {
    RtCoro *c = arg;
    RtGoroutine *other = c->g;
    c->g = g;
    if (c->started) {
        rt_ready(other);
    } else {
        c->started = true;
        rt_go_here(&c->start, c->caps);
    }
    return true;
}

void rt_coro_switch(RtCoro *c) {
    if (c->started && !c->g) rt_fatal(RT_STR("coroswitch on exited coro"));
    rt_park(change_sides, c, RW_COROUTINE);
}
