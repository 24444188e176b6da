// run

// Conversions of floats to integers; what does not fit gives what the machine gives, at every level.
package main

func conv(f float64) { println(int64(f), int32(f), uint32(f), int8(f), uint64(f)) }

func main() {
	for _, f := range []float64{1.9, -1.9, 3e9, 9.3e18, 1.8e19} {
		conv(f)
	}
	zero := 0.0
	conv(zero / zero)
	big := 1e300
	println(int64(big), int32(big), uint64(big), int64(-big))
	u := uint64(1<<63 + 1025)
	println(float64(u), float32(u), float64(uint64(1<<64-1)), float32(int64(1<<53+1)))
}

// Output:
// 1 1 1 1 1
// -1 -1 4294967295 -1 18446744073709551615
// 3000000000 -2147483648 3000000000 0 3000000000
// -9223372036854775808 -2147483648 0 0 9300000000000000000
// -9223372036854775808 -2147483648 0 0 18000000000000000000
// -9223372036854775808 -2147483648 0 0 9223372036854775808
// -9223372036854775808 -2147483648 9223372036854775808 -9223372036854775808
// +9.223372e+018 +9.223372e+018 +1.844674e+019 +9.007199e+015
