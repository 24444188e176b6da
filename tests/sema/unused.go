// errorcheck

package p

import "os" // ERROR ".os. imported and not used"
import str "strings" // ERROR ".strings. imported as str and not used"
import _ "fmt"

func _(param int) {
	x := 1 // ERROR "declared and not used: x"
	var y int // ERROR "declared and not used: y"
	y = 2
	z := 3
	z++
	func() {
		w := 1 // ERROR "declared and not used: w"
	}()
	for i := 0; ; { // ERROR "declared and not used: i"
	}
}

func _(e any) {
	switch t := e.(type) { // ERROR "t declared and not used"
	case int:
	}
	switch t := e.(type) {
	case int:
	default:
		_ = t
	}
	for i, v := range []int{} { // ERROR "declared and not used: i" "declared and not used: v"
	}
}
