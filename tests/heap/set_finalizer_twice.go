// panic
package main

import "runtime"

func main() {
	p := new([4]int)
	runtime.SetFinalizer(p, func(*[4]int) {})
	runtime.SetFinalizer(p, func(*[4]int) {})
}

/*
fatal error: runtime.SetFinalizer: finalizer already set
*/
