/* processes.c: system calls that start programs and signal processes. */
#define _GNU_SOURCE
#include "runtime/caps/calls.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- exec ---- */

static bool was_given(const char *setting) {
    extern char **rt_envp;
    for (char **e = rt_envp; e && *e; e++)
        if (!strcmp(*e, setting)) return true;
    return false;
}

/* Variables by which the dynamic linker loads other code into the program: setting one takes the right to. */
static int check_environment(RtCall *c, uintptr_t list) {
    for (char **e = (char **)list; e && *e; e++) {
        if (strncmp(*e, "LD_", 3) || was_given(*e)) continue;
        size_t n = strcspn(*e, "=");
        if (n >= RT_PATH) return E2BIG;
        memcpy(c->text, *e, n);
        if (rt_call_need(c, RT_CAP_ENV_WRITE, (GoString){(const uint8_t *)c->text, (int64_t)n}, NULL)) return DENIED;
    }
    return 0;
}

/* By the text of where the program is, since scripts are opened again by their interpreter. Who can change that path
 * between check and call can also change the program. */
static int check_program(RtCall *c, int path, int dir, bool follow, int env) {
    if (rt_call_has(RT_CAP_PROCESS_EXEC) && rt_call_has(RT_CAP_ENV_WRITE)) return 0;
    int err = rt_call_take(c, rt_cap_bit(RT_CAP_PROCESS_EXEC), 0, path, dir, follow);
    if (err) return err;
    RtPath *p = &c->paths[0];
    if (rt_call_need(c, RT_CAP_PROCESS_EXEC, (GoString){(const uint8_t *)p->text, (int64_t)p->len}, NULL)) return DENIED;
    c->a[path] = (uintptr_t)p->text;
    return check_environment(c, c->a[env]);
}

int check_execve(RtCall *c) { return check_program(c, 0, NONE, true, 2); }

int check_execveat(RtCall *c) {
    if (c->a[4] & AT_EMPTY_PATH) { /* a handle: of what program, nobody can say */
        c->a[1] = (uintptr_t)"";
        if (rt_call_need(c, RT_CAP_PROCESS_EXEC, RT_STR(""), NULL)) return DENIED;
        return check_environment(c, c->a[3]);
    }
    return check_program(c, 1, 0, !(c->a[4] & AT_SYMLINK_NOFOLLOW), 3);
}

/* ---- signals ---- */

static GoString number(RtCall *c, int64_t v) {
    uint8_t *end = (uint8_t *)c->text + 32, *p = rt_format_uint(end, (uint64_t)(v < 0 ? -v : v));
    if (v < 0) *--p = '-';
    return (GoString){p, end - p};
}

int check_kill(RtCall *c) { return rt_call_need(c, RT_CAP_PROCESS_SIGNAL, number(c, (int)c->a[0]), NULL); }

int check_pidfd_open(RtCall *c) {
    if ((int)c->a[0] == getpid()) return 0;
    return rt_call_need(c, RT_CAP_PROCESS_SIGNAL, number(c, (int)c->a[0]), NULL);
}

/* A handle of a process that was started with it may be used. Folders of /proc are accepted by the kernel too. */
int check_pidfd_send(RtCall *c) {
    if (rt_call_has(RT_CAP_PROCESS_SIGNAL) || (int)c->a[0] < 0) return 0;
    int n = rt_path_of_fd((int)c->a[0], c->text);
    if (n > 0 && !strcmp(c->text, "anon_inode:[pidfd]")) return 0;
    return rt_call_need(c, RT_CAP_PROCESS_SIGNAL, RT_STR(""), NULL);
}

/* ---- limits ---- */

int check_prlimit(RtCall *c) {
    bool own = c->a[0] == 0 || (int)c->a[0] == getpid();
    if (own && (!c->a[2] || c->a[1] == RLIMIT_NOFILE)) return 0;
    return rt_call_need(c, RT_CAP_SYSTEM, RT_STR(""), NULL);
}
