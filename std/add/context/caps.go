package context

import "internal/rights"

// The function runs with the rights of who registers it, whoever ends the context.
//
//go:wraps
func AfterFunc(ctx Context, f func()) (stop func() bool) {
	return wrapped_AfterFunc(ctx, rights.Keep(f))
}
