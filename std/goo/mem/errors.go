package mem

import (
	"runtime"
	"strconv"
)

// UseAfterFree is the panic of an access to memory of an arena that was released.
type UseAfterFree struct {
	Address  uintptr       // that was accessed; 0: it was allocated from a released arena
	Released runtime.Frame // where the arena was released; for an arena block that a panic left, where it began
	Accessed runtime.Frame // where the access was
}

// Error names both places.
func (e *UseAfterFree) Error() string {
	what := "use of arena memory at "
	if e.Address == 0 {
		what = "use of an arena at "
	}
	return what + place(&e.Accessed) + " after its release at " + place(&e.Released)
}

// RuntimeError makes it a runtime.Error.
func (*UseAfterFree) RuntimeError() {}

func place(f *runtime.Frame) string {
	if f.File == "" {
		return "?"
	}
	return f.File + ":" + strconv.Itoa(f.Line)
}

// LimitError is the panic of an allocation that a limit does not allow. The program may recover it and go on.
type LimitError struct {
	Limit  int64 // bytes
	Used   int64
	Wanted int64 // by the allocation
}

func (e *LimitError) Error() string {
	return "memory limit of " + strconv.FormatInt(e.Limit, 10) + " bytes exceeded: " + strconv.FormatInt(e.Used, 10) +
		" used, " + strconv.FormatInt(e.Wanted, 10) + " wanted"
}

// RuntimeError makes it a runtime.Error.
func (*LimitError) RuntimeError() {}

// misuse is the panic of a call that makes no sense.
type misuse string

func (e misuse) Error() string { return "mem: " + string(e) }
func (misuse) RuntimeError()   {}

// The runtime calls these.

func usedAfterFree(address, released, accessed uintptr) {
	panic(&UseAfterFree{address, frameOf(released), frameOf(accessed)})
}

func limitExceeded(limit, used, wanted int64) { panic(&LimitError{limit, used, wanted}) }

// frameOf is the place of a call, given as a return address.
func frameOf(pc uintptr) runtime.Frame {
	if pc == 0 {
		return runtime.Frame{}
	}
	frames := runtime.CallersFrames(expand([]uintptr{pc}))
	for {
		f, more := frames.Next()
		if !more || len(f.Function) < len(path) || f.Function[:len(path)] != path {
			return f
		}
	}
}

// path begins the names of functions of Goo's own packages, which may be inlined where something was released.
const path = "goo/"


// In runtime/hooks/mem.c:

// expand makes of return addresses what runtime.Callers gives.
func expand(pcs []uintptr) []uintptr
