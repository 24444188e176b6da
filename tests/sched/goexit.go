// run

// Goexit runs deferred calls, in which recover gives nil; a panic among them that is recovered does not stop it.
package main

import "runtime"

func note(s string) { println(s) }

func recovering() {
	defer func() { println("inner recover:", recover() != nil) }()
	panic("inner")
}

func leave(done chan bool) {
	defer func() { done <- true }()
	defer func() { println("recover:", recover() != nil) }()
	func() {
		defer note("second")
		defer func() {
			recovering()
			note("first")
		}()
		runtime.Goexit()
	}()
	note("not reached")
}

func panicking(done chan bool) {
	defer func() { done <- true }()
	defer func() { println("recover:", recover() != nil) }()
	func() {
		defer note("runs")
		defer func() { panic("during Goexit") }()
		runtime.Goexit()
	}()
	note("not reached")
}

func same(done chan bool) {
	defer func() { done <- true }()
	defer note("rest")
	defer func() { println("recover:", recover() != nil) }()
	defer func() { panic("during Goexit") }()
	runtime.Goexit()
}

func main() {
	done := make(chan bool)
	for _, f := range []func(chan bool){leave, panicking, same} {
		go f(done)
		<-done
	}
	go func() {
		defer close(done)
		defer note("end")
		runtime.Goexit()
	}()
	_, open := <-done
	println(open)
}

// Output:
// inner recover: true
// first
// second
// recover: false
// runs
// recover: true
// recover: true
// rest
// end
// false
