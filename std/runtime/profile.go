package runtime

// MemProfileRate is the average number of bytes between samples of the heap profile. Goo takes none.
var MemProfileRate int = 512 * 1024

// SetBlockProfileRate has no effect: there is no profile of blocking.
func SetBlockProfileRate(rate int) {}

// SetMutexProfileFraction has no effect: there is no profile of locks. It returns the previous setting.
func SetMutexProfileFraction(rate int) int { return 0 }

// SetCPUProfileRate has no effect: there is no profile of the processors.
func SetCPUProfileRate(hz int) {}

// CPUProfile panics.
//
// Deprecated: use package runtime/pprof.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// A StackRecord is one stack of a profile.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack is the stack of the record.
func (r *StackRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[:i]
		}
	}
	return r.Stack0[:]
}

// A MemProfileRecord counts the objects allocated by one stack.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is the number of bytes in use.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is the number of objects in use.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack is the stack of the record.
func (r *MemProfileRecord) Stack() []uintptr { return (&StackRecord{r.Stack0}).Stack() }

// A BlockProfileRecord counts the waits of one stack.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// The profiles are empty: nothing is sampled.

func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }
func BlockProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func MutexProfile(p []BlockProfileRecord) (n int, ok bool)             { return 0, true }
func ThreadCreateProfile(p []StackRecord) (n int, ok bool)             { return 0, true }
func GoroutineProfile(p []StackRecord) (n int, ok bool)                { return 0, true }

// Tracing of execution does not exist.

func StartTrace() error { return errorString("tracing is not supported") }
func StopTrace()        {}
func ReadTrace() []byte { return nil }
