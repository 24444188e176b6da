/* sockets.c: system calls on sockets that name an address. The kernel is given a copy of the address that was checked. */
#define _GNU_SOURCE
#include "runtime/caps/calls.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

/* What connects by connect alone: SCTP, for one, does it by an option, too. Of local sockets the number says nothing. */
static bool is_plain_protocol(int family, int protocol) {
    enum { MPTCP = 262 };
    if (family == AF_UNIX || protocol == 0) return true;
    return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6 || protocol == MPTCP;
}

/* Sockets that talk to other hosts, or local ones, are harmless until they are used; others see more than that. */
int check_socket(RtCall *c) {
    int family = (int)c->a[0], type = (int)c->a[1] & 0xf;
    bool plain = (family == AF_INET || family == AF_INET6 || family == AF_UNIX) && is_plain_protocol(family, (int)c->a[2]);
    if (!plain || type == SOCK_RAW) return rt_call_need(c, RT_CAP_SYSTEM, RT_STR("socket"), NULL);
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
    if (family == AF_NETLINK) return 0; /* such a socket was the right */
    /* To connect to it takes an address away; elsewhere IPv4 would understand AF_INET. */
    if (family == AF_UNSPEC) return c->num == SYS_connect ? 0 : EAFNOSUPPORT;
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

/* ---- options ---- */

/* Options by which packets take another way, carry marks that firewalls trust, or that change the system's tables: as
 * arguments of setsockopt, and as control messages. */
static bool is_privileged(int level, int option) {
    static const struct { int level, first, last; } options[] = {
        {SOL_SOCKET, 25, 25} /* SO_BINDTODEVICE */, {SOL_SOCKET, 32, 33} /* ...BUFFORCE */, {SOL_SOCKET, 36, 36} /* SO_MARK */,
        {SOL_SOCKET, 50, 50} /* SO_ATTACH_BPF */, {SOL_SOCKET, 52, 52} /* ...REUSEPORT_EBPF */, {SOL_SOCKET, 62, 62} /* SO_BINDTOIFINDEX */,
        {IPPROTO_IP, 4, 4} /* IP_OPTIONS */, {IPPROTO_IP, 7, 7} /* IP_RETOPTS */, {IPPROTO_IP, 16, 17} /* ..._POLICY */,
        {IPPROTO_IP, 19, 19} /* IP_TRANSPARENT */, {IPPROTO_IP, 64, 0xffff} /* netfilter, multicast routing */,
        {IPPROTO_IPV6, 2, 6} /* options of RFC 2292 */, {IPPROTO_IPV6, 34, 35} /* ..._POLICY */, {IPPROTO_IPV6, 54, 59} /* headers */,
        {IPPROTO_IPV6, 64, 65} /* netfilter */, {IPPROTO_IPV6, 75, 75} /* IPV6_TRANSPARENT */, {IPPROTO_IPV6, 200, 0xffff} /* routing */,
        {IPPROTO_TCP, 19, 22} /* TCP_REPAIR... */, {IPPROTO_UDP, 100, 100} /* UDP_ENCAP */,
    };
    for (int i = 0; i < RT_COUNT(options); i++)
        if (options[i].level == level && option >= options[i].first && option <= options[i].last) return true;
    return false;
}

int check_setsockopt(RtCall *c) {
    return is_privileged((int)c->a[1], (int)c->a[2]) ? rt_call_need(c, RT_CAP_SYSTEM, RT_STR("option"), NULL) : 0;
}

/* ---- messages ---- */

/* A message that hands on a descriptor of the runtime's, which its receiver could use. */
static bool sends_kept(const struct cmsghdr *m, size_t room) {
    if (m->cmsg_level != SOL_SOCKET || m->cmsg_type != SCM_RIGHTS) return false;
    const int *fds = (const int *)CMSG_DATA(m);
    for (size_t i = 0; i < (room - CMSG_LEN(0)) / sizeof *fds; i++)
        if (rt_handle_is_kept(fds[i])) return true;
    return false;
}

/* The messages beside the data, copied. */
static int check_control(RtCall *c, struct msghdr *m) {
    size_t n = m->msg_controllen;
    if (!m->msg_control || !n) return 0;
    if (n > sizeof c->text) return EMSGSIZE;
    memcpy(c->text, m->msg_control, n);
    m->msg_control = c->text;
    for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
        size_t room = (size_t)(c->text + n - (char *)h);
        if (h->cmsg_len < CMSG_LEN(0) || h->cmsg_len > room) return EINVAL;
        if (sends_kept(h, h->cmsg_len)) return EBADF;
        if (is_privileged(h->cmsg_level, h->cmsg_type) && rt_call_need(c, RT_CAP_SYSTEM, RT_STR("option"), NULL)) return DENIED;
    }
    return 0;
}

/* The header is copied too: its pointers would be the kernel's otherwise. */
int check_sendmsg(RtCall *c) {
    struct msghdr *m = (struct msghdr *)c->links; /* paths are only taken apart for local addresses, into links[0] never */
    memcpy(m, (const void *)c->a[1], sizeof *m);
    int err = check_control(c, m);
    if (err) return err;
    if (m->msg_name) {
        c->a[4] = (uintptr_t)m->msg_name;
        c->a[5] = m->msg_namelen;
        err = check_address(c, RT_CAP_NETWORK_CONNECT, 4, 5);
        if (err) return err;
        m->msg_name = (void *)c->a[4];
        m->msg_namelen = (socklen_t)c->a[5];
    }
    c->a[1] = (uintptr_t)m;
    return 0;
}
