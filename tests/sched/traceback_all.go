// panic

// debug.SetTraceback: a panic shows all goroutines, and of one that a timer started that no goroutine did.
package main

import (
	"runtime/debug"
	"time"
)

func waits() { select {} }

func main() {
	go waits()
	time.Sleep(10 * time.Millisecond)
	debug.SetTraceback("all")
	time.AfterFunc(time.Millisecond, func() { panic("now") })
	<-make(chan int)
}

/*
panic: now
[running]:
created by time.goFunc
[chan receive]:
main.main(
[select (no cases)]:
main.waits(
created by main.main in goroutine 1
*/
