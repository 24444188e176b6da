// run

// string(bytes) that a map is only asked for, and []byte(string) that a loop only ranges over, are not copied.
package main

import (
	"fmt"
	"strings"
	"testing"
)

type Key string
type Bytes []byte

func allocs(what string, f func()) { fmt.Println(what, testing.AllocsPerRun(20, f)) }

//go:noinline
func change(b []byte) string {
	b[0] = 'X'
	return "b"
}

func count[S ~string](s S) (n int) {
	for range []byte(s) {
		n++
	}
	return n
}

func main() {
	long := []byte(strings.Repeat("0123456789", 10))
	s := string(long)
	m := map[string]int{s: 1}
	keys := map[Key][]int{Key(s): {1, 2}}
	anys := map[any]int{s: 3}
	n := 0
	allocs("look-up", func() { n += m[string(long)] })
	allocs("look-up and ok", func() {
		if v, ok := (m[string(long)]); ok {
			n += v
		}
	})
	allocs("named key", func() { n += keys[Key(long)][1] })
	allocs("range", func() {
		for i, c := range []byte(s) {
			n += i + int(c)
		}
	})
	allocs("named type", func() {
		for _, c := range Bytes(s) {
			n += int(c)
		}
	})
	fmt.Println(anys[string(long)], count(Key(s)), n)

	b := []byte("a key that is written")
	m[string(b)] = 2
	(m[string(b)])++
	keys[Key(b)] = append(keys[Key(b)], 5)
	keys[Key(b)][0]++
	change(b) // none of the keys
	fmt.Println(m["a key that is written"], keys["a key that is written"], m[string(b)])
	t := "const"
	for i, c := range []byte(t) { // the string of before
		t = "other"
		fmt.Print(i, string(rune(c)), " ")
	}
	for i := range []byte("abc") {
		fmt.Print(i)
	}
	fmt.Println(t, m[string(b[:0])], len(m))
}

/*
look-up 0
look-up and ok 0
named key 0
range 0
named type 0
3 100 324534
3 [6] 0
0c 1o 2n 3s 4t 012other 0 2
*/
