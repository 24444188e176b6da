// run

// Equality of structs and arrays: few parts inline, many by a function, blank fields not at all.
package main

type Small struct {
	a int8
	s string
}
type Padded struct {
	a int8
	_ int64
	f float32
}
type Large struct {
	s [3]Small
	i any
	p Padded
}
type I interface{ M() }
type T int

func (T) M() {}

func main() {
	x := Large{[3]Small{{1, "a"}, {2, "b"}}, 1, Padded{1, 0, 2}}
	y := x
	y.s[1].s = string([]byte("b"))
	println(x == y, x != y, x.s[0] == Small{1, "a"}, x.s[0] == Small{1, "b"}, x.s == y.s)
	y.i = "1"
	println(x == y, [2]any{1, "x"} == [2]any{1, "x"}, [0]int{} == [0]int{}, struct{}{} == struct{}{})
	var i I = T(3)
	var e any = T(3)
	println(i == e, i == T(3), e == T(4), i == I(T(4)), e == nil, T(3) == i, e == any(3))
}

// Output:
// true false true false true
// false true true true
// true true false false false true false
