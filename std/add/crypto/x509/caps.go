package x509

import "internal/rights"

// The system's certificates are known to everybody who verifies one.
//
//go:wraps
func loadSystemRoots() (*CertPool, error) {
	defer rights.Restore(rights.Raise(rights.FileRead, rights.EnvRead))
	return wrapped_loadSystemRoots()
}
