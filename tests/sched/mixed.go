// run

// Everything at once: loops that are preempted, system calls, timers, locked threads, collections, changes of
// GOMAXPROCS; no value is lost on the way.
package main

import (
	"os"
	"runtime"
	"sync"
	"time"
)

type list struct {
	next  *list
	value int
}

func grow(n int) (l *list) {
	for i := 1; i <= n; i++ {
		l = &list{l, i}
	}
	return
}

func (l *list) sum() (s int) {
	for ; l != nil; l = l.next {
		s += l.value
	}
	return
}

func recurse(n int, l *list) int {
	var pad [64]byte
	pad[n%64] = 1
	if n == 0 {
		return l.sum()
	}
	return recurse(n-1, l) + int(pad[n%64]) - 1
}

const size, want = 500, 500 * 501 / 2

func compute(turns int) bool {
	for i := 0; i < turns; i++ {
		l := grow(size)
		if l.sum() != want || recurse(100, l) != want {
			return false
		}
	}
	return true
}

func systemCalls(turns int) bool {
	r, w, err := os.Pipe()
	if err != nil {
		return false
	}
	defer r.Close()
	defer w.Close()
	buf := make([]byte, 1)
	for i := 0; i < turns; i++ {
		l := grow(size)
		w.Write([]byte{byte(i)})
		r.Read(buf)
		if _, err := os.Stat("/"); err != nil || l.sum() != want || buf[0] != byte(i) {
			return false
		}
	}
	return true
}

func sleeps(turns int) bool {
	for i := 0; i < turns; i++ {
		l := grow(size)
		time.Sleep(50 * time.Microsecond)
		if l.sum() != want {
			return false
		}
	}
	return true
}

func locked(turns int) bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := 0; i < turns; i++ {
		l := grow(size)
		runtime.Gosched()
		if l.sum() != want {
			return false
		}
	}
	return true
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	bad := 0
	run := func(f func(int) bool, turns int) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if !f(turns) {
				mu.Lock()
				bad++
				mu.Unlock()
			}
		}()
	}
	for i := 0; i < 4; i++ {
		run(compute, 300)
		run(systemCalls, 100)
		run(sleeps, 50)
		run(locked, 50)
	}
	stop := false
	stopped := make(chan bool)
	go func() {
		for i := 0; !stop; i++ {
			runtime.GC()
			runtime.GOMAXPROCS(1 + i%4)
			runtime.Gosched()
		}
		close(stopped)
	}()
	wg.Wait()
	mu.Lock()
	stop = true
	mu.Unlock()
	<-stopped
	println("bad:", bad)
}

// Output:
// bad: 0
