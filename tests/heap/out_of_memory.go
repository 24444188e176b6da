// panic
package main

var n = 1 << 46

func main() {
	println(len(make([]byte, n)))
}

/*
runtime: out of memory: cannot allocate 70368744177664-byte block
fatal error: out of memory
*/
