/* background.c: goroutines of the collector. */
#include "runtime/caps/caps.h"
#include "runtime/heap/background.h"

static bool wait_to_be_asked(RtGoroutine *g, void *arg) {
    RtBackground *b = arg;
    bool waits = !b->asked;
    if (waits) b->waiting = g;
    rt_spin_unlock(&b->lock);
    return waits;
}

/* The goroutine is the runtime's own: programs do not see it in their number of goroutines. */
static void become_system(void) {
    RtP *p = rt_p();
    rt_goroutine()->system = true;
    __atomic_store_n(&p->ended, p->ended + 1, __ATOMIC_RELAXED);
}

static void run(GoClosure *env) {
    RtBackground *b = (RtBackground *)env;
    become_system();
    for (;;) {
        rt_spin_lock(&b->lock);
        bool asked = b->asked;
        b->asked = false;
        if (!asked) {
            rt_park(wait_to_be_asked, b, RW_FINALIZER);
            continue;
        }
        rt_spin_unlock(&b->lock);
        b->work();
    }
}

void rt_background_ask(RtBackground *b) {
    rt_spin_lock(&b->lock);
    bool start = !b->started;
    b->started = b->asked = true;
    RtGoroutine *g = b->waiting;
    b->waiting = NULL;
    rt_spin_unlock(&b->lock);
    if (start) {
        b->start.code = (void *)run;
        rt_go_here(&b->start, rt_caps_root);
    } else if (g) {
        rt_ready(g);
    }
}

bool rt_background_is_idle(RtBackground *b) {
    rt_spin_lock(&b->lock);
    bool idle = !b->asked && (!b->started || b->waiting);
    rt_spin_unlock(&b->lock);
    return idle;
}
