// run

// Variables and objects made anew in every iteration, and pointers to them that are kept.

package main

type cell struct {
	v    int
	prev *cell
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

func threeClause() {
	var fs [3]func() int
	var ps [3]*int
	for i := 0; i < 3; i++ {
		fs[i] = func() int { i += 10; return i }
		ps[i] = &i
	}
	clobber(50)
	for k, f := range fs {
		print(f(), " ", *ps[k], " ")
	}
	println()
}

func changedInBody() {
	for i := 0; i < 6; i++ {
		f := func() { i++ }
		f()
		p := &i
		*p += 1
		print(i, " ")
	}
	println()
}

func keptFromBefore() {
	var last *int
	sum := 0
	for i := 0; i < 4; i++ {
		x := i * 10
		if last != nil {
			sum += *last
			*last = -1
		}
		last = &x
	}
	println(sum, *last)
}

func chained() {
	var head *cell
	for i := 0; i < 4; i++ {
		head = &cell{i, head}
	}
	clobber(50)
	for c := head; c != nil; c = c.prev {
		print(c.v, " ")
	}
	println()
}

func zeroEachTime() {
	for i := 0; i < 3; i++ {
		var a [4]int
		p := &a
		print(p[i], " ")
		for j := range p {
			p[j] = 7
		}
		s := make([]int, 3)
		t := &struct{ x, y int }{}
		print(s[i], t.x, " ")
		s[i], t.x = 5, 5
	}
	println()
}

func nestedLoops() {
	var kept []*int
	for i := 0; i < 2; i++ {
		inner := make([]*int, 0, 2)
		for j := 0; j < 2; j++ {
			v := 10*i + j
			inner = append(inner, &v)
		}
		for _, p := range inner {
			*p += 100
		}
		kept = append(kept, inner...)
	}
	clobber(50)
	for _, p := range kept {
		print(*p, " ")
	}
	println()
}

func backwards() {
	var kept [3]*int
	i := 0
again:
	x := i * i
	kept[i] = &x
	i++
	if i < 3 {
		goto again
	}
	clobber(50)
	println(*kept[0], *kept[1], *kept[2])
}

func swapped() {
	a, b := new(int), new(int)
	*a, *b = 1, 2
	for i := 0; i < 3; i++ {
		c := new(int)
		*c = *a + *b
		a, b = b, c
	}
	println(*a, *b)
}

func closuresOfIterations() {
	var get func() int
	total := 0
	for _, v := range []int{1, 2, 3} {
		old := get
		get = func() int { v *= 2; return v }
		if old != nil {
			total += old()
		}
	}
	println(total, get())
}

type source struct{ n int }

func (s *source) each(yield func(int) bool) {
	for i := 0; i < s.n; i++ {
		if !yield(i) {
			return
		}
	}
}

func overFunction() {
	var kept []*int
	sum := 0
	s := source{4}
	for v := range s.each {
		kept = append(kept, &v)
		sum += v
		w := &v
		defer func() { print(*w, " ") }()
	}
	clobber(50)
	for _, p := range kept {
		print(*p, " ")
	}
	println(sum)
}

var leaked func(int) bool

func leaky(yield func(int) bool) {
	leaked = yield
	yield(1)
}

func overLeakyFunction() {
	x := 0
	for v := range leaky {
		x += v
	}
	func() {
		defer func() { println(recover() != nil, x) }()
		leaked(2)
	}()
}

func main() {
	threeClause()
	changedInBody()
	keptFromBefore()
	chained()
	zeroEachTime()
	nestedLoops()
	backwards()
	swapped()
	closuresOfIterations()
	overFunction()
	println()
	overLeakyFunction()
}

// Output:
// 10 10 11 11 12 12 
// 2 5 
// 30 30
// 3 2 1 0 
// 0 00 0 00 0 00 
// 100 101 110 111 
// 0 1 4
// 5 8
// 6 6
// 0 1 2 3 6
// 3 2 1 0 
// true 1
