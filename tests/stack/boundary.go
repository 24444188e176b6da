// run

// Loops that call across a boundary, at every depth; results in all registers.
package main

func leaf(a, b, c, d, e, f int) int { return a - b + c - d + e - f }

func frame(x int) int {
	var a [8]int
	for i := range a {
		a[i] = x
	}
	return leaf(a[0], a[1], a[2], a[3], a[4], a[5]) + a[6] + a[7]
}

type op func(int) int

func apply(f op, n int) int { return f(n) }

func loop(n int) int {
	sum := 0
	k := n
	for i := 0; i < 200; i++ {
		sum += frame(i)
		sum += apply(func(x int) int { k++; return frame(x) + leaf(k, k, k, k, x, x) }, i)
	}
	return sum + k
}

func down(n int) int {
	if got := loop(n); got != 79600+n+200 {
		println("wrong at depth", n, got)
	}
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}

func main() { println(down(3000)) }

/*
3000
*/
