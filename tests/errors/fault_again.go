// panic

// A panic that comes from a fault tells the signal, also when a deferred call has recovered it and panics with it again.
package main

type T struct{ a, b int }

func (t *T) second() int { return t.b }

func main() {
	defer func() {
		err := recover()
		println("recovered")
		panic(err)
	}()
	var t *T
	println(t.second())
}

/*
recovered
panic: runtime error: invalid memory address or nil pointer dereference [recovered]
	panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=
*/
