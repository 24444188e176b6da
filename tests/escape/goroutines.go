// run

// Addresses that other goroutines get: by go statements, channels and select.

package main

type msg struct {
	p  *int
	re chan *int
}

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = -n - i
	}
	if n > 0 {
		return clobber(n-1) + a[n%64]
	}
	return a[0]
}

//go:noinline
func captured(done chan bool) *int {
	x := 1
	go func() { x++; done <- true }()
	<-done
	return &x
}

func add(p *int, n int, done chan bool) { *p += n; done <- true }

//go:noinline
func argument(done chan bool) {
	x := 10
	go add(&x, 5, done)
	clobber(5)
	<-done
	println(x)
}

//go:noinline
func send(c chan *int, n int) { x := n; c <- &x }

//go:noinline
func sendStruct(c chan msg, n int) { x := n; c <- msg{p: &x} }

//go:noinline
func sendSelect(c chan *int, d chan msg, n int) {
	x, y := n, n+1
	select {
	case c <- &x:
	case d <- msg{p: &y}:
	}
}

//go:noinline
func sendFunc(c chan func() int) { x := 30; c <- func() int { x++; return x } }

//go:noinline
func ask(c chan msg) int {
	x := 7
	m := msg{p: &x, re: make(chan *int)}
	c <- m
	return *<-m.re + x
}

func serve(c chan msg) {
	for m := range c {
		*m.p *= 2
		y := *m.p + 1
		m.re <- &y
	}
}

func waitAll(n int) int {
	total := 0
	results := make(chan [2]int)
	for i := 0; i < n; i++ {
		v := i * i
		go func() { results <- [2]int{i, v} }()
	}
	for i := 0; i < n; i++ {
		r := <-results
		total += r[0] + r[1]
	}
	return total
}

func main() {
	done := make(chan bool)
	p := captured(done)
	argument(done)
	c, d, f := make(chan *int, 2), make(chan msg, 1), make(chan func() int, 1)
	send(c, 20)
	sendStruct(d, 21)
	a, b := <-c, (<-d).p
	sendSelect(c, nil, 22)
	s1 := <-c
	sendSelect(nil, d, 23)
	s2 := (<-d).p
	sendFunc(f)
	g := <-f
	q := make(chan msg)
	go serve(q)
	n := ask(q)
	close(q)
	clobber(200)
	println(*p, *a, *b, *s1, *s2, g(), g(), n, waitAll(10))
}

// Output:
// 15
// 2 20 21 22 24 31 32 29 330
