// run

// fmt and what it needs: reflect, os, sync, time; the formats of every kind of value.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

type point struct {
	X, Y int
	name string
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type node struct {
	next *node
	m    map[string][]int
	any  any
	f    func()
	err  error
}

type bad struct{}

func (bad) String() string { panic("oops") }

type custom int

func (c custom) Format(s fmt.State, verb rune) {
	w, ok := s.Width()
	fmt.Fprint(s, "custom:", string(verb), w, ok, s.Flag('+'))
}

func (c custom) GoString() string { return "never" }

func main() {
	p := point{1, -2, "p"}
	fmt.Println("values", 42, int8(-7), 3.5, 1e21, float32(0.1), 2+3i, true, 'x', "str", nil)
	fmt.Printf("%v %+v %#v %T\n", p, p, p, p)
	fmt.Printf("%v %d %s\n", &p, []int{1, 2, 3}, []string{"a", "b"})
	fmt.Printf("%5d|%-5d|%05d|%x|%X|%o|%b|%c|%q|%U\n", 42, 42, 42, 255, 255, 8, 5, 'é', 'é', 'é')
	fmt.Printf("%8.3f|%-8.2f|%e|%g|%6.2f%%\n", 3.14159, 2.5, 123456.789, 1e-7, 99.5)
	fmt.Printf("%s|%10s|%-10s|%.2s|%q|%x|% x\n", "go", "go", "go", "goo", "a\tb", "hex", "hex")
	fmt.Printf("%t %v %p %v\n", true, false, nil, []byte("hi"))
	fmt.Printf("%v %v\n", map[string]int{"b": 2, "a": 1}, map[point]bool{{1, 2, "z"}: true})
	fmt.Printf("%#v %#v %#v\n", []any{1, "x", nil}, map[string]bool{"k": true}, struct{ A *int }{})
	fmt.Println(celsius(21.55), []celsius{1, 2}, &node{m: map[string][]int{"k": {1}}, any: celsius(3)})
	fmt.Printf("%d %s %z %d\n", "no", 5, 1, 1, 2)
	fmt.Printf("%[2]d %[1]d %*d %!\n", 1, 2, 5, 3)
	fmt.Printf("%v %+8x %v\n", bad{}, custom(1), custom(2))
	err := fmt.Errorf("wrap: %w and %w", os.ErrNotExist, errors.New("x"))
	fmt.Println(err, errors.Is(err, os.ErrNotExist))

	var a, b int
	var word string
	n, serr := fmt.Sscanf("7 0x1f word", "%d %v %s", &a, &b, &word)
	fmt.Println(n, serr, a, b, word)
	n, serr = fmt.Sscan("1 two", &a, &b)
	fmt.Println(n, serr)
	var sb strings.Builder
	fmt.Fprintf(&sb, "%08b", 37)
	fmt.Fprintln(os.Stdout, sb.String(), sb.Len())
	s := fmt.Append(nil, "x", 1, 2, "y")
	fmt.Println(string(s))
}

/*
values 42 -7 3.5 1e+21 0.1 (2+3i) true 120 str <nil>
{1 -2 p} {X:1 Y:-2 name:p} main.point{X:1, Y:-2, name:"p"} main.point
&{1 -2 p} [1 2 3] [a b]
   42|42   |00042|ff|FF|10|101|é|'é'|U+00E9
   3.142|2.50    |1.234568e+05|1e-07| 99.50%
go|        go|go        |go|"a\tb"|686578|68 65 78
true false %!p(<nil>) [104 105]
map[a:1 b:2] map[{1 2 z}:true]
[]interface {}{1, "x", interface {}(nil)} map[string]bool{"k":true} struct { A *int }{A:(*int)(nil)}
21.6°C [1.0°C 2.0°C] &{<nil> map[k:[1]] 3 <nil> <nil>}
%!d(string=no) %!s(int=5) %!z(int=1) 1
%!(EXTRA int=2)2 1  5 %!!(int=3)
%!v(PANIC=String method: oops) custom:x8 true true custom:v0 false false
wrap: file does not exist and x true
3 <nil> 7 31 word
1 expected integer
00100101 8
x1 2y
*/
