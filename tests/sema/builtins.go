// errorcheck

// The rules of the predeclared functions.

package p

import "unsafe"

type arr [4]int

func g() *arr { return nil }

func _(s []int, m map[string]int, c chan int, ro <-chan int, a arr, str string, b []byte, i int, f float64, c64 complex64, e any) {
	const _ = len(a)
	const _ = len("abc")
	const _ = len(g()) // ERROR "is not constant"
	const _ = cap([2]int{})
	_ = len(i)    // ERROR "invalid argument: i .variable of type int. for built-in len"
	_ = cap(m)    // ERROR "invalid argument: m .variable of type map\[string\]int. for built-in cap"
	_ = len()     // ERROR "not enough arguments for len.. .expected 1, found 0."
	_ = len(s, s) // ERROR "too many arguments for len.s, s. .expected 1, found 2."
	len(s)        // ERROR "len.s. .value of type int. is not used"
	_ = append(s, 1, 2)
	_ = append(s, s...)
	_ = append(b, str...)
	_ = append(b, "abc"...)
	_ = append(s, "a") // ERROR "cannot use .a. .untyped string constant. as int value in argument to append"
	_ = append(i, 1)   // ERROR "invalid argument: i .variable of type int. is not a slice|first argument to append must be a slice; have i"
	_ = append(nil, 1) // ERROR "first argument to append must be a slice; have untyped nil"
	append(s, 1)       // ERROR "append.s, 1. .value of type \[\]int. is not used"
	copy(s, s)
	copy(b, str)
	copy(s, b) // ERROR "arguments to copy s .variable of type \[\]int. and b .variable of type \[\]byte. have different element types int and byte"
	copy(s, i) // ERROR "copy expects slice arguments; found s .variable of type \[\]int. and i .variable of type int."
	delete(m, "a")
	delete(m, 1) // ERROR "cannot use 1 .untyped int constant. as string value in argument to delete"
	delete(s, 1) // ERROR "invalid argument: s .variable of type \[\]int. is not a map"
	clear(m)
	clear(s)
	clear(a) // ERROR "cannot clear a .variable of type arr.: argument must be .or constrained by. map or slice"
	close(c)
	close(ro) // ERROR "cannot close receive-only channel ro"
	close(i)  // ERROR "cannot close non-channel i"
	_ = make([]int, 1, 2)
	_ = make([]int)       // ERROR "make.\[\]int. expects 2 or 3 arguments; found 1"
	_ = make([]int, 2, 1) // ERROR "length and capacity swapped"
	_ = make([]int, -1)   // ERROR "must not be negative"
	_ = make([]int, 1.0)
	_ = make([]int, f)          // ERROR "must be integer"
	_ = make(map[int]int, 1, 2) // ERROR "expects 1 or 2 arguments; found 3"
	_ = make(int)               // ERROR "cannot make int; type must be slice, map, or channel"
	_ = make(1)                 // ERROR "1 is not a type"
	_ = new(int)
	_ = new(1) // ERROR "1 is not a type"
	var _ complex128 = complex(f, 1)
	const _ complex64 = complex(1, 2)
	_ = complex(f, float32(1)) // ERROR "mismatched types float64 and float32"
	_ = complex(i, i)          // ERROR "arguments have type int, expected floating-point"
	var _ float32 = real(c64)
	_ = imag(f) // ERROR "argument has type float64, expected complex type"
	const _ = imag(2i) + real(1)
	_ = min(1, 2.5, 'a')
	const _ = max(1, 2)
	var _ int = max(i, 3)
	_ = min(i, f) // ERROR "mismatched types int .previous argument. and float64 .type of f."
	_ = min(str, "a")
	_ = max(e) // ERROR "cannot be ordered"
	_ = max(s) // ERROR "cannot be ordered"
	panic(nil)
	panic() // ERROR "not enough arguments for panic.. .expected 1, found 0."
	print(1, "a", f)
	print(nil) // ERROR "use of untyped nil"
	_ = recover()
	_ = len      // ERROR "len .built-in. must be called"
	print(s...)  // ERROR "invalid use of ... with built-in print"
	defer len(s) // ERROR "defer discards result of len.s."
	go recover()

	const _ = unsafe.Sizeof(a) + unsafe.Alignof(a)
	var st struct {
		x int8
		y int64
	}
	const off = unsafe.Offsetof(st.y)
	var _ [off]int = [8]int{}
	_ = unsafe.Offsetof(i) // ERROR "i is not a selector expression"
	_ = unsafe.Slice(&a[0], i)
	_ = unsafe.Slice(i, 1) // ERROR "i .variable of type int. is not a pointer"
	_ = unsafe.String(&b[0], 2)
	_ = unsafe.StringData(str)
	_ = unsafe.SliceData(s)
	_ = unsafe.Add(nil, -1)
}
