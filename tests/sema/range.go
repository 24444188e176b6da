// errorcheck

package p

func f(n int, s []string, m map[string]int, c chan bool, snd chan<- int, a *[3]int, f float64) {
	for i, r := range "text" {
		var _ int = i
		var _ rune = r
	}
	for i := range n {
		var _ int = i
	}
	for i := range 10 {
		var _ int = i
	}
	for k, v := range m {
		var _ string = k
		var _ int = v
	}
	for b := range c {
		var _ bool = b
	}
	for i, x := range a {
		_, _ = i, x
	}
	for range s {
	}
	for i, v := range c { // ERROR "range over c .* permits only one iteration variable"
		_, _ = i, v
	}
	for i, v := range 10 { // ERROR "range over 10 .* permits only one iteration variable"
		_, _ = i, v
	}
	for range snd { // ERROR "cannot range over snd .*: receive from send-only channel"
	}
	for range f { // ERROR "cannot range over f \(variable of type float64\)"
	}
	var x int8
	for x = range 300 { // ERROR "cannot use 300 .* as int8 value in range clause"
	}
	_ = x
	for range s { // the variables are new in every iteration and may shadow
		s := 1
		_ = s
	}
}
