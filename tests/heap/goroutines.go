// run
// Collections while goroutines run, wait on channels, sleep, and hold their only references on deep stacks.
package main

import (
	"runtime"
	"time"
)

type node struct {
	left, right *node
	n           int
}

func tree(d int) *node {
	if d == 0 {
		return &node{n: 1}
	}
	return &node{tree(d - 1), tree(d - 1), 1}
}

func (t *node) sum() int {
	if t == nil {
		return 0
	}
	return t.n + t.left.sum() + t.right.sum()
}

// deep keeps a tree in each of its frames.
func deep(d int) int {
	t := tree(3)
	if d > 0 {
		return deep(d-1) + t.sum()
	}
	runtime.Gosched()
	return t.sum()
}

func main() {
	done := make(chan int)
	for i := 0; i < 20; i++ {
		go func() { done <- deep(300) }()
		go func() {
			t := tree(8)
			time.Sleep(5 * time.Millisecond)
			done <- t.sum()
		}()
		go func() {
			s := 0
			for j := 0; j < 30; j++ {
				s += tree(8).sum()
			}
			done <- s
		}()
	}
	total := 0
	for i := 0; i < 60; i++ {
		if i%10 == 0 {
			runtime.GC()
		}
		total += <-done
	}
	println(total == 20*(301*15+511+30*511))
}

/*
true
*/
