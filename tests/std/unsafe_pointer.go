// run

// The descriptor of unsafe.Pointer says which package it is of.
package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

func main() {
	t := reflect.TypeOf(unsafe.Pointer(nil))
	fmt.Println(t, t.PkgPath(), t.Name(), t.NumMethod(), reflect.TypeOf(0).PkgPath() == "")
}

// Output:
// unsafe.Pointer unsafe Pointer 0 true
