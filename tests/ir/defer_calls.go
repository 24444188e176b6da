// run

// Deferred calls of every kind, with operands evaluated at the defer statement, in loops and through goto.
package main

func p(s string) { println("p", s) }

func p2(a int, s string, f float64) int { println("p2", a, s, f); return 1 }

type T struct{ n int }

func (t T) M(x int) { println("M", t.n, x) }

func (t *T) PM(x int) { println("PM", t.n, x) }

type I interface{ M(int) }

func many() {
	for i := 0; i < 3; i++ {
		defer p2(i, "loop", 1.5)
		defer func() { println("lit", i) }()
	}
	defer p("last")
	t := T{1}
	defer t.M(1)
	defer t.PM(2)
	var i I = t
	defer i.M(3)
	f := t.M
	t.n = 50
	defer f(4)
	defer print("builtin ", 1, " ", "x", "\n")
	m := map[int]int{1: 1}
	defer func() { println(len(m)) }()
	defer delete(m, 1)
}

func gotoDefer() {
	i := 0
again:
	defer println("goto", i)
	i++
	if i < 3 {
		goto again
	}
}

func condDefer(b bool) {
	if b {
		defer println("cond")
	}
	println("body", b)
}

func argsEval() {
	x := 1
	defer println("args", x, func() int { println("evaluated"); return 9 }())
	x = 2
}

func main() {
	many()
	gotoDefer()
	condDefer(true)
	condDefer(false)
	argsEval()
}

/*
0
builtin 1 x
M 1 4
M 1 3
PM 50 2
M 1 1
p last
lit 2
p2 2 loop +1.500000e+000
lit 1
p2 1 loop +1.500000e+000
lit 0
p2 0 loop +1.500000e+000
goto 2
goto 1
goto 0
body true
cond
body false
evaluated
args 1 9
*/
