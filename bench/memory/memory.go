// What Go has for the same as memory.goo: its heap, and sync.Pool.
package main

import (
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

type pair struct{ a, b int }

type tree struct{ left, right *tree }

type conn struct {
	id   int
	peer *conn
	buf  [6]int
}

var sink *pair

//go:noinline
func fill(n int) {
	for i := 0; i < n; i++ {
		sink = &pair{i, i}
	}
}

func build(depth int) *tree {
	if depth == 0 {
		return new(tree)
	}
	return &tree{build(depth - 1), build(depth - 1)}
}

func (t *tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

// measure prints the time of one of n operations in the fastest of so many calls of f, which make n each. The program's
// arguments, if it has any, are the names to measure.
func measure(name string, calls, n int, f func()) {
	if len(os.Args) > 1 && !slices.Contains(os.Args[1:], name) {
		return
	}
	least := time.Duration(1 << 62)
	for range calls {
		start := time.Now()
		f()
		least = min(least, time.Since(start))
	}
	ns := float64(least.Nanoseconds()) / float64(n)
	os.Stdout.WriteString(name + " " + strconv.FormatFloat(ns, 'f', 2, 64) + "\n")
}

var pool = sync.Pool{New: func() any { return new(conn) }}

//go:noinline
func pairs(n int) {
	for i := 0; i < n; i++ {
		c := pool.Get().(*conn)
		*c = conn{}
		pool.Put(c)
	}
}

func main() {
	const n = 1 << 15
	measure("alloc_16B", 200, n, func() {
		fill(n)
	})
	nodes := 1<<19 - 1
	measure("tree_18", 10, nodes, func() {
		nodes = build(18).count()
	})
	measure("pool_pair", 2000, 10000, func() { pairs(10000) })
	measure("pool_pair_2_goroutines", 50, 200000, func() {
		var wg sync.WaitGroup
		for range 2 {
			wg.Add(1)
			go func() {
				pairs(100000)
				wg.Done()
			}()
		}
		wg.Wait()
	})
}
