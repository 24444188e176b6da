// errorcheck

// A name is declared once per block; methods and init functions are in no block.

package p

var a int
const a = 1 // ERROR "a redeclared in this block\n\t.*:7:5: other declaration of a"

type b int
func b() {} // ERROR "b redeclared in this block"

func init() {}
func init() {}

func _() {}
func _() {}

func f(x int, x string) {} // ERROR "x redeclared in this block"

func g(x int) (x string) { return "" } // ERROR "x redeclared in this block"

func h[T any](T int) {} // ERROR "T redeclared in this block"

func k() {
	var v int
	type v string // ERROR "v redeclared in this block"
	_ = v
}
