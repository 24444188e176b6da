// run

// Elements of every kind: without size, words, strings, interfaces, large ones; channels as values.
package main

type large struct {
	name  string
	words [40]int
	next  *large
}

type empty struct{}

func pass[T any](n int, v T) T {
	c := make(chan T, n)
	done := make(chan bool)
	go func() { c <- v; c <- v; close(c); done <- true }()
	w := <-c
	w = <-c
	<-done
	if _, ok := <-c; ok {
		println("not closed")
	}
	return w
}

type named chan int

func (c named) put(v int) named { c <- v; return c }

func produce(out chan<- int) { out <- 42 }
func consume(in <-chan int) int { return <-in }

func main() {
	for n := 0; n < 3; n++ {
		println(pass(n, int8(-3)), pass(n, 1<<40), pass(n, 2.5), pass(n, "text"), pass(n, true), pass(n, 'x'))
		println(pass[any](n, 7).(int), pass[error](n, nil) == nil, pass(n, [3]uint8{1, 2, 3})[2], real(pass(n, 1+2i)))
		println(pass(n, empty{}) == empty{}, len(pass(n, []int{1, 2})), pass(n, map[int]int{1: 9})[1], pass(n, func() int { return n })())
		l := pass(n, large{name: "l", words: [40]int{39: 5}, next: &large{name: "m"}})
		println(l.name, l.words[39], l.next.name, pass(n, &l) == &l)
		println(len(pass(n, [100]string{99: "end"})[99]), pass(n, [0]int{}) == [0]int{})
	}

	c := make(chan int, 1)
	var in <-chan int = c
	var out chan<- int = c
	produce(c)
	println(consume(c), in == c, out == (chan<- int)(c), c == make(chan int, 1))
	var x, y any = c, (<-chan int)(c)
	println(x == any(c), x == y, y.(<-chan int) == in)
	keys := map[chan int]string{c: "c", nil: "nil"}
	println(keys[c], keys[nil], keys[make(chan int)] == "")
	println(<-named(c).put(3), cap(named(c)), len(c))

	cc := make(chan chan string, 1)
	s := make(chan string, 1)
	cc <- s
	s <- "through"
	println(<-<-cc)

	var none chan int
	println(len(none), cap(none), none == nil)
	zero := make(chan struct{}, 1000)
	for i := 0; i < 1000; i++ {
		zero <- struct{}{}
	}
	println(len(zero), cap(zero))
	n := 0
	close(zero)
	for range zero {
		n++
	}
	println(n)
}

/*
-3 1099511627776 +2.500000e+000 text true 120
7 true 3 +1.000000e+000
true 2 9 0
l 5 m true
3 true
-3 1099511627776 +2.500000e+000 text true 120
7 true 3 +1.000000e+000
true 2 9 1
l 5 m true
3 true
-3 1099511627776 +2.500000e+000 text true 120
7 true 3 +1.000000e+000
true 2 9 2
l 5 m true
3 true
42 true true false
true false true
c nil true
3 1 0
through
0 0 true
1000 1000
1000
*/
