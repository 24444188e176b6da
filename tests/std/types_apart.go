// run
//
// unsafe.Pointer is of package unsafe.
package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

func main() {
	t := reflect.TypeOf(unsafe.Pointer(nil))
	fmt.Println(t, t.PkgPath(), reflect.TypeOf(new(unsafe.Pointer)).PkgPath() == "")
}

// Output:
// unsafe.Pointer unsafe true
