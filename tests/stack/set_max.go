// panic

// The limit on a goroutine's stack can be changed.
package main

import "runtime/debug"

func down(n int) int {
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

func main() {
	println("before:", debug.SetMaxStack(4<<20))
	println("fits:", down(1000))
	println(down(1 << 20))
}

/*
before: 1000000000
fits: 1000
runtime: goroutine stack exceeds 4194304-byte limit
fatal error: stack overflow
main.down(...)
*/
