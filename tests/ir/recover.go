// run

// recover works only in the deferred function itself; variables keep their values through a recovery.
package main

type E struct{ s string }

func (e E) Error() string { return e.s }

func rec1() (s string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	s = "partial"
	panic(E{"boom"})
}

func helper() interface{} { return recover() }

func notdirect() {
	defer func() {
		println("outer", recover() != nil)
	}()
	defer func() {
		func() { println("nested", recover() != nil) }()
		println("helper", helper() != nil)
	}()
	panic("x")
}

func direct() {
	defer recover2()
	panic("y")
}

func recover2() { println("direct", recover().(string)) }

func dr() {
	defer func() { println("dr", recover() == nil) }()
	defer recover()
	panic("squelched")
}

func repanic() {
	defer func() { println("final", recover().(string)) }()
	defer func() {
		r := recover()
		panic(r.(string) + " again")
	}()
	panic("one")
}

func locals() int {
	x, y, z := 1, 2.5, "a"
	defer func() { recover(); println(x, y, z) }()
	x = 2
	y = 3.5
	z += "b"
	panic(0)
}

func inner() { defer println("inner deferred"); panic("deep") }

func mid() { defer println("mid deferred"); inner(); println("unreached") }

func outer() (s string) {
	defer func() { s = "got " + recover().(string) }()
	mid()
	return "no"
}

func main() {
	s, err := rec1()
	println(s == "partial", err.Error())
	notdirect()
	direct()
	dr()
	repanic()
	println(locals())
	println(outer())
}

/*
true boom
nested false
helper false
outer true
direct y
dr false
final one again
2 +3.500000e+000 ab
0
inner deferred
mid deferred
got deep
*/
