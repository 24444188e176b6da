// run
//
// A blank field of a literal is evaluated, but stays zero.
package main

import "fmt"

type T struct{ a, _, c int }

var static = T{1, 2, 3}

func next(n *int) int { *n += 10; return *n }

func main() {
	n := 0
	made := T{next(&n), next(&n), next(&n)}
	fmt.Println(static, made, n)
}

// Output:
// {1 0 3} {10 0 30} 30
