// errorcheck

package p

type A A // ERROR "invalid recursive type: A refers to itself"

type B C // ERROR "invalid recursive type B\n\t.*:7:6: B refers to\n\t.*:8:6: C refers to\n\t.*:7:6: B"
type C B

type S struct { // ERROR "invalid recursive type: S refers to itself"
	s S
}

type T struct { // ERROR "invalid recursive type T"
	u [2]U
}
type U struct{ t T }

type I interface{ J } // ERROR "invalid recursive type I"
type J interface{ I }

type L []L
type P *P
type F func(F) F
type M map[string]M
type Ch chan Ch
type N struct{ next *N }

type G[X any] struct {
	h H[X] // ERROR "invalid recursive type H"
}
type H[X any] struct{ g G[X] }

type W[X any] struct{ x X }

var _ W[W[int]]

type V struct{ w W[V] } // ERROR "invalid recursive type"
