// errorcheck

package p

//go:linkname f runtime.f // ERROR "only allowed in Go files that import .unsafe."
func f() {}
