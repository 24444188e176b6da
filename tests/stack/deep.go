// run

// Recursion of millions of frames, with values of every kind carried down and up.
package main

func count(n int) int {
	if n == 0 {
		return 0
	}
	return count(n-1) + 1
}

func sums(n int) (int, float64) {
	if n == 0 {
		return 0, 0
	}
	i, f := sums(n - 1)
	return i + n, f + 0.5
}

func list(n int) (a, b, c, d int, s string) {
	if n == 0 {
		return 1, 2, 3, 4, "end"
	}
	a, b, c, d, s = list(n - 1)
	return b, c, d, a, s
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

type tree struct{ left, right *tree }

func (t *tree) depth() int {
	if t == nil {
		return 0
	}
	return max(t.left.depth(), t.right.depth()) + 1
}

func main() {
	println(count(5000000))
	i, f := sums(2000000)
	println(i, int(f))
	a, b, c, d, s := list(1000001)
	println(a, b, c, d, s)
	println(even(3000001), odd(3000001))
	var t *tree
	for n := 0; n < 1000000; n++ {
		t = &tree{left: t}
		if n%3 == 0 {
			t.left, t.right = t.right, t.left
		}
	}
	println(t.depth())
	for n := 0; n < 20; n++ { // the same segments again and again
		if count(n*20000) != n*20000 {
			println("wrong at", n)
		}
	}
}

/*
5000000
2000001000000 1000000
2 3 4 1 end
false true
1000000
*/
