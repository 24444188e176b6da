// run

// What closures return of what they captured, when others call them.

package main

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = -n - i
	}
	if n > 0 {
		return clobber(n-1) + a[n%64]
	}
	return a[0]
}

//go:noinline
func call(f func() *int) *int { return f() }

//go:noinline
func through() *int {
	x := 1
	return call(func() *int { return &x })
}

//go:noinline
func indirectly() *int {
	x := 2
	p := &x
	return call(func() *int { return p })
}

//go:noinline
func content(a ...*int) *int {
	return call(func() *int { return a[0] })
}

//go:noinline
func contents() *int {
	x := 3
	return content(&x)
}

type holder struct{ f func() *int }

//go:noinline
func inStruct() *int {
	x := 4
	h := holder{func() *int { return &x }}
	return h.f()
}

type getter interface{ get() *int }
type thing struct{ v int }

func (t *thing) get() *int { return &t.v }

//go:noinline
func ask(g getter) *int { return g.get() }

//go:noinline
func methodValue() *int {
	t := thing{5}
	return call(t.get)
}

//go:noinline
func dynamic() *int {
	t := thing{6}
	return ask(&t)
}

//go:noinline
func choose(c bool) *int {
	x, y := 7, 8
	f := func() *int { return &x }
	if c {
		f = func() *int { return &y }
	}
	return f()
}

//go:noinline
func nested() *int {
	x := 9
	f := func() *int { return &x }
	g := func() *int { return f() }
	return g()
}

//go:noinline
func nestedCalled() *int {
	x := 10
	f := func() *int { return &x }
	return call(func() *int { return f() })
}

func main() {
	ps := []*int{through(), indirectly(), contents(), inStruct(), methodValue(), dynamic(), choose(false), choose(true), nested(), nestedCalled()}
	clobber(200)
	for _, p := range ps {
		print(*p, " ")
	}
	println()
}

// Output:
// 1 2 3 4 5 6 7 8 9 10 
