// run

// Frames from bytes to megabytes, at every distance from the end of a segment.
package main

func small(n int) int {
	var a [20]int
	for i := range a {
		a[i] = n + i
	}
	if n == 0 {
		return a[3]
	}
	return small(n-1) + a[n%20] - a[n%20]
}

func page(n int) int {
	var a [600]int
	a[n%600] = n
	if n == 0 {
		return a[0] + a[599]
	}
	return page(n-1) + a[n%600] - a[(n+1)%600]
}

func large(n int) int {
	var a [100000]int
	for i := range a {
		a[i] = i ^ n
	}
	sum := 0
	if n > 0 {
		sum = large(n - 1)
	}
	for i := range a {
		sum += a[i] ^ n
	}
	return sum
}

func huge(n int) int {
	var a [10 << 20]byte
	a[n] = 1
	a[len(a)-1-n] = 2
	x := 0
	if n > 0 {
		x = huge(n - 1)
	}
	return x + int(a[n]) + int(a[len(a)-1-n])
}

// down calls f from every depth, so that its frame begins at every place of a segment.
func down(n int, f func() bool) bool {
	if !f() {
		println("wrong at depth", n)
		return false
	}
	return n == 0 || down(n-1, f)
}

func main() {
	println(small(100000), page(20000))
	println(large(20), huge(20))
	println(down(3000, func() bool { return small(10) == 3 }))
	println(down(3000, func() bool { return page(2) == 3 }))
	println(down(300, func() bool { return large(1) == 9999900000 }))
}

/*
3 200010000
104998950000 63
true
true
true
*/
