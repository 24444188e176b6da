// run

// An iterator function that calls the loop's body when it must not.
package main

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				println("stopped at", i)
				return
			}
		}
		println("exhausted")
	}
}

func try(name string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(error); ok {
			println(name, e.Error())
		} else if s, ok := r.(string); ok {
			println(name, s)
		} else {
			println(name, "no panic")
		}
	}()
	f()
}

func misuse() {
	var saved func(int) bool
	try("late", func() {
		for i := range func(y func(int) bool) { saved = y; y(1) } {
			println("body", i)
		}
		saved(2)
	})
	try("after break", func() {
		for range func(y func(int) bool) { y(1); y(2) } {
			break
		}
	})
	try("body panics", func() {
		for range seq(3) {
			panic("in body")
		}
	})
	try("swallow", func() {
		for range func(y func(int) bool) { defer func() { recover() }(); y(1) } {
			panic("in body")
		}
	})
	try("continue after panic", func() {
		for range func(y func(int) bool) {
			func() { defer func() { recover() }(); y(1) }()
			y(2)
		} {
			panic("in body")
		}
	})
	try("nil", func() {
		var f func(func(int) bool)
		for range f {
		}
	})
}

func main() {
	misuse()
}

/*
body 1
late runtime error: range function continued iteration after whole loop exit
after break runtime error: range function continued iteration after function for loop body returned false
body panics in body
swallow runtime error: range function recovered a loop body panic and did not resume panicking
continue after panic runtime error: range function continued iteration after loop body panic
nil runtime error: invalid memory address or nil pointer dereference
*/
