// errorcheck

// An error in a repeated expression is the fault of the constant that repeats it.

package p

const (
	a int8 = 100 * (iota + 1)
	b // ERROR "overflows|cannot use 100 \* \(iota \+ 1\)"
)
