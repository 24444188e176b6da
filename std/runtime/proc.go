package runtime

// Gosched lets other goroutines run.
func Gosched()

// Goexit ends the calling goroutine after running its deferred calls.
func Goexit()

// GOMAXPROCS sets how many goroutines run at the same time, if n > 0, and returns the previous setting.
func GOMAXPROCS(n int) int

// NumCPU is the number of processors that the process could use when it started.
func NumCPU() int

// NumGoroutine is the number of goroutines that exist.
func NumGoroutine() int

// NumCgoCall is the number of calls of C: there are none.
func NumCgoCall() int64 { return 0 }

// LockOSThread binds the calling goroutine to its thread until UnlockOSThread was called as often.
func LockOSThread()

// UnlockOSThread undoes one call of LockOSThread.
func UnlockOSThread()
