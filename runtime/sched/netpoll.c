/* netpoll.c: the network poller: one epoll instance, edge-triggered, that idle threads wait on (idle.c).
 *
 * A descriptor is watched for reading and writing from open to close. An edge sets `ready` of a side and wakes the
 * goroutine that waits there; internal/poll clears `ready` before it tries the operation, so an edge that comes
 * between the failed attempt and the wait is not lost. Deadlines are timers, one a side.
 *
 * Records are never freed but used again; the event's data has the low bits of a count that changes with every use, so
 * that an event fetched before a close does not reach the next owner of the record. The lock of a record protects all
 * of it; timers' and scheduler's locks are taken inside of it. */
#include "runtime/sched/netpoll.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    EVENTS = 128,      /* fetched at a time */
    USE_SHIFT = 48,    /* where in an event's data the use count stands, above the address */
};

/* One direction of a descriptor. */
typedef struct Side {
    RtTimer timer;         /* first: the deadline's */
    RtPoll *poll;
    bool ready;
    RtGoroutine *waiter;
    int64_t deadline;      /* 0: none, < 0: passed */
} Side;

struct RtPoll {
    RtMutex lock;
    uint16_t use;
    bool closing;
    bool broken;           /* the last event reported nothing but an error */
    int fd;
    Side read, write;
    RtPoll *link;          /* in the list of free records */
};

static struct {
    RtMutex lock;
    RtPoll *free;
    int epoll, wake;       /* descriptors; -1: not started. epoll is read without the lock; atomic */
    uint32_t waiters;      /* atomic: goroutines in rt_poll_wait */
    bool woken;            /* atomic: something is in the wake descriptor, or about to be */
} poller = {.epoll = -1, .wake = -1};

static int epoll_of_poller(void) { return __atomic_load_n(&poller.epoll, __ATOMIC_ACQUIRE); }

bool rt_poll_wanted(void) { return __atomic_load_n(&poller.waiters, __ATOMIC_SEQ_CST) > 0; }
bool rt_poll_is_own(int fd) { return fd >= 0 && (fd == epoll_of_poller() || fd == poller.wake); }

void rt_poll_start(void) {
    rt_mutex_lock(&poller.lock);
    if (poller.epoll < 0) {
        int epoll = epoll_create1(EPOLL_CLOEXEC);
        poller.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        struct epoll_event e = {.events = EPOLLIN};
        if (epoll < 0 || poller.wake < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, poller.wake, &e) != 0)
            rt_fatal(RT_STR("runtime: cannot start the network poller"));
        __atomic_store_n(&poller.epoll, epoll, __ATOMIC_RELEASE);
        rt_note_set(&rt_sched.sleep); /* a thread that waits for timers only waits here from now on */
    }
    rt_mutex_unlock(&poller.lock);
}

/* ---- waking ---- */

/* Takes the goroutine that waits on a side, if there is one. Lock held. */
static RtGoroutine *take_waiter(Side *s) {
    RtGoroutine *g = s->waiter;
    s->waiter = NULL;
    if (g) __atomic_fetch_sub(&poller.waiters, 1, __ATOMIC_SEQ_CST);
    return g;
}

static void ready_all(RtGoroutine *a, RtGoroutine *b) {
    if (a) rt_ready(a);
    if (b) rt_ready(b);
}

static void deadline_passed(RtTimer *t, int64_t now) {
    Side *s = (Side *)t;
    RtPoll *p = s->poll;
    RtGoroutine *g = NULL;
    rt_mutex_lock(&p->lock);
    if (s->deadline > 0 && s->deadline <= now) { /* otherwise it was changed just now */
        s->deadline = -1;
        g = take_waiter(s);
    }
    rt_mutex_unlock(&p->lock);
    ready_all(g, NULL);
}

/* ---- internal/poll ---- */

static Side *side_of(RtPoll *p, int64_t mode) { return mode == PM_READ ? &p->read : &p->write; }

static RtPoll *take_record(void) {
    rt_mutex_lock(&poller.lock);
    RtPoll *p = poller.free;
    if (p) poller.free = p->link;
    rt_mutex_unlock(&poller.lock);
    return p ? p : rt_persistent(sizeof *p);
}

static void give_record(RtPoll *p) {
    rt_mutex_lock(&poller.lock);
    p->link = poller.free;
    poller.free = p;
    rt_mutex_unlock(&poller.lock);
}

int rt_poll_open(int fd, RtPoll **poll) {
    RtPoll *p = take_record();
    rt_mutex_lock(&p->lock);
    p->fd = fd;
    p->closing = p->broken = false;
    p->read.ready = p->write.ready = false;
    p->read.deadline = p->write.deadline = 0;
    p->read.poll = p->write.poll = p;
    p->read.timer.fire = p->write.timer.fire = deadline_passed;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
    e.data.u64 = (uint64_t)(uintptr_t)p | (uint64_t)p->use << USE_SHIFT;
    rt_mutex_unlock(&p->lock);
    *poll = p;
    if (epoll_ctl(epoll_of_poller(), EPOLL_CTL_ADD, fd, &e) == 0) return 0;
    int error = errno;
    give_record(p);
    return error;
}

void rt_poll_close(RtPoll *p) {
    rt_mutex_lock(&p->lock);
    rt_check(p->closing && !p->read.waiter && !p->write.waiter);
    p->use++;
    rt_mutex_unlock(&p->lock);
    struct epoll_event unused = {0};
    epoll_ctl(epoll_of_poller(), EPOLL_CTL_DEL, p->fd, &unused);
    give_record(p);
}

