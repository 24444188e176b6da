// What Go offers for the same as errors.goo.
package main

import (
	"errors"
	"fmt"
	"time"
)

var failure = errors.New("failure")

//go:noinline
func call(n int) int {
	if n < 0 {
		panic(failure)
	}
	return n + 1
}

//go:noinline
func guarded(n int) (r int) {
	defer func() {
		if recover() != nil {
			r = -1
		}
	}()
	return call(n)
}

//go:noinline
func crash(depth int) int {
	if depth == 0 {
		panic(failure)
	}
	return crash(depth-1) + 1
}

//go:noinline
func caught(depth int) (r int) {
	defer func() {
		if recover() != nil {
			r = -1
		}
	}()
	return crash(depth)
}

//go:noinline
func pass(depth int, err error) (int, error) {
	if depth == 0 {
		return 1, err
	}
	v, err := pass(depth-1, err)
	if err != nil {
		return 0, err
	}
	return v + 1, nil
}

//go:noinline
func context(err error) error {
	if _, err := pass(0, err); err != nil {
		return fmt.Errorf("context: %w", err)
	}
	return nil
}

func measure(name string, n int, f func(n int)) {
	best := time.Duration(1 << 62)
	for range 7 {
		start := time.Now()
		f(n)
		best = min(best, time.Since(start))
	}
	fmt.Printf("%s %.2f\n", name, float64(best)/float64(n))
}

var sink int

func main() {
	measure("call", 20000000, func(n int) {
		for i := range n {
			sink += call(i)
		}
	})
	measure("guarded", 20000000, func(n int) {
		for i := range n {
			sink += guarded(i)
		}
	})
	for _, depth := range []int{1, 10, 100} {
		measure(fmt.Sprint("panic", depth), 1000000/depth, func(n int) {
			for range n {
				sink += caught(depth)
			}
		})
	}
	measure("success10", 3000000, func(n int) {
		for range n {
			v, _ := pass(10, nil)
			sink += v
		}
	})
	measure("failure10", 3000000, func(n int) {
		for range n {
			v, _ := pass(10, failure)
			sink += v
		}
	})
	measure("context", 1000000, func(n int) {
		for range n {
			if context(failure) != nil {
				sink++
			}
		}
	})
}
