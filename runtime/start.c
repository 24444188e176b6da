/* start.c: thread-local state, and readying it. Nothing here is proportional to the size of the program. */
#include "runtime/hash.h"

__thread RtG *rt_g;
__thread RtThread rt_thread;

void rt_start(RtGoroutine *g) {
    rt_hash_start();
    rt_g = &g->g;
}
