// errorcheck

// T(x) for constants, values and type parameters.

package p

import "unsafe"

type MyInt int
type S1 struct {
	a int `x:"1"`
}
type S2 struct{ a int }
type I interface{ m() }
type T struct{}

func (*T) m() {}

func _(i int, f float64, c complex128, s string, b []byte, r []rune, p *int, u uintptr, e any, sl []int, t T, ch chan int, s1 S1, ps1 *S1) {
	_ = float64(i)
	_ = int(f)
	_ = int(c) // ERROR "cannot convert c .variable of type complex128. to type int"
	_ = complex64(c)
	_ = complex128(f) // ERROR "cannot convert f .variable of type float64. to type complex128"
	_ = string(rune(i))
	_ = string(b) + string(r)
	_ = []byte(s)
	_ = []rune("abc")
	_ = []int(s)    // ERROR "cannot convert s .variable of type string. to type \[\]int"
	_ = bool(i)     // ERROR "cannot convert i"
	_ = int(true)   // ERROR "cannot convert true .untyped bool constant. to type int"
	_ = string(1.5) // ERROR "cannot convert 1.5"
	_ = (*int)(nil)
	_ = int(nil) // ERROR "cannot convert nil to type int"
	_ = unsafe.Pointer(p)
	_ = unsafe.Pointer(u)
	_ = (*float64)(unsafe.Pointer(p))
	_ = uintptr(unsafe.Pointer(p))
	_ = (*float64)(p) // ERROR "cannot convert p .variable of type \*int. to type \*float64"
	_ = uintptr(p)    // ERROR "cannot convert p"
	_ = [2]int(sl)
	_ = (*[2]int)(sl)
	_ = [2]string(sl) // ERROR "cannot convert sl"
	_ = S2(s1)
	_ = (*S2)(ps1)
	_ = I(&t)
	_ = I(t) // ERROR "cannot convert t .variable of type T. to type I: T does not implement I .method m has pointer receiver."
	_ = (<-chan int)(ch)
	_ = (chan<- string)(ch) // ERROR "cannot convert ch"
	_ = e.(I)
	_ = I(e)  // ERROR "cannot convert e .variable of type any. to type I: need type assertion|any does not implement I"
	_ = t.(I) // ERROR "invalid operation: t .variable of type T. is not an interface"
	const _ MyInt = MyInt(3)
	const _ string = string(rune(65))
	_ = int8(200)      // ERROR "constant 200 overflows int8"
	_ = uint(-1)       // ERROR "constant -1 overflows uint"
	_ = float32(1e100) // ERROR "cannot convert 1e100|overflows"
	_ = MyInt(i) + 1
}

func _[P ~int | ~float64, B ~[]byte | ~string, A any](p P, b B, a A) {
	_ = int(p)
	_ = P(1)
	_ = P(1.5) // ERROR "cannot convert 1.5"
	_ = string(b)
	_ = B("x")
	_ = string(p) // ERROR "cannot convert p .variable of type P constrained by ~int . ~float64. to type string: cannot convert float64 .in P. to type string"
	_ = int(a)    // ERROR "cannot convert a .variable of type A constrained by any. to type int"
	_ = any(a)
	_ = A(1) // ERROR "cannot convert 1"
}
