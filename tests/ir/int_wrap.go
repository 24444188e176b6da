// run

// Integers wrap at their width; the smallest number divided by -1 is itself.
package main

//go:noinline
func id[T any](x T) T { return x }

func main() {
	a, m := id(int8(-128)), id(int8(-1))
	println(a-1, -a, a*a, a/m, a%m, ^a, a&^3)
	b := id(uint8(200))
	println(b+100, b*2, -b, ^b, b<<3, b/7, b%7)
	c := id(int64(-1 << 63))
	println(c-1, c/id(int64(-1)), c%id(int64(-1)), -c)
	println(id(-7)/2, id(-7)%2, id(-7)>>1, id(7)/-2)
	defer func() { println(recover().(error).Error()) }()
	println(b % id(uint8(0)))
}

// Output:
// 127 -128 0 -128 0 127 -128
// 44 144 56 55 64 28 4
// 9223372036854775807 -9223372036854775808 0 -9223372036854775808
// -3 -1 -4 -3
// runtime error: integer divide by zero
