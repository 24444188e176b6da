// errorcheck

package p

func f(a ...int, b string) {} // ERROR "can only use ... with final parameter in list"
func g(a int, b ...string) {}

func _() {
	g(1)
	g(1, "a", "b")
	g(1, []string{"a"}...)
}
