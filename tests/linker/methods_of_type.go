// run
// A program that asks reflect.Type for methods keeps those that no interface names.
package main

import "reflect"

type T int

func (t T) Double(n int) int { return int(t) * n * 2 }

func main() {
	m := reflect.TypeOf(T(3)).Method(0)
	println(m.Name, m.Func.Call([]reflect.Value{reflect.ValueOf(T(3)), reflect.ValueOf(7)})[0].Int())
}

/*
Double 42
*/
