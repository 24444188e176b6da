// errorcheck

// iota counts the specs of a group and is known in constant declarations only.

package p

const (
	a = iota
	b
	_
	d
	e, f = iota, iota * 10
	g, h
)

var _ [d]int = [3]int{}
var _ [h]int = [50]int{}

const big = len([iota + 2]int{})
var _ [big]int = [2]int{}

var x = iota // ERROR "cannot use iota outside constant declaration"

func _() {
	const (
		p = iota + 1
		q
	)
	var _ [q]int = [2]int{}
}
