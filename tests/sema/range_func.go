// errorcheck

package p

func none(yield func() bool)           {}
func one(yield func(int) bool)         {}
func two(yield func(int, string) bool) {}

func f(bad1 func(int), bad2 func(func(int)), bad3 func(func(int) bool) int, bad4 func(func(a, b, c int) bool)) {
	for range none {
	}
	for i := range one {
		var _ int = i
	}
	for i, s := range two {
		var _ int = i
		var _ string = s
	}
	for i := range none { // ERROR "range over none .* permits no iteration variables"
		_ = i
	}
	for range bad1 { // ERROR "argument is not func"
	}
	for range bad2 { // ERROR "yield func does not return bool"
	}
	for range bad3 { // ERROR "unexpected results"
	}
	for range bad4 { // ERROR "yield func has too many parameters"
	}
}
