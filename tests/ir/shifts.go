// run

// Shift counts of every type and size; a negative one panics.
package main

//go:noinline
func id[T any](x T) T { return x }

func main() {
	s := id(uint(70))
	println(int8(1)<<s, int64(-1)>>s, uint64(1)<<s, int32(-5)>>s, uint8(255)>>s)
	n := id(3)
	println(1<<n, uint8(1)<<n, int64(-100)>>n, id(int8(127))<<1>>n)
	b := id(int8(7))
	println(int8(1)<<b, uint16(1)<<b, ^int16(0)<<b)
	var w int64 = 1 << id(uint8(40))
	println(w, uint32(1)<<n|1<<31)
	defer func() { println(recover().(error).Error()) }()
	println(1 << id(-1))
}

// Output:
// 0 -1 0 -1 0
// 8 8 -13 -1
// -128 128 -128
// 1099511627776 2147483656
// runtime error: negative shift amount
