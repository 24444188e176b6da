// run
// Maps of package variables: made before everything else when all that is in them is static, at their turn otherwise.
package main

type node struct{ n int }

var (
	first  = &node{1}
	second = first // a copy of a static value is one
	names  = map[string]*node{"first": first, "second": second, "new": {3}}
	sizes  = map[int][]int{1: {1}, 2: {1, 2}}
	values = map[string]any{"int": 1, "string": "s", "node": node{4}, "func": double(3)}
	funcs  = map[string]func(int) int{"double": double, "literal": func(i int) int { return i + 1 }}
	empty  = map[string]bool{}
	none   map[string]bool
)

// Changed by an initialiser that comes before those of the maps with it.
var (
	changed = 1
	before  = map[string]int{"early": 0}
	turned  = turn()
	after   = map[string]int{"changed": changed, "turned": turned}
	parts   = [2]int{1, 2}
	part    = setPart()
	copied  = map[string][2]int{"parts": parts}
)

func turn() int {
	changed = 2
	before["late"] = changed
	return len(before)
}

func setPart() int { parts[1] = 20; return 0 }

func double(i int) int { return 2 * i }

// Found before it is declared, and filled by init.
var user = len(table) + table["b"]
var table = map[string]int{"a": 1, "b": 2}

func init() {
	table["c"] = 3
	empty["x"] = true
}

func main() {
	println(len(names), names["first"] == names["second"], names["first"] == first, names["new"].n)
	names["first"].n = 10
	println(names["second"].n, second.n, sizes[2][1], cap(sizes[1]))
	sizes[1] = append(sizes[1], 5)
	println(len(sizes[1]), values["int"].(int), values["string"].(string), values["node"].(node).n, values["func"].(int))
	println(funcs["double"](4), funcs["literal"](4), len(empty), none == nil, len(none))
	println(after["changed"], after["turned"], len(before), before["late"], copied["parts"][1])
	println(user, len(table))
}

/*
3 true true 3
10 10 2 1
2 1 s 4 6
8 5 1 true 0
2 2 2 2 20
4 3
*/
