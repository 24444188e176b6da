// run

// Of the cases that are ready each is chosen about as often, also when some are not; and nobody starves.
package main

import "runtime"

const rounds = 20000

func near(n, want int) bool { return n > want*9/10 && n < want*11/10 }

func main() {
	var none chan int
	c := [4]chan int{make(chan int, 1), make(chan int, 1), make(chan int), make(chan int, 1)}
	c[0] <- 0
	c[1] <- 0
	var n [4]int
	for i := 0; i < rounds; i++ {
		select {
		case <-c[0]:
			n[0]++
			c[0] <- 0
		case <-none:
		case <-c[1]:
			n[1]++
			c[1] <- 0
		case <-c[2]:
			println("nobody sends")
		case c[3] <- 0:
			n[3]++
			<-c[3]
		}
	}
	println(near(n[0], rounds/3), near(n[1], rounds/3), near(n[3], rounds/3))

	// With default, too.
	var k [2]int
	for i := 0; i < rounds; i++ {
		select {
		default:
			println("two are ready")
		case <-c[0]:
			k[0]++
			c[0] <- 0
		case <-c[1]:
			k[1]++
			c[1] <- 0
		}
	}
	println(near(k[0], rounds/2), near(k[1], rounds/2))

	// Waiting goroutines are served in the order in which they came.
	runtime.GOMAXPROCS(1)
	q := make(chan int)
	for i := 0; i < 5; i++ {
		go func() { q <- i }()
		for j := 0; j < 5; j++ {
			runtime.Gosched()
		}
	}
	for i := 0; i < 5; i++ {
		print(<-q, " ")
	}
	println()
}

/*
true true true
true true
0 1 2 3 4 
*/
