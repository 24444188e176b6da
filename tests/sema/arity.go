// errorcheck

package p

var a, b = 1 // ERROR "assignment mismatch: 2 variables but 1 value|missing init expr for b"

var c, d = 1, 2, 3 // ERROR "extra init expr 3"

const e, f = 1 // ERROR "missing init expr for f"

const (
	g, h = 1, 2
	i    // ERROR "extra init expr at .*arity.go:12:12"
	j, k, l // ERROR "missing init expr for l"
)

func _() {
	var x, y, z = 1, 2 // ERROR "missing init expr for z"
	_, _, _ = x, y, z
}
