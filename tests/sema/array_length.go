// errorcheck

package p

var n = 3

type (
	A [n]int     // ERROR "invalid array length n"
	B [-1]int    // ERROR "invalid array length -1"
	C [1.5]int   // ERROR "must be integer|truncated"
	D ["x"]int   // ERROR "must be integer"
	E [2.0]int
	F [len(E{})]int
	G [f()]int   // ERROR "must be constant"
	H [missing]int // ERROR "undefined array length missing or missing type constraint"
	I [...]int   // ERROR "invalid use of \[...\] array"
)

func f() int { return 1 }

var _ = [...]int{1, 2}
