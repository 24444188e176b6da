// compile

// Variables may use each other in any order, through functions and methods as well.

package p

var (
	a = b + f()
	b = 1
	c, d = g()
	e = T{}.m
)

func f() int        { return c }
func g() (int, int) { return b, 2 }

type T struct{}

func (T) m() int { return d + a }

func unused() { _ = e }
