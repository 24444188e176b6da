// run

// Captured variables by value and in boxes, per-iteration loop variables, method values.
package main

func adder() func(int) int {
	sum := 0
	return func(x int) int { sum += x; return sum }
}

type T struct{ n int }

func (t T) V(x int) int  { return t.n + x }
func (t *T) P(x int) int { t.n += x; return t.n }

func named() (r int) {
	f := func() int { return r }
	r = 3
	println(f())
	defer func() { println("deferred sees", r); r *= 2 }()
	return f() + 10
}

var keep func() int

func shared() (x int) {
	keep = func() int { return x }
	return 5
}

func gen[T any](x T) func() T { return func() T { return func() T { return x }() } }

func rec() {
	var fact func(int) int
	fact = func(n int) int {
		if n <= 1 {
			return 1
		}
		return n * fact(n-1)
	}
	println(fact(10))
}

func params(a, b int) func() int {
	a++
	return func() int { b++; return a + b }
}

type big [100]int

func bigcap() func() int {
	var b big
	b[50] = 7
	return func() int { return b[50] }
}

func main() {
	a := adder()
	println(a(1), a(2), a(3))
	println(named())
	shared()
	println(keep())
	println(gen(5)(), gen("s")())
	rec()
	p := params(1, 2)
	println(p(), p())
	println(bigcap()())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		println(f(), f())
	}
	fs = nil
	for i, j := 0, 10; i < 3; i, j = i+1, j-1 {
		if i == 1 {
			continue
		}
		fs = append(fs, func() int { return i*100 + j })
	}
	for _, f := range fs {
		println(f())
	}
	var ps []*int
	for i := range 3 {
		ps = append(ps, &i)
	}
	for _, p := range ps {
		println(*p)
	}
	for i := 0; i < 5; i++ {
		q := &i
		*q += 1
		println("it", i)
	}
	t := T{5}
	v := t.V
	pm := t.P
	t.n = 100
	println(v(1), pm(1), t.n)
	ev := T.V
	ep := (*T).P
	println(ev(t, 1), ep(&t, 2))
	var iv interface{ V(int) int } = t
	im := iv.V
	iv = T{0}
	println(im(1))
	func() {
		defer println("end", t.n)
		t.n = 0
	}()
	x := 1
	func() { x := x + 1; x++; println(x) }()
	println(x)
	fn := func(xs ...int) (n int) {
		for _, x := range xs {
			n += x
		}
		return
	}
	println(fn(), fn(1), fn(1, 2, 3), fn([]int{4, 5}...))
	outer := func() func() int {
		y := 1
		return func() int {
			z := func() int { y++; return y }
			return z() + z()
		}
	}
	o := outer()
	println(o(), o())
	switch z := x; {
	case z == 1:
		f := func() { println("z", z) }
		f()
	}
	var e interface{} = 3
	switch w := e.(type) {
	case int:
		func() { w++; println(w) }()
	case string, bool:
		func() { println(w) }()
	}
	if k := 5; k > 3 {
		func() { k = 6 }()
		println(k)
	}
lbl:
	for i := 0; ; i++ {
		for range 2 {
			func() { println("in", i) }()
			if i == 1 {
				break lbl
			}
			continue lbl
		}
	}
}

/*
1 3 6
3
deferred sees 13
26
5
5 s
3628800
5 6
7
10 20
11 21
12 22
10
208
0
1
2
it 1
it 3
it 5
6 101 101
102 103
104
end 103
3
1
0 1 6 9
5 9
z 1
4
6
in 0
in 1
*/
