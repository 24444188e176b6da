/* sigqueue.h: signals that the program asked for, on their way to package os/signal. */
#ifndef GOO_SIGQUEUE_H
#define GOO_SIGQUEUE_H

#include "runtime/sched/proc.h"

/* The handlers that the runtime always has: broken pipes are errors of system calls, not the end. */
void rt_signals_start(void);
/* From a signal handler: the program gets sig if it wants to. Whether it does. */
bool rt_signal_post(int sig);

/* os/signal.signal_recv: waits for a signal. One goroutine at a time. */
uint32_t rt_signal_receive(void);
void rt_signal_enable(uint32_t sig);   /* from now on sig goes to rt_signal_receive */
void rt_signal_disable(uint32_t sig);  /* sig does what it did at the start */
void rt_signal_ignore(uint32_t sig);
bool rt_signal_ignored(uint32_t sig);
void rt_signal_wait_idle(void);        /* until what was posted before has been received and dealt with */

#endif
