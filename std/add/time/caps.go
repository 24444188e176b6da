package time

import "internal/rights"

// The local time zone is known to everybody.
//
//go:wraps
func initLocal() {
	defer rights.Restore(rights.Raise(rights.FileRead, rights.EnvRead))
	wrapped_initLocal()
}
