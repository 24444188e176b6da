// run

// The results of one call as arguments of another, variadic ones and builtins included.
package main

func two() (int, string)                 { return 7, "seven" }
func take(i any, s string) (any, string) { return i, s }
func vari(p string, x ...int)            { println(p, len(x), x == nil) }
func anys(x ...any) int                  { return len(x) }
func parts() (float64, float64)          { return 1, 2 }

func main() {
	i, s := take(two())
	println(i.(int), s, anys(two()), anys(), anys(nil), anys(nil...), complex(parts()))
	println(two())
	vari("a")
	vari("b", 1, 2)
	vari("c", []int{}...)
	func(x int, y ...string) { println(x, y[0]) }(two())
	defer print(two())
	defer func(a, b int) { println(a + b) }(1, 2)
}

// Output:
// 7 seven 2 0 1 0 (+1.000000e+000+2.000000e+000i)
// 7 seven
// a 0 true
// b 2 false
// c 0 false
// 7 seven
// 3
// 7seven
