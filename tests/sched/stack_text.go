// run

// runtime.Stack: the caller's trace, and those of all goroutines with why they wait and who made them.
package main

import (
	"runtime"
	"strings"
)

func wait(c chan int) { <-c }

func trace(all bool) string {
	buf := make([]byte, 1<<14)
	return string(buf[:runtime.Stack(buf, all)])
}

func main() {
	c := make(chan int)
	go wait(c)
	for !strings.Contains(trace(true), "[chan receive]") {
		runtime.Gosched()
	}
	one, all := trace(false), trace(true)
	println(strings.HasPrefix(one, "goroutine 1 [running]:\nmain.trace("))
	println(strings.Contains(one, "main.wait"), strings.Contains(all, one[:30]))
	println(strings.Contains(all, "[chan receive]:\nmain.wait("))
	println(strings.Contains(all, "created by main.main in goroutine 1\n\t"), strings.Contains(all, "stack_text.go:20 +0x"))
	var short [20]byte
	println(runtime.Stack(short[:], true), string(short[:]))
}

// Output:
// true
// false true
// true
// true true
// 20 goroutine 1 [running
