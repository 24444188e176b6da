// errorcheck

package p

type My int

type A interface {
	~My // ERROR "invalid use of ~ \(underlying type of My is int\)"
}
type B interface {
	int | ~int // ERROR "overlapping terms ~int and int"
}
type C interface {
	~error // ERROR "invalid use of ~ \(error is an interface\)"
}
type D interface {
	int | error // ERROR "cannot use error in union \(error contains methods\)"
}
type E interface {
	int | comparable // ERROR "cannot use comparable in union"
}

func f[P any, Q interface{ P | int }]() {} // ERROR "term cannot be a type parameter"

func g[P ~int | ~string]() {}
