// errorcheck

// No stack can hold these frames; variables of that size live on the heap.
package main

type half [600 << 20]byte

func param(x, y half) byte { // ERROR "stack frame too large \(>1GB\): 0 MB locals \+ 1200 MB args \+ 0 MB callee"
	return x[0] + y[0]
}

func result() (x, y half) { // ERROR "stack frame too large"
	return
}

//go:noinline
func give() (x half) {
	return
}

//go:noinline
func take(x half) byte {
	return x[0]
}

//go:noinline
func call() { // ERROR "stack frame too large \(>1GB\): 600 MB locals \+ 0 MB args \+ 600 MB callee"
	take(give())
}

func copied(x *[1 << 33]byte) byte { // ERROR "stack frame too large \(>1GB\): 8192 MB locals"
	for _, b := range *x {
		return b
	}
	return 0
}

func variable() byte {
	var x [1 << 33]byte
	return x[len(x)-1]
}

func main() {
	variable()
}
