// run
// Objects of many shapes and sizes survive collections, from every kind of place that can refer to them.
package main

import "runtime"

type small struct {
	a int
	p *int
	s string
}

type mixed struct {
	pad  [70]int
	m    map[string]*small
	f    func() int
	i    any
	tail []*int
}

type huge struct {
	data [5000]int
	p    *small
	more [5000]*int
}

var (
	global   *small
	table    [100]mixed
	huges    []*huge
	iface    any
	closures []func() int
)

func box(n int) *int { return &n }

//go:noinline
func fill() {
	global = &small{1, box(2), string([]byte{'t', 'e', 'x', 't'})}
	for i := range table {
		t := &table[i]
		t.m = map[string]*small{"k" + string(rune('a'+i%26)): {i, box(i), ""}}
		n := box(i)
		t.f = func() int { return *n }
		t.i = *n + 1000
		for j := 0; j < i; j++ {
			t.tail = append(t.tail, box(j))
		}
	}
	for i := 0; i < 4; i++ {
		h := &huge{p: &small{a: i, p: box(i)}}
		h.more[4999] = box(i * 10)
		huges = append(huges, h)
	}
	iface = mixed{i: box(77)}
	for i := 0; i < 10; i++ {
		closures = append(closures, func() int { i++; return i })
	}
}

func garbage() {
	for i := 0; i < 20000; i++ {
		_ = append([]*int(nil), box(i), box(i))
		_ = make([]byte, i%5000)
	}
}

func main() {
	fill()
	inner := &huges[2].more[4999] // an interior pointer alone keeps the whole
	huges[2] = nil
	c := make(chan *small, 4)
	c <- &small{5, box(6), "chan"}
	for i := 0; i < 3; i++ {
		garbage()
		runtime.GC()
	}
	bad := 0
	check := func(ok bool) {
		if !ok {
			bad++
		}
	}
	check(global.a == 1 && *global.p == 2 && global.s == "text")
	for i := range table {
		t := &table[i]
		e := t.m["k"+string(rune('a'+i%26))]
		check(e.a == i && *e.p == i && t.f() == i && t.i == i+1000)
		for j, p := range t.tail {
			check(*p == j)
		}
	}
	check(huges[3].p.a == 3 && *huges[3].more[4999] == 30 && **inner == 20)
	check(*iface.(mixed).i.(*int) == 77)
	for i, f := range closures {
		check(f() == i+1)
	}
	v := <-c
	check(v.a == 5 && *v.p == 6 && v.s == "chan")
	println("bad:", bad)
}

/*
bad: 0
*/
