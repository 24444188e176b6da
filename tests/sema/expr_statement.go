// errorcheck

package p

func f() int { return 1 }

func _(c chan int, x int) {
	f()
	<-c
	(f())
	x     // ERROR "x \(variable of type int\) is not used"
	x + 1 // ERROR "x \+ 1 \(value of type int\) is not used"
	f     // ERROR "f \(value of type func\(\) int\) is not used"
	len   // ERROR "len \(built-in\) must be called"
	int   // ERROR "int \(type\) is not an expression"
	len("x") // ERROR "is not used"
	copy([]int{}, []int{})
	-5    // ERROR "is not used"
}
