// errorcheck

package p

func f() int { return 1 }

func _() {
	go f()
	defer f()
	defer recover()
	go int(3)          // ERROR "go requires function call, not conversion"
	defer len("x")     // ERROR "defer discards result of len\(.x.\)"
	defer append([]int{}, 1) // ERROR "defer discards result of append"
	defer func() {}()
}
