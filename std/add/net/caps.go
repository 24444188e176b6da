package net

import (
	"context"
	"internal/itoa"
	"internal/rights"
	"syscall"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Who has the right to a host by its name may connect to what the name was resolved to, once: the addresses that a
// look-up for a connection gives are added to the rights of the goroutine that connects, and of those that help it.

type hostsKey struct{}

//go:wraps
func (d *Dialer) DialContext(ctx context.Context, network, address string) (Conn, error) {
	if rights.Whole(rights.NetworkConnect) || ctx == nil {
		return d.wrapped_DialContext(ctx, network, address)
	}
	hosts := rights.Hosts{Cap: rights.NetworkConnect}
	defer rights.Restore(rights.RaiseToHosts(&hosts))
	return d.wrapped_DialContext(context.WithValue(ctx, hostsKey{}, &hosts), network, address)
}

//go:wraps
func (lc *ListenConfig) Listen(ctx context.Context, network, address string) (Listener, error) {
	if rights.Whole(rights.NetworkListen) || ctx == nil {
		return lc.wrapped_Listen(ctx, network, address)
	}
	hosts := rights.Hosts{Cap: rights.NetworkListen}
	defer rights.Restore(rights.RaiseToHosts(&hosts))
	return lc.wrapped_Listen(context.WithValue(ctx, hostsKey{}, &hosts), network, address)
}

//go:wraps
func (lc *ListenConfig) ListenPacket(ctx context.Context, network, address string) (PacketConn, error) {
	if rights.Whole(rights.NetworkListen) || ctx == nil {
		return lc.wrapped_ListenPacket(ctx, network, address)
	}
	hosts := rights.Hosts{Cap: rights.NetworkListen}
	defer rights.Restore(rights.RaiseToHosts(&hosts))
	return lc.wrapped_ListenPacket(context.WithValue(ctx, hostsKey{}, &hosts), network, address)
}

// settled is r as it is now, since another goroutine may change it; own: a function of the program answers for names.
func (r *Resolver) settled() (now *Resolver, own bool) {
	if r == nil {
		return nil, false
	}
	now = &Resolver{PreferGo: r.PreferGo, StrictErrors: r.StrictErrors, Dial: r.Dial}
	return now, now.Dial != nil
}

// What a function of the program says of a name gives no right to an address.
//
//go:wraps
func (r *Resolver) resolveAddrList(ctx context.Context, op, network, addr string, hint Addr) (addrList, error) {
	hosts, _ := ctx.Value(hostsKey{}).(*rights.Hosts)
	if hosts == nil {
		return r.wrapped_resolveAddrList(ctx, op, network, addr, hint)
	}
	if !rights.May(hosts.Cap) {
		rights.NeedHost(hosts.Cap, op, addr)
	}
	r, own := r.settled()
	named := !own && rights.HasHost(hosts.Cap, withPort(network, addr))
	list, err := r.wrapped_resolveAddrList(ctx, op, network, addr, hint)
	if err != nil {
		return list, err
	}
	// Of several addresses those count that may be reached; other goroutines dial them, where nobody could recover.
	allowed := list[:0:0]
	for _, a := range list {
		if named {
			hosts.Add(a.String())
		} else if _, local := a.(*UnixAddr); !local && !rights.HasHost(hosts.Cap, a.String()) {
			continue
		}
		allowed = append(allowed, a)
	}
	if len(allowed) == 0 && len(list) > 0 {
		denied := withPort(network, addr)
		if own {
			denied = list[0].String()
		}
		rights.NeedHost(hosts.Cap, op, denied)
	}
	return allowed, nil
}

// withPort is addr with the port as a number.
func withPort(network, addr string) string {
	host, service, err := SplitHostPort(addr)
	if err != nil {
		return addr
	}
	port, needsLookup := parsePort(service)
	if needsLookup {
		port, _ = lookupPortMap(network, service)
	}
	return JoinHostPort(host, itoa.Uitoa(uint(max(port, 0))))
}

// lookupIPAddr and lookupHost are where look-ups of addresses come by.
//
//go:wraps
func (r *Resolver) lookupIPAddr(ctx context.Context, network, host string) ([]IPAddr, error) {
	r, before := r.mayLookUp(host)
	defer rights.Restore(before)
	return r.wrapped_lookupIPAddr(ctx, network, host)
}

//go:wraps
func (r *Resolver) lookupHost(ctx context.Context, host string) (addrs []string, err error) {
	r, before := r.mayLookUp(host)
	defer rights.Restore(before)
	return r.wrapped_lookupHost(ctx, host)
}

// mayLookUp checks the right to a host's name, and adds what resolving it takes, by the resolver that it returns.
func (r *Resolver) mayLookUp(host string) (by *Resolver, before rights.Set) {
	if rights.Whole(rights.NetworkConnect) && rights.Whole(rights.FileRead) && rights.Whole(rights.EnvRead) {
		return r, rights.RaiseTo("")
	}
	if host != "" && ParseIP(host) == nil && !rights.HasName(host) {
		rights.NeedHost(rights.NetworkConnect, "lookup", host)
	}
	by, own := r.settled()
	if own {
		return by, rights.RaiseTo("")
	}
	return by, rights.RaiseTo(lookupRights())
}

// Servers are asked by goroutines of their own, where nobody could recover: what they may not reach is an error.
//
//go:wraps
func (r *Resolver) exchange(ctx context.Context, server string, q dnsmessage.Question, timeout time.Duration, useTCP, ad bool) (dnsmessage.Parser, dnsmessage.Header, error) {
	if !rights.Whole(rights.NetworkConnect) && (r == nil || r.Dial == nil) && !rights.HasHost(rights.NetworkConnect, server) {
		return dnsmessage.Parser{}, dnsmessage.Header{}, syscall.EPERM
	}
	return r.wrapped_exchange(ctx, server, q, timeout, useTCP, ad)
}

const lookupFiles = `file.read("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/mdns.allow", "/etc/services", "/etc/protocols"),` +
	` env.read("LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES")`

// lookupRights are what it takes to resolve names: the system's tables and its name servers.
func lookupRights() string {
	list := lookupFiles
	for _, server := range getSystemDNSConfig().servers {
		list += `, network.connect("` + server + `")`
	}
	return list
}

// Checked here, a connection that is not allowed leaves no socket behind.
//
//go:wraps
func internetSocket(ctx context.Context, net string, laddr, raddr sockaddr, sotype, proto int, mode string, ctrlCtxFn func(context.Context, string, string, syscall.RawConn) error) (fd *netFD, err error) {
	if mode == "dial" && raddr != nil && !rights.Whole(rights.NetworkConnect) {
		needAddress(rights.NetworkConnect, "connect", raddr)
	}
	if mode == "listen" && laddr != nil && !rights.Whole(rights.NetworkListen) {
		needAddress(rights.NetworkListen, "listen", laddr)
	}
	return wrapped_internetSocket(ctx, net, laddr, raddr, sotype, proto, mode, ctrlCtxFn)
}

// needAddress checks what the system calls will be given.
func needAddress(cap int, op string, a sockaddr) {
	family := syscall.AF_INET6
	if a.family() == syscall.AF_INET {
		family = syscall.AF_INET
	}
	sa, err := a.sockaddr(family)
	if err != nil {
		return // the call will fail
	}
	switch sa := sa.(type) {
	case *syscall.SockaddrInet4:
		rights.NeedHost(cap, op, JoinHostPort(IP(sa.Addr[:]).String(), itoa.Uitoa(uint(sa.Port))))
	case *syscall.SockaddrInet6:
		rights.NeedHost(cap, op, JoinHostPort(IP(sa.Addr[:]).String(), itoa.Uitoa(uint(sa.Port))))
	}
}

// The system's tables are known to everybody.

//go:wraps
func (c *nsswitchConfig) tryUpdate() {
	defer rights.Restore(rights.Raise(rights.FileRead))
	c.wrapped_tryUpdate()
}

//go:wraps
func (conf *resolverConfig) tryUpdate(name string) {
	defer rights.Restore(rights.Raise(rights.FileRead))
	conf.wrapped_tryUpdate(name)
}

//go:wraps
func readServices() {
	defer rights.Restore(rights.Raise(rights.FileRead))
	wrapped_readServices()
}

//go:wraps
func maxListenerBacklog() int {
	defer rights.Restore(rights.Raise(rights.FileRead))
	return wrapped_maxListenerBacklog()
}
