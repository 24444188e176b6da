// run

// runtime.Callers ends with the function that every goroutine was called by.
package main

import (
	"fmt"
	"runtime"
)

func callers(max int) {
	pcs := make([]uintptr, max)
	pcs = pcs[:runtime.Callers(1, pcs)]
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		fmt.Println(f.Function, runtime.FuncForPC(f.PC).Name(), more)
		if !more {
			return
		}
	}
}

func main() {
	done := make(chan bool)
	go func() {
		callers(10)
		callers(1)
		close(done)
	}()
	<-done
}

/*
main.callers main.callers true
main.main.func1 main.main.func1 true
runtime.goexit runtime.goexit false
main.callers main.callers false
*/
