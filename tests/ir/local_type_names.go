// run

// Local types have numbers of their own, in source order.
package main

type pair[A any] struct{ a A }

func boxed[A any]() any {
	type T struct{ a A }
	return pair[T]{}
}

func plain() any {
	type T struct{ a int }
	return pair[T]{}
}

func main() {
	type T struct{ a int }
	println(boxed[int]() == boxed[int](), boxed[int]() == boxed[string]())
	println(boxed[int]() == plain(), plain() == any(pair[T]{}))
}

/*
true false
false false
*/
