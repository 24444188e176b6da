package godebug

import "sync"

// The counters of settings that changed what a program does, by the names of their metrics.
var counters sync.Map

func registerMetric(name string, read func() uint64) { counters.Store(name, read) }

// readMetric is for package runtime/metrics: the count of a metric, 0 if nothing has counted yet.
func readMetric(name string) uint64 {
	if read, ok := counters.Load(name); ok {
		return read.(func() uint64)()
	}
	return 0
}
