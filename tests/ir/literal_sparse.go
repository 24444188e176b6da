// run

// Arrays with few elements far apart are filled at run time rather than stored in the program.
package main

var far = []byte{1 << 26: 7, 5: 1}

func main() {
	near := [...]int16{1 << 20: 3}
	println(len(far), far[1<<26], far[5], far[6], len(near), near[1<<20], near[1])
}

// Output:
// 67108865 7 1 0 1048577 3 0
