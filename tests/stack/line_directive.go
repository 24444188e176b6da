// run
//
// Lines of one function, and of functions inlined into it, may be in several files by //line directives.
package main

import (
	"fmt"
	"runtime"
)

func at() string {
	_, f, l, _ := runtime.Caller(1)
	return fmt.Sprint(f, ":", l)
}

//line small.y:7
func inlined() string { return at() }

func main() {
	fmt.Println(at())
//line other.y:100
	fmt.Println(at(), inlined())
	frames := runtime.CallersFrames(callers())
	f, _ := frames.Next()
	fmt.Println(f.Function, f.File, f.Line)
}

func callers() []uintptr {
	var pcs [8]uintptr
	return pcs[:runtime.Callers(2, pcs[:])]
}

// Output:
// small.y:10
// other.y:100 small.y:7
// main.main other.y 101
