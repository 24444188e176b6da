package signal

import (
	"internal/rights"
	"os"
)

// The runtime checks each signal as well (runtime/sched/sigqueue.c); here it is known before anything has changed.

//go:wraps
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	rights.Need(rights.SignalHandle, "notify", "")
	wrapped_Notify(c, sig...)
}

//go:wraps
func Ignore(sig ...os.Signal) {
	rights.Need(rights.SignalHandle, "ignore", "")
	wrapped_Ignore(sig...)
}

//go:wraps
func Reset(sig ...os.Signal) {
	rights.Need(rights.SignalHandle, "reset", "")
	wrapped_Reset(sig...)
}
