// run

// Package variables: static data of all shapes, the order of initialisation, literals copied from images.
package main

type T struct {
	a int
	b string
	c []int
	d *T
	e interface{}
	f func(int) int
	g [3]int8
	h map[string]int
	i float32
	j complex128
	k bool
}
type S string
type Er struct{ code int }

func (e *Er) Error() string { return "er" }

type Er2 int

func (e Er2) Error() string { return "er2" }

func sq(x int) int { return x * x }

var (
	x0           = y0 + 1
	y0           = f0()
	z0           = 10
	t1           = T{1, "one", []int{1, 2, 3}, &T{a: 5, c: []int{9}}, 7, sq, [3]int8{1: -3}, nil, 1.5, 1 + 2i, true}
	t2           = &T{b: "two", e: "str", f: func(x int) int { return x + 1 }}
	arr          = [...]string{3: "three", 0: "zero"}
	nested       = [][]string{{"a", "b"}, {}, nil, {"c"}}
	ptrs         = []*T{{a: 1}, {a: 2, d: &T{a: 3}}}
	addr         = &arr[3]
	addr2        = &t1.g[1]
	e1     error = &Er{5}
	e2     error = Er2(6)
	any1         = interface{}(S("named"))
	any2         = []interface{}{1, "x", nil, 2.5, Er2(1), &Er{1}, [2]int{4, 5}, struct{ p *int }{}, true, 'x'}
	m1           = map[string][]int{"a": {1}, "b": {2, 3}}
	fn           = sq
	fns          = [2]func(int) int{sq, func(x int) int { return -x }}
	bytes        = []byte("bytes")
	nw           = new(int)
	conv         = S("x") + "y"
	big          = [1000]int{999: 5}
	st     struct {
		in struct{ a, b int }
		p  *int
	} = struct {
		in struct{ a, b int }
		p  *int
	}{in: struct{ a, b int }{1, 2}}
	a1, b1       = g()
	_            = p("blank")
	mm, ok       = m1["b"]
	u8     uint8 = 200
	i64          = int64(-1 << 63)
	iface  interface {
		Error() string
	} = Er2(9)
	nilp *T
	nili error
	cyc1 = &node{"n1", &cyc2}
	cyc2 = node{"n2", &cyc3}
	cyc3 = node{"n3", nil}
)

type node struct {
	s    string
	next *node
}

func g() (int, string) { return z0, "g" }
func p(s string) int   { println("p", s); return 1 }
func f0() int          { println("f0", z0); return z0 * 2 }
func init()            { println("init 1", x0); *nw = 3 }
func init()            { println("init 2", y0) }

func main() {
	println(x0, y0, z0)
	println(t1.a, t1.b, len(t1.c), cap(t1.c), t1.c[2], t1.d.a, t1.d.c[0], t1.e.(int), t1.f(4), t1.g[1], t1.h == nil, t1.i, real(t1.j), imag(t1.j), t1.k)
	println(t2.b, t2.e.(string), t2.f(1))
	println(len(arr), arr[0], arr[1], arr[3], *addr, *addr2)
	*addr = "changed"
	println(arr[3])
	println(len(nested), nested[0][1], len(nested[1]), nested[1] == nil, nested[2] == nil, nested[3][0])
	println(ptrs[0].a, ptrs[1].d.a)
	println(e1.Error(), e2.Error(), any1.(S), len(any2))
	for _, x := range any2 {
		switch v := x.(type) {
		case int:
			println("int", v)
		case string:
			println("string", v)
		case nil:
			println("nil")
		case float64:
			println("f", v)
		case error:
			println("error", v.Error())
		case [2]int:
			println("arr", v[0], v[1])
		case bool:
			println(v)
		case rune:
			println("rune", v)
		default:
			println("other")
		}
	}
	println(len(m1), len(m1["b"]), fn(3), fns[0](2), fns[1](2), string(bytes), *nw, conv)
	println(big[999], st.in.b, a1, b1, len(mm), ok, u8, i64, iface.Error(), nilp == nil, nili == nil)
	t1.c = append(t1.c, 4)
	bytes[0] = 'B'
	println(len(t1.c), string(bytes), cyc1.next.next.s)
	lit := T{c: []int{1, 2}, g: [3]int8{1, 2, 3}}
	lit2 := []T{{a: 1}, {a: 2, b: "x"}}
	lit2[0].a++
	lit.g[0] = 9
	println(lit.g[0], lit2[0].a, lit2[1].b)
	for i := 0; i < 2; i++ {
		l := []int{1, 2, 3}
		l[0] += i
		a := [4]string{"p", "q"}
		a[1] += "!"
		println(l[0], a[1])
	}
}

/*
f0 10
p blank
init 1 21
init 2 20
21 20 10
1 one 3 3 3 5 9 7 16 -3 true +1.500000e+000 +1.000000e+000 +2.000000e+000 true
two str 2
4 zero  three three -3
changed
4 b 0 false true c
1 3
er er2 named 10
int 1
string x
nil
f +2.500000e+000
error er2
error er
arr 4 5
other
true
rune 120
2 2 9 4 -2 bytes 3 xy
5 2 10 g 2 true 200 -9223372036854775808 er2 true true
4 Bytes n3
9 2 x
1 q!
2 q!
*/
