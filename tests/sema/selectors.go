// errorcheck

// What x.f may be, and what messages say when there is no f.

package p

import (
	"fmt"
	"strings"
)

type In struct{ Deep int }

func (In) Val()  {}
func (*In) Ptr() {}

type A struct{ X int }
type B struct{ X int }
type T struct {
	In
	A
	B
	Field int
	next  *T
}
type I interface{ M() }

func (t T) Method() {}

func _(t T, p *T, pp **T, i I, pi *I, n int, f func()) {
	_ = t.Deep + p.Deep + p.next.next.Field
	t.Val()
	t.Ptr()
	_ = t.X      // ERROR "ambiguous selector t.X"
	_ = t.field  // ERROR "t.field undefined .type T has no field or method field, but does have field Field."
	_ = t.method // ERROR "t.method undefined .type T has no field or method method, but does have method Method."
	_ = t.nope   // ERROR "t.nope undefined .type T has no field or method nope."
	_ = pp.Field // ERROR "pp.Field undefined .type \*\*T has no field or method Field."
	_ = n.x      // ERROR "n.x undefined .type int has no field or method x."
	i.M()
	pi.M()             // ERROR "pi.M undefined .type \*I is pointer to interface, not interface."
	f.x()              // ERROR "f.x undefined"
	_ = fmt.Nope       // ERROR "undefined: fmt.Nope"
	_ = fmt.newPrinter // ERROR "undefined: fmt.newPrinter|not exported"
	_ = fmt            // ERROR "use of package fmt not in selector"
	var sb strings.Builder
	_ = sb.buf         // ERROR "sb.buf undefined .cannot refer to unexported field buf."
	_ = sb.writeString // ERROR "sb.writeString undefined .type strings.Builder has no field or method writeString, but does have method WriteString."
	_ = T.Method
	_ = T.Field // ERROR "T.Field undefined .type T has no method Field."
	_ = I.M
	_ = len.x // ERROR "cannot select on len"
	_ = T{}.next.Field
	T{}.Ptr()            // ERROR "cannot call pointer method Ptr on T"
	map[int]T{}[0].Ptr() // ERROR "cannot call pointer method Ptr on T"
}
