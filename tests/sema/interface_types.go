// errorcheck

package p

type I interface {
	m()
	m() // ERROR "duplicate method m"
	_() // ERROR "methods must have a unique non-blank name"
}

type J interface{ m() }
type K interface{ m() int }

type L interface {
	J
	K // ERROR "duplicate method m"
}

type M interface {
	J
	interface{ m() }
}

type C interface{ ~int | string }

var v C            // ERROR "cannot use type C outside a type constraint: interface contains type constraints"
var w comparable   // ERROR "cannot use type comparable outside a type constraint: interface is \(or embeds\) comparable"

func f[T C](t T) {}
