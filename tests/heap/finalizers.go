// run
// Finalizers run in the order of references, once, and may make their object reachable again.
package main

import (
	"runtime"
	"time"
)

type T struct {
	name string
	next *T
}

var ran = make(chan string, 16)
var saved *T

//go:noinline
func make3() {
	a := &T{"a", nil}
	b := &T{"b", a}
	c := &T{"c", b}
	f := func(t *T) { ran <- t.name }
	runtime.SetFinalizer(a, f)
	runtime.SetFinalizer(b, func(t *T) (int, string, [4]int) { f(t); return 1, "", [4]int{} })
	runtime.SetFinalizer(c, func(t any) { f(t.(*T)) })
}

//go:noinline
func makeOthers() {
	removed := &T{"removed", nil}
	runtime.SetFinalizer(removed, func(t *T) { ran <- t.name })
	runtime.SetFinalizer(removed, nil)
	ring := &T{"ring", nil}
	ring.next = ring
	runtime.SetFinalizer(ring, func(t *T) { ran <- t.name })
	back := &T{"back", nil}
	runtime.SetFinalizer(back, func(t *T) { saved = t; ran <- t.name })
}

// apart runs f on a stack of its own, so that nothing of it is left on main's.
func apart(f func()) {
	done := make(chan bool)
	go func() { f(); close(done) }()
	<-done
}

// next collects until a finalizer ran; "" if none does.
func next() string {
	for i := 0; i < 20; i++ {
		runtime.GC()
		select {
		case s := <-ran:
			return s
		case <-time.After(10 * time.Millisecond):
		}
	}
	return ""
}

func main() {
	apart(make3)
	println(next(), next(), next())
	apart(makeOthers)
	println(next(), saved != nil)
	saved = nil
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	println(len(ran))
}

/*
c b a
back true
0
*/
