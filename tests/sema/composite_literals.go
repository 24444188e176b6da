// errorcheck

// Structs, arrays, slices and maps written out.

package p

type P struct{ x, y int }
type E struct {
	P
	q *P
}

const k = 2

var (
	_ = P{1, 2}
	_ = P{x: 1}
	_ = P{1}          // ERROR "too few values in struct literal of type P"
	_ = P{1, 2, 3}    // ERROR "too many values in struct literal of type P"
	_ = P{x: 1, 2}    // ERROR "mixture of field:value and value elements in struct literal"
	_ = P{1, y: 2}    // ERROR "mixture of field:value and value elements in struct literal"
	_ = P{z: 1}       // ERROR "unknown field z in struct literal of type P"
	_ = P{X: 1}       // ERROR "unknown field X in struct literal of type P, but does have x"
	_ = P{x: 1, x: 2} // ERROR "duplicate field name x in struct literal"
	_ = P{x: "a"}     // ERROR "cannot use .a. .untyped string constant. as int value in struct literal"
	_ = E{x: 1}       // ERROR "unknown field x|cannot use promoted field E.x"
	_ = E{P: P{1, 2}, q: &P{}}

	_ [3]int = [...]int{1, 2, 3}
	_        = [...]int{5: 1, 2, 0: 3}
	_        = [2]int{1, 2, 3}   // ERROR "index 2 is out of bounds|out of bounds"
	_        = [2]int{2: 1}      // ERROR "index 2 out of bounds \[0:2\]"
	_        = []int{k: 1, 2: 2} // ERROR "duplicate index 2 in array or slice literal"
	_        = []int{-1: 0}      // ERROR "must not be negative"
	_        = []int{"a"}        // ERROR "cannot use .a. .untyped string constant. as int value in array or slice literal"
	_        = []int{1.5: 1}     // ERROR "truncated|must be integer"
	_        = [...][2]int{{1}, {2, 3}}
	_        = []*P{{1, 2}, {x: 1}, nil}
	_        = map[P]string{{1, 2}: "a"}
	_        = map[string][]P{"a": {{1, 2}}}
	_        = map[string]int{"a": 1, "b": 2, "a": 3}  // ERROR "duplicate key .a. in map literal"
	_        = map[any]int{1: 1, 1.0: 2, "1": 3, 1: 4} // ERROR "duplicate key 1 in map literal"
	_        = map[float64]int{1: 1, 1.0: 2}           // ERROR "duplicate key 1 in map literal"
	_        = map[string]int{1}                       // ERROR "missing key in map literal"
	_        = int{}                                   // ERROR "invalid composite literal type int"
	_        = []P{{{1}, 2}}                           // ERROR "invalid composite literal type int|missing type"
)
