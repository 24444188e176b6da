// run
// stress

// Strings and slices of bytes that stay in their function are made in its frame when they are short.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

var sink string

//go:noinline
func length(s string) int { return len(s) }

//go:noinline
func sum(b []byte) (n int) {
	for _, c := range b {
		n += int(c)
	}
	return n
}

//go:noinline
func last(b []byte) (s string) {
	for range 3 {
		t := string(b) // made anew each time, and outlives the iteration
		b[0]++
		if len(s) == 0 || t > s {
			s = t
		}
	}
	return s
}

//go:noinline
func pairs(b []byte) (n int) {
	prev := ""
	for i := range 4 {
		t := string(b[:i+2])
		if prev != "" && strings.HasPrefix(t, prev) {
			n++
		}
		prev = t
	}
	return n
}

//go:noinline
func both(b []byte, name string) bool {
	s, t := string(b), name+"!"
	b[0] = 'X' // of which the string is a copy
	u := []byte(s)
	u[1] = 'Y'
	return s != t && s[0] == t[0] && u[1] != s[1] && cap(u) >= len(u)
}

func allocs(what string, f func()) { fmt.Println(what, testing.AllocsPerRun(20, f)) }

func main() {
	short, long := []byte("a short text"), []byte(strings.Repeat("0123456789", 4))
	name := "name"
	r := 'é'
	allocs("string(short)", func() { length(string(short)) })
	allocs("string(long)", func() { length(string(long)) })
	allocs("kept", func() { sink = string(short) })
	allocs("string(rune)", func() { length(string(r)) })
	allocs("concatenation", func() { length(name + "/" + name) })
	allocs("long concatenation", func() { length(name + "/" + string(long)) })
	allocs("[]byte(short)", func() { sum([]byte(name)) })
	allocs("ParseInt", func() { strconv.ParseInt(string(long[:5]), 10, 64) })
	allocs("IndexRune", func() { strings.IndexRune(name, r) })
	fmt.Println(last([]byte("abc")), pairs([]byte("abcdef")), both([]byte("name?"), name))
	_, err := strconv.Atoi(string(short)) // the error has a copy
	short[0] = 'A'
	fmt.Println(err, length(string(short)+string(long)))
}

/*
string(short) 0
string(long) 1
kept 1
string(rune) 0
concatenation 0
long concatenation 1
[]byte(short) 0
ParseInt 0
IndexRune 0
cbc 3 true
strconv.Atoi: parsing "a short text": invalid syntax 52
*/
