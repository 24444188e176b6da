// run

// Arguments and results that travel on the stack arrive on the other side of a boundary.
package main

type vec [30]int

type mixed struct {
	s string
	f [5]float64
	p *int
	b byte
}

func add(v, w vec) (sum vec) {
	for i := range v {
		sum[i] = v[i] + w[i]
	}
	return
}

func deepVec(n int, v vec) vec {
	if n == 0 {
		return v
	}
	for i := range v {
		v[i]++
	}
	return deepVec(n-1, v)
}

func many(a, b, c, d, e, f, g, h, i, j int, x, y float64, s string, m mixed, t []int) (int, float64, string, mixed, []int) {
	return a + b + c + d + e + f + g + h + i + j, x + y, s + m.s, m, t
}

func floats(a, b, c, d, e, f, g, h, i, j, k float64) float64 {
	return a + 2*b + 3*c + 4*d + 5*e + 6*f + 7*g + 8*h + 9*i + 10*j + 11*k
}

func pair(a, b uint64) (uint64, uint64)       { return b, a }
func mixedPair(a int, x float64) (float64, int) { return x, a }

func complexes(a complex128) complex128 { return a * a }

type method struct{ v vec }

func (m method) get(i int, w vec) int { return m.v[i] + w[i] }

type getter interface{ get(i int, w vec) int }

// check calls everything once; the caller varies where on a segment that is.
func check(n int) bool {
	var v, w vec
	for i := range v {
		v[i], w[i] = i, n
	}
	sum := add(v, w)
	for i := range sum {
		if sum[i] != i+n {
			return false
		}
	}
	k := n
	m := mixed{"b", [5]float64{1, 2, 3, 4, 5}, &k, 7}
	i, x, s, m2, t := many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.25, 0.5, "a", m, []int{n})
	if i != 55 || x != 0.75 || s != "ab" || m2 != m || len(t) != 1 || t[0] != n {
		return false
	}
	if floats(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, float64(n)) != 55+11*float64(n) {
		return false
	}
	if p, q := pair(1, uint64(n)); p != uint64(n) || q != 1 {
		return false
	}
	if p, q := mixedPair(n, 0.5); p != 0.5 || q != n {
		return false
	}
	if complexes(complex(1, 1)) != 2i {
		return false
	}
	var g getter = method{v}
	f := g.get
	return g.get(3, w) == 3+n && f(4, w) == 4+n
}

func down(n int) int {
	if !check(n) {
		println("wrong at depth", n)
	}
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

func main() {
	println(down(5000))
	var v vec
	v = deepVec(200000, v)
	println(v[0], v[29])
}

/*
5000
200000 200000
*/
