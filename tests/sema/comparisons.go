// errorcheck

// Why two operands cannot be compared.

package p

type S struct{ f []int }
type I interface{ m() }
type T struct{}

func (T) m() {}

func _(a int, b string, s, s2 []int, m map[int]int, f func(), st S, ar [2][]int, p *int, i I, t T, e any, u uint) {
	_ = a == b  // ERROR "invalid operation: a == b .mismatched types int and string."
	_ = a == u  // ERROR "mismatched types int and uint"
	_ = a + u   // ERROR "invalid operation: a . u .mismatched types int and uint."
	_ = s == s2 // ERROR "slice can only be compared to nil"
	_ = m == m  // ERROR "map can only be compared to nil"
	_ = f == f  // ERROR "func can only be compared to nil"
	_ = s == nil
	_ = nil == f
	_ = st == st   // ERROR "struct containing \[\]int cannot be compared"
	_ = ar == ar   // ERROR "\[2\]\[\]int cannot be compared"
	_ = p == 0     // ERROR "mismatched types \*int and untyped int"
	_ = p < p      // ERROR "operator < not defined on pointer"
	_ = a == nil   // ERROR "mismatched types int and untyped nil"
	_ = nil == nil // ERROR "operator == not defined on untyped nil"
	_ = i == t
	_ = t == i
	_ = i == a // ERROR "mismatched types I and int"
	_ = e == 1.5
	_ = e == s       // ERROR "slice can only be compared to nil"
	_ = e < e        // ERROR "operator < not defined on interface"
	_ = a == 1.5     // ERROR "truncated"
	_ = a == "x"     // ERROR "mismatched types int and untyped string"
	_ = true < false // ERROR "operator < not defined on untyped bool"
	_ = !a           // ERROR "invalid operation: operator ! not defined on a .variable of type int."
	_ = -b           // ERROR "operator - not defined on b"
	_ = a && true    // ERROR "mismatched types int and untyped bool"
	_ = b - b        // ERROR "invalid operation: operator - not defined on b .variable of type string."
}

func _[P any, C comparable, O ~int | ~string](p P, c C, o O) {
	_ = p == p // ERROR "incomparable types in type set"
	_ = c == c
	_ = c < c // ERROR "type parameter C is not comparable with <"
	_ = o < o
	_ = o + o
	_ = o - o // ERROR "operator - not defined on o"
}
