// run

// runtime/metrics: All lists what Read has values for; other names are bad.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"time"
)

func read(names ...string) []metrics.Value {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	values := make([]metrics.Value, len(names))
	for i, s := range samples {
		values[i] = s.Value
	}
	return values
}

func main() {
	all := metrics.All()
	for _, d := range all {
		if kind := read(d.Name)[0].Kind(); kind != d.Kind {
			fmt.Println(d.Name, "has kind", kind)
		}
	}
	runtime.GC()
	v := read("/sched/goroutines:goroutines", "/gc/cycles/forced:gc-cycles", "/memory/classes/heap/objects:bytes", "/gc/heap/goal:bytes", "/no/such:thing")
	fmt.Println(len(all) > 30, v[0].Uint64(), v[1].Uint64(), v[2].Uint64() > 0, v[3].Uint64() > 0, v[4].Kind() == metrics.KindBad)

	const setting = "/godebug/non-default-behavior/asynctimerchan:events"
	os.Setenv("GODEBUG", "asynctimerchan=1")
	time.NewTimer(time.Hour).Stop()
	fmt.Println(read(setting)[0].Uint64(), read("/godebug/non-default-behavior/nothing:events")[0].Kind() == metrics.KindBad)
}

/*
true 1 1 true true true
1 true
*/
