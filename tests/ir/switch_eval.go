// run

// Cases are evaluated in order, once, until one fits; tags and cases of different types.
package main

type I interface{ M() }

type A struct{ n int }

type B struct{}

type Color uint8

func (A) M() {}

func (*B) M() {}

func mixed(x interface{}) string {
	switch x {
	case nil:
		return "nil"
	case 1:
		return "int 1"
	case "s":
		return "string s"
	case 1.5:
		return "float"
	case A{3}:
		return "A3"
	case Color(2):
		return "color"
	}
	return "?"
}

func fall(n int) {
	switch {
	case n > 5:
		println(">5")
		fallthrough
	case n > 100:
		println(">100?")
	default:
		println("default")
		fallthrough
	case n == 3:
		println("three or fell")
	}
}

func side(s string, b bool) bool { println("side", s); return b }

func eval() {
	switch x := 5; {
	case side("a", false), side("b", x == 5), side("c", true):
		println("hit")
	case side("d", true):
	}
	switch side("tag", true) {
	case side("e", false):
	case side("f", true):
		println("hit2")
	}
	switch f := func(i int) int { println("f", i); return i }; f(2) {
	case f(1), f(2), f(3):
	case f(4):
	}
	for i := 0; i < 4; i++ {
		switch i {
		case 1:
			continue
		case 2:
			break
		default:
			println("loop", i)
		}
	}
	switch {
	}
	switch x := 1; x {
	}
	switch interface{}(5).(type) {
	}
	var p *A
	switch p {
	case nil:
		println("nil ptr")
	}
	var i I
	switch i {
	case nil:
		println("nil iface")
	}
	i = A{1}
	switch i {
	case A{2}:
		println("bad")
	case A{1}:
		println("A1")
	}
	a := A{1}
	switch a {
	case i:
		println("concrete tag, iface case")
	}
	var fn func()
	switch fn {
	case nil:
		println("nil func")
	}
	var ch, ch2 [2]int
	switch ch {
	case ch2:
		println("arrays equal")
	}
	switch f := 2.5; f {
	case 1, 2.5:
		println("float")
	}
	switch 'x' {
	case 'a', 'b', 'c', 'd', 'x':
		println("rune")
	}
	switch true {
	case 1 < 2:
		println("true")
	}
	switch false {
	case 1 < 2:
		println("bad")
	default:
		println("false")
	}
	func() {
		defer func() { println(recover().(error).Error()) }()
		var x, y interface{} = []int{1}, []int{1}
		switch x {
		case y:
		}
	}()
}

func main() {
	n := 1
	for _, x := range []interface{}{nil, 1, "s", 1.5, A{3}, A{4}, Color(2), 2, &n, 1.25} {
		println(mixed(x))
	}
	fall(6)
	fall(3)
	fall(0)
	eval()
}

/*
nil
int 1
string s
float
A3
?
color
?
?
?
>5
>100?
three or fell
default
three or fell
side a
side b
hit
side tag
side e
side f
hit2
f 2
f 1
f 2
loop 0
loop 3
nil ptr
nil iface
A1
concrete tag, iface case
nil func
arrays equal
float
rune
true
false
runtime error: comparing uncomparable type []int
*/
