// Soak mixes everything that shares the scheduler and the heap, at random, and checks every result:
//
//	soak SECONDS [SEED [ACTIVITY...]]
//
// Drivers run one random activity after the other until the time is over. Each activity computes something whose
// result is known; a wrong one ends the program with exit status 1 and the seed that reproduces the choice of
// activities. Faults of the runtime end it by themselves.
package main

import (
	"errors"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

type activity struct {
	name string
	run  func(r *rand.Rand) error
	runs atomic.Int64
}

var activities = []*activity{
	{name: "spawn", run: spawn},
	{name: "pipeline", run: pipeline},
	{name: "ring", run: ring},
	{name: "select", run: selects},
	{name: "timers", run: timers},
	{name: "maps", run: maps},
	{name: "panics", run: panics},
	{name: "recursion", run: recursion},
	{name: "lists", run: lists},
	{name: "strings", run: stringsGrow},
	{name: "locks", run: locks},
	{name: "collect", run: collect},
	{name: "finalizers", run: finalizers},
	{name: "goexit", run: goexit},
	{name: "spin", run: spin},
	{name: "procs", run: procs},
}

func mismatch(what string, got, want any) error { return fmt.Errorf("%s: got %v, want %v", what, got, want) }

// spawn starts goroutines that start goroutines; all report on one channel.
func spawn(r *rand.Rand) error {
	n, m := 1+r.Intn(50), 1+r.Intn(20)
	done := make(chan int, r.Intn(10))
	for i := 0; i < n; i++ {
		go func() {
			for j := 0; j < m; j++ {
				go func() { done <- i*m + j }()
			}
		}()
	}
	sum, want := 0, n*m*(n*m-1)/2
	for i := 0; i < n*m; i++ {
		sum += <-done
	}
	if sum != want {
		return mismatch("sum of goroutines", sum, want)
	}
	return nil
}

// pipeline sends numbers through stages that each add one.
func pipeline(r *rand.Rand) error {
	stages, n := 1+r.Intn(30), 1+r.Intn(200)
	first := make(chan int, r.Intn(4))
	in := first
	for i := 0; i < stages; i++ {
		out := make(chan int, r.Intn(4))
		go func(in <-chan int, out chan<- int) {
			defer close(out)
			for v := range in {
				out <- v + 1
			}
		}(in, out)
		in = out
	}
	go func() {
		defer close(first)
		for i := 0; i < n; i++ {
			first <- i
		}
	}()
	next := 0
	for v := range in {
		if v != next+stages {
			return mismatch("pipeline", v, next+stages)
		}
		next++
	}
	if next != n {
		return mismatch("values out of the pipeline", next, n)
	}
	return nil
}

// ring passes a pointer around a ring of goroutines; each holder increments it.
func ring(r *rand.Rand) error {
	n, rounds := 2+r.Intn(30), 1+r.Intn(20)
	links := make([]chan *int, n)
	for i := range links {
		links[i] = make(chan *int)
	}
	result := make(chan int)
	for i := range links {
		go func() {
			for turn := 0; turn < rounds; turn++ {
				p := <-links[i]
				*p++
				if i == n-1 && turn == rounds-1 {
					result <- *p
					return
				}
				links[(i+1)%n] <- p
			}
		}()
	}
	links[0] <- new(int)
	if got := <-result; got != n*rounds {
		return mismatch("ring", got, n*rounds)
	}
	return nil
}

// selects has producers offer on several channels, some of which are closed on the way.
func selects(r *rand.Rand) error {
	n := 1 + r.Intn(300)
	a, b, quit := make(chan int, r.Intn(3)), make(chan string), make(chan struct{})
	go func() {
		for i := 0; i < n; i++ {
			select {
			case a <- i:
			case b <- strconv.Itoa(i):
			}
		}
		close(quit)
	}()
	sum, open := 0, true
	for open || len(a) > 0 {
		select {
		case v := <-a:
			sum += v
		case s := <-b:
			v, err := strconv.Atoi(s)
			if err != nil {
				return err
			}
			sum += v
		case <-quit:
			quit, open = nil, false
		}
	}
	if want := n * (n - 1) / 2; sum != want {
		return mismatch("select", sum, want)
	}
	return nil
}

// timers sleeps, stops timers, and lets some fire.
func timers(r *rand.Rand) error {
	start := time.Now()
	d := time.Duration(r.Intn(3000)) * time.Microsecond
	var fired atomic.Int64
	stopped := time.AfterFunc(time.Hour, func() { fired.Add(1) })
	all := make(chan bool)
	n := r.Intn(20)
	for i := 0; i < n; i++ {
		time.AfterFunc(d/2, func() { all <- true })
	}
	select {
	case <-time.After(d):
	case <-time.After(time.Hour):
		return errors.New("the later of two timers fired")
	}
	if e := time.Since(start); e < d {
		return mismatch("time slept", e, d)
	}
	for i := 0; i < n; i++ {
		<-all
	}
	if !stopped.Stop() || fired.Load() != 0 {
		return errors.New("a stopped timer fired")
	}
	t := time.NewTicker(100 * time.Microsecond)
	for i := 0; i < 3; i++ {
		<-t.C
	}
	t.Stop()
	return nil
}

// maps checks a map against a slice, with deletes while it is ranged over.
func maps(r *rand.Rand) error {
	n := 1 + r.Intn(3000)
	m, present := map[string]*int{}, make([]bool, n)
	for i := 0; i < 2*n; i++ {
		k := r.Intn(n)
		if present[k] && r.Intn(3) == 0 {
			delete(m, "key"+strconv.Itoa(k))
			present[k] = false
		} else {
			v := k
			m["key"+strconv.Itoa(k)] = &v
			present[k] = true
		}
	}
	for k, v := range m {
		if k != "key"+strconv.Itoa(*v) {
			return mismatch("element of "+k, *v, k)
		}
		if *v%2 == 0 {
			delete(m, k)
			present[*v] = false
		}
	}
	count := 0
	for _, p := range present {
		if p {
			count++
		}
	}
	if len(m) != count {
		return mismatch("elements", len(m), count)
	}
	return nil
}

// panics recovers at random depths, with other panics on the way.
func panics(r *rand.Rand) error {
	for i := 0; i < 20; i++ {
		depth, at := 1+r.Intn(100), 0
		at = r.Intn(depth)
		got := recoverAt(depth, at, i)
		if got != i+1 {
			return mismatch("recovered", got, i+1)
		}
	}
	return nil
}

func recoverAt(depth, at, value int) (got int) {
	if depth == at {
		defer func() { got = recover().(int) }()
	} else if depth%7 == 0 {
		defer func() {
			defer func() { _ = recover() }()
			var m map[string]int
			m["x"] = depth
		}()
	}
	if depth == 0 {
		panic(value + 1)
	}
	return recoverAt(depth-1, at, value)
}

// recursion goes deep, with garbage on every level.
func recursion(r *rand.Rand) error {
	n := r.Intn(50000)
	if got := deep(n, nil); got != n {
		return mismatch("depth", got, n)
	}
	return nil
}

type level struct {
	outer *level
	n     int
}

func deep(n int, outer *level) int {
	if n == 0 {
		count := 0
		for l := outer; l != nil; l = l.outer {
			count++
		}
		return count
	}
	return deep(n-1, &level{outer, n}) + 0*n
}

// lists keeps a linked structure alive while making garbage.
func lists(r *rand.Rand) error {
	n := r.Intn(20000)
	var head *level
	for i := 0; i < n; i++ {
		head = &level{head, i}
		_ = make([]*level, r.Intn(10))
	}
	for i := n - 1; i >= 0; i-- {
		if head.n != i {
			return mismatch("list", head.n, i)
		}
		head = head.outer
	}
	return nil
}

// stringsGrow builds slices and strings by appending.
func stringsGrow(r *rand.Rand) error {
	n := r.Intn(500)
	s, b := "", []byte(nil)
	for i := 0; i < n; i++ {
		s += string(rune('a' + i%26))
		b = append(b, byte('a'+i%26))
	}
	if s != string(b) {
		return mismatch("string", s, string(b))
	}
	return nil
}

// locks counts under a mutex, a read-write mutex and a condition.
func locks(r *rand.Rand) error {
	n, rounds := 1+r.Intn(20), 1+r.Intn(100)
	var mu sync.Mutex
	var rw sync.RWMutex
	cond := sync.NewCond(&mu)
	count, left := 0, n
	for i := 0; i < n; i++ {
		go func() {
			for j := 0; j < rounds; j++ {
				if j%4 == 0 {
					rw.RLock()
					_ = left
					rw.RUnlock()
				}
				mu.Lock()
				count++
				mu.Unlock()
			}
			mu.Lock()
			rw.Lock()
			left--
			rw.Unlock()
			cond.Broadcast()
			mu.Unlock()
		}()
	}
	mu.Lock()
	for left > 0 {
		cond.Wait()
	}
	mu.Unlock()
	if count != n*rounds {
		return mismatch("count", count, n*rounds)
	}
	return nil
}

func collect(r *rand.Rand) error {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > m.HeapSys {
		return mismatch("bytes allocated", m.HeapAlloc, m.HeapSys)
	}
	return nil
}

// finalizers checks that a finalizer sees its object whole; that some run is checked at the end.
var finalized, finalizable atomic.Int64

func finalizers(r *rand.Rand) error {
	for i := 0; i < 50; i++ {
		l := &level{&level{nil, i}, i}
		finalizable.Add(1)
		runtime.SetFinalizer(l, func(l *level) {
			if l.outer.n != l.n {
				panic("finalizer of a damaged object")
			}
			finalized.Add(1)
		})
	}
	return nil
}

func goexit(r *rand.Rand) error {
	done := make(chan string, 2)
	go func() {
		defer func() { done <- "outer" }()
		func() {
			defer func() {
				if recover() == nil {
					done <- "inner"
				}
			}()
			runtime.Goexit()
		}()
	}()
	if a, b := <-done, <-done; a != "inner" || b != "outer" {
		return mismatch("deferred calls of Goexit", a+b, "innerouter")
	}
	return nil
}

// spin never yields by itself until another goroutine tells it to stop.
func spin(r *rand.Rand) error {
	var stop atomic.Bool
	var turns int
	done := make(chan bool)
	go func() {
		for !stop.Load() {
			turns++
		}
		done <- true
	}()
	runtime.Gosched()
	stop.Store(true)
	<-done
	return nil
}

func procs(r *rand.Rand) error {
	if r.Intn(20) == 0 {
		runtime.GOMAXPROCS(1 + r.Intn(8))
	}
	return nil
}

func main() {
	seconds, seed := 60, time.Now().UnixNano()
	if len(os.Args) > 1 {
		seconds, _ = strconv.Atoi(os.Args[1])
	}
	if len(os.Args) > 2 {
		seed, _ = strconv.ParseInt(os.Args[2], 10, 64)
	}
	if len(os.Args) > 3 {
		activities = slices.DeleteFunc(activities, func(a *activity) bool { return !slices.Contains(os.Args[3:], a.name) })
	}
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	var drivers sync.WaitGroup
	for d := int64(0); d < 12; d++ {
		drivers.Add(1)
		go func() {
			defer drivers.Done()
			r := rand.New(rand.NewSource(seed + d))
			for time.Now().Before(end) {
				a := activities[r.Intn(len(activities))]
				if err := a.run(r); err != nil {
					fmt.Printf("seed %d: %s: %v\n", seed, a.name, err)
					os.Exit(1)
				}
				a.runs.Add(1)
			}
		}()
	}
	drivers.Wait()
	for i := 0; i < 10 && finalized.Load() == 0; i++ {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	for _, a := range activities {
		fmt.Printf("%-10s %8d runs\n", a.name, a.runs.Load())
	}
	fmt.Printf("%d of %d finalizers ran; seed %d\n", finalized.Load(), finalizable.Load(), seed)
	if finalizable.Load() > 0 && finalized.Load() == 0 {
		os.Exit(1)
	}
}
