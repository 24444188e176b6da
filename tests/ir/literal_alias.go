// run

// A literal assigned to a variable may read that variable; one that panics leaves it alone.
package main

type P struct{ x, y int }
type N struct {
	P
	next *N
	list []P
}

var g = P{1, 2}

func fail(p *P) (q P) {
	q = P{1, 1}
	r := &q
	defer func() { recover() }()
	*r = P{5, p.x}
	return
}

func main() {
	p := P{1, 2}
	p = P{p.y, p.x}
	g = P{g.y, g.x}
	q := &p
	*q = P{q.y + 10, q.x + 10}
	println(p.x, p.y, g.x, g.y)
	a := [3]int{1, 2, 3}
	a = [3]int{a[2], a[0], a[1]}
	a, p = [3]int{2: a[0]}, P{y: a[1]}
	println(a[0], a[2], p.x, p.y)
	n := N{P: p, list: []P{{1, 2}, 3: {y: 4}}}
	n = N{next: &n, P: P{n.y, len(n.list)}}
	println(n.x, n.y, n.next.next == &n, n.list == nil)
	println(fail(nil).y)
	for i := range 2 {
		l := []*P{{x: i}, nil, {}}
		l[0].y++
		println(l[0].x, l[0].y, len(l))
	}
}

// Output:
// 11 12 2 1
// 0 3 0 1
// 1 4 true true
// 1
// 0 1 3
// 1 1 3
