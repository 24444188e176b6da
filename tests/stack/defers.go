// run

// Deferred calls, panics and recover around every boundary between segments.
package main

import "runtime"

var log int

func recoverHere(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int) + 1
		}
	}()
	panic(n)
}

func recoverBig(n int) (r int) {
	defer func() { // grows the stack before it recovers
		var a [500]int
		a[n%500] = n
		if e := recover(); e != nil {
			r = e.(int) + a[n%500]
		}
	}()
	panic(n)
}

func leaves(n int) {
	defer func() { log++ }()
	if n > 0 {
		leaves(n - 1)
	} else {
		panic("bottom")
	}
}

// The panic passes many frames, on several segments.
func fromBelow(n int) (s string) {
	defer func() { s, _ = recover().(string) }()
	leaves(n)
	return "not reached"
}

func replaced() (r int) {
	defer func() { r = recover().(int) }()
	defer func() { panic(2) }()
	panic(1)
}

func nested() (r int) {
	defer func() {
		func() {
			defer func() { r += recover().(int) }()
			panic(10)
		}()
		r += recover().(int)
	}()
	panic(5)
}

func helper() any { return recover() }

func notRecovered() (r int) {
	defer func() {
		if recover() == nil {
			r = -1
		} else {
			r = 1
		}
	}()
	defer func() {
		if helper() != nil { // not called by the panic itself
			r = -2
		}
	}()
	panic(0)
}

func runtimeError(a []int, i int) (text string) {
	defer func() { text = recover().(runtime.Error).Error() }()
	a[i]++
	return ""
}

func loop(n int) (sum int) {
	for i := 0; i < n; i++ {
		defer func() { sum += i }()
	}
	return 0
}

type T struct{ n int }

func (t *T) done()        { t.n++ }
func (t T) check(r *int)  { *r += t.n; recover() }
func (t *T) set(v [40]int) { t.n += v[39] }

func methods() int {
	var t T
	r := 0
	func() {
		defer T{7}.check(&r)
		defer t.done()
		f := t.set
		defer f([40]int{39: 3})
		panic("x")
	}()
	return r*10 + t.n
}

func deferRecover() (r int) {
	r = 1
	func() {
		defer func() { recover() }()
		defer recover() // recovers nothing: called by the panic, not by a deferred function
		panic(1)
	}()
	return r
}

func check(n int) {
	if recoverHere(n) != n+1 || recoverBig(n) != 2*n {
		println("recover: wrong at depth", n)
	}
	if replaced() != 2 || nested() != 15 || notRecovered() != 1 {
		println("nesting: wrong at depth", n)
	}
	if runtimeError(nil, n) == "" || loop(5) != 10 || methods() != 74 || deferRecover() != 1 {
		println("others: wrong at depth", n)
	}
	log = 0
	if fromBelow(n%50) != "bottom" || log != n%50+1 {
		println("from below: wrong at depth", n)
	}
}

func down(n int) int {
	check(n)
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

func main() {
	println(down(2500))
	log = 0
	println(fromBelow(100000), log)
	for i := 0; i < 100; i++ {
		if fromBelow(i*100) != "bottom" {
			println("wrong at", i)
		}
	}
	println(down(100))
}

/*
2500
bottom 100001
100
*/
