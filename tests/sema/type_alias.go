// errorcheck

package p

type A = T

type T struct{ n int }

func (A) m() {}

func (*A) m() {} // ERROR "method T.m already declared"

type B = struct{ x int }

func (B) n() {} // ERROR "invalid receiver type"

var _ T = A{1}
var _ interface{ m() } = T{}

type local = int

func _() {
	type local = string
	var s local = "s"
	_ = s
}
