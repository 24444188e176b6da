// run

// Values in interfaces are copies: direct, static, small, boxed; comparing them.
package main

type Dir struct{ p *int }
type Big struct {
	a [4]int
	s string
}

func main() {
	k := 5
	b := Big{s: "x"}
	vals := []any{1, int8(1), "s", 2.5, nil, Dir{&k}, b, &b, true, byte(200), [1]*int{&k}, struct{}{}, Big{}, 'x', [0]int{}}
	b.s = "changed"
	println(vals[6].(Big).s, vals[7].(*Big).s, *vals[5].(Dir).p, vals[9].(byte))
	for _, v := range vals {
		n := 0
		for _, w := range vals {
			if v == w {
				n++
			}
		}
		print(n, " ")
	}
	println(len(vals))
	println(vals[0] == 1, vals[0] == int8(1), vals[2] == "s", vals[12] == Big{}, vals[4] == nil, any(b) == vals[6])
	defer func() { println(recover().(error).Error()) }()
	println(any([]int{}) == any([]int{}))
}

// Output:
// x changed 5 200
// 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 15
// true false true true true false
// runtime error: comparing uncomparable type []int
