// errorcheck

package p

type A = A // ERROR "invalid recursive type: A refers to itself"

type B = *C // ERROR "invalid recursive type B"
type C = []B

type D = *E
type E struct{ d D }
