// Package runtime is what programs see of Goo's runtime: the API of Go's package of that name. It replaces that
// package; the work is done by C functions in the folder runtime, which define what has no body here.
package runtime

import "unsafe"

// Error distinguishes errors of the running program, such as an index out of range, from ordinary ones.
type Error interface {
	error
	RuntimeError()
}

// TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface, concrete, asserted unsafe.Pointer
	missingMethod                  string
}

func (*TypeAssertionError) RuntimeError()
func (*TypeAssertionError) Error() string

// PanicNilError is what panic(nil) panics with.
type PanicNilError struct{}

func (*PanicNilError) RuntimeError()
func (*PanicNilError) Error() string

// The types of the other errors; their values are made in C.

type errorString string

func (e errorString) RuntimeError()
func (e errorString) Error() string

// errorAddressString is what an access to memory at an address panics with, where a goroutine asked for that.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.msg }

// Addr returns the address of the access. As far as the system knows it: 0 stands for one that no memory can have.
func (e errorAddressString) Addr() uintptr { return e.addr }

// faultError is called by the runtime.
func faultError(addr uintptr) any {
	return errorAddressString{"invalid memory address or nil pointer dereference", addr}
}

type plainError string

func (e plainError) RuntimeError()
func (e plainError) Error() string

type boundsErrorCode uint8

type boundsError struct {
	x      int64
	y      int
	signed bool
	code   boundsErrorCode
}

func (e boundsError) RuntimeError()
func (e boundsError) Error() string
