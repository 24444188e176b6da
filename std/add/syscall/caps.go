package syscall

import (
	_ "goo/caps" // the type of the panic
	"internal/rights"
)

// The environment is the program's own memory: these are where it is given out.

//go:wraps
func Getenv(key string) (value string, found bool) {
	if !rights.Whole(rights.EnvRead) {
		rights.Need(rights.EnvRead, "getenv", key)
	}
	return wrapped_Getenv(key)
}

// Environ returns what the running goroutine may read.
//
//go:wraps
func Environ() []string {
	all := wrapped_Environ()
	if rights.Whole(rights.EnvRead) {
		return all
	}
	some := all[:0]
	for _, setting := range all {
		name := setting
		for i := range len(setting) {
			if setting[i] == '=' {
				name = setting[:i]
				break
			}
		}
		if rights.Has(rights.EnvRead, name) {
			some = append(some, setting)
		}
	}
	return some
}

//go:wraps
func Setenv(key, value string) error {
	if !rights.Whole(rights.EnvWrite) {
		rights.Need(rights.EnvWrite, "setenv", key)
	}
	return wrapped_Setenv(key, value)
}

//go:wraps
func Unsetenv(key string) error {
	if !rights.Whole(rights.EnvWrite) {
		rights.Need(rights.EnvWrite, "unsetenv", key)
	}
	return wrapped_Unsetenv(key)
}

//go:wraps
func Clearenv() {
	if !rights.Whole(rights.EnvWrite) {
		rights.Need(rights.EnvWrite, "clearenv", "")
	}
	wrapped_Clearenv()
}

// A child that may not start the program only sees an error: here it is a panic.

//go:wraps
func forkExec(argv0 string, argv []string, attr *ProcAttr) (pid int, err error) {
	if !rights.Whole(rights.ProcessExec) {
		needProgram(argv0)
	}
	if attr != nil {
		own := *attr // nobody else shall change the descriptors now
		own.Files = append([]uintptr(nil), attr.Files...)
		for _, fd := range own.Files {
			if isKept(fd) {
				return 0, EBADF
			}
		}
		attr = &own
	}
	return wrapped_forkExec(argv0, argv, attr)
}

func needProgram(path string)

// isKept reports whether the descriptor is the runtime's own, and the running goroutine's rights are limited.
func isKept(fd uintptr) bool

// NetlinkRIB asks the kernel for its tables, which are no secret; by such sockets they can be changed, too.
//
//go:wraps
func NetlinkRIB(proto, family int) ([]byte, error) {
	const kinds, get = 4, 2 // RTM_NEW..., RTM_DEL..., RTM_GET..., RTM_SET...
	if !rights.Whole(rights.System) && proto%kinds == get {
		defer rights.Restore(rights.Raise(rights.System))
	}
	return wrapped_NetlinkRIB(proto, family)
}

// Select never looks beyond what an FdSet holds, as the kernel does.
//
//go:wraps
func Select(nfd int, r *FdSet, w *FdSet, e *FdSet, timeout *Timeval) (n int, err error) {
	const bits = 1024
	if nfd > bits {
		return -1, EINVAL
	}
	return wrapped_Select(nfd, r, w, e, timeout)
}
