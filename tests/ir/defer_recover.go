// run

// recover as the deferred call itself: too early to see a panic of the function that defers it, but it stops one
// when the function that defers it was itself deferred.
package main

func early() {
	defer func() { println("early", recover().(int)) }()
	defer recover()
	panic(2)
}

func nested() {
	defer func() { println("nested", recover() == nil) }()
	defer func() {
		defer recover()
	}()
	panic(4)
}

func main() {
	early()
	nested()
}

// Output:
// early 2
// nested true
