package http

import (
	"context"
	"goo/caps"
	"internal/rights"
	"net"
	"net/url"
)

// A request's right is checked by the goroutine that makes it: also when a connection is there already.
//
//go:wraps
func (t *Transport) roundTrip(req *Request) (*Response, error) {
	if !rights.Whole(rights.NetworkConnect) && req.URL != nil {
		if addr := canonicalAddr(req.URL); !rights.HasName(req.URL.Hostname()) {
			rights.NeedHost(rights.NetworkConnect, "request", addr)
		}
	}
	return t.wrapped_roundTrip(req)
}

// Connections are made by goroutines of their own, where nobody could recover: what they may not reach is an error.
//
//go:wraps
func (t *Transport) dial(ctx context.Context, network, addr string) (c net.Conn, err error) {
	if !rights.Whole(rights.NetworkConnect) {
		defer func() {
			if v := recover(); v != nil {
				denied, ok := v.(*caps.Error)
				if !ok {
					panic(v)
				}
				c, err = nil, denied
			}
		}()
	}
	return t.wrapped_dial(ctx, network, addr)
}

// The proxy that the environment names is known to everybody.
//
//go:wraps
func ProxyFromEnvironment(req *Request) (*url.URL, error) {
	defer rights.Restore(rights.Raise(rights.EnvRead))
	return wrapped_ProxyFromEnvironment(req)
}
