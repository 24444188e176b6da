// run

// Variables around and of range loops over functions; generic iterators.
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

func pairs(s []string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i, x := range s {
			if !yield(i, x) {
				return
			}
		}
	}
}

func none(y func() bool) {
	for y() {
	}
}

func vars() {
	sum, name := 0, "x"
	arr := [3]int{1, 2, 3}
	for i := range seq(3) {
		sum += i
		name += "y"
		arr[i] *= 2
		f := func() { sum += 100 }
		f()
	}
	println(sum, name, arr[0], arr[1], arr[2])
	var k int
	var v string
	for k, v = range pairs([]string{"a", "b"}) {
	}
	println(k, v)
	var fs []func() int
	for i := range seq(3) {
		fs = append(fs, func() int { i++; return i })
	}
	for _, f := range fs {
		println(f(), f())
	}
	n := 0
	for range none {
		n++
		if n > 3 {
			break
		}
	}
	println(n)
}

type Tree[T any] struct {
	l, r *Tree[T]
	v    T
}

func (t *Tree[T]) All(yield func(T) bool) {
	t.push(yield)
}

func (t *Tree[T]) push(yield func(T) bool) bool {
	return t == nil || t.l.push(yield) && yield(t.v) && t.r.push(yield)
}

func Map[A, B any](s func(func(A) bool), f func(A) B) func(func(B) bool) {
	return func(y func(B) bool) {
		for a := range s {
			if !y(f(a)) {
				return
			}
		}
	}
}

func First[T any](s func(func(T) bool)) (t T, ok bool) {
	for x := range s {
		return x, true
	}
	return
}

func main() {
	vars()
	t := &Tree[int]{&Tree[int]{nil, nil, 1}, &Tree[int]{nil, nil, 3}, 2}
	for v := range t.All {
		println(v)
		if v == 2 {
			break
		}
	}
	for s := range Map(t.All, func(i int) string { return "n" + string(rune('0'+i)) }) {
		println(s)
	}
	println(First(t.All))
}

/*
exhausted
303 xyyy 2 4 6
1 b
exhausted
1 2
2 3
3 4
4
1
2
n1
n2
n3
1 true
*/
