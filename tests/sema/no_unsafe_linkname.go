// errorcheck

package p

// ERROR "//go:linkname only allowed in Go files that import .unsafe."

//line no_unsafe_linkname.go:5
//go:linkname f runtime.f
func f() {}
