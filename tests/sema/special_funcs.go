// errorcheck

package main

func main(args []string) {} // ERROR "func main must have no arguments and no return values"

func init() int { return 1 } // ERROR "func init must have no arguments and no return values"

func init[T any]() {} // ERROR "func init must have no type parameters"

var init = 1 // ERROR "cannot declare init - must be func"

func f() {
	init() // ERROR "undefined: init"
}
