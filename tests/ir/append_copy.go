// run

// append in place and with growth, of itself, of strings; copy with overlap; clear.
package main

type P struct{ x, y int }

func two() ([]int, int) { return []int{1}, 2 }

func main() {
	s := append([]int{1, 2}, 3, 4)
	t := append(s[:1], 9)
	println(len(s), s[1], len(t), t[1])
	b := append([]byte("ab"), "cde"...)
	b = append(b, b...)
	b = append(b[:2], b[1:]...)
	println(string(b), copy(b, "XY"), copy(b[1:], b), string(b))
	var list []*P
	list = append(list, nil, &P{1, 2})
	println(len(list), list[0] == nil, list[1].y, len(append(two())), append([]int(nil)) == nil)
	e := append([]struct{}(nil), struct{}{}, struct{}{})
	println(len(e), copy(s, s[1:]), s[0])
	clear(s)
	m := map[P]int{{1, 2}: 3}
	clear(m)
	println(s[0], len(s), len(m))
}

// Output:
// 4 9 2 9
// XXYbcdeabcd 2 10 XXYbcdeabcd
// 2 true 2 2 true
// 2 3 9
// 0 4 0