/* Why an operation cannot go on. Lock held. */
static RtPollError error_of(const RtPoll *p, const Side *s) {
    if (p->closing) return PE_CLOSING;
    if (s->deadline < 0) return PE_TIMEOUT;
    return s == &p->read && p->broken ? PE_NOT_POLLABLE : PE_NONE;
}

RtPollError rt_poll_reset(RtPoll *p, int64_t mode) {
    rt_mutex_lock(&p->lock);
    Side *s = side_of(p, mode);
    RtPollError error = error_of(p, s);
    if (!error) s->ready = false;
    rt_mutex_unlock(&p->lock);
    return error;
}

static bool commit_wait(RtGoroutine *g, void *arg) {
    Side *s = arg;
    RtPoll *p = s->poll;
    s->waiter = g;
    /* Counted before the goroutine can be woken, and before this thread looks whether it is to wait for files. */
    __atomic_fetch_add(&poller.waiters, 1, __ATOMIC_SEQ_CST);
    rt_mutex_unlock(&p->lock);
    return true;
}

RtPollError rt_poll_wait(RtPoll *p, int64_t mode) {
    Side *s = side_of(p, mode);
    for (;;) {
        rt_mutex_lock(&p->lock);
        RtPollError error = error_of(p, s);
        if (error || s->ready) {
            if (!error) s->ready = false;
            rt_mutex_unlock(&p->lock);
            return error;
        }
        rt_check(!s->waiter);
        rt_park(commit_wait, s, RW_IO);
    }
}

/* Returns who gives up for it. Lock held. */
static RtGoroutine *set_deadline(Side *s, int64_t ns) {
    int64_t now = rt_nanotime();
    s->deadline = ns > 0 ? rt_time_after(now, ns) : ns;
    if (s->deadline > 0) rt_timer_set(&s->timer, s->deadline);
    else rt_timer_clear(&s->timer);
    return s->deadline < 0 ? take_waiter(s) : NULL;
}

void rt_poll_set_deadline(RtPoll *p, int64_t ns, int64_t mode) {
    RtGoroutine *reader = NULL, *writer = NULL;
    rt_mutex_lock(&p->lock);
    if (!p->closing) {
        if (mode != PM_WRITE) reader = set_deadline(&p->read, ns);
        if (mode != PM_READ) writer = set_deadline(&p->write, ns);
    }
    rt_mutex_unlock(&p->lock);
    ready_all(reader, writer);
}

void rt_poll_unblock(RtPoll *p) {
    rt_mutex_lock(&p->lock);
    rt_check(!p->closing);
    p->closing = true;
    rt_timer_clear(&p->read.timer);
    rt_timer_clear(&p->write.timer);
    RtGoroutine *reader = take_waiter(&p->read), *writer = take_waiter(&p->write);
    rt_mutex_unlock(&p->lock);
    ready_all(reader, writer);
}

/* ---- the scheduler ---- */

static void set_ready(Side *s, RtQueue *ready) {
    s->ready = true;
    RtGoroutine *g = take_waiter(s);
    if (g) rt_queue_add(ready, g);
}

static void handle_event(const struct epoll_event *e, RtQueue *ready) {
    RtPoll *p = (RtPoll *)(uintptr_t)(e->data.u64 & ((UINT64_C(1) << USE_SHIFT) - 1));
    if (!p) { /* the wake descriptor */
        uint64_t count;
        __atomic_store_n(&poller.woken, false, __ATOMIC_SEQ_CST);
        ssize_t n = read(poller.wake, &count, sizeof count);
        (void)n; /* nothing there: another thread has read it */
        return;
    }
    rt_mutex_lock(&p->lock);
    if (p->use == e->data.u64 >> USE_SHIFT) {
        p->broken = e->events == EPOLLERR;
        if (e->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) set_ready(&p->read, ready);
        if (e->events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) set_ready(&p->write, ready);
    }
    rt_mutex_unlock(&p->lock);
}

/* epoll_pwait2 takes nanoseconds; kernels before 5.11 do not have it. */
static int wait_for_events(int epoll, struct epoll_event *events, int64_t ns) {
    struct timespec limit = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    int n = (int)syscall(SYS_epoll_pwait2, epoll, events, EVENTS, ns < 0 ? NULL : &limit, NULL, 0);
    if (n >= 0 || errno != ENOSYS) return n;
    int64_t ms = ns / 1000000 + (ns % 1000000 > 0);
    return epoll_wait(epoll, events, EVENTS, ns < 0 ? -1 : ms > INT32_MAX ? INT32_MAX : (int)ms);
}

bool rt_poll(int64_t ns, RtQueue *ready) {
    struct epoll_event events[EVENTS];
    int epoll = epoll_of_poller();
    if (epoll < 0) return false;
    int n = wait_for_events(epoll, events, ns);
    for (int i = 0; i < n; i++) handle_event(&events[i], ready);
    return true;
}

void rt_poll_wake(void) {
    uint64_t one = 1;
    if (epoll_of_poller() < 0 || __atomic_exchange_n(&poller.woken, true, __ATOMIC_SEQ_CST)) return;
    ssize_t n = write(poller.wake, &one, sizeof one);
    (void)n; /* full: it is readable */
}
