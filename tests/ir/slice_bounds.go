// run

// Every way to be out of bounds, and the messages.
package main

func try(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func main() {
	s, h, n, i, j, k := []int{0, 1, 2, 3}, "hello", -1, 2, 3, 7
	var a [4]int
	var p *[4]int
	for _, f := range []func(){
		func() { _ = s[k] }, func() { _ = s[n] }, func() { _ = s[n:] }, func() { _ = s[:k] }, func() { _ = s[j:i] },
		func() { _ = s[i:j:k] }, func() { _ = s[i:k:j] }, func() { _ = s[j:i:j] }, func() { _ = h[k] }, func() { _ = h[k:] },
		func() { _ = h[j:i] }, func() { _ = a[k] }, func() { _ = a[:k] }, func() { _ = p[:2] }, func() { _ = p[1] },
		func() { _ = [5]int(s) }, func() { _ = (*[9]int)(s) }, func() { _ = make([]int, n) }, func() { _ = make([]int, j, i) },
		func() { var m map[string]int; m[h]++ },
	} {
		try(f)
	}
	t := s[4:]
	println(len(t), cap(t), t == nil, (*[0]int)(nil) == nil, len(p), cap(s[1:2:3]), [2]int(s[1:])[1])
}

// Output:
// runtime error: index out of range [7] with length 4
// runtime error: index out of range [-1]
// runtime error: slice bounds out of range [-1:]
// runtime error: slice bounds out of range [:7] with capacity 4
// runtime error: slice bounds out of range [3:2]
// runtime error: slice bounds out of range [::7] with capacity 4
// runtime error: slice bounds out of range [:7:3]
// runtime error: slice bounds out of range [3:2:]
// runtime error: index out of range [7] with length 5
// runtime error: slice bounds out of range [7:5]
// runtime error: slice bounds out of range [3:2]
// runtime error: index out of range [7] with length 4
// runtime error: slice bounds out of range [:7] with length 4
// runtime error: invalid memory address or nil pointer dereference
// runtime error: invalid memory address or nil pointer dereference
// runtime error: cannot convert slice with length 4 to array or pointer to array with length 5
// runtime error: cannot convert slice with length 4 to array or pointer to array with length 9
// runtime error: makeslice: len out of range
// runtime error: makeslice: cap out of range
// assignment to entry in nil map
// 0 0 false true 4 2 2
