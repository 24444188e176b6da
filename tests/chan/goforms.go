// run

// The go statement with calls of every form; operands are evaluated by the statement.
package main

type T struct{ n int }

func (t T) value(c chan int, k int)    { c <- t.n + k }
func (t *T) pointer(c chan int, k int) { t.n++; c <- t.n + k }

type I interface{ value(chan int, int) }

type G[E any] struct{ v E }

func (g G[E]) send(c chan E) { c <- g.v }

func send[E any](c chan E, v E) { c <- v }

func variadic(c chan int, list ...int) {
	for _, v := range list {
		c <- v
	}
}

func results(c chan int) (int, error) { c <- 5; return 5, nil }

func two() (chan int, int) { return ch, 6 }

var ch = make(chan int)

func say(s string, n int) int { print(s, " "); return n }

func main() {
	t := T{10}
	var i I = t
	f := t.value
	go t.value(ch, say("arg", 1))
	t.n = 100
	println(<-ch)
	go t.pointer(ch, 0)
	println(<-ch, t.n)
	go i.value(ch, 2)
	println(<-ch)
	go f(ch, 3)
	println(<-ch)
	go (*T).pointer(&t, ch, 4)
	println(<-ch)
	go I.value(i, ch, 5)
	println(<-ch)
	go send(ch, 11)
	println(<-ch)
	go send[int](ch, 12)
	println(<-ch)
	go G[int]{13}.send(ch)
	println(<-ch)
	go variadic(ch, 1, 2, 3)
	println(<-ch, <-ch, <-ch)
	go variadic(ch, []int{4, 5}...)
	println(<-ch, <-ch)
	go results(ch)
	println(<-ch)
	go send(two())
	println(<-ch)
	go func() { ch <- t.n }()
	println(<-ch)
	go func(a int, b ...string) { ch <- a + len(b) }(say("literal", 7), "x", "y")
	println(<-ch)
	funcs := []func(){func() { ch <- 20 }, func() { ch <- 21 }}
	go funcs[say("index", 1)]()
	println(<-ch)

	// Builtins.
	m := map[string]int{"a": 1, "b": 2}
	d := make(chan int)
	go close(d)
	_, ok := <-d
	println(ok)
	from, to := []int{1, 2}, make([]int, 2)
	done := make(chan bool)
	go func() {
		defer close(done)
		defer copy(to, from)
		defer delete(m, "a")
	}()
	<-done
	println(to[1], len(m))

	// A goroutine's own copies: new variables in each iteration, values of now.
	for k := 0; k < 3; k++ {
		go func() { ch <- k }()
	}
	sum := 0
	for k := 0; k < 3; k++ {
		sum += <-ch
	}
	println(sum)

	defer func() {
		println(recover().(error).Error())
		var nothing I
		defer func() { println(recover().(error).Error()) }()
		go nothing.value(ch, say("not evaluated first", 1))
	}()
	var nobody *T
	go nobody.value(ch, 1)
}

/*
arg 11
101 101
12
13
106
15
11
12
13
1 2 3
4 5
5
6
102
literal 9
index 21
false
2 1
3
runtime error: invalid memory address or nil pointer dereference
not evaluated first runtime error: invalid memory address or nil pointer dereference
*/
