// run

// What panics, and with what, in each form of an operation.
package main

import "runtime"

func try(what string, f func()) {
	defer func() {
		e := recover()
		_, isRuntime := e.(runtime.Error)
		println(what+":", e.(error).Error(), isRuntime)
	}()
	f()
	println(what, "did not panic")
}

func main() {
	var none chan int
	closed, other := make(chan int, 1), make(chan int)
	close(closed)
	try("send", func() { closed <- 1 })
	try("select send", func() {
		select {
		case closed <- 1:
		}
	})
	try("select send or default", func() {
		select {
		case closed <- 1:
		default:
		}
	})
	try("select of two", func() {
		select {
		case closed <- 1:
		case <-other:
		}
	})
	try("close closed", func() { close(closed) })
	try("close nil", func() { close(none) })
	try("deferred close", func() { defer close(closed) })
	n := -1
	try("negative", func() { _ = make(chan int, n) })
	try("negative, no size", func() { _ = make(chan struct{}, int8(n)) })
	var huge uint64 = 1 << 63
	try("huge", func() { _ = make(chan int, huge) })
	n = 1 << 62
	try("overflow", func() { _ = make(chan int, n) })

	// Goroutines that wait to send when the channel is closed.
	waiting := make(chan string)
	result := make(chan string)
	sender := func(selects bool) {
		defer func() { result <- recover().(error).Error() }()
		if selects {
			select {
			case waiting <- "x":
			case <-other:
			}
		}
		waiting <- "x"
	}
	go sender(false)
	go sender(true)
	for i := 0; i < 10; i++ {
		runtime.Gosched()
	}
	close(waiting)
	println(<-result, "/", <-result)

	// What was in the buffer stays there.
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
	try("send to closed with room", func() { c <- 3 })
	a, ok1 := <-c
	b, ok2 := <-c
	z, ok3 := <-c
	println(a, ok1, b, ok2, z, ok3, len(c), cap(c))
}

/*
send: send on closed channel true
select send: send on closed channel true
select send or default: send on closed channel true
select of two: send on closed channel true
close closed: close of closed channel true
close nil: close of nil channel true
deferred close: close of closed channel true
negative: makechan: size out of range true
negative, no size: makechan: size out of range true
huge: makechan: size out of range true
overflow: makechan: size out of range true
send on closed channel / send on closed channel
send to closed with room: send on closed channel true
1 true 2 true 0 false 0 3
*/
