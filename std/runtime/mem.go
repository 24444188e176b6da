package runtime

// MemStats are figures about the heap and its collector. Those that Goo's collector has no notion of stay zero.
type MemStats struct {
	Alloc      uint64 // bytes in objects that are not yet freed
	TotalAlloc uint64 // bytes allocated so far
	Sys        uint64 // bytes obtained from the system
	Lookups    uint64
	Mallocs    uint64 // objects allocated so far
	Frees      uint64 // objects freed so far

	HeapAlloc    uint64
	HeapSys      uint64
	HeapIdle     uint64
	HeapInuse    uint64
	HeapReleased uint64
	HeapObjects  uint64

	StackInuse  uint64
	StackSys    uint64
	MSpanInuse  uint64
	MSpanSys    uint64
	MCacheInuse uint64
	MCacheSys   uint64
	BuckHashSys uint64
	GCSys       uint64
	OtherSys    uint64

	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool

	BySize [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// GC runs a collection and waits until it is done.
func GC()

// ReadMemStats fills in m.
func ReadMemStats(m *MemStats)
