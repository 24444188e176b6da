// run
package main

import (
	"runtime"
	"runtime/debug"
)

var sink []byte

func main() {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := 0; i < 1000; i++ {
		sink = make([]byte, 1024)
	}
	runtime.ReadMemStats(&after)
	println(after.Mallocs-before.Mallocs >= 1000, after.TotalAlloc-before.TotalAlloc >= 1000*1024)
	sink = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	println(after.NumGC > before.NumGC, after.Frees > before.Frees, after.HeapAlloc < 1<<20)
	println(debug.SetGCPercent(-1), debug.SetGCPercent(100))
	println(debug.SetMemoryLimit(1<<30) > 1<<40, debug.SetMemoryLimit(-1))
	var s debug.GCStats
	debug.ReadGCStats(&s)
	println(s.NumGC >= 2, len(s.Pause) == int(s.NumGC), s.PauseTotal > 0)
}

/*
true true
true true true
100 -1
true 1073741824
true true true
*/
