// errorcheck

// A variable is in scope after its declaration only; types and functions within their own.

package p

var x = "outer"

func _() {
	{
		x := len(x)
		x++
	}
	var f = func() string { return x }
	_ = f
	y := func() { y() } // ERROR "undefined: y"
	_ = y
	const c = c + 1 // ERROR "undefined: c"
	type T struct{ next *T }
	for i := range i { // ERROR "undefined: i"
		_ = i
	}
}
