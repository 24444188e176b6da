// errorcheck

package p

import "io"

type T struct{}

func f(x any, r io.Reader, i int) {
	switch x.(type) {
	case int, string:
	case string: // ERROR "duplicate case string in type switch\n\t.*:11:12: previous case"
	case nil:
	case nil: // ERROR "duplicate case nil in type switch"
	}
	switch r.(type) {
	case T: // ERROR "impossible type switch case: T\n\tr \(variable of type io.Reader\) cannot have dynamic type T \(missing method Read\)"
	case *T: // ERROR "impossible type switch case"
	case io.Writer:
	}
	switch i.(type) { // ERROR "i \(variable of type int\) is not an interface"
	}
	switch _ := x.(type) { // ERROR "no new variable on left side of :="
	}
	switch v := x.(type) {
	case int:
		var _ int = v
	case int8, int16:
		var _ int8 = v // ERROR "cannot use v .* as int8 value"
	case nil:
		var _ any = v
	}
}
