// run

// time, context, sync, os/exec, net: goroutines that wait for each other, for timers, for processes and sockets.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func fib() iter.Seq[int] {
	return func(yield func(int) bool) {
		for a, b := 0, 1; yield(a); a, b = b, a+b {
		}
	}
}

func echo(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			s := bufio.NewScanner(c)
			for s.Scan() {
				fmt.Fprintln(c, strings.ToUpper(s.Text()))
			}
		}()
	}
}

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var hits atomic.Int64
	total := 0
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			hits.Add(1)
			mu.Lock()
			defer mu.Unlock()
			total += i
			runtime.Gosched()
		}()
	}
	wg.Wait()
	fmt.Println(total, hits.Load())

	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded), time.Since(start) >= 20*time.Millisecond)
	case <-time.After(5 * time.Second):
		fmt.Println("too late")
	}
	ticks := 0
	t := time.NewTicker(time.Millisecond)
	for range t.C {
		if ticks++; ticks == 3 {
			t.Stop()
			break
		}
	}
	d, _ := time.ParseDuration("1h15m30.5s")
	day := time.Date(2024, time.February, 29, 12, 30, 0, 0, time.UTC)
	fmt.Println(ticks, d, day.AddDate(1, 0, 0).Format(time.RFC1123), day.Weekday(), day.YearDay(), day.Unix())
	parsed, err := time.Parse("2006-01-02 15:04", "2023-07-09 08:05")
	fmt.Println(parsed, err, parsed.Sub(day).Round(time.Hour))

	next, stop := iter.Pull(fib())
	for range 10 {
		next()
	}
	v, ok := next()
	stop()
	fmt.Println(v, ok)

	var once sync.Once
	pool := sync.Pool{New: func() any { return new(int) }}
	for range 3 {
		once.Do(func() { fmt.Println("once") })
		pool.Put(pool.Get())
	}
	var m sync.Map
	m.Store("k", 1)
	_, loaded := m.LoadOrStore("k", 2)
	fmt.Println(loaded)
	cond := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()

	out, err := exec.Command("/bin/sh", "-c", "echo got it; exit 3").CombinedOutput()
	var ee *exec.ExitError
	fmt.Printf("%q %v %v\n", out, err, errors.As(err, &ee))
	cmd := exec.Command("cat")
	cmd.Stdin = strings.NewReader("through cat")
	out, err = cmd.Output()
	fmt.Println(string(out), err)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go echo(l)
	c, err := net.Dial("tcp", l.Addr().String())
	fmt.Fprintf(c, "hello\nworld\n")
	r := bufio.NewReader(c)
	a, _ := r.ReadString('\n')
	b, _ := r.ReadString('\n')
	fmt.Printf("%q %q %v\n", a, b, err)
	c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err = r.ReadByte()
	fmt.Println(err.(net.Error).Timeout())
	c.Close()
	l.Close()
}

/*
1225 50
context deadline exceeded true true
3 1h15m30.5s Sat, 01 Mar 2025 12:30:00 UTC Thursday 60 1709209800
2023-07-09 08:05:00 +0000 UTC <nil> -5644h0m0s
55 true
once
true
"got it\n" exit status 3 true
through cat <nil>
"HELLO\n" "WORLD\n" <nil>
true
*/
