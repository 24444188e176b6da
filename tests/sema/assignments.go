// errorcheck

// Assignability, and both sides of assignments.

package p

type I interface{ m(int) }
type J interface {
	I
	n()
}
type T struct{}

func (T) m(int) {}

type U struct{}

func (U) m(string) {}

type V struct{}

func (*V) m(int) {}

type Named []int
type Fn func(int) int

func two() (int, string) { return 0, "" }

func _(i I, j J, t T, u U, v V, s []int, ch chan int, m map[string]struct{ x int }, p *struct{ x int }) {
	i = t
	i = u // ERROR "cannot use u .variable of type U. as I value in assignment: U does not implement I .wrong type for method m.\n\t\thave m.string.\n\t\twant m.int."
	i = v // ERROR "V does not implement I .method m has pointer receiver."
	i = &v
	i = 1 // ERROR "cannot use 1 .constant of type int. as I value in assignment: int does not implement I .missing method m."
	i = j
	j = i // ERROR "cannot use i .variable of type I. as J value in assignment: need type assertion|I does not implement J .missing method n."
	t = i // ERROR "cannot use i .variable of type I. as T value in assignment: need type assertion"
	var n Named = s
	s = n
	var _ <-chan int = ch
	var _ chan<- string = ch // ERROR "cannot use ch"
	var _ Fn = func(x int) int { return x }
	var x int
	x = "a" // ERROR "cannot use .a. .untyped string constant. as int value in assignment"
	x, y := 1, 2
	x, y = y           // ERROR "assignment mismatch: 2 variables but 1 value"
	x, y = 1, 2, 3     // ERROR "assignment mismatch: 2 variables but 3 values"
	x, y = two()       // ERROR "cannot use two.. .value of type string. as int value in assignment"
	x = two()          // ERROR "assignment mismatch: 1 variable but two returns 2 values"
	x, y := 3, 4       // ERROR "no new variables on left side of :="
	x, x, z := 1, 2, 3 // ERROR "x repeated on left side of :="
	_, _ = z, y
	p.x = 1
	m["a"].x = 1 // ERROR "cannot assign to struct field m..a...x in map"
	two = nil    // ERROR "cannot assign to two .neither addressable nor a map index expression."
	t.m = nil    // ERROR "cannot assign to t.m"
	1 = x        // ERROR "cannot assign to 1"
	_ = nil      // ERROR "use of untyped nil in assignment"
	var q = nil  // ERROR "use of untyped nil in variable declaration" "declared and not used: q"
	a := nil     // ERROR "use of untyped nil in assignment" "declared and not used: a"
	_, ok := m["a"]
	_, ok = <-ch
	_, ok = i.(T)
	_, ok, _ = i.(T) // ERROR "assignment mismatch: 3 variables but 1 value"
	_ = ok
	_ = i.(U)      // ERROR "impossible type assertion: i..U.\n\tU does not implement I .wrong type for method m."
	x += 1.5       // ERROR "truncated"
	x += "a"       // ERROR "mismatched types int and untyped string"
	x = _          // ERROR "cannot use _ as value"
	var unused int // ERROR "declared and not used: unused"
	unused = 1
}
