// Go's own generic sort of ten million ints.
package main

import "slices"

const size = 10_000_000

// fill gives the same numbers in every run.
func fill(a []int) {
	x := uint64(88172645463325252)
	for i := range a {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		a[i] = int(x >> 1)
	}
}

func main() {
	a := make([]int, size)
	fill(a)
	slices.Sort(a)
	for i := 1; i < len(a); i++ {
		if a[i] < a[i-1] {
			panic("not sorted")
		}
	}
	println(a[0], a[size/2], a[size-1])
}
