package mime

import "internal/rights"

// The system's table of types is known to everybody.
//
//go:wraps
func initMime() {
	defer rights.Restore(rights.Raise(rights.FileRead))
	wrapped_initMime()
}
