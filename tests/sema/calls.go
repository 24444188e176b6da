// errorcheck

// Arguments and parameters.

package p

func f0()                     {}
func f1(int) int              { return 0 }
func f2(int, string)          {}
func g2() (int, string)       { return 0, "" }
func g3() (int, string, bool) { return 0, "", false }
func v(s string, n ...int)    {}
func va(...any)               {}

type T struct{}

func (T) m(int)   {}
func (*T) pm(int) {}

func _(x int, s []int, a []any) {
	f1()     // ERROR "not enough arguments in call to f1\n\thave \(\)\n\twant \(int\)"
	f1(1, 2) // ERROR "too many arguments in call to f1\n\thave \(number, number\)\n\twant \(int\)"
	f1("a")  // ERROR "cannot use .a. .untyped string constant. as int value in argument to f1"
	f2(g2())
	f2(g3())    // ERROR "too many arguments in call to f2\n\thave \(int, string, bool\)\n\twant \(int, string\)"
	f1(g2())    // ERROR "too many arguments in call to f1"
	f2(1, g2()) // ERROR "multiple-value g2.. .value of type .int, string.. in "
	f1(f0())    // ERROR "f0.. .no value. used as value"
	v()         // ERROR "not enough arguments in call to v\n\thave \(\)\n\twant \(string, ...int\)"
	v("a")
	v("a", 1, 2)
	v("a", s...)
	v("a", 1, s...) // ERROR "too many arguments in call to v\n\thave \(string, number, ...\[\]int\)|too many arguments"
	v("a", "b")     // ERROR "cannot use .b. .untyped string constant. as int value in argument to v"
	f1(s...)        // ERROR "cannot use ... in call to non-variadic f1"
	va(a...)
	va(s...) // ERROR "cannot use s .variable of type \[\]int. as \[\]any value in argument to va"
	va(g3())
	va(nil, 1, "a")
	x()          // ERROR "invalid operation: cannot call non-function x .variable of type int."
	_ = f0()     // ERROR "f0.. .no value. used as value"
	var _ = g2() // ERROR "multiple-value g2.. .value of type .int, string.. in single-value context"
	T.m(T{}, 1)
	T.pm(T{}, 1) // ERROR "invalid method expression T.pm .needs pointer receiver .\*T..pm."
	(*T).pm(nil, 1)
	(*T).m(nil, 1)
	T{}.m(1)
	T{}.pm(1) // ERROR "cannot call pointer method pm on T"
	(&T{}).pm(1)
	func(a, b int) {}(1) // ERROR "not enough arguments in call to func"
	int(1, 2)            // ERROR "too many arguments in conversion to int"
	int()                // ERROR "missing argument in conversion to int"
}

func gen[K comparable, V any](m map[K]V, f func(K) V) V { panic(0) }
func id[A any](a A) A                                   { return a }
func two[A, B any](a A) (b B)                           { return }
func apply[A, B any](a A, f func(A) B) B                { return f(a) }

func _() {
	var _ string = gen(map[int]string{}, func(int) string { return "" })
	gen(map[int]string{}, func(string) string { return "" }) // ERROR "type func.string. string of .* does not match inferred type func.int. string for func.K. V"
	gen(map[int]string{})                                    // ERROR "not enough arguments in call to gen"
	two(1)                                                   // ERROR "in call to two, cannot infer B"
	_ = two[int, string](1)
	_ = two[int, string, bool](1) // ERROR "got 3 type arguments but want 2|too many type arguments"
	_ = id[string](1)             // ERROR "cannot use 1 .untyped int constant. as string value in argument to id"
	var _ func(int) int = id
	var _ = id                  // ERROR "cannot use generic function id without instantiation"
	var _ func(int) string = id // ERROR "type func.int. string|does not match"
	var _ float64 = id(1)       // ERROR "cannot use id.1. .value of type int. as float64 value"
	_ = apply(1, id)
	_ = apply("a", func(s string) int { return len(s) })
	_ = gen[func()] // ERROR "does not satisfy comparable|cannot use generic function gen|cannot infer V"
}
