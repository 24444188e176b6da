// run

// Stack objects that deferred calls use, while a panic runs and after it was recovered.

package main

type T struct {
	a [8]int
	p *int
}

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
func fail(n int) {
	if clobber(n) == 0 {
		return
	}
	panic(n)
}

func named() (x int, p *int) {
	y := 1
	q := &x
	defer func() {
		clobber(20)
		r := recover()
		*q += r.(int) + y
		p = q
	}()
	y = 100
	x = 5
	fail(10)
	return 7, nil
}

func keeps() (kept *T) {
	t := T{}
	defer func() {
		recover()
		t.a[3]++
		kept = &t
	}()
	t.a[3] = 41
	fail(3)
	return nil
}

func local() (sum int) {
	t := &T{}
	x := 3
	t.p = &x
	defer func() {
		if recover() != nil {
			sum = t.a[0] + *t.p
		}
	}()
	for i := range t.a {
		t.a[i] = i + 10
		*t.p += i
		if i == 5 {
			fail(i)
		}
	}
	return -1
}

func arguments() {
	a := [3]int{1, 2, 3}
	for i := range a {
		defer print(a[i], " ")
	}
	s := a[:]
	defer show(s, &a[1])
	a[1] = 20
	clobber(30)
}

func show(s []int, p *int) { print(s[1], *p, " ") }

func order() {
	x := 0
	p := &x
	defer func() { println(*p) }()
	if clobber(1) != 0 {
		defer func() { *p = *p*10 + 1 }()
	}
	if clobber(1) == 0 {
		defer func() { *p = *p*10 + 9 }()
	}
	for i := 2; i < 4; i++ {
		defer func() { *p = *p*10 + i }()
	}
	defer func() { *p = *p*10 + 4 }()
}

func nested() (out int) {
	v := 1
	defer func() {
		defer func() {
			r := recover()
			out = v + r.(int)
		}()
		v = 10
		w := 100
		p := &w
		defer func() { v += *p }()
		recover()
		fail(2)
	}()
	fail(1)
	return
}

func again(n int) (total int) {
	for i := 0; i < n; i++ {
		func() {
			x := i
			p := &x
			defer func() {
				if r := recover(); r != nil {
					total += *p + r.(int)
				}
			}()
			*p *= 2
			if i%2 == 1 {
				fail(i)
			}
		}()
	}
	return total
}

type M struct{ n int }

func (m *M) done()     { m.n++; println("done", m.n) }
func (m M) shown(s string) { println(s, m.n) }

func methods() {
	m := M{1}
	defer m.shown("value")
	defer m.done()
	f := m.done
	defer f()
	m.n = 5
}

func main() {
	x, p := named()
	println(x, *p)
	println(keeps().a[3])
	println(local())
	arguments()
	println()
	order()
	println(nested())
	println(again(6))
	methods()
}

// Output:
// 115 115
// 42
// 28
// 2020 3 2 1 
// 4321
// 112
// 27
// done 6
// done 7
// value 1
