// run

// What descriptors say of types: pointers to structs with promoted methods have them, names of exported types, and of
// unexported methods, which belong to the type's package unless another one is given.
package main

import (
	"fmt"
	"reflect"
	"time"
)

type base struct{ n int }

func (b *base) String() string { return fmt.Sprint("base ", b.n) }

func main() {
	var y struct{ base }
	p := reflect.New(reflect.TypeOf(y)).Interface()
	s, ok := p.(fmt.Stringer)
	fmt.Println(ok, s)

	t := reflect.StructOf([]reflect.StructField{{Name: "Time", Type: reflect.TypeOf(time.Time{}), Anonymous: true}})
	m, ok := t.MethodByName("After")
	fmt.Println(ok, m.Name)
}

// Output:
// true base 0
// true After
