// run

// Type assertions of both forms, and what they say when they fail.
package main

type I interface{ M() }
type T struct{ n int }

func (t T) M() {}

type U struct{}

func (u *U) M() {}

func try(f func()) {
	defer func() {
		if e := recover(); e != nil {
			println(e.(error).Error())
		}
	}()
	f()
	println("ok")
}

func main() {
	var nilI I
	var i I = T{3}
	var e any = i
	for _, f := range []func(){
		func() { println(e.(T).n, e.(I) != nil, i.(interface{}) == e) }, func() { _ = e.(int) }, func() { _ = i.(*U) },
		func() { _ = any(nil).(int) }, func() { _ = any(nil).(I) }, func() { _ = any(nil).(any) }, func() { _ = nilI.(T) },
		func() { _ = i.(interface{ N() }) }, func() { _ = any(U{}).(I) }, func() { _ = any("s").(I) },
	} {
		try(f)
	}
	_, ok1 := e.(*T)
	t, ok2 := e.(T)
	_, ok3 := nilI.(interface{})
	m, ok4 := e.(interface{ N() })
	println(ok1, t.n, ok2, ok3, m == nil, ok4)
}

// Output:
// 3 true true
// ok
// interface conversion: interface {} is main.T, not int
// interface conversion: main.I is main.T, not *main.U
// interface conversion: interface {} is nil, not int
// interface conversion: interface is nil, not main.I
// interface conversion: interface is nil, not interface {}
// interface conversion: main.I is nil, not main.T
// interface conversion: main.T is not interface { N() }: missing method N
// interface conversion: main.U is not main.I: missing method M
// interface conversion: string is not main.I: missing method M
// false 3 true false true false
