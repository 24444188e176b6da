// errorcheck

package p

type T struct{ f int }

func (T) m()  {}
func (*T) m() {} // ERROR "method T.m already declared at .*methods.go:7:10"

func (T) f() {} // ERROR "field and method with the same name f\n\t.*:5:16: other declaration of f"

func (int) a()   {} // ERROR "cannot define new methods on non-local type int"
func (p **T) b() {} // ERROR "invalid receiver type \*\*T"
func (x []T) c() {} // ERROR "invalid receiver type \[\]T"

type P *T

func (P) d() {} // ERROR "invalid receiver type P \(pointer or interface type\)"

type I interface{}

func (I) e() {} // ERROR "invalid receiver type I \(pointer or interface type\)"

func (Undefined) g() {} // ERROR "undefined: Undefined"

type G[A, B any] struct{}

func (G[X, Y]) h(X) Y { panic(0) }
func (G[_, _]) i()    {}
func (G[X]) j()       {} // ERROR "got 1 type parameter, but receiver base type declares 2|not enough type arguments"
func (G) k()          {} // ERROR "cannot use generic type G"
