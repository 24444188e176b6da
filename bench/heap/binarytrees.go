// Allocation and collection of many small trees while a large one lives: the binary trees of the Computer Language
// Benchmarks Game, written anew.
package main

type node struct{ left, right *node }

func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{build(depth - 1), build(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	const least, most = 4, 18
	println("stretch", build(most+1).count())
	long := build(most)
	for depth := least; depth <= most; depth += 2 {
		n := 1 << (most - depth + least)
		total := 0
		for i := 0; i < n; i++ {
			total += build(depth).count()
		}
		println(n, depth, total)
	}
	println("long", long.count())
}
