// run

// What only channels, goroutines that wait, timers and coroutines refer to stays; rings that were emptied keep nothing.
package main

import (
	"iter"
	"runtime"
	"sync/atomic"
	"time"
)

type node struct {
	next *node
	v    [20]int
}

func list(n int) (l *node) {
	for i := 0; i < n; i++ {
		l = &node{next: l}
		l.v[7] = i
	}
	return
}

func sum(l *node) (s int) {
	for ; l != nil; l = l.next {
		s += l.v[7]
	}
	return
}

var (
	garbage []*node
	freed   atomic.Int32
)

func collect() {
	for i := 0; i < 3; i++ {
		garbage = nil
		for j := 0; j < 200; j++ {
			garbage = append(garbage, list(20))
		}
		runtime.GC()
	}
}

//go:noinline
func hidden() func() int {
	ring := make(chan *node, 4)
	boxed := make(chan any, 2)
	strings := make(chan string, 1)
	for i := 0; i < 3; i++ {
		ring <- list(100)
	}
	boxed <- list(50)
	strings <- string([]byte{'a', 'b', byte(len(ring))})
	blocked := make(chan *node)
	for i := 0; i < 5; i++ {
		go func() { blocked <- list(10) }()
		go func() {
			select {
			case blocked <- list(10):
			case <-make(chan int):
			}
		}()
	}
	out := make(chan int, 2)
	l := list(30)
	time.AfterFunc(30*time.Millisecond, func() { out <- sum(l) })
	next, _ := iter.Pull(func(yield func(int) bool) {
		m := list(40)
		yield(1)
		yield(sum(m))
	})
	next()

	// Received and dropped: the ring has no trace of it.
	p := list(1)
	runtime.SetFinalizer(p, func(*node) { freed.Add(1) })
	ring <- p
	p = nil
	for i := 0; i < 4; i++ {
		n := <-ring
		if i < 3 {
			ring <- n
		}
	}
	return func() int {
		s := sum(<-ring) + sum(<-ring) + sum(<-ring) + sum((<-boxed).(*node)) + len(<-strings)
		for i := 0; i < 10; i++ {
			s += sum(<-blocked)
		}
		v, _ := next()
		return s + v + <-out
	}
}

func main() {
	f := hidden()
	collect()
	println(f() == 3*4950+1225+3+10*45+780+435)
	for i := 0; freed.Load() == 0 && i < 100; i++ {
		collect()
		time.Sleep(time.Millisecond)
	}
	println(freed.Load())

	// Timers nobody refers to go, even if they are far from firing.
	for i := 0; i < 100000; i++ {
		time.NewTimer(time.Hour)
		time.NewTicker(time.Hour)
	}
	garbage = nil
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	println(m.HeapAlloc < 10<<20)
}

/*
true
1
true
*/
