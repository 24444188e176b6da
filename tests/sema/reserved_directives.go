// errorcheck

package p

//go:nowritebarrierrec // ERROR "//go:nowritebarrierrec only allowed in runtime"
func a() {}

//go:uintptrkeepalive // ERROR "//go:uintptrkeepalive is only allowed in the standard library"
func b(uintptr) {}

//go:cgo_import_static x // ERROR "//go:cgo_import_static x .*only allowed in cgo-generated code"
func c() {}

//go:unknown
func d() {}
