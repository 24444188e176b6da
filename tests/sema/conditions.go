// errorcheck

package p

type B bool

func _(i int, b B) {
	if i { // ERROR "non-boolean condition in if statement"
	}
	for i { // ERROR "non-boolean condition in for statement"
	}
	if b {
	}
	if x := 1; x > 0 {
	} else if y := x; y > 1 {
	} else {
		_ = y
	}
	x = 1 // ERROR "undefined: x"
}
