// run

// Addresses that leave a function through its results.

package main

type node struct {
	v    int
	next *node
	data [4]int
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
func local() *int { x := 41; return &x }

//go:noinline
func param(x int) *int { return &x }

//go:noinline
func named() (p *int, q *int) {
	x := 42
	p = &x
	q = p
	return
}

//go:noinline
func field() *int { n := node{v: 43}; return &n.v }

//go:noinline
func elem(i int) *int { n := node{data: [4]int{1, 2, 44, 4}}; return &n.data[i] }

//go:noinline
func slice() []int { a := [3]int{45, 46, 47}; return a[1:] }

//go:noinline
func sliceOfSlice() [][]int { a := [2]int{48, 49}; b := [][]int{a[:1], a[1:]}; return b[:] }

//go:noinline
func list(n int) *node {
	var head *node
	for i := 0; i < n; i++ {
		head = &node{v: i, next: head}
	}
	return head
}

//go:noinline
func inStruct() struct{ p *int } { x := 50; return struct{ p *int }{&x} }

//go:noinline
func inArray() [2]*int { x, y := 51, 52; return [2]*int{&x, &y} }

//go:noinline
func indirect() **int { x := 53; p := &x; return &p }

func pass(p *int) *int { return p }

//go:noinline
func passed() *int { x := 54; return pass(pass(&x)) }

func swap(p, q *int) (*int, *int) { return q, p }

//go:noinline
func swapped() *int {
	x, y := 55, 56
	p, q := swap(&x, &y)
	clobber(1)
	*p++
	return q
}

//go:noinline
func viaGoto(n int) *int {
	var p *int
again:
	x := n
	if p == nil || n > 0 {
		p = &x
		n--
		goto again
	}
	return p
}

//go:noinline
func shadowed() (err error, p *int) {
	{
		p := new(int)
		*p = 57
		return nil, p
	}
}

func main() {
	a, b := named()
	ps := []*int{local(), param(40), a, b, field(), elem(2)}
	s, ss, l, st, ar, in := slice(), sliceOfSlice(), list(5), inStruct(), inArray(), indirect()
	pa, sw := passed(), swapped()
	g := viaGoto(3)
	_, sh := shadowed()
	clobber(200)
	for _, p := range ps {
		print(*p, " ")
	}
	println()
	println(s[0], s[1], ss[0][0], ss[1][0])
	for n := l; n != nil; n = n.next {
		print(n.v, " ")
	}
	println(*st.p, *ar[0], *ar[1], **in, *pa, *sw, *g, *sh)
}

// Output:
// 41 40 42 42 43 44 
// 46 47 48 49
// 4 3 2 1 0 50 51 52 53 54 55 1 57
