// run

// Package sync and iter.Pull, on several processors.
package main

import (
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

func counters(procs int) {
	runtime.GOMAXPROCS(procs)
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	var a atomic.Int64
	n, m := 0, map[int]int{}
	for g := 0; g < 20; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < 500; i++ {
				mu.Lock()
				n++
				mu.Unlock()
				a.Add(2)
				if i%10 == 0 {
					rw.Lock()
					m[g]++
					rw.Unlock()
				} else {
					rw.RLock()
					_ = m[g]
					rw.RUnlock()
				}
			}
		}()
	}
	wg.Wait()
	println(n, a.Load(), len(m), m[7])
}

// A queue with two conditions.
func condition() {
	var mu sync.Mutex
	filled, emptied := sync.NewCond(&mu), sync.NewCond(&mu)
	var queue []int
	sum := make(chan int)
	for w := 0; w < 4; w++ {
		go func() {
			s := 0
			for {
				mu.Lock()
				for len(queue) == 0 {
					filled.Wait()
				}
				v := queue[0]
				queue = queue[1:]
				emptied.Signal()
				mu.Unlock()
				if v < 0 {
					sum <- s
					return
				}
				s += v
			}
		}()
	}
	put := func(v int) {
		mu.Lock()
		for len(queue) == 3 {
			emptied.Wait()
		}
		queue = append(queue, v)
		filled.Signal()
		mu.Unlock()
	}
	for i := 0; i < 2000; i++ {
		put(i)
	}
	for w := 0; w < 4; w++ {
		put(-1)
	}
	println(<-sum + <-sum + <-sum + <-sum)

	ready, woken := 0, make(chan bool)
	for i := 0; i < 10; i++ {
		go func() {
			mu.Lock()
			ready++
			filled.Wait()
			mu.Unlock()
			woken <- true
		}()
	}
	for all := false; !all; time.Sleep(time.Millisecond) {
		mu.Lock()
		all = ready == 10
		mu.Unlock()
	}
	filled.Broadcast()
	for i := 0; i < 10; i++ {
		<-woken
	}
}

func once() {
	var o sync.Once
	var wg sync.WaitGroup
	n := 0
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() { defer wg.Done(); o.Do(func() { time.Sleep(time.Millisecond); n++ }) }()
	}
	wg.Wait()
	v := sync.OnceValue(func() int { n++; return n })
	println(n, v(), v())
	var m sync.Map
	p := sync.Pool{New: func() any { return new(int) }}
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			q := p.Get().(*int)
			m.Store(i%10, i)
			p.Put(q)
		}()
	}
	wg.Wait()
	m.Range(func(k, v any) bool { n += k.(int) - v.(int)%10; return true })
	println(n)
}

// A lock that is asked for again and again goes to those who wait (starvation mode hands it over).
func fair() {
	var mu sync.Mutex
	done := make(chan bool)
	stop := atomic.Bool{}
	go func() {
		for !stop.Load() {
			mu.Lock()
			time.Sleep(100 * time.Microsecond)
			mu.Unlock()
		}
		done <- true
	}()
	for i := 0; i < 10; i++ {
		time.Sleep(100 * time.Microsecond)
		mu.Lock()
		mu.Unlock()
	}
	stop.Store(true)
	println("fair", <-done)
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer print("left ")
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pull() {
	next, stop := iter.Pull(count(3))
	for v, ok := next(); ok; v, ok = next() {
		print(v, " ")
	}
	v, ok := next()
	println(v, ok)
	stop()
	next, stop = iter.Pull(count(100))
	next()
	v, ok = next()
	stop()
	println(v, ok)
	next2, stop2 := iter.Pull2(slices.All([]string{"a", "b"}))
	next2()
	k, s, ok := next2()
	println(k, s, ok)
	stop2()
	_, stop = iter.Pull(count(1)) // never started
	stop()

	// Two at a time, from different goroutines in turn.
	x, stopX := iter.Pull(count(1 << 30))
	y, stopY := iter.Pull(count(1 << 30))
	sum, turn := 0, make(chan int)
	for i := 0; i < 1000; i++ {
		go func() { a, _ := x(); b, _ := y(); turn <- a + b }()
		sum += <-turn
	}
	stopX()
	stopY()
	println(sum)

	next, _ = iter.Pull(func(yield func(int) bool) { yield(1); panic(errors.New("inside")) })
	next()
	func() {
		defer func() { println(recover().(error).Error()) }()
		next()
	}()
	println(next())
	next, _ = iter.Pull(func(yield func(int) bool) { runtime.Goexit() })
	end := make(chan bool)
	go func() {
		defer close(end)
		next()
		println("not reached")
	}()
	<-end
}

func main() {
	counters(1)
	counters(2)
	counters(8)
	condition()
	once()
	fair()
	pull()
	defer func() { println(recover().(string)) }()
	var wg sync.WaitGroup
	wg.Done()
}

/*
10000 20000 20 50
10000 20000 20 50
10000 20000 20 50
1999000
2 2 2
2
fair true
0 1 2 left 0 false
left 1 true
1 b true
left left 999000
inside
0 false
sync: negative WaitGroup counter
*/
