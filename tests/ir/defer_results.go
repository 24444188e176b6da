// run

// Deferred calls see and change results, whatever way the function ends.
package main

func rec2() (n int) {
	defer func() { n++ }()
	defer func() { recover(); n = 10 }()
	defer func() { n += 100; panic("second") }()
	panic("first")
}

func unnamed() int {
	defer func() { recover() }()
	panic(1)
}

func unnamed2() (int, string) {
	defer func() { recover() }()
	if true {
		panic(1)
	}
	return 5, "x"
}

func loopRet() (r int) {
	for i := 0; i < 10; i++ {
		defer func() { r += i }()
		if i == 3 {
			return 100
		}
	}
	return
}

func ret(n int) (a int, b string) {
	defer func() { a *= 2; b += "!" }()
	switch n {
	case 0:
		return
	case 1:
		return 1, "one"
	}
	a, b = 7, "seven"
	return a + 1, b
}

func main() {
	println(rec2(), unnamed(), loopRet())
	println(unnamed2())
	println(ret(0))
	println(ret(1))
	println(ret(2))
}

/*
11 0 106
0 
0 !
2 one!
16 seven!
*/
