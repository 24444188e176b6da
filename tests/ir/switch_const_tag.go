// run

// The tag is a constant: the case is known while compiling, and what cannot be reached is left out.
package main

type level float32

func tagged() string {
	const x level = 2
	switch x {
	case 1:
		return "one"
	case 2:
		return "two"
	}
	return "none"
}

func text() string {
	switch "b" {
	default:
		return "other"
	case "a", "b":
		fallthrough
	case "c":
		return "a to c"
	}
}

func missing() string {
	switch 'x' {
	case 'a', 'b', 'c', 'd', 'e':
		return "early"
	default:
		return "late"
	}
}

func mixed(n int) string {
	switch 3 {
	case n:
		return "n"
	case 3:
		return "three"
	case n + 1:
		return "n + 1"
	}
	return "none"
}

func boxed(v any) string {
	switch 1 {
	case v:
		return "v"
	case 1.0:
		return "one"
	}
	return "none"
}

func main() {
	println(tagged(), text(), missing(), mixed(3), mixed(2))
	println(boxed(1), boxed(2), boxed("1"))
	switch false {
	case true:
		println("true")
	}
}

/*
two a to c late n three
v one one
*/
