// run

// Long chains of operators: order of evaluation, short circuits, constants among the operands.
package main

func say(n int) int {
	print(n, " ")
	return n
}

func yes(n int) bool { say(n); return true }
func no(n int) bool  { say(n); return false }

func text(s string) string { return s }

type word string

func main() {
	println(say(1) - say(2)*say(3) + say(4)/say(2) - say(5))
	x := 10
	println(x-say(1)-x+say(2), x&12|3^1&^2)

	println(no(1) || no(2) && yes(3) || yes(4) && yes(5) || no(6))
	println(yes(1) && yes(2) && no(3) && yes(4))
	if true && no(1) || false || yes(2) && !(no(3) || no(4)) {
		println("so")
	}
	a := no(1) || x == 10 && x > 5 && yes(2)
	println(a)

	s := "a"
	println(s + "b" + "c" + s + ("d" + "e") + text("f") + "g" + "h")
	println("<" + "<" + s + ">" + ">")
	w := word("w") + "x" + "y"
	w += "z" + word("1") + w
	println(w)
	println(1+2+x+3+4, 1<<x+1+x<<1)

	var f float64 = 1e308
	println(f+f-f > 1e308, f-f+f == 1e308)
	defer func() { println(recover() != nil) }()
	zero := 0
	println(say(1) + say(2)/zero + say(3))
}

/*
1 2 3 4 2 5 -8
1 2 1 10
1 2 4 5 true
1 2 3 false
1 2 3 4 so
1 2 true
abcadefgh
<<a>>
wxyz1wxy
20 1045
true true
1 2 3 true
*/
