// run

// No comparison with NaN holds, and a condition is never turned round to get at its opposite.
package main

func main() {
	zero := 0.0
	nan := zero / zero
	println(nan == nan, nan != nan, nan < 1, nan >= 1, !(nan < 1), !(nan >= 1))
	if nan < 1 || nan >= 1 || !(nan != nan) {
		println("wrong")
	}
	if !(nan < 1) && !(nan > 1) {
		println("right")
	}
	println(min(nan, 1), max(1, nan), 1/min(zero, -zero), 1/max(-zero, zero), min(2.5, 1.5, 3))
	type S struct {
		f float64
		c complex64
	}
	s := S{f: nan}
	println(s == s, [1]float64{nan} == [1]float64{nan}, any(nan) == any(nan), S{} == S{f: -zero})
}

// Output:
// false true false false true true
// right
// NaN NaN -Inf +Inf +1.500000e+000
// false false false true
