// panic
package main

import "runtime"

func main() {
	runtime.SetFinalizer(new(int64), func(*string) {})
}

/*
fatal error: runtime.SetFinalizer: cannot pass *int64 to finalizer func(*string)
*/
