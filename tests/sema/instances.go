// errorcheck

package p

type G[A any, B comparable] struct{}

var (
	_ G[int, string]
	_ G[int]              // ERROR "not enough type arguments for type G: have 1, want 2"
	_ G[int, int, int]    // ERROR "too many type arguments for type G: have 3, want 2"
	_ G[int, []int]       // ERROR "\[\]int does not satisfy comparable"
	_ G                   // ERROR "cannot use generic type G\[A any, B comparable\] without instantiation"
	_ int[string]         // ERROR "int is not a generic type"
)

type R[P any] P // ERROR "cannot use a type parameter as RHS in type declaration"

func f[P any, Q P]() {} // ERROR "cannot use a type parameter as constraint"
