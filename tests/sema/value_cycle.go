// errorcheck

package p

const a = b // ERROR "initialization cycle for a|initialization cycle: a refers to itself"
const b = a

var x = f() // ERROR "initialization cycle for x\n\t.*: x refers to\n\t.*: f refers to\n\t.*: x"

func f() int { return x }

var y = T{}.m() // ERROR "initialization cycle for y"

type T struct{}

func (T) m() int { return y }

var z int = z // ERROR "initialization cycle: z refers to itself"

var w [len(w)]int // ERROR "invalid recursive type|invalid cycle in declaration|invalid array length|initialization cycle"

func ok() func() { return ok2 }
func ok2()         { ok() }
