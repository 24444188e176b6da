/* single.c: the parts of the scheduler that the heap needs, for a program with one thread and one goroutine.
 *
 * Weak: the scheduler proper defines them, and then this file goes. */
#include "runtime/rt.h"
#include <time.h>

#define SINGLE __attribute__((weak))

SINGLE void rt_stop_world(const char *why) { (void)why; }
SINGLE void rt_start_world(void) {}
SINGLE void rt_on_workers(int n, void (*fn)(void *arg, int worker), void *arg) {
    rt_check(n == 1);
    fn(arg, 0);
}
SINGLE void rt_each_goroutine(void (*fn)(RtGoroutine *g, void *arg), void *arg) { fn(rt_goroutine(), arg); }
SINGLE void rt_each_processor(void (*fn)(RtP *p, void *arg), void *arg) { fn(rt_p(), arg); }
SINGLE int rt_gomaxprocs(void) { return 1; }

SINGLE _Noreturn void rt_park(RtParkCommit *commit, void *arg, RtWait why) {
    (void)commit, (void)arg, (void)why;
    rt_fatal(RT_STR("all goroutines are asleep - deadlock!"));
}
SINGLE void rt_ready(RtGoroutine *g) { (void)g; }
SINGLE void rt_go(GoClosure *fn) {
    (void)fn;
    rt_fatal(RT_STR("goroutines are not supported"));
}

SINGLE int64_t rt_nanotime(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}
