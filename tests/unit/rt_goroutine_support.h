/* rt_goroutine_support.h: tests that run on goroutines. cmocka stays on its thread, with the goroutine that it runs on;
 * each test of a list made with TEST runs on a goroutine of its own. */
#ifndef GOO_RT_GOROUTINE_SUPPORT_H
#define GOO_RT_GOROUTINE_SUPPORT_H

#include "rt_support.h"
#include "runtime/sched/lock.h"

/* ---- a counter that one goroutine waits on ---- */

typedef struct Wait {
    RtMutex lock;
    int left;
    RtGoroutine *waiter;
} Wait;

static inline void wait_done(Wait *w) {
    rt_mutex_lock(&w->lock);
    RtGoroutine *g = --w->left == 0 ? w->waiter : NULL;
    rt_mutex_unlock(&w->lock);
    if (g) rt_ready(g);
}
static inline bool commit_wait(RtGoroutine *g, void *arg) {
    Wait *w = arg;
    w->waiter = g;
    rt_mutex_unlock(&w->lock);
    return true;
}
static inline void wait_for(Wait *w) {
    rt_mutex_lock(&w->lock);
    if (w->left == 0) rt_mutex_unlock(&w->lock);
    else rt_park(commit_wait, w, RW_SEMACQUIRE);
}

/* ---- cmocka ---- */

typedef struct Body { GoClosure c; void (*test)(void); Wait wait; } Body;

static inline void run_body(Body *b) {
    b->test();
    wait_done(&b->wait);
}

static inline void run_on_goroutine(void **state) {
    Body b = {{(void *)run_body}, (void (*)(void))*state, {.left = 1}};
    rt_go(&b.c);
    wait_for(&b.wait);
}

static inline int start_threads(void **state) {
    start_runtime(state);
    rt_lock_thread();
    return 0;
}

#define TEST(name) {#name, run_on_goroutine, NULL, NULL, (void *)name}

#endif
