// run

// The forms of select: what leaves it, what it assigns to, what surrounds it.
package main

type pair struct{ a, b int }

func first(c, d chan int) (v int, from string) {
	select {
	case v = <-c:
		return v, "c"
	case v := <-d:
		return v, "d"
	}
}

// All clauses end the function: no return is missing.
func forever(c chan int) int {
	for {
		select {
		case v, ok := <-c:
			if !ok {
				return -1
			}
			if v > 2 {
				return v
			}
		}
	}
}

func breaks(c chan int) (n int) {
outer:
	for {
	inner:
		select {
		case v, ok := <-c:
			switch {
			case !ok:
				break outer
			case v%2 == 0:
				break inner
			case v == 5:
				continue outer
			}
			n += v
		}
		n += 100
	}
	return n
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// A select in the body of a loop over a function.
func inRange(c chan int) int {
	sum := 0
	for i := range seq(10) {
		select {
		case v := <-c:
			if v == 3 {
				return sum*100 + i
			}
			sum += v
			continue
		default:
			c <- i
		}
		sum += 10
	}
	return sum
}

func main() {
	c, d := make(chan int, 8), make(chan int, 8)
	c <- 1
	println(first(c, d))
	d <- 2
	println(first(c, d))
	for i := 0; i < 4; i++ {
		c <- i
	}
	println(forever(c))
	for i := 0; i < 8; i++ {
		c <- i
	}
	close(c)
	println(breaks(c), forever(c))
	println(inRange(make(chan int, 1)))

	// Left sides of every kind.
	var any1 interface{}
	var ok2 interface{}
	var p pair
	s, m, q := []int{0, 0}, map[string]int{}, &pair{}
	type flag bool
	var f flag
	for i := 0; i < 6; i++ {
		d <- 10 + i
	}
	select {
	case any1, ok2 = <-d:
	}
	select {
	case p.b, f = <-d:
	case <-make(chan int):
	}
	select {
	case s[p.b-10] = <-d:
	default:
	}
	select {
	case m["x"], _ = <-d:
	case <-make(chan int):
	}
	select {
	case *&q.a = <-d:
	}
	select {
	case _, ok := <-d:
		println(ok)
	}
	println(any1.(int), ok2.(bool), p.b, f, s[1], m["x"], q.a)

	// No case at all but default; parentheses; an empty body; a case that is no candidate.
	select {
	default:
		println("default")
	}
	d <- 1
	select {
	case ((<-(d))):
	}
	var none chan pair
	select {
	case none <- pair{1, 2}:
		println("sent to nil")
	case x := <-none:
		println("received from nil", x.a)
	default:
		println("nil channels are not ready")
	}

	// The same channel in several cases, in both directions.
	e := make(chan int, 1)
	for i := 0; i < 4; i++ {
		select {
		case e <- i:
		case e <- i + 100:
		case v := <-e:
			println(v == i-1 || v == i+99)
		}
	}
	u, fin := make(chan int), make(chan bool)
	go func() { u <- 1; println("received", <-u); close(fin) }()
	for i := 0; i < 2; i++ {
		select {
		case v := <-u:
			println("received", v)
		case u <- 2:
			<-fin
			println("sent")
		}
	}
}

/*
1 c
2 d
3
711 -1
70
true
10 true 11 true 12 13 14
default
nil channels are not ready
true
true
received 1
received 2
sent
*/
