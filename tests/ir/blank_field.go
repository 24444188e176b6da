// run

// A blank field of a struct is zero, whatever a literal gives it, and what it is given is evaluated.
package main

import "reflect"

type T struct{ a, _, c int }

var static = T{1, 2, 3}
var calls int

func call() int { calls++; return 7 }

func check(where string, t T) {
	v := reflect.ValueOf(t)
	if v.Field(0).Int() == 0 || v.Field(1).Int() != 0 || v.Field(2).Int() == 0 {
		println(where, v.Field(0).Int(), v.Field(1).Int(), v.Field(2).Int())
	}
}

func main() {
	check("static", static)
	check("image", T{1, 2, 3})
	n := 5
	check("local", T{n, n, n})
	check("call", T{call(), call(), call()})
	t := T{n, n, n}
	t = T{t.c, call(), t.a}
	check("again", t)
	println(calls, reflect.TypeOf(T{}).Field(1).Name)
}

// Output:
// 4 _
