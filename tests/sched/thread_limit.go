// panic

// debug.SetMaxThreads: a program that needs more threads than it allows itself ends.
package main

import (
	"runtime"
	"runtime/debug"
)

func main() {
	println("before:", debug.SetMaxThreads(10))
	println("set:", debug.SetMaxThreads(20))
	block := make(chan bool)
	for i := 0; i < 30; i++ {
		go func() {
			runtime.LockOSThread()
			<-block
		}()
	}
	select {}
}

/*
before: 10000
set: 10
runtime: program exceeds 20-thread limit
fatal error: thread exhaustion
*/
