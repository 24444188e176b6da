// run

// When the operands of sends, receives and select cases are evaluated.
package main

func say[T any](what string, v T) T {
	print(what, " ")
	return v
}

type box struct{ v int }

func main() {
	c, d := make(chan int, 2), make(chan int, 2)
	say("channel", c) <- say("value", 1)
	println(say("first", <-c) + say("second", 2))

	// All operands in source order; only the chosen left side.
	d <- 5
	m := map[string]int{}
	var e chan int
	select {
	case say("send-channel", e) <- say("send-value", 1):
	case m[say("key", "k")] = <-say("receive-channel", d):
	case say("never", &box{}).v = <-say("nil-channel", e):
	}
	println(m["k"])

	// A variable read by a later case is read when the statement begins.
	x := 1
	bump := func() int { x++; return x }
	select {
	case c <- x + bump()*10:
	case d <- 0 * x:
	default:
	}
	select {
	case v := <-c:
		println(v == 21 || v == 22)
	case v := <-d:
		println(v == 0)
	}

	// The receive happens before what follows it in the expression, not before what stands in front.
	for len(c) > 0 {
		<-c
	}
	c <- 1
	c <- 2
	p := &box{10}
	println(p.v, func() int { p = &box{20}; return 0 }(), <-c, p.v, <-c)

	// The index is evaluated before the value is there, the element is stored after.
	arr := []int{0, 0}
	c <- 1
	arr[<-c] = 7
	c <- 9
	i := 0
	i, arr[i] = 1, <-c
	println(arr[0], arr[1], i)

	// Both channels of a receive that is sent.
	c <- 3
	d <- <-c
	println(<-d)

	ok := false
	close(d)
	arr[say("index", 1)], ok = <-d
	println(arr[1], ok)
}

/*
channel value first second 3
send-channel send-value receive-channel nil-channel key 5
true
20 0 1 20 2
9 7 1
3
index 0 false
*/
