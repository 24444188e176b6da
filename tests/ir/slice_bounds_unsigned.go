// run
//
// Indices and bounds of unsigned types are shown as such, above the largest int too.
package main

func try(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func main() {
	s, h, one := []int{0, 1, 2}, "hello", uint64(1)
	var a [4]int
	big, small := ^uint64(0), uint8(200)
	for _, f := range []func(){
		func() { _ = s[big] }, func() { _ = s[:big] }, func() { _ = s[big:] }, func() { _ = s[one:big:2] }, func() { _ = s[big:2:3] },
		func() { _ = s[0:one:big] }, func() { _ = h[:big] }, func() { _ = a[big:one] }, func() { _ = a[:small] }, func() { _ = h[uintptr(big)] },
	} {
		try(f)
	}
}

// Output:
// runtime error: index out of range [18446744073709551615] with length 3
// runtime error: slice bounds out of range [:18446744073709551615] with capacity 3
// runtime error: slice bounds out of range [18446744073709551615:3]
// runtime error: slice bounds out of range [:18446744073709551615:2]
// runtime error: slice bounds out of range [18446744073709551615:2:]
// runtime error: slice bounds out of range [::18446744073709551615] with capacity 3
// runtime error: slice bounds out of range [:18446744073709551615] with length 5
// runtime error: slice bounds out of range [18446744073709551615:1]
// runtime error: slice bounds out of range [:200] with length 4
// runtime error: index out of range [18446744073709551615] with length 5
