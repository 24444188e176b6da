// panic

// A trace goes on across segments to main.
package main

func bottom(a []int, n int) int { return a[n] }

func recurse(a []int, n int) int {
	var pad [30]int
	pad[n%30] = n
	if n == 0 {
		return bottom(a, len(a))
	}
	return recurse(a, n-1) + pad[n%30]
}

func top() int { return recurse(make([]int, 3), 100000) }

func main() { println(top()) }

/*
panic: runtime error: index out of range [3] with length 3
goroutine 1 [running]:
main.bottom(...)
trace.go:6
main.recurse(...)
trace.go:12
trace.go:14
frames elided...
main.top(...)
trace.go:17
main.main(...)
trace.go:19
*/
