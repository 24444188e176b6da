// run

// runtime.Pinner keeps what it pins until Unpin, and says so when it is forgotten before.
package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

type buffer struct{ data [64]byte }

var freed = make(chan string, 4)

//go:noinline
func pin(p *runtime.Pinner, name string) (address uintptr) {
	b := new(buffer)
	b.data[0] = name[0]
	runtime.SetFinalizer(b, func(*buffer) { freed <- name })
	p.Pin(b)
	p.Pin(unsafe.Pointer(&b.data[3]))
	return ^uintptr(unsafe.Pointer(b)) // not seen by the collector
}

//go:noinline
func clobber(n int) int {
	var a [100]int
	for i := range a {
		a[i] = n
	}
	if n > 0 {
		return clobber(n-1) + a[n]
	}
	return a[0]
}

func collect() {
	for range 3 {
		clobber(20)
		runtime.GC()
	}
}

//go:noinline
func first(address uintptr) byte { return *(*byte)(unsafe.Pointer(^address)) }

func mustPanic(what string, v any) {
	defer func() { fmt.Println(what, recover()) }()
	var p runtime.Pinner
	p.Pin(v)
}

func main() {
	var p runtime.Pinner
	address := pin(&p, "first")
	collect()
	fmt.Println(len(freed), first(address))
	p.Unpin()
	collect()
	fmt.Println(<-freed)
	p.Unpin()
	pin(&p, "second") // it may be used again
	collect()
	fmt.Println(len(freed))
	p.Unpin()
	p.Pin((*buffer)(nil))
	p.Unpin()
	mustPanic("nil:", nil)
	mustPanic("no pointer:", 5)
}

/*
0 102
first
0
nil: runtime error: runtime.Pinner: argument is nil
no pointer: runtime error: runtime.Pinner: argument is not a pointer: int
*/
