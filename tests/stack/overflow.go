// panic

// Recursion without end ends the program at Go's limit.
package main

func endless(n int) int {
	var pad [50]int
	pad[n%50] = n
	return endless(n+1) + pad[n%50]
}

func main() { println(endless(0)) }

/*
runtime: goroutine stack exceeds 1000000000-byte limit
runtime: sp=0x
fatal error: stack overflow
goroutine 1 [running]:
main.endless(...)
overflow.go:6
overflow.go:9
frames elided...
main.main(...)
overflow.go:12
*/
