package runtime

import "unsafe"

// Compiler is the name of the compiler that built the program.
const Compiler = "goo"

// The operating system and architecture that the program was built for.
const (
	GOOS   = "linux"
	GOARCH = "amd64"
)

// Version is the version of Go whose language and library the program has.
func Version() string { return "go1.23" }

// GOROOT is the root of the Go tree, if the environment names one.
func GOROOT() string { return getenv("GOROOT") }

func getenv(name string) string

// Caller reports the code position of a call on the calling goroutine's stack: of the call of Caller itself for
// skip 0, of that function's caller for 1, and so on.
//
//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, pcs[:]) == 0 {
		return
	}
	f := frameOf(pcs[0])
	return pcs[0], f.file, f.line, true
}

// Callers fills pc with the return addresses of the calls on the calling goroutine's stack, innermost first, and
// returns how many there are. 0 skips nothing: the first entry is Callers itself. Use CallersFrames to read them.
//
//go:noinline
func Callers(skip int, pc []uintptr) int { return callers(skip, pc) }

// callers does the work of Callers; skip 0 is its caller.
func callers(skip int, pc []uintptr) int

// Stack writes the calling goroutine's stack trace into buf, of all goroutines when all is set, and returns how many
// bytes it wrote.
func Stack(buf []byte, all bool) int

// Breakpoint executes a breakpoint trap.
func Breakpoint()

// KeepAlive keeps x reachable, and its finalizer from running, up to here.
//
//go:noinline
func KeepAlive(x any) {}

// SetFinalizer has the collector call finalizer(obj) once obj is unreachable; nil removes the finalizer.
func SetFinalizer(obj any, finalizer any)

// SetCgoTraceback has no effect, since no C code is called; version must be 0.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {
	if version != 0 {
		panic("unsupported version")
	}
}
