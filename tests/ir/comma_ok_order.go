// run

// The operand of a comma-ok assertion is evaluated once, and the assertion itself does not panic.
package main

type T struct{ a int }

var calls int

func f(v any) any {
	calls++
	return v
}

func main() {
	var list [2]T
	i := 0
	index := func() int { i++; return i - 1 }
	e, ok := f(nil).(T)
	println(e.a, ok, calls)
	list[index()], ok = f(T{7}).(T)
	println(list[0].a, ok, calls, i)
	m := map[string]int{"x": 3}
	v, found := m[f("y").(string)]
	println(v, found, calls)
}

// Output:
// 0 false 1
// 7 true 2 1
// 0 false 3
