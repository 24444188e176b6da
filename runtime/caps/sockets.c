/* sockets.c: system calls on sockets that name an address. The kernel is given a copy of the address that was checked. */
#define _GNU_SOURCE
#include "runtime/caps/calls.h"
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Sockets that talk to other hosts, or local ones, are harmless until they are used; others see more than that. */
int check_socket(RtCall *c) {
    int family = (int)c->a[0], type = (int)c->a[1] & 0xf;
    bool plain = family == AF_INET || family == AF_INET6 || family == AF_UNIX || family == AF_NETLINK;
    if (!plain || (type == SOCK_RAW && family != AF_NETLINK)) return rt_call_need(c, RT_CAP_SYSTEM, RT_STR("socket"), NULL);
    const RtCaps *set = rt_g->caps;
    if (!set || (set->may & RT_CAPS_NETWORK)) return 0;
    return rt_call_need(c, RT_CAP_NETWORK_CONNECT, RT_STR(""), NULL);
}

/* A local socket's path: of a handle, so that it is the one that was checked. */
static int local_address(RtCall *c, int cap, int address, int size) {
    struct sockaddr_un *un = (struct sockaddr_un *)c->copy;
    char path[sizeof un->sun_path + 1];
    size_t n = (size_t)c->net.host.len;
    if (n == 0 || !c->net.host.ptr[0]) return rt_call_need(c, cap, rt_net_text(&c->net, c->net_text), &c->net);
    memcpy(path, un->sun_path, n);
    path[n] = 0;
    c->a[address] = (uintptr_t)path;
    int err = rt_call_take(c, rt_cap_bit(cap), 0, address, NONE, cap == RT_CAP_NETWORK_CONNECT);
    if (err) return err;
    RtPath *p = &c->paths[0];
    c->net.host = (GoString){(const uint8_t *)p->text, (int64_t)p->len};
    if (rt_call_need(c, cap, rt_net_text(&c->net, c->net_text), &c->net)) return DENIED;
    if (strlen(p->name) + 32 > sizeof un->sun_path) return ENAMETOOLONG;
    n = rt_call_fd_link(un->sun_path, p->dir);
    un->sun_path[n++] = '/';
    strcpy(un->sun_path + n, p->name);
    n += strlen(p->name);
    c->a[address] = (uintptr_t)un;
    c->a[size] = offsetof(struct sockaddr_un, sun_path) + n + 1;
    return 0;
}

/* The address in argument `address`, whose size is argument `size`. */
static int check_address(RtCall *c, int cap, int address, int size) {
    if (rt_call_has(cap)) return 0;
    size_t n = c->a[size];
    if (n > sizeof c->copy) return EINVAL;
    rt_copy(c->copy, (const void *)c->a[address], n);
    c->a[address] = (uintptr_t)c->copy;
    sa_family_t family = n >= sizeof family ? *(sa_family_t *)c->copy : AF_UNSPEC;
    if (family == AF_UNSPEC || family == AF_NETLINK) return 0; /* takes an address away; the kernel itself */
    if (!rt_net_of_socket(c->copy, n, &c->net)) return rt_call_need(c, RT_CAP_SYSTEM, RT_STR("address"), NULL);
    if (c->net.kind == NET_UNIX) return local_address(c, cap, address, size);
    return rt_call_need(c, cap, rt_net_text(&c->net, c->net_text), &c->net);
}

int check_connect(RtCall *c) { return check_address(c, RT_CAP_NETWORK_CONNECT, 1, 2); }

/* Before it connects, a socket may choose any address with a port of the kernel's choice. */
int check_bind(RtCall *c) {
    RtNet n;
    const RtCaps *set = rt_g->caps;
    uint8_t copy[CALL_COPY];
    if (rt_call_has(RT_CAP_NETWORK_LISTEN)) return 0;
    if (set && (set->may & rt_cap_bit(RT_CAP_NETWORK_CONNECT)) && !(set->may & rt_cap_bit(RT_CAP_NETWORK_LISTEN)) && c->a[2] <= sizeof copy) {
        rt_copy(copy, (const void *)c->a[1], c->a[2]);
        if (rt_net_of_socket(copy, c->a[2], &n) && n.kind != NET_UNIX && n.low == 0) {
            memcpy(c->copy, copy, sizeof copy);
            c->a[1] = (uintptr_t)c->copy;
            return 0;
        }
    }
    return check_address(c, RT_CAP_NETWORK_LISTEN, 1, 2);
}

int check_listen(RtCall *c) {
    if (rt_call_has(RT_CAP_NETWORK_LISTEN)) return 0;
    socklen_t n = sizeof c->copy;
    if (getsockname((int)c->a[0], (struct sockaddr *)c->copy, &n)) return errno;
    if (!rt_net_of_socket(c->copy, n, &c->net)) return rt_call_need(c, RT_CAP_NETWORK_LISTEN, RT_STR(""), NULL);
    if (c->net.kind == NET_UNIX) { /* it was bound by a handle of its folder: that was the check */
        const RtCaps *set = rt_g->caps;
        if (set && (set->may & rt_cap_bit(RT_CAP_NETWORK_LISTEN))) return 0;
    }
    return rt_call_need(c, RT_CAP_NETWORK_LISTEN, rt_net_text(&c->net, c->net_text), &c->net);
}

int check_sendto(RtCall *c) { return c->a[4] ? check_address(c, RT_CAP_NETWORK_CONNECT, 4, 5) : 0; }

/* The header is copied too: its pointer to the address would be the kernel's otherwise. */
int check_sendmsg(RtCall *c) {
    if (rt_call_has(RT_CAP_NETWORK_CONNECT)) return 0;
    struct msghdr *m = (struct msghdr *)c->links; /* paths are only taken apart for local addresses, into links[0] never */
    memcpy(m, (const void *)c->a[1], sizeof *m);
    if (m->msg_name) {
        c->a[4] = (uintptr_t)m->msg_name;
        c->a[5] = m->msg_namelen;
        int err = check_address(c, RT_CAP_NETWORK_CONNECT, 4, 5);
        if (err) return err;
        m->msg_name = (void *)c->a[4];
        m->msg_namelen = (socklen_t)c->a[5];
    }
    c->a[1] = (uintptr_t)m;
    return 0;
}

/* Many messages at once, each with an address: only for who may send anywhere. */
int check_sendmmsg(RtCall *c) { return rt_call_need(c, RT_CAP_NETWORK_CONNECT, RT_STR(""), NULL); }
