// run

// Method values keep their receiver; method expressions take it; promotion through embedding.
package main

type T struct{ n int }

func (t T) Val() int       { return t.n }
func (t *T) Add(d int) int { t.n += d; return t.n }

type I interface{ Val() int }
type E struct {
	T
	I2
}
type I2 interface{ Two() int }
type Two int

func (t Two) Two() int { return 2 * int(t) }

func main() {
	t := T{1}
	val, add := t.Val, t.Add
	t.n = 7
	println(val(), add(1), t.n, T.Val(t), (*T).Add(&t, 2), (*T).Val(&t), I.Val(t))
	e := E{t, Two(4)}
	two, padd := e.Two, (&e).Add
	e.I2 = nil
	println(two(), padd(3), e.n, E.Val(e), (*E).Add(&e, 1), interface{ Val() int }(e).Val())
	var i I = &e
	f := i.Val
	i = nil
	println(f())
	defer func() { println(recover().(error).Error()) }()
	_ = i.Val
}

// Output:
// 1 8 10 8 10 10 10
// 8 13 14 13 14 14
// 14
// runtime error: invalid memory address or nil pointer dereference
