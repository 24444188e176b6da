// errorcheck

package p

type E struct{}

type T struct {
	a, a int // ERROR "a redeclared"
	E
	E int // ERROR "E redeclared"
	_ int
	_ string
}

type P *int
type I interface{ M() }

type U struct {
	P  // ERROR "embedded field type cannot be a pointer"
	*I // ERROR "embedded field type cannot be a pointer to an interface"
	*E
}

type G[X any] struct {
	X // ERROR "embedded field type cannot be a \(pointer to a\) type parameter"
}
