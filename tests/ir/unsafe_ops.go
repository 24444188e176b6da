// run

// Package unsafe: sizes, pointer arithmetic, slices and strings over memory.
package main

import "unsafe"

type T struct {
	a int8
	b [3]int32
	s string
}

func size[X any]() uintptr { var x X; return unsafe.Sizeof(x) }

func main() {
	t := T{b: [3]int32{1, 2, 3}, s: "str"}
	println(unsafe.Sizeof(t), unsafe.Offsetof(t.s), unsafe.Alignof(t.b), size[T](), size[[3]int16]())
	p := unsafe.Pointer(&t)
	println(*(*int32)(unsafe.Add(p, 8)), *(*int32)(unsafe.Pointer(uintptr(p) + unsafe.Offsetof(t.b))))
	s := unsafe.Slice(&t.b[0], 3)
	println(len(s), s[2], unsafe.SliceData(s) == &t.b[0], unsafe.String(unsafe.StringData(t.s), 2))
	defer func() { println(recover().(error).Error()) }()
	n := -1
	_ = unsafe.Slice(&t.a, n)
}

// Output:
// 32 16 4 32 6
// 2 1
// 3 3 true st
// runtime error: unsafe.Slice: len out of range
