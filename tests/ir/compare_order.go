// run
//
// Fields are compared in their order up to one whose comparison panics; what one look tells is looked at before
// the bytes of strings.
package main

import (
	"fmt"
	"syscall"
	"unsafe"
)

type pair struct {
	s string
	n int
}

type mixed struct {
	n int
	v any
	s string
}

func compare(a, b any) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(e)
		}
	}()
	fmt.Println(a == b)
}

func main() {
	page, err := syscall.Mmap(-1, 0, syscall.Getpagesize(), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	unreadable, other := unsafe.String(&page[0], 3), unsafe.String(&page[1], 3)
	compare(pair{unreadable, 1}, pair{other, 2})
	compare(mixed{1, 2, unreadable}, mixed{1, "2", other})
	compare(mixed{1, []int{}, "a"}, mixed{2, []int{}, "a"})
	compare(mixed{1, []int{}, "a"}, mixed{1, []int{}, "bc"})
	compare(pair{"ab", 1}, pair{"ab", 1})
}

// Output:
// false
// false
// false
// runtime error: comparing uncomparable type []int
// true
