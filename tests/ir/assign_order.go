// run

// The two phases of assignments: operands first, then stores with their checks from left to right.
package main

type P struct{ x, y int }

func f(s string, v int) int  { println("f", s); return v }
func g2(s string) (int, int) { println("g2", s); return 7, 8 }

var glob = []int{1, 2, 3}

func grow() int { glob = append(glob, 9, 9, 9, 9); return 42 }

func try(name string, fn func()) {
	defer func() {
		if e := recover(); e != nil {
			println(name, "panicked:", e.(error).Error())
		}
	}()
	fn()
}

type big struct {
	a [3]struct {
		p *P
		s []int
	}
	m map[string]int
}

func main() {
	// store order and late checks
	try("a", func() {
		x := []int{0, 0, 0}
		defer func() { println(x[0], x[1], x[2]) }()
		var p *P
		x[f("i", 1)], p.x = f("v1", 4), f("v2", 5)
	})
	try("b", func() {
		x := []int{0, 0, 0}
		defer func() { println(x[0], x[1], x[2]) }()
		i := 5
		x[0], x[i], x[1] = 1, 2, 3
	})
	i := 0
	x := []int{10, 20, 30}
	i, x[i] = 1, 2
	println(i, x[0], x[1])
	x[0], x[0] = 1, 2
	println(x[0])
	x[1], x[2] = x[2], x[1]
	println(x[1], x[2])
	var a, b = g2("q")
	a, b = b, a
	println(a, b)
	glob[1] = grow()
	println(glob[1], len(glob))
	m := map[string]int{"a": 1}
	m["a"], m["b"] = m["b"], m["a"]
	println(m["a"], m["b"], len(m))
	v, ok := m["zz"]
	println(v, ok)
	var e interface{} = 5
	n, ok := e.(int)
	s, ok2 := e.(string)
	println(n, ok, s, ok2)
	var iface interface{}
	var ok3 interface{}
	iface, ok3 = m["a"]
	println(iface.(int), ok3.(bool))
	bb := &big{m: m}
	bb.a[1].p = &P{1, 2}
	bb.a[f("idx", 1)].p.x, bb.m["k"], bb.a[2].s = f("A", 3), f("B", 4), []int{f("C", 5)}
	println(bb.a[1].p.x, m["k"], bb.a[2].s[0])
	bb.a[1].p.y += f("inc", 10)
	bb.a[1].p.y++
	m["k"] *= 5
	m["new"]++
	println(bb.a[1].p.y, m["k"], m["new"])
	str := "x"
	str += "y" + str
	println(str)
	var u8 uint8 = 250
	u8 += 10
	u8 <<= 1
	println(u8)
	u8 &^= 1 << 3
	u8 %= 5
	println(u8)
	c := 1 + 2i
	c *= c
	c++
	println(real(c), imag(c))
	try("div", func() { z := 0; m["k"] /= z })
	try("nilmap", func() { var mm map[int]int; mm[f("key", 1)] = f("val", 2) })
	try("nilmap2", func() { var mm map[int]int; _ = mm[1]; mm[1]++ })
	try("idx", func() { var s []int; s[f("key", 1)] = f("val", 2) })
	try("_deref", func() { var p *P; _ = *p })
	try("_idx", func() { _ = x[f("five", 5)] })
	_, y := f("blank", 1), f("y", 2)
	println(y)
	var arr [3]int
	ap := &arr
	ap[f("ap", 2)], arr[0] = 5, 6
	println(arr[0], arr[2])
	type T struct{ a [2][2]int }
	var t T
	j := 1
	t.a[j][j-1], j = 9, 0
	println(t.a[1][0], j)
	t, t.a[0][0] = T{}, 3
	println(t.a[1][0], t.a[0][0])
	k, arr2 := 5, [2]int{1, 2}
	k, arr2 = arr2[0], [2]int{k, k}
	println(k, arr2[0])
}

/*
f i
f v1
f v2
0 4 0
a panicked: runtime error: invalid memory address or nil pointer dereference
1 0 0
b panicked: runtime error: index out of range [5] with length 3
1 2 20
2
30 20
g2 q
8 7
42 7
0 1 2
0 false
5 true  false
0 true
f idx
f A
f B
f C
3 4 5
f inc
13 20 1
xyx
8
0
-2.000000e+000 +4.000000e+000
div panicked: runtime error: integer divide by zero
f key
f val
nilmap panicked: assignment to entry in nil map
nilmap2 panicked: assignment to entry in nil map
f key
f val
idx panicked: runtime error: index out of range [1] with length 0
_deref panicked: runtime error: invalid memory address or nil pointer dereference
f five
_idx panicked: runtime error: index out of range [5] with length 3
f blank
f y
2
f ap
6 5
9 0
0 3
1 5
*/
