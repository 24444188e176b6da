// run
// The goroutine that calls finalizers is not counted.
package main

import (
	"runtime"
	"time"
)

func main() {
	done := make(chan bool)
	go func() {
		runtime.SetFinalizer(new([4]int), func(*[4]int) { done <- true })
		done <- true
	}()
	<-done
	for i := 0; i < 20; i++ {
		runtime.GC()
		select {
		case <-done:
			i = 20
		case <-time.After(10 * time.Millisecond):
		}
	}
	time.Sleep(time.Millisecond)
	println(runtime.NumGoroutine())
}

/*
1
*/
