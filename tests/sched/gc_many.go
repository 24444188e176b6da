// run

// Goroutines that allocate while others collect: nothing is lost, wherever the others were stopped.
package main

import (
	"runtime"
	"sync/atomic"
)

type node struct {
	left, right *node
	value       int
}

func build(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{build(depth - 1), build(depth - 1), depth}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

func main() {
	const workers = 16
	want := build(10).sum()
	ch := make(chan *node)
	done := make(chan int)
	for i := 0; i < workers; i++ {
		go func() {
			for j := 0; j < 30; j++ {
				ch <- build(10)
			}
			done <- i
		}()
		go func() {
			bad := 0
			for n := range ch {
				if n.sum() != want {
					bad++
				}
			}
			done <- bad
		}()
	}
	var stop atomic.Bool
	go func() {
		for !stop.Load() {
			runtime.GC()
			runtime.Gosched()
		}
		done <- 0
	}()
	for i := 0; i < workers; i++ {
		<-done
	}
	close(ch)
	stop.Store(true)
	bad := 0
	for i := 0; i < workers+1; i++ {
		bad += <-done
	}
	println("bad:", bad)
}

// Output:
// bad: 0
