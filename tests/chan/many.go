// run

// Many goroutines on 1, 2 and 8 processors: chains, trees, pipelines, work shared by all, closing under load.
package main

import "runtime"

// Each adds one to what comes from its right.
func chain(n int) int {
	left := make(chan int)
	first := left
	for i := 0; i < n; i++ {
		right := make(chan int)
		go func(l, r chan int) { l <- 1 + <-r }(left, right)
		left = right
	}
	left <- 0
	return <-first
}

func tree(depth int, c chan int) {
	if depth == 0 {
		c <- 1
		return
	}
	d := make(chan int, depth%3)
	go tree(depth-1, d)
	go tree(depth-1, d)
	c <- <-d + <-d
}

// Every value arrives exactly once.
func share(workers, n, room int) bool {
	in, out := make(chan int, room), make(chan int, room)
	done := make(chan bool)
	for w := 0; w < workers; w++ {
		go func() {
			for v := range in {
				out <- v
			}
			done <- true
		}()
	}
	go func() {
		for i := 0; i < n; i++ {
			in <- i
		}
		close(in)
	}()
	seen := make([]bool, n)
	for got, left := 0, workers; left > 0 || got < n; {
		select {
		case v := <-out:
			if seen[v] {
				return false
			}
			seen[v] = true
			got++
		case <-done:
			left--
		}
	}
	return true
}

// Selects on both sides of the same channels.
func meet(pairs, n int) int {
	a, b := make(chan int), make(chan int)
	done := make(chan int)
	for p := 0; p < pairs; p++ {
		go func() {
			sent := 0
			for i := 0; i < n; i++ {
				select {
				case a <- 1:
					sent++
				case b <- 1:
					sent++
				case <-a:
					sent--
				case <-b:
					sent--
				}
			}
			done <- sent
		}()
	}
	sum, left := 0, pairs
	for left > 0 {
		select {
		case v := <-done:
			sum += v
			left--
		case <-a: // those whose partners are gone
			sum--
		case b <- 1:
			sum++
		}
	}
	return sum
}

// Senders find the channel closed: each panics once, and only then.
func closing(senders int) bool {
	c := make(chan int, 2)
	panics := make(chan bool, senders)
	for i := 0; i < senders; i++ {
		go func() {
			defer func() { panics <- recover() != nil }()
			for {
				select {
				case c <- 1:
				}
				runtime.Gosched()
			}
		}()
	}
	for i := 0; i < 100; i++ {
		<-c
	}
	close(c)
	for i := 0; i < senders; i++ {
		if !<-panics {
			return false
		}
	}
	for range c {
	}
	return true
}

func primes(n int) int {
	c := make(chan int)
	go func(c chan int) {
		for i := 2; ; i++ {
			c <- i
		}
	}(c)
	p := 0
	for i := 0; i < n; i++ {
		p = <-c
		next := make(chan int, i%2)
		go func(in, out chan int, p int) {
			for v := range in {
				if v%p != 0 {
					out <- v
				}
			}
		}(c, next, p)
		c = next
	}
	return p
}

func main() {
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		println(chain(10000))
		c := make(chan int)
		go tree(12, c)
		println(<-c)
		println(share(1, 1000, 0), share(10, 5000, 0), share(7, 5000, 3), share(100, 5000, 200))
		println(meet(20, 500))
		println(closing(1), closing(50))
		println(primes(100))
	}
}

/*
10000
4096
true true true true
0
true true
541
10000
4096
true true true true
0
true true
541
10000
4096
true true true true
0
true true
541
*/
