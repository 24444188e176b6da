// run

// Calls among operands run first, variables are read after them, as gc does.
package main

var x = 1

func inc() int { x++; return x }

type T struct{ n int }

func (t T) add(d int) int { return t.n + d }

func main() {
	println(x, inc(), x)
	y := x + inc()
	list := []int{x, inc(), x}
	println(y, list[0], list[1], list[2])
	i := 0
	set := func(v int) int { i = v; return 9 }
	list[i] = set(2)
	println(list[0], list[2])
	t := T{1}
	swap := func() int { t = T{10}; return 5 }
	println(t.add(swap()), len("ab")+set(1), x > 0 && inc() > 0, x)
	s := "a"
	grow := func() string { s += "b"; return s }
	println(s+grow()+s, len(s)+len(grow()))
}

// Output:
// 2 2 2
// 6 4 4 4
// 4 9
// 15 11 true 5
// abbababb 5
