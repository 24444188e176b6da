// run

// Timers as of Go 1.23: their channels look unbuffered, and nothing stale comes out of them after Stop or Reset.
package main

import (
	"sync/atomic"
	"time"
)

const tick = 2 * time.Millisecond

func poll(c <-chan time.Time) string {
	select {
	case <-c:
		return "value"
	default:
		return "nothing"
	}
}

func main() {
	start := time.Now()
	time.Sleep(3 * tick)
	time.Sleep(-1)
	println("slept", time.Since(start) >= 3*tick)

	t := time.NewTimer(tick)
	println(len(t.C), cap(t.C), poll(t.C))
	v := <-t.C
	late := time.Since(v)
	println("fired", late >= 0 && v.Sub(start) >= 4*tick, poll(t.C), t.Stop())

	// It has fired, but nobody received: Stop and Reset take the value back.
	t.Reset(tick)
	time.Sleep(3 * tick)
	println(len(t.C), t.Stop(), poll(t.C), t.Stop())
	println(t.Reset(tick))
	time.Sleep(3 * tick)
	println(t.Reset(time.Hour), poll(t.C), t.Reset(1))
	time.Sleep(tick)
	println(poll(t.C), poll(t.C))

	// A waiting goroutine sees the timer being reset.
	t.Reset(time.Hour)
	got := make(chan bool)
	go func() { <-t.C; got <- true }()
	time.Sleep(tick)
	t.Reset(tick)
	println(<-got)

	// Several wait: each value goes to one of them.
	tk := time.NewTicker(tick)
	for i := 0; i < 3; i++ {
		go func() { <-tk.C; got <- true }()
	}
	println(<-got, <-got, <-got)
	tk.Stop()
	println(poll(tk.C))

	// Ticks that nobody took are dropped but for the oldest.
	tk.Reset(tick)
	time.Sleep(5 * tick)
	println(poll(tk.C), len(tk.C))
	a := <-tk.C
	b := <-tk.C
	println(b.Sub(a) >= tick/2)
	tk.Stop()

	// Select: the first timer wins, and the others can be stopped.
	long, short := time.NewTimer(time.Hour), time.After(tick)
	c := make(chan int)
	select {
	case <-c:
	case <-long.C:
		println("long")
	case <-short:
		println("short")
	}
	println(long.Stop(), long.Stop())
	select {
	case <-time.After(0):
	case <-time.After(-1):
	}

	// Functions.
	var n atomic.Int32
	f := time.AfterFunc(tick, func() { n.Add(1); got <- true })
	println(f.C == nil, <-got, f.Stop(), n.Load())
	println(f.Reset(time.Hour), f.Stop(), f.Reset(1), <-got, n.Load())
	var stopped atomic.Int32
	for i := 0; i < 1000; i++ {
		g := time.AfterFunc(time.Duration(i)*time.Microsecond, func() { n.Add(1) })
		if i%2 == 0 && g.Stop() {
			stopped.Add(1)
		}
	}
	for n.Load()+stopped.Load() < 1002 {
		time.Sleep(tick)
	}
	time.Sleep(5 * tick)
	println(n.Load()+stopped.Load() == 1002)

	// Many sleepers wake in the order of their times.
	order := make(chan int, 50)
	for i := 49; i >= 0; i-- {
		go func() { time.Sleep(time.Duration(i+1) * tick); order <- i }()
	}
	sorted := 0
	for i, last := 0, -1; i < 50; i++ {
		v := <-order
		if v > last {
			sorted++
		}
		last = v
	}
	println(sorted > 40)
	time.NewTimer(1)
	defer func() { println(recover().(string)) }()
	new(time.Timer).Stop()
}

/*
slept true
0 0 nothing
fired true nothing false
0 true nothing false
false
true nothing true
value nothing
true
true true true
nothing
value 0
true
short
true false
true true false 1
false true false true 2
true
true
time: Stop called on uninitialized Timer
*/
