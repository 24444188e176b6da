// run

// Complex arithmetic; products of complex64 go through float64 and are rounded once for each part.
package main

//go:noinline
func id[T any](x T) T { return x }

func main() {
	a, b := id(1+2i), id(3-4i)
	println(a+b, a-b, a*b, a/b, -a, a == b, a != b)
	g := id(complex64(1 + 2i))
	sum := -g/1.5 + -(g / g)
	println(sum * ((g/g - 1.5) / 1.5))
	println(complex(real(g), imag(g)*2), complex128(g), a/id(0i))
	g *= 2i
	g += 1
	println(g, g == 1-4i, g == -3+2i)
}

// Output:
// (+4.000000e+000-2.000000e+000i) (-2.000000e+000+6.000000e+000i) (+1.100000e+001+2.000000e+000i) (-2.000000e-001+4.000000e-001i) (-1.000000e+000-2.000000e+000i) false true
// (+5.555556e-001+4.444445e-001i)
// (+1.000000e+000+4.000000e+000i) (+1.000000e+000+2.000000e+000i) (+Inf+Infi)
// (-3.000000e+000+2.000000e+000i) false true
