// run

// append(s, make([]T, n)...) extends s by zeros, in its own memory if there is room, and makes no other slice.
package main

import (
	"fmt"
	"runtime"
)

type pair struct {
	p *int
	n int
}

func extend[T any](s []T, n int) []T { return append(s, make([]T, n)...) }

func count(n *int) int {
	*n++
	return *n
}

func mallocs(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

var sink []byte

func panics(n int) {
	defer func() { fmt.Println(recover()) }()
	extend([]int{1}, n)
}

func main() {
	dirty := []int{1, 2, 3, 4}
	s := append(dirty[:1], make([]int, 2)...)
	fmt.Println(s, dirty, cap(s))

	i := 5
	q := extend([]pair{{&i, 1}}, 3)
	fmt.Println(len(q), *q[0].p, q[1], q[3])
	fmt.Println(len(extend([]struct{}{}, 7)), extend([]string(nil), 0) == nil)

	calls := 0
	t := append([]int{calls}, make([]int, count(&calls), 9)...)
	u := append([]int{7}, make([]int, count(&calls))...)
	fmt.Println(t, u, calls)

	fmt.Println(mallocs(func() {
		for i := 0; i < 100; i++ {
			sink = append([]byte(nil), make([]byte, 1000)...)
		}
	}) < 150)

	panics(-1)
	panics(1 << 60)
}

// Output:
// [1 0 0] [1 0 0 4] 4
// 4 5 {<nil> 0} {<nil> 0}
// 7 true
// [1 0] [7 0 0] 2
// true
// runtime error: makeslice: len out of range
// runtime error: growslice: len out of range
