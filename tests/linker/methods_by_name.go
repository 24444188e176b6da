// run
// So does one that asks a value for a method by name.
package main

import "reflect"

type T struct{ n int }

func (t *T) Add(n int) int { t.n += n; return t.n }

func main() {
	m := reflect.ValueOf(&T{40}).MethodByName("Add")
	println(m.IsValid(), m.Call([]reflect.Value{reflect.ValueOf(2)})[0].Int())
}

/*
true 42
*/
