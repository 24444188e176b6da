package exec

import (
	"internal/rights"
	"strings"
)

// Which program a name stands for may be known to who may start one.
//
//go:wraps
func LookPath(file string) (string, error) {
	if !rights.Whole(rights.EnvRead) || !rights.Whole(rights.FileRead) {
		if !strings.Contains(file, "/") && rights.May(rights.ProcessExec) {
			defer rights.Restore(rights.Raise(rights.EnvRead, rights.FileRead))
		}
	}
	return wrapped_LookPath(file)
}
