package metrics

import (
	"internal/godebug"
	"runtime"
	"strings"
	_ "unsafe"
)

const settings = "/godebug/non-default-behavior/"

// What Goo's runtime counts, from the figures of runtime.ReadMemStats. There are no histograms and no times of the
// processors.
var figures = map[string]func(m *runtime.MemStats) uint64{
	"/cgo/go-to-c-calls:calls":            func(*runtime.MemStats) uint64 { return 0 },
	"/gc/cycles/automatic:gc-cycles":      func(m *runtime.MemStats) uint64 { return uint64(m.NumGC - m.NumForcedGC) },
	"/gc/cycles/forced:gc-cycles":         func(m *runtime.MemStats) uint64 { return uint64(m.NumForcedGC) },
	"/gc/cycles/total:gc-cycles":          func(m *runtime.MemStats) uint64 { return uint64(m.NumGC) },
	"/gc/heap/allocs:bytes":               func(m *runtime.MemStats) uint64 { return m.TotalAlloc },
	"/gc/heap/allocs:objects":             func(m *runtime.MemStats) uint64 { return m.Mallocs },
	"/gc/heap/frees:bytes":                func(m *runtime.MemStats) uint64 { return m.TotalAlloc - m.HeapAlloc },
	"/gc/heap/frees:objects":              func(m *runtime.MemStats) uint64 { return m.Frees },
	"/gc/heap/goal:bytes":                 func(m *runtime.MemStats) uint64 { return m.NextGC },
	"/gc/heap/objects:objects":            func(m *runtime.MemStats) uint64 { return m.HeapObjects },
	"/memory/classes/heap/free:bytes":     func(m *runtime.MemStats) uint64 { return m.HeapIdle - m.HeapReleased },
	"/memory/classes/heap/objects:bytes":  func(m *runtime.MemStats) uint64 { return m.HeapAlloc },
	"/memory/classes/heap/released:bytes": func(m *runtime.MemStats) uint64 { return m.HeapReleased },
	"/memory/classes/heap/stacks:bytes":   func(m *runtime.MemStats) uint64 { return m.StackInuse },
	"/memory/classes/heap/unused:bytes":   func(m *runtime.MemStats) uint64 { return m.HeapInuse - m.HeapAlloc },
	"/memory/classes/total:bytes":         func(m *runtime.MemStats) uint64 { return m.Sys },
	"/sched/gomaxprocs:threads":           func(*runtime.MemStats) uint64 { return uint64(runtime.GOMAXPROCS(0)) },
	"/sched/goroutines:goroutines":        func(*runtime.MemStats) uint64 { return uint64(runtime.NumGoroutine()) },
}

//go:linkname readMetric internal/godebug.readMetric
func readMetric(name string) uint64

// supported tells whether Read gives a value for d.
func supported(d Description) bool {
	return figures[d.Name] != nil || strings.HasPrefix(d.Name, settings)
}

// All lists the metrics that Read gives values for: not all of Go's.
//
//go:wraps
func All() []Description {
	var list []Description
	for _, d := range wrapped_All() {
		if supported(d) {
			list = append(list, d)
		}
	}
	return list
}

// metricNames is for the tests of this package: what Read has values for.
//
//go:linkname metricNames runtime/metrics_test.runtime_readMetricNames
func metricNames() []string {
	var names []string
	for _, d := range All() {
		names = append(names, d.Name)
	}
	return names
}

// Read fills in the values of the metrics that m names; the kind of those that All does not list is KindBad. Several
// calls may run at the same time, on different samples.
func Read(m []Sample) {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	known := map[string]bool{}
	for _, d := range All() {
		known[d.Name] = true
	}
	for i := range m {
		v := Value{kind: KindBad}
		if figure := figures[m[i].Name]; figure != nil {
			v = Value{kind: KindUint64, scalar: figure(&stats)}
		} else if known[m[i].Name] {
			v = Value{kind: KindUint64, scalar: readMetric(m[i].Name)}
		}
		m[i].Value = v
	}
}

var _ godebug.Setting // readMetric is in its package
