// errorcheck -m

// What escape analysis decides, and how it says so.

package escape

type T struct {
	p    *int
	buf  []byte
	next *T
}

var sink any
var global *int

func unused(p *int)         {}              // ERROR "p does not escape"
func leak(p *int)           { global = p }  // ERROR "leaking param: p$"
func same(p *int) *int      { return p }    // ERROR "leaking param: p to result ~r0 level=0"
func field(t *T) (p *int)   { return t.p }  // ERROR "leaking param: t to result p level=1"
func content(t *T)          { leak(t.p) }   // ERROR "leaking param content: t"
func twice(p **int) *int    { return *p }   // ERROR "leaking param: p to result ~r0 level=1"
func read(p *int) int       { return *p }   // ERROR "p does not escape"
func length(s string) int   { return len(s) } // ERROR "s does not escape"
func (t *T) set(p *int)     { t.p = p }     // ERROR "t does not escape" "leaking param: p$"
func (t *T) cut(n int)      { t.buf = t.buf[:n] } // ERROR "t does not escape"
func (t *T) skip()          { t.next = t.next.next } // ERROR "t does not escape"
func unknown(f func(*int))  { // ERROR "f does not escape"
	x := 1 // ERROR "moved to heap: x"
	f(&x)
}

//go:noescape
func outside(p *int)

func noescape() {
	x := 1
	outside(&x)
}

func locals() int {
	x, y := 1, 2 // ERROR "moved to heap: y"
	p := same(&x)
	leak(&y)
	t := &T{p: p}      // ERROR "&T{...} does not escape"
	u := new(T)        // ERROR "new\(T\) does not escape"
	t.next = u
	s := []int{1, 2}   // ERROR "\[\]int{...} does not escape"
	b := make([]int, 8) // ERROR "make\(\[\]int, 8\) does not escape"
	c := make([]int, x) // ERROR "make\(\[\]int, x\) escapes to heap"
	return *t.p + s[0] + b[1] + c[0]
}

func results() (*int, []int, func() int) {
	x := 1           // ERROR "moved to heap: x"
	n := 0           // ERROR "moved to heap: n"
	return &x, []int{2}, func() int { n++; return n } // ERROR "\[\]int{...} escapes to heap" "func literal escapes to heap"
}

func closures() int {
	n := 0
	f := func() { n++ } // ERROR "func literal does not escape"
	f()
	return n
}

func loops() {
	var last *int
	for i := 0; i < 3; i++ {
		x := i // ERROR "moved to heap: x"
		y := i
		if last != nil {
			println(*last)
		}
		last = &x
		p := &y
		*p++
	}
	for i := 0; i < 3; i++ {
		f := func() { i++ } // ERROR "func literal does not escape"
		f()
	}
	var kept *int
	for i := 0; i < 3; i++ { // ERROR "moved to heap: i"
		if kept != nil {
			println(*kept)
		}
		kept = &i
	}
}

func print(args ...any) { // ERROR "args does not escape"
	for _, a := range args {
		if n, ok := a.(int); ok {
			println(n)
		}
	}
}

func boxes(n int, s string) { // ERROR "s does not escape"
	print(n, n+1)  // ERROR "... argument does not escape" "n does not escape" "n \+ 1 does not escape"
	sink = n       // ERROR "n escapes to heap"
}

func deferred() (n int) { // ERROR "moved to heap: n"
	x := 1
	defer func() { n += x }() // ERROR "func literal does not escape"
	x = 2
	for i := 0; i < 3; i++ { // ERROR "moved to heap: i"
		defer func() { n += i }() // ERROR "func literal escapes to heap"
	}
	return x
}

type I interface{ M(*int) }

func dynamic(i I) { // ERROR "leaking param: i"
	x := 1 // ERROR "moved to heap: x"
	i.M(&x)
}

func large() {
	var a [11 << 20]byte // ERROR "moved to heap: a"
	a[0] = 1
	p := new([65 << 10]byte) // ERROR "escapes to heap"
	p[0] = 1
}
