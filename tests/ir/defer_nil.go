// run

// A nil function panics when it is called, not when it is deferred; a nil interface at once.
package main

type I interface{ M(int) }

func nilfunc() {
	defer func() { println("recovered:", recover().(error).Error()) }()
	var f func()
	defer f()
	println("not yet")
}

func nilfunc2() {
	defer func() { println("recovered:", recover().(error).Error()) }()
	var f func(int)
	defer f(1)
	println("not yet")
}

func niliface() {
	defer func() { println("recovered:", recover().(error).Error()) }()
	var i I
	defer i.M(1)
	println("not reached")
}

func main() {
	nilfunc()
	nilfunc2()
	niliface()
}

/*
not yet
recovered: runtime error: invalid memory address or nil pointer dereference
not yet
recovered: runtime error: invalid memory address or nil pointer dereference
recovered: runtime error: invalid memory address or nil pointer dereference
*/
