/* calls.h: a system call of compiled code on its way to the kernel. Inside of caps/ only. */
#ifndef GOO_CAPS_CALLS_H
#define GOO_CAPS_CALLS_H

#include "runtime/caps/caps.h"

enum { CALL_PATHS = 2, CALL_COPY = 256, NONE = -1 };

/* The call, and what the kernel is given instead of the caller's memory, which another thread may change. */
typedef struct RtCall {
    uintptr_t num, a[6];
    const char *name;
    bool blocks;               /* the kernel may keep the thread: others get the processor meanwhile */
    bool done;                 /* the check has made the call itself: */
    long result;               /* ... with this result, an error number when negative */
    RtResource denied;         /* what is missing when a check fails */
    RtPath paths[CALL_PATHS];
    int npaths;
    int ends;                  /* a descriptor that the call closes or replaces; NONE */
    int objects[CALL_PATHS], nobjects; /* handles to be closed behind the call */
    char links[CALL_PATHS][512];       /* what stands for paths: of handles, in /proc/self/fd */
    char text[RT_PATH];        /* of a resource */
    uint8_t copy[CALL_COPY];   /* of an address */
    RtNet net;
    char net_text[RT_NET_TEXT];
} RtCall;

/* What checks return: 0, the call may be made; DENIED; or an error number that the caller gets. */
enum { DENIED = -1 };
typedef int RtCheck(RtCall *c);

/* ---- calls.c ---- */
bool rt_call_has(int cap);                              /* for every resource, and no one is watching */
int rt_call_need(RtCall *c, int cap, GoString text, const RtNet *net);
/* Replaces argument `path` by a handle of what it leads to, and checks that for the capabilities in mask. */
int rt_call_path(RtCall *c, RtCapMask mask, int path, int dir, bool follow);
/* Takes a path apart, into c->paths[at], without checking it. */
int rt_call_take(RtCall *c, RtCapMask mask, int at, int path, int dir, bool follow);
long rt_call_kernel(const RtCall *c, uintptr_t num, const uintptr_t a[6]); /* the result, negative: an error number */
/* "/proc/self/fd/" + fd; returns its length. */
size_t rt_call_fd_link(char *to, int fd);

/* Panics unless the running goroutine may start the program at that path. */
void rt_call_need_program(GoString path);

/* ---- callers.c ---- */
/* Whether it was Go's library that asked for a system call, seen from the frame of a function that makes it. */
bool rt_call_by_library(void *frame);

/* ---- sockets.c ---- */
RtCheck check_socket, check_connect, check_bind, check_listen, check_sendto, check_sendmsg, check_setsockopt;
/* ---- processes.c ---- */
RtCheck check_execve, check_execveat, check_kill, check_pidfd_open, check_pidfd_send, check_prlimit;

#endif
