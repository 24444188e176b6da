// run

// Map literals: elided types, many entries, keys of interface type.
package main

type P struct{ x, y int }

func main() {
	m := map[string][]P{"a": {{1, 2}}, "b": nil, "c": {}}
	println(len(m), m["a"][0].y, m["b"] == nil, m["c"] == nil)
	k := map[any]int{1: 1, "1": 2, P{1, 2}: 3, 1.0: 4, nil: 5, [1]int{1}: 6}
	println(k[1], k["1"], k[P{1, 2}], k[1.0], k[nil], k[[1]int{1}], k[int8(1)])
	p := map[P]*P{{1, 2}: {3, 4}}
	println(p[P{1, 2}].y)
	b := map[int]string{0: "a", 1: "b", 2: "c", 3: "d", 4: "e", 5: "f", 6: "g", 7: "h", 8: "i", 9: "j", 10: "k", 11: "l", 12: "m",
		13: "n", 14: "o", 15: "p", 16: "q", 17: "r", 18: "s", 19: "t", 20: "u", 21: "v", 22: "w", 23: "x", 24: "y", 25: "z"}
	println(len(b), b[0], b[25], b[26] == "")
	defer func() { println(recover().(error).Error()) }()
	k[func() {}] = 1
}

// Output:
// 3 2 true false
// 1 2 3 4 5 6 0
// 4
// 26 a z true
// runtime error: hash of unhashable type func()
