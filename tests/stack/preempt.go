// run

// Goroutines that grow and unwind their stacks without ever waiting are preempted anywhere, and stay right; the
// collector reads their stacks meanwhile.
package main

import (
	"runtime"
	"sync/atomic"
)

type node struct {
	next *node
	n    int
}

// keep holds pointers in frames on many segments only.
func keep(n int, below *node) int {
	here := &node{below, n}
	if n == 0 {
		sum := 0
		for p := here; p != nil; p = p.next {
			sum += p.n
		}
		return sum
	}
	k := keep(n-1, here)
	if here.n != n {
		return -1
	}
	return k
}

type big [50]int

func args(n int, b big, f float64) (big, float64) {
	if n == 0 {
		return b, f
	}
	for i := range b {
		b[i]++
	}
	c, g := args(n-1, b, f+0.5)
	c[n%50]++
	return c, g
}

func caught(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int)
		}
	}()
	if n > 0 {
		return caught(n-1) + 1
	}
	var a []int
	_ = append(a, n)
	panic(1000)
}

func spin(n int) int {
	x := 1
	for i := 0; i < n; i++ {
		x = x*1664525 + 1013904223&0xffff
	}
	return x & 0
}

func work(id, rounds int) bool {
	for r := 0; r < rounds; r++ {
		n := (id*37 + r*11) % 400
		if keep(n, nil) != n*(n+1)/2 {
			return false
		}
		b, f := args(n%100, big{}, 0)
		if b[49] < n%100 || f != float64(n%100)/2 {
			return false
		}
		if caught(n%60) != 1000+n%60 || spin(2000) != 0 {
			return false
		}
	}
	return true
}

func main() {
	runtime.GOMAXPROCS(4)
	var stop atomic.Bool
	stopped := make(chan bool)
	go func() {
		for !stop.Load() {
			runtime.GC()
			runtime.Gosched()
		}
		stopped <- true
	}()
	done := make(chan bool)
	for id := 0; id < 64; id++ {
		go func() { done <- work(id, 500) }()
	}
	wrong := 0
	for id := 0; id < 64; id++ {
		if !<-done {
			wrong++
		}
	}
	stop.Store(true)
	<-stopped
	println("wrong:", wrong)
}

/*
wrong: 0
*/
