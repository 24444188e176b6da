/* netpoll.h: waiting for files and sockets without a thread each. */
#ifndef GOO_NETPOLL_H
#define GOO_NETPOLL_H

#include "runtime/sched/proc.h"

/* ---- for internal/poll ---- */
typedef struct RtPoll RtPoll;
typedef enum RtPollError { PE_NONE, PE_CLOSING, PE_TIMEOUT, PE_NOT_POLLABLE } RtPollError; /* internal/poll's numbers */
/* Which operation waits: 'r', 'w', or for deadlines 'r' + 'w'. */
enum { PM_READ = 'r', PM_WRITE = 'w' };

void rt_poll_start(void);                       /* any number of times */
/* Watches fd. Returns 0 and what stands for it, outside of the heap; or an errno: it cannot be watched. */
int rt_poll_open(int fd, RtPoll **poll);
void rt_poll_close(RtPoll *poll);               /* nobody waits; before fd is closed */
/* Before an operation: forgets that fd was ready. */
RtPollError rt_poll_reset(RtPoll *poll, int64_t mode);
/* Parks until fd is ready, the deadline passes, or the file is closed. */
RtPollError rt_poll_wait(RtPoll *poll, int64_t mode);
/* ns from now; 0: none, < 0: passed. */
void rt_poll_set_deadline(RtPoll *poll, int64_t ns, int64_t mode);
void rt_poll_unblock(RtPoll *poll);             /* the file is being closed: all that wait give up */
bool rt_poll_is_own(int fd);                    /* one of the poller's own descriptors */

/* ---- for the scheduler ---- */
bool rt_poll_wanted(void);                      /* goroutines wait for files */
/* Adds the goroutines whose files are ready, no longer waiting but in no queue yet, to *ready. Waits for one at most ns
 * nanoseconds (< 0: for ever), or until rt_poll_wake. One thread at a time waits. False: there is no poller. */
bool rt_poll(int64_t ns, RtQueue *ready);
void rt_poll_wake(void);

#endif
